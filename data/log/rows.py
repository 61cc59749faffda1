"""Records in the table, read and written inside one transaction, and the standing import that counts those logged by hand."""

import uuid
from collections.abc import Sequence

import duckdb

from data import clock
from data.errors import InputError
from data.log.values import plain_value
from data.schema import INCIDENTS, LOG_IMPORT_ID, SCHEMA_VERSION, UNKNOWN

GONE = "This record is no longer there. Look at the list again."


def read_row(connection: duckdb.DuckDBPyConnection, table: str, incident_id: str) -> dict:
    """As `find_row`; InputError where there is no such record."""
    found = find_row(connection, table, incident_id)
    if found is None:
        raise InputError(GONE)
    return found


def find_rows(
    connection: duckdb.DuckDBPyConnection, table: str, incident_ids: Sequence[str]
) -> dict[str, dict]:
    """As `find_row`, for several: those that are there, by their ids."""
    names = INCIDENTS.column_names()
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM {table} WHERE incident_id IN (SELECT unnest(?::UUID[]))",  # noqa: S608
        [list(incident_ids)],
    ).fetchall()
    found = (dict(zip(names, map(plain_value, row), strict=True)) for row in rows)
    return {record["incident_id"]: record for record in found}


def find_row(connection: duckdb.DuckDBPyConnection, table: str, incident_id: str) -> dict | None:
    """One record of the table or view of incidents named, in the columns of the schema; None where there is none."""
    names = INCIDENTS.column_names()
    try:
        row = connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE incident_id = ?",  # noqa: S608
            [str(uuid.UUID(str(incident_id)))],
        ).fetchone()
    except ValueError:
        return None
    return dict(zip(names, map(plain_value, row), strict=True)) if row else None


def put_row(
    connection: duckdb.DuckDBPyConnection, incident_id: str, after: dict | None, is_new: bool = False
) -> None:
    """Bring a record to the state given: written where it is new, taken out where that is None."""
    if after is None:
        connection.execute("DELETE FROM incidents WHERE incident_id = ?", [incident_id])
    elif is_new:
        ensure_log_import(connection)
        insert_row(connection, after)
    else:
        names = [name for name in INCIDENTS.column_names() if name != "incident_id"]
        assignments = ", ".join(f"{name} = ?" for name in names)
        connection.execute(
            f"UPDATE incidents SET {assignments} WHERE incident_id = ?",  # noqa: S608
            [*(after[name] for name in names), incident_id],
        )


def insert_row(connection: duckdb.DuckDBPyConnection, record: dict) -> None:
    """Write a new record."""
    names = INCIDENTS.column_names()
    connection.execute(
        f"INSERT INTO incidents ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
        [record[name] for name in names],
    )


def ensure_log_import(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the standing row of what is logged by hand, unless it is there."""
    if connection.execute("SELECT 1 FROM imports WHERE import_id = ?", [LOG_IMPORT_ID]).fetchone():
        return
    values = {
        "import_id": LOG_IMPORT_ID, "kind": "log", "imported_at": clock.this_hour(), "file_hash": UNKNOWN, "headings_hash": UNKNOWN,
        "reference": UNKNOWN, "rows": 0, "kept": 0, "rejected": 0, "already_there": 0,
        "schema_version": SCHEMA_VERSION, "is_bundled": False,
    }  # fmt: skip
    connection.execute(
        f"INSERT INTO imports ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608
        list(values.values()),
    )


def count_log(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the standing row up to date."""
    held = connection.execute(
        "SELECT count(*) FROM incidents WHERE import_id = ?", [LOG_IMPORT_ID]
    ).fetchone()[0]
    connection.execute(
        'UPDATE imports SET "rows" = ?, kept = ? WHERE import_id = ?', [held, held, LOG_IMPORT_ID]
    )
