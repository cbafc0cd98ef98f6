#!/usr/bin/env python3
"""The workload: customers and events as Parquet, and segments over them in a neutral form that no engine reads directly.

    generate.py data --customers 1000000 --out DIR [--seed N] [--shuffled] [--row-groups ROWS] [--compression snappy]
    generate.py segments --number 100 --out FILE [--seed N]

The same arguments give the same files. About ten events a customer: 22% have none, few have hundreds. Amounts are multiples of 0.25 and
incomes of 100, so that every engine's sums are exact. Times of one customer's events are different.
docs/performance.md says what the workload is for; README.md has the neutral form.
"""
import argparse
import json
import pathlib
import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import vocabulary as words

BLOCK = 250_000  # customers that are drawn together; each block has a random stream of its own
CUSTOMER_ROW_GROUP = 125_000

CUSTOMERS = pa.schema(
    [
        ("id", pa.int64()),
        ("birth_date", pa.date32()),
        ("gender", pa.string()),
        ("country", pa.string()),
        ("city", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("income", pa.float64()),
        ("education", pa.string()),
        ("signup", pa.timestamp("us")),
        ("consent", pa.bool_()),
        ("interests", pa.list_(pa.string())),
        ("household_size", pa.int8()),
        ("plan", pa.string()),
    ]
)
EVENTS = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("ts", pa.timestamp("us")),
        ("type", pa.string()),
        ("amount", pa.float64()),
        ("category", pa.string()),
        ("channel", pa.string()),
    ]
)
CODED = {"type": list(words.TYPES), "category": words.CATEGORIES, "channel": list(words.CHANNELS)}


def texts(values, codes):
    return pa.array(values, pa.string()).take(pa.array(codes))


def draw(rng, shares, n):
    return rng.choice(len(shares), n, p=list(shares.values())).astype(np.int8)


def draw_interests(rng, n):
    """Up to five different ones each, the popular ones more often: positions of a random walk over the list."""
    number = rng.choice(6, n, p=[0.15, 0.20, 0.25, 0.20, 0.12, 0.08])
    steps = np.repeat(rng.integers(1, 8, n), number)  # 8 × 5 ≤ 40: no interest comes twice
    place = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    codes = (np.repeat(rng.choice(40, n, p=words.zipf(40, 0.7)), number) + place * steps) % 40
    offsets = np.concatenate([[0], np.cumsum(number)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts(words.INTERESTS, codes))


def draw_customers(rng, ids, cities):
    n = len(ids)
    city = rng.choice(words.NUM_CITIES, n, p=cities.shares)
    place = cities.places[city] + rng.normal(0, [0.15, 0.2], (n, 2))
    ages = np.clip(rng.normal(42, 16, n), 18, 95) * 365.25
    income = np.rint(rng.lognormal(10.4, 0.6, n) / 100) * 100
    known_for = np.floor(rng.random(n) ** 1.5 * 3800 * words.DAY).astype(np.int64)
    columns = {
        "id": ids,
        "birth_date": pa.array((words.END_US // words.DAY - 1 - ages).astype(np.int32), pa.date32()),
        "gender": texts(list(words.GENDERS), draw(rng, words.GENDERS, n)),
        "country": texts(words.COUNTRIES, cities.country[city]),
        "city": texts(cities.names, city),
        "lat": place[:, 0],
        "lon": place[:, 1],
        "income": pa.array(income, mask=rng.random(n) < 0.05),
        "education": texts(list(words.EDUCATION), draw(rng, words.EDUCATION, n)),
        "signup": pa.array(words.END_US - 1 - known_for, pa.timestamp("us")),
        "consent": rng.random(n) < 0.7,
        "interests": draw_interests(rng, n),
        "household_size": np.clip(1 + rng.poisson(1.6, n), 1, 8).astype(np.int8),
        "plan": texts(list(words.PLANS), draw(rng, words.PLANS, n)),
    }
    return pa.table(list(columns.values()), schema=CUSTOMERS)


def draw_times(rng, customer):
    """Visits at any time of two years; more than half of the events follow the one before within hours or days."""
    n = len(customer)
    if n == 0:
        return np.zeros(0, np.int64)
    fresh = rng.random(n) < 0.45
    fresh[0] = True
    fresh |= np.concatenate([[True], customer[1:] != customer[:-1]])
    start = np.floor(rng.random(n) * words.HISTORY_DAYS * words.DAY)
    gap = np.where(fresh, 0, rng.exponential(30 * 3.6e9, n))
    elapsed = np.cumsum(gap)
    first = np.maximum.accumulate(np.where(fresh, np.arange(n), 0))  # the event that began the visit
    since_begin = (start[first] + elapsed - elapsed[first]) % (words.HISTORY_DAYS * words.DAY)
    return words.END_US - words.HISTORY_DAYS * words.DAY + since_begin.astype(np.int64)


def draw_events(rng, ids):
    n = len(ids)
    number = np.clip(1 + np.floor(rng.lognormal(1.75, 1.25, n)), 1, 500).astype(np.int64)
    customer = np.repeat(ids, np.where(rng.random(n) < 0.22, 0, number))
    at = draw_times(rng, customer)
    at = at[np.lexsort((at, customer))]
    while (same := np.flatnonzero((customer[1:] == customer[:-1]) & (at[1:] <= at[:-1]))).size:
        at[same + 1] = at[same] + 1
    at = np.minimum(at, words.END_US - 1)
    m = len(customer)
    kind = draw(rng, words.TYPES, m)
    amount = np.maximum(np.rint(rng.lognormal(3.2, 0.9, m) * 4), 1) / 4
    amount[kind != list(words.TYPES).index("purchase")] = np.nan
    return {
        "customer_id": customer,
        "ts": at,
        "type": kind,
        "amount": amount,
        "category": rng.choice(50, m, p=words.zipf(50, 0.9)).astype(np.int8),
        "channel": draw(rng, words.CHANNELS, m),
    }


def events_table(codes):
    columns = []
    for field in EVENTS:
        values = codes[field.name]
        if field.name in CODED:
            columns.append(texts(CODED[field.name], values))
        elif field.name == "ts":
            columns.append(pa.array(values, pa.timestamp("us")))
        elif field.name == "amount":
            columns.append(pa.array(values, mask=np.isnan(values)))
        else:
            columns.append(pa.array(values))
    return pa.table(columns, schema=EVENTS)


def write_data(options):
    folder = pathlib.Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    cities = words.Cities()
    settings = {"compression": options.compression}
    num_events, shuffled = 0, []
    with (
        pq.ParquetWriter(folder / "customers.parquet", CUSTOMERS, **settings) as customers,
        pq.ParquetWriter(folder / "events.parquet", EVENTS, **settings) as events,
    ):
        for block, first in enumerate(range(0, options.customers, BLOCK)):
            rng = np.random.default_rng([options.seed, block])
            ids = np.arange(first + 1, min(first + BLOCK, options.customers) + 1, dtype=np.int64)
            customers.write_table(draw_customers(rng, ids, cities), row_group_size=CUSTOMER_ROW_GROUP)
            drawn = draw_events(rng, ids)
            num_events += len(drawn["ts"])
            if options.shuffled:
                shuffled.append(drawn)
            else:
                events.write_table(events_table(drawn), row_group_size=options.row_groups)
        if options.shuffled:
            order = np.random.default_rng([options.seed, 1 << 30]).permutation(num_events)
            whole = {name: np.concatenate([part[name] for part in shuffled])[order] for name in EVENTS.names}
            for first in range(0, num_events, options.row_groups):
                part = {name: values[first : first + options.row_groups] for name, values in whole.items()}
                events.write_table(events_table(part), row_group_size=options.row_groups)
    about = {
        "workload": "first",
        "customers": options.customers,
        "events": num_events,
        "seed": options.seed,
        "shuffled": options.shuffled,
        "row_groups": options.row_groups,
        "compression": options.compression,
        "bytes": {name: (folder / f"{name}.parquet").stat().st_size for name in ("customers", "events")},
    }
    (folder / "about.json").write_text(json.dumps(about, indent=1) + "\n")
    print(json.dumps(about))


# --- segments ----------------------------------------------------------------------------------------------------------------------

KINDS = ["profile", "events", "profile", "sequence", "events", "profile", "events", "population", "profile", "events"]


class Draw:
    """Draws segments as a team would write them: a stock of conditions and audiences that comes back in many of them."""

    def __init__(self, number, seed):
        self.random = random.Random(f"{seed}/{number}")
        self.cities = words.Cities()
        self.many = number > 200
        self.conditions = [self.profile_condition() for _ in range(350 if self.many else 70)]
        self.audiences = [self.criterion() for _ in range(40 if self.many else 10)]
        self.event_sets = self.draw_event_sets(100 if self.many else 25)
        self.pairs = self.draw_pairs()

    def some(self, values, low, high):
        return sorted(self.random.sample(list(values), self.random.randint(low, high)))

    def popular(self, values, exponent):
        return self.random.choices(values, list(words.zipf(len(values), exponent)))[0]

    def chance(self, share):
        return self.random.random() < share

    # Conditions on the customer
    def profile_condition(self):
        pick = self.random.choice
        kind = pick(
            ["age"] * 4 + ["gender"] * 2 + ["country"] * 4 + ["city"] * 2 + ["near"] * 3 + ["income"] * 3 + ["education"] * 2 + ["signup"] * 3
            + ["consent"] * 2 + ["interests"] * 4 + ["household"] * 2 + ["plan"] * 2 + ["prefix", "part", "part", "missing"]
        )
        if kind == "age":
            low = pick([18, 21, 25, 30, 35, 40, 50, 60])
            return ["aged", low, low + pick([4, 9, 14, 19]) if self.chance(0.6) else None]
        if kind == "country":
            return ["one of", "country", self.some(words.COUNTRIES[:16], 1, 5)]
        if kind == "city":
            return ["one of", "city", self.some(self.cities.names[:80], 1, 10)]
        if kind == "near":
            latitude, longitude = self.cities.places[self.random.randrange(60)]
            return ["near", round(float(latitude), 4), round(float(longitude), 4), pick([10, 25, 50, 100, 250])]
        if kind == "income":
            low = pick([15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 60_000, 80_000])
            return ["between", "income", low, low + pick([10_000, 20_000, 40_000])] if self.chance(0.4) else ["compare", "income", pick([">=", "<"]), low]
        if kind == "signup":
            return ["days since", "signup", pick(["<", ">="]), pick([7, 30, 90, 180, 365, 730, 1825])]
        if kind == "household":
            return ["compare", "household_size", pick([">=", ">=", "="]), self.random.randint(1, 5)]
        return {
            "gender": lambda: ["one of", "gender", [pick(["female", "male"])]],
            "education": lambda: ["one of", "education", self.some(words.EDUCATION, 1, 3)],
            "consent": lambda: ["yes", "consent"],
            "interests": lambda: ["has", "interests", self.popular(words.INTERESTS, 0.7)],
            "plan": lambda: ["one of", "plan", self.some(words.PLANS, 1, 2)],
            "prefix": lambda: ["starts with", "city", pick(self.cities.names[:80])[:2]],
            "part": lambda: ["contains", "city", pick(["ar", "en", "on", "st", "or", "il", "land", "port", "heim", "ford"])],
            "missing": lambda: ["missing", "income"],
        }[kind]()

    def criterion(self):
        condition, x = self.random.choice(self.conditions), self.random.random()
        if x < 0.62:
            return condition
        if x < 0.72:
            return ["not", condition]
        if x < 0.92:
            return ["any", *self.random.sample(self.conditions, self.random.randint(2, 3))]
        return ["any", condition, ["all", *self.random.sample(self.conditions, 2)]]

    def profile(self):
        number = self.random.randint(2, 4)
        return ["all", *[self.random.choice(self.audiences) if self.chance(0.3) else self.criterion() for _ in range(number)]]

    # Conditions on events
    def draw_event_sets(self, number):
        """Distinct (filter, window) pairs; days null: whenever."""
        sets = [{"type": "purchase", "days": days} for days in (30, 90, 365, None)]
        sets += [{"type": "view", "days": 7}, {"type": "view", "days": 30}, {"type": "email_open", "days": 30}, {"type": "cart", "days": 30}]
        while len(sets) < number:
            drawn = {"type": self.random.choices(list(words.TYPES), [3, 2, 2, 6, 1])[0]}
            x = self.random.random()
            if x < 0.35 or 0.55 <= x < 0.62:
                drawn["category"] = self.some(words.CATEGORIES[:25], 1, 3 if x < 0.35 else 1)
            if 0.35 <= x < 0.62:
                drawn["channel"] = self.some(list(words.CHANNELS)[:4], 1, 2)
            drawn["days"] = self.random.choice([7, 30, 90, 365])
            if drawn not in sets:
                sets.append(drawn)
        return sets

    def event_condition(self):
        pick, x = self.random.choice, self.random.random()
        chosen = self.popular(self.event_sets, 0.5)
        narrow = "category" in chosen or "channel" in chosen
        if x < 0.10:
            return ["days since last", {"type": "purchase", "days": None}, pick(["<", ">="]), pick([14, 30, 60, 90, 180])]
        if x < 0.22:
            return ["none", chosen]
        functions = ["count", "count", "distinct"] + (["sum", "sum", "average", "maximum"] if chosen["type"] == "purchase" else [])
        function = pick(functions)
        if function == "count":
            seldom = narrow or (chosen["days"] or words.HISTORY_DAYS) < 90
            return ["feature", {"function": "count", "events": chosen}, ">=", pick([1, 2, 3] if seldom else [2, 3, 5, 8])]
        if function == "distinct":
            return ["feature", {"function": "distinct", "field": "channel" if narrow else pick(["category", "channel"]), "events": chosen}, ">=", pick([2, 2, 3])]
        limit = pick({"sum": [25, 50, 100, 200, 400], "average": [20, 30, 40, 60], "maximum": [40, 60, 100, 150]}[function])
        return ["feature", {"function": function, "field": "amount", "events": chosen}, pick([">=", ">=", ">=", "<"]), limit]

    def events(self):
        conditions = [self.event_condition() for _ in range(self.random.randint(1, 3))]
        together = conditions[0] if len(conditions) == 1 else ["any" if self.chance(0.3) else "all", *conditions]
        others = [self.criterion() for _ in range(self.random.randint(0, 2))]
        return ["all", together, *others] if others else together

    # Sequences
    def draw_pairs(self):
        food = {"category": ["bread", "milk"]}
        pairs = [("view", "purchase", {}), ("cart", "purchase", {}), ("email_open", "view", {}), ("support", "purchase", {}), ("view", "purchase", food)]
        for _ in range(12 if self.many else 0):
            pairs.append((self.random.choice(["view", "cart"]), "purchase", {"category": self.some(words.CATEGORIES[:25], 1, 2)}))
        return pairs

    def sequence(self):
        first, second, narrowed = self.random.choice(self.pairs)
        drawn = [
            "sequence",
            {
                "first": {"type": first, **narrowed, "days": self.random.choice([30, 90, 365])},
                "then": {"type": second, **narrowed},
                "within_hours": self.random.choice([24, 72, 168]),
                "negated": self.chance(0.4),
            },
        ]
        x = self.random.random()
        return drawn if x < 0.35 else ["all", drawn, self.criterion() if x < 0.75 else self.event_condition()]

    # Against the population
    def population(self):
        year = {"type": "purchase", "days": 365}
        recency = {"function": "last time", "events": {"type": "purchase", "days": None}}
        frequency = {"function": "count", "events": year}
        monetary = {"function": "sum", "field": "amount", "events": year}
        if self.chance(0.45):
            views = {"function": "count", "events": {"type": "view", "days": 30}}
            basket = {"function": "average", "field": "amount", "events": year}
            number = self.random.choice([2, 4, 5, 10, 20, 100])
            best = ["tile", self.random.choice([monetary, monetary, frequency, views, basket]), number, ">=", number]
            return best if self.chance(0.5) else ["all", best, self.criterion()]
        tiles = []
        for feature in self.random.sample([recency, frequency, monetary], self.random.randint(1, 3)):
            high = self.chance(0.5)
            tiles.append(["tile", feature, 5, ">=" if high else "<=", self.random.choice([3, 4, 5] if high else [1, 2, 3])])
        return tiles[0] if len(tiles) == 1 else ["all", *tiles]


def write_segments(options):
    draw_segments = Draw(options.number, options.seed)
    segments = []
    for i in range(options.number):
        kind = KINDS[i % len(KINDS)]
        segments.append({"id": f"s{i:05d}" if options.number > 1000 else f"s{i:03d}", "kind": kind, "rule": getattr(draw_segments, kind)()})
    lines = ",\n".join(json.dumps(segment) for segment in segments)
    pathlib.Path(options.out).write_text(f'{{"as_of": "{words.AS_OF}", "seed": {options.seed}, "segments": [\n{lines}\n]}}\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    data = commands.add_parser("data")
    data.add_argument("--customers", type=int, default=1_000_000)
    data.add_argument("--shuffled", action="store_true", help="events in random order instead of by customer and time")
    data.add_argument("--row-groups", type=int, default=500_000, metavar="ROWS", help="rows of an event row group")
    data.add_argument("--compression", default="snappy")
    segments = commands.add_parser("segments")
    segments.add_argument("--number", type=int, default=100)
    for command in (data, segments):
        command.add_argument("--out", required=True)
        command.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    write_data(options) if options.command == "data" else write_segments(options)


if __name__ == "__main__":
    main()
