"""
The schema as data: every table and column, its type, unit, meaning and closed list.

The store, the importers, the README and the tests all read it from here, so a name is written once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# A value for "not known", in every column with a closed list or an area code. Never a null.
UNKNOWN = "unknown"
# The value of `counts.setting` for a figure that covers every kind of address.
ALL_SETTINGS = "all"


@dataclass(frozen=True)
class Value:
    """
    One value of a closed list: what it means, and what it is called where people read it.

    Attributes
    ----------
    meaning
        What a record says with it, as the page tells it beside the choice.
    label
        Its name on a button or in a list; empty where it is the value itself.
    said
        How a sentence about a record says it; empty where no sentence does.
    """

    meaning: str
    label: str = ""
    said: str = ""


@dataclass(frozen=True)
class Outcome(Value):
    """
    How a raid ended.

    Attributes
    ----------
    is_taken
        Whether anybody was taken away in the end; None where that is not known.
    is_resisted
        Whether it is counted as released or prevented on the home page.
    """

    is_taken: bool | None = None
    is_resisted: bool = False


ClosedList = Mapping[str, Value]

OUTCOME_VALUES = {
    "people detained": Outcome(
        "at least one person was taken away, whoever else was let go",
        said="people were detained",
        is_taken=True,
    ),
    "released after community response": Outcome(
        "people were held, and let go there after others had come to their help",
        label="Released after response",
        said="people were released after the community responded",
        is_taken=False,
        is_resisted=True,
    ),
    "prevented": Outcome(
        "the raid was stopped before anybody was held: officers left, were kept out or called it off",
        said="the raid was prevented",
        is_taken=False,
        is_resisted=True,
    ),
    "no arrests": Outcome(
        "the raid took place and nobody was taken, for whatever reason",
        said="nobody was arrested",
        is_taken=False,
    ),
    UNKNOWN: Outcome("nobody has said how it ended", label="Not known", said="how it ended is not known"),
}
SETTING_VALUES = {
    "home": Value("a house, flat, hostel or other place where people live", said="at a home"),
    "workplace": Value(
        "where people work: a shop, restaurant, car wash, building site, office", said="at a workplace"
    ),
    "street": Value("in the open: a road, a pavement, a vehicle stopped on it", said="in the street"),
    "transport": Value(
        "on a bus, train or tube, or at a stop, station or airport",
        said="on public transport or at a station",
    ),
    "market": Value("a street market or a market hall, its stalls among it", said="at a market"),
    "reporting centre": Value(
        "an office of the Home Office where people must sign, such as Lunar House",
        said="at a reporting centre",
    ),
    "other": Value(
        "a kind of place that is known and is none of these: a church, a school, a court, a register office",
        said="at another kind of place",
    ),
    UNKNOWN: Value(
        "nobody has said what kind of place",
        label="Not known",
        said="at a kind of place that is not known",
    ),
}
POLICE_VALUES = {
    "yes": Value("police came too, of whatever force", said="police were there"),
    "no": Value("only immigration officers came", said="police were not there"),
    UNKNOWN: Value("nobody has said", label="Not known"),
}
RESPONSE_VALUES = {
    "yes": Value(
        "people who were not sought watched, spoke up, gathered or stood in the way", said="people responded"
    ),
    "no": Value("it is said that nobody watched or stepped in", said="nobody responded"),
    UNKNOWN: Value("nobody has said", label="Not known"),
}
SOURCE_KIND_VALUES = {
    "group report": Value("a local group, from its own log or from a witness who told it", said="groups"),
    "press": Value("a newspaper, a broadcaster or a news site", said="the press"),
    "campaign": Value("a campaign, a charity, a union or somebody's post in public", said="campaigns"),
    "government": Value("the Home Office, the police, a council or a court", said="the government"),
    "parliament": Value("a debate, a question or a committee of Parliament", said="Parliament"),
}
CONFIDENCE_VALUES = {
    "high": Value("seen by somebody of the group, or told by two who do not know of each other"),
    "medium": Value(
        "told by somebody the group knows or by one public source; also where an imported log does not say"
    ),
    "low": Value("hearsay or in doubt; also what was logged by hand and has had no second look"),
}
DATE_PRECISION_VALUES = {
    "hour": Value("the hour in which it started"),
    "day": Value("the day, and of the time at most a part of it, such as the morning"),
    "month": Value("the month, and no day"),
    "year": Value("the year, and no month"),
}
LOCATION_PRECISION_VALUES = {
    "locality": Value("a postcode sector or a few, cut at the borough line: at least 100 postcodes"),
    "district": Value("the postcode district, such as SE15, and no more"),
    "borough": Value("the borough, or the local authority outside London, and no more"),
    UNKNOWN: Value("no place that is known here", label="Not known"),
}
AREA_LEVEL_VALUES = {
    "borough": Value("one of the 32 boroughs or the City of London"),
    "district": Value("a postcode district, such as SE15; it may lie in several boroughs"),
    "sector": Value("a postcode sector, such as SE15 5"),
    "locality": Value("a postcode sector or a few, cut at the borough line: at least 100 postcodes"),
    "authority": Value("a local authority outside London"),
}
# Logged by hand: "to check" until a second look. An imported record stands as its log gives it.
REVIEW_VALUES = {
    "to check": Value(
        "logged or corrected by hand, and nobody has taken a second look", said="are still to be checked"
    ),
    "checked": Value("a second look found it right", said="were checked"),
    "as imported": Value("it stands as an imported log gives it", said="stand as imported"),
}
IMPORT_KIND_VALUES = {
    "incidents": Value("a spreadsheet of raids"),
    "counts": Value("an official return"),
    "log": Value("what was logged by hand, all under one import"),
}
CHANGE_ACT_VALUES = {
    "logged": Value("a raid was written down by hand"),
    "edited": Value("a value was corrected"),
    "deleted": Value("the record was deleted"),
    "checked": Value("a second look found it right"),
    "merged": Value("two records of one raid were made one"),
    "undone": Value("an earlier step was taken back", label="Taken back"),
}
SETTING_NAME_VALUES = {
    "hidden_days": Value("days before one of the group's own records shows"),
    "retention_years": Value("years that the group's own records are kept"),
    "idle_minutes": Value("minutes without use before the records lock"),
    "passphrase_declined": Value("1 once a passphrase was declined, so that it is not offered again"),
    "told_on": Value(
        "no decision: the day (since 1970) on which a keeper was told of records that are too old"
    ),
}
GROUP_KIND_VALUES = {
    "anti-raids group": Value("neighbours who watch for immigration raids, warn and respond"),
    "copwatch": Value("people who watch the police in public and tell others their rights"),
    "solidarity network": Value("a network or campaign of a neighbourhood that stands by those affected"),
    "renters union": Value("a union or association of renters, tenants or residents", label="Renters’ union"),
    "trade union": Value("a branch of a union of workers"),
    "trades council": Value("the council of an area's union branches"),
    "faith group": Value("a church, mosque, synagogue, temple or other group of believers"),
    "migrant group": Value("an organisation of or for migrants, refugees or people in detention"),
    "mutual aid group": Value("neighbours who help each other with food, errands or money; a social centre"),
    "law centre": Value("free advice on the law"),
    "school group": Value("parents, teachers or students of a school, college or university"),
    "other group": Value("another kind of group"),
    UNKNOWN: Value("nobody has said what kind of group", label="Group of a kind not known"),
}
# Groups that the Anti Raids Network names in public, with the areas in data/bundled/groups.csv. No other group has a name here.
PUBLIC_GROUP_VALUES = {
    f"{area} Anti Raids": Value(f"an anti-raids group, named in public, in {place or area}")
    for area, place in (
        ("Edinburgh", ""),
        ("Hackney", ""),
        ("Haringey", ""),
        ("Leeds", ""),
        ("Lewisham", ""),
        ("Newham", ""),
        ("Sheffield", ""),
        ("Southwark and Lambeth", ""),
        ("Tower Hamlets", ""),
        ("Waltham Forest", ""),
        ("West London", "the west of London"),
    )
}
WALK_EVENT_VALUES = {
    "assigned": Value("it was given to somebody"),
    "out": Value("that person has set out"),
    "done": Value("all of it is leafleted"),
    "part": Value("some of it is leafleted; the rest can be given out again"),
    "released": Value("it was given back and is free again"),
    "undone": Value("the event named in `undoes` is taken back"),
}

OUTCOMES = tuple(OUTCOME_VALUES)
SETTINGS = tuple(SETTING_VALUES)
SOURCE_KINDS = tuple(SOURCE_KIND_VALUES)
CONFIDENCES = tuple(CONFIDENCE_VALUES)
YES_NO_UNKNOWN = tuple(POLICE_VALUES)
DATE_PRECISIONS = tuple(DATE_PRECISION_VALUES)

# Raised by one with each change of the tables or of a closed list; data/store/migrations.py says how an older store is
# brought up to it.
SCHEMA_VERSION = 6

# The import to which every record belongs that was logged by hand.
LOG_IMPORT_ID = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, what it means, its unit and, where the list is closed, what it may hold."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    values: ClosedList = field(default_factory=dict, hash=False)
    nullable: bool = False

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values of its closed list, in order; none where the list is open."""
        return tuple(self.values)

    def sql_type(self) -> str:
        """The column's type in the store."""
        # An ENUM holds to its list as a CHECK would, and is filtered and grouped as a small number.
        values = ", ".join(f"'{value}'" for value in self.allowed)
        return f"ENUM({values})" if self.allowed else self.type

    def definition(self) -> str:
        """The column's line in CREATE TABLE."""
        return f"{self.name} {self.sql_type()}" + ("" if self.nullable else " NOT NULL")


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


def labels(values: ClosedList) -> dict[str, str]:
    """
    What the values of a closed list are called where people choose one.

    >>> labels(CONFIDENCE_VALUES)
    {'high': 'High', 'medium': 'Medium', 'low': 'Low'}
    """
    return {name: value.label or name.capitalize() for name, value in values.items()}


def _levels(*names: str) -> ClosedList:
    return {name: AREA_LEVEL_VALUES[name] for name in names}


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
        Column("date_precision", "VARCHAR", "how finely the start is known", values=DATE_PRECISION_VALUES),
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
            values=LOCATION_PRECISION_VALUES,
        ),
        Column("setting", "VARCHAR", "where people were sought", values=SETTING_VALUES),
        Column("outcome", "VARCHAR", "what happened", values=OUTCOME_VALUES),
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
        Column("police_present", "VARCHAR", "police besides immigration officers", values=POLICE_VALUES),
        Column(
            "community_response",
            "VARCHAR",
            "people intervened, monitored or protested",
            values=RESPONSE_VALUES,
        ),
        Column("source_kind", "VARCHAR", "who reported it", values=SOURCE_KIND_VALUES),
        Column("confidence", "VARCHAR", "how sure the record is", values=CONFIDENCE_VALUES),
        Column("import_id", "UUID", "the import that brought it"),
        Column("review", "VARCHAR", "whether a second person has looked at it", values=REVIEW_VALUES),
    ),
)

# Column of `incidents` -> its closed list.
INCIDENT_VALUES = {column.name: column.values for column in INCIDENTS.columns if column.values}

COUNTS = Table(
    "counts",
    "Official figures: visits per area and period, as a return gives them.",
    (
        Column(
            "area_level",
            "VARCHAR",
            "kind of area the return counts by",
            values=_levels("borough", "district"),
        ),
        Column("area_code", "VARCHAR", "postcode district, or ONS code of the borough"),
        Column("period_start", "DATE", "first day covered"),
        Column("period_end", "DATE", "last day covered; a return that stops in October ends there"),
        Column(
            "setting",
            "VARCHAR",
            "kind of address; 'all' for every kind together",
            values={ALL_SETTINGS: Value("every kind of address together"), **SETTING_VALUES},
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
        Column("level", "VARCHAR", "kind of area", values=AREA_LEVEL_VALUES),
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
        Column("from_level", "VARCHAR", "kind of the area that is split", values=AREA_LEVEL_VALUES),
        Column("from_code", "VARCHAR", "its code"),
        Column("to_level", "VARCHAR", "kind of the area it is split over", values=AREA_LEVEL_VALUES),
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
        Column("kind", "VARCHAR", "what the file held", values=IMPORT_KIND_VALUES),
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
    "A group's own format: which heading is which field, which word is which outcome; headings and words as keyed hashes.",
    (
        Column("name", "VARCHAR", "made of its fields and the day it was saved"),
        Column("mapping", "VARCHAR", "JSON of digests, fields and values; see data/logs/mapping.py"),
        Column("saved_at", "TIMESTAMP", "when", "UTC"),
    ),
)

FORMAT_KEY = Table(
    "format_key",
    "The key of the hashes in `mappings`; one row once a format was saved.",
    (Column("key", "BLOB", "32 random bytes"),),
)

GROUPS = Table(
    "groups",
    "Local groups and the areas they cover, one row per group and area. No names but public ones, no contacts, no persons.",
    (
        Column("kind", "VARCHAR", "what kind of group", values=GROUP_KIND_VALUES),
        Column(
            "public_name",
            "VARCHAR",
            "its name, of a group that came with the dashboard; empty for any other",
            values=PUBLIC_GROUP_VALUES,
            nullable=True,
        ),
        Column(
            "area_level",
            "VARCHAR",
            "kind of area",
            values=_levels("borough", "district", "locality", "authority"),
        ),
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
            values=WALK_EVENT_VALUES,
        ),
        Column("leaflets", "INTEGER", "leaflets given; empty if not said", "leaflets", nullable=True),
        Column(
            "doors_reached",
            "INTEGER",
            "doors a leaflet went through; empty if not said",
            "doors",
            nullable=True,
        ),
        Column("undoes", "INTEGER", "number of the event it takes back", nullable=True),
        Column(
            "walker",
            "SMALLINT",
            "who has it, as a number from 1 to 99 that the group gave out; empty if not said",
            nullable=True,
        ),
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
        Column("act", "VARCHAR", "what was done", values=CHANGE_ACT_VALUES),
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
        Column("name", "VARCHAR", "what is decided", values=SETTING_NAME_VALUES),
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
    FORMAT_KEY,
    GROUPS,
    LEAFLET_PLANS,
    LEAFLET_WALKS,
    LEAFLET_STOPS,
    LEAFLET_EVENTS,
    CHANGES,
    SETTINGS_TABLE,
    TOLD_APART,
)
