"""Two raids that look like one: noted once, known to everybody, gone with the records."""

from datetime import datetime, timedelta

import pytest

from analysis.records.duplicates import duplicates
from data.errors import InputError
from data.imports.undoing import undo_import
from data.log.acts import delete_incident
from data.log.apart import list_told_apart, offer_again, tell_apart
from data.log.merging import merge_incidents
from data.log.retention import delete_too_old
from data.log.rows import code_of
from data.log.undoing import undo_last_change
from tests.conftest import import_row, insert
from tests.data.log.conftest import LONG_AGO, OTHER_IMPORT, SE15, TODAY, imported, log, vars_of


def pairs(store) -> list[set[str]]:
    return [{pair.left_id, pair.right_id} for pair in duplicates(store.run).itertuples()]


def noted(store) -> int:
    return store.cursor().execute("SELECT count(*) FROM told_apart").fetchone()[0]


def test_a_pair_told_apart_is_not_offered_until_that_is_taken_back(store):
    one, other, third = (log(store) for _ in range(3))
    assert len(pairs(store)) == 3
    tell_apart(store, other, one)
    tell_apart(store, one.upper(), other)
    assert noted(store) == 1
    assert {one, other} not in pairs(store)
    assert len(pairs(store)) == 2
    offer_again(store, one, other)
    assert {one, other} in pairs(store)
    assert third in set.union(*pairs(store))


def test_of_a_record_that_is_gone_nothing_is_noted(store):
    one, other = log(store), log(store)
    with pytest.raises(InputError, match="choose two"):
        tell_apart(store, one, one)
    with pytest.raises(InputError, match="choose two"):
        merge_incidents(store, one, one)
    delete_incident(store, other)
    with pytest.raises(InputError, match="no longer there"):
        tell_apart(store, one, other)
    assert noted(store) == 0


def test_it_stands_while_a_deleted_record_can_be_had_back(store):
    one, other = log(store), log(store)
    tell_apart(store, one, other)
    delete_incident(store, other)
    assert code_of(undo_last_change(store).incident_ids[0]) == code_of(other)
    assert pairs(store) == []


def test_it_goes_with_an_import_that_is_undone(store):
    start = datetime.combine(LONG_AGO, datetime.min.time()) + timedelta(hours=7)
    with store.write() as connection:
        insert(connection, "imports", [import_row(import_id=OTHER_IMPORT, imported_at=start)])
        insert(connection, "incidents", [imported(1, start, **vars_of(SE15))])
    tell_apart(store, log(store), imported(1, start)["incident_id"])
    undo_import(store, OTHER_IMPORT)
    assert noted(store) == 0


def test_it_goes_with_records_that_are_too_old(store, monkeypatch):
    tell_apart(store, log(store), log(store))
    monkeypatch.setattr("data.clock.today", lambda: LONG_AGO + timedelta(days=10 * 366))
    assert delete_too_old(store).incidents == 2
    assert noted(store) == 0


def listed(store, *also) -> list[set[str]]:
    return [{record["incident_id"] for record in pair} for pair in list_told_apart(store, also)]


def test_pairs_told_apart_are_listed_the_latest_first_until_they_are_offered_again(store):
    one, other = log(store), log(store)
    later, latest = (log(store, LONG_AGO + timedelta(days=9)) for _ in range(2))
    for pair in ((one, other), (later, latest)):
        tell_apart(store, *pair)
    assert listed(store) == [{later, latest}, {one, other}]
    delete_incident(store, latest)
    assert listed(store) == [{one, other}]
    offer_again(store, other, one)
    assert listed(store) == []


def test_a_pair_with_a_young_record_is_listed_to_those_alone_who_have_the_codes(store):
    old, young, younger = log(store), log(store, TODAY), log(store, TODAY)
    tell_apart(store, old, young)
    tell_apart(store, young, younger)
    assert listed(store) == listed(store, old, "no code") == listed(store, younger) == []
    assert listed(store, young.upper()) == [{old, young}]
    both = listed(store, young, younger)
    assert len(both) == 2
    assert {young, younger} in both
