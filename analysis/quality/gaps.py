"""Months and areas without a record: no reports, which is not the same as no raids."""

from dataclasses import dataclass
from datetime import date

import ibis
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents
from analysis.tables import incidents
from analysis.where.frequency import incident_period, incidents_by_area

# What a month or an area may be. Only the second is a nought among reports; the third says that nobody told any.
REPORTED, NONE_CHOSEN, NO_REPORTS, OUTSIDE = (
    "reports",
    "none of this choice",
    "no reports",
    "outside the time of the records",
)
LEVELS = ("borough", "district")
MONTHS_A_YEAR = 12
WHOLE_DAY = 24  # a start that may lie in so many hours or more says nothing of the hour
AREA_COLUMNS_SHOWN = ["level", "area_code", "area_name", "incidents", "state", "visits_low", "visits_high"]


@dataclass(frozen=True)
class MonthGaps:
    """
    The chosen incidents by month.

    `months` has 12 rows for each year from the first to the last looked at: `year, month` (1 to 12), `incidents`,
    `state` (one of the four above). `years` sums them: `year, incidents` (also those known by year only),
    `month_unknown` (of these), `months` (looked at), `months_without` (no reports at all). `first` and `last` are the days
    looked at: the chosen ones, cut to those of all records. `of_all` is how many records there are, whatever is chosen.
    """

    months: pd.DataFrame
    years: pd.DataFrame
    first: date | None
    last: date | None
    of_all: int


def month_gaps(run: Run, filters: Filters) -> MonthGaps:
    """The months of the chosen time, with and without records; a night over a month's end counts where it begins."""
    recorded = run(incident_period().cross_join(incidents.aggregate(n=_.count()))).iloc[0]
    first, last = _days(recorded, filters)
    everyone = anyhow(filters)
    counted = run(_by_month(filters))
    months = _grid(counted, counted if everyone == filters else run(_by_month(everyone)), first, last)
    return MonthGaps(months, _years(months, counted), first, last, int(recorded["n"]))


def hours_it_may_be(rows: ibis.Table) -> ibis.Value:
    """Hours on the clock from the first to the last in which each incident may have started, both included."""
    return rows.started_latest.delta(rows.started_earliest, unit="hour") + 1


def is_within_a_month(rows: ibis.Table) -> ibis.Value:
    """Whether each incident can only have started in one month."""
    first, last = rows.started_earliest, rows.started_latest
    return (first.year() == last.year()) & (first.month() == last.month())


def is_month_known(rows: ibis.Table) -> ibis.Value:
    """Whether the month of each incident is known; a night over a month's end counts where it begins."""
    return (hours_it_may_be(rows) <= WHOLE_DAY) | is_within_a_month(rows)


def anyhow(filters: Filters) -> Filters:
    """
    The same time and place, whatever happened and whoever told it.

    Without a record of these there are no reports. With one, but none of the outcomes, settings, sources or
    confidences chosen, the number of the choice is 0.
    """
    return Filters(date_from=filters.date_from, date_to=filters.date_to, boroughs=filters.boroughs)


def area_gaps(run: Run, filters: Filters, visits: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Every borough and postcode district of the choice, with and without records.

    Parameters
    ----------
    visits
        For each of `LEVELS` the table of `where` for official visits.

    Returns
    -------
    areas
        Columns `level, area_code, area_name, incidents, state` (as of months), `visits_low, visits_high` (official visits of the
        same dates; NaN where no figure covers the area). Boroughs first, then by name.
    """
    everyone = anyhow(filters)
    tables = []
    for level, official in visits.items():
        table = official.sort_values(["area_name", "area_code"]).assign(level=level)
        n = _by_area(run, filters, level)
        of_all = n if everyone == filters else _by_area(run, everyone, level)
        table["incidents"], of_all = (
            table["area_code"].map(counted).fillna(0).astype(int) for counted in (n, of_all)
        )
        table["state"] = _states(table["incidents"], of_all)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)[AREA_COLUMNS_SHOWN]


def _by_area(run: Run, filters: Filters, level: str) -> pd.Series:
    return run(incidents_by_area(filters, level)).groupby("area_code")["incidents"].sum()


def longest_gap(months: pd.DataFrame) -> tuple[pd.Period, pd.Period] | None:
    """First and last month of the longest time without reports, the earlier one of two; None without any."""
    empty = (months["state"] == NO_REPORTS).to_numpy()
    best, start = (0, 0), None
    for position, is_empty in enumerate([*empty, False]):
        if is_empty and start is None:
            start = position
        elif not is_empty and start is not None:
            best = max(best, (position - start, -start))
            start = None
    length, first = best[0], -best[1]
    if not length:
        return None
    return tuple(
        pd.Period(year=months["year"][row], month=months["month"][row], freq="M")
        for row in (first, first + length - 1)
    )


def _by_month(filters: Filters) -> ibis.Table:
    """Incidents by year and month, 0 where only the year is known."""
    chosen = filter_incidents(incidents, filters)
    first = chosen.started_earliest
    month = ibis.ifelse(is_month_known(chosen), first.month(), 0)
    return chosen.group_by(year=first.year(), month=month).aggregate(n=_.count())


def _days(recorded: pd.Series, filters: Filters) -> tuple[date | None, date | None]:
    if pd.isna(recorded["first"]):
        return None, None
    first = max(filters.date_from or date.min, recorded["first"].date())
    last = min(filters.date_to or date.max, recorded["last"].date())
    return (first, last) if first <= last else (None, None)


def _grid(
    counted: pd.DataFrame, everything: pd.DataFrame, first: date | None, last: date | None
) -> pd.DataFrame:
    years = range(first.year, last.year + 1) if first else range(0)
    grid = pd.MultiIndex.from_product([years, range(1, MONTHS_A_YEAR + 1)], names=["year", "month"])
    n, of_all = (
        table.set_index(["year", "month"])["n"].reindex(grid, fill_value=0).astype(int)
        for table in (counted, everything)
    )
    months = pd.DataFrame({"incidents": n, "state": _states(n, of_all)}).reset_index()
    if first:
        number = months["year"] * MONTHS_A_YEAR + months["month"]
        is_inside = number.between(
            *(day.year * MONTHS_A_YEAR + day.month for day in (first, last)), inclusive="both"
        )
        months["state"] = months["state"].where(is_inside, OUTSIDE)
    return months


def _states(n: pd.Series, of_all: pd.Series) -> pd.Series:
    states = pd.Series(NO_REPORTS, index=n.index, dtype=object)
    return states.mask(of_all > 0, NONE_CHOSEN).mask(n > 0, REPORTED)


def _years(months: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    by_year = counted.groupby("year")["n"].sum()
    vague = counted[counted["month"] == 0].set_index("year")["n"]
    years = months.groupby("year", as_index=False).agg(
        months=("state", lambda states: int((states != OUTSIDE).sum())),
        months_without=("state", lambda states: int((states == NO_REPORTS).sum())),
    )
    for name, values in (("incidents", by_year), ("month_unknown", vague)):
        years[name] = years["year"].map(values).fillna(0).astype(int)
    return years[["year", "incidents", "month_unknown", "months", "months_without"]]
