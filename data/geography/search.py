"""What the search box finds: postcodes, areas and place names of London, and what somebody may have meant."""

import difflib
import re
from dataclasses import dataclass
from functools import cache

import pyarrow.compute as pc

from data.geography.bundled import read_places
from data.geography.locate import load_places
from data.geography.names import authority_code, authority_name, plain
from data.geography.reference import load_areas

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")
# As much of a postcode as says that it was meant to be one: 'SE15 4Q', 'SW1A1'.
_BEGUN = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9]?[A-Z]{0,2}")
MOST_MATCHES = 10
MOST_SUGGESTIONS = 4
# Of difflib: from here on two names differ by a slip of the finger ('Peckam', 'Lewishem'), not by meaning.
ALIKE = 0.78


@dataclass(frozen=True)
class Match:
    """
    Something found: its level (a level of `areas`, or 'place'), code and name, and a point in it (EPSG:4326).

    A place has the code of its borough.
    """

    level: str
    code: str
    name: str
    longitude: float
    latitude: float


def find_place(text: str) -> list[Match]:
    """
    Matches for what someone typed, best first; empty where nothing in London is called so.

    A full postcode comes to its locality, never to its own spot. Knows postcodes, sectors, districts, boroughs by
    any usual spelling, localities by code, and from their first letters on the names of boroughs and of about 300
    places such as Peckham, Southall and Dalston.
    """
    asked = " ".join(text.upper().split())
    code = asked.replace(" ", "")
    if _POSTCODE.fullmatch(code):
        place = load_places().postcodes([code])[0]
        return _areas_called(place.locality_code) if place else []
    # As typed first: 'SE1 5' is a sector and 'SE15' a district. Then with the space a sector should have.
    matches = _areas_called(authority_code(text) or asked)
    matches = matches or _areas_called(f"{code[:-1]} {code[-1:]}") or _areas_called(code)
    name = plain(text)
    if len(name) >= 2:
        named = [(known != name, match) for known, match in _named() if known.startswith(name)]
        named.sort(key=lambda pair: (pair[0], pair[1].level, pair[1].name))
        matches += [match for _, match in named if match not in matches]
    return matches[:MOST_MATCHES]


def suggest_places(text: str) -> list[Match]:
    """
    What somebody may have meant whose words `find_place` does not find, the likeliest first; often empty.

    A postcode without its end, or of no house, comes to the sector or district that it lies in; a name with a slip of the
    finger to the names nearest to it.
    """
    code = "".join(text.upper().split())
    if _BEGUN.fullmatch(code):
        # Never down to one sign of a district: 'N1' is not what 'N19' without its end was to say.
        for end in range(1, min(4, len(code) - 1)):
            begun = code[:-end]
            found = _areas_called(f"{begun[:-1]} {begun[-1:]}") or _areas_called(begun)
            if found:
                return found[:MOST_SUGGESTIONS]
        return []
    known: dict[str, list[Match]] = {}
    for name, match in _named():
        known.setdefault(name, []).append(match)
    alike = difflib.get_close_matches(plain(text), known, n=MOST_SUGGESTIONS, cutoff=ALIKE)
    return [match for name in alike for match in known[name]][:MOST_SUGGESTIONS]


def is_elsewhere(text: str) -> bool:
    """True if a text names an authority or begins as a postcode that no area of London has."""
    code = "".join(text.upper().split())
    if re.fullmatch(r"[A-Z]{1,2}[0-9][0-9A-Z]?([0-9][A-Z]{2})?", code):
        letters = re.match("[A-Z]+", code).group()
        return not any(
            re.match("[A-Z]+", match.code).group() == letters
            for match in _areas()
            if match.level == "district"
        )
    authority = authority_code(text)
    return authority is not None and not _areas_called(authority)


def _areas_called(code: str) -> list[Match]:
    return [match for match in _areas() if match.code.upper() == code]


@cache
def _areas() -> list[Match]:
    """Every area of London."""
    areas, _ = load_areas()
    columns = ["level", "code", "name", "longitude", "latitude"]
    london = areas.filter(pc.not_equal(areas["level"], "authority")).select(columns)
    return [Match(*row) for row in zip(*london.to_pydict().values(), strict=True)]


@cache
def _named() -> list[tuple[str, Match]]:
    """Boroughs and places of London with their plain names."""
    named = [(plain(match.name), match) for match in _areas() if match.level == "borough"]
    for name, borough, longitude, latitude in read_places().itertuples(index=False):
        shown = f"{name} ({authority_name(borough)})"
        named.append((plain(name), Match("place", borough, shown, longitude, latitude)))
    return named
