"""The delimiter and the width of a text table, told from how its first lines split."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from data.files.quoting import careful_rows
from data.files.sheet import MAX_COLUMNS, too_many_columns

DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"  # for text whose lines do not split: a separator that no spreadsheet writes
MIN_ALIKE = 0.1  # of the lines; commas in prose split fewer of them alike


@dataclass(frozen=True)
class Layout:
    """The delimiter, the cells in the heading row (`width`) and in most rows (`usual_width`, never more)."""

    delimiter: str
    width: int
    usual_width: int


def find_layout(sample: bytes, is_whole: bool) -> Layout:
    """
    The layout of the text that begins with `sample`.

    Of the delimiters that split many lines alike it is the one that does so from the earliest line on, and of
    several the one that gives the most cells; where none does, each line is one cell. The heading row is taken to be
    the first row with as many cells as most rows have; banner lines above it have fewer.

    Raises
    ------
    InputError
        More than `MAX_COLUMNS` columns.
    """
    stated = re.match(rb"sep=([,;\t|])\r?\n", sample)
    candidates = [_splitting(sample, d, is_whole) for d in ((stated[1].decode(),) if stated else DELIMITERS)]
    most_alike = max(candidate.share_alike for candidate in candidates)
    if most_alike < MIN_ALIKE:
        return Layout(NO_DELIMITER, 1, 1)
    even = [candidate for candidate in candidates if candidate.share_alike >= 0.5 * most_alike]
    best = min(even, key=lambda one: (one.heading_row, -one.share_alike * math.log2(one.layout.usual_width)))
    if best.layout.width > MAX_COLUMNS:
        raise too_many_columns(best.layout.width)
    return best.layout


class _Splitting(NamedTuple):
    """What a delimiter makes of a text: how large a share of its rows have the usual width, and where they begin."""

    layout: Layout
    share_alike: float
    heading_row: int


def _splitting(sample: bytes, delimiter: str, is_whole: bool) -> _Splitting:
    rows = careful_rows(sample, delimiter)
    # The last row may be cut in two, unless it is the only one.
    widths = [len(row) for row in (rows if is_whole else rows[:-1] or rows)]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return _Splitting(Layout(delimiter, 1, 1), 0.0, 0)
    usual_width, n_alike = several.most_common(1)[0]
    heading_row = next(row for row, width in enumerate(widths) if width >= usual_width)
    return _Splitting(Layout(delimiter, widths[heading_row], usual_width), n_alike / len(widths), heading_row)
