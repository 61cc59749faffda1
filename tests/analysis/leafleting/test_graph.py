import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from analysis.leafleting.graph import adjacency_lists, neighbours, parts

LATTICE = np.array([(30.0 * column, 30.0 * row) for column in range(12) for row in range(12)])
POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=40)


def edges(graph):
    return {tuple(pair) for pair in np.column_stack(graph.nonzero()).tolist() if pair[0] < pair[1]}


def test_a_lattice_has_its_sides_and_no_diagonals():
    assert neighbours(LATTICE).nnz == 2 * 2 * 12 * 11


def test_a_triangle_and_a_point_beyond_by_hand():
    points = np.array([(0, 0), (100, 0), (50, 80), (50, 120)])
    assert edges(neighbours(points)) == {(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)}


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_points_on_one_line_make_a_chain(count):
    points = np.column_stack([np.arange(count) * 10.0, np.arange(count) * 10.0])
    assert edges(neighbours(points)) == {(number, number + 1) for number in range(count - 1)}


def test_long_edges_go_unless_nothing_else_joins_the_sides():
    two_islands = np.concatenate([LATTICE[:4], LATTICE[:4] + np.array([1000, 0])])
    graph = neighbours(two_islands)
    assert parts(graph).max() == 0
    assert len([pair for pair in edges(graph) if pair[0] < 4 <= pair[1]]) == 1


def test_rows_at_one_point_are_joined_to_the_first_of_them():
    assert edges(neighbours(np.array([(0, 0), (50, 0), (0, 0), (0, 0)]))) == {(0, 1), (0, 2), (0, 3)}


def test_a_barrier_across_leaves_two_parts():
    barrier = shapely.LineString([(165, -50), (165, 1000)])
    assert np.array_equal(parts(neighbours(LATTICE, [barrier])), np.repeat([0, 1], 72))


def test_a_barrier_that_ends_is_walked_round():
    barrier = shapely.LineString([(165, -50), (165, 285)])
    graph = neighbours(LATTICE, [barrier])
    assert parts(graph).max() == 0
    crossed = [pair for pair in edges(graph) if shapely.LineString(LATTICE[list(pair)]).crosses(barrier)]
    assert crossed == []


def test_points_whose_edges_all_crossed_a_barrier_are_joined_on_their_own_side():
    # A street south of a canal whose triangles all lean on the points north of it.
    south = np.array([(0, 0), (200, 0)])
    north = np.array([(100, 10), (100, 200)])
    graph = neighbours(np.concatenate([south, north]), [shapely.LineString([(-500, 5), (500, 5)])])
    assert edges(graph) == {(0, 1), (2, 3)}


@settings(deadline=None)
@given(POINTS)
def test_the_graph_is_in_one_piece_and_holds_the_shortest_tree(places):
    points = np.array(places, float) * 20
    graph = neighbours(points)
    assert parts(graph).max() == 0
    # Kruskal by hand over all pairs: the shortest tree's length is that of the graph's own.
    lengths = squareform(pdist(points))
    assert _tree_length(lengths, edges(graph)) == pytest.approx(
        _tree_length(lengths, {(i, j) for i in range(len(points)) for j in range(i + 1, len(points))})
    )


def _tree_length(lengths, pairs):
    root = list(range(len(lengths)))

    def find(point):
        while root[point] != point:
            point = root[point]
        return point

    total = 0.0
    for one, other in sorted(pairs, key=lambda pair: lengths[pair]):
        if find(one) != find(other):
            root[find(one)] = find(other)
            total += lengths[one, other]
    return total


@settings(deadline=None)
@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(places, random):
    places = sorted(set(places))
    points = np.array(places, float) * 20
    shuffled = list(range(len(places)))
    random.shuffle(shuffled)
    found = adjacency_lists(neighbours(points[shuffled]))
    renamed = {(shuffled[one], shuffled[other]) for one, beside in enumerate(found) for other in beside}
    assert {pair for pair in renamed if pair[0] < pair[1]} == edges(neighbours(points))
