"""Where the tables of an official return stand in a sheet, and what each of their columns and rows is."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from data.importing.foi_notes import heading_marks
from data.importing.foi_periods import Period, has_dashed_month, is_part_of_year, read_period
from data.importing.foi_words import (
    Area,
    area_of_total,
    is_figure_like,
    is_total,
    read_area,
    read_postal_area,
    read_setting,
    tidy,
)
from data.importing.sheet import Sheet, column_letters
from data.schema import UNKNOWN

# Two tables side by side have figures between their key columns; a heading can stand this many lines above the rows.
MAX_HEADING_LINES = 3
PROSE_LENGTH = 40
MAX_HEADING_LENGTH = 120


class Cell(NamedTuple):
    """A cell's text and where it stands in the file: row from 1, column from 0, sheet from 1 (0 for the only one)."""

    text: str
    row: int
    column: int
    sheet: int = 0

    @property
    def letter(self) -> str:
        """The column's letter, as a spreadsheet shows it."""
        return column_letters(self.column)

    @property
    def place(self) -> str:
        """Where it stands, to begin a sentence with."""
        return (
            f"Sheet {self.sheet}, row {self.row}, column {self.letter}"
            if self.sheet
            else f"Row {self.row}, column {self.letter}"
        )


Grid = list[list[Cell]]


@dataclass(frozen=True)
class Heading:
    """What the heading of a column says."""

    text: str = ""
    period: Period | None = None
    setting: str | None = None
    role: str = ""  # of `ROLES`, or "visits", "total", "other", "" for an empty heading
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of a table beside its key column."""

    at: int
    role: str  # "value", "total", "low", "high", "setting", "reference", "year", "part", "period", "start", "end"
    heading: Heading
    period: Period | None = None
    setting: str | None = None


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


@dataclass
class Table:
    """A table of areas with figures, found in a sheet."""

    sheet: int
    key_at: int
    level: str
    headings: list[int]  # lines of the grid
    columns: list[Column]
    rows: list[Row]
    is_turned: bool
    first_line: int
    last_line: int
    caption: list[str] = field(default_factory=list)
    ignored: list[tuple[Cell, str]] = field(default_factory=list)
    key_heading: str = ""

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


# Headings of long tables (one row per area and period), after `_plain`.
ROLES = {
    "year": ("year", "calendar year", "financial year", "fiscal year", "cal year", "yr", "year of visit", "fy"),
    "part": ("month", "quarter", "qtr", "calendar month", "month of visit", "calendar quarter"),
    "period": ("period", "date", "time period", "reporting period", "date range", "year quarter", "year month"),
    "start": (
        "period start", "start", "start date", "from", "date from", "from date", "period from", "first day", "start of period",
    ),
    "end": ("period end", "end", "end date", "to", "date to", "to date", "period to", "last day", "end of period"),
    "setting": (
        "setting", "address type", "type of address", "type of premises", "premises type", "location type",
        "type of location", "type of establishment", "establishment type", "venue type", "type of venue", "type",
        "property type", "type of property", "kind of address", "kind of establishment", "address", "premises",
    ),
    "reference": (
        "reference", "foi reference", "foi ref", "ref", "foi", "case", "case reference", "foi number", "case number",
        "foi request", "request",
    ),
    "low": ("visits low", "low", "minimum", "min", "fewest", "lowest", "lower", "visits min", "min visits", "at least"),
    "high": ("visits high", "high", "maximum", "max", "most", "highest", "upper", "visits max", "max visits", "at most"),
    "key": (
        "postcode", "postcodes", "post code", "post codes", "postcode district", "postcode districts", "postdist",
        "post dist", "district", "districts", "postal district", "postcode area", "post code area", "area", "borough",
        "london borough", "boroughs", "local authority", "area code", "area name", "borough code", "borough name",
        "code", "name", "outcode", "outward code", "location", "area level", "level", "local authority name",
        "local authority code", "region", "post code district", "post code and type of address",
        "postcode and type of address", "row labels",
    ),
}  # fmt: skip
_ROLE_OF = {words: role for role, names in ROLES.items() for words in names}
_VISIT_WORDS = {
    "visits", "visit", "raids", "raid", "count", "counts", "number", "numbers", "no", "n", "figure", "figures",
    "total", "totals", "of", "immigration", "enforcement", "ice", "home", "office", "conducted", "undertaken",
    "carried", "out", "the", "in", "by", "per", "value", "values", "operations", "operation", "volume", "recorded",
    "postcode", "district", "london", "all", "made", "attended", "for", "each", "operational", "illegal", "working",
}  # fmt: skip
_VISIT_CORE = {
    "visits", "visit", "raids", "raid", "count", "counts", "number", "numbers", "no", "n", "figure", "figures",
    "value", "values", "operations", "volume", "total", "totals",
}  # fmt: skip
# A heading's mark for a year that is said to be incomplete.
TO_DATE = "to date"
_TO_DATE = re.compile(r"\(?\b(?:ytd|(?:year )?to date|part[ -]?year|so far|incomplete)\b\)?", re.IGNORECASE)
# Worked out from the figures beside it, so it says nothing of what they count.
DERIVED = re.compile(
    r"\b(?:percent\w*|share|proportion|rank|change|difference|average|mean|median)\b|%", re.IGNORECASE
)
OTHER_MEASURE = re.compile(
    r"\b(?:arrests?|arrested|remov\w+|deport\w*|detain\w*|detention|penalt\w+|encounter\w*|officers?|notices?"
    r"|population|residents?|households?|rates?|per\s+1|percent\w*|share|proportion|rank|change|difference|average"
    r"|mean|median|costs?|prices?|ages?|aged|persons?|people|offences?|crimes?|nationals?|released?|returns?|wages?"
    r"|income|male|female|measures|ethnic\w*|white|asian|black|language\w*|residence|tenure|dwellings|births|deaths"
    r"|stops?|search\w*|victims?|accidents?|vehicles?|prosecut\w+|licen[cs]e\w*)\b|%",
    re.IGNORECASE,
)


def make_grid(sheet: Sheet, number: int = 0, stop: int | None = None) -> Grid:
    """A sheet's cells with their places, the ragged rows back in their order; `number` is 0 for the only sheet."""
    numbered = list(zip((int(row) for row in sheet.row_numbers[:stop]), sheet.rows(0, stop), strict=True))
    if sheet.ragged_rows and (stop is None or stop >= sheet.n_rows):
        numbered = sorted(numbered + list(zip(sheet.ragged_rows, sheet.ragged_cells, strict=True)))
    if sum(any("\t" in cell for cell in cells) for _, cells in numbered) > 2:
        # The commas of a banner were taken for the delimiter of a table that is parted by tabs.
        numbered = [(row, ",".join(cells).rstrip(",").split("\t")) for row, cells in numbered]
    width = max((len(cells) for _, cells in numbered), default=0)
    return [
        [Cell(tidy(text), row, at, number) for at, text in enumerate([*cells, *[""] * (width - len(cells))])]
        for row, cells in numbered
    ]


def lay_out(grid: Grid) -> tuple[Grid, bool]:
    """
    A grid with areas going down: folded from one cell a line, or turned where areas go across.

    Returns
    -------
    grid, is_turned
    """
    grid = _fold(grid)
    across = max((sum(read_area(cell.text) is not None for cell in line) for line in grid), default=0)
    width = len(grid[0]) if grid else 0
    down = max((sum(read_area(line[at].text) is not None for line in grid) for at in range(width)), default=0)
    if across > down and across >= 2:
        return [[line[at] for line in grid] for at in range(width)], True
    return grid, False


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
            previous.last_line = max(previous.last_line, table.last_line)
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
    headings = [_drop_far_lines(grid, group, reach) for group in found]
    if not headings or headings[0][-1] > lines[0]:
        headings.insert(0, [_line_above(grid, lines[0], reach)])
    return headings


def _line_above(grid: Grid, line: int, reach: list[int]) -> int:
    """The line above the first area, if it may be a heading that nobody knows; -1 for none."""
    cells = [grid[line - 1][column].text for column in reach] if line else []
    return line - 1 if any(cells) and not any(map(is_figure_like, cells)) else -1


def _drop_far_lines(grid: Grid, group: list[int], reach: list[int]) -> list[int]:
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
    if read_area(key) or is_total(key) or (read_postal_area(key) and _plain(key) not in _ROLE_OF):
        return False
    cells = [grid[line][column].text for column in reach if grid[line][column].text]
    if not cells or len(key) > 80:
        return False
    headings = [read_heading(cell) for cell in cells]
    speaking = [heading for heading in headings if _speaks(heading)]
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
    if all(re.fullmatch(r"\d{4}", cell) for cell in cells) and key and _plain(key) not in _ROLE_OF:
        # Figures between 1980 and 2049 look like years. Years rise from left to right, and stand over a key's heading.
        return len(cells) > 1 and cells == sorted(set(cells))
    return True


def _speaks(heading: Heading) -> bool:
    """Whether a heading says what its column counts, or which part it plays."""
    if heading.period:
        # A lone day is a date in a log; only the first of a month may stand for its month or year.
        return heading.period.start != heading.period.end or heading.period.start.day == 1
    if heading.role == "other":
        measures = bool(OTHER_MEASURE.search(heading.text)) and len(heading.text) < PROSE_LENGTH
        return measures or is_part_of_year(heading.text)
    return bool(heading.setting or heading.role)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("_", " ")))


def read_heading(text: str, dashed_months: bool = False) -> Heading:
    """What one heading says: a period, a kind of address, visits, a total, or something else."""
    text, marks = heading_marks(text)
    if _TO_DATE.search(text):
        text, marks = _TO_DATE.sub(" ", text), [*marks, TO_DATE]
    plain = _plain(text)
    if not plain:
        return Heading("", marks=tuple(marks))
    if plain in _ROLE_OF:
        return Heading(plain, role=_ROLE_OF[plain], marks=tuple(marks))
    period = read_period(text, dashed_months)
    if period:
        return Heading(plain, period, marks=tuple(marks))
    if OTHER_MEASURE.search(text.replace("_", " ")) and not re.search(
        r"\b(?:visits?|raids?)\b", text, re.IGNORECASE
    ):
        return Heading(plain, role="other", marks=tuple(marks))
    setting = read_setting(text)
    if setting and setting != "all" and plain not in ("blank",):
        return Heading(plain, setting=setting, marks=tuple(marks))
    total = bool(
        re.search(r"\b(?:sub\s?-?)?totals?\b|\boverall\b|\ball years\b|\bsum\b", text, re.IGNORECASE)
    )
    words = plain.split()
    if set(words) <= _VISIT_WORDS and set(words) & _VISIT_CORE:
        return Heading(plain, role="total" if total else "visits", marks=tuple(marks))
    rest = " ".join(
        word for word in re.split(r"[\s_]+", text) if _plain(word) not in _VISIT_WORDS | {"year", "years"}
    )
    period = read_period(rest, dashed_months) if rest else None
    if period:
        return Heading(plain, period, role="total" if total else "visits", marks=tuple(marks))
    if total and len(words) <= 4:
        return Heading(plain, role="total", marks=tuple(marks))
    return Heading(plain, role="other", marks=tuple(marks))


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
    columns, ignored = _read_columns(grid, at, reach, headings, start, stop)
    rows, last = _read_rows(grid, at, level, columns, start, stop)
    return Table(
        sheet, at, level, headings, columns, rows, turned, max(headings[0], 0), last,
        _caption(grid, headings[0], at, reach), ignored,
        key_heading=_plain(grid[headings[-1]][at].text) if headings[-1] >= 0 else "",
    )  # fmt: skip


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


def _read_columns(
    grid: Grid, at: int, reach: list[int], headings: list[int], start: int, stop: int
) -> tuple[list[Column], list[tuple[Cell, str]]]:
    """What each column beside the key is, and the columns that were left out with the reason."""
    texts = _heading_texts(grid, reach, headings)
    dashed = any(has_dashed_month(text) for stack in texts.values() for text in stack)
    read = {column: _merge(stack, dashed) for column, stack in texts.items()}
    read = _dates_as_years_or_months(read)
    body = {
        column: [grid[line][column].text for line in range(start, stop) if read_area(grid[line][at].text)]
        for column in reach
    }
    columns: list[Column] = []
    ignored: list[tuple[Cell, str]] = []
    for column in reach:
        heading = read[column]
        role = _role(heading, body[column])
        if role:
            columns.append(Column(column, role, heading, heading.period, heading.setting))
        elif heading.text or any(is_figure_like(text) for text in body[column]):
            cell = grid[headings[-1]][column] if headings[-1] >= 0 else grid[start][column]
            reason = "no heading" if not heading.text else "other"
            if any(body[column]) and not _is_key_like(heading, body[column]):
                ignored.append((cell, reason))
    return _settle_totals(_settle_long(columns)), ignored


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


def _merge(stack: list[str], dashed_months: bool) -> Heading:
    """One heading out of the stacked ones: "2019" over "Q1", "Visits" under "2019"."""
    stack = [text for text in stack if text]
    if not stack:
        return Heading()
    read = [read_heading(text, dashed_months) for text in stack]
    lowest = read[0]
    marks = tuple(mark for heading in read for mark in heading.marks)
    period = next((heading.period for heading in read if heading.period), None)
    if len(stack) > 1 and not lowest.period and is_part_of_year(heading_marks(stack[0])[0]):
        for above in stack[1:]:
            joined = read_period(f"{heading_marks(stack[0])[0]} {heading_marks(above)[0]}", dashed_months)
            if joined:
                return Heading(lowest.text, joined, marks=marks)
    others = [heading for heading in read if heading.role == "other"]
    if others and lowest.role not in ("total", "visits") and not lowest.period and not lowest.setting:
        return replace(lowest, marks=marks, role="other", period=None)
    if any(OTHER_MEASURE.search(heading.text) and len(heading.text) < PROSE_LENGTH for heading in others):
        return replace(lowest, marks=marks, role="other", period=None, setting=None)
    setting = next((heading.setting for heading in read if heading.setting), None)
    role = lowest.role
    if role in ROLES and len(stack) > 1 and period:
        role = ""
    return Heading(lowest.text, period, setting, role, marks)


def _dates_as_years_or_months(read: dict[int, Heading]) -> dict[int, Heading]:
    """Headings that a spreadsheet turned into days (1 January 2014 for 2014) back into the years or months meant."""
    days = {
        at: heading.period
        for at, heading in read.items()
        if heading.period and heading.period.start == heading.period.end
    }
    firsts = [period.start for period in days.values()]
    if len(firsts) < 2 or any(day.day != 1 for day in firsts):
        return read
    yearly = all(day.month == 1 for day in firsts)
    shape = "{:%Y}" if yearly else "{:%m/%Y}"
    return read | {at: replace(read[at], period=read_period(shape.format(days[at].start))) for at in days}


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
    if heading.role == "other":
        known = [text for text in texts if read_setting(text)]
        return (
            "setting" if texts and len(known) * 2 > len(texts) and not any(map(is_figure_like, known)) else ""
        )
    if heading.period or heading.setting or heading.role == "visits":
        return "value"
    return ""


LONG_ROLES = ("year", "part", "period", "start", "end")


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
    follows = all(
        before.end.toordinal() + 1 == after.start.toordinal() for before, after in itertools.pairwise(parts)
    )
    return follows and parts[0].start == whole.start and parts[-1].end == whole.end


def _read_rows(
    grid: Grid, at: int, level: str, columns: list[Column], start: int, stop: int
) -> tuple[list[Row], int]:
    """The lines of a table in order, down to its last figure."""
    rows: list[Row] = []
    last, kept = start, 0
    for line in range(start, stop):
        row = _read_row(grid[line], at, level, columns)
        if row is None:
            continue
        rows.append(row)
        if row.kind in ("area", "area total") or (row.has_figures and row.kind != "prose"):
            last, kept = line, len(rows)
    return _settle_kinds(rows[:kept], columns), last


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
        row.kind == "type" and row.setting != UNKNOWN and _plain(row.key.text) not in ("other", "others")
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


def _fold(grid: Grid) -> Grid:
    """
    A text with one cell a line (a table copied out of a PDF), or one line a row, made into a table.

    Each area begins a row that takes the figures after it.
    """
    filled = [[cell for cell in line if cell.text] for line in grid]
    if not filled or any(len(line) > 1 for line in filled):
        return grid
    cells = [line[0] for line in filled if line]
    return _fold_lines(cells) or _fold_cells(cells) or grid


def _fold_cells(cells: list[Cell]) -> Grid | None:
    starts = [number for number, cell in enumerate(cells) if read_area(cell.text)]
    if not starts:
        return None
    lengths = Counter(after - before - 1 for before, after in itertools.pairwise(starts))
    n_figures = lengths.most_common(1)[0][0] if lengths else 1
    if n_figures < 1 or not is_figure_like(cells[min(starts[0] + 1, len(cells) - 1)].text):
        return None
    width = n_figures + 1
    folded = [[cell] for cell in cells[: max(starts[0] - width, 0)]]
    folded.append(cells[max(starts[0] - width, 0) : starts[0]])
    at = starts[0]
    while at < len(cells):
        following = cells[at + 1 : at + width]
        figures = []
        for cell in following:
            if read_area(cell.text) or not is_figure_like(cell.text):
                break
            figures.append(cell)
        folded.append([cells[at], *figures])
        at += 1 + len(figures)
    return _squared(folded)


def _fold_lines(cells: list[Cell]) -> Grid | None:
    """Rows whose cells are parted by spaces only: "N1 41 44 36"."""
    split = [_split_line(cell) for cell in cells]
    lengths = Counter(len(row) for row in split if len(row) > 1 and read_area(row[0].text))
    if not lengths or (sum(lengths.values()) < 2 and len(cells) > 8):
        return None
    width = lengths.most_common(1)[0][0]
    first = next(number for number, row in enumerate(split) if len(row) == width and read_area(row[0].text))
    folded = []
    for number, (cell, row) in enumerate(zip(cells, split, strict=True)):
        if number < first:
            row = _split_heading(cell, width) if number >= first - MAX_HEADING_LINES else [cell]
        is_row = len(row) > 1 and (
            number < first or read_area(row[0].text) or is_total(row[0].text) or len(row) == width
        )
        folded.append(row if is_row else [cell])
    return _squared(folded)


def _split_line(cell: Cell) -> list[Cell]:
    """A line as its leading words and the figures that end it."""
    words = cell.text.split(" ")
    figures: list[str] = []
    while len(words) > 1 and is_figure_like(words[-1]):
        figures.insert(0, words.pop())
    if not figures:
        return [cell]
    return [
        Cell(" ".join(words), cell.row, 0, cell.sheet),
        *[Cell(text, cell.row, at, cell.sheet) for at, text in enumerate(figures, start=1)],
    ]


def _split_heading(cell: Cell, width: int) -> list[Cell]:
    """A heading line as its first words and one heading for each of the columns that follow."""
    words = cell.text.split(" ")
    for n_key in range(1, len(words)):
        rest = words[n_key:]
        if width > 2 and len(rest) != width - 1:
            continue
        parts = rest if width > 2 else [" ".join(rest)]
        headings = [read_heading(part) for part in parts]
        key = _plain(" ".join(words[:n_key]))
        if key in _ROLE_OF and all(
            heading.period or heading.role in ("visits", "total") for heading in headings
        ):
            texts = [" ".join(words[:n_key]), *parts]
            return [Cell(text, cell.row, at, cell.sheet) for at, text in enumerate(texts)]
    return [cell]


def _squared(rows: list[list[Cell]]) -> Grid:
    width = max(len(row) for row in rows)
    return [
        [*row, *[Cell("", row[0].row if row else 0, at) for at in range(len(row), width)]] for row in rows
    ]
