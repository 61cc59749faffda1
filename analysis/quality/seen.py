"""Seen and unseen: recorded incidents beside the official visits of the same area and the same time."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
from ibis import _
from statsmodels.stats.proportion import proportion_confint

from analysis.areas import Run
from analysis.filters import Filters, filter_counts, filter_incidents
from analysis.quality.seen_words import LIMITS, blind, finding, sentences, years_finding
from analysis.records.records import figures_filters
from analysis.tables import area_overlap, areas, counts, incidents
from analysis.where.frequency import AREA_COLUMNS, figures_by_borough, visits_by_borough, visits_by_district
from analysis.where.where import COVERED_ENOUGH, WhereResult, where
from analysis.words import period_in_words
from data.schema import UNKNOWN

SEEN_COLUMNS = [
    "area_code", "area_name", "incidents", "visits_low", "visits_high", "share_low", "share_high", "likely_low",
    "likely_high", "covered_share", "is_covered", "is_blind", "is_exceeded", "chance_of_none",
]  # fmt: skip
YEAR_COLUMNS = [
    "year", "incidents", "visits_low", "visits_high", "share_low", "share_high", "likely_low", "likely_high",
    "is_exceeded", "covered_days",
]  # fmt: skip


@dataclass(frozen=True)
class SeenResult:
    """
    How much of what the state says it did stands in these records.

    `table` has one row per area of the level, those with most official visits first: `area_code, area_name,
    incidents` (count), `visits_low, visits_high` (official visits, NaN where no figure covers the area, which is not
    zero), `share_low, share_high` (0 to 1; NaN where there is no visit, more incidents than visits, or an area that
    the figures cover less than half), `likely_low, likely_high` (95 % interval of the share), `covered_share` (0 to 1),
    `is_covered`, `is_blind` (official visits, no incident), `is_exceeded` (more incidents than visits),
    `chance_of_none` (chance of no incident at all if visits were heard of everywhere as seldom as in all areas together).

    `years` is all areas together by year: `year, incidents, visits_low, visits_high, share_low, share_high,
    likely_low, likely_high, is_exceeded, covered_days` (days from the first to the last that any figure covers).
    `area_years` is by area and year: `area_code, area_name, year, incidents, visits_low, visits_high, share_low,
    share_high, is_exceeded`. `total` is one row like those of `table`, of all areas together.
    """

    table: pd.DataFrame
    years: pd.DataFrame
    area_years: pd.DataFrame
    total: pd.Series
    period_start: date | None
    period_end: date | None
    finding: str
    years_finding: str
    sentences: list[str] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def seen(run: Run, filters: Filters, level: str) -> SeenResult:
    """
    The share of official visits that the records hold, as a range, by area and by year.

    Parameters
    ----------
    run
        Runs an Ibis expression on the store and returns a data frame (`Store.run`).
    filters
        Dates, boroughs and settings choose visits and incidents alike; outcomes, sources and confidence choose
        incidents only, and a note says so.
    level
        'borough' or 'district'.

    Returns
    -------
    result
        See `SeenResult`.

    Raises
    ------
    InputError
        No such level, or localities, which official figures do not have.

    Notes
    -----
    An incident counts beside a figure if all of the time in which it may have started lies in the figure's period, and
    its place in the figure's area. For boroughs, whose figures are those of postcode districts, an incident whose
    district is known counts if that district is covered; of others it is asked that figures over that time cover at
    least half of the borough's residents. Intervals: Wilson, JASA 22 (1927), of incidents among the most and among the
    fewest visits that the return allows.
    """
    official = where(run, figures_filters(filters), level, "counts")
    # Visits of a district are not told apart by borough, so its incidents must not be either.
    matching = filters if level == "borough" else replace(filters, boroughs=())
    matched = run(_matched(matching, level))
    visits = run(
        (visits_by_borough if level == "borough" else visits_by_district)(
            figures_filters(filters), by_year=True
        )
    )
    area_years = _by_area_and_year(official.table, matched, visits)
    table, total = _by_area(official.table, area_years)
    years = _by_year(area_years, visits)
    return SeenResult(
        table=table,
        years=years,
        area_years=area_years,
        total=total,
        period_start=official.period_start,
        period_end=official.period_end,
        finding=finding(official, total, filters),
        years_finding=years_finding(years),
        sentences=sentences(table, total, level),
        blind=blind(table),
        notes=_notes(run, filters, level, official, int(total["incidents"])),
    )


def covered_periods(filters: Filters, level: str) -> ibis.Table:
    """
    Where and when the official figures chosen say how many visits there were.

    Returns
    -------
    expression
        Columns `area_code`, `district` (in which an incident must lie; 'unknown' for one known by borough only),
        `period_start`, `first_moment`, `end_moment` (the midnight after its last day), `told_until` (the latest
        `end_moment` of all earlier periods of the same place, else null: an incident that ends before is told with
        them, so periods that overlap count nothing twice).
    """
    covered = _covered_districts(filters) if level == "district" else _covered_boroughs(filters)
    before = ibis.window(
        group_by=["area_code", "district"], order_by=["period_start", "period_end"], rows=(None, -1)
    )
    covered = covered.mutate(
        first_moment=_.period_start.cast("timestamp"),
        # Compared as moments, so that a million records need no cast.
        end_moment=_.period_end.cast("timestamp") + ibis.interval(days=1),
    )
    return covered.mutate(told_until=_.end_moment.max().over(before))


def _covered_districts(filters: Filters) -> ibis.Table:
    figures = filter_counts(counts, filters).filter(_.area_level == "district")
    periods = figures.select("area_code", "period_start", "period_end").distinct()
    return periods.select("area_code", "period_start", "period_end", district=_.area_code)


def _covered_boroughs(filters: Filters) -> ibis.Table:
    boroughs = areas.filter(_.level == "borough").select(borough=_.code, borough_residents=_.residents)
    figures = figures_by_borough(filters).select(
        "area_code", "from_code", "period_start", "period_end", "residents"
    )
    figures = figures.join(boroughs, figures.area_code == boroughs.borough).distinct().view()
    # A borough's own figure covers all its districts.
    parts = area_overlap.filter(_.from_level == "district", _.to_level == "borough")
    parts = parts.select(district=_.from_code, of_borough=_.to_code)
    own = figures.filter(_.from_code == _.area_code)
    own = own.join(parts, own.area_code == parts.of_borough)
    by_part = figures.filter(_.from_code != _.area_code).mutate(district=_.from_code)
    columns = ["area_code", "district", "period_start", "period_end"]
    known = by_part.select(columns).union(own.select(columns)).distinct()
    return known.union(_mostly_covered(figures).select(columns))


def _mostly_covered(figures: ibis.Table) -> ibis.Table:
    """The periods over which figures hold for most of a borough, so that an incident needs no district."""
    periods = figures.select(code="area_code", start="period_start", end="period_end").distinct()
    holding = periods.join(
        figures,
        [
            periods.code == figures.area_code,
            periods.start >= figures.period_start,
            periods.end <= figures.period_end,
        ],
    )
    held = holding.group_by("area_code", "start", "end").aggregate(
        share=_.residents.sum() / _.borough_residents.max()
    )
    held = held.filter(_.share >= COVERED_ENOUGH)
    return held.select("area_code", period_start=_.start, period_end=_.end, district=ibis.literal(UNKNOWN))


def _matched(filters: Filters, level: str) -> ibis.Table:
    """Incidents that lie in what the figures cover: `area_code`, `year` (of the figure), `incidents`."""
    chosen = filter_incidents(incidents, filters)
    covered = covered_periods(filters, level)
    places = [chosen.postcode_district == covered.district]
    if level == "borough":
        places.append(chosen.borough_code == covered.area_code)
    inside = chosen.join(
        covered,
        [
            *places,
            chosen.started_earliest >= covered.first_moment,
            chosen.started_latest < covered.end_moment,
            covered.told_until.isnull() | (chosen.started_latest >= covered.told_until),
        ],
    )
    return inside.group_by("area_code", year=_.period_start.year()).aggregate(incidents=_.count())


def _by_area_and_year(places: pd.DataFrame, matched: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    visits = visits[["area_code", "year", "visits_low", "visits_high"]]
    table = places[["area_code", "area_name"]].merge(visits, on="area_code")
    table = table.merge(matched, on=["area_code", "year"], how="left")
    table["incidents"] = table["incidents"].fillna(0).astype(int)
    table = _with_shares(table).sort_values(["area_name", "year"], ignore_index=True)
    return table[
        ["area_code", "area_name", "year", "incidents", "visits_low", "visits_high", "share_low", "share_high",
         "is_exceeded"]
    ]  # fmt: skip


def _by_area(places: pd.DataFrame, area_years: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The table of areas, and all of them together."""
    heard = area_years.groupby("area_code")["incidents"].sum()
    table = places.assign(incidents=places["area_code"].map(heard).fillna(0).astype(int))
    table["is_covered"] = table["visits_high"].notna() & ~(table["covered_share"] < COVERED_ENOUGH)
    total = table[["incidents", "visits_low", "visits_high"]].sum().to_frame().T
    total = _with_intervals(_with_shares(total)).iloc[0]
    table = _with_intervals(_with_shares(table))
    shown = ["share_low", "share_high", "likely_low", "likely_high"]
    table[shown] = table[shown].where(table["is_covered"])
    has_visits = table["is_covered"] & (table["visits_high"].round() >= 1)
    table["is_blind"] = has_visits & (table["incidents"] == 0)
    table["is_exceeded"] &= table["is_covered"]
    # The fewest visits and the lowest share: the chance is not made to look smaller than it may be.
    share = 0.0 if np.isnan(total["share_low"]) else total["share_low"]
    table["chance_of_none"] = ((1 - share) ** table["visits_low"]).where(has_visits)
    table = table.sort_values(
        ["is_covered", "visits_high", "area_name"], ascending=[False, False, True], ignore_index=True
    )
    return table[SEEN_COLUMNS], total


def _by_year(area_years: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    table = area_years.groupby("year", as_index=False)[["incidents", "visits_low", "visits_high"]].sum()
    table = _with_intervals(_with_shares(table))
    spans = visits.groupby("year").agg(first=("first", "min"), last=("last", "max"))
    days = (pd.to_datetime(spans["last"]) - pd.to_datetime(spans["first"])).dt.days + 1
    table["covered_days"] = table["year"].map(days).astype(int)
    return table[YEAR_COLUMNS]


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Incidents among the most and among the fewest visits; more incidents than visits are no share of them."""
    heard, low, high = table["incidents"], table["visits_low"], table["visits_high"]
    is_exceeded = heard > high.round()
    has_share = (high.round() >= 1) & ~is_exceeded
    # Where the return allows that there was no visit, all or none of them were heard of.
    of_fewest = np.where(low > 0, heard / low.where(low > 0), heard > 0)
    return table.assign(
        is_exceeded=is_exceeded,
        share_low=(heard / high.where(has_share)).clip(upper=1),
        share_high=pd.Series(of_fewest, table.index, float).clip(upper=1).where(has_share),
    )


def _with_intervals(table: pd.DataFrame) -> pd.DataFrame:
    """95 % Wilson intervals, from the lower end among the most visits to the upper end among the fewest."""
    told = table[table["share_low"].notna()]
    heard, fewest, most = (
        told[column].to_numpy().round() for column in ("incidents", "visits_low", "visits_high")
    )
    low, _high = proportion_confint(heard, most, method="wilson")
    # Perhaps there was no visit at all beyond those heard of: then the share has no upper bound but all.
    is_bounded = fewest >= np.maximum(heard, 1)
    fewest = np.where(is_bounded, fewest, np.maximum(heard, 1))
    _low, high = proportion_confint(heard, fewest, method="wilson")
    ends = {"likely_low": low, "likely_high": np.where(is_bounded, high, 1.0)}
    return table.join(pd.DataFrame(ends, told.index, dtype=float))


def _notes(run: Run, filters: Filters, level: str, official: WhereResult, matched: int) -> list[str]:
    notes = [*official.notes]
    for chosen, word in (
        (filters.outcomes, "outcome"),
        (filters.source_kinds, "source"),
        (filters.confidences, "confidence"),
    ):
        if chosen:
            notes.append(
                f"The filter by {word} chooses recorded incidents only: official figures have none, so the share is of all visits."
            )
    if official.period_start is not None:
        notes += _notes_on_left_out(run, filters, level, official, matched)
    return [*notes, *LIMITS]


def _notes_on_left_out(
    run: Run, filters: Filters, level: str, official: WhereResult, matched: int
) -> list[str]:
    chosen = filter_incidents(incidents, replace(filters, boroughs=()))
    first, after = official.period_start, official.period_end + timedelta(days=1)
    is_inside = (chosen.started_earliest >= first) & (chosen.started_latest < after)
    keys = {
        "area_code": chosen[AREA_COLUMNS[level]],
        "borough_code": chosen.borough_code,
        "is_inside": is_inside,
    }
    figures = run(chosen.group_by(**keys).aggregate(n=_.count()))
    boroughs = filters.boroughs or run(areas.filter(_.level == "borough").select("code"))["code"]
    is_placed = figures["area_code"].isin(official.table["area_code"])
    is_meant = is_placed | ((figures["area_code"] == UNKNOWN) & figures["borough_code"].isin(boroughs))
    outside = figures.loc[is_meant & ~figures["is_inside"], "n"].sum()
    unplaced = figures.loc[is_meant & ~is_placed & figures["is_inside"], "n"].sum()
    unmatched = figures.loc[is_placed & figures["is_inside"], "n"].sum() - matched
    notes = []
    if outside:
        notes.append(
            f"{_more(outside)} outside the time of the official figures, "
            f"{period_in_words(official.period_start, official.period_end)}; left out."
        )
    if unplaced:
        notes.append(
            f"{_more(unplaced)} known by borough only and cannot stand beside the figures of a postcode district; left out."
        )
    if unmatched:
        notes.append(
            f"{_more(unmatched)} of a place or time that the figures do not cover, or known too vaguely to tell; left out."
        )
    return notes


def _more(number: float) -> str:
    return f"{number:,.0f} recorded {'incident is' if number == 1 else 'incidents are'}"
