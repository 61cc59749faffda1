"""
Which stops lie side by side, without crossing a barrier.

Everything is worked out in whole decimetres, so that every machine finds the same edges.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay, QhullError, cKDTree
from shapely.geometry.base import BaseGeometry

LONGEST_METRES = 250
# How many of its nearest points a point may be joined to, where a barrier took the edges it had.
_NEAREST = 12


def neighbours(
    points: np.ndarray, barriers: Sequence[BaseGeometry] = (), longest_metres: float = LONGEST_METRES
) -> csr_array:
    """
    The graph in which a walk has to be connected.

    Parameters
    ----------
    points
        (n, 2), easting and northing in EPSG:27700 (metres). Rows may share a point.
    barriers
        Lines that nobody crosses on foot (river, railway, dual carriageway), EPSG:27700.
    longest_metres
        A longer edge is kept only if nothing else joins its two sides.

    Returns
    -------
    graph
        (n, n), symmetric, 1 where two rows are neighbours. Rows that share a point are joined to the first of them. In one
        piece without barriers; with barriers it may fall into parts.

    Notes
    -----
    The edges are those that every Delaunay triangulation has. Of a square both diagonals are left out: which of them a
    program takes is chance.
    """
    grid, first, point_of_row = np.unique(
        np.rint(np.asarray(points, float) * 10).astype(np.int64),
        axis=0,
        return_index=True,
        return_inverse=True,
    )
    edges = first[_point_edges(grid, list(barriers), longest_metres * 10)]
    rows = np.arange(len(points))
    at_first = first[point_of_row.ravel()]
    shared = np.column_stack([at_first, rows])[at_first != rows]
    return as_graph(np.concatenate([edges, shared]), len(points))


def parts(graph: csr_array, members: np.ndarray | None = None) -> np.ndarray:
    """Number of the connected part of each row, or of each of the rows `members` among themselves."""
    if members is not None:
        graph = graph[members][:, members]
    return connected_components(graph, directed=False)[1]


def adjacency_lists(graph: csr_array) -> list[list[int]]:
    """Neighbours of each row, in their order."""
    return [row.tolist() for row in np.split(graph.indices, graph.indptr[1:-1])]


def as_graph(edges: np.ndarray, size: int) -> csr_array:
    """The symmetric graph of edges given once each."""
    both = np.concatenate([edges, edges[:, ::-1]])
    graph = coo_array((np.ones(len(both), np.int8), (both[:, 0], both[:, 1])), shape=(size, size)).tocsr()
    graph.sort_indices()
    return graph


def _point_edges(grid: np.ndarray, barriers: list[BaseGeometry], longest: float) -> np.ndarray:
    """Edges between distinct points in decimetres, as pairs of their numbers."""
    edges = _delaunay_edges(grid)
    if barriers:
        # Barriers come in metres.
        lines = shapely.transform(np.array(barriers, dtype=object), lambda metres: metres * 10)
        edges = _uncrossed(grid, edges, lines)
        edges = np.concatenate([edges, _links_around(grid, edges, lines, longest)])
    length2 = ((grid[edges[:, 0]] - grid[edges[:, 1]]) ** 2).sum(axis=1)
    return edges[(length2 <= longest**2) | _is_spanning(edges, length2, len(grid))]


def _delaunay_edges(grid: np.ndarray) -> np.ndarray:
    """Edges that every Delaunay triangulation has, each once."""
    local = grid - grid.min(axis=0, initial=np.iinfo(np.int64).max) if len(grid) else grid
    try:
        # Qhull wants four points in general position; fewer, or all on a line, make a chain.
        triangles = Delaunay(local) if len(grid) > 2 else None
    except QhullError:
        triangles = None
    if triangles is None:
        along = np.argsort(local[:, np.ptp(local, axis=0).argmax()] if len(local) else [], kind="stable")
        return np.column_stack([along[:-1], along[1:]]).astype(np.int64)
    # Points too close to others for the triangulation: joined to the nearest.
    left_out = triangles.coplanar[:, [0, 2]]
    edges = np.concatenate([_unambiguous(local, triangles), left_out]).astype(np.int64)
    return np.unique(np.sort(edges, axis=1), axis=0)


def _unambiguous(grid: np.ndarray, triangles: Delaunay) -> np.ndarray:
    corners, beyond = triangles.simplices.astype(np.int64), triangles.neighbors
    edges = []
    for corner in range(3):
        pair = np.delete(corners, corner, axis=1)
        other = beyond[:, corner]
        is_inner = other >= 0
        # The corner of the triangle beyond that is not on the edge.
        facing = corners[other].sum(axis=1) - pair.sum(axis=1)
        is_kept = ~is_inner
        is_kept[is_inner] = ~_on_one_circle(
            grid[pair[is_inner, 0]],
            grid[pair[is_inner, 1]],
            grid[corners[is_inner, corner]],
            grid[facing[is_inner]],
        )
        edges.append(pair[is_kept])
    return np.concatenate(edges)


def _on_one_circle(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Whether four points lie on one circle, exactly: in Python's integers, which never overflow."""
    (ax, ay), (bx, by), (cx, cy) = ((point - d).astype(object).T for point in (a, b, c))
    a2, b2, c2 = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    determinant = a2 * (bx * cy - by * cx) - b2 * (ax * cy - ay * cx) + c2 * (ax * by - ay * bx)
    return (determinant == 0).astype(bool)


def _uncrossed(grid: np.ndarray, edges: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """The edges that no line crosses; one that only ends on a line is kept."""
    tree = shapely.STRtree(lines)
    crossing, _ = tree.query(shapely.linestrings(grid[edges].astype(float)), predicate="crosses")
    return np.delete(edges, np.unique(crossing), axis=0)


def _links_around(grid: np.ndarray, edges: np.ndarray, lines: np.ndarray, longest: float) -> np.ndarray:
    """Edges between parts that a barrier left apart though points on the same side of it are near."""
    part = parts(as_graph(edges, len(grid)))
    count = min(_NEAREST, len(grid))
    distance, nearest = cKDTree(grid).query(grid, k=range(1, count + 1))
    here = np.repeat(np.arange(len(grid)), count)
    pairs = np.column_stack([here, nearest.ravel()])
    is_apart = (part[pairs[:, 0]] != part[pairs[:, 1]]) & (distance.ravel() <= longest)
    pairs = np.unique(np.sort(pairs[is_apart], axis=1), axis=0)
    return _uncrossed(grid, pairs, lines)


def _is_spanning(edges: np.ndarray, length2: np.ndarray, size: int) -> np.ndarray:
    """Which edges are in the shortest tree that joins all; equal lengths by the points' order."""
    order = np.lexsort([edges[:, 1], edges[:, 0], length2])
    rank = np.empty(len(edges), np.int64)
    rank[order] = np.arange(1, len(edges) + 1)
    weighted = coo_array((rank, (edges[:, 0], edges[:, 1])), shape=(size, size)).tocsr()
    is_spanning = np.zeros(len(edges), bool)
    is_spanning[order[minimum_spanning_tree(weighted).data.astype(np.int64) - 1]] = True
    return is_spanning
