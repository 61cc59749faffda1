"""Opening the store: made with its geography at first start, brought up to date at every other."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from data.store.lake import Lake

from data.errors import InputError
from data.store.store import Store, create_store, database_path, upgrade_store

PASSPHRASE_VARIABLE = "RAIDS_PASSPHRASE"
DATABASE_VARIABLE = "RAIDS_DATABASE"
READ_ONLY = "This is a folder: if it is a lake, only questions can be asked of it, with `cli.py query`. Name a database for everything else."


def open_store(path: Path | None = None, passphrase: str | None = None) -> Store:
    """
    Open the group's store, made at first start.

    A new store holds the geography and, unless RAIDS_BUNDLED=none, the official figures, the publicly reported
    incidents and the groups that come with the dashboard.

    Parameters
    ----------
    path
        By default RAIDS_DATABASE, or data/local/raids.duckdb.
    passphrase
        By default RAIDS_PASSPHRASE. With one, a new or plain store is encrypted. An encrypted store is returned locked
        if there is none.

    Raises
    ------
    InputError
        The file is not a store of this dashboard, or one of a newer version; or the passphrase is wrong or too short.
    """
    path = path or database_path()
    if path.is_dir() or (not path.exists() and _names_spark()):
        raise InputError(READ_ONLY)
    passphrase = passphrase or os.environ.get(PASSPHRASE_VARIABLE) or None
    if not path.exists():
        return create_store(path, fill=_fill, passphrase=passphrase)
    store = Store(path)
    if not store.is_encrypted:
        upgrade_store(store, then=_fill_since)
        if passphrase:
            store.change_passphrase(passphrase)
    elif passphrase:
        unlock_store(store, passphrase)
    return store


def open_records(passphrase: str | None = None) -> "Store | Lake":
    """
    What RAIDS_DATABASE names, open for questions: a store as `open_store` opens it, or a lake.

    A folder is a lake that DuckDB reads; 'local[2]:FOLDER' and 'spark://HOST:PORT:FOLDER' are lakes that Spark reads.

    Raises
    ------
    InputError
        As `open_store`; or the folder is no lake.
    """
    named = os.environ.get(DATABASE_VARIABLE, "")
    if named and not Path(named).expanduser().is_file():
        from data.store.spark import ADDRESS, SparkLake

        if found := ADDRESS.fullmatch(named):
            return SparkLake(found["master"], Path(found["lake"]).expanduser())
    if named and Path(named).expanduser().is_dir():
        from data.store.lake import Lake

        return Lake(Path(named).expanduser())
    return open_store(passphrase=passphrase)


def unlock_store(store: Store, passphrase: str) -> None:
    """
    Unlock an encrypted store and bring it up to date.

    Raises
    ------
    InputError
        The passphrase is wrong, or the file is not a store of this version or an older one.
    """
    store.unlock(passphrase)
    upgrade_store(store, then=_fill_since)


def _names_spark() -> bool:
    return os.environ.get(DATABASE_VARIABLE, "").startswith(("local[", "spark://"))


# What reads files and geography takes seconds to import, and is needed at a first start or after an update alone.
def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    from data.keeping.bundled import fill

    fill(connection)


def _fill_since(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    from data.keeping.bundled import fill_since

    fill_since(connection, version)
