"""The fields an incident file may give, and every heading that is read as each of them."""

import re
import unicodedata

IGNORE = "ignore"

# Field -> the headings read as it, after `normalise`. Exact: a heading that is not here is ignored and listed, and
# can be mapped by hand. Headings whose meaning depends on the file ("type", "x", "status") are left out on purpose.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "date": (
        "date", "dates", "day and date", "raid date", "date of raid", "incident date", "date of incident",
        "event date", "date of event", "visit date", "date of visit", "date of occurrence", "occurrence date",
        "date occurred", "occurred date", "occur date", "occurred on", "occurred at", "occurred", "start date",
        "date start", "date started", "started", "started at", "started on", "start", "start datetime",
        "start date time", "date time", "datetime", "date and time", "time and date", "timestamp of raid",
        "when", "when was it", "when did it happen", "date seen", "date of sighting", "sighting date",
        "apprehension date", "arrest date",
        "date of arrest", "day of raid", "day of the raid", "date of the raid", "raid day", "day it happened",
        "date it happened", "day of incident", "day of visit", "which day", "what day", "what date", "on what date",
        "day and time", "when did it take place", "when it happened", "month and year", "month year", "year and month",
    ),
    "time": (
        "time", "time of raid", "raid time", "incident time", "time of incident", "time of day", "start time",
        "time start", "time started", "time begun", "occur time", "time occurred", "time of occurrence",
        "event time", "time of event", "visit time", "time of visit", "time seen", "time of sighting",
        "at what time", "what time", "approx time", "approximate time", "time approx", "time 24h", "time 24 hour",
        "rough time", "roughly what time", "time roughly", "about what time", "around what time", "time of the raid",
        "time arrived", "time they arrived", "time they came", "time it started",
        "what time did it start", "what time was it", "time it happened", "what time did it happen", "clock time",
    ),
    "year": ("year", "yr", "year of raid", "year of incident"),
    "month": ("month", "month of raid", "month of incident", "month of year"),
    "day": ("day", "day of month", "date of month"),
    "hour": ("hour", "hour of day", "start hour", "hour of raid"),
    "postcode": (
        "postcode", "post code", "postal code", "postcodes", "full postcode", "zip", "zip code", "zipcode", "pcd",
        "pcds", "postcode of raid", "raid postcode", "incident postcode", "postcode of incident",
    ),
    "sector": ("sector", "postcode sector", "postal sector", "post code sector"),
    "district": (
        "district", "postcode district", "postal district", "post code district", "postcode area", "outcode",
        "outward code", "outward postcode", "partial postcode", "part postcode", "first part of postcode",
        "postcode first part", "postcode first half", "first half of postcode", "short postcode", "postdist",
        "post dist", "london postal district",
    ),
    "borough": (
        "borough", "boroughs", "london borough", "borough name", "boro", "boro name", "council", "council area",
        "local authority", "local authority name", "local authority district", "local council", "authority", "la",
        "lad", "lad name", "local authority code", "borough code", "lad code", "la code", "la name", "lad22cd",
        "lad22nm", "lad21cd", "lad21nm", "borough or council", "which borough", "which council",
    ),
    "latitude": ("latitude", "location latitude", "geopoint latitude", "lat", "y lat", "gps lat", "gps latitude", "latitude wgs84"),
    "longitude": ("longitude", "location longitude", "geopoint longitude", "lon", "long", "lng", "x long", "gps lon", "gps long", "gps longitude", "longitude wgs84"),
    "easting": ("easting", "eastings", "os easting", "os eastings", "oseast1m", "grid easting"),
    "northing": ("northing", "northings", "os northing", "os northings", "osnrth1m", "grid northing"),
    "grid_reference": (
        "grid reference", "grid ref", "gridref", "grid references", "os grid", "os grid ref", "os grid reference",
        "osgr", "ngr", "national grid reference", "map reference", "map ref",
    ),
    "place": (
        "place", "place name", "places", "location", "locations", "where", "where was it", "address", "area",
        "street", "street name", "road", "neighbourhood", "neighborhood", "site", "coordinates", "coords",
        "lat long", "lat lon", "latlng", "lat lng", "gps", "geopoint", "gps location", "gps point", "gps coordinates", "location of raid", "raid location",
        "incident location", "location of incident", "place of raid", "where did it happen", "town", "locality",
        "where it happened", "where did it take place", "where abouts", "whereabouts", "where in london",
        "which area", "what area", "which street", "part of town", "part of london", "location of the raid",
        "place of the raid", "area of london", "london area", "rough location",
        "approximate location",
    ),
    "setting": (
        "setting", "settings", "type of place", "place type", "kind of place", "premises", "premises type",
        "type of premises", "address type", "type of address", "venue", "venue type", "type of venue", "location type",
        "type of location", "site type", "where type", "type of site", "property type",
        "what kind of place", "what sort of place", "sort of place", "what type of place", "kind of premises",
        "sort of premises", "what kind of premises", "kind of venue", "home or work", "home or workplace",
        "home work or street", "home work street",
    ),
    "outcome": (
        "outcome", "outcomes", "result", "results", "what happened", "how did it end", "outcome of raid",
        "raid outcome", "incident outcome", "outcome of incident", "last outcome category", "final outcome",
        "what was the outcome", "what was the result", "how it ended", "end result", "result of raid",
        "result of the raid", "outcome of the raid", "what came of it",
    ),
    "people_detained": (
        "people detained", "detained", "number detained", "no detained", "num detained", "n detained", "persons detained",
        "how many detained", "how many people detained", "how many people were detained", "how many were detained",
        "people arrested", "arrested", "arrests", "number of arrests", "no of arrests", "number arrested",
        "no arrested", "num arrested", "how many arrested", "how many arrests", "persons arrested", "people taken",
        "number taken", "how many taken", "taken", "detentions", "number of detentions", "number of people detained",
        "number of people arrested", "detainees", "how many people taken", "how many people were taken",
        "how many were taken", "how many people arrested", "how many people were arrested", "how many were arrested",
        "people taken away", "how many taken away", "number taken away", "number of people taken", "no taken",
        "people they took", "how many did they take", "people detained or arrested",
    ),
    "people_released": (
        "people released", "released", "number released", "no released", "num released", "n released",
        "persons released", "how many released", "people let go", "let go", "number let go", "number of people released",
        "bailed", "people bailed",
        "how many people released", "how many were released", "how many let go", "how many people were let go",
        "people freed", "number freed", "how many freed",
    ),
    "crowd_size": (
        "crowd size", "crowd", "size of crowd", "peak crowd", "number in crowd", "how many in the crowd",
        "crowd number", "crowd numbers", "people in crowd", "people gathered", "number of protesters", "protesters",
        "number of supporters", "supporters", "turnout", "bystanders", "people responding", "number responding",
        "how many people came", "how many people turned up", "how many turned up",
        "how many gathered", "how many people gathered", "how big was the crowd", "how big a crowd",
        "how many in crowd", "number of neighbours", "how many neighbours", "how many people responded",
        "how many people resisted", "how many protesters", "how many supporters",
        "size of the crowd", "rough crowd size",
    ),
    "duration_minutes": (
        "duration minutes", "duration", "duration mins", "duration min", "duration in minutes", "length",
        "length minutes", "how long", "how long did it last", "minutes", "mins", "lasted",
        "how long it lasted", "how long in minutes", "how long mins", "how long minutes", "how long were they there",
        "how long did they stay", "how long did it take", "length of raid", "length of the raid", "length in minutes",
        "duration of raid", "duration of the raid",
    ),
    "duration_hours": (
        "duration hours", "duration hrs", "duration in hours", "length hours", "how long hours",
        "how long in hours", "length in hours", "how many hours",
    ),
    "police_present": (
        "police present", "police", "police there", "police attended", "police in attendance", "were police present",
        "were the police there", "were police there", "police presence", "police involved", "met police present",
        "any police", "any police there", "police there too", "with police", "did police come", "did the police come",
        "was there police", "were there police", "were there any police", "police as well", "police with them",
        "police on site", "police at the scene", "police helping", "cops", "cops there", "met there",
    ),
    "community_response": (
        "community response", "response", "community resistance", "resistance", "intervention", "protest",
        "did people intervene", "people intervened", "was there a response", "resisted", "community intervention",
        "was there resistance",
        "neighbours response", "neighbour response", "response of neighbours", "response of the community",
        "what did neighbours do", "did neighbours respond", "did people resist", "did anyone intervene",
        "did anyone resist", "did neighbours intervene", "people resisted", "people responded", "did people respond",
        "was it resisted", "any resistance", "any response", "any protest", "was there a protest", "local response",
    ),
    "source_kind": (
        "source kind", "source", "source type", "type of source", "kind of source", "reported by", "report type",
        "who reported it", "reporter type",
        "who told us", "how do we know", "how did we hear", "how did you hear", "heard from",
        "where did we hear", "source of information", "source of info", "info source", "source of report", "info from",
        "reported via", "report source", "how was it reported",
    ),
    "confidence": (
        "confidence", "certainty", "reliability", "how sure", "how sure are we", "how certain", "verified",
        "verification", "how sure are you", "how certain are we", "how confident", "how confident are we",
        "confidence level", "how reliable", "is it confirmed", "level of confidence",
        "how reliable is it",
    ),
}  # fmt: skip

FIELDS = tuple(SYNONYMS)
FIELD_OF = {heading: field for field, headings in SYNONYMS.items() for heading in headings}

DATE_FIELDS = ("date", "year", "month")
PLACE_FIELDS = ("postcode", "sector", "district", "borough", "grid_reference", "place")
# What only a list of incidents has; an official return may have dates, places and kinds of address too.
LOG_FIELDS = frozenset(
    (
        "time", "hour", "latitude", "easting", "outcome", "people_detained", "people_released", "crowd_size",
        "duration_minutes", "duration_hours", "police_present", "community_response", "confidence",
    )
)  # fmt: skip
# Pairs that say a place only together.
COORDINATE_PAIRS = (("latitude", "longitude"), ("easting", "northing"))

# Notes that people add to a heading in brackets; only these may be left out to recognise it.
HEADING_NOTES = frozenset(
    (
        "dd mm yyyy", "dd mm yy", "d m y", "yyyy mm dd", "mm dd yyyy", "mm dd yy", "m d y", "day first", "month first",
        "24h", "24 h", "24hr", "24 hour", "24 hours", "24 hour clock", "hh mm", "local time", "local", "uk time",
        "wgs84", "wgs 84", "epsg 4326", "decimal", "degrees", "decimal degrees", "osgb", "os grid", "osgb36",
        "epsg 27700", "metres", "m", "if known", "if any", "optional", "approx", "approximate", "estimate",
        "estimated", "number", "no", "how many", "yes no", "y n", "yes no unknown", "london", "peak", "first part",
        "required", "text", "people", "persons",
    )
)  # fmt: skip
# A note made of these alone says of a place how finely it is asked for: "Where (postcode or area)".
_PLACE_NOTE_WORDS = frozenset(
    (
        "a", "an", "and", "address", "addresses", "approximate", "area", "borough", "code", "district", "exact", "first",
        "full", "general", "half", "house", "just", "letters", "london", "name", "nearest", "no", "not", "number", "numbers", "of",
        "only", "or", "part", "post", "postcode", "postcodes", "road", "rough", "roughly", "sector", "station", "street",
        "the", "town", "ward", "without",
    )
)  # fmt: skip
# A note that begins so shows or asks how to answer, and says nothing of what is asked: "Date (e.g. 12/03/2024)".
_HELP_BEGINS = (
    "e g", "eg", "for example", "for instance", "such as", "like", "i e", "ie", "please", "if ", "leave", "tick", "select",
    "approx", "rough", "choose", "pick", "write", "enter", "ideally", "best guess", "as exact", "as precise", "can be", "or best", "or your best",
)  # fmt: skip
_PLACE_KINDS = frozenset(
    (
        "address",
        "area",
        "borough",
        "district",
        "location",
        "place",
        "postcode",
        "road",
        "station",
        "street",
        "town",
        "where",
    )
)
# The number of a question: "3. Where was it?", "Q3 Where".
_NUMBERED = re.compile(r"^(?:q|question )?\d{1,2} (?=[a-z]+ [a-z])")
# What a question or a heading says beside what it asks for: "Where exactly was the raid?" asks "where".
_FILLERS = re.compile(
    r"\b(?:take place|took place|the|a|an|it|this|was|were|is|did|does|happen|happened|raid|incident|exactly|roughly"
    r"|approx|approximate|approximately|please|of|in|at|during)\b"
)
MONTH_FIRST_NOTES = frozenset(("mm dd yyyy", "mm dd yy", "m d y", "month first"))

# Headings of official returns and other tables of totals: a file that has one counts, it does not list incidents.
COUNT_HEADINGS = frozenset(
    (
        "visits", "visits low", "visits high", "number of visits", "enforcement visits", "count", "counts",
        "number of raids", "raids", "number of incidents", "total visits", "total raids", "visit count",
    )
)  # fmt: skip

# What a form adds of its own (ODK, KoBo). Beside one of them, `FORM_TIMES` say when somebody filled it in, not when the raid was.
FORM_COLUMNS = frozenset(
    (
        "device id", "deviceid", "instance id", "instanceid", "meta instance id", "uuid", "formhub uuid", "submission time",
        "submission date", "submitted by", "xform id string", "simserial", "subscriberid",
    )
)  # fmt: skip
FORM_TIMES = frozenset(("start", "end", "today"))
# A column that begins something: of clock times beside a date's own column it gives the time.
STARTS = frozenset(
    ("start", "started", "starts", "from", "begin", "began", "begins", "start of raid", "arrived", "arrival")
)

_LOWER_THEN_UPPER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
# No bracket within: a heading of many open ones would be searched to its end from each of them.
_NOTE = re.compile(r"[(\[]([^()\[\]]*)[)\]]")

# A form names the parts of a point after its question: "_where_latitude", "where-Longitude".
_PART_OF_POINT = re.compile(r"(?:\w+ ){1,3}(latitude|longitude)")


def normalise(text: str) -> str:
    """
    Text without case, accents, punctuation and extra spaces, for exact comparison.

    >>> normalise("  OCCUR_DATE "), normalise("StartTime"), normalise("Mes_año")
    ('occur date', 'start time', 'mes ano')
    """
    spaced = _LOWER_THEN_UPPER.sub(" ", text)
    # The dotless i has no plain letter of its own, and would be left out.
    plain = unicodedata.normalize("NFKD", spaced.replace("ı", "i")).encode("ascii", "ignore").decode().lower()
    return _NOT_WORD.sub(" ", plain.replace("'", "").replace("&", " and ")).strip()


def compared(text: str) -> str:
    """
    As `normalise`; a text of other letters than Latin ones, of which that leaves nothing, as it is but for case and spaces.

    >>> compared("Wann?"), compared(" Дата  рейда")
    ('wann', 'дата рейда')
    """
    return normalise(text) or " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def split_notes(heading: str) -> tuple[str, frozenset[str]]:
    """A heading without its bracketed notes, and the notes, all normalised; unknown notes stay in the heading."""
    notes = frozenset(normalise(note) for note in _NOTE.findall(heading))
    bare = normalise(_NOTE.sub(" ", heading)) if notes else ""
    if bare and all(_says_no_more(note, bare) for note in notes):
        return bare, notes
    return normalise(heading), frozenset()


def _says_no_more(note: str, bare: str) -> bool:
    """Whether a note leaves what its heading asks for as it is."""
    if note in HEADING_NOTES or note.startswith(_HELP_BEGINS):
        return True
    return _field_called(bare) in PLACE_FIELDS and _PLACE_NOTE_WORDS.issuperset(note.split())


def _field_called(plain: str) -> str | None:
    """The field of a heading without notes: by its very words, or by what it asks for."""
    if plain in COUNT_HEADINGS:
        return None
    plain = _NUMBERED.sub("", plain)
    return (
        FIELD_OF.get(plain)
        or _FIELD_OF_CORE.get(_core(plain))
        or ("place" if _asks_for_places(plain) else None)
    )


def _asks_for_places(plain: str) -> bool:
    """Whether a heading lets people choose how to say where: "Area or postcode", "Where? (postcode)"."""
    said = plain.split()
    return len(_PLACE_KINDS.intersection(said)) > 1 and (_PLACE_KINDS | _PLACE_NOTE_WORDS).issuperset(said)


def _core(plain: str) -> str:
    """
    A heading without the words that say nothing of what it asks for.

    >>> _core("where exactly was the raid"), _core("what time did it happen")
    ('where', 'what time')
    """
    return " ".join(_FILLERS.sub(" ", plain).split())


# What is left of "timestamp of raid", "what happened" and the like alone may ask for something else.
_TOO_SHORT = frozenset(("timestamp", "what", "no arrests", "day month", "date month", "month year"))


def _fields_of_cores() -> dict[str, str]:
    """What a heading asks for -> its field; without what two fields have in common, such as "day"."""
    fields: dict[str, set[str]] = {}
    for heading, field in FIELD_OF.items():
        fields.setdefault(_core(heading), set()).add(field)
    return {
        core: found.pop()
        for core, found in fields.items()
        if core not in {"", *_TOO_SHORT} and len(found) == 1
    }


_FIELD_OF_CORE = _fields_of_cores()


def field_by_synonym(heading: str) -> str | None:
    """The field whose synonyms hold this heading; None where none does."""
    plain = normalise(heading)
    field = _field_called(plain) or _field_called(split_notes(heading)[0])
    part = _PART_OF_POINT.fullmatch(plain)
    return part[1] if part and not field else field


def says_month_first(heading: str) -> bool:
    """Whether the heading itself says that its dates run month, day, year."""
    plain = normalise(heading)
    return bool(split_notes(heading)[1] & MONTH_FIRST_NOTES) or plain.endswith(("mm dd yyyy", "mm dd yy"))
