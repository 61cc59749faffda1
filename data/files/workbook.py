"""XLSX, XLS and ODS workbooks into Sheets, through calamine."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from data.errors import InputError
from data.files.comments import refuse_comments
from data.files.ole import check_ole
from data.files.sheet import Sheet, build_sheet
from data.files.workbook_limits import DAMAGED, LOCKED
from data.files.zipped import check_zipped

MAX_WORKBOOK_BYTES = 256 << 20
_ROWS_AT_ONCE = 10_000

# What must be looked at before calamine sees the file.
_CHECKS: dict[str, Callable[[bytes], None]] = {"zip": check_zipped, "ole": check_ole}


def read_workbook(data: bytes, kind: str) -> list[Sheet]:
    """
    The sheets of a workbook that hold something, hidden ones and hidden columns included.

    A merged cell's text stands in its first cell; the others are ''. Where calamine has no value for a
    cell (a formula's error), it is ''.

    Parameters
    ----------
    kind
        'zip' (XLSX, ODS) or 'ole' (XLS).

    Raises
    ------
    InputError
        Not a workbook, locked, damaged or too large; all its sheets are empty; or a comment looks as if it told who or
        where somebody is.
    """
    _CHECKS[kind](data)
    if kind == "zip":
        refuse_comments(data)
    try:
        sheets = list(_sheets(data))
    except PasswordError:
        raise InputError(LOCKED) from None
    except CalamineError:
        raise InputError(DAMAGED) from None
    except BaseException as error:
        # A panic in calamine's Rust code is no Exception and has no importable class.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(DAMAGED) from None
    sheets = [sheet for sheet in sheets if sheet.n_rows]
    if not sheets:
        raise InputError(
            "The workbook is empty: no sheet holds anything. Save the table again and import that file."
        )
    return sheets


def _sheets(data: bytes) -> Iterator[Sheet]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                yield _sheet(workbook.get_sheet_by_name(about.name))


def _sheet(sheet: CalamineSheet) -> Sheet:
    if sheet.start is None:
        return Sheet(sheet.name, [], np.empty(0, np.int64))
    n_left_out = sheet.start[1]  # calamine begins at row 1, but at the first used column
    rows = sheet.iter_rows()
    parts, n_rows = [], 0
    while block := list(islice(rows, _ROWS_AT_ONCE)):
        blank = [pa.repeat("", len(block))] * n_left_out
        parts.append(blank + [_column(cells) for cells in zip(*block, strict=True)])
        n_rows += len(block)
    return build_sheet(sheet.name, parts, np.arange(1, n_rows + 1), [], _merged_down(sheet))


def _merged_down(sheet: CalamineSheet) -> list[tuple[int, int, int]]:
    """Cells merged over several rows, in order: their first column, first and last row."""
    ranges = sheet.merged_cell_ranges or []
    return sorted((left, top + 1, bottom + 1) for (top, left), (bottom, _) in ranges if bottom > top)


def _column(cells: tuple) -> pa.StringArray:
    return pa.array([cell if type(cell) is str else _TEXTS[type(cell)](cell) for cell in cells], pa.string())


def _number(value: float) -> str:
    """
    The shortest decimal that is this number, never with an exponent.

    >>> _number(12.0), _number(-0.00005), _number(229932.5)
    ('12', '-0.00005', '229932.5')
    """
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def _moment(value: dt.datetime) -> str:
    """To the second: a time of day as a fraction of a day is off by some milliseconds."""
    value = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return value.isoformat()


def _time(value: dt.time) -> str:
    return _moment(dt.datetime.combine(dt.date(2000, 1, 1), value))[11:]


def _duration(value: dt.timedelta) -> str:
    """Hours, which may be more than 24, minutes and seconds."""
    seconds = round(value.total_seconds())
    return f"{'-' * (seconds < 0)}{abs(seconds) // 3600:02d}:{abs(seconds) // 60 % 60:02d}:{abs(seconds) % 60:02d}"


_TEXTS: dict[type, Callable[..., str]] = {
    float: _number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.date: dt.date.isoformat,
    dt.datetime: _moment,
    dt.time: _time,
    dt.timedelta: _duration,
}
