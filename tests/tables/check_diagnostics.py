#!/usr/bin/env python3
"""Checks the registry of diagnostics: codes and names are unique and in their ranges, messages are well-formed and written for people,
each code has a page in docs/reference/diagnostics/ that says what it means and the way out."""
import collections
import re
import sys
import unittest

from diagnostics_table import ROOT, Row, read_rows

PAGES = ROOT / "docs/reference/diagnostics"
HOLE = re.compile(r"\{(\d)(:count)?\}")
# Codes that were given away and are no longer: never used again.
RETIRED = {"S2108", "S2111"}


def check_rows(rows):
    findings = []
    for kind in ("code", "name", "title"):
        seen = collections.Counter(getattr(row, kind) for row in rows)
        findings += [f"{kind} `{value}` is there {count} times" for value, count in seen.items() if count > 1]
    for row in rows:
        findings += [f"{row.code}: {finding}" for finding in check_row(row)]
    return findings


def check_row(row):
    if not re.fullmatch(r"S\d{4}", row.code):
        yield "a code is S and four digits"
    if row.code in RETIRED:
        yield "this code was used before: take another"
    if f"/{row.code[:2].lower()}_" not in row.file:
        yield f"does not belong into {row.file}"
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", row.name):
        yield f"the name `{row.name}` is not snake_case"
    if row.severity not in ("error", "warning", "note"):
        yield f"`{row.severity}` is no severity"
    if row.code.startswith("S5") and row.severity == "error":
        yield "a lint is a warning or a note: the project file can make it an error"
    used = sorted({int(number) for number, _ in HOLE.findall(row.message)})
    if used != list(range(len(used))):
        yield f"its holes are {used}: one is left out"
    if re.search(r"[{}]", HOLE.sub("", row.message).replace("{{", "").replace("}}", "")):
        yield "a brace that is no hole; `{{` is a brace"
    if row.message.count("`") % 2 or row.title.count("`") % 2:
        yield "a backtick without its pair"
    if not row.message or row.message != row.message.strip() or row.message[0].isupper() or row.message[-1] in ".!:;":
        yield "a message begins in lower case and ends without a sign"
    if not row.title or len(row.title) > 60 or "{" in row.title:
        yield "a title is a few words without holes"


def check_page(row, text):
    if not text.startswith(f"# {row.code}: {row.title}\n"):
        yield f"does not begin with `# {row.code}: {row.title}`"
    if "**Way out.**" not in text:
        yield "does not say the **Way out.**"
    if len(text) < 200:
        yield "says hardly anything"
    if not text.endswith("\n"):
        yield "does not end with a line end"
    if text.count("```") % 2:
        yield "has an open code block"


class Diagnostics(unittest.TestCase):
    maxDiff = None

    def none(self, findings):
        findings = list(findings)
        if findings:
            self.fail(f"{len(findings)} findings\n" + "\n".join(findings))

    def test_rows_can_be_read(self):
        rows, unread = read_rows()
        self.none(unread)
        self.assertGreater(len(rows), 100)

    def test_rows(self):
        self.none(check_rows(read_rows()[0]))

    def test_each_code_has_a_page(self):
        findings = []
        for row in read_rows()[0]:
            page = PAGES / f"{row.code}.md"
            name = page.relative_to(ROOT)
            if not page.is_file():
                findings.append(f"{name} is missing: what {row.code} ({row.title}) means, an example, the way out")
            else:
                findings += [f"{name} {finding}" for finding in check_page(row, page.read_text(encoding="utf-8"))]
        self.none(findings)

    def test_each_page_has_a_code(self):
        codes = {row.code for row in read_rows()[0]} | RETIRED
        self.none(f"{page.relative_to(ROOT)}: there is no such code" for page in sorted(PAGES.glob("S*.md")) if page.stem not in codes)


class TheChecks(unittest.TestCase):
    fine = Row("S2104", "unknown_field", "error", "`{0}` has no field `{1}`", "unknown field", "base/diagnostics/s2_names.def")

    def finds(self, expected, **changes):
        findings = list(check_row(self.fine._replace(**changes)))
        self.assertTrue(any(expected in finding for finding in findings), findings)

    def test_rows(self):
        self.assertEqual([], list(check_row(self.fine)))
        self.finds("four digits", code="S210")
        self.finds("belong", code="S3104")
        self.finds("used before", code="S2111")
        self.finds("snake_case", name="unknownField")
        self.finds("no severity", severity="fatal")
        self.finds("left out", message="`{0}` has `{2}`")
        self.finds("brace", message="{0} {x}")
        self.finds("backtick", message="`{0} and `{1}`")
        self.finds("lower case", message="No field {0}")
        self.finds("lower case", message="no field {0}.")
        self.finds("title", title="unknown field {0}")
        self.assertEqual(3, len(check_rows([self.fine, self.fine])))

    def test_pages(self):
        text = f"# S2104: unknown field\n\n{'A rule reads a field. ' * 12}\n\n**Way out.** Write another.\n"
        self.assertEqual([], list(check_page(self.fine, text)))
        self.assertNotEqual([], list(check_page(self.fine, text.replace("unknown", "strange"))))
        self.assertNotEqual([], list(check_page(self.fine, text.replace("Way out", "Hm"))))
        self.assertNotEqual([], list(check_page(self.fine, text + "```\n")))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
