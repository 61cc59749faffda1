"""One place as a person writes it, turned into the finest place that may be kept, with a name to show."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import numpy as np

from data.errors import InputError
from data.geography import locate
from data.geography.bundled import read_localities, read_places
from data.geography.locate import load_places
from data.geography.names import authority_code, authority_name, plain
from data.geography.projection import to_grid
from data.identifiers.identifiers import ADDRESS as STREET_ADDRESS
from data.identifiers.identifiers import identifier_in
from data.schema import UNKNOWN

LONGEST = 80
# A place name stands for the ground within this of its middle (metres).
AROUND_METRES = 500
# It comes to a district, with its borough, if this share of that ground lies there; else to the borough that has most.
IN_ONE_DISTRICT, IN_ONE_BOROUGH = 0.9, 0.8
# A name is used more widely than that: "Tottenham N15" is no contradiction, and the district within this counts.
REACH_METRES = 2_000
_RINGS = (0.25, 0.5, 0.75, 1.0)
_BEARINGS = 16

EMPTY = "The place is empty. Write a postcode, a district such as SE15, a borough or the name of an area."
NOT_FOUND = (
    "This place is not known. Write a postcode, a district such as SE15, a borough or the name of an area."
)
IDENTIFIER = (
    "This looks like {kind}, which is never kept. Write a postcode, a district such as SE15, or the borough."
)
ADDRESS = "This looks like a street address, which is never kept. Write its postcode, or the borough."
ONLY_LONDON = "The whole city is too wide. Write a postcode, a district such as SE15, or the borough."
CONTRADICTION = "The parts of this place contradict each other. Write only one of them."
_NOT_KNOWN = "not known"

# Where the Home Office has people report: borough, and the district where that is certain.
REPORTING_CENTRES = {
    "lunar house": ("E09000008", "CR0"),
    "becket house": ("E09000028", "SE1"),
    "eaton house": ("E09000018", UNKNOWN),
}

_POSTCODE = re.compile(r"([A-Z]{1,2}) ?([0-9][0-9A-Z]?) *([0-9][A-Z]{2})")
SPACED_DISTRICT = re.compile(r"([A-Z]{1,2}) ([0-9][0-9A-Z]?)", re.IGNORECASE)
_CODE_AT_END = re.compile(
    r"^(?P<name>.+?)[\s,]+(?P<code>[A-Z]{1,2} ?[0-9][0-9A-Z]?(?: *[0-9][A-Z]{2})?)$", re.IGNORECASE
)
_CODE_IN_FRONT = re.compile(
    r"^(?P<code>[A-Z]{1,2} ?[0-9][0-9A-Z]?(?: *[0-9][A-Z]{2})?)[\s,:–-]+(?P<name>[^0-9]+)$", re.IGNORECASE
)
_AROUND_A_NAME = re.compile(
    r"^(?:in|at|near|around|outside|by|the|#)\s*|[\s,]+(?:tube|train|bus|dlr|overground|underground|railway)?\s*"
    r"(?:station|area|town centre|london|uk)$",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:road|rd|street|st|lane|ln|avenue|ave|close|drive|crescent|terrace|court|gardens|grove|way|place|square|mews|walk"
    r"|house|flat|floor|unit|block|estate|tower)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\b\d+[a-z]?\b", re.IGNORECASE)


@dataclass(frozen=True)
class NamedPlace(locate.Place):
    """
    A place as the store names it, and `label`, its name: of the locality, district or borough and of nothing finer.

    `reach` holds the districts that a name of an area may stand for; empty where the place was not named so.
    """

    label: str = ""
    reach: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


def place_of(text: str) -> NamedPlace:
    """
    The place that somebody wrote, and nothing finer than its locality.

    Understands a full postcode, a sector, a district, a borough or other local authority by code, name or usual
    spelling, a locality by code or name, and about 300 names of London's areas. A name may stand before a district or
    behind a comma before its borough, or a code before a name. The name of an area comes to a postcode district only where that is nearly
    certain, and to the borough otherwise.

    Raises
    ------
    InputError
        Nothing of this name is known, there are several, or it looks like a street address. The sentence never
        repeats what was written.

    >>> place_of("Peckham station").label, place_of("SE15 4QL").location_precision
    ('SE15 (Southwark)', 'locality')
    """
    asked = " ".join(text.split())
    if not asked.strip(" .,;#"):
        raise InputError(EMPTY)
    if len(asked) > LONGEST:
        raise InputError(NOT_FOUND)
    found = find_place(asked)
    if found is not None:
        return found
    if plain(asked) in ("london", "greater london"):
        raise InputError(ONLY_LONDON)
    kind = identifier_in(asked)
    if kind == STREET_ADDRESS or _looks_like_an_address(asked):
        raise InputError(ADDRESS)
    raise InputError(IDENTIFIER.format(kind=kind) if kind else NOT_FOUND)


def find_place(text: str) -> NamedPlace | None:
    """
    As `place_of`; None where nothing is called so.

    Raises
    ------
    InputError
        Several places are called so, or its parts contradict each other.
    """
    asked = text.strip(" .,;#")
    while True:
        found = _whole(asked) or _parts(asked)
        shorter = _AROUND_A_NAME.sub("", asked, count=1).strip(" .,;#")
        if found is not None or shorter in ("", asked):
            return found
        asked = shorter


def may_hold_area(text: str) -> bool:
    """Whether a text holds the first word of the name of any area: a quick look, before a long one for many texts."""
    return not _first_words().isdisjoint(_WORDS.findall(text.casefold().replace("'", "").replace("’", "")))


def named(place: locate.Place, reach: frozenset[str] = frozenset()) -> NamedPlace:
    """The same place with its name."""
    if isinstance(place, NamedPlace) and place.label:
        return place
    return NamedPlace(
        place.locality_code,
        place.borough_code,
        place.postcode_district,
        place.location_precision,
        _label(place),
        reach,
    )


def is_place(place: locate.Place) -> bool:
    """Whether the parts of a place belong together as the store keeps them: no two cut out less than a locality."""
    is_locality, is_borough = place.locality_code != UNKNOWN, place.borough_code != UNKNOWN
    if place.location_precision == "locality":
        return _codes(place) in {_codes(row) for row in load_places().table}
    if is_locality:
        return False
    if place.location_precision == "district":
        pair = (place.postcode_district, place.borough_code)
        return pair in _pairs() if is_borough else place.postcode_district in {code for code, _ in _pairs()}
    if place.postcode_district != UNKNOWN:
        return False
    if place.location_precision == "borough":
        return authority_code(place.borough_code) == place.borough_code
    return not is_borough and place.location_precision == UNKNOWN


def finest(one: locate.Place, other: locate.Place) -> locate.Place | None:
    """
    The finer of two places one of which holds the other, or the two together; None where both cannot be true.

    A code beside the name of an area counts alone where the name may stand for its district.
    """
    found = _agreed(one, other) or _within_reach(one, other) or _within_reach(other, one)
    if found is not None and _reach(found) and (_is_coded(one) or _is_coded(other)):
        return replace(found, reach=frozenset())
    return found


def _within_reach(coded: locate.Place, area: locate.Place) -> locate.Place | None:
    return coded if _is_coded(coded) and coded.postcode_district in _reach(area) else None


def _is_coded(place: locate.Place) -> bool:
    """Whether a place was told by its postcode, sector or district."""
    return place.postcode_district != UNKNOWN and not _reach(place)


def _reach(place: locate.Place) -> frozenset[str]:
    return place.reach if isinstance(place, NamedPlace) else frozenset()


def _agreed(one: locate.Place, other: locate.Place) -> locate.Place | None:
    finer, coarser = sorted((one, other), key=_coarseness)
    if coarser.location_precision == UNKNOWN:
        return finer
    is_same_district = coarser.postcode_district in (UNKNOWN, finer.postcode_district)
    if finer.borough_code == UNKNOWN:
        if coarser.location_precision == "borough":
            together = locate.Place(UNKNOWN, coarser.borough_code, finer.postcode_district, "district")
        else:
            together = coarser
        return together if is_same_district and is_place(together) else None
    if _coarseness(finer) == _coarseness(coarser) and coarser.borough_code == UNKNOWN:
        return finer if is_same_district else None
    is_same_borough = coarser.borough_code in (UNKNOWN, finer.borough_code)
    is_inside = is_same_district and is_same_borough
    if finer.location_precision == coarser.location_precision:
        return finer if _codes(finer) == _codes(coarser) else None
    return finer if is_inside else None


def _whole(asked: str) -> NamedPlace | None:
    """The place that a whole text names."""
    places = load_places()
    if full := _POSTCODE.fullmatch(asked.upper()):
        # 'SE1 5AB' is a postcode; a district and a sector have no two letters at their end.
        place = places.postcodes(["".join(full.groups())])[0]
        return named(place) if place else None
    if spaced := SPACED_DISTRICT.fullmatch(asked):
        place = places.district("".join(spaced.groups()))
        return named(place) if place else None
    place = places.district(asked) or places.sector(asked) or places.borough(asked) or _locality(asked)
    if place is not None and place.location_precision != UNKNOWN:
        return named(place)
    return _reporting_centre(plain(asked)) or _area_called(plain(asked))


def _parts(asked: str) -> NamedPlace | None:
    """A name beside a code, or before its borough behind a comma or in brackets: 'Peckham SE15', 'Hayes (Hillingdon)'."""
    if with_code := _CODE_AT_END.match(asked) or _CODE_IN_FRONT.match(asked):
        texts = [with_code["name"], with_code["code"]]
    else:
        first, comma, rest = asked.rstrip(")").partition("(" if "(" in asked else ",")
        texts = [first, rest] if comma else []
    if len(texts) != 2 or _looks_like_an_address(texts[0]) or not all(text.strip(" ,") for text in texts):
        return None
    last = _whole(texts[1].strip(" ,"))
    if last is None:
        return None
    name = texts[0].strip(" ,#")
    first = _area_called(plain(name), last) or _whole(_AROUND_A_NAME.sub("", name).strip(" ,#"))
    if first is None:
        return None
    together = finest(last, first)
    if together is None:
        raise InputError(CONTRADICTION)
    return named(together)


def _reporting_centre(name: str) -> NamedPlace | None:
    """A known reporting centre; any code of its borough beside it counts, since some have a postcode of their own."""
    if name not in REPORTING_CENTRES:
        return None
    borough, district = REPORTING_CENTRES[name]
    reach = frozenset(code for code, authority in _pairs() if authority == borough)
    precision = "borough" if district == UNKNOWN else "district"
    return named(locate.Place(UNKNOWN, borough, district, precision), reach)


def _area_called(name: str, beside: locate.Place | None = None) -> NamedPlace | None:
    """
    The area of a plain name; a name that two areas share needs its borough or a code beside it.

    `beside` is the place that the same text tells of by its code or borough: if the name may stand for its district,
    the area is no more than that.
    """
    areas = _areas().get(name, ())
    borough, district = (beside.borough_code, beside.postcode_district) if beside else (UNKNOWN, UNKNOWN)
    rows = [row for row in areas if borough in (UNKNOWN, row[0])]
    place = _ground_of(*rows[0][1:]) if len(rows) == 1 else None
    if place is not None:
        return named(place, _reach_of(*rows[0][1:]))
    if any(district in _reach_of(*row[1:]) for row in areas):
        return named(beside)
    if len(rows) > 1:
        inside = " or ".join(authority_name(code) for code, _, _ in rows)
        raise InputError(f"There is more than one place of this name. Write its borough instead: {inside}.")
    if rows:
        raise InputError(
            "This area lies in more than one borough. Write its postcode, its postcode district or the borough."
        )
    return None


@lru_cache(maxsize=512)
def _ground_of(longitude: float, latitude: float) -> locate.Place | None:
    """The place that has nearly all of the ground around the middle of an area; None where no borough has."""
    around = _places_around(longitude, latitude, AROUND_METRES)
    district, in_district = Counter(place.postcode_district for place in around).most_common(1)[0]
    borough, in_borough = Counter(place.borough_code for place in around).most_common(1)[0]
    if district != UNKNOWN and in_district >= IN_ONE_DISTRICT * len(around):
        is_certain = in_borough >= IN_ONE_DISTRICT * len(around) and (district, borough) in _pairs()
        return locate.Place(UNKNOWN, borough if is_certain else UNKNOWN, district, "district")
    if in_borough >= IN_ONE_BOROUGH * len(around):
        return locate.Place(UNKNOWN, borough, UNKNOWN, "borough")
    return None


@lru_cache(maxsize=512)
def _reach_of(longitude: float, latitude: float) -> frozenset[str]:
    """The districts that the name of an area with this middle may stand for."""
    around = _places_around(longitude, latitude, REACH_METRES)
    return frozenset(place.postcode_district for place in around) - {UNKNOWN}


def _places_around(longitude: float, latitude: float, metres: float) -> list[locate.Place]:
    """The places of points on rings around a point, and its own."""
    bearings = np.linspace(0, 2 * np.pi, _BEARINGS, endpoint=False)
    east = np.concatenate([[0.0], *(metres * ring * np.sin(bearings) for ring in _RINGS)])
    north = np.concatenate([[0.0], *(metres * ring * np.cos(bearings) for ring in _RINGS)])
    easting, northing = to_grid(np.array([longitude]), np.array([latitude]))
    places = load_places()
    rows = places.grid(easting[0] + east, northing[0] + north)
    return [places.table[row] for row in rows if row >= 0]


@cache
def _areas() -> dict[str, list[tuple[str, float, float]]]:
    """Borough, longitude and latitude of the areas of each plain name."""
    areas: dict[str, list[tuple[str, float, float]]] = {}
    for name, *rest in read_places().itertuples(index=False):
        areas.setdefault(plain(name), []).append(tuple(rest))
    return areas


def _locality(asked: str) -> locate.Place | None:
    return _localities().get(asked.casefold())


@cache
def _localities() -> dict[str, locate.Place]:
    """Localities by code and by name, and districts by the name that `named` gives them."""
    rows = [place for place in load_places().table if place.location_precision == "locality"]
    by_name = {_label(place).casefold(): place for place in rows}
    districts = [locate.Place(UNKNOWN, borough, district, "district") for district, borough in _pairs()]
    return (
        {_label(place).casefold(): place for place in districts}
        | by_name
        | {place.locality_code.casefold(): place for place in rows}
    )


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in (*_areas(), *REPORTING_CENTRES))


@cache
def _pairs() -> frozenset[tuple[str, str]]:
    """The districts and boroughs that may be kept together."""
    return frozenset(
        (place.postcode_district, place.borough_code)
        for place in load_places().table
        if place.location_precision == "locality"
    )


@cache
def _locality_names() -> dict[str, str]:
    localities = read_localities()
    return dict(zip(localities["locality_code"], localities["name"], strict=True))


def _label(place: locate.Place) -> str:
    if place.location_precision == "locality":
        return _locality_names().get(place.locality_code, _NOT_KNOWN)
    # A store laid by hand may hold codes that no area has.
    borough = authority_name(place.borough_code) if authority_code(place.borough_code) else ""
    if place.location_precision == "district":
        return f"{place.postcode_district} ({borough})" if borough else place.postcode_district
    return borough or _NOT_KNOWN


def _codes(place: locate.Place) -> tuple[str, str, str]:
    return place.locality_code, place.borough_code, place.postcode_district


def _coarseness(place: locate.Place) -> int:
    return ("locality", "district", "borough", UNKNOWN).index(place.location_precision)


def _looks_like_an_address(text: str) -> bool:
    is_known = plain(text) in _areas() or plain(text) in REPORTING_CENTRES
    return bool(_STREET.search(text) and not is_known) or bool(
        _NUMBER.search(text) and re.search(r"[a-z]{3}", text, re.IGNORECASE)
    )
