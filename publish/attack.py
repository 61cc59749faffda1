"""What released numbers give away together: an attack by linear programming, made before anything is published."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from publish.parts import Span
from publish.rules import ROUNDING, K


@dataclass(frozen=True)
class Number:
    """One released number: whose it is (borough codes), its time, and what stands there, rounded or, in a control, exact."""

    members: frozenset[str]
    span: Span
    about: int
    is_exact: bool = False

    @property
    def bounds(self) -> tuple[int, int]:
        """Fewest and most incidents it may stand for, to somebody who knows the rules."""
        if self.is_exact:
            return self.about, self.about
        off = (ROUNDING - 1) // 2
        return max(K, self.about - off), self.about + off


@dataclass(frozen=True)
class Broken:
    """A set of incidents that was not released and is now known to be some, but fewer than k, or none; `span` is its time."""

    span: Span
    low: int
    high: int


def rounded(incidents: int) -> int:
    """To the nearest five."""
    return ROUNDING * ((incidents + ROUNDING // 2) // ROUNDING)


def attack(
    region: Sequence[Number], areas: Sequence[Number], totals: Sequence[tuple[int, int]] = ()
) -> list[Broken]:
    """
    Bound every set of incidents that two tables leave open, by all their numbers together.

    The sets are each area's part within each part of the region's time, and what is left of the region in each time, and in
    each sum of following times, once the areas resolved there are taken away.

    Parameters
    ----------
    region
        Numbers of the whole region; their times do not overlap and follow each other.
    areas
        Numbers of areas, which do not overlap.
    totals
        Fewest and most incidents of all, as further tables give them.

    Returns
    -------
    broken
        Sets proven to hold 1 to k - 1 incidents, or none.

    Notes
    -----
    Counts are relaxed to real numbers, so a bound is at most as narrow as the true one: what is found is proven, and what is
    not found is no proof of the contrary. That a part was not split says that some piece of it is small, not which; this is
    not used.
    """
    pairs = [
        (row, column)
        for row, area in enumerate(areas)
        for column, time in enumerate(region)
        if area.span.first <= time.span.last and time.span.first <= area.span.last
    ]
    if not pairs:
        return []
    rows = np.array([row for row, _ in pairs])
    columns = np.array([column for _, column in pairs])
    sums = [
        *((rows == row) for row in range(len(areas))),
        *((columns == column) for column in range(len(region))),
    ]
    bounds = [number.bounds for number in (*areas, *region)]
    sums += [np.ones(len(pairs), bool)] * len(totals)
    bounds += list(totals)
    targets = _targets(region, areas, rows, columns)
    return _bounded(np.array(sums, float), np.array(bounds, float), targets)


def _targets(region, areas, rows, columns) -> list[tuple[Span, np.ndarray]]:
    targets = [(region[column].span, np.arange(len(rows)) == number) for number, column in enumerate(columns)]
    spans = [time.span for time in region]
    starts, ends = [span.first for span in spans], [span.last for span in spans]
    for first in range(len(spans)):
        for last in range(first, len(spans)):
            time = Span(starts[first], ends[last])
            is_resolved = np.array([time.holds(area.span) for area in areas])
            left = (columns >= first) & (columns <= last) & ~is_resolved[rows]
            if left.any() and is_resolved.any():
                targets.append((time, left))
    return targets


def _bounded(sums: np.ndarray, bounds: np.ndarray, targets: list[tuple[Span, np.ndarray]]) -> list[Broken]:
    matrix = sparse.csr_array(np.vstack([sums, -sums]))
    limits = np.concatenate([bounds[:, 1], -bounds[:, 0]])
    sets = np.array([target for _, target in targets], float)
    # A way to fill the cells that gives a set k or more is all the proof it needs, whatever it was found for: one is looked for
    # that does so for many sets at once, in a few random directions.
    seen = np.zeros(len(targets))
    directions = np.random.default_rng(0)
    progress = True
    while progress and (open_sets := seen < K).any():
        weights = directions.random(len(targets)) * open_sets
        seen = np.maximum(seen, sets @ _extreme(-(weights @ sets), matrix, limits)[1] + 1e-6)
        progress = (seen[open_sets] >= K).any()
    broken = []
    for number, (span, _) in enumerate(targets):
        if seen[number] >= K:
            continue
        most, cells = _extreme(-sets[number], matrix, limits)
        seen = np.maximum(seen, sets @ cells + 1e-6)
        high = math.floor(-most + 1e-6)
        if high < K:
            least, _ = _extreme(sets[number], matrix, limits)
            low = max(math.ceil(least - 1e-6), 0)
            if low >= 1 or high < 1:
                broken.append(Broken(span, low, high))
    return broken


def _extreme(goal: np.ndarray, matrix, limits: np.ndarray) -> tuple[float, np.ndarray]:
    found = linprog(goal, A_ub=matrix, b_ub=limits, bounds=(0, None), method="highs")
    if found.status != 0:
        raise AssertionError("numbers of a release contradict each other")
    return found.fun, found.x
