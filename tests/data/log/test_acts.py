"""Editing, checking and deleting records, and what they leave behind."""

from datetime import datetime

import pytest

from data.errors import InputError
from data.imports.history import list_imports
from data.log.acts import check_incident, delete_incident, edit_incident
from data.log.entry import EDITABLE
from data.log.merging import merge_incidents
from data.log.reading import read_incident, trail
from data.log.undoing import undo_last_change
from data.schema import INCIDENTS, LOG_IMPORT_ID, UNKNOWN
from tests.conftest import import_row, insert
from tests.data.log.conftest import OTHER_IMPORT, imported, log, table


def test_an_edit_changes_what_is_given_and_leaves_its_trail(store):
    incident_id = log(store, people_detained=2)
    edit_incident(store, incident_id, {"setting": "home", "people_detained": None, "outcome": UNKNOWN})
    record = read_incident(store, incident_id)
    assert (record["setting"], record["people_detained"]) == ("home", None)
    rows = trail(store, limit=1)
    assert rows[["act", "column_name", "value_before", "value_after"]].values.tolist() == [
        ["edited", "setting", "unknown", "home"],
        ["edited", "people_detained", "2", None],
    ]


def test_a_public_record_takes_no_day_that_is_too_young_to_show(store):
    start = datetime(2022, 1, 11, 7)
    row = import_row(import_id=OTHER_IMPORT, kind="incidents", imported_at=start, is_bundled=True)
    with store.write() as connection:
        insert(connection, "imports", [row])
        insert(connection, "incidents", [imported(1, start)])
    incident_id = imported(1, start)["incident_id"]
    yesterday = datetime(2022, 6, 15, 9)
    with pytest.raises(InputError, match="record of its own"):
        edit_incident(store, incident_id, {"started_earliest": yesterday, "started_latest": yesterday})
    long_ago = datetime(2022, 5, 17, 9)
    assert edit_incident(store, incident_id, {"started_earliest": long_ago, "started_latest": long_ago})


def test_an_edit_that_changes_nothing_leaves_none(store):
    incident_id = log(store, setting="home")
    assert edit_incident(store, incident_id, {"setting": "home"}) is None
    assert set(trail(store)["act"]) == {"logged"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"setting": "12 Quux Road"}, "setting takes one of"),
        ({"confidence": "total"}, "confidence takes one of"),
        ({"crowd_size": "many"}, "whole number"),
        ({"crowd_size": True}, "whole number"),
        ({"duration_minutes": 10_000_000}, "too large"),
        ({"locality_code": "E09000028-SE15-4"}, "do not belong together"),
        ({"borough_code": "Quux"}, "do not belong together"),
        ({"postcode_district": "N17"}, "do not belong together"),
        ({"started_earliest": datetime(2022, 1, 11, 7, 12)}, "by the hour"),
        ({"started_earliest": "2022-01-11"}, "by the hour"),
        ({"started_latest": datetime(2022, 1, 12, 5)}, "do not fit"),
        ({"date_precision": "hour"}, "do not fit"),
        ({"started_earliest": datetime(2023, 1, 1), "started_latest": datetime(2023, 1, 1, 23)}, "after today"),
        ({"started_earliest": datetime(1980, 1, 1), "started_latest": datetime(1980, 1, 1, 23)}, "before 1990"),
        ({"incident_id": OTHER_IMPORT}, "cannot be edited"),
        ({"import_id": OTHER_IMPORT}, "cannot be edited"),
        ({"review": "checked"}, "cannot be edited"),
        ({"note": "Zebedee"}, "cannot be edited"),
    ],
)  # fmt: skip
def test_an_edit_holds_to_the_schema(store, changed, told):
    incident_id = log(store)
    before = table(store)
    with pytest.raises(InputError, match=told):
        edit_incident(store, incident_id, changed)
    assert table(store) == before


def test_every_column_but_the_records_own_can_be_edited():
    assert set(INCIDENTS.column_names()) - set(EDITABLE) == {"incident_id", "import_id", "review"}


def test_a_second_look_raises_the_confidence_and_an_edit_asks_for_another(store):
    incident_id = log(store)
    check_incident(store, incident_id, "high")
    record = read_incident(store, incident_id)
    assert (record["review"], record["confidence"]) == ("checked", "high")
    assert check_incident(store, incident_id, "high") is None
    edit_incident(store, incident_id, {"setting": "home"})
    record = read_incident(store, incident_id)
    assert (record["review"], record["confidence"]) == ("to check", "low")
    undo_last_change(store, incident_id)
    assert read_incident(store, incident_id)["confidence"] == "high"
    edit_incident(store, incident_id, {"confidence": "medium"})
    record = read_incident(store, incident_id)
    assert (record["review"], record["confidence"]) == ("to check", "medium")
    with pytest.raises(InputError, match="medium or high"):
        check_incident(store, incident_id, "low")


def test_what_is_gone_is_said_to_be_gone(store):
    for act in (
        lambda: read_incident(store, OTHER_IMPORT),
        lambda: edit_incident(store, "no id at all", {"setting": "home"}),
        lambda: check_incident(store, OTHER_IMPORT, "high"),
        lambda: delete_incident(store, OTHER_IMPORT),
        lambda: merge_incidents(store, OTHER_IMPORT, log(store)),
    ):
        with pytest.raises(InputError, match="no longer there"):
            act()


def test_whatever_takes_a_record_out_writes_the_file_anew(store, monkeypatch):
    keep, other, third = log(store), log(store), log(store)
    write, erased = type(store).write, []

    def write_and_remember(store, erase=False):
        erased.append(erase)
        return write(store, erase=erase)

    monkeypatch.setattr(type(store), "write", write_and_remember)
    merge_incidents(store, keep, other)
    delete_incident(store, third)
    undo_last_change(store)
    assert erased == [True, True, True]


def test_the_standing_import_counts_what_is_logged_by_hand(store):
    ids = [log(store), log(store)]
    delete_incident(store, ids[0])
    standing = [row for row in list_imports(store).to_pylist() if str(row["import_id"]) == LOG_IMPORT_ID]
    assert [(row["kind"], row["rows"], row["kept"]) for row in standing] == [("log", 1, 1)]
    undo_last_change(store)
    assert list_imports(store).to_pylist()[0]["kept"] == 2
