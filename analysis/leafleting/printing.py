"""From a plan to what is printed: each walk's sheet, with the ground of the walks around it and the languages spoken there."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from ibis import _

from analysis.areas import Run
from analysis.export import to_csv
from analysis.leafleting.exports import stops_table, to_geojson, to_gpx
from analysis.leafleting.plan import Plan
from analysis.leafleting.shapes import walk_shapes
from analysis.leafleting.sheets import Sheet, walk_sheets
from analysis.tables import areas
from data.errors import InputError
from data.geography.projection import to_grid

LANGUAGES_SHOWN = 5
LONGEST_DAY = 40
# Outlines further from a walk than this would only crowd its map.
AROUND_METRES = 600


def to_sheets(run: Run, plan: Plan, languages: pd.DataFrame) -> list[Sheet]:
    """
    A sheet for each walk of a plan, in order.

    `languages` has `borough_code, main_language, residents_aged_3_plus`.
    """
    outlines = np.concatenate(
        [_outlines(run, sorted(set(plan.stops["borough_code"]))), walk_shapes(plan.stops).to_numpy()]
    )
    names = run(areas.filter(_.level == "borough").select("code", "name")).set_index("code")["name"]
    return [_sheet(walk, plan, languages, outlines, names) for walk in plan.walks.itertuples()]


def plan_files(run: Run, plan: Plan, languages: pd.DataFrame, day: str) -> dict[str, bytes]:
    """
    Everything a plan gives to take away, by file name: sheets as PDF, walks as GeoJSON and GPX, the checklist as CSV.

    `day` stands on the sheets. The same plan and day give the same bytes.
    """
    return {
        "walks.pdf": walk_sheets(to_sheets(run, plan, languages), day),
        "walks.geojson": to_geojson(plan.walks, plan.stops).encode(),
        "walks.gpx": to_gpx(plan.walks, plan.stops).encode(),
        "stops.csv": to_csv(stops_table(plan.walks, plan.stops)).encode(),
    }


def printable_day(text: str) -> str:
    """
    What stands in the foot of a sheet, as typed.

    Raises
    ------
    InputError
        It is longer than the foot, or has letters that the sheets' typeface lacks.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_DAY or not text.isascii():
        raise InputError(f"The day on the sheets may have at most {LONGEST_DAY} plain letters and digits.")
    return text


def languages_of(languages: pd.DataFrame, doors: Mapping[str, int], n: int = LANGUAGES_SHOWN) -> list[str]:
    """
    The main languages besides English where a walk is, most spoken first; `doors` are those of the walk by borough.

    The census knows them by borough, so a walk has those of its borough.
    """
    totals = languages.groupby("borough_code")["residents_aged_3_plus"].transform("sum")
    share = languages["residents_aged_3_plus"] / totals * languages["borough_code"].map(doors).fillna(0)
    spoken = share.groupby(languages["main_language"]).sum()
    spoken = spoken[spoken > 0].sort_index().sort_values(ascending=False, kind="stable")
    # The census adds dialects in brackets, which would fill the line.
    return [name.split(" (")[0] for name in spoken.index[:n]]


def _sheet(walk, plan: Plan, languages: pd.DataFrame, outlines: np.ndarray, names: pd.Series) -> Sheet:
    stops = plan.stops[plan.stops["walk"] == walk.walk]
    points = shapely.multipoints(stops[["easting", "northing"]].to_numpy(float))
    near = outlines[shapely.dwithin(outlines, points, AROUND_METRES)]
    doors = stops.groupby("borough_code")["doors"].sum()
    districts = stops["postcode"].str.split(" ").str[0].unique()
    boroughs = ", ".join(names[code] for code in doors.sort_values(ascending=False, kind="stable").index)
    return Sheet(
        code=walk.code,
        number=walk.walk,
        of=len(plan.walks),
        area=f"{', '.join(districts)} ({boroughs})",
        stops=list(
            stops[["postcode", "easting", "northing", "doors", "street"]].itertuples(index=False, name=None)
        ),
        doors=walk.doors,
        metres=walk.metres,
        minutes=walk.minutes,
        languages=languages_of(languages, doors.to_dict()),
        outlines=[*near, *plan.barriers],
        is_block=walk.is_block,
    )


def _outlines(run: Run, boroughs: list[str]) -> np.ndarray:
    """Outlines of the localities of some boroughs, EPSG:27700."""
    rows = run(
        areas.filter(_.level == "locality", _.parent_code.isin(boroughs), _.geometry.notnull()).select(
            "geometry"
        )
    )
    shapes = shapely.from_wkb(rows["geometry"].map(bytes).to_numpy())
    return shapely.transform(shapes, lambda points: np.column_stack(to_grid(points[:, 0], points[:, 1])))
