"""Reads the neutral segments and finds what they share: event sets, features, sequences, quantiles. For the peers and for to_seg.py."""
import calendar
import datetime
import json
import pathlib

import vocabulary as words


def load(path, limit=None):
    return json.loads(pathlib.Path(path).read_text())["segments"][:limit]


def parts(rule):
    """The rule and all rules in it."""
    yield rule
    if rule[0] in ("all", "any", "not"):
        for part in rule[1:]:
            yield from parts(part)


def uses(segment):
    return {part[0] for part in parts(segment["rule"])}


def key(value):
    return json.dumps(value, sort_keys=True)


def since(days):
    """The first instant of a window that ends with the as-of day."""
    return words.END - datetime.timedelta(days=days)


def born_until(age):
    """Whoever is at least this old was born on this day or before it."""
    year = words.AS_OF.year - age
    return words.AS_OF.replace(year=year, day=min(words.AS_OF.day, calendar.monthrange(year, words.AS_OF.month)[1]))


def zero_of_nothing(feature):
    return feature["function"] in ("count", "sum", "distinct")


def count_of(events):
    return {"function": "count", "events": events}


def last_of(events):
    return {"function": "last time", "events": events}


class RuleSet:
    """Names for everything distinct: feature a0…, sequence q0…, quantile t0… (of a feature, at a share, as tiles need them)."""

    def __init__(self, segments):
        self.features, self.sequences, self.quantiles, self.event_sets = {}, {}, {}, {}
        self.fields = set()
        for segment in segments:
            for rule in parts(segment["rule"]):
                self.add(rule)

    def add(self, rule):
        kind = rule[0]
        if kind == "feature":
            self.feature(rule[1])
        elif kind == "none":
            self.feature(count_of(rule[1]))
        elif kind == "days since last":
            self.feature(last_of(rule[1]))
        elif kind == "sequence":
            self.sequence(rule[1])
        elif kind == "tile":
            self.feature(rule[1])
            for limit in self.tile_limits(rule):
                if limit:
                    self.quantile(*limit)
        elif kind == "aged":
            self.fields.add("birth_date")
        elif kind == "near":
            self.fields |= {"lat", "lon"}
        elif kind not in ("all", "any", "not"):
            self.fields.add(rule[1])

    def feature(self, feature):
        self.event_sets.setdefault(key(feature["events"]), (f"f{len(self.event_sets)}", feature["events"]))
        return self.features.setdefault(key(feature), (f"a{len(self.features)}", feature))[0]

    def event_set(self, feature):
        return self.event_sets[key(feature["events"])][0]

    def sequence(self, sequence):
        return self.sequences.setdefault(key(sequence), (f"q{len(self.sequences)}", sequence))[0]

    def quantile(self, feature, share):
        name = self.feature(feature)
        return self.quantiles.setdefault((name, share), (f"t{len(self.quantiles)}", name, feature, share))[0]

    @staticmethod
    def tile_limits(rule):
        """(above, at most): the quantiles that a value is compared with. Tile k of n or higher means that at least (k-1)/n of those
        with a value are lower, so: the value is above their discrete quantile at that share."""
        _, feature, number, compare, tile = rule
        if compare == ">=":
            return ((feature, (tile - 1) / number) if tile > 1 else None), None
        return None, ((feature, tile / number) if tile < number else None)

    def event_columns(self):
        """Of the features."""
        columns = {"customer_id", "ts", "type"}
        for _, feature in self.features.values():
            columns |= {feature["field"]} if "field" in feature else set()
            columns |= set(feature["events"]) & {"category", "channel"}
        return sorted(columns)
