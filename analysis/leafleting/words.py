"""A plan in words and shapes: what the page and a person checking it need to see."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from analysis.leafleting.check import Report, check
from analysis.leafleting.graph import neighbours
from analysis.leafleting.plan import Plan
from analysis.leafleting.progress import Progress, lines_of
from analysis.leafleting.shapes import colour_numbers, walk_shapes
from analysis.words import figure, minutes_in_words
from data.organising.leafleting import DONE_WEEKS, WITH_SOMEBODY

WALK_HEADINGS = ("Walk", "Code", "Doors", "Time", "On foot", "From", "To")
AREA_HEADINGS = ("Doors", "Walked now")
# A walk so near its target is as good as any.
_NEAR = 0.1
# A bar that is half full is on target; twice the target fills it.
_FULL = 2.0
# Two stops so far apart: something may lie between them.
_LONG_HOP_METRES = 300


@dataclass(frozen=True)
class Shown:
    """
    A plan as it is looked at.

    `shapes` are the grounds of the walks (EPSG:27700) by number, `ways` their lines from stop to stop, `colours` a colour number
    for each walk, unlike its neighbours'; `checks` says in sentences how good the walks are.
    """

    shapes: Mapping[int, shapely.Geometry]
    ways: Mapping[int, shapely.Geometry]
    colours: Mapping[int, int]
    checks: list[str]


def show(plan: Plan) -> Shown:
    """Shapes, colours and checks of a plan."""
    shapes = walk_shapes(plan.stops)
    ways = {
        walk: shapely.linestrings(of_walk[["easting", "northing"]].to_numpy(float))
        for walk, of_walk in plan.stops.groupby("walk")
        if len(of_walk) > 1
    }
    return Shown(shapes.to_dict(), ways, colour_numbers(shapes), _checks(plan, ways))


def _checks(plan: Plan, ways: Mapping[int, shapely.Geometry]) -> list[str]:
    stops, walks = plan.stops, plan.walks
    graph = neighbours(stops[["easting", "northing"]].to_numpy(float), plan.barriers)
    # Targets and blocks by walk number, which begin with 1.
    targets = np.concatenate([[0.0], walks["target"].to_numpy(float)])
    blocks = np.concatenate([[False], walks["is_block"].to_numpy(bool)])
    report = check(stops, stops["walk"].to_numpy(), graph, targets, blocks)
    said = [_said_of_pieces(report), *_said_of_sizes(report)]
    if blocks.any():
        count = int(blocks.sum())
        said.append(
            f"{figure(count, count, 'walk')} {'is a block job' if count == 1 else 'are block jobs'}: one place with more doors "
            "than a walk should have."
        )
    far = [
        str(walk)
        for walk, way in ways.items()
        if np.hypot(*np.diff(shapely.get_coordinates(way), axis=0).T).max() > _LONG_HOP_METRES
    ]
    if far:
        said.append(
            f"Stops more than {_LONG_HOP_METRES} metres apart in {'walk' if len(far) == 1 else 'walks'} {', '.join(far)}: look "
            "whether water or a railway lies between, and draw it as a barrier if so."
        )
    return said


def _said_of_pieces(report: Report) -> str:
    if report.is_connected:
        return "Every stop is in exactly one walk, and every walk hangs together."
    broken = report.walks.loc[~report.walks["is_connected"], "walk"]
    return f"Every stop is in exactly one walk, but not all hang together: {', '.join(map(str, broken))}."


def _said_of_sizes(report: Report) -> list[str]:
    common = report.walks[~report.walks["is_block"]]
    if common.empty:
        return []
    off = common["doors"] / common["target"] - 1
    furthest = common.loc[off.abs().idxmax()]
    near = int((off.abs() <= _NEAR + 1e-9).sum())
    said = f"{near:,} of {figure(len(common), len(common), 'walk')} {'is' if near == 1 else 'are'} within a tenth of the target"
    if near == len(common):
        return [f"{said}."]
    worst = balance_in_words(furthest["doors"], furthest["target"])
    return [f"{said}; the furthest is walk {int(furthest['walk'])}, {worst}."]


def balance_in_words(doors: float, target: float) -> str:
    """
    How near a walk is to its target.

    >>> balance_in_words(155, 150), balance_in_words(180, 150), balance_in_words(120, 150)
    ('on target', '20 % over', '20 % under')
    """
    off = doors / target - 1
    if abs(off) <= _NEAR + 1e-9:
        return "on target"
    return f"{abs(off):.0%} {'over' if off > 0 else 'under'}".replace("%", " %")


def balance_share(doors: float, target: float) -> float:
    """How full the bar of a walk is, 0 to 1; half full is on target."""
    return min(1.0, doors / target / _FULL)


def walk_cells(plan: Plan) -> list[list[str]]:
    """Rows of the table of walks, under `WALK_HEADINGS`."""
    ends = plan.stops.groupby("walk")["postcode"].agg(["first", "last"])
    return [
        [
            str(row.walk),
            row.code,
            f"~{row.doors:,}",
            minutes_in_words(row.minutes),
            f"{row.metres:,.0f} m",
            ends.loc[row.walk, "first"],
            ends.loc[row.walk, "last"],
        ]
        for row in plan.walks.itertuples()
    ]


def walk_lines(row: Mapping) -> tuple[str, ...]:
    """What the map says of a walk of a plan."""
    kind = "Block job" if row["is_block"] else "Walk"
    return (
        f"{kind} {row['walk']}",
        f"about {row['doors']:,} doors ({balance_in_words(row['doors'], row['target'])})",
        f"{minutes_in_words(row['minutes'])}, {row['metres']:,.0f} m on foot",
    )


def stop_lines(row: Mapping) -> tuple[str, ...]:
    """What the map says of a stop of a plan."""
    place = [row["street"]] if row["street"] else []
    return (
        row["postcode"],
        *place,
        f"stop {row['position']} of walk {row['walk']}, about {row['doors']} doors",
    )


def area_cells(areas: pd.DataFrame) -> list[list[str]]:
    """Rows of the table of places chosen, under the place's name and `AREA_HEADINGS`."""
    return [
        [row.area_name, f"~{row.doors:,}", _share_in_words(row.share_taken)] for row in areas.itertuples()
    ]


def _share_in_words(share: float) -> str:
    return "all" if share >= 1 - 1e-9 else "none" if share <= 0 else f"{share:.0%}".replace("%", " %")


def taken_grounds(progress: Progress, plan_id: str = "") -> list[tuple[shapely.Geometry, tuple[str, ...]]]:
    """Ground of other plans' walks that are with somebody or were done in the last weeks, and what the map says of it."""
    walks = progress.walks[progress.walks["plan_id"] != plan_id]
    is_recent = (walks["state"] == "done") & (walks["days"] < DONE_WEEKS * 7)
    taken = walks[walks["state"].isin(WITH_SOMEBODY) | is_recent]
    return [(progress.shapes[row["plan_id"], row["walk"]], lines_of(row)) for row in taken.to_dict("records")]
