#!/usr/bin/env python3
# covers: A8, A14
"""Regularity and streaks of real purchases, against what a few lines of Python count from the language's reference: periods one by one, rows of
calendar units, as of days and instants around month ends and clock changes.

    regularity.py --seg build/dev/tools/seg/seg
"""
import argparse
import bisect
import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from windows import DATA, DAY, HOUR, PROJECT, SCHEMA, ZONE, before, midnight, start_of

RUNS = [("2017-12-31", "monday"), ("2017-11-06", "saturday"), ("2017-03-13", "sunday"), ("2017-05-30", "thursday"),
        ("2017-11-05T01:30", "sunday"), ("2017-10-02T00:00", "monday")]
COUNTS = [("day", 5), ("week", 6), ("month", 4), ("quarter", 3), ("year", 2)]
OPS = {"each of": lambda held, n: held == n, "at least 2 of": lambda held, n: held >= 2, "at most 1 of": lambda held, n: held <= 1,
       "exactly 1 of": lambda held, n: held == 1}


def periods(day, instant, week_starts):
    """(words, edges): edges[0] is where the latest period ends, edges[n] where the earliest begins."""
    after = day + DAY
    for unit, n in COUNTS:
        yield f"last {n} {unit}s", [midnight(before(after, i, unit)) for i in range(n + 1)]
        end = start_of(day if instant else after, unit, week_starts)
        yield f"last {n} full {unit}s", [midnight(before(end, i, unit)) for i in range(n + 1)]
    as_of = instant or midnight(after)
    yield "last 30 hours", [as_of - i * HOUR for i in range(31)]


def rows_of_units(days, day, unit, week_starts):
    """The longest row, the row that goes on, how many units."""
    starts = {start_of(d, unit, week_starts) for d in days}
    runs = {}
    for start in sorted(starts):
        runs[start] = 1 + runs.get(start_of(start - DAY, unit, week_starts), 0)
    now = start_of(day, unit, week_starts)
    return max(runs.values(), default=0), runs.get(now) or runs.get(start_of(now - DAY, unit, week_starts), 0), len(starts)


def wanted(moments, day, instant, week_starts):
    limit = instant or midnight(day + DAY)
    moments = [m for m in moments if m < limit]
    count = lambda begin, end: bisect.bisect_left(moments, end) - bisect.bisect_left(moments, begin)
    values = []
    for _, edges in periods(day, instant, week_starts):
        counts = [count(edges[i + 1], edges[i]) for i in range(len(edges) - 1)]
        for least in (1, 2):
            held = sum(c >= least for c in counts)
            values += [int(holds(held, len(counts))) for holds in OPS.values()]
    days = [m.astimezone(ZONE).date() for m in moments]
    for unit in ("day", "week", "month", "quarter", "year"):
        values += rows_of_units(days, day, unit, week_starts)
    return values


def rules(day, instant, week_starts):
    lines = []
    for words, _ in periods(day, instant, week_starts):
        for condition in ("did basket", "count(basket) >= 2"):
            lines += [f"if in {op} {words} ({condition}) then 1 else 0" for op in OPS]
    for unit in ("day", "week", "month", "quarter", "year"):
        distinct = "date of" if unit == "day" else f"calendar {unit} of"
        lines += [f"streak(basket by {unit})", f"current streak(basket by {unit})", f"distinct({distinct} basket.at)"]
    return lines


def compare(baskets, seg, as_of_text, week_starts):
    instant = dt.datetime.fromisoformat(as_of_text).replace(tzinfo=ZONE).astimezone(dt.timezone.utc) if "T" in as_of_text else None
    day = instant.astimezone(ZONE).date() if instant else dt.date.fromisoformat(as_of_text)
    metrics = rules(day, instant, week_starts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.seg").write_text(SCHEMA)
        (folder / "seg.yaml").write_text(PROJECT.format(week_starts=week_starts, data=DATA))
        (folder / "rules.seg").write_text("".join(f"metric m{i} = {words}\n" for i, words in enumerate(metrics)))
        out = folder / "out.parquet"
        done = subprocess.run([seg, "run", "--project", name, "--as-of", as_of_text, "--out", str(out), "--no-progress"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stderr, file=sys.stderr)
            sys.exit(3)
        columns = ", ".join(f"m{i}" for i in range(len(metrics)))
        seen = {row[0]: row[1:] for row in duckdb.sql(f"SELECT id, {columns} FROM '{out}'").fetchall()}
    wrong = {}
    for household, moments in baskets.items():
        for i, (want, got) in enumerate(zip(wanted(moments, day, instant, week_starts), seen[household])):
            if want != got:
                wrong.setdefault(i, (household, want, got))
    for i, (household, want, got) in wrong.items():
        print(f"as of {as_of_text}, weeks from {week_starts}: `{metrics[i]}` is {got} for household {household}, should be {want}")
    print(f"as of {as_of_text}, weeks from {week_starts}: {len(metrics)} figures of {len(baskets)} households, {len(wrong)} wrong")
    return len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seg", required=True, help="the seg program")
    seg = str(Path(parser.parse_args().seg).resolve())
    duckdb.sql("SET TimeZone = 'UTC'")
    baskets = {}
    rows = duckdb.sql(f"""SELECT household_id, epoch_us(min(transaction_timestamp)) AS moment FROM '{DATA}/transactions.parquet'
                          GROUP BY household_id, basket_id ORDER BY moment""").fetchall()
    for household, micros in rows:
        if household % 5 == 0:  # every fifth household, for time
            baskets.setdefault(household, []).append(dt.datetime.fromtimestamp(micros / 1e6, dt.timezone.utc))
    sys.exit(1 if sum(compare(baskets, seg, *run) for run in RUNS) else 0)


if __name__ == "__main__":
    main()
