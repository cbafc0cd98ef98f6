#!/usr/bin/env python3
"""Writes docs/coverage.md: what the source material asks, row by row, how far it is, and where that is shown and tested.

States and what is missing stand in docs/coverage.rows. The links come from tags: a line with `covers: A8, A14` in a comment of an example, a module
of the library, a page of the reference or a test. What works has an example or a page, and a test.

    coverage_rows.py            writes the page
    coverage_rows.py --check    says whether it is as the tags and docs/coverage.rows want it
"""
import difflib
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PLACES = {"example": ["examples/", "stdlib/"], "page": ["docs/reference/"], "test": ["tests/"]}
SUFFIXES = (".seg", ".case", ".cpp", ".py", ".md", ".txt")
TAG = re.compile(r"\bcovers: ((?:[AB]\d+)(?:, *[AB]\d+)*)")
STATES = {"works": "works", "works in part": "works in part", "parsed": "parsed, not yet", "not started": "not started"}
ROWS = [f"A{n}" for n in range(1, 25)] + [f"B{n}" for n in range(1, 15)]

HEAD = """# Coverage

What the source material asks of Seg, row by row, and how far it is. A row *works* when a user can write it in a `.seg` file, `seg check` types it,
`seg run` evaluates it on data, `seg test` tests it, and an executed example shows it. States: **works**; **works in part** (the last column says what is
missing); **parsed, not yet** (the grammar has it, the checker refuses it with one clear message); **not started**.

This page is written by `tools/coverage_rows.py` out of `docs/coverage.rows` and the tags `covers: A8, A14` in examples, reference pages and tests.
"""
REFUSED = """## Parsed, but not yet given meaning

The whole grammar is read and formatted. These parts of it are then refused by `seg check`, each with one message that says so (a test sees that every code of
group S9 is named here; a row goes when its part works):

| Code | Part of the language |
|---|---|
"""


def tracked():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in listed.stdout.splitlines() if name.endswith(SUFFIXES) and (ROOT / name).is_file())


def read_tags(problems):
    """Row -> kind of place -> paths."""
    tags = {row: {kind: [] for kind in PLACES} for row in ROWS}
    for name in tracked():
        kind = next((k for k, folders in PLACES.items() if any(name.startswith(f) for f in folders)), None)
        if kind is None:
            continue
        for match in TAG.finditer((ROOT / name).read_text(encoding="utf-8", errors="replace")):
            for row in re.split(", *", match.group(1)):
                if row not in tags:
                    problems.append(f"{name}: there is no row {row}")
                elif name not in tags[row][kind]:
                    tags[row][kind].append(name)
    return tags


def read_rows(problems):
    rows, refused = {}, []
    for number, line in enumerate((ROOT / "docs" / "coverage.rows").read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.split("|")]
        if not line or line.startswith("#"):
            continue
        if re.fullmatch(r"S9\d+", cells[0]) and len(cells) == 2:
            refused.append(cells)
        elif cells[0] in ROWS and len(cells) in (3, 4) and cells[2] in STATES:
            rows[cells[0]] = cells[1:3] + [cells[3] if len(cells) == 4 else ""]
        else:
            problems.append(f"docs/coverage.rows:{number}: can't be read: {line}")
    problems += [f"docs/coverage.rows: no row {row}" for row in ROWS if row not in rows]
    return rows, refused


def link(name):
    path = pathlib.PurePosixPath(name)
    title = path.stem.replace("_", " ")
    if name.endswith((".seg", ".sql")) and "constructs/" in name:
        title = "constructs: " + title
    return f"[{title}](" + ("../" + name if not name.startswith("docs/") else name.removeprefix("docs/")) + ")"


def row_line(row, cells, tags, problems):
    kind, state, missing = cells
    shown = tags["example"] + tags["page"]
    if state.startswith("works") and not shown:
        problems.append(f"{row} {state}, and no example or page of the reference is tagged with it")
    if state.startswith("works") and not tags["test"] and not row.startswith("B"):
        problems.append(f"{row} {state}, and no test is tagged with it")
    if not state.startswith("works") and tags["test"]:
        problems.append(f"{row} is {state} in docs/coverage.rows, and {tags['test'][0]} is tagged with it")
    parts = []
    if shown:
        parts.append(", ".join(link(name) for name in shown))
    if tags["test"]:
        parts.append("tests: " + ", ".join(link(name) for name in tags["test"]))
    if missing:
        parts.append(missing if state == "parsed" else "missing: " + missing)
    return f"| {row} | {kind} | {STATES[state]} | {'; '.join(parts)} |".replace("|  |", "| |")


def page(problems):
    tags, (rows, refused) = read_tags(problems), read_rows(problems)
    lines = [HEAD]
    for letter, title, column in (("A", "A. Kinds of segmentation", "Kind"), ("B", "B. The process around segments", "Step")):
        lines += [f"## {title}", "", f"| # | {column} | State | Examples, tests, what is missing |", "|---|---|---|---|"]
        lines += [row_line(row, rows[row], tags[row], problems) for row in ROWS if row.startswith(letter) and row in rows]
        lines.append("")
    return "\n".join(lines) + "\n" + REFUSED + "".join(f"| {code} | {text} |\n" for code, text in refused)


def main():
    problems = []
    text = page(problems)
    target = ROOT / "docs" / "coverage.md"
    if "--check" not in sys.argv[1:]:
        target.write_text(text, encoding="utf-8")
    elif target.read_text(encoding="utf-8") != text:
        problems.append("docs/coverage.md is stale: run tools/coverage_rows.py")
        problems += list(difflib.unified_diff(target.read_text(encoding="utf-8").splitlines(), text.splitlines(), "committed", "wanted", "", "", 0))
    print("\n".join(problems) if problems else "docs/coverage.md is as its rows and tags want it")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
