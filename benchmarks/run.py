#!/usr/bin/env python3
"""Runs `seg` and its peers over a generated workload, one after the other in fresh processes, several rounds, and compares them.

    run.py [--workload first|wide] [--customers 1000000] [--segments 100] [--rounds 5] [--seed 2026] [--members] [--engines seg,polars,duckdb] …

Every engine gets the same segments and must come to the same number of members in each (with --members: the same members). `seg` is timed
as a whole process, start-up and compilation included; the peers without the start of Python and the import of the engine.
Ratios are peer / seg within a round, since machines drift; more than 1 means that seg is ahead. Data are made once, under --work.
So that no ratio gains by hindering a peer, each peer's script is also run by itself, with nothing of this tool around it: its CPU seconds in the
rounds must be within a quarter of that. Segments that this build of seg can't evaluate yet are left out, and counted.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import measure
import workload

HERE = pathlib.Path(__file__).resolve().parent
HINDERED = 1.25  # times the CPU seconds of a plain run


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    workload.add_arguments(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=1, metavar="ROUNDS", help="rounds before, that do not count")
    parser.add_argument("--plain-runs", type=int, default=2, metavar="N", help="of each peer's script by itself; 0: not compared")
    parser.add_argument("--engines", default="seg,polars,duckdb")
    parser.add_argument("--members", action="store_true", help="write members instead of counting them, and compare them")
    parser.add_argument("--seg", default=measure.ROOT / "build/release/tools/seg/seg", type=pathlib.Path, help="the program")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go (default: in --work)")
    return parser.parse_args()


class Engines:
    def __init__(self, options, made):
        self.options, self.made = options, made
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=options.work))

    def members_file(self, engine):
        return self.scratch / f"{engine}.parquet"

    def script(self, engine):
        return [sys.executable, self.made.folder / f"peer_{engine}.py", "--data", self.made.data, "--segments", self.made.project / "used.json", "--threads", self.options.threads]

    def run(self, engine):
        if engine == "seg":
            members = ["--out", self.members_file(engine)] if self.options.members else []
            return measure.run_seg(self.options.seg, self.made.project, self.options.threads, *members)
        members = ["--members", self.members_file(engine)] if self.options.members else []
        figures, answer = measure.run([*self.script(engine), "--spill", self.scratch, *members])
        return figures | {name: answer[name] for name in ("wall", "cpu", "counts")}

    def plain_cpu(self, engine):
        """CPU seconds of the script as a user would start it: from a shell, in an empty folder, its members to a file of its own."""
        with tempfile.TemporaryDirectory() as folder:
            members = ["--members", f"{folder}/members.parquet"] if self.options.members else []
            environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
            words = [str(pathlib.Path(word).resolve()) if isinstance(word, pathlib.Path) else str(word) for word in [*self.script(engine), *members]]
            ran = subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=True)
        return json.loads(ran.stdout)["cpu"]


def compare_with_plain(runner, peers, rounds):
    """The least of either, for a busy machine only ever adds."""
    plain, hindered = {}, []
    for engine in peers:
        plain[engine] = min(runner.plain_cpu(engine) for _ in range(runner.options.plain_runs))
        ratio = min(figures[engine]["cpu"] for figures in rounds) / plain[engine]
        print(f"{engine} by itself: {plain[engine]:.2f} CPU seconds; in the rounds {ratio:.2f} times that")
        if ratio > HINDERED:
            hindered.append(engine)
    if hindered:
        sys.exit(f"these were hindered, so the ratios are worth nothing: {', '.join(hindered)}")
    return plain


def main():
    options = arguments()
    engines = options.engines.split(",")
    made = workload.Workload(options, [options.seg])
    ids = [segment["id"] for segment in made.used]
    print(made.describe())
    here = measure.machine()
    runner = Engines(options, made)
    rounds, counts, plain = [], {}, {}
    try:
        for number in range(options.warm_up + options.rounds):
            figures = {engine: runner.run(engine) for engine in measure.interleaved(engines, number)}
            if options.members:
                if number == 0:
                    files = [runner.members_file(engine) for engine in engines]
                    subprocess.run([sys.executable, HERE / "compare_members.py", *files], check=True)
            else:
                counts = figures[engines[0]]["counts"]
                for engine in engines[1:]:
                    if different := measure.different_counts(counts, figures[engine]["counts"], ids):
                        sys.exit(f"{engines[0]} and {engine} disagree about {len(different)} of {len(ids)} segments\n  " + "\n  ".join(different[:20]))
            if number >= options.warm_up:
                rounds.append(figures)
            walls = ", ".join(f"{engine} {figures[engine]['wall']:.2f} s" for engine in engines)
            print(f"  round {number - options.warm_up + 1 if number >= options.warm_up else 'warm-up'}: {walls}", flush=True)
        if not rounds:
            return
        summary = measure.summary_of(engines, rounds)
        measure.print_summary(summary)
        print()
        if options.plain_runs:
            plain = compare_with_plain(runner, [engine for engine in engines if engine != "seg"], rounds)
    finally:
        shutil.rmtree(runner.scratch)
    report = {
        "machine": here, "revision": measure.revision(), "data": made.about, "segments": len(made.used), "of": options.segments, "refused": dict(made.refused),
        "threads": options.threads, "members": options.members, "summary": summary, "plain_cpu": plain,
    }
    out = options.json or options.work / f"figures-{made.data.name}-{len(made.used)}{'-members' if options.members else ''}.json"
    measure.write_report(out, report, rounds)
    empty = f", {sum(1 for id in ids if not counts[id])} of them have no members" if counts else ""
    print(f"all {'members' if options.members else 'counts'} of {len(ids)} segments agree{empty}; figures in {out}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
