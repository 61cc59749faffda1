"""Choices against all subsets of a few areas, and the wishes that cannot be met."""

from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.leafleting.choose import choose
from data.errors import InputError

areas = st.lists(
    st.tuples(st.integers(50, 900), st.integers(0, 9), st.sampled_from([0.0, 0.25, 0.9])),
    min_size=1,
    max_size=6,
)


def units(rows, boroughs=None):
    """Areas A0, A1, … from (doors, need, share done)."""
    table = pd.DataFrame(rows, columns=["doors", "need", "done_share"])
    table["area_code"] = [f"A{number}" for number in range(len(table))]
    table["borough_code"] = boroughs or ["E09000012", "E09000028"] * (len(table) // 2) + ["E09000012"] * (
        len(table) % 2
    )
    return table


def best_by_trying_all(rows, leaflets, hours, per_hour, setup_hours):
    """The largest sum of doors × need: every set of whole areas, and as much of one more as fits."""
    doors = [count * (1 - done) for count, _, done in rows]
    needs = [need for _, need, _ in rows]
    everyone = range(len(rows))
    best = 0.0
    for whole in chain.from_iterable(combinations(everyone, size) for size in range(len(rows) + 1)):
        spare = leaflets - sum(doors[one] for one in whole)
        time = hours - sum(doors[one] / per_hour + setup_hours for one in whole)
        if spare < 0 or time < 0:
            continue
        value = sum(doors[one] * needs[one] for one in whole)
        parts = [
            needs[one] * min(doors[one], spare, (time - setup_hours) * per_hour)
            for one in everyone
            if one not in whole and time > setup_hours
        ]
        best = max([best, value, *(value + part for part in parts)])
    return best


@given(areas, st.integers(50, 3000), st.integers(1, 30))
def test_no_set_of_areas_is_better(rows, leaflets, hours):
    choice = choose(units(rows), leaflets, hours, doors_per_hour=80, setup_minutes=30)
    table = choice.table
    reached = (table["doors_taken"] * table["need"]).sum()
    best = best_by_trying_all(rows, leaflets * 0.95, hours, 80, 0.5)
    # A part is cut at the fourth place of its share: at most a ten-thousandth of 900 doors of need 9 less.
    assert best * (1 - 5e-4) - 1 <= reached <= best + 1e-3
    assert choice.bound * best <= reached + 1e-3
    assert choice.doors <= leaflets * 0.95 + 1e-3
    assert choice.person_hours <= hours + 1e-4
    assert table["taken"].between(0, 1).all()
    assert ((table["taken"] > 0) & (table["taken"] < 1)).sum() <= 1


@given(areas, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, shuffling):
    table = units(rows)
    shuffled = table.sample(frac=1, random_state=shuffling.randint(0, 999))
    pd.testing.assert_frame_equal(choose(table, 700, 6).table, choose(shuffled, 700, 6).table)


def test_a_day_worked_out_by_hand():
    # 950 doors may be reached: A1 whole (600 × 3), then 350 of the 1,000 of A0 (× 2); A2 is needed least.
    choice = choose(units([(1000, 2, 0), (600, 3, 0), (500, 1, 0)]), 1000, 100)
    assert choice.table["taken"].tolist() == pytest.approx([0.35, 1, 0])
    assert choice.person_hours == pytest.approx(950 / 100 + 2 * 0.25)
    assert choice.bound > 0.999
    assert choice.finding.startswith(
        "1 area and 35% of A0: about 950 doors in 10.0 hours of work, within 0.1 % of"
    )
    assert choice.runs_out == "The leaflets run out first: about 90.0 hours are left over."


def test_doors_that_are_done_take_no_leaflets():
    choice = choose(units([(1000, 1, 0.75), (100, 1, 1.0)]), 1000, 100)
    assert choice.doors == 250
    assert choice.table["taken"].tolist() == [1, 0]
    assert choice.runs_out == "Every area in need is in it; about 700 leaflets and 97.2 hours are left over."


def test_an_area_without_need_gets_nothing():
    choice = choose(units([(500, 1, 0), (500, 0, 0)]), 5000, 100)
    assert choice.table["taken"].tolist() == [1, 0]
    assert choice.runs_out.startswith("Every area in need is in it; about 4,250 leaflets")


def test_hours_bind_where_people_are_few():
    choice = choose(units([(500, 1, 0)]), 1000, 2, doors_per_hour=100, setup_minutes=30)
    assert choice.doors == pytest.approx(150)
    assert choice.runs_out == "The hours run out first: about 800 leaflets are left over."


def test_wanted_areas_are_in_it_and_those_ruled_out_are_not():
    rows = [(400, 1, 0), (400, 9, 0), (400, 5, 0)]
    choice = choose(units(rows), 800, 50, must=["A0"], must_not=["A1"])
    assert choice.table["taken"].tolist() == pytest.approx([1, 0, 0.9])


def test_a_wanted_area_that_is_done_is_told():
    choice = choose(units([(400, 1, 1.0), (400, 9, 0)]), 800, 50, must=["A0"])
    assert choice.notes[-1] == "A0 must be in it but has no doors left to do."


def test_a_floor_brings_leaflets_to_a_borough_that_would_get_none():
    table = units([(1000, 9, 0), (1000, 1, 0)], ["E09000012", "E09000028"])
    without, floored = (
        choose(table, 1000, 100, floor_per_borough=floor) for floor in (None, {"E09000028": 200})
    )
    assert without.table["doors_taken"].tolist() == pytest.approx([950, 0])
    assert without.notes[-1] == "1 borough of 2 in question gets nothing; set a floor to change that."
    assert floored.table["doors_taken"].sum() <= 950
    assert floored.table["doors_taken"][1] >= 200


def test_areas_alike_are_taken_by_their_codes():
    taken = choose(units([(100, 1, 0)] * 6, ["E09000012"] * 6), 316, 50).table["taken"]
    assert taken.tolist() == pytest.approx([1, 1, 1, 0, 0, 0], abs=0.01)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"leaflets": 0}, "no leaflets"),
        ({"leaflets": np.nan}, "no leaflets"),
        ({"leaflets": 10_000_000}, "at most 1,000,000 leaflets"),
        ({"person_hours": 0}, "nobody to give leaflets out"),
        ({"person_hours": 1e9}, "at most 100,000 hours"),
        ({"must": ["A0"], "leaflets": 100}, "about 400 doors"),
        ({"must": ["A0"], "person_hours": 1}, "about 4.2 hours of work"),
        ({"must": ["A0"], "must_not": ["A0"]}, "A0 is both"),
        ({"must": ["Z9"]}, "Z9 is not among"),
        ({"must_not": ["A0", "A1"]}, "No doors are left"),
        ({"floor_per_borough": {"E09000012": 401}}, "fewer than the 401"),
        (
            {"floor_per_borough": {"E09000012": 400, "E09000028": 400}, "leaflets": 500},
            "cannot be met together",
        ),
    ],
)
def test_a_wish_that_cannot_be_met_is_told_in_one_sentence(request_, sentence):
    wish = {"leaflets": 1000, "person_hours": 20} | request_
    with pytest.raises(InputError, match=sentence) as told:
        choose(units([(400, 1, 0), (400, 2, 0)]), **wish)
    assert str(told.value).count(". ") == 0
    assert str(told.value).endswith(".")
