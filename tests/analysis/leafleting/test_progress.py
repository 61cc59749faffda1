from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from analysis.leafleting import progress as words
from analysis.leafleting.progress import progress
from data.organising.leafleting import record, save_plan, undo_last_event
from data.store.store import create_store

TODAY = datetime.now(UTC).date()


def plan(plan_id="p1"):
    return {
        "plan_id": plan_id, "areas": "SE15", "leaflets": 300, "volunteers": 2, "hours": 2.0, "share_of_best": 0.99,
    }  # fmt: skip


def walks(codes):
    count = len(codes)
    return pa.table(
        {
            "walk": pa.array(range(1, count + 1), pa.int32()),
            "code": list(codes),
            "doors": pa.array([100] * count, pa.int32()),
            "metres": [800.0] * count,
            "minutes": [75.0] * count,
            "is_block": [False] * count,
        }
    )


# Two stops a walk: 60 doors in SE15, 40 in SE16 for the second walk.
def stops(count):
    rows = [
        {
            "walk": walk,
            "position": position,
            "postcode": f"SE{16 if (walk, position) == (2, 2) else 15} 4{'AB'[position - 1]}{'ABCD'[walk]}",
            "easting": 534_000.0 + 200 * walk,
            "northing": 176_000.0 + 50 * position,
            "doors": 60 if position == 1 else 40,
            "locality_code": "E09000028-SE15-4",
        }
        for walk in range(1, count + 1)
        for position in (1, 2)
    ]
    types = [("walk", pa.int32()), ("position", pa.int32()), ("postcode", pa.string()), ("easting", pa.float64()),
             ("northing", pa.float64()), ("doors", pa.int32()), ("locality_code", pa.string())]  # fmt: skip
    return pa.Table.from_pylist(rows, pa.schema(types))


@pytest.fixture
def store(tmp_path):
    store = create_store(tmp_path / "raids.duckdb")
    save_plan(store, plan(), walks(["AAAA", "BBBB", "CCCC"]), stops(3))
    return store


def by_code(result):
    return result.walks.set_index("code")


def test_without_a_plan_there_is_a_sentence(tmp_path):
    result = progress(create_store(tmp_path / "empty.duckdb").run, TODAY)
    assert result.sentences == ["No plan is saved yet."]
    assert result.walks.empty
    assert result.by_district.empty


def test_a_new_plan_has_done_nothing_and_may_be_removed(store):
    result = progress(store.run, TODAY)
    assert result.sentences == ["0 of 3 walks are done and 0 with somebody: about 0 of 300 doors reached."]
    assert list(result.untouched) == ["p1"]
    assert "SE15, 300 leaflets, saved on" in result.untouched["p1"]
    assert set(result.shapes) == {("p1", 1), ("p1", 2), ("p1", 3)}


def test_totals_count_what_came_back(store):
    record(store, "AAAA", "done")
    record(store, "BBBB", "part", leaflets=30, doors_reached=25)
    record(store, "CCCC", "assigned", 7)
    result = progress(store.run, TODAY)
    assert result.sentences[0] == (
        "1 of 3 walks is done and 1 with somebody: about 125 of 300 doors reached, 30 leaflets counted as given."
    )
    assert "1 walk came back done in part: BBBB." in result.sentences[1]
    assert result.untouched == {}


def test_two_returns_of_one_walk_add_up_to_no_more_than_its_doors(store):
    record(store, "AAAA", "part", leaflets=60, doors_reached=60)
    assert by_code(progress(store.run, TODAY)).loc["AAAA", "doors_done"] == 60
    record(store, "AAAA", "assigned", 8)
    record(store, "AAAA", "done", leaflets=50, doors_reached=50)
    row = by_code(progress(store.run, TODAY)).loc["AAAA"]
    assert (row["doors_done"], row["leaflets_given"]) == (100, 110)


def test_what_was_taken_back_does_not_count(store):
    record(store, "AAAA", "part", leaflets=60, doors_reached=60)
    undo_last_event(store)
    row = by_code(progress(store.run, TODAY)).loc["AAAA"]
    assert (row["state"], row["doors_done"], row["leaflets_given"]) == ("planned", 0, 0)


def test_a_walk_is_overdue_from_the_day_after_the_last_one(store):
    record(store, "AAAA", "assigned", 7)
    on_the_last_day = progress(store.run, TODAY + timedelta(days=14))
    assert not on_the_last_day.walks["is_overdue"].any()
    late = progress(store.run, TODAY + timedelta(days=15))
    assert late.walks["code"].tolist()[0] == "AAAA"
    assert late.walks["is_overdue"].tolist() == [True, False, False]
    assert late.sentences[1].startswith(
        "1 walk is overdue, for more than 14 days with somebody: AAAA (no. 7). Ask for the sheet"
    )
    assert not progress(store.run, TODAY + timedelta(days=15), overdue_days=28).walks["is_overdue"].any()


def test_a_walk_that_is_done_is_never_overdue(store):
    record(store, "AAAA", "done")
    assert not progress(store.run, TODAY + timedelta(days=300)).walks["is_overdue"].any()


def test_districts_share_a_walk_by_its_doors(store):
    record(store, "BBBB", "done", doors_reached=50)
    table = progress(store.run, TODAY).by_district.set_index("district")
    # SE16 holds 40 of the 100 doors of the walk of which half were reached.
    assert table.loc["SE16"].to_dict() == {"walks": 1, "walks_done": 1, "doors": 40, "doors_done": 20}
    assert table.loc["SE15"].to_dict() == {"walks": 3, "walks_done": 1, "doors": 260, "doors_done": 30}


def test_whoever_gave_a_walk_back_is_not_named(store):
    record(store, "AAAA", "assigned", 7)
    row = by_code(progress(store.run, TODAY)).reset_index().set_index("code", drop=False).loc["AAAA"]
    assert words.label_of(row) == "AAAA · about 100 doors"
    assert words.state_in_words(row).startswith("Given out to no. 7 on ")
    assert words.lines_of(row)[2] == "given out, no. 7"
    assert words.cells_of(row)[1:4] == ["~100", "given out", "no. 7"]
    record(store, "AAAA", "released")
    row = by_code(progress(store.run, TODAY)).reset_index().set_index("code", drop=False).loc["AAAA"]
    assert words.state_in_words(row).startswith("Given back on ")
    assert words.cells_of(row)[3] == ""


def test_a_walk_not_given_out_has_no_day(store):
    row = progress(store.run, TODAY).walks.iloc[0]
    assert words.cells_of(row) == ["AAAA", "~100", "not given out", "", ""]


def test_walks_of_two_plans_with_one_code_are_told_apart_and_others_named_by_code_alone(store):
    save_plan(store, plan("p2"), walks(["AAAA", "DDDD"]), stops(2))
    labels = words.labels_of(progress(store.run, TODAY).walks)
    assert labels["p1:1"].startswith("AAAA · about 100 doors · plan 1, saved on ")
    assert labels["p2:1"].startswith("AAAA · about 100 doors · plan 2, saved on ")
    assert labels["p2:2"] == "DDDD · about 100 doors"
    assert len(set(labels.values())) == 5


def test_what_was_entered_is_said():
    assert words.told("AAAA", "assigned", 7) == "Walk AAAA is given to no. 7."
    assert words.told("AAAA", "released", "") == "Walk AAAA is free again."


def test_days_are_counted_from_the_day_given(store):
    record(store, "AAAA", "out")
    assert (
        by_code(progress(store.run, date(2100, 1, 1))).loc["AAAA", "days"] == (date(2100, 1, 1) - TODAY).days
    )
