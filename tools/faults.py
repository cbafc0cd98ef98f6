#!/usr/bin/env python3
"""Puts faults into the program, one at a time, and sees whether a test notices: do the tests bite?

Each fault stands in tests/faults/AREA.fault (the format is in tests/faults/README.md): a file, its exact text, and the text to put
there instead. A copy of the working tree in build/faults/tree is built and tested without a fault first; then, for each fault, the
text is changed, the copy built, the tests run until one fails, and the text put back. The outcomes:

  killed     a test failed (or ran too long): good
  survived   every test passed: a test is missing, or the fault changes nothing
  no build   the faulty program does not compile: the fault must be written otherwise

  tools/faults.py                         all of them; --continue skips those known from an earlier run on the same sources
  tools/faults.py --only window_off_by_one --only 'grammar/*'
  tools/faults.py --check                 only whether each old text is there exactly once (a test does this)
  tools/faults.py --list

Exit code 0: all asked for were killed; 1: some were not; 3: the tests fail without any fault.
"""
import argparse
import dataclasses
import fnmatch
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time


@dataclasses.dataclass
class Fault:
    area: str
    name: str
    file: str = ""
    about: str = ""
    old: str = ""
    new: str = ""
    where: str = ""

    @property
    def path(self):
        return f"{self.area}/{self.name}"


def read_faults(root):
    """Returns the faults and what is wrong with their files."""
    faults, problems = [], []
    for path in sorted((root / "tests/faults").glob("*.fault")):
        fault, part = None, None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(keepends=True), 1):
            where = f"{path.relative_to(root)}:{number}"
            marker = line.rstrip()
            if part:
                following = {"old": "--- new", "new": "--- end"}[part]
                if marker == following:
                    part = {"old": "new", "new": None}[part]
                elif marker in ("--- old", "--- new", "--- end"):
                    problems.append(f"{where}: `{marker}` where `{following}` must come")
                    part = None
                else:
                    setattr(fault, part, getattr(fault, part) + line)
            elif not marker or marker.startswith("#"):
                continue
            elif marker == "--- old" and fault and not fault.old:
                part = "old"
            elif match := re.fullmatch(r"(fault|file|about): *(.+)", marker):
                key, value = match.groups()
                if key == "fault":
                    fault = Fault(path.stem, value, where=where)
                    faults.append(fault)
                elif fault:
                    setattr(fault, key, value)
            else:
                problems.append(f"{where}: `{marker}` is not a line of a fault: fault:, file:, about:, --- old, --- new, --- end")
    for fault in faults:  # the line ends around the two texts belong to the format, not to the texts
        fault.old, fault.new = fault.old.removesuffix("\n"), fault.new.removesuffix("\n")
    return faults, problems


def check_faults(root, faults):
    problems, seen = [], set()
    for fault in faults:
        say = lambda text: problems.append(f"{fault.where}: {fault.path}: {text}")
        if fault.path in seen:
            say("the name is there twice")
        seen.add(fault.path)
        if not re.fullmatch(r"[a-z0-9_]+", fault.name):
            say("a name is made of a-z, 0-9 and _")
        if not fault.about:
            say("`about:` is missing: what would a user see?")
        if not fault.old.strip():
            say("the old text is empty")
        elif fault.old == fault.new:
            say("the new text is the old one")
        elif not (root / fault.file).is_file():
            say(f"there is no file `{fault.file}`")
        else:
            found = (root / fault.file).read_text(encoding="utf-8").count(fault.old)
            if found != 1:
                say(f"the old text is in {fault.file} {found} times, not once")
    return problems


def git_lines(root, *arguments):
    run = subprocess.run(["git", *arguments, "-z"], cwd=root, capture_output=True, check=True)
    return [name for name in run.stdout.decode().split("\0") if name]


def copy_tree(root, tree):
    """Makes `tree` equal to the working tree; returns a hash of it. Unchanged files keep their times, so that little is built again."""
    names = [name for name in git_lines(root, "ls-files", "-co", "--exclude-standard") if (root / name).is_file()]
    # The copy has no faults to check: their old text is not there while they are in.
    names = [name for name in names if not name.endswith(".fault")]
    if not (tree / ".git").exists():  # tests that list the repository's files see the copy's
        subprocess.run(["git", "init", "-q", tree], check=True)
    digest = hashlib.sha256()
    for name in sorted(names):
        content = (root / name).read_bytes()
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        target = tree / name
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        shutil.copymode(root / name, target)
    kept = set(names)
    for folder, folders, files in os.walk(tree):  # never into links: what they lead to is not the copy's
        if pathlib.Path(folder) == tree:
            folders[:] = [name for name in folders if name not in ("build", ".git")]
        folders[:] = [name for name in folders if not os.path.islink(os.path.join(folder, name))]
        for name in files:
            path = pathlib.Path(folder) / name
            if not path.is_symlink() and str(path.relative_to(tree)) not in kept:
                path.unlink()
    # What is not tracked but needed: the wheels, data that was fetched.
    for name in [".deps", *git_lines(root, "ls-files", "-o", "-i", "--exclude-standard", "--directory")]:
        name = name.rstrip("/")
        target = tree / name
        if name.split("/")[0] == "build" or "__pycache__" in name or not (root / name).exists() or target.is_symlink() or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to((root / name).resolve())
    return digest.hexdigest()


class Bench:
    """The copy of the tree, and how it is built and tested."""

    def __init__(self, tree, arguments):
        self.tree, self.preset, self.jobs, self.limit = tree, arguments.preset, arguments.jobs, arguments.limit
        self.exclude = ["-E", arguments.exclude] if arguments.exclude else []
        self.tiers = [None]

    def command(self, words, limit):
        environment = {**os.environ, "CTEST_OUTPUT_ON_FAILURE": "0", "NO_COLOR": "1"}
        try:
            run = subprocess.run(words, cwd=self.tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit, env=environment)
            return run.returncode, run.stdout.decode(errors="replace")
        except subprocess.TimeoutExpired as expired:
            return None, (expired.stdout or b"").decode(errors="replace")

    def build(self):
        build = self.tree / "build" / self.preset
        if not (build / "build.ninja").exists():
            code, output = self.command(["cmake", "--preset", self.preset], 600)
            if code != 0:
                return False, output
        code, output = self.command(["cmake", "--build", "--preset", self.preset, "-j", str(self.jobs)], 3600)
        return code == 0, output

    def ctest(self, *options):
        words = ["ctest", "--test-dir", f"build/{self.preset}", "-j", str(self.jobs), "--timeout", str(self.limit), "--no-tests=error", *self.exclude, *options]
        return self.command(words, 4 * 3600)

    def baseline(self):
        """All tests, without a fault. Then they are known by how long they take: the quick ones run first from here on."""
        good, output = self.build()
        if not good:
            return False, output
        code, output = self.ctest()
        if code != 0:
            return False, output
        seconds = {name: float(time_taken) for name, time_taken in re.findall(r"Test +#\d+: (\S+) .*?Passed +([\d.]+) sec", output)}
        bounds = [0, 1, 10, float("inf")]
        tiers = [[name for name in seconds if low <= seconds[name] < high] for low, high in zip(bounds, bounds[1:])]
        self.tiers = [tier for tier in tiers if tier]
        return bool(seconds), output

    def outcome(self):
        good, output = self.build()
        if not good:
            return "no build", next((line for line in output.splitlines() if "error" in line), "").strip()
        for tier in self.tiers:
            chosen = "^(" + "|".join(re.escape(name) for name in tier) + ")$"
            code, output = self.ctest("--stop-on-failure", "-R", chosen)
            if code != 0:
                failed = re.findall(r"Test +#\d+: (\S+) .*?\*\*\*([A-Za-z ]+)", output)
                return "killed", ", ".join(f"{name} ({how.strip().lower()})" for name, how in failed[:2]) or "ctest"
        return "survived", ""


def run_faults(root, faults, arguments):
    work = root / "build/faults"
    tree = work / "tree"
    tree.mkdir(parents=True, exist_ok=True)
    sources = copy_tree(root, tree)
    results_path = work / "results.json"
    known = json.loads(results_path.read_text()) if results_path.exists() else {}
    if not arguments.resume or known.get("sources") != sources:
        known = {"sources": sources, "outcomes": {}}
    bench = Bench(tree, arguments)

    def key(fault):
        return hashlib.sha256("\0".join([fault.file, fault.old, fault.new]).encode()).hexdigest()

    if any(key(fault) not in known["outcomes"] for fault in faults):
        began = time.monotonic()
        good, output = bench.baseline()
        if not good:
            print("\n".join(output.splitlines()[-30:]))
            print("faults: the tests do not pass without a fault (above): nothing can be learned. --exclude REGEX leaves tests out")
            return 3
        print(f"without a fault: {sum(map(len, bench.tiers))} tests pass ({time.monotonic() - began:.0f} s)", flush=True)

    for number, fault in enumerate(faults, 1):
        if key(fault) not in known["outcomes"]:
            began = time.monotonic()
            path = tree / fault.file
            original = path.read_text(encoding="utf-8")
            path.write_text(original.replace(fault.old, fault.new), encoding="utf-8")
            try:
                outcome, by = bench.outcome()
            finally:
                path.write_text(original, encoding="utf-8")
            known["outcomes"][key(fault)] = {"outcome": outcome, "by": by, "seconds": round(time.monotonic() - began, 1)}
            results_path.write_text(json.dumps(known, indent=1))
        found = known["outcomes"][key(fault)]
        print(f"{number:3}/{len(faults)}  {found['outcome']:9} {fault.path:44} {found['seconds']:6.1f} s  {found['by'][:100]}", flush=True)
    return report(faults, [known["outcomes"][key(fault)] for fault in faults])


def report(faults, results):
    print(f"\n{'area':16} {'faults':>7} {'killed':>7} {'survived':>9} {'no build':>9}")
    for area in [*sorted({fault.area for fault in faults}), "all"]:
        outcomes = [found["outcome"] for fault, found in zip(faults, results) if area in (fault.area, "all")]
        counts = [outcomes.count(outcome) for outcome in ("killed", "survived", "no build")]
        print(f"{area:16} {len(outcomes):7} {counts[0]:7} {counts[1]:9} {counts[2]:9}")
    for fault, found in zip(faults, results):
        if found["outcome"] != "killed":
            print(f"\n{found['outcome']}: {fault.path} ({fault.where})\n  {fault.about}")
    return 0 if all(found["outcome"] == "killed" for found in results) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only see whether every fault still applies")
    parser.add_argument("--list", action="store_true", help="print the faults")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a name, AREA/NAME, or a pattern such as 'grammar/*'")
    parser.add_argument("--continue", dest="resume", action="store_true", help="skip what an earlier run on the same sources found out")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 8))
    parser.add_argument("--preset", default="dev")
    parser.add_argument("--limit", type=int, default=600, metavar="SECONDS", help="a test that runs longer has failed")
    parser.add_argument("--exclude", default="", metavar="REGEX", help="tests to leave out, such as those that fail without a fault")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    root = arguments.root.resolve()

    faults, problems = read_faults(root)
    problems += check_faults(root, faults)
    for problem in problems:
        print(problem)
    if arguments.check:
        print(f"faults: {len(faults)} faults, {len(problems)} problems")
    if arguments.check or problems:
        return 1 if problems else 0
    if arguments.only:
        matches = lambda fault, wanted: fnmatch.fnmatch(fault.name, wanted) or fnmatch.fnmatch(fault.path, wanted)
        for wanted in arguments.only:
            if not any(matches(fault, wanted) for fault in faults):
                sys.exit(f"faults: no fault is called {wanted}: tools/faults.py --list")
        faults = [fault for fault in faults if any(matches(fault, wanted) for wanted in arguments.only)]
    if arguments.list:
        for fault in faults:
            print(f"{fault.path:44} {fault.file:40} {fault.about}")
        return 0
    if not faults:
        sys.exit("faults: tests/faults/ has no faults")
    return run_faults(root, faults, arguments)


if __name__ == "__main__":
    sys.exit(main())
