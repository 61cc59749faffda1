"""How a store made by an older version of the dashboard is brought up to the present schema."""

from collections.abc import Callable

import duckdb

from data.schema import SCHEMA_VERSION, TABLES
from data.store.engine import check_version, schema_version

Migration = Callable[[duckdb.DuckDBPyConnection], None]

# The tables as they were first added, whatever data/schema.py says of them today.
_LOCAL_GROUPS_AND_LEAFLETS = """
CREATE TABLE groups (
  name VARCHAR NOT NULL,
  area_level ENUM('borough', 'district', 'locality', 'authority') NOT NULL,
  area_code VARCHAR NOT NULL
);
CREATE TABLE leaflet_plans (
  plan_id VARCHAR NOT NULL, planned_at TIMESTAMP NOT NULL, areas VARCHAR NOT NULL, leaflets INTEGER NOT NULL,
  volunteers INTEGER NOT NULL, hours DOUBLE NOT NULL, share_of_best DOUBLE NOT NULL
);
CREATE TABLE leaflet_walks (
  plan_id VARCHAR NOT NULL, walk INTEGER NOT NULL, code VARCHAR NOT NULL, doors INTEGER NOT NULL,
  metres DOUBLE NOT NULL, minutes DOUBLE NOT NULL, is_block BOOLEAN NOT NULL
);
CREATE TABLE leaflet_stops (
  plan_id VARCHAR NOT NULL, walk INTEGER NOT NULL, position INTEGER NOT NULL, postcode VARCHAR NOT NULL,
  easting DOUBLE NOT NULL, northing DOUBLE NOT NULL, doors INTEGER NOT NULL, locality_code VARCHAR NOT NULL
);
CREATE TABLE leaflet_events (
  number INTEGER NOT NULL, happened_at TIMESTAMP NOT NULL, plan_id VARCHAR NOT NULL, walk INTEGER NOT NULL,
  event ENUM('assigned', 'out', 'done', 'part', 'released', 'undone') NOT NULL,
  initials VARCHAR, leaflets INTEGER, doors_reached INTEGER, undoes INTEGER
);
"""

# New columns stand at the end, as they do in the schema.
_LOG_TRAIL_AND_SETTINGS = """
ALTER TABLE incidents ADD COLUMN review ENUM('to check', 'checked', 'as imported') DEFAULT 'as imported';
ALTER TABLE incidents ALTER COLUMN review SET NOT NULL;
ALTER TABLE incidents ALTER COLUMN review DROP DEFAULT;
ALTER TABLE imports ALTER COLUMN kind SET DATA TYPE ENUM('incidents', 'counts', 'log');
CREATE TABLE changes (
  number INTEGER NOT NULL, step INTEGER NOT NULL, happened_at TIMESTAMP NOT NULL, incident_id UUID NOT NULL,
  act ENUM('logged', 'edited', 'deleted', 'checked', 'merged', 'undone') NOT NULL,
  column_name VARCHAR, value_before VARCHAR, value_after VARCHAR, undoes INTEGER
);
CREATE TABLE settings (
  name ENUM('hidden_days', 'retention_years', 'idle_minutes', 'passphrase_declined', 'told_on') NOT NULL,
  value INTEGER NOT NULL
);
CREATE TABLE told_apart (first_id UUID NOT NULL, second_id UUID NOT NULL);
"""

# A walk was somebody's by initials, which can be a short name. Who had which walks stays told apart, by the order in which they
# first had one; more than the 99 that there are numbers for become nobody.
_NUMBERS_FOR_INITIALS = """
CREATE TABLE renewed (
  number INTEGER NOT NULL, happened_at TIMESTAMP NOT NULL, plan_id VARCHAR NOT NULL, walk INTEGER NOT NULL,
  event ENUM('assigned', 'out', 'done', 'part', 'released', 'undone') NOT NULL,
  leaflets INTEGER, doors_reached INTEGER, undoes INTEGER, walker SMALLINT
);
INSERT INTO renewed
SELECT number, happened_at, plan_id, walk, event, leaflets, doors_reached, undoes, CASE WHEN walker <= 99 THEN walker END
FROM leaflet_events LEFT JOIN (
  SELECT initials, row_number() OVER (ORDER BY min(number)) AS walker
  FROM leaflet_events WHERE initials IS NOT NULL GROUP BY initials
) USING (initials)
ORDER BY number;
DROP TABLE leaflet_events;
ALTER TABLE renewed RENAME TO leaflet_events;
"""

# Groups had names that a person typed. What they say of the kind stays; the names of groups that came with the dashboard stay.
_PUBLIC_GROUPS = (
    "Edinburgh Anti Raids", "Hackney Anti Raids", "Haringey Anti Raids", "Leeds Anti Raids", "Lewisham Anti Raids",
    "Newham Anti Raids", "Sheffield Anti Raids", "Southwark and Lambeth Anti Raids", "Tower Hamlets Anti Raids",
    "Waltham Forest Anti Raids", "West London Anti Raids",
)  # fmt: skip
_KINDS_FOR_NAMES = f"""
CREATE TABLE renewed (
  kind ENUM('anti-raids group', 'copwatch', 'solidarity network', 'renters union', 'trade union', 'trades council',
    'faith group', 'migrant group', 'mutual aid group', 'law centre', 'school group', 'other group', 'unknown') NOT NULL,
  public_name ENUM({", ".join(f"'{name}'" for name in _PUBLIC_GROUPS)}),
  area_level ENUM('borough', 'district', 'locality', 'authority') NOT NULL,
  area_code VARCHAR NOT NULL
);
INSERT INTO renewed
SELECT DISTINCT
  CASE
    WHEN regexp_matches(name, 'anti.?(raid|redada|deport)', 'i') THEN 'anti-raids group'
    WHEN regexp_matches(name, 'cop.?watch', 'i') THEN 'copwatch'
    WHEN regexp_matches(name, 'renters|tenants', 'i') THEN 'renters union'
    WHEN regexp_matches(name, 'trades.*council', 'i') THEN 'trades council'
    WHEN regexp_matches(name, 'solidarity', 'i') THEN 'solidarity network'
    WHEN regexp_matches(name, 'mutual aid', 'i') THEN 'mutual aid group'
    WHEN regexp_matches(name, 'law centre', 'i') THEN 'law centre'
    WHEN regexp_matches(name, 'migrant|refugee', 'i') THEN 'migrant group'
    ELSE 'unknown'
  END,
  CASE WHEN name IN ({", ".join(f"'{name}'" for name in _PUBLIC_GROUPS)}) THEN name END,
  area_level, area_code
FROM groups;
DROP TABLE groups;
ALTER TABLE renewed RENAME TO groups;
"""  # noqa: S608  # names of this file alone

# Saved formats had names, headings and words as a person typed them. Here they only leave the tables; what can be made of them is put
# back by data/logs/saved_mappings.py, which knows how words are compared.
PLAIN_MAPPINGS = "plain_mappings"
_FORMATS_AS_HASHES = f"""
CREATE TABLE format_key (key BLOB NOT NULL);
CREATE OR REPLACE TEMP TABLE {PLAIN_MAPPINGS} AS SELECT mapping, saved_at FROM mappings;
DELETE FROM mappings;
"""  # noqa: S608  # a name of this file

# MIGRATIONS[n] turns a store of version n into one of version n + 1. A store made today starts at SCHEMA_VERSION. A version
# that only added values to closed lists needs no entry.
MIGRATIONS: dict[int, Migration] = {
    1: lambda connection: connection.execute(_LOCAL_GROUPS_AND_LEAFLETS),
    2: lambda connection: connection.execute(_LOG_TRAIL_AND_SETTINGS),
    3: lambda connection: connection.execute(_NUMBERS_FOR_INITIALS),
    4: lambda connection: connection.execute(_KINDS_FOR_NAMES),
    5: lambda connection: connection.execute(_FORMATS_AS_HASHES),
}


def create_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every table of the present schema in an empty database."""
    connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
    connection.execute("INSERT INTO schema_version VALUES (?)", [SCHEMA_VERSION])
    for table in TABLES:
        connection.execute(table.definition())


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring a store up to the present schema, one version at a time, inside the caller's transaction."""
    version = schema_version(connection)
    check_version(version)
    for step in range(version, SCHEMA_VERSION):
        if step in MIGRATIONS:
            MIGRATIONS[step](connection)
        connection.execute("UPDATE schema_version SET version = ?", [step + 1])
    _renew_closed_lists(connection)


def _renew_closed_lists(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every column with a closed list the values that the schema has today; one that is used and gone is an error."""
    found = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = current_database()"
    ).fetchall()
    present = {(table, column): kind for table, column, kind in found}
    for table in TABLES:
        for column in table.columns:
            if column.values and present.get((table.name, column.name)) != column.sql_type():
                connection.execute(
                    f"ALTER TABLE {table.name} ALTER COLUMN {column.name} SET DATA TYPE {column.sql_type()}"
                )
