import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.leafleting.check import check
from analysis.leafleting.edit import merge_walks, move_stop, repair, split_walk
from analysis.leafleting.split import split
from data.errors import InputError
from tests.analysis.leafleting.toys import graph_of, lattice, real_stops, toy_stops

# Rows of stops from west to east, four to a column; a walk is two columns.
STOPS = toy_stops(lattice(6, 4), 10)
WALK = np.repeat([0, 1, 2], 8)
GRAPH = graph_of(STOPS)


def postcode(number):
    return STOPS["postcode"][number]


def without(stops, walk, rows):
    return stops.drop(index=rows).reset_index(drop=True), np.delete(walk, rows)


def changed_walks(stops_before, before, stops_after, after):
    """Numbers of the walks that have other stops than before."""

    def walks(stops, walk):
        return stops["postcode"].groupby(walk).agg(frozenset).to_dict()

    old, new = walks(stops_before, before), walks(stops_after, after)
    return {number for number in old.keys() | new.keys() if old.get(number) != new.get(number)}


def test_a_stop_moves_to_the_walk_beside_it():
    walk = move_stop(STOPS, WALK, GRAPH, postcode(7), 1)
    assert np.flatnonzero(walk != WALK).tolist() == [7]
    assert walk[7] == 1


def test_all_postcodes_of_a_point_move_together():
    stops = pd.concat([STOPS, STOPS.iloc[[7]].assign(postcode="E1 999")], ignore_index=True)
    walk = move_stop(stops, np.append(WALK, 0), graph_of(stops), "E1 999", 1)
    assert np.flatnonzero(walk == 1).tolist() == [7, *range(8, 16), 24]


def test_the_last_stop_of_a_walk_can_be_moved():
    walk = move_stop(STOPS.head(3), np.array([0, 0, 1]), graph_of(STOPS.head(3)), postcode(2), 0)
    assert walk.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("number", "to", "sentence"),
    [
        (0, 1, "not beside the walk"),
        (7, 9, "no such walk"),
        (7, 1, "would have 90 doors, more than the most of 85"),
    ],
)
def test_a_move_that_breaks_a_promise_is_refused(number, to, sentence):
    with pytest.raises(InputError, match=sentence):
        move_stop(STOPS, WALK, GRAPH, postcode(number), to, hard_max=85)


def test_a_postcode_of_another_plan_is_refused():
    with pytest.raises(InputError, match="not in this plan"):
        move_stop(STOPS, WALK, GRAPH, "N1 1AA", 1)


def test_a_stop_that_holds_its_walk_together_is_not_moved():
    street = toy_stops(np.concatenate([lattice(5, 1), [(60.0, 30.0)]]))
    with pytest.raises(InputError, match="falls into parts"):
        move_stop(street, np.array([0, 0, 0, 0, 0, 1]), graph_of(street), street["postcode"][2], 1)


def test_two_walks_are_merged_under_the_number_of_the_first():
    assert merge_walks(STOPS, WALK, GRAPH, 2, 1).tolist() == [0] * 8 + [2] * 16


@pytest.mark.parametrize(
    ("one", "other", "hard_max", "sentence"),
    [
        (0, 2, 220, "do not touch"),
        (0, 1, 159, "would have 160 doors"),
        (0, 0, 220, "two walks"),
        (0, 7, 220, "two walks"),
    ],
)
def test_a_merger_that_breaks_a_promise_is_refused(one, other, hard_max, sentence):
    with pytest.raises(InputError, match=sentence):
        merge_walks(STOPS, WALK, GRAPH, one, other, hard_max)


def test_a_walk_is_split_in_two_connected_halves():
    walk = split_walk(STOPS, WALK, GRAPH, 1)
    assert sorted(set(walk.tolist())) == [0, 1, 2, 3]
    assert (walk == 1).sum() == (walk == 3).sum() == 4
    assert check(STOPS, walk, GRAPH).is_connected


def test_a_walk_of_one_place_cannot_be_split():
    stops = toy_stops([(0, 0), (0, 0), (30, 0)])
    with pytest.raises(InputError, match="single place"):
        split_walk(stops, np.array([0, 0, 1]), graph_of(stops), 0)


def test_a_walk_that_is_not_there_cannot_be_split():
    with pytest.raises(InputError, match="no such walk"):
        split_walk(STOPS, WALK, GRAPH, 9)


def test_a_finished_stop_leaves_the_others_where_they_are():
    stops, kept = without(STOPS, WALK, [0])
    assert np.array_equal(repair(STOPS, WALK, stops), kept)


def test_a_walk_that_is_done_leaves_a_gap_in_the_numbers():
    stops, kept = without(STOPS, WALK, list(range(8, 16)))
    assert sorted(set(repair(STOPS, WALK, stops).tolist())) == sorted(set(kept.tolist())) == [0, 2]


def test_what_a_finished_stop_held_together_goes_to_the_walks_beside_it():
    # Walk 0 is a street, walk 1 a house beside its end.
    street = toy_stops([(0, 0), (200, 0), (400, 0), (600, 0), (800, 0)])
    walk = np.array([0, 0, 0, 0, 1])
    stops, _ = without(street, walk, [2])
    barrier = shapely.LineString([(400, -900), (400, 900)])
    assert repair(street, walk, stops, [barrier]).tolist() == [0, 0, 1, 1]


def test_a_new_stop_goes_to_the_lightest_walk_beside_it():
    stops = pd.concat([STOPS, toy_stops([(45, 45)], 10).assign(postcode="E1 999")], ignore_index=True)
    before = np.where(np.arange(24) < 4, 0, WALK + 1)
    walk = repair(STOPS, before, stops)
    assert walk[:24].tolist() == before.tolist()
    assert walk[24] == 1  # 40 doors, walk 2 has 80


def test_a_new_stop_for_which_no_walk_has_room_is_a_walk_of_its_own():
    stops = pd.concat([STOPS, toy_stops([(45, 45)], 10).assign(postcode="E1 999")], ignore_index=True)
    assert repair(STOPS, WALK, stops, hard_max=80).tolist() == [*WALK, 3]


def test_a_new_stop_at_a_known_point_stays_with_it():
    stops = pd.concat([STOPS, STOPS.iloc[[0]].assign(postcode="E1 999")], ignore_index=True)
    assert repair(STOPS, WALK, stops, hard_max=80)[24] == WALK[0]


def test_one_stop_done_or_added_changes_at_most_three_walks_of_a_real_plan():
    stops = real_stops("district", "SE15")
    walk = split(stops, moves=50_000).walk
    for row in np.random.default_rng(1).choice(len(stops), 25, replace=False):
        fewer, _ = without(stops, walk, [row])
        after = repair(stops, walk, fewer)
        assert len(changed_walks(stops, walk, fewer, after)) <= 3
        assert check(fewer, after, graph_of(fewer)).is_connected
        again = repair(fewer, after, stops)
        assert len(changed_walks(fewer, after, stops, again)) <= 3
        assert check(stops, again, graph_of(stops)).is_connected


def test_a_saturday_of_stops_done_leaves_every_walk_connected_and_below_the_maximum():
    stops = real_stops("district", "N17")
    cut = split(stops, moves=50_000)
    done = np.random.default_rng(2).choice(len(stops), 300, replace=False)
    fewer, _ = without(stops, cut.walk, done)
    report = check(fewer, repair(stops, cut.walk, fewer), graph_of(fewer))
    assert report.is_connected
    assert report.walks["doors"].max() <= 220
