"""Which areas are neighbours: those that touch, and, if asked for, those that a crossing of the Thames joins."""

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
import shapely
from ibis import _

from analysis.areas import Run
from analysis.tables import areas
from data.geography.bundled import read_crossings
from data.geography.projection import to_grid

if TYPE_CHECKING:
    from libpysal.graph import Graph

# Further than this from the middle of a crossing an area is not at its end. The Thames is 400 m wide at Woolwich.
REACH_METRES = 400
# The two ends of a crossing lie on opposite sides of its middle: the angle between them is over 120 degrees.
OPPOSITE = -0.5


def neighbours(run: Run, level: str, with_bridges: bool = True) -> "Graph":
    """
    Queen contiguity: areas that share a border or a corner.

    Parameters
    ----------
    level
        'borough', 'district' or 'locality'.
    with_bridges
        Whether the two areas at the ends of a bridge, tunnel or ferry over the tidal Thames are neighbours too.

    Returns
    -------
    graph
        By area code, in their order, every weight 1; an area without an outline (a district of delivery offices
        only) is not in it.

    Notes
    -----
    The outlines are cut at the banks of the tidal river, so areas on both sides of it do not touch. Above Teddington Lock they
    follow the middle of the river: there areas on both banks touch and are neighbours either way.
    """
    outlines = run(_outlines(level)).set_index("area_code")["geometry"]
    shapes = pd.Series(_to_metres(outlines.to_numpy()), index=outlines.index)
    graph = _touching(shapes)
    return _joined(graph, crossing_pairs(shapes)) if with_bridges else graph


def restrict(graph: "Graph", codes: list[str]) -> "Graph":
    """The neighbours among some areas only, in the order of `codes`."""
    pairs = graph.adjacency.reset_index()
    pairs = pairs[(pairs["weight"] > 0) & pairs["focal"].isin(codes) & pairs["neighbor"].isin(codes)]
    return _graph(pairs["focal"], pairs["neighbor"], codes)


def crossing_pairs(shapes: pd.Series) -> pd.DataFrame:
    """
    The areas at the two ends of each crossing of the Thames.

    Parameters
    ----------
    shapes
        Outlines by area code, EPSG:27700.

    Returns
    -------
    pairs
        `name` of the crossing, `one`, `other` (area codes), `one_metres`, `other_metres` (from its middle); no row for a crossing
        that has no area within 400 m on both sides.
    """
    crossings = read_crossings()
    middles = shapely.points(*to_grid(crossings["longitude"].to_numpy(), crossings["latitude"].to_numpy()))
    ends = [_ends(shapes, middle) for middle in middles]
    rows = [(name, *pair) for name, pair in zip(crossings["name"], ends, strict=True) if pair]
    return pd.DataFrame(rows, columns=["name", "one", "other", "one_metres", "other_metres"])


def _ends(shapes: pd.Series, middle: shapely.Point) -> tuple[str, str, float, float] | None:
    """The area nearest to the middle of a crossing, and the nearest one in the opposite direction."""
    outlines = shapes.to_numpy()
    metres = shapely.distance(outlines, middle)
    near = np.flatnonzero((metres > 0) & (metres <= REACH_METRES))
    near = near[np.argsort(metres[near], kind="stable")]
    if not len(near):
        return None
    lines = shapely.get_coordinates(shapely.shortest_line(middle, outlines[near])).reshape(-1, 2, 2)
    directions = (lines[:, 1] - lines[:, 0]) / metres[near, None]
    opposite = near[directions @ directions[0] < OPPOSITE]
    if not len(opposite):
        return None
    one, other = near[0], opposite[0]
    return shapes.index[one], shapes.index[other], float(metres[one]), float(metres[other])


def _outlines(level: str) -> ibis.Table:
    chosen = areas.filter(_.level == level, _.geometry.notnull())
    return chosen.select(area_code=_.code, geometry=_.geometry).order_by("area_code")


def _to_metres(outlines: np.ndarray) -> np.ndarray:
    """WKB in degrees as shapes in metres of the national grid."""
    shapes = shapely.from_wkb([bytes(outline) for outline in outlines])
    return shapely.transform(shapes, lambda points: np.column_stack(to_grid(points[:, 0], points[:, 1])))


def _touching(shapes: pd.Series) -> "Graph":
    # Loads for more than a second, which pages without neighbours need not wait for.
    import geopandas as gpd
    from libpysal.graph import Graph

    return Graph.build_contiguity(gpd.GeoSeries(shapes, crs="EPSG:27700"), rook=False)


def _joined(graph: "Graph", pairs: pd.DataFrame) -> "Graph":
    touching = graph.adjacency.reset_index()
    touching = touching[touching["weight"] > 0]
    focal = pd.concat([touching["focal"], pairs["one"], pairs["other"]])
    neighbour = pd.concat([touching["neighbor"], pairs["other"], pairs["one"]])
    return _graph(focal, neighbour, list(graph.unique_ids))


def _graph(focal: pd.Series, neighbour: pd.Series, codes: list[str]) -> "Graph":
    """A graph of pairs, each once; an area without any stands in it alone."""
    from libpysal.graph import Graph

    pairs = pd.DataFrame({"focal": focal.to_numpy(), "neighbor": neighbour.to_numpy(), "weight": 1.0})
    pairs = pairs.drop_duplicates(["focal", "neighbor"])
    alone = sorted(set(codes) - set(pairs["focal"]))
    # libpysal writes an area without neighbours as one that neighbours itself with a weight of nought.
    pairs = pd.concat([pairs, pd.DataFrame({"focal": alone, "neighbor": alone, "weight": 0.0})])
    order = {code: number for number, code in enumerate(codes)}
    pairs = pairs.sort_values(["focal", "neighbor"], key=lambda column: column.map(order))
    return Graph.from_arrays(
        pairs["focal"].to_numpy(), pairs["neighbor"].to_numpy(), pairs["weight"].to_numpy()
    )
