"""Values of a log that look as if they told who or where somebody is: refused by row and column, never repeated."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.identifiers.identifiers import (
    identifier_in,
    identifier_in_place,
    identifier_in_word,
    identifiers_in,
)
from data.reading.distinct import Column, Distinct, Problem, as_array, is_blank
from data.reading.problems import RowProblems

IN_PLACE = (
    "The place looks like it holds {kind}; leave only the postcode, the street without its number, or the area, and import "
    "the row again."
)
IN_WORD = "The cell looks like it holds {kind}; write one of the words of the list, or leave it empty, and import the row again."
IN_FIGURE = (
    "The cell looks like it holds {kind}; leave only the figure, or empty it, and import the row again."
)

CODE_FIELDS = ("postcode", "sector", "district", "borough")
# A pair of them that is not understood is passed over where another column gives the place. Columns of dates, times and
# numbers need no second look: whatever is not wholly understood sets its row aside.
COORDINATE_FIELDS = ("latitude", "longitude", "easting", "northing", "grid_reference")

# A whole postcode, sector or district, and nothing else.
_CODE = r"^\s*[A-Za-z]{1,2}[0-9][A-Za-z0-9]?\s*([0-9]\s?[A-Za-z]{2}|[0-9])?\s*$"
# One figure, too short for a telephone.
_FIGURE = r"^\s*([+-]?[0-9]{1,8}([.,][0-9]*)?\s*°?\s*[NSEWnsew]?)?\s*$"


def refuse_places(
    columns: Mapping[str, Column], free_columns: Sequence[Column], problems: RowProblems
) -> None:
    """Note the rows whose place holds more than a place, even where a postcode in it could be looked up."""
    for field in CODE_FIELDS:
        if field in columns:
            _refuse(field, columns[field], problems, _CODE, identifier_in_place, IN_PLACE)
    for column in free_columns:
        _refuse("place", column, problems, _CODE, identifier_in_place, IN_PLACE)


def refuse_coordinates(columns: Mapping[str, Column], problems: RowProblems) -> None:
    """Note the rows in which a column of coordinates holds something else than figures."""
    for field in COORDINATE_FIELDS:
        if field in columns:
            _refuse(field, columns[field], problems, _FIGURE, identifier_in, IN_FIGURE)


def _refuse(
    field: str,
    column: Column,
    problems: RowProblems,
    harmless: str,
    find: Callable[[str], str | None],
    sentence: str,
) -> None:
    # Nearly all of a million texts are harmless: those are never made into Python's.
    encoded = as_array(column.dictionary_encode())
    doubtful = np.flatnonzero(~np.asarray(pc.match_substring_regex(encoded.dictionary, harmless)))
    if not len(doubtful):
        return
    kinds = identifiers_in(encoded.dictionary.take(pa.array(doubtful)).to_pylist(), find)
    if any(kinds):
        cells = Distinct(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False))
        _note(field, cells, doubtful.tolist(), kinds, problems, sentence)


def _note(
    field: str,
    cells: Distinct,
    positions: Sequence[int],
    kinds: Sequence[str | None],
    problems: RowProblems,
    sentence: str,
) -> None:
    if not any(kinds):
        return
    found: list[Problem | None] = [None] * len(cells.texts)
    for position, kind in zip(positions, kinds, strict=True):
        found[position] = Problem(sentence.format(kind=kind)) if kind else None
    problems.add_for_texts(cells, field, found)


def refuse_words(field: str, cells: Distinct, unknown: Counter[str], problems: RowProblems) -> None:
    """
    Note the rows in which a word of a closed list is none and looks like an identifier.

    A plain word that is in no list stays one that counts as "unknown". What is refused is taken out of `unknown`, so that
    nobody is asked what it means.
    """
    # A listed word may hide more: what is no Latin letter, and a figure before it, is passed over when it is looked up.
    doubtful = [
        position
        for position, text in enumerate(cells.texts)
        if not is_blank(text)
        and (text in unknown or not text.isascii() or sum(map(str.isdigit, text)) > _MOST_DIGITS)
    ]
    kinds = [
        (identifier_in_word if cells.texts[position] in unknown else identifier_in)(cells.texts[position])
        for position in doubtful
    ]
    _note(field, cells, doubtful, kinds, problems, IN_WORD)
    for position, kind in zip(doubtful, kinds, strict=True):
        if kind:
            unknown.pop(cells.texts[position], None)


# "2 arrested" is a word with its number.
_MOST_DIGITS = 3
