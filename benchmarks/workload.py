"""Makes a workload ready to run: data and neutral segments by its generator, a Seg project of them, all under one folder. Each workload is a folder
beside this file, `first` or `wide`, with generate.py, to_seg.py and peer_*.py of its own."""
import importlib
import json
import pathlib
import subprocess
import sys
from collections import Counter

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
NAMES = ("first", "wide")
ROW_GROUP = 500_000


def add_arguments(parser):
    parser.add_argument("--workload", choices=NAMES, default="first")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=2026)
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--shuffled", action="store_true", help="events in random order (the wide workload's are unless told otherwise)")
    order.add_argument("--in-order", action="store_true", help="events by customer and time (the first workload's are)")
    parser.add_argument("--row-groups", type=int, default=ROW_GROUP, metavar="ROWS")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--all", action="store_true", help="stop where this version of seg refuses a segment, instead of leaving it out")
    parser.add_argument("--work", default=ROOT / "build/bench", type=pathlib.Path, help="folder for data and results")


class Workload:
    """`programs`: the builds of seg that are to run it; each segment has to be one that all of them accept."""

    def __init__(self, options, programs):
        self.options, self.folder = options, HERE / options.workload
        prefix = "" if options.workload == "first" else f"{options.workload}-"
        shuffled = options.shuffled or (options.workload == "wide" and not options.in_order)
        shape = ("-shuffled" if shuffled else "") + (f"-rg{options.row_groups}" if options.row_groups != ROW_GROUP else "")
        self.data = options.work / f"data-{prefix}{options.customers}-{options.seed}{shape}"
        neutral = options.work / f"segments-{prefix}{options.segments}-{options.seed}.json"
        options.work.mkdir(parents=True, exist_ok=True)
        if not (self.data / "about.json").exists():  # written last
            order = ["--shuffled"] if options.workload == "first" else ["--in-order"]
            order = order if shuffled == (options.workload == "first") else []
            self.generate("data", "--customers", options.customers, "--row-groups", options.row_groups, "--out", self.data, *order)
        self.generate("segments", "--number", options.segments, "--out", neutral)
        self.about = json.loads((self.data / "about.json").read_text())
        self.project = options.work / f"project-{neutral.stem.removeprefix('segments-')}-{self.data.name}"
        self.used, self.refused = json.loads(neutral.read_text())["segments"], Counter()
        self.write_project(programs)

    def generate(self, *words):
        subprocess.run([sys.executable, self.folder / "generate.py", *map(str, words), "--seed", str(self.options.seed)], check=True)

    def write_project(self, programs):
        """Leaves out, and counts by the code of the refusal, the segments that a program can't evaluate yet (S900x). Anything else is an error."""
        sys.path.insert(0, str(self.folder))
        to_seg = importlib.import_module("to_seg")
        waiting = list(programs)
        while waiting:
            to_seg.write(self.used, self.data, self.project)
            refused = self.refused_by(waiting[0])
            if not refused:
                waiting.pop(0)
                continue
            if self.options.all:
                sys.exit(f"{len(refused)} segments are refused: {', '.join(refused)}")
            self.refused.update(refused.values())
            left = [segment for segment in self.used if segment["id"] not in refused]
            if len(left) == len(self.used):
                sys.exit(f"{waiting[0]} refuses {', '.join(refused)}, which no segment of the workload is")
            self.used = left

    def refused_by(self, program):
        """Segments (of the project's file) to the code of what this build says of them."""
        checked = subprocess.run([program, "check", "--project", self.project, "--format", "json"], capture_output=True, text=True)
        try:
            errors = [found for found in json.loads(checked.stdout)["diagnostics"] if found["severity"] == "error"]
        except ValueError:
            sys.exit(f"{program} check ended with {checked.returncode}:\n{checked.stdout[-2000:]}{checked.stderr[-2000:]}")
        owner, owners = None, []
        for line in (self.project / "segments.seg").read_text().split("\n"):
            owner = line.split()[1] if line.startswith("segment ") else owner
            owners.append(owner)
        refused = {}
        for error in errors:
            if not error["code"].startswith("S900"):
                sys.exit(f"{program} finds an error in {self.project}: {json.dumps(error)[:2000]}")
            place = next(label for label in error["labels"] if label["primary"])
            refused[owners[place["begin"]["line"] - 1]] = error["code"]
        return refused

    def describe(self):
        about, refused = self.about, ", ".join(f"{number} {code}" for code, number in sorted(self.refused.items()))
        return (
            f"workload {self.options.workload}: {about['customers']:,} customers, {about['events']:,} events{', shuffled' if about['shuffled'] else ''}; "
            f"{len(self.used)} of {self.options.segments} segments{f' (seg refuses {refused})' if refused else ''}; seed {self.options.seed}; {self.options.threads} threads"
        )
