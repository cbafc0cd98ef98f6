"""Writes the wide workload's neutral segments as a Seg project: seg.yaml, schema.seg, segments.seg, and used.json, the segments that are in it."""
import json
import os
import pathlib

import vocabulary as words

EVENTS = {"page": "visit", "search": "visit", "cart": "visit", "wish": "visit", "purchase": "purchase"}
CHOICES = {name for name, (kind, _, _) in words.COLUMNS.items() if kind in ("choice", "ranked")} | {"channel", "payment", "status"}
MONEY = {name for name, (kind, _, _) in words.COLUMNS.items() if kind == "money"} | {"amount", "discount"}


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def choice(values):
    return f"choice of [{', '.join(values)}]"


def field_type(kind, source):
    return {"choice": lambda: choice(source), "ranked": lambda: f"ranked choice of [{' < '.join(source)}]", "list": lambda: "list of text"}.get(kind, lambda: kind)()


def schema():
    fields = "".join(f"    {name}: {field_type(kind, source)}\n" for name, (kind, _, source) in words.COLUMNS.items() if name != "id")
    return f"""# The generated shop of benchmarks/wide/generate.py.

subject customer {{
    key id: integer
{fields}}}

event visit of customer {{
    at: time
    session: integer
    kind: {choice(words.KINDS)}
    channel: {choice(words.CHANNELS)}
    category: text
    campaign: text
    seconds: integer
    depth: integer
}}

event purchase of customer {{
    at: time
    session: integer
    order_no: integer
    amount: money
    discount: money
    category: text
    payment: {choice(words.PAYMENTS)}
    status: {choice(words.STATUSES)}
    store: text
    channel: {choice(words.CHANNELS)}
    items: integer
    rating: integer
}}

""" + "".join(f"events {kind} = visit where kind is {kind}\n" for kind in words.KINDS)


def project(data, out):
    """Paths in a project file start from its folder."""
    path = lambda name: json.dumps(os.path.relpath(pathlib.Path(data, name).resolve(), pathlib.Path(out).resolve()))  # noqa: E731
    return f"""edition: 2026
schema: schema.seg
rules: [segments.seg]
as_of: {words.AS_OF}
time_zone: {words.ZONE.key}
currency: EUR
sources:
  customer: {{ path: {path("customers.parquet")}, time_zone: UTC }}
  visit: {{ path: {path("visits.parquet")}, time_zone: UTC }}
  purchase: {{ path: {path("orders.parquet")}, time_zone: UTC }}
lints: {{ missing-owner: off, missing-title: off, leaves-out-never: off }}
"""


def units(number, unit):
    return f"{number} {unit[:-1] if number == 1 else unit}"


def period(drawn):
    match drawn:
        case ["last" | "previous", number, unit]:
            return f"{drawn[0]} {units(number, unit)}"
        case ["full", number, unit]:
            return f"last {number} full {unit[:-1] if number == 1 else unit}"
        case ["this", unit]:
            return f"this {unit[:-1]}"
        case ["ago", first, last]:
            return f"{first} to {last} days ago"
        case ["dates", first, last]:
            return f"{first} to {last}"
    raise ValueError(drawn)


def over(events):
    return f" over {period(events['over'])}" if events.get("over") else ""


def of_field(field, value):
    return f"{value:.2f} EUR" if field in MONEY else str(value)


def one_of(field, values):
    named = values if field in CHOICES else [quoted(value) for value in values]
    return f"{field} is {named[0]}" if len(named) == 1 else f"{field} in [{', '.join(named)}]"


def simple(rule):
    """Of a customer's or an event's fields."""
    match rule:
        case ["one of", field, values]:
            return one_of(field, values)
        case ["compare", field, compare, value]:
            return f"{field} {'is' if compare == '=' else compare} {of_field(field, value)}"
        case ["missing", field]:
            return f"{field} is missing"
        case ["not missing", field]:
            return f"{field} is known"
    return None


def where(events):
    return " where " + " and ".join(simple(condition) for condition in events["where"]) if events["where"] else ""


def value(feature):
    if isinstance(feature, str):
        return feature
    events, field = feature["events"], f".{feature['field']}" if "field" in feature else ""
    return f"{feature['function']}({events['event']}{field}{where(events)}{over(events)})"


def limit(feature, number):
    return of_field(feature.get("field") if feature["function"] not in ("count", "distinct") else None, number)


def step(drawn):
    within = f" within {units(*drawn['within'])}" if drawn["within"] else ""
    same = f" with same {drawn['same']}" if drawn["same"] else ""
    return f"{'not ' if drawn['not'] else ''}{drawn['event']}{where(drawn)}{same}{within}"


def regular(drawn):
    kind, number, unit = drawn["periods"]
    periods = f"last {number} {'full ' if kind == 'full' else ''}{unit}"
    begin = "in each of" if drawn["least"] is None else f"in at least {drawn['least']} of"
    events = drawn["events"]
    match drawn["rule"]:
        case ["did"]:
            inner = f"did {events['event']}{where(events)}"
        case ["count", least]:
            inner = f"count({events['event']}{where(events)}) >= {least}"
        case ["sum", field, least]:
            inner = f"sum({events['event']}.{field}{where(events)}) >= {of_field(field, least)}"
    return f"{begin} {periods} ({inner})"


def condition(rule, indent):
    if text := simple(rule):
        return text
    match rule:
        case ["all" | "any", *items]:
            return block(f"{rule[0]} of", items, indent)
        case ["some", least, *items]:
            return block(f"at least {least} of", items, indent)
        case ["not", item]:
            return f"not ({condition(item, indent)})"
        case ["between", field, low, high]:
            return f"{field} between {of_field(field, low)} and {of_field(field, high)}"
        case ["or else", field, other, compare, number]:
            return f"({field} or if missing {of_field(field, other)}) {compare} {of_field(field, number)}"
        case ["at least", field, least]:
            return f"{field} at least {least}"
        case ["starts with" | "contains", field, text]:
            return f"{field} {rule[0]} {quoted(text)}"
        case ["yes", field]:
            return f"{field} is yes"
        case ["has any", field, values]:
            return f"{field} contains {quoted(values[0])}" if len(values) == 1 else f"{field} contains any of [{', '.join(map(quoted, values))}]"
        case ["aged", low, None]:
            return f"age(birth_date) >= {low}"
        case ["aged", low, high]:
            return f"age(birth_date) between {low} and {high}"
        case ["days since", field, compare, days]:
            return f"days since {field} {compare} {days}"
        case ["days since", which, events, compare, days]:
            return f"days since {which} ({events['event']}{where(events)}) {compare} {days}"
        case ["feature", feature, compare, number]:
            return f"{value(feature)} {compare} {limit(feature, number)}"
        case ["none", events]:
            return f"did not {events['event']}{where(events)}{over(events)}"
        case ["ended with", which, field, events, values]:
            return one_of(field, values).replace(field, f"{which}({events['event']}.{field}{where(events)}{over(events)})", 1)
        case ["share", part, whole, compare, [p, q]]:
            return f"share(({part['event']}{where(part)}) out of {selection(whole)}{over(whole)}) {compare} {p / q}"
        case ["against", feature, compare, [p, q], before]:
            return f"{value(feature)} / {value(before)} {compare} {p / q}"
        case ["more", feature, before]:
            return f"{value(feature)} > {value(before)}"
        case ["regular", drawn]:
            return regular(drawn)
        case ["sequence", drawn]:
            return f"did {' then '.join(map(step, drawn['steps']))} over {period(drawn['over'])}"
        case ["tile", feature, number, compare, tile, group]:
            return f"ntile({value(feature)}, {number}){per(group)} {compare} {tile}"
        case ["top share", end, feature, percent, group]:
            return f"in {end} {percent}% by {value(feature)}{per(group)}"
        case ["top", end, feature, number, group]:
            return f"in {end} {number} by {value(feature)}{per(group)}"
    raise ValueError(rule)


def per(group):
    return f" per {group}" if group else ""


def selection(events):
    return f"({events['event']}{where(events)})" if events["where"] else events["event"]


def block(head, items, indent):
    inner = indent + "    "
    return f"{head} {{\n" + "".join(f"{inner}{condition(item, inner)}\n" for item in items) + f"{indent}}}"


def write(used, data, folder):
    rules = "".join(f"segment {segment['id']} {{\n    when {condition(segment['rule'], '    ')}\n}}\n\n" for segment in used)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.seg").write_text(schema())
    (folder / "segments.seg").write_text(rules.rstrip() + "\n")
    (folder / "seg.yaml").write_text(project(data, folder))
    (folder / "used.json").write_text(json.dumps({"segments": used}) + "\n")
