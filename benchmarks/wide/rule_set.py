"""Reads the wide workload's neutral segments and finds what they share: selections of events, event sets, features, regularities, sequences,
thresholds of ranks. For the peers. Money is compared in whole hundredths of a cent, so that no engine's binary fractions matter."""
import json
import pathlib

import vocabulary as words

TABLES = {"visits": words.KINDS, "orders": ["purchase"]}
MONEY = {"amount", "discount"}
CODED = {"category": sorted(words.CATEGORIES), "channel": list(words.CHANNELS), "payment": list(words.PAYMENTS)}  # distinct values as bits


def load(path, limit=None):
    return json.loads(pathlib.Path(path).read_text())["segments"][:limit]


def parts(rule):
    """The rule and all rules in it."""
    yield rule
    if rule[0] in ("all", "any", "not", "some"):
        for part in rule[1:]:
            if isinstance(part, list):
                yield from parts(part)


def key(value):
    return json.dumps(value, sort_keys=True)


def table_of(events):
    return "orders" if events["event"] == "purchase" else "visits"


def count_of(events):
    return {"function": "count", "events": events}


def time_of(which, events):
    return {"function": f"{which} time", "events": events}


def value_of(which, field, events):
    return {"function": f"{which} value", "field": field, "events": events}


def zero_of_nothing(feature):
    return feature["function"] in ("count", "sum", "distinct")


def scale(feature):
    """What one euro (or one event) is in a feature's values."""
    if feature["function"] == "average":
        return 10_000
    return 100 if feature.get("field") in MONEY and feature["function"] != "distinct" else 1


def scaled(feature, number):
    return round(number * scale(feature))


class RuleSet:
    """Names for everything distinct: selection w0…, event set f0…, feature a0…, periods p0…, regularity r0…, sequence q0…, threshold t0…"""

    def __init__(self, segments):
        self.selections, self.event_sets, self.features = {}, {}, {}
        self.periods, self.regularities, self.sequences, self.thresholds = {}, {}, {}, {}
        self.fields = set()
        for segment in segments:
            for rule in parts(segment["rule"]):
                self.add(rule)

    def add(self, rule):
        match rule:
            case ["all" | "any" | "not" | "some", *_]:
                pass
            case ["feature", feature, *_]:
                self.feature(feature)
            case ["none", events]:
                self.feature(count_of(events))
            case ["days since", which, dict() as events, *_]:
                self.feature(time_of(which, events))
            case ["ended with", which, field, events, _]:
                self.feature(value_of(which, field, events))
            case ["share", part, whole, *_]:
                self.feature(count_of(part)), self.feature(count_of(whole))
            case ["against", feature, _, _, before]:
                self.feature(feature), self.feature(before)
            case ["more", feature, before]:
                self.feature(feature), self.feature(before)
            case ["regular", drawn]:
                self.regularity(drawn)
            case ["sequence", sequence]:
                self.sequence(sequence)
            case ["tile" | "top share" | "top", *_]:
                self.threshold(rule)
            case ["aged", *_]:
                self.fields.add("birth_date")
            case [_, field, *_]:
                self.fields.add(field)

    @staticmethod
    def named(names, letter, identity, thing):
        return names.setdefault(key(identity), (f"{letter}{len(names)}", thing))[0]

    def selection(self, events):
        chosen = {"event": events["event"], "where": events["where"]}
        return self.named(self.selections, "w", chosen, chosen)

    def event_set(self, events):
        return self.named(self.event_sets, "f", [self.selection(events), events["over"]], events)

    def feature(self, feature):
        self.event_set(feature["events"])
        return self.named(self.features, "a", feature, feature)

    def regularity(self, drawn):
        """How many of the periods the rule holds in."""
        self.selection(drawn["events"])
        self.named(self.periods, "p", drawn["periods"], drawn["periods"])
        what = {name: drawn[name] for name in ("periods", "events", "rule")}
        return self.named(self.regularities, "r", what, what)

    def sequence(self, sequence):
        return self.named(self.sequences, "q", sequence, sequence)

    def value(self, value):
        """Of a feature or a field, by its name."""
        if isinstance(value, str):
            self.fields.add(value)
            return value
        return self.feature(value)

    def threshold(self, rule):
        """(name, value, how, group) that decides a rank: everyone is compared with it. None if it lets everyone with a value in."""
        match rule:
            case ["tile", value, number, compare, tile, group]:
                rank = tile - 1 if compare == ">=" else tile
                how = ["lowest", rank / number]
                if rank in (0, number):
                    self.value(value)
                    return None
            case ["top share", end, value, percent, group]:
                how = ["highest" if end == "top" else "lowest", percent / 100]
            case ["top", end, value, number, group]:
                how = ["nth highest" if end == "top" else "nth lowest", number]
        if group:
            self.fields.add(group)
        name = self.value(value)
        self.named(self.thresholds, "t", [name, how, group], (name, how, group))
        return self.thresholds[key([name, how, group])][0]

    def of_table(self, table, things):
        return [(name, thing) for name, thing in things.values() if table_of(thing.get("events", thing)) == table]


class Chain:
    """A sequence as links from its last step to its first: of the events that may stand at a step, which have a later one that may stand at the
    next? Each link looks among the customer's events, or among those with the same session; events must be sorted accordingly, so links are
    put into phases: even ones sorted by session, odd ones by customer."""

    def __init__(self, name, sequence):
        steps = sequence["steps"]
        self.name, self.steps, self.start = name, steps, words.edges(sequence["over"])[0]
        self.minutes = [step["within"] and step["within"][0] * {"hours": 60, "days": 1440}[step["within"][1]] for step in steps]
        self.links = []  # (phase, position of the step that looks ahead), latest first
        phase = 0
        for position in range(len(steps) - 2, -1, -1):
            by_customer = 0 if steps[position + 1]["same"] else 1
            phase += (phase % 2) != by_customer
            self.links.append((phase, position))
