"""
What looks as if it told who or where somebody is: never repeated.

The name of a file, the names of its sheets, banner lines and headings are refused as a whole, since none of it can be set
aside by row; values are refused by row and column.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import InputError
from data.files.sheet import Sheet, column_letters, refuse_long_cells
from data.identifiers.identifiers import (
    ADDRESS,
    EMAIL,
    HANDLE,
    HOME_OFFICE,
    NAME,
    OFFICER,
    PHONE,
    identifier_in,
    identifier_in_place,
    identifier_in_word,
    identifiers_in,
)
from data.logs.table import REASON, HeadingRow
from data.reading.answers import Column, Distinct, Problem, RowProblems, as_array, distinct, is_blank
from data.reading.headings import DATE_FIELDS, normalise

FILE_NAME = (
    "The name of the file looks like it holds {kind}; give the file another name, and import it again."
)
SHEET_NAME = "The name of sheet {number} looks like it holds {kind}; give the sheet another name, and import the file again."
HEADING = (
    "The heading of column {column}{sheet} looks like it holds {kind}; write in it what the column says, and import the file "
    "again."
)
BANNER = (
    "Row {row}{sheet}, above the headings, looks like it holds {kind}; delete what stands above the headings, and import the "
    "file again."
)
LEFT_OUT = "{columns} left out; {they} to hold {kinds}: delete {them} in your own copy."

# What a column that is left out is told of, in the words for a column of them.
_IN_PLURAL = {
    NAME: "names",
    OFFICER: "names or numbers of officers",
    PHONE: "phone numbers",
    EMAIL: "e-mail addresses",
    HANDLE: "handles",
    ADDRESS: "street addresses",
    HOME_OFFICE: "Home Office references",
}
_SAMPLED_ROWS = 200
# Of the different cells looked at; fewer may be names by chance.
_LEAST_SHARE = 0.02

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINTS = re.compile(r"[_+.-]+")


class IdentifyingError(InputError):
    """A file is refused for what its headings or names hold, so that nothing of them is to be shown."""


def refuse_file_name(name: str) -> None:
    """
    Refuse a file by its name.

    Raises
    ------
    IdentifyingError
        It looks as if it held an identifier.
    """
    stem = re.sub(r"(\.[A-Za-z]{2,5}){1,2}$", "", PurePath(name).name)
    if kind := _kind_in_name(stem):
        raise IdentifyingError(FILE_NAME.format(kind=kind))


def _kind_in_name(name: str) -> str | None:
    """Names of files and sheets join words in many ways: looked at as they are, and with their words apart."""
    spaced = _JOINTS.sub(" ", name)
    return identifier_in(name) or identifier_in(spaced) or identifier_in(_CAMEL.sub(" ", spaced))


def refuse_sheet_names(sheets: Sequence[Sheet]) -> None:
    """
    Refuse a workbook by the name of one of its sheets.

    Raises
    ------
    IdentifyingError
        One looks as if it held an identifier; the sentence counts the sheets that hold something from 1.
    """
    for number, sheet in enumerate(sheets, start=1):
        if kind := _kind_in_name(sheet.name):
            raise IdentifyingError(SHEET_NAME.format(number=number, kind=kind))


def refuse_headings(sheet: Sheet, row: HeadingRow, number: int = 0) -> None:
    """
    Refuse a table by its headings, or by what stands above them.

    Parameters
    ----------
    sheet, row
        The sheet and the row of headings in it.
    number
        Of the sheet, from 1; 0 where there is only one.

    Raises
    ------
    IdentifyingError
        A heading that is read as no field, or a line above, looks as if it held an identifier.
    """
    place = f" of sheet {number}" if number else ""
    lines = zip(sheet.row_numbers, sheet.rows(0, row.position), strict=False)
    refuse_long_cells([*lines, (row.number, row.headings)], number)
    for position, (heading, field) in enumerate(zip(row.headings, row.fields, strict=True)):
        if field is None and (kind := _kind_in_heading(heading)):
            raise IdentifyingError(HEADING.format(column=column_letters(position), sheet=place, kind=kind))
    for line, cells in zip(sheet.row_numbers, sheet.rows(0, row.position), strict=False):
        if kind := _kind_in_line(cells):
            raise IdentifyingError(BANNER.format(row=line, sheet=place, kind=kind))
    for line, cells in zip(sheet.ragged_rows, sheet.ragged_cells, strict=True):
        if line < row.number and (kind := _kind_in_line(cells)):
            raise IdentifyingError(BANNER.format(row=line, sheet=place, kind=kind))


def _kind_in_line(cells: Sequence[str]) -> str | None:
    """In a cell of a line, or in what a separator has cut in two."""
    used = [cell.strip() for cell in cells if cell.strip()]
    return next(filter(None, map(identifier_in, used)), None) or identifier_in(", ".join(used))


def _kind_in_heading(heading: str) -> str | None:
    return identifier_in(heading) or identifier_in(heading.replace("_", " "))


def refuse_shown_headings(headings: Sequence[str]) -> None:
    """
    Refuse headings before they are shown to a person who is to say which is which.

    Raises
    ------
    IdentifyingError
        One looks as if it held an identifier.
    """
    for position, heading in enumerate(headings):
        if kind := _kind_in_heading(heading):
            raise IdentifyingError(HEADING.format(column=column_letters(position), sheet="", kind=kind))


def tell_left_out(sheet: Sheet, row: HeadingRow) -> list[str]:
    """A note on the columns that are left out and seem to hold identifiers, from their first rows; none if none does."""
    found: dict[int, str] = {}
    rows = sheet.rows(row.position + 1, row.position + 1 + _SAMPLED_ROWS)
    for position, field in enumerate(row.fields):
        if field is None and normalise(row.headings[position]) != REASON:
            cells = {cells[position] for cells in rows if cells[position].strip()}
            kinds = Counter(kind for cell in cells if (kind := identifier_in(cell)) in _IN_PLURAL)
            if kinds and kinds.total() >= _LEAST_SHARE * len(cells):
                found[position] = kinds.most_common(1)[0][0]
    if not found:
        return []
    letters = [column_letters(position) for position in found]
    kinds = list(dict.fromkeys(_IN_PLURAL[kind] for kind in found.values()))
    one = len(letters) == 1
    return [
        LEFT_OUT.format(
            columns=f"Column {letters[0]} was" if one else f"Columns {_listed(letters, 'and')} were",
            they="it seems" if one else "they seem",
            them="it" if one else "them",
            kinds=_listed(kinds, "or"),
        )
    ]


def _listed(words: Sequence[str], joint: str) -> str:
    """
    Words in a row, as a sentence says them.

    >>> _listed(["D", "F", "G"], "and")
    'D, F and G'
    """
    *first, last = words
    return f"{', '.join(first)} {joint} {last}" if first else last


IN_PLACE = (
    "The place looks like it holds {kind}; leave only the postcode, the street without its number, or the area, and import "
    "the row again."
)
IN_WORD = "The cell looks like it holds {kind}; write one of the words of the list, or leave it empty, and import the row again."
IN_FIGURE = (
    "The cell looks like it holds {kind}; leave only the figure, or empty it, and import the row again."
)

CODE_FIELDS = ("postcode", "sector", "district", "borough")
# A pair of them that is not understood is passed over where another column gives the place.
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


def refuse_lost_times(columns: Mapping[str, Column], lost: RowProblems, problems: RowProblems) -> None:
    """Note the rows whose time is not understood, and would be left out, because it looks like an identifier."""
    rows = np.flatnonzero(lost.rejected)
    for field in (*DATE_FIELDS, "time", "hour"):
        if field in columns and len(rows):
            cells = distinct(columns[field])
            positions = np.unique(cells.index[rows]).tolist()
            kinds = identifiers_in([cells.texts[position] for position in positions])
            _note(field, cells, positions, kinds, problems, IN_FIGURE)


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


def refuse_numbers(
    field: str, cells: Distinct, wrong: Sequence[Problem | None], problems: RowProblems
) -> None:
    """Note the rows in which a number is none and looks like an identifier; all others lose the number alone."""
    doubtful = [position for position, problem in enumerate(wrong) if problem]
    kinds = identifiers_in([cells.texts[position] for position in doubtful], identifier_in)
    _note(field, cells, doubtful, kinds, problems, IN_FIGURE)


# "2 arrested" is a word with its number.
_MOST_DIGITS = 3
