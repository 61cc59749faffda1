"""What has been imported, and how the last import is taken back."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from data.errors import InputError
from data.migrations import schema_version
from data.store import Store


@dataclass(frozen=True)
class Undone:
    """The import that was taken back, and how many rows went with it."""

    import_id: str
    kind: str
    rows: int


def list_imports(store: Store) -> pa.Table:
    """Every import, newest first, one row each, in the columns of `imports`."""
    # In the order they were written in: the clock may have been set back in between.
    return store.sql("SELECT * FROM imports ORDER BY rowid DESC")


def list_rejects(store: Store, import_id: str) -> pa.Table:
    """The rows one import set aside: row, column_name, reason; in file order."""
    return store.sql(
        'SELECT "row", column_name, reason FROM rejects WHERE import_id = ? ORDER BY "row"', [import_id]
    )


def status(store: Store) -> dict:
    """
    What the store holds.

    Returns
    -------
    status
        `schema_version`, `incidents` and `counts` (rows in force), `imports` (newest first, times as ISO text in
        UTC), `first` and `last` (ISO dates of the earliest and latest incident, None without incidents).
    """
    totals = store.sql(
        """
        SELECT (SELECT count(*) FROM incidents) AS incidents,
               (SELECT count(*) FROM counts WHERE superseded_by IS NULL) AS counts,
               (SELECT strftime(min(started_earliest), '%Y-%m-%d') FROM incidents) AS first,
               (SELECT strftime(max(started_latest), '%Y-%m-%d') FROM incidents) AS last
        """
    ).to_pylist()[0]
    imports = [
        {name: _plain(value) for name, value in row.items() if name not in ("file_hash", "headings_hash")}
        for row in list_imports(store).to_pylist()
    ]
    return {"schema_version": schema_version(store.cursor()), **totals, "imports": imports}


def last_import(store: Store) -> dict | None:
    """The import that `undo_last_import` would take back, in the columns of `imports`; None if there is none."""
    return _last_import(store.cursor())


def _last_import(connection: duckdb.DuckDBPyConnection) -> dict | None:
    rows = connection.execute(
        "SELECT * FROM imports WHERE undone_at IS NULL AND NOT is_bundled ORDER BY rowid DESC LIMIT 1"
    ).to_arrow_table()
    return rows.to_pylist()[0] if rows.num_rows else None


def undo_last_import(store: Store, import_id: str | None = None) -> Undone:
    """
    Take back the last import: its rows go, and the figures it had replaced are in force again.

    What came with the dashboard is never undone.

    Parameters
    ----------
    store
        Changed in one transaction, or not at all.
    import_id
        The import that a person saw as the last; nothing is undone if it no longer is.

    Raises
    ------
    InputError
        There is no import to undo, or the one named is not the last.
    """
    with store.write() as connection:
        last = _last_import(connection)
        if last is None:
            raise InputError(
                "There is no import to undo: the database holds only what came with the dashboard."
            )
        last_id = str(last["import_id"])
        if import_id not in (None, last_id):
            raise InputError(
                "Nothing was taken back: the import shown is no longer the last one. Look at the list again."
            )
        for table in ("incidents", "counts", "rejects"):
            connection.execute(f"DELETE FROM {table} WHERE import_id = ?", [last_id])  # noqa: S608
        connection.execute("UPDATE counts SET superseded_by = NULL WHERE superseded_by = ?", [last_id])
        connection.execute(
            "UPDATE imports SET undone_at = ? WHERE import_id = ?",
            [datetime.now(UTC).replace(tzinfo=None, microsecond=0), last_id],
        )
    return Undone(import_id=last_id, kind=last["kind"], rows=last["kept"])


def _plain(value):
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
