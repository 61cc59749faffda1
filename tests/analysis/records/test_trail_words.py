from datetime import date

import pytest

from analysis.records.trail_words import steps_to_take_back, trail_lines
from data.log.acts import check_incident, delete_incident, edit_incident, log_incident
from data.log.entry import IncidentEntry
from data.log.reading import trail
from data.log.rows import code_of
from data.log.undoing import undo_change
from data.places.named import NamedPlace as Place
from tests.conftest import EAST

NAMES = {EAST: "Eastham"}
PLACE = Place("unknown", "E09000012", "unknown", "borough", "Hackney")


@pytest.fixture
def record(toy_store):
    return log_incident(toy_store, IncidentEntry(date(2022, 6, 14)), PLACE)


def lines(store):
    """What was done and its effect, newest first."""
    return [line[1:] for line in trail_lines(trail(store), NAMES)]


def test_a_record_that_comes_and_goes_is_one_line_each_whatever_it_held(toy_store, record):
    delete_incident(toy_store, record.incident_id)
    assert lines(toy_store) == [
        ["Deleted", f"{record.code}: the record went"],
        ["Logged", f"{record.code}: the record came"],
    ]


def test_a_change_is_named_by_field_before_and_since(toy_store, record):
    edit_incident(toy_store, record.incident_id, {"crowd_size": 40, "outcome": "prevented"})
    assert lines(toy_store)[:2] == [
        ["Edited", f"{record.code}: outcome, not known → prevented"],
        ["Edited", f"{record.code}: crowd size, not stated → 40"],
    ]


def test_areas_have_their_names_and_times_no_letters(toy_store, record):
    changed = {"borough_code": EAST, "started_latest": None}
    table = trail(toy_store).iloc[[0, 0]].copy()
    table["act"] = "edited"
    table["column_name"] = list(changed)
    table["value_before"] = ["unknown", "2022-06-14T23:00:00"]
    table["value_after"] = [EAST, "2022-06-14T07:00:00"]
    assert [line[2].split(": ", 1)[1] for line in trail_lines(table, NAMES)] == [
        "borough code, not known → Eastham",
        "started latest, 2022-06-14 23:00 → 2022-06-14 07:00",
    ]


def test_what_was_taken_back_says_so_and_is_not_offered_again(toy_store, record):
    step = check_incident(toy_store, record.incident_id, "high")
    assert list(steps_to_take_back(trail(toy_store))) == [step, record.step]
    undo_change(toy_store, step)
    assert list(steps_to_take_back(trail(toy_store))) == [record.step]
    acts = [act for act, _ in lines(toy_store)]
    assert acts == [
        "Taken back",
        "Taken back",
        "Checked (taken back since)",
        "Checked (taken back since)",
        "Logged",
    ]


def test_a_step_is_named_by_act_code_and_day(toy_store, record):
    (words,) = steps_to_take_back(trail(toy_store)).values()
    assert words.startswith(f"Logged: {code_of(record.incident_id)}, ")
