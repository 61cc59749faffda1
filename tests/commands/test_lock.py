"""Locking, keeping and destroying from the command line."""

import json
import sys
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from commands import lock, terminal
from data import clock
from data.store import keys
from data.store.store import Store, files_of
from tests.command_line import run_cli
from tests.conftest import import_row, incident_row, insert

PASSPHRASE = "six words nobody would put together"
OTHER = "another passphrase altogether"
LOCKED = "The database is locked. Set RAIDS_PASSPHRASE, or run the command in a terminal, which asks for the passphrase."
# What each needs besides its name; every one of them reads or changes records.
COMMANDS = [
    ["status"], ["undo"], ["import", "none.csv"], ["query", "where"], ["query", "when"], ["query", "outcomes"],
    ["query", "trends"], ["query", "hotspots"], ["query", "organise"], ["groups", "list"], ["groups", "import", "none.csv"],
    ["walks", "list"], ["plan", "--areas", "N17", "--leaflets", "9", "--volunteers", "2", "--hours", "1", "--out", "out"], ["backup", "kept.zip"], ["retention"],
    ["settings", "list"], ["settings", "set", "hidden_days", "40"], ["lock", "change"], ["lock", "remove"], ["lock", "set"],
]  # fmt: skip


@pytest.fixture
def path(toy_store, monkeypatch, tmp_path):
    monkeypatch.setattr(keys, "SCRYPT_N", 2**4)
    monkeypatch.setenv("RAIDS_DATABASE", str(toy_store.path))
    monkeypatch.chdir(tmp_path)
    for name in ("RAIDS_PASSPHRASE", "RAIDS_NEW_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    return toy_store.path


@pytest.fixture
def run(path, monkeypatch, capsys):
    """Run a command; gives exit status, output and errors."""

    def run_command(*arguments, **environment):
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            return run_cli(monkeypatch, capsys, *arguments)

    return run_command


@pytest.fixture
def type_in(monkeypatch):
    """Sit at a terminal and type these, one for each time a passphrase is asked for."""

    def typing(*typed):
        waiting = list(typed)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        for module in (lock, terminal):
            monkeypatch.setattr(module, "getpass", lambda prompt: waiting.pop(0))
        return waiting

    return typing


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_no_command_answers_on_a_locked_database(run, path, command):
    Store(path).change_passphrase(PASSPHRASE)
    status, out, err = run(*command)
    assert (status, out, " ".join(err.split())) == (1, "", LOCKED)


def test_a_terminal_is_asked_for_the_passphrase(run, path, type_in):
    Store(path).change_passphrase(PASSPHRASE)
    left = type_in(PASSPHRASE)
    assert run("status")[0] == 0
    assert left == []


@pytest.mark.parametrize("typed", ["", "wrong", OTHER])
def test_a_wrong_passphrase_is_one_sentence(run, path, type_in, typed):
    Store(path).change_passphrase(PASSPHRASE)
    type_in(typed)
    assert run("status") == (1, "", "The passphrase is wrong.\n")
    if typed:
        assert run("status", RAIDS_PASSPHRASE=typed) == (1, "", "The passphrase is wrong.\n")


def test_a_passphrase_is_set_changed_and_removed(run, path):
    assert run("lock", "set", RAIDS_NEW_PASSPHRASE=PASSPHRASE)[0] == 0
    assert Store(path).is_locked
    status, _, err = run("lock", "set", RAIDS_PASSPHRASE=PASSPHRASE, RAIDS_NEW_PASSPHRASE=OTHER)
    assert (status, "has a passphrase already" in err) == (1, True)
    assert run("lock", "change", RAIDS_PASSPHRASE=PASSPHRASE, RAIDS_NEW_PASSPHRASE=OTHER)[0] == 0
    Store(path).unlock(OTHER)
    assert run("lock", "remove", RAIDS_PASSPHRASE=OTHER)[0] == 0
    assert not Store(path).is_encrypted
    for command in ("change", "remove"):
        assert "has no passphrase" in run("lock", command)[2]


def test_a_new_passphrase_is_typed_twice(run, path, type_in):
    type_in(PASSPHRASE, OTHER)
    assert "not the same" in run("lock", "set")[2]
    assert not Store(path).is_encrypted
    type_in(PASSPHRASE, PASSPHRASE)
    assert run("lock", "set")[0] == 0
    Store(path).unlock(PASSPHRASE)


def test_without_a_terminal_a_new_passphrase_comes_from_its_variable(run, path):
    status, _, err = run("lock", "set")
    assert (status, "RAIDS_NEW_PASSPHRASE" in err) == (1, True)
    assert "too short" in run("lock", "set", RAIDS_NEW_PASSPHRASE="short")[2]
    assert not Store(path).is_encrypted


def test_no_passphrase_is_ever_printed(run, path, tmp_path):
    told = [
        run("lock", "set", RAIDS_NEW_PASSPHRASE=PASSPHRASE),
        run("backup", tmp_path / "kept.zip", RAIDS_PASSPHRASE=PASSPHRASE),
        run("restore", tmp_path / "kept.zip", RAIDS_PASSPHRASE=OTHER),
        run("lock", "change", RAIDS_PASSPHRASE=PASSPHRASE, RAIDS_NEW_PASSPHRASE="abcabcabcabcabc"),
        run("status", RAIDS_PASSPHRASE=OTHER),
    ]
    assert [status for status, _, _ in told] == [0, 0, 1, 1, 1]
    assert not any(secret in out + err for _, out, err in told for secret in (PASSPHRASE, OTHER, "abcabc"))


def test_backup_wipe_and_restore_go_round(run, path, tmp_path):
    kept = tmp_path / "kept.zip"
    assert run("settings", "set", "hidden_days", "45")[0] == 0
    assert run("backup", kept, RAIDS_NEW_PASSPHRASE=PASSPHRASE)[0] == 0
    status, out, _ = run("wipe", "--yes-wipe-everything")
    assert (status, files_of(path)) == (0, [])
    assert "saved elsewhere are not touched" in out
    assert run("restore", kept, RAIDS_PASSPHRASE=PASSPHRASE)[0] == 0
    assert json.loads(run("settings", "list", "--json", RAIDS_PASSPHRASE=PASSPHRASE)[1])["hidden_days"] == 45


def test_a_backup_without_a_passphrase_to_give_it_is_refused(run, tmp_path):
    status, _, err = run("backup", tmp_path / "kept.zip")
    assert (status, "RAIDS_NEW_PASSPHRASE" in err) == (1, True)
    assert not (tmp_path / "kept.zip").exists()


def test_restoring_asks_a_person_before_it_replaces_what_is_there(run, path, tmp_path, type_in, monkeypatch):
    run("backup", tmp_path / "kept.zip", RAIDS_NEW_PASSPHRASE=PASSPHRASE)
    before = path.read_bytes()
    type_in(PASSPHRASE)
    monkeypatch.setattr(lock, "is_agreed", lambda question: False)
    status, out, err = run("restore", tmp_path / "kept.zip")
    assert (status, "holds 0 incidents" in out, "Nothing was restored" in err) == (1, True, True)
    assert path.read_bytes() == before


def test_without_a_terminal_nothing_is_replaced_unless_the_script_says_so(run, path, tmp_path):
    kept = tmp_path / "kept.zip"
    run("backup", kept, RAIDS_NEW_PASSPHRASE=PASSPHRASE)
    before = path.read_bytes()
    status, _, err = run("restore", kept, RAIDS_PASSPHRASE=PASSPHRASE)
    assert (status, "say --yes" in err) == (1, True)
    assert path.read_bytes() == before
    assert run("restore", kept, "--yes", RAIDS_PASSPHRASE=PASSPHRASE)[0] == 0
    Store(path).unlock(PASSPHRASE)


@pytest.mark.parametrize("typed", ["", "wipe", "yes"])
def test_wiping_asks_for_the_word(run, path, type_in, monkeypatch, typed):
    assert "--yes-wipe-everything" in run("wipe")[2]
    type_in()
    monkeypatch.setattr(lock, "typed_word", lambda: typed)
    status, out, _ = run("wipe")
    assert status == 1
    assert path.name in out
    assert path.exists()
    monkeypatch.setattr(lock, "typed_word", lambda: "WIPE")
    assert run("wipe")[0] == 0
    assert not path.exists()


def test_retention_can_be_tried_first(run):
    told = json.loads(run("retention", "--dry-run", "--json")[1])
    assert told["incidents"] == 0
    said = run("retention")[1]
    assert said.startswith("Deleted, from before ")
    assert said.endswith(": nothing.\n")


@pytest.fixture
def too_old(toy_store):
    """Two records of 2012, imported on the day that is today."""
    own = "00000000-0000-4000-b000-000000000001"
    with toy_store.write() as connection:
        insert(connection, "imports", [import_row(import_id=own, imported_at=clock.now(), is_bundled=False)])
        rows = [
            incident_row(datetime(2012, 5, day, 9)) | {"import_id": own, "review": "as imported"}
            for day in (1, 3)
        ]
        insert(connection, "incidents", [row | {"incident_id": uuid4()} for row in rows])
        # The import itself was long ago, or its records would be spared as just brought in; something was planned today.
        connection.execute("UPDATE imports SET imported_at = '2012-06-01' WHERE import_id = ?", [own])
        connection.execute("INSERT INTO leaflet_plans VALUES ('p', ?, 'E8', 9, 1, 1.0, 1.0)", [clock.now()])
    return toy_store


def left(store):
    return (
        store.cursor()
        .execute(
            "SELECT count(*) FROM store.main.incidents WHERE import_id = '00000000-0000-4000-b000-000000000001'"
        )
        .fetchone()[0]
    )


def test_retention_says_how_many_and_from_when_and_asks(run, too_old, monkeypatch):
    status, _, err = run("retention")
    assert (status, left(too_old)) == (1, 2)
    assert err.startswith("Nothing was deleted: 2 records (of 1 May 2012 to 3 May 2012), 1 import")
    assert "--yes" in err
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(lock, "is_agreed", lambda question: False)
    assert run("retention")[0] == 1
    assert left(too_old) == 2
    monkeypatch.setattr(lock, "is_agreed", lambda question: True)
    status, out, _ = run("retention")
    assert (status, left(too_old)) == (0, 0)
    assert "Deleted, from before" in out


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "lies before the last entry"), (401, "more than 400 days after the last entry")]
)
def test_retention_deletes_nothing_by_a_clock_that_is_hard_to_believe(run, too_old, monkeypatch, days, said):
    day = clock.today() + timedelta(days=days)
    monkeypatch.setattr(clock, "today", lambda: day)
    status, _, err = run("retention", "--yes")
    assert (status, left(too_old)) == (1, 2)
    assert said in err
    assert "--clock-is-right" in err
    assert run("retention", "--yes", "--clock-is-right")[0] == 0
    assert left(too_old) == 0


@pytest.mark.parametrize("days", [0, 400])
def test_retention_believes_the_clock_within_four_hundred_days(run, too_old, monkeypatch, days):
    day = clock.today() + timedelta(days=days)
    monkeypatch.setattr(clock, "today", lambda: day)
    assert run("retention", "--yes")[0] == 0
    assert left(too_old) == 0


def test_a_setting_out_of_its_bounds_is_refused(run):
    assert run("settings", "set", "hidden_days", 29)[0] == 1
