"""Postcodes, sectors and districts in a text: one pattern of a code, and one of what only looks like one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from data.geography.locate import Place, load_places
from data.identifiers.word_lists import any_of, lists_in
from data.schema import UNKNOWN

_DISTRICT = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})")
_SECTOR = re.compile(rf"({_DISTRICT}) ?([0-9])")
# "SE 15", alone and in a text, where it may be "SE-15" or "S.E.15" too.
_SPACED = re.compile(r"([A-Z]{1,2}) ([0-9][0-9A-Z]?)")
_SPACED_INSIDE = re.compile(
    r"(?:^|(?<=[\s,(/]))([A-Z]{1,2}[ -]|[A-Z]\. ?(?:[A-Z]\. ?)?)([0-9][0-9A-Z]?)(?=$|[\s,)/.;])",
    re.IGNORECASE,
)
# Behind a district "6am" and "2nd" are a time and a floor. A lone figure is a sector only where nothing is counted with it.
_CODE = re.compile(
    rf"(?<![\w£@])(?P<district>{_DISTRICT})"
    r"(?:[ .-]{0,2}(?!(?-i:[0-9](?:am|pm|st|nd|rd|th|hr)))(?P<unit>[0-9][A-Z]{2})"
    r"|\s+(?P<sector>[0-9])(?=\)?$|[,.;)](?:\s|$)|\s*\(|\s+(?:in|on|near|at|by|this|today|yesterday|area|again)\b))?"
    r"(?=ish\b|(?!\w|\.\d))",
    re.IGNORECASE,
)
# "SE15 4Q", "SE15 4**", "SE15 xxx": a postcode that was cut short or hidden.
_HIDDEN = re.compile(
    rf"({_DISTRICT})[ .-]{{1,2}}(?:[0-9](?:[A-Z]|[*?_#]{{1,3}})|[X*?_#]{{2,3}})", re.IGNORECASE
)
# "S E15" may be SE15.
_LONE_LETTER = re.compile(r"(?:^|[\s,;:/(–-])([A-Z])\s{1,5}$", re.IGNORECASE)
_MOTORWAY = re.compile(r"M[0-9]+", re.IGNORECASE)
_AREA_BEHIND = re.compile(r"\s*(?:area|postcode|district)\b", re.IGNORECASE)
_LOOKED_BACK = 24


@dataclass(frozen=True)
class Code:
    """
    A code in a text, from `start` to `end`, and its place; None where it may be another code.

    `is_listed` is False where the postcode or sector is in no list and only its district counts.
    """

    start: int
    end: int
    place: Place | None
    is_listed: bool = True


@cache
def words(title: str) -> frozenset[str]:
    """One of the lists of `words.txt`."""
    return lists_in(Path(__file__).parent)[title]


def codes_in(texts: Sequence[str]) -> list[list[Code]]:
    """The codes in each of many texts, in order. Buses, rooms and motorways are none, nor is what no place has."""
    found = [[match for match in _CODE.finditer(text) if _is_code(match)] for text in texts]
    full = list(dict.fromkeys(_full(match) for matches in found for match in matches if match["unit"]))
    places = dict(zip(full, load_places().postcodes(full), strict=True)) if full else {}
    return [[code for match in matches if (code := _code(match, places))] for matches in found]


def join_spaced(text: str) -> str:
    """
    A text with the blanks inside its districts taken out.

    >>> join_spaced("Peckham, SE 15"), join_spaced("open at 10")
    ('Peckham, SE15', 'open at 10')
    """
    return _SPACED_INSIDE.sub(_joined, text)


def _joined(found: re.Match) -> str:
    code = re.sub(r"[ .-]", "", found[0])
    place = _district(code.upper())
    # Elsewhere than in London it may be a word or a block: "so 15", "Block B 12".
    is_code = place is not None and (
        place.postcode_district != UNKNOWN or (code.isupper() and code[1].isalpha())
    )
    return code if is_code else found[0]


def read_code(text: str, is_sector: bool = False) -> Code | None:
    """
    The code that a whole text is, with or without its blanks; None if it is none.

    A sector without its blank is read where `is_sector`: elsewhere "SW21" is no district, and not SW2 1.

    >>> read_code("se15-5dt").place.location_precision, read_code("SE 15").place.postcode_district
    ('locality', 'SE15')
    """
    bare = " ".join(re.sub(r"[^A-Z0-9]", " ", text.upper()).split())
    if full := _POSTCODE.fullmatch(bare.replace(" ", "")):
        place = load_places().postcodes([full[0]])[0]
        return Code(0, len(text), place) if place else _unlisted(full[1], 0, len(text))
    if hidden := _HIDDEN.fullmatch(text.strip()):
        return _unlisted(hidden[1].upper(), 0, len(text))
    if spaced := _SPACED.fullmatch(bare):
        bare = "".join(spaced.groups())
    if re.fullmatch(_DISTRICT, bare) and ((place := _district(bare)) or not is_sector):
        return Code(0, len(text), place) if place else None
    if sector := _SECTOR.fullmatch(bare):
        place = load_places().sector(" ".join(sector.groups()))
        return Code(0, len(text), place) if place else _unlisted(sector[1], 0, len(text))
    return None


def _full(match: re.Match) -> str:
    return (match["district"] + match["unit"]).upper()


def _code(match: re.Match, places: dict[str, Place | None]) -> Code | None:
    district = match["district"].upper()
    letter = _LONE_LETTER.search(match.string[max(0, match.start() - 8) : match.start()])
    if letter and _district(letter[1].upper() + district):
        return Code(match.start(), match.end(), None)
    if match["unit"]:
        place = places[_full(match)]
    elif match["sector"]:
        place = load_places().sector(f"{district} {match['sector']}")
    else:
        place = _district(district)
        return Code(match.start(), match.end(), place) if place else None
    return (
        Code(match.start(), match.end(), place) if place else _unlisted(district, match.start(), match.end())
    )


def _unlisted(district: str, start: int, end: int) -> Code | None:
    place = _district(district)
    return Code(start, end, place, is_listed=False) if place else None


@lru_cache(maxsize=4_096)
def _district(code: str) -> Place | None:
    return load_places().district(code)


def _is_code(match: re.Match) -> bool:
    """Whether it is no bus, room or road."""
    if match["unit"]:
        return True
    before = match.string[max(0, match.start() - _LOOKED_BACK) : match.start()]
    behind = match.string[match.end() : match.end() + _LOOKED_BACK]
    if _buses().search(before) or _roads().match(behind):
        return False
    if _MOTORWAY.fullmatch(match["district"]) and _roads_in_front().search(before):
        return False
    return match["district"][1].isalpha() or not _rooms().search(before) or bool(_AREA_BEHIND.match(behind))


@cache
def _buses() -> re.Pattern:
    return re.compile(rf"\b(?:{any_of(words('buses'))})\s+$", re.IGNORECASE)


@cache
def _rooms() -> re.Pattern:
    return re.compile(rf"\b(?:{any_of(words('rooms'))})\.?\s+$", re.IGNORECASE)


@cache
def _roads_in_front() -> re.Pattern:
    return re.compile(rf"(?:^|\b(?:{any_of(words('roads in front'))}))\W*$", re.IGNORECASE)


@cache
def _roads() -> re.Pattern:
    return re.compile(rf"\s*(?:{any_of(words('roads'))})\b", re.IGNORECASE)
