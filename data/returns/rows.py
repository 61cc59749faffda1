"""What each row of an official return's table is: an area, a kind of address, a total, the heading of a group, prose."""

import re
from dataclasses import dataclass

from data.reading.periods import Period, read_period
from data.returns.columns import Column
from data.returns.grid import Cell, Grid
from data.returns.headings import PROSE_LENGTH, plain
from data.returns.words import (
    Area,
    area_of_total,
    is_figure_like,
    is_total,
    read_area,
    read_postal_area,
    read_setting,
)
from data.schema import UNKNOWN


@dataclass
class Row:
    """One line of a table: its kind, what its key names, its cells by column."""

    kind: str  # "area", "type", "total", "area total", "group", "heading", "unknown", "prose"
    key: Cell
    cells: list[Cell]
    area: Area | None = None
    setting: str | None = None
    postal_area: str | None = None
    period: Period | None = None
    has_figures: bool = False
    # A kind of address that nobody knows, to be told.
    is_unknown_type: bool = False


def read_rows(grid: Grid, at: int, level: str, columns: list[Column], start: int, stop: int) -> list[Row]:
    """The lines of a table in order, down to its last figure."""
    rows: list[Row] = []
    kept = 0
    for line in range(start, stop):
        row = _read_row(grid[line], at, level, columns)
        if row is None:
            continue
        rows.append(row)
        if row.kind in ("area", "area total") or (row.has_figures and row.kind != "prose"):
            kept = len(rows)
    return _settle_kinds(rows[:kept], columns)


def _read_row(line: list[Cell], at: int, level: str, columns: list[Column]) -> Row | None:
    """One line as a Row; None for a blank one."""
    texts = [
        line[column.at].text
        for column in columns
        if column.role in ("value", "total", "low", "high") and line[column.at].text
    ]
    setting_at = next((column.at for column in columns if column.role == "setting"), None)
    type_text = line[setting_at].text if setting_at is not None else ""
    has_figures = any(is_figure_like(text) for text in texts)
    key = line[at] if line[at].text or not has_figures or type_text else _label(line, at, columns)
    if not key.text and not texts and not type_text:
        return None
    row = Row("", key, line, has_figures=has_figures, setting=_type_setting(type_text))
    row.area = read_area(key.text) or area_of_total(key.text)
    if row.area and row.area.level == level:
        row.kind = "area" if read_area(key.text) else "area total"
    elif has_figures:
        _read_label(row, type_text)
    elif is_total(key.text) or read_postal_area(key.text):
        row.kind = "group"
    elif type_text:
        row.kind = "type"
    else:
        row.kind = _kind_of_words(key.text, texts)
        row.period = read_period(key.text.rstrip(":"))
        row.setting = read_setting(key.text)
    return row


def _read_label(row: Row, type_text: str) -> None:
    """What a row with figures is that names no area of the table's own level."""
    label = row.key.text
    letters = read_postal_area(label)
    if is_total(label) or (not label and not type_text):
        row.kind, row.postal_area = "total", letters
    elif letters or row.area:
        row.kind, row.postal_area = "group", letters
    elif type_text and not label:
        row.kind = "type"
    else:
        row.setting = read_setting(label)
        row.kind = "type" if row.setting else "unknown"


def _type_setting(text: str) -> str | None:
    return (read_setting(text) or UNKNOWN) if text else None


def _label(line: list[Cell], at: int, columns: list[Column]) -> Cell:
    """The words of a row whose key is blank: "Total" may stand under the names beside the codes."""
    taken = {column.at for column in columns}
    last = max(taken, default=at)
    words = (cell for cell in line[: last + 1] if cell.column != line[at].column and cell.text)
    spoken = [cell for cell in words if cell not in [line[column] for column in taken]]
    return next((cell for cell in spoken if not is_figure_like(cell.text)), line[at])


# Words of a row that stands for visits whose place is not known, not for a kind of address.
_NO_PLACE = re.compile(r"post\s?code|district|borough|outside|london|area|location unknown", re.IGNORECASE)


def _settle_kinds(rows: list[Row], columns: list[Column]) -> list[Row]:
    """Kinds of address are told from rows without an area by what stands around them."""
    if any(column.role == "setting" for column in columns):
        return rows
    order = [
        row.kind for row in rows if row.kind in ("area", "type") or (row.kind == "heading" and row.setting)
    ]
    starts_with_types = bool(order) and order[0] != "area"
    # "Other" and "Unknown" alone are rows without a place; beside shops and homes they are kinds of address.
    is_nested = any(
        row.kind == "type" and row.setting != UNKNOWN and plain(row.key.text) not in ("other", "others")
        for row in rows
    )
    has_area = False
    for row in rows:
        has_area = row.kind == "area" or (has_area and row.kind not in ("total", "group"))
        if row.kind == "heading" and row.setting and not starts_with_types:
            # A kind of address whose cells are all blank has no visits.
            row.kind = "type" if is_nested and has_area else "heading"
            row.setting = row.setting if row.kind == "type" else None
        elif row.kind == "type" and not is_nested:
            row.kind = "unknown"
        elif row.kind == "unknown" and is_nested and has_area and not _NO_PLACE.search(row.key.text):
            row.kind, row.setting, row.is_unknown_type = "type", UNKNOWN, True
    return rows


def _kind_of_words(key: str, texts: list[str]) -> str:
    """A line without figures: the heading of a group, or prose."""
    whole = " ".join([key, *texts])
    is_short = (
        len(whole) <= PROSE_LENGTH and len(whole.split()) <= 6 and not re.search(r"[.!?]\s*$|[.;]\s", whole)
    )
    return "heading" if is_short or (whole.endswith(":") and len(whole) < 2 * PROSE_LENGTH) else "prose"
