#!/usr/bin/env python3
"""Checks rules about the repository itself: include layers, one target per folder, source lists without globbing, file names, links and
paths in the documentation, the tables in docs/. Run by ctest (tables_repository) and by pre-commit.

The checks are functions of a Repository (path -> text) that return findings, so that the second half of this file can test them on small made-up ones.
"""
import functools
import pathlib
import re
import subprocess
import sys
import unittest

import layers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HEADERS = (".h", ".hpp")
CPP = (*HEADERS, ".cpp", ".inc", ".def")


class Repository:
    def __init__(self, files):
        self.files = files  # path -> text, or None for what is not text
        self.folders = {str(parent) for name in files for parent in pathlib.PurePosixPath(name).parents}

    def exists(self, path):
        return path in self.files or path.rstrip("/") in self.folders

    def text(self, path):
        return self.files.get(path) or ""


@functools.cache
def this_repository():
    """Tracked files and those about to be: what git would add."""
    run = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True)
    files = {}
    for name in run.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        try:
            files[name] = path.read_text(encoding="utf-8") if path.stat().st_size < 2_000_000 else None
        except UnicodeDecodeError:
            files[name] = None
    return Repository(files)


# --- include layers ----------------------------------------------------------------------------------------------------------------

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.M)


def layer_of(path):
    """The row of the layer tables that a file belongs to, or None."""
    for top in layers.ON_TOP:
        if path.startswith(top + "/"):
            return top
    folder = str(pathlib.PurePosixPath(path).parent)
    while folder != ".":
        if folder in layers.MAY_INCLUDE:
            return folder
        folder = str(pathlib.PurePosixPath(folder).parent)
    return None


def check_layers(repository):
    findings = []
    for name, text in repository.files.items():
        if not name.endswith(CPP) or text is None:
            continue
        layer = layer_of(name)
        if layer is None:
            findings.append(f"{name}: its folder has no row in tests/tables/layers.py")
            continue
        for quote, included in INCLUDE.findall(text):
            if quote == '"':
                target = layer_of(included)
                if "/" not in included or target is None or included.startswith("."):
                    findings.append(f'{name}: #include "{included}" is not a path from the repository root')
                elif target in layers.ON_TOP:
                    if layer not in layers.ON_TOP:
                        findings.append(f'{name}: {layer} must not include "{included}"')
                elif layer not in layers.ON_TOP and target != layer and target not in layers.MAY_INCLUDE[layer]:
                    findings.append(f'{name}: {layer} must not include "{included}": it may use {", ".join(layers.MAY_INCLUDE[layer]) or "nothing"}')
            for prefix, allowed in layers.OUTSIDE.items():
                if included.startswith(prefix) and layer not in allowed:
                    findings.append(f"{name}: <{included}> may be included only in {', '.join(allowed)}")
            ours = quote == '"' and layer_of(included) is not None
            if name.endswith(".h") and included.endswith(".hpp") and (ours or included.startswith("tao/")):
                findings.append(f'{name}: #include "{included}" belongs into a .cpp file: .hpp files are slow to compile')
            elif name.endswith(".h") and layer not in layers.ON_TOP:
                for prefix in layers.NOT_IN_HEADERS:
                    if included.startswith(prefix) and layers.IN_HEADERS.get(name) != prefix:
                        findings.append(f"{name}: <{included}> belongs into a .cpp file: everyone who includes this header would compile it again")
    return findings


def check_headers(repository):
    """A header opens with what it is for, and can be included twice."""
    findings = []
    for name, text in repository.files.items():
        if not name.endswith(HEADERS):
            continue
        lines = [line for line in text.splitlines() if line.strip()][:2]
        if "#pragma once" not in text:
            findings.append(f"{name}: no #pragma once")
        if not any(line.lstrip().startswith(("//", "/*")) for line in lines):
            findings.append(f"{name}: does not open with a comment that says what it is for")
    return findings


# --- CMake -------------------------------------------------------------------------------------------------------------------------


def without_comments(cmake):
    return re.sub(r"#.*", "", cmake)


def check_targets(repository):
    """Each library folder has one target, and each source is in exactly one list, in the CMakeLists.txt of its folder or of one above."""
    findings = []
    for folder in sorted(layers.MAY_INCLUDE):
        sources = [name for name in repository.files if name.endswith((*HEADERS, ".cpp")) and layer_of(name) == folder]
        targets = re.findall(r"\bseg_library\s*\(\s*(\w+)", without_comments(repository.text(folder + "/CMakeLists.txt")))
        if sources and len(targets) != 1:
            findings.append(f"{folder}/CMakeLists.txt: has {len(targets)} libraries instead of one")
        expected = "seg_" + folder.replace("/", "_")
        if sources and len(targets) == 1 and targets[0] != expected:
            findings.append(f"{folder}/CMakeLists.txt: the library is called {targets[0]} instead of {expected}")
    for name in repository.files:
        if not name.endswith(".cpp"):
            continue
        listed = 0
        path = pathlib.PurePosixPath(name)
        for parent in path.parents:
            cmake = without_comments(repository.text(str(parent / "CMakeLists.txt")))
            relative = str(path.relative_to(parent))
            listed += len(re.findall(r"(?<![\w/.])" + re.escape(relative) + r"(?![\w/.])", cmake))
        if listed == 0 and name != "tests/unit/doctest_main.cpp":
            findings.append(f"{name}: is in no source list")
    return findings


def check_globbing(repository):
    findings = []
    for name, text in repository.files.items():
        if name.endswith("CMakeLists.txt") or (name.endswith(".cmake") and name != "cmake/dependencies.cmake"):
            if re.search(r"\bGLOB(_RECURSE)?\b|\baux_source_directory\b", without_comments(text)):
                findings.append(f"{name}: lists sources by globbing: a new file would not be noticed by a build that is configured already")
    return findings


# --- names, and what must not be here ----------------------------------------------------------------------------------------------

SAYS_NOTHING = re.compile(r"(^|_)(utils?|helpers?|common|misc)(_|$)")
NOT_TRACKED = re.compile(r"(^|/)(build|\.deps|node_modules|third_party|vendor|__pycache__|dist)/|\.(o|a|so|dylib|pyc|orig|rej|swp|whl|exe)$")


def check_names(repository):
    findings = []
    for name in repository.files:
        for part in pathlib.PurePosixPath(name).parts:
            if SAYS_NOTHING.search(part.split(".")[0]):
                findings.append(f"{name}: `{part}` says nothing: name it after the concept it holds")
        if name.endswith((*CPP, ".seg")) and not re.fullmatch(r"[a-z0-9_.-]+", name.rsplit("/", 1)[-1]):
            findings.append(f"{name}: file names are snake_case")
    return findings


def check_not_tracked(repository):
    findings = [f"{name}: generated or foreign files are not tracked" for name in repository.files if NOT_TRACKED.search(name)]
    for name, text in repository.files.items():
        if text and re.search(r"@generated|\bautomatically generated\b|\bGenerated by .{1,60}[.;,] *(do not|don't) edit", text[:1000], re.I):
            if name != "tests/tables/check_repository.py":
                findings.append(f"{name}: says that it is generated: let the build make it")
    return findings


# --- documentation -----------------------------------------------------------------------------------------------------------------

LINK = re.compile(r"(?<!\!)\[[^\]\n]*\]\(([^)\s]+)\)")
PATHS_CHECKED = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/adding.md", "docs/dependencies.md"]
BACKTICKED_PATH = re.compile(r"`((?:[a-z0-9_.-]+/)+[A-Za-z0-9_.-]*)`")
NOT_OURS = re.compile(r"^(\.\./|\.deps/|build/|~/)")


def anchors_of(markdown):
    anchors = set()
    for title in re.findall(r"^#+ +(.+?) *#*$", markdown, re.M):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title.lower())
        anchors.add(re.sub(r"[^\w\- ]", "", title).replace(" ", "-"))
    return anchors


def without_code(markdown):
    return re.sub(r"^(```|~~~).*?^\1|<!--.*?-->", "", markdown, flags=re.M | re.S)


def check_links(repository):
    findings = []
    for name, text in repository.files.items():
        if not name.endswith(".md") or text is None:
            continue
        for link in LINK.findall(re.sub(r"`[^`\n]*`", "", without_code(text))):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            parts = []
            for part in [*(pathlib.PurePosixPath(name).parent.parts if path else pathlib.PurePosixPath(name).parts), *path.split("/")]:
                if part == "..":
                    parts = parts[:-1] if parts else ["(outside)"]
                elif part not in ("", "."):
                    parts.append(part)
            target = "/".join(parts)
            if target and not repository.exists(target):
                findings.append(f"{name}: the link {link} leads nowhere")
            elif anchor and target.endswith(".md") and anchor not in anchors_of(repository.text(target)):
                findings.append(f"{name}: {link}: no such heading")
    return findings


def check_paths(repository):
    """Paths that the overview documents name exist, so that a moved folder is noticed."""
    findings = []
    for name in PATHS_CHECKED:
        for path in BACKTICKED_PATH.findall(without_code(repository.text(name))):
            if not NOT_OURS.match(path) and not repository.exists(path):
                findings.append(f"{name}: `{path}` does not exist")
    return findings


COVERAGE_ROWS = [f"A{n}" for n in range(1, 25)] + [f"B{n}" for n in range(1, 15)]
COVERAGE_STATES = ["works", "works in part", "parsed, not yet", "not started"]


def check_coverage(repository):
    findings = []
    rows = re.findall(r"^\| *([AB]\d+) *\|([^\n]*)\| *$", repository.text("docs/coverage.md"), re.M)
    found = [row for row, _ in rows]
    for row in COVERAGE_ROWS:
        if found.count(row) != 1:
            findings.append(f"docs/coverage.md: row {row} is there {found.count(row)} times")
    for row, cells in rows:
        if row not in COVERAGE_ROWS:
            findings.append(f"docs/coverage.md: unknown row {row}")
        state = cells.split("|")[1].strip() if cells.count("|") else ""
        if state not in COVERAGE_STATES:
            findings.append(f"docs/coverage.md: {row}: the state `{state}` is none of {', '.join(COVERAGE_STATES)}")
        if state in COVERAGE_STATES[:2] and "](" not in cells:
            findings.append(f"docs/coverage.md: {row}: what works has a link to an example or a test")
    return findings


def check_not_yet(repository):
    """What is refused as "not there yet" is listed, and nothing else is."""
    codes = set(re.findall(r"SEG_DIAGNOSTIC\((S9\d+)", repository.text("base/diagnostics/s9_not_yet.def")))
    listed = set(re.findall(r"^\| *(S9\d+) *\|", repository.text("docs/coverage.md"), re.M))
    findings = [f"docs/coverage.md: does not list {code}, which refuses a part of the language" for code in sorted(codes - listed)]
    return findings + [f"docs/coverage.md: lists {code}, which base/diagnostics/s9_not_yet.def does not have" for code in sorted(listed - codes)]


def check_dependencies(repository):
    """Whatever is installed or found is in docs/dependencies.md, with the version that is pinned."""
    findings = []
    document = repository.text("docs/dependencies.md")
    for line in repository.text("tools/debian_packages.txt").splitlines():
        package = line.split("#")[0].strip()
        if package and f"`{package}`" not in document:
            findings.append(f"docs/dependencies.md: does not say why `{package}` of tools/debian_packages.txt is needed")
    for line in repository.text("tools/requirements.txt").splitlines():
        requirement = line.split("#")[0].strip()
        if requirement and not re.fullmatch(r"[\w.-]+==[\w.]+", requirement):
            findings.append(f"tools/requirements.txt: `{requirement}` does not pin one version")
        elif requirement and "#" in line and f"`{requirement.replace('==', ' ')}`" not in document:
            findings.append(f"docs/dependencies.md: does not say why `{requirement.replace('==', ' ')}` of tools/requirements.txt is needed")
    return findings


CHECKS = [
    check_layers,
    check_headers,
    check_targets,
    check_globbing,
    check_names,
    check_not_tracked,
    check_links,
    check_paths,
    check_coverage,
    check_not_yet,
    check_dependencies,
]


class ThisRepository(unittest.TestCase):
    pass


for check in CHECKS:

    def holds(self, check=check):
        findings = check(this_repository())
        if findings:
            self.fail(f"{len(findings)} findings\n" + "\n".join(findings))

    setattr(ThisRepository, "test_" + check.__name__.removeprefix("check_"), holds)


# --- the checks themselves ---------------------------------------------------------------------------------------------------------


class TheChecks(unittest.TestCase):
    def finds(self, check, files, *expected):
        findings = check(Repository(files))
        for text in expected:
            self.assertTrue(any(text in finding for finding in findings), f"{text!r} is not in {findings}")
        if not expected:
            self.assertEqual([], findings)

    def test_layers(self):
        fine = {
            "base/span.h": "// x\n",
            "compiler/check/names.cpp": '#include "base/span.h"\n#include "compiler/syntax/tree.h"\n#include "program/program.h"\n#include <vector>\n',
            "grammar/rules.hpp": "#include <tao/pegtl.hpp>\n",
            "compiler/syntax/parse.cpp": '#include "grammar/rules.hpp"\n',
            "runtime/io/parquet_source.cpp": "#include <arrow/api.h>\n",
            "tools/seg/cmd_run.cpp": '#include "runtime/exec/run.h"\n#include <arrow/api.h>\n#include "tools/seg/options.h"\n',
        }
        self.finds(check_layers, fine)
        self.finds(check_layers, {"base/a.cpp": '#include "grammar/rules.h"\n'}, "base must not include")
        self.finds(check_layers, {"runtime/exec/a.cpp": '#include "compiler/bytecode/emit.h"\n'}, "runtime/exec must not include")
        self.finds(check_layers, {"runtime/exec/a.cpp": '#  include "program/program.h"\n'}, "runtime/exec must not include")
        self.finds(check_layers, {"compiler/check/a.cpp": '#include "runtime/exec/run.h"\n'}, "compiler/check must not include")
        self.finds(check_layers, {"compiler/sql/a.cpp": '#include "compiler/bytecode/emit.h"\n'}, "compiler/sql must not include")
        self.finds(check_layers, {"reference/a.cpp": '#include "runtime/kernels/text.h"\n'}, "reference must not include")
        self.finds(check_layers, {"program/a.cpp": '#include "tools/seg/options.h"\n'}, "program must not include")
        self.finds(check_layers, {"compiler/check/a.cpp": "#include <tao/pegtl.hpp>\n"}, "only in grammar")
        self.finds(check_layers, {"runtime/exec/a.cpp": "#include <arrow/api.h>\n"}, "only in runtime/io")
        self.finds(check_layers, {"base/a.cpp": '#include "span.h"\n'}, "not a path from the repository root")
        self.finds(check_layers, {"base/a.cpp": '#include "../grammar/rules.h"\n'}, "not a path from the repository root")
        self.finds(check_layers, {"base/a.h": "#include <fmt/format.h>\n"}, "belongs into a .cpp file")
        self.finds(check_layers, {"grammar/a.h": "#include <tao/pegtl.hpp>\n"}, ".hpp files are slow")
        self.finds(check_layers, {"compiler/syntax/a.h": '#include "grammar/rules.hpp"\n'}, ".hpp files are slow")
        self.finds(check_layers, {"plumbing/a.cpp": ""}, "has no row")

    def test_headers(self):
        self.finds(check_headers, {"base/a.h": "// What it is for.\n#pragma once\n"})
        self.finds(check_headers, {"base/a.h": "#pragma once\n#include <vector>\n"}, "does not open with a comment")
        self.finds(check_headers, {"base/a.h": "// What it is for.\n"}, "no #pragma once")

    def test_targets(self):
        fine = {"base/CMakeLists.txt": "seg_library(seg_base SOURCES a.cpp render/b.cpp)", "base/a.cpp": "", "base/render/b.cpp": ""}
        self.finds(check_targets, fine)
        self.finds(check_targets, {**fine, "base/c.cpp": ""}, "base/c.cpp: is in no source list")
        self.finds(check_targets, {"base/CMakeLists.txt": "# seg_library(seg_base a.cpp)", "base/a.cpp": ""}, "0 libraries", "no source list")
        self.finds(check_targets, {"base/CMakeLists.txt": "seg_library(base SOURCES a.cpp)", "base/a.cpp": ""}, "instead of seg_base")
        self.finds(check_targets, {"base/CMakeLists.txt": "seg_library(seg_base SOURCES xa.cpp)", "base/a.cpp": ""}, "no source list")

    def test_globbing(self):
        self.finds(check_globbing, {"base/CMakeLists.txt": "# no GLOB\nadd_library(a a.cpp)"})
        self.finds(check_globbing, {"base/CMakeLists.txt": "file(GLOB sources *.cpp)"}, "by globbing")
        self.finds(check_globbing, {"cmake/targets.cmake": "file(GLOB_RECURSE sources *.cpp)"}, "by globbing")

    def test_names(self):
        self.finds(check_names, {"base/source_text.h": "", "docs/commonality.md": ""})
        self.finds(check_names, {"base/string_utils.h": ""}, "says nothing")
        self.finds(check_names, {"common/span.h": ""}, "says nothing")
        self.finds(check_names, {"base/SourceText.h": ""}, "snake_case")

    def test_not_tracked(self):
        self.finds(check_not_tracked, {"base/span.h": "// The generated table is in the build tree."})
        self.finds(check_not_tracked, {"third_party/json.hpp": ""}, "not tracked")
        self.finds(check_not_tracked, {"build/dev/a.txt": ""}, "not tracked")
        self.finds(check_not_tracked, {"grammar/words.h": "// Generated by tools/words.py, do not edit\n"}, "let the build make it")

    def test_links(self):
        fine = {"README.md": "[a](docs/a.md) [b](docs/) [c](https://example.org/x) [d](docs/a.md#two-words)", "docs/a.md": "## Two words\n[up](../README.md)"}
        self.finds(check_links, fine)
        self.finds(check_links, {"README.md": "[a](docs/b.md)"}, "leads nowhere")
        self.finds(check_links, {"docs/a.md": "[a](README.md)", "README.md": ""}, "leads nowhere")
        self.finds(check_links, {**fine, "docs/c.md": "[a](a.md#three-words)"}, "no such heading")
        self.finds(check_links, {"README.md": "```\n[a](nowhere.md)\n```\n`[b](nowhere.md)`"})

    def test_paths(self):
        self.finds(check_paths, {"README.md": "`base/span.h`, `base/`, `build/dev/x`, `and/or`".replace("`and/or`", ""), "base/span.h": ""})
        self.finds(check_paths, {"README.md": "`base/gone.h`"}, "does not exist")

    def test_coverage(self):
        fine = {row: f"| {row} | Kind | not started | |" for row in COVERAGE_ROWS}
        self.finds(check_coverage, {"docs/coverage.md": "\n".join(fine.values())})
        self.finds(check_coverage, {"docs/coverage.md": "\n".join(list(fine.values())[1:])}, "row A1 is there 0 times")
        self.finds(check_coverage, {"docs/coverage.md": "\n".join({**fine, "A1": "| A1 | Kind | nearly | |"}.values())}, "`nearly` is none of")
        self.finds(check_coverage, {"docs/coverage.md": "\n".join({**fine, "A1": "| A1 | Kind | works | |"}.values())}, "link to an example")

    def test_not_yet(self):
        fine = {"base/diagnostics/s9_not_yet.def": "SEG_DIAGNOSTIC(S9001, no_x_yet", "docs/coverage.md": "| S9001 | x |\n"}
        self.finds(check_not_yet, fine)
        self.finds(check_not_yet, {**fine, "docs/coverage.md": ""}, "does not list S9001")
        self.finds(check_not_yet, {**fine, "docs/coverage.md": "| S9001 |\n| S9002 |"}, "lists S9002")

    def test_dependencies(self):
        fine = {"tools/debian_packages.txt": "# why\nlibfoo-dev\n", "tools/requirements.txt": "bar==1.2 # why\nbaz==1.0\n", "docs/dependencies.md": "`libfoo-dev` `bar 1.2`"}
        self.finds(check_dependencies, fine)
        self.finds(check_dependencies, {**fine, "docs/dependencies.md": ""}, "libfoo-dev", "bar 1.2")
        self.finds(check_dependencies, {**fine, "tools/requirements.txt": "bar>=1\n"}, "does not pin")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
