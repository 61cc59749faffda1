import gzip
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from analysis.leafleting.order import order_by_matrix, straight_metres
from analysis.leafleting.streets import check_streets, covers, street_metres, street_names
from data.errors import InputError
from data.geography.projection import to_grid
from data.streets.files import read_streets
from data.streets.network import Streets, join_ways
from tests.conftest import SHARED_DATA

WESTMINSTER = SHARED_DATA / "london-osm" / "westminster_drive.graphml.gz"


def make_streets(*lines, names=None) -> Streets:
    shapes = np.array([LineString(line) for line in lines])
    return join_ways(shapes, np.array(names or [""] * len(lines), dtype=object))


def grid_with_a_river(bridge: int | None) -> Streets:
    """Streets every 100 m, 7 by 6; a river between the third and fourth row, and one bridge."""
    rows = [[(0, 100 * y), (600, 100 * y)] for y in range(6)]
    rows = [[(100 * x, row[0][1]) for x in range(7)] for row in rows]
    columns = [[(100 * x, y) for y in banks] for x in range(7) for banks in ((0, 100, 200), (300, 400, 500))]
    return make_streets(
        *rows, *columns, *([[(100 * bridge, 200), (100 * bridge, 300)]] if bridge is not None else [])
    )


@pytest.mark.parametrize(("bridge", "metres"), [(0, 100), (3, 700), (6, 1300)])
def test_a_way_across_the_river_goes_over_the_bridge(bridge, metres):
    facing = [(0, 200), (0, 300)]
    assert street_metres(grid_with_a_river(bridge), facing)[0, 1] == pytest.approx(metres)


def test_the_order_of_a_walk_crosses_the_bridge_once():
    # Straight across it is 100 m, over the bridge 1,300 m at one end and 100 m at the other.
    points = np.array([(100 * x, y) for x in range(7) for y in (200, 300)], float)
    way = order_by_matrix(street_metres(grid_with_a_river(6), points))
    assert (np.diff(points[way, 1]) != 0).sum() == 1
    assert street_metres(grid_with_a_river(6), points)[way[:-1], way[1:]].sum() == pytest.approx(1300)


def test_without_a_bridge_the_far_bank_is_taken_as_straight_and_a_third_more_and_said_so():
    streets, points = grid_with_a_river(None), np.array([(0, 200), (100, 200), (0, 300)], float)
    metres = street_metres(streets, points)
    assert metres[0] == pytest.approx([0, 100, 130])
    assert metres[1, 2] == pytest.approx(1.3 * np.sqrt(20_000))
    (note,) = check_streets(streets, points)
    assert note.startswith("1 of 3 stops")
    assert check_streets(grid_with_a_river(2), points) == []


def test_stops_are_taken_to_the_nearest_place_on_a_street():
    # 20 m north of one street and 15 m west of the next: 70 m along the one, 30 m along the other.
    streets = make_streets([(0, 0), (100, 0)], [(100, 0), (100, 100)])
    assert street_metres(streets, [(30, 20), (85, 30)])[0, 1] == pytest.approx(100)


def test_no_way_is_shorter_than_the_straight_line():
    # Two blocks on either side of one street, face to face.
    assert street_metres(make_streets([(0, 0), (100, 0)]), [(50, 30), (50, -40)])[0, 1] == pytest.approx(70)


def test_stops_on_one_round_street_go_the_shorter_way_round():
    circle = Point(0, 0).buffer(100, quad_segs=64).exterior.coords
    streets = make_streets(circle)
    metres = street_metres(streets, [(100, 0), (0, 100), (-100, 0), (0, -100)])
    quarter = np.pi * 50
    assert metres[0] == pytest.approx([0, quarter, 2 * quarter, quarter], rel=1e-3)


def test_of_two_streets_between_the_same_corners_the_shorter_is_walked():
    streets = make_streets(
        [(0, 0), (50, 80), (100, 0)], [(0, 0), (100, 0)], [(-50, 0), (0, 0)], [(100, 0), (150, 0)]
    )
    assert street_metres(streets, [(-50, 0), (150, 0)])[0, 1] == pytest.approx(200)


def test_a_long_way_round_is_found_beyond_the_streets_nearby():
    # Two cul-de-sacs back to back, joined only 3 km away.
    streets = make_streets(
        [(0, 0), (0, -3000), (50, -3000), (50, 0)], [(0, -3000), (0, -3100)], [(50, -3000), (90, -3000)]
    )
    assert street_metres(streets, [(0, 0), (50, 0)])[0, 1] == pytest.approx(6050)


def test_a_stop_without_a_street_near_is_reached_straight():
    streets = make_streets([(0, 0), (1000, 0)])
    points = np.array([(0, 0), (500, 0), (500, 400)], float)
    assert street_metres(streets, points)[2] == pytest.approx(1.3 * straight_metres(points)[2])
    assert covers(streets, points) == pytest.approx(2 / 3)
    assert check_streets(streets, points)[0].startswith("1 of 3 stops")


def test_a_street_file_of_another_city_is_refused():
    streets = make_streets([(400_000, 800_000), (400_100, 800_000)], [(400_000, 800_000), (400_000, 800_100)])
    points = [(534_300, 176_700), (534_400, 176_700)]
    assert covers(streets, points) == 0
    with pytest.raises(InputError, match=r"^The street file covers none of this area\."):
        check_streets(streets, points)
    assert street_metres(streets, points)[0, 1] == pytest.approx(130)


def test_a_stop_takes_the_name_of_the_nearest_named_street_within_sixty_metres():
    streets = make_streets(
        [(0, 0), (100, 0)], [(0, 20), (100, 20)], [(0, 200), (100, 200)], names=["Rye Lane", "", "Elm Grove"]
    )
    points = [(50, 21), (50, 59), (50, 61), (50, 150), (50, 1000)]
    assert street_names(streets, points) == ["Rye Lane", "Rye Lane", "", "Elm Grove", ""]
    assert street_names(make_streets([(0, 0), (100, 0)]), points) == [""] * 5


def networkx_metres(streets: Streets, points: np.ndarray) -> np.ndarray:
    """The same from networkx: each stretch is cut where stops lie on it."""
    graph, spots = nx.Graph(), {}
    for stop, point in enumerate(map(Point, points)):
        edge = int(np.argmin([line.distance(point) for line in streets.geometry]))
        spots.setdefault(edge, []).append((streets.geometry[edge].project(point), f"stop {stop}"))
    for edge, (first, last) in enumerate(streets.edges.tolist()):
        chain = [(0.0, first), *sorted(spots.get(edge, [])), (streets.metres[edge], last)]
        for (a, here), (b, there) in pairwise(chain):
            if not graph.has_edge(here, there) or graph[here][there]["weight"] > b - a:
                graph.add_edge(here, there, weight=b - a)
    ways = dict(nx.all_pairs_dijkstra_path_length(graph))
    names = [f"stop {stop}" for stop in range(len(points))]
    along = np.array([[ways[a].get(b, np.inf) for b in names] for a in names])
    straight = straight_metres(points)
    return np.where(np.isfinite(along), np.maximum(along, straight), 1.3 * straight)


place = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(
    st.lists(st.tuples(place, place), min_size=1, max_size=12),
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=1, max_size=6),
)
def test_ways_are_those_networkx_finds(stretches, spots):
    lines = [
        LineString([(50 * x, 50 * y) for x, y in stretch])
        for stretch in stretches
        if stretch[0] != stretch[1]
    ]
    streets = make_streets(*(line.coords for line in lines or [LineString([(0, 0), (50, 0)])]))
    points = np.array(spots)
    # A stop as near to two streets may be taken to either.
    near = np.sort(shapely.distance(shapely.points(points)[:, None], streets.geometry), axis=1)
    near = np.column_stack([near, np.full(len(near), np.inf)])
    points = points[(near[:, 0] < 149) & (near[:, 1] - near[:, 0] > 0.01)]
    metres = street_metres(streets, points)
    assert metres == pytest.approx(networkx_metres(streets, points), abs=0.01)
    assert (metres == metres.T).all()
    assert (np.diag(metres) == 0).all()


def test_ways_through_westminster_are_as_long_as_openstreetmaps_lengths_say():
    if not WESTMINSTER.exists():
        pytest.skip("needs ../shared/data, the street graph of Westminster")
    with gzip.open(WESTMINSTER) as file:
        graph = nx.Graph(nx.read_graphml(file))
    for *_, own in graph.edges(data=True):
        own["length"] = float(own["length"])
    streets = read_streets(WESTMINSTER)
    names = sorted(graph.nodes)[::160]
    places = [(float(graph.nodes[name]["x"]), float(graph.nodes[name]["y"])) for name in names]
    points = np.column_stack(to_grid(*np.array(places).T))
    expected = [nx.single_source_dijkstra_path_length(graph, name, weight="length") for name in names]
    expected = np.array([[ways[other] for other in names] for ways in expected])
    assert street_metres(streets, points) == pytest.approx(expected, rel=3e-3, abs=1)
    assert covers(streets, points) == 1
    assert check_streets(streets, points) == []
