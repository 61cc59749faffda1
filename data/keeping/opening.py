"""Opening the store: made with its geography at first start, brought up to date at every other."""

import os
from pathlib import Path

import duckdb

from data.store.store import Store, create_store, database_path, upgrade_store

PASSPHRASE_VARIABLE = "RAIDS_PASSPHRASE"


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


# What reads files and geography takes seconds to import, and is needed at a first start or after an update alone.
def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    from data.keeping.bundled import fill

    fill(connection)


def _fill_since(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    from data.keeping.bundled import fill_since

    fill_since(connection, version)
