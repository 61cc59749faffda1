"""Which column of a sheet is which field: the heading row, found by its content, and the headings in it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from data.errors import InputError
from data.files.sheet import Sheet, column_letters
from data.reading.headings import COORDINATE_PAIRS, COUNT_HEADINGS, DATE_FIELDS, PLACE_FIELDS, normalise

# Banner lines above the headings; the longest met so far had six.
ROWS_SEARCHED = 60
# Several columns may say something of the place ("street", "area"): they are read one after the other.
REPEATABLE_FIELDS = ("place",)
# Fields that give the same column of the schema.
SAME_COLUMN = {"duration_hours": "duration_minutes"}

NO_HEADINGS = (
    "No row of headings was found: a list of incidents needs a heading for the date (such as 'Date', 'Month' or 'Year') "
    "and one for the place (such as 'Postcode', 'District', 'Borough', 'Latitude' and 'Longitude' or 'Location'). "
    "Add the headings above the first row, or say which column is which."
)
NO_DATE = (
    "No heading for the date was recognised in row {row}; looked for 'Date', 'Month', 'Year' and the like. "
    "Rename the heading of the date, or say which column it is."
)
NO_PLACE = (
    "No heading for the place was recognised in row {row}; looked for 'Postcode', 'District', 'Borough', 'Latitude' and "
    "'Longitude', 'Location' and the like. Rename the heading of the place, or say which column it is."
)
CLASH = "Columns {first} and {second} both read as {field} in row {row}; rename the heading of one of them, or say which one to use."
COUNTS = (
    "Column {column} counts visits or incidents (its heading is in row {row}), so this is a table of totals and not a list "
    "of incidents, and it is not a return of the Home Office in a form that is understood. If each row is one incident, "
    "set this column to 'ignore'."
)

FieldOf = Callable[[str], str | None]


@dataclass(frozen=True)
class HeadingRow:
    """
    A row of headings.

    `position` counts from 0 within the sheet's columns, `number` is the row's number in the file; `fields` holds
    for each heading the field it is read as, or None.
    """

    position: int
    number: int
    headings: list[str]
    fields: list[str | None]

    def has_date(self) -> bool:
        """Whether a heading gives the date, or at least the year."""
        return any(field in self.fields for field in DATE_FIELDS)

    def has_place(self) -> bool:
        """Whether a heading, or a pair of them, gives the place."""
        return any(field in self.fields for field in PLACE_FIELDS) or any(
            first in self.fields and second in self.fields for first, second in COORDINATE_PAIRS
        )

    def recognised(self) -> int:
        """How many headings are read as a field."""
        return sum(field is not None for field in self.fields)

    def columns_of(self, field: str) -> list[int]:
        """Positions of the columns read as a field."""
        return [position for position, name in enumerate(self.fields) if name == field]


def _heading_rows(sheet: Sheet, field_of: FieldOf) -> list[HeadingRow]:
    cells = sheet.rows(0, ROWS_SEARCHED)
    return [
        HeadingRow(position, int(number), row, [field_of(cell) if cell else None for cell in row])
        for position, (row, number) in enumerate(zip(cells, sheet.row_numbers, strict=False))
    ]


def find_heading_row(sheet: Sheet, field_of: FieldOf) -> HeadingRow | None:
    """
    The row, below any banner, with the most recognised headings and both a date and a place; None without one.

    Headings in two rows, such as a 'Place' over 'Borough' and 'Postcode', are taken together: the lower one counts.
    """
    rows = _heading_rows(sheet, field_of)
    rows += [two for upper, lower in pairwise(rows) if (two := _in_two_rows(upper, lower))]
    complete = [row for row in rows if row.has_date() and row.has_place()]
    return max(complete, key=HeadingRow.recognised, default=None)


def _in_two_rows(upper: HeadingRow, lower: HeadingRow) -> HeadingRow | None:
    """Both rows as one of headings; None where the lower one is a row of its own, or of data."""
    is_filled = [bool(cell.strip()) for cell in lower.headings]
    is_data = any(
        filled and above and not below
        for filled, above, below in zip(is_filled, upper.fields, lower.fields, strict=True)
    )
    if is_data or sum(is_filled) < 2 or not lower.has_place():
        return None
    return HeadingRow(
        lower.position,
        lower.number,
        _overlaid(is_filled, lower.headings, upper.headings),
        _overlaid(is_filled, lower.fields, upper.fields),
    )


Cell = TypeVar("Cell")


def _overlaid(is_filled: list[bool], over: list[Cell], under: list[Cell]) -> list[Cell]:
    return [upper if filled else lower for filled, upper, lower in zip(is_filled, over, under, strict=True)]


def fullest_row(sheet: Sheet, field_of: FieldOf) -> HeadingRow:
    """The first of the rows with the most recognised headings, or, where there are none, the most filled cells."""
    rows = _heading_rows(sheet, field_of)
    return max(
        rows,
        key=lambda row: (row.recognised(), sum(bool(cell.strip()) for cell in row.headings)),
        default=HeadingRow(0, 1, [], []),
    )


def no_headings(sheets: list[Sheet], field_of: FieldOf) -> InputError:
    """What to say where no sheet has the headings of a list of incidents."""
    rows = [fullest_row(sheet, field_of) for sheet in sheets]
    best = max(rows, key=HeadingRow.recognised, default=None)
    if best is None or not (best.has_date() or best.has_place()):
        return InputError(NO_HEADINGS)
    return InputError((NO_PLACE if best.has_date() else NO_DATE).format(row=best.number))


def check_headings(row: HeadingRow, is_ignored: Callable[[str], bool] = lambda heading: False) -> None:
    """
    Refuse headings that cannot be read without guessing.

    Raises
    ------
    InputError
        Two headings read as one field, or a column counts incidents instead of describing one.
    """
    targets = [SAME_COLUMN.get(field, field) for field in row.fields]
    for field in dict.fromkeys(target for target in targets if target):
        positions = [position for position, target in enumerate(targets) if target == field]
        if len(positions) > 1 and field not in REPEATABLE_FIELDS:
            first, second = (column_letters(position) for position in positions[:2])
            raise InputError(
                CLASH.format(first=first, second=second, field=field.replace("_", " "), row=row.number)
            )
    for position, heading in enumerate(row.headings):
        if normalise(heading) in COUNT_HEADINGS and not is_ignored(heading):
            raise InputError(COUNTS.format(column=column_letters(position), row=row.number))
