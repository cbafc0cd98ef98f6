#!/usr/bin/env python3
"""DuckDB as an expert would write it: one query for all segments (a hundred at a time), of which the aggregates are the heart.

Each event set is a flag computed once in a subquery; aggregates are over CASE, which DuckDB evaluates faster than FILTER; distinct values
are bits of one integer, or-ed; the next event of a sequence is a window function; rows that no event set wants are dropped first.
"""
import math
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import duckdb

import rule_set
import vocabulary as words
from peer_process import arguments, report
from rule_set import born_until, key, since, zero_of_nothing

EARTH_KM = 6371.0088
SEGMENTS_A_QUERY = 100


def literal(value):
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def instant(time):
    return f"TIMESTAMP '{time:%Y-%m-%d %H:%M:%S}'"


def one_of(column, values):
    return f"{column} = {literal(values[0])}" if len(values) == 1 else f"{column} IN ({', '.join(map(literal, values))})"


def in_event_set(events, with_time=True):
    conditions = [one_of("type", [events["type"]])]
    conditions += [one_of(column, events[column]) for column in ("category", "channel") if column in events]
    if with_time and events.get("days"):
        conditions.append(f"ts >= {instant(since(events['days']))}")
    return " AND ".join(conditions)


def aggregate(rules, feature):
    flag, function = rules.event_set(feature), feature["function"]
    if function == "distinct":
        return f"coalesce(bit_count(bit_or(CASE WHEN {flag} THEN bit_{feature['field']} END)), 0)"
    sql, value = {"count": ("count", "1"), "sum": ("sum", "amount"), "average": ("avg", "amount"), "maximum": ("max", "amount"), "last time": ("max", "ts")}[function]
    return f"{sql}(CASE WHEN {flag} THEN {value} END)"


def features_sql(rules, events):
    columns = ["customer_id", "ts"]
    if any(feature.get("field") == "amount" for _, feature in rules.features.values()):
        columns.append("amount")
    for column in ("category", "channel"):
        if any(feature["function"] == "distinct" and feature["field"] == column for _, feature in rules.features.values()):
            columns.append(f"1::BIGINT << (enum_code({column}::enum_{column})::BIGINT) AS bit_{column}")
    columns += [f"({in_event_set(event_set)}) AS {name}" for name, event_set in rules.event_sets.values()]
    wanted = " OR ".join(f"({in_event_set(event_set)})" for _, event_set in rules.event_sets.values())
    aggregates = ", ".join(f"{aggregate(rules, feature)} AS {name}" for name, feature in rules.features.values())
    return f"SELECT customer_id, {aggregates} FROM (SELECT {', '.join(columns)} FROM {events} WHERE {wanted}) GROUP BY customer_id"


def sequences_sql(rules, events):
    sequences = list(rules.sequences.values())
    steps = [step for _, sequence in sequences for step in (sequence["first"], sequence["then"])]
    columns = ["customer_id", "ts", "type"] + [c for c in ("category", "channel") if any(c in step for step in steps)]
    seconds = {}
    for _, sequence in sequences:
        seconds.setdefault(key(sequence["then"]), (f"next{len(seconds)}", sequence["then"]))
    for name, second in seconds.values():
        columns.append(
            f"lead(CASE WHEN {in_event_set(second, False)} THEN ts END IGNORE NULLS) OVER (PARTITION BY customer_id ORDER BY ts) AS {name}"
        )
    holds = []
    for name, sequence in sequences:
        second, gap = seconds[key(sequence["then"])][0], f"INTERVAL {sequence['within_hours']} HOUR"
        met = f"{second} <= ts + {gap}"
        if sequence["negated"]:  # only once the whole gap has passed by the end of the as-of day
            met = f"({second} IS NULL OR NOT ({met})) AND ts <= {instant(words.END)} - {gap}"
        holds.append(f"bool_or({in_event_set(sequence['first'])} AND {met}) AS {name}")
    longest = max(sequence["first"]["days"] for _, sequence in sequences)
    wanted = f"{one_of('type', sorted({step['type'] for step in steps}))} AND ts >= {instant(since(longest))}"
    return f"SELECT customer_id, {', '.join(holds)} FROM (SELECT {', '.join(columns)} FROM {events} WHERE {wanted}) GROUP BY customer_id"


def near(latitude, longitude, km):
    """Distances are computed only inside the circle's box."""
    tall = math.degrees(km / EARTH_KM) * 1.0001
    wide = math.degrees(math.asin(math.sin(km / EARTH_KM) / math.cos(math.radians(latitude)))) * 1.0001
    haversine = (
        f"pow(sin(radians(lat - {latitude}) / 2), 2) + {math.cos(math.radians(latitude))!r} * cos(radians(lat)) * pow(sin(radians(lon - {longitude}) / 2), 2)"
    )
    box = f"lat BETWEEN {latitude - tall!r} AND {latitude + tall!r} AND lon BETWEEN {longitude - wide!r} AND {longitude + wide!r}"
    return f"(CASE WHEN {box} THEN {haversine} <= {math.sin(km / (2 * EARTH_KM)) ** 2!r} ELSE FALSE END)"


def has_value(name, feature):
    return f"{name} > 0" if zero_of_nothing(feature) else f"{name} IS NOT NULL"


def tile(rules, rule):
    name = rules.feature(rule[1])
    above, at_most = rules.tile_limits(rule)
    conditions = [has_value(name, rule[1])]
    if above:
        conditions.append(f"{name} > {rules.quantile(*above)}")
    if at_most:
        conditions.append(f"{name} <= {rules.quantile(*at_most)}")
    return "(" + " AND ".join(conditions) + ")"


def condition(rules, rule):
    match rule:
        case ["all", *items]:
            return "(" + " AND ".join(condition(rules, item) for item in items) + ")"
        case ["any", *items]:
            return "(" + " OR ".join(condition(rules, item) for item in items) + ")"
        case ["not", item]:
            return f"(NOT {condition(rules, item)})"
        case ["one of", field, values]:
            return one_of(field, values)
        case ["compare", field, compare, value]:
            return f"{field} {compare} {literal(value)}"
        case ["between", field, low, high]:
            return f"{field} BETWEEN {low} AND {high}"
        case ["aged", low, None]:
            return f"birth_date <= DATE '{born_until(low)}'"
        case ["aged", low, high]:
            return f"(birth_date <= DATE '{born_until(low)}' AND birth_date > DATE '{born_until(high + 1)}')"
        case ["days since", field, compare, days]:
            return f"{field} {'>=' if compare == '<' else '<'} {instant(since(days))}"
        case ["yes", field]:
            return field
        case ["has", field, value]:
            return f"list_contains({field}, {literal(value)})"
        case ["starts with", field, text]:
            return f"starts_with({field}, {literal(text)})"
        case ["contains", field, text]:
            return f"contains({field}, {literal(text)})"
        case ["missing", field]:
            return f"{field} IS NULL"
        case ["near", latitude, longitude, km]:
            return near(latitude, longitude, km)
        case ["feature", feature, compare, value]:
            return f"{rules.feature(feature)} {compare} {literal(value)}"
        case ["none", events]:
            return f"{rules.feature(rule_set.count_of(events))} = 0"
        case ["days since last", events, compare, days]:
            return f"{rules.feature(rule_set.last_of(events))} {'>=' if compare == '<' else '<'} {instant(since(days))}"
        case ["sequence", sequence]:
            return rules.sequence(sequence)
        case ["tile", *_]:
            return tile(rules, rule)
    raise ValueError(rule)


def query(segments, customers, events):
    """id and a flag for each segment."""
    rules = rule_set.RuleSet(segments)
    columns = ["c." + field for field in ["id", *sorted(rules.fields)]]
    tables, joins = [], ""
    if rules.features:
        tables.append(f"features AS ({features_sql(rules, events)})")
        columns += [f"coalesce({name}, 0) AS {name}" if zero_of_nothing(feature) else name for name, feature in rules.features.values()]
        joins += " LEFT JOIN features ON c.id = features.customer_id"
    if rules.sequences:
        tables.append(f"sequences AS ({sequences_sql(rules, events)})")
        columns += [f"coalesce({name}, FALSE) AS {name}" for name, _ in rules.sequences.values()]
        joins += " LEFT JOIN sequences ON c.id = sequences.customer_id"
    flags = ", ".join(f"{condition(rules, segment['rule'])} AS {segment['id']}" for segment in segments)
    source = "everything"
    if rules.quantiles:
        thresholds = [
            f"quantile_disc({name}, {share}) FILTER (WHERE {has_value(name, feature)}) AS {threshold}"
            for threshold, name, feature, share in rules.quantiles.values()
        ]
        tables.append(f"thresholds AS (SELECT {', '.join(thresholds)} FROM features)")
        source += " CROSS JOIN thresholds"
    tables.append(f"everything AS (SELECT {', '.join(columns)} FROM {customers} c{joins})")
    return f"WITH {', '.join(tables)} SELECT id, {flags} FROM {source}"


options = arguments()
segments = rule_set.load(options.segments)
database = duckdb.connect()
database.execute(f"SET threads = {options.threads}")
database.execute(f"SET temp_directory = {literal(options.spill)}")
for column, values in (("category", words.CATEGORIES), ("channel", list(words.CHANNELS))):
    database.execute(f"CREATE TYPE enum_{column} AS ENUM ({', '.join(map(literal, values))})")


def evaluate():
    customers, events = (f"read_parquet({literal(f'{options.data}/{name}.parquet')})" for name in ("customers", "events"))
    if options.members:
        database.execute(f"COPY ({query(segments, customers, events)}) TO {literal(options.members)} (FORMAT parquet)")
        return None
    counts = []
    for first in range(0, len(segments), SEGMENTS_A_QUERY):
        some = segments[first : first + SEGMENTS_A_QUERY]
        wanted = ", ".join(f"count(CASE WHEN {segment['id']} THEN 1 END)" for segment in some)
        counts += database.execute(f"SELECT {wanted} FROM ({query(some, customers, events)})").fetchone()
    return counts


report("duckdb", duckdb.__version__, segments, evaluate)
