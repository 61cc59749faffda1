"""A region and a time cut into parts of which each holds at least k incidents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from publish.rules import FIRST_YEAR, YEARS_OF_A_BLOCK, Area, K


@dataclass(frozen=True, order=True)
class Span:
    """Whole quarters, both ends included; a quarter is its year times four, and 0 to 3."""

    first: int
    last: int

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day."""
        return first_day(self.first), first_day(self.last + 1) - timedelta(days=1)

    def holds(self, other: "Span") -> bool:
        """Whether all of the other lies in it."""
        return self.first <= other.first and other.last <= self.last

    def pieces(self) -> list["Span"]:
        """What it is split into: its years, of one year the halves, of a half the quarters; nothing of a quarter."""
        for quarters in (4, 2, 1):
            cuts = [cut for cut in range(self.first + 1, self.last + 1) if cut % quarters == 0]
            if cuts:
                starts, ends = [self.first, *cuts], [*(cut - 1 for cut in cuts), self.last]
                return [Span(first, last) for first, last in zip(starts, ends, strict=True)]
        return []


@dataclass(frozen=True)
class Part:
    """An area in a time, with the incidents recorded there; `root` is the time it was split from."""

    area: Area
    span: Span
    root: Span
    incidents: int


class Tally:
    """Incidents by borough and quarter."""

    def __init__(self, counts: dict[tuple[str, int], int]):
        """From borough code and quarter to how many."""
        self._rows = {code: row for row, code in enumerate(sorted({code for code, _ in counts}))}
        self._first = FIRST_YEAR * 4
        last = max((quarter for _, quarter in counts), default=self._first)
        table = np.zeros((len(self._rows), last - self._first + 2), int)
        for (code, quarter), number in counts.items():
            table[self._rows[code], quarter - self._first + 1] += number
        self._until = table.cumsum(axis=1)

    def of(self, area: Area, span: Span) -> int:
        """How many are recorded in an area and a time."""
        rows = [self._rows[code] for code in area.members if code in self._rows]
        first, last = (
            min(max(quarter - self._first, 0), self._until.shape[1] - 1)
            for quarter in (span.first, span.last + 1)
        )
        return int((self._until[rows, last] - self._until[rows, first]).sum())


def first_day(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def quarter_of(day: date) -> int:
    """The quarter of a day."""
    return day.year * 4 + (day.month - 1) // 3


def roots_of(tally: Tally, region: Area, covered_to: int | None, last_closed: int) -> list[Span]:
    """
    The times that are split, each holding at least k incidents of the region.

    Blocks of three years, of the last as much as is over. Blocks with fewer are left out before the first that is released;
    later ones are joined to the next, and where nothing follows they wait.

    Parameters
    ----------
    covered_to
        The last quarter of an earlier release, whose times stay as they are; None for the first one.
    last_closed
        The last quarter that may be released.
    """
    roots = []
    start = FIRST_YEAR * 4 if covered_to is None else covered_to + 1
    block = YEARS_OF_A_BLOCK * 4
    ends = {end for end in range(start, last_closed + 1) if (end + 1 - FIRST_YEAR * 4) % block == 0}
    for end in sorted(ends | {last_closed}):
        if start <= end and tally.of(region, Span(start, end)) >= K:
            roots.append(Span(start, end))
            start = end + 1
        elif not roots and covered_to is None and end in ends:
            start = end + 1
    return roots


def split_areas(tally: Tally, area: Area, root: Span, whole: frozenset = frozenset()) -> Iterator[Area]:
    """The areas of a time: one is split only if all it is split into hold k. Those in `whole`, by code and time, stay whole."""
    can_split = (area.code, root, "areas") not in whole
    if area.children and can_split and all(tally.of(child, root) >= K for child in area.children):
        for child in area.children:
            yield from split_areas(tally, child, root, whole)
    else:
        yield area


def split_time(
    tally: Tally, area: Area, span: Span, root: Span, whole: frozenset = frozenset()
) -> Iterator[Part]:
    """The parts of an area's time, likewise."""
    pieces = span.pieces()
    if pieces and (area.code, span, "time") not in whole and all(tally.of(area, one) >= K for one in pieces):
        for one in pieces:
            yield from split_time(tally, area, one, root, whole)
    else:
        yield Part(area, span, root, tally.of(area, span))
