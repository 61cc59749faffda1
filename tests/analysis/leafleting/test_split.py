import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.leafleting.check import check
from analysis.leafleting.split import split
from data.errors import InputError
from tests.analysis.leafleting.toys import graph_of, lattice, real_stops, toy_stops
from tests.conftest import examples

ROOT = Path(__file__).resolve().parents[3]


def checked(stops, cut, barriers=()):
    """The report on a split, after what must hold of each."""
    assert len(cut.walk) == len(stops)
    assert sorted(set(cut.walk.tolist())) == list(range(len(cut.targets)))
    report = check(stops, cut.walk, graph_of(stops, barriers), cut.targets, cut.is_block)
    assert report.is_connected
    return report


def test_a_lattice_falls_into_nine_even_walks():
    # 144 doors into 9: 16 each, within a tenth 15 to 17.
    stops = toy_stops(lattice(12, 12))
    report = checked(stops, split(stops, 16, moves=20_000))
    assert len(report.walks) == 9
    assert report.walks["doors"].between(15, 17).all()
    assert report.median_compactness > 0.6


def test_two_islands_joined_by_a_bridge_are_a_walk_each():
    islands = np.concatenate([lattice(5, 5), lattice(5, 5) + np.array([400, 0]), [(200, 60), (300, 60)]])
    stops = toy_stops(islands)
    report = checked(stops, split(stops, 26, moves=5_000))
    assert report.walks["doors"].tolist() == [26, 26]


def test_a_comb_is_cut_though_every_tooth_hangs_on_its_back():
    teeth = [(400.0 * tooth, 30.0 * row) for tooth in range(6) for row in range(1, 11)]
    back = [(40.0 * place, 0.0) for place in range(51)]
    stops = toy_stops(teeth + back)
    report = checked(stops, split(stops, 18.5, moves=20_000))
    assert len(report.walks) == 6
    assert abs(report.worst) <= 0.25


def test_a_ring_is_cut_into_arcs():
    angle = np.arange(60) * 2 * np.pi / 60
    stops = toy_stops(np.round(np.column_stack([np.cos(angle), np.sin(angle)]) * 500))
    report = checked(stops, split(stops, 12, moves=20_000))
    assert report.walks["doors"].between(11, 13).all()


def test_a_lonely_group_is_not_a_walk_of_its_own():
    # Two houses 2 km off the others: someone has to go there, and has the doors of a walk.
    far = [(2_000.0, 0.0), (2_030.0, 0.0)]
    stops = toy_stops(np.concatenate([lattice(6, 8), far]))
    report = checked(stops, split(stops, 10, moves=20_000))
    assert report.within_10_pct == 1.0


def test_a_barrier_is_not_crossed():
    stops = toy_stops(lattice(12, 12))
    barrier = shapely.LineString([(165, -100), (165, 1000)])
    cut = split(stops, 18, barriers=[barrier], moves=20_000)
    report = checked(stops, cut, [barrier])
    east = stops["easting"] > 165
    assert not set(cut.walk[east]) & set(cut.walk[~east])
    assert report.within_10_pct == 1.0
    assert cut.notes == ()


def test_what_a_barrier_cuts_off_is_told_and_a_walk_of_its_own():
    stops = toy_stops(lattice(10, 4), 10)
    barrier = shapely.LineString([(255, -100), (255, 1000)])
    cut = split(stops, 160, barriers=[barrier], moves=5_000)
    assert cut.notes == (
        "A barrier cuts off 4 postcodes with about 40 doors, fewer than a walk should have; they are a walk of their own.",
    )
    assert cut.targets.tolist() == [180, 180, 40]
    assert checked(stops, cut, [barrier]).within_10_pct == 1.0


def test_different_people_have_walks_of_different_sizes():
    stops = toy_stops(lattice(20, 10))
    cut = split(stops, [20, 40, 60, 80], moves=20_000)
    report = checked(stops, cut)
    assert sorted(cut.targets.tolist()) == [20, 40, 60, 80]
    assert report.within_10_pct == 1.0


def test_sizes_asked_for_are_scaled_to_all_doors():
    cut = split(toy_stops(lattice(10, 10)), [30, 10, 10], moves=1_000)
    assert sorted(cut.targets.tolist()) == pytest.approx([20, 20, 60])


def test_sizes_go_to_the_parts_that_barriers_leave():
    stops = toy_stops(lattice(12, 10))
    barrier = shapely.LineString([(225, -100), (225, 1000)])  # 80 doors west, 40 east
    report = checked(stops, split(stops, [40, 40, 40], barriers=[barrier], moves=5_000), [barrier])
    assert report.walks["doors"].between(36, 44).all()


def test_a_tower_is_a_block_job_on_top_of_the_walks():
    doors = np.ones(49, int)
    doors[24] = 90
    stops = toy_stops(lattice(7, 7), doors)
    cut = split(stops, 12, moves=5_000)
    report = checked(stops, cut)
    assert cut.is_block.tolist() == [False, False, False, False, True]
    assert report.walks["doors"].tolist()[-1] == 90
    assert report.within_10_pct == 1.0


def test_a_few_stops_behind_a_tower_go_with_it():
    street = [(50.0 * place, 0.0) for place in range(10)]
    stops = toy_stops(street, [10] * 7 + [300, 10, 10])
    cut = split(stops, 70, moves=500)
    assert cut.walk.tolist() == [0] * 7 + [1] * 3
    assert cut.is_block.tolist() == [False, True]
    checked(stops, cut)


def test_postcodes_at_one_point_stay_together():
    stops = toy_stops(np.repeat(lattice(6, 6), 2, axis=0))
    walk = split(stops, 8, moves=5_000).walk
    assert np.array_equal(walk[::2], walk[1::2])


def test_one_stop_is_one_walk():
    cut = split(toy_stops([(0, 0)], 20))
    assert (cut.walk.tolist(), cut.targets.tolist()) == ([0], [20])


def test_as_many_walks_as_let_whole_postcodes_fit():
    # 24 doors to a postcode: at 150 doors on the mean every fourth walk would have 168, so all have 144.
    stops = toy_stops(lattice(12, 12), 24)
    report = checked(stops, split(stops, 150, moves=20_000))
    assert report.walks["doors"].tolist() == [144] * 24


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [
        (0, "at least one door"),
        ([150, -1], "at least one door"),
        ([], "at least one door"),
        (250, "at most 220 doors"),
        ([100], "too many for 1 walks"),
        ([100] * 101, "only 100 places"),
    ],
)
def test_what_cannot_be_cut_is_said_in_one_sentence(targets, sentence):
    with pytest.raises(InputError, match=sentence):
        split(toy_stops(lattice(10, 10), 10), targets, moves=100)


def test_an_area_without_postcodes_is_said():
    with pytest.raises(InputError, match="no postcode in use"):
        split(toy_stops(lattice(2, 2)).head(0))


def test_more_parts_than_walks_is_said():
    barriers = [shapely.LineString([(x, -100), (x, 1000)]) for x in (45, 135)]
    with pytest.raises(InputError, match="leave 3 parts, more than the 2 walks"):
        split(toy_stops(lattice(8, 8)), [30, 34], barriers=barriers)


@settings(deadline=None, max_examples=examples(40))
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 60)), min_size=1, max_size=60),
    st.integers(20, 150),
    st.integers(0, 3),
)
def test_any_stops_come_into_exactly_one_connected_walk_the_same_twice(places, target, seed):
    stops = toy_stops([place[:2] for place in places], [place[2] for place in places])
    stops[["easting", "northing"]] *= 40
    cut = split(stops, target, seed=seed, moves=500)
    report = checked(stops, cut)
    assert (report.walks["doors"][~cut.is_block] <= 220).all()
    assert np.array_equal(cut.walk, split(stops, target, seed=seed, moves=500).walk)


# The first three districts are those the figures in METHODS come from; the others lie all over London.
@pytest.mark.parametrize(
    "district",
    [
        *("SE15", "N17", "E15"),
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("E17", "W12", "CR0", "HA0", "SW9", "DA16")),
    ],
)
def test_real_districts_are_cut_evenly(district):
    stops = real_stops("district", district)
    report = checked(stops, split(stops))
    assert report.within_10_pct >= 0.98
    assert abs(report.worst) <= 0.25


@pytest.mark.parametrize("borough", ["E09000028", "E09000033"])
def test_a_whole_borough_is_cut_evenly(borough):
    stops = real_stops("authority_code", borough)
    report = checked(stops, split(stops))
    assert report.within_10_pct >= 0.98
    assert abs(report.worst) <= 0.25


def test_two_processes_come_to_the_same_walks():
    # Another seed for the order of sets and dicts.
    code = (
        "import hashlib; from tests.analysis.leafleting.toys import lattice, toy_stops;"
        "from analysis.leafleting.split import split; stops = toy_stops(lattice(20, 20), 7);"
        "print(hashlib.sha256(split(stops, 60, moves=30_000).walk.tobytes()).hexdigest())"
    )
    here = split(toy_stops(lattice(20, 20), 7), 60, moves=30_000).walk
    for hash_seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == hashlib.sha256(here.tobytes()).hexdigest()
