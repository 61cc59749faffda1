"""Orders against all permutations, published optima, and shapes whose shortest tour is known."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.leafleting.order import (
    minutes,
    order,
    order_by_matrix,
    straight_metres,
    walking_metres,
    way_metres,
)
from data.errors import InputError

places = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=7)
# TSPLIB (Reinelt, 1991), berlin52; its shortest round tour has length 7,542 with legs rounded to whole numbers.
BERLIN52 = """
565 575 25 185 345 750 945 685 845 655 880 660 25 230 525 1000 580 1175 650 1130 1605 620 1220 580 1465 200 1530 5
845 680 725 370 145 665 415 635 510 875 560 365 300 465 520 585 480 415 835 625 975 580 1215 245 1320 315 1250 400
660 180 410 250 420 555 575 665 1150 1160 700 580 685 595 685 610 770 610 795 645 720 635 760 650 475 960 95 260
875 920 700 500 555 815 830 485 1170 65 830 610 605 625 595 360 1340 725 1740 245
"""


def random_points(count, seed=0):
    return np.random.default_rng(seed).integers(0, 600, (count, 2)).astype(float)


def lattice(columns, rows):
    east, north = np.meshgrid(np.arange(columns), np.arange(rows))
    return np.column_stack([east.ravel(), north.ravel()]) * 50.0


@given(places, st.booleans())
def test_no_order_of_few_stops_is_shorter(stops, is_loop):
    points = np.array(stops, dtype=float)
    shortest = min(way_metres(points, list(way), is_loop) for way in permutations(range(len(points))))
    # Lengths are compared in whole millimetres.
    assert way_metres(points, order(points, is_loop=is_loop), is_loop) == pytest.approx(shortest, abs=0.02)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=40), st.booleans())
def test_every_stop_comes_once_and_those_at_one_point_together(stops, is_loop):
    way = order(np.array(stops, dtype=float), (0, 0), is_loop)
    assert sorted(way) == list(range(len(stops)))
    walked = [stops[stop] for stop in way]
    changes = 1 + sum(one != other for one, other in pairwise(walked))
    assert not stops or changes == len(set(stops))


@pytest.mark.parametrize("is_loop", [True, False])
@pytest.mark.parametrize(("columns", "rows"), [(4, 3), (6, 5), (10, 7), (12, 12)])
def test_a_lattice_is_walked_leg_by_leg(columns, rows, is_loop):
    points = lattice(columns, rows)
    legs = len(points) - (not is_loop)
    assert way_metres(points, order(points, is_loop=is_loop), is_loop) <= legs * 50 * 1.01


@pytest.mark.parametrize("count", [13, 14, 30, 90])
def test_points_on_a_circle_are_walked_round_it(count):
    angles = np.random.default_rng(count).permutation(count) * 2 * np.pi / count
    way = order(np.column_stack([np.cos(angles), np.sin(angles)]) * 400, is_loop=True)
    turns = np.rint(np.diff(angles[np.append(way, way[0])]) / (2 * np.pi / count)).astype(int) % count
    assert set(turns) in ({1}, {count - 1})


@pytest.mark.parametrize("seed", range(3))
def test_berlin52_comes_within_a_thousandth_of_its_proven_optimum(seed):
    points = np.array(BERLIN52.split(), dtype=float).reshape(-1, 2)
    lengths = np.rint(straight_metres(points))
    way = order_by_matrix(lengths, is_loop=True, seed=seed)
    assert 7542 <= lengths[way, np.roll(way, -1)].sum() <= 7542 * 1.001


@pytest.mark.parametrize("is_loop", [True, False])
def test_the_search_finds_what_weighing_all_orders_finds(monkeypatch, is_loop):
    walks = [random_points(12, seed) for seed in range(10)]
    shortest = [way_metres(points, order(points, is_loop=is_loop), is_loop) for points in walks]
    monkeypatch.setattr("analysis.leafleting.order.EXACT_STOPS", 2)
    found = [way_metres(points, order(points, is_loop=is_loop), is_loop) for points in walks]
    assert found == pytest.approx(shortest, rel=0.001)


@pytest.mark.parametrize("count", [5, 40])
def test_a_way_begins_at_its_end_nearest_the_meeting_point(count):
    points = random_points(count)
    for start in ((0, 0), (600, 600)):
        way = order(points, start)
        to_start = np.hypot(*(points - start).T)
        assert to_start[way[0]] <= to_start[way[-1]]
    assert way_metres(points, order(points, (0, 0))) == pytest.approx(
        way_metres(points, order(points, (600, 600)))
    )


@pytest.mark.parametrize("count", [2, 9, 40])
def test_a_loop_begins_at_the_stop_nearest_the_meeting_point(count):
    points = random_points(count)
    way = order(points, (250, 310), is_loop=True)
    assert way[0] == np.argmin(np.hypot(*(points - (250, 310)).T))


def test_the_order_of_the_rows_does_not_change_the_way():
    points = random_points(30)
    shuffled = np.random.default_rng(1).permutation(30)
    assert (points[order(points)] == points[shuffled][order(points[shuffled])]).all()


def test_the_same_seed_gives_the_same_way():
    points = random_points(45)
    assert (order(points, seed=7) == order(points, seed=7)).all()


@pytest.mark.parametrize("is_loop", [True, False])
def test_lengths_between_stops_give_the_way_that_points_give(is_loop):
    points = random_points(12)
    way = order_by_matrix(straight_metres(points), np.hypot(*points.T), is_loop)
    length = way_metres(points, order(points, (0, 0), is_loop), is_loop)
    assert way_metres(points, way, is_loop) == pytest.approx(length, abs=0.02)
    assert way[0] == order(points, (0, 0), is_loop)[0]


def test_a_wall_between_stops_is_walked_round_when_lengths_say_so():
    # Two rows of houses, back to back: 10 m as the crow flies, but only their left ends are joined.
    east = np.tile(np.arange(5) * 20.0, 2)
    side = np.repeat([0, 1], 5)
    straight = np.abs(east[:, None] - east)
    metres = np.where(side[:, None] == side, straight, east[:, None] + east + 10)
    way = order_by_matrix(metres)
    assert list(east[way]) == [80, 60, 40, 20, 0, 0, 20, 40, 60, 80]


def test_a_stop_without_a_place_or_without_a_way_is_told():
    with pytest.raises(InputError, match="no grid reference"):
        order(np.array([[1.0, 2.0], [np.nan, 2.0]]))
    with pytest.raises(InputError, match="No way leads"):
        order_by_matrix(np.array([[0.0, np.inf], [np.inf, 0.0]]))


def test_one_stop_and_none():
    assert list(order(np.array([[3.0, 4.0]]), (0, 0), is_loop=True)) == [0]
    assert list(order(np.empty((0, 2)))) == []


def test_a_walk_of_150_doors_takes_about_an_hour_and_a_quarter():
    # 150 × 25 s = 3,750 s; 720 m in a straight line are 936 m on foot, 780 s: together 75.5 minutes.
    assert minutes(150, walking_metres(720)) == pytest.approx(75.5)
    assert minutes(150, walking_metres(720), entrances=3) == pytest.approx(78.5)
    assert minutes(60, 0, seconds_per_door=30) == 30
