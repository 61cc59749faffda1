"""What comes with the dashboard, put into a store at its first start."""

import os

import duckdb

from data.files.read import hash_file
from data.geography.reference import load_areas
from data.imports.importer import read_batch, write_batch
from data.logs.saved_mappings import hash_plain_mappings
from data.organising.groups import STARTER, read_groups, write_groups
from data.store.store import BUNDLED

# Loaded at first start, in this order.
BUNDLED_IMPORTS = (BUNDLED / "home_office_visits.csv", BUNDLED / "reported_incidents.csv")


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Put into a new store the geography and, unless RAIDS_BUNDLED=none, the records and groups that come with the dashboard."""
    areas, area_overlap = load_areas()
    for name, table in (("areas", areas), ("area_overlap", area_overlap)):
        connection.register("arriving", table)
        connection.execute(f"INSERT INTO {name} SELECT * FROM arriving")  # noqa: S608
        connection.unregister("arriving")
    if os.environ.get("RAIDS_BUNDLED", "") == "none":
        return
    for file in BUNDLED_IMPORTS:
        write_batch(connection, file, read_batch(file), hash_file(file), is_bundled=True)
    write_groups(connection, read_groups(STARTER).covers)


def fill_since(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Put in what comes with the dashboard and a store of an older version could not hold, and what was saved in another form."""
    if version < 6:
        hash_plain_mappings(connection)
    if version < 2 and os.environ.get("RAIDS_BUNDLED", "") != "none":
        write_groups(connection, read_groups(STARTER).covers)
