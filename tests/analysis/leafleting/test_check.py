import numpy as np
import pytest

from analysis.leafleting.check import check
from tests.analysis.leafleting.toys import graph_of, lattice, toy_stops

STOPS = toy_stops(lattice(4, 4), 10)
QUARTERS = np.repeat([0, 0, 1, 1], 4) * 2 + np.tile([0, 0, 1, 1], 4)


def test_four_equal_quarters_are_connected_and_even():
    report = check(STOPS, QUARTERS, graph_of(STOPS))
    assert report.is_connected
    assert report.walks["doors"].tolist() == [40, 40, 40, 40]
    assert (report.within_10_pct, report.worst) == (1.0, 0.0)


def test_a_square_walk_is_as_compact_as_a_square():
    # Cells are cut 60 m from their stop: with the outer ring of walks around it, the inner one is a plain square.
    stops = toy_stops(lattice(6, 6))
    column, row = np.divmod(np.arange(36), 6)
    walk = (column // 2) * 3 + row // 2
    assert check(stops, walk, graph_of(stops)).walks["compactness"][4] == pytest.approx(np.pi / 4)


def test_a_walk_in_two_pieces_is_told():
    walk = QUARTERS.copy()
    walk[0] = 3
    report = check(STOPS, walk, graph_of(STOPS))
    assert report.walks["is_connected"].tolist() == [True, True, True, False]
    assert not report.is_connected


def test_the_worst_walk_keeps_its_sign_and_block_jobs_stand_apart():
    report = check(STOPS, QUARTERS, graph_of(STOPS), [40, 50, 40, 10], [False, False, False, True])
    assert report.worst == pytest.approx(-0.2)
    assert report.within_10_pct == pytest.approx(2 / 3)


def test_one_stop_is_a_circle():
    stops = toy_stops([(0, 0)])
    assert check(stops, np.array([0]), graph_of(stops)).median_compactness == pytest.approx(1, abs=0.02)
