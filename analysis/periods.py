"""The spans of time a person can pick with one click."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

# Spans that end with the last record: name in the address, words, years.
LAST = (("last-12-months", "12 months", 1), ("last-3-years", "3 years", 3), ("last-5-years", "5 years", 5))


@dataclass(frozen=True)
class Period:
    """A span of whole days, both ends included; None means open."""

    label: str
    date_from: date | None
    date_to: date | None


def preset_periods(first: date | None, last: date | None) -> dict[str, Period]:
    """
    The spans on offer for records from `first` to `last`, by the name they have in an address.

    'last-12-months', 'last-3-years' and 'last-5-years' (which end with the last record, not with today: the records
    may be older), 'all', 'since-2012' (the year the hostile environment was announced), and each calendar year, newest
    first.

    >>> list(preset_periods(date(2021, 5, 1), date(2022, 3, 4)))
    ['last-12-months', 'last-3-years', 'last-5-years', 'all', 'since-2012', '2022', '2021']
    """
    every = {"all": Period("All dates", None, None)}
    if first is None or last is None:
        return every
    presets = {}
    for name, words, years in LAST:
        before = (pd.Timestamp(last) - pd.DateOffset(years=years)).date() + timedelta(days=1)
        presets[name] = Period(f"Last {words} of the records", before, last)
    presets |= every
    presets["since-2012"] = Period("2012 onwards", date(2012, 1, 1), None)
    for year in range(last.year, first.year - 1, -1):
        presets[str(year)] = Period(str(year), date(year, 1, 1), date(year, 12, 31))
    return presets
