import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from data.errors import InputError
from data.schema import SCHEMA_VERSION, TABLES
from data.store import engine, migrations
from data.store.store import Store, create_store, database_path, upgrade_store

ROOT = Path(__file__).resolve().parents[3]


def count(store: Store) -> int:
    return store.sql("SELECT count(*) AS n FROM mappings")["n"][0].as_py()


def add(connection, name="log"):
    connection.execute("INSERT INTO mappings VALUES (?, '{}', now()::TIMESTAMP)", [name])


@pytest.fixture
def store(tmp_path) -> Store:
    return create_store(tmp_path / "a folder" / "it's.duckdb")


def test_a_new_store_has_every_table_of_the_schema(store):
    names = set(
        store.sql("SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'")[
            "table_name"
        ].to_pylist()
    )
    assert names == {table.name for table in TABLES} | {"schema_version"}


def test_a_reader_sees_a_write_at_its_next_step_and_not_before(store):
    held = store.cursor()
    with store.write() as connection:
        add(connection)
        assert count(store) == 0
    assert held.execute("SELECT count(*) FROM mappings").fetchone() == (0,)
    assert count(store) == 1


def test_version_changes_with_a_write_only(store):
    before = store.version()
    assert store.version() == before
    with store.write() as connection:
        add(connection)
    assert store.version() != before


def test_a_failed_write_leaves_the_store_as_it_was(store):
    before = store.path.read_bytes()
    with pytest.raises(RuntimeError), store.write() as connection:
        add(connection)
        raise RuntimeError
    assert store.path.read_bytes() == before
    assert [path.name for path in store.path.parent.iterdir() if ".next" in path.name] == []


# A limit on the size of a file stands in for a full disk.
WRITER_WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
from data.errors import InputError
from data.store.store import Store
store = Store(Path(sys.argv[1]))
limit = int(store.path.stat().st_size * float(sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    with store.write() as connection:
        connection.execute("INSERT INTO mappings SELECT md5(i::VARCHAR), md5(i::VARCHAR), now()::TIMESTAMP FROM range(400000) AS t(i)")
except InputError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0.5, 1.02, 8])
def test_a_full_disk_is_one_sentence_and_leaves_the_store_whole(store, room):
    before = store.path.read_bytes()
    command = [sys.executable, "-c", WRITER_WITHOUT_ROOM, str(store.path), str(room)]
    written = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert written.stderr == ""
    assert "make room on the disk" in written.stdout
    assert store.path.read_bytes() == before
    assert [path.name for path in store.path.parent.iterdir() if ".next" in path.name] == []


def test_a_write_keeps_who_may_read_the_store(store):
    store.path.chmod(0o600)
    with store.write() as connection:
        next_path = next(store.path.parent.glob(".*.next"))
        assert next_path.stat().st_mode & 0o777 == 0o600
        add(connection)
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_leftovers_of_a_killed_write_do_not_disturb_the_next(store):
    leftover = store.path.with_name(f".{store.path.name}.next")
    leftover.write_bytes(b"half a database")
    leftover.with_name(leftover.name + ".wal").write_bytes(b"half a log")
    with store.write() as connection:
        add(connection)
    assert count(store) == 1


def test_writers_wait_for_each_other_and_none_is_lost(store):
    def write(number):
        with Store(store.path).write() as connection:
            add(connection, f"log {number}")

    threads = [threading.Thread(target=write, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(store) == 6


def test_many_readers_at_once_see_whole_versions_only(store):
    seen, stop = [], threading.Event()

    def read():
        reader = Store(store.path)
        while not stop.is_set():
            seen.append(count(reader))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        with store.write() as connection:
            add(connection)
            add(connection)
    stop.set()
    for thread in threads:
        thread.join()
    assert set(seen) <= {0, 2, 4, 6, 8, 10}
    assert count(store) == 10


def test_readers_cannot_change_the_store_or_reach_files(store):
    for statement in (
        "DELETE FROM mappings",
        "COPY mappings TO 'out.csv'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            store.cursor().execute(statement)


def test_closed_lists_are_enforced_by_the_database(store):
    with pytest.raises(duckdb.ConversionException), store.write() as connection:
        connection.execute(
            "INSERT INTO areas VALUES ('planet', 'x', 'x', 'x', NULL, NULL, NULL, NULL, NULL, NULL, NULL)"
        )


def columns_of(store):
    return store.sql(
        "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE database_name = 'store' "
        "ORDER BY ALL"
    ).to_pylist()


def test_an_older_store_is_brought_up_to_date_step_by_step(store, monkeypatch):
    monkeypatch.setattr("data.store.migrations.SCHEMA_VERSION", SCHEMA_VERSION + 2)
    monkeypatch.setattr("data.store.store.SCHEMA_VERSION", SCHEMA_VERSION + 2)
    monkeypatch.setitem(
        migrations.MIGRATIONS, SCHEMA_VERSION, lambda c: c.execute("CREATE TABLE later (a INTEGER)")
    )
    monkeypatch.setitem(
        migrations.MIGRATIONS,
        SCHEMA_VERSION + 1,
        lambda c: c.execute("ALTER TABLE later ADD COLUMN b INTEGER"),
    )
    upgrade_store(store)
    assert store.sql("SELECT a, b FROM later").num_rows == 0
    assert migrations.schema_version(store.cursor()) == SCHEMA_VERSION + 2


def test_a_failed_upgrade_leaves_the_older_store_whole(store, monkeypatch):
    monkeypatch.setattr("data.store.migrations.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    monkeypatch.setattr("data.store.store.SCHEMA_VERSION", SCHEMA_VERSION + 1)

    def fail(connection):
        connection.execute("DROP TABLE mappings")
        raise RuntimeError

    monkeypatch.setitem(migrations.MIGRATIONS, SCHEMA_VERSION, fail)
    with pytest.raises(RuntimeError):
        upgrade_store(store)
    assert count(store) == 0
    assert migrations.schema_version(store.cursor()) == SCHEMA_VERSION


def test_a_store_of_a_newer_dashboard_is_refused(store):
    with store.write() as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(InputError, match="Update the dashboard"):
        upgrade_store(store)


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE schema_version SET version = 0",
        "DELETE FROM schema_version",
        "UPDATE schema_version SET version = 1",
    ],
)
def test_a_store_with_a_version_that_cannot_be_is_refused(store, spoilt):
    with store.write() as connection:
        connection.execute(spoilt)
    with pytest.raises(InputError, match="not a database of this dashboard"):
        upgrade_store(store)


@pytest.mark.parametrize("contents", [b"", b"not a database at all", b"\0" * 20_000])
def test_a_file_that_is_no_store_is_refused(tmp_path, contents):
    path = tmp_path / "other.duckdb"
    path.write_bytes(contents)
    with pytest.raises(InputError, match="not a database of this dashboard"):
        upgrade_store(Store(path))


def opening(path: Path) -> str:
    """The sentence that opening a file as a store gives."""
    with pytest.raises(InputError) as told:
        store = Store(path)
        if not store.is_encrypted:
            upgrade_store(store)
    said = str(told.value)
    assert "move" not in said
    assert said.count("database") <= 2
    return said


@pytest.mark.parametrize("share", [0.001, 0.01, 0.5, 0.99])
def test_a_store_cut_short_is_called_damaged(store, share):
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[: int(len(whole) * share)])
    assert opening(store.path).startswith("The database it's.duckdb is damaged: ")


def test_a_store_with_a_garbled_block_is_called_damaged(store):
    whole = bytearray(store.path.read_bytes())
    whole[5_000:9_000] = b"\xff" * 4_000
    store.path.write_bytes(whole)
    assert opening(store.path).startswith("The database it's.duckdb is damaged: ")


def test_a_folder_as_database_is_called_a_folder(tmp_path):
    assert opening(tmp_path).startswith(f"{tmp_path.name} is a folder, and the database is a file.")


def test_a_store_that_may_not_be_read_says_so(store, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(engine, "is_encrypted", refuse)
    assert "cannot be read by the user who runs this" in opening(store.path)


def test_a_store_that_another_program_has_open_says_so_and_changes_nothing(store):
    holding = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    before = store.path.read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        said = opening(store.path)
        holder.communicate()
    assert (
        said
        == "Another program has the database it's.duckdb open. Close it there, then try again; nothing was changed."
    )
    assert store.path.read_bytes() == before
    upgrade_store(Store(store.path))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PermissionError(13, "Permission denied", "/opt/raids/postcodes.parquet"),
            "cannot be read by the user who runs it",
        ),
        (
            FileNotFoundError(2, "No such file", "/opt/raids/pieces.parquet"),
            "is missing: /opt/raids/pieces.parquet",
        ),
    ],
)
def test_a_file_that_fills_the_store_is_named_and_the_database_not_blamed(tmp_path, error, said):
    def fill(connection):
        raise error

    with pytest.raises(InputError, match=said) as told:
        create_store(tmp_path / "new.duckdb", fill)
    assert "database" not in str(told.value)
    assert not (tmp_path / "new.duckdb").exists()


def test_a_database_of_another_program_is_refused(tmp_path):
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(InputError, match="not a database of this dashboard"):
        upgrade_store(Store(path))


def test_creating_a_store_twice_opens_the_first(store):
    with store.write() as connection:
        add(connection)
    assert count(create_store(store.path)) == 1


def test_the_environment_names_the_store(monkeypatch, tmp_path):
    monkeypatch.setenv("RAIDS_DATABASE", str(tmp_path / "mine.duckdb"))
    assert database_path() == tmp_path / "mine.duckdb"
    monkeypatch.delenv("RAIDS_DATABASE")
    assert database_path().parts[-3:] == ("data", "local", "raids.duckdb")


READER = """
import sys
from pathlib import Path
from data.store.store import Store
store = Store(Path(sys.argv[1]))
for _ in sys.stdin:
    print(store.sql("SELECT count(*) AS n FROM mappings")["n"][0].as_py(), flush=True)
"""

WRITER = """
import sys, time
from pathlib import Path
from data.store.store import Store
with Store(Path(sys.argv[1])).write() as connection:
    connection.execute("INSERT INTO mappings SELECT 'log ' || i, '{}', now()::TIMESTAMP FROM range(100000) AS t(i)")
    print("written", flush=True)
    time.sleep(60)
"""


def start(program: str, store: Store) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(store.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_another_process_that_reads_is_not_in_the_way_and_sees_the_write_next(store):
    with start(READER, store) as reader:

        def ask() -> int:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return int(reader.stdout.readline())

        assert ask() == 0
        with store.write() as connection:
            add(connection)
            assert ask() == 0
        assert ask() == 1
        reader.stdin.close()


def test_a_writer_that_is_killed_leaves_the_store_whole_and_free(store):
    with start(WRITER, store) as writer:
        assert writer.stdout.readline() == "written\n"
        writer.kill()
    assert count(store) == 0
    with store.write() as connection:
        add(connection)
    assert count(store) == 1
