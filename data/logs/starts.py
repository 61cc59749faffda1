"""When each row's incident may have started, from its date and time columns."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.clock import is_skipped, to_london
from data.reading import dates, times
from data.reading.answers import Column, Distinct, Problem, RowProblems, as_array, distinct, is_blank
from data.reading.dates import DAY_FIRST, PartialDate, check_bounds, parse_date
from data.reading.times import WHOLE_DAY, DayTime, parse_time
from data.schema import DATE_PRECISIONS

CLOCK_SKIPPED = "There was no such hour: London's clock was put forward that night; correct the time, or leave its cell empty."
FILLER_MIDNIGHT = "00:00 is what programs and forms write for no time, so none is read from it; where it was midnight write 12am."
TIMES_DIFFER = "The time in the date's cell and the time column contradict each other; correct one of them."
HOUR, DAY, MONTH, YEAR = (DATE_PRECISIONS.index(name) for name in ("hour", "day", "month", "year"))
MINUTES_PER_DAY = 24 * 60
NO_ZONE = -(10**6)
# A cell shorter than this before its first colon holds no date there.
SHORTEST_DATE_AND_TIME = 8
# Behind a minus seconds tell an offset from a range, so there they stay.
_SECONDS = r"^([0-9]{1,2}:[0-5][0-9]):[0-5][0-9](?:[.,][0-9]+)?(Z|z|\+.*)?$"

_ALL_NOUGHTS = re.compile(r"0[0:.h ]*")
# Hours around midnight: from the evening's to the morning's.
NIGHT_FROM, NIGHT_UNTIL = 22, 3

# "Jun 11 12:08:00 2022": the date goes on behind the time.
_YEAR_AT_END = re.compile(r" [0-9]{4}$")


@dataclass(frozen=True)
class Starts:
    """
    For every row the first and last hour of its start and how finely it is known.

    `earliest` and `latest` are hours since 1970-01-01 00:00 on London's clock; `precision` is a position in
    DATE_PRECISIONS. Rows with a problem hold nothing of use.
    """

    earliest: np.ndarray
    latest: np.ndarray
    precision: np.ndarray


@dataclass(frozen=True)
class _Times:
    """
    One time of day per row: minutes, minutes ahead of UTC or NO_ZONE, and whether it says anything.

    `is_zero` is whether it is written as nothing but noughts, 00:00.
    """

    first: np.ndarray
    last: np.ndarray
    zone: np.ndarray
    is_stated: np.ndarray
    is_zero: np.ndarray


def read_starts(
    columns: Mapping[str, Column], date_order: str, today: date, problems: RowProblems, lost: RowProblems
) -> Starts:
    """
    The start of every row.

    Parameters
    ----------
    columns
        Field -> column, all of one length; the date's fields are 'date', or 'year', 'month' and 'day', or 'month'
        alone; the time's are 'time' and 'hour'.
    date_order
        How dates written in digits are read: 'day first' or 'month first'.
    today
        The last day that is not in the future.
    problems
        Gets the rows whose date cannot be used.
    lost
        Gets the rows whose time cannot be used, or says two things: of them the date alone is known.
    """
    field, day_cells, time_cells = _date_and_time_cells(columns)
    parsed = [parse_date(text, date_order) for text in day_cells.texts]
    _add_date_problems(field, day_cells, parsed, date_order, today, problems)
    doubts = [isinstance(found, PartialDate) and found.is_in_doubt for found in parsed]
    lost.add_for_texts(day_cells, field, [Problem(dates.DAY_IN_DOUBT) if doubt else None for doubt in doubts])
    days = [found if isinstance(found, PartialDate) else PartialDate(0, 0, "day") for found in parsed]
    first_day = day_cells.spread(np.array([day.first for day in days], np.int64))
    last_day = day_cells.spread(np.array([day.last for day in days], np.int64))
    precision = day_cells.spread(np.array([DATE_PRECISIONS.index(day.precision) for day in days], np.int8))
    time = _time_of_day(columns, field, _with_times_beside(day_cells, days, time_cells), lost)
    return _combine(first_day, last_day, precision, time, lost)


def _date_and_time_cells(columns: Mapping[str, Column]) -> tuple[str, Distinct, Distinct | None]:
    """The field that gives the date, its cells, and the times that stand in the same cells."""
    if "date" in columns:
        return "date", *split_moments(columns["date"])
    if "year" in columns:
        return "year", _joined(columns), None
    return "month", distinct(columns["month"]), None


def _joined(columns: Mapping[str, Column]) -> Distinct:
    """Year, month and day from columns of their own, as dates in text."""
    parts = [distinct(columns[field]) for field in ("year", "month", "day") if field in columns]
    key = np.zeros(len(parts[0].index), np.int64)
    for part in parts:
        key = key * len(part.texts) + part.index
    encoded = pa.array(key).dictionary_encode()
    texts = []
    for value in encoded.dictionary.to_pylist():
        cells = []
        for part in reversed(parts):
            value, position = divmod(value, len(part.texts))
            cells.insert(0, part.texts[position].removesuffix(".0"))
        texts.append(_date_text(*cells))
    return Distinct(texts, encoded.indices.to_numpy())


def _date_text(year: str, month: str = "", day: str = "") -> str:
    parts = ["" if is_blank(part) else part for part in (year, month, day)]
    if parts[2] and not parts[1]:
        # A day of no month is no date: it must not pass for a month or an hour.
        return "-".join((parts[2], "?", parts[0]))
    if all(part.isdigit() for part in parts if part):
        return "-".join(part for part in parts if part)
    return " ".join(part for part in reversed(parts) if part)


def split_moments(column: Column) -> tuple[Distinct, Distinct]:
    """
    Dates and clock times that share cells, apart, so that few distinct values are left of each.

    The cells are cut before the clock time, by the position of its colon. A cell with no date right before the time
    stays whole, with '' for the time, and so does one that goes on with a year.
    """
    column = as_array(column)
    colons = np.where(
        pc.string_is_ascii(column).to_numpy(zero_copy_only=False),
        pc.find_substring(column, ":").to_numpy(),
        -1,
    )
    colons[colons < SHORTEST_DATE_AND_TIME] = -1
    dates_found, times_found = _Gathered(len(column)), _Gathered(len(column))
    for colon in np.flatnonzero(np.bincount(colons + 1)) - 1:
        rows = np.flatnonzero(colons == colon)
        # `filter` copies a long column faster than `take`.
        cells = column if len(rows) == len(column) else column.filter(pa.array(colons == colon))
        if colon < 0:
            dates_found.add(rows, distinct(cells))
            times_found.add(rows, Distinct([""], np.zeros(len(rows), np.int32)))
            continue
        # The hour has two digits, or a separator and one.
        days = distinct(pc.utf8_rtrim(pc.utf8_slice_codeunits(cells, 0, int(colon) - 2), " T,"))
        moments = distinct(pc.utf8_ltrim(pc.utf8_slice_codeunits(cells, int(colon) - 2), " T,"))
        moments = _without_seconds(moments)
        is_date = days.spread(np.array([text[-1:].isdigit() for text in days.texts], bool))
        is_date &= ~moments.spread(
            np.array([bool(_YEAR_AT_END.search(text)) for text in moments.texts], bool)
        )
        dates_found.add(rows[is_date], Distinct(days.texts, days.index[is_date]))
        times_found.add(rows[is_date], Distinct(moments.texts, moments.index[is_date]))
        if not is_date.all():
            dates_found.add(rows[~is_date], distinct(cells.filter(pa.array(~is_date))))
            times_found.add(rows[~is_date], Distinct([""], np.zeros((~is_date).sum(), np.int32)))
    return dates_found.as_distinct(), times_found.as_distinct()


def _without_seconds(moments: Distinct) -> Distinct:
    """Clock times cut to the minute: seconds make a day's 1,440 minutes 86,400 texts and say nothing that is kept."""
    short = distinct(pc.replace_substring_regex(pa.array(moments.texts, pa.string()), _SECONDS, r"\1\2"))
    return Distinct(short.texts, short.index[moments.index])


class _Gathered:
    """Distinct texts of parts of a column, put together; a text that stands in two parts stands twice."""

    def __init__(self, n_rows: int):
        self.texts: list[str] = []
        self.index = np.zeros(n_rows, np.int32)

    def add(self, rows: np.ndarray, part: Distinct) -> None:
        self.index[rows] = part.index + len(self.texts)
        self.texts.extend(part.texts)

    def as_distinct(self) -> Distinct:
        return Distinct(self.texts, self.index)


def _add_date_problems(
    field: str,
    cells: Distinct,
    parsed: list[PartialDate | Problem],
    date_order: str,
    today: date,
    problems: RowProblems,
) -> None:
    rows = cells.rows_per_text()
    fits = {"either": 0, "day first": 0, "month first": 0}
    for found, n_rows in zip(parsed, rows, strict=True):
        if isinstance(found, Problem):
            fits["month first"] += int(n_rows) * (found.reason == dates.MONTH_FIRST_ONLY)
        elif found.reading:
            fits[found.reading] += int(n_rows)
    is_doubtful = date_order == DAY_FIRST and fits["month first"] > fits["day first"]
    problems.add_for_texts(cells, field, [_date_problem(found, is_doubtful, today) for found in parsed])


def _date_problem(found: PartialDate | Problem, is_doubtful: bool, today: date) -> Problem | None:
    if isinstance(found, Problem):
        return found
    if is_doubtful and found.reading == "either":
        return Problem(dates.EITHER_WAY)
    return check_bounds(found, today)


def _with_times_beside(
    day_cells: Distinct, days: list[PartialDate], time_cells: Distinct | None
) -> Distinct | None:
    """The times in the date's cells, including those that `parse_date` found in words."""
    if not any(day.time for day in days):
        return time_cells
    beside = Distinct([day.time for day in days], day_cells.index)
    if time_cells is None:
        return beside
    has_beside = beside.spread(np.array([bool(text) for text in beside.texts], bool))
    index = np.where(has_beside, beside.index + len(time_cells.texts), time_cells.index)
    return Distinct([*time_cells.texts, *beside.texts], index)


def _time_of_day(
    columns: Mapping[str, Column], date_field: str, beside: Distinct | None, lost: RowProblems
) -> _Times | None:
    """The time of every row: its own column, else the hour's, else what stands beside the date; None without any."""
    found, fillers = None, []
    if beside is not None:
        found = _read_times(beside, date_field, parse_time, lost, dates.BESIDE_NOT_UNDERSTOOD)
        found, is_filler = _without_filler_midnights(found)
        fillers.append((date_field, is_filler))
    for field, parse in (("hour", parse_hour), ("time", parse_time)):
        if field in columns:
            column = _read_times(distinct(columns[field]), field, parse, lost)
            column, is_filler = _without_filler_midnights(column)
            fillers.append((field, is_filler))
            found = column if found is None else _prefer(column, found, field, lost)
    for field, is_filler in fillers:
        # Where every row has it, a program wrote it, and nobody misses a time.
        if not is_filler.all():
            lost.add(is_filler & ~found.is_stated, field, FILLER_MIDNIGHT)
    return found


def _read_times(
    cells: Distinct,
    field: str,
    parse: Callable[[str], DayTime | Problem],
    lost: RowProblems,
    not_understood: str = times.NOT_UNDERSTOOD,
) -> _Times:
    parsed = [parse(text) for text in cells.texts]
    told = {Problem(times.NOT_UNDERSTOOD): Problem(not_understood)}
    lost.add_for_texts(
        cells,
        field,
        [told.get(found, found) if isinstance(found, Problem) else None for found in parsed],
    )
    known = [WHOLE_DAY if isinstance(found, Problem) else found for found in parsed]
    zones = [NO_ZONE if found.zone_minutes is None else found.zone_minutes for found in known]
    return _Times(
        cells.spread(np.array([found.first for found in known], np.int64)),
        cells.spread(np.array([found.last for found in known], np.int64)),
        cells.spread(np.array(zones, np.int64)),
        cells.spread(
            np.array(
                [
                    not is_blank(text) and not isinstance(found, Problem)
                    for text, found in zip(cells.texts, parsed, strict=True)
                ],
                bool,
            )
        ),
        cells.spread(
            np.array(
                [
                    found[:2] == (0, 0) or bool(_ALL_NOUGHTS.fullmatch(text))
                    for text, found in zip(cells.texts, known, strict=True)
                ],
                bool,
            )
        ),
    )


def parse_hour(text: str) -> DayTime | Problem:
    """A cell of a column of hours: a bare number counts from 0 to 23; anything else is read as a time."""
    digits = text.strip().removesuffix(".0")
    return parse_time(f"{digits.zfill(2)}h") if digits.isdigit() and len(digits) <= 2 else parse_time(text)


def _without_filler_midnights(found: _Times) -> tuple[_Times, np.ndarray]:
    """
    Times without the 00:00 that programs and forms write for none, and a mask of the rows that held it.

    A column in which more other times lie around midnight than are 00:00 means its midnights.
    """
    is_midnight = found.is_stated & found.is_zero & (found.zone == NO_ZONE)
    is_hour = found.is_stated & ~is_midnight & (found.first // 60 == found.last // 60)
    hour = found.first // 60
    n_nights = (is_hour & ((hour >= NIGHT_FROM) | (hour < NIGHT_UNTIL))).sum()
    if not is_midnight.any() or n_nights >= is_midnight.sum():
        return found, np.zeros_like(is_midnight)
    return replace(found, is_stated=found.is_stated & ~is_midnight), is_midnight


def _prefer(column: _Times, beside: _Times, field: str, lost: RowProblems) -> _Times:
    """
    The time column where it says something, else the other.

    Where both do and contradict each other there is none; a midnight beside the date says nothing there.
    """
    both = column.is_stated & beside.is_stated & ((beside.first != 0) | (beside.last != 0))
    apart = (column.first // 60 > beside.last // 60) | (beside.first // 60 > column.last // 60)
    differ = both & apart & (column.zone == beside.zone)
    lost.add(differ, field, TIMES_DIFFER)
    return _Times(
        np.where(column.is_stated, column.first, beside.first),
        np.where(column.is_stated, column.last, beside.last),
        np.where(column.is_stated, column.zone, beside.zone),
        (column.is_stated | beside.is_stated) & ~differ,
        column.is_zero & beside.is_zero,
    )


def _combine(
    first_day: np.ndarray,
    last_day: np.ndarray,
    precision: np.ndarray,
    time: _Times | None,
    lost: RowProblems,
) -> Starts:
    """Day and time into hours; the time counts only where the day is known, and there was such an hour."""
    earliest, latest = first_day * 24, last_day * 24 + 23
    if time is None:
        return Starts(earliest, latest, precision)
    has_time = time.is_stated & (precision == DAY)
    first = first_day * MINUTES_PER_DAY + time.first
    last = first_day * MINUTES_PER_DAY + time.last
    has_zone = time.zone != NO_ZONE
    if has_zone.any():
        first[has_zone] = to_london(first[has_zone] - time.zone[has_zone])
        last[has_zone] = to_london(last[has_zone] - time.zone[has_zone])
    skipped = has_time & ~has_zone & (first // 60 == last // 60) & is_skipped(first // 60)
    lost.add(skipped, "time", CLOCK_SKIPPED)
    has_time &= ~skipped
    earliest = np.where(has_time, first // 60, earliest)
    latest = np.where(has_time, last // 60, latest)
    is_hour = has_time & (earliest == latest)
    return Starts(earliest, latest, np.where(is_hour, HOUR, precision).astype(np.int8))
