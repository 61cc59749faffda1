"""Opening the store: made with its geography at first start, brought up to date at every other."""

import os
from pathlib import Path

import duckdb

from data.files.read import hash_file
from data.geography.reference import load_areas
from data.imports.importer import read_batch, write_batch
from data.organising.groups import STARTER, read_groups, write_groups
from data.store.store import BUNDLED, Store, create_store, database_path, upgrade_store

PASSPHRASE_VARIABLE = "RAIDS_PASSPHRASE"
# Loaded at first start, in this order.
BUNDLED_IMPORTS = (BUNDLED / "home_office_visits.csv", BUNDLED / "reported_incidents.csv")


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


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    areas, area_overlap = load_areas()
    for name, table in (("areas", areas), ("area_overlap", area_overlap)):
        connection.register("arriving", table)
        connection.execute(f"INSERT INTO {name} SELECT * FROM arriving")  # noqa: S608
        connection.unregister("arriving")
    if os.environ.get("RAIDS_BUNDLED", "") == "none":
        return
    for file in BUNDLED_IMPORTS:
        write_batch(connection, file, read_batch(file), hash_file(file), is_bundled=True)
    write_groups(connection, read_groups(STARTER))


def _fill_since(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Put in what comes with the dashboard and a store of an older version could not hold."""
    if version < 2 and os.environ.get("RAIDS_BUNDLED", "") != "none":
        write_groups(connection, read_groups(STARTER))
