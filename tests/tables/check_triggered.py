#!/usr/bin/env python3
"""Each diagnostic is triggered by a golden case: its code stands in some tests/spec/**/*.expected (a leading letter of a format is fine)
or in the transcript of a tests/spec/cli/**/*.case.
What no case triggers yet is listed, with its reason, in tests/tables/untriggered/*.txt; these lists only shrink.

  check_triggered.py            fails for a code that is neither triggered nor listed; remarks on what is listed though it is triggered
  check_triggered.py --strict   fails for the latter as well
  check_triggered.py --update   takes what is triggered off the lists
"""
import pathlib
import re
import sys

from diagnostics_table import ROOT, read_rows

LISTS = ROOT / "tests/tables/untriggered"
CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]?(S\d{4})(?!\d)")


def triggered_codes():
    codes = set()
    for path in (ROOT / "tests/spec").rglob("*.expected"):
        codes.update(CODE.findall(path.read_bytes().decode("utf-8", "replace")))
    for path in (ROOT / "tests/spec/cli").rglob("*.case"):  # what was printed, not what was typed
        codes.update(CODE.findall(path.read_text(encoding="utf-8").partition("=== transcript\n")[2]))
    return codes


def listed_codes():
    listed = {}
    for path in sorted(LISTS.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"(S\d{4})\b", line):
                listed[match.group(1)] = path
    return listed


def update(listed, gone):
    for path in set(listed.values()):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if line[:5] not in gone), encoding="utf-8")


def main(arguments):
    rows, _ = read_rows()
    codes = {row.code: row for row in rows}
    triggered, listed = triggered_codes() & set(codes), listed_codes()
    missing = sorted(set(codes) - triggered - set(listed))
    stale = sorted(code for code in listed if code in triggered or code not in codes)
    print(f"{len(codes)} codes, {len(triggered)} triggered by golden cases, {len(listed)} listed as not triggered")
    for code in missing:
        print(f"{code} {codes[code].title}: no golden case in tests/spec triggers it")
    if stale and "--update" in arguments:
        update(listed, set(stale))
        print(f"taken off the lists: {', '.join(stale)}")
        stale = []
    for code in stale:
        print(f"{code}: is triggered now, or gone: take it off {pathlib.Path(listed[code]).relative_to(ROOT)} (--update does it)")
    return 1 if missing or (stale and "--strict" in arguments) else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main(sys.argv[1:]))
