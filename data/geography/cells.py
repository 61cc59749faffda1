"""
Which polygon of a coverage a point lies in, for a million points at a time.

A grid of small cells knows the answer wherever no edge passes; only points in cells that an edge cuts are tested
against the polygons themselves.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy import ndimage

# About 25 m in London: one point in fifteen then needs the exact test.
CELL_DEGREES = (0.00036, 0.000225)
NOWHERE = -1
_CUT = -2


@dataclass(frozen=True)
class Cells:
    """
    A grid over polygons.

    `values[row, column]` is the polygon that holds the whole cell, `NOWHERE`, or -2 where an edge passes;
    `west` and `south` are the grid's corner in degrees.
    """

    polygons: np.ndarray
    west: float
    south: float
    values: np.ndarray

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.polygons)

    def find(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        """The polygon each point lies in, as its row, or `NOWHERE`; on a common edge, the first of the two."""
        rows, columns = self.values.shape
        with np.errstate(invalid="ignore", over="ignore"):
            column = np.floor((longitude - self.west) / CELL_DEGREES[0])
            row = np.floor((latitude - self.south) / CELL_DEGREES[1])
            is_near = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        found = np.full(len(longitude), NOWHERE, dtype=np.int64)
        found[is_near] = self.values[row[is_near].astype(np.int64), column[is_near].astype(np.int64)]
        cut = np.flatnonzero(found == _CUT)
        found[cut] = self._find_exactly(longitude[cut], latitude[cut])
        return found

    def _find_exactly(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        found = np.full(len(longitude), NOWHERE, dtype=np.int64)
        point, polygon = self._tree.query(shapely.points(longitude, latitude), predicate="intersects")
        # Written from the last to the first, so that the first of two neighbours stays.
        order = np.argsort(-polygon, kind="stable")
        found[point[order]] = polygon[order]
        return found


def build_cells(polygons: np.ndarray) -> Cells:
    """The grid over `polygons`, a valid coverage in degrees."""
    west, south, east, north = shapely.total_bounds(polygons)
    west, south = west - CELL_DEGREES[0], south - CELL_DEGREES[1]
    columns, rows = (
        int((end - start) / size) + 2
        for start, end, size in ((west, east, CELL_DEGREES[0]), (south, north, CELL_DEGREES[1]))
    )
    values = np.full((rows, columns), _CUT, dtype=np.int16)
    is_cut = np.zeros((rows, columns), dtype=bool)
    is_cut[_crossed_cells(polygons, west, south)] = True
    # Cells that touch with no edge between them lie in the same polygon: ask once for each such patch.
    patches, count = ndimage.label(~is_cut)
    first = np.unique(patches, return_index=True)[1][-count:]
    row, column = np.unravel_index(first, values.shape)
    centres = shapely.points(west + (column + 0.5) * CELL_DEGREES[0], south + (row + 0.5) * CELL_DEGREES[1])
    owner = np.full(count + 1, NOWHERE, dtype=np.int16)
    patch, polygon = shapely.STRtree(polygons).query(centres, predicate="within")
    owner[patch + 1] = polygon
    values[~is_cut] = owner[patches[~is_cut]]
    return Cells(polygons, west, south, values)


def _crossed_cells(polygons: np.ndarray, west: float, south: float) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of every cell that an edge passes through."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygons)), return_index=True)
    xy = (xy - (west, south)) / CELL_DEGREES
    is_edge = ring[1:] == ring[:-1]
    start, end = xy[:-1][is_edge], xy[1:][is_edge]
    edge, along = _cuts(start, end)
    # Between two cuts an edge stays in one cell: the one that holds the point halfway.
    order = np.lexsort((along, edge))
    edge, along = edge[order], along[order]
    is_same = edge[1:] == edge[:-1]
    edge, halfway = edge[1:][is_same], (along[1:] + along[:-1])[is_same] / 2
    cell = np.floor(start[edge] + (end - start)[edge] * halfway[:, None]).astype(np.int64)
    return cell[:, 1], cell[:, 0]


def _cuts(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where edges meet the lines of a grid of whole numbers: the edge's row and how far along it, with both ends."""
    all_edges = np.arange(len(start))
    edges, alongs = [all_edges, all_edges], [np.zeros(len(start)), np.ones(len(start))]
    for axis in (0, 1):
        low = np.minimum(start[:, axis], end[:, axis])
        high = np.maximum(start[:, axis], end[:, axis])
        first = np.floor(low) + 1
        count = np.maximum(np.ceil(high) - first, 0).astype(np.int64)
        edge = np.repeat(all_edges, count)
        step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        line = first[edge] + step
        edges.append(edge)
        alongs.append((line - start[edge, axis]) / (end[edge, axis] - start[edge, axis]))
    return np.concatenate(edges), np.concatenate(alongs)
