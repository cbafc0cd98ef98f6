#!/usr/bin/env python3
"""DuckDB as an expert would write the wide workload: one query for a hundred segments, of which the aggregates are the heart.

Each selection is a flag computed once in a subquery, with each period one more; aggregates are over CASE; few distinct values are bits of one
integer, or-ed, and so are the periods of a regularity; first and last values are the maximum of time and code in one integer. Sequences are looked
through link by link with window functions whose frame begins at the next instant. Money is summed as doubles and brought to whole cents once a
customer.
"""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))
import duckdb

import rule_set
import vocabulary as words
from peer_process import arguments, report
from rule_set import CODED, scaled, zero_of_nothing

SEGMENTS_A_QUERY = 100
TABLES = ("visits", "orders")


def literal(value):
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def instant(time):
    return f"TIMESTAMP '{time:%Y-%m-%d %H:%M:%S}'"


def one_of(column, values):
    return f"{column} = {literal(values[0])}" if len(values) == 1 else f"{column} IN ({', '.join(map(literal, values))})"


def simple(rule):
    match rule:
        case ["one of", field, values]:
            return one_of(field, values)
        case ["compare", field, compare, value]:
            return f"{field} {compare} {literal(value)}"
        case ["missing", field]:
            return f"{field} IS NULL"
        case ["not missing", field]:
            return f"{field} IS NOT NULL"
    return None


def selected(events):
    conditions = [simple(condition) for condition in events["where"]]
    if events["event"] != "purchase":
        conditions.insert(0, f"kind = {literal(events['event'])}")
    return " AND ".join(conditions) or "TRUE"


def in_period(period):
    start, end = words.edges(period)
    conditions = [f"ts >= {instant(start)}"] if start else []
    return conditions + ([f"ts < {instant(end)}"] if end != words.END else [])


# --- features of one event table


def cents(expression):
    return f"CAST(round({expression} * 100) AS BIGINT)"


def aggregate(feature, flag):
    function, field = feature["function"], feature.get("field")
    case = lambda value: f"CASE WHEN {flag} THEN {value} END"  # noqa: E731
    match function:
        case "count":
            return f"count({case('1')})"
        case "distinct" if field in CODED:
            return f"coalesce(bit_count(bit_or({case('bit_' + field)})), 0)"
        case "distinct":
            return f"count(DISTINCT {case(field)})"
        case "sum":
            return cents(f"coalesce(sum({case(field)}), 0)")
        case "average":  # in hundredths of a cent, rounded half up
            return f"(200 * {cents(f'sum({case(field)})')} + count({case(field)})) // nullif(2 * count({case(field)}), 0)"
        case "maximum":
            return cents(f"max({case(field)})")
        case "minimum":
            return cents(f"min({case(field)})")
        case "last time":
            return f"max({case('ts')})"
        case "first time":
            return f"min({case('ts')})"
        case "last value":
            return f"max({case('at_' + field)}) & 63"
        case "first value":
            return f"min({case('at_' + field)}) & 63"
    raise ValueError(function)


def regularity(rules, drawn):
    flag = rules.selection(drawn["events"])
    periods = rules.named(rules.periods, "p", drawn["periods"], drawn["periods"])
    number = drawn["periods"][1]
    match drawn["rule"]:
        case ["did"]:
            return f"coalesce(bit_count(bit_or(CASE WHEN {flag} THEN {periods} END)), 0)"
        case ["count", least]:
            holds = [f"count(CASE WHEN {flag} AND {periods} = {1 << k} THEN 1 END) >= {least}" for k in range(number)]
        case ["sum", field, least]:
            holds = [f"coalesce(sum(CASE WHEN {flag} AND {periods} = {1 << k} THEN {field} END), 0) >= {least - 0.005}" for k in range(number)]
    return " + ".join(f"({hold})::INTEGER" for hold in holds)


def period_bits(drawn):
    edges = words.periods_one_by_one(*drawn)
    cases = " ".join(f"WHEN ts >= {instant(edge)} THEN {1 << k}" for k, edge in enumerate(edges[1:]))
    outside = f"WHEN ts >= {instant(edges[0])} THEN NULL " if edges[0] != words.END else ""
    return f"CASE {outside}{cases} END"


def features_sql(rules, table, source):
    features, regularities = rules.of_table(table, rules.features), rules.of_table(table, rules.regularities)
    columns = ["customer", "ts"]
    coded = {(feature["function"].split()[-1], feature["field"]) for _, feature in features if "field" in feature}
    columns += sorted({feature["field"] for _, feature in features if feature["function"] in ("sum", "average", "maximum", "minimum")} - {"discount"})
    columns += ["session"] if ("distinct", "session") in coded else []
    columns += ["amount"] if any(drawn["rule"][0] == "sum" for _, drawn in regularities) and "amount" not in columns else []
    columns += ["discount::DOUBLE AS discount"] if any(feature.get("field") == "discount" for _, feature in features) else []
    code = lambda field: f"enum_code({field}::enum_{field})::BIGINT"  # noqa: E731
    for function, field in sorted(coded):
        if function == "distinct" and field in CODED:
            columns.append(f"1::BIGINT << {code(field)} AS bit_{field}")
        elif function == "value":
            columns.append(f"(epoch_ms(ts) // 60000 << 6) | {code(field)} AS at_{field}")
    columns += [f"({' AND '.join([rules.selection(events), *in_period(events['over'])])}) AS {name}" for name, events in rules.of_table(table, rules.event_sets)]
    columns += sorted({rules.selection(drawn["events"]) for _, drawn in regularities})
    selections = "".join(f", ({selected(selection)}) AS {name}" for name, selection in rules.of_table(table, rules.selections))
    columns += [f"{period_bits(periods)} AS {name}" for name, periods in rules.periods.values() if any(drawn["periods"] == periods for _, drawn in regularities)]
    aggregates = [f"{aggregate(feature, rules.event_set(feature['events']))} AS {name}" for name, feature in features]
    aggregates += [f"{regularity(rules, drawn)} AS {name}" for name, drawn in regularities]
    if not aggregates:
        return None
    return f"SELECT customer, {', '.join(aggregates)} FROM (SELECT {', '.join(columns)} FROM (SELECT *{selections} FROM {source})) GROUP BY customer"


# --- sequences


def sequences_sql(rules, sources):
    chains = [rule_set.Chain(name, sequence) for name, sequence in rules.sequences.values()]
    steps = {}
    for chain in chains:
        for step in chain.steps:
            rules.named(steps, "s", [step["event"], step["where"]], step)
    name_of = lambda step: rules.named(steps, "s", [step["event"], step["where"]], step)  # noqa: E731
    parts = []
    for table in TABLES:
        flags = [f"{f'coalesce({selected(step)}, FALSE)' if rule_set.table_of(step) == table else 'FALSE'} AS {name}" for name, step in steps.values()]
        types = sorted({step["event"] for _, step in steps.values() if rule_set.table_of(step) == table})
        if types:
            kinds = [one_of("kind", types)] if table == "visits" else []
            wanted = " AND ".join([*kinds, f"ts >= {instant(min(chain.start for chain in chains))}"])
            parts.append(f"SELECT customer, session, epoch_ms(ts) // 60000 AS minute, {', '.join(flags)} FROM {sources[table]} WHERE {wanted}")
    sql = " UNION ALL ".join(parts)
    minute = lambda time: words.END_MINUTE - int((words.END - time).total_seconds() // 60)  # noqa: E731
    ok = {(chain.name, len(chain.steps) - 1): name_of(chain.steps[-1]) for chain in chains}
    pending = [(phase, chain, position) for chain in chains for phase, position in chain.links]
    number = 0
    while pending:
        # the links of the earliest phase whose next step is known
        phase = min(phase for phase, _, _ in pending)
        ready = [(chain, position) for p, chain, position in pending if p == phase and (chain.name, position + 1) in ok]
        window = "PARTITION BY customer, session ORDER BY minute" if phase % 2 == 0 else "PARTITION BY customer ORDER BY minute"
        nexts, holds = {}, []
        for chain, position in ready:
            following, wanted = chain.steps[position + 1], ok[chain.name, position + 1]
            if wanted not in nexts:
                # of a later instant: a group of the frame is all rows of one
                later = f"first_value(CASE WHEN {wanted} THEN minute END IGNORE NULLS) OVER ({window} GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"
                nexts[wanted] = (f"n{number}_{len(nexts)}", later)
            name, gap = nexts[wanted][0], chain.minutes[position + 1]
            met = f"coalesce({name} <= minute + {gap}, FALSE)" + (" AND session IS NOT NULL" if phase % 2 == 0 else "")
            if following["not"]:  # only once the whole gap has passed by the end of the as-of day
                met = f"NOT ({met}) AND minute <= {words.END_MINUTE - gap}"
            if position == 0:
                met += f" AND minute >= {minute(chain.start)}"
            holds.append((chain, position, f"{name_of(chain.steps[position])} AND {met}"))
        looked = ", ".join(f"{expression} AS {name}" for name, expression in nexts.values())
        sql = f"SELECT *, {looked} FROM ({sql})"
        columns = []
        for chain, position, hold in holds:
            ok[chain.name, position] = f"{chain.name}_{position}"
            columns.append(f"({hold}) AS {chain.name}_{position}")
        sql = f"SELECT *, {', '.join(columns)} FROM ({sql})"
        pending = [(p, chain, position) for p, chain, position in pending if (chain, position) not in ready]
        number += 1
    return f"SELECT customer, {', '.join(f'bool_or({chain.name}_0) AS {chain.name}' for chain in chains)} FROM ({sql}) GROUP BY customer"


# --- conditions


def born_until(age):
    return f"DATE '{words.AS_OF.replace(year=words.AS_OF.year - age)}'"


def since(field, days):
    """The first day, or instant, of the last `days` days."""
    day = words.back(days, "days")
    return instant(words.instant(day)) if words.COLUMNS[field][0] == "time" else f"DATE '{day}'"


def decided(rules, rule):
    """Of a rank."""
    value = rules.value(rule[1] if rule[0] == "tile" else rule[2])
    threshold = rules.threshold(rule)
    if threshold is None:
        return f"({value} IS NOT NULL)"
    if rule[0] == "tile":
        return f"({value} {'>' if rule[3] == '>=' else '<='} {threshold})"
    return f"({value} {'>=' if rule[1] == 'top' else '<='} {threshold})"


def condition(rules, rule):
    if text := simple(rule):
        return text
    match rule:
        case ["all", *items]:
            return "(" + " AND ".join(condition(rules, item) for item in items) + ")"
        case ["any", *items]:
            return "(" + " OR ".join(condition(rules, item) for item in items) + ")"
        case ["some", least, *items]:
            return "(" + " + ".join(f"coalesce({condition(rules, item)}, FALSE)::INTEGER" for item in items) + f" >= {least})"
        case ["not", item]:
            return f"(NOT {condition(rules, item)})"
        case ["between", field, low, high]:
            return f"{field} BETWEEN {low} AND {high}"
        case ["or else", field, other, compare, value]:
            return f"coalesce({field}, {other}) {compare} {value}"
        case ["at least", field, least]:
            values = list(words.COLUMNS[field][2])
            return one_of(field, values[values.index(least) :])
        case ["starts with", field, text]:
            return f"starts_with({field}, {literal(text)})"
        case ["contains", field, text]:
            return f"contains({field}, {literal(text)})"
        case ["yes", field]:
            return field
        case ["has any", field, [value]]:
            return f"list_contains({field}, {literal(value)})"
        case ["has any", field, values]:
            return f"list_has_any({field}, [{', '.join(map(literal, values))}])"
        case ["aged", low, None]:
            return f"birth_date <= {born_until(low)}"
        case ["aged", low, high]:
            return f"(birth_date <= {born_until(low)} AND birth_date > {born_until(high + 1)})"
        case ["days since", str() as field, compare, days]:
            return f"{field} {'>=' if compare == '<' else '<'} {since(field, days)}"
        case ["days since", which, events, compare, days]:
            return f"{rules.feature(rule_set.time_of(which, events))} {'>=' if compare == '<' else '<'} {instant(words.instant(words.back(days, 'days')))}"
        case ["feature", feature, compare, number]:
            return f"{rules.feature(feature)} {compare} {scaled(feature, number)}"
        case ["none", events]:
            return f"{rules.feature(rule_set.count_of(events))} = 0"
        case ["ended with", which, field, events, values]:
            return one_of(rules.feature(rule_set.value_of(which, field, events)), [CODED[field].index(value) for value in values])
        case ["share", part, whole, compare, [p, q]]:
            return f"{q} * {rules.feature(rule_set.count_of(part))} {compare} {p} * nullif({rules.feature(rule_set.count_of(whole))}, 0)"
        case ["against", feature, compare, [p, q], before]:
            return f"{q} * {rules.feature(feature)} {compare} {p} * nullif({rules.feature(before)}, 0)"
        case ["more", feature, before]:
            return f"{rules.feature(feature)} > {rules.feature(before)}"
        case ["regular", drawn]:
            return f"{rules.regularity(drawn)} >= {drawn['least'] or drawn['periods'][1]}"
        case ["sequence", sequence]:
            return rules.sequence(sequence)
        case ["tile" | "top share" | "top", *_]:
            return decided(rules, rule)
    raise ValueError(rule)


def threshold_sql(value, how):
    match how:
        case ["lowest", share]:
            return f"quantile_disc({value}, {share!r})"
        case ["highest", share]:
            return f"-quantile_disc(-{value}, {share!r})"
        case ["nth highest", number]:
            return f"list_min(max({value}, {number}))"
        case ["nth lowest", number]:
            return f"list_max(min({value}, {number}))"
    raise ValueError(how)


def query(segments, sources):
    """id and a flag for each segment."""
    rules = rule_set.RuleSet(segments)
    flags = ", ".join(f"{condition(rules, segment['rule'])} AS {segment['id']}" for segment in segments)
    columns, tables, joins = ["c." + field for field in ["id", *sorted(rules.fields)]], [], ""
    for table in TABLES:
        if sql := features_sql(rules, table, sources[table]):
            tables.append(f"of_{table} AS ({sql})")
            joins += f" LEFT JOIN of_{table} ON c.id = of_{table}.customer"
    for name, feature in rules.features.values():
        columns.append(f"coalesce({name}, 0) AS {name}" if zero_of_nothing(feature) else name)
    columns += [f"coalesce({name}, 0) AS {name}" for name, _ in rules.regularities.values()]
    if rules.sequences:
        tables.append(f"sequences AS ({sequences_sql(rules, sources)})")
        columns += [f"coalesce({name}, FALSE) AS {name}" for name, _ in rules.sequences.values()]
        joins += " LEFT JOIN sequences ON c.id = sequences.customer"
    tables.append(f"everything AS MATERIALIZED (SELECT {', '.join(columns)} FROM {sources['customers']} c{joins})")
    source = "everything"
    for group in {group for _, (_, _, group) in rules.thresholds.values()}:
        wanted = ", ".join(f"{threshold_sql(value, how)} AS {name}" for name, (value, how, of) in rules.thresholds.values() if of == group)
        if group:
            tables.append(f"per_{group} AS (SELECT {group} AS of_{group}, {wanted} FROM everything GROUP BY {group})")
            source += f" LEFT JOIN per_{group} ON {group} = of_{group}"
        else:
            tables.append(f"over_all AS (SELECT {wanted} FROM everything)")
            source += " CROSS JOIN over_all"
    return f"WITH {', '.join(tables)} SELECT id, {flags} FROM {source}"


options = arguments()
segments = rule_set.load(options.segments)
database = duckdb.connect()
database.execute(f"SET threads = {options.threads}")
database.execute(f"SET temp_directory = {literal(options.spill)}")
for column, values in CODED.items():
    database.execute(f"CREATE TYPE enum_{column} AS ENUM ({', '.join(map(literal, values))})")


def evaluate():
    sources = {name: f"read_parquet({literal(f'{options.data}/{name}.parquet')})" for name in ("customers", *TABLES)}
    sources |= {name: f'(SELECT * RENAME ("at" AS ts) FROM {sources[name]})' for name in TABLES}  # AT is a word of SQL
    if options.members:
        database.execute(f"COPY ({query(segments, sources)}) TO {literal(options.members)} (FORMAT parquet)")
        return None
    counts = []
    for first in range(0, len(segments), SEGMENTS_A_QUERY):
        some = segments[first : first + SEGMENTS_A_QUERY]
        wanted = ", ".join(f"count(CASE WHEN {segment['id']} THEN 1 END)" for segment in some)
        counts += database.execute(f"SELECT {wanted} FROM ({query(some, sources)})").fetchone()
    return counts


report("duckdb", duckdb.__version__, segments, evaluate)
