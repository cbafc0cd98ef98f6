#!/usr/bin/env python3
"""Measures two builds of `seg` against each other: this tree's release and that of another revision, interleaved in fresh processes.

    compare_builds.py REVISION [--workload first|wide] [--customers 100000] [--segments 100] [--rounds 9] …

The other revision's sources are unpacked under build/revisions/ and built there as `make release` builds them; a second comparison with the same
revision builds nothing. Ratios are this tree / the other revision within a round: less than 1 means that this tree is better. Segments that one of
the two can't evaluate are left out; the others must have equal counts, unless --different-counts says that a change of meaning is expected.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

import measure
import workload

ROOT = measure.ROOT


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", help="anything that git understands: main, HEAD~3, a tag")
    workload.add_arguments(parser)
    parser.set_defaults(customers=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--warm-up", type=int, default=1, metavar="ROUNDS", help="rounds before, that do not count")
    parser.add_argument("--different-counts", action="store_true", help="counts may differ; they are shown")
    parser.add_argument("--seg", default=ROOT / "build/release/tools/seg/seg", type=pathlib.Path, help="this tree's program")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 2, 8), help="for building the other")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go (default: in --work)")
    return parser.parse_args()


def git(*words):
    ran = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        sys.exit(ran.stderr.strip() or f"git {words[0]} ended with {ran.returncode}")
    return ran.stdout.strip()


def build(revision, jobs):
    """The program of a revision. Its sources come from git, without a work tree that git would have to know of."""
    commit = git("rev-parse", "--short=12", "--verify", f"{revision}^{{commit}}")
    folder = ROOT / "build/revisions" / commit
    source, program = folder / "source", folder / "source/build/release/tools/seg/seg"
    done = folder / "done"  # written last
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        source.mkdir(parents=True)
        packed = subprocess.Popen(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", source], stdin=packed.stdout, check=True)
        if packed.wait():
            sys.exit(f"git archive {commit} ended with {packed.returncode}")
        (source / ".deps").symlink_to((ROOT / ".deps").resolve())
        print(f"building {revision} ({commit}) in {folder}", flush=True)
        with open(folder / "log", "w") as log:
            for words in (["cmake", "--preset", "release"], ["cmake", "--build", "--preset", "release", "-j", str(jobs), "--target", "seg"]):
                if subprocess.run(words, cwd=source, stdout=log, stderr=subprocess.STDOUT).returncode:
                    sys.exit(f"{' '.join(words)} failed; the whole output is in {folder / 'log'}:\n" + "".join(open(folder / "log").readlines()[-20:]))
        done.touch()
    return commit, program


def main():
    options = arguments()
    commit, other = build(options.revision, options.jobs)
    programs = {"this tree": options.seg, re.sub(r"[^\w.~^/-]", "", options.revision): other}
    names = list(programs)
    made = workload.Workload(options, programs.values())
    ids = [segment["id"] for segment in made.used]
    print(made.describe())
    print(f"this tree: {measure.revision()}; {names[1]}: {commit}")
    here, rounds, different = measure.machine(), [], []
    for number in range(options.warm_up + options.rounds):
        figures = {name: measure.run_seg(programs[name], made.project, options.threads) for name in measure.interleaved(names, number)}
        different = measure.different_counts(figures[names[0]]["counts"], figures[names[1]]["counts"], ids)
        if different and not options.different_counts:
            sys.exit(f"the builds disagree about {len(different)} of {len(ids)} segments\n  " + "\n  ".join(different[:20]))
        if number >= options.warm_up:
            rounds.append(figures)
    summary = measure.summary_of(names, rounds, first_above=True)
    measure.print_summary(summary)
    agreement = f"{len(different)} of {len(ids)} counts differ: {'; '.join(different[:20])}" if different else f"all counts of {len(ids)} segments agree"
    out = options.json or options.work / f"builds-{commit}-{made.data.name}-{len(ids)}.json"
    report = {"machine": here, "revision": measure.revision(), "other": commit, "data": made.about, "segments": len(ids), "threads": options.threads, "summary": summary}
    measure.write_report(out, report, rounds)
    print(f"\n{agreement}; figures in {out}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
