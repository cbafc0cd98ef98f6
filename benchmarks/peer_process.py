"""What the peers' scripts have in common: their arguments, timing inside the process, one line of JSON as the answer.

Timed: reading Parquet, planning, evaluating; not: starting Python and importing the engine.
"""
import argparse
import json
import resource
import time


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--segments", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--members", metavar="FILE", help="write id and a flag for each segment to this Parquet file instead of counting")
    parser.add_argument("--spill", default="/tmp", help="folder for what does not fit memory")
    return parser.parse_args()


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def report(engine, version, segments, evaluate):
    """evaluate() returns the counts in the order of the segments, or None if it wrote members."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    counts = evaluate()
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    named = None if counts is None else {segment["id"]: int(count or 0) for segment, count in zip(segments, counts, strict=True)}
    print(json.dumps({"engine": engine, "version": version, "wall": wall, "cpu": cpu, "counts": named}))
