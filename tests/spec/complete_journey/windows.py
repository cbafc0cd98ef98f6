#!/usr/bin/env python3
"""Counts receipts in every kind of window over real purchases, as of days and instants around month ends and clock
changes, and compares with windows computed here from the language's reference.

    windows.py --seg build/dev/tools/seg/seg
"""
import argparse
import calendar
import datetime as dt
import subprocess
import sys
import tempfile
import zoneinfo
from pathlib import Path

import duckdb

DATA = Path(__file__).resolve().parents[3] / "examples" / "complete_journey" / "data"
ZONE = zoneinfo.ZoneInfo("America/New_York")  # clocks change on 12 March and 5 November 2017
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
RUNS = [("2017-12-31", "monday"), ("2017-11-05", "monday"), ("2017-11-06", "saturday"), ("2017-03-12", "sunday"),
        ("2017-05-31", "monday"), ("2017-02-28", "saturday"), ("2017-08-30", "tuesday"), ("2017-09-15T18:30", "monday"),
        ("2017-11-05T01:30", "sunday"), ("2017-10-02T00:00", "monday")]
SCHEMA = """subject household { key id: integer }
event line of household { at: time, basket_id: integer }
events basket = line grouped by basket_id { items: count }
"""
PROJECT = """edition: 2026
schema: schema.seg
rules: [rules.seg]
time_zone: America/New_York
week_starts: {week_starts}
sources:
  household: {{ keys: [line.household] }}
  line:
    path: {data}/transactions.parquet
    time_zone: UTC
    columns: {{ household: household_id, at: transaction_timestamp }}
"""


def midnight(day):
    return dt.datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(dt.timezone.utc)


def months_before(day, count):
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def before(day, count, unit):
    if unit in ("day", "week"):
        return day - count * (7 if unit == "week" else 1) * DAY
    return months_before(day, count * {"month": 1, "quarter": 3, "year": 12}[unit])


def start_of(day, unit, week_starts):
    return {"day": lambda: day,
            "week": lambda: day - (day.weekday() - WEEKDAYS.index(week_starts)) % 7 * DAY,
            "month": lambda: day.replace(day=1),
            "quarter": lambda: dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
            "year": lambda: dt.date(day.year, 1, 1)}[unit]()


def windows(day, instant, week_starts):
    """(words, begin, end) of every window to try; `end` is cut at as-of by the caller."""
    after = day + DAY
    over_by = day if instant else after  # calendar units that are over end here or earlier
    for unit in ["day", "week", "month", "quarter", "year"]:
        for n in [1, 2] if unit == "year" else [1, 2, 3, 5, 7, 12]:
            units = unit + ("s" if n > 1 else "")
            yield f"last {n} {units}", midnight(before(after, n, unit)), midnight(after)
            yield f"previous {n} {units}", midnight(before(after, 2 * n, unit)), midnight(before(after, n, unit))
            end = start_of(over_by, unit, week_starts)
            yield f"last {n} full {units}", midnight(before(end, n, unit)), midnight(end)
            if n > 1:
                yield f"{n} to {n - 1} {unit}s ago", midnight(before(after, n, unit)), midnight(before(after, n - 1, unit))
        yield f"this {unit}", midnight(start_of(day, unit, week_starts)), midnight(after)
        yield f"next 2 {unit}s", midnight(day), midnight(before(day, -2, unit))
    as_of = instant or midnight(after)
    for n in [1, 5, 24, 30, 49, 1000]:
        hours = "hour" if n == 1 else "hours"
        yield f"last {n} {hours}", as_of - n * HOUR, as_of
        yield f"previous {n} {hours}", as_of - 2 * n * HOUR, as_of - n * HOUR
    hour = as_of.replace(minute=0, second=0)
    yield "last 3 full hours", hour - 3 * HOUR, hour
    yield "48 to 24 hours ago", as_of - 48 * HOUR, as_of - 24 * HOUR
    yield "2017-03-10 to 2017-03-12", midnight(dt.date(2017, 3, 10)), midnight(dt.date(2017, 3, 13))
    yield "2017-11-05 to 2017-11-05", midnight(dt.date(2017, 11, 5)), midnight(dt.date(2017, 11, 6))


def compare(db, seg, as_of_text, week_starts):
    if "T" in as_of_text:
        local = dt.datetime.fromisoformat(as_of_text).replace(tzinfo=ZONE)
        day, instant = local.date(), local.astimezone(dt.timezone.utc)
    else:
        day, instant = dt.date.fromisoformat(as_of_text), None
    tried = list(windows(day, instant, week_starts))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.seg").write_text(SCHEMA)
        (folder / "seg.yaml").write_text(PROJECT.format(week_starts=week_starts, data=DATA))
        (folder / "rules.seg").write_text("".join(f"metric w{i} = count(basket over {words})\n"
                                                  for i, (words, _, _) in enumerate(tried)))
        out = folder / "out.parquet"
        done = subprocess.run([seg, "run", "--project", name, "--as-of", as_of_text, "--out", str(out), "--no-progress"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stderr, file=sys.stderr)
            sys.exit(3)
        db.execute(f"CREATE OR REPLACE TABLE seen AS FROM '{out}'")
    limit = instant or midnight(day + DAY)
    counts = ", ".join(f"count(*) FILTER (moment >= '{begin.isoformat()}' AND moment < '{min(end, limit).isoformat()}') AS w{i}"
                       for i, (_, begin, end) in enumerate(tried))
    db.execute(f"CREATE OR REPLACE TABLE wanted AS SELECT id, {counts} FROM basket GROUP BY id")
    num_wrong = 0
    for i, (words, begin, end) in enumerate(tried):
        wrong = db.execute(f"SELECT count(*) FROM wanted w FULL JOIN seen s USING (id) WHERE w.w{i} IS DISTINCT FROM s.w{i}")
        if (households := wrong.fetchone()[0]) != 0:
            num_wrong += 1
            print(f"as of {as_of_text}, weeks from {week_starts}: `{words}` should be {begin} to {end}: "
                  f"another count for {households} households")
    print(f"as of {as_of_text}, weeks from {week_starts}: {len(tried)} windows, {num_wrong} wrong")
    return num_wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seg", required=True, help="the seg program")
    seg = str(Path(parser.parse_args().seg).resolve())
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"""CREATE TABLE basket AS SELECT household_id AS id, basket_id,
                   min(transaction_timestamp) AT TIME ZONE 'UTC' AS moment FROM '{DATA}/transactions.parquet' GROUP BY ALL""")
    num_wrong = sum(compare(db, seg, as_of, week_starts) for as_of, week_starts in RUNS)
    sys.exit(1 if num_wrong else 0)


if __name__ == "__main__":
    main()
