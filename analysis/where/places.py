"""The areas themselves: their names and outlines, which of them holds a point, and the days that records reach."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import shapely
from ibis import _

from analysis.areas import Run
from analysis.tables import areas, counts
from analysis.where.frequency import incident_period


def record_dates(run: Run) -> tuple[date | None, date | None]:
    """First and last day that any record, official or recorded, reaches; None for an empty store."""
    in_force = counts.filter(_.superseded_by.isnull())
    official = in_force.aggregate(
        first=_.period_start.min().cast("timestamp"), last=_.period_end.max().cast("timestamp")
    )
    reached = official.union(incident_period())
    row = run(reached.aggregate(first=_["first"].min(), last=_["last"].max())).iloc[0]
    return (None, None) if pd.isna(row["first"]) else (row["first"].date(), row["last"].date())


def area_names(run: Run, level: str) -> dict[str, str]:
    """Code -> name of every area of a level, in the order of their names."""
    named = run(areas.filter(_.level == level).order_by(_.name, _.code).select("code", "name"))
    return dict(zip(named["code"], named["name"], strict=True))


def area_outlines(run: Run, level: str) -> pd.DataFrame:
    """Outlines of a level: `code`, `geometry` (WKB), `longitude`, `latitude`, EPSG:4326, in the order of their codes."""
    drawn = areas.filter(_.level == level, _.geometry.notnull()).order_by("code")
    outlines = run(drawn.select("code", "geometry", "longitude", "latitude"))
    return outlines.assign(geometry=outlines["geometry"].map(bytes))


@dataclass(frozen=True)
class PlaceFinder:
    """The areas of one level, ready to be asked which of them holds a point."""

    codes: tuple[str, ...]
    tree: shapely.STRtree

    def area_at(self, longitude: float, latitude: float) -> str | None:
        """The code of the area that holds a point (EPSG:4326); None outside them all."""
        found = self.tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return self.codes[found[0]] if len(found) else None


def place_finder(run: Run, level: str) -> PlaceFinder:
    """A finder over the outlines of a level."""
    outlines = area_outlines(run, level)
    return PlaceFinder(
        tuple(outlines["code"]), shapely.STRtree(shapely.from_wkb(outlines["geometry"].to_numpy()))
    )
