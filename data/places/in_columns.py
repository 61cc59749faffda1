"""The place of each row, from all the columns that say something of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import InputError
from data.geography.locate import Place, Places
from data.places.areas import may_hold_area, part_street
from data.places.codes import Code, codes_in, join_spaced, read_code
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
from data.places.named import NamedPlace, find_beside, find_place, finest, together, without_words_around
from data.reading.answers import Column, Distinct, RowProblems, distinct, is_blank
from data.schema import UNKNOWN

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

UNLISTED = "The postcode or sector is in no list, so only its district counts; correct it if more is known."
# "London" says no more than this.
IN_LONDON = Place(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)

_FULL_POSTCODE = r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$"
# A place is named at the end of a text, and patterns would search a long one for long.
END_OF_TEXT = 120
NAMES_REMEMBERED = 10_000
_BETWEEN_NAMES = re.compile(r"[,;()/]+|\s[–-]\s")
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

    `index` points into the pool, or is BLANK or NOT_UNDERSTOOD; `reason` is for the latter. `is_guess` masks the rows
    whose postcode or sector is in no list.
    """

    field: str
    index: np.ndarray
    reason: str
    is_guess: np.ndarray | None = None


def read_places(
    columns: Mapping[str, Column],
    free_columns: Sequence[Column],
    n_rows: int,
    places: Places,
    problems: RowProblems,
    lost: RowProblems,
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
        Columns in which a place is described freely. They count where they hold a postcode, a sector or a district, or,
        where the row gives no other place, a borough's name or else that of an area.
    n_rows
        Length of each column.
    problems
        Gets the rows whose place cannot be used.
    lost
        Gets the rows in which one of several columns is not understood, and those whose postcode is in no list and
        counts for its district alone.

    Raises
    ------
    InputError
        Latitude and longitude are swapped in the whole file.
    """
    reader = _Reader(places)
    sources = [*_coordinates(columns, places, problems), *_texts(columns, reader)]
    names = np.full(n_rows, BLANK, np.int32)
    for column in free_columns:
        codes, names_here, is_guess = _read_free(distinct(column), reader)
        problems.add(codes == _CONTRADICTION, "place", SEVERAL)
        sources.append(_Source("place", codes, REASONS["place"], is_guess))
        names = reader.merger.merge(names, names_here)
    index = _merge_sources(sources, n_rows, reader.merger, problems)
    # A name in free text is the weakest word on a place: "Ashford" is a town in one authority and names another.
    index = np.where(index < 0, names, index)
    texts = [*free_columns, *(columns[field] for field in TEXT_FIELDS if field in columns)]
    index = _add_areas(index, texts, reader, problems)
    _tell(sources, index, names, problems, lost)
    return RowPlaces(reader.pool.places, index)


def _merge_sources(
    sources: Sequence[_Source], n_rows: int, merger: "_Merger", problems: RowProblems
) -> np.ndarray:
    """The place that the sources agree on; one whose postcode is in no list is passed over where it contradicts them."""
    index = np.full(n_rows, BLANK, np.int32)
    for source in sources:
        sure = source.index if source.is_guess is None else np.where(source.is_guess, BLANK, source.index)
        index = merger.merge(index, sure)
        problems.add(index == _CONTRADICTION, source.field, CONTRADICTION)
    for source in sources:
        if source.is_guess is not None and source.is_guess.any():
            merged = merger.merge(index, np.where(source.is_guess, source.index, BLANK))
            index = np.where((merged == _CONTRADICTION) & source.is_guess, index, merged)
    return index


def _tell(
    sources: Sequence[_Source],
    index: np.ndarray,
    names: np.ndarray,
    problems: RowProblems,
    lost: RowProblems,
) -> None:
    for source in sources:
        is_lost = source.index == NOT_UNDERSTOOD
        problems.add((index < 0) & is_lost, source.field, source.reason)
        if source.field != "place":
            # A street beside a borough is no loss.
            lost.add((index >= 0) & is_lost, source.field, source.reason)
        if source.is_guess is not None:
            lost.add((index >= 0) & source.is_guess, source.field, UNLISTED)
    problems.add(index == _CONTRADICTION, "place", CONTRADICTION)
    problems.add((index < 0) & (names == NOT_UNDERSTOOD), "place", REASONS["place"])
    problems.add(index < 0, sources[0].field if sources else "place", NO_PLACE)


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


def _texts(columns: Mapping[str, Column], reader: "_Reader") -> list[_Source]:
    sources = []
    for field in TEXT_FIELDS:
        if field in columns:
            cells = distinct(columns[field])
            found, is_guess = recognise(cells.texts, reader, field == "sector")
            sources.append(_Source(field, cells.spread(found), REASONS[field], cells.spread(is_guess)))
    return sources


def recognise(
    texts: Sequence[str], reader: "_Reader", are_sectors: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """
    The place each text is: a full postcode, sector, district, or the name or code of a local authority.

    Whatever column it stands in: a district in a column of postcodes is as clear as anywhere else. Only a sector
    without its space may pass for a district, as "SW2 1" for "SW21", and is read where the column is one of sectors.

    Returns
    -------
    found
        int32: number of the place in the reader's pool; BLANK for a text that says nothing, NOT_UNDERSTOOD for one that
        is no place.
    is_guess
        Mask of the texts that are a postcode or sector of no list and count for their district.
    """
    # Most of a million texts are full postcodes, and those are looked up together.
    compact = pc.replace_substring_regex(pc.utf8_upper(pa.array(texts, pa.string())), r"[^A-Z0-9]", "")
    is_postcode = np.asarray(pc.match_substring_regex(compact, _FULL_POSTCODE))
    found, is_guess = np.full(len(texts), NOT_UNDERSTOOD, np.int32), np.zeros(len(texts), bool)
    rows = reader.places.postcode_rows(compact.filter(pa.array(is_postcode)))
    found[is_postcode] = np.where(rows < 0, NOT_UNDERSTOOD, rows)
    for row in np.flatnonzero(found == NOT_UNDERSTOOD):
        if is_blank(texts[row]):
            found[row] = BLANK
        else:
            found[row], is_guess[row] = reader.whole(texts[row], are_sectors)
    rest = [row for row in np.flatnonzero(found == NOT_UNDERSTOOD) if len(texts[row]) <= END_OF_TEXT]
    for row, told in zip(rest, reader.read([texts[row] for row in rest]), strict=True):
        found[row] = next((number for number in (told.place, told.name) if number >= 0), NOT_UNDERSTOOD)
        is_guess[row] = told.is_guess and found[row] >= 0
    return found, is_guess


def _read_free(cells: Distinct, reader: "_Reader") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every row the place that a free text tells of by a code, the one it tells of by a name, and `is_guess`."""
    told = reader.read(cells.texts)
    columns = (
        np.array([each.place for each in told], np.int32),
        np.array([each.name for each in told], np.int32),
        np.array([each.is_guess for each in told], bool),
    )
    return tuple(map(cells.spread, columns))


@dataclass(frozen=True)
class _Told:
    """
    What a text says of its place, as numbers of the pool.

    `place` is told by a code, or by one and a name, `name` by that of an authority alone.
    """

    place: int = BLANK
    name: int = BLANK
    is_guess: bool = False


class _Reader:
    """Reads the place of texts; what one says twice is looked up once."""

    def __init__(self, places: Places):
        self.places = places
        self.pool = _Pool(places)
        self.merger = _Merger(self.pool)
        # Texts differ, but most name the same few boroughs and streets.
        self._borough = lru_cache(NAMES_REMEMBERED)(places.borough)
        self._beside = lru_cache(NAMES_REMEMBERED)(_found_beside)

    def whole(self, text: str, is_sector: bool) -> tuple[int, bool]:
        """Number of the code or authority that a whole text is, else NOT_UNDERSTOOD; and whether it is in no list."""
        if len(text) > END_OF_TEXT:
            return NOT_UNDERSTOOD, False
        if _LONDON_ONLY.match(text):
            return self.pool.number(IN_LONDON), False
        # The whole text first: "City of London" is not a city "of" in London.
        for shorter in without_words_around(text):
            if code := read_code(shorter, is_sector):
                return self.pool.number(code.place), not code.is_listed
            if place := self._borough(shorter):
                return self.pool.number(place), False
        return NOT_UNDERSTOOD, False

    def read(self, texts: Sequence[str]) -> list[_Told]:
        """What each of some texts tells, by the codes and the names of authorities in it."""
        spots = locate_texts(texts, parse_pair, self.places.points)
        endings = [
            list(without_words_around(part_street(join_spaced(text[-END_OF_TEXT:]))))
            if spot < 0 and not is_blank(text)
            else []
            for text, spot in zip(texts, spots.tolist(), strict=True)
        ]
        codes = codes_in([shorter[-1] if shorter else "" for shorter in endings])
        return [
            self._told(text, shorter, found) if shorter else _Told(max(spot, BLANK))
            for text, shorter, found, spot in zip(texts, endings, codes, spots.tolist(), strict=True)
        ]

    def _told(self, text: str, endings: list[str], codes: list[Code]) -> _Told:
        bare = endings[-1]
        names = bare
        for code in reversed(codes):
            names = f"{names[: code.start]},{names[code.end :]}"
        is_last = bool(codes) and not bare[codes[-1].end :].strip(" )")
        if is_last and codes[-1].place is None:
            return _Told(name=NOT_UNDERSTOOD)
        # Beside a code a borough needs no comma: "SE19 Bromley".
        stated = [] if is_last else self._authorities(text, [*endings, names] if codes else endings)
        placed = [code for code in codes if code.place]
        if not placed and len(stated) < 2:
            name = (
                self.pool.number(self._refined(stated[0], names) or stated[0]) if stated else NOT_UNDERSTOOD
            )
            return _Told(name=name)
        number = self.merger.merge_all(
            [self.pool.number(place) for place in (*(code.place for code in placed), *stated)]
        )
        place = self._refined(self.pool.places[number], names) if number >= 0 else None
        if not is_last and not stated and (place is None or len(placed) < len(codes)):
            return _Told(name=NOT_UNDERSTOOD)
        # What is sure at the end of a text is not undone by a name in front of it.
        number = self.pool.number(place) if place else number
        return _Told(number, is_guess=any(not code.is_listed for code in placed))

    def _authorities(self, text: str, endings: Sequence[str]) -> list[Place]:
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
        named = next(filter(None, map(self._borough, ends)), None)
        if named is None:
            return []
        others = map(self._borough, map(str.strip, endings[-1].split(",")[:-1]))
        return [named, *(other for other in others if other and _in_london(other) and _in_london(named))]

    def _refined(self, place: Place, text: str) -> Place | None:
        """A place with what the names in a text say of it; None where one of them lies elsewhere."""
        for part in map(str.strip, _BETWEEN_NAMES.split(text)):
            found = self._beside(part, place) if part else None
            if found is not None and found.location_precision != UNKNOWN:
                agreed = finest(place, found)
                if agreed is None:
                    return None
                place = _plain(agreed)
        return place


def _found_beside(name: str, place: Place) -> NamedPlace | None:
    """The area or borough of London of a name; None where it is none for sure."""
    if any(letter.isdigit() for letter in name):
        return None
    try:
        found = find_beside(name, place)
    except InputError:
        return None
    return found if found and _in_london(found) else None


def _add_areas(
    index: np.ndarray, columns: Sequence[Column], reader: _Reader, problems: RowProblems
) -> np.ndarray:
    """The place of every row; of those that say no more than "London", that of the areas they name."""
    in_london = reader.pool.number(IN_LONDON)
    rows = np.flatnonzero(((index < 0) | (index == in_london)) & ~problems.rejected)
    if not len(rows):
        return index
    before, areas = index[rows], np.full(len(rows), BLANK, np.int32)
    is_shared = np.zeros(len(index), bool)
    for column in columns:
        cells = distinct(column.take(pa.array(rows)))
        found = cells.spread(
            np.array([_area_number(text, reader.pool, reader.places) for text in cells.texts], np.int32)
        )
        is_shared[rows] |= found == NOT_UNDERSTOOD
        areas = reader.merger.merge(areas, np.where(found == NOT_UNDERSTOOD, BLANK, found))
    # A row that was understood without its areas stays so.
    areas[(areas == _CONTRADICTION) & (before >= 0)] = BLANK
    joined = index.copy()
    joined[rows] = reader.merger.merge(before, areas)
    problems.add(is_shared & (joined < 0), "place", SHARED_NAME)
    return joined


def _area_number(text: str, pool: _Pool, places: Places) -> int:
    """
    Number of the area of London that a text is or ends in; BLANK where it names none.

    NOT_UNDERSTOOD where the name is one of several areas; _CONTRADICTION where the text names areas apart.
    """
    bare = list(without_words_around(part_street(text[-END_OF_TEXT:])))[-1:] or [""]
    if not may_hold_area(bare[0]) or codes_in(bare)[0]:
        # What holds a code was read already, or is not certain.
        return BLANK
    *others, last = [part.strip() for part in _BETWEEN_NAMES.split(bare[0]) if part.strip()] or [""]
    if any(letter.isdigit() for letter in last):
        return BLANK
    stated = [place for other in others if (place := places.borough(other)) and _in_london(place)]
    try:
        found = find_beside(last, stated[0]) if stated else find_place(last)
    except InputError:
        return NOT_UNDERSTOOD
    if found is None:
        return BLANK
    for other in others:
        beside = _found_beside(other, found)
        agreed = finest(found, beside) if beside else found
        if agreed is None:
            return _CONTRADICTION
        found = agreed
    return pool.number(_plain(found))


def _plain(place: Place) -> Place:
    return Place(place.locality_code, place.borough_code, place.postcode_district, place.location_precision)


def _in_london(place: Place) -> bool:
    return place.borough_code.startswith("E09") or place.postcode_district != UNKNOWN


class _Merger:
    """What two columns together say of a place."""

    def __init__(self, pool: _Pool):
        self._pool = pool

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
        place = together(self._pool.places[first], self._pool.places[second])
        return _CONTRADICTION if place is None else self._pool.number(_plain(place))
