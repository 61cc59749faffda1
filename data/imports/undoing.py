"""How an import is taken back as a whole."""

from dataclasses import dataclass

import duckdb

from data import clock
from data.errors import InputError
from data.imports.history import NO_SUCH_IMPORT
from data.imports.importer import write_counts
from data.log.apart import forget_the_gone
from data.schema import COUNTS, LOG_IMPORT_ID
from data.store.store import Store

NOTHING_TO_UNDO = "There is no import to undo: the database holds only what came with the dashboard."
UNDONE_ALREADY = "This import was taken back already."
IS_BUNDLED = "What came with the dashboard is not taken back."
IS_THE_LOG = "Records logged by hand are no import. Delete them one by one."
LATER_EDITIONS = (
    "A later file of the same log left out rows that this import had brought. To have them again, take back that import "
    "too, then import its file again."
)


@dataclass(frozen=True)
class Undone:
    """The import that was taken back, how many rows went with it, and what a person should know besides."""

    import_id: str
    kind: str
    rows: int
    notes: tuple[str, ...] = ()


def undo_last_import(store: Store) -> Undone:
    """
    Take back the last import; as `undo_import`.

    Raises
    ------
    InputError
        There is no import to undo: what came with the dashboard, and what was logged by hand, is never taken back.
    """
    with store.write(erase=True) as connection:
        rows = connection.execute(
            "SELECT * FROM imports WHERE undone_at IS NULL AND NOT is_bundled AND kind <> 'log' ORDER BY rowid DESC LIMIT 1"
        ).to_arrow_table()
        if not rows.num_rows:
            raise InputError(NOTHING_TO_UNDO)
        return _take_back(connection, rows.to_pylist()[0])


def undo_import(store: Store, import_id: str) -> Undone:
    """
    Take back any import as a whole, as if it had never been: its rows, what was corrected in them, and its effect on figures.

    Official figures that it had replaced are in force again, unless a later import replaces them too. A record of
    another import that took one of its records in by merging stays as it is.

    Parameters
    ----------
    store
        Changed in one transaction, or not at all. Its file is written anew without the rows.
    import_id
        Any but those of what came with the dashboard and of what was logged by hand.

    Raises
    ------
    InputError
        There is no such import, it was taken back already, or it is not to be taken back.
    """
    if import_id == LOG_IMPORT_ID:
        raise InputError(IS_THE_LOG)
    with store.write(erase=True) as connection:
        rows = connection.execute(
            "SELECT * FROM imports WHERE import_id::VARCHAR = ?", [import_id]
        ).to_arrow_table()
        if not rows.num_rows:
            raise InputError(NO_SUCH_IMPORT)
        found = rows.to_pylist()[0]
        if found["is_bundled"]:
            raise InputError(IS_BUNDLED)
        if found["undone_at"] is not None:
            raise InputError(UNDONE_ALREADY)
        return _take_back(connection, found)


def _take_back(connection: duckdb.DuckDBPyConnection, undone: dict) -> Undone:
    import_id = str(undone["import_id"])
    # The trail holds values of the records, also of those deleted or merged since; they go with their import.
    connection.execute(
        """
        DELETE FROM changes WHERE incident_id IN (
            SELECT incident_id FROM incidents WHERE import_id = ?
            UNION SELECT incident_id FROM changes WHERE column_name = 'import_id' AND value_before = ?
        )
        """,
        [import_id, import_id],
    )
    for table in ("incidents", "counts", "rejects"):
        connection.execute(f"DELETE FROM {table} WHERE import_id = ?", [import_id])  # noqa: S608
    forget_the_gone(connection)
    connection.execute(
        "UPDATE imports SET undone_at = ? WHERE import_id = ?",
        [clock.now(), import_id],
    )
    if undone["kind"] == "counts":
        _settle_counts(connection)
    has_later_editions = connection.execute(
        """
        SELECT count(*) FROM imports
        WHERE kind = 'incidents' AND headings_hash = ? AND undone_at IS NULL AND already_there > 0
          AND rowid > (SELECT rowid FROM imports WHERE import_id = ?)
        """,
        [undone["headings_hash"], import_id],
    ).fetchone()[0]
    notes = (LATER_EDITIONS,) if undone["kind"] == "incidents" and has_later_editions else ()
    return Undone(import_id=import_id, kind=undone["kind"], rows=undone["kept"], notes=notes)


def _settle_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring in the returns that are left once more, in their order: which figure replaces which hangs on all before it."""
    imports = connection.execute(
        "SELECT import_id, extracted_on FROM imports WHERE kind = 'counts' AND undone_at IS NULL ORDER BY rowid"
    ).fetchall()
    names = ", ".join(name for name in COUNTS.column_names() if name not in ("import_id", "superseded_by"))
    returns = [
        connection.execute(
            f"SELECT {names} FROM counts WHERE import_id = ? ORDER BY rowid",  # noqa: S608
            [import_id],
        ).to_arrow_table()
        for import_id, _ in imports
    ]
    connection.execute("DELETE FROM counts")
    for (import_id, extracted_on), figures in zip(imports, returns, strict=True):
        write_counts(connection, figures, str(import_id), extracted_on)
