"""
The store: one DuckDB file that many may read while one writes.

DuckDB lets a single process write to a file and shuts every other out, but volunteers import from a terminal
while the dashboard is open. So a write makes the next version of the file beside the present one: copy, change
in one transaction, check, rename over it. Readers keep the version they hold and move on when they see a newer.
A crash at any moment leaves the old version whole.

With a passphrase the file is encrypted: by DuckDB, under a key that scrypt makes of it. Copies, temporary files and
what a query puts on disk are then encrypted too.
"""

import glob
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from filelock import FileLock, Timeout

from data import clock
from data.errors import InputError, file_error
from data.schema import SCHEMA_VERSION
from data.store import engine
from data.store.engine import check_version, salt_path, schema_version
from data.store.keys import (
    Salt,
    check_new_passphrase,
    derive_key,
    may_be_plain,
    new_salt,
    read_salts,
    write_salts,
)
from data.store.migrations import create_schema, migrate
from data.store.settings import (
    DECIDED,
    Settings,
    check_setting,
    hide_young_records,
    read_settings,
    write_setting,
)

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

PROJECT_ROOT = Path(__file__).resolve().parents[2]
BUNDLED = PROJECT_ROOT / "data" / "bundled"  # what comes with the dashboard
WAIT_FOR_WRITER_SECONDS = 120


A_DAY_IN_SECONDS = 86_400


class LockedError(InputError):
    """The store is encrypted, and no passphrase has been given."""


class Store:
    """
    A store on disk, open for reading; `write()` makes its next version.

    Safe to share between threads: each call takes a cursor of its own. Readers do not see the group's own records
    of the last days: `incidents` is a view without them, and `store.main.incidents` the table itself.
    """

    def __init__(self, path: Path):
        # A link would be replaced by the next version, and what it leads to would stay as it was.
        self.path = path.resolve()
        self._lock = threading.Lock()
        self._held_version = ""
        self._reader: duckdb.DuckDBPyConnection | None = None
        self._key: str | None = None
        self._salt: Salt | None = None  # of that key
        self._was_encrypted = False

    @property
    def is_encrypted(self) -> bool:
        """Whether the file is encrypted."""
        try:
            return engine.is_encrypted(self.path)
        except OSError as error:
            raise _cannot_open(self.path, error) from None

    @property
    def is_locked(self) -> bool:
        """Whether a passphrase is needed before anything can be read."""
        return self._key is None and self.is_encrypted

    def unlock(self, passphrase: str) -> None:
        """
        Take the passphrase of an encrypted store; nothing happens to a plain one.

        Raises
        ------
        InputError
            It is not the passphrase, whatever it is instead; or the salt file is gone; or the file is damaged.
        """
        if not self.is_encrypted:
            return
        for salt in read_salts(self.path):
            key = derive_key(passphrase, salt)
            try:
                engine.connect(self.path, key, read_only=True).close()
            except duckdb.Error as error:
                if engine.is_wrong_key(error):
                    continue
                raise _damaged(self.path) from None
            with self._lock:
                self._forget()
                self.hold_key(key, salt)
            return
        raise InputError("The passphrase is wrong.")

    def hold_key(self, key: str | None, salt: Salt | None) -> None:
        """Take a key that was derived before, with its salt; None and None for a plain store."""
        self._key, self._salt = key, salt
        self._was_encrypted = key is not None

    def lock(self) -> None:
        """Let go of the key and of everything that was read with it."""
        with self._lock:
            self._forget()

    def version(self) -> str:
        """A short text that changes with every write and every day; cheap enough to ask at each step of a page."""
        stat = self.path.stat()
        return f"{stat.st_ino:x}-{stat.st_mtime_ns:x}-{stat.st_size:x}-{clock.today():%Y%m%d}"

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """
        A read-only cursor on the newest version, with the store's tables in sight.

        Raises
        ------
        LockedError
            The store is locked.
        """
        with self._lock:
            version = self.version()
            if version != self._held_version:
                self._reader = self._open_reader()
                self._held_version = version
            cursor = self._reader.cursor()
        cursor.execute("SET search_path = 'memory.main,store.main'")
        return cursor

    def sql(self, query: str, parameters: Sequence = ()) -> "pa.Table":
        """Run one SELECT with bound parameters; returns an Arrow table."""
        with _telling_damage(self.path):
            return self.cursor().execute(query, parameters).to_arrow_table()

    def run(self, expression: "ibis.Table") -> "pd.DataFrame":
        """Compile an Ibis expression over the schema's tables and run it; returns a data frame, words as text."""
        # Half a second to import, which whoever only asks what the store holds need not wait for.
        import ibis

        with _telling_damage(self.path):
            frame = self.cursor().execute(ibis.to_sql(expression, dialect="duckdb")).df()
        words = frame.select_dtypes("category").columns
        return frame.astype(dict.fromkeys(words, "str"))

    @contextmanager
    def write(self, erase: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """
        One transaction on the next version of the file: all of it lands, or nothing does.

        Parameters
        ----------
        erase
            Write the file anew afterwards, so that what was deleted is in none of its unused blocks.

        Raises
        ------
        InputError
            Another import has been writing for longer than two minutes, or the disk is full.
        LockedError
            The store is locked.
        """
        with writers_lock(self.path):
            key = self.key_in_force()
            with _next_version(self.path, key, rewritten_with=key if erase else _AS_IT_IS) as connection:
                yield connection

    def settings(self) -> Settings:
        """What the group has decided; the defaults where nobody has."""
        return read_settings(self.sql(DECIDED))

    def decide(self, name: str, value: int) -> None:
        """
        Decide one setting.

        Raises
        ------
        InputError
            There is no such setting, or the value is out of its bounds.
        """
        check_setting(name, value)
        with self.write() as connection:
            write_setting(connection, name, value)

    def change_passphrase(self, passphrase: str | None) -> None:
        """
        Write the whole store anew under another passphrase, or, with None, without any.

        Raises
        ------
        InputError
            The passphrase is too short, or the disk is full.
        LockedError
            The store is locked.
        """
        if passphrase is not None:
            check_new_passphrase(passphrase)
        with writers_lock(self.path):
            old_key = self.key_in_force()
            old_salts = [self._salt] if old_key else []
            present_salts = read_salts(self.path) if old_key else []
            salt = new_salt()
            key = derive_key(passphrase, salt) if passphrase is not None else None
            # Both salts stand there while the files change places: whichever file is there then can be opened.
            is_plain_for_a_while = old_key is None or key is None
            _write_salts(self.path, ([salt] if key else []) + old_salts, is_plain_for_a_while)
            try:
                with _next_version(self.path, old_key, rewritten_with=key):
                    pass
            except InputError:
                # The file is still the one before. A second attempt that fails must not push its salt out.
                _write_salts(self.path, present_salts)
                raise
            _write_salts(self.path, [salt] if key else [])
            with self._lock:
                self._forget()
                self.hold_key(key, salt if key else None)

    def key_in_force(self) -> str | None:
        """
        The key that fits the file as it is now, which another process may have changed; None for a plain file.

        Raises
        ------
        LockedError
            No passphrase has been given, or it was changed since.
        InputError
            The file is plain and should not be: somebody put another in its place.
        """
        if not self.is_encrypted:
            if self._was_encrypted or (salt_path(self.path).exists() and not may_be_plain(self.path)):
                self._forget()
                raise _replaced(self.path)
            return None
        if self._key is None:
            raise _locked()
        if self._salt not in read_salts(self.path):
            # Somebody changed the passphrase meanwhile, or restored a backup.
            self._forget()
            raise _locked()
        return self._key

    def _open_reader(self) -> duckdb.DuckDBPyConnection:
        key = self.key_in_force()
        try:
            connection = engine.connect(self.path, key, read_only=True)
            hide_young_records(connection, clock.today())
        except duckdb.Error as error:
            if engine.is_held(error):
                raise _cannot_open(self.path, error) from None
            if not engine.is_wrong_key(error):
                raise
            # Somebody changed the passphrase meanwhile.
            self._forget()
            raise _locked() from None
        return connection

    def _forget(self) -> None:
        self._key, self._salt = None, None
        self._reader = None
        self._held_version = ""


def database_path() -> Path:
    """Where the store is: RAIDS_DATABASE, or data/local/raids.duckdb beside the code."""
    named = os.environ.get("RAIDS_DATABASE", "")
    return Path(named).expanduser().resolve() if named else PROJECT_ROOT / "data" / "local" / "raids.duckdb"


def files_of(path: Path) -> list[Path]:
    """Everything on disk that belongs to the store at `path`, as far as it is there; the store itself first."""
    return [
        name
        for name in (
            path,
            *sorted(path.parent.glob(f"{glob.escape(path.name)}.*")),
            *sorted(path.parent.glob(f".{glob.escape(path.name)}*")),
        )
        if name.exists()
    ]


def lock_path(path: Path) -> Path:
    """The file that says who may write the store at `path`; it holds nothing."""
    return path.with_name(f".{path.name}.lock")


def create_store(path: Path, fill=None, passphrase: str | None = None) -> Store:
    """
    Make a new store at `path`, or open the one that is there.

    Parameters
    ----------
    path
        A file whose folder is made if need be.
    fill
        Called with the connection, inside the transaction that creates the store.
    passphrase
        Encrypts a new store from its first byte.

    Raises
    ------
    InputError
        The folder cannot be written, or the passphrase is too short.
    """
    if passphrase is not None:
        check_new_passphrase(passphrase)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise _cannot_write(path) from None
    with writers_lock(path):
        store = Store(path)
        if path.exists():
            return store
        # Salts of an earlier store, or of one that was never finished, would say that this one must be encrypted.
        _write_salts(path, [])
        if passphrase is not None:
            salt = new_salt()
            _write_salts(path, [salt])
            store.hold_key(derive_key(passphrase, salt), salt)
        with _next_version(path, store._key) as connection:
            create_schema(connection)
            if fill is not None:
                fill(connection)
    return store


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
    except duckdb.Error as error:
        raise _cannot_open(store.path, error) from None
    if version < 1:
        raise _not_a_store(store.path)
    check_version(version)
    if version < SCHEMA_VERSION:
        try:
            # Written anew: texts of a person that an older version kept are then in none of the file's unused blocks.
            with store.write(erase=True) as connection:
                migrate(connection)
                if then is not None:
                    then(connection, version)
        except duckdb.CatalogException:
            # A table is missing, or is there already: nothing that this dashboard wrote.
            raise _not_a_store(store.path) from None


@contextmanager
def writers_lock(path: Path) -> Iterator[None]:
    """
    The one place among all processes from which the store at `path` may be changed.

    Raises
    ------
    InputError
        Another write has gone on for longer than two minutes, or the folder cannot be written.
    """
    lock = FileLock(lock_path(path))
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


_AS_IT_IS = object()  # the next version keeps its blocks; a key or None would write it anew


@contextmanager
def _next_version(
    path: Path, key: str | None, rewritten_with: object = _AS_IT_IS
) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    A transaction on a copy of `path`, which takes its place once it is committed and safe on disk.

    Parameters
    ----------
    key
        Of the file as it is; None for a plain one.
    rewritten_with
        The key to write every row anew with, into a file without unused blocks.
    """
    next_path = path.with_name(f".{path.name}.next")
    anew_path = path.with_name(f".{path.name}.anew")
    try:
        _remove(next_path, anew_path)
        _remove_old_spills(path)
        if path.exists():
            # Nobody may read the copy who may not read the store, not even while it is made.
            next_path.touch(mode=0o600)
            shutil.copy(path, next_path)
        with closing(engine.connect(next_path, key, read_only=False)) as connection:
            connection.execute("USE store")
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT store")
        if rewritten_with is not _AS_IT_IS:
            engine.copy_store(next_path, key, anew_path, rewritten_with)
            os.replace(anew_path, next_path)
        if path.exists():
            shutil.copymode(path, next_path)
        else:
            next_path.chmod(0o600)
        with next_path.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(next_path, path)
    except OSError as error:
        # What fills the store reads files of its own; the database is not to be blamed for them.
        name = error.filename if isinstance(error.filename, str) else None
        if name is not None and Path(name).resolve().parent != path.resolve().parent:
            raise file_error(error) from None
        raise _cannot_write(path) from None
    # A COMMIT that the disk has no room for is a TransactionException.
    except (duckdb.IOException, duckdb.TransactionException) as error:
        if engine.is_held(error):
            raise _cannot_open(path, error) from None
        raise _cannot_write(path) from None
    finally:
        _remove(next_path, anew_path)


def _write_salts(path: Path, salts: list[Salt], plain_for_a_while: bool = False) -> None:
    try:
        write_salts(path, salts, plain_for_a_while)
    except OSError:
        raise _cannot_write(salt_path(path)) from None


@contextmanager
def _telling_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise InputError(
            "This question needs more memory than the machine has. Choose a shorter time, or fewer areas."
        ) from None
    except duckdb.Error as error:
        if engine.is_damage(error):
            raise _damaged(path) from None
        raise


def _locked() -> LockedError:
    return LockedError(
        "The database is locked. Open the dashboard and type its passphrase, or set RAIDS_PASSPHRASE."
    )


def _replaced(path: Path) -> InputError:
    return InputError(
        f"The database {path.name} was encrypted and no longer is: somebody put another file in its place, or took its "
        f"passphrase away. If that was you, delete {salt_path(path).name} beside it if it is there, and start the dashboard "
        "again. If not, restore a backup."
    )


def _damaged(path: Path) -> InputError:
    return InputError(
        f"The database {path.name} is damaged: a part of it is not as it was written, or it is cut short. Keep a copy of it, and restore "
        "a backup."
    )


def _not_a_store(path: Path) -> InputError:
    return InputError(
        f"{path.name} is not a database of this dashboard, or no longer one. Name another file in RAIDS_DATABASE; if this one held your "
        "records, keep a copy of it, and restore a backup."
    )


def _cannot_open(path: Path, error: Exception) -> InputError:
    """Why a file cannot be read as the store, as far as it can be known."""
    if path.is_dir():
        return InputError(
            f"{path.name} is a folder, and the database is a file. Name a file in RAIDS_DATABASE."
        )
    if isinstance(error, FileNotFoundError):
        return InputError(
            f"The database {path.name} is not where it was: somebody moved or deleted it while it was open. Put it back, or start the "
            "dashboard again."
        )
    if isinstance(error, OSError) or not os.access(path, os.R_OK):
        return InputError(
            f"The database {path.name} cannot be read by the user who runs this. Start the dashboard as the user whose file it is, or give "
            "this user the right to read and write it."
        )
    if isinstance(error, duckdb.Error) and engine.is_held(error):
        return InputError(
            f"Another program has the database {path.name} open. Close it there, then try again; nothing was changed."
        )
    if engine.is_damage(error) and engine.begins_as_database(path):
        return _damaged(path)
    return _not_a_store(path)


def _cannot_write(path: Path) -> InputError:
    return InputError(
        f"The database {path.name} cannot be written in its folder. Name a folder of your own in RAIDS_DATABASE, or make "
        "room on the disk."
    )


def _remove(*paths: Path) -> None:
    for path in paths:
        for leftover in (path, path.with_name(f"{path.name}.wal")):
            leftover.unlink(missing_ok=True)


def _remove_old_spills(path: Path) -> None:
    """Folders that a killed process left behind. They are encrypted under a key that died with it."""
    for folder in path.parent.glob(f".{glob.escape(path.name)}*.spill-*"):
        if time.time() - folder.stat().st_mtime > A_DAY_IN_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
