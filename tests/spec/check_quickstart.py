#!/usr/bin/env python3
"""Runs examples/quickstart and holds its README to the result: who the README says is in a segment is who is in it.

    check_quickstart.py path/to/seg
"""
import csv
import io
import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "quickstart"


def main():
    seg = str(Path(sys.argv[1]).resolve())
    done = subprocess.run([seg, "run", "--project", str(EXAMPLE), "--layout", "long", "--out", "-", "--out-format", "csv"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"seg run ended with {done.returncode}\n{done.stdout}{done.stderr}")
    with open(EXAMPLE / "data" / "customers.csv", newline="") as file:
        names = {row["id"]: row["name"] for row in csv.DictReader(file)}
    found = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        if not row["value"]:
            found.setdefault(row["output"], set()).add(names[row["key"]])
    said = {}
    for name, members in re.findall(r"^\| `(\w+)` \| ([^|]+) \|", (EXAMPLE / "README.md").read_text(), re.MULTILINE):
        said[name] = set(members.strip().split(", "))
    if found != said:
        sys.exit(f"README says {said}\nseg says    {found}")
    print(f"{len(said)} segments as the README says")


if __name__ == "__main__":
    main()
