"""What has been imported, and what the store holds."""

import pyarrow as pa

from data.errors import InputError
from data.store.engine import schema_version
from data.store.store import Store

# So many letters and figures of an import's id tell it from any other in practice.
SHORT_ID = 8

NO_SUCH_IMPORT = "There is no such import. Look at the list again."
SEVERAL_IMPORTS = "More than one import begins like this. Write more of its id."


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
        `schema_version`, `incidents` (all in the store), `waiting` (those of them that are too young to show), `to_check`
        (those that wait for a second look), `counts` (figures in force), `imports` (newest first, times as ISO text in
        UTC), `first` and `last` (ISO dates of the earliest and latest incident that shows, None where none does).
    """
    totals = store.sql(
        """
        SELECT (SELECT count(*) FROM store.main.incidents) AS incidents,
               (SELECT count(*) FROM store.main.incidents) - (SELECT count(*) FROM incidents) AS waiting,
               (SELECT count(*) FROM store.main.incidents WHERE review = 'to check') AS to_check,
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


def find_import(store: Store, text: str) -> str:
    """
    The id of the import that a person names by the beginning of it, or by the whole.

    Raises
    ------
    InputError
        There is none, or more than one.
    """
    written = text.strip().lower()
    ids = [str(row["import_id"]) for row in list_imports(store).to_pylist()]
    found = [each for each in ids if written and each.startswith(written)]
    if len(found) != 1:
        raise InputError(SEVERAL_IMPORTS if found else NO_SUCH_IMPORT)
    return found[0]


def _plain(value):
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
