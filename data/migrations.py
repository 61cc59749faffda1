"""How a store made by an older version of the dashboard is brought up to the present schema."""

from collections.abc import Callable

import duckdb

from data.errors import InputError
from data.schema import SCHEMA_VERSION, TABLES

Migration = Callable[[duckdb.DuckDBPyConnection], None]

# MIGRATIONS[n] turns a store of version n into one of version n + 1. A store made today starts at SCHEMA_VERSION.
MIGRATIONS: dict[int, Migration] = {}


def create_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every table of the present schema in an empty database."""
    connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
    connection.execute("INSERT INTO schema_version VALUES (?)", [SCHEMA_VERSION])
    for table in TABLES:
        connection.execute(table.definition())


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """The version of the schema a store is in."""
    return connection.execute("SELECT version FROM schema_version").fetchone()[0]


def check_version(version: int) -> None:
    """
    Refuse a store that this version of the dashboard does not know.

    Raises
    ------
    InputError
        The store was written by a newer version.
    """
    if version > SCHEMA_VERSION:
        raise InputError(
            f"This database has schema version {version}, but this dashboard knows up to {SCHEMA_VERSION}. "
            "Update the dashboard, then open it again."
        )


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring a store up to the present schema, one version at a time, inside the caller's transaction."""
    version = schema_version(connection)
    check_version(version)
    for step in range(version, SCHEMA_VERSION):
        MIGRATIONS[step](connection)
        connection.execute("UPDATE schema_version SET version = ?", [step + 1])
