"""Draws segments of the wide workload in the neutral form (README.md): conditions over 60 columns, 31 periods, two event tables, periods against
those before, regularity, sequences of two to four steps, ranks among all and per group."""
import json
import pathlib
import random

import vocabulary as words

KINDS = (
    ["profile", "events", "sequence", "profile", "regularity", "events", "population", "profile", "events", "trend"]
    + ["profile", "events", "regularity", "sequence", "events", "profile", "trend", "events", "sequence", "population"]
)
VISITS = list(words.KINDS)  # events of the visits' table, each a kind of them
ORDER = "purchase"
UNRANKED = ("choice", "text")


class Draw:
    def __init__(self, number, seed):
        self.random = random.Random(f"wide/{seed}/{number}")
        many = number > 200
        self.conditions = [self.profile_condition() for _ in range(400 if many else 90)]
        self.selections = [self.selection() for _ in range(40 if many else 14)]

    def pick(self, *values):
        return self.random.choice(values)

    def chance(self, p):
        return self.random.random() < p

    def some(self, values, low, high):
        return sorted(self.random.sample(list(values), min(len(values), self.random.randint(low, high))))

    # --- the profile
    def profile_condition(self):
        x, known = self.random.random(), words.COLUMNS
        usual = self.chance(0.9)  # not a column of which nearly everything is missing

        def pick(names):
            kept = [name for name in names if known[name][1] <= 0.5] if usual else names
            return self.random.choice(kept or names)

        if x < 0.24:
            name = pick(words.columns_of(*UNRANKED))
            values = known[name][2]
            if name in ("city", "postcode") and self.chance(0.5):
                text = self.pick(*values)
                return ["starts with", name, text[: self.pick(1, 2)]] if self.chance(0.6) else ["contains", name, text[2:4]]
            return ["one of", name, self.some(list(values)[:24], 1, 8)]
        if x < 0.32:
            name = pick(words.columns_of("ranked"))
            return ["at least", name, self.pick(*list(known[name][2])[1:])]
        if x < 0.44:
            name = pick(words.columns_of("money"))
            centre, spread = known[name][2]
            amount = round(2.718 ** self.random.gauss(centre, spread), 2)
            if self.chance(0.25):
                return ["between", name, round(amount / 2, 2), amount]
            if self.chance(0.2):
                return ["or else", name, 0, self.pick(">=", "<"), amount]
            return ["compare", name, self.pick(">=", "<"), amount]
        if x < 0.58:
            name = pick(words.columns_of("number"))
            low = round(self.random.gauss(50, 8), 3)
            return ["between", name, low, low + 5] if self.chance(0.3) else ["compare", name, self.pick(">=", "<"), low]
        if x < 0.66:
            name = pick([column for column in words.columns_of("integer") if column != "id"])
            return ["compare", name, self.pick(">=", "<", "="), self.random.randint(1, max(2, known[name][2][1] // 3))]
        if x < 0.76:
            name = pick(words.columns_of("flag"))
            return ["yes", name] if self.chance(0.7) else ["not", ["yes", name]]
        if x < 0.84:
            name = pick(["contract_end", "first_contact", "last_survey", "moved_on", "signup", "last_login", "never_dated"])
            return ["days since", name, self.pick("<", ">="), self.pick(7, 30, 90, 180, 365, 1000)]
        if x < 0.89:
            return ["aged", low := self.random.randint(18, 70), self.pick(None, low + 19)]
        if x < 0.94:
            return ["has any", "interests", self.some(words.INTERESTS, 1, 3)]
        return ["missing", pick([name for name, column in known.items() if column[1] > 0])]

    def profile(self):
        items = [self.random.choice(self.conditions) for _ in range(self.random.randint(2, 4))]
        if len(items) >= 3 and self.chance(0.3):
            return ["some", self.random.randint(2, len(items) - 1), *items]
        nested = ["all", *[self.without(item) if self.chance(0.12) else item for item in items[1:]]]
        return ["any", items[0], nested] if self.chance(0.2) else ["all", items[0], *nested[1:]]

    def without(self, item):
        return ["not", item] if item[0] != "not" else item[1]

    # --- events: {"event", "where": [condition, …], "over": period}
    def selection(self):
        """An event and what must be true of it."""
        if self.chance(0.45):
            where = []
            if self.chance(0.3):
                where.append(["one of", "category", self.some(words.CATEGORIES[:30], 3, 14)])
            if self.chance(0.3):
                where.append(["one of", "status", ["paid"]])
            if self.chance(0.2):
                where.append(self.pick(["compare", "amount", ">=", self.random.randint(1000, 9000) / 100], ["compare", "discount", ">=", self.random.randint(50, 600) / 100], ["compare", "items", ">=", 3]))
            if self.chance(0.2):
                where.append(self.pick(["one of", "payment", self.some(words.PAYMENTS, 1, 3)], ["missing", "store"], ["not missing", "store"], ["one of", "store", self.some(words.STORES[:40], 3, 12)]))
            return {"event": ORDER, "where": where}
        where = []
        if self.chance(0.35):
            where.append(["one of", "category", self.some(words.CATEGORIES[:30], 3, 14)])
        if self.chance(0.3):
            where.append(["one of", "channel", self.some(list(words.CHANNELS)[:5], 1, 2)])
        if self.chance(0.15):
            where.append(self.pick(["compare", "seconds", ">=", self.pick(30, 60, 120)], ["one of", "campaign", self.some(words.CAMPAIGNS[:40], 3, 15)], ["compare", "depth", ">=", 4]))
        return {"event": self.random.choice(["page", "page", *VISITS]), "where": where}

    def events_set(self, event=None, over="any"):
        chosen = [s for s in self.selections if event is None or s["event"] == event] or [{"event": event, "where": []}]
        period = self.random.choice([*words.WINDOWS, None]) if over == "any" else over
        return {**self.random.choice(chosen), "over": period}

    def feature(self, events):
        order = events["event"] == ORDER
        function = self.random.choice(["count", "count", "distinct"] + (["sum", "sum", "average", "maximum", "minimum"] if order else ["count"]))
        if function == "count":
            return {"function": "count", "events": events}
        if function == "distinct":
            return {"function": "distinct", "field": self.random.choice(["category", "channel", "session"] + (["payment"] if order else [])), "events": events}
        return {"function": function, "field": self.pick("amount", "amount", "discount"), "events": events}

    def limit(self, feature):
        match feature["function"]:
            case "count":
                return self.pick(1, 1, 2, 2, 3)
            case "distinct":
                return self.pick(2, 2, 3)
        cents = {"sum": (2000, 15000), "average": (2000, 7000), "maximum": (3000, 12000), "minimum": (1000, 5000)}[feature["function"]]
        cents = self.random.randint(*cents)
        return (cents // 8 if feature["field"] == "discount" else cents) / 100

    def event_condition(self):
        x = self.random.random()
        if x < 0.12:
            events = self.events_set(over=None)
            return ["days since", self.pick("last", "last", "first"), events, self.pick("<", ">="), self.pick(14, 30, 60, 90, 180, 365)]
        if x < 0.24:
            return ["none", self.events_set()]
        if x < 0.30:
            field, values = self.pick(("category", words.CATEGORIES[:8]), ("channel", list(words.CHANNELS)[:2]))
            return ["ended with", self.pick("last", "first"), field, self.events_set(), values]
        if x < 0.36:
            part = self.events_set()
            if not part["where"]:
                part = {**part, "where": [["one of", "channel", ["app"]]]}
            return ["share", part, {**part, "where": []}, self.pick(">=", "<"), self.pick([1, 2], [1, 4], [4, 5])]
        feature = self.feature(self.events_set())
        return ["feature", feature, self.pick(">=", ">=", ">=", "<"), self.limit(feature)]

    def events(self):
        conditions = [self.event_condition() for _ in range(self.random.randint(1, 3))]
        together = conditions[0] if len(conditions) == 1 else ["any" if self.chance(0.3) else "all", *conditions]
        others = [self.random.choice(self.conditions) for _ in range(self.random.randint(0, 2))]
        return ["all", together, *others] if others else together

    def trend(self):
        """A period against the one before it."""
        number, unit = self.pick((90, "days"), (30, "days"), (6, "weeks"), (3, "months"), (1, "quarters"), (12, "months"), (14, "days"))
        feature = self.feature(self.events_set(over=["last", number, unit]))
        if feature["function"] in ("distinct", "minimum", "maximum"):
            feature = {"function": "count", "events": feature["events"]}
        before = {**feature, "events": {**feature["events"], "over": ["previous", number, unit]}}
        rule = ["against", feature, self.pick("<", "<", ">="), self.pick([1, 2], [4, 5], [3, 2], [2, 1]), before] if self.chance(0.7) else ["more", feature, before]
        return rule if self.chance(0.5) else ["all", rule, self.random.choice(self.conditions)]

    # --- regularity
    def regularity(self):
        kind, number, unit = self.pick(
            ("last", 6, "months"), ("full", 6, "months"), ("last", 8, "weeks"), ("full", 4, "quarters"), ("last", 4, "quarters"), ("full", 12, "weeks"), ("last", 3, "years"), ("last", 10, "days"), ("full", 2, "quarters"), ("last", 4, "months")
        )
        events = self.events_set(over="periods")
        del events["over"]
        x = self.random.random()
        if x < 0.6:
            rule = ["did"]
        elif x < 0.85 or events["event"] != ORDER:
            rule = ["count", 2]
        else:
            rule = ["sum", "amount", self.random.randint(1000, 9000) / 100]
        least = None if self.chance(0.2) else self.random.randint(1, max(1, number // 3))
        drawn = ["regular", {"periods": [kind, number, unit], "least": least, "events": events, "rule": rule}]
        return drawn if self.chance(0.5) else ["all", drawn, self.random.choice(self.conditions)]

    # --- sequences: steps {"event", "where", "not", "within": [n, unit], "same": field}
    def step(self, event, narrow=0.3, within=None, same=None, negated=False):
        where = []
        if self.chance(narrow):
            where.append(["one of", "category", self.some(words.CATEGORIES[:20], 2, 10)])
        return {"event": event, "where": where, "not": negated, "within": within, "same": same}

    def sequence(self):
        days = lambda *numbers: [self.random.choice(numbers), "days"]  # noqa: E731
        hours = lambda *numbers: [self.random.choice(numbers), "hours"]  # noqa: E731
        step, first = self.step, self.random.choice(VISITS)
        steps = self.pick(
            [step(first), step(ORDER, within=days(3, 7, 30))],
            [step("cart"), step(ORDER, 0, within=days(1, 3), same="session", negated=True)],
            [step(ORDER), step("page", within=days(14, 60), negated=True)],
            [step("page"), step("cart", 0, within=hours(1, 2), same="session"), step(ORDER, 0, within=days(1, 3), same="session")],
            [step("search"), step("page", within=hours(1, 24)), step("cart", 0, within=days(3, 30))],
            [step("page"), step("page", 0, within=hours(1, 6), same="session"), step(ORDER, 0, within=days(2), same="session", negated=True)],
            [step("search", 0), step("page", within=hours(2), same="session"), step("cart", 0, within=hours(2), same="session"), step(ORDER, 0, within=days(2), same="session")],
            [step(ORDER), step("page", within=days(30)), step("cart", 0, within=hours(3), same="session"), step(ORDER, 0, within=days(3), same="session")],
            [step("wish"), step(ORDER, within=days(60)), step("page", 0, within=days(60)), step(ORDER, 0, within=days(90))],
        )
        over = self.pick(["last", 30, "days"], ["last", 90, "days"], ["last", 6, "months"], ["last", 365, "days"])
        drawn = ["sequence", {"steps": steps, "over": over}]
        x = self.random.random()
        return drawn if x < 0.4 else ["all", drawn, self.random.choice(self.conditions) if x < 0.75 else self.event_condition()]

    # --- against the population; a value that is missing has no rank
    def population(self):
        window = self.pick(["last", 12, "months"], ["last", 90, "days"], ["full", 3, "months"])
        value = self.pick(
            {"function": "sum", "field": "amount", "events": {"event": ORDER, "where": [], "over": window}},
            {"function": "count", "events": {"event": ORDER, "where": [["one of", "status", ["paid"]]], "over": window}},
            {"function": "count", "events": {"event": "page", "where": [], "over": window}},
            {"function": "average", "field": "amount", "events": {"event": ORDER, "where": [], "over": window}},
            "income", "score_07", "balance",
        )
        group = self.pick(None, None, "country", "loyalty", "trait_c")
        x = self.random.random()
        if x < 0.45:
            number = self.pick(4, 5, 10, 20)
            drawn = ["tile", value, number, *self.pick((">=", number), ("<=", 1), (">=", number // 2 + 1)), group]
        elif x < 0.85:
            drawn = ["top share", self.pick("top", "top", "bottom"), value, self.pick(1, 5, 10, 25), group]
        else:
            drawn = ["top", self.pick("top", "bottom"), value, self.pick(10, 100, 500), group]
        return drawn if self.chance(0.5) else ["all", drawn, self.random.choice(self.conditions)]


def write(options):
    draw = Draw(options.number, options.seed)
    drawn = []
    for i in range(options.number):
        kind = KINDS[i % len(KINDS)]
        drawn.append({"id": f"s{i:05d}" if options.number > 1000 else f"s{i:03d}", "kind": kind, "rule": getattr(draw, kind)()})
    lines = ",\n".join(json.dumps(segment) for segment in drawn)
    pathlib.Path(options.out).write_text(f'{{"as_of": "{words.AS_OF}", "seed": {options.seed}, "segments": [\n{lines}\n]}}\n')
