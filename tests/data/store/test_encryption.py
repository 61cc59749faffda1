"""The store under a passphrase: what opens it, what does not, and what is left where."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from data.errors import InputError
from data.keeping.opening import open_store
from data.schema import TABLES
from data.store import engine, keys
from data.store.store import LockedError, Store, create_store, files_of
from tests.conftest import TOY_AREAS, area_row, insert

ROOT = Path(__file__).resolve().parents[3]
PASSPHRASE = "gravel lantern otter seven mild plum"
OTHER = "another six words which nobody guesses"


@pytest.fixture
def cheap_keys(monkeypatch):
    """A key in a millisecond: what is tested is what it opens, not how long it takes to guess."""
    monkeypatch.setattr(keys, "SCRYPT_N", 2)


def fill(connection):
    insert(connection, "areas", [area_row(*row) for row in TOY_AREAS])
    connection.execute(
        "INSERT INTO groups (kind, area_level, area_code) "
        "SELECT 'copwatch', 'borough', 'Network ' || md5(i::VARCHAR) FROM range(5000) AS t(i)"
    )


@pytest.fixture
def store(tmp_path, cheap_keys) -> Store:
    return create_store(tmp_path / "locked.duckdb", fill, PASSPHRASE)


def content(store: Store) -> dict:
    """Every table as a number of rows and a sum over them that no order changes."""
    return {
        table.name: store.sql(
            f"SELECT count(*) AS n, bit_xor(hash(t)) AS h FROM store.main.{table.name} AS t"  # noqa: S608
        ).to_pylist()
        for table in TABLES
    }


def test_the_cost_of_a_guess_is_what_was_promised():
    salt = keys.new_salt()
    assert (salt.n, salt.r, salt.p, len(bytes.fromhex(salt.salt))) == (2**17, 8, 1, 16)


def test_the_key_is_what_rfc_7914_says():
    # RFC 7914, section 12, third vector, cut to the 32 bytes that are used.
    salt = keys.Salt(b"SodiumChloride".hex(), 16384, 8, 1)
    expected = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    import base64

    assert base64.b64decode(keys.derive_key("pleaseletmein", salt)).hex() == expected


def test_a_store_with_a_passphrase_holds_nothing_readable(store):
    assert store.is_encrypted
    assert not store.is_locked
    for path in files_of(store.path):
        held = path.read_bytes()
        assert b"Network" not in held
        assert b"Eastham" not in held
        assert b"CREATE" not in held


def test_an_unencrypted_store_would_show_it(tmp_path):
    plain = create_store(tmp_path / "plain.duckdb", fill)
    assert not plain.is_encrypted
    assert b"Eastham" in plain.path.read_bytes()


@pytest.mark.parametrize(
    "wrong", ["", " ", "x", PASSPHRASE[:-1], PASSPHRASE + " ", PASSPHRASE.upper(), OTHER, "\0"]
)
def test_any_wrong_passphrase_is_told_the_same(store, wrong):
    closed = Store(store.path)
    assert closed.is_locked
    with pytest.raises(InputError, match=r"^The passphrase is wrong\.$"):
        closed.unlock(wrong)
    assert closed.is_locked
    with pytest.raises(LockedError):
        closed.cursor()
    with pytest.raises(LockedError), closed.write():
        pass


def test_the_passphrase_opens_it_however_its_letters_are_composed(tmp_path, cheap_keys):
    composed = unicodedata.normalize("NFC", "crème brûlée à la carte")
    store = create_store(tmp_path / "accents.duckdb", fill, composed)
    again = Store(store.path)
    again.unlock(unicodedata.normalize("NFD", composed))
    assert content(again) == content(store)


@pytest.mark.parametrize("short", ["", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "abababababab"])
def test_a_passphrase_that_is_guessed_at_once_is_refused(tmp_path, store, short):
    with pytest.raises(InputError, match="too short"):
        create_store(tmp_path / "new.duckdb", fill, short)
    assert not (tmp_path / "new.duckdb").exists()
    with pytest.raises(InputError, match="too short"):
        store.change_passphrase(short)
    assert not Store(store.path).unlock(PASSPHRASE)


def test_a_changed_passphrase_opens_the_same_records_and_the_old_one_nothing(store):
    before = content(store)
    store.change_passphrase(OTHER)
    assert content(store) == before
    again = Store(store.path)
    with pytest.raises(InputError, match="wrong"):
        again.unlock(PASSPHRASE)
    again.unlock(OTHER)
    assert content(again) == before
    assert len(keys.read_salts(store.path)) == 1


def test_a_passphrase_can_be_set_later_and_taken_away(tmp_path, cheap_keys):
    store = create_store(tmp_path / "plain.duckdb", fill)
    before = content(store)
    store.change_passphrase(PASSPHRASE)
    assert store.is_encrypted
    assert content(store) == before
    assert b"Eastham" not in store.path.read_bytes()
    store.change_passphrase(None)
    assert not store.is_encrypted
    assert content(store) == before
    assert not keys.salt_path(store.path).exists()


def test_a_store_that_another_process_locked_anew_asks_for_its_passphrase(store):
    other = Store(store.path)
    other.unlock(PASSPHRASE)
    other.change_passphrase(OTHER)
    with pytest.raises(LockedError):
        store.cursor()
    assert store.is_locked
    store.unlock(OTHER)
    assert content(store) == content(other)


@pytest.mark.parametrize("step", ["before the file", "after the file"])
def test_a_change_cut_short_leaves_a_store_that_opens(store, monkeypatch, step):
    before = content(store)
    replace = os.replace

    def crash(source, target):
        if Path(target) == store.path:
            if step == "after the file":
                replace(source, target)
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr("data.store.store.os.replace", crash)
    with pytest.raises(KeyboardInterrupt):
        store.change_passphrase(OTHER)
    monkeypatch.undo()
    again = Store(store.path)
    again.unlock(OTHER if step == "after the file" else PASSPHRASE)
    assert content(again) == before
    with again.write() as connection:
        connection.execute("DELETE FROM groups")
    assert again.sql("SELECT count(*) AS n FROM groups")["n"].to_pylist() == [0]


def test_changes_that_fail_one_after_the_other_lose_nothing(store, monkeypatch):
    """On a full disk, say: the salt of the file as it is must not be pushed out by those of attempts."""
    before = content(store)
    replace = os.replace

    def fail_for_the_store(source, target):
        if Path(target) == store.path:
            raise OSError
        replace(source, target)

    monkeypatch.setattr("data.store.store.os.replace", fail_for_the_store)
    for attempt in range(3):
        with pytest.raises(InputError, match="cannot be written"):
            store.change_passphrase(f"{OTHER} {attempt}")
    again = Store(store.path)
    again.unlock(PASSPHRASE)
    assert content(again) == content(store) == before


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"salts": []}', '{"salts": [{"salt": "00", "n": 2, "r": 8, "p": 1}]}',
     json.dumps({"salts": [{"salt": "00" * 16, "n": 2**40, "r": 8, "p": 1}]}),
     json.dumps({"salts": [{"salt": "00" * 16, "n": 2, "r": 8, "p": 1, "more": 1}]})],
)  # fmt: skip
def test_a_damaged_salt_file_is_one_sentence(store, text):
    keys.salt_path(store.path).write_text(text)
    with pytest.raises(InputError, match=r"locked\.duckdb\.salt .* missing or damaged"):
        Store(store.path).unlock(PASSPHRASE)


def test_a_lost_salt_file_is_one_sentence(store):
    keys.salt_path(store.path).unlink()
    with pytest.raises(InputError, match="missing or damaged"):
        Store(store.path).unlock(PASSPHRASE)


def test_locking_lets_go_of_everything_read(store):
    content(store)
    store.lock()
    assert store.is_locked
    assert (store._key, store._reader) == (None, None)
    with pytest.raises(LockedError):
        store.sql("SELECT 1 AS a")


def test_a_passphrase_in_the_environment_encrypts_and_opens(tmp_path, cheap_keys, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    path = tmp_path / "raids.duckdb"
    open_store(path)
    assert not engine.is_encrypted(path)
    monkeypatch.setenv("RAIDS_PASSPHRASE", PASSPHRASE)
    open_store(path)
    assert engine.is_encrypted(path)
    assert open_store(path).sql("SELECT count(*) AS n FROM areas WHERE level = 'borough'")[
        "n"
    ].to_pylist() == [33]
    monkeypatch.setenv("RAIDS_PASSPHRASE", OTHER)
    with pytest.raises(InputError, match="wrong"):
        open_store(path)
    monkeypatch.delenv("RAIDS_PASSPHRASE")
    assert open_store(path).is_locked


def test_the_key_is_in_no_error_and_no_setting(store):
    said = []
    for statement in ("SELECT * FROM nothing", "SELEC 1", "ATTACH 'x' AS y"):
        with pytest.raises(duckdb.Error) as raised:
            store.cursor().execute(statement)
        said.append(str(raised.value))
    told = store.sql("SELECT name, value FROM duckdb_settings()").to_pylist()
    told += store.sql("SELECT * FROM duckdb_databases()").to_pylist()
    assert store._key not in repr((said, told, store))
    assert PASSPHRASE not in repr((said, told))


def test_a_flipped_bit_never_gives_a_different_answer(store):
    """200 places in the file, the first of them in its headers: refused in one sentence, or without effect."""
    expected, key, salt = content(store), store._key, store._salt
    whole = store.path.read_bytes()
    chance = random.Random(20221)
    offsets = [*range(0, 3 * 4096, 128)][:60] + [chance.randrange(len(whole)) for _ in range(140)]
    flipped_path = store.path.with_name("flipped.duckdb")
    keys.write_salts(flipped_path, [salt])
    seen, told = Counter(), set()
    for offset in offsets:
        flipped = bytearray(whole)
        flipped[offset] ^= 1 << chance.randrange(8)
        flipped_path.write_bytes(flipped)
        flipped_store = Store(flipped_path)
        flipped_store._key, flipped_store._salt = key, salt
        try:
            seen["same" if content(flipped_store) == expected else "different"] += 1
        except InputError as error:
            seen["refused"] += 1
            told.add("damaged" if "is damaged" in str(error) else str(error))
    assert seen["different"] == 0
    assert told == {"damaged"}
    assert seen["refused"] > 150
    assert seen.total() == 200


def test_what_is_deleted_is_gone_from_the_file_once_it_is_written_anew(tmp_path):
    store = create_store(tmp_path / "plain.duckdb", fill)
    with store.write() as connection:
        for name in ("kanari to go", "kanari to stay"):
            connection.execute("INSERT INTO mappings VALUES (?, '{}', now()::TIMESTAMP)", [name])
    assert b"kanari to go" in store.path.read_bytes()
    with store.write(erase=True) as connection:
        connection.execute("DELETE FROM mappings WHERE name = 'kanari to go'")
    assert store.sql("SELECT name FROM mappings")["name"].to_pylist() == ["kanari to stay"]
    assert b"to go" not in b"".join(path.read_bytes() for path in files_of(store.path))
    assert b"kanari to stay" in store.path.read_bytes()


def test_a_log_of_changes_from_elsewhere_is_not_taken_in(store, tmp_path):
    """Without the passphrase: DuckDB would replay a log that another store left, even into an encrypted file."""
    before = content(store)
    mine = tmp_path / "mine.duckdb"
    create_store(mine, fill)
    with duckdb.connect(str(mine)) as connection:
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.execute("SET checkpoint_threshold = '1GB'")
        connection.execute("INSERT INTO settings VALUES ('hidden_days', -400)")
    log = store.path.with_name(f"{store.path.name}.wal")
    shutil.copy(mine.with_name("mine.duckdb.wal"), log)
    again = Store(store.path)
    with pytest.raises(InputError, match=r"locked\.duckdb\.wal"):
        again.unlock(PASSPHRASE)
    log.unlink()
    again.unlock(PASSPHRASE)
    assert content(again) == before
    shutil.copy(mine.with_name("mine.duckdb.wal"), log)
    with again.write() as connection:
        connection.execute("DELETE FROM groups")
    with pytest.raises(InputError, match=r"locked\.duckdb\.wal"):
        again.sql("SELECT 1 AS a")


def test_a_plain_store_in_the_place_of_an_encrypted_one_is_refused(store, tmp_path):
    plain = create_store(tmp_path / "other.duckdb", fill)
    shutil.copy(plain.path, store.path)
    for opened in (store, Store(store.path)):
        with pytest.raises(InputError, match="no longer is"):
            opened.sql("SELECT 1 AS a")
        with pytest.raises(InputError, match="no longer is"), opened.write():
            pass
    keys.salt_path(store.path).unlink()
    # Whoever held the key goes on to refuse it until the dashboard is started again.
    for _ in range(2):
        with pytest.raises(InputError, match="no longer is"):
            store.sql("SELECT 1 AS a")
    assert open_store(store.path).sql("SELECT 1 AS a").num_rows == 1


@pytest.mark.parametrize("step", ["before the file", "after the file"])
@pytest.mark.parametrize("is_set", [True, False])
def test_setting_or_taking_away_cut_short_leaves_a_store_that_opens(
    tmp_path, cheap_keys, monkeypatch, step, is_set
):
    store = create_store(tmp_path / "store.duckdb", fill, None if is_set else PASSPHRASE)
    before, replace = content(store), os.replace

    def crash(source, target):
        if Path(target) == store.path:
            if step == "after the file":
                replace(source, target)
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr("data.store.store.os.replace", crash)
    with pytest.raises(KeyboardInterrupt):
        store.change_passphrase(PASSPHRASE if is_set else None)
    monkeypatch.undo()
    again = Store(store.path)
    assert again.is_encrypted == (is_set == (step == "after the file"))
    if again.is_encrypted:
        again.unlock(PASSPHRASE)
    assert content(again) == before


def test_a_store_behind_a_link_is_encrypted_itself_and_the_link_stays(tmp_path, cheap_keys):
    target = create_store(tmp_path / "target.duckdb", fill).path
    link = tmp_path / "link.duckdb"
    link.symlink_to(target)
    Store(link).change_passphrase(PASSPHRASE)
    assert link.is_symlink()
    assert engine.is_encrypted(target)
    assert b"Eastham" not in target.read_bytes()


# What a group does with its store, with forty words that can be told apart wherever they end up; the process is killed
# in the middle of a write, and another in the middle of a question that does not fit into memory.
CANARIES = [f"kanari{number:02d}" + "qx" * 6 for number in range(40)]
USE_THE_STORE = """
import os, signal, sys
from pathlib import Path
import duckdb
connect = duckdb.connect
duckdb.connect = lambda name, config: connect(name, config={**config, "memory_limit": "60MB", "threads": 1})
from data.store import keys
keys.SCRYPT_N = 2
from data.imports.importer import import_file
from data.keeping.opening import open_store
from analysis.export import to_csv
canaries = sys.argv[3].split(",")
store = open_store(Path(sys.argv[1]))
log = Path(sys.argv[4])
import_file(store, log)
with store.write() as connection:
    for word in canaries[20:30]:
        connection.execute("INSERT INTO groups VALUES ('copwatch', NULL, 'borough', ?)", [word])
    for word in canaries[30:]:
        connection.execute("INSERT INTO mappings VALUES (?, '{}', now()::TIMESTAMP)", [word])
to_csv(store.sql("SELECT * FROM groups").to_pandas())
big = "SELECT name || i AS words FROM (SELECT area_code AS name FROM groups UNION ALL SELECT name FROM mappings), range(60000) AS t(i) ORDER BY md5(words)"
if sys.argv[2] == "spill":
    held = store.cursor()
    held.execute(big.replace("60000", "80000"))
    held.fetchone()
else:
    with store.write() as connection:
        connection.execute("INSERT INTO mappings SELECT words, '{}', now()::TIMESTAMP FROM (" + big.replace("60000", "900") + ")")
        connection.execute("COMMIT")
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("is_encrypted", [True, False])
@pytest.mark.parametrize("crash", ["spill", "write"])
def test_no_canary_is_found_on_disk(tmp_path, is_encrypted, crash):
    log = tmp_path / "log.csv"
    rows = "".join(f"2022-06-11,SE15 5BS,{word},{CANARIES[10 + i]}\n" for i, word in enumerate(CANARIES[:10]))
    log.write_text(f"date,postcode,outcome,remarks\n{rows}")
    place, temporary = tmp_path / "place", tmp_path / "temporary"
    place.mkdir()
    temporary.mkdir()
    environment = os.environ | {"TMPDIR": str(temporary), "RAIDS_BUNDLED": "none", "PYTHONPATH": str(ROOT)}
    if is_encrypted:
        environment["RAIDS_PASSPHRASE"] = PASSPHRASE
    command = [
        sys.executable,
        "-c",
        USE_THE_STORE,
        str(place / "raids.duckdb"),
        crash,
        ",".join(CANARIES),
        str(log),
    ]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    left = [path for folder in (place, temporary) for path in folder.rglob("*") if path.is_file()]
    if crash == "spill":
        assert any("spill" in str(path) and path.stat().st_size > 1_000_000 for path in left)
    held = b"".join(path.read_bytes() for path in left) + done.stdout + done.stderr
    found = {word for word in CANARIES if word.encode() in held or word.encode("utf-16-le") in held}
    if is_encrypted:
        assert found == set()
    else:
        # The control: what is stored as text is there to be found; what the importer drops is not even then.
        assert found
        assert found <= set(CANARIES[20:])
