"""What is entered of a raid: what is written, and what is not."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from data.errors import InputError
from data.log.acts import log_incident
from data.log.entry import IncidentEntry, entered_start, entry_columns
from data.log.reading import read_incident
from data.schema import LOG_IMPORT_ID, UNKNOWN
from tests.data.log.conftest import LONG_AGO, SE15, SE15_4, TODAY


def test_a_logged_raid_is_kept_by_the_hour_and_waits_for_a_second_look(store):
    logged = log_incident(
        store, IncidentEntry(LONG_AGO, 7, 7, setting="workplace", people_detained=2, crowd_size=80), SE15_4
    )
    assert read_incident(store, logged.incident_id) == {
        "incident_id": logged.incident_id,
        "started_earliest": datetime(2022, 1, 11, 7),
        "started_latest": datetime(2022, 1, 11, 7),
        "date_precision": "hour",
        "locality_code": "E09000028-SE15-4",
        "borough_code": "E09000028",
        "postcode_district": "SE15",
        "location_precision": "locality",
        "setting": "workplace",
        "outcome": UNKNOWN,
        "people_detained": 2,
        "people_released": None,
        "crowd_size": 80,
        "duration_minutes": None,
        "police_present": UNKNOWN,
        "community_response": UNKNOWN,
        "source_kind": "group report",
        "confidence": "low",
        "import_id": LOG_IMPORT_ID,
        "review": "to check",
    }


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((None, None), (0, 23, "day")),
        ((6, 11), (6, 11, "day")),
        ((7, 7), (7, 7, "hour")),
        ((0, 23), (0, 23, "day")),
    ],
)
def test_the_start_is_as_wide_as_it_is_known(hours, expected):
    columns = entry_columns(IncidentEntry(LONG_AGO, *hours), SE15)
    first, last, precision = expected
    assert (columns["started_earliest"], columns["started_latest"], columns["date_precision"]) == (
        datetime(2022, 1, 11, first),
        datetime(2022, 1, 11, last),
        precision,
    )


@given(day=some.dates(date(1990, 1, 1), TODAY), hours=some.tuples(some.integers(0, 23), some.integers(0, 23)))
@example(day=LONG_AGO, hours=(None, None))
@example(day=LONG_AGO, hours=(23, 25))
def test_day_and_hours_come_back_from_the_columns(day, hours):
    entered = tuple(sorted(hours)) if None not in hours else hours
    columns = entry_columns(IncidentEntry(day, *entered), SE15)
    start = entered_start(columns)
    assert (start["day"], start["date_precision"]) == (day, "day")
    # All 24 hours say no more than the day.
    assert (start["hour_from"], start["hour_to"]) == (entered if entered != (0, 23) else (None, None))


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        ("month", datetime(2024, 2, 1), datetime(2024, 2, 29, 23)),
        ("year", datetime(2024, 1, 1), datetime(2024, 12, 31, 23)),
    ],
)
def test_a_month_or_a_year_is_kept_from_its_first_hour_to_its_last(precision, first, last):
    columns = entry_columns(IncidentEntry(date(2024, 2, 7), date_precision=precision), SE15)
    assert [columns[name] for name in ("started_earliest", "started_latest", "date_precision")] == [
        first,
        last,
        precision,
    ]
    back = entered_start(columns)
    assert entry_columns(IncidentEntry(**back), SE15) == columns


def test_a_night_goes_on_after_midnight(store):
    logged = log_incident(store, IncidentEntry(LONG_AGO, 23, 24), SE15_4)
    record = read_incident(store, logged.incident_id)
    assert (record["started_earliest"], record["started_latest"], record["date_precision"]) == (
        datetime(2022, 1, 11, 23),
        datetime(2022, 1, 12, 0),
        "day",
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (IncidentEntry(TODAY + timedelta(days=1)), "after today"),
        (IncidentEntry(date(1989, 12, 31)), "before 1990"),
        (IncidentEntry(LONG_AGO, 8, 6), "ends before it begins"),
        (IncidentEntry(LONG_AGO, 24, 24), "from 0 to 23"),
        (IncidentEntry(LONG_AGO, 6, 30), "ends before it begins"),
        (IncidentEntry(LONG_AGO, 6, 6, date_precision="month"), "nothing without its day"),
        (IncidentEntry(date(TODAY.year + 1, 1, 1), date_precision="year"), "after today"),
        (IncidentEntry(date(1989, 1, 1), date_precision="year"), "before 1990"),
        (IncidentEntry(date(2022, 3, 27), 1, 1), "no such hour"),
        (IncidentEntry(LONG_AGO, setting="nail bar"), "setting takes one of"),
        (IncidentEntry(LONG_AGO, outcome="Two men, 07700 900123"), "outcome takes one of"),
        (IncidentEntry(LONG_AGO, people_detained=-1), "people detained must be"),
        (IncidentEntry(LONG_AGO, people_detained=40_000), "too large"),
        (IncidentEntry(LONG_AGO, crowd_size=2.5), "crowd size must be"),
        (IncidentEntry(LONG_AGO, police_present="maybe"), "police present takes one of"),
        (IncidentEntry(LONG_AGO, source_kind="a friend"), "source kind takes one of"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(store, entry, told):
    before = store.version()
    with pytest.raises(InputError, match=told) as refused:
        log_incident(store, entry, SE15)
    assert "07700" not in str(refused.value)
    assert store.version() == before


def set_utc(monkeypatch, hour, minute):
    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2022, 6, 16, hour, minute, tzinfo=tz)

    monkeypatch.setattr("data.clock.datetime", Then)


def test_the_first_hour_of_a_summer_day_in_london_is_today(store, monkeypatch):
    set_utc(monkeypatch, 23, 30)
    assert log_incident(store, IncidentEntry(date(2022, 6, 17)), SE15)
    with pytest.raises(InputError):
        log_incident(store, IncidentEntry(date(2022, 6, 18)), SE15)


@pytest.mark.parametrize(
    ("hours", "is_past"),
    [((13, 13), True), ((14, 14), False), ((12, 17), True), ((18, 23), False), ((None, None), True)],
)
def test_an_hour_that_has_not_begun_in_london_is_refused(store, monkeypatch, hours, is_past):
    set_utc(monkeypatch, 12, 4)  # 13:04 in London
    entry = IncidentEntry(TODAY, *hours)
    if is_past:
        assert log_incident(store, entry, SE15)
    else:
        with pytest.raises(InputError, match="That hour is still to come"):
            log_incident(store, entry, SE15)
        assert log_incident(store, IncidentEntry(TODAY - timedelta(days=1), *hours), SE15)


def test_a_day_of_today_is_allowed_and_an_entry_needs_a_place(store):
    assert log_incident(store, IncidentEntry(TODAY, place="SE15 4QL"))
    with pytest.raises(InputError, match="place is missing"):
        log_incident(store, IncidentEntry(TODAY))
