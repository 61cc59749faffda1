"""Two records of one raid become one, with the better of each."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.log.acts import check_incident
from data.log.merging import merge_incidents, merge_records
from data.log.reading import read_incident
from data.log.undoing import undo_change
from data.places.named import NamedPlace as Place
from data.places.named import is_place
from data.schema import OUTCOMES, SETTINGS, UNKNOWN
from tests.conftest import incident_row, insert
from tests.data.log.conftest import HACKNEY, SE15, SE15_4, SOUTHWARK, imported, log, table, vars_of


def test_merging_keeps_the_better_of_each(store):
    keep = log(
        store, place=SOUTHWARK, hour_from=6, hour_to=11, crowd_size=50, people_detained=2, outcome="prevented"
    )
    other = log(
        store, place=SE15_4, hour_from=7, hour_to=7, crowd_size=80, duration_minutes=45, setting="workplace"
    )
    check_incident(store, other, "medium")
    merged = merge_incidents(store, keep, other)
    record = read_incident(store, keep)
    assert merged.conflicts == ()
    assert (
        record
        | {
            "started_earliest": datetime(2022, 1, 11, 7),
            "started_latest": datetime(2022, 1, 11, 7),
            "date_precision": "hour",
            "locality_code": "E09000028-SE15-4",
            "crowd_size": 80,
            "people_detained": 2,
            "duration_minutes": 45,
            "outcome": "prevented",
            "setting": "workplace",
            "confidence": "medium",
            "review": "to check",
        }
        == record
    )
    with pytest.raises(InputError):
        read_incident(store, other)


def test_where_two_contradict_each_other_the_kept_one_stays_and_it_is_said(store):
    keep = log(store, place=SE15, hour_from=7, hour_to=7, setting="home", people_detained=2)
    other = log(store, place=HACKNEY, hour_from=15, hour_to=15, setting="street", people_detained=3)
    before = read_incident(store, keep)
    merged = merge_incidents(store, keep, other)
    assert merged.conflicts == ("started_earliest", "location_precision", "setting", "people_detained")
    assert "contradicted each other in: started earliest, location precision, setting" in merged.sentence
    assert read_incident(store, keep) == before


def test_merging_is_one_step_and_taken_back_at_once(store):
    keep, other = log(store, crowd_size=50), log(store, crowd_size=80)
    before = table(store)
    undone = undo_change(store, merge_incidents(store, keep, other).step)
    assert undone.act == "merged"
    assert set(undone.incident_ids) == {keep, other}
    assert table(store) == before


def test_a_young_record_does_not_show_early_because_an_old_one_took_it_in(store):
    with store.write() as connection:
        insert(
            connection,
            "incidents",
            [imported(1, datetime(2022, 6, 15), source_kind="press", **vars_of(SE15))],
        )
        connection.execute(
            """
            INSERT INTO imports
            SELECT import_id, 'incidents', now()::TIMESTAMP, 'a', 'b', 'unknown', NULL, 1, 1, 0, 0, 3, true, NULL FROM incidents
            """
        )
    shown = "00000000-0000-4000-9000-000000000001"
    young = log(store, day=date(2022, 6, 15), place=SE15_4)
    with pytest.raises(InputError, match="Keep the other one"):
        merge_incidents(store, shown, young)
    assert merge_incidents(store, young, shown).conflicts == ()
    assert store.sql("SELECT * FROM incidents").num_rows == 0


def test_a_record_is_not_merged_with_itself(store):
    incident_id = log(store)
    with pytest.raises(InputError, match="one and the same"):
        merge_incidents(store, incident_id, incident_id)


RECORDS = st.builds(
    lambda start, hours, place, numbers, words: (
        incident_row(start, start + timedelta(hours=hours), **vars_of(place), **numbers, **words)
        | {"date_precision": "hour" if hours == 0 else "day"}
    ),
    st.sampled_from([datetime(2022, 1, 11, hour) for hour in (0, 6, 7)]),
    st.sampled_from([0, 5, 16]),
    st.sampled_from([SE15_4, SE15, SOUTHWARK, HACKNEY, Place(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)]),
    st.fixed_dictionaries(
        {"crowd_size": st.sampled_from([None, 50, 80]), "people_detained": st.sampled_from([None, 0, 2])}
    ),
    st.fixed_dictionaries({"setting": st.sampled_from(SETTINGS), "outcome": st.sampled_from(OUTCOMES)}),
)


@given(RECORDS, RECORDS)
def test_merging_never_loses_what_is_stated_nor_makes_up_what_is_not(keep, other):
    merged, conflicts = merge_records(keep, other)
    for name, value in merged.items():
        assert value in (keep[name], other[name])
    for name in ("setting", "outcome", "people_detained"):
        stated = [record[name] for record in (keep, other) if record[name] not in (None, UNKNOWN)]
        assert (merged[name] in stated) == bool(stated)
        assert (name in conflicts) == (len(set(stated)) == 2)
    crowds = [record["crowd_size"] for record in (keep, other) if record["crowd_size"] is not None]
    assert merged["crowd_size"] == max(crowds, default=None)
    assert is_place(Place(*(merged[name] for name in vars_of(SE15))))
    assert merge_records(merged, merged) == (merged, ())
