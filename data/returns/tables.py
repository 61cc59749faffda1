"""Where the tables of an official return stand in a sheet: found by what the cells say, never by their position."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from data.returns.columns import Column, read_columns
from data.returns.grid import Cell, Grid
from data.returns.headings import MAX_HEADING_LENGTH, MAX_HEADING_LINES, ROLE_OF, plain, read_heading, speaks
from data.returns.rows import Row, read_rows
from data.returns.words import Area, is_figure_like, is_total, read_area, read_postal_area


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
