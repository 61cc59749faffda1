"""How good a split is, whatever made it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from analysis.leafleting.graph import parts
from analysis.leafleting.shapes import walk_shapes

# Beyond a tenth; a hair more, so that 165 of 150 doors is within it.
_TENTH = 0.1 + 1e-9


@dataclass(frozen=True)
class Report:
    """
    What `check` found.

    Parameters
    ----------
    walks
        One row per walk: `walk`, `doors`, `target`, `stops`, `is_block`, `is_connected`, `compactness` (4π area / perimeter² of its
        stops' Voronoi cells, clipped at 60 m: 1 is a circle, 0.785 a square; Polsby and Popper 1991).
    is_connected
        Every walk is.
    within_10_pct
        Share of the walks, block jobs apart, whose doors are within a tenth of their target.
    worst
        The largest difference from a target, as a share of it, with its sign; block jobs apart.
    median_compactness
        Of the walks, block jobs apart.
    """

    walks: pd.DataFrame
    is_connected: bool
    within_10_pct: float
    worst: float
    median_compactness: float


def check(
    stops: pd.DataFrame,
    walk: np.ndarray,
    graph: csr_array,
    targets: Sequence[float] | np.ndarray | None = None,
    is_block: Sequence[bool] | np.ndarray | None = None,
) -> Report:
    """
    Check walks.

    Parameters
    ----------
    stops
        As of `make_stops`.
    walk
        Walk of each stop.
    graph
        Of the stops, as of `neighbours`.
    targets, is_block
        By walk number, as of `Split`; the mean doors, and no block jobs, if not given.
    """
    numbers, position = np.unique(walk, return_inverse=True)
    doors = np.bincount(position, stops["doors"])
    walks = pd.DataFrame(
        {
            "walk": numbers,
            "doors": doors.astype(np.int64),
            "target": doors.mean() if targets is None else np.asarray(targets, float)[numbers],
            "stops": np.bincount(position),
            "is_block": False if is_block is None else np.asarray(is_block, bool)[numbers],
            "is_connected": [
                bool((parts(graph, np.flatnonzero(walk == number)) == 0).all()) for number in numbers
            ],
            "compactness": _compactness(stops, position),
        }
    )
    common = walks[~walks["is_block"]] if not walks["is_block"].all() else walks
    off = (common["doors"] / common["target"] - 1).to_numpy()
    return Report(
        walks,
        bool(walks["is_connected"].all()),
        float((np.abs(off) <= _TENTH).mean()),
        float(off[np.abs(off).argmax()]),
        float(common["compactness"].median()),
    )


def _compactness(stops: pd.DataFrame, position: np.ndarray) -> np.ndarray:
    shapes = walk_shapes(stops.assign(walk=position)).to_numpy()
    return 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
