"""Records and the steps of their trail in the tables, read and written inside one transaction; and the code that opens a record."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from data import clock
from data.errors import InputError
from data.log.entry import as_text, plain_value
from data.schema import CHANGES, INCIDENTS, LOG_IMPORT_ID, SCHEMA_VERSION, UNKNOWN
from data.store.store import Store

CODE_DIGITS = 12
NO_CODE = "No record has this code. Look at it again: twelve letters and figures, such as 7f3a-91c2-04de."


def code_of(incident_id: str) -> str:
    """
    The code of a record, to note down: with it the record can be opened while it is hidden.

    >>> code_of("7f3a91c2-04de-4a11-9d2e-0123456789ab")
    '7f3a-91c2-04de'
    """
    digits = str(incident_id).replace("-", "")[:CODE_DIGITS]
    return "-".join(digits[start : start + 4] for start in range(0, CODE_DIGITS, 4))


def find_by_code(store: Store, code: str, or_deleted: bool = False) -> str:
    """
    The record that a code opens, young ones too; written in any case, with or without dashes.

    Parameters
    ----------
    or_deleted
        Also one that was deleted and that the trail still holds, to have it back.

    Raises
    ------
    InputError
        No record has it.
    """
    digits = re.sub(r"[\s–—-]", "", code).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{CODE_DIGITS}}}", digits):
        raise InputError(NO_CODE)
    found = {
        str(row["incident_id"])
        for table in ("store.main.incidents", *(["changes"] if or_deleted else []))
        for row in store.sql(
            f"SELECT incident_id FROM {table} WHERE starts_with(replace(incident_id::VARCHAR, '-', ''), ?)",  # noqa: S608
            [digits],
        ).to_pylist()
    }
    if len(found) != 1:
        raise InputError(NO_CODE)
    return found.pop()


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


@dataclass(frozen=True)
class Step:
    """One act of the trail: its rows as (incident_id, column, before, after)."""

    step: int
    act: str
    rows: tuple[tuple[str, str, str | None, str | None], ...]
    undoes: int | None
    is_in_force: bool

    @property
    def incident_ids(self) -> tuple[str, ...]:
        """The records it touched, in the order of its rows."""
        return tuple(dict.fromkeys(row[0] for row in self.rows))


def note_act(
    connection: duckdb.DuckDBPyConnection, act: str, rows: Sequence[tuple], undoes: int | None = None
) -> int:
    """Write one act into the trail; returns its step."""
    number, step = connection.execute(
        "SELECT coalesce(max(number), 0), coalesce(max(step), 0) + 1 FROM changes"
    ).fetchone()
    names = CHANGES.column_names()
    marks = f"({', '.join('?' * len(names))})"
    values = [
        (number + position, step, clock.this_hour(), incident_id, act, column, before, after, undoes)
        for position, (incident_id, column, before, after) in enumerate(rows, start=1)
    ]
    if values:
        connection.execute(
            f"INSERT INTO changes ({', '.join(names)}) VALUES {', '.join([marks] * len(values))}",  # noqa: S608
            [each for row in values for each in row],
        )
    return step


def differences(before: Mapping | None, after: Mapping | None) -> list[tuple]:
    """What changed, as rows of the trail; all that is stated where the record came or went."""
    incident_id = (before or after)["incident_id"]
    rows = []
    for name in INCIDENTS.column_names():
        old, new = (as_text(record[name]) if record else None for record in (before, after))
        if old != new:
            rows.append((incident_id, name, old, new))
    return rows


def read_history(connection: duckdb.DuckDBPyConnection) -> dict[int, Step]:
    """Every act by its step, in order, and whether it is in force: not taken back by one that is."""
    found: dict[int, list[tuple]] = {}
    for row in connection.execute(
        "SELECT step, act, undoes, incident_id, column_name, value_before, value_after FROM changes ORDER BY number"
    ).fetchall():
        found.setdefault(row[0], []).append(row)
    taken_back: set[int] = set()
    history: dict[int, Step] = {}
    for step in sorted(found, reverse=True):
        _, act, undoes, *_ = found[step][0]
        rows = tuple((str(incident_id), *values) for _, _, _, incident_id, *values in found[step])
        is_in_force = step not in taken_back
        if undoes is not None and is_in_force:
            taken_back.add(undoes)
        history[step] = Step(step, act, rows, undoes, is_in_force)
    return dict(sorted(history.items()))
