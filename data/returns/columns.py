"""What each column of an official return's table is, by its heading and, where that leaves it open, by its cells."""

from dataclasses import dataclass, replace
from itertools import pairwise

from data.reading.periods import Period, has_dashed_month, is_part_of_year, names_doubtful_year
from data.returns.coverage import name_period, only_period
from data.returns.grid import Cell, Grid
from data.returns.headings import YEAR_ABOVE, Heading, days_as_years_or_months, merge_headings
from data.returns.notes import heading_marks
from data.returns.words import is_figure_like, read_area, read_setting

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
        if role:
            columns.append(Column(column, role, heading, heading.period, heading.setting))
        elif heading.text or any(is_figure_like(text) for text in body[column]):
            cell = grid[headings[-1]][column] if headings[-1] >= 0 else grid[start][column]
            reason = _why_left_out(heading, texts[column])
            if any(body[column]) and not _is_key_like(heading, body[column]):
                ignored.append((cell, reason))
    return _settle_totals(_settle_long(columns)), ignored


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
    if heading.role == "other":
        known = [text for text in texts if read_setting(text)]
        return (
            "setting" if texts and len(known) * 2 > len(texts) and not any(map(is_figure_like, known)) else ""
        )
    if heading.period or heading.setting or heading.role == "visits":
        return "value"
    return ""


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
