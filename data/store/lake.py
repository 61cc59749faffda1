"""
A lake: stores written out as Parquet side by side, to be asked the same questions by DuckDB or by Spark; never written to by them.

Each store writes a folder of its own, whole, and never another's. What came with the dashboard is in all of them and is read from
one, so that nothing public counts twice. It is written through the view that hides young records.
"""

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from data import clock, schema
from data.errors import InputError
from data.schema import SCHEMA_VERSION, Table
from data.store.store import Store

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

# What questions are asked of; the trail, the settings and a group's formats are nobody's but the store's.
TABLES = (
    schema.INCIDENTS, schema.COUNTS, schema.AREAS, schema.AREA_OVERLAP, schema.IMPORTS, schema.GROUPS, schema.LEAFLET_PLANS,
    schema.LEAFLET_WALKS, schema.LEAFLET_STOPS, schema.LEAFLET_EVENTS, schema.TOLD_APART,
)  # fmt: skip
# In every store alike.
PUBLIC_TABLES = (schema.AREAS, schema.AREA_OVERLAP)
# Told apart by the import that brought a row.
SPLIT_TABLES = (schema.INCIDENTS, schema.COUNTS, schema.IMPORTS)
PARTS = ("own", "public")
MANIFEST = "manifest.json"
YEAR = "started_year"
ROWS_AT_ONCE = 500_000


@dataclass(frozen=True)
class Folder:
    """One store's folder of a lake: when it was made, its files as relative paths with their bytes, and whether it holds what is public."""

    path: Path
    made_at: str
    files: dict[str, int]
    has_public: bool


def write_lake(store: Store, lake: Path, tell: Callable[[str], None] = lambda table: None) -> Path:
    """
    Write what a store shows into its folder of a lake, in place of what it wrote there before.

    Parameters
    ----------
    lake
        The folder of all of them; made if it is not there.
    tell
        Called with the name of each table before it is written.

    Returns
    -------
    path
        The store's own folder.

    Raises
    ------
    InputError
        The folder holds something else, or cannot be written; the earlier one stays as it was.
    """
    if lake.exists() and (not lake.is_dir() or any(_is_strange(each) for each in lake.iterdir())):
        raise InputError(
            "This folder holds something else than a lake. Name an empty folder, or one that does not exist."
        )
    own = lake / _name_of(store)
    making, before = own.with_name(f".{own.name}.next"), own.with_name(f".{own.name}.before")
    try:
        lake.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(making, ignore_errors=True)
        for table in TABLES:
            tell(table.name)
            _write_table(store, table, making)
        files = {
            str(file.relative_to(making)): file.stat().st_size for file in sorted(making.rglob("*.parquet"))
        }
        told = {
            "schema_version": SCHEMA_VERSION,
            "made_at": clock.now().isoformat(timespec="microseconds"),
            "files": files,
            "has_public": bool(store.sql("SELECT 1 FROM imports WHERE is_bundled LIMIT 1").num_rows),
        }
        (making / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
        shutil.rmtree(before, ignore_errors=True)
        if own.exists():
            os.replace(own, before)
        os.replace(making, own)
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        raise InputError(
            f"The lake cannot be written: {error.strerror or 'the disk failed'}. The earlier one stays."
        ) from None
    shutil.rmtree(before, ignore_errors=True)
    return own


def _is_strange(path: Path) -> bool:
    return not path.name.startswith(".") and not (path / MANIFEST).exists()


def _name_of(store: Store) -> str:
    """A name that stays the store's own: of the first import it ever had, whose id is random."""
    first = store.sql("SELECT import_id::VARCHAR AS id FROM imports ORDER BY imported_at, import_id LIMIT 1")[
        "id"
    ].to_pylist()
    return hashlib.sha256((first[0] if first else str(store.path)).encode()).hexdigest()[:12]


def _write_table(store: Store, table: Table, folder: Path) -> None:
    import pyarrow.dataset as ds

    columns = ", ".join(
        f"{f'CAST({column.name} AS VARCHAR)' if _is_text(column.type, column.values) else column.name} AS {column.name}"
        for column in table.columns
    )
    year = f", year(started_earliest)::INTEGER AS {YEAR}" if table is schema.INCIDENTS else ""
    for part in PARTS:
        if part == ("own" if table in PUBLIC_TABLES else "public") and table not in SPLIT_TABLES:
            continue
        chosen = ""
        if table in SPLIT_TABLES:
            brought = "import_id IN (SELECT import_id FROM imports WHERE is_bundled)"
            chosen = f"WHERE {'' if part == 'public' else 'NOT '}coalesce({brought}, false)"
        order = f" ORDER BY {YEAR}" if year else ""
        found = store.cursor().execute(f"SELECT {columns}{year} FROM {table.name} {chosen}{order}")  # noqa: S608
        ds.write_dataset(
            found.to_arrow_reader(ROWS_AT_ONCE),
            folder / table.name / part,
            format="parquet",
            partitioning=[YEAR] if year else None,
            partitioning_flavor="hive" if year else None,
            existing_data_behavior="delete_matching",
        )


def _is_text(kind: str, values: Collection) -> bool:
    return bool(values) or kind in ("UUID", "VARCHAR")


class Lake:
    """
    A lake, open for questions; DuckDB reads its files and nothing else.

    Safe to share between threads, as a store is.
    """

    is_locked = False

    def __init__(self, path: Path):
        self.path = path.resolve()
        self._lock = threading.Lock()
        self._held_version = ""
        self._reader: duckdb.DuckDBPyConnection | None = None

    def version(self) -> str:
        """A short text that changes when a folder of the lake is written anew."""
        return hashlib.sha256(
            repr([(each.path.name, each.made_at) for each in self.folders()]).encode()
        ).hexdigest()[:16]

    def folders(self) -> list[Folder]:
        """
        The folders of the lake, the newest last.

        Raises
        ------
        InputError
            There is none; one is half written, or of another version of the dashboard.
        """
        try:
            found = [
                _read_folder(each)
                for each in sorted(self.path.iterdir())
                if each.is_dir() and not each.name.startswith(".")
            ]
        except OSError:
            raise InputError("There is no lake in this folder, or it cannot be read.") from None
        if not found:
            raise InputError("This lake is empty: write a store into it with `cli.py export --lake`.")
        return sorted(found, key=lambda folder: (folder.made_at, folder.path.name))

    def files_of(self, table: Table) -> list[Path]:
        """The files that hold a table: of each store what is its own, and of the newest what they all have."""
        folders = self.folders()
        # A store begun without what comes with the dashboard says nothing of it.
        public = max(folders, key=lambda folder: (folder.has_public, folder.made_at, folder.path.name))
        return [
            folder.path / file
            for folder in folders
            for file in folder.files
            if file.startswith(f"{table.name}/own/")
            or (folder is public and file.startswith(f"{table.name}/public/"))
        ]

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor with the lake's tables in sight."""
        with self._lock:
            version = self.version()
            if version != self._held_version:
                self._reader = self._open_reader()
                self._held_version = version
            return self._reader.cursor()  # type: ignore[union-attr]

    def sql(self, query: str, parameters: Sequence = ()) -> "pa.Table":
        """Run one SELECT with bound parameters; returns an Arrow table."""
        return self.cursor().execute(query, parameters).to_arrow_table()

    def run(self, expression: "ibis.Table") -> "pd.DataFrame":
        """As `Store.run`."""
        import ibis

        frame = self.cursor().execute(ibis.to_sql(expression, dialect="duckdb")).df()
        return frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))

    def _open_reader(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
        connection.execute(f"SET allowed_directories = ['{_quoted(self.path)}']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for table in TABLES:
            connection.execute(self._definition(table))
        return connection

    def _definition(self, table: Table) -> str:
        files = self.files_of(table)
        columns = ", ".join(
            f"CAST({column.name} AS {column.sql_type()}) AS {column.name}" for column in table.columns
        )
        if not files:
            return table.definition()
        listed = ", ".join(f"'{_quoted(file)}'" for file in files)
        return f"CREATE VIEW {table.name} AS SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = false)"  # noqa: S608


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _read_folder(path: Path) -> Folder:
    try:
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        version, made_at = int(told["schema_version"]), str(told["made_at"])
        files = {str(name): int(size) for name, size in told["files"].items()}
        has_public = bool(told["has_public"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            f"The folder {path.name} of this lake is not complete: write its store into the lake again, or take it out."
        ) from None
    if version != SCHEMA_VERSION:
        raise InputError(
            f"The folder {path.name} of this lake is of another version of the dashboard ({version}, this one reads {SCHEMA_VERSION}): "
            "write its store into the lake again."
        )
    for name, size in files.items():
        file = path / name
        if ".." in Path(name).parts or not file.is_file() or file.stat().st_size != size:
            raise InputError(
                f"The folder {path.name} of this lake is not complete: write its store into the lake again, or take it out."
            )
    return Folder(path, made_at, files, has_public)
