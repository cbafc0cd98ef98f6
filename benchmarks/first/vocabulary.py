"""The words of the generated shop, and its calendar: used by the data, by the segments drawn over it, and by the schema.

Everything ends with the as-of day: as in Seg, a window of 30 days is that day and the 29 before it, ages are those of that day.
"""
import datetime

import numpy as np

AS_OF = datetime.date(2026, 6, 29)
END = datetime.datetime(2026, 6, 30)  # the first instant after it (UTC)
DAY = 86_400_000_000  # microseconds
END_US = (END - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)
HISTORY_DAYS = 730  # no event is older

TYPES = {"view": 0.50, "email_open": 0.22, "cart": 0.14, "purchase": 0.11, "support": 0.03}
CHANNELS = {"web": 0.40, "app": 0.28, "email": 0.14, "store": 0.10, "phone": 0.05, "social": 0.03}
GENDERS = {"female": 0.48, "male": 0.46, "other": 0.02, "undisclosed": 0.04}
EDUCATION = {"primary": 0.05, "secondary": 0.32, "vocational": 0.23, "bachelor": 0.24, "master": 0.12, "doctorate": 0.04}
PLANS = {"free": 0.60, "basic": 0.22, "plus": 0.13, "pro": 0.05}
COUNTRIES = "DE US FR GB ES IT PL NL IR TR SE AT CH BE PT GR CZ DK FI NO RO HU IE AM GE AE IN CA MX JP".split()
CATEGORIES = (
    "bread milk cheese fruit vegetables meat fish frozen pasta rice snacks chocolate coffee tea juice water wine beer "
    "cleaning laundry paper diapers toys books stationery games music cinema shirts trousers shoes coats bags watches "
    "perfume makeup shampoo dental vitamins pharmacy bicycles camping running yoga phones laptops cameras lamps garden tools"
).split()
INTERESTS = (
    "cooking travel cinema fitness football music reading fashion gardening photography gaming hiking yoga running cycling "
    "painting theatre history science cars finance politics astronomy chess tennis swimming sailing fishing camping dancing "
    "guitar piano poetry pottery knitting baking wine beer pets parenting"
).split()
NUM_CITIES = 2000
assert (len(COUNTRIES), len(CATEGORIES), len(INTERESTS)) == (30, 50, 40)


def zipf(n, exponent):
    """Shares of n things of which the first is the most frequent."""
    weights = np.arange(1, n + 1) ** -exponent
    return weights / weights.sum()


class Cities:
    """Invented cities, most populous first, the same for every seed: names, their countries, places and shares of customers."""

    def __init__(self):
        rng = np.random.default_rng(74_207_281)
        starts, ends = "al bre cor del fen gran hol kir lun mar nor ost per quen ros sel tam ul vin wes".split(), "au bach dorf ford gate heim land mont port stad sk via".split()
        middles = ["", "a", "e", "i", "o", "en", "er", "an", "il", "on", "ara", "eli"]
        names = [a + m + e for a in starts for m in middles for e in ends]
        self.names = [str(name).capitalize() for name in rng.permutation(names)[:NUM_CITIES]]
        self.country = rng.choice(len(COUNTRIES), NUM_CITIES, p=zipf(len(COUNTRIES), 1.1))
        centre = np.column_stack([rng.uniform(30, 62, len(COUNTRIES)), rng.uniform(-12, 58, len(COUNTRIES))])
        self.places = centre[self.country] + rng.normal(0, [2.0, 3.0], (NUM_CITIES, 2))  # latitude, longitude
        self.shares = zipf(NUM_CITIES, 0.9)
