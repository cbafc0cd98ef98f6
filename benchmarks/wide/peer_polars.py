#!/usr/bin/env python3
"""Polars as an expert would write the wide workload: one lazy plan for all segments, run by the streaming engine.

Each event set is a flag computed once; a feature is an aggregate over a flagged value; few distinct values are bits of one integer, or-ed, and so
are the periods of a regularity; first and last values are the maximum of time and code in one integer. For sequences customer, session and minute
are one integer to sort by, and "the next such event" is a backward fill, taken past the events of the same instant.
"""
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
from rule_set import CODED, scaled, zero_of_nothing  # noqa: E402

col = pl.col
TABLES = ("visits", "orders")
SEGMENTS_A_PLAN = 250  # sequences are not streamed: a thousand in one plan would take more memory than there is at a million customers
COMPARE = {"=": lambda a, b: a == b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
CENTS = pl.Decimal(10, 2)
MINUTE_BITS = 21  # of the integer that sequences are sorted by; a minute beyond the gap stays in its field
FIRST_MINUTE = words.END_MINUTE - words.HISTORY_DAYS * 1440 - 1440
NEVER = (1 << 63) - 1
assert words.HISTORY_DAYS * 1440 + 1440 + 90 * 1440 < 1 << MINUTE_BITS


def one_of(column, values):
    return col(column) == values[0] if len(values) == 1 else col(column).is_in(values)


def simple(rule):
    match rule:
        case ["one of", field, values]:
            return one_of(field, values)
        case ["compare", "discount", compare, value]:
            return COMPARE[compare](col("discount"), pl.lit(f"{value:.2f}").cast(CENTS))
        case ["compare", field, compare, value]:
            return COMPARE[compare](col(field), value)
        case ["missing", field]:
            return col(field).is_null()
        case ["not missing", field]:
            return col(field).is_not_null()
    return None


def both(conditions):
    conditions = list(conditions)
    whole = conditions[0] if conditions else pl.lit(True)
    for other in conditions[1:]:
        whole &= other
    return whole


def selected(events):
    kind = [] if events["event"] == "purchase" else [col("kind") == events["event"]]
    return both(kind + [simple(condition) for condition in events["where"]])


def in_period(period):
    start, end = words.edges(period)
    return ([col("at") >= start] if start else []) + ([col("at") < end] if end != words.END else [])


# --- features of one event table


def cents(value):
    return (value * 100).round().cast(pl.Int64)


def aggregate(feature, flag):
    function, field = feature["function"], feature.get("field")
    kept = lambda name: pl.when(flag).then(col(name))  # noqa: E731
    match function:
        case "count":
            return flag.sum().cast(pl.Int64)
        case "distinct" if field in CODED:
            return kept("bit_" + field).otherwise(0).bitwise_or().bitwise_count_ones().cast(pl.Int64)
        case "distinct":
            return kept(field).drop_nulls().n_unique().cast(pl.Int64)
        case "sum":
            return cents(kept(field).otherwise(0.0).sum())
        case "average":  # in hundredths of a cent, rounded half up
            number = kept(field).count().cast(pl.Int64)
            return pl.when(number > 0).then((200 * cents(kept(field).sum()) + number) // (2 * number))
        case "maximum":
            return cents(kept(field).max())
        case "minimum":
            return cents(kept(field).min())
        case "last time":
            return kept("at").max()
        case "first time":
            return kept("at").min()
        case "last value":
            return kept("at_" + field).max()
        case "first value":
            return kept("at_" + field).min()
    raise ValueError(function)


def regularity(rules, drawn):
    flag = col(rules.selection(drawn["events"]))
    periods = col(rules.named(rules.periods, "p", drawn["periods"], drawn["periods"]))
    number = drawn["periods"][1]
    match drawn["rule"]:
        case ["did"]:
            return pl.when(flag).then(periods).otherwise(0).bitwise_or().bitwise_count_ones().cast(pl.Int64)
        case ["count", least]:
            holds = [(flag & (periods == 1 << k)).sum() >= least for k in range(number)]
        case ["sum", field, least]:
            holds = [pl.when(flag & (periods == 1 << k)).then(col(field)).otherwise(0.0).sum() >= least - 0.005 for k in range(number)]
    return pl.sum_horizontal([hold.cast(pl.Int64) for hold in holds])


def period_bits(drawn):
    edges = words.periods_one_by_one(*drawn)
    bits = pl.when(col("at") >= edges[0]).then(0)
    for k, edge in enumerate(edges[1:]):
        bits = bits.when(col("at") >= edge).then(1 << k)
    return bits.otherwise(0).cast(pl.Int64)


def features_plan(rules, table, events):
    features, regularities = rules.of_table(table, rules.features), rules.of_table(table, rules.regularities)
    if not features and not regularities:
        return None
    columns = [both([selected(drawn), *in_period(drawn["over"])]).alias(name) for name, drawn in rules.of_table(table, rules.event_sets)]
    columns += [selected(drawn).alias(name) for name, drawn in {rules.selection(drawn["events"]): drawn["events"] for _, drawn in regularities}.items()]
    columns += [period_bits(periods).alias(name) for name, periods in rules.periods.values() if any(drawn["periods"] == periods for _, drawn in regularities)]
    for function, field in sorted({(feature["function"].split()[-1], feature["field"]) for _, feature in features if "field" in feature}):
        code = col(field).cast(pl.Enum(CODED[field])).to_physical() if field in CODED else None
        if function == "distinct" and field in CODED:
            columns.append(pl.lit(pl.Series([1 << i for i in range(len(CODED[field]))], dtype=pl.Int64)).gather(code).alias("bit_" + field))
        elif function == "value":
            columns.append((minute() * 64 + code.cast(pl.Int64)).alias("at_" + field))
    if any(feature.get("field") == "discount" for _, feature in features):
        columns.append(col("discount").cast(pl.Float64).alias("discount_euros"))
    euros = lambda feature: {**feature, "field": "discount_euros"} if feature.get("field") == "discount" else feature  # noqa: E731
    aggregates = [aggregate(euros(feature), col(rules.event_set(feature["events"]))).alias(name) for name, feature in features]
    aggregates += [regularity(rules, drawn).alias(name) for name, drawn in regularities]
    values = [name for name, feature in features if feature["function"] in ("last value", "first value")]
    return events.with_columns(columns).group_by("customer").agg(aggregates).with_columns([col(name) % 64 for name in values])


# --- sequences


def minute():
    return col("at").dt.timestamp("ms") // 60_000


def sequences_plan(rules, tables):
    chains = [rule_set.Chain(name, sequence) for name, sequence in rules.sequences.values()]
    steps = {}
    name_of = lambda step: rules.named(steps, "s", [step["event"], step["where"]], step)  # noqa: E731
    for chain in chains:
        for step in chain.steps:
            name_of(step)
    parts = []
    for table in TABLES:
        flags = [(selected(step).fill_null(False) if rule_set.table_of(step) == table else pl.lit(False)).alias(name) for name, step in steps.values()]
        types = sorted({step["event"] for _, step in steps.values() if rule_set.table_of(step) == table})
        if types:
            wanted = col("at") >= min(chain.start for chain in chains)
            wanted = wanted & one_of("kind", types) if table == "visits" else wanted
            parts.append(tables[table].filter(wanted).select(["customer", col("session").fill_null(0).cast(pl.Int64), (minute() - FIRST_MINUTE).alias("minute"), *flags]))
    # customer and minute in one integer: a later minute of the same customer within the gap is a greater number not further away than the gap
    rows = pl.concat(parts).with_columns((col("customer") * (1 << MINUTE_BITS) + col("minute")).alias("by_customer"))
    ok = {(chain.name, len(chain.steps) - 1): name_of(chain.steps[-1]) for chain in chains}
    pending = [(phase, chain, position) for chain in chains for phase, position in chain.links]
    number, sorted_for = 0, None
    while pending:
        phase = min(phase for phase, _, _ in pending)  # the links of the earliest phase whose next step is known
        ready = [(chain, position) for p, chain, position in pending if p == phase and (chain.name, position + 1) in ok]
        if sorted_for != phase:
            rows = rows.sort("customer", "session", "minute") if phase % 2 == 0 else rows.sort("by_customer")
            sorted_for = phase
        run = ["by_customer", "session"] if phase % 2 == 0 else ["by_customer"]
        rows = rows.with_columns(pl.any_horizontal([col(name) != col(name).shift(-1) for name in run]).fill_null(True).alias("ends_instant"))
        nexts = {}
        for chain, position in ready:
            nexts.setdefault(ok[chain.name, position + 1], f"n{number}_{len(nexts)}")
        # the next such event past this instant; with sessions, the session it is in as well
        after = []
        for wanted, name in nexts.items():
            places = [(name, "by_customer")] + ([(name + "_in", "session")] if phase % 2 == 0 else [])
            for alias, place in places:
                following = pl.when(col(wanted)).then(col(place)).backward_fill().shift(-1)
                after.append(pl.when(col("ends_instant")).then(following.fill_null(NEVER)).backward_fill().alias(alias))
        rows = rows.with_columns(after)
        holds = []
        for chain, position in ready:
            step, following = chain.steps[position], chain.steps[position + 1]
            name, gap = nexts[ok[chain.name, position + 1]], chain.minutes[position + 1]
            met = col(name) <= col("by_customer") + gap
            if phase % 2 == 0:
                met = met & (col(name + "_in") == col("session")) & (col("session") > 0)
            if following["not"]:  # only once the whole gap has passed by the end of the as-of day
                met = ~met & (col("minute") <= words.END_MINUTE - FIRST_MINUTE - gap)
            if position == 0:
                met = met & (col("minute") >= words.END_MINUTE - FIRST_MINUTE - int((words.END - chain.start).total_seconds() // 60))
            ok[chain.name, position] = f"{chain.name}_{position}"
            holds.append((col(name_of(step)) & met).alias(f"{chain.name}_{position}"))
        rows = rows.with_columns(holds)
        pending = [(p, chain, position) for p, chain, position in pending if (chain, position) not in ready]
        number += 1
    return rows.group_by("customer").agg([col(f"{chain.name}_0").any().alias(chain.name) for chain in chains])


# --- conditions


def born_until(age):
    return words.AS_OF.replace(year=words.AS_OF.year - age)


def since(field, days):
    """The first day, or instant, of the last `days` days."""
    day = words.back(days, "days")
    return words.instant(day) if words.COLUMNS[field][0] == "time" else day


class Conditions:
    def __init__(self, rules):
        self.rules = rules
        self.thresholds = {}

    def rank(self, rule):
        value = col(self.rules.value(rule[1] if rule[0] == "tile" else rule[2]))
        name = self.rules.threshold(rule)
        if name is None:
            return value.is_not_null()
        _, how, group = next(thing for known, thing in self.rules.thresholds.values() if known == name)
        match how:
            case ["lowest", share]:
                threshold = value.quantile(share, interpolation="equiprobable")
            case ["highest", share]:
                threshold = -(-value).quantile(share, interpolation="equiprobable")
            case ["nth highest", number]:
                threshold = value.top_k(number).min()
            case ["nth lowest", number]:
                threshold = value.bottom_k(number).max()
        self.thresholds.setdefault(group, {})[name] = threshold.alias(name)
        if rule[0] == "tile":
            return value > col(name) if rule[3] == ">=" else value <= col(name)
        return value >= col(name) if rule[1] == "top" else value <= col(name)

    def of(self, rule):
        rules = self.rules
        if (condition := simple(rule)) is not None:
            return condition
        match rule:
            case ["all", *items]:
                return both(self.of(item) for item in items)
            case ["any", first, *others]:
                condition = self.of(first)
                for other in others:
                    condition |= self.of(other)
                return condition
            case ["some", least, *items]:
                return pl.sum_horizontal([self.of(item).fill_null(False).cast(pl.Int8) for item in items]) >= least
            case ["not", item]:
                return ~self.of(item)
            case ["between", field, low, high]:
                return col(field).is_between(low, high)
            case ["or else", field, other, compare, value]:
                return COMPARE[compare](col(field).fill_null(float(other)), value)
            case ["at least", field, least]:
                values = list(words.COLUMNS[field][2])
                return one_of(field, values[values.index(least) :])
            case ["starts with", field, text]:
                return col(field).str.starts_with(text)
            case ["contains", field, text]:
                return col(field).str.contains(text, literal=True)
            case ["yes", field]:
                return col(field)
            case ["has any", field, [first, *others]]:
                condition = col(field).list.contains(first)
                for other in others:
                    condition |= col(field).list.contains(other)
                return condition
            case ["aged", low, None]:
                return col("birth_date") <= born_until(low)
            case ["aged", low, high]:
                return (col("birth_date") <= born_until(low)) & (col("birth_date") > born_until(high + 1))
            case ["days since", str() as field, compare, days]:
                return col(field) >= since(field, days) if compare == "<" else col(field) < since(field, days)
            case ["days since", which, events, compare, days]:
                at, edge = col(rules.feature(rule_set.time_of(which, events))), words.instant(words.back(days, "days"))
                return at >= edge if compare == "<" else at < edge
            case ["feature", feature, compare, number]:
                return COMPARE[compare](col(rules.feature(feature)), scaled(feature, number))
            case ["none", events]:
                return col(rules.feature(rule_set.count_of(events))) == 0
            case ["ended with", which, field, events, values]:
                return one_of(rules.feature(rule_set.value_of(which, field, events)), [CODED[field].index(value) for value in values])
            case ["share", part, whole, compare, ratio]:
                return self.ratio(col(rules.feature(rule_set.count_of(part))), compare, ratio, col(rules.feature(rule_set.count_of(whole))))
            case ["against", feature, compare, ratio, before]:
                return self.ratio(col(rules.feature(feature)), compare, ratio, col(rules.feature(before)))
            case ["more", feature, before]:
                return col(rules.feature(feature)) > col(rules.feature(before))
            case ["regular", drawn]:
                return col(rules.regularity(drawn)) >= (drawn["least"] or drawn["periods"][1])
            case ["sequence", sequence]:
                return col(rules.sequence(sequence))
            case ["tile" | "top share" | "top", *_]:
                return self.rank(rule)
        raise ValueError(rule)

    @staticmethod
    def ratio(above, compare, ratio, below):
        return pl.when(below != 0).then(COMPARE[compare](ratio[1] * above, ratio[0] * below))


def plan(segments):
    rules = rule_set.RuleSet(segments)
    tables = {table: pl.scan_parquet(f"{options.data}/{table}.parquet") for table in TABLES}
    customers = pl.scan_parquet(f"{options.data}/customers.parquet").select(["id", *sorted(rules.fields)])
    for table, events in tables.items():
        if (features := features_plan(rules, table, events)) is not None:
            customers = customers.join(features, left_on="id", right_on="customer", how="left")
    if rules.sequences:
        customers = customers.join(sequences_plan(rules, tables), left_on="id", right_on="customer", how="left")
    customers = customers.with_columns(
        [col(name).fill_null(0) for name, feature in rules.features.values() if zero_of_nothing(feature)]
        + [col(name).fill_null(0) for name, _ in rules.regularities.values()]
        + [col(name).fill_null(False) for name, _ in rules.sequences.values()]
    )
    conditions = Conditions(rules)
    flags = [conditions.of(segment["rule"]).alias(segment["id"]) for segment in segments]
    for group, thresholds in conditions.thresholds.items():
        if group is None:
            customers = customers.with_columns(list(thresholds.values()))
        else:
            of_group = customers.filter(col(group).is_not_null()).group_by(group).agg(list(thresholds.values()))
            customers = customers.join(of_group, on=group, how="left")
    return customers.select(["id", *flags])


segments = rule_set.load(options.segments)


def evaluate():
    if options.members:
        plan(segments).sink_parquet(options.members, engine="streaming")
        return None
    counts = []
    for first in range(0, len(segments), SEGMENTS_A_PLAN):
        some = segments[first : first + SEGMENTS_A_PLAN]
        counts += plan(some).select([col(segment["id"]).sum() for segment in some]).collect(engine="streaming").row(0)
    return counts


report("polars", pl.__version__, segments, evaluate)
