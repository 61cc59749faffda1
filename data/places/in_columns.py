"""The place of each row, from all the columns that say something of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import InputError
from data.geography.bundled import read_outside_london, read_pieces
from data.geography.locate import Place, Places
from data.places.coordinates import (
    BLANK,
    INCOMPLETE,
    NOT_UNDERSTOOD,
    ZERO,
    locate_texts,
    parse_grid_reference,
    parse_pair,
    read_degrees,
    read_metres,
)
from data.places.named import SPACED_DISTRICT, NamedPlace, find_place, finest, may_hold_area
from data.reading.distinct import Column, Distinct, distinct, is_blank
from data.reading.problems import RowProblems
from data.schema import LOCATION_PRECISIONS, UNKNOWN

_CONTRADICTION = -3

# Columns of text that each give a place by themselves.
TEXT_FIELDS = ("postcode", "sector", "district", "borough")

NO_PLACE = "No place is given; fill in a postcode, district, borough or coordinates."
CONTRADICTION = (
    "The columns for the place contradict each other; correct one of them, or empty the wrong one."
)
SEVERAL = (
    "The cell names several places that are not one inside the other; leave only the right one, or the borough that "
    "holds them all."
)
SHARED_NAME = (
    "Several areas of London have this name, or it lies in several boroughs; add its borough, such as Hayes (Hillingdon), "
    "or its district."
)
REASONS = {
    "postcode": (
        "No such postcode or district is in use; correct it, or give only a district in use, such as SE15 or W1T, or "
        "the borough."
    ),
    "sector": "There is no such postcode sector; correct it, or give the district or the borough.",
    "district": (
        "No such postcode district is in use; correct it, add its last letter (such as W1T for W1), or give the borough."
    ),
    "borough": "There is no borough or local authority of this name; correct it, or give its ONS code.",
    "place": (
        "The place does not end in a postcode, district or borough that exists and is certain; add one, or fill in the "
        "borough's column."
    ),
    "grid_reference": (
        "The grid reference is not understood, too coarse or not in the United Kingdom; write two letters and at least "
        "six figures, such as TQ 345 768."
    ),
    "latitude": INCOMPLETE,
    "easting": INCOMPLETE,
}

# "London" says no more than this.
IN_LONDON = Place(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)

_FULL_POSTCODE = r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$"
_DISTRICT = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")
_SECTOR = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9])$")
# A full postcode, or a district, at the end of a text with its sector.
_CODE = re.compile(
    r"(?:^|(?<=[\s,;:/(&+|–-]))"
    r"(?:([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})|([A-Z]{1,2}[0-9][A-Z0-9]?)(?:\s+([0-9])(?=\)?$))?)"
    r"(?=$|[\s,;:/).&+|–-])",
    re.IGNORECASE,
)
# "S E15" may be SE15.
_LONE_LETTER = re.compile(r"(?:^|[\s,;:/(–-])([A-Z])\s{1,5}$", re.IGNORECASE)
# Behind these words, or with an M before the number, it is a room, a bus or a motorway.
_NO_DISTRICT = re.compile(
    r"(?:\b(?:bus|route|night bus|stop|stand|gate|exit|platform|unit|block|room|flat|shop|stall|bay|plot|building|hall)"
    r"\s+[A-Z0-9]+|\bM[0-9]+)\)?$",
    re.IGNORECASE,
)
# A place is named at the end of a text, and patterns would search a long one for long.
END_OF_TEXT = 120
NAMES_REMEMBERED = 10_000
_COUNTRY_AT_END = re.compile(
    r"[\s,;]+(?:greater london|london|england|scotland|wales|northern ireland|u\.?k\.?|united kingdom)$",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"[,;()]+")
_LONDON_ONLY = re.compile(r"^(?:greater )?london(?:\s*[:,;(–-].*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class RowPlaces:
    """The place of every row: `index` points into `pool`, or is negative where the row cannot be used."""

    pool: list[Place]
    index: np.ndarray

    def column(self, name: str, rows: np.ndarray) -> pa.Array:
        """One of the columns of `Place` for some rows, none of which is without a place."""
        values = pa.array([getattr(place, name) for place in self.pool], pa.string())
        return values.take(pa.array(self.index[rows]))


class _Pool:
    """Every place met so far, numbered; the first ones are the rows of `Places.table`."""

    def __init__(self, places: Places):
        self.places = list(places.table)
        self._numbers = {place: number for number, place in enumerate(self.places)}

    def number(self, place: Place | None) -> int:
        if place is None:
            return NOT_UNDERSTOOD
        if place not in self._numbers:
            self._numbers[place] = len(self.places)
            self.places.append(place)
        return self._numbers[place]


@dataclass(frozen=True)
class _Source:
    """
    What one column, or pair of columns, says of every row's place.

    `index` points into the pool, or is BLANK or NOT_UNDERSTOOD; `reason` is for the latter.
    """

    field: str
    index: np.ndarray
    reason: str


def read_places(
    columns: Mapping[str, Column],
    free_columns: Sequence[Column],
    n_rows: int,
    places: Places,
    problems: RowProblems,
) -> RowPlaces:
    """
    The finest place that a row's columns agree on.

    A column that is empty or not understood is passed over where another one is understood. Two that are
    understood and contradict each other set the row aside, and so do coordinates outside the kingdom.

    Parameters
    ----------
    columns
        Field -> column, for latitude and longitude, easting and northing, grid_reference and `TEXT_FIELDS`.
    free_columns
        Columns in which a place is described freely. They count where they are, or end in, a postcode, a
        sector or a district, or, where the row gives no other place, a borough's name or else that of an area.
    n_rows
        Length of each column.
    problems
        Gets the rows whose place cannot be used.

    Raises
    ------
    InputError
        Latitude and longitude are swapped in the whole file.
    """
    pool = _Pool(places)
    merger = _Merger(places, pool)
    sources = [*_coordinates(columns, places, problems), *_texts(columns, places, pool)]
    index = np.full(n_rows, BLANK, np.int32)
    names = np.full(n_rows, BLANK, np.int32)
    for column in free_columns:
        codes, names_here = _read_free(distinct(column), places, pool, merger)
        problems.add(codes == _CONTRADICTION, "place", SEVERAL)
        sources.append(_Source("place", codes, REASONS["place"]))
        names = merger.merge(names, names_here)
    for source in sources:
        index = merger.merge(index, source.index)
        problems.add(index == _CONTRADICTION, source.field, CONTRADICTION)
    # A name in free text is the weakest word on a place: "Ashford" is a town in one authority and names another.
    index = np.where(index < 0, names, index)
    texts = [*free_columns, *(columns[field] for field in TEXT_FIELDS if field in columns)]
    index = _add_areas(index, texts, pool, merger, problems)
    for source in sources:
        problems.add((index < 0) & (source.index == NOT_UNDERSTOOD), source.field, source.reason)
    problems.add(index == _CONTRADICTION, "place", CONTRADICTION)
    problems.add((index < 0) & (names == NOT_UNDERSTOOD), "place", REASONS["place"])
    problems.add(index < 0, sources[0].field if sources else "place", NO_PLACE)
    return RowPlaces(pool.places, index)


def _coordinates(columns: Mapping[str, Column], places: Places, problems: RowProblems) -> list[_Source]:
    sources = []
    for first, second, read in (
        ("latitude", "longitude", read_degrees),
        ("easting", "northing", read_metres),
    ):
        if first in columns and second in columns:
            index, is_zero = read(columns[first], columns[second], places, problems)
            sources.append(_Source(first, np.where(is_zero, NOT_UNDERSTOOD, BLANK), ZERO))
            sources.append(_Source(first, index, INCOMPLETE))
    if "grid_reference" in columns:
        cells = distinct(columns["grid_reference"])
        index = cells.spread(locate_texts(cells.texts, parse_grid_reference, places.grid))
        sources.append(_Source("grid_reference", index, REASONS["grid_reference"]))
    return sources


def _texts(columns: Mapping[str, Column], places: Places, pool: _Pool) -> list[_Source]:
    sources = []
    for field in TEXT_FIELDS:
        if field in columns:
            cells = distinct(columns[field])
            index = cells.spread(recognise(cells.texts, places, pool.number, field == "sector"))
            sources.append(_Source(field, index, REASONS[field]))
    return sources


def recognise(
    texts: Sequence[str],
    places: Places,
    number: Callable[[Place | None], int],
    are_sectors: bool = False,
) -> np.ndarray:
    """
    The place each text is: a full postcode, sector, district, or the name or code of a local authority.

    Whatever column it stands in: a district in a column of postcodes is as clear as anywhere else. Only a sector
    without its space may pass for a district, as "SW2 1" for "SW21", and is read where the column is one of sectors.

    Returns
    -------
    found
        int32: row of `places.table`, or what `number` gives for a place that is not in it; BLANK for a text
        that says nothing, NOT_UNDERSTOOD for one that is no place.
    """
    compact = pc.replace_substring_regex(pc.utf8_upper(pa.array(texts, pa.string())), r"[^A-Z0-9]", "")
    is_postcode = np.asarray(pc.match_substring_regex(compact, _FULL_POSTCODE))
    found = np.full(len(texts), NOT_UNDERSTOOD, np.int32)
    rows = places.postcode_rows(compact.filter(pa.array(is_postcode)))
    found[is_postcode] = np.where(rows < 0, NOT_UNDERSTOOD, rows)
    for row in np.flatnonzero(~is_postcode):
        found[row] = BLANK if is_blank(texts[row]) else number(_coarse_place(texts[row], places, are_sectors))
    return found


def _coarse_place(text: str, places: Places, are_sectors: bool) -> Place | None:
    """The district, sector or authority a whole text names; None where it names none."""
    if len(text) > END_OF_TEXT:
        return None
    if _LONDON_ONLY.match(text):
        return IN_LONDON
    # The whole text first: "City of London" is not a city "of" in London.
    named = (
        _code_place(shorter, places, are_sectors) or places.borough(shorter)
        for shorter in _without_countries(text)
    )
    return next(filter(None, named), None)


def _code_place(text: str, places: Places, are_sectors: bool = False) -> Place | None:
    code = " ".join(re.sub(r"[^A-Z0-9]", " ", text.upper()).split())
    if _DISTRICT.match(code) and ((place := places.district(code)) or not are_sectors):
        return place
    if (spaced := SPACED_DISTRICT.fullmatch(code)) and (place := places.district(spaced[1] + spaced[2])):
        return place
    found = _SECTOR.match(code)
    return places.sector(f"{found[1]} {found[2]}") if found else None


def _without_countries(text: str) -> Iterator[str]:
    """A text, then without the country or "London" at its end, as long as there is one."""
    bare = text.strip(" .,;")
    yield bare
    while (shorter := _COUNTRY_AT_END.sub("", bare)) != bare:
        bare = shorter
        yield bare


def _read_free(
    cells: Distinct, places: Places, pool: _Pool, merger: "_Merger"
) -> tuple[np.ndarray, np.ndarray]:
    """
    For every row the place of the code that a free text is or ends in, and the place of the name.

    What stands farther in front gives no place by itself, but must agree with the end.
    """
    codes = locate_texts(cells.texts, parse_pair, places.points)
    codes[codes == NOT_UNDERSTOOD] = BLANK
    names = np.full(len(cells.texts), BLANK, np.int32)
    endings = {
        position: list(_without_countries(text[-END_OF_TEXT:]))
        for position, text in enumerate(cells.texts)
        if codes[position] < 0 and not is_blank(text)
    }
    written = {position: list(_CODE.finditer(bare[-1])) for position, bare in endings.items()}
    rows = _postcode_rows(written.values(), places)
    # Texts differ, but most name the same few boroughs and streets.
    borough = lru_cache(NAMES_REMEMBERED)(places.borough)
    for position, matches in written.items():
        bare = endings[position][-1]
        told = [_code_number(match, bare, rows, places, pool) for match in matches]
        last = told[-1] if matches and bare[matches[-1].end() :] in ("", ")") else BLANK
        if last == BLANK:
            named = _named_places(cells.texts[position], endings[position], borough)
            names[position] = last = pool.number(named[0] if named else None)
            told += map(pool.number, named)
        if last == NOT_UNDERSTOOD:
            names[position] = NOT_UNDERSTOOD
        elif len(told) > 1 or names[position] == BLANK:
            # A name alone stays the weaker word.
            codes[position] = merger.merge_all([number for number in told if number >= 0])
    return cells.spread(codes), cells.spread(names)


def _postcode_rows(written: Iterable[list[re.Match]], places: Places) -> dict[str, int]:
    """Row of `places.table` for each full postcode, negative where there is none."""
    postcodes = list({_postcode(match) for matches in written for match in matches if match[2]})
    return dict(zip(postcodes, places.postcode_rows(pa.array(postcodes, pa.string())).tolist(), strict=True))


def _postcode(match: re.Match) -> str:
    return (match[1] + match[2]).upper()


def _code_number(match: re.Match, text: str, rows: Mapping[str, int], places: Places, pool: _Pool) -> int:
    """Place of a code in a text; BLANK where it is something else, NOT_UNDERSTOOD where it is not certain."""
    letter = _LONE_LETTER.search(text[max(0, match.start() - 8) : match.start()])
    if letter and places.district(letter[1] + (match[1] or match[3])):
        return NOT_UNDERSTOOD
    if match[2]:
        row = rows[_postcode(match)]
        return NOT_UNDERSTOOD if row < 0 else row
    if _NO_DISTRICT.search(text[: match.end()]):
        return BLANK
    place = _code_place(f"{match[3]} {match[4] or ''}".strip(), places)
    return pool.number(place) if place else BLANK


def _named_places(text: str, endings: Sequence[str], find: Callable[[str], Place | None]) -> list[Place]:
    """
    The authority that a free text names as a whole, behind its last comma or in brackets at its end.

    Behind it any other London borough between commas: elsewhere towns share the names of authorities.
    """
    if _LONDON_ONLY.match(text):
        return [IN_LONDON]
    ends = (
        end.strip()
        for bare in dict.fromkeys(endings)
        for end in dict.fromkeys((bare, bare.rpartition(",")[2], bare.rpartition("(")[2].rstrip(")")))
    )
    named = next(filter(None, map(find, ends)), None)
    if named is None:
        return []
    others = map(find, map(str.strip, endings[-1].split(",")[:-1]))
    return [named, *(other for other in others if other and _in_london(other) and _in_london(named))]


def _add_areas(
    index: np.ndarray, columns: Sequence[Column], pool: _Pool, merger: "_Merger", problems: RowProblems
) -> np.ndarray:
    """The place of every row; of those that say no more than "London", that of the areas they name."""
    in_london = pool.number(IN_LONDON)
    rows = np.flatnonzero(((index < 0) | (index == in_london)) & ~problems.rejected)
    if not len(rows):
        return index
    before, areas = index[rows], np.full(len(rows), BLANK, np.int32)
    is_shared = np.zeros(len(index), bool)
    find = lru_cache(NAMES_REMEMBERED)(find_place)
    for column in columns:
        cells = distinct(column.take(pa.array(rows)))
        found = cells.spread(np.array([_area_number(text, pool, find) for text in cells.texts], np.int32))
        is_shared[rows] |= found == NOT_UNDERSTOOD
        areas = merger.merge(areas, np.where(found == NOT_UNDERSTOOD, BLANK, found))
    # A row that was understood without its areas stays so.
    areas[(areas == _CONTRADICTION) & (before >= 0)] = BLANK
    together = index.copy()
    together[rows] = merger.merge(before, areas)
    problems.add(is_shared & (together < 0), "place", SHARED_NAME)
    return together


def _area_number(text: str, pool: _Pool, find: Callable[[str], NamedPlace | None]) -> int:
    """
    Number of the area of London that a text is or ends in, with a code in front if there is one; BLANK where it names none.

    NOT_UNDERSTOOD where the name is one of several areas; _CONTRADICTION where the text names areas apart.
    """
    *_, bare = _without_countries(text[-END_OF_TEXT:])
    if SPACED_DISTRICT.fullmatch(bare):
        place = find(bare)
        return pool.number(_plain(place)) if place and place.postcode_district != UNKNOWN else BLANK
    if not may_hold_area(bare):
        return BLANK
    codes = [match for match in _CODE.finditer(bare) if not _NO_DISTRICT.search(bare[: match.end()])]
    if len(codes) > 1 or (codes and not bare[codes[0].end() :].strip(" )")):
        # What ends in a code was read already, or is not certain.
        return BLANK
    code = codes[0][0] if codes else ""
    without_code = bare.replace(code, ",") if code else bare
    *others, last = [part.strip() for part in _BETWEEN_NAMES.split(without_code) if part.strip()]
    if any(letter.isdigit() for letter in last):
        return BLANK
    try:
        found = find(f"{last} {code}".strip())
    except InputError:
        return BLANK if code else NOT_UNDERSTOOD
    if found is None:
        return BLANK
    is_apart = any(
        finest(found, other) is None for other in map(partial(_found_or_none, find), others) if other
    )
    return _CONTRADICTION if is_apart else pool.number(_plain(found))


def _found_or_none(find: Callable[[str], NamedPlace | None], text: str) -> NamedPlace | None:
    if any(letter.isdigit() for letter in text):
        return None
    try:
        return find(text)
    except InputError:
        return None


def _plain(place: NamedPlace) -> Place:
    return Place(place.locality_code, place.borough_code, place.postcode_district, place.location_precision)


def _in_london(place: Place) -> bool:
    return place.borough_code.startswith("E09")


class _Merger:
    """What two columns together say of a place."""

    def __init__(self, places: Places, pool: _Pool):
        self._pool = pool
        # Only these pairs may be stored together: any other, and the two would cut out less than a locality.
        self._pairs = {
            (place.postcode_district, place.borough_code)
            for place in places.table
            if place.location_precision == "locality"
        }

    def merge(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """The place of every row from two columns; _CONTRADICTION where both cannot be true."""
        merged = np.where((first < 0) & (first != _CONTRADICTION) & (second != BLANK), second, first)
        merged[second == _CONTRADICTION] = _CONTRADICTION
        rows = np.flatnonzero((first >= 0) & (second >= 0) & (first != second))
        if len(rows):
            width = len(self._pool.places)
            pairs = pa.array(first[rows].astype(np.int64) * width + second[rows]).dictionary_encode()
            results = [self._merge_pair(*divmod(pair, width)) for pair in pairs.dictionary.to_pylist()]
            merged[rows] = np.array(results, np.int32)[pairs.indices.to_numpy()]
        return merged

    def merge_all(self, places: Sequence[int]) -> int:
        """The place that all of these are together; _CONTRADICTION where they cannot all be true."""
        merged = places[0]
        for place in places[1:]:
            if place != merged and merged != _CONTRADICTION:
                merged = self._merge_pair(merged, place)
        return merged

    def _merge_pair(self, first: int, second: int) -> int:
        finer, coarser = sorted((self._pool.places[first], self._pool.places[second]), key=_coarseness)
        place = _MERGES[_coarseness(finer), _coarseness(coarser)](finer, coarser, self._pairs)
        return _CONTRADICTION if place is None else self._pool.number(place)


_Pairs = set[tuple[str, str]]
_PRECISIONS = (*LOCATION_PRECISIONS, UNKNOWN)


def _coarseness(place: Place) -> int:
    return _PRECISIONS.index(place.location_precision)


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


def _holds(district: str, borough_code: str) -> bool:
    return borough_code in _authorities_of_districts().get(district, ())


def _two_localities(one: Place, other: Place, pairs: _Pairs) -> Place | None:
    # A point by the street may fall on the other side of a line that follows the postcodes: what both agree on stays.
    if one.borough_code != other.borough_code:
        return None
    if one.postcode_district == other.postcode_district:
        return Place(UNKNOWN, one.borough_code, one.postcode_district, "district")
    return Place(UNKNOWN, one.borough_code, UNKNOWN, "borough")


def _locality_and_district(locality: Place, district: Place, pairs: _Pairs) -> Place | None:
    if district.postcode_district == locality.postcode_district:
        return locality
    # A corner of a district that is joined to a locality of the next district.
    pair = (district.postcode_district, locality.borough_code)
    return locality if _holds(*pair) and pair not in pairs else None


def _two_districts(one: Place, other: Place, pairs: _Pairs) -> Place | None:
    if one.postcode_district != other.postcode_district:
        return None
    return other if one.borough_code == UNKNOWN else one


def _district_and_borough(district: Place, borough: Place, pairs: _Pairs) -> Place | None:
    if district.borough_code == borough.borough_code:
        return district
    pair = (district.postcode_district, borough.borough_code)
    if not _holds(*pair):
        return None
    return Place(UNKNOWN, pair[1], pair[0], "district") if pair in pairs else borough


def _same_borough(finer: Place, coarser: Place, pairs: _Pairs) -> Place | None:
    return finer if finer.borough_code == coarser.borough_code else None


def _known_one(place: Place, unknown: Place, pairs: _Pairs) -> Place | None:
    return place


# What a finer and a coarser place come to together, by position in _PRECISIONS; None is a contradiction.
_MERGES: dict[tuple[int, int], Callable[[Place, Place, _Pairs], Place | None]] = {
    (0, 0): _two_localities,
    (0, 1): _locality_and_district,
    (0, 2): _same_borough,
    (0, 3): _known_one,
    (1, 1): _two_districts,
    (1, 2): _district_and_borough,
    (1, 3): _known_one,
    (2, 2): _same_borough,
    (2, 3): _known_one,
    (3, 3): _known_one,
}
