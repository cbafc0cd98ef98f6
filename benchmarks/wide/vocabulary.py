"""The words of the wide workload's shop, the 60 columns of its customers, and its calendar, by language.md's rules of periods.

The shop lies in Berlin: days begin at its midnights, and the clocks change inside most windows. Times in the files are in UTC.
The as-of day is the 29th of a month, so that "two months before the day after" is a day that February lacks.
"""
import calendar
import datetime
import zoneinfo

AS_OF = datetime.date(2026, 4, 29)
END_DAY = AS_OF + datetime.timedelta(days=1)
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
HISTORY_DAYS = 800  # no event is older


def instant(day):
    """The local midnight that begins a day, in UTC, without a zone."""
    return datetime.datetime.combine(day, datetime.time(), ZONE).astimezone(datetime.timezone.utc).replace(tzinfo=None)


END = instant(END_DAY)  # the first instant after the as-of day
END_MINUTE = int((END - datetime.datetime(1970, 1, 1)) / datetime.timedelta(minutes=1))

# --- periods ------------------------------------------------------------------------------------------------------------------------
# A period is [kind, …]: ["last", n, unit], ["previous", n, unit], ["full", n, unit], ["this", unit], ["ago", from days, to days],
# ["dates", first, last]; None is all time up to as-of.

MONTHS_OF = {"months": 1, "quarters": 3, "years": 12}


def months_before(day, months):
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def back(number, unit):
    """The day `number` units before the day after as-of."""
    if unit in MONTHS_OF:
        return months_before(END_DAY, number * MONTHS_OF[unit])
    return END_DAY - datetime.timedelta(days=number * (7 if unit == "weeks" else 1))


def unit_start(day, unit):
    """The first day of the calendar unit that holds the day; weeks start on Monday."""
    if unit == "weeks":
        return day - datetime.timedelta(days=day.weekday())
    months = MONTHS_OF[unit]
    return datetime.date(day.year, (day.month - 1) // months * months + 1, 1)


def unit_before(day, number, unit):
    """The day `number` units before one that begins a unit."""
    return day - datetime.timedelta(days=7 * number) if unit == "weeks" else months_before(day, number * MONTHS_OF[unit])


def edges(period):
    """[start, end) in UTC; start is None for all time."""
    match period:
        case None:
            return None, END
        case ["last", number, "hours"]:
            return END - datetime.timedelta(hours=number), END
        case ["last", number, unit]:
            return instant(back(number, unit)), END
        case ["previous", number, unit]:
            return instant(back(2 * number, unit)), instant(back(number, unit))
        case ["full", number, unit]:
            end = unit_start(END_DAY, unit)
            return instant(unit_before(end, number, unit)), instant(end)
        case ["this", unit]:
            return instant(unit_start(AS_OF, unit)), END
        case ["ago", first, last]:
            return instant(END_DAY - datetime.timedelta(days=first)), instant(END_DAY - datetime.timedelta(days=last))
        case ["dates", first, last]:
            begin, end = (datetime.date.fromisoformat(day) for day in (first, last))
            return instant(begin), instant(end + datetime.timedelta(days=1))
    raise ValueError(period)


def periods_one_by_one(kind, number, unit):
    """The edges of each of the last n periods, latest first: n + 1 instants."""
    if kind == "full":
        end = unit_start(END_DAY, unit)
        return [instant(unit_before(end, k, unit)) for k in range(number + 1)]
    return [instant(back(k, unit)) for k in range(number + 1)]


WINDOWS = [
    *[["last", n, "days"] for n in (7, 14, 30, 45, 60, 90, 120, 180, 365)],
    ["last", 24, "hours"], ["last", 72, "hours"], ["last", 2, "weeks"], ["last", 6, "weeks"],
    *[["last", n, "months"] for n in (1, 2, 3, 6, 12)],
    ["last", 2, "quarters"], ["last", 1, "years"],
    ["full", 1, "months"], ["full", 3, "months"], ["full", 4, "weeks"], ["full", 1, "quarters"],
    ["this", "months"], ["this", "quarters"], ["this", "years"],
    ["ago", 45, 15], ["ago", 365, 180],
    ["dates", "2025-11-20", "2025-12-31"], ["dates", "2025-01-01", "2025-12-31"],
]  # and all time
assert len(WINDOWS) >= 30

# --- events -------------------------------------------------------------------------------------------------------------------------

KINDS = {"page": 0.60, "search": 0.16, "cart": 0.15, "wish": 0.09}  # of visits
CHANNELS = {"web": 0.42, "app": 0.30, "email": 0.10, "social": 0.08, "partner": 0.05, "kiosk": 0.03, "tv": 0.01, "call": 0.01}
PAYMENTS = {"card": 0.50, "wallet": 0.24, "invoice": 0.14, "instalment": 0.06, "voucher": 0.04, "cash": 0.02}
STATUSES = {"paid": 0.88, "returned": 0.08, "cancelled": 0.04}
CATEGORIES = (
    "atlases anoraks axes balls baskets bells belts blankets boots bowls brushes candles caps carpets chairs clocks combs "
    "cups curtains desks dolls doors drums easels fans forks frames gloves hammers hats hoses irons jackets jars kettles kites "
    "knives ladders lanterns mats mirrors mugs nets ovens pans pens pillows plates pots rakes ropes rugs saws scarves shelves "
    "skates sofas stoves tables tents"
).split()
CAMPAIGNS = [f"{season} {year} {theme}" for year in (2024, 2025, 2026) for season in ("spring", "summer", "autumn", "winter") for theme in "news sale loyal back gift club mail app".split()]
STORES = [f"store {number:03}" for number in range(1, 151)]
assert len(CATEGORIES) == 60

# --- customers ----------------------------------------------------------------------------------------------------------------------

GENDERS = {"female": 0.47, "male": 0.46, "other": 0.02, "undisclosed": 0.05}
EDUCATION = {"primary": 0.07, "secondary": 0.35, "vocational": 0.2, "bachelor": 0.22, "master": 0.12, "doctorate": 0.04}  # ranked
COUNTRIES = "DE AT CH NL BE LU FR DK PL CZ IT ES PT SE NO FI IE HU SI HR".split()
INTERESTS = (
    "archery baking ballet birds bridge camping canoeing chess choir cinema climbing comics cycling darts diving fencing films "
    "flying football gardens golf guitar hiking history jazz judo knitting magic maps opera painting photos pottery puzzles reading "
    "rowing running sailing skiing surfing swimming tennis theatre travel trees wine writing yoga"
).split()
LETTERS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]

# name: (type, share missing, what its values are drawn from)
COLUMNS = {
    "id": ("integer", 0, None),
    "birth_date": ("date", 0.03, (-95 * 365, -18 * 365)),
    "gender": ("choice", 0.01, GENDERS),
    "country": ("text", 0, COUNTRIES),
    "city": ("text", 0.02, [f"{a}{b}{c}" for a in ("Al", "Ber", "Kor", "Lin", "Mar", "Nor", "Os", "Ro", "Sel", "Tam") for b in ("a", "en", "i", "o") for c in ("bach", "burg", "dorf", "feld", "hafen", "stadt", "tal", "wald")]),
    "postcode": ("text", 0.02, [f"{number:05}" for number in range(1003, 99_999, 37)]),
    "education": ("ranked", 0.25, EDUCATION),
    "signup": ("time", 0, 3000),
    "last_login": ("time", 0.12, 700),
    "interests": ("list", 0, INTERESTS),
    "household_size": ("integer", 0.1, (1, 8)),
    "income": ("money", 0.3, (10.3, 0.5)),
    "credit_limit": ("money", 0.05, (7.0, 0.8)),
    "balance": ("money", 0.01, (4.5, 1.2)),
    "lifetime_discount": ("money", 0.5, (3.2, 1.0)),
    "email_ok": ("flag", 0, 0.7),
    "sms_ok": ("flag", 0.02, 0.4),
    "phone_ok": ("flag", 0.3, 0.2),
    "post_ok": ("flag", 0.6, 0.5),
    "staff": ("flag", 0, 0.004),
    "app_installed": ("flag", 0, 0.35),
    "contract_end": ("date", 0.4, (-200, 700)),
    "first_contact": ("date", 0.15, (-4000, -1)),
    "last_survey": ("date", 0.8, (-900, -1)),
    "wedding": ("date", 0.7, (-40 * 365, -1)),
    "moved_on": ("date", 0.95, (-3000, -1)),
    "referrer": ("text", 0.35, [f"partner {number}" for number in range(1, 801)]),
    "device": ("text", 0.2, [f"{maker} {model}" for maker in ("Acorn", "Birch", "Cedar", "Elm", "Fir") for model in range(1, 61)]),
    "language": ("text", 0.01, ["de", "en", "fr", "nl", "pl", "it", "es", "da", "cs", "tr"]),
    "branch": ("text", 0.1, STORES),
    "segment_label": ("text", 0.5, [f"label {number:02}" for number in range(40)]),
    "note": ("text", 0.9, [f"note of kind {number}" for number in range(5000)]),
    **{f"trait_{letter}": ("choice", share, {value: 1 / size for value in LETTERS[:size]}) for letter, share, size in zip("abcdef", (0, 0.01, 0.1, 0.3, 0.6, 0.97), (2, 3, 4, 5, 6, 8))},
    **{f"score_{number:02}": ("number", share, number) for number, share in enumerate((0, 0, 0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 0.95, 0.999), 1)},
    **{f"count_{number}": ("integer", share, (0, high)) for number, (share, high) in enumerate(((0, 3), (0, 50), (0.05, 1000), (0.5, 10), (0.9, 100)), 1)},
    "never_scored": ("number", 1, 0),
    "never_named": ("text", 1, ["x"]),
    "never_dated": ("date", 1, (-10, -1)),
    "never_paid": ("money", 1, (1, 1)),
    "never_asked": ("flag", 1, 0.5),
    "loyalty": ("ranked", 0.02, {"basic": 0.5, "bronze": 0.25, "silver": 0.15, "gold": 0.08, "black": 0.02}),
    "source": ("choice", 0, {"shop": 0.4, "site": 0.35, "friend": 0.15, "fair": 0.1}),
}
assert len(COLUMNS) == 60, len(COLUMNS)


def columns_of(*kinds):
    return [name for name, (kind, _, _) in COLUMNS.items() if kind in kinds]
