"""What a person has chosen to look at: dates, outcomes, settings, boroughs, sources, confidence."""

import re
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

import ibis
import pandas as pd
from ibis import _

from data.errors import InputError
from data.schema import ALL_SETTINGS

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


@dataclass(frozen=True)
class Filters:
    """
    A choice of records; an empty tuple or None means every one.

    Dates are whole days, both included; InputError where the first is after the last. `boroughs` holds ONS codes; the other tuples hold words of the schema's
    closed lists.
    """

    date_from: date | None = None
    date_to: date | None = None
    outcomes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    source_kinds: tuple[str, ...] = ()
    confidences: tuple[str, ...] = ()

    def __post_init__(self):
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise InputError("The first day is after the last one. Write the earlier date first.")

    def is_empty(self) -> bool:
        """True if nothing is filtered."""
        return self == Filters()

    def without_dates(self) -> "Filters":
        """The same choice over all dates."""
        return Filters(
            **{
                field.name: getattr(self, field.name)
                for field in fields(self)
                if not field.name.startswith("date_")
            }
        )

    def describe(self, borough_names: dict[str, str] | None = None) -> list[str]:
        """
        The filters in force in words, one text each; empty if there are none.

        `borough_names` maps ONS codes to names; a code without a name stands for itself.
        """
        names = borough_names or {}
        texts = []
        if self.date_from or self.date_to:
            texts.append(_describe_dates(self.date_from, self.date_to))
        for label, values in (
            ("outcome", self.outcomes),
            ("setting", self.settings),
            ("borough", tuple(names.get(code, code) for code in self.boroughs)),
            ("source", self.source_kinds),
            ("confidence", self.confidences),
        ):
            if values:
                texts.append(f"{label}: {', '.join(values)}")
        return texts

    def slug(self) -> str:
        """The filters as part of a file name: lower case letters, digits and hyphens; 'all' if there are none."""
        dates = [
            day.isoformat() if day else end for day, end in ((self.date_from, "start"), (self.date_to, "now"))
        ]
        parts = ["-to-".join(dates)] if self.date_from or self.date_to else []
        parts += [*self.outcomes, *self.settings, *self.boroughs, *self.source_kinds, *self.confidences]
        return re.sub(r"[^a-z0-9]+", "-", "_".join(parts).lower()).strip("-")[:120] or "all"


def filter_incidents(incidents: ibis.Table, filters: Filters) -> ibis.Table:
    """
    The incidents a person has chosen.

    An incident is inside the dates if all of the time in which it may have started is: one known only as "2022"
    is not counted in June 2022. `straddling` gives those left out for that reason.
    """
    chosen = _filter_words(incidents, filters)
    if filters.date_from:
        chosen = chosen.filter(_.started_earliest >= _first_moment(filters.date_from))
    if filters.date_to:
        chosen = chosen.filter(_.started_latest <= _last_moment(filters.date_to))
    return chosen


def straddling(incidents: ibis.Table, filters: Filters) -> ibis.Table:
    """Incidents that may or may not lie inside the chosen dates, because their own date is too vague to tell."""
    chosen = _filter_words(incidents, filters)
    outside = ibis.literal(False)
    if filters.date_from:
        first = _first_moment(filters.date_from)
        chosen = chosen.filter(_.started_latest >= first)
        outside = outside | (_.started_earliest < first)
    if filters.date_to:
        last = _last_moment(filters.date_to)
        chosen = chosen.filter(_.started_earliest <= last)
        outside = outside | (_.started_latest > last)
    return chosen.filter(outside)


def filter_counts(counts: ibis.Table, filters: Filters) -> ibis.Table:
    """
    The official figures in force whose whole period lies inside the chosen dates.

    With settings chosen, the figures by kind of address; else those for every kind together. Outcomes, sources and
    confidence do not apply: a return has none.
    """
    chosen = counts.filter(_.superseded_by.isnull())
    if filters.settings:
        chosen = chosen.filter(_.setting.isin(filters.settings))
    else:
        chosen = chosen.filter(_.setting == ALL_SETTINGS)
    if filters.date_from:
        chosen = chosen.filter(_.period_start >= filters.date_from)
    if filters.date_to:
        chosen = chosen.filter(_.period_end <= filters.date_to)
    return chosen


def _filter_words(incidents: ibis.Table, filters: Filters) -> ibis.Table:
    chosen = incidents
    for column, values in (
        ("outcome", filters.outcomes),
        ("setting", filters.settings),
        ("borough_code", filters.boroughs),
        ("source_kind", filters.source_kinds),
        ("confidence", filters.confidences),
    ):
        if values:
            chosen = chosen.filter(chosen[column].isin(values))
    return chosen


def _first_moment(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _last_moment(day: date) -> datetime:
    return datetime.combine(day, time.max)


def _describe_dates(date_from: date | None, date_to: date | None) -> str:
    if date_from and date_to:
        return f"{_day(date_from)} to {_day(date_to)}"
    return f"from {_day(date_from)}" if date_from else f"up to {_day(date_to)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
