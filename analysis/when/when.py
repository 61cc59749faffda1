"""When raids are recorded: by weekday and hour, weekday, month and year, for all or for one area beside London."""

from dataclasses import dataclass, replace
from datetime import date

import ibis
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents, straddling
from analysis.tables import areas, incidents
from analysis.when.aoristic import clock_changes
from analysis.when.tables import WHOLE_DAY, Times, times_of
from analysis.where.frequency import AREA_COLUMNS, incident_period, incidents_by_area
from data.errors import InputError
from data.schema import UNKNOWN


@dataclass(frozen=True)
class WhenResult:
    """
    When the chosen incidents began, all of them or those of one area.

    `hours.weight` and `unknown_time` add up to `incidents`. If an area is chosen, `london` is all London for comparison and
    `rest` London without the area; without one `london_alone` is London without the incidents elsewhere, if there are any.
    `outside` is how many of those chosen lie outside London, 0 with an area; `vague` how many may or may not lie in the
    chosen dates. `analysis/when/words.py` says it in words.
    """

    times: Times
    london: Times | None
    rest: Times | None
    london_alone: Times | None
    area_name: str
    period_start: date | None
    period_end: date | None
    outside: int
    vague: int

    @property
    def hours(self) -> pd.DataFrame:
        """168 rows: `weekday` (0 = Monday), `hour`, `weight` (incidents)."""
        return self.times.hours

    @property
    def incidents(self) -> int:
        """All incidents chosen, wherever they lie and however vague their time."""
        return self.times.incidents

    @property
    def unknown_time(self) -> float:
        """Incidents of which no more than the day is known; they lie in none of the 168 cells."""
        return float(self.times.incidents - self.times.known_hours)


def when(
    run: Run, filters: Filters, level: str | None = None, code: str | None = None, seed: int = 0
) -> WhenResult:
    """
    When the chosen incidents began.

    Parameters
    ----------
    run
        Runs an Ibis expression on the store and returns a data frame (`Store.run`).
    filters
        What is chosen; with an area the choice of boroughs does not apply.
    level, code
        One area, put beside all London (incidents in one of its boroughs, or at a place unknown). Without a code: every
        incident chosen, also outside London.
    seed
        Of the draws behind the busiest hours.

    Raises
    ------
    InputError
        There is no such area.
    """
    name = _area_name(run, level, code) if code else ""
    if code:
        filters = replace(filters, boroughs=())
    start, end = _period(run, filters)
    boroughs = [*run(areas.filter(_.level == "borough").select("code"))["code"]]
    outside = 0 if code else _outside(run, filters, boroughs)
    chosen = _chosen(filters, level if code else None, code, boroughs)
    kinds = run(_kinds(chosen, clock_changes(start, end) if start else []))
    months = run(_months(chosen))
    times, london, rest = (
        times_of(kinds[select(kinds)], months[select(months)], start, end, seed) if is_wanted else None
        for select, is_wanted in ((_in_area, True), (_in_london, code or outside), (_in_rest, code))
    )
    return WhenResult(
        times=times,
        london=london if code else None,
        rest=rest,
        london_alone=None if code else london,
        area_name=name,
        period_start=start,
        period_end=end,
        outside=outside,
        vague=_vague(run, filters),
    )


def _in_area(table: pd.DataFrame) -> pd.Series:
    return table["in_area"]


def _in_london(table: pd.DataFrame) -> pd.Series:
    return table["in_london"]


def _in_rest(table: pd.DataFrame) -> pd.Series:
    return table["in_london"] & ~table["in_area"]


def _area_name(run: Run, level: str | None, code: str) -> str:
    if level in AREA_COLUMNS:
        found = run(areas.filter(_.level == level, _.code == code).select("name"))
        if len(found):
            return found["name"][0]
    raise InputError("There is no such area. Choose one from the list.")


def _chosen(filters: Filters, level: str | None, code: str | None, boroughs: list[str]) -> ibis.Table:
    """The incidents with their length on the clock, and which of them are compared: the area's and London's."""
    chosen = filter_incidents(incidents, filters)
    everywhere = ibis.literal(True)
    return chosen.mutate(
        in_area=chosen[AREA_COLUMNS[level]] == code if level else everywhere,
        in_london=chosen.borough_code.isin([*boroughs, UNKNOWN]),
        clock_hours=chosen.started_latest.delta(chosen.started_earliest, unit="hour") + 1,
    )


def _kinds(chosen: ibis.Table, changes: list[date]) -> ibis.Table:
    """
    Spans of at most a day that are shared out alike, counted together: same weekday, first hour and length.

    A part of a day on which the clock changes stands alone: nothing is assumed of where in it the change lies.
    """
    first, last = _.started_earliest, _.started_latest
    # Only these are shared out over hours of which a change of the clock may be one.
    is_part_of_day = _.clock_hours.between(2, WHOLE_DAY - 1)
    changing = first.date().isin(changes) | last.date().isin(changes)
    never = ibis.null("timestamp")
    keys = {
        "weekday": first.day_of_week.index(),
        "hour": first.hour(),
        "alone": ibis.ifelse(is_part_of_day, ibis.ifelse(changing, first, never), never),
    }
    by = chosen.filter(_.clock_hours <= WHOLE_DAY).group_by("in_area", "in_london", "clock_hours", **keys)
    return by.aggregate(started_earliest=first.min(), started_latest=last.min(), n=_.count())


def _months(chosen: ibis.Table) -> ibis.Table:
    """Incidents by year and month, 0 where only the year is known; a night over a month's end counts where it begins."""
    first = _.started_earliest
    is_known = (_.clock_hours <= WHOLE_DAY) | (first.month() == _.started_latest.month())
    keys = {"year": first.year(), "month": ibis.ifelse(is_known, first.month(), 0)}
    return chosen.group_by("in_area", "in_london", **keys).aggregate(n=_.count())


def _period(run: Run, filters: Filters) -> tuple[date | None, date | None]:
    """The days looked at: the chosen ones, cut to the time in which anything is recorded."""
    recorded = run(incident_period()).iloc[0]
    if pd.isna(recorded["first"]):
        return None, None
    first, last = recorded["first"].date(), recorded["last"].date()
    start, end = max(filters.date_from or first, first), min(filters.date_to or last, last)
    return (start, end) if start <= end else (None, None)


def _outside(run: Run, filters: Filters, boroughs: list[str]) -> int:
    figures = run(incidents_by_area(filters, "borough"))
    return int(figures["incidents"][~figures["area_code"].isin([*boroughs, UNKNOWN])].sum())


def _vague(run: Run, filters: Filters) -> int:
    if not (filters.date_from or filters.date_to):
        return 0
    return int(run(straddling(incidents, filters).aggregate(n=_.count()))["n"][0])
