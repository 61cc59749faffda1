"""Coordinate columns turned into places: WGS84 degrees, or the Ordnance Survey's grid."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import InputError
from data.geography.locate import Places
from data.reading.answers import Column, RowProblems, is_blank

# In place of a row of `Places.table`.
BLANK, NOT_UNDERSTOOD = -1, -2

INCOMPLETE = (
    "The coordinates are not two numbers; write both, such as 51.4700 and -0.0700, or empty both and give a postcode, "
    "district or borough."
)
ZERO = "The coordinates are zero; correct them, or empty them and give a postcode, district or borough."
SWAPPED = "Latitude and longitude look swapped in this row; swap them."
OUTSIDE = "The coordinates are not in the United Kingdom; correct them."
SWAPPED_COLUMNS = (
    "Latitude and longitude are swapped in the whole file: the column headed as latitude holds longitudes, and the other "
    "way round. Swap the two headings and import the file again."
)
SWAPPED_METRES = "Easting and northing look swapped in this row; swap them."
SWAPPED_METRES_COLUMNS = (
    "Easting and northing are swapped in the whole file: the column headed as easting holds northings, and the other way "
    "round. Swap the two headings and import the file again."
)

# The United Kingdom with room to spare, in degrees.
LATITUDES, LONGITUDES = (49.0, 61.5), (-9.0, 2.5)
# London in metres of the national grid. Swapped it is sea, Northern Ireland, for which nobody uses this grid, and a few
# miles of Galloway's coast.
EASTINGS, NORTHINGS = (503_000, 562_000), (155_000, 201_500)


def read_degrees(
    latitudes: Column, longitudes: Column, places: Places, problems: RowProblems
) -> tuple[np.ndarray, np.ndarray]:
    """
    Where latitude and longitude lie.

    Returns
    -------
    found
        One row of `places.table` for each row; BLANK where both cells are empty, NOT_UNDERSTOOD where they
        are no coordinates.
    is_zero
        Mask of the rows not understood because both are zero.

    Raises
    ------
    InputError
        Latitude and longitude are swapped in the whole file.
    """
    (latitude, no_latitude), (longitude, no_longitude) = _as_numbers(latitudes), _as_numbers(longitudes)
    is_swapped = _swapped(latitude, longitude, (LATITUDES, LONGITUDES), SWAPPED_COLUMNS)
    problems.add(is_swapped, "latitude", SWAPPED)
    return _locate(
        (latitude, longitude),
        no_latitude & no_longitude,
        "latitude",
        lambda rows: places.points(longitude[rows], latitude[rows]),
        problems,
    )


def read_metres(
    eastings: Column, northings: Column, places: Places, problems: RowProblems
) -> tuple[np.ndarray, np.ndarray]:
    """Where easting and northing lie, metres, EPSG:27700; otherwise as `read_degrees`, though swapped only in London."""
    (easting, no_easting), (northing, no_northing) = _as_numbers(eastings), _as_numbers(northings)
    is_swapped = _swapped(easting, northing, (EASTINGS, NORTHINGS), SWAPPED_METRES_COLUMNS)
    problems.add(is_swapped, "easting", SWAPPED_METRES)
    return _locate(
        (easting, northing),
        no_easting & no_northing,
        "easting",
        lambda rows: places.grid(easting[rows], northing[rows]),
        problems,
    )


_Bounds = tuple[float, float]


def _swapped(
    first: np.ndarray, second: np.ndarray, bounds: tuple[_Bounds, _Bounds], in_every_row: str
) -> np.ndarray:
    """Mask of the rows whose numbers fit each other's bounds; refuses the file where none fits its own."""
    is_swapped = _within(first, bounds[1]) & _within(second, bounds[0])
    if is_swapped.any() and not (_within(first, bounds[0]) & _within(second, bounds[1])).any():
        raise InputError(in_every_row)
    return is_swapped


def _locate(
    numbers: tuple[np.ndarray, np.ndarray],
    is_empty: np.ndarray,
    field: str,
    find: Callable[[np.ndarray], np.ndarray],
    problems: RowProblems,
) -> tuple[np.ndarray, np.ndarray]:
    first, second = numbers
    is_zero = (first == 0) & (second == 0)
    is_pair = np.isfinite(first) & np.isfinite(second) & ~is_zero
    found = np.where(is_empty, BLANK, NOT_UNDERSTOOD).astype(np.int32)
    rows = np.flatnonzero(is_pair)
    found[rows] = find(rows)
    problems.add(is_pair & (found == BLANK), field, OUTSIDE)
    return found, is_zero


def _within(numbers: np.ndarray, bounds: _Bounds) -> np.ndarray:
    return (numbers >= bounds[0]) & (numbers <= bounds[1])


def _as_numbers(column: Column) -> tuple[np.ndarray, np.ndarray]:
    """A column as float64, NaN where it is no number; and the mask of the cells that say nothing."""
    try:
        numbers = np.asarray(pc.cast(pc.if_else(pc.equal(column, ""), "nan", column), pa.float64()))
        return numbers, np.isnan(numbers)
    except pa.ArrowInvalid:
        # Some cells are no plain numbers: only those are read one by one.
        return _as_numbers_one_by_one(column)


def _as_numbers_one_by_one(column: Column) -> tuple[np.ndarray, np.ndarray]:
    trimmed = pc.utf8_trim_whitespace(column)
    is_empty = np.asarray(pc.equal(trimmed, "")).copy()
    is_plain = pc.match_substring_regex(trimmed, r"^[+-]?[0-9]{1,15}(\.[0-9]*)?$")
    numbers = np.asarray(pc.cast(pc.if_else(is_plain, trimmed, "nan"), pa.float64())).copy()
    others = np.flatnonzero(~(np.asarray(is_plain) | is_empty))
    for row, text in zip(others, trimmed.take(pa.array(others)).to_pylist(), strict=True):
        is_empty[row] = is_blank(text)
        numbers[row] = parse_coordinate(text)
    return numbers, is_empty


_DEGREES = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(?:°|deg(?:rees)?|d)?")
# Minutes with a fraction and no seconds, or whole ones.
_MINUTES = re.compile(r"(\d{1,3})\s*(?:°|deg(?:rees)?|d|:|\s)\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['′m:]|min)?")
_SECONDS = re.compile(
    r"(\d{1,3})\s*(?:°|deg(?:rees)?|d|:|\s)\s*(\d{1,2})\s*(?:['′m:]|min|\s)\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|''|s|sec)?"
)
_HEMISPHERE = re.compile(r"^([nsew])\s*|\s*([nsew])$", re.IGNORECASE)


def parse_coordinate(text: str) -> float:
    """
    One coordinate as people write it; NaN where it is none. Minutes need a letter: "51 28" may be anything.

    >>> parse_coordinate("0.07 W"), parse_coordinate("51,47"), parse_coordinate("535 000"), parse_coordinate("N 51° 30.0'")
    (-0.07, 51.47, 535000.0, 51.5)
    """
    plain = re.sub(
        r"(?<=\d)[ \u00a0](?=\d{3}\b)", "", text.strip().replace("−", "-").replace("’", "'").replace("”", '"')
    )
    letters = "".join(filter(None, (letter for pair in _HEMISPHERE.findall(plain) for letter in pair)))
    bare = _HEMISPHERE.sub("", plain)
    if len(letters) > 1:
        return float("nan")
    if found := _DEGREES.fullmatch(bare):
        parts = [found[1]]
    elif letters and (found := _MINUTES.fullmatch(bare) or _SECONDS.fullmatch(bare)):
        parts = list(found.groups())
    else:
        return float("nan")
    numbers = [float(part.replace(",", ".")) for part in parts]
    if any(number >= 60 for number in numbers[1:]):
        return float("nan")
    number = sum(number / 60**power for power, number in enumerate(numbers))
    return -abs(number) if letters in ("s", "w", "S", "W") else number


_LONGEST_PAIR = 80
_FIGURE = r"[+-]?\d{1,3}\.\d+"
# With its height and accuracy behind it, as forms on telephones write it.
_PAIR = re.compile(
    rf"(?:geo:)?[(\[]?\s*(?:lat(?:itude)?[:= ]+)?({_FIGURE})\s*[,;/\s]\s*(?:(?:lon(?:g(?:itude)?)?|lng)[:= ]+)?({_FIGURE})"
    r"(?:[,;\s]\s*-?\d+(?:\.\d+)?){0,2}\s*[)\]]?",
    re.IGNORECASE,
)
_DECIMAL_COMMAS = re.compile(r"(-?\d{1,3}),(\d+)\s*[;/\s]\s*(-?\d{1,3}),(\d+)")
_WELL_KNOWN_TEXT = re.compile(
    rf"(?:SRID=\d+;\s*)?POINT\s*(?:ZM?|M)?\s*\(\s*({_FIGURE})\s+({_FIGURE})(?:\s+-?\d+(?:\.\d+)?){{0,2}}\s*\)",
    re.IGNORECASE,
)
# Each with its letter, behind or before.
_LETTERS_BEHIND = re.compile(r"(\d.*?[NSEW])[\s,;/]*(\d.*[NSEW])", re.IGNORECASE)
_LETTERS_BEFORE = re.compile(r"([NSEW]\s*\d.*?)[\s,;/]*([NSEW]\s*\d.*)", re.IGNORECASE)


def _is_in(number: float, bounds: _Bounds) -> bool:
    return bounds[0] <= number <= bounds[1]


def parse_pair(text: str) -> tuple[float, float] | None:
    """
    Longitude and latitude from one cell, in either order, since none of the kingdom's latitudes is a longitude of it.

    Knows decimal degrees, with or without height and accuracy behind them, well-known text, and degrees with minutes
    and letters.

    >>> parse_pair("51.47, -0.07"), parse_pair("POINT(-0.07 51.47)"), parse_pair("51.47 -0.07 0 4.5")
    ((-0.07, 51.47), (-0.07, 51.47), (-0.07, 51.47))
    """
    if len(text) > _LONGEST_PAIR or sum(map(str.isdigit, text)) < 2:
        return None
    plain = text.strip().replace("−", "-")
    if found := _DECIMAL_COMMAS.fullmatch(plain):
        first, second = float(f"{found[1]}.{found[2]}"), float(f"{found[3]}.{found[4]}")
    elif found := _PAIR.fullmatch(plain) or _WELL_KNOWN_TEXT.fullmatch(plain):
        first, second = float(found[1]), float(found[2])
    elif found := _LETTERS_BEHIND.fullmatch(plain) or _LETTERS_BEFORE.fullmatch(plain):
        first, second = map(parse_coordinate, found.groups())
        # "E8, N1" are districts.
        if not (_is_in(first, LATITUDES) and _is_in(second, LONGITUDES)) and not (
            _is_in(second, LATITUDES) and _is_in(first, LONGITUDES)
        ):
            return None
    else:
        return None
    return (second, first) if LATITUDES[0] <= first <= LATITUDES[1] else (first, second)


# The hundred-kilometre squares, west to east and south to north, by the grid's own lettering (no I).
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_GRID_REFERENCE = re.compile(r"^([HJNOST][A-HJ-Z])\s*(\d+)(?:[\s,]+(\d+))?$")


def parse_grid_reference(text: str) -> tuple[float, float] | None:
    """
    Easting and northing (metres, EPSG:27700) of the middle of the square a grid reference names.

    None where it is none, or names a square wider than 100 metres, which may lie in several localities.

    >>> parse_grid_reference("TQ 345 768")
    (534550.0, 176850.0)
    """
    found = _GRID_REFERENCE.match(text.strip().upper())
    if not found:
        return None
    figures = found[2] + (found[3] or "")
    half, is_odd = divmod(len(figures), 2)
    if is_odd or not 3 <= half <= 5 or (found[3] and len(found[3]) != half):
        return None
    major, minor = (_LETTERS.index(letter) for letter in found[1])
    hundreds_east = (major - 2) % 5 * 5 + minor % 5
    hundreds_north = 19 - major // 5 * 5 - minor // 5
    side = 10 ** (5 - half)
    east, north = int(figures[:half]) * side, int(figures[half:]) * side
    return hundreds_east * 100_000 + east + side / 2, hundreds_north * 100_000 + north + side / 2


def locate_texts(
    texts: Sequence[str],
    parse: Callable[[str], tuple[float, float] | None],
    find: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> np.ndarray:
    """Rows of `Places.table` for distinct texts; NOT_UNDERSTOOD for what `parse` gives None for, BLANK for blanks."""
    found = np.full(len(texts), NOT_UNDERSTOOD, np.int32)
    parsed = [parse(text) for text in texts]
    rows = np.array([row for row, pair in enumerate(parsed) if pair], np.int64)
    if len(rows):
        first, second = np.array([parsed[row] for row in rows], float).T
        located = find(np.ascontiguousarray(first), np.ascontiguousarray(second))
        found[rows] = np.where(located < 0, NOT_UNDERSTOOD, located)
    found[[is_blank(text) for text in texts]] = BLANK
    return found
