"""The group's own records of the last days are in the store and in no answer."""

import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from analysis.tables import incidents
from data import clock
from data.errors import InputError
from data.imports.importer import write_batch
from data.logs.incidents import IncidentBatch
from data.schema import LOG_IMPORT_ID, SOURCE_KINDS
from data.store.settings import first_hidden_day, shown_from
from data.store.store import create_store
from tests.conftest import examples, incident_row, incidents_table, insert

AN_IMPORT = "00000000-0000-4000-8000-00000000aaaa"


@pytest.fixture
def on(monkeypatch):
    """Set the clock to a day."""
    return lambda day: monkeypatch.setattr("data.clock.today", lambda: day)


def test_a_young_record_shows_when_its_days_are_over():
    noon = datetime(2022, 6, 14, 12)
    assert shown_from(noon, 30, date(2022, 7, 13)) == date(2022, 7, 14)
    assert shown_from(noon, 30, date(2022, 7, 14)) is None


@given(days=some.integers(-400, 400), hidden_days=some.integers(30, 365))
def test_a_record_shows_on_the_first_day_on_which_its_own_is_not_hidden(days, hidden_days):
    today = date(2026, 3, 1)
    started = datetime(2026, 3, 1, 23) + timedelta(days=days)
    day = shown_from(started, hidden_days, today)
    assert (day is None) == (started.date() < first_hidden_day(hidden_days, today))
    if day is not None:
        assert first_hidden_day(hidden_days, day) == started.date() + timedelta(days=1)


def add(store, start, end=None, source_kind="group report", import_id=AN_IMPORT):
    row = incident_row(
        start, end, source_kind=source_kind, import_id=import_id, incident_id=str(uuid.uuid4())
    )
    with store.write() as connection:
        insert(connection, "incidents", [row])


def shown(store) -> int:
    """As analyses ask, and as plain SQL does; both must see the same."""
    by_name = store.sql("SELECT count(*) AS n FROM incidents")["n"][0].as_py()
    assert len(store.run(incidents.select("outcome"))) == by_name
    return by_name


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2026, 3, 1), 0),  # the day itself
        (date(2026, 3, 30), 0),  # 29 days later, over the change to summer time
        (date(2026, 3, 31), 1),  # 30 days later
        (date(2026, 4, 1), 1),
        (date(2026, 2, 1), 0),  # a clock that is behind
    ],
)
def test_a_record_shows_on_the_thirtieth_day_and_not_before(toy_store, on, day, number):
    add(toy_store, datetime(2026, 3, 1, 23))
    on(day)
    assert shown(toy_store) == number


@pytest.mark.parametrize(("day", "number"), [(date(2024, 3, 29), 0), (date(2024, 3, 30), 1)])
def test_a_leap_day_counts_as_a_day(toy_store, on, day, number):
    add(toy_store, datetime(2024, 2, 29, 6))
    on(day)
    assert shown(toy_store) == number


def test_the_latest_hour_it_may_have_been_decides(toy_store, on):
    # Only the month is known: it may have been on the last day.
    add(toy_store, datetime(2026, 3, 1), datetime(2026, 3, 31, 23))
    on(date(2026, 4, 29))
    assert shown(toy_store) == 0
    on(date(2026, 4, 30))
    assert shown(toy_store) == 1


@pytest.mark.parametrize("source_kind", SOURCE_KINDS)
@pytest.mark.parametrize("import_id", [AN_IMPORT, LOG_IMPORT_ID])
def test_no_word_for_its_source_brings_a_record_out_early(toy_store, on, source_kind, import_id):
    on(date(2026, 3, 2))
    add(toy_store, datetime(2026, 3, 1, 7), source_kind=source_kind, import_id=import_id)
    assert shown(toy_store) == 0
    on(date(2026, 3, 31))
    assert shown(toy_store) == 1


def test_what_came_with_the_dashboard_shows_at_once(toy_store, on):
    on(date(2026, 3, 2))
    batch = IncidentBatch(
        incidents_table([incident_row(datetime(2026, 3, 1, 7))]), 1, [], None, headings=["date"]
    )
    with toy_store.write() as connection:
        write_batch(connection, Path("bundled.csv"), batch, "hash", is_bundled=True)
    add(toy_store, datetime(2026, 3, 1, 7), source_kind="press")
    assert shown(toy_store) == 1


@pytest.mark.parametrize(("decided", "in_force"), [(-400, 30), (0, 30), (29, 30), (2_000_000_000, 365)])
def test_a_delay_that_nobody_could_have_decided_is_brought_back_into_its_bounds(
    toy_store, on, decided, in_force
):
    """As a changed or restored store could hold it."""
    with toy_store.write() as connection:
        connection.execute("INSERT INTO settings VALUES ('hidden_days', ?)", [decided])
    on(date(2026, 3, 2))
    add(toy_store, datetime(2026, 3, 1, 7))
    assert toy_store.settings().hidden_days == in_force
    assert shown(toy_store) == 0
    on(date(2026, 3, 1) + timedelta(days=in_force))
    assert shown(toy_store) == 1


def test_a_new_day_is_a_new_version_so_that_no_answer_is_kept_too_long(toy_store, on):
    on(date(2026, 3, 1))
    before = toy_store.version()
    on(date(2026, 3, 2))
    assert toy_store.version() != before


def test_a_longer_delay_holds_at_once(toy_store, on):
    on(date(2026, 4, 15))
    add(toy_store, datetime(2026, 3, 1, 7))
    assert shown(toy_store) == 1
    toy_store.decide("hidden_days", 60)
    assert toy_store.settings().hidden_days == 60
    assert shown(toy_store) == 0
    on(date(2026, 4, 30))
    assert shown(toy_store) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hidden_days", 29),
        ("hidden_days", 0),
        ("hidden_days", 366),
        ("retention_years", 0),
        ("retention_years", 31),
        ("idle_minutes", 0),
        ("idle_minutes", 241),
        ("other", 1),
    ],
)
def test_a_setting_out_of_its_bounds_is_refused_and_changes_nothing(toy_store, name, value):
    before = toy_store.version()
    with pytest.raises(InputError):
        toy_store.decide(name, value)
    assert toy_store.version() == before


def test_a_write_sees_every_record(toy_store, on):
    on(date(2026, 3, 2))
    add(toy_store, datetime(2026, 3, 1, 7))
    with toy_store.write() as connection:
        assert connection.execute("SELECT count(*) FROM incidents").fetchone() == (1,)


@settings(max_examples=examples(15))
@given(ages=some.lists(some.integers(0, 400), min_size=1, max_size=8), delay=some.integers(30, 365))
def test_no_age_below_the_delay_ever_shows(tmp_path_factory, ages, delay):
    store = create_store(tmp_path_factory.mktemp("ages") / "store.duckdb")
    now = clock.today()
    with store.write() as connection:
        connection.execute("INSERT INTO settings VALUES ('hidden_days', ?)", [delay])
        rows = [
            incident_row(
                datetime.combine(now - timedelta(days=age), datetime.min.time()).replace(hour=age % 24)
            )
            | {"source_kind": "group report", "import_id": AN_IMPORT, "incident_id": str(uuid.uuid4())}
            for age in ages
        ]
        insert(connection, "incidents", rows)
    starts = store.run(incidents.select(day=ibis._.started_latest.date()))["day"]
    seen = sorted((now - day.date()).days for day in starts)
    assert seen == sorted(age for age in ages if age >= delay)
