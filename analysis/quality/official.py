"""Which areas and times the official figures in force cover, and how many of them are ranges."""

from dataclasses import dataclass

import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters
from analysis.findings import WHOLE_YEAR
from analysis.records.records import chosen_counts, figures_filters
from analysis.tables import counts
from analysis.where.where import COVERED_ENOUGH
from data.schema import ALL_SETTINGS


@dataclass(frozen=True)
class Official:
    """
    The official figures chosen.

    `table` has a row per level and period: `area_level, period_start, period_end, areas` (with a figure), `figures`,
    `ranges` (figures known as a range only), `visits_low, visits_high`. `figures` and `ranges` are their sums;
    `in_store` counts every figure in force, whatever is chosen, and `by_setting` those of them that are of one kind of address. Of the areas
    chosen, `boroughs_covered` of `boroughs` have figures for at least half of their residents, `districts_covered` of
    `districts` have any; `uncovered` names the other boroughs. Counting each covered area in each year from the first to the
    last, `whole_years` of `area_years` are covered from end to end.
    """

    table: pd.DataFrame
    figures: int
    ranges: int
    in_store: int
    by_setting: int
    boroughs: int
    boroughs_covered: int
    districts: int
    districts_covered: int
    uncovered: list[str]
    area_years: int
    whole_years: int


def official_figures(run: Run, filters: Filters, visits: dict[str, pd.DataFrame]) -> Official:
    """
    The official figures that dates, boroughs and settings choose; a return has no outcome, source or confidence.

    `visits` is, for 'borough' and 'district', the table of `where` for official visits.
    """
    filters = figures_filters(filters)
    chosen = chosen_counts(run, filters)
    chosen["is_range"] = chosen["visits_low"] < chosen["visits_high"]
    table = chosen.groupby(["area_level", "period_start", "period_end"], as_index=False).agg(
        areas=("area_code", "nunique"),
        figures=("area_code", "size"),
        ranges=("is_range", "sum"),
        visits_low=("visits_low", "sum"),
        visits_high=("visits_high", "sum"),
    )
    for name in ("period_start", "period_end"):
        table[name] = [moment.date() for moment in pd.to_datetime(table[name])]
    boroughs, districts = (visits[level].sort_values("area_name") for level in ("borough", "district"))
    is_covered = boroughs["covered_share"] >= COVERED_ENOUGH
    in_force = run(
        counts.filter(_.superseded_by.isnull()).aggregate(
            n=_.count(), by_setting=(_.setting != ALL_SETTINGS).sum()
        )
    ).fillna(0)
    area_years, whole_years = _area_years(chosen)
    return Official(
        table=table.sort_values(["area_level", "period_start", "period_end"], ignore_index=True),
        figures=len(chosen),
        ranges=int(chosen["is_range"].sum()),
        in_store=int(in_force["n"][0]),
        by_setting=int(in_force["by_setting"][0]),
        boroughs=len(boroughs),
        boroughs_covered=int(is_covered.sum()),
        districts=len(districts),
        districts_covered=int(districts["visits_low"].notna().sum()),
        uncovered=[*boroughs["area_name"][~is_covered]],
        area_years=area_years,
        whole_years=whole_years,
    )


def _area_years(chosen: pd.DataFrame) -> tuple[int, int]:
    """How many areas times years there are, and how many of them the figures cover in whole."""
    if chosen.empty:
        return 0, 0
    periods = chosen[["area_level", "area_code", "period_start", "period_end"]].drop_duplicates()
    start, end = (pd.to_datetime(periods[name]) for name in ("period_start", "period_end"))
    periods = periods.assign(year=start.dt.year, days=(end - start).dt.days + 1)
    days = periods.groupby(["area_level", "area_code", "year"])["days"].sum().reset_index()
    in_year = 365 + pd.to_datetime(days["year"].astype(str)).dt.is_leap_year
    of_areas = len(days[["area_level", "area_code"]].drop_duplicates())
    span = int(end.dt.year.max() - days["year"].min() + 1)
    return of_areas * span, int((days["days"] >= WHOLE_YEAR * in_year).sum())
