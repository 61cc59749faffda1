"""Backups: all of the store comes back, or a sentence does."""

import gzip
import io
import json
import os
import random
import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.errors import InputError
from data.keeping import backup as backups
from data.keeping.backup import ABOUT, DATABASE, SEAL, backup, fingerprints, inspect_backup, restore
from data.schema import SCHEMA_VERSION, TABLES
from data.store import keys
from data.store.engine import schema_version
from data.store.migrations import create_schema
from data.store.store import Store, create_store
from tests.conftest import TOY_AREAS, area_row, incident_row, insert

PASSPHRASE = "six words nobody would put together"
OTHER = "another passphrase altogether"
CANARY = "canary-c8f1e2"
OLD = datetime(2022, 6, 11, 7)
FLIPS = 50
OLD_STORES = Path(__file__).parents[1] / "store" / "old"


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch):
    monkeypatch.setattr(keys, "SCRYPT_N", 2**4)


@pytest.fixture
def store(toy_store) -> Store:
    """The toy store with a record that shows, one too young to show, and a text that is looked for on the disk."""
    young = datetime.now(UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0) - timedelta(days=2)
    records = [incident_row(OLD), incident_row(young, source_kind="group report")]
    with toy_store.write() as connection:
        for number, record in enumerate(records):
            batch = f"00000000-0000-4000-9000-{number:012}"
            insert(
                connection,
                "incidents",
                [record | {"incident_id": batch, "import_id": batch, "review": "as imported"}],
            )
        connection.execute("INSERT INTO mappings VALUES (?, '{}', now()::TIMESTAMP)", [CANARY])
    return toy_store


@dataclass(frozen=True)
class Kept:
    """A backup, and what the store held of which it was made."""

    whole: bytes
    prints: dict


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Kept:
    def fill(connection):
        insert(connection, "areas", [area_row(*row) for row in TOY_AREAS])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "SCRYPT_N", 2**4)
        store = create_store(tmp_path_factory.mktemp("kept") / "raids.duckdb", fill)
        written = io.BytesIO()
        backup(store, written, PASSPHRASE)
    return Kept(written.getvalue(), fingerprints(store))


@pytest.fixture
def made(kept, tmp_path):
    """The same backup as a file."""
    path = tmp_path / "kept.zip"
    path.write_bytes(kept.whole)
    return path


def opened(path, passphrase=PASSPHRASE) -> Store:
    store = Store(path)
    store.unlock(passphrase)
    return store


def members(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path, parts: dict[str, bytes], compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, contents in parts.items():
            archive.writestr(name, contents)
    return path


def leftovers(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".") and "lock" not in path.name]


def test_a_backup_restores_every_table_to_the_last_row(store, tmp_path):
    backup(store, tmp_path / "made.zip", PASSPHRASE)
    before = fingerprints(store)
    assert set(before) == {table.name for table in TABLES} | {"schema_version"}
    path = tmp_path / "elsewhere" / "raids.duckdb"
    restore(path, tmp_path / "made.zip", PASSPHRASE)
    assert Store(path).is_locked
    assert fingerprints(opened(path)) == before
    assert before["incidents"][0] == 2


def test_fingerprints_tell_of_any_change_and_not_of_the_order(store):
    before = fingerprints(store)
    with store.write() as connection:
        connection.execute(
            "CREATE TEMP TABLE held AS SELECT * FROM areas; DELETE FROM areas; "
            "INSERT INTO areas SELECT * FROM held ORDER BY code DESC; DROP TABLE held"
        )
    assert fingerprints(store) == before
    with store.write() as connection:
        connection.execute(
            "UPDATE areas SET residents = residents + 1 WHERE code = 'E1' AND level = 'district'"
        )
    changed = {name for name, value in fingerprints(store).items() if value != before[name]}
    assert changed == {"areas"}


def test_an_encrypted_store_is_backed_up_under_its_own_passphrase(store, tmp_path):
    store.change_passphrase(OTHER)
    backup(store, tmp_path / "kept.zip")
    with pytest.raises(InputError, match="passphrase is wrong"):
        inspect_backup(store.path, tmp_path / "kept.zip", PASSPHRASE)
    restore(tmp_path / "copy.duckdb", tmp_path / "kept.zip", OTHER)
    assert fingerprints(opened(tmp_path / "copy.duckdb", OTHER)) == fingerprints(store)


def test_a_backup_may_have_a_passphrase_of_its_own(store, tmp_path):
    store.change_passphrase(OTHER)
    backup(store, tmp_path / "kept.zip", PASSPHRASE)
    restore(tmp_path / "copy.duckdb", tmp_path / "kept.zip", PASSPHRASE)
    assert fingerprints(opened(tmp_path / "copy.duckdb")) == fingerprints(store)


def test_a_plain_store_is_never_backed_up_without_a_passphrase(store, tmp_path):
    with pytest.raises(InputError, match="always encrypted"):
        backup(store, tmp_path / "kept.zip")
    with pytest.raises(InputError, match="too short"):
        backup(store, tmp_path / "kept.zip", "short")
    assert not (tmp_path / "kept.zip").exists()


def test_a_locked_store_is_not_backed_up(store, tmp_path):
    store.change_passphrase(OTHER)
    store.lock()
    with pytest.raises(InputError, match="locked"):
        backup(store, tmp_path / "kept.zip")


def test_looking_inside_counts_only_what_shows_and_changes_nothing(store):
    written = io.BytesIO()
    backup(store, written, PASSPHRASE)
    before = store.path.read_bytes()
    contents = inspect_backup(store.path, written, PASSPHRASE)
    assert (contents.incidents, contents.first, contents.last) == (1, OLD.date(), OLD.date())
    assert contents.counts == 0
    assert datetime.now(UTC).replace(tzinfo=None) - contents.made_at < timedelta(hours=2)
    assert store.path.read_bytes() == before
    assert leftovers(store.path.parent) == []


def test_no_plain_byte_is_on_disk_while_a_backup_is_made_or_restored(store, tmp_path, monkeypatch):
    store.change_passphrase(OTHER)
    seen = []
    reading_back = backups._check_by_reading_back
    checking = backups._check_tables

    def look(work):
        def looking(*arguments):
            files = [path for path in tmp_path.rglob("*") if path.is_file()]
            seen.append(len(files))
            assert not any(CANARY.encode() in path.read_bytes() for path in files)
            return work(*arguments)

        return looking

    monkeypatch.setattr(backups, "_check_by_reading_back", look(reading_back))
    monkeypatch.setattr(backups, "_check_tables", look(checking))
    backup(store, tmp_path / "kept.zip")
    restore(store.path, tmp_path / "kept.zip", OTHER)
    assert len(seen) == 2
    assert min(seen) >= 4
    assert not any(CANARY.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_the_control_finds_the_text_in_a_plain_store(store):
    assert CANARY.encode() in store.path.read_bytes()


def test_a_backup_that_does_not_read_back_as_the_store_is_thrown_away(store, tmp_path, monkeypatch):
    (tmp_path / "kept.zip").write_bytes(b"the backup of last week")
    honest = backups.fingerprints
    monkeypatch.setattr(
        backups,
        "fingerprints",
        lambda read: honest(read) | ({"areas": (0, None)} if read is not store else {}),
    )
    with pytest.raises(InputError, match="not what the database holds"):
        backup(store, tmp_path / "kept.zip", PASSPHRASE)
    assert (tmp_path / "kept.zip").read_bytes() == b"the backup of last week"
    assert leftovers(tmp_path) == []


def test_a_target_that_cannot_be_written_is_one_sentence(store, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        backup(store, tmp_path / "no such folder" / "kept.zip", PASSPHRASE)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("name", ["{}", "{}.zip", ".{}.old"])
def test_a_backup_never_takes_the_place_of_the_database_or_of_a_part_of_it(store, name):
    before = store.path.read_bytes()
    with pytest.raises(InputError, match="a part of the database"):
        backup(store, store.path.with_name(name.format(store.path.name)), PASSPHRASE)
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("passphrase", ["", "wrong", "six words nobody would put togethe", OTHER])
def test_a_wrong_passphrase_is_refused_with_the_same_sentence_and_nothing_changes(store, made, passphrase):
    before = store.path.read_bytes()
    with pytest.raises(InputError) as told:
        restore(store.path, made, passphrase)
    assert str(told.value).startswith("The passphrase is wrong, or the backup was changed")
    assert store.path.read_bytes() == before
    assert leftovers(store.path.parent) == []


@pytest.mark.parametrize("offset", range(FLIPS))
def test_a_flipped_bit_is_refused_or_changes_nothing(kept, tmp_path, offset):
    whole = kept.whole
    # Spread over the file, and one by one over its ends, where the zip keeps its own tables.
    draw = random.Random(offset)
    position = draw.choice(
        [draw.randrange(len(whole)), draw.randrange(600), len(whole) - 1 - draw.randrange(600)]
    )
    flipped = bytearray(whole)
    flipped[position] ^= 1 << draw.randrange(8)
    path = tmp_path / "copy.duckdb"
    with suppress(InputError):
        restore(path, io.BytesIO(bytes(flipped)), PASSPHRASE)
    assert not path.exists() or fingerprints(opened(path)) == kept.prints


def test_a_changed_database_under_a_mended_checksum_is_refused_by_its_seal(made, tmp_path):
    parts = members(made)
    spoilt = bytearray(parts[DATABASE])
    spoilt[len(spoilt) // 2] ^= 1
    forged = packed(tmp_path / "forged.zip", parts | {DATABASE: bytes(spoilt)})
    with pytest.raises(InputError, match="changed by somebody"):
        restore(tmp_path / "copy.duckdb", forged, PASSPHRASE)


@pytest.mark.parametrize("cut", [0.0, 0.1, 0.5, 0.99])
def test_a_backup_cut_short_is_refused(kept, tmp_path, cut):
    with pytest.raises(InputError, match="damaged"):
        restore(tmp_path / "copy.duckdb", io.BytesIO(kept.whole[: int(len(kept.whole) * cut)]), PASSPHRASE)


def test_what_is_no_backup_is_refused(tmp_path):
    (tmp_path / "log.csv").write_text("date,postcode\n11/06/2022,SE15 1HH\n")
    packed(tmp_path / "other.zip", {"log.csv": b"date"})
    packed(tmp_path / "empty.zip", {})
    for name in ("log.csv", "other.zip", "empty.zip", "none.zip"):
        with pytest.raises(InputError):
            restore(tmp_path / "copy.duckdb", tmp_path / name, PASSPHRASE)
    assert not (tmp_path / "copy.duckdb").exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda parts: parts | {"../../evil": b"x"},
        lambda parts: {name: parts[name] for name in (DATABASE, ABOUT, SEAL)},
        lambda parts: {ABOUT: parts[ABOUT], "/etc/passwd": parts[DATABASE], SEAL: parts[SEAL]},
        lambda parts: {ABOUT: parts[ABOUT], SEAL: parts[SEAL]},
    ],
)
def test_other_members_than_those_of_a_backup_are_refused_before_any_is_read(made, tmp_path, spoil):
    with pytest.raises(InputError, match="not a backup"):
        restore(tmp_path / "copy.duckdb", packed(tmp_path / "spoilt.zip", spoil(members(made))), PASSPHRASE)


def test_packed_or_oversized_members_are_refused_before_any_is_read(made, tmp_path, monkeypatch):
    parts = members(made)
    bomb = packed(tmp_path / "bomb.zip", parts | {DATABASE: bytes(50_000_000)}, zipfile.ZIP_DEFLATED)
    large = packed(tmp_path / "large.zip", parts | {ABOUT: bytes(20_000)})
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *arguments: pytest.fail("a member was read"))
    for path in (bomb, large):
        with pytest.raises(InputError, match="damaged"):
            restore(tmp_path / "copy.duckdb", path, PASSPHRASE)


def reworded(parts: dict[str, bytes], **changed) -> dict[str, bytes]:
    return parts | {ABOUT: json.dumps(json.loads(parts[ABOUT]) | changed).encode()}


@pytest.mark.parametrize("changed", [{"version": 2}, {"schema_version": SCHEMA_VERSION + 1}])
def test_a_backup_of_a_newer_dashboard_is_refused(made, tmp_path, changed):
    newer = packed(tmp_path / "newer.zip", reworded(members(made), **changed))
    with pytest.raises(InputError, match="newer version"):
        restore(tmp_path / "copy.duckdb", newer, PASSPHRASE)


@pytest.mark.parametrize(
    "changed",
    [
        {"made_at": "2020-01-01T00:00"},
        {"made_at": 5},
        {"version": "x"},
        {"key": {"salts": []}},
        {"key": {"salts": [{"salt": "00", "n": 2**40, "r": 8, "p": 1}]}},
        {"key": {"salts": [{"salt": "00" * 16, "n": 2**40, "r": 8, "p": 1}]}},
        {"key": None},
    ],
)
def test_a_changed_description_is_refused_and_uses_up_no_memory(made, tmp_path, changed):
    spoilt = packed(tmp_path / "spoilt.zip", reworded(members(made), **changed))
    with pytest.raises(InputError):
        restore(tmp_path / "copy.duckdb", spoilt, PASSPHRASE)


def sealed(path, database: bytes, passphrase=PASSPHRASE):
    """A backup as somebody makes it who has the passphrase, of a database of their own."""
    salt = keys.new_salt()
    key = keys.derive_key(passphrase, salt)
    own = path.with_suffix(".own")
    own.write_bytes(database(own, key))
    backups._pack(path, own, [salt], key)
    return path


def test_a_plain_database_in_a_sealed_backup_is_refused(store, tmp_path):
    path = sealed(tmp_path / "plain.zip", lambda own, key: store.path.read_bytes())
    with pytest.raises(InputError):
        restore(tmp_path / "copy.duckdb", path, PASSPHRASE)
    assert not (tmp_path / "copy.duckdb").exists()


@pytest.mark.parametrize(
    "extra",
    [
        "CREATE VIEW seen AS SELECT 1",
        "CREATE TABLE more (a INTEGER)",
        "ALTER TABLE incidents ADD COLUMN name VARCHAR",
        "CREATE MACRO hash(a) AS 1",
        "DROP TABLE mappings",
        "CREATE SCHEMA more",
        "CREATE SEQUENCE more",
        "CREATE TYPE more AS ENUM ('a')",
        "CREATE INDEX more ON incidents (outcome)",
    ],
)
def test_a_backup_with_other_tables_views_or_columns_is_refused(tmp_path, extra):
    def database(own, key):
        making = own.with_suffix(".making")
        with closing(backups.engine.connect(making, key, read_only=False)) as connection:
            connection.execute("USE store")
            create_schema(connection)
            connection.execute(extra)
            connection.execute("CHECKPOINT store")
        return making.read_bytes()

    path = sealed(tmp_path / "more.zip", database)
    with pytest.raises(InputError):
        restore(tmp_path / "copy.duckdb", path, PASSPHRASE)
    assert not (tmp_path / "copy.duckdb").exists()


def test_a_backup_of_an_older_dashboard_is_brought_up_to_date_before_it_takes_its_place(tmp_path):
    plain = tmp_path / "plain.duckdb"
    plain.write_bytes(gzip.decompress((OLD_STORES / "0.2.0.store.gz").read_bytes()))

    def database(own, key):
        making = own.with_suffix(".making")
        backups.engine.copy_store(plain, None, making, key)
        return making.read_bytes()

    path = sealed(tmp_path / "older.zip", database)
    restore(tmp_path / "copy.duckdb", path, PASSPHRASE)
    assert schema_version(opened(tmp_path / "copy.duckdb").cursor()) == SCHEMA_VERSION


@pytest.mark.parametrize("salts", [1, 2])
def test_a_restore_cut_short_leaves_the_store_and_its_salts_as_they_were(store, made, monkeypatch, salts):
    store.change_passphrase(OTHER)
    # A second one stands there where changing the passphrase was cut short.
    keys.write_salts(store.path, [keys.new_salt(), *keys.read_salts(store.path)][-salts:])
    before = keys.salt_path(store.path).read_bytes()
    replace = os.replace

    def fail_for_the_store(source, target):
        if target == store.path:
            raise OSError
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_for_the_store)
    with pytest.raises(InputError, match="Nothing was changed"):
        restore(store.path, made, PASSPHRASE)
    assert keys.salt_path(store.path).read_bytes() == before
    assert fingerprints(opened(store.path, OTHER)) == fingerprints(store)


def test_a_store_in_use_goes_over_to_the_restored_one_and_asks_for_its_passphrase(store, made):
    store.change_passphrase(OTHER)
    restore(store.path, made, PASSPHRASE)
    with pytest.raises(InputError, match="locked"):
        store.sql("SELECT count(*) FROM incidents")
    store.unlock(PASSPHRASE)
    assert store.sql("SELECT count(*) AS n FROM incidents")["n"][0].as_py() == 0
