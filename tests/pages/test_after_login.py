"""A page that is still on a screen after the login is over: what is pressed on it changes nothing."""

import shutil
from datetime import date

import pytest

from data.imports.importer import import_file
from data.keeping.backup import fingerprints
from data.log.acts import log_incident
from data.log.entry import IncidentEntry
from data.store.store import Store
from pages.shared.door import access, doorkeeper
from pages.shared.door.access import LOGIN_NEEDED
from pages.shared.door.login import Login
from pages.shared.door.roles import Role
from pages.shared.records.record_cards import FORM
from tests.pages.conftest import open_page

LOCK, RECORDS, ORGANISE = "pages/7_Lock.py", "pages/6_Records.py", "pages/4_Organise.py"


@pytest.fixture
def store(bundled_database, tmp_path, monkeypatch):
    """A store of the test's own, with a record logged and a file imported."""
    path = shutil.copy(bundled_database, tmp_path / "own.duckdb")
    monkeypatch.setenv("RAIDS_DATABASE", str(path))
    store = Store(path)
    log_incident(store, IncidentEntry(date(2022, 6, 14), place="SE15", outcome="prevented"))
    log_incident(store, IncidentEntry(date(2022, 6, 14), 7, 7, "SE15", outcome="prevented", crowd_size=40))
    log = tmp_path / "log.csv"
    log.write_text("date,borough\n01/06/2022,Camden\n")
    import_file(store, log)
    return store


@pytest.fixture
def over(monkeypatch):
    """Ends the login: from then on nobody is logged in."""
    monkeypatch.setattr(doorkeeper, "is_at_the_door", True)
    return lambda: monkeypatch.setattr(access, "read_login", lambda: Login("https://raids.example"))


def press(app, label):
    button = next(button for button in app.button if button.label == label)
    return button.click().run()


def type_place(app):
    place = next(box for box in app.text_input if box.label.startswith("Postcode, district"))
    return place.set_value("SE15").run()


def check_nothing_changed(app, store, before):
    assert not app.exception
    assert [each.value for each in app.markdown] == [LOGIN_NEEDED]
    assert fingerprints(store) == before


@pytest.mark.parametrize(
    ("script", "section", "typed", "button"),
    [
        pytest.param(LOCK, "", {"setting-hidden_days": 77}, "Save", id="settings"),
        pytest.param(LOCK, "", {"wipe-word": "WIPE"}, "Wipe everything", id="wipe"),
        pytest.param(ORGANISE, "", {"groups-area": "NW1"}, "Add the area", id="group"),
        pytest.param(ORGANISE, "", {}, "Take it away", id="area"),
        pytest.param(RECORDS, "files", {}, "Yes, take it back", id="import"),
        pytest.param(RECORDS, "check", {}, "Looks right: high", id="check"),
        pytest.param(RECORDS, "check", {}, "Delete", id="delete"),
        pytest.param(RECORDS, "check", {}, "Make one record of them", id="merge"),
        pytest.param(RECORDS, "check", {}, "Not the same", id="apart"),
        pytest.param(RECORDS, "check", {}, "Yes, take it back", id="trail"),
    ],
)
def test_a_button_pressed_after_the_login_is_over_changes_nothing(
    store, over, script, section, typed, button
):
    app = open_page(script, **({"section": section} if section else {}))
    for key, value in typed.items():
        next(each for each in (*app.text_input, *app.number_input) if each.key == key).set_value(value)
    before = fingerprints(store)
    over()
    check_nothing_changed(press(app, button), store, before)


def test_nothing_is_logged_after_the_login_is_over(store, over):
    app = type_place(open_page(RECORDS))
    before = fingerprints(store)
    over()
    check_nothing_changed(press(app, "Save this record"), store, before)


def test_a_pair_told_apart_is_not_offered_again_after_the_login_is_over(store, over):
    app = press(open_page(RECORDS, section="check"), "Not the same")
    before = fingerprints(store)
    over()
    check_nothing_changed(press(app, "Offer again"), store, before)


@pytest.mark.parametrize("button", ["Undo", "Delete"])
def test_what_was_just_logged_is_not_taken_back_after_the_login_is_over(store, over, button):
    app = press(type_place(open_page(RECORDS)), "Save this record")
    before = fingerprints(store)
    over()
    check_nothing_changed(press(app, button), store, before)


def test_a_correction_is_not_saved_after_the_login_is_over(store, over):
    app = press(open_page(RECORDS, section="check"), "Edit")
    app.pills(key=f"{FORM}outcome").set_value("people detained").run()
    before = fingerprints(store)
    over()
    check_nothing_changed(press(app, "Save the changes"), store, before)


def test_a_passphrase_typed_after_the_login_is_over_locks_nothing(store, over):
    app = open_page(LOCK)
    for box in app.text_input:
        if str(box.key).startswith("passphrase-lock"):
            box.input("six words nobody would put together")
    over()
    press(app, "Lock the records")
    assert not Store(store.path).is_encrypted


@pytest.mark.parametrize(
    ("seconds", "groups", "role"),
    [
        (10, ["raids-keeper"], Role.keeper),
        (10, ["raids-viewer"], Role.viewer),
        (10, ["kitchen"], None),
        (0, ["raids-keeper"], None),
        (-10, ["raids-keeper"], None),
    ],
)
def test_the_role_is_that_of_this_moment(monkeypatch, seconds, groups, role):
    now = 1_000_000
    claims = {"is_logged_in": True, "iat": now - 8 * 3600 + seconds, "groups": groups}
    monkeypatch.setattr("pages.shared.door.login.time.time", lambda: now)
    monkeypatch.setattr(access, "read_login", lambda: Login("https://raids.example"))
    monkeypatch.setattr(access.st, "user", type("User", (), {"to_dict": lambda self: claims})())
    assert access.role_now() is role

    done = []
    access.by_recorders(done.append)("recorded")
    access.by_keepers(done.append)("kept")
    assert done == (["recorded", "kept"] if role is Role.keeper else [])
