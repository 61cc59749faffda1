"""Where records lie thick, as weighted points in the middle of localities and districts."""

from dataclasses import dataclass

import ibis
import pandas as pd
from ibis import _

from analysis.filters import Filters, filter_incidents
from analysis.tables import areas, incidents
from analysis.where import Run, where
from analysis.words import figure
from data.schema import UNKNOWN

POINT_COLUMNS = ["longitude", "latitude", "weight"]


@dataclass(frozen=True)
class Density:
    """
    Points for a density map, and what could not be drawn.

    `points` has `longitude`, `latitude` (degrees, EPSG:4326; a point inside the area, not where anything happened)
    and `weight` (incidents or visits). `drawn` and `not_drawn` add up to all that was chosen in London; `sentence` says
    so.
    """

    points: pd.DataFrame
    drawn: float
    not_drawn: float
    sentence: str


def density(run: Run, filters: Filters, source: str) -> Density:
    """
    The points of `source`, 'counts' or 'incidents'.

    An incident stands in the middle of its locality, or of its postcode district where nothing finer is known; one
    known by borough only has no point and is counted in `not_drawn`. Official visits stand in the middle of their
    district, weighing the middle of their range.
    """
    return _density_of_visits(run, filters) if source == "counts" else _density_of_incidents(run, filters)


def _density_of_incidents(run: Run, filters: Filters) -> Density:
    boroughs = areas.filter(_.level == "borough").select(borough=_.code)
    chosen = filter_incidents(incidents, filters)
    chosen = chosen.semi_join(boroughs, chosen.borough_code == boroughs.borough)
    has_locality = chosen.locality_code != UNKNOWN
    figures = chosen.group_by(
        point_level=ibis.ifelse(has_locality, "locality", "district"),
        point_code=ibis.ifelse(has_locality, chosen.locality_code, chosen.postcode_district),
    ).aggregate(weight=_.count().cast("float64"))
    return _placed(run(figures), run(_points()), "incident", "known by borough only")


def _density_of_visits(run: Run, filters: Filters) -> Density:
    result = where(run, filters, "district", "counts")
    figures = pd.DataFrame(
        {
            "point_level": "district",
            "point_code": result.table["area_code"],
            "weight": ((result.table["visits_low"] + result.table["visits_high"]) / 2).fillna(0.0),
        }
    )
    return _placed(figures, run(_points()), "official visit", "in districts without addresses")


def _points() -> ibis.Table:
    points = areas.filter(_.level.isin(["locality", "district"]), _.longitude.notnull())
    return points.select(point_level=_.level, point_code=_.code, longitude=_.longitude, latitude=_.latitude)


def _placed(figures: pd.DataFrame, points: pd.DataFrame, noun: str, why_not: str) -> Density:
    placed = figures[figures["weight"] > 0].merge(points, on=["point_level", "point_code"], how="left")
    has_point = placed["longitude"].notna()
    drawn = float(placed.loc[has_point, "weight"].sum())
    not_drawn = float(placed.loc[~has_point, "weight"].sum())
    sentence = (
        f"{figure(drawn, drawn, noun)} drawn in the middle of the postcode district or locality, "
        "never at an address."
    )
    if not_drawn:
        sentence += f" Not drawn: {figure(not_drawn, not_drawn, noun)} {why_not}."
    return Density(placed.loc[has_point, POINT_COLUMNS].reset_index(drop=True), drawn, not_drawn, sentence)
