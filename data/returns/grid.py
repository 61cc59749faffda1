"""A sheet of an official return as cells that know their places, laid out with its areas going down."""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from data.files.sheet import Sheet, column_letters, refuse_long_cells
from data.returns.cells import LOST, is_figure_like, is_total, read_area, tidy
from data.returns.headings import MAX_HEADING_LINES, ROLE_OF, plain, read_heading


class Cell(NamedTuple):
    """A cell's text and where it stands in the file: row from 1, column from 0, sheet from 1 (0 for the only one)."""

    text: str
    row: int
    column: int
    sheet: int = 0
    # As it stands in the file: two kinds of address may differ by a blank alone.
    written: str = ""

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
LOOKED_AT_CHARACTERS = 300  # of each cell, to tell a return from a log, whose notes may be long


def row_words(rows: set[int], most: int = 8) -> str:
    """'row 5', 'rows 5, 6 and 9', 'rows 5, 6, … and 12 more'."""
    listed = sorted(rows)
    if len(listed) == 1:
        return f"row {listed[0]}"
    if len(listed) > most:
        return f"rows {', '.join(map(str, listed[:most]))} and {len(listed) - most} more"
    return f"rows {', '.join(map(str, listed[:-1]))} and {listed[-1]}"


def make_grid(sheet: Sheet, number: int = 0, stop: int | None = None) -> Grid:
    """
    A sheet's cells with their places, the ragged rows back in their order; `number` is 0 for the only sheet.

    With `stop`, only the first rows, and the beginnings of long cells: enough to tell what the sheet is.

    Raises
    ------
    InputError
        A cell holds more than can be read.
    """
    rows = [int(row) for row in sheet.row_numbers[:stop]]
    ragged = list(zip(sheet.ragged_rows[:stop], sheet.ragged_cells[:stop], strict=True))
    numbered = sorted([*zip(rows, sheet.rows(0, stop), strict=True), *ragged])[:stop]
    if stop is None:
        refuse_long_cells(numbered, number)
    else:
        numbered = [(row, [cell[:LOOKED_AT_CHARACTERS] for cell in cells]) for row, cells in numbered]
    numbered = _split_again(numbered)
    width = max((len(cells) for _, cells in numbered), default=0)
    return [
        [
            Cell(tidy(text), row, at, number, text)
            for at, text in enumerate([*cells, *[""] * (width - len(cells))])
        ]
        for row, cells in numbered
    ]


def _split_again(numbered: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """
    Lines of a text parted anew, where no line has an area with a figure after it.

    The delimiter is told by what most lines have in common, and in a short return most lines are words with commas.
    """
    if any(_is_row_of_figures(cells) for _, cells in numbered):
        return numbered
    lines = [(row, ",".join(cells).rstrip(",")) for row, cells in numbered]
    for delimiter in ("\t", ";", "|", ","):
        split = [(row, line.split(delimiter)) for row, line in lines]
        if any(_is_row_of_figures(cells) for _, cells in split):
            return split
    return numbered


def _is_row_of_figures(cells: list[str]) -> bool:
    filled = [cell for cell in map(tidy, cells) if cell]
    return any(
        read_area(cell) and is_figure_like(after) and not read_area(after) for cell, after in pairwise(filled)
    )


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
    lengths = Counter(after - before - 1 for before, after in pairwise(starts))
    n_figures = lengths.most_common(1)[0][0] if lengths else 1
    if n_figures < 1 or not is_figure_like(cells[min(starts[0] + 1, len(cells) - 1)].text):
        return None
    width = n_figures + 1
    folded = [[cell] for cell in cells[: max(starts[0] - width, 0)]]
    folded.append(cells[max(starts[0] - width, 0) : starts[0]])
    at = starts[0]
    while at < len(cells):
        if is_figure_like(cells[at].text) and at < starts[-1]:
            # One figure more than the others have: the area it belongs to is lost.
            folded.append([cells[at]._replace(text=LOST), cells[at]])
            at += 1
            continue
        following = cells[at + 1 : at + width]
        figures = []
        for cell in following:
            if read_area(cell.text) or not is_figure_like(cell.text):
                break
            figures.append(cell)
        folded.append(_whole_row([cells[at], *figures], width))
        at += 1 + len(figures)
    return _squared(folded)


def _whole_row(row: list[Cell], width: int) -> list[Cell]:
    """A row of a text; with fewer figures than the others have, nobody can say which of them are lost."""
    if not read_area(row[0].text) or len(row) >= width:
        return row
    return [row[0], *[Cell(LOST, row[0].row, at, row[0].sheet) for at in range(1, width)]]


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
        row = row if is_row else [cell]
        folded.append(_whole_row(row, width) if number >= first else row)
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
        key = plain(" ".join(words[:n_key]))
        if key in ROLE_OF and all(
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
