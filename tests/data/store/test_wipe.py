"""After a wipe nothing of a store is left, and while it runs the key's salt is the first to go."""

import pytest

from data.errors import InputError
from data.store import keys
from data.store import wipe as wiping
from data.store.store import Store, files_of, salt_path
from data.store.wipe import wipe

PASSPHRASE = "six words nobody would put together"
CANARY = b"canary-c8f1e2"


@pytest.fixture
def store(toy_store, monkeypatch) -> Store:
    monkeypatch.setattr(keys, "SCRYPT_N", 2**4)
    with toy_store.write() as connection:
        connection.execute("INSERT INTO mappings VALUES (?, '{}', now()::TIMESTAMP)", [CANARY.decode()])
    return toy_store


@pytest.fixture
def overwritten(monkeypatch):
    """What each file holds on the disk at the moment it is deleted, by its name, in order."""
    seen, destroy = {}, wiping._overwrite

    def overwrite(path):
        destroy(path)
        seen[path.name] = path.read_bytes()

    monkeypatch.setattr(wiping, "_overwrite", overwrite)
    return seen


def test_every_file_of_the_store_is_overwritten_and_gone(store, overwritten):
    store.change_passphrase(PASSPHRASE)
    for leftover in (f".{store.path.name}.next", f".{store.path.name}.next.wal", f"{store.path.name}.wal"):
        store.path.with_name(leftover).write_bytes(CANARY * 100)
    spill = store.path.with_name(f".{store.path.name}.spill-1")
    spill.mkdir()
    (spill / "part").write_bytes(CANARY)
    others = store.path.with_name("another.duckdb")
    others.write_bytes(b"another store")
    whole, salt = store.path.read_bytes(), salt_path(store.path).read_bytes()
    assert wipe(store.path) == 6
    assert list(store.path.parent.iterdir()) == [others]
    assert files_of(store.path) == []
    assert next(iter(overwritten)) == salt_path(store.path).name
    assert len(overwritten[store.path.name]) == len(whole)
    assert not any(CANARY in contents or salt[:20] in contents for contents in overwritten.values())


def test_a_plain_store_holds_nothing_of_what_was_in_it_when_it_goes(store, overwritten):
    assert CANARY in store.path.read_bytes()
    wipe(store.path)
    assert CANARY not in overwritten[store.path.name]
    assert overwritten[store.path.name].count(0) < len(overwritten[store.path.name]) / 100


def test_a_reader_that_still_has_the_file_open_finds_nothing_in_it(store):
    with store.path.open("rb") as held:
        wipe(store.path)
        assert CANARY not in held.read()


def test_a_wipe_cut_short_has_already_made_the_key_unobtainable(store, monkeypatch):
    store.change_passphrase(PASSPHRASE)
    overwrite = wiping._overwrite

    def overwrite_the_salt_only(path):
        if path != salt_path(store.path):
            raise OSError
        overwrite(path)

    monkeypatch.setattr(wiping, "_overwrite", overwrite_the_salt_only)
    with pytest.raises(InputError, match="Not everything could be wiped"):
        wipe(store.path)
    assert not salt_path(store.path).exists()
    with pytest.raises(InputError, match="no passphrase opens"):
        Store(store.path).unlock(PASSPHRASE)


def test_wiping_nothing_is_said(tmp_path):
    with pytest.raises(InputError, match="no database to wipe"):
        wipe(tmp_path / "none.duckdb")


def test_a_link_is_taken_away_and_what_it_leads_to_stays(store, tmp_path):
    precious = tmp_path / "precious"
    precious.write_bytes(b"somebody else's")
    store.path.with_name(f"{store.path.name}.wal").symlink_to(precious)
    wipe(store.path)
    assert precious.read_bytes() == b"somebody else's"
