#!/usr/bin/env python3
"""Runs every example of the language reference.

A block ```seg is a rule file over docs/reference/language/shop.seg: it must check without errors, and its tests must pass. A block
```seg expect=S2104 must give that error (a prefix is enough: S3). Usage: run_examples.py SEG [FILE.md …]
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGES = ROOT / "docs" / "reference" / "language"
PROJECT = """edition: 2026
schema: shop.seg
rules: [rules.seg]
as_of: 2026-06-30
time_zone: UTC
week_starts: monday
calendar: gregorian
currency: EUR
lints: { unused-definition: off }
"""


def examples(page):
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"^```seg(?: expect=(\w+))?\n(.*?)^```$", text, re.M | re.S):
        yield text[: match.start()].count("\n") + 1, match.group(1), match.group(2)


def run(seg, *arguments, folder):
    return subprocess.run([seg, *arguments, "--project", folder], capture_output=True, text=True)


def problem_of(seg, folder, expected, text):
    (folder / "rules.seg").write_text(text, encoding="utf-8")
    checked = run(seg, "check", folder=folder)
    if expected:
        codes = re.findall(r"^(?:error|warning) (S\d{4})", checked.stderr, re.M)
        return "" if any(code.startswith(expected) for code in codes) else f"expected {expected}:\n{checked.stderr}"
    if checked.returncode != 0:
        return checked.stderr or f"`seg check` ended with {checked.returncode}"
    tested = run(seg, "test", folder=folder)
    if tested.returncode == 0:
        return ""
    return tested.stdout + tested.stderr or f"`seg test` ended with {tested.returncode}"


def main():
    seg = str(pathlib.Path(sys.argv[1]).resolve())
    pages = [pathlib.Path(p) for p in sys.argv[2:]] or sorted(PAGES.glob("*.md"))
    num_passed, num_failed = 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "seg.yaml").write_text(PROJECT)
        (folder / "shop.seg").write_text((PAGES / "shop.seg").read_text(encoding="utf-8"), encoding="utf-8")
        for page in pages:
            for line, expected, text in examples(page):
                problem = problem_of(seg, folder, expected, text)
                if problem:
                    num_failed += 1
                    print(f"{page.name}:{line}: the example does not hold\n{problem}")
                else:
                    num_passed += 1
    print(f"{num_passed} passed, {num_failed} failed")
    return 0 if num_failed == 0 and num_passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
