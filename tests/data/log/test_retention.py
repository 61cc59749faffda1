"""What is too old goes, and nothing else does."""

from datetime import date, datetime, timedelta

import pytest

from data.errors import InputError
from data.log.retention import (
    delete_too_old,
    delete_when_due,
    give_notice,
    is_day_plausible,
    read_notice,
    what_is_too_old,
)
from data.schema import LOG_IMPORT_ID
from data.store.settings import first_day_kept
from data.store.store import Store
from tests.conftest import import_row, incident_row, insert

TODAY = date(2026, 11, 23)
EDGE = datetime(2020, 11, 23)  # six years before
BEFORE = datetime(2020, 11, 22, 23)
LONG_AGO, LATELY = datetime(2026, 1, 5, 9), datetime(2026, 11, 20, 9)
OWN, NEW, BUNDLED = (f"00000000-0000-4000-9000-00000000000{number}" for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("data.clock.today", lambda: TODAY)


def record(number: int) -> str:
    return f"00000000-0000-4000-a000-{number:012}"


def put(store: Store, number: int, start: datetime, import_id=OWN, end: datetime | None = None) -> None:
    row = incident_row(start, end) | {
        "incident_id": record(number),
        "import_id": import_id,
        "review": "as imported",
    }
    with store.write() as connection:
        insert(connection, "incidents", [row])


def change(store: Store, step: int, number: int, act: str, happened_at=LONG_AGO, undoes=None) -> None:
    row = {
        "number": step * 10 + number, "step": step, "happened_at": happened_at, "incident_id": record(number), "act": act,
        "column_name": "setting", "value_before": "home", "value_after": "street", "undoes": undoes,
    }  # fmt: skip
    with store.write() as connection:
        insert(connection, "changes", [row])


def kept(store: Store) -> list[int]:
    rows = store.cursor().execute("SELECT incident_id FROM store.main.incidents ORDER BY ALL").fetchall()
    return [int(str(row[0])[-12:]) for row in rows]


def steps(store: Store) -> list[int]:
    return store.sql("SELECT DISTINCT step FROM changes ORDER BY step")["step"].to_pylist()


def imports(store: Store) -> list[str]:
    return [
        str(value)
        for value in store.sql("SELECT import_id FROM imports ORDER BY ALL")["import_id"].to_pylist()
    ]


@pytest.fixture
def store(toy_store) -> Store:
    with toy_store.write() as connection:
        insert(
            connection,
            "imports",
            [
                import_row(import_id=OWN, imported_at=LONG_AGO),
                import_row(import_id=NEW, imported_at=LATELY),
                import_row(import_id=BUNDLED, imported_at=LONG_AGO, is_bundled=True),
                import_row(import_id=LOG_IMPORT_ID, imported_at=LONG_AGO, kind="log"),
            ],
        )
    return toy_store


def test_a_record_goes_on_the_day_after_its_last_possible_hour_is_six_years_past(store):
    put(store, 1, BEFORE)
    put(store, 2, EDGE)
    put(store, 3, datetime(2020, 1, 1), end=EDGE)  # "2020", which reaches over the edge
    assert delete_too_old(store).incidents == 1
    assert kept(store) == [2, 3]


@pytest.mark.parametrize(
    ("now", "first"), [(date(2028, 2, 29), date(2022, 2, 28)), (date(2027, 3, 1), date(2021, 3, 1))]
)
def test_the_first_day_kept_is_a_day_that_exists(now, first):
    assert first_day_kept(6, now) == first


def test_the_years_are_a_setting(store):
    put(store, 1, datetime(2024, 1, 1))
    assert what_is_too_old(store).incidents == 0
    store.decide("retention_years", 2)
    assert delete_too_old(store).incidents == 1


def test_what_came_with_the_dashboard_stays(store):
    put(store, 1, datetime(2007, 1, 1), BUNDLED)
    assert delete_too_old(store).is_empty()
    assert kept(store) == [1]


@pytest.fixture
def at(monkeypatch):
    """Sets the machine's day to so many days after TODAY."""

    def set_day(days: int) -> None:
        monkeypatch.setattr("data.clock.today", lambda: TODAY + timedelta(days=days))

    return set_day


def test_nothing_goes_by_itself_that_no_keeper_was_told_of(store, at):
    put(store, 1, BEFORE)
    for days in range(0, 50, 5):
        at(days)
        assert delete_when_due(store).is_empty()
    assert kept(store) == [1]


def test_what_a_keeper_was_told_of_goes_thirty_days_later_and_not_before(store, at):
    put(store, 1, BEFORE)
    put(store, 2, EDGE)
    notice = give_notice(store)
    assert (notice.told_on, notice.due, notice.told.incidents) == (TODAY, date(2026, 12, 23), 1)
    assert read_notice(store) == notice
    at(29)
    assert delete_when_due(store).is_empty()
    at(30)
    assert delete_when_due(store) == notice.told
    assert kept(store) == [2]


def test_a_notice_covers_no_more_than_it_told_of(store, at):
    put(store, 1, BEFORE)
    put(store, 2, EDGE)  # too old on the next day
    put(store, 3, BEFORE, NEW)
    put(store, 4, BEFORE)
    told = give_notice(store).told
    with store.write() as connection:
        connection.execute(
            "UPDATE imports SET imported_at = ? WHERE import_id = ?", [datetime(2026, 11, 24), NEW]
        )
    change(store, 1, 4, "edited", datetime(2026, 11, 25))
    at(30)
    assert what_is_too_old(store).incidents == 4
    assert told.incidents == 3
    assert delete_when_due(store).incidents == 1
    assert kept(store) == [2, 3, 4]
    # The rest is told of in its turn.
    assert read_notice(store) is None
    assert give_notice(store).told.incidents == 3
    assert delete_when_due(store).is_empty()
    at(60)
    assert delete_when_due(store).incidents == 3


def test_other_years_need_another_notice(store, at):
    put(store, 1, BEFORE)
    put(store, 2, datetime(2024, 1, 1))
    give_notice(store)
    store.decide("retention_years", 2)
    assert read_notice(store) is None
    at(30)
    assert delete_when_due(store).is_empty()
    assert kept(store) == [1, 2]


def test_years_that_are_raised_in_time_keep_the_records(store, at):
    put(store, 1, BEFORE)
    give_notice(store)
    store.decide("retention_years", 8)
    at(30)
    assert delete_when_due(store).is_empty()


def test_a_person_deletes_at_once_and_the_notice_ends(store):
    put(store, 1, BEFORE, NEW)
    put(store, 2, BEFORE, LOG_IMPORT_ID)
    change(store, 1, 2, "logged", LATELY)
    give_notice(store)
    assert delete_too_old(store).incidents == 2
    assert kept(store) == []
    assert store.sql("SELECT * FROM settings").num_rows == 0


@pytest.mark.parametrize("years", [1, 10, 30])
@pytest.mark.parametrize("is_told", [False, True])
def test_a_clock_years_ahead_deletes_nothing_by_itself(store, at, years, is_told):
    put(store, 1, BEFORE)
    put(store, 2, datetime(2026, 1, 1))
    change(store, 1, 3, "deleted", LONG_AGO)
    if is_told:
        give_notice(store)
    at(365 * years)
    assert not is_day_plausible(store)
    assert delete_when_due(store).is_empty()
    assert kept(store) == [1, 2]
    assert steps(store) == [1]


def test_a_day_that_a_keeper_says_is_right_starts_the_thirty_days_anew(store, at):
    put(store, 1, BEFORE)
    give_notice(store)
    at(61)
    assert delete_when_due(store).is_empty()
    assert give_notice(store).due == date(2027, 2, 22)
    assert is_day_plausible(store)
    assert delete_when_due(store).is_empty()
    at(91)
    assert delete_when_due(store).incidents == 1


def test_a_notice_of_a_day_to_come_is_none(store, at):
    put(store, 1, BEFORE)
    at(3650)
    give_notice(store)
    at(0)
    assert read_notice(store) is None
    assert delete_when_due(store).is_empty()
    assert kept(store) == [1]


def test_the_trail_of_what_was_deleted_by_hand_goes_without_a_notice(store):
    put(store, 1, BEFORE)
    change(store, 1, 2, "deleted", LONG_AGO)
    assert delete_when_due(store).changes == 1
    assert (kept(store), steps(store)) == ([1], [])


def test_the_day_of_the_notice_cannot_be_set_by_a_person(store):
    with pytest.raises(InputError, match="no such setting"):
        store.decide("told_on", 0)


def test_saying_what_would_go_changes_nothing_and_agrees_with_what_goes(store):
    put(store, 1, BEFORE)
    put(store, 2, EDGE)
    change(store, 1, 1, "edited")
    before = store.path.read_bytes()
    said = what_is_too_old(store)
    assert store.path.read_bytes() == before
    assert delete_too_old(store) == said
    assert what_is_too_old(store).is_empty()


def test_with_nothing_too_old_nothing_is_written(store):
    put(store, 1, EDGE)
    before = store.version()
    assert delete_too_old(store).is_empty()
    assert store.version() == before


def test_the_trail_of_what_goes_goes_with_it_by_whole_steps(store):
    put(store, 1, BEFORE)
    put(store, 2, EDGE)
    change(store, 1, 1, "edited", LATELY)
    change(store, 2, 1, "merged")
    change(store, 2, 2, "merged")
    change(store, 3, 2, "edited")
    assert delete_too_old(store).changes == 3
    assert steps(store) == [3]


def test_the_trail_of_a_record_deleted_by_hand_goes_after_thirty_days(store):
    put(store, 3, EDGE)
    change(store, 1, 1, "edited", LONG_AGO)
    change(store, 2, 1, "deleted", LONG_AGO)
    change(store, 3, 2, "deleted", LATELY)  # can still be brought back
    change(store, 4, 3, "edited", LONG_AGO)
    assert delete_too_old(store).changes == 2
    assert steps(store) == [3, 4]


def test_no_step_is_left_that_takes_back_one_which_is_gone(store):
    change(store, 1, 1, "deleted", LONG_AGO)
    change(store, 2, 1, "undone", LONG_AGO, undoes=1)
    change(store, 3, 1, "deleted", LATELY)
    assert delete_too_old(store).is_empty()
    assert steps(store) == [1, 2, 3]


def test_an_import_of_which_nothing_is_left_goes_with_its_rejects(store):
    put(store, 1, BEFORE)
    put(store, 2, BEFORE, NEW)
    put(store, 3, EDGE, NEW)
    with store.write() as connection:
        insert(
            connection,
            "rejects",
            [{"import_id": OWN, "row": 2, "column_name": "date", "reason": "no such day"}],
        )
    assert delete_too_old(store).imports == 1
    assert imports(store) == sorted([NEW, BUNDLED, LOG_IMPORT_ID])
    assert store.sql("SELECT * FROM rejects").num_rows == 0


def test_an_import_that_kept_no_row_stays_while_it_is_young(store):
    delete_too_old(store)
    assert OWN in imports(store)


def test_the_log_keeps_its_row_and_the_right_number(store):
    put(store, 1, BEFORE, LOG_IMPORT_ID)
    put(store, 2, EDGE, LOG_IMPORT_ID)
    delete_too_old(store)
    row = store.sql('SELECT "rows", kept FROM imports WHERE import_id = ?', [LOG_IMPORT_ID]).to_pylist()[0]
    assert row == {"rows": 1, "kept": 1}


def test_official_figures_and_walks_stay_and_only_who_had_them_goes(store):
    event = {"number": 1, "plan_id": "a", "walk": 1, "event": "done", "walker": 7, "leaflets": 5}
    with store.write() as connection:
        insert(
            connection,
            "leaflet_events",
            [event | {"happened_at": BEFORE}, event | {"number": 2, "happened_at": EDGE}],
        )
    assert delete_too_old(store).walkers == 1
    left = store.sql("SELECT walker, leaflets FROM leaflet_events ORDER BY number").to_pylist()
    assert left == [{"walker": None, "leaflets": 5}, {"walker": 7, "leaflets": 5}]


def test_what_was_deleted_is_nowhere_in_the_file(store):
    code = "E09000012-CANARY"
    with store.write() as connection:
        rows = [
            incident_row(BEFORE, locality_code=code)
            | {"incident_id": record(number), "import_id": OWN, "review": "as imported"}
            for number in range(500)
        ]
        insert(connection, "incidents", rows)
    assert code.encode() in store.path.read_bytes()
    delete_too_old(store)
    assert not any(code.encode() in path.read_bytes() for path in store.path.parent.iterdir())
