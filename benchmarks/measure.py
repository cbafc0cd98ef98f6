"""A command in a fresh process: wall and CPU seconds, peak memory, what it printed. And the spread of such figures over rounds, as a table."""
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MEASURES = {"wall": "seconds", "cpu": "CPU seconds", "memory": "peak MB"}


def run(command):
    """One fresh process. Memory is what the kernel saw at most. The answer is the JSON that the process printed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.exit(f"{command[0]} ended with {process.returncode}:\n{errors.read().decode()[-4000:]}")
        answer = json.loads(out.read())
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024, "process_wall": wall}, answer


def run_seg(program, project, threads, *more):
    """Timed as a whole process, start-up and compilation of the rules included."""
    figures, answer = run([program, "run", "--project", project, "--format", "json", "--threads", threads, *more])
    figures["counts"] = {output["name"]: output["members"] for output in answer["outputs"] if output["kind"] == "segment"}
    figures["seconds"] = answer["seconds"]
    return figures


def interleaved(engines, number):
    """Each round in the other order, so that no engine always follows the same one."""
    return engines if number % 2 == 0 else engines[::-1]


def different_counts(first, other, ids):
    return [f"{id}: {first[id]} against {other[id]}" for id in ids if first[id] != other[id]]


def spread(values):
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def ratios(above, below, rounds):
    """Within each round, since machines drift."""
    return {measure: spread([figures[above][measure] / figures[below][measure] for figures in rounds]) for measure in MEASURES}


def summary_of(engines, rounds, first_above=False):
    """Of each engine, then the ratios of the first with each other: peer / seg, or with first_above first / other."""
    summary = {engine: {measure: spread([figures[engine][measure] for figures in rounds]) for measure in MEASURES} for engine in engines}
    for engine in engines[1:]:
        above, below = (engines[0], engine) if first_above else (engine, engines[0])
        summary[f"{above} / {below}"] = ratios(above, below, rounds)
    return summary


def show(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def print_summary(summary):
    width = max(16, *(len(name) + 2 for name in summary))
    print("\n" + " " * width + "".join(f"{name:>28}" for name in MEASURES.values()))
    print(" " * width + f"{'min  median     max':>28}" * len(MEASURES))
    for name, measures in summary.items():
        print(f"{name:{width}}" + "".join(f"{'  '.join(f'{show(v):>6}' for v in s.values()):>28}" for s in measures.values()))


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return {"processor": model, "cores": os.cpu_count(), "load_before": os.getloadavg()[0], "kernel": platform.release()}


def revision():
    described = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return described.stdout.strip()


def write_report(path, report, rounds):
    for figures in rounds:
        for engine in figures.values():
            engine.pop("counts", None)
    path.write_text(json.dumps({**report, "rounds": rounds}, indent=1) + "\n")
