"""
The store: one DuckDB file that many may read while one writes.

DuckDB lets a single process write to a file and shuts every other out, but volunteers import from a terminal
while the dashboard is open. So a write makes the next version of the file beside the present one: copy, change
in one transaction, check, rename over it. Readers keep the version they hold and move on when they see a newer.
A crash at any moment leaves the old version whole.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pyarrow as pa
from filelock import FileLock, Timeout

from data.errors import InputError
from data.migrations import check_version, create_schema, migrate, schema_version
from data.schema import SCHEMA_VERSION

PROJECT_ROOT = Path(__file__).resolve().parent.parent
BUNDLED = PROJECT_ROOT / "data" / "bundled"  # what comes with the dashboard
WAIT_FOR_WRITER_SECONDS = 120


class Store:
    """
    A store on disk, open for reading; `write()` makes its next version.

    Safe to share between threads: each call takes a cursor of its own.
    """

    def __init__(self, path: Path):
        self.path = path
        self._lock = threading.Lock()
        self._held_version = ""
        self._reader: duckdb.DuckDBPyConnection | None = None

    def version(self) -> str:
        """A short text that changes with every write; cheap enough to ask at each step of a page."""
        stat = self.path.stat()
        return f"{stat.st_ino:x}-{stat.st_mtime_ns:x}-{stat.st_size:x}"

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A read-only cursor on the newest version, with the store's tables in sight."""
        with self._lock:
            version = self.version()
            if version != self._held_version:
                self._reader = _open_reader(self.path)
                self._held_version = version
            cursor = self._reader.cursor()
        cursor.execute("USE store")
        return cursor

    def sql(self, query: str, parameters: Sequence = ()) -> pa.Table:
        """Run one SELECT with bound parameters; returns an Arrow table."""
        return self.cursor().execute(query, parameters).to_arrow_table()

    def run(self, expression: ibis.Table) -> pd.DataFrame:
        """Compile an Ibis expression over the schema's tables and run it; returns a data frame, words as text."""
        frame = self.cursor().execute(ibis.to_sql(expression, dialect="duckdb")).df()
        words = frame.select_dtypes("category").columns
        return frame.astype(dict.fromkeys(words, "str"))

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """
        One transaction on the next version of the file: all of it lands, or nothing does.

        Raises
        ------
        InputError
            Another import has been writing for longer than two minutes, or the disk is full.
        """
        with _writers_lock(self.path), _next_version(self.path) as connection:
            yield connection


def database_path() -> Path:
    """Where the store is: RAIDS_DATABASE, or data/local/raids.duckdb beside the code."""
    named = os.environ.get("RAIDS_DATABASE", "")
    return Path(named).expanduser() if named else PROJECT_ROOT / "data" / "local" / "raids.duckdb"


def create_store(path: Path, fill=None) -> Store:
    """
    Make a new store at `path`, or open the one that is there.

    Parameters
    ----------
    path
        A file whose folder is made if need be.
    fill
        Called with the connection, inside the transaction that creates the store.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise _cannot_write(path) from None
    with _writers_lock(path):
        if path.exists():
            return Store(path)
        with _next_version(path) as connection:
            create_schema(connection)
            if fill is not None:
                fill(connection)
    return Store(path)


def upgrade_store(store: Store, then: Callable[[duckdb.DuckDBPyConnection, int], None] | None = None) -> None:
    """
    Bring a store of an older schema up to the present one; does nothing to a present one.

    Parameters
    ----------
    then
        Called in the same transaction after an upgrade, with the connection and the version it came from.

    Raises
    ------
    InputError
        The file is not a store, or was written by a newer version of the dashboard.
    """
    try:
        version = schema_version(store.cursor())
    except duckdb.Error:
        raise _not_a_store(store.path) from None
    if version < 1:
        raise _not_a_store(store.path)
    check_version(version)
    if version < SCHEMA_VERSION:
        try:
            with store.write() as connection:
                migrate(connection)
                if then is not None:
                    then(connection, version)
        except duckdb.CatalogException:
            # A table is missing, or is there already: nothing that this dashboard wrote.
            raise _not_a_store(store.path) from None


def _open_reader(path: Path) -> duckdb.DuckDBPyConnection:
    # In memory with the file attached: DuckDB shares one instance per path within a process, and would hand back
    # the old version if the file were opened by name while an older reader still lives.
    connection = duckdb.connect(":memory:")
    connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS store (READ_ONLY)")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def _writers_lock(path: Path) -> Iterator[None]:
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        lock.acquire(timeout=WAIT_FOR_WRITER_SECONDS)
    except Timeout:
        raise InputError(
            "Another import is still writing to this database. Wait until it has finished, then try again."
        ) from None
    except OSError:
        raise _cannot_write(path) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _next_version(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A transaction on a copy of `path`, which takes its place once it is committed and safe on disk."""
    next_path = path.with_name(f".{path.name}.next")
    try:
        _remove(next_path)
        if path.exists():
            # Nobody may read the copy who may not read the store, not even while it is made.
            next_path.touch(mode=0o600)
            shutil.copy(path, next_path)
        with closing(duckdb.connect(str(next_path))) as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        with next_path.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(next_path, path)
    # A COMMIT that the disk has no room for is a TransactionException.
    except (OSError, duckdb.IOException, duckdb.TransactionException):
        raise _cannot_write(path) from None
    finally:
        _remove(next_path)


def _not_a_store(path: Path) -> InputError:
    return InputError(
        f"{path.name} is not a database of this dashboard. Name another file in RAIDS_DATABASE, "
        "or move this one away to start afresh."
    )


def _cannot_write(path: Path) -> InputError:
    return InputError(
        f"The database {path.name} cannot be written in its folder. Name a folder of your own in RAIDS_DATABASE, or make "
        "room on the disk."
    )


def _remove(path: Path) -> None:
    for leftover in (path, path.with_name(f"{path.name}.wal")):
        leftover.unlink(missing_ok=True)
