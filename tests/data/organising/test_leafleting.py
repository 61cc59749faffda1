import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.organising.leafleting import ALLOWED, record, remove_plan, save_plan, undo_last_event
from data.store.store import create_store
from tests.conftest import examples

PLAN = {
    "plan_id": "p1", "areas": "SE15", "leaflets": 300, "volunteers": 2, "hours": 2.0, "share_of_best": 0.99,
}  # fmt: skip
WALKS = pa.table(
    {
        "walk": pa.array([1, 2], pa.int32()),
        "code": ["AB2C", "XY7Z"],
        "doors": pa.array([150, 140], pa.int32()),
        "metres": [800.0, 900.0],
        "minutes": [75.0, 74.0],
        "is_block": [False, False],
    }
)
STOPS = pa.table(
    {
        "walk": pa.array([1, 2], pa.int32()),
        "position": pa.array([1, 1], pa.int32()),
        "postcode": ["SE15 4QL", "SE15 4QN"],
        "easting": [534_000.0, 534_100.0],
        "northing": [176_000.0, 176_000.0],
        "doors": pa.array([150, 140], pa.int32()),
        "locality_code": ["E09000028-SE15-4"] * 2,
    }
)


@pytest.fixture
def store(tmp_path):
    store = create_store(tmp_path / "raids.duckdb")
    save_plan(store, PLAN, WALKS, STOPS)
    return store


def events(store):
    return store.sql(
        "SELECT walk, event::VARCHAR AS event, undoes FROM leaflet_events ORDER BY number"
    ).to_pylist()


def test_a_plan_is_saved_once(store):
    save_plan(store, PLAN, WALKS, STOPS)
    assert store.sql("SELECT plan_id, walk, code FROM leaflet_walks ORDER BY walk").to_pylist() == [
        {"plan_id": "p1", "walk": 1, "code": "AB2C"},
        {"plan_id": "p1", "walk": 2, "code": "XY7Z"},
    ]
    assert store.sql("SELECT count(*) AS n FROM leaflet_stops")["n"][0].as_py() == 2


def test_a_walk_goes_out_and_comes_back(store):
    record(store, "ab2c", "assigned", 7)
    record(store, "AB2C", "out")
    record(store, "AB2C", "done", leaflets=140, doors_reached=132)
    row = store.sql("SELECT * FROM leaflet_events ORDER BY number DESC LIMIT 1").to_pylist()[0]
    assert (row["number"], row["event"], row["leaflets"], row["doors_reached"]) == (3, "done", 140, 132)
    walkers = store.sql("SELECT walker FROM leaflet_events ORDER BY number")["walker"].to_pylist()
    assert walkers == [7, None, None]


def test_a_done_walk_is_given_to_nobody_until_that_is_taken_back(store):
    record(store, "AB2C", "done")
    with pytest.raises(InputError, match="This walk is done, so it cannot be given to somebody"):
        record(store, "AB2C", "assigned", 7)
    undone = undo_last_event(store)
    assert (undone.walk, undone.event) == (1, "done")
    record(store, "AB2C", "assigned", 7)
    assert [row["event"] for row in events(store)] == ["done", "undone", "assigned"]


def test_undo_goes_back_step_by_step_and_then_says_there_is_nothing(store):
    record(store, "AB2C", "out")
    record(store, "XY7Z", "out")
    assert [undo_last_event(store).walk for _ in range(2)] == [2, 1]
    with pytest.raises(InputError, match="nothing to take back"):
        undo_last_event(store)
    assert [row["undoes"] for row in events(store)] == [None, None, 2, 1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("NONE", "out"), "No walk has this code"),
        (("AB2C", "assigned"), "number of the person"),
        (("AB2C", "assigned", 0), "from 1 to 99"),
        (("AB2C", "assigned", 100), "from 1 to 99"),
        (("AB2C", "assigned", 7700900123), "from 1 to 99"),
        (("AB2C", "released"), "cannot be released"),
        (("AB2C", "done", None, -1), "number of leaflets"),
        (("AB2C", "done", None, None, 10_001), "number of doors"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(store, arguments, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        record(store, *arguments)
    assert "7700900123" not in str(refused.value)
    assert events(store) == []


def test_a_plan_goes_until_something_happened_to_it(store):
    record(store, "AB2C", "out")
    with pytest.raises(InputError, match="stays in the record"):
        remove_plan(store, "p1")
    other = PLAN | {"plan_id": "p2"}
    save_plan(store, other, WALKS, STOPS)
    remove_plan(store, "p2")
    assert store.sql("SELECT DISTINCT plan_id FROM leaflet_stops")["plan_id"].to_pylist() == ["p1"]


def test_of_two_walks_with_one_code_the_newer_is_meant_unless_the_plan_is_named(store):
    save_plan(store, PLAN | {"plan_id": "p2"}, WALKS, STOPS)
    assert record(store, "AB2C", "out").plan_id == "p2"
    assert record(store, "XY7Z", "out", plan_id="p1").plan_id == "p1"


def test_two_plans_do_not_send_two_people_to_one_street(store):
    save_plan(store, PLAN | {"plan_id": "p2"}, WALKS, STOPS)
    record(store, "AB2C", "assigned", 7, plan_id="p1")
    with pytest.raises(InputError, match="so that nobody posts twice"):
        record(store, "AB2C", "assigned", 8, plan_id="p2")
    record(store, "AB2C", "done", plan_id="p1")
    with pytest.raises(InputError, match="so that nobody posts twice"):
        record(store, "AB2C", "out", plan_id="p2")
    undo_last_event(store)
    record(store, "AB2C", "released", plan_id="p1")
    record(store, "AB2C", "out", plan_id="p2")


@settings(max_examples=examples(20))
@given(st.lists(st.sampled_from([*ALLOWED, "undo"]), max_size=12))
def test_the_ledger_only_grows_and_its_state_follows_the_rules(tmp_path_factory, steps):
    store = create_store(tmp_path_factory.mktemp("ledger") / "raids.duckdb")
    save_plan(store, PLAN, WALKS, STOPS)
    trail, state = [], "planned"
    for step in steps:
        before = len(events(store))
        if step == "undo":
            if len(trail) == 0:
                continue
            undo_last_event(store)
            trail.pop()
        elif step in ALLOWED[state]:
            record(store, "AB2C", step, 7)
            trail.append(step)
        else:
            with pytest.raises(InputError):
                record(store, "AB2C", step, 7)
            assert len(events(store)) == before
            continue
        assert len(events(store)) == before + 1
        state = trail[-1] if trail else "planned"
