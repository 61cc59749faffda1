"""The public figures a site shows beside a release: official visits, what public reports tell, districts, groups."""

from dataclasses import dataclass

import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters
from analysis.tables import area_overlap, areas, imports, incidents
from analysis.where.frequency import visits_by_borough
from analysis.where.measures import map_classes, measure_values
from analysis.where.where import where
from data.organising.groups import STARTER, read_groups

MEASURE = "visits_rate"


@dataclass(frozen=True)
class Figures:
    """
    Figures that are public already.

    Attributes
    ----------
    years
        Visits of all returns by year: `year, low, high, last` (last day covered).
    boroughs
        `code, name, residents, outline` (WKB, EPSG:4326), `rate_low, rate_high` (visits per 1,000 residents a year; NaN where the
        figures do not cover half of the borough), `class_index` (-1 for those).
    borough_years
        `code, year, low, high` (visits; estimates from districts), `covered` (share of residents and time, 0 to 1).
    period
        First and last day of the map's figures; None without any.
    classes
        Words of the map's classes, lowest first.
    districts
        Postcode district to the codes of the boroughs it lies in, largest share first.
    groups
        `(group, borough code)` of those that come with the dashboard.
    reported
        Public reports that came with the dashboard: `code, year, outcome, setting, community_response`, a row each.
    """

    years: pd.DataFrame
    boroughs: pd.DataFrame
    borough_years: pd.DataFrame
    period: tuple | None
    classes: tuple[str, ...]
    districts: dict[str, list[str]]
    groups: list[tuple[str, str]]
    reported: pd.DataFrame


def public_figures(run: Run) -> Figures:
    """The figures of a store that are public, by its own tables; nothing of the group's own records is among them."""
    boroughs = run(
        areas.filter(_.level == "borough").select("code", "name", "residents", outline=_.geometry)
    ).sort_values("name", ignore_index=True)
    found = where(run, Filters(), "borough", "counts", rank_by="rate")
    rates = measure_values(found, MEASURE).set_index("area_code")
    classes = map_classes("rate")
    is_covered = boroughs["code"].map(rates["is_covered"].astype(bool)).eq(True)
    for end in ("low", "high"):
        boroughs[f"rate_{end}"] = boroughs["code"].map(rates[end]).where(is_covered)
    middle = (boroughs["rate_low"] + boroughs["rate_high"]) / 2
    boroughs["class_index"] = classes.index(middle.to_numpy())
    by_year = run(visits_by_borough(Filters(), by_year=True))
    years = by_year.groupby("year", as_index=False).agg(
        low=("visits_low", "sum"), high=("visits_high", "sum"), last=("last", "max")
    )
    days = by_year["year"].map(lambda year: pd.Timestamp(year, 12, 31).day_of_year)
    residents = by_year["area_code"].map(boroughs.set_index("code")["residents"])
    history = by_year.assign(covered=by_year["person_days"] / days / residents)
    history = history[history["area_code"].isin(boroughs["code"])]
    return Figures(
        years=years,
        boroughs=boroughs,
        borough_years=history.rename(
            columns={"area_code": "code", "visits_low": "low", "visits_high": "high"}
        )[["code", "year", "low", "high", "covered"]],
        period=(found.period_start, found.period_end) if found.period_start else None,
        classes=classes.labels,
        districts=_districts(run),
        groups=sorted(
            (cover.public_name, cover.area_code)
            for cover in read_groups(STARTER).covers
            if cover.area_level == "borough" and cover.public_name
        ),
        reported=_reported(run),
    )


def _districts(run: Run) -> dict[str, list[str]]:
    parts = run(
        area_overlap.filter(_.from_level == "district", _.to_level == "borough")
        .select(district=_.from_code, borough=_.to_code, share=_.share)
        .order_by("district", _.share.desc())
    )
    return {district: list(rows["borough"]) for district, rows in parts.groupby("district")}


def _reported(run: Run) -> pd.DataFrame:
    bundled = imports.filter(_.is_bundled).select(bundled_id=_.import_id)
    as_it_came = incidents.filter(_.review == "as imported").semi_join(
        bundled, incidents.import_id == bundled.bundled_id
    )
    return run(
        as_it_came.select(
            "outcome",
            "setting",
            "community_response",
            code=_.borough_code,
            year=_.started_earliest.year(),
        )
    )
