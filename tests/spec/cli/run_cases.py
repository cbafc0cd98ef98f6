#!/usr/bin/env python3
"""Golden tests of the program as people use it: each case is files and a transcript of commands with what they print.

    # what the case is about
    === use shop
    === file rules.seg
    segment …
    === transcript
    $ seg check
    error S2001: …
    [exit 1]

`use NAME` copies tests/spec/cli/NAME/ into the case's folder first. A command is a line of bash; standard output and standard error are both
taken, in that order; `[exit N]` stands where N is not 0. Times ("0.03 s") are written as # s, the case's folder as ".".

    run_cases.py SEG [--update] [NAME …]      --update writes what was printed into the cases
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]


def read_case(path):
    """The text before the transcript, the files, the commands and what they printed."""
    head, _, transcript = path.read_text(encoding="utf-8").partition("=== transcript\n")
    uses = re.findall(r"^=== use (\S+)$", head, re.M)
    files = {}
    for match in re.finditer(r"^=== file (\S+)\n(.*?)(?=^=== |\Z)", head, re.M | re.S):
        files[match.group(1)] = match.group(2)
    steps = []
    for block in re.split(r"^\$ ", transcript, flags=re.M)[1:]:
        command, _, printed = block.partition("\n")
        while command.endswith("\\"):
            more, _, printed = printed.partition("\n")
            command += "\n" + more
        steps.append((command, printed))
    return head, uses, files, steps


def normalised(text, folder):
    text = text.replace(str(folder) + "/", "").replace(str(folder), ".")
    text = re.sub(r"\b\d+(\.\d+)? s\b", "# s", text)
    return text


def run_case(path, seg, update):
    head, uses, files, steps = read_case(path)
    with tempfile.TemporaryDirectory(prefix="seg-case-") as name:
        folder = pathlib.Path(name)
        for use in uses:
            shutil.copytree(HERE / use, folder, dirs_exist_ok=True)
        for file, text in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        environment = dict(os.environ, PATH=f"{seg.parent}:{ROOT / '.deps/venv/bin'}:{os.environ['PATH']}", LC_ALL="C.UTF-8",
                           NO_COLOR="1", SEG_ROOT=str(ROOT), PYTHONDONTWRITEBYTECODE="1")
        actual = ""
        for command, _ in steps:
            done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=120)
            printed = normalised((done.stdout + done.stderr).decode("utf-8", "replace"), folder)
            if printed and not printed.endswith("\n"):
                printed += "\n"
            actual += f"$ {command}\n{printed}" + (f"[exit {done.returncode}]\n" if done.returncode else "")
    expected = "".join(f"$ {command}\n{printed}" for command, printed in steps)
    if actual == expected:
        return None
    if update:
        path.write_text(head + "=== transcript\n" + actual, encoding="utf-8")
        return None
    import difflib
    return "".join(difflib.unified_diff(expected.splitlines(True), actual.splitlines(True), "expected", "actual"))


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    arguments = [a for a in arguments if a != "--update"]
    seg = pathlib.Path(arguments[0]).resolve()
    cases = sorted((HERE / "cases").glob("*.case"))
    if arguments[1:]:
        cases = [case for case in cases if case.stem in arguments[1:]]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, difference in zip(cases, pool.map(lambda c: run_case(c, seg, update), cases)):
            if difference is not None:
                failures += 1
                print(f"{case.name}:\n{difference}")
    print(f"{len(cases) - failures} passed, {failures} failed")
    return 0 if cases and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
