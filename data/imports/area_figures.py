"""Figures about areas to set beside raids: shares of residents from the census, or a table of the person's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import InputError
from data.files.read import read_sheets
from data.files.sheet import Sheet, column_letters
from data.files.uploaded import TableFile
from data.logs.table import MORE_CELLS
from data.reading.answers import is_blank
from data.store.store import BUNDLED

LEVEL_NOUNS = {"borough": "borough", "district": "postcode district", "locality": "locality"}
# Column of the bundled file -> whom it counts; the census's own words.
CENSUS = {
    "asian": "Asian, Asian British or Asian Welsh residents",
    "black": "Black, Black British, Black Welsh, Caribbean or African residents",
    "mixed": "residents of Mixed or Multiple ethnic groups",
    "white": "White residents",
    "other": "residents of any other ethnic group",
    "main_language_not_english_aged_3_plus": "residents whose main language is not English (aged 3 and over)",
}
# A heading is cut here, so that it fits beside a control and under a chart.
LONGEST_LABEL = 80
# '1,234', '12.5', '-3', '12.5%', '1.5E-05' as spreadsheets write them.
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,2})?\s*%?|-?\.\d+\s*%?")
# What statistics write for "not available".
_MISSING = frozenset(("..", ":", "…", "x", "[x]"))

# The kinds of codes that stand beside London's boroughs in tables of the whole country: other authorities, counties,
# regions, countries (ONS Register of Geographic Codes).
_OUTSIDE_LONDON = re.compile(
    r"(?:E(?:06|07|08|10|11|12|13|92)|W(?:06|92)|S(?:12|92)|N(?:09|92)|K0[1-4])\d{6}"
)


@dataclass(frozen=True)
class Figure:
    """What one column says: its name for a person, and '%' for a share of residents or alike, else ''."""

    label: str
    unit: str


@dataclass(frozen=True)
class AreaFigures:
    """
    Figures by area.

    Attributes
    ----------
    level
        'borough', 'district' or 'locality'.
    table
        One row per area: `area_code`, and one float column for each key of `figures`, NaN where nothing is given.
    figures
        What the columns say.
    missing
        Areas of the level without a row.
    elsewhere
        Rows of places outside London, or of regions and countries, left out.
    """

    level: str
    table: pd.DataFrame
    figures: dict[str, Figure]
    missing: int = 0
    elsewhere: int = 0


@dataclass(frozen=True)
class _Found:
    """Where a table has its codes: sheet, position of the column, its cells in capitals, the level, its codes in use."""

    sheet: Sheet
    position: int
    cells: list[str]
    level: str
    known: dict[str, str]

    def first(self) -> int | None:
        """Position of the first row with something of the form of a code; what stands above are headings."""
        forms = {_form(code) for code in self.known}
        looks = [_form(cell) in forms for cell in self.cells]
        # One code among the headings of a table that has its areas side by side makes no column of codes.
        n_used = sum(bool(cell) for cell in self.cells[looks.index(True) :])
        return looks.index(True) if sum(looks) > n_used / 2 else None


def load_area_figures() -> AreaFigures:
    """The bundled figures: shares of usual residents by ethnic group and main language, in %, by borough (Census 2021)."""
    census = pd.read_csv(BUNDLED / "borough_census.csv")
    table = pd.DataFrame({"area_code": census["borough_code"]})
    for column in CENSUS:
        table[column] = census[column] / census["residents"] * 100
    return AreaFigures("borough", table, {column: Figure(label, "%") for column, label in CENSUS.items()})


def read_area_figures(path: TableFile, level_codes: Mapping[str, set[str]]) -> AreaFigures:
    """
    A table of a person's own, keyed by area code: text, XLSX, XLS or ODS.

    The column of codes and the columns of numbers are found by what they hold; the level is that of the codes. Columns
    are keyed by their letters in a spreadsheet. Nothing is stored.

    Parameters
    ----------
    path
        The file, on disk or in memory.
    level_codes
        The codes in use, by level.

    Raises
    ------
    InputError
        No table file, no known code, a code that is unknown or stands twice, no column of numbers, or something else among
        the numbers: by row and column, never by content.
    """
    found = _find_codes(read_sheets(path), level_codes)
    first = found.first() if found else None
    if first is None:
        raise InputError(
            "No column of this table holds area codes. Give one row for each area, with its code in a column of its own: "
            "for boroughs as E09000012, for postcode districts as SE15."
        )
    headings = _headings(found.sheet, first)
    rows, elsewhere = _check_codes(found, first)
    columns = {
        column_letters(position): numbers
        for position in range(found.sheet.n_columns)
        if position != found.position and (numbers := _numbers(found.sheet, position, rows)) is not None
    }
    if not columns:
        raise InputError(
            "No column of this table holds numbers. Add one beside the area codes, written in digits."
        )
    # A year that is the same in every row is no figure to compare with.
    columns = {
        letters: numbers for letters, numbers in columns.items() if pd.Series(numbers).nunique() > 1
    } or columns
    return AreaFigures(
        found.level,
        pd.DataFrame({"area_code": [found.known[found.cells[row]] for row in rows]} | columns),
        {letters: _figure(headings[letters], letters) for letters in columns},
        missing=len(found.known) - len(rows),
        elsewhere=elsewhere,
    )


def _figure(heading: str, letters: str) -> Figure:
    # In quotation marks: the person's own words, among those of the page.
    label = f"{heading[: LONGEST_LABEL - 1]}…" if len(heading) > LONGEST_LABEL else heading
    return Figure(f"“{label}”" if label else f"column {letters}", "%" if "%" in heading else "")


def _find_codes(sheets: list[Sheet], level_codes: Mapping[str, set[str]]) -> _Found | None:
    """The column with the most codes of one level."""
    best, most = None, 0
    known = {level: {code.upper(): code for code in codes} for level, codes in level_codes.items()}
    values = {level: pa.array(list(codes), pa.string()) for level, codes in known.items()}
    for sheet in sheets:
        for position, column in enumerate(sheet.columns):
            cells = pc.utf8_upper(pc.utf8_trim_whitespace(column))
            for level, codes in values.items():
                n = pc.sum(pc.is_in(cells, codes)).as_py()
                if n > most:
                    best, most = (sheet, position, cells, level), n
    if best is None:
        return None
    sheet, position, cells, level = best
    return _Found(sheet, position, cells.to_pylist(), level, known[level])


def _form(code: str) -> str:
    """
    A code with its letters and figures made alike.

    >>> _form("SE15"), _form("E09000012")
    ('AA99', 'A99999999')
    """
    return re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", code))


def _headings(sheet: Sheet, first: int) -> dict[str, str]:
    """The last row above the first code that holds something, by letters of the column."""
    above = (row for row in reversed(sheet.rows(0, first)) if any(cell.strip() for cell in row))
    cells = next(above, [""] * sheet.n_columns)
    return {column_letters(position): " ".join(cell.split()) for position, cell in enumerate(cells)}


def _check_codes(found: _Found, first: int) -> tuple[list[int], int]:
    """Positions of the rows of known areas, and how many rows are of places elsewhere."""
    sheet, column = found.sheet, column_letters(found.position)
    late = [number for number in sheet.ragged_rows if number > sheet.row_numbers[first]]
    if late:
        raise InputError(f"Row {late[0]:,}: {MORE_CELLS[0].lower()}{MORE_CELLS[1:]}")
    seen: dict[str, int] = {}
    elsewhere = 0
    for position in range(first, sheet.n_rows):
        code, row = found.cells[position], int(sheet.row_numbers[position])
        if code in seen:
            raise InputError(
                f"Row {row:,}, column {column}: the same area stands in row {sheet.row_numbers[seen[code]]:,} too. "
                "Keep one row for each area."
            )
        if code in found.known:
            seen[code] = position
        elif found.level == "borough" and _OUTSIDE_LONDON.fullmatch(code):
            elsewhere += 1
        elif not _is_remark(sheet, position):
            raise InputError(
                f"Row {row:,}, column {column}: there is no {LEVEL_NOUNS[found.level]} of this code. Correct it, or take the "
                "row out."
            )
    return list(seen.values()), elsewhere


def _is_remark(sheet: Sheet, position: int) -> bool:
    """Whether a row is blank or holds one cell of text: a source or a footnote."""
    used = [cell for cell in sheet.rows(position, position + 1)[0] if cell.strip()]
    return len(used) <= 1


def _numbers(sheet: Sheet, position: int, rows: list[int]) -> np.ndarray | None:
    """One column as numbers, NaN where nothing is given; None if it holds words, or nothing."""
    cells = [text.strip() for text in sheet.columns[position].take(rows).to_pylist()]
    numbers = [_number(cell) for cell in cells]
    is_given = [not (is_blank(cell) or cell.lower() in _MISSING) for cell in cells]
    n_numbers = sum(number is not None for number in numbers)
    if n_numbers == 0 or n_numbers < sum(is_given) / 2:
        return None
    for row, number, given in zip(rows, numbers, is_given, strict=True):
        if given and number is None:
            raise InputError(
                f"Row {sheet.row_numbers[row]:,}, column {column_letters(position)}: this is no number, unlike most cells of its "
                "column. Write it in digits, or leave the cell empty where it is not known."
            )
    return np.array([np.nan if number is None else number for number in numbers])


def _number(text: str) -> float | None:
    return float(text.rstrip("% ").replace(",", "")) if len(text) < 40 and _NUMBER.fullmatch(text) else None
