"""Walks along streets: how far from stop to stop on foot, and on which street a stop lies."""

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from analysis.leafleting.order import straight_metres, walking_metres
from data.errors import InputError
from data.streets.network import Streets

# A stop further from every street of the file has no street there. Postcodes' points lie on a building, at most some
# tens of metres from the road; the middle of a large estate or a park's lodge may lie 100 m off.
REACH_METRES = 150
NAME_METRES = 60
# How far around the stops streets are looked at to begin with.
_MARGIN_METRES = 500


def street_metres(streets: Streets, points: np.ndarray) -> np.ndarray:
    """
    Shortest ways on foot between points, along streets.

    Each point is taken to the nearest place on a street, and the way between two of these is measured; never less than
    the straight line between the points themselves.

    Parameters
    ----------
    points
        (n, 2) easting and northing, EPSG:27700, metres: the stops of one walk, and the meeting point if wanted.

    Returns
    -------
    metres
        (n, n), symmetric, 0 on the diagonal. Where no street leads from one point to the other, or a point has no street within 150 m,
        1.3 times the straight line; `check_streets` says so in words.

    Notes
    -----
    Dijkstra, *A note on two problems in connexion with graphs*, Numerische Mathematik 1 (1959). Only streets nearby are
    searched: a way that leaves them is longer than twice the margin around the points, so a shorter one is the shortest of all.
    """
    points = _as_points(points)
    straight = straight_metres(points)
    metres = walking_metres(straight)
    edge = _nearest_streets(streets, points)
    reached = np.flatnonzero(edge >= 0)
    if len(reached):
        along = _along_streets(streets, points[reached], edge[reached])
        pairs = np.ix_(reached, reached)
        metres[pairs] = np.where(np.isfinite(along), np.maximum(along, straight[pairs]), metres[pairs])
    return metres


def street_names(streets: Streets, points: np.ndarray) -> list[str]:
    """The name of the nearest street that has one within 60 m of each of (n, 2) points, EPSG:27700; '' if none has."""
    points = _as_points(points)
    point, edge = streets.tree.query(shapely.points(points), "dwithin", NAME_METRES)
    is_named = streets.names[edge] != ""
    point, edge = point[is_named], edge[is_named]
    nearest = _first_nearest(streets, points, point, edge)
    return ["" if best < 0 else str(streets.names[best]) for best in nearest]


def covers(streets: Streets, points: np.ndarray) -> float:
    """Share of (n, 2) points, EPSG:27700, that have a street of the file within 150 m; n at least 1."""
    return float((_nearest_streets(streets, _as_points(points)) >= 0).mean())


def check_streets(streets: Streets, points: np.ndarray) -> list[str]:
    """
    What a person should know before walks through these points are measured along streets; one sentence or none.

    Parameters
    ----------
    points
        (n, 2) all stops of a plan, EPSG:27700; n at least 1.

    Raises
    ------
    InputError
        No stop has a street within 150 m.
    """
    edge = _nearest_streets(streets, _as_points(points))
    if (edge < 0).all():
        raise InputError(
            "The street file covers none of this area. Give one of the boroughs you plan for, or plan without it."
        )
    # Of the stops without a street `edge` is -1, so theirs is never counted.
    part = streets.part[streets.edges[edge, 0]]
    is_joined = (edge >= 0) & (part == np.bincount(part[edge >= 0]).argmax())
    apart = int((~is_joined).sum())
    if not apart:
        return []
    return [
        f"{apart:,} of {len(edge):,} stops lie more than {REACH_METRES} m from the streets in the file, or on streets there that "
        "are not joined to the others: ways between them and the others are taken as 1.3 times the straight line."
    ]


def _as_points(points: np.ndarray) -> np.ndarray:
    return np.asarray(points, dtype=float).reshape(-1, 2)


def _nearest_streets(streets: Streets, points: np.ndarray) -> np.ndarray:
    """(n,) the nearest stretch of street within reach of each point; -1 without one."""
    point, edge = streets.tree.query_nearest(shapely.points(points), max_distance=REACH_METRES)
    return _first_nearest(streets, points, point, edge)


def _first_nearest(streets: Streets, points: np.ndarray, point: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """(n,) of pairs of points and stretches the nearest stretch of each point, the first if several; -1 without one."""
    distance = shapely.distance(shapely.points(points[point]), streets.geometry[edge])
    ranked = np.lexsort([edge, distance, point])
    with_one, first = np.unique(point[ranked], return_index=True)
    nearest = np.full(len(points), -1)
    nearest[with_one] = edge[ranked][first]
    return nearest


def _along_streets(streets: Streets, points: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """(n, n) ways between points taken to their stretches; infinite where no street leads."""
    spot = shapely.line_locate_point(streets.geometry[edge], shapely.points(points))
    on_street = shapely.get_coordinates(shapely.line_interpolate_point(streets.geometry[edge], spot))
    part = streets.part[streets.edges[edge, 0]]
    is_joined = part[:, None] == part
    margin = _MARGIN_METRES
    while True:
        around = shapely.box(*(on_street.min(axis=0) - margin), *(on_street.max(axis=0) + margin))
        near = np.sort(streets.tree.query(around))
        metres = _between_spots(streets, near, edge, spot)
        # A way through streets left out here goes beyond the margin and comes back.
        if metres[is_joined].max() <= 2 * margin or len(near) == len(streets.edges):
            return metres
        margin *= 2


def _between_spots(streets: Streets, near: np.ndarray, edge: np.ndarray, spot: np.ndarray) -> np.ndarray:
    """(n, n) ways through the stretches `near` between spots so many metres along their stretches."""
    nodes = np.unique(streets.edges[near])
    ends = np.searchsorted(nodes, streets.edges[edge])
    to_end = np.column_stack([spot, streets.metres[edge] - spot])
    sources, source = np.unique(ends, return_inverse=True)
    source = source.reshape(ends.shape)
    between = dijkstra(_graph(streets, near, nodes), directed=False, indices=sources)[:, sources]
    metres = np.where(edge[:, None] == edge, np.abs(spot[:, None] - spot), np.inf)
    for one in (0, 1):
        for other in (0, 1):
            way = to_end[:, [one]] + between[np.ix_(source[:, one], source[:, other])] + to_end[:, other]
            metres = np.minimum(metres, way)
    # Sums taken from the other end may differ in the last digit.
    return np.minimum(metres, metres.T)


def _graph(streets: Streets, near: np.ndarray, nodes: np.ndarray) -> csr_array:
    """Shortest stretch between each two of the nodes that stretches join; a loop leads nowhere."""
    ends = np.sort(np.searchsorted(nodes, streets.edges[near]), axis=1)
    metres = streets.metres[near]
    ranked = np.lexsort([metres, ends[:, 1], ends[:, 0]])
    ranked = ranked[ends[ranked, 0] != ends[ranked, 1]]
    # A sparse table would add up what is given twice.
    joined, first = np.unique(ends[ranked], axis=0, return_index=True)
    size = len(nodes)
    return coo_array((metres[ranked][first], (joined[:, 0], joined[:, 1])), shape=(size, size)).tocsr()
