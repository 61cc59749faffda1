"""What a statement may reach once a store is open: nothing but the store. The list follows DuckDB's own security page."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from data.store import engine
from data.store.store import Store, create_store

ROOT = Path(__file__).resolve().parents[3]

# {here} is a folder with a CSV, a Parquet file and another DuckDB file in it.
READS = (
    "SELECT * FROM read_csv('{here}/secret.csv')",
    "SELECT * FROM read_csv_auto('{here}/secret.csv')",
    "SELECT * FROM '{here}/secret.csv'",
    "FROM '{here}/*.csv'",
    "SELECT * FROM sniff_csv('{here}/secret.csv')",
    "SELECT * FROM read_text('{here}/secret.csv')",
    "SELECT * FROM read_blob('{here}/secret.csv')",
    "SELECT * FROM read_parquet('{here}/secret.parquet')",
    "SELECT * FROM parquet_metadata('{here}/secret.parquet')",
    "SELECT * FROM parquet_schema('{here}/secret.parquet')",
    "SELECT * FROM read_json('{here}/secret.csv')",
    "SELECT * FROM read_json_auto('{here}/secret.csv')",
    "SELECT * FROM read_ndjson('{here}/secret.csv')",
    "SELECT * FROM glob('{here}/*')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_text('{here}/../**/*.csv')",
    "SELECT * FROM read_csv('https://example.org/a.csv')",
    "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
    "SELECT * FROM read_text('http://127.0.0.1:9/a')",
    "COPY mappings FROM '{here}/secret.csv'",
    "IMPORT DATABASE '{here}'",
    "ATTACH '{here}/other.duckdb' AS other",
    "ATTACH '{here}/other.duckdb' AS other (READ_ONLY)",
    "ATTACH 'https://example.org/other.duckdb' AS other (READ_ONLY)",
    "ATTACH '{here}/other.sqlite' AS other (TYPE sqlite)",
)
WRITES = (
    "COPY mappings TO '{here}/out.csv'",
    "COPY mappings TO '{here}/out.parquet' (FORMAT parquet)",
    "COPY (SELECT 1) TO '{here}/out.json'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "EXPORT DATABASE '{here}/out'",
    "EXPORT DATABASE '{here}/out' (FORMAT parquet)",
    "ATTACH '{here}/out.duckdb' AS out",
    "COPY FROM DATABASE memory TO store",
    "INSERT INTO store.mappings VALUES ('a', 'b', now()::TIMESTAMP)",
    "DELETE FROM store.main.incidents",
    "UPDATE store.main.areas SET name = 'x'",
    "DROP TABLE store.main.mappings",
    "CREATE TABLE store.main.more (a INTEGER)",
    "ALTER TABLE store.main.mappings ADD COLUMN more INTEGER",
    "DETACH store; ATTACH '{here}/lock.duckdb' AS store",
    "SET profiling_output = '{here}/out.txt'",
    "PRAGMA profiling_output = '{here}/out.txt'",
)
UNLOCKS = (
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET lock_configuration",
    "SET temp_file_encryption = false",
    "SET temp_directory = '{here}/out'",
    "SET home_directory = '{here}'",
    "SET extension_directory = '{here}'",
    "SET allow_unsigned_extensions = true",
    "SET allow_community_extensions = true",
    "SET autoload_known_extensions = true",
    "SET autoinstall_known_extensions = true",
    "SET custom_extension_repository = 'http://127.0.0.1:9'",
    "SET python_enable_replacements = true",
    "SET allowed_directories = ['{here}']",
    "SET allowed_paths = ['{here}/secret.csv']",
    "INSTALL spatial",
    "FORCE INSTALL httpfs FROM 'http://127.0.0.1:9'",
    "LOAD '{here}/evil.duckdb_extension'",
    "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')",
)
STATEMENTS = (*READS, *WRITES, *UNLOCKS)


@pytest.fixture(scope="module")
def locked(tmp_path_factory) -> Store:
    return create_store(
        tmp_path_factory.mktemp("locked") / "lock.duckdb", passphrase="six words that nobody guesses"
    )


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("here")
    (folder / "secret.csv").write_text("secret\n1\n")
    with duckdb.connect(str(folder / "other.duckdb")) as other:
        other.execute("CREATE TABLE secret AS SELECT 1 AS a")
        other.execute(f"COPY secret TO '{folder}/secret.parquet'")
    return folder


def test_there_are_sixty_two_statements():
    assert len(set(STATEMENTS)) == 62


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_reaches_nothing_but_the_store(locked, here, statement):
    before = {path: path.read_bytes() for path in here.iterdir()}
    with closing(engine.connect(locked.path, locked._key, read_only=True)) as connection:
        connection.execute("USE store")
        with pytest.raises(duckdb.Error):
            connection.execute(statement.format(here=here)).fetchall()
    assert {path: path.read_bytes() for path in here.iterdir()} == before
    assert locked.sql("SELECT count(*) AS n FROM mappings")["n"].to_pylist() == [0]


# Stays allowed by DuckDB 1.5.5 and aborts the process when it ends, so it runs in one of its own.
LOG_TO_FILE = """
import sys
from pathlib import Path
from data.store.store import Store
store = Store(Path(sys.argv[1]))
store.unlock("six words that nobody guesses")
try:
    store.cursor().execute("CALL enable_logging(storage = 'file', storage_path = ?)", [sys.argv[2]])
    store.sql("SELECT 'canary' FROM mappings")
finally:
    print("done", flush=True)
"""


def test_a_log_on_disk_gets_nothing_even_where_the_engine_lets_it_be_asked_for(locked, tmp_path):
    target = tmp_path / "log"
    command = [sys.executable, "-c", LOG_TO_FILE, str(locked.path), str(target)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "done" in ended.stdout
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in written if b"canary" in path.read_bytes()] == []


def test_a_writer_is_locked_down_as_well(locked, here):
    with pytest.raises(duckdb.PermissionException), locked.write() as connection:
        connection.execute(f"COPY mappings TO '{here}/out.csv'")
    assert not (here / "out.csv").exists()


def test_a_data_frame_of_the_caller_is_not_taken_for_a_table(locked):
    mapping_names = duckdb.sql("SELECT 1 AS a").df()
    assert len(mapping_names) == 1
    with pytest.raises(duckdb.CatalogException):
        locked.cursor().execute("SELECT * FROM mapping_names")


def test_a_path_with_a_quote_in_it_is_a_path(tmp_path):
    store = create_store(tmp_path / "it's; DROP.duckdb")
    assert store.sql("SELECT count(*) AS n FROM incidents")["n"].to_pylist() == [0]
    assert not engine.is_encrypted(store.path)


def test_an_extension_that_is_not_as_its_makers_signed_it_is_not_loaded(tmp_path):
    forged = tmp_path / "forged.duckdb_extension"
    shutil.copy(engine._cryptography(), forged)
    with forged.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)[0]
        file.seek(1_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(duckdb.IOException, match="signature"):
        engine._check_signature(forged)


def test_no_unsigned_extension_can_be_loaded_once_a_store_is_open(locked):
    (setting,) = locked.sql("SELECT current_setting('allow_unsigned_extensions') AS said")["said"].to_pylist()
    assert setting is False
