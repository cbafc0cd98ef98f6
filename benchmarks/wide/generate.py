#!/usr/bin/env python3
"""The wide workload: customers of 60 columns, two event tables in random order, and segments over them in a neutral form.

    generate.py data --customers 1000000 --out DIR [--seed N] [--in-order] [--row-groups ROWS] [--compression snappy]
    generate.py segments --number 100 --out FILE [--seed N]

The same arguments give the same files, in memory that does not grow with the number of customers. Keys are scattered over 34 bits and lie in
no order. Events come in sessions, a minute or none apart, so that many lie at one instant; a session's number is the customer's own (1, 2, …),
so that two customers have equal ones. Amounts are in cents: those of orders as doubles, their discounts as decimals.
docs/performance.md says what the workload is for; README.md has the neutral form.
"""
import argparse
import json
import pathlib
import shutil
import tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import segments
import vocabulary as words

BLOCK = 100_000  # customers that are drawn together; each block has a random stream of its own
CUSTOMER_ROW_GROUP = 50_000
BUCKET_EVENTS = 3_000_000  # events that are shuffled at once
EPOCH_DAY = words.END_MINUTE // 1440  # of the as-of day
ARROW = {
    "integer": pa.int64(), "number": pa.float64(), "money": pa.float64(), "flag": pa.bool_(), "date": pa.date32(), "time": pa.timestamp("ms"), "text": pa.string(),
    "choice": pa.string(), "ranked": pa.string(), "list": pa.list_(pa.string()),
}

VISIT = np.dtype([("customer", "i8"), ("at", "i8"), ("session", "i4"), ("kind", "i1"), ("channel", "i1"), ("category", "i1"), ("campaign", "i2"), ("seconds", "i4"), ("depth", "i1")])
PURCHASE = np.dtype(
    [("customer", "i8"), ("at", "i8"), ("session", "i4"), ("order_no", "i8"), ("amount", "i8"), ("discount", "i8"), ("category", "i1"), ("payment", "i1"), ("status", "i1")]
    + [("store", "i2"), ("channel", "i1"), ("items", "i1"), ("rating", "i1")]
)
CODED = {
    "kind": list(words.KINDS), "channel": list(words.CHANNELS), "category": words.CATEGORIES, "campaign": words.CAMPAIGNS, "payment": list(words.PAYMENTS),
    "status": list(words.STATUSES), "store": words.STORES,
}
MISSING = -1  # of the codes and numbers of an event


def scattered(first, number):
    """Keys of customers: different ones in no order."""
    return (np.arange(first + 1, first + number + 1, dtype=np.int64) * 0x9E3779B1) & ((1 << 34) - 1)


def draw(rng, shares, n):
    return rng.choice(len(shares), n, p=np.array(list(shares.values())) / sum(shares.values())).astype(np.int8)


def zipf(rng, number, exponent, n):
    weights = np.arange(1, number + 1) ** -exponent
    return rng.choice(number, n, p=weights / weights.sum())


def texts(values, codes):
    return pa.array(values, pa.string()).take(pa.array(codes, mask=codes == MISSING))


# --- customers ----------------------------------------------------------------------------------------------------------------------


def draw_list(rng, values, n):
    number = rng.choice(6, n, p=[0.2, 0.2, 0.2, 0.2, 0.12, 0.08])
    place = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    codes = (np.repeat(zipf(rng, len(values), 0.6, n), number) + place * np.repeat(rng.integers(1, len(values) // 6, n), number)) % len(values)
    return pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(number)]).astype(np.int32)), pa.array(values).take(pa.array(codes)))


def draw_column(rng, kind, missing, source, n):
    """An Arrow array."""
    mask = rng.random(n) < missing
    if missing == 1:
        return pa.nulls(n, ARROW[kind])
    match kind:
        case "text":
            codes = zipf(rng, len(source), 0.7, n)
            return pa.array(source, pa.string()).take(pa.array(codes, mask=mask))
        case "choice" | "ranked":
            return pa.array(list(source), pa.string()).take(pa.array(draw(rng, source, n), mask=mask))
        case "date":
            return pa.array((EPOCH_DAY + rng.integers(source[0], source[1] + 1, n)).astype(np.int32), pa.date32(), mask=mask)
        case "time":
            return pa.array((words.END_MINUTE * 60_000 - 1 - np.floor(rng.random(n) ** 1.7 * source * 86_400_000)).astype(np.int64), pa.timestamp("ms"), mask=mask)
        case "money":
            return pa.array(np.rint(rng.lognormal(*source, n) * 100) / 100, mask=mask)
        case "flag":
            return pa.array(rng.random(n) < source, mask=mask)
        case "integer":
            return pa.array(np.minimum(source[0] + np.floor(rng.exponential(0.25, n) * (source[1] - source[0] + 1)), source[1]).astype(np.int64), mask=mask)
        case "number":
            return pa.array(rng.normal(50, 5 + source, n), mask=mask)
        case "list":
            return draw_list(rng, source, n)
    raise ValueError(kind)


def draw_customers(rng, ids):
    columns = {"id": pa.array(ids)}
    for name, (kind, missing, source) in words.COLUMNS.items():
        if name != "id":
            columns[name] = draw_column(rng, kind, missing, source, len(ids))
    return pa.table(columns)


# --- events -------------------------------------------------------------------------------------------------------------------------


def draw_events(rng, ids, first_order):
    """Visits and orders of some customers, as records. A fifth of the customers have none, few have hundreds."""
    n = len(ids)
    sessions = np.where(rng.random(n) < 0.2, 0, np.clip(np.floor(rng.lognormal(0.75, 1.05, n)), 1, 120)).astype(np.int64)
    owner = np.repeat(ids, sessions)
    m = len(owner)
    number = (np.arange(m) - np.repeat(np.cumsum(sessions) - sessions, sessions) + 1).astype(np.int32)
    start = words.END_MINUTE - 1 - np.floor(rng.random(m) ** 1.3 * words.HISTORY_DAYS * 1440).astype(np.int64)

    length = 1 + rng.poisson(1.6, m)
    session = np.repeat(np.arange(m), length)
    first = np.repeat(np.cumsum(length) - length, length)
    gap = rng.choice([0, 0, 1, 2, 4, 9, 45], len(session)).astype(np.int64)
    elapsed = np.cumsum(gap)
    visits = np.zeros(len(session), VISIT)
    visits["customer"] = owner[session]
    visits["at"] = np.minimum(start[session] + elapsed - elapsed[first], words.END_MINUTE - 1)
    visits["session"] = np.where(rng.random(len(session)) < 0.04, MISSING, number[session])
    interest = zipf(rng, 60, 0.8, m)  # of a session; most of its events are about it
    visits["kind"] = draw(rng, words.KINDS, len(session))
    visits["channel"] = draw(rng, words.CHANNELS, m)[session]
    visits["category"] = np.where(rng.random(len(session)) < 0.7, interest[session], zipf(rng, 60, 0.8, len(session)))
    visits["campaign"] = np.where(rng.random(len(session)) < 0.75, MISSING, zipf(rng, len(words.CAMPAIGNS), 0.9, len(session)))
    visits["seconds"] = np.where(rng.random(len(session)) < 0.03, MISSING, np.minimum(rng.exponential(70, len(session)), 3600))
    visits["depth"] = 1 + rng.poisson(2, len(session))

    ordered = np.flatnonzero(rng.random(m) < 0.45)
    ordered = np.concatenate([ordered, ordered[rng.random(len(ordered)) < 0.12]])  # some orders are split: two at one instant
    last = np.zeros(m, np.int64)
    last[session] = visits["at"]
    in_shop = rng.random(len(ordered)) < 0.15
    at = np.where(in_shop, start[ordered] + 1440 * 3, last[ordered] + rng.choice([0, 3, 20, 300, 2000], m)[ordered])
    purchases = np.zeros(len(ordered), PURCHASE)
    purchases["customer"] = owner[ordered]
    purchases["at"] = np.minimum(at, words.END_MINUTE - 1)
    purchases["session"] = np.where(in_shop, MISSING, number[ordered])
    purchases["order_no"] = first_order + rng.permutation(len(ordered))
    cents = np.maximum(np.rint(rng.lognormal(3.6, 0.9, len(ordered)) * 100), 1)
    purchases["amount"] = np.where(rng.random(len(ordered)) < 0.01, MISSING, cents)
    purchases["discount"] = np.where(rng.random(len(ordered)) < 0.6, MISSING, np.rint(cents * rng.random(len(ordered)) * 0.3))
    purchases["category"] = np.where(rng.random(len(ordered)) < 0.8, interest[ordered], zipf(rng, 60, 0.8, len(ordered)))
    purchases["payment"] = draw(rng, words.PAYMENTS, len(ordered))
    purchases["status"] = draw(rng, words.STATUSES, len(ordered))
    purchases["store"] = np.where(in_shop, zipf(rng, 150, 0.5, len(ordered)), MISSING)
    purchases["channel"] = draw(rng, words.CHANNELS, len(ordered))
    purchases["items"] = 1 + rng.poisson(1.5, len(ordered))
    purchases["rating"] = np.where(rng.random(len(ordered)) < 0.8, MISSING, rng.integers(1, 6, len(ordered)))
    return visits, purchases


def events_table(records):
    columns = {}
    for name in records.dtype.names:
        values = np.ascontiguousarray(records[name])
        if name in CODED:
            columns[name] = texts(CODED[name], values)
        elif name == "at":
            columns[name] = pa.array(values * 60_000, pa.timestamp("ms"))
        elif name == "amount":
            columns[name] = pa.array(values / 100, mask=values == MISSING)
        elif name == "discount":  # the digits of an integer as those of a decimal
            wide = pa.array(np.maximum(values, 0)).cast(pa.decimal128(19, 0))
            moved = pa.Array.from_buffers(pa.decimal128(19, 2), len(values), [None, wide.buffers()[1]]).cast(pa.decimal128(10, 2))
            columns[name] = pa.compute.if_else(pa.array(values != MISSING), moved, pa.scalar(None, moved.type))
        elif name in ("session", "seconds", "rating"):
            columns[name] = pa.array(values, mask=values == MISSING)
        else:
            columns[name] = pa.array(values)
    return pa.table(columns)


class EventWriter:
    """One event table. In order: each block as it comes, by customer and time. Shuffled: each event goes to one of a number of buckets on disk,
    and the buckets are shuffled one after another."""

    def __init__(self, path, options, dtype, scratch):
        self.path, self.options, self.dtype = path, options, dtype
        self.writer, self.number, self.scratch = None, 0, None
        if not options.in_order:
            self.scratch = pathlib.Path(scratch) / path.stem
            self.scratch.mkdir()
            self.buckets = [open(self.scratch / str(k), "wb") for k in range(max(1, options.customers * 10 // BUCKET_EVENTS))]

    def write_table(self, records):
        for first in range(0, len(records), self.options.row_groups):
            table = events_table(records[first : first + self.options.row_groups])
            if self.writer is None:
                self.writer = pq.ParquetWriter(self.path, table.schema, compression=self.options.compression)
            self.writer.write_table(table, row_group_size=self.options.row_groups)

    def add(self, rng, records, ids):
        self.number += len(records)
        if self.options.in_order:  # that of the customers' file
            by_key = np.argsort(ids)
            rank = by_key[np.searchsorted(ids, records["customer"], sorter=by_key)]
            self.write_table(records[np.lexsort((records["at"], rank))])
            return
        bucket = rng.integers(0, len(self.buckets), len(records))
        order = np.argsort(bucket, kind="stable")
        ends = np.cumsum(np.bincount(bucket, minlength=len(self.buckets)))
        for file, part in zip(self.buckets, np.split(records[order], ends[:-1]), strict=True):
            file.write(part.tobytes())

    def close(self, seed):
        if not self.options.in_order:
            for number, file in enumerate(self.buckets):
                file.close()
                records = np.fromfile(file.name, self.dtype)
                self.write_table(records[np.random.default_rng([seed, 1 << 30, number]).permutation(len(records))])
        self.writer.close()


def write_data(options):
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    scratch = tempfile.mkdtemp(prefix="shuffle-", dir=folder)
    try:
        tables = [EventWriter(folder / f"{name}.parquet", options, dtype, scratch) for name, dtype in (("visits", VISIT), ("orders", PURCHASE))]
        customers = None
        for block, first in enumerate(range(0, options.customers, BLOCK)):
            rng = np.random.default_rng([options.seed, block])
            ids = scattered(first, min(BLOCK, options.customers - first))
            table = draw_customers(rng, ids)
            customers = customers or pq.ParquetWriter(folder / "customers.parquet", table.schema, compression=options.compression)
            customers.write_table(table, row_group_size=CUSTOMER_ROW_GROUP)
            for writer, records in zip(tables, draw_events(rng, ids, first * 1000), strict=True):
                writer.add(rng, records, ids)
        customers.close()
        for writer in tables:
            writer.close(options.seed)
    finally:
        shutil.rmtree(scratch)
    about = {
        "workload": "wide", "customers": options.customers, "events": sum(writer.number for writer in tables), "seed": options.seed,
        "shuffled": not options.in_order, "row_groups": options.row_groups, "compression": options.compression,
        "bytes": {name: (folder / f"{name}.parquet").stat().st_size for name in ("customers", "visits", "orders")},
    }
    (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n")
    print(json.dumps(about))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    data = commands.add_parser("data")
    data.add_argument("--customers", type=int, default=1_000_000)
    data.add_argument("--in-order", action="store_true", help="events by customer and time instead of in random order")
    data.add_argument("--row-groups", type=int, default=500_000, metavar="ROWS", help="rows of an event row group")
    data.add_argument("--compression", default="snappy")
    drawn = commands.add_parser("segments")
    drawn.add_argument("--number", type=int, default=100)
    for command in (data, drawn):
        command.add_argument("--out", required=True)
        command.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    write_data(options) if options.command == "data" else segments.write(options)


if __name__ == "__main__":
    main()
