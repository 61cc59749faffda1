"""Records per square kilometre, each record spread over a circle whose radius is said."""

import itertools
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from analysis.areas import Run
from analysis.filters import Filters
from analysis.where.density import density
from analysis.where.measures import Classes
from data.geography.projection import to_grid

BANDWIDTHS_METRES = (500, 1000, 2000, 4000)
CELL_METRES = 250
# Sizes of a cell in degrees at London's latitude; what they are in metres is measured, not taken from here.
CELL_LATITUDE, CELL_LONGITUDE = CELL_METRES / 111_240, CELL_METRES / 69_400
# Upper bounds of the classes, records per square kilometre: fixed, so that two maps compare.
BOUNDS = {"counts": (0.3, 1, 3, 10, 30, 100), "incidents": (0.01, 0.03, 0.1, 0.3, 1, 3)}
NOUNS = {"counts": "Official visits", "incidents": "Recorded incidents"}


@dataclass(frozen=True)
class KernelDensity:
    """
    A surface over the map.

    `per_km2` has one value per cell, northernmost row first, shape `(rows, columns)`, of records per square kilometre in
    the whole period; `cell_km2` is the area of a cell by row, shape `(rows,)`; `bounds` are the south-west and north-east corner
    (latitude, longitude; EPSG:4326), cells being even in degrees. All empty, and `bounds` None, where nothing can be drawn.
    """

    per_km2: np.ndarray
    cell_km2: np.ndarray
    bounds: tuple[tuple[float, float], tuple[float, float]] | None
    finding: str
    sentence: str
    notes: list[str] = field(default_factory=list)


def kernel_density(run: Run, filters: Filters, source: str, bandwidth_metres: int) -> KernelDensity:
    """
    How thick the records of `source` ('counts' or 'incidents') lie.

    Parameters
    ----------
    bandwidth_metres
        Radius of the circle over which a record is spread, thickest in the middle (Epanechnikov's kernel).

    Returns
    -------
    surface
        Its values times the areas of the cells add up to the records drawn (`analysis.where.density`), a range of visits
        counting with its middle.

    Notes
    -----
    scikit-learn, `KernelDensity`; Silverman, *Density estimation for statistics and data analysis* (1986), chapter 4.
    Distances are measured on the national grid. Nothing keeps the circles from reaching over the river or the border.
    """
    found = density(run, filters, source)
    points = found.points
    if points.empty:
        nothing = "There is nothing to spread over the map"
        return KernelDensity(np.empty((0, 0)), np.empty(0), None, nothing, found.sentence)
    metres = np.column_stack(to_grid(points["longitude"].to_numpy(), points["latitude"].to_numpy()))
    longitude, latitude = _cells(points, bandwidth_metres)
    east, north = to_grid(*(grid.ravel() for grid in np.meshgrid(longitude, latitude)))
    weights = points["weight"].to_numpy()
    per_km2 = _spread(metres, weights, np.column_stack([east, north]), bandwidth_metres) * 1e6
    return KernelDensity(
        per_km2=per_km2.reshape(len(latitude), len(longitude)),
        cell_km2=_areas(latitude, longitude),
        bounds=(
            (latitude[-1] - CELL_LATITUDE / 2, longitude[0] - CELL_LONGITUDE / 2),
            (latitude[0] + CELL_LATITUDE / 2, longitude[-1] + CELL_LONGITUDE / 2),
        ),
        finding=_say_thickest(per_km2.max(), source, bandwidth_metres),
        sentence=f"{found.sentence} Each is spread over a circle of {bandwidth_metres:,} m radius around its point, in cells "
        f"of about {CELL_METRES} m.",
        notes=_note_fineness(metres, bandwidth_metres),
    )


def density_classes(source: str) -> Classes:
    """The fixed classes of the map, records per square kilometre; the lowest stays empty."""
    bounds = BOUNDS[source]
    labels = [
        f"under {bounds[0]:g}",
        *(f"{low:g} to {high:g}" for low, high in itertools.pairwise(bounds)),
    ]
    return Classes(bounds, (*labels, f"over {bounds[-1]:g}"))


def _cells(points: pd.DataFrame, bandwidth_metres: int) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes from the west, and latitudes from the north, of the cells' middles, as far as any circle reaches."""
    reach = bandwidth_metres / CELL_METRES + 1
    west, east = points["longitude"].min(), points["longitude"].max()
    south, north = points["latitude"].min(), points["latitude"].max()
    columns = np.arange(west / CELL_LONGITUDE - reach, east / CELL_LONGITUDE + reach + 1)
    rows = np.arange(south / CELL_LATITUDE - reach, north / CELL_LATITUDE + reach + 1)
    return columns * CELL_LONGITUDE, rows[::-1] * CELL_LATITUDE


def _spread(metres: np.ndarray, weights: np.ndarray, cells: np.ndarray, bandwidth: float) -> np.ndarray:
    """Records per square metre in the middle of each cell."""
    # Loads for about a second, which pages without this map need not wait for.
    from sklearn.neighbors import KernelDensity as Estimator

    fitted = Estimator(bandwidth=bandwidth, kernel="epanechnikov").fit(metres, sample_weight=weights)
    return np.exp(fitted.score_samples(cells)) * weights.sum()


def _areas(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Area of a cell by row, square kilometres."""
    middle = np.full(len(latitude), longitude[len(longitude) // 2])
    step_east = np.hypot(*_step(middle, latitude, CELL_LONGITUDE, 0))
    step_north = np.hypot(*_step(middle, latitude, 0, CELL_LATITUDE))
    return step_east * step_north / 1e6


def _step(
    longitude: np.ndarray, latitude: np.ndarray, wide: float, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Metres east and north on the grid between two points so many degrees apart."""
    first = to_grid(longitude - wide / 2, latitude - high / 2)
    last = to_grid(longitude + wide / 2, latitude + high / 2)
    return last[0] - first[0], last[1] - first[1]


def _say_thickest(per_km2: float, source: str, bandwidth_metres: int) -> str:
    number = f"{per_km2:,.0f}" if per_km2 >= 10 else f"{per_km2:.2g}"
    circle = f"each spread over a circle of {bandwidth_metres:,} m radius"
    return f"{NOUNS[source]} at their thickest, {circle}: {number} per square kilometre"


def _note_fineness(metres: np.ndarray, bandwidth_metres: int) -> list[str]:
    if len(metres) < 2:
        return []
    apart = float(np.median(KDTree(metres).query(metres, k=2)[0][:, 1]))
    if bandwidth_metres >= apart:
        return []
    return [
        f"These records are known by points typically {round(apart, -2):,.0f} m apart. A circle of "
        f"{bandwidth_metres:,} m is finer than that: it shows the middles of areas, not where raids were."
    ]
