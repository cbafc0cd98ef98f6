#!/usr/bin/env python3
"""Polars as an expert would write it: one lazy plan for all segments, run by the streaming engine.

Each event set is a flag computed once; a feature is an aggregate over a flagged value; distinct values are bits of one integer, or-ed; the
next event of a sequence is a backward fill over rows that lie in the order of customer and time, without sort or join.
"""
import datetime
import json
import math
import os
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
from peer_process import arguments, report

options = arguments()
os.environ["POLARS_MAX_THREADS"] = str(options.threads)
import polars as pl  # noqa: E402  (the number of threads is read at import)

import rule_set  # noqa: E402
import vocabulary as words  # noqa: E402
from rule_set import born_until, key, since, zero_of_nothing  # noqa: E402

col = pl.col
VALUES = {"category": words.CATEGORIES, "channel": list(words.CHANNELS)}
EARTH_KM = 6371.0088
COMPARE = {
    "=": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
}


def one_of(column, values):
    return col(column) == values[0] if len(values) == 1 else col(column).is_in(values)


def in_event_set(events, with_time=True):
    condition = col("type") == events["type"]
    for column in ("category", "channel"):
        if column in events:
            condition &= one_of(column, events[column])
    if with_time and events.get("days"):
        condition &= col("ts") >= since(events["days"])
    return condition


def features_plan(rules, events):
    flags = {name: in_event_set(event_set) for name, event_set in rules.event_sets.values()}
    bits = {feature["field"] for _, feature in rules.features.values() if feature["function"] == "distinct"}
    powers = {c: pl.lit(pl.Series([1 << i for i in range(len(VALUES[c]))], dtype=pl.Int64)) for c in bits}
    flagged = events.filter(pl.any_horizontal(list(flags.values()))).with_columns(
        [condition.alias(name) for name, condition in flags.items()]
        + [powers[c].gather(col(c).cast(pl.Enum(VALUES[c])).to_physical()).alias("bit_" + c) for c in bits]
    )
    aggregates, distinct = [], []
    for name, feature in rules.features.values():
        flag = col(rules.event_set(feature))
        match feature["function"]:
            case "count":
                value = flag.sum()
            case "sum":
                value = pl.when(flag).then(col("amount")).otherwise(0.0).sum()
            case "average":
                value = pl.when(flag).then(col("amount")).mean()
            case "maximum":
                value = pl.when(flag).then(col("amount")).max()
            case "last time":
                value = pl.when(flag).then(col("ts")).max()
            case "distinct":
                value = pl.when(flag).then(col("bit_" + feature["field"])).otherwise(0).bitwise_or()
                distinct.append(col(name).bitwise_count_ones())
        aggregates.append(value.alias(name))
    return flagged.group_by("customer_id").agg(aggregates).with_columns(distinct)


def sequences_plan(rules, events):
    sequences = list(rules.sequences.values())
    types = sorted({step["type"] for _, sequence in sequences for step in (sequence["first"], sequence["then"])})
    longest = max(sequence["first"]["days"] for _, sequence in sequences)
    seconds = {}
    for _, sequence in sequences:
        seconds.setdefault(key(sequence["then"]), (f"next{len(seconds)}", sequence["then"]))
    following = []
    for name, second in seconds.values():
        is_second = in_event_set(second, with_time=False)
        following.append(pl.when(is_second).then(col("ts")).shift(-1).backward_fill().alias(name))
        following.append(pl.when(is_second).then(col("customer_id")).shift(-1).backward_fill().alias(name + "_of"))
    events = events.filter(one_of("type", types) & (col("ts") >= since(longest))).with_columns(following)
    holds = []
    for name, sequence in sequences:
        second = seconds[key(sequence["then"])][0]
        gap = datetime.timedelta(hours=sequence["within_hours"])
        met = ((col(second + "_of") == col("customer_id")) & (col(second) <= col("ts") + gap)).fill_null(False)
        if sequence["negated"]:  # only once the whole gap has passed by the end of the as-of day
            met = ~met & (col("ts") <= words.END - gap)
        holds.append((in_event_set(sequence["first"]) & met).alias(name))
    return events.select(["customer_id", *holds]).group_by("customer_id").agg([col(name).any() for name, _ in sequences])


def near(latitude, longitude, km):
    half = lambda degrees: (degrees.radians() / 2).sin().pow(2)  # noqa: E731
    haversine = half(col("lat") - latitude) + math.cos(math.radians(latitude)) * col("lat").radians().cos() * half(col("lon") - longitude)
    return haversine <= math.sin(km / (2 * EARTH_KM)) ** 2


class Conditions:
    def __init__(self, rules):
        self.rules = rules
        self.thresholds = {}

    def threshold(self, feature, share):
        name = self.rules.quantile(feature, share)
        value, has_value = self.ranked(feature)
        self.thresholds[name] = value.filter(has_value).quantile(share, interpolation="equiprobable").alias(name)
        return col(name)

    def ranked(self, feature):
        value = col(self.rules.feature(feature))
        if feature["function"] == "last time":
            return value.to_physical(), value.is_not_null()
        return value, (value > 0 if zero_of_nothing(feature) else value.is_not_null())

    def tile(self, rule):
        value, has_value = self.ranked(rule[1])
        above, at_most = self.rules.tile_limits(rule)
        if above:
            return has_value & (value > self.threshold(*above))
        return has_value & (value <= self.threshold(*at_most)) if at_most else has_value

    def of(self, rule):
        match rule:
            case ["all", first, *others]:
                condition = self.of(first)
                for other in others:
                    condition &= self.of(other)
                return condition
            case ["any", first, *others]:
                condition = self.of(first)
                for other in others:
                    condition |= self.of(other)
                return condition
            case ["not", condition]:
                return ~self.of(condition)
            case ["one of", field, values]:
                return one_of(field, values)
            case ["compare", field, compare, value]:
                return COMPARE[compare](col(field), value)
            case ["between", field, low, high]:
                return col(field).is_between(low, high)
            case ["aged", low, None]:
                return col("birth_date") <= born_until(low)
            case ["aged", low, high]:
                return (col("birth_date") <= born_until(low)) & (col("birth_date") > born_until(high + 1))
            case ["days since", field, compare, days]:
                return col(field) >= since(days) if compare == "<" else col(field) < since(days)
            case ["yes", field]:
                return col(field)
            case ["has", field, value]:
                return col(field).list.contains(value)
            case ["starts with", field, text]:
                return col(field).str.starts_with(text)
            case ["contains", field, text]:
                return col(field).str.contains(text, literal=True)
            case ["missing", field]:
                return col(field).is_null()
            case ["near", latitude, longitude, km]:
                return near(latitude, longitude, km)
            case ["feature", feature, compare, value]:
                return COMPARE[compare](col(self.rules.feature(feature)), value)
            case ["none", events]:
                return col(self.rules.feature(rule_set.count_of(events))) == 0
            case ["days since last", events, compare, days]:
                last = col(self.rules.feature(rule_set.last_of(events)))
                return last >= since(days) if compare == "<" else last < since(days)
            case ["sequence", sequence]:
                return col(self.rules.sequence(sequence))
            case ["tile", *_]:
                return self.tile(rule)
        raise ValueError(rule)


def plan(segments):
    rules = rule_set.RuleSet(segments)
    events = pl.scan_parquet(f"{options.data}/events.parquet")
    customers = pl.scan_parquet(f"{options.data}/customers.parquet").select(["id", *sorted(rules.fields)])
    if rules.features:
        customers = customers.join(features_plan(rules, events), left_on="id", right_on="customer_id", how="left")
    if rules.sequences:
        if json.loads(pathlib.Path(options.data, "about.json").read_text())["shuffled"]:
            events = events.sort("customer_id", "ts")
        customers = customers.join(sequences_plan(rules, events), left_on="id", right_on="customer_id", how="left")
    customers = customers.with_columns(
        [col(name).fill_null(0) for name, feature in rules.features.values() if zero_of_nothing(feature)]
        + [col(name).fill_null(False) for name, _ in rules.sequences.values()]
    )
    conditions = Conditions(rules)
    flags = [conditions.of(segment["rule"]).alias(segment["id"]) for segment in segments]
    if conditions.thresholds:
        customers = customers.with_columns(list(conditions.thresholds.values()))
    return customers.select(["id", *flags])


segments = rule_set.load(options.segments)


def evaluate():
    flags = plan(segments)
    if options.members:
        flags.sink_parquet(options.members, engine="streaming")
        return None
    return flags.select([col(segment["id"]).sum() for segment in segments]).collect(engine="streaming").row(0)


report("polars", pl.__version__, segments, evaluate)
