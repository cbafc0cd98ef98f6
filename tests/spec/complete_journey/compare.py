#!/usr/bin/env python3
# covers: A1, A8, A11, A12, A14, A17, A20, A23, A24
"""Compares what `seg run` says about Complete Journey with SQL written by hand.

    compare.py --seg build/dev/tools/seg/seg [--as-of 2017-12-31 ...]      runs seg itself
    compare.py --results members.parquet --as-of 2017-12-31                 reads a finished run
    compare.py --truth-only [--as-of ...]                                   only the SQL's own sizes

The results are those of `seg run --out members.parquet --layout long`: one row per member of a segment, per household
and tier of a partition, and per household and value of a metric or score, in the columns output, key (or household)
and value. The queries are examples/complete_journey/truth/*.sql; a comment `-- segment NAME`, `-- partition NAME`,
`-- metric NAME` or `-- score NAME` begins each. Members are compared by EXCEPT both ways, values exactly.
Exit code: 0 equal, 1 a difference, 3 the data or a result could not be read.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "complete_journey"
FILES = ["metrics", "demographics", "life_cycle", "shopping", "savings", "campaigns", "value"]  # later read earlier
HEAD = re.compile(r"^-- (segment|partition|metric|score) (\w+)\s*$", re.MULTILINE)


def queries():
    """(kind, name, sql) of every truth query, in order."""
    for stem in FILES:
        parts = HEAD.split((EXAMPLE / "truth" / f"{stem}.sql").read_text())
        for kind, name, sql in zip(parts[1::3], parts[2::3], parts[3::3]):
            yield kind, name, sql.strip().rstrip(";")


def truth(as_of):
    """The hand-written answers: {name: (kind, {household: value})}; a segment's members have the value None."""
    db = duckdb.connect()
    db.execute("SET VARIABLE as_of = CAST(? AS DATE)", [as_of])
    db.execute("SET VARIABLE data = ?", [str(EXAMPLE / "data")])
    db.execute((EXAMPLE / "truth" / "prelude.sql").read_text())
    answers = {}
    for kind, name, sql in queries():
        try:
            db.execute(f'CREATE TABLE "{name}" AS {sql}')
        except duckdb.Error as error:
            sys.exit(f"truth query `{name}` does not run: {error}")
        rows = db.execute(f'FROM "{name}"').fetchall()
        answers[name] = (kind, {row[0]: (row[1] if len(row) > 1 else None) for row in rows})
        if len(answers[name][1]) != len(rows):
            sys.exit(f"truth query `{name}` gives a household twice")
    return answers


def results(path):
    """The run's answers, {name: {household: value}}, from the long layout."""
    source = {".csv": "read_csv(?, all_varchar = true)", ".jsonl": "read_json(?)"}.get(path.suffix, "read_parquet(?)")
    table = duckdb.connect().execute(f"SELECT * FROM {source}", [str(path)])
    names = [column[0].lower() for column in table.description]

    def position(*candidates):
        for candidate in candidates:
            if candidate in names:
                return names.index(candidate)
        sys.exit(f"{path}: none of the columns {', '.join(candidates)} is in it; it has {', '.join(names)}")

    output, household, value = position("output", "segment"), position("key", "household", "id"), position("value")
    found = {}
    for row in table.fetchall():
        if row[value] in (False, "false", "no"):
            continue  # a layout that lists everyone
        name = row[output].split(".")[-1]  # `rfm.r` is checked as `r`
        found.setdefault(name, {})[int(row[household])] = row[value]
    return found


def same(kind, expected, actual):
    """Whether two values are the same: money and counts as decimals, numbers as binary64, tiers as text."""
    if kind == "segment":
        return True
    if kind == "partition" or expected is None or actual is None:
        return expected == actual
    if isinstance(expected, float) or isinstance(actual, float):
        try:
            return float(expected) == float(actual)
        except ValueError:
            return False
    try:
        return Decimal(str(expected)) == Decimal(str(actual))
    except InvalidOperation:
        return str(expected) == str(actual)


def run_seg(seg, as_of, folder):
    out = Path(folder) / f"members-{as_of}.parquet"
    command = [seg, "run", "--as-of", as_of, "--out", str(out), "--layout", "long"]
    done = subprocess.run(command, cwd=EXAMPLE, capture_output=True, text=True)
    if done.returncode not in (0, 1) or not out.exists():
        print(done.stdout + done.stderr, file=sys.stderr)
        print(f"`{' '.join(command)}` ended with {done.returncode}", file=sys.stderr)
        sys.exit(3)
    return results(out)


def compare(as_of, found):
    """Prints the table and returns the number of differing outputs."""
    num_wrong = 0
    print(f"as of {as_of}\n{'':2}{'output':28}{'kind':11}{'SQL':>7}{'Seg':>7}{'only SQL':>10}{'only Seg':>10}{'values':>8}")
    for name, (kind, expected) in truth(as_of).items():
        # a missing value and no row are one thing
        actual = {k: v for k, v in found.get(name, {}).items() if kind == "segment" or v is not None}
        only_sql = sorted(expected.keys() - actual.keys())
        only_seg = sorted(actual.keys() - expected.keys())
        differing = sorted(k for k in expected.keys() & actual.keys() if not same(kind, expected[k], actual[k]))
        wrong = bool(only_sql or only_seg or differing)
        num_wrong += wrong
        print(f"{'✗' if wrong else ' ':2}{name:28}{kind:11}{len(expected):7}{len(actual):7}"
              f"{len(only_sql):10}{len(only_seg):10}{len(differing):8}")
        for label, keys in (("only SQL", only_sql), ("only Seg", only_seg)):
            if keys:
                print(f"    {label}: {', '.join(map(str, keys[:5]))}{' …' if len(keys) > 5 else ''}")
        for key in differing[:3]:
            print(f"    household {key}: SQL {expected[key]!r}, Seg {actual[key]!r}")
    unchecked = sorted(found.keys() - {name for _, name, _ in queries()})
    if unchecked:
        print(f"  not checked, no query: {', '.join(unchecked)}")
    return num_wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seg", help="the seg program to run")
    parser.add_argument("--results", type=Path, help="a finished run's long output instead")
    parser.add_argument("--truth-only", action="store_true", help="print the sizes that the SQL gives")
    parser.add_argument("--as-of", action="append", help="date, may be repeated (default 2017-12-31)")
    options = parser.parse_args()
    dates = options.as_of or ["2017-12-31"]
    if not (EXAMPLE / "data" / "transactions.parquet").exists():
        print("no data: run tools/fetch_complete_journey.py first", file=sys.stderr)
        sys.exit(3)

    if options.truth_only:
        for as_of in dates:
            print(f"as of {as_of}")
            for name, (kind, answer) in truth(as_of).items():
                tiers = {}
                if kind == "partition":
                    for tier in answer.values():
                        tiers[tier] = tiers.get(tier, 0) + 1
                print(f"  {name:28}{kind:11}{len(answer):7}  {tiers or ''}")
        return
    if not options.seg and not options.results:
        parser.error("give --seg or --results")

    num_wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for as_of in dates:
            found = results(options.results) if options.results else run_seg(str(Path(options.seg).resolve()), as_of, folder)
            num_wrong += compare(as_of, found)
    print("equal" if num_wrong == 0 else f"{num_wrong} outputs differ")
    sys.exit(1 if num_wrong else 0)


if __name__ == "__main__":
    main()
