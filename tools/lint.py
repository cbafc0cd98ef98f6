#!/usr/bin/env python3
"""Lints the C++ sources: clang-format over all of them, clang-tidy over those of build/dev/compile_commands.json.

clang-tidy is slow, so a source that passed is not checked again until it, a header of this project that it includes (any number of
steps), its compiler flags or .clang-tidy change: build/lint/passed.json remembers them by hash.

  tools/lint.py                 format and tidy, what changed
  tools/lint.py --fix-format    rewrite the files in the project's format
  tools/lint.py --all           forget what passed before
  tools/lint.py base/span.cpp   these only
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = pathlib.Path(sys.executable).parent
PASSED = ROOT / "build/lint/passed.json"
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.M)


def tracked_sources():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.h", "*.hpp", "*.cpp"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split() if (ROOT / name).exists()]


def format_sources(names, fix):
    """Formats, or says which files are not formatted."""
    mode = ["-i"] if fix else ["--dry-run"]
    unformatted = {}
    for start in range(0, len(names), 100):
        run = subprocess.run([VENV / "clang-format", *mode, *names[start : start + 100]], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            sys.exit(run.stderr)
        for name, line in re.findall(r"^(.+?):(\d+):\d+: (?:error|warning): code should be clang-formatted", run.stderr, re.M):
            unformatted.setdefault(name, int(line))
    for name, line in sorted(unformatted.items()):
        print(f"{name}:{line}: not formatted (make fmt)")
    return not unformatted


def closure(name, seen):
    """The project's files that `name` includes, itself among them."""
    if name in seen:
        return
    seen[name] = content = (ROOT / name).read_bytes()
    for included in INCLUDE.findall(content):
        included = included.decode()
        if (ROOT / included).is_file():
            closure(included, seen)


def fingerprint(entry, config):
    seen = {}
    closure(os.path.relpath(entry["file"], ROOT), seen)
    digest = hashlib.sha256(config + entry.get("command", "").encode())
    for name in sorted(seen):
        digest.update(name.encode() + b"\0" + hashlib.sha256(seen[name]).digest())
    return digest.hexdigest()


def tidy(name):
    command = [VENV / "clang-tidy", "--quiet", "-p", ROOT / "build/dev", "--extra-arg=-Wno-everything", "--extra-arg=-Wno-error", ROOT / name]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output = run.stdout.strip()
    if run.returncode != 0 and not output:
        output = run.stderr.strip()  # clang-tidy itself failed
    return run.returncode == 0, output.replace(str(ROOT) + "/", "")


def tidy_sources(names, jobs, everything):
    commands = ROOT / "build/dev/compile_commands.json"
    if not commands.exists():
        sys.exit("lint: build/dev is not configured: cmake --preset dev")
    config = (ROOT / ".clang-tidy").read_bytes() + (ROOT / "tools/requirements.txt").read_bytes()
    passed = json.loads(PASSED.read_text()) if PASSED.exists() and not everything else {}
    todo, current = [], {}
    for entry in json.loads(commands.read_text()):
        name = os.path.relpath(entry["file"], ROOT)
        if name.startswith(("build/", "..")) or not (ROOT / name).exists() or (names and name not in names):
            continue
        if name in current:  # doctest_main.cpp is in every test; once is enough
            continue
        current[name] = fingerprint(entry, config)
        if passed.get(name) != current[name]:
            todo.append(name)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for name, (good, output) in zip(todo, pool.map(tidy, todo)):
            if good:
                passed[name] = current[name]
            else:
                failed += 1
                print(f"--- {name}\n{output}\n", flush=True)
    PASSED.parent.mkdir(parents=True, exist_ok=True)
    PASSED.write_text(json.dumps({name: passed[name] for name in sorted(passed) if (ROOT / name).exists()}, indent=0))
    print(f"lint: clang-tidy checked {len(todo)} of {len(current)} sources, {failed} with findings")
    return failed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fix-format", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("sources", nargs="*")
    arguments = parser.parse_args()
    names = [os.path.relpath(pathlib.Path(name).resolve(), ROOT) for name in arguments.sources]
    sources = names or tracked_sources()
    began = time.monotonic()
    good = format_sources(sources, arguments.fix_format)
    if arguments.fix_format:
        sys.exit(0 if good else 1)
    print(f"lint: clang-format {'passed' if good else 'has findings'} ({len(sources)} files, {time.monotonic() - began:.1f} s)", flush=True)
    good = tidy_sources(names, arguments.jobs, arguments.all) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
