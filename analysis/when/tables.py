"""A set of incidents over time: by weekday and hour, weekday, month and year, with what is unknown left apart."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from analysis.when.aoristic import DAYS, HOURS, shares, spread
from analysis.when.busiest import Busiest, busiest
from data.reading import dates

# A span of so many hours on the clock, or more, says nothing of the hour.
WHOLE_DAY = 24
# The busiest hours are looked for as a run of so many.
BUSIEST_HOURS = 3
MONTHS = 12
WEEKDAYS = tuple(name[:3] for name in dates.WEEKDAYS)


@dataclass(frozen=True)
class Times:
    """
    One set of incidents over time.

    `hours` has 168 rows: `weekday` (0 = Monday), `hour` (0 to 23, London's clock), `weight` (incidents). `weekdays`, `months`
    and `years` have `weekday`, `month` (1 to 12) or `year` and `n` (incidents; a night over midnight is shared by two
    weekdays), `share` of those known so finely (0 to 1), `low`, `high` (95 % Wilson interval), `even_share` (what an
    even spread over the days of the period would give); NaN where nothing is known. `exact_hours` incidents have a
    known hour, `parts_of_day` a part of the day that is shared out over its hours.
    """

    incidents: int
    exact_hours: int
    parts_of_day: int
    hours: pd.DataFrame
    weekdays: pd.DataFrame
    months: pd.DataFrame
    years: pd.DataFrame
    busiest_hours: Busiest
    busiest_weekday: Busiest
    busiest_month: Busiest

    @property
    def known_hours(self) -> int:
        """Incidents whose hour or part of the day is known: the sum of the 168 cells."""
        return self.exact_hours + self.parts_of_day

    def known(self, name: str) -> float:
        """Incidents whose weekday, month or year is known; `name` is 'weekdays', 'months' or 'years'."""
        return getattr(self, name)["n"].sum()

    def hours_to_draw(self) -> pd.DataFrame:
        """The 168 cells with `weekday_name`, `time` ('06:00') and `share` of all known hours (0 to 1)."""
        return self.hours.assign(
            weekday_name=self.hours["weekday"].map(dict(enumerate(WEEKDAYS))),
            time=self.hours["hour"].map("{:02d}:00".format),
            share=self.hours["weight"] / max(self.known_hours, 1),
        )


def times_of(
    kinds: pd.DataFrame, months: pd.DataFrame, start: date | None, end: date | None, seed: int
) -> Times:
    """
    The tables of some incidents.

    Parameters
    ----------
    kinds
        Incidents of which the day is known, by kinds of span that are shared out alike: `started_earliest`,
        `started_latest` (hours on London's clock, both included), `clock_hours` (hours from one to the other) and `n`.
    months
        All incidents: `year`, `month` (0 where unknown) and `n`.
    start, end
        The days looked at; None where nothing is recorded at all.
    seed
        Of the draws behind the busiest hours.
    """
    days = _days(start, end)
    narrow = kinds[kinds["clock_hours"] < WHOLE_DAY]
    weights = spread(narrow["started_earliest"], narrow["started_latest"], narrow["n"])
    by_hour = _patterns(narrow, axis=1)
    by_weekday = _patterns(kinds, axis=2)
    weekday_days = days.day_of_week.value_counts().reindex(range(DAYS), fill_value=0)
    month_days = days.month.value_counts().reindex(range(1, MONTHS + 1), fill_value=0)
    year_days = days.year.value_counts().sort_index()
    by_month = _shares("month", months.groupby("month")["n"].sum(), month_days)
    return Times(
        incidents=int(months["n"].sum()),
        exact_hours=int(narrow["n"][narrow["clock_hours"] == 1].sum()),
        parts_of_day=int(narrow["n"][narrow["clock_hours"] > 1].sum()),
        hours=_hours_table(weights),
        weekdays=_shares("weekday", pd.Series(by_weekday[1] @ by_weekday[0]), weekday_days),
        months=by_month,
        years=_shares("year", months.groupby("year")["n"].sum(), year_days),
        busiest_hours=busiest(*by_hour, np.full(HOURS, 1 / HOURS), BUSIEST_HOURS, seed),
        busiest_weekday=busiest(*by_weekday, _normed(weekday_days), 1, seed),
        busiest_month=busiest(np.eye(MONTHS), by_month["n"].to_numpy(), by_month["even_share"].to_numpy(), 1, seed),
    )  # fmt: skip


def _days(start: date | None, end: date | None) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([]) if start is None else pd.date_range(start, end)


def _patterns(kinds: pd.DataFrame, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """How each kind is shared out over hours of the day (axis 1) or weekdays (axis 2), and how many there are."""
    each = shares(kinds["started_earliest"], kinds["started_latest"]).sum(axis=axis).round(12)
    patterns, position = np.unique(each, axis=0, return_inverse=True)
    return patterns, np.bincount(position.ravel(), weights=kinds["n"], minlength=len(patterns)).astype(int)


def _hours_table(weights: np.ndarray) -> pd.DataFrame:
    weekday, hour = np.divmod(np.arange(DAYS * HOURS), HOURS)
    return pd.DataFrame({"weekday": weekday, "hour": hour, "weight": weights.ravel()})


def _shares(column: str, n: pd.Series, days: pd.Series) -> pd.DataFrame:
    """`n` and `days` by weekday, month or year; what is in `n` only, such as month 0, is unknown."""
    n = n.reindex(days.index, fill_value=0)
    known = n.sum()
    table = pd.DataFrame({column: n.index, "n": n.to_numpy(), "share": np.nan, "low": np.nan, "high": np.nan})
    if known:
        table["share"] = table["n"] / known
        interval = proportion_confint(table["n"], known, method="wilson")
        # Of none or all, an end may lie a rounding error outside.
        table["low"], table["high"] = (np.clip(end, 0, 1) for end in interval)
    table["even_share"] = _normed(days)
    return table


def _normed(days: pd.Series) -> np.ndarray:
    return days.to_numpy() / max(days.sum(), 1)
