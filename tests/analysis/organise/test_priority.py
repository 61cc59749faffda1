from datetime import date, datetime

import numpy as np
import pytest

from analysis.filters import Filters
from analysis.organise import words
from analysis.organise.leafleted import door_corrections, leafleted_share, walk_states
from analysis.organise.priority import PARTS, PRESETS, priority
from data.errors import InputError
from data.keeping.opening import open_store
from tests.analysis.organise.test_coverage import LOCALITY_PARTS
from tests.conftest import EAST, WEST, count_row, incident_row, insert, overlap_row

TODAY = date(2024, 7, 1)
VISITS = {"visits": 1}


@pytest.fixture
def store(toy_store):
    with toy_store.write() as connection:
        insert(connection, "area_overlap", [overlap_row(*row) for row in LOCALITY_PARTS])
        connection.execute("UPDATE areas SET live_postcodes = 10 WHERE level IN ('locality', 'district')")
        connection.execute("UPDATE areas SET live_postcodes = 20 WHERE level = 'borough'")
    return toy_store


def count(store, *rows):
    with store.write() as connection:
        insert(connection, "counts", [count_row(*row) | {"import_id": "0" * 32} for row in rows])


def walk(
    store,
    event=None,
    happened=datetime(2024, 7, 1, 12),
    reached=None,
    undoes=None,
    number=1,
    walker=None,
    leaflets=None,
):
    with store.write() as connection:
        if number == 1:
            connection.execute("INSERT INTO leaflet_walks VALUES ('p', 1, 'AB', 40, 100, 30, false)")
            for position, code in enumerate(("E1 1AA", "E1 1AB"), start=1):
                connection.execute(
                    "INSERT INTO leaflet_stops VALUES ('p', 1, ?, ?, 0, 0, 20, 'E09000012-E1')",
                    [position, code],
                )
        if event:
            connection.execute(
                "INSERT INTO leaflet_events VALUES (?, ?, 'p', 1, ?, ?, ?, ?, ?)",
                [number, happened, event, leaflets, reached, undoes, walker],
            )


def ranked(store, weights=VISITS, level="district", **options):
    return priority(store.run, options.pop("filters", Filters()), level, weights, TODAY, **options)


def test_recent_years_weigh_more_by_hand(store):
    # Three years apart: 2019's 80 count half of 2022's 20 a year. (0.5 x 80 + 20) / 1.5 = 40.
    count(store, ("E1", 2019, 80), ("E1", 2022, 20), ("E2", 2019, 10), ("E2", 2022, 10))
    table = ranked(store).table.set_index("area_code")
    days = 365 / 365.25
    assert table.loc["E1", "visits_low"] == pytest.approx(40 / days)
    assert table.loc["E2", "visits_high"] == pytest.approx(10 / days)
    assert list(table.index) == ["E1", "E2"]


def test_ranges_stay_ranges(store):
    count(store, ("E1", 2022, 1, 4), ("E2", 2022, 8))
    table = ranked(store).table.set_index("area_code")
    assert table.loc["E1", ["visits_low", "visits_high"]].astype(float).tolist() == pytest.approx(
        [365.25 / 365, 4 * 365.25 / 365]
    )


def test_few_visits_cannot_be_told_apart_and_many_can(store):
    count(store, ("E1", 2022, 3), ("E2", 2022, 2))
    few = ranked(store)
    assert (few.table["rank_low"] == 1).all()
    assert (few.table["rank_high"] == 2).all()
    assert "cannot be told apart from E2" in words.finding(few)
    count(store, ("E1", 2021, 3000), ("E2", 2021, 2000))
    many = ranked(store)
    assert many.table[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2]]


def test_an_area_with_figures_for_few_is_told_apart_and_not_ranked_low(store):
    count(store, ("E1", 2022, 30), ("E2", 2022, 2))
    result = ranked(store)
    assert list(result.unranked["area_code"]) == ["W1"]
    assert "W1" not in set(result.table["area_code"])
    assert any("not ranked" in note for note in words.notes(result))


def test_a_group_lowers_its_area(store):
    count(store, ("E1", 2022, 30), ("E2", 2022, 2))
    with store.write() as connection:
        connection.execute("INSERT INTO groups VALUES ('copwatch', NULL, 'district', 'E1')")
    table = words.with_reasons(ranked(store, {"uncovered": 1}))
    assert table[["area_code", "score"]].to_numpy().tolist() == [["E2", 1.0], ["E1", 0.0]]
    assert "a group covers it" in table["reason"][1]
    assert "no group there" in table["reason"][0]


def test_a_leafleting_lowers_its_area_and_fades_over_half_a_year(store):
    count(store, ("E1", 2022, 30), ("E2", 2022, 2))
    walk(store, "done", datetime(2024, 4, 1))
    # 91 days, 13 of 26 weeks: half of 2 of 10 postcodes is left.
    assert leafleted_share(store.run, "district", TODAY)["E1"] == pytest.approx(0.1)
    assert leafleted_share(store.run, "borough", TODAY)[EAST] == pytest.approx(0.05)
    assert leafleted_share(store.run, "locality", date(2025, 1, 1))["E09000012-E1"] == 0
    table = words.with_reasons(ranked(store, {"not_leafleted": 1}))
    assert list(table["area_code"]) == ["E2", "E1"]
    assert "10% leafleted lately" in table["reason"][1]


def test_a_walk_done_in_part_counts_as_far_as_its_doors_say(store):
    walk(store, "part", reached=10)
    assert leafleted_share(store.run, "district", TODAY)["E1"] == pytest.approx(0.2 * 10 / 40)


def test_a_part_still_counts_when_the_rest_was_given_out_again(store):
    walk(store, "part", reached=10)
    walk(store, "assigned", number=2)
    assert leafleted_share(store.run, "district", TODAY)["E1"] == pytest.approx(0.2 * 10 / 40)
    walk(store, "done", reached=30, number=3)
    assert leafleted_share(store.run, "district", TODAY)["E1"] == pytest.approx(0.2)


def test_a_leafleting_taken_back_counts_nothing(store):
    walk(store, "done")
    walk(store, "undone", undoes=1, number=2)
    assert leafleted_share(store.run, "district", TODAY).empty
    assert list(walk_states(store.run)["state"]) == ["planned"]


def happens(store, *events):
    for number, (event, details) in enumerate(events, start=1):
        walk(store, event, number=number, **details)
    return walk_states(store.run).iloc[0]


def test_a_state_says_what_its_own_event_said_and_nothing_of_earlier_ones(store):
    state = happens(
        store,
        ("assigned", {"walker": 7}),
        ("part", {"leaflets": 30, "reached": 25}),
        ("assigned", {"walker": 8}),
        ("done", {"happened": datetime(2024, 7, 8, 12)}),
    )
    assert (state["state"], state["since"]) == ("done", datetime(2024, 7, 8, 12))
    assert state[["leaflets", "doors_reached"]].isna().all()
    assert state["walker"] == 8


@pytest.mark.parametrize(
    ("events", "walker"),
    [
        (["assigned", "out"], 7),
        (["assigned", "part"], 7),
        (["assigned", "released"], None),
        (["assigned", "out", "released", "done"], None),
        (["out"], None),
    ],
)
def test_a_walk_is_with_whom_it_was_given_to_until_it_is_released(store, events, walker):
    said = {"assigned": {"walker": 7}}
    state = happens(store, *((event, said.get(event, {})) for event in events))
    assert (None if state.isna()["walker"] else state["walker"]) == walker


@pytest.mark.parametrize(
    ("returns", "ratio"),
    [
        # 40 doors were expected: (found + 300) / (40 + 300).
        ([("done", 60)], 360 / 340),
        ([("part", 25), ("done", 35)], 360 / 340),
        ([("part", None), ("done", 35)], None),
        ([("part", 25), ("done", None)], None),
        ([("part", 25)], None),
        ([("done", None)], None),
    ],
)
def test_doors_are_corrected_by_walks_of_which_every_return_was_counted(store, returns, ratio):
    happens(store, *((event, {"reached": reached}) for event, reached in returns))
    assert door_corrections(store.run) == ({} if ratio is None else {"E1 1": pytest.approx(ratio, abs=1e-4)})


def test_a_part_that_was_taken_back_needs_no_count(store):
    happens(store, ("part", {}), ("undone", {"undoes": 1}), ("done", {"reached": 40}))
    assert door_corrections(store.run) == {"E1 1": 1.0}


def test_a_locality_has_its_share_of_the_districts_visits(store):
    count(store, ("E1", 2022, 30), ("E2", 2022, 20))
    table = ranked(store, level="locality").table.set_index("area_code")
    assert table.loc["E09000033-E2", "visits_low"] == pytest.approx(10 * 365.25 / 365)


def test_recorded_incidents_raise_an_area(store):
    count(store, ("E1", 2022, 10), ("E2", 2022, 10))
    with store.write() as connection:
        row = incident_row(datetime(2023, 5, 1, 7), postcode_district="E2", borough_code=WEST)
        insert(connection, "incidents", [row | {"incident_id": "1" * 32, "import_id": "0" * 32}])
    table = ranked(store, {"incidents": 1}).table
    assert table[["area_code", "incidents"]].to_numpy().tolist() == [["E2", 1.0], ["E1", 0.0]]


def test_what_hangs_on_a_part_is_said(store):
    count(store, ("E1", 2022, 30), ("E2", 2022, 29))
    with store.write() as connection:
        connection.execute("INSERT INTO groups VALUES ('copwatch', NULL, 'district', 'E1')")
    result = ranked(store, {"visits": 1, "uncovered": 2})
    assert list(result.table["area_code"]) == ["E2", "E1"]
    without = dict(zip(result.changes["part"], result.changes["first_without"], strict=True))
    assert without == {"visits": "E2", "uncovered": "E1"}
    assert "E1 without ‘no group there’" in " ".join(words.sentences(result))


@pytest.mark.parametrize(
    ("weights", "level", "sentence"),
    [
        ({}, "district", "Every weight is 0"),
        ({"visits": 0}, "district", "Every weight is 0"),
        ({"visits": 6}, "district", "from 0 to 5"),
        ({"luck": 1}, "district", "no such part"),
        (VISITS, "street", "no such level"),
    ],
)
def test_a_request_that_says_nothing_is_refused(store, weights, level, sentence):
    with pytest.raises(InputError, match=sentence):
        ranked(store, weights, level)


def test_without_figures_a_sentence_stands_for_the_table(store):
    result = ranked(store)
    assert result.table.empty
    assert "No official figure covers" in words.finding(result)


def test_the_same_seed_gives_the_same_ranks(store):
    count(store, ("E1", 2022, 12), ("E2", 2022, 11))
    first, again = ranked(store, seed=3).table, ranked(store, seed=3).table
    assert first.equals(again)


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("level", ["borough", "district", "locality"])
def test_every_preset_ranks_the_bundled_records(tmp_path_factory, level, preset):
    store = open_store(tmp_path_factory.getbasetemp() / "bundled.duckdb")
    result = priority(store.run, Filters(), level, PRESETS[preset], TODAY)
    table = words.with_reasons(result)
    assert np.isfinite(table.select_dtypes("number").to_numpy()).all()
    assert table["score"].between(0, 1).all()
    assert table["score"].is_monotonic_decreasing
    assert (table["rank_low"] <= np.arange(1, len(table) + 1)).all()
    assert (table["rank_high"] >= table["score"].rank(ascending=False, method="min")).all()
    assert set(PRESETS[preset]) == set(PARTS)
    assert table["reason"].str.endswith(".").all()
