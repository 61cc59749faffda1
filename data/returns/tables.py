"""The tables of areas with figures in a sheet of an official return: found by what the cells say, never by position."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from data.reading.periods import Period, has_dashed_month, is_part_of_year, names_doubtful_year, read_period
from data.returns.cells import (
    Area,
    area_of_total,
    is_figure_like,
    is_total,
    read_area,
    read_postal_area,
    read_setting,
    tidy,
    type_of_total,
)
from data.returns.grid import Cell, Grid
from data.returns.headings import (
    MAX_HEADING_LENGTH,
    MAX_HEADING_LINES,
    PROSE_LENGTH,
    ROLE_OF,
    YEAR_ABOVE,
    Heading,
    days_as_years_or_months,
    heading_marks,
    merge_headings,
    plain,
    read_heading,
    speaks,
)
from data.returns.notes import name_period, only_period
from data.schema import ALL_SETTINGS, UNKNOWN

# Why a column was left out.
NO_HEADING, NO_YEAR, FINANCIAL_IN_DOUBT, OTHER = "no heading", "no year", "financial year in doubt", "other"
# The parts that name a row's period in a table with a row for each area and period.
LONG_ROLES = ("year", "part", "period", "start", "end")


@dataclass(frozen=True)
class Column:
    """One column of a table beside its key column."""

    at: int
    role: str  # "value", "total", "low", "high", "setting", "reference", "year", "part", "period", "start", "end"
    heading: Heading
    period: Period | None = None
    setting: str | None = None
    written: str = ""  # its lowest heading as it stands in the file


def read_columns(
    grid: Grid, at: int, reach: list[int], headings: list[int], start: int, stop: int, caption: list[str]
) -> tuple[list[Column], list[tuple[Cell, str]]]:
    """
    What each column beside the key is, and the columns that were left out with the reason.

    Months without a year belong to the one year that the `caption` above the table names.
    """
    texts = _heading_texts(grid, reach, headings)
    dashed = any(has_dashed_month(text) for stack in texts.values() for text in stack)
    read = {column: merge_headings(stack, dashed) for column, stack in texts.items()}
    year = only_period(caption)
    for column, stack in texts.items():
        if year and _is_without_year(read[column], stack):
            with_year = merge_headings([*stack, name_period(year)], dashed)
            if with_year.period:
                read[column] = replace(with_year, marks=(*with_year.marks, YEAR_ABOVE))
    read = days_as_years_or_months(read)
    body = {
        column: [grid[line][column].text for line in range(start, stop) if read_area(grid[line][at].text)]
        for column in reach
    }
    columns: list[Column] = []
    ignored: list[tuple[Cell, str]] = []
    for column in reach:
        heading = read[column]
        role = _role(heading, body[column])
        if role == "value" and not any(body[column]) and not _as_written(grid, headings, column):
            continue  # blank below a title that reaches over it: no visits were counted there
        if role:
            columns.append(
                Column(
                    column,
                    role,
                    heading,
                    heading.period,
                    heading.setting,
                    _as_written(grid, headings, column),
                )
            )
        elif heading.text or any(is_figure_like(text) for text in body[column]):
            cell = grid[headings[-1]][column] if headings[-1] >= 0 else grid[start][column]
            reason = _why_left_out(heading, texts[column])
            if any(body[column]) and not _is_key_like(heading, body[column]):
                ignored.append((cell, reason))
    return _settle_totals(_settle_long(columns)), ignored


def _as_written(grid: Grid, headings: list[int], column: int) -> str:
    cells = (grid[line][column] for line in reversed(headings) if line >= 0)
    return next((cell.written for cell in cells if cell.text), "")


def _is_without_year(heading: Heading, stack: list[str]) -> bool:
    """Whether a column is headed with a month or a quarter, and no heading above it names the year."""
    written = [heading_marks(text)[0] for text in stack if text]
    return not heading.period and any(map(is_part_of_year, written))


def _why_left_out(heading: Heading, stack: list[str]) -> str:
    if not heading.text:
        return NO_HEADING
    if _is_without_year(heading, stack):
        return NO_YEAR
    written = " ".join(text for text in stack if text)
    return FINANCIAL_IN_DOUBT if names_doubtful_year(written) else OTHER


def _is_key_like(heading: Heading, body: list[str]) -> bool:
    """Whether a column only names the areas once more, or holds words beside them."""
    return heading.role == "key" or not any(is_figure_like(text) for text in body if text)


def _heading_texts(grid: Grid, reach: list[int], headings: list[int]) -> dict[int, list[str]]:
    """For each column its headings from bottom to top; an upper heading stretches to the right until the next."""
    texts: dict[int, list[str]] = {column: [] for column in reach}
    for number, line in enumerate(reversed(headings)):
        if line < 0:
            continue
        spread = ""
        for column, before in zip(reach, [reach[0] - 1, *reach], strict=False):
            if column != before + 1:
                spread = ""  # the key column stands between
            text = grid[line][column].text
            spread = text or spread
            texts[column].append(text if number == 0 else spread)
    return texts


def _role(heading: Heading, body: list[str]) -> str:
    """The part a column plays, by its heading, and by its cells where the heading leaves it open."""
    texts = [text for text in body if text]
    if heading.role in ("low", "high", "reference", "year", "part", "period", "start", "end"):
        return heading.role
    if heading.role == "setting":
        return "setting" if not texts or any(read_setting(text) for text in texts) else ""
    if heading.role == "key":
        return ""
    if heading.role == "total":
        return "total"
    if (
        heading.role in ("other", "")
        and any(map(_counts_visits, texts))
        and not all(map(_counts_visits, texts))
    ):
        return "measure"
    if heading.role == "other":
        known = [text for text in texts if read_setting(text)]
        return (
            "setting" if texts and len(known) * 2 > len(texts) and not any(map(is_figure_like, known)) else ""
        )
    if heading.period or heading.setting or heading.role == "visits":
        return "value"
    return ""


def _counts_visits(text: str) -> bool:
    """Whether a cell in a column of measures ("Visits", "Arrests") names visits."""
    return read_heading(text).role == "visits"


def _settle_long(columns: list[Column]) -> list[Column]:
    """In a table with a row per period, "Total" heads the figures themselves."""
    if not any(column.role in LONG_ROLES for column in columns):
        return columns
    if any(column.role == "value" and not column.period for column in columns):
        return columns
    return [replace(column, role="value") if column.role == "total" else column for column in columns]


def _settle_totals(columns: list[Column]) -> list[Column]:
    """A lone "Total" is the figure; a period whose parts stand beside it is their total, not one more figure."""
    values = [column for column in columns if column.role in ("value", "low")]
    totals = [column for column in columns if column.role == "total"]
    if not values and len(totals) == 1:
        return [replace(column, role="value") if column.role == "total" else column for column in columns]
    settled = []
    for column in columns:
        parts = [
            other.period for other in values
            if column.period and other.period and other is not column and other.setting == column.setting
            and column.period.holds(other.period) and other.period != column.period
        ]  # fmt: skip
        is_whole = column.role == "value" and len(parts) > 1 and _tiles(parts, column.period)
        settled.append(replace(column, role="total") if is_whole else column)
    return settled


def _tiles(parts: list[Period], whole: Period) -> bool:
    parts = sorted(parts)
    follows = all(before.end.toordinal() + 1 == after.start.toordinal() for before, after in pairwise(parts))
    return follows and parts[0].start == whole.start and parts[-1].end == whole.end


@dataclass
class Row:
    """One line of a table: its kind, what its key names, its cells by column."""

    # "area", "type", "total", "area total", "group", "heading", "unknown", "prose", "other measure"; "loose" and "loose total" where the
    # cell of the place is empty and others name a kind of address or a period: `totals.place_loose_rows` settles those.
    kind: str
    key: Cell
    cells: list[Cell]
    area: Area | None = None
    setting: str | None = None
    postal_area: str | None = None
    period: Period | None = None
    has_figures: bool = False
    # As written in the column of kinds of address; of "Business Total" only "Business".
    type_text: str = ""
    # A kind of address or a period taken from the rows above.
    is_filled: bool = False
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
    _fill_down(rows[:kept], [column for column in columns if column.at < at])
    return _settle_kinds(rows[:kept], columns)


def _fill_down(rows: list[Row], columns: list[Column]) -> None:
    """Kinds of address and periods left of the areas are often written once, above all they hold for."""
    named = [column for column in columns if column.role in ("setting", *LONG_ROLES)]
    above: dict[int, Cell] = {}
    seen = set()
    for row in rows:
        if row.kind == "area":
            cells = {column.at: row.cells[column.at] for column in named}
            filled = {at: cell if cell.text else above.get(at, cell) for at, cell in cells.items()}
            if filled != cells and (row.area, *(cell.text for cell in filled.values())) not in seen:
                _take_from_above(row, named, filled)
                cells = filled
            seen.add((row.area, *(cell.text for cell in cells.values())))
            above |= {at: cell for at, cell in cells.items() if cell.text}


def _take_from_above(row: Row, named: list[Column], filled: dict[int, Cell]) -> None:
    row.is_filled = True
    row.cells = [
        cell._replace(text=filled[cell.column].text, written=filled[cell.column].written)
        if cell.column in filled
        else cell
        for cell in row.cells
    ]
    for column in named:
        if column.role == "setting":
            row.type_text = filled[column.at].written
            row.setting = _type_setting(row.type_text)


def _read_row(line: list[Cell], at: int, level: str, columns: list[Column]) -> Row | None:
    """One line as a Row; None for a blank one."""
    texts = [
        line[column.at].text
        for column in columns
        if column.role in ("value", "total", "low", "high") and line[column.at].text
    ]
    setting_at = next((column.at for column in columns if column.role == "setting"), None)
    type_text = line[setting_at].written if setting_at is not None else ""
    named = [line[column.at] for column in columns if column.role in ("setting", *LONG_ROLES)]
    named = [cell for cell in named if cell.text]
    has_figures = any(is_figure_like(text) for text in texts)
    key = line[at] if line[at].text or not has_figures else _label(line, at, columns)
    if not key.text and not texts and not type_text.strip():
        return None
    row = Row("", key, line, has_figures=has_figures, type_text=type_text)
    row.setting = _type_setting(type_text)
    row.is_unknown_type = bool(type_text.strip()) and not _is_known_type(type_text)
    measure = next((line[column.at].text for column in columns if column.role == "measure"), "")
    row.area = read_area(key.text) or area_of_total(key.text)
    if measure and not _counts_visits(measure):
        row.kind = "other measure"
    elif row.area and row.area.level == level:
        is_total_row = not read_area(key.text) or any(
            _names_total(cell.text) for cell in named if cell.column != setting_at
        )
        row.kind = "area total" if is_total_row else "area"
    elif not key.text and named:
        _read_loose(row, named, level)
    elif has_figures:
        _read_label(row, has_types=setting_at is not None)
    elif is_total(key.text) or read_postal_area(key.text):
        row.kind = "group"
    else:
        row.kind = _kind_of_words(key.text, texts)
        row.period = read_period(key.text.rstrip(":"))
        row.setting = read_setting(key.text)
    return row


def _read_label(row: Row, has_types: bool) -> None:
    """What a row with figures is that names no area of the table's own level."""
    label = row.key.text
    letters = read_postal_area(label)
    if row.setting == ALL_SETTINGS:
        row.type_text = ""
    if is_total(label) or not label:
        row.kind, row.postal_area = "total", letters
    elif letters or row.area:
        row.kind, row.postal_area = "group", letters
    elif has_types:
        # Kinds of address have a column of their own, so this is a place that nobody knows.
        row.kind = "unknown"
    else:
        row.setting = read_setting(label)
        row.kind = "type" if row.setting else "unknown"


def _read_loose(row: Row, named: list[Cell], level: str) -> None:
    """What a row is whose place is empty: by the label of a total in another column, or else open."""
    total = next((cell for cell in named if _names_total(cell.text) or area_of_total(cell.text)), None)
    if total is None:
        row.kind = "loose"
        return
    is_left = total.column < row.key.column
    is_whole = bool(_OF_ALL_PLACES.search(total.text))
    row.key, row.area, row.postal_area = total, area_of_total(total.text), read_postal_area(total.text)
    row.type_text = type_of_total(total.text) or ("" if tidy(row.type_text) == total.text else row.type_text)
    row.is_unknown_type = False
    if not row.has_figures:
        row.kind = "group"
    elif row.area:
        row.kind = "area total" if row.area.level == level else "group"
    else:
        row.kind = "total" if is_left or is_whole or row.type_text else "loose total"


_OF_ALL_PLACES = re.compile(
    r"\b(?:grand|london\w*|city\w*|areas?|districts?|post\s?codes?|boroughs?|places?|everywhere)\b",
    re.IGNORECASE,
)


def _names_total(text: str) -> bool:
    """Whether a label names a total, of a period or a kind of address too: "2021 Total", "Business Total"."""
    heading = read_heading(text)
    return is_total(text) or bool(type_of_total(text) or (heading.role == "total" and heading.period))


def _is_known_type(text: str) -> bool:
    return read_setting(text) is not None or _names_total(text)


def _type_setting(text: str) -> str | None:
    text = tidy(text)
    if not text:
        return None
    return read_setting(text) or (ALL_SETTINGS if _names_total(text) else UNKNOWN)


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


@dataclass
class Table:
    """A table of areas with figures, found in a sheet."""

    sheet: int
    level: str
    headings: list[int]  # lines of the grid
    columns: list[Column]
    rows: list[Row]
    is_turned: bool
    caption: list[str] = field(default_factory=list)
    ignored: list[tuple[Cell, str]] = field(default_factory=list)
    heading_cells: list[Cell] = field(default_factory=list)

    def values(self) -> list[Column]:
        """The columns that hold figures to keep; where kinds of address go across, their total is one too."""
        values = [column for column in self.columns if column.role in ("value", "low")]
        if not any(column.setting for column in values):
            return values
        periods = {column.period for column in values}
        totals = [column for column in self.columns if column.role == "total"]
        return values + [
            replace(column, setting="all", period=column.period or next(iter(periods)))
            for column in totals
            if column.period in periods or (column.period is None and len(periods) == 1)
        ]

    def has_setting_column(self) -> bool:
        """Whether each row names its kind of address in a column of its own."""
        return any(column.role == "setting" for column in self.columns)


def used_cells(table: Table) -> list[Cell]:
    """The cells that the table was read from; the words in all others are its captions and notes."""
    columns = [column.at for column in table.columns]
    return [
        *table.heading_cells,
        *(cell for row in table.rows for cell in (row.key, *(row.cells[at] for at in columns))),
    ]


def find_tables(grid: Grid, sheet: int, is_turned: bool) -> list[Table]:
    """All tables of areas in a laid-out grid, from left to right and from top to bottom."""
    width = len(grid[0]) if grid else 0
    areas = [[read_area(line[at].text) for line in grid] for at in range(width)]
    keys = _key_columns(grid, areas)
    tables = []
    for number, at in enumerate(keys):
        for reach in _reaches(keys, number, width):
            if _holds_figures(grid, areas[at], reach):
                tables += _tables_of_key(grid, areas[at], at, reach, sheet, is_turned)
                break
    return tables


def _reaches(keys: list[int], number: int, width: int) -> list[list[int]]:
    """The columns that may belong to a key column, the likeliest first."""
    at = keys[number]
    if len(keys) == 1:
        return [[column for column in range(width) if column != at]]
    right = keys[number + 1] if number + 1 < len(keys) else width
    left = keys[number - 1] + 1 if number else 0
    return [list(range(at + 1, right)), list(range(left, at))]


def _key_columns(grid: Grid, areas: list[list[Area | None]]) -> list[int]:
    """The columns that name areas; of two that lie together without figures between, the finer or the first."""
    found = [at for at, column in enumerate(areas) if any(column)]
    keys: list[int] = []
    for at in found:
        lines = {line for line, area in enumerate(areas[at]) if area}
        if keys:
            before = keys[-1]
            shared = [line for line in lines if areas[before][line]]
            between = range(before + 1, at)
            if shared and not _holds_figures(grid, areas[at], between):
                if _fineness(areas[at]) > _fineness(areas[before]):
                    keys[-1] = at
                continue
        keys.append(at)
    return keys


def _fineness(column: list[Area | None]) -> tuple[bool, int]:
    levels = Counter(area.level for area in column if area)
    return levels["district"] > levels["borough"], 0


def _holds_figures(grid: Grid, areas: list[Area | None], columns: Iterable[int]) -> bool:
    """Whether figures stand beside the areas, or, where an area's line is blank, in the line below it."""
    columns = list(columns)
    for line, area in enumerate(areas):
        if not area:
            continue
        cells = [grid[line][at].text for at in columns]
        if not any(cells) and line + 1 < len(grid) and not areas[line + 1]:
            cells = [grid[line + 1][at].text for at in columns]
        if any(is_figure_like(text) and not read_area(text) for text in cells):
            return True
    return False


def _tables_of_key(
    grid: Grid, areas: list[Area | None], at: int, reach: list[int], sheet: int, is_turned: bool
) -> list[Table]:
    """The tables one below another that share a key column."""
    lines = [line for line, area in enumerate(areas) if area]
    level = Counter(areas[line].level for line in lines).most_common(1)[0][0]
    heading_lines = _heading_lines(grid, at, reach, lines)
    tables: list[Table] = []
    for number, headings in enumerate(heading_lines):
        start = headings[-1] + 1
        stop = heading_lines[number + 1][0] if number + 1 < len(heading_lines) else len(grid)
        table = _make_table(grid, at, reach, level, headings, start, stop, sheet, is_turned)
        previous = tables[-1] if tables else None
        if previous and _is_continued(previous, table):
            previous.rows += table.rows
            previous.headings += table.headings
        elif any(row.kind in ("area", "area total") for row in table.rows):
            tables.append(table)
    return tables


def _is_continued(table: Table, following: Table) -> bool:
    """Whether the second table only repeats the first one's headings, as on a new page."""
    same = [column.heading for column in table.columns] == [column.heading for column in following.columns]
    return same and not following.caption and not any(row.kind == "total" for row in table.rows)


def _heading_lines(grid: Grid, at: int, reach: list[int], lines: list[int]) -> list[list[int]]:
    """The lines of each heading, from top to bottom; one list per table."""
    found: list[list[int]] = []
    for line in range(lines[-1]):
        if _is_heading_line(grid, line, at, reach) and any(after > line for after in lines):
            previous = found[-1] if found else None
            gap_has_rows = previous and any(previous[-1] < area < line for area in lines)
            if previous and not gap_has_rows:
                previous.append(line)
            else:
                found.append([line])
    headings = [_drop_far_lines(group) for group in found]
    if not headings or headings[0][-1] > lines[0]:
        headings.insert(0, [_line_above(grid, lines[0], reach)])
    return headings


def _line_above(grid: Grid, line: int, reach: list[int]) -> int:
    """The line above the first area, if it may be a heading that nobody knows; -1 for none."""
    cells = [grid[line - 1][column].text for column in reach] if line else []
    return line - 1 if any(cells) and not any(map(is_figure_like, cells)) else -1


def _drop_far_lines(group: list[int]) -> list[int]:
    """Of the lines that look like headings above one table, the lowest and those that belong to it."""
    kept = [group[-1]]
    for line in reversed(group[:-1]):
        if kept[0] - line > 2 or len(kept) == MAX_HEADING_LINES:
            break
        kept.insert(0, line)
    return kept


def _is_heading_line(grid: Grid, line: int, at: int, reach: list[int]) -> bool:
    """Whether a line heads columns: it names periods, visits, totals or kinds of address, and holds no figures."""
    key = grid[line][at].text
    if read_area(key) or is_total(key) or (read_postal_area(key) and plain(key) not in ROLE_OF):
        return False
    cells = [grid[line][column].text for column in reach if grid[line][column].text]
    if not cells or len(key) > 80:
        return False
    headings = [read_heading(cell) for cell in cells]
    speaking = [heading for heading in headings if speaks(heading)]
    # A line of a log, with a date among its words, heads nothing.
    if len(speaking) * 2 < len(cells) or any(len(cell) > MAX_HEADING_LENGTH for cell in cells):
        return False
    figures = [
        cell
        for cell, heading in zip(cells, headings, strict=True)
        if is_figure_like(cell) and not heading.period
    ]
    if figures:
        return False
    if all(re.fullmatch(r"\d{4}", cell) for cell in cells) and key and plain(key) not in ROLE_OF:
        # Figures between 1980 and 2049 look like years. Years rise from left to right, and stand over a key's heading.
        return len(cells) > 1 and cells == sorted(set(cells))
    return True


def _make_table(
    grid: Grid,
    at: int,
    reach: list[int],
    level: str,
    headings: list[int],
    start: int,
    stop: int,
    sheet: int,
    turned: bool,
) -> Table:
    caption = _caption(grid, headings[0], at, reach)
    columns, ignored = read_columns(grid, at, reach, headings, start, stop, caption)
    rows = read_rows(grid, at, level, columns, start, stop)
    return Table(
        sheet,
        level,
        headings,
        columns,
        rows,
        turned,
        caption,
        ignored,
        [
            grid[line][column]
            for line in headings
            if line >= 0
            for column in (at, *reach)
            if speaks(read_heading(grid[line][column].text))
        ],
    )


def _caption(grid: Grid, line: int, at: int, reach: list[int]) -> list[str]:
    """The lines of words just above a table's headings, nearest first."""
    found: list[str] = []
    columns = sorted([at, *reach])
    for above in range(line - 1, max(line - 6, -1), -1):
        cells = [
            grid[above][column].text for column in range(columns[0] if columns[0] > 2 else 0, columns[-1] + 1)
        ]
        text = " ".join(cell for cell in cells if cell)
        if any(read_area(cell) for cell in cells):
            break
        if text:
            found.append(text)
    return found
