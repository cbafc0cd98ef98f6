#!/usr/bin/env python3
"""Compares the members that engines wrote: compare_members.py A.parquet B.parquet … Each has `id` and a flag for each segment of the last; missing
means no. Rows may come in any order. Exit code 1 and the first differences if any."""
import sys

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq


def main():
    names = sys.argv[1:]
    files = [pq.ParquetFile(name) for name in names]
    order = []
    for name, file in zip(names, files, strict=True):
        ids = file.read(["id"])["id"].to_numpy()
        order.append(np.argsort(ids, kind="stable"))
        if not order[1:] and len(np.unique(ids)) != len(ids):
            sys.exit(f"{name}: some ids are there twice")
        expected = ids[order[-1]] if not order[1:] else expected  # noqa: F821  (of the first file)
        if not np.array_equal(ids[order[-1]], expected):
            sys.exit(f"{name}: other customers than in {names[0]}")
    segments = [name for name in files[-1].schema_arrow.names if name != "id"]  # others may have columns that rules share
    findings = []
    for segment in segments:
        flags = [pc.fill_null(file.read([segment])[segment].cast("bool"), False).to_numpy()[rows] for file, rows in zip(files, order, strict=True)]
        for name, other in zip(names[1:], flags[1:], strict=True):
            different = np.flatnonzero(flags[0] != other)
            if different.size:
                examples = ", ".join(str(id) for id in expected[different[:5]])
                findings.append(f"{segment}: {different.size} customers are in one of {names[0]} and {name} only: {examples}")
    if findings:
        sys.exit("\n".join(findings))
    print(f"  members agree: {len(segments)} segments, {len(expected):,} customers, {len(files)} engines")


if __name__ == "__main__":
    main()
