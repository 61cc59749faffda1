"""The trail, and who sees it."""

import re
from datetime import timedelta

from data.log.acts import check_incident, delete_incident
from data.log.reading import list_to_check, trail
from data.schema import INCIDENTS
from tests.data.log.conftest import (
    TODAY,
    log,
)


def test_the_trail_of_young_records_shows_to_nobody_without_their_ids(store):
    old, young = log(store), log(store, day=TODAY)
    assert set(trail(store)["incident_id"]) == {old}
    assert set(trail(store, also=[young])["incident_id"]) == {old, young}
    assert list(list_to_check(store)["incident_id"]) == [old]
    assert list(list_to_check(store, [young, "rubbish"])["incident_id"]) == [old, young]


def test_the_trail_of_a_record_deleted_young_shows_once_it_would_have(store, monkeypatch):
    young = log(store, day=TODAY)
    delete_incident(store, young)
    assert trail(store).empty
    assert set(trail(store, also=[young])["act"]) == {"logged", "deleted"}
    monkeypatch.setattr("data.clock.today", lambda: TODAY + timedelta(days=29))
    assert trail(store).empty
    monkeypatch.setattr("data.clock.today", lambda: TODAY + timedelta(days=30))
    assert set(trail(store)["act"]) == {"logged", "deleted"}
    store.decide("hidden_days", 60)
    assert trail(store).empty


def test_the_trail_holds_the_hour_and_values_of_the_schema_alone(store):
    incident_id = log(store, people_detained=2, hour_from=6, hour_to=11)
    check_incident(store, incident_id, "high")
    delete_incident(store, incident_id)
    rows = trail(store)
    assert set(rows["column_name"]) <= set(INCIDENTS.column_names())
    assert (rows["happened_at"] == rows["happened_at"].dt.floor("h")).all()
    for text in [*rows["value_before"].dropna(), *rows["value_after"].dropna()]:
        assert re.fullmatch(r"[a-z ]+|\d+|E09\d{6}|SE15|[0-9a-f-]{36}|2022-01-11T\d\d:00:00", text), text


def test_the_trail_is_cut_by_acts_and_the_newest_come_first(store):
    ids = [log(store) for _ in range(3)]
    assert list(trail(store, limit=2)["incident_id"]) == [ids[2], ids[1]]
