"""London's areas by name, such as Peckham and Dalston, and the places where the Home Office has people report."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from data.geography.bundled import read_places
from data.geography.locate import Place, load_places
from data.geography.names import authority_code, plain
from data.geography.projection import to_grid
from data.identifiers.word_lists import any_of
from data.places.codes import words
from data.schema import UNKNOWN

# A place name stands for the ground within this of its middle (metres).
AROUND_METRES = 500
# It comes to a district, with its borough, if this share of that ground lies there; else to the borough that has most.
IN_ONE_DISTRICT, IN_ONE_BOROUGH = 0.9, 0.8
# A name is used more widely than that: "Tottenham N15" is no contradiction, and the district within this counts.
REACH_METRES = 2_000
# Between two names of one place, or of two.
_JOINTS = ("-", "–", "&", "+", "and", "or", "to")
# Words in the name of an area.
LONGEST_NAME = 4
_RINGS = (0.25, 0.5, 0.75, 1.0)
_BEARINGS = 16
_WORDS = re.compile(r"[^\W\d_]+")

# Where the Home Office has people report: borough, and the district where that is certain.
REPORTING_CENTRES = {
    "lunar house": ("E09000008", "CR0"),
    "becket house": ("E09000028", "SE1"),
    "eaton house": ("E09000018", UNKNOWN),
}


@dataclass(frozen=True)
class Area:
    """An area's borough, by the list of names, and its middle (EPSG:4326)."""

    borough_code: str
    longitude: float
    latitude: float

    @property
    def place(self) -> Place | None:
        """The place that has nearly all of the ground around the middle; None where no borough has."""
        return _ground_of(self.longitude, self.latitude)

    @property
    def reach(self) -> frozenset[str]:
        """The districts and boroughs that the name may stand for."""
        return _reach_of(self.longitude, self.latitude)


def areas_called(name: str) -> list[Area]:
    """The areas of a name as `names.plain` leaves it."""
    return _areas().get(name, [])


def may_hold_area(text: str) -> bool:
    """Whether a text holds the first word of the name of any area: a quick look, before a long one for many texts."""
    return not _first_words().isdisjoint(_WORDS.findall(text.casefold().replace("'", "").replace("’", "")))


def part_street(text: str) -> str:
    """
    A text with a comma between a street, or the name of a shop, and the area or borough of London that ends it.

    >>> part_street("Rye Lane Peckham"), part_street("Boots Peckham"), part_street("Peckham Road")
    ('Rye Lane, Peckham', 'Boots, Peckham', 'Peckham Road')
    """
    found = _street_in_front().fullmatch(text)
    if found is None:
        return _part_name(text)
    is_london = _is_in_london(found["name"])
    return f"{found['street']}, {found['name']}" if is_london else text


def _part_name(text: str) -> str:
    """A text with a comma between the name of a shop or a house and the area of London that ends it: "Boots, Peckham"."""
    pieces = [] if _is_in_london(text) else text.split()
    for at in range(max(1, len(pieces) - LONGEST_NAME), len(pieces)):
        name = " ".join(pieces[at:])
        if not name[:1].isupper() or plain(name) in words("areas that are words") or not _is_in_london(name):
            continue
        before = pieces[:at]
        # "Manchester Victoria" is no part of London.
        is_elsewhere = any(not (authority_code(piece) or "E09").startswith("E09") for piece in before)
        is_parted = any(mark in text for mark in ",;()/")
        return (
            text
            if is_elsewhere or is_parted or before[-1].casefold() in _JOINTS
            else f"{' '.join(before)}, {name}"
        )
    return text


def _is_in_london(name: str) -> bool:
    return bool(areas_called(plain(name))) or (authority_code(plain(name)) or "").startswith("E09")


@cache
def _street_in_front() -> re.Pattern:
    # The last such word that leaves a name: of "High Road Wood Green" the name is "Wood Green".
    return re.compile(
        rf"(?P<street>[^,]*\w[^,]*? (?:{any_of(words('streets in front'))})\.?) (?P<name>[^\d,]+)",
        re.IGNORECASE,
    )


@cache
def pairs() -> frozenset[tuple[str, str]]:
    """The districts and boroughs that may be kept together: any other two would cut out less than a locality."""
    localities = (place for place in load_places().table if place.location_precision == "locality")
    return frozenset((place.postcode_district, place.borough_code) for place in localities)


@cache
def _areas() -> dict[str, list[Area]]:
    areas: dict[str, list[Area]] = {}
    for name, *rest in read_places().itertuples(index=False):
        areas.setdefault(plain(name), []).append(Area(*rest))
    return areas


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in (*_areas(), *REPORTING_CENTRES))


@lru_cache(maxsize=512)
def _ground_of(longitude: float, latitude: float) -> Place | None:
    around = _places_around(longitude, latitude, AROUND_METRES)
    district, in_district = Counter(place.postcode_district for place in around).most_common(1)[0]
    borough, in_borough = Counter(place.borough_code for place in around).most_common(1)[0]
    if district != UNKNOWN and in_district >= IN_ONE_DISTRICT * len(around):
        is_certain = in_borough >= IN_ONE_DISTRICT * len(around) and (district, borough) in pairs()
        return Place(UNKNOWN, borough if is_certain else UNKNOWN, district, "district")
    if in_borough >= IN_ONE_BOROUGH * len(around):
        return Place(UNKNOWN, borough, UNKNOWN, "borough")
    return None


@lru_cache(maxsize=512)
def _reach_of(longitude: float, latitude: float) -> frozenset[str]:
    around = _places_around(longitude, latitude, REACH_METRES)
    return frozenset(code for place in around for code in (place.postcode_district, place.borough_code)) - {
        UNKNOWN
    }


def _places_around(longitude: float, latitude: float, metres: float) -> list[Place]:
    """The places of points on rings around a point, and its own."""
    bearings = np.linspace(0, 2 * np.pi, _BEARINGS, endpoint=False)
    east = np.concatenate([[0.0], *(metres * ring * np.sin(bearings) for ring in _RINGS)])
    north = np.concatenate([[0.0], *(metres * ring * np.cos(bearings) for ring in _RINGS)])
    easting, northing = to_grid(np.array([longitude]), np.array([latitude]))
    places = load_places()
    rows = places.grid(easting[0] + east, northing[0] + north)
    return [places.table[row] for row in rows if row >= 0]
