"""What was done by hand in records stays done when the next edition of their log comes in."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.files.uploaded import UploadedTable
from data.imports.importer import import_file
from data.log.acts import delete_incident, edit_incident
from data.log.merging import merge_incidents
from data.log.undoing import undo_last_change
from data.store.store import create_store
from tests.conftest import examples

HEAD = "date,borough,outcome\n"
ROWS = [f"2021-0{month}-11,Southwark,no arrests\n" for month in range(1, 6)]


def edition(*rows: str) -> UploadedTable:
    return UploadedTable("log.csv", (HEAD + "".join(rows)).encode())


def ids(store) -> list[str]:
    rows = store.sql("SELECT incident_id FROM incidents ORDER BY started_earliest, incident_id").to_pylist()
    return [str(row["incident_id"]) for row in rows]


def held(store) -> list[tuple[date, str]]:
    rows = store.sql(
        "SELECT started_earliest::DATE AS day, outcome::VARCHAR AS outcome FROM incidents ORDER BY ALL"
    ).to_pylist()
    return [(row["day"], row["outcome"]) for row in rows]


@pytest.fixture
def store(toy_store):
    import_file(toy_store, edition(*ROWS))
    return toy_store


def test_what_was_deleted_changed_and_merged_is_neither_brought_back_nor_doubled(store):
    one, two, three, four, five = ids(store)
    delete_incident(store, one)
    edit_incident(store, two, {"outcome": "prevented"})
    edit_incident(store, two, {"crowd_size": 40})
    edit_incident(store, three, {"people_detained": 2})
    edit_incident(store, three, {"people_detained": None})
    merge_incidents(store, three, four)
    before = held(store)
    report = import_file(store, edition(*ROWS, "2021-06-11,Southwark,no arrests\n"))
    assert (report.kept, report.already_there) == (1, 5)
    assert held(store) == [*before, (date(2021, 6, 11), "no arrests")]
    assert report.notes[0].startswith(
        "3 rows of this file were changed, merged or deleted here by hand since"
    )
    assert len(report.notes) == 1
    assert five in ids(store)


def test_what_was_taken_back_is_as_if_it_had_never_been(store):
    one, two, *_ = ids(store)
    delete_incident(store, one)
    edit_incident(store, two, {"outcome": "prevented"})
    undo_last_change(store)
    undo_last_change(store)
    report = import_file(store, edition(*ROWS, "2021-06-11,Southwark,no arrests\n"))
    assert (report.kept, report.already_there, report.notes) == (1, 5, [])


def test_a_row_corrected_alike_in_the_log_is_there_already(store):
    edit_incident(store, ids(store)[0], {"outcome": "prevented"})
    corrected = ROWS[0].replace("no arrests", "prevented")
    report = import_file(store, edition(corrected, *ROWS[1:]))
    assert (report.kept, report.already_there, report.notes) == (0, 5, [])
    # Both of them in the log: then the second is another raid.
    report = import_file(store, edition(corrected, *ROWS))
    assert (report.kept, report.already_there) == (1, 5)


def test_of_two_equal_rows_of_which_one_was_deleted_one_stays_deleted(toy_store):
    import_file(toy_store, edition(ROWS[0], ROWS[0]))
    delete_incident(toy_store, ids(toy_store)[0])
    assert import_file(toy_store, edition(ROWS[0], ROWS[0], ROWS[1])).kept == 1
    assert import_file(toy_store, edition(ROWS[0], ROWS[0], ROWS[0], ROWS[1])).kept == 1


def test_what_the_trail_no_longer_knows_is_told(store):
    delete_incident(store, ids(store)[0])
    with store.write() as connection:
        connection.execute("DELETE FROM changes")
    report = import_file(store, edition(*ROWS, "2021-06-11,Southwark,no arrests\n"))
    assert (report.kept, report.already_there) == (2, 4)
    assert "1 row of earlier editions was deleted here, too long ago" in report.notes[0]


def test_nobody_who_changed_records_by_hand_is_told_to_undo_their_import(store):
    edit_incident(store, ids(store)[0], {"outcome": "prevented"})
    report = import_file(store, edition(*ROWS[:4], ROWS[4].replace("no arrests", "prevented")))
    assert (report.kept, report.already_there) == (1, 4)
    assert "lacks 1 row of an earlier edition" in report.notes[1]
    assert "delete the older of the two" in report.notes[1]


acts = st.lists(
    st.tuples(st.sampled_from(["edit", "delete", "merge", "undo"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=6,
)


@settings(max_examples=examples(5), suppress_health_check=[HealthCheck.too_slow])
@given(acts=acts, twins=st.lists(st.integers(0, 4), max_size=2))
def test_whatever_was_done_by_hand_the_same_rows_again_change_nothing(tmp_path_factory, acts, twins):
    store = create_store(tmp_path_factory.mktemp("editions") / "raids.duckdb")
    rows = [*ROWS, *(ROWS[number] for number in twins)]
    import_file(store, edition(*rows))
    for act, left, right in acts:
        there = ids(store)
        try:
            one, other = there[left % len(there)], there[right % len(there)]
            if act == "edit":
                edit_incident(store, one, {"outcome": ("prevented", "unknown")[right % 2]})
            elif act == "delete":
                delete_incident(store, one)
            elif act == "merge":
                merge_incidents(store, one, other)
            else:
                undo_last_change(store)
        except (ValueError, ZeroDivisionError):
            continue
    before = held(store)
    report = import_file(store, edition(*rows, "2021-06-11,Southwark,no arrests\n"))
    assert (report.kept, report.already_there) == (1, len(rows))
    assert held(store) == sorted([*before, (date(2021, 6, 11), "no arrests")])
