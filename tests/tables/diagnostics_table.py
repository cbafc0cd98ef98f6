"""Reads base/diagnostics/*.def: the rows of the registry of diagnostics. Used by the checks beside it."""
import pathlib
import re
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
INCLUDED = re.compile(r'^#include "(base/diagnostics/(s\d)_\w+\.def)"', re.M)
TEXT = r'"(?:[^"\\]|\\.)*"'
ROW = re.compile(rf"^SEG_DIAGNOSTIC\(\s*(\w+)\s*,\s*(\w+)\s*,\s*(\w+)\s*,\s*({TEXT}(?:\s*{TEXT})*)\s*,\s*({TEXT})\s*\)", re.M)


class Row(NamedTuple):
    code: str
    name: str
    severity: str
    message: str
    title: str
    file: str


def unquoted(literals):
    return "".join(piece[1:-1].replace('\\"', '"').replace("\\\\", "\\") for piece in re.findall(TEXT, literals))


def read_rows(root=ROOT):
    """The rows in the order of the table, and what could not be read as one."""
    rows, unread = [], []
    for file, _ in INCLUDED.findall((root / "base/diagnostics.def").read_text(encoding="utf-8")):
        text = (root / file).read_text(encoding="utf-8")
        found = ROW.findall(text)
        rows += [Row(code, name, severity, unquoted(message), unquoted(title), file) for code, name, severity, message, title in found]
        starts = len(re.findall(r"^\s*SEG_DIAGNOSTIC", text, re.M))
        if starts != len(found):
            unread.append(f"{file}: {starts - len(found)} rows are not of the form that base/diagnostics.def describes")
    return rows, unread
