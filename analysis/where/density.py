"""Where records lie thick, as weighted points in the middle of localities and districts."""

from dataclasses import dataclass

import ibis
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents
from analysis.tables import areas, incidents
from analysis.where.where import where
from analysis.words import figure
from data.schema import UNKNOWN

POINT_COLUMNS = ["longitude", "latitude", "weight"]


@dataclass(frozen=True)
class Density:
    """
    Points for a density map, and in words how many records they stand for and how many could not be drawn.

    `points` has `longitude`, `latitude` (degrees, EPSG:4326; a point inside the area, not where anything happened)
    and `weight` (incidents, or the middle of a range of visits). What lies outside London is in neither number.
    """

    points: pd.DataFrame
    sentence: str


def density(run: Run, filters: Filters, source: str) -> Density:
    """
    The points of `source`, 'counts' or 'incidents'.

    An incident stands in the middle of its locality, or of its postcode district where nothing finer is known; one
    known by borough only has no point, and the sentence says how many. Official visits stand in the middle of their
    district, weighing the middle of their range.
    """
    return _density_of_visits(run, filters) if source == "counts" else _density_of_incidents(run, filters)


def _density_of_incidents(run: Run, filters: Filters) -> Density:
    chosen = filter_incidents(incidents, filters)
    elsewhere = areas.filter(_.level == "authority").select(authority=_.code)
    chosen = chosen.anti_join(elsewhere, chosen.borough_code == elsewhere.authority)
    has_locality = chosen.locality_code != UNKNOWN
    figures = chosen.group_by(
        point_level=ibis.ifelse(has_locality, "locality", "district"),
        point_code=ibis.ifelse(has_locality, chosen.locality_code, chosen.postcode_district),
    ).aggregate(low=_.count().cast("float64"))
    return _placed(
        run(figures.mutate(high=_.low)), run(_points()), "incident", "known by borough only, or less"
    )


def _density_of_visits(run: Run, filters: Filters) -> Density:
    result = where(run, filters, "district", "counts")
    figures = pd.DataFrame(
        {
            "point_level": "district",
            "point_code": [*result.table["area_code"], UNKNOWN],
            "low": [*result.table["visits_low"].fillna(0.0), result.place_unknown_low],
            "high": [*result.table["visits_high"].fillna(0.0), result.place_unknown_high],
        }
    )
    return _placed(figures, run(_points()), "official visit", "in districts without addresses")


def _points() -> ibis.Table:
    points = areas.filter(_.level.isin(["locality", "district"]), _.longitude.notnull())
    return points.select(point_level=_.level, point_code=_.code, longitude=_.longitude, latitude=_.latitude)


def _placed(figures: pd.DataFrame, points: pd.DataFrame, noun: str, why_not: str) -> Density:
    placed = figures[figures["high"] > 0].merge(points, on=["point_level", "point_code"], how="left")
    placed["weight"] = (placed["low"] + placed["high"]) / 2
    has_point = placed["longitude"].notna()
    drawn, not_drawn = placed[has_point], placed[~has_point]
    sentence = (
        f"{figure(drawn['low'].sum(), drawn['high'].sum(), noun)} drawn in the middle of the postcode district or "
        "locality, never at an address."
    )
    if len(not_drawn):
        sentence += f" Not drawn: {figure(not_drawn['low'].sum(), not_drawn['high'].sum(), noun)} {why_not}."
    # In one order whatever the engine gives: what is drawn over what, and a download, are then the same.
    drawn = drawn.sort_values(["point_level", "point_code"])
    return Density(drawn[POINT_COLUMNS].reset_index(drop=True), sentence)
