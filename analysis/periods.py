"""The spans of time a person can pick with one click."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd


@dataclass(frozen=True)
class Period:
    """A span of whole days, both ends included; None means open."""

    label: str
    date_from: date | None
    date_to: date | None


def preset_periods(first: date | None, last: date | None) -> dict[str, Period]:
    """
    The spans on offer for records from `first` to `last`, by the name they have in an address.

    'all', 'last-12-months' (the twelve months that end with the last record, not with today: the records may be
    older), 'since-2012' (the year the hostile environment was announced), and each calendar year, newest first.

    >>> list(preset_periods(date(2021, 5, 1), date(2022, 3, 4)))
    ['all', 'last-12-months', 'since-2012', '2022', '2021']
    """
    presets = {"all": Period("All dates", None, None)}
    if first is None or last is None:
        return presets
    year_before = (pd.Timestamp(last) - pd.DateOffset(years=1)).date() + timedelta(days=1)
    presets["last-12-months"] = Period("Last 12 months of the records", year_before, last)
    presets["since-2012"] = Period("2012 onwards", date(2012, 1, 1), None)
    for year in range(last.year, first.year - 1, -1):
        presets[str(year)] = Period(str(year), date(year, 1, 1), date(year, 12, 31))
    return presets
