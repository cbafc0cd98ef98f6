"""Writes the neutral segments as a Seg project: seg.yaml, schema.seg, segments.seg, and used.json, the segments that are in it."""
import json
import os
import pathlib

import rule_set
import vocabulary as words

MONEY = {"income", "amount"}
COMPARE = {"=": "is", ">=": ">=", "<": "<"}


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def choice(values):
    return f"choice of [{', '.join(values)}]"


def schema():
    return f"""# The generated shop of benchmarks/first/generate.py.

subject customer {{
    key id: integer
    birth_date: date   personal
    gender: {choice(words.GENDERS)}   personal
    country: text
    city: text
    home: location   personal
    income: money   personal
    education: {choice(words.EDUCATION)}
    signup: time
    consent: flag
    interests: list of text
    household_size: integer
    plan: {choice(words.PLANS)}
}}

event activity of customer {{
    at: time
    type: {choice(words.TYPES)}
    amount: money
    category: text
    channel: {choice(words.CHANNELS)}
}}

""" + "".join(f"events {kind} = activity where type is {kind}\n" for kind in words.TYPES)


def project(data, out):
    """Paths in a project file start from its folder."""
    path = lambda name: json.dumps(os.path.relpath(pathlib.Path(data, name).resolve(), pathlib.Path(out).resolve()))  # noqa: E731
    return f"""edition: 2026
schema: schema.seg
rules: [segments.seg]
as_of: {words.AS_OF}
time_zone: UTC
currency: EUR
sources:
  customer: {{ path: {path("customers.parquet")}, columns: {{ home: {{ latitude: lat, longitude: lon }} }} }}
  activity: {{ path: {path("events.parquet")}, columns: {{ customer: customer_id, at: ts }} }}
lints: {{ missing-owner: off, missing-title: off, leaves-out-never: off }}
"""


class Writer:
    def __init__(self):
        self.frequent = {}  # what features with a population need: name of a segment by its text

    # --- events
    def where(self, events):
        conditions = []
        if "category" in events:
            conditions.append(self.one_of("category", events["category"]))
        if "channel" in events:
            conditions.append(self.one_of("channel", events["channel"]))
        return " where " + " and ".join(conditions) if conditions else ""

    def over(self, events):
        return f" over last {events['days']} days" if events.get("days") else ""

    def value(self, feature):
        events, function = feature["events"], feature["function"]
        if function == "last time":
            return f"last({events['type']}.at{self.where(events)}{self.over(events)})"
        field = f".{feature['field']}" if "field" in feature else ""
        return f"{function}({events['type']}{field}{self.where(events)}{self.over(events)})"

    def ranked(self, feature):
        """Those without any such event are not ranked."""
        if not rule_set.zero_of_nothing(feature):
            return self.value(feature)
        some = f"did {feature['events']['type']}{self.where(feature['events'])}{self.over(feature['events'])}"
        name = self.frequent.setdefault(some, f"ranked_{len(self.frequent)}")
        return f"{self.value(feature)}", name

    def sequence(self, sequence):
        first, second = sequence["first"], sequence["then"]
        negated = "not " if sequence["negated"] else ""
        return (
            f"did {first['type']}{self.where(first)} then {negated}{second['type']}{self.where(second)}"
            f" within {sequence['within_hours']} hours{self.over(first)}"
        )

    def tile(self, rule):
        _, feature, number, compare, tile = rule
        ranked = self.ranked(feature)
        value, among = (ranked, "") if isinstance(ranked, str) else (ranked[0], f" among {ranked[1]}")
        return f"ntile({value}, {number}){among} {compare} {tile}"

    # --- conditions
    def constant(self, field, value):
        return f"{value} EUR" if field in MONEY else str(value)

    def one_of(self, field, values):
        named = [quoted(value) if field in ("country", "city", "category") else value for value in values]
        return f"{field} is {named[0]}" if len(named) == 1 else f"{field} in [{', '.join(named)}]"

    def condition(self, rule, indent):
        match rule:
            case ["all" | "any", *items]:
                inner = indent + "    "
                lines = "".join(f"{inner}{self.condition(item, inner)}\n" for item in items)
                return f"{rule[0]} of {{\n{lines}{indent}}}"
            case ["not", ["all" | "any", *_] as item]:
                return f"not {self.condition(item, indent)}"
            case ["not", item]:
                return f"not ({self.condition(item, indent)})"
            case ["one of", field, values]:
                return self.one_of(field, values)
            case ["compare", field, compare, value]:
                return f"{field} {COMPARE[compare]} {self.constant(field, value)}"
            case ["between", field, low, high]:
                return f"{field} between {self.constant(field, low)} and {self.constant(field, high)}"
            case ["aged", low, None]:
                return f"age(birth_date) >= {low}"
            case ["aged", low, high]:
                return f"age(birth_date) between {low} and {high}"
            case ["days since", field, compare, days]:
                return f"days since {field} {compare} {days}"
            case ["yes", field]:
                return f"{field} is yes"
            case ["has", field, value]:
                return f"{field} contains {quoted(value)}"
            case ["starts with" | "contains", field, text]:
                return f"{field} {rule[0]} {quoted(text)}"
            case ["missing", field]:
                return f"{field} is missing"
            case ["near", latitude, longitude, km]:
                return f"home within {km} km of point({latitude}, {longitude})"
            case ["feature", {"field": "amount"} as feature, compare, value]:
                return f"{self.value(feature)} {compare} {value} EUR"
            case ["feature", feature, compare, value]:
                return f"{self.value(feature)} {compare} {value}"
            case ["none", events]:
                return f"did not {events['type']}{self.where(events)}{self.over(events)}"
            case ["days since last", events, compare, days]:
                return f"days since last {events['type']} {compare} {days}"
            case ["sequence", sequence]:
                return self.sequence(sequence)
            case ["tile", *_]:
                return self.tile(rule)
        raise ValueError(rule)


def write(used, data, folder):
    writer = Writer()
    rules = "".join(f"segment {segment['id']} {{\n    when {writer.condition(segment['rule'], '    ')}\n}}\n\n" for segment in used)
    rules += "".join(f"segment {name} {{\n    when {condition}\n}}\n\n" for condition, name in writer.frequent.items())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.seg").write_text(schema())
    (folder / "segments.seg").write_text(rules.rstrip() + "\n")
    (folder / "seg.yaml").write_text(project(data, folder))
    (folder / "used.json").write_text(json.dumps({"segments": used}) + "\n")
