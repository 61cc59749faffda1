"""The classes of a map's legend, fixed so that two maps of different dates compare."""

import itertools
from dataclasses import dataclass

import numpy as np

# Upper bounds, in the unit of the measure; above the last is one more class. Roughly threefold steps: visits differ
# a hundredfold between areas, and equal steps would leave all but a few boroughs in one colour.
BOUNDS = {
    "count": (3, 10, 30, 100, 300, 1000),
    # Official visits by borough: ten to a few hundred in one year, hundreds to thousands in all of them.
    "borough_visits": (50, 150, 400, 800, 1500, 2500),
    "rate": (0.03, 0.1, 0.2, 0.4, 0.8, 1.6),
    # Recorded incidents are a hundred times fewer than official visits, and never a fraction.
    "incidents": (1, 2, 5, 10, 20, 50),
    "incidents_rate": (0.001, 0.002, 0.005, 0.01, 0.02, 0.05),
    "share": (0.2, 0.4, 0.6, 0.8),
}


@dataclass(frozen=True)
class Classes:
    """Classes of a legend: `bounds` are upper limits, included; `labels` has one text more."""

    bounds: tuple[float, ...]
    labels: tuple[str, ...]

    def index(self, values: np.ndarray) -> np.ndarray:
        """The class of each value, 0 for the lowest; -1 for NaN. Shape of `values`."""
        # Loads a plotting library with it, for which the command line need not wait.
        import mapclassify

        values = np.asarray(values, dtype=float)
        result = np.full(values.shape, -1)
        known = ~np.isnan(values)
        if known.any():
            # The last bound must reach the largest value, or mapclassify would add a class of its own.
            top = max(float(values[known].max()), self.bounds[-1] + 1)
            result[known] = mapclassify.UserDefined(values[known], [*self.bounds, top]).yb
        return result


def map_classes(kind: str) -> Classes:
    """The classes for a kind of measure, a key of `BOUNDS`: counts, rates per 1,000 residents per year, shares."""
    bounds = BOUNDS[kind]
    if kind == "incidents":
        steps = list(itertools.pairwise((0, *bounds)))
        labels = [f"{high}" if high == low + 1 else f"{low + 1} to {high}" for low, high in steps]
        labels += [f"over {bounds[-1]}"]
    elif kind == "share":
        edges = [0, *(round(bound * 100) for bound in bounds), 100]
        labels = [f"{low} to {high} %" for low, high in itertools.pairwise(edges)]
    else:
        labels = [f"up to {bounds[0]:,g}"]
        labels += [f"{low:,g} to {high:,g}" for low, high in itertools.pairwise(bounds)]
        labels += [f"over {bounds[-1]:,g}"]
    return Classes(bounds=tuple(bounds), labels=tuple(labels))
