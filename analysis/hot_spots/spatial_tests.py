"""Tests of whether high values lie together, by esda: Gi*, local Moran and Moran's I, with permutations."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from libpysal.graph import Graph

PERMUTATIONS = 9999
# One test of the whole map needs no correction for their number, and so no p as small.
GLOBAL_PERMUTATIONS = 999
QUADRANTS = {1: "HH", 2: "LH", 3: "LL", 4: "HL"}

# esda draws from NumPy's one generator, from which two visitors at once would take numbers in turns.
_DRAWING = threading.Lock()


def gi_star(values: np.ndarray, graph: "Graph", seed: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Getis and Ord's Gi* with binary weights, self among them, and its p-value for being high.

    Parameters
    ----------
    values
        One per area in the order of the graph, not all the same, shape `(n,)`.
    graph
        Neighbours, weights 1, no area without any.

    Returns
    -------
    z_score, p_value
        Shape `(n,)`. p is one-sided: (1 + permutations with a sum as high or higher) / 10,000, the area's own value
        staying where it is. An area that neighbours all others says nothing: its sum is always the whole.

    Notes
    -----
    Ord and Getis, *Local spatial autocorrelation statistics*, Geographical Analysis 27 (1995). Binary, because esda 2.9 takes
    the variance of the sum from the number of neighbours, which holds for weights of nought and one only.
    """
    from esda.getisord import G_Local
    from esda.significance import calculate_significance

    neighbours_all = graph.cardinalities.to_numpy() == len(values) - 1
    with _drawing(), np.errstate(divide="ignore", invalid="ignore"):
        found = G_Local(
            values, graph, transform="B", star=True, permutations=PERMUTATIONS, n_jobs=1, seed=seed
        )
    p_value = calculate_significance(found.Gs, found.rGs, "greater")
    return np.where(neighbours_all, 0.0, found.Zs), np.where(neighbours_all, 1.0, p_value)


def local_moran(values: np.ndarray, graph: "Graph", seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Local Moran's I with row-standardised weights, its two-sided p-value, and the quadrant.

    Returns
    -------
    statistic, p_value, quadrant
        Shape `(n,)`. The quadrant is 'HH' (high among high), 'LL', 'HL' (high among low) or 'LH', whatever p is.

    Notes
    -----
    Anselin, *Local indicators of spatial association*, Geographical Analysis 27 (1995).
    """
    from esda.moran import Moran_Local

    with _drawing():
        found = Moran_Local(values, graph, permutations=PERMUTATIONS, n_jobs=1, seed=seed)
    # esda's p looks to the side on which the value lies; whoever looks to both sides has twice the chance to find something.
    return found.Is, np.minimum(2 * found.p_sim, 1.0), np.array([QUADRANTS[number] for number in found.q])


def global_moran(values: np.ndarray, graph: "Graph", seed: int) -> tuple[float, float]:
    """
    Moran's I with row-standardised weights, and its p-value for neighbours being alike.

    Notes
    -----
    Moran, *Notes on continuous stochastic phenomena*, Biometrika 37 (1950). p is one-sided, from 999 permutations.
    """
    from esda.moran import Moran
    from esda.significance import calculate_significance

    with _drawing():
        # The one test of esda's that takes no seed.
        np.random.seed(seed)
        found = Moran(values, graph, permutations=GLOBAL_PERMUTATIONS)
    return float(found.I), float(calculate_significance(found.I, found.sim, "greater"))


@contextmanager
def _drawing() -> Iterator[None]:
    """One caller at a time; esda's words on its next version, and its changes to what Python warns of, stay inside."""
    with _DRAWING, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
