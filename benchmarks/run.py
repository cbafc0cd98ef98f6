#!/usr/bin/env python3
"""Runs `seg` and its peers over the generated workload, one after the other in fresh processes, several rounds, and compares them.

    run.py [--customers 1000000] [--segments 100] [--rounds 5] [--seed 2026] [--members] [--engines seg,polars,duckdb] [--json FILE] …

Every engine gets the same segments and must come to the same number of members in each (with --members: the same members). `seg` is timed
as a whole process, start-up and compilation included; the peers without the start of Python and the import of the engine.
Ratios are peer / seg within a round, since machines drift; more than 1 means that seg is ahead. Data are made once, under --work.
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import to_seg

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
MEASURES = {"wall": "seconds", "cpu": "CPU seconds", "memory": "peak MB"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--shuffled", action="store_true", help="events in random order")
    parser.add_argument("--row-groups", type=int, default=500_000, metavar="ROWS")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=1, metavar="ROUNDS", help="rounds before, that do not count")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--engines", default="seg,polars,duckdb")
    parser.add_argument("--all", action="store_true", help="also segments that this version of seg refuses")
    parser.add_argument("--members", action="store_true", help="write members instead of counting them, and compare them")
    parser.add_argument("--seg", default=ROOT / "build/release/tools/seg/seg", type=pathlib.Path, help="the program")
    parser.add_argument("--work", default=ROOT / "build/bench", type=pathlib.Path, help="folder for data and results")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go (default: in --work)")
    return parser.parse_args()


def generate(options):
    """The data's folder and the neutral segments' file; made if they are not there."""
    shape = ("-shuffled" if options.shuffled else "") + (f"-rg{options.row_groups}" if options.row_groups != 500_000 else "")
    data = options.work / f"data-{options.customers}-{options.seed}{shape}"
    segments = options.work / f"segments-{options.segments}-{options.seed}.json"
    options.work.mkdir(parents=True, exist_ok=True)
    generator = [sys.executable, HERE / "generate.py"]
    if not (data / "about.json").exists():  # written last
        more = ["--shuffled"] if options.shuffled else []
        subprocess.run(
            [*generator, "data", "--customers", str(options.customers), "--seed", str(options.seed), "--row-groups", str(options.row_groups), "--out", data, *more],
            check=True,
        )
    subprocess.run([*generator, "segments", "--number", str(options.segments), "--seed", str(options.seed), "--out", segments], check=True)
    return data, segments


class Engines:
    def __init__(self, options, data, project):
        self.options, self.data, self.project = options, data, project
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=options.work))

    def members_file(self, engine):
        return self.scratch / f"{engine}.parquet"

    def command(self, engine):
        out = [self.members_file(engine)]
        if engine == "seg":
            members = ["--out", *out] if self.options.members else []
            return [self.options.seg, "run", "--project", self.project, "--format", "json", "--threads", str(self.options.threads), *members]
        members = ["--members", *out] if self.options.members else []
        peer = [sys.executable, HERE / f"peer_{engine}.py", "--data", self.data, "--segments", self.project / "used.json"]
        return [*peer, "--threads", str(self.options.threads), "--spill", self.scratch, *members]

    def run(self, engine):
        """One fresh process. Memory is what the kernel saw at most."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            begin = time.perf_counter()
            process = subprocess.Popen([str(word) for word in self.command(engine)], stdout=out, stderr=errors)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            errors.seek(0)
            if process.returncode != 0:
                sys.exit(f"{engine} ended with {process.returncode}:\n{errors.read().decode()[-4000:]}")
            answer = json.loads(out.read())
        figures = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024, "process_wall": wall}
        if engine == "seg":
            figures["counts"] = {output["name"]: output["members"] for output in answer["outputs"] if output["kind"] == "segment"}
            figures["seconds"] = answer["seconds"]
        else:
            figures |= {name: answer[name] for name in ("wall", "cpu", "counts")}
        return figures


def compare_counts(engines, round_figures, ids):
    for engine in engines[1:]:
        first, other = round_figures[engines[0]]["counts"], round_figures[engine]["counts"]
        different = [f"{id}: {first[id]} against {other[id]}" for id in ids if first[id] != other[id]]
        if different:
            sys.exit(f"{engines[0]} and {engine} disagree about {len(different)} of {len(ids)} segments\n  " + "\n  ".join(different[:20]))


def spread(values):
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def show(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def print_figures(engines, rounds):
    summary = {}
    for engine in engines:
        summary[engine] = {measure: spread([figures[engine][measure] for figures in rounds]) for measure in MEASURES}
    for engine in engines[1:]:
        ratios = {m: spread([figures[engine][m] / figures[engines[0]][m] for figures in rounds]) for m in MEASURES}
        summary[f"{engine}/{engines[0]}"] = ratios
    print("\n" + " " * 16 + "".join(f"{name:>28}" for name in MEASURES.values()))
    print(" " * 16 + f"{'min  median     max':>28}" * len(MEASURES))
    for name, measures in summary.items():
        print(f"{name:16}" + "".join(f"{'  '.join(f'{show(v):>6}' for v in s.values()):>28}" for s in measures.values()))
    return summary


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return {"processor": model, "cores": os.cpu_count(), "load_before": os.getloadavg()[0], "kernel": platform.release()}


def revision():
    described = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return described.stdout.strip()


def main():
    options = arguments()
    engines = options.engines.split(",")
    data, segments = generate(options)
    about = json.loads((data / "about.json").read_text())
    project = options.work / f"project-{segments.stem}{'-all' if options.all else ''}-{data.name}"
    used = to_seg.write(segments, data, project, options.all)
    ids = [segment["id"] for segment in used]
    print(f"{about['customers']:,} customers, {about['events']:,} events{', shuffled' if about['shuffled'] else ''}; {len(used)} of {options.segments} segments; {options.threads} threads")
    here = machine()
    runner = Engines(options, data, project)
    rounds = []
    try:
        for number in range(options.warm_up + options.rounds):
            order = engines if number % 2 == 0 else engines[::-1]
            figures = {engine: runner.run(engine) for engine in order}
            if options.members:
                if number == 0:
                    files = [runner.members_file(engine) for engine in engines]
                    subprocess.run([sys.executable, HERE / "compare_members.py", *files], check=True)
            else:
                compare_counts(engines, figures, ids)
            if number >= options.warm_up:
                rounds.append(figures)
            walls = ", ".join(f"{engine} {figures[engine]['wall']:.2f} s" for engine in engines)
            print(f"  round {number - options.warm_up + 1 if number >= options.warm_up else 'warm-up'}: {walls}", flush=True)
    finally:
        shutil.rmtree(runner.scratch)
    if not rounds:
        return
    summary = print_figures(engines, rounds)
    for figures in rounds:
        for engine in engines:
            figures[engine].pop("counts")
    report = {
        "machine": here, "revision": revision(), "data": about, "segments": len(used), "of": options.segments, "threads": options.threads,
        "members": options.members, "summary": summary, "rounds": rounds,
    }
    out = options.json or options.work / f"figures-{data.name}-{len(used)}{'-members' if options.members else ''}.json"
    out.write_text(json.dumps(report, indent=1) + "\n")
    print(f"\nall {'members' if options.members else 'counts'} agree; figures in {out}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
