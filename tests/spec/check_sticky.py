#!/usr/bin/env python3
"""Sticky segments over random histories: a run from nothing gives the same members as going day by day with a stored state,
where each day's run sees only the data of its own day (events and customers arrive as time goes on).

    check_sticky.py SEG [--histories N] [--days N]
"""
import argparse
import csv
import datetime
import pathlib
import random
import subprocess
import tempfile

PROJECT = """edition: 2026
schema: schema.seg
rules: [rules.seg]
as_of: 2026-06-30
time_zone: Europe/Berlin
week_starts: sunday
currency: EUR
sources:
  customer: { path: customers.csv }
  buy: { path: buys.csv }
  call: { path: calls.csv }
"""
SCHEMA = """subject customer { key id: text, zone_name: text time zone }
event buy of customer { at: time, amount: number }
event call of customer { day: date }
"""
RULES = """segment regular { title "A", owner "x"
    every week enter when count(buy over last 14 days) >= 2 leave when did not buy over last 21 days stay at least 20 days }
segment quiet { title "A", owner "x"
    every day enter when did not buy over last 5 days and did not call over last 5 days leave when average(buy.amount over last 3 days) > 2 }
segment both { title "A", owner "x"
    every month enter when in segment regular leave when in segment quiet }
segment counted { title "A", owner "x"
    every 3 days enter when in segment regular or did call over last 2 days leave when sum(buy.amount) > 20 stay at least 100 hours }
segment plain { title "A", owner "x", when in segment both or in segment quiet }
"""
ZONES = ["Europe/Berlin", "Asia/Tehran", "America/New_York", "Pacific/Kiritimati", ""]


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def run(seg, folder, *arguments):
    done = subprocess.run([seg, "run", "--project", folder, "--no-progress", "--out", "-", *arguments], capture_output=True, text=True)
    if done.returncode != 0 or "warning S66" in done.stderr:
        raise SystemExit(f"seg run {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")
    return done.stdout


def check(seg, seed, days):
    chance = random.Random(seed)
    begin = datetime.date(2026, 1, 1) + datetime.timedelta(days=chance.randrange(0, 80))
    with tempfile.TemporaryDirectory(prefix="seg-sticky-") as name:
        folder = pathlib.Path(name)
        (folder / "seg.yaml").write_text(PROJECT, encoding="utf-8")
        (folder / "schema.seg").write_text(SCHEMA, encoding="utf-8")
        (folder / "rules.seg").write_text(RULES, encoding="utf-8")
        everyone = [(f"k{i}", chance.choice(ZONES), begin + datetime.timedelta(days=chance.randrange(-20, days))) for i in range(30)]
        buys, calls = [], []
        for key, _, first in everyone:
            for _ in range(chance.randrange(0, 12)):
                at = datetime.datetime.combine(first + datetime.timedelta(days=chance.randrange(0, 60)), datetime.time(11))
                buys.append((key, at, chance.choice(["", 1, 2, 3, 5])))
            for _ in range(chance.randrange(0, 3)):
                calls.append((key, first + datetime.timedelta(days=chance.randrange(0, 60))))
        num_members = 0
        day = begin
        while day < begin + datetime.timedelta(days=days):
            write(folder / "customers.csv", ["id", "zone_name"], [(k, z) for k, z, first in everyone if first <= day])
            write(folder / "buys.csv", ["customer", "at", "amount"], [(k, f"{at.isoformat()}Z", a) for k, at, a in buys if at.date() <= day])
            write(folder / "calls.csv", ["customer", "day"], [(k, d) for k, d in calls if d <= day])
            fresh = run(seg, folder, "--as-of", day.isoformat())
            kept = run(seg, folder, "--as-of", day.isoformat(), "--state", folder / "state.jsonl")
            if fresh != kept:
                raise SystemExit(f"seed {seed}, {day}: from nothing\n{fresh}\nand day by day\n{kept}")
            num_members += fresh.count("true")
            day += datetime.timedelta(days=chance.choice([1, 1, 1, 2, 9]))
        return num_members


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seg")
    parser.add_argument("--histories", type=int, default=3)
    parser.add_argument("--days", type=int, default=60)
    arguments = parser.parse_args()
    num_members = sum(check(arguments.seg, seed, arguments.days) for seed in range(arguments.histories))
    if num_members == 0:
        raise SystemExit("nobody was ever in")
    print(f"{arguments.histories} histories of {arguments.days} days: the same members, {num_members:,} of them")


if __name__ == "__main__":
    main()
