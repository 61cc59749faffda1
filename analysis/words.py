"""Figures, periods and areas as a person would say them."""

from dataclasses import dataclass
from datetime import date

AREA_NOUNS = {"borough": "boroughs", "district": "postcode districts", "locality": "localities"}


@dataclass(frozen=True)
class Headline:
    """One figure: what it counts, the figure, and a sentence that says where, when and from what."""

    label: str
    value: str
    sentence: str


def area_noun(level: str) -> str:
    """'boroughs', 'postcode districts' or 'localities'."""
    return AREA_NOUNS[level]


def figure(low: float, high: float, noun: str) -> str:
    """
    A count known exactly or as a range, with its noun.

    >>> figure(4736, 4736, "official visit")
    '4,736 official visits'
    >>> figure(861, 1044, "official visit")
    '861 to 1,044 official visits'
    >>> figure(0.6, 1.4, "official visit")
    '1 official visit'
    """
    return f"{number_range(low, high)} {noun}" + ("" if round(low) == round(high) == 1 else "s")


def counted(number: int, noun: str) -> str:
    """
    A count known exactly, with its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return figure(number, number, noun)


def number_range(low: float, high: float) -> str:
    """A whole number known exactly or as a range: '4,736' or '861 to 1,044'."""
    low, high = round(low), round(high)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def rate_range(low: float, high: float, decimals: int = 2) -> str:
    """A rate known exactly or as a range: '0.41' or '0.41 to 0.43'."""
    first, last = f"{low:.{decimals}f}", f"{high:.{decimals}f}"
    return first if first == last else f"{first} to {last}"


def day_in_words(day: date) -> str:
    """'11 June 2022'."""
    return f"{day.day} {day:%B %Y}"


def period_in_words(start: date | None, end: date | None) -> str:
    """
    A period as part of a sentence; whole months and years without days.

    >>> period_in_words(date(2014, 1, 1), date(2022, 12, 31))
    'from 2014 to 2022'
    >>> period_in_words(date(2022, 1, 1), date(2022, 12, 31))
    'in 2022'
    >>> period_in_words(date(2019, 1, 1), date(2019, 10, 31))
    'from 1 January 2019 to 31 October 2019'
    >>> period_in_words(date(2021, 5, 13), date(2021, 5, 13))
    'on 13 May 2021'
    """
    if start is None or end is None:
        return "in these records"
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"in {start.year}" if start.year == end.year else f"from {start.year} to {end.year}"
    if start == end:
        return f"on {day_in_words(start)}"
    return f"from {day_in_words(start)} to {day_in_words(end)}"


def minutes_in_words(minutes: float) -> str:
    """
    A time as people say it, to five minutes.

    >>> minutes_in_words(43), minutes_in_words(74), minutes_in_words(120)
    ('45 min', '1 h 15', '2 h')
    """
    hours, rest = divmod(max(5, round(minutes / 5) * 5), 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def listed(items: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
