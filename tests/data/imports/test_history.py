"""Any import taken back as a whole, whatever came after it."""

from datetime import date, datetime
from pathlib import Path

import pytest

from data.errors import InputError
from data.imports.history import find_import, list_imports, status
from data.imports.importer import import_file, write_batch
from data.imports.undoing import IS_BUNDLED, IS_THE_LOG, LATER_EDITIONS, undo_import, undo_last_import
from data.log.acts import delete_incident, edit_incident, log_incident
from data.log.entry import IncidentEntry
from data.log.merging import merge_incidents
from data.log.reading import trail
from data.log.undoing import undo_last_change
from data.places.named import NamedPlace as Place
from data.returns.counts import CountsBatch
from data.schema import LOG_IMPORT_ID, UNKNOWN
from data.store.store import create_store
from tests.conftest import count_row, counts_table

LOG = "date,place,outcome\n11/01/2022,SE15 4QL,prevented\n12/01/2022,N17,unknown\n"
SOUTHWARK = Place(UNKNOWN, "E09000028", UNKNOWN, "borough")


def write_return(store, rows: list[dict], extracted_on: date | None = None, is_bundled: bool = False) -> str:
    """Import an official return; gives the id of the import."""
    batch = CountsBatch(
        counts=counts_table(rows),
        rows=len(rows),
        rejects=[],
        totals_checked=[],
        reference="FOI 1",
        extracted_on=extracted_on,
        notes=[],
    )
    with store.write() as connection:
        hashed = repr((rows, extracted_on))
        return write_batch(connection, Path("return.csv"), batch, hashed, is_bundled).import_id


def in_force(store) -> list[tuple]:
    rows = store.sql(
        "SELECT area_code, period_start, visits_low FROM counts WHERE superseded_by IS NULL ORDER BY ALL"
    )
    return [tuple(row.values()) for row in rows.to_pylist()]


def import_text(store, tmp_path, name: str, text: str):
    path = tmp_path / name
    path.write_text(text)
    return import_file(store, path)


def incidents_of(store) -> int:
    return status(store)["incidents"]


def first_incident(store, import_id: str) -> str:
    rows = store.sql(
        "SELECT incident_id FROM store.main.incidents WHERE import_id = ? ORDER BY started_earliest",
        [import_id],
    )
    return str(rows.to_pylist()[0]["incident_id"])


def test_an_import_in_the_middle_is_taken_back_and_the_others_stay(toy_store, tmp_path):
    first = import_text(toy_store, tmp_path, "a.csv", LOG)
    import_text(toy_store, tmp_path, "b.csv", "date,borough\n13/01/2022,Camden\n")
    undone = undo_import(toy_store, first.import_id)
    assert (undone.rows, undone.kind, undone.notes) == (2, "incidents", ())
    assert incidents_of(toy_store) == 1
    assert import_text(toy_store, tmp_path, "a.csv", LOG).kept == 2


def test_what_cannot_be_taken_back_says_so_and_stays(toy_store, tmp_path):
    bundled = write_return(toy_store, [count_row("E1", 2020, 10)], is_bundled=True)
    log_incident(toy_store, IncidentEntry(date(2022, 1, 11)), SOUTHWARK)
    report = import_text(toy_store, tmp_path, "a.csv", LOG)
    undo_import(toy_store, report.import_id)
    before = toy_store.version()
    for import_id, told in (
        (bundled, IS_BUNDLED),
        (LOG_IMPORT_ID, IS_THE_LOG),
        (report.import_id, "already"),
        ("no id", "no such import"),
    ):
        with pytest.raises(InputError, match=told):
            undo_import(toy_store, import_id)
    assert toy_store.version() == before


def test_the_log_kept_by_hand_is_never_the_last_import(toy_store, tmp_path):
    report = import_text(toy_store, tmp_path, "a.csv", LOG)
    log_incident(toy_store, IncidentEntry(date(2022, 1, 11)), SOUTHWARK)
    assert undo_last_import(toy_store).import_id == report.import_id
    with pytest.raises(InputError, match="no import to undo"):
        undo_last_import(toy_store)
    assert incidents_of(toy_store) == 1


def test_an_import_is_named_by_its_beginning(toy_store, tmp_path):
    report = import_text(toy_store, tmp_path, "a.csv", LOG)
    for written in (report.import_id, report.import_id[:8], f" {report.import_id[:8].upper()} "):
        assert find_import(toy_store, written) == report.import_id
    for written in ("", "zz", "%"):
        with pytest.raises(InputError, match="no such import"):
            find_import(toy_store, written)
    with toy_store.write() as connection:
        connection.execute("INSERT INTO imports SELECT * FROM imports")
    with pytest.raises(InputError, match="More than one"):
        find_import(toy_store, report.import_id[:8])


def test_a_later_edition_that_left_rows_out_is_told(toy_store, tmp_path):
    first = import_text(toy_store, tmp_path, "a.csv", LOG)
    later = import_text(toy_store, tmp_path, "b.csv", LOG + "13/01/2022,Camden,unknown\n")
    assert later.already_there == 2
    assert undo_import(toy_store, first.import_id).notes == (LATER_EDITIONS,)
    # As the note says.
    undo_import(toy_store, later.import_id)
    assert import_text(toy_store, tmp_path, "b.csv", LOG + "13/01/2022,Camden,unknown\n").kept == 3


# Figures: what is left must be what it would be if the return had never come.

RETURNS = {
    "year": [count_row("E1", 2020, 10), count_row("E2", 2020, 4)],
    "year again": [count_row("E1", 2020, 12)],
    "half year": [count_row("E1", 2020, 3, end=date(2020, 6, 30))],
    "two years": [count_row("E1", 2020, 30, end=date(2021, 12, 31))],
    "another year": [count_row("E1", 2021, 7)],
}
DRAWN = {
    "year": date(2022, 1, 1),
    "year again": None,
    "half year": None,
    "two years": date(2023, 1, 1),
    "another year": None,
}


@pytest.mark.parametrize(
    "order",
    [
        ("year", "year again", "two years"),
        ("half year", "year", "year again", "another year", "two years"),
        ("two years", "year", "half year"),
        ("another year", "half year", "two years", "year again", "year"),
    ],
)
def test_a_return_taken_back_leaves_the_figures_as_if_it_had_never_come(order, tmp_path):
    for left_out in order:
        store, expected = (create_store(tmp_path / f"{left_out}-{name}.duckdb") for name in "ab")
        ids = {name: write_return(store, RETURNS[name], DRAWN[name]) for name in order}
        undo_import(store, ids[left_out])
        for name in order:
            if name != left_out:
                write_return(expected, RETURNS[name], DRAWN[name])
        assert in_force(store) == in_force(expected), left_out


def test_all_returns_taken_back_in_any_order_leave_nothing(toy_store):
    ids = [write_return(toy_store, rows, DRAWN[name]) for name, rows in RETURNS.items()]
    for position in (1, 3, 0, 2, 4):
        undo_import(toy_store, ids[position])
    assert toy_store.sql("SELECT * FROM counts").num_rows == 0


# The trail goes with the records.


def test_what_was_corrected_in_an_import_goes_with_it(toy_store, tmp_path):
    report = import_text(toy_store, tmp_path, "a.csv", LOG)
    incident_id = first_incident(toy_store, report.import_id)
    logged = log_incident(toy_store, IncidentEntry(date(2022, 1, 11)), SOUTHWARK)
    edit_incident(toy_store, incident_id, {"setting": "home"})
    delete_incident(toy_store, incident_id)
    undo_import(toy_store, report.import_id)
    assert set(trail(toy_store)["incident_id"]) == {logged.incident_id}
    assert undo_last_change(toy_store).act == "logged"
    with pytest.raises(InputError, match="nothing to take back"):
        undo_last_change(toy_store)


def test_a_record_that_took_in_one_of_the_import_stays(toy_store, tmp_path):
    report = import_text(toy_store, tmp_path, "a.csv", LOG)
    logged = log_incident(toy_store, IncidentEntry(date(2022, 1, 11)), SOUTHWARK)
    merge_incidents(toy_store, logged.incident_id, first_incident(toy_store, report.import_id))
    undo_import(toy_store, report.import_id)
    assert incidents_of(toy_store) == 1
    # What can be taken back of the merge is taken back; the import's record does not come again.
    undo_last_change(toy_store)
    assert incidents_of(toy_store) == 1


# What the store holds.


def test_status_counts_all_records_and_those_that_wait(toy_store, monkeypatch):
    monkeypatch.setattr("data.clock.today", lambda: date(2022, 6, 16))
    log_incident(toy_store, IncidentEntry(date(2022, 6, 15)), SOUTHWARK)
    log_incident(toy_store, IncidentEntry(date(2022, 1, 11)), SOUTHWARK)
    told = status(toy_store)
    assert {name: told[name] for name in ("incidents", "waiting", "to_check", "first", "last")} == {
        "incidents": 2, "waiting": 1, "to_check": 2, "first": "2022-01-11", "last": "2022-01-11",
    }  # fmt: skip


def test_taking_back_writes_the_file_anew(toy_store, tmp_path, monkeypatch):
    first = import_text(toy_store, tmp_path, "a.csv", LOG)
    import_text(toy_store, tmp_path, "b.csv", "date,borough\n13/01/2022,Camden\n")
    write, erased = type(toy_store).write, []

    def write_and_remember(store, erase=False):
        erased.append(erase)
        return write(store, erase=erase)

    monkeypatch.setattr(type(toy_store), "write", write_and_remember)
    undo_import(toy_store, first.import_id)
    undo_last_import(toy_store)
    assert erased == [True, True]
    assert [row["undone_at"] is None for row in list_imports(toy_store).to_pylist()] == [False, False]
    assert isinstance(list_imports(toy_store).to_pylist()[0]["undone_at"], datetime)
