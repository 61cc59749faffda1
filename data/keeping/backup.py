"""
Backups: the whole store in one encrypted file, and the way back.

The file is a zip that packs nothing: `about.json` (what it is, and the salt of its key), `records.duckdb` (the store,
encrypted by DuckDB) and `seal.txt` (an HMAC over both under the same key). The seal is checked before DuckDB sees a
byte, so nobody without the passphrase can make it read a file of theirs, and every changed byte is noticed.
A plain copy is on disk at no moment.
"""

import base64
import hashlib
import hmac
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import duckdb

from data import clock
from data.errors import InputError
from data.keeping.opening import unlock_store
from data.schema import SCHEMA_VERSION
from data.store import engine
from data.store.keys import (
    Salt,
    check_new_passphrase,
    derive_key,
    format_salts,
    new_salt,
    parse_salts,
    read_salts,
    write_salts,
)
from data.store.migrations import create_schema
from data.store.store import Store, writers_lock

FORMAT = "backup of raid records"
FORMAT_VERSION = 1
ABOUT, DATABASE, SEAL = "about.json", "records.duckdb", "seal.txt"
# The most bytes read of a member before anything in it has been checked; the database has the file's own length.
MOST_BYTES = {ABOUT: 16_384, SEAL: 256}
PIECE_BYTES = 1_048_576
A_DAY_IN_SECONDS = 86_400
# What reading a zip raises where the file is none, is cut short or was changed.
DAMAGE = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, KeyError, TypeError, RuntimeError)


@dataclass(frozen=True)
class Contents:
    """What a backup holds: when it was made (UTC), records that show and their first and last day, official figures."""

    made_at: datetime
    incidents: int
    first: date | None
    last: date | None
    counts: int


@dataclass(frozen=True)
class _Opened:
    """A backup that was unpacked and found whole: its store, unlocked, the salt of its key, and when it was made."""

    store: Store
    salt: Salt
    made_at: datetime


def backup(store: Store, target: Path | BinaryIO, passphrase: str | None = None) -> None:
    """
    Write the whole store into one encrypted file, and read it back before it takes its name.

    Parameters
    ----------
    target
        A path, replaced only once the backup is found whole; or an open binary file.
    passphrase
        Opens the backup. By default the store's own; a store without one needs it.

    Raises
    ------
    InputError
        The passphrase is too short or missing, the store is locked or damaged, or the target cannot be written.
    """
    if passphrase is not None:
        check_new_passphrase(passphrase)
    elif not store.is_encrypted:
        raise InputError("A backup is always encrypted: give it a passphrase.")
    if isinstance(target, Path):
        _refuse_own_name(store.path, target)
    try:
        with writers_lock(store.path), _work_folder(store.path) as folder:
            key, salts = _key_for(store, passphrase)
            made = folder / "made.duckdb"
            engine.copy_store(store.path, store.key_in_force(), made, key)
            packed = _beside(target) if isinstance(target, Path) else folder / "packed"
            try:
                _pack(packed, made, salts, key)
                made.unlink()
                _check_by_reading_back(store, packed, salts, key, folder)
                if isinstance(target, Path):
                    os.replace(packed, target)
                else:
                    with packed.open("rb") as file:
                        shutil.copyfileobj(file, target)
            finally:
                packed.unlink(missing_ok=True)
    except (OSError, duckdb.IOException):
        raise InputError(
            "The backup cannot be written. Name a file in a folder of your own, or make room on the disk."
        ) from None


def inspect_backup(path: Path, source: Path | BinaryIO, passphrase: str) -> Contents:
    """
    Look into a backup without changing anything; every row of it is read.

    Parameters
    ----------
    path
        Of the store; the encrypted copy is unpacked beside it for as long as this takes.

    Raises
    ------
    InputError
        It is no backup, is damaged or newer, or the passphrase is wrong.
    """
    with _opened(path, source, passphrase) as opened:
        held = opened.store.sql(
            """
            SELECT count(*) AS incidents, min(started_earliest)::DATE AS first, max(started_latest)::DATE AS last,
                   (SELECT count(*) FROM counts WHERE superseded_by IS NULL) AS counts
            FROM incidents
            """
        ).to_pylist()[0]
        return Contents(made_at=opened.made_at, **held)


def restore(path: Path, source: Path | BinaryIO, passphrase: str) -> None:
    """
    Put a backup in place of the store at `path`, all of it or nothing; it then opens with the backup's passphrase.

    Raises
    ------
    InputError
        It is no backup, is damaged or newer, or the passphrase is wrong: the store stays as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _opened(path, source, passphrase) as opened:
            opened.store.lock()
            with writers_lock(path):
                _take_the_place(path, opened)
    except (OSError, duckdb.IOException):
        raise InputError(
            "The backup cannot be put in place: the folder of the database cannot be written, or the disk is full. "
            "Nothing was changed."
        ) from None


def fingerprints(store: Store) -> dict[str, tuple[int, str]]:
    """Each table's number of rows and a sum over the hashes of all of them, in whatever order they stand."""
    cursor = store.cursor()
    return {
        name: cursor.execute(
            # Names of tables, from the catalogue.
            f'SELECT count(*), sum(hash(t)::HUGEINT)::VARCHAR FROM store.main."{name}" AS t'  # noqa: S608
        ).fetchone()
        for (name,) in cursor.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store' ORDER BY ALL"
        ).fetchall()
    }


def _refuse_own_name(path: Path, target: Path) -> None:
    """A backup must not replace the database, nor be taken for a part of it, which a wipe would destroy."""
    is_beside = target.resolve().parent == path.resolve().parent
    if is_beside and target.name.removeprefix(".").startswith(path.name):
        raise InputError(
            "A backup of that name would count as a part of the database. Name it otherwise, best in another folder."
        )


def _key_for(store: Store, passphrase: str | None) -> tuple[str, list[Salt]]:
    if passphrase is None:
        return store.key_in_force(), read_salts(store.path)
    salt = new_salt()
    return derive_key(passphrase, salt), [salt]


def _pack(packed: Path, database: Path, salts: list[Salt], key: str) -> None:
    about = json.dumps(
        {
            "what": FORMAT,
            "version": FORMAT_VERSION,
            "schema_version": SCHEMA_VERSION,
            "made_at": f"{clock.this_hour():%Y-%m-%dT%H:00}",
            "key": json.loads(format_salts(salts)),
        }
    ).encode()
    with os.fdopen(os.open(packed, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
        seal = _new_seal(key, about)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(zipfile.ZipInfo(ABOUT), about)
            with (
                database.open("rb") as plain,
                archive.open(zipfile.ZipInfo(DATABASE), "w", force_zip64=True) as member,
            ):
                while piece := plain.read(PIECE_BYTES):
                    seal.update(piece)
                    member.write(piece)
            archive.writestr(zipfile.ZipInfo(SEAL), seal.hexdigest())
        file.flush()
        os.fsync(file.fileno())


def _new_seal(key: str, about: bytes) -> hmac.HMAC:
    # A key of its own, so that nothing is learnt of the one the database is encrypted under.
    own_key = hmac.digest(base64.b64decode(key), FORMAT.encode(), hashlib.sha256)
    return hmac.new(own_key, len(about).to_bytes(8, "big") + about, hashlib.sha256)


def _check_by_reading_back(store: Store, packed: Path, salts: list[Salt], key: str, folder: Path) -> None:
    unpacked = folder / "read back" / DATABASE
    unpacked.parent.mkdir()
    with packed.open("rb") as file, zipfile.ZipFile(file) as archive:
        is_sealed = _unpack(archive, unpacked, key, archive.read(ABOUT))
    write_salts(unpacked, salts)
    copy = Store(unpacked)
    copy.hold_key(key, salts[0])
    if not is_sealed or fingerprints(copy) != fingerprints(store):
        raise InputError("The backup is not what the database holds, so it was thrown away. Try once more.")


@contextmanager
def _opened(path: Path, source: Path | BinaryIO, passphrase: str) -> Iterator[_Opened]:
    """Unpack a backup beside the store at `path`, check all of it, and bring it up to the present schema."""
    with _work_folder(path) as folder:
        unpacked = folder / DATABASE
        try:
            file = source.open("rb") if isinstance(source, Path) else source
        except OSError:
            raise InputError("There is no backup of that name that can be read.") from None
        try:
            file.seek(0)
            with zipfile.ZipFile(file) as archive:
                _check_members(archive)
                about_bytes = archive.read(ABOUT)
                salts, made_at = _read_about(about_bytes)
                salt = _salt_that_fits(archive, unpacked, passphrase, salts, about_bytes)
        except InputError:
            raise  # it is a ValueError too
        except DAMAGE:
            raise _damaged() from None
        finally:
            if isinstance(source, Path):
                file.close()
        if not engine.is_encrypted(unpacked):
            raise _damaged()
        write_salts(unpacked, [salt])
        store = Store(unpacked)
        try:
            unlock_store(store, passphrase)
            _check_tables(store)
            fingerprints(store)
        except duckdb.Error:
            raise _damaged() from None
        yield _Opened(store, salt, made_at)


def _check_members(archive: zipfile.ZipFile) -> None:
    """Nothing but the three files of a backup, unpacked as they are, so that none can be larger than it looks."""
    members = archive.infolist()
    if [member.filename for member in members] != [ABOUT, DATABASE, SEAL]:
        raise InputError("This file is not a backup of this dashboard.")
    for member in members:
        is_stored = member.compress_type == zipfile.ZIP_STORED and member.compress_size == member.file_size
        if not is_stored or member.file_size > MOST_BYTES.get(member.filename, member.file_size):
            raise _damaged()


def _read_about(about: bytes) -> tuple[list[Salt], datetime]:
    told = json.loads(about)
    if not isinstance(told, dict) or told.get("what") != FORMAT:
        raise InputError("This file is not a backup of this dashboard.")
    if told["version"] > FORMAT_VERSION or told["schema_version"] > SCHEMA_VERSION:
        raise InputError(
            "This backup was made by a newer version of the dashboard. Update the dashboard, then restore it."
        )
    return parse_salts(json.dumps(told["key"])), datetime.fromisoformat(told["made_at"])


def _salt_that_fits(
    archive: zipfile.ZipFile, unpacked: Path, passphrase: str, salts: list[Salt], about: bytes
) -> Salt:
    for salt in salts:
        if _unpack(archive, unpacked, derive_key(passphrase, salt), about):
            return salt
    raise InputError("The passphrase is wrong, or the backup was changed by somebody who does not have it.")


def _unpack(archive: zipfile.ZipFile, unpacked: Path, key: str, about: bytes) -> bool:
    """Write the encrypted database to `unpacked`; says whether the seal fits."""
    seal = _new_seal(key, about)
    with archive.open(DATABASE) as member, unpacked.open("wb") as file:
        while piece := member.read(PIECE_BYTES):
            seal.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return hmac.compare_digest(seal.hexdigest().encode(), archive.read(SEAL))


def _check_tables(store: Store) -> None:
    """A backup holds this schema's tables and nothing besides, such as a view that would answer in their place."""
    expected = duckdb.connect(":memory:")
    create_schema(expected)
    found = store.cursor()
    if _catalogue(found, "store") != _catalogue(expected, "memory"):
        raise _damaged()


WHAT_ELSE_MAY_BE_IN_A_FILE = (
    "SELECT schema_name FROM duckdb_schemas() WHERE database_name = ? AND (NOT internal OR schema_name = 'main')",
    "SELECT sequence_name FROM duckdb_sequences() WHERE database_name = ?",
    "SELECT type_name FROM duckdb_types() WHERE database_name = ? AND NOT internal",
    "SELECT index_name FROM duckdb_indexes() WHERE database_name = ?",
    "SELECT constraint_type FROM duckdb_constraints() WHERE database_name = ? AND constraint_type <> 'NOT NULL'",
)


def _catalogue(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple]:
    columns = connection.execute(
        "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() "
        "WHERE database_name = ? AND NOT internal ORDER BY ALL",
        [database],
    ).fetchall()
    views = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE database_name = ? AND NOT internal", [database]
    ).fetchall()
    macros = connection.execute(
        "SELECT function_name FROM duckdb_functions() WHERE database_name = ? AND NOT internal", [database]
    ).fetchall()
    others = [connection.execute(query, [database]).fetchall() for query in WHAT_ELSE_MAY_BE_IN_A_FILE]
    return [*columns, *views, *macros, *others]


def _take_the_place(path: Path, opened: _Opened) -> None:
    present = _present_salts(path)
    try:
        # As when a passphrase is changed: whichever file is there can be opened at any moment.
        write_salts(path, [opened.salt, *present[:1]], plain_for_a_while=not present)
        os.replace(opened.store.path, path)
    except OSError:
        write_salts(path, present)
        raise
    write_salts(path, [opened.salt])


def _present_salts(path: Path) -> list[Salt]:
    try:
        return read_salts(path) if path.exists() and engine.is_encrypted(path) else []
    except InputError:
        return []  # the store that is there cannot be opened in any case


@contextmanager
def _work_folder(path: Path) -> Iterator[Path]:
    """A folder beside the store that only its owner can read, gone afterwards. All that is put there is encrypted."""
    prefix = f".{path.name}.backup-"
    for left_by_a_killed_one in path.parent.glob(f"{prefix}*"):
        if time.time() - left_by_a_killed_one.stat().st_mtime > A_DAY_IN_SECONDS:
            shutil.rmtree(left_by_a_killed_one, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=path.parent) as folder:
        yield Path(folder)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.next")


def _damaged() -> InputError:
    return InputError("This backup is damaged: a part of it is not as it was written. Take another one.")
