"""DuckDB as this project runs it: in memory, one store attached, everything else locked."""

import importlib.util
import os
from contextlib import closing
from functools import cache
from pathlib import Path

import duckdb

from data.errors import InputError
from data.schema import SCHEMA_VERSION

STORE = "store"  # the name under which a store is attached


def connect(
    path: Path, key: str | None, read_only: bool, others: dict[str, tuple[Path, str | None]] | None = None
):
    """
    A connection with the store at `path` attached as `store`, and nothing else in reach.

    In memory with the file attached, since DuckDB shares one instance per path within a process, and would hand back
    the old version if the file were opened by name while an older reader still lives.

    Parameters
    ----------
    path
        A file; made if it is not there and `read_only` is false.
    key
        Of an encrypted store; None for a plain one.
    others
        Further stores by the name to attach them under, read-only: their paths and keys.

    Raises
    ------
    InputError
        Beside a store lies a log of changes, which DuckDB would take in whoever wrote it.
    duckdb.Error
        The file is not DuckDB's, is damaged, or the key is wrong.
    """
    for each in (path, *(other for other, _key in (others or {}).values())):
        _refuse_log(each)
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            # For the one that is loaded below, whose signature was checked; then it is off.
            "allow_unsigned_extensions": "true",
            "python_enable_replacements": "false",
            # What does not fit into memory goes to disk under a key that is never written anywhere.
            "temp_file_encryption": "true",
            "temp_directory": str(spill_folder(path)),
        },
    )
    try:
        connection.load_extension(str(_cryptography()))
        connection.execute("SET allow_unsigned_extensions = false")
        _attach(connection, path, STORE, key, read_only)
        for name, (other_path, other_key) in (others or {}).items():
            _attach(connection, other_path, name, other_key, read_only=True)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def copy_store(path: Path, key: str | None, copy: Path, copy_key: str | None) -> None:
    """
    Write every row of the store at `path` anew, into a file without unused blocks.

    Parameters
    ----------
    key, copy_key
        Of the store and of the copy; None for a plain one.

    Raises
    ------
    InputError, duckdb.Error
        As in `connect`; and there is no room on the disk.
    """
    with closing(connect(copy, copy_key, read_only=False, others={"present": (path, key)})) as connection:
        connection.execute(f"COPY FROM DATABASE present TO {STORE}")
        connection.execute(f"CHECKPOINT {STORE}")


def spill_folder(path: Path) -> Path:
    """Where a query of this process puts what does not fit into memory; encrypted, and gone when it ends."""
    return path.with_name(f".{path.name}.spill-{os.getpid()}")


def salt_path(path: Path) -> Path:
    """Where the salts of the store at `path` are."""
    return path.with_name(f"{path.name}.salt")


def is_encrypted(path: Path) -> bool:
    """Whether a database file says of itself that it is encrypted (DuckDB's main header: magic, version, flags)."""
    with path.open("rb") as file:
        head = file.read(21)
    return head[8:12] == b"DUCK" and len(head) == 21 and bool(head[20] & 1)


def is_wrong_key(error: duckdb.Error) -> bool:
    """Whether DuckDB refused a file because the key is not its own."""
    return isinstance(error, duckdb.InvalidInputException) and "encryption key" in str(error)


def is_held(error: duckdb.Error) -> bool:
    """Whether DuckDB could not have a file because another program holds it."""
    return isinstance(error, duckdb.IOException) and "lock on file" in str(error)


def begins_as_database(path: Path) -> bool:
    """Whether a file begins as DuckDB's do."""
    with path.open("rb") as file:
        return file.read(12)[8:12] == b"DUCK"


def is_damage(error: Exception) -> bool:
    """Whether DuckDB refused a file that is not as it wrote it: a checksum, or the tag of an encrypted block."""
    is_forged = isinstance(error, duckdb.InvalidInputException) and "AES tag" in str(error)
    return is_forged or isinstance(
        error,
        duckdb.IOException | duckdb.SerializationException | duckdb.InternalException | duckdb.FatalException,
    )


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """The version of the schema a store is in; 0 if it does not say."""
    found = connection.execute("SELECT version FROM schema_version").fetchone()
    return found[0] if found else 0


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


def _refuse_log(path: Path) -> None:
    """
    Refuse a store beside which a write-ahead log lies.

    A finished store has none, since each write ends with a checkpoint before the file takes its place. DuckDB replays a log without
    a key even into an encrypted file, so that whoever has the disk could add records of their own.
    """
    log = path.with_name(f"{path.name}.wal")
    if log.exists():
        raise InputError(
            f"Beside the database lies {log.name}, which this dashboard never leaves there; it could change the records. Move "
            "it away, and ask who has had this machine in hand."
        )


def _attach(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, key: str | None, read_only: bool
) -> None:
    # A path cannot be bound; a quote in it is doubled. The key is bound, since DuckDB repeats a statement in its errors.
    options = (["READ_ONLY"] if read_only else []) + (["ENCRYPTION_KEY ?"] if key else [])
    quoted = str(path).replace("'", "''")
    wanted = f" ({', '.join(options)})" if options else ""
    connection.execute(f"ATTACH '{quoted}' AS {name}{wanted}", [key] if key else [])


@cache
def _cryptography() -> Path:
    """
    DuckDB's extension with OpenSSL, which writing encrypted files needs; installed beside DuckDB, never fetched.

    Its signature is checked once per process: over 20 MB, that takes longer than all the rest of opening a store.
    """
    found = importlib.util.find_spec("duckdb_extension_httpfs")
    folder = Path(found.submodule_search_locations[0])
    path = folder / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    _check_signature(path)
    return path


def _check_signature(extension: Path) -> None:
    """Raise what DuckDB raises for an extension that is not as its makers signed it."""
    with closing(duckdb.connect(":memory:", config={"allow_unsigned_extensions": "false"})) as connection:
        connection.load_extension(str(extension))
