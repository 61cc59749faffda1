import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from data.streets.network import is_walkable, join_ways, way_names

# A crossroads of 100 m, and a bridge over its eastern arm without a stair.
CROSS = [
    LineString([(0, 0), (50, 0), (100, 0)]),
    LineString([(50, -50), (50, 0), (50, 50)]),
    LineString([(75, -50), (75, 50)]),
]


def texts(*values):
    return np.array(values, dtype=object)


def ends(streets) -> set:
    """Stretches as pairs of places and whole metres."""
    places = [tuple(node) for node in streets.nodes.tolist()]
    return {
        (*sorted((places[a], places[b])), round(metres))
        for (a, b), metres in zip(streets.edges, streets.metres, strict=True)
    }


def test_ways_meet_where_they_share_a_point_and_not_at_a_bridge():
    streets = join_ways(np.array(CROSS), texts("Long Road", "Cross Street", "Bridge"))
    assert ends(streets) == {
        ((0, 0), (50, 0), 50),
        ((50, 0), (100, 0), 50),
        ((50, -50), (50, 0), 50),
        ((50, 0), (50, 50), 50),
        ((75, -50), (75, 50), 100),
    }
    assert sorted(streets.names) == ["Bridge", "Cross Street", "Cross Street", "Long Road", "Long Road"]
    assert len(np.unique(streets.part)) == 2


def test_a_way_given_in_both_directions_counts_once():
    both = [*CROSS, *(line.reverse() for line in CROSS)]
    assert ends(join_ways(np.array(both), texts(*"abcabc"))) == ends(
        join_ways(np.array(CROSS), texts(*"abc"))
    )
    assert len(join_ways(np.array(both), texts(*"abcabc")).edges) == 5


def test_two_ways_between_the_same_places_are_both_kept():
    bent = LineString([(0, 0), (50, 50), (100, 0)])
    assert sorted(join_ways(np.array([LineString([(0, 0), (100, 0)]), bent]), texts("", "")).metres) == [
        100,
        pytest.approx(141.4, abs=0.1),
    ]


def test_a_round_street_keeps_its_length_and_joins_the_road_at_its_end():
    circle = Point(0, 0).buffer(20).exterior
    start = circle.coords[0]
    streets = join_ways(
        np.array([LineString(circle), LineString([start, (100, 0)])]), texts("Circus", "Road")
    )
    assert streets.metres.sum() == pytest.approx(circle.length + 80, abs=0.5)
    assert len(np.unique(streets.part)) == 1


def test_a_line_of_one_point_is_left_out():
    streets = join_ways(np.array([LineString([(5, 5), (5, 5)]), CROSS[0]]), texts("Nowhere", "Road"))
    assert ends(streets) == {((0, 0), (100, 0), 100)}
    assert list(streets.names) == ["Road"]
    assert not len(join_ways(np.array([LineString([(5, 5), (5, 5)])]), texts("Nowhere")).edges)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=6),
        min_size=1,
        max_size=6,
    )
)
def test_every_stretch_lies_between_its_nodes_and_all_ground_is_covered(paths):
    lines = np.array([LineString([(10 * x, 10 * y) for x, y in path]) for path in paths])
    streets = join_ways(lines, texts(*map(str, range(len(lines)))))
    for (first, last), metres, line in zip(streets.edges, streets.metres, streets.geometry, strict=True):
        assert line.coords[0] == tuple(streets.nodes[first])
        assert line.coords[-1] == tuple(streets.nodes[last])
        assert metres == pytest.approx(line.length)
    assert all(metres > 0 for metres in streets.metres)
    moving = [line for line in lines if line.length]
    assert all(any(line.covers(part) for line in moving) for part in streets.geometry)
    # Repeated ground may be left out, ground walked once may not.
    assert streets.metres.sum() <= sum(line.length for line in moving) + 1e-6
    assert {tuple(point) for line in moving for point in line.coords} >= {
        tuple(node) for node in streets.nodes
    }


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "cycleway"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway_link"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "['trunk', 'motorway']"}, False),
        ({"highway": "['residential', 'unclassified']"}, True),
        ({"highway": "trunk", "motorroad": "yes"}, False),
        ({"highway": "trunk", "foot": "no"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "service": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "permissive"}, True),
        ({"highway": "pedestrian", "area": "yes"}, False),
        ({"highway": None, "name": "River"}, False),
    ],
)
def test_who_may_walk(tags, expected):
    assert is_walkable({tag: texts(value) for tag, value in tags.items()}).tolist() == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (None, ""),
        ("", ""),
        ("Rye Lane", "Rye Lane"),
        ("['Aldwych', 'Strand']", "Aldwych / Strand"),
        ("[\"St John's Wood Road\", 'Lisson Grove']", "St John's Wood Road / Lisson Grove"),
        ("[unfinished", "[unfinished"),
        ("[" * 5000, "[" * 80),
        ("Rye\x00 \n\tLane\u202e", "Rye Lane"),
        ("x" * 1000, "x" * 80),
    ],
)
def test_names_are_fit_to_print(name, expected):
    assert way_names(texts(name)).tolist() == [expected]
