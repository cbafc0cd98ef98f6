#!/usr/bin/env python3
"""Ranks and figures of `seg run` against DuckDB, on random data: 60% equal values, missing values, groups, segments.

Usage: population_peer.py SEG [--rows N] [--seed N]. Prints the largest difference of each figure; anything but 0 of a tile, rank, top or
quantile is a failure, as is more than the last digits of a standard deviation.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

import duckdb

SCHEMA = """subject customer { key id: integer, country: text, points: integer, weight: number, income: money, opened: date, active: flag }
"""
PROJECT = """edition: 2026
schema: schema.seg
rules: [rules.seg]
as_of: 2026-06-30
time_zone: UTC
currency: EUR
sources: { customer: { path: customer.csv } }
lints: { missing-owner: off, missing-title: off }
"""
VALUES = ["points", "weight", "income"]
SCOPES = {  # name -> (ranks' clause, figures' clause, rows that count, partition)
    "all": ("", "across everyone", "true", ""),
    "country": (" per country", "across everyone per country", "country IS NOT NULL", "country"),
    "active": (" among segment busy", "across segment busy", "active", ""),
    "both": (" among segment busy per country", "across segment busy per country", "active AND country IS NOT NULL", "country"),
}
SHARES = [0, 10, 25, 33, 50, 90, 99, 100]
COUNTS = [0, 1, 7, 100, 1_000_000]


def value(random_source, kind):
    if random_source.random() < 0.1:
        return ""
    if random_source.random() < 0.6:  # of few values
        return random_source.choice({"points": [3, 5, 8], "weight": [0.1, -2.5, 1e6], "income": ["10.00", "10.01", "-5.5"]}[kind])
    if kind == "points":
        return random_source.randint(-1000, 1000)
    if kind == "weight":
        return repr(random_source.choice([random_source.gauss(0, 1e-3), random_source.gauss(1e6, 1e5)]))
    return f"{random_source.uniform(-1e6, 1e6):.4f}"


def write_data(path, rows, source):
    with open(path, "w", encoding="utf-8") as out:
        out.write("id,country,points,weight,income,opened,active\n")
        for i in range(rows):
            country = source.choice(["", "DE", "DE", "DE", "FR", "FR", "CH", f"X{source.randint(1, 50)}"])
            opened = "" if source.random() < 0.1 else f"20{source.randint(10, 25)}-0{source.randint(1, 9)}-11"
            cells = [i, country, *(value(source, kind) for kind in VALUES), opened, source.choice(["yes", "no", ""])]
            out.write(",".join(str(cell) for cell in cells) + "\n")


def rules_and_queries():
    rules, queries = ["segment busy { when active }"], {}

    def metric(name, text, sql):
        rules.append(f"metric {name} = {text}")
        queries[name] = sql

    def segment(name, text, sql):
        rules.append(f"segment {name} {{ when {text} }}")
        queries[name] = sql

    for kind in VALUES:
        for scope, (ranks, figures, counts, part) in SCOPES.items():
            name = f"{kind}_{scope}"
            rows = f"FROM customer WHERE {kind} IS NOT NULL AND {counts}"
            over = f"PARTITION BY {part} " if part else ""
            window = f"OVER ({over}ORDER BY {kind})"
            size = f"count(*) OVER ({over})" if over else "count(*) OVER ()"
            for tiles in (4, 5, 10, 20):
                metric(f"tile_{tiles}_{name}", f"ntile({kind}, {tiles}){ranks}", f"SELECT id, 1 + {tiles} * (rank() {window} - 1) // {size} {rows}")
            metric(f"percentile_{name}", f"percentile({kind}){ranks}", f"SELECT id, percent_rank() {window} {rows}")
            metric(f"rank_{name}", f"rank({kind}){ranks}", f"SELECT id, rank() OVER ({over}ORDER BY {kind} DESC) {rows}")
            for share in SHARES:
                for side, order in (("top", "DESC"), ("bottom", "")):
                    before = f"rank() OVER ({over}ORDER BY {kind} {order}) - 1"
                    segment(f"{side}_{share}_share_{name}", f"in {side} {share}% by {kind}{ranks}", f"SELECT id FROM (SELECT id, {before} AS before, {size} AS n {rows}) WHERE before * 100 < {share} * n")
            for n in COUNTS:
                for side, order, tie in (("top", "DESC", "earliest"), ("bottom", "", "latest")):
                    before = f"rank() OVER ({over}ORDER BY {kind} {order})"
                    segment(f"{side}_{n}_{name}", f"in {side} {n} by {kind}{ranks}", f"SELECT id FROM (SELECT id, {before} AS place {rows}) WHERE place <= {n}")
                    tied = f"rank() OVER ({over}ORDER BY {kind} {order}, opened {'' if tie == 'earliest' else 'DESC'} NULLS LAST)"
                    segment(f"{side}_{n}_tied_{name}", f"in {side} {n} by {kind}{ranks} with ties by {tie} opened", f"SELECT id FROM (SELECT id, {tied} AS place {rows}) WHERE place <= {n}")
            of = {"average": "avg({})", "sum": "coalesce(sum({}), 0)", "count": "count({})", "minimum": "min({})", "maximum": "max({})", "median": "median({})", "deviation": "stddev_pop({})"}
            everyone = f"SELECT c.id, f.figure FROM customer c, (SELECT {{}} AS figure FROM customer WHERE {counts}) f"
            grouped = f"SELECT c.id, f.figure FROM customer c JOIN (SELECT country, {{}} AS figure FROM (SELECT country, CASE WHEN {counts} THEN {kind} END AS v FROM customer WHERE country IS NOT NULL) GROUP BY country) f ON c.country = f.country"
            for function, sql in of.items():
                figure = sql.format("v" if part else kind)
                metric(f"{function}_{name}", f"{function}({kind} {figures})", (grouped if part else everyone).format(figure))
            for share in SHARES:
                figure = f"quantile_disc({'v' if part else kind}, {share / 100})"
                metric(f"quantile_{share}_{name}", f"quantile({kind} {figures}, {share}%)", (grouped if part else everyone).format(figure))
    return rules, queries


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seg")
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seg = str(pathlib.Path(options.seg).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder / "customer.csv", options.rows, random.Random(options.seed))
        rules, queries = rules_and_queries()
        (folder / "schema.seg").write_text(SCHEMA)
        (folder / "rules.seg").write_text("\n".join(rules) + "\n")
        (folder / "seg.yaml").write_text(PROJECT)
        out = folder / "members.parquet"
        subprocess.run([seg, "run", "--project", folder, "--out", out, "--no-progress"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        base = duckdb.connect()
        base.execute(f"CREATE TABLE customer AS SELECT id, nullif(country, '') AS country, points, weight, income, opened, active = 'yes' AS active FROM read_csv('{folder}/customer.csv', types={{'id': 'BIGINT', 'points': 'BIGINT', 'weight': 'DOUBLE', 'income': 'DECIMAL(18,4)', 'opened': 'DATE', 'active': 'VARCHAR'}})")
        return compare(out, base, queries)


def allowed(name, peer):
    """Exact but for what DuckDB adds up in binary64 in the order of rows, and for money, which Seg rounds to four decimals."""
    function, kind = name.split("_")[0], name
    if function not in ("average", "deviation", "sum", "median", "percentile"):
        return 0
    rounded = 0.00011 if "_income_" in kind and function != "sum" else 0
    return rounded + 1e-9 * max(1, abs(peer))


def compare(out, base, queries):
    columns = [row[0] for row in base.execute(f"DESCRIBE SELECT * FROM read_parquet('{out}')").fetchall()]
    key = columns[0]
    largest, num_values, wrong = {}, 0, []
    for name, query in queries.items():
        is_segment = name.split("_")[0] in ("top", "bottom")
        wanted = dict((row[0], True if is_segment else row[1]) for row in base.execute(query).fetchall() if len(row) == 1 or row[1] is not None)
        got = dict(base.execute(f'SELECT "{key}", "{name}" FROM read_parquet(\'{out}\') WHERE "{name}" IS NOT NULL').fetchall())
        if is_segment:
            got = {row: True for row, is_in in got.items() if is_in}
        if wanted.keys() != got.keys():
            wrong.append(f"{name}: {len(wanted)} values in DuckDB, {len(got)} here")
            continue
        num_values += len(got)
        group = "_".join(name.split("_")[:1])
        for row, peer in wanted.items():
            difference = 0 if is_segment else abs(float(peer) - float(got[row]))
            largest[group] = max(largest.get(group, 0), difference)
            if difference > allowed(name, float(peer)):
                wrong.append(f"{name}: {peer} in DuckDB, {got[row]} here")
                break
    print(f"{len(queries)} figures, {num_values} values; largest difference: " + ", ".join(f"{k} {v:.3g}" for k, v in sorted(largest.items())))
    print("\n".join(wrong) if wrong else "equal")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
