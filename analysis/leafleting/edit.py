"""
Walks changed by hand, or by what was done since: as little as possible, since people hold the sheets.

Numbers of walks stay as they are; a walk that is gone leaves a gap, a new one takes the next number.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from shapely.geometry.base import BaseGeometry

from analysis.leafleting.cutting import first_cut, pieces
from analysis.leafleting.graph import adjacency_lists, neighbours, parts
from data.errors import InputError

HARD_MAX_DOORS = 220


def move_stop(
    stops: pd.DataFrame,
    walk: np.ndarray,
    graph: csr_array,
    postcode: str,
    to_walk: int,
    hard_max: float = HARD_MAX_DOORS,
) -> np.ndarray:
    """
    Walks after a postcode, with all that share its point, was given to another walk.

    Parameters
    ----------
    stops
        As of `make_stops`.
    walk
        Walk of each stop.
    graph
        Of the stops, as of `neighbours`.

    Raises
    ------
    InputError
        The postcode or walk is not of this plan; either walk would fall apart or have more than `hard_max` doors.
    """
    rows = _together(stops, postcode)
    own = walk[rows[0]]
    _demand(to_walk in walk, "This plan has no such walk.")
    changed = walk.copy()
    changed[rows] = to_walk
    _demand(_is_whole(graph, changed, to_walk), "That stop is not beside the walk; choose a walk next to it.")
    _demand(
        own not in changed or _is_whole(graph, changed, own),
        "Without that stop its walk falls into parts; move one from its edge.",
    )
    _demand_room(stops, changed, to_walk, hard_max)
    return changed


def merge_walks(
    stops: pd.DataFrame,
    walk: np.ndarray,
    graph: csr_array,
    one: int,
    other: int,
    hard_max: float = HARD_MAX_DOORS,
) -> np.ndarray:
    """Walks after walk `other` was joined to `one`; arguments and errors as of `move_stop`."""
    _demand(one in walk and other in walk and one != other, "Choose two walks of this plan.")
    changed = np.where(walk == other, one, walk)
    _demand(_is_whole(graph, changed, one), "These walks do not touch; choose two next to each other.")
    _demand_room(stops, changed, one, hard_max)
    return changed


def split_walk(stops: pd.DataFrame, walk: np.ndarray, graph: csr_array, number: int) -> np.ndarray:
    """Walks after one was cut into two of about equal doors; arguments and errors as of `move_stop`."""
    rows = np.flatnonzero(walk == number)
    _demand(len(rows) > 0, "This plan has no such walk.")
    grid, first, place = np.unique(_grid(stops)[rows], axis=0, return_index=True, return_inverse=True)
    _demand(len(grid) > 1, "This walk is a single place and cannot be split.")
    place = place.ravel()
    doors = np.bincount(place, stops["doors"].to_numpy()[rows]).astype(np.int64)
    # Rows that share a point are joined to the first of them, so the first rows have the edges of their points.
    halves = np.array(first_cut(grid, doors, adjacency_lists(graph[rows[first]][:, rows[first]]), [1, 1]))
    changed = walk.copy()
    changed[rows[halves[place] == 1]] = walk.max() + 1
    return changed


def repair(
    stops_before: pd.DataFrame,
    walk_before: np.ndarray,
    stops_after: pd.DataFrame,
    barriers: Sequence[BaseGeometry] = (),
    hard_max: float = HARD_MAX_DOORS,
) -> np.ndarray:
    """
    Walks after stops were finished or added, all others left as they are wherever possible.

    Parameters
    ----------
    stops_before, walk_before
        Of the plan so far.
    stops_after
        Without the stops that are done, with new ones.
    barriers, hard_max
        As of `split`.

    Returns
    -------
    walk
        Of each of `stops_after`. A new stop goes to the walk beside it with fewest doors, or is a walk of its own if none has room.
        A walk that a finished stop held together keeps its largest piece; the others go to the walks beside them. One stop changes at
        most three walks; nothing is evened out.
    """
    known = dict(zip(stops_before["postcode"], walk_before.tolist(), strict=True))
    walk = np.array([known.get(postcode, -1) for postcode in stops_after["postcode"]], np.int64)
    walk = _with_neighbours_at_the_point(walk, _grid(stops_after))
    next_number = int(walk_before.max(initial=-1)) + 1
    adjacency = adjacency_lists(neighbours(stops_after[["easting", "northing"]].to_numpy(float), barriers))
    _place_new(walk, adjacency, stops_after["doors"].tolist(), hard_max, next_number)
    return _rejoined(walk, adjacency, stops_after["doors"].tolist(), hard_max)


def _with_neighbours_at_the_point(walk: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """A new stop at a point that has a walk belongs to it, whatever room it has."""
    _, point = np.unique(grid, axis=0, return_inverse=True)
    of_point = np.full(len(walk), -1, np.int64)
    np.maximum.at(of_point, point.ravel(), walk)
    return of_point[point.ravel()]


def _place_new(
    walk: np.ndarray, adjacency: list[list[int]], doors: list[int], hard_max: float, next_number: int
) -> None:
    """Give each new stop a walk, in place; one that a new stop stands in the middle of holds together with it."""
    for row in np.flatnonzero(walk < 0).tolist():
        piece_of = {
            member: number
            for number, piece in enumerate(pieces(walk.tolist(), adjacency))
            for member in piece
        }
        bridged: dict[int, set[int]] = {}
        for other in adjacency[row]:
            if walk[other] >= 0:
                bridged.setdefault(int(walk[other]), set()).add(piece_of[other])
        load = np.bincount(np.maximum(walk, 0), np.where(walk < 0, 0, doors))
        room = [number for number in bridged if load[number] + doors[row] <= hard_max]
        if room:
            walk[row] = min(room, key=lambda number: (-len(bridged[number]), load[number], number))
        else:
            walk[row] = max(next_number, walk.max() + 1)


def _rejoined(walk: np.ndarray, adjacency: list[list[int]], doors: list[int], hard_max: float) -> np.ndarray:
    """Keep the largest piece of each walk and give the others to walks beside them, those changed already first."""
    changed: set[int] = set()
    # One at a time: where a piece goes decides what the next has beside it. Each leaves fewer pieces than there were.
    while loose := _loose(walk, adjacency, doors):
        its_doors, piece = loose[0]
        own = int(walk[piece[0]])
        load = np.bincount(walk, doors)
        beside = {int(walk[other]) for row in piece for other in adjacency[row]} - {own}
        room = [number for number in beside if load[number] + its_doors <= hard_max]
        if room:
            walk[piece] = min(room, key=lambda number: (number not in changed, load[number], number))
        else:
            walk[piece] = walk.max() + 1
        changed |= {own, int(walk[piece[0]])}
    return walk


def _loose(walk: np.ndarray, adjacency: list[list[int]], doors: list[int]) -> list[tuple[int, list[int]]]:
    """Doors and rows of every piece of a walk but its largest, the smallest first."""
    of_walk: dict[int, list[tuple[int, list[int]]]] = {}
    for piece in pieces(walk.tolist(), adjacency):
        of_walk.setdefault(int(walk[piece[0]]), []).append((sum(doors[row] for row in piece), piece))
    return sorted(part for its_pieces in of_walk.values() for part in sorted(its_pieces)[:-1])


def _together(stops: pd.DataFrame, postcode: str) -> np.ndarray:
    """Rows of the stops at the point of a postcode."""
    grid = _grid(stops)
    row = np.flatnonzero(stops["postcode"] == postcode)
    _demand(len(row) > 0, "That postcode is not in this plan.")
    return np.flatnonzero((grid == grid[row[0]]).all(axis=1))


def _grid(stops: pd.DataFrame) -> np.ndarray:
    return np.rint(stops[["easting", "northing"]].to_numpy(float) * 10).astype(np.int64)


def _is_whole(graph: csr_array, walk: np.ndarray, number: int) -> bool:
    return bool((parts(graph, np.flatnonzero(walk == number)) == 0).all())


def _demand_room(stops: pd.DataFrame, walk: np.ndarray, number: int, hard_max: float) -> None:
    doors = int(stops["doors"].to_numpy()[walk == number].sum())
    _demand(doors <= hard_max, f"That walk would have {doors} doors, more than the most of {hard_max:g}.")


def _demand(is_met: bool, sentence: str) -> None:
    if not is_met:
        raise InputError(sentence)
