"""
The schema as data: every table and column, its type, unit, meaning and closed list.

The store, the importers, the README and the tests all read it from here, so a name is written once.
"""

from dataclasses import dataclass

OUTCOMES = ("people detained", "released after community response", "prevented", "no arrests", "unknown")
SETTINGS = ("home", "workplace", "street", "transport", "market", "reporting centre", "other", "unknown")
SOURCE_KINDS = ("group report", "press", "campaign", "government", "parliament")
CONFIDENCES = ("high", "medium", "low")
YES_NO_UNKNOWN = ("yes", "no", "unknown")
DATE_PRECISIONS = ("hour", "day", "month", "year")
LOCATION_PRECISIONS = ("locality", "district", "borough")
AREA_LEVELS = ("borough", "district", "sector", "locality", "authority")
COVERED_LEVELS = ("borough", "district", "locality", "authority")
# Logged by hand: "to check" until a second look. An imported record stands as its log gives it.
REVIEWS = ("to check", "checked", "as imported")
CHANGE_ACTS = ("logged", "edited", "deleted", "checked", "merged", "undone")
# The last is no decision: the day (days since 1970) on which a keeper was told of records that are too old.
SETTING_NAMES = ("hidden_days", "retention_years", "idle_minutes", "passphrase_declined", "told_on")
WALK_EVENTS = ("assigned", "out", "done", "part", "released", "undone")

# Raised by one with each change of the tables; data/store/migrations.py says how an older store is brought up to it.
SCHEMA_VERSION = 3

# A value for "not known", in every column with a closed list or an area code. Never a null.
UNKNOWN = "unknown"
# The value of `counts.setting` for a figure that covers every kind of address.
ALL_SETTINGS = "all"
# The import to which every record belongs that was logged by hand.
LOG_IMPORT_ID = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, what it means, its unit and, where the list is closed, what it may hold."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    nullable: bool = False

    def definition(self) -> str:
        """The column's line in CREATE TABLE."""
        # An ENUM holds to its list as a CHECK would, and is filtered and grouped as a small number.
        values = ", ".join(f"'{value}'" for value in self.allowed)
        kind = f"ENUM({values})" if self.allowed else self.type
        return f"{self.name} {kind}" if self.nullable else f"{self.name} {kind} NOT NULL"


@dataclass(frozen=True)
class Table:
    """One table of the store."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    def column_names(self) -> list[str]:
        """The names of its columns, in order."""
        return [column.name for column in self.columns]

    def definition(self) -> str:
        """The CREATE TABLE statement."""
        lines = ",\n  ".join(column.definition() for column in self.columns)
        return f"CREATE TABLE {self.name} (\n  {lines}\n)"


INCIDENTS = Table(
    "incidents",
    "One row per recorded raid, from a group's own log or from public reports.",
    (
        Column("incident_id", "UUID", "random; says nothing about the incident"),
        Column(
            "started_earliest",
            "TIMESTAMP",
            "first hour in which it may have started",
            "Europe/London, cut to the hour",
        ),
        Column(
            "started_latest",
            "TIMESTAMP",
            "last hour in which it may have started",
            "Europe/London, cut to the hour",
        ),
        Column("date_precision", "VARCHAR", "how finely the start is known", allowed=DATE_PRECISIONS),
        Column("locality_code", "VARCHAR", "code of the locality, or 'unknown'"),
        Column(
            "borough_code",
            "VARCHAR",
            "ONS code of the borough, or of the local authority outside London, or 'unknown'",
        ),
        Column("postcode_district", "VARCHAR", "such as SE15, or 'unknown'"),
        Column(
            "location_precision",
            "VARCHAR",
            "how finely the place is known",
            allowed=(*LOCATION_PRECISIONS, UNKNOWN),
        ),
        Column("setting", "VARCHAR", "where people were sought", allowed=SETTINGS),
        Column("outcome", "VARCHAR", "what happened", allowed=OUTCOMES),
        Column(
            "people_detained",
            "SMALLINT",
            "arrested or detained on immigration grounds; empty if not stated",
            "persons",
            nullable=True,
        ),
        Column(
            "people_released",
            "SMALLINT",
            "let go, there or later; empty if not stated",
            "persons",
            nullable=True,
        ),
        Column(
            "crowd_size",
            "INTEGER",
            "peak of people gathered in response; empty if not stated",
            "persons",
            nullable=True,
        ),
        Column("duration_minutes", "INTEGER", "as reported; empty if not stated", "minutes", nullable=True),
        Column("police_present", "VARCHAR", "police besides immigration officers", allowed=YES_NO_UNKNOWN),
        Column(
            "community_response",
            "VARCHAR",
            "people intervened, monitored or protested",
            allowed=YES_NO_UNKNOWN,
        ),
        Column("source_kind", "VARCHAR", "who reported it", allowed=SOURCE_KINDS),
        Column("confidence", "VARCHAR", "how sure the record is", allowed=CONFIDENCES),
        Column("import_id", "UUID", "the import that brought it"),
        Column("review", "VARCHAR", "whether a second person has looked at it", allowed=REVIEWS),
    ),
)

COUNTS = Table(
    "counts",
    "Official figures: visits per area and period, as a return gives them.",
    (
        Column("area_level", "VARCHAR", "kind of area the return counts by", allowed=("borough", "district")),
        Column("area_code", "VARCHAR", "postcode district, or ONS code of the borough"),
        Column("period_start", "DATE", "first day covered"),
        Column("period_end", "DATE", "last day covered; a return that stops in October ends there"),
        Column(
            "setting",
            "VARCHAR",
            "kind of address; 'all' for every kind together",
            allowed=(ALL_SETTINGS, *SETTINGS),
        ),
        Column("visits_low", "INTEGER", "fewest visits the return allows ('<5' is 1 to 4)", "visits"),
        Column("visits_high", "INTEGER", "most visits the return allows", "visits"),
        Column("reference", "VARCHAR", "reference of the return, such as FOI 55886"),
        Column("import_id", "UUID", "the import that brought it"),
        Column(
            "superseded_by",
            "UUID",
            "the later import whose figure replaces this one; empty while in force",
            nullable=True,
        ),
    ),
)

AREAS = Table(
    "areas",
    "Every place a record may name: boroughs, postcode districts, sectors, localities, and authorities outside London.",
    (
        Column("level", "VARCHAR", "kind of area", allowed=AREA_LEVELS),
        Column("code", "VARCHAR", "ONS code, postcode district or sector, or locality code"),
        Column("name", "VARCHAR", "as shown"),
        Column(
            "parent_code",
            "VARCHAR",
            "borough of a locality, district of a sector; 'unknown' where there is none",
        ),
        Column(
            "geometry",
            "BLOB",
            "outline as WKB, simplified for the screen; empty for authorities",
            "EPSG:4326",
            nullable=True,
        ),
        Column("longitude", "DOUBLE", "a point inside the area", "degrees, EPSG:4326", nullable=True),
        Column("latitude", "DOUBLE", "a point inside the area", "degrees, EPSG:4326", nullable=True),
        Column("hectares", "DOUBLE", "land area, measured before simplifying", "hectares", nullable=True),
        Column(
            "residents",
            "INTEGER",
            "usual residents, 21 March 2021; shared out by live postcodes below boroughs",
            "persons",
            nullable=True,
        ),
        Column(
            "households_residents",
            "INTEGER",
            "residents living in households, likewise",
            "persons",
            nullable=True,
        ),
        Column("live_postcodes", "INTEGER", "postcodes in use", "postcodes", nullable=True),
    ),
)

AREA_OVERLAP = Table(
    "area_overlap",
    "How one kind of area is split over another, by live postcodes.",
    (
        Column("from_level", "VARCHAR", "kind of the area that is split", allowed=AREA_LEVELS),
        Column("from_code", "VARCHAR", "its code"),
        Column("to_level", "VARCHAR", "kind of the area it is split over", allowed=AREA_LEVELS),
        Column("to_code", "VARCHAR", "its code; an authority's code outside London"),
        Column(
            "share", "DOUBLE", "share of the first area's live postcodes in the second; sums to 1", "0 to 1"
        ),
        Column(
            "residents",
            "INTEGER",
            "residents of the shared part; empty outside London",
            "persons",
            nullable=True,
        ),
    ),
)

IMPORTS = Table(
    "imports",
    "One row per import: what came in, what was kept. Never a file name or contents.",
    (
        Column("import_id", "UUID", "random"),
        Column("kind", "VARCHAR", "what the file held", allowed=("incidents", "counts", "log")),
        Column("imported_at", "TIMESTAMP", "when", "UTC"),
        Column("file_hash", "VARCHAR", "SHA-256 of the file, to notice it again"),
        Column(
            "headings_hash", "VARCHAR", "SHA-256 of its headings, to notice a later edition of the same log"
        ),
        Column("reference", "VARCHAR", "reference of an official return; 'unknown' for incidents"),
        Column(
            "extracted_on",
            "DATE",
            "day the return was drawn from the official database, where it says so",
            nullable=True,
        ),
        Column("rows", "INTEGER", "rows in the file below its headings", "rows"),
        Column("kept", "INTEGER", "rows kept", "rows"),
        Column("rejected", "INTEGER", "rows set aside", "rows"),
        Column("already_there", "INTEGER", "rows that an earlier import of the same log had brought", "rows"),
        Column("schema_version", "INTEGER", "version of the schema that took it in"),
        Column("is_bundled", "BOOLEAN", "came with the dashboard; undo leaves it alone"),
        Column("undone_at", "TIMESTAMP", "when it was undone; empty while in force", "UTC", nullable=True),
    ),
)

REJECTS = Table(
    "rejects",
    "Rows set aside, by place and reason; never their contents.",
    (
        Column("import_id", "UUID", "the import"),
        Column("row", "INTEGER", "row of the file, as a spreadsheet numbers it"),
        Column("column_name", "VARCHAR", "field of the schema that could not be understood"),
        Column("reason", "VARCHAR", "what is wrong and what to do"),
    ),
)

MAPPINGS = Table(
    "mappings",
    "A group's own format: which heading is which field, which word is which outcome.",
    (
        Column("name", "VARCHAR", "as the group calls it"),
        Column("mapping", "VARCHAR", "JSON, see data/logs/mapping.py"),
        Column("saved_at", "TIMESTAMP", "when", "UTC"),
    ),
)

GROUPS = Table(
    "groups",
    "Local groups and the areas they cover, one row per group and area. No contacts, no persons.",
    (
        Column("name", "VARCHAR", "as the group calls itself"),
        Column("area_level", "VARCHAR", "kind of area", allowed=COVERED_LEVELS),
        Column("area_code", "VARCHAR", "ONS code, postcode district or locality code"),
    ),
)

LEAFLET_PLANS = Table(
    "leaflet_plans",
    "One row per plan of leaflet walks: what was asked for.",
    (
        Column("plan_id", "VARCHAR", "a digest of the request, so that the same request is the same plan"),
        Column("planned_at", "TIMESTAMP", "when it was saved", "UTC"),
        Column("areas", "VARCHAR", "codes of the areas walked, with commas between"),
        Column("leaflets", "INTEGER", "leaflets to give out", "leaflets"),
        Column("volunteers", "INTEGER", "people who walk", "persons"),
        Column("hours", "DOUBLE", "time each of them has", "hours"),
        Column(
            "share_of_best",
            "DOUBLE",
            "how near the choice of areas is to the best possible, at least",
            "0 to 1",
        ),
    ),
)

LEAFLET_WALKS = Table(
    "leaflet_walks",
    "One row per walk of a plan: one volunteer, one sheet.",
    (
        Column("plan_id", "VARCHAR", "the plan"),
        Column("walk", "INTEGER", "number of the walk in its plan, from 1"),
        Column("code", "VARCHAR", "short code on the sheet, to return it by; says nothing else"),
        Column("doors", "INTEGER", "estimated", "doors"),
        Column("metres", "DOUBLE", "on foot between the stops", "metres"),
        Column("minutes", "DOUBLE", "walking and doors together", "minutes"),
        Column("is_block", "BOOLEAN", "one large building, with more doors than a walk"),
    ),
)

LEAFLET_STOPS = Table(
    "leaflet_stops",
    "One row per postcode of a walk, in the order walked.",
    (
        Column("plan_id", "VARCHAR", "the plan"),
        Column("walk", "INTEGER", "number of the walk"),
        Column("position", "INTEGER", "from 1, in the order walked"),
        Column("postcode", "VARCHAR", "where leaflets go; no raid is known by it"),
        Column("easting", "DOUBLE", "of the postcode", "metres, EPSG:27700"),
        Column("northing", "DOUBLE", "of the postcode", "metres, EPSG:27700"),
        Column("doors", "INTEGER", "estimated", "doors"),
        Column("locality_code", "VARCHAR", "code of its locality"),
    ),
)

LEAFLET_EVENTS = Table(
    "leaflet_events",
    "What became of the walks; rows are added, never changed.",
    (
        Column("number", "INTEGER", "from 1, in the order they happened"),
        Column("happened_at", "TIMESTAMP", "when it was entered", "UTC"),
        Column("plan_id", "VARCHAR", "the plan"),
        Column("walk", "INTEGER", "number of the walk"),
        Column(
            "event",
            "VARCHAR",
            "what happened; 'undone' takes back the event named in `undoes`",
            allowed=WALK_EVENTS,
        ),
        Column("initials", "VARCHAR", "who has it, one to three letters; empty if not said", nullable=True),
        Column("leaflets", "INTEGER", "leaflets given; empty if not said", "leaflets", nullable=True),
        Column(
            "doors_reached",
            "INTEGER",
            "doors a leaflet went through; empty if not said",
            "doors",
            nullable=True,
        ),
        Column("undoes", "INTEGER", "number of the event it takes back", nullable=True),
    ),
)

CHANGES = Table(
    "changes",
    "What was changed in records by hand; who did it is not kept. Rows are added, never changed.",
    (
        Column("number", "INTEGER", "from 1, one for each column changed"),
        Column("step", "INTEGER", "from 1; what was done at once shares it, and is undone at once"),
        Column("happened_at", "TIMESTAMP", "when", "UTC, cut to the hour"),
        Column("incident_id", "UUID", "the record"),
        Column("act", "VARCHAR", "what was done", allowed=CHANGE_ACTS),
        Column("column_name", "VARCHAR", "column of `incidents`", nullable=True),
        Column(
            "value_before",
            "VARCHAR",
            "as it was: a word of a closed list, a code, a number, a time",
            nullable=True,
        ),
        Column("value_after", "VARCHAR", "as it is since, likewise", nullable=True),
        Column("undoes", "INTEGER", "the step it takes back", nullable=True),
    ),
)

SETTINGS_TABLE = Table(
    "settings",
    "What the group has decided on this store, one row a decision; the default where there is none.",
    (
        Column("name", "VARCHAR", "what is decided", allowed=SETTING_NAMES),
        Column("value", "INTEGER", "days, years, minutes, or 0 and 1"),
    ),
)

TOLD_APART = Table(
    "told_apart",
    "Pairs of records that look like one raid and were found to be two.",
    (
        Column("first_id", "UUID", "the record whose id comes first as text"),
        Column("second_id", "UUID", "the other record"),
    ),
)

TABLES = (
    INCIDENTS,
    COUNTS,
    AREAS,
    AREA_OVERLAP,
    IMPORTS,
    REJECTS,
    MAPPINGS,
    GROUPS,
    LEAFLET_PLANS,
    LEAFLET_WALKS,
    LEAFLET_STOPS,
    LEAFLET_EVENTS,
    CHANGES,
    SETTINGS_TABLE,
    TOLD_APART,
)
