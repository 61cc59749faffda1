"""In which order to walk the stops of a walk: exact when it is small, within a hundredth of the shortest when not."""

import numpy as np

from analysis.leafleting.tour_search import find_tour
from data.errors import InputError

# Up to here every order is weighed (Held-Karp); each stop more doubles the work.
EXACT_STOPS = 13
# Streets bend: people walk about 1.3 times the straight line.
DETOUR = 1.3
SECONDS_PER_DOOR = 25
METRES_PER_SECOND = 1.2
# A lobby, an entry phone: our own estimate, to be corrected from returned sheets.
SECONDS_PER_ENTRANCE = 60

# Lengths are counted in whole millimetres, so that sums are exact and every machine finds the same order.
UNITS_PER_METRE = 1000
NEAREST = 6
NEAREST_PER_QUARTER = 2
NEAREST_BY_MATRIX = 16
KICKS_PER_STOP = 20
FEWEST_KICKS = 30
# One search of a few dozen stops is stuck now and then, whatever the kicks; three from different beginnings hardly ever are.
STARTS = 3
MOST_STOPS_STARTED_AGAIN = 150


def order(
    points: np.ndarray, start: tuple[float, float] | None = None, is_loop: bool = False, seed: int = 0
) -> np.ndarray:
    """
    The shortest way through all points, from the end nearest the meeting point.

    Up to 13 different points the order is the best there is; beyond, within about 1 % of it. Rows with the same
    point stay together, in the order given. The order of the rows does not change the way.

    Parameters
    ----------
    points
        (n, 2) easting and northing, EPSG:27700, metres. n x n lengths are held: for walks, not for a whole borough.
    start
        The meeting point; without it the way starts at its more westerly end.
    is_loop
        Come back to the first stop: the way starts at the stop nearest the meeting point.
    seed
        Of the search beyond 13 points.

    Returns
    -------
    order
        (n,) the rows of `points` in the order to walk them.

    Raises
    ------
    InputError
        A point without coordinates.

    Notes
    -----
    Held and Karp, *A dynamic programming approach to sequencing problems*, SIAM J. 10 (1962).
    """
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    if not np.isfinite(points).all():
        raise InputError(
            "A stop has no grid reference, so it cannot be put in order; leave it out of the walk."
        )
    places, place_of_row = np.unique(points, axis=0, return_inverse=True)
    lengths = straight_metres(places)
    near = _near_by_point(places, lengths)
    from_start = None if start is None else straight_metres(np.vstack([places, start]))[-1, :-1]
    way = _shortest_way(lengths, near, from_start, is_loop, seed)
    rank = np.empty(len(places), dtype=int)
    rank[way] = np.arange(len(places))
    return np.argsort(rank[place_of_row], kind="stable")


def order_by_matrix(
    metres: np.ndarray, from_start: np.ndarray | None = None, is_loop: bool = False, seed: int = 0
) -> np.ndarray:
    """
    As `order`, from lengths between stops: along streets, for example.

    Parameters
    ----------
    metres
        (n, n) lengths, the same both ways.
    from_start
        (n,) lengths from the meeting point to each stop.

    Raises
    ------
    InputError
        Two stops without a way between them.
    """
    metres = np.asarray(metres, dtype=float)
    if not np.isfinite(metres).all():
        raise InputError("No way leads between some stops; order this walk by straight lines instead.")
    return _shortest_way(metres, _nearest(metres, NEAREST_BY_MATRIX), from_start, is_loop, seed)


def straight_metres(points: np.ndarray) -> np.ndarray:
    """(n, n) straight lines between (n, 2) points, in the points' unit."""
    # Not `hypot`: the square root is rounded alike on every machine.
    east, north = (column[:, None] - column[None, :] for column in points.T)
    return np.sqrt(east * east + north * north)


def way_metres(points: np.ndarray, way: np.ndarray, is_loop: bool = False) -> float:
    """Length of a way through (n, 2) points in straight lines, back to its first stop if it is a loop."""
    walked = np.asarray(points, dtype=float)[way]
    if is_loop:
        walked = np.vstack([walked, walked[:1]])
    east, north = np.diff(walked, axis=0).T
    return float(np.sqrt(east * east + north * north).sum())


def walking_metres(straight: float) -> float:
    """What is walked for a straight line, in metres: 1.3 times it."""
    return straight * DETOUR


def minutes(
    doors: float,
    metres: float,
    seconds_per_door: float = SECONDS_PER_DOOR,
    metres_per_second: float = METRES_PER_SECOND,
    entrances: int = 0,
    seconds_per_entrance: float = SECONDS_PER_ENTRANCE,
) -> float:
    """
    How long a walk takes.

    Parameters
    ----------
    doors
        Letterboxes; the seconds for each hold the steps from one door to the next.
    metres
        Walked between stops (`walking_metres`).
    entrances
        Blocks with a lobby or an entry phone.
    """
    seconds = doors * seconds_per_door + metres / metres_per_second + entrances * seconds_per_entrance
    return seconds / 60


def _shortest_way(
    metres: np.ndarray, near: list[list[int]], from_start: np.ndarray | None, is_loop: bool, seed: int
) -> np.ndarray:
    """The way through n different places, each with the places that lie near it, turned to where it should begin."""
    lengths = np.rint(metres * UNITS_PER_METRE).astype(np.int64)
    if len(lengths) <= EXACT_STOPS:
        way = _exact_way(lengths, is_loop)
    else:
        way = _searched_way(lengths, near, is_loop, seed)
    return _begin(way, np.arange(len(way)) if from_start is None else np.asarray(from_start), is_loop)


def _begin(way: np.ndarray, from_start: np.ndarray, is_loop: bool) -> np.ndarray:
    """Turn a way so that it begins as near the meeting point as it can."""
    if len(way) < 2:
        return way
    if is_loop:
        way = np.roll(way, -int(np.argmin(from_start[way])))
        is_backward = from_start[way[-1]] < from_start[way[1]]
        return np.roll(way[::-1], 1) if is_backward else way
    return way[::-1] if from_start[way[-1]] < from_start[way[0]] else way


def _exact_way(lengths: np.ndarray, is_loop: bool) -> np.ndarray:
    """
    The shortest of all ways, by dynamic programming over sets of stops (Held-Karp).

    `best[visited, last]` is the shortest way through the stops of the bit set `visited` that ends at `last`.
    """
    count = len(lengths)
    if count < 3:
        return np.arange(count)
    best = np.full((1 << count, count), np.iinfo(np.int64).max // 4)
    for first in range(1 if is_loop else count):
        best[1 << first, first] = 0
    sizes = np.bitwise_count(np.arange(1 << count))
    for size in range(1, count):
        visited = np.flatnonzero(sizes == size)
        onward = (best[visited][:, :, None] + lengths).min(axis=1)
        for stop in range(count):
            is_new = visited & (1 << stop) == 0
            best[visited[is_new] | (1 << stop), stop] = onward[is_new, stop]
    visited = (1 << count) - 1
    way = [int(np.argmin(best[visited] + (lengths[0] if is_loop else 0)))]
    while len(way) < count:
        visited ^= 1 << way[-1]
        way.append(int(np.argmin(best[visited] + lengths[way[-1]])))
    return np.array(way)


def _searched_way(lengths: np.ndarray, near: list[list[int]], is_loop: bool, seed: int) -> np.ndarray:
    """A way by local search; an open one is a round tour through one more node, as near to every stop as can be."""
    count, joined, roads = len(lengths), near, near
    padded = lengths if is_loop else np.pad(lengths, (0, 1))
    if not is_loop:
        joined, roads = [*([count, *others] for others in near), []], [*near, []]
    starts = STARTS if count <= MOST_STOPS_STARTED_AGAIN else 1
    kicks = max(FEWEST_KICKS, min(count * count // 20, count * KICKS_PER_STOP))
    rows, tours = padded.tolist(), []
    for start in range(starts):
        begin = [*_nearest_neighbour_tour(lengths, start * count // starts), *range(count, len(padded))]
        tours.append(find_tour(rows, joined, roads, begin, kicks, seed * STARTS + start))
    tour = np.array(min(tours, key=lambda nodes: padded[nodes, np.roll(nodes, -1)].sum()))
    if is_loop:
        return tour
    return np.roll(tour, -int(np.flatnonzero(tour == count)[0]))[1:]


def _nearest_neighbour_tour(lengths: np.ndarray, first: int) -> list[int]:
    tour, is_left = [first], np.ones(len(lengths), dtype=bool)
    is_left[first] = False
    while is_left.any():
        left = np.flatnonzero(is_left)
        tour.append(int(left[np.argmin(lengths[tour[-1]][left])]))
        is_left[tour[-1]] = False
    return tour


def _nearest(metres: np.ndarray, count: int) -> list[list[int]]:
    """For each stop the nearest others, nearest first."""
    ranked = np.argsort(metres, axis=1, kind="stable")
    return [[stop for stop in row.tolist() if stop != own][:count] for own, row in enumerate(ranked)]


def _near_by_point(points: np.ndarray, metres: np.ndarray) -> list[list[int]]:
    """
    For each point the nearest others and the nearest in each quarter of the compass, nearest first.

    The quarters matter where points lie in clusters: the nearest alone would never lead from one cluster to the next.
    """
    ranked = _nearest(metres, len(points))
    near = []
    for own, others in enumerate(ranked):
        is_east, is_north = (points[others] > points[own]).T
        quarter = 2 * is_east + is_north
        kept = set(others[:NEAREST])
        for each in range(4):
            kept.update(np.array(others)[quarter == each][:NEAREST_PER_QUARTER].tolist())
        near.append([other for other in others if other in kept])
    return near
