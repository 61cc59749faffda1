"""What a new value of a closed list needs of a store that was made before it: nothing but a version raised by one."""

from datetime import datetime

import duckdb
import pytest

from data import schema
from data.schema import SCHEMA_VERSION, Outcome
from data.store import migrations
from data.store.store import create_store, upgrade_store
from tests.conftest import incident_row, insert
from tests.data.store.test_store import columns_of

RAID = "00000000-0000-4000-8000-0000000000aa"


@pytest.fixture
def store(tmp_path):
    row = incident_row(
        datetime(2024, 3, 14, 7), outcome="prevented", incident_id=RAID, import_id=schema.LOG_IMPORT_ID
    )
    return create_store(tmp_path / "raids.duckdb", lambda connection: insert(connection, "incidents", [row]))


@pytest.fixture
def with_one_more(monkeypatch):
    """The schema of tomorrow, in which a raid may also end with people dispersed."""
    before = dict(schema.OUTCOME_VALUES)
    schema.OUTCOME_VALUES["dispersed"] = Outcome("they ran", said="people ran", is_taken=False)
    for module in ("migrations", "store"):
        monkeypatch.setattr(f"data.store.{module}.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    yield
    # In the order it had.
    schema.OUTCOME_VALUES.clear()
    schema.OUTCOME_VALUES.update(before)


def test_a_value_that_is_new_can_be_stored_in_an_older_store_once_it_is_upgraded(store, with_one_more):
    upgrade_store(store)
    with store.write() as connection:
        connection.execute("UPDATE incidents SET outcome = 'dispersed'")
    assert store.sql("SELECT outcome::VARCHAR AS outcome FROM main.incidents")["outcome"].to_pylist() == [
        "dispersed"
    ]


def test_an_upgrade_for_a_new_value_keeps_what_is_stored_and_its_columns(store, with_one_more, tmp_path):
    upgrade_store(store)
    found = store.sql("SELECT outcome::VARCHAR AS outcome FROM main.incidents")["outcome"].to_pylist()
    assert found == ["prevented"]
    assert columns_of(store) == columns_of(create_store(tmp_path / "new.duckdb"))
    assert migrations.schema_version(store.cursor()) == SCHEMA_VERSION + 1


def test_a_value_that_is_used_is_not_lost_because_it_left_its_list(store, with_one_more):
    del schema.OUTCOME_VALUES["prevented"]
    with pytest.raises(duckdb.ConversionException):
        upgrade_store(store)
    assert store.sql("SELECT outcome::VARCHAR AS outcome FROM main.incidents")["outcome"].to_pylist() == [
        "prevented"
    ]
