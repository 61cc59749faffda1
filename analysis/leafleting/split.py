"""
An area cut into walks: contiguous, of even size, round, never across a barrier.

Recursive bisection, then annealing over the borders, then chains that even out what is left. The same stops and seed give
the same walks on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from shapely.geometry.base import BaseGeometry

from analysis.leafleting.annealing import Walks, anneal, even_out, penalties
from analysis.leafleting.cutting import first_cut
from analysis.leafleting.edit import HARD_MAX_DOORS
from analysis.leafleting.graph import LONGEST_METRES, adjacency_lists, as_graph, neighbours, parts
from data.errors import InputError

TARGET_DOORS, MOVES = 150, 340_000
# A walk within a tenth of its target is as good as any; a hair less, so that rounding never decides.
_TOLERANCE = 0.0999
# The same for a number of postcodes, whose doors are known to a fraction only.
_FITTING = 0.097
# How far the walks' mean may be off the target for whole postcodes to fit.
_LEEWAY = 0.1
# How long the way to an outlying group counts.
_LINK_DECIMETRES = 1500
# The chains leave dents; a tenth of the moves, none of them bold, smooths them. Then chains may be found that were not there.
_SMOOTHING, _COOL, _ATTEMPTS = 0.1, 0.05, 3


@dataclass(frozen=True)
class Split:
    """
    Which stop belongs to which walk.

    Parameters
    ----------
    walk
        Walk of each stop, 0 to k - 1: numbered over the area, so that near numbers are mostly near each other; block jobs last,
        from west to east.
    is_block
        Of each walk: a block job, one point (a tower) with more doors than a walk should have.
    targets
        Of each walk: the doors it should have; of a block job, those it has.
    notes
        Whole sentences: what the person should know.
    """

    walk: np.ndarray
    is_block: np.ndarray
    targets: np.ndarray
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Points:
    """
    Distinct points of stops.

    `grid` in whole decimetres (drawn near), doors, postcodes at each, the mean doors of a postcode there, and their graph.
    """

    grid: np.ndarray
    doors: np.ndarray
    postcodes: np.ndarray
    typical: np.ndarray
    graph: csr_array

    def take(self, members: np.ndarray) -> "_Points":
        """Only these points."""
        columns = (self.grid, self.doors, self.postcodes, self.typical)
        return _Points(*(column[members] for column in columns), self.graph[members][:, members])


def split(
    stops: pd.DataFrame,
    targets: float | Sequence[float] = TARGET_DOORS,
    hard_max: float = HARD_MAX_DOORS,
    barriers: Sequence[BaseGeometry] = (),
    seed: int = 0,
    moves: int = MOVES,
) -> Split:
    """
    Cut stops into walks.

    Parameters
    ----------
    stops
        As of `make_stops`.
    targets
        Doors that a walk should have; or one figure for each walk, where people want different sizes. Which part of the area
        gets which is chosen here, and they are scaled so that together they make up all doors.
    hard_max
        Doors that no walk exceeds, but for block jobs.
    barriers
        Lines that no walk crosses, EPSG:27700.
    seed, moves
        Of the annealing.

    Raises
    ------
    InputError
        No stops; a size not above zero or above the hard maximum; more walks than places, or fewer than the parts that barriers
        leave; more doors than the walks may have.

    Notes
    -----
    Each part that barriers leave is cut on its own. Without a figure for each walk, there are as many walks as bring whole
    postcodes nearest to the target, within a tenth. A point with more doors than the (largest) target is a block job, on
    top of the walks asked for; the few stops that only a block joins to the rest go with it.

    What is made small is the spread of the walks (the root of their points' squared distances from the middle, which goes
    with the way to walk) plus a penalty for doors beyond a tenth of the target. Such zonings are surveyed by Duque, Ramos and
    Suriñach, *Supervised regionalization methods*, International Regional Science Review 30 (2007).
    """
    sizes = np.atleast_1d(np.asarray(targets, float))
    _check(stops, sizes, hard_max)
    points, point_of_stop = _points(stops, barriers, sizes.max())
    is_tower = points.doors > sizes.max()
    walk = np.full(len(points.grid), -1)
    areas = _areas(points, is_tower, sizes.min() / 2)
    if np.ndim(targets):
        wanted = _shared_out(sizes, [int(points.doors[area].sum()) for area in areas], hard_max)
    else:
        wanted = [_even(points.take(area), sizes[0], hard_max) for area in areas]
    aims: list[float] = []
    for area, of_area in zip(areas, wanted, strict=True):
        its_moves = moves * len(area) // len(walk)
        cut, its_aims = _cut(points.take(area), of_area, hard_max, seed, its_moves, bool(np.ndim(targets)))
        walk[area] = cut + len(aims)
        aims += its_aims
    towers = np.flatnonzero(is_tower)
    walk[towers] = len(aims) + np.arange(len(towers))
    _annex(walk, points.graph)
    return Split(
        walk[point_of_stop],
        np.arange(len(aims) + len(towers)) >= len(aims),
        np.array([*aims, *np.bincount(walk, points.doors, len(aims) + len(towers))[len(aims) :]]),
        _notes(points, areas, sizes.min()) if len(barriers) else (),
    )


def _check(stops: pd.DataFrame, sizes: np.ndarray, hard_max: float) -> None:
    if stops.empty:
        raise InputError("There is no postcode in use in this area; choose another.")
    if not len(sizes) or not (sizes > 0).all():
        raise InputError("A walk must have at least one door; give a size above zero.")
    if sizes.max() > hard_max:
        raise InputError(f"A walk may have at most {hard_max:g} doors; give smaller sizes.")


def _points(
    stops: pd.DataFrame, barriers: Sequence[BaseGeometry], largest: float
) -> tuple[_Points, np.ndarray]:
    """The distinct points, from west to east, and the point of each stop."""
    metres = stops[["easting", "northing"]].to_numpy(float)
    grid, point_of_stop = np.unique(np.rint(metres * 10).astype(np.int64), axis=0, return_inverse=True)
    point_of_stop = point_of_stop.ravel()
    doors = np.zeros(len(grid), np.int64)
    np.add.at(doors, point_of_stop, stops["doors"].to_numpy())
    graph = neighbours(grid / 10, barriers)
    postcodes = np.bincount(point_of_stop)
    # Of its sector, since one postcode's own doors are rounded up or down; of towers it is never read.
    common = stops["doors"].where(doors[point_of_stop] <= largest)
    of_sector = common.groupby([stops["borough_code"], stops["sector"]]).transform("mean").to_numpy(float)
    typical = np.round(np.bincount(point_of_stop, of_sector) / postcodes, 1)
    return _Points(_drawn_near(grid, graph), doors, postcodes, typical, graph), point_of_stop


def _drawn_near(grid: np.ndarray, graph: csr_array) -> np.ndarray:
    """
    Points with the long way to outlying groups shortened.

    Someone has to walk it, whichever walk the group is in; at its full length it would count more than all else, and leave a
    lonely house as a walk of its own.
    """
    near = grid - grid.min(axis=0)
    edges = np.column_stack(graph.nonzero())
    edges = edges[edges[:, 0] < edges[:, 1]]
    is_long = ((grid[edges[:, 0]] - grid[edges[:, 1]]) ** 2).sum(axis=1) > (10 * LONGEST_METRES) ** 2
    if not is_long.any():
        return near
    label = parts(as_graph(edges[~is_long], len(grid)))
    links = np.concatenate([edges[is_long], edges[is_long][:, ::-1]])
    shift: dict[int, np.ndarray] = {}
    for root in np.argsort(-np.bincount(label), kind="stable"):
        groups = [] if root in shift else [root]
        shift.setdefault(root, np.zeros(2, np.int64))
        for group in groups:  # grows while it is read
            for near_end, far_end in links[label[links[:, 0]] == group]:
                if label[far_end] not in shift:
                    way = grid[far_end] - grid[near_end]
                    shorter = np.rint(way * (_LINK_DECIMETRES / math.sqrt(way @ way))).astype(np.int64)
                    shift[label[far_end]] = shift[group] + shorter - way
                    groups.append(label[far_end])
    return near + np.array([shift[group] for group in label])


def _areas(points: _Points, is_tower: np.ndarray, fewest: float) -> list[np.ndarray]:
    """
    The parts to be cut on their own, from west to east.

    What only a tower joins to the rest, with fewer doors than `fewest`, is left out.
    """
    others = np.flatnonzero(~is_tower)
    label = parts(points.graph, others)
    members = [others[label == number] for number in range(label.max(initial=-1) + 1)]
    beside_tower = points.graph @ is_tower > 0
    kept = [area for area in members if points.doors[area].sum() >= fewest or not beside_tower[area].any()]
    return sorted(kept, key=lambda area: (points.grid[area, 0].mean(), area[0]))


def _annex(walk: np.ndarray, graph: csr_array) -> None:
    """Give the stops that `_areas` left out to the tower beside them, in place."""
    while (missing := np.flatnonzero(walk < 0)).size:
        for point in missing:
            around = walk[graph.indices[graph.indptr[point] : graph.indptr[point + 1]]]
            walk[point] = around.max()


def _even(points: _Points, target: float, hard_max: float) -> np.ndarray:
    """
    Equal sizes: as many walks as let whole postcodes fit best.

    With 24 doors to a postcode a walk has 6 (144 doors) or 7 (168); at 150 doors on the mean, a quarter would be 12 % above.
    """
    doors = int(points.doors.sum())
    first = max(1, math.ceil(doors / hard_max), math.floor(doors / (target * (1 + _LEEWAY))))
    last = max(first, math.ceil(doors / (target * (1 - _LEEWAY))))
    counts = range(first, min(last, len(points.grid)) + 1)
    sizes, group = np.unique(points.typical, return_inverse=True)
    postcodes = np.bincount(group, points.postcodes)
    count = min(
        counts,
        key=lambda count: (
            _misfits(sizes, postcodes, count, doors / count) + _misfits(sizes, postcodes, count, target),
            abs(doors / count / target - 1),
        ),
        default=len(points.grid),
    )
    return np.full(count, target)


def _misfits(sizes: np.ndarray, postcodes: np.ndarray, count: int, aim: float) -> int:
    """
    About how many of `count` walks end more than a tenth off `aim` because postcodes are whole.

    So many postcodes with so many doors each make up between a least and a most number of walks within the tenth. A walk
    more than that leaves each of several walks one postcode short.
    """
    low, high = aim * (1 - _FITTING), aim * (1 + _FITTING)
    most, least = np.floor(high / sizes), np.ceil(low / sizes)
    fits = (most >= least) & (most >= 1)
    nearest = np.maximum(1, np.rint(aim / sizes))
    fewest_walks = (postcodes / np.where(fits, most, nearest)).sum()
    most_walks = (postcodes / np.where(fits, np.maximum(least, 1), nearest)).sum()
    beyond = max(fewest_walks - count, count - most_walks, 0.0) * float(postcodes.sum()) / count
    return round(beyond + float((postcodes / nearest)[~fits].sum()))


def _shared_out(sizes: np.ndarray, doors: list[int], hard_max: float) -> list[np.ndarray]:
    """Which of the sizes asked for go to which area: the largest to where most doors are still without a walk."""
    if not doors:
        return []
    if len(sizes) < len(doors):
        raise InputError(
            f"The barriers leave {len(doors)} parts, more than the {len(sizes)} walks asked for; ask for more walks."
        )
    if sum(doors) > hard_max * len(sizes):
        raise InputError(
            f"{sum(doors):,} doors are too many for {len(sizes)} walks of at most {hard_max:g}; ask for more walks or choose "
            "a smaller area."
        )
    share = sum(doors) / sizes.sum()
    chosen: list[list[float]] = [[] for _ in doors]
    for left, size in zip(range(len(sizes), 0, -1), np.sort(sizes)[::-1], strict=True):
        empty = [area for area in range(len(doors)) if not chosen[area]]
        # The last sizes are kept for areas that have none yet.
        among = empty if len(empty) == left else range(len(doors))
        chosen[max(among, key=lambda area: doors[area] - share * sum(chosen[area]))].append(size)
    return [np.array(of_area) for of_area in chosen]


def _cut(
    points: _Points, sizes: np.ndarray, hard_max: float, seed: int, moves: int, is_fixed: bool
) -> tuple[np.ndarray, list[float]]:
    """Walk of each point of one area and the doors each walk should have; with more walks if the hard maximum wants it."""
    while True:
        if len(sizes) > len(points.grid):
            raise InputError(
                f"There are only {len(points.grid)} places for {len(sizes)} walks; ask for fewer walks."
            )
        aims = sizes * (points.doors.sum() / sizes.sum())
        walk = _improved(points, aims, sizes, hard_max, seed, moves)
        over = np.bincount(walk, points.doors) - hard_max
        if (over <= 0).all():
            return walk, aims.tolist()
        if is_fixed:
            raise InputError(
                f"No way was found to make {len(sizes)} walks of at most {hard_max:g} doors; ask for more walks."
            )
        more = math.ceil(over[over > 0].sum() / hard_max)
        sizes = np.full(min(len(sizes) + more, len(points.grid)), sizes[0])


def _improved(
    points: _Points, aims: np.ndarray, sizes: np.ndarray, hard_max: float, seed: int, moves: int
) -> np.ndarray:
    adjacency = adjacency_lists(points.graph)
    walk = first_cut(points.grid, points.doors, adjacency, aims.tolist())
    size = int(max(np.bincount(walk, points.doors).max(), hard_max) + 2 * points.doors.max())
    tables = {pair: _table(*pair, hard_max, size) for pair in zip(aims.tolist(), sizes.tolist(), strict=True)}
    of_walks = [tables[pair] for pair in zip(aims.tolist(), sizes.tolist(), strict=True)]
    walks = Walks(walk, np.column_stack([points.grid, points.doors]).tolist(), adjacency, of_walks)
    if len(aims) > 1:
        smoothing = int(moves * _SMOOTHING)
        anneal(walks, moves - _ATTEMPTS * smoothing, seed)
        even_out(walks)
        for attempt in range(1, _ATTEMPTS + 1):
            anneal(walks, smoothing, seed + attempt, _COOL)
            even_out(walks)
            if not any(map(walks.is_beyond, range(len(aims)))):
                break
    return np.array(walks.walk)


def _table(aim: float, size: float, hard_max: float, largest: int) -> list[float]:
    """Penalties of a walk: within a tenth of what it should have and, if the two are near, of what was asked for."""
    return penalties(aim, *_band(aim, size), hard_max, largest)


def _band(aim: float, size: float) -> tuple[float, float]:
    """Least and most doors of a walk that should have `aim`, where `size` was asked for."""
    low, high = aim * (1 - _TOLERANCE), aim * (1 + _TOLERANCE)
    if abs(aim / size - 1) < _TOLERANCE / 2:
        low, high = max(low, size * (1 - _TOLERANCE)), min(high, size * (1 + _TOLERANCE))
    return low, high


def _notes(points: _Points, areas: list[np.ndarray], target: float) -> tuple[str, ...]:
    """A sentence about each part that is too small for a walk."""
    sizes = [(int(points.postcodes[area].sum()), int(points.doors[area].sum())) for area in areas]
    return tuple(
        f"A barrier cuts off {postcodes} {'postcode' if postcodes == 1 else 'postcodes'} with about {doors} doors, "
        f"fewer than a walk should have; they are a walk of their own."
        for postcodes, doors in sizes
        if doors < target * (1 - _LEEWAY)
    )
