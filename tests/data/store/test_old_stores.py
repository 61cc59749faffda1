"""Stores that earlier versions of the dashboard wrote; tests/data/store/old/README.md says how they were made."""

import gzip
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from data.imports.history import status
from data.imports.importer import import_file
from data.keeping.opening import open_store
from data.log.acts import log_incident
from data.log.entry import IncidentEntry
from data.log.reading import trail
from data.logs.saved_mappings import list_mappings, load_mapping
from data.organising.groups import list_groups
from data.places.named import place_of
from data.schema import SCHEMA_VERSION
from data.store import migrations
from data.store.store import Store, create_store, upgrade_store
from tests.data.store.test_store import columns_of

OLD = Path(__file__).with_name("old")
# Rows of each table, as they were entered by hand.
RECORDS = {"incidents": 3, "counts": 4, "imports": 3, "rejects": 1, "mappings": 1}
PLANS = {"groups": 3, "leaflet_plans": 1, "leaflet_walks": 2, "leaflet_events": 5}
# What a person had written into older stores and what no store keeps any more, by table.
TEXTS = {
    "leaflet_events": {"initials"},
    "groups": {"name"},
    "mappings": {"name", "mapping", "saved_at"},
}
LOG = {"incidents": 6, "imports": 4, "rejects": 0, "changes": 25, "settings": 2, "told_apart": 1}
STORES = {
    "0.1.0": (1, RECORDS),
    "0.2.0": (2, RECORDS | PLANS),
    "0.3.0": (3, RECORDS | PLANS | LOG),
}


@pytest.fixture
def old(request, tmp_path) -> Store:
    path = tmp_path / "raids.duckdb"
    path.write_bytes(gzip.decompress((OLD / f"{request.param}.store.gz").read_bytes()))
    return Store(path)


def of_every_store(test):
    return pytest.mark.parametrize(("old", "version"), [(name, name) for name in STORES], indirect=["old"])(
        test
    )


def tables_of(store: Store) -> dict[str, tuple[str, ...]]:
    """Each table of the store and its columns."""
    found = store.sql(
        "SELECT table_name, list(column_name ORDER BY column_index) AS names FROM duckdb_columns() "
        "WHERE database_name = 'store' AND table_name <> 'schema_version' GROUP BY ALL"
    ).to_pylist()
    return {row["table_name"]: tuple(row["names"]) for row in found}


def rows_of(store: Store, tables: dict[str, tuple[str, ...]]) -> dict[str, Counter]:
    """Every value of these columns as text, and how often each row is there."""
    return {
        table: Counter(
            tuple(row.values())
            for row in store.sql(
                f"SELECT {', '.join(f'{name}::VARCHAR AS {name}' for name in names)} FROM store.main.{table}"  # noqa: S608
            ).to_pylist()
        )
        for table, names in tables.items()
    }


@of_every_store
def test_an_old_store_keeps_every_value_of_every_table(old, version):
    came_from = []
    schema, numbers = STORES[version]
    kept = {
        table: tuple(name for name in names if name not in TEXTS.get(table, ()))
        for table, names in tables_of(old).items()
    }
    tables = {table: names for table, names in kept.items() if names}
    before = rows_of(old, tables)
    assert {table: before[table].total() for table in numbers if table in tables} == {
        table: number for table, number in numbers.items() if table in tables
    }
    upgrade_store(old, then=lambda connection, number: came_from.append(number))
    assert rows_of(old, tables) == before
    assert came_from == ([schema] if schema < SCHEMA_VERSION else [])


@of_every_store
def test_an_old_store_becomes_what_a_new_one_is(old, version, tmp_path):
    upgrade_store(old)
    assert columns_of(old) == columns_of(create_store(tmp_path / "new.duckdb"))
    assert migrations.schema_version(old.cursor()) == SCHEMA_VERSION


@of_every_store
def test_an_old_store_is_asked_and_written_as_any_other(old, version):
    upgrade_store(old)
    told = status(old)
    assert (told["incidents"], told["counts"]) == (STORES[version][1]["incidents"], 4)
    assert told["first"] == ("2021-05-13" if version == "0.3.0" else "2023-05-01")
    logged = log_incident(old, IncidentEntry(date(2024, 6, 14), outcome="prevented"), place_of("SE15"))
    assert trail(old, also=[logged.incident_id])["incident_id"].astype(str).iloc[0] == logged.incident_id
    old.decide("hidden_days", 40)
    assert old.settings().hidden_days == 40


@pytest.mark.parametrize("old", ["0.2.0", "0.3.0"], indirect=True)
def test_groups_and_walks_of_an_old_store_are_those_entered(old):
    upgrade_store(old)
    listed = list_groups(old)
    assert listed[["kind", "area_code"]].to_numpy().tolist() == [
        ["unknown", "E09000023"],
        ["unknown", "N17"],
        ["unknown", "SE15"],
    ]
    plan = old.sql("SELECT leaflets, volunteers, hours FROM leaflet_plans").to_pylist()
    assert plan == [{"leaflets": 300, "volunteers": 2, "hours": 1.0}]
    done = old.sql("SELECT walker, leaflets, doors_reached FROM leaflet_events WHERE event = 'done'")
    assert done.to_pylist() == [{"walker": None, "leaflets": 60, "doors_reached": 71}]


@pytest.mark.parametrize("old", ["0.2.0", "0.3.0"], indirect=True)
def test_initials_become_numbers_and_are_in_no_block_of_the_file(old):
    with old.write() as connection:
        connection.execute("UPDATE leaflet_events SET initials = 'QZJ' WHERE initials = 'CD'")
        connection.execute(
            "INSERT INTO leaflet_events SELECT number + 10, * EXCLUDE number FROM leaflet_events"
        )
    assert b"QZJ" in old.path.read_bytes()
    upgrade_store(old)
    events = old.sql("SELECT number, walker FROM leaflet_events WHERE walker IS NOT NULL ORDER BY number")
    numbers = {row["number"]: row["walker"] for row in events.to_pylist()}
    assert numbers == {1: 1, 4: 2, 11: 1, 14: 2}
    assert b"QZJ" not in old.path.read_bytes()


@pytest.mark.parametrize("old", ["0.2.0", "0.3.0"], indirect=True)
def test_names_of_groups_become_kinds_and_public_ones_stay(old):
    with old.write() as connection:
        rows = [
            ("Okonkwo Renters Union", "E8"),
            ("Hackney Anti Raids", "E9"),
            ("Okonkwo anti-raids", "E9"),
            ("Okonkwo", "E9"),
        ]
        connection.executemany("INSERT INTO groups VALUES (?, 'district', ?)", rows)
    upgrade_store(old)
    of_hackney = list_groups(old).query("area_code in ('E8', 'E9')")
    assert of_hackney[["name", "area_code"]].to_numpy().tolist() == [
        ["Anti-raids group", "E9"],
        ["Group of a kind not known", "E9"],
        ["Hackney Anti Raids", "E9"],
        ["Renters’ union", "E8"],
    ]
    assert b"Okonkwo" not in old.path.read_bytes()


@of_every_store
def test_a_saved_format_still_reads_its_log_and_no_word_of_it_is_in_the_file(old, version, tmp_path):
    assert b"lifted" in old.path.read_bytes()
    store = open_store(old.path)
    assert [name.split(", ")[0] for name in list_mappings(store)] == ["date"]
    (tmp_path / "log.csv").write_text("When,Borough,Outcome\n11/06/2022,Southwark,lifted\n")
    report = import_file(store, tmp_path / "log.csv", load_mapping(store, "1"), dry_run=True)
    assert report.batch.incidents["outcome"].to_pylist() == ["people detained"]
    assert b"lifted" not in store.path.read_bytes()
    assert b"Toy log" not in store.path.read_bytes()


@pytest.mark.parametrize("old", ["0.3.0"], indirect=True)
def test_what_a_group_decided_and_changed_by_hand_is_in_force(old):
    upgrade_store(old)
    assert (old.settings().hidden_days, old.settings().retention_years) == (45, 8)
    assert set(trail(old)["act"]) == {"logged", "checked", "edited", "deleted", "undone"}
    reviews = old.sql("SELECT review::VARCHAR AS review FROM store.main.incidents")["review"].to_pylist()
    assert Counter(reviews) == {"as imported": 4, "checked": 1, "to check": 1}
