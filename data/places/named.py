"""One place as a person writes it, turned into the finest place that may be kept, with a name to show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from data.errors import InputError
from data.geography import locate
from data.geography.bundled import read_localities, read_outside_london, read_pieces
from data.geography.locate import load_places
from data.geography.names import authority_code, authority_name, plain
from data.identifiers.identifiers import ADDRESS as STREET_ADDRESS
from data.identifiers.identifiers import identifier_in
from data.identifiers.word_lists import any_of
from data.places.areas import REPORTING_CENTRES, areas_called, pairs
from data.places.codes import codes_in, join_spaced, read_code, words
from data.places.coordinates import parse_pair
from data.schema import UNKNOWN

LONGEST = 80

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
SEVERAL_AREAS = "There is more than one place of this name. Write its borough instead: {boroughs}."
SEVERAL_BOROUGHS = (
    "This area lies in more than one borough. Write its postcode, its postcode district or the borough."
)
_NOT_KNOWN = "not known"

_BETWEEN_PARTS = re.compile(r"\s*[,;()/]+\s*|\s+[–-]\s+|\s+in\s+", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d+[a-z]?\b", re.IGNORECASE)


@dataclass(frozen=True)
class NamedPlace(locate.Place):
    """
    A place as the store names it, and `label`, its name: of the locality, district or borough and of nothing finer.

    `reach` holds the districts and boroughs that a name of an area may stand for; empty where the place was not named so.
    """

    label: str = ""
    reach: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


def place_of(text: str) -> NamedPlace:
    """
    The place that somebody wrote, and nothing finer than its locality.

    Understands a full postcode, a sector, a district, a borough or other local authority by code, name or usual
    spelling, a locality by code or name, a pair of coordinates, and about 300 names of London's areas. Names and codes
    may stand beside each other, in any order. The name of an area comes to a postcode district only where that is nearly
    certain, and to the borough otherwise. A postcode that is in no list comes to its district.

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
    shorter = list(without_words_around(text))
    return next(filter(None, map(_whole, shorter)), None) or next(filter(None, map(_parts, shorter)), None)


def find_beside(text: str, beside: locate.Place) -> NamedPlace | None:
    """
    The place that a name stands for beside a code or a borough in the same text; None where nothing is called so.

    Raises
    ------
    InputError
        The name stands for several places, and `beside` is none of them.
    """
    for name in without_words_around(text):
        if found := _area_called(plain(name), beside) or _whole(name):
            return found
    return None


def without_words_around(text: str) -> Iterator[str]:
    """A text, then without "near", "station", "London" and the like at its ends, as long as there are any."""
    asked = text.strip(" .,;#")
    while asked:
        yield asked
        shorter = _around().sub("", asked, count=1).strip(" .,;#")
        if shorter == asked:
            return
        asked = shorter


@cache
def _around() -> re.Pattern:
    before, behind = any_of(words("before a place")), any_of(words("behind a place") | words("countries"))
    return re.compile(
        rf"^(?:{before})(?:\s*:\s*|\s+|$)|(?:^|[\s,(]+)(?:{behind})\.?\)?$|(?<=\d)[\s-]?ish$|\s*\(?\?+\)?$",
        re.IGNORECASE,
    )


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
        return _codes(place) in _kept_codes()
    if is_locality:
        return False
    if place.location_precision == "district":
        pair = (place.postcode_district, place.borough_code)
        return pair in pairs() if is_borough else place.postcode_district in {code for code, _ in pairs()}
    if place.postcode_district != UNKNOWN:
        return False
    if place.location_precision == "borough":
        return authority_code(place.borough_code) == place.borough_code
    return not is_borough and place.location_precision == UNKNOWN


def together(one: locate.Place, other: locate.Place) -> locate.Place | None:
    """
    What two words on one raid's place come to; None where both cannot be true.

    As `finest`, but what lies on a line that localities do not follow comes to what both agree on.
    """
    return finest(one, other) or _on_the_line(one, other)


def finest(one: locate.Place, other: locate.Place) -> locate.Place | None:
    """
    The finer of two places one of which holds the other, or the two together; None where both cannot be true.

    A code or a borough beside the name of an area counts alone where the name may stand for it.
    """
    found = _agreed(one, other) or _within_reach(one, other) or _within_reach(other, one)
    if found is not None and _reach(found) and (_is_coded(one) or _is_coded(other)):
        return replace(found, reach=frozenset())
    return found


def _within_reach(stated: locate.Place, area: locate.Place) -> locate.Place | None:
    if _reach(stated):
        return None
    is_borough = stated.location_precision == "borough"
    told = stated.borough_code if is_borough else stated.postcode_district
    return stated if told in _reach(area) else None


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
            both = locate.Place(UNKNOWN, coarser.borough_code, finer.postcode_district, "district")
        else:
            both = coarser
        return both if is_same_district and is_place(both) else None
    if _coarseness(finer) == _coarseness(coarser) and coarser.borough_code == UNKNOWN:
        return finer if is_same_district else None
    is_same_borough = coarser.borough_code in (UNKNOWN, finer.borough_code)
    is_inside = is_same_district and is_same_borough
    if finer.location_precision == coarser.location_precision:
        return finer if _codes(finer) == _codes(coarser) else None
    return finer if is_inside else None


def _on_the_line(one: locate.Place, other: locate.Place) -> locate.Place | None:
    finer, coarser = sorted((one, other), key=_coarseness)
    borough, district = finer.borough_code, coarser.postcode_district
    kinds = finer.location_precision, coarser.location_precision
    if kinds == ("locality", "locality") and borough == coarser.borough_code:
        # A point by the street may fall on the other side of a line that follows the postcodes: what both agree on stays.
        if finer.postcode_district == district:
            return locate.Place(UNKNOWN, borough, district, "district")
        return locate.Place(UNKNOWN, borough, UNKNOWN, "borough")
    if kinds == ("locality", "district") and _is_corner(district, borough):
        # Joined to a locality of the next district.
        return finer
    if kinds == ("district", "borough") and _is_corner(finer.postcode_district, coarser.borough_code):
        return coarser
    return None


def _is_corner(district: str, borough_code: str) -> bool:
    """Whether a district has a corner in a borough that is too small to be kept together with it."""
    held = borough_code in _authorities_of_districts().get(district, ())
    return held and (district, borough_code) not in pairs()


@cache
def _authorities_of_districts() -> dict[str, frozenset[str]]:
    """The boroughs, and beyond London the authorities, in which each of London's districts has live postcodes."""
    pieces, beyond = read_pieces(), read_outside_london()
    held: dict[str, set[str]] = {}
    for district, code in zip(pieces["district"], pieces["borough_code"], strict=True):
        held.setdefault(district, set()).add(code)
    for sector, code in zip(beyond["sector"], beyond["authority_code"], strict=True):
        held.setdefault(sector.partition(" ")[0], set()).add(code)
    return {district: frozenset(codes) for district, codes in held.items()}


def _whole(asked: str) -> NamedPlace | None:
    """The place that a whole text names."""
    if code := read_code(asked):
        return named(code.place) if code.place.location_precision != UNKNOWN else None
    place = load_places().borough(asked) or _localities().get(asked.casefold()) or spot_of(asked)
    return named(place) if place else _reporting_centre(plain(asked)) or _area_called(plain(asked))


def spot_of(text: str) -> locate.Place | None:
    """The place of a pair of coordinates; None where it is none, or not in the United Kingdom."""
    pair = parse_pair(text)
    row = load_places().points(np.array([pair[0]]), np.array([pair[1]]))[0] if pair else -1
    return load_places().table[row] if row >= 0 else None


def _parts(asked: str) -> NamedPlace | None:
    """
    Codes and names beside each other, all of which are understood: 'Peckham SE15', 'Hayes (Hillingdon)', 'Kilburn, Brent'.

    Raises
    ------
    InputError
        They contradict each other.
    """
    joined = join_spaced(asked)
    codes = codes_in([joined])[0]
    for code in reversed(codes):
        joined = f"{joined[: code.start]},{joined[code.end :]}"
    names = [name for part in _BETWEEN_PARTS.split(joined) if (name := _bare(part))]
    if not codes and len(names) == 1:
        names = _name_and_borough(names[0])
    if len(codes) + len(names) < 2 and not codes:
        return None
    if any(code.place is None for code in codes) or any(map(_looks_like_an_address, names)):
        return None
    # What is sure first: a name of several areas is the one beside it.
    stated = [authority for name in names if (authority := load_places().borough(name))]
    place = _all_together([code.place for code in codes] + stated) if codes or stated else None
    for name in reversed([name for name in names if not load_places().borough(name)]):
        found = find_beside(name, place) if place else _whole(name)
        if found is None:
            return None
        place = _all_together([place, found]) if place else found
    return named(place) if place and place.location_precision != UNKNOWN else None


def _all_together(places: list[locate.Place]) -> locate.Place:
    found = places[0]
    for place in places[1:]:
        found = together(found, place)
        if found is None:
            raise InputError(CONTRADICTION)
    return found


def _bare(part: str) -> str:
    """A name without the words around it; '' where nothing else stands there."""
    *_, last = ("", *without_words_around(part))
    return "" if not last or _around().sub("", last).strip(" .,;#") == "" else last


def _name_and_borough(text: str) -> list[str]:
    """'Hayes Hillingdon' and 'Barnet Cricklewood' as two names; nothing where it is no area and its borough."""
    pieces = text.split()
    for at in range(1, len(pieces)):
        names = [" ".join(pieces[:at]), " ".join(pieces[at:])]
        for area, borough in (names, reversed(names)):
            if areas_called(plain(area)) and (authority_code(borough) or "").startswith("E09"):
                return names
    return []


def _reporting_centre(name: str) -> NamedPlace | None:
    """A known reporting centre; any code of its borough beside it counts, since some have a postcode of their own."""
    if name not in REPORTING_CENTRES:
        return None
    borough, district = REPORTING_CENTRES[name]
    reach = frozenset(code for code, authority in pairs() if authority == borough)
    precision = "borough" if district == UNKNOWN else "district"
    return named(locate.Place(UNKNOWN, borough, district, precision), reach)


def _area_called(name: str, beside: locate.Place | None = None) -> NamedPlace | None:
    """
    The area of a plain name; a name that two areas share, or that lies in two boroughs, needs its borough or a code.

    `beside` is the place that the same text tells of by its code or borough: if the name may stand for it, the area is
    no more than that.
    """
    areas = areas_called(name)
    # Another area beside it says nothing of which one is meant.
    borough, district = (
        (beside.borough_code, beside.postcode_district)
        if beside and not _reach(beside)
        else (UNKNOWN, UNKNOWN)
    )
    rows = [area for area in areas if borough in (UNKNOWN, area.borough_code)]
    if len(rows) == 1 and rows[0].place is not None:
        return named(rows[0].place, rows[0].reach)
    if len(areas) == 1 and areas[0].place and beside and _agreed(areas[0].place, beside):
        return named(areas[0].place, areas[0].reach)
    if any((borough if district == UNKNOWN else district) in area.reach for area in areas):
        return named(beside)
    if len(rows) > 1:
        raise InputError(
            SEVERAL_AREAS.format(boroughs=" or ".join(authority_name(area.borough_code) for area in rows))
        )
    if rows:
        raise InputError(SEVERAL_BOROUGHS)
    # In another borough than the one beside it: a contradiction, told as one.
    return named(areas[0].place, areas[0].reach) if areas and areas[0].place else None


@cache
def _localities() -> dict[str, locate.Place]:
    """Localities by code and by name, and districts by the name that `named` gives them."""
    rows = [place for place in load_places().table if place.location_precision == "locality"]
    by_name = {_label(place).casefold(): place for place in rows}
    districts = [locate.Place(UNKNOWN, borough, district, "district") for district, borough in pairs()]
    return (
        {_label(place).casefold(): place for place in districts}
        | by_name
        | {place.locality_code.casefold(): place for place in rows}
    )


@cache
def _kept_codes() -> frozenset[tuple[str, str, str]]:
    return frozenset(map(_codes, load_places().table))


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


@cache
def _streets() -> re.Pattern:
    return re.compile(rf"\b(?:{any_of(words('streets'))})\b", re.IGNORECASE)


def _looks_like_an_address(text: str) -> bool:
    is_known = bool(areas_called(plain(text))) or plain(text) in REPORTING_CENTRES
    return bool(_streets().search(text) and not is_known) or bool(
        _NUMBER.search(text) and re.search(r"[a-z]{3}", text, re.IGNORECASE)
    )
