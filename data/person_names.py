"""
Does a text name a person? By titles, by a list of first names, and by words that no English dictionary has.

No list holds every name. So where only a few words are expected (a cell that should hold a word of a closed list) a word
that is neither English nor the project's own counts as a name too; in free text that would refuse half of London.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import pairwise

import gender_guesser.detector
from spellchecker import SpellChecker

from data.geography.bundled import read_authorities, read_places, read_spellings
from data.importing import headings, words


def _texts_in(tree: object) -> Iterator[str]:
    """Every text in nested tables and lists; the keys of tables of texts are fields and left out."""
    if isinstance(tree, str):
        yield tree
    else:
        for branch in tree.values() if isinstance(tree, Mapping) else tree:
            yield from _texts_in(branch)


# What a street, a station or any other place is called; a name that ends in one is a place's.
PLACE_WORDS = frozenset(
    [
        "abbey",
        "academy",
        "airport",
        "alley",
        "allotments",
        "apartments",
        "approach",
        "arcade",
        "arch",
        "arches",
        "area",
        "avenue",
        "av",
        "ave",
        "bakery",
        "bank",
        "bar",
        "barbers",
        "barracks",
        "bay",
        "beach",
        "borough",
        "boulevard",
        "bridge",
        "broadway",
        "brook",
        "buildings",
        "bus",
        "by-pass",
        "bypass",
        "cafe",
        "campus",
        "canal",
        "car",
        "castle",
        "causeway",
        "cemetery",
        "centre",
        "center",
        "chapel",
        "chase",
        "church",
        "cinema",
        "circle",
        "circus",
        "city",
        "clinic",
        "close",
        "club",
        "coach",
        "college",
        "common",
        "community",
        "corner",
        "cottages",
        "council",
        "court",
        "crescent",
        "cres",
        "croft",
        "cross",
        "crossing",
        "crossrail",
        "cuts",
        "dene",
        "depot",
        "district",
        "dlr",
        "docks",
        "dock",
        "down",
        "downs",
        "drive",
        "east",
        "edge",
        "embankment",
        "end",
        "estate",
        "factory",
        "farm",
        "ferry",
        "field",
        "fields",
        "flats",
        "fold",
        "ford",
        "forest",
        "fort",
        "gallery",
        "garage",
        "garden",
        "gardens",
        "gate",
        "gdns",
        "glade",
        "glebe",
        "glen",
        "grange",
        "green",
        "greenway",
        "ground",
        "grove",
        "gym",
        "hall",
        "hamlet",
        "hatch",
        "heath",
        "high",
        "highway",
        "hill",
        "hills",
        "hospital",
        "hostel",
        "hotel",
        "house",
        "hub",
        "island",
        "isle",
        "junction",
        "kebab",
        "kitchen",
        "knoll",
        "lane",
        "launderette",
        "lawn",
        "lea",
        "leas",
        "leisure",
        "ley",
        "library",
        "line",
        "link",
        "little",
        "ln",
        "local",
        "lock",
        "lodge",
        "london",
        "loop",
        "lower",
        "mainline",
        "mall",
        "manor",
        "mansions",
        "market",
        "maze",
        "mead",
        "meadow",
        "meadows",
        "mews",
        "mill",
        "mills",
        "minster",
        "moor",
        "mosque",
        "mount",
        "museum",
        "nook",
        "north",
        "oak",
        "oaks",
        "offices",
        "orchard",
        "outer",
        "overground",
        "palace",
        "parade",
        "park",
        "parkway",
        "parks",
        "parkside",
        "passage",
        "path",
        "pavement",
        "pharmacy",
        "pier",
        "place",
        "plaza",
        "point",
        "pond",
        "pool",
        "port",
        "post",
        "primary",
        "prison",
        "promenade",
        "pub",
        "quarter",
        "quay",
        "radial",
        "railway",
        "ramp",
        "range",
        "rank",
        "reservoir",
        "restaurant",
        "ridge",
        "rise",
        "river",
        "riverside",
        "road",
        "rd",
        "roundabout",
        "row",
        "rye",
        "salon",
        "sauna",
        "school",
        "secondary",
        "services",
        "shaw",
        "shop",
        "shopping",
        "side",
        "slip",
        "south",
        "spa",
        "spur",
        "square",
        "st",
        "saint",
        "stadium",
        "stairs",
        "stall",
        "station",
        "stop",
        "store",
        "strand",
        "street",
        "subway",
        "superstore",
        "supermarket",
        "surgery",
        "takeaway",
        "tavern",
        "temple",
        "terrace",
        "theatre",
        "tower",
        "towers",
        "town",
        "trading",
        "tram",
        "tube",
        "underground",
        "underpass",
        "university",
        "upper",
        "vale",
        "valley",
        "viaduct",
        "view",
        "villa",
        "villas",
        "village",
        "walk",
        "wall",
        "ward",
        "warehouse",
        "wash",
        "acre",
        "acres",
        "barton",
        "beeches",
        "bldgs",
        "copse",
        "courtyard",
        "dale",
        "folgate",
        "friars",
        "france",
        "garages",
        "garth",
        "greenwich",
        "heights",
        "hundred",
        "inn",
        "international",
        "leys",
        "manorway",
        "marks",
        "marsh",
        "meade",
        "oake",
        "orchards",
        "pit",
        "quays",
        "reach",
        "rents",
        "retreat",
        "ride",
        "rides",
        "scarp",
        "stile",
        "terminal",
        "thames",
        "wales",
        "waye",
        "water",
        "waters",
        "waterside",
        "way",
        "well",
        "wells",
        "west",
        "wharf",
        "wood",
        "woods",
        "works",
        "yard",
        "zone",
        "county",
        "parish",
    ]
)
# Beside the words of the closed lists and the headings: months, days, and what files and their lines are called.
_MORE_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "around",
        "as",
        "at",
        "away",
        "be",
        "beside",
        "by",
        "can",
        "do",
        "for",
        "from",
        "go",
        "gone",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "left",
        "may",
        "me",
        "my",
        "near",
        "next",
        "no",
        "not",
        "of",
        "off",
        "on",
        "one",
        "or",
        "our",
        "out",
        "outside",
        "over",
        "per",
        "she",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "too",
        "two",
        "under",
        "unknown",
        "until",
        "up",
        "us",
        "was",
        "we",
        "went",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "within",
        "you",
        "your",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "spring",
        "summer",
        "autumn",
        "winter",
        "day",
        "days",
        "week",
        "month",
        "year",
        "date",
        "dates",
        "time",
        "times",
        "hour",
        "hours",
        "minute",
        "minutes",
        "am",
        "pm",
        "morning",
        "afternoon",
        "evening",
        "night",
        "noon",
        "khat",
        "address",
        "age",
        "agency",
        "annex",
        "anti",
        "appendix",
        "arrest",
        "arrested",
        "arrests",
        "asset",
        "asylum",
        "authority",
        "ban",
        "border",
        "bailiffs",
        "card",
        "case",
        "cases",
        "category",
        "checks",
        "comment",
        "comments",
        "community",
        "copy",
        "count",
        "counts",
        "crime",
        "crowd",
        "csv",
        "data",
        "database",
        "detained",
        "detainees",
        "detention",
        "details",
        "district",
        "draft",
        "duration",
        "email",
        "enforcement",
        "entry",
        "event",
        "export",
        "extract",
        "file",
        "final",
        "fields",
        "figures",
        "foi",
        "form",
        "freedom",
        "from",
        "group",
        "groups",
        "handheld",
        "home",
        "ice",
        "immigration",
        "incident",
        "incidents",
        "information",
        "intervention",
        "item",
        "kind",
        "latitude",
        "list",
        "locality",
        "location",
        "log",
        "logbook",
        "longitude",
        "lookup",
        "lsoa",
        "mail",
        "map",
        "media",
        "member",
        "members",
        "message",
        "messy",
        "met",
        "metropolitan",
        "minimum",
        "mobile",
        "monitoring",
        "msoa",
        "name",
        "names",
        "network",
        "new",
        "notes",
        "number",
        "of",
        "office",
        "officer",
        "officers",
        "official",
        "old",
        "operation",
        "outcome",
        "outcomes",
        "patrol",
        "people",
        "person",
        "persons",
        "phone",
        "place",
        "places",
        "police",
        "post",
        "postcode",
        "postcodes",
        "present",
        "press",
        "protest",
        "raid",
        "raided",
        "raids",
        "record",
        "records",
        "reason",
        "ref",
        "reference",
        "region",
        "release",
        "released",
        "removal",
        "removals",
        "report",
        "reported",
        "reporter",
        "reporting",
        "reports",
        "request",
        "research",
        "residents",
        "response",
        "result",
        "results",
        "return",
        "returns",
        "row",
        "rows",
        "sample",
        "search",
        "secure",
        "sector",
        "sent",
        "setting",
        "sheet",
        "shop",
        "signal",
        "site",
        "source",
        "sources",
        "spotted",
        "spreadsheet",
        "stats",
        "status",
        "stop",
        "stops",
        "street",
        "sub",
        "summary",
        "surname",
        "table",
        "team",
        "test",
        "text",
        "title",
        "total",
        "totals",
        "train",
        "tracker",
        "type",
        "types",
        "uk",
        "unconfirmed",
        "unit",
        "units",
        "van",
        "vans",
        "vehicle",
        "version",
        "victim",
        "visit",
        "visits",
        "volunteer",
        "volunteers",
        "witness",
        "work",
        "workbook",
        "worker",
        "workers",
        "workplace",
    ]
)
_SAID = [
    *(
        word
        for table in (words.SYNONYMS, words.CLOSED_LISTS, {"": headings.SYNONYMS})
        for word in _texts_in(table)
    ),
    *headings.HEADING_NOTES,
    *headings.COUNT_HEADINGS,
]
# Never a name in a log, though some of them are somebody's.
LOG_WORDS = _MORE_WORDS | frozenset(token for text in _SAID for token in headings.normalise(text).split())

# Above this often in the dictionary's texts a word is common, and a first name only by chance ("hope", "carry").
COMMON, USUAL, SELDOM, RARE = 1_000_000, 15_000, 3_000, 100
FUNCTION_NAMES = frozenset(
    ("will", "may", "june", "april", "august", "mark", "rose", "grace", "grant", "faith")
)

_TITLES = r"mr|mrs|ms|mx|messrs|miss|dr|prof|professor|sir|dame|lord|lady|rev|reverend|fr|imam|rabbi|sheikh|shaykh|cllr|councillor|hon"
# Behind these any word is a name; the others are words themselves ("miss", "lady", "Park Dr").
_SURE_TITLES = frozenset(("mr", "mrs", "ms", "mx", "messrs", "cllr", "prof", "professor", "rev", "reverend"))
_TITLED = re.compile(
    rf"(?<![\w'’-])({_TITLES})\b\.?\s*(?:[A-Za-z]\.\s*)*([^\W\d_][^\W\d_'’-]+)", re.IGNORECASE
)
# Letters beside a figure are a code ("SE15 4NF"), no word.
_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_]++(?:['’‘`][^\W\d_]++)*+(?!\d)")
_INITIALS = re.compile(
    r"^(?:[A-Z]\.?[\s-]*){1,3}[\s.]\s*[A-Z][^\W\d_]{2,}(?:[-'’][A-Z][^\W\d_]+)?$"
    r"|^[A-Z][^\W\d_]{2,}(?:[-'’][A-Z][^\W\d_]+)?,?\s+(?:[A-Z]\.?\s*){1,3}$"
)
_OWNED = re.compile(
    r"(?<!\bSt )(?<!\bSaint )\b(?:([^\W\d_]{2,})\s+)?((?:[^\W\d_]['’])?[^\W\d_]{2,})(?:['’]s?|(?<=s)['’])\s+(?:flat|house|home|room|shop|cafe"
    r"|restaurant|salon|car|van|barbers?|bakery|kitchen|takeaway|stall|business|work|workplace|mum|brother|sister|wife|husband)\b"
)
_SEGMENTS = re.compile(r"\s*[,;:|/()\[\]\n\r\t•]+\s*|\s+[-+&@]\s+|(?<=[^\W\d_]{3})\.\s+|\s*[\"“”]\s*")
_POLICE_FORM = re.compile(r"^\s*on or near\b", re.IGNORECASE)


def fold(text: str) -> str:
    """
    Letters without accents and capitals; other scripts stay as they are.

    >>> fold("Łukasz Żółć"), fold("Ólafur")
    ('lukasz zolc', 'olafur')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e", "ħ": "h", "æ": "ae", "œ": "oe"}
)


@cache
def first_names() -> frozenset[str]:
    """First names of the world in Latin letters, as `fold` leaves them."""
    names = gender_guesser.detector.Detector(case_sensitive=False).names
    return frozenset(folded for name in names if len(folded := fold(name)) > 2 and folded.isalpha())


@cache
def _dictionary() -> dict[str, int]:
    """How often each English word stands in the spelling dictionary's texts."""
    return SpellChecker(language="en").word_frequency.dictionary


@cache
def place_tokens() -> frozenset[str]:
    """Every word in the name of a known place, borough or other authority."""
    names = [*read_places()["name"], *read_authorities()["name"], *read_spellings()["spelling"]]
    tokens = {token for name in names for token in map(fold, _TOKEN.findall(name)) if len(token) > 2}
    return frozenset(tokens - LOG_WORDS)


@cache
def known_places() -> frozenset[str]:
    """Names of known places, boroughs and other authorities, as `fold` leaves them."""
    names = [*read_places()["name"], *read_authorities()["name"], *read_spellings()["spelling"]]
    return frozenset(_plain(name) for name in names)


def _plain(text: str) -> str:
    return " ".join(map(fold, _TOKEN.findall(text))).replace("'", "").replace("’", "")


@lru_cache(50_000)
def is_english(word: str) -> bool:
    """Whether a folded word is an ordinary one: the log's, a place's kind, or one of the dictionary's but for names."""
    word = re.sub(r"['’]s?$", "", word)
    if len(word) < 2 or word in LOG_WORDS or word in PLACE_WORDS:
        return True
    often = _dictionary().get(word, 0)
    return often >= (USUAL if word in first_names() else RARE)


def _is_first_name(word: str) -> bool:
    """Whether a folded word is a first name rather than a word."""
    if word in LOG_WORDS or word in PLACE_WORDS or word not in first_names():
        return False
    return _dictionary().get(word, 0) < USUAL or word in FUNCTION_NAMES


_MONTH_NAMES = frozenset(("jan", "april", "may", "june", "august"))
# Behind a title these are no name: "Mr and Mrs", "Ms unknown".
_NEVER_TITLED = frozenset(
    ["and", "or", "unknown", "not", "no", "none", "the", "a", "in", "of", "for", "who", "was", "is"]
)


def _may_be_first_name(word: str) -> bool:
    return word in first_names() and (_dictionary().get(word, 0) < COMMON or word in FUNCTION_NAMES)


def _could_be_surname(word: str) -> bool:
    return (
        len(word) > 1
        and word not in LOG_WORDS
        and word not in PLACE_WORDS
        and _dictionary().get(word, 0) < 40_000
    )


def has_titled_name(text: str) -> bool:
    """Whether a title stands before a name: 'Mr Khan', 'Dr. A. Okafor'; not 'Dr Johnson Avenue'."""
    return any(map(_is_titled_name, _TITLED.finditer(text)))


def _is_titled_name(found: re.Match) -> bool:
    title, name = found[1], found[2]
    if fold(name) in _NEVER_TITLED:
        return False
    if title.lower() in _SURE_TITLES:
        return True
    behind = [fold(token) for token in _TOKEN.findall(found.string[found.end() :])[:2]]
    if fold(name) in PLACE_WORDS or PLACE_WORDS.intersection(behind):
        return False
    return (title[0].isupper() and name[0].isupper() and fold(name) not in LOG_WORDS) or not is_english(
        fold(name)
    )


def names_person(text: str) -> bool:
    """
    Whether a text names a person. Places that bear somebody's name are fine: 'Nigel Mews' is one, 'Nigel Marsh' none.

    >>> names_person("ask Aisha Okonkwo"), names_person("Mr Khan"), names_person("number of people detained")
    (True, True, False)
    """
    if has_titled_name(text) or any(_is_owner(*map(fold, found)) for found in _OWNED.findall(text)):
        return True
    return any(map(_holds_name, _SEGMENTS.split(text))) or _is_reversed(text)


def _is_owner(before: str, owner: str) -> bool:
    """Whether whose house it is, is told by name."""
    return (
        _is_first_name(before) or _is_first_name(owner) or not (is_english(owner) or owner in place_tokens())
    )


def names_person_in_place(text: str) -> bool:
    """As `names_person`, for a description of a place; the police's "On or near …" names a street or a kind of place."""
    return not _POLICE_FORM.match(text) and names_person(text)


def names_person_in_word(text: str) -> bool:
    """
    Whether a cell where a word of a closed list is expected may name a person; for words that are in no list.

    Any capitalised word that English does not have counts, and any cell of nothing but such words.
    """
    if _plain(text) in known_places():
        return False
    words = _tokens(text)
    if names_person(text) or (1 <= len(words) <= 3 and _is_first_name(fold(words[0]))):
        return True
    unknown = [token for token in words if not is_english(fold(token)) and not _is_slip(fold(token))]
    return bool(unknown) and (len(unknown) == len(words) or any(map(_is_title_case, unknown)))


def _tokens(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if len(token) > 1]


def _is_title_case(token: str) -> bool:
    return token[0].isupper() or not token[0].isascii()


def _holds_name(segment: str) -> bool:
    """Whether a part of a text between commas is or holds a name."""
    if _plain(segment) in known_places():
        return False
    if _INITIALS.match(segment):
        return not any(is_english(fold(word)) and _is_usual(fold(word)) for word in _tokens(segment))
    words = _tokens(segment)
    folded = list(map(fold, words))
    if len(words) < 2 or folded[0] == "st":
        return False
    starts = [
        0,
        *(
            at
            for at in range(1, len(words))
            if _is_title_case(words[at]) != _is_title_case(words[at - 1]) or _ends_run(folded[at])
        ),
    ]
    return any(
        _is_name(words[start:end], folded[start:end], folded[end] if end < len(words) else "", len(words))
        for start, end in zip(starts, [*starts[1:], len(words)], strict=True)
    )


def _ends_run(word: str) -> bool:
    return word in LOG_WORDS


def _is_usual(word: str) -> bool:
    return word in LOG_WORDS or word in PLACE_WORDS or _dictionary().get(word, 0) >= USUAL


def _is_name(words: list[str], folded: list[str], following: str, of: int) -> bool:
    """
    Whether words in a row, all in capitals or none, are a name.

    Parameters
    ----------
    words, folded
        As they are written, and folded.
    following
        The folded word behind them, if any: in small letters it may still say that they are a place.
    of
        How many words the text between commas has.
    """
    if len(folded) == 2 == of and folded[0] in _MONTH_NAMES and not is_english(folded[1]):
        return True
    while folded and folded[0] in LOG_WORDS:
        words, folded = words[1:], folded[1:]
    if len(folded) < 2 or _bare(following) in PLACE_WORDS:
        return False
    if _bare(folded[-1]) in PLACE_WORDS:
        # "Amber Hill" may be somebody, but "Beulah Hill" and thousands of others are streets.
        return False
    if folded[0] in place_tokens() and (folded[1] in place_tokens() or not _is_first_name(folded[0])):
        return False
    is_first = any(map(_is_first_name, folded[:-1]))
    if not is_first and place_tokens().intersection(folded):
        return False
    are_capitals = all(map(_is_title_case, words))
    strange = [not is_english(word) for word in folded]
    if all(strange):
        return are_capitals or is_first or len(words) == of
    if PLACE_WORDS.intersection(folded[1:]):
        return False
    if are_capitals and is_first:
        return True
    if len(folded) <= 3 and any(strange) and all(_dictionary().get(word, 0) < SELDOM for word in folded):
        return are_capitals or len(folded) == of
    if are_capitals and len(folded) == of <= 3:
        return (len(folded) == 2 and any(strange)) or (
            _may_be_first_name(folded[0]) and all(map(_could_be_surname, folded[1:]))
        )
    # In small letters most words are words: a first name and no common word, or nothing else at all.
    return any(
        _is_first_name(first)
        and (not is_english(second) or (len(folded) == 2 == of and _could_be_surname(second)))
        for first, second in pairwise(folded)
    )


def _bare(word: str) -> str:
    return re.sub(r"['’‘`]s?$", "", word)


def _is_reversed(text: str) -> bool:
    """'Okonkwo, Aisha'."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2:
        return False
    last, first = map(_tokens, parts)
    if not (1 <= len(last) <= 2 and 1 <= len(first) <= 2 and all(map(_is_title_case, [*last, *first]))):
        return False
    return (
        _is_first_name(fold(first[0]))
        and all(_could_be_surname(fold(word)) for word in last)
        and not known_places().intersection(map(_plain, parts))
        and fold(first[0]) not in place_tokens()
    )


@lru_cache(10_000)
def _is_slip(word: str) -> bool:
    """Whether a word is a slip of the pen for one of the log's words, or a place's."""
    return word in place_tokens() or bool(get_close_matches(word, _log_vocabulary(), 1, 0.82))


@cache
def _log_vocabulary() -> list[str]:
    return sorted(word for word in LOG_WORDS | PLACE_WORDS if len(word) > 3)
