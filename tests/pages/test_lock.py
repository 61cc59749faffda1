"""The lock, as a person meets it: nothing before the passphrase, nothing after a while, and the way to keep and destroy."""

import io
import shutil
from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st

from analysis.words import day_in_words
from data.keeping.backup import fingerprints, inspect_backup
from data.keeping.opening import open_store
from data.store import keys
from data.store.store import Store
from pages.shared.door import idle
from pages.shared.door.passphrase import suggest_passphrase
from pages.shared.door.roles import Role
from pages.shared.door.unlock import offer_passphrase
from tests.conftest import import_row, incident_row, insert
from tests.pages.conftest import PAGES, html, open_page, remembered, words

LOCK = "pages/7_Lock.py"
RECORDS = "pages/6_Records.py"
PASSPHRASE = "six words nobody would put together"
OTHER = "another passphrase altogether"
WRONG = ["wrong", "", "six", "six words nobody would put togethe", PASSPHRASE.upper(), "a" * 900]
# 139 incidents come with the dashboard.
HELD = "139"


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch):
    monkeypatch.setattr(keys, "SCRYPT_N", 2**4)


@pytest.fixture(autouse=True)
def _no_watch_left_behind():
    """One that asks the store while Python ends would end it with an error."""
    yield
    for held in idle._locks.values():
        held.was_typed = False
    idle._locks.clear()


@pytest.fixture(scope="session")
def locked_database(bundled_database, tmp_path_factory):
    path = tmp_path_factory.mktemp("locked") / "raids.duckdb"
    shutil.copy(bundled_database, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "SCRYPT_N", 2**4)
        Store(path).change_passphrase(PASSPHRASE)
    return path


@pytest.fixture
def database(bundled_database, tmp_path, monkeypatch):
    """A plain store of the test's own."""
    path = tmp_path / "raids.duckdb"
    shutil.copy(bundled_database, path)
    monkeypatch.setenv("RAIDS_DATABASE", str(path))
    return path


@pytest.fixture
def locked(locked_database, tmp_path, monkeypatch):
    """An encrypted store of the test's own."""
    path = tmp_path / "raids.duckdb"
    shutil.copy(locked_database, path)
    shutil.copy(keys.salt_path(locked_database), keys.salt_path(path))
    monkeypatch.setenv("RAIDS_DATABASE", str(path))
    return path


@pytest.fixture
def clock(monkeypatch):
    """A clock that is moved by hand: `clock[0]` seconds of running time, `clock[1]` of the day."""
    now = [1_000.0, 1_000_000.0]
    monkeypatch.setattr(idle, "clocks", lambda: tuple(now))
    return now


def field(app, label: str):
    return next(each for each in app.text_input if each.label == label)


def press(app, label: str):
    return next(each for each in app.button if each.label == label).click().run()


def type_in(app, passphrase: str):
    field(app, "Passphrase").input(passphrase)
    return press(app, "Unlock")


def unlocked(script: str = LOCK):
    return type_in(open_page(script), PASSPHRASE)


def said(app) -> str:
    told = [each.value for kind in ("success", "error", "markdown", "warning") for each in app.get(kind)]
    return "\n".join([words(app), *told]).replace("\\", "")


def is_locked_screen(app) -> bool:
    return (
        not app.exception
        and [title.value for title in app.title] == ["Locked"]
        and [each.label for each in app.text_input] == ["Passphrase"]
        and [each.label for each in app.button] == ["Unlock"]
        and not any("<table" in body or "<p" in body for body in html(app))
        and not app.sidebar.children.get(0)
    )


@pytest.mark.parametrize("script", PAGES)
def test_a_locked_store_shows_the_form_and_nothing_else_on_every_page(locked, script):
    app = open_page(script)
    assert is_locked_screen(app)
    assert HELD not in said(app)


@pytest.mark.parametrize("script", PAGES)
def test_every_page_opens_after_the_passphrase(locked, script):
    app = unlocked(script)
    assert not app.exception
    assert app.title[0].value == PAGES[script]


@pytest.mark.parametrize("typed", WRONG)
def test_wrong_empty_and_short_passphrases_are_told_the_same(locked, typed):
    app = type_in(open_page(LOCK), typed)
    assert [error.value.replace("\\", "") for error in app.error] == ["The passphrase is wrong."]
    assert [each.label for each in app.text_input] == ["Passphrase"]
    assert app.title[0].value == "Locked"
    assert not typed or typed not in remembered(app)


def test_the_passphrase_stays_nowhere_in_the_session(locked):
    app = unlocked()
    assert app.title[0].value == PAGES[LOCK]
    assert PASSPHRASE not in remembered(app)
    field(app, "Present passphrase").input(PASSPHRASE)
    field(app, "New passphrase").input(OTHER)
    field(app, "The new one once more").input(OTHER)
    app = press(app, "Change the passphrase")
    assert "The passphrase is changed." in said(app)
    assert OTHER not in remembered(app)
    assert PASSPHRASE not in remembered(app)


def test_one_person_unlocks_for_all_and_locks_for_all(locked):
    one, other = unlocked(), open_page(RECORDS)
    assert other.title[0].value == PAGES[RECORDS]
    assert is_locked_screen(press(one, "Lock now"))
    assert is_locked_screen(other.run())


def test_locking_drops_the_key_the_connections_and_the_answers(locked):
    app = unlocked("dashboard.py")
    store = idle._locks[locked].store
    assert store.sql("SELECT count(*) AS n FROM incidents")["n"][0].as_py() == 139
    asked = []

    @st.cache_data
    def answer(number):
        asked.append(number)

    answer(1)
    app = press(app, "Lock now")
    answer(1)
    assert asked == [1, 1]
    assert store.is_locked
    assert (store._key, store._reader) == (None, None)


def test_locking_empties_the_session(locked):
    app = unlocked()
    app.session_state["half a record"] = "typed by somebody"
    app.run()
    assert "typed by somebody" in remembered(app)
    app = press(app, "Lock now")
    assert "typed by somebody" not in remembered(app)


@pytest.mark.parametrize(
    ("which", "seconds", "is_locked"),
    [(0, 899, False), (0, 900, True), (1, 899, False), (1, 900, True), (1, -5000, False)],
)
def test_after_fifteen_minutes_without_use_by_either_clock_the_store_locks(
    locked, clock, which, seconds, is_locked
):
    app = unlocked()
    clock[which] += seconds
    app = app.run()
    assert is_locked_screen(app) is is_locked


@pytest.mark.parametrize("role", [Role.keeper, Role.recorder])
def test_use_of_any_page_by_who_records_puts_the_lock_off(locked, clock, monkeypatch, role):
    one = unlocked()
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: role)
    for _ in range(3):
        clock[0] += 800
        assert open_page("dashboard.py").title[0].value == PAGES["dashboard.py"]
    assert not is_locked_screen(one.run())
    assert one.title[0].value == PAGES[LOCK]


def test_who_only_looks_does_not_keep_the_records_open(locked, clock, monkeypatch):
    unlocked()
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: Role.viewer)
    clock[0] += 800
    app = open_page("dashboard.py")
    assert app.title[0].value == PAGES["dashboard.py"]
    clock[0] += 100
    assert app.run().title[0].value == "Locked"


@pytest.mark.parametrize("role", [Role.viewer, Role.recorder])
def test_keepers_alone_lock_and_unlock(locked, monkeypatch, role):
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: role)
    app = open_page("pages/8_About.py")
    assert [title.value for title in app.title] == ["Locked"]
    assert "Ask a keeper of your group to open the records." in said(app)
    assert not app.text_input
    assert not app.button
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: Role.keeper)
    assert "Lock now" in [button.label for button in unlocked("pages/8_About.py").button]
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: role)
    app = open_page("pages/8_About.py")
    assert app.title[0].value == PAGES["pages/8_About.py"]
    assert "Lock now" not in [button.label for button in app.button]


def test_the_minutes_are_a_setting(locked, clock):
    app = unlocked()
    idle._locks[locked].store.decide("idle_minutes", 2)
    clock[0] += 119
    assert not is_locked_screen(app.run())
    clock[0] += 120
    assert is_locked_screen(app.run())


def test_the_store_locks_with_no_page_open_to_notice(locked, clock, monkeypatch):
    monkeypatch.setattr(idle, "CHECK_SECONDS", 0.01)
    unlocked()
    held = idle._locks[locked]
    clock[0] += 900
    held._thread.join(timeout=60)
    assert held.store.is_locked


def test_looking_whether_it_is_time_is_no_use(locked, clock):
    unlocked()
    held = idle._locks[locked]
    for _ in range(9):
        clock[0] += 100
        held.lock_if_idle()
    assert held.store.is_locked


def test_a_passphrase_of_the_environment_does_not_lock_by_itself_but_can_be_locked(
    locked, clock, monkeypatch
):
    monkeypatch.setenv("RAIDS_PASSPHRASE", PASSPHRASE)
    app = open_page(LOCK)
    assert "was given by RAIDS_PASSPHRASE" in said(app)
    clock[0] += 100_000
    assert not is_locked_screen(app.run())
    app = press(app, "Lock now")
    assert is_locked_screen(app)
    assert is_locked_screen(app.run())
    assert type_in(app, PASSPHRASE).title[0].value == PAGES[LOCK]


def test_the_lock_page_itself_has_a_button_that_locks(locked):
    app = unlocked()
    assert is_locked_screen(app.button(key="lock-now-here").click().run())
    assert Store(locked).is_locked


def test_a_store_that_was_wiped_elsewhere_is_said_to_be_gone_and_begun_anew(locked):
    app = unlocked()
    locked.unlink()
    assert "no longer there" in said(app.run())
    assert app.run().title[0].value == PAGES[LOCK]


def test_a_plain_store_has_no_lock_to_press_and_says_so(database):
    app = open_page(LOCK)
    assert "not locked" in said(app)
    assert "Lock now" not in [button.label for button in app.button]


def test_a_passphrase_is_set_and_removed_on_the_page(database):
    app = open_page(LOCK)
    field(app, "Passphrase").input(PASSPHRASE)
    field(app, "The same once more").input(PASSPHRASE)
    app = press(app, "Lock the records")
    assert "They open with this passphrase" in said(app)
    assert Store(database).is_locked
    next(each for each in app.text_input if "remove" in each.key).input(PASSPHRASE)
    app = press(app, "Remove the passphrase")
    assert "no longer encrypted" in said(app)
    assert not Store(database).is_encrypted


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("short", "short", "too short"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "too short"),
        (PASSPHRASE, OTHER, "not the same"),
    ],
)
def test_a_weak_or_mistyped_passphrase_is_refused(database, first, second, told):
    app = open_page(LOCK)
    field(app, "Passphrase").input(first)
    field(app, "The same once more").input(second)
    app = press(app, "Lock the records")
    assert told in said(app)
    assert not Store(database).is_encrypted
    assert first not in remembered(app)


@pytest.mark.parametrize("button", ["Change the passphrase", "Remove the passphrase"])
def test_the_present_passphrase_is_asked_for_again_before_it_is_changed_or_removed(locked, button):
    app = unlocked()
    for each in app.text_input:
        if "present" in each.key:
            each.input("wrong")
        elif "change" in each.key:
            each.input(OTHER)
    app = press(app, button)
    assert "The passphrase is wrong." in said(app)
    Store(locked).unlock(PASSPHRASE)


def test_suggested_passphrases_are_six_words_and_never_twice_the_same():
    suggested = {suggest_passphrase() for _ in range(50)}
    assert len(suggested) == 50
    for each in suggested:
        assert len(each.split()) == 6
        keys.check_new_passphrase(each)


def test_the_first_visit_to_the_records_is_offered_a_passphrase_once_a_session(database):
    Store(database).decide("passphrase_declined", 0)
    app = open_page(RECORDS)
    assert "Lock the records" in [button.label for button in app.button]
    assert app.title[0].value == PAGES[RECORDS]
    assert "Lock the records" not in [button.label for button in app.run().button]


def test_declining_a_passphrase_is_remembered(database):
    Store(database).decide("passphrase_declined", 0)
    press(open_page(RECORDS), "Not now: anyone who takes this machine can read the records")
    assert Store(database).settings().passphrase_declined == 1
    assert "Lock the records" not in [button.label for button in open_page(RECORDS).button]


def test_the_offer_sets_a_passphrase(database):
    Store(database).decide("passphrase_declined", 0)
    app = open_page(RECORDS)
    field(app, "Passphrase").input(PASSPHRASE)
    field(app, "The same once more").input(PASSPHRASE)
    app = press(app, "Lock the records")
    assert not app.exception
    assert Store(database).is_locked
    assert PASSPHRASE not in remembered(app)


def test_an_encrypted_store_is_offered_nothing(locked, monkeypatch):
    def fail(store):
        pytest.fail("A passphrase is offered.")

    monkeypatch.setattr("pages.shared.door.unlock._draw_offer", fail)
    store = open_store(locked, PASSPHRASE)
    store.decide("passphrase_declined", 0)
    offer_passphrase(store)


@pytest.fixture
def saved(monkeypatch):
    """What download buttons hand out, by their label."""
    handed_out = {}
    draw = st.download_button

    def download_button(label, data, *arguments, **looks):
        handed_out[label] = data
        return draw(label, data, *arguments, **looks)

    monkeypatch.setattr(st, "download_button", download_button)
    return handed_out


def test_a_backup_of_a_plain_store_is_made_wiped_and_restored_on_the_page(database, saved):
    before = fingerprints(Store(database))
    app = open_page(LOCK)
    field(app, "Passphrase of the backup").input(OTHER)
    next(each for each in app.text_input if each.key == "passphrase-backup-second").input(OTHER)
    app = press(app, "Make a backup")
    whole = saved["Save the backup"]
    assert inspect_backup(database, io.BytesIO(whole), OTHER).incidents == 139
    assert "Save the backup" not in [button.proto.label for button in app.run().get("download_button")]

    field(app, "Type WIPE to confirm").input("WIPE")
    app = press(app, "Wipe everything")
    assert "Wiped." in said(app)
    assert fingerprints(Store(database)) != before

    app.file_uploader[0].set_value(("kept.zip", whole, "application/zip")).run()
    next(each for each in app.text_input if each.key == "passphrase-look-passphrase").input("wrong")
    app = press(app, "Look inside")
    assert "The passphrase is wrong" in said(app)
    next(each for each in app.text_input if each.key == "passphrase-look-passphrase").input(OTHER)
    app = press(app, "Look inside")
    assert "holds 139 recorded incidents from 11 October 2007" in said(app)
    field(app, "Passphrase of the backup, once more").input(OTHER)
    app = press(app, "Replace what is here with the backup")
    assert "Restored." in said(app)
    assert OTHER not in remembered(app)
    restored = Store(database)
    assert restored.is_locked
    restored.unlock(OTHER)
    assert fingerprints(restored) == before


def test_an_encrypted_store_hands_out_a_backup_under_its_passphrase_and_none_once_locked(locked, saved):
    app = unlocked()
    make = saved["Download a backup"]
    assert inspect_backup(locked, io.BytesIO(make()), PASSPHRASE).incidents == 139
    press(app, "Lock now")
    with pytest.raises(ValueError, match="locked"):
        make()


def test_a_damaged_backup_is_one_sentence(database):
    app = open_page(LOCK)
    app.file_uploader[0].set_value(("kept.zip", b"PK\x03\x04 and nothing", "application/zip")).run()
    next(each for each in app.text_input if each.key == "passphrase-look-passphrase").input(OTHER)
    app = press(app, "Look inside")
    assert "This backup is damaged" in said(app)


@pytest.mark.parametrize("typed", ["", "wipe", "WIPE IT"])
def test_without_the_word_nothing_is_wiped(database, typed):
    before = fingerprints(Store(database))
    app = open_page(LOCK)
    field(app, "Type WIPE to confirm").input(typed)
    assert "Nothing was wiped" in said(press(app, "Wipe everything"))
    assert fingerprints(Store(database)) == before


def test_settings_are_saved_and_kept_in_their_bounds(database):
    app = open_page(LOCK)
    numbers = {each.key: each for each in app.number_input}
    assert {key: (each.min, each.max) for key, each in numbers.items()} == {
        "setting-hidden_days": (30, 365),
        "setting-retention_years": (1, 30),
        "setting-idle_minutes": (1, 240),
    }
    numbers["setting-hidden_days"].set_value(60)
    numbers["setting-retention_years"].set_value(10)
    assert "Saved." in said(press(app, "Save"))
    settings = Store(database).settings()
    assert (settings.hidden_days, settings.retention_years, settings.idle_minutes) == (60, 10, 15)


def put_old_records(path, imported_at):
    batch = "00000000-0000-4000-9000-000000000001"
    with Store(path).write() as connection:
        insert(connection, "imports", [import_row(import_id=batch, imported_at=imported_at)])
        rows = [
            incident_row(datetime(2012, 1, 1, 9))
            | {"incident_id": f"{batch[:-1]}{end}", "import_id": batch, "review": "as imported"}
            for end in "23"
        ]
        insert(connection, "incidents", rows)


@pytest.fixture
def on_day(monkeypatch):
    """Sets the machine's day to so many days after the real one."""

    def set_day(days: int):
        day = datetime.now(UTC).date() + timedelta(days=days)
        monkeypatch.setattr("data.clock.today", lambda: day)
        return day

    return set_day


def weeks_ago(weeks):
    return datetime.now(UTC).replace(tzinfo=None) - timedelta(weeks=weeks)


def held_in(path):
    return fingerprints(Store(path))["incidents"][0]


def test_old_records_can_be_deleted_at_once(database):
    put_old_records(database, weeks_ago(0))
    app = open_page(LOCK)
    assert "Too old now: 2 records (of 1 January 2012), 1 import of which nothing is left." in said(app)
    app = press(app, "Yes, delete them")
    assert "Deleted: 2 records" in said(app)
    assert "Nothing is too old now." in said(app)


@pytest.mark.parametrize("page", [LOCK, RECORDS])
def test_old_records_go_thirty_days_after_a_keeper_was_told_in_numbers(database, on_day, page):
    put_old_records(database, weeks_ago(10))
    open_page("pages/8_About.py")
    day = on_day(0)
    app = open_page(page, section="files") if page == RECORDS else open_page(page)
    [notice] = [each.value for each in app.warning]
    too_old = f"Older than 6 years on {day_in_words(day)}: 2 records (of 1 January 2012), 1 import of which"
    assert too_old in notice
    assert f"This will be deleted on {day_in_words(day + timedelta(days=30))}, unless you keep" in notice
    on_day(29)
    open_page("pages/8_About.py")
    assert held_in(database) == 141
    on_day(30)
    assert "Today went: 2 records" in said(open_page(LOCK))
    assert held_in(database) == 139


@pytest.mark.parametrize("role", [Role.viewer, Role.recorder])
def test_nothing_runs_from_what_only_others_than_keepers_saw(database, on_day, monkeypatch, role):
    put_old_records(database, weeks_ago(10))
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: role)
    assert not open_page(RECORDS, section="files").warning
    on_day(31)
    open_page(RECORDS, section="files")
    assert held_in(database) == 141


def test_a_clock_ten_years_ahead_deletes_nothing_and_asks_a_keeper(database, on_day):
    put_old_records(database, weeks_ago(10))
    day = on_day(3650)
    assert "If it is wrong, set the clock." in said(open_page(RECORDS, section="files"))
    app = open_page(LOCK)
    assert f"By this machine's clock today is {day_in_words(day)}" in said(app)
    assert held_in(database) == 141
    app = press(app, f"The day is right: {day_in_words(day)}")
    assert f"goes from {day_in_words(day + timedelta(days=30))} on" in said(app)
    assert held_in(database) == 141
    on_day(3680)
    open_page(LOCK)
    assert held_in(database) == 139


def test_old_records_are_looked_for_once_a_day(database, on_day):
    put_old_records(database, weeks_ago(10))
    open_page(LOCK)
    on_day(30)
    with Store(database).write() as connection:
        connection.execute("UPDATE settings SET value = value + 30 WHERE name = 'told_on'")
    open_page(LOCK)
    with Store(database).write() as connection:
        connection.execute("UPDATE settings SET value = value - 30 WHERE name = 'told_on'")
    open_page(LOCK)
    assert held_in(database) == 141
    on_day(31)
    open_page(LOCK)
    assert held_in(database) == 139


@pytest.mark.parametrize("role", [Role.viewer, Role.recorder])
def test_who_is_no_keeper_is_told_one_sentence(database, monkeypatch, role):
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: role)
    app = open_page(LOCK)
    assert "Only a keeper of the records" in said(app)
    assert not app.file_uploader
    assert not [each for each in app.text_input if "passphrase" in str(each.key)]
    assert not app.button
