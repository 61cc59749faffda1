"""Walks as shapes on a map: the ground around their stops, and colours that tell neighbours apart."""

import numpy as np
import pandas as pd
import shapely

# A stop's ground reaches no further from it: about the houses of one postcode.
CELL_METRES = 60
# Shapes nearer than this count as neighbours, so that a street between them does not give both one colour.
_NEAR_METRES = 25
_BEYOND_METRES = 2 * CELL_METRES


def walk_shapes(stops: pd.DataFrame) -> pd.Series:
    """
    The ground of each walk.

    Parameters
    ----------
    stops
        `walk, easting, northing` (EPSG:27700, metres), all walks that shall not overlap.

    Returns
    -------
    shapes
        By walk, in their order: the Voronoi cells of its stops within 60 m of them, joined; EPSG:27700.
    """
    places, of_stop = np.unique(stops[["easting", "northing"]].to_numpy(float), axis=0, return_inverse=True)
    of_stop, cells = of_stop.ravel(), _cells(places)
    around = shapely.buffer(shapely.points(places), CELL_METRES)
    # Cells are joined before they are cut: cut one by one, their edges would no longer meet, and leave slits.
    return pd.Series(
        {
            walk: shapely.intersection(
                shapely.coverage_union_all(cells[rows]), shapely.union_all(around[rows])
            )
            for walk, rows in _places_of(stops["walk"], of_stop).items()
        }
    )


def _places_of(walk: pd.Series, of_stop: np.ndarray) -> dict:
    rows = pd.DataFrame({"walk": walk.to_numpy(), "place": of_stop}).drop_duplicates()
    return {number: of_walk["place"].to_numpy() for number, of_walk in rows.groupby("walk")}


def _cells(places: np.ndarray) -> np.ndarray:
    everywhere = shapely.box(*(places.min(axis=0) - _BEYOND_METRES), *(places.max(axis=0) + _BEYOND_METRES))
    if len(places) == 1:
        return np.array([everywhere])
    voronoi = shapely.voronoi_polygons(shapely.multipoints(places), extend_to=everywhere, ordered=True)
    return shapely.get_parts(voronoi)


def colour_numbers(shapes: pd.Series) -> dict:
    """
    A colour number from 0 for each shape, so that no two neighbours have the same.

    The shape with most neighbours chooses first, always the lowest number that is free; on a map of walks six or seven do
    (Welsh and Powell, Computer Journal 10, 1967).
    """
    outlines = shapes.to_numpy()
    first, second = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=_NEAR_METRES)
    beside = [second[(first == number) & (second != number)] for number in range(len(outlines))]
    colour = np.full(len(outlines), -1)
    for number in sorted(range(len(outlines)), key=lambda number: (-len(beside[number]), number)):
        taken = set(colour[beside[number]].tolist())
        colour[number] = next(free for free in range(len(outlines)) if free not in taken)
    return dict(zip(shapes.index, colour.tolist(), strict=True))
