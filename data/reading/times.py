"""Times of day as people write them, as an interval of hours within the day."""

import re
from collections.abc import Callable
from typing import NamedTuple

from data.reading.distinct import LONGEST_VALUE, Problem, is_blank

NOT_UNDERSTOOD = "The time is not understood; write it as 14:30, 2pm, 'morning' or 'after 2pm', or leave the cell empty if unknown."
NO_SUCH_TIME = "There is no such time; hours run from 00:00 to 23:59."
FRACTION_OR_CLOCK = "The time may be one after midnight or a spreadsheet's fraction of the day; write it with a colon, as 06:00."
BACKWARDS = "The times run backwards; write the earlier one first, or only the time it started."

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * 60
# "around 3pm" is read as within half an hour of it.
AROUND_MINUTES = 29


class DayTime(NamedTuple):
    """
    When in the day something may have started: first and last minute of the day, both included.

    `zone_minutes` is how far the clock it was read from is ahead of UTC; None for London's own clock.
    """

    first: int
    last: int
    zone_minutes: int | None = None


def _hours(first: int, last: int) -> DayTime:
    return DayTime(first * MINUTES_PER_HOUR, last * MINUTES_PER_HOUR + 59)


WHOLE_DAY = _hours(0, 23)

# A night belongs to two days and "midnight" to the beginning or the end of one, so neither says more than the day.
_PARTS_OF_DAY = {
    "all day": (0, 23),
    "day": (0, 23),
    "night": (0, 23),
    "overnight": (0, 23),
    "midnight": (0, 23),
    "12 midnight": (0, 23),
    "am": (0, 11),
    "pm": (12, 23),
    "a.m.": (0, 11),
    "p.m.": (12, 23),
    "daytime": (6, 17),
    "early hours": (0, 5),
    "small hours": (0, 5),
    "dawn": (3, 8),
    "dawn raid": (3, 8),
    "daybreak": (3, 8),
    "sunrise": (3, 8),
    "first thing": (5, 9),
    "early morning": (4, 8),
    "early am": (4, 8),
    "morning": (6, 11),
    "mid morning": (9, 11),
    "late morning": (10, 11),
    "breakfast time": (6, 9),
    "morning rush hour": (6, 9),
    "lunchtime": (11, 14),
    "lunch time": (11, 14),
    "lunch": (11, 14),
    "afternoon": (12, 17),
    "early afternoon": (12, 14),
    "mid afternoon": (14, 16),
    "late afternoon": (15, 17),
    "teatime": (15, 18),
    "evening rush hour": (16, 19),
    "dusk": (15, 22),
    "early evening": (17, 19),
    "evening": (18, 23),
    "late evening": (20, 23),
    "late night": (0, 23),
}  # fmt: skip

# Minutes ahead of UTC. "IST" is left out: Irish and Indian time share it.
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "bst": 60, "cet": 60, "cest": 120}
_NAMED_ZONE = re.compile(rf"(?<=[\d\sm.])\s*\(?({'|'.join(_ZONES)})$")
_OFFSET = re.compile(r"^(\d{1,2}:\d\d(:\d\d(?:[.,]\d+)?)?)\s*([+-])(\d{2}):?(\d{2})?$")

_ONE_CLOCK = re.compile(
    r"^(?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d))?(?::[0-5]\d(?:[.,]\d+)?)?h?"
    r"\s*(?P<half>am|pm|a\.m\.?|p\.m\.?|noon)?$"
)
# Spreadsheets drop the first zero: 930 is 09:30.
_FOUR_DIGITS = re.compile(r"^(\d{1,2})([0-5]\d)h?$")
_NOON = ("noon", "midday", "mid day")
_HOURS_WORD = re.compile(r"(?<=\d)\s*(?:hrs|hours|hr|o'?clock)\b\.?")
# As spreadsheets store times. They write no zero at its end, so "0.50" is 00:50, but "0.25"
# may be a quarter of the day or 00:25.
_FRACTION_OF_DAY = re.compile(r"^0?\.(?:\d|\d{3,}|[6-9]\d)$")
_FRACTION_OR_CLOCK = re.compile(r"^0?\.[0-5][1-9]$")
_HYPHEN_IN_WORDS = re.compile(r"(?<=[a-z])-(?=[a-z])")

# "shortly after 2pm" is the hour of 2pm.
_FILLER = re.compile(
    r"^(?:(?:just|shortly|soon) after|just gone|exactly|from|at|@|in the|during the|the|on the|starting|started|start)\s+"
)
_BETWEEN = re.compile(
    r"^(?:between\s+|from\s+)?(?P<start>.+?)\s*(?P<joint>-|\bto\b|\band\b|\bor\b|\buntil\b|\btill\b)\s*(?P<end>.+)$"
)


class _Clock(NamedTuple):
    """A time as written: minute of the day read on the 24-hour clock, and whether it could also be pm."""

    minute: int
    is_either_half: bool
    has_minutes: bool
    half: str


def parse_time(text: str) -> DayTime | Problem:
    """
    When in the day a cell says something started; the whole day for an empty one.

    An hour from 1 to 12 with neither am or pm, nor minutes, a leading zero or an "h" could be either half of the day, and
    the interval covers both: "at 3" is 03:00 to 15:59. With minutes it is read on the 24-hour clock, and so is a bare
    hour after "before". "around 3pm" is within half an hour of it, "2-4pm" is 14:00 to 15:59.

    >>> parse_time("12.08"), parse_time("after 2pm"), parse_time("2-4pm")
    (DayTime(first=728, last=728, zone_minutes=None), DayTime(first=840, last=1439, zone_minutes=None), DayTime(first=840, last=959, zone_minutes=None))
    """
    if len(text) > LONGEST_VALUE:
        return Problem(NOT_UNDERSTOOD)
    plain = _HYPHEN_IN_WORDS.sub(" ", " ".join(re.sub("[–—]", "-", text.lower()).split()).strip(" .,;()"))
    if is_blank(plain):
        return WHOLE_DAY
    if plain in _PARTS_OF_DAY:
        return _hours(*_PARTS_OF_DAY[plain])
    plain, zone_minutes = _split_zone(_HOURS_WORD.sub("", plain))
    found = _without_zone(plain)
    return found._replace(zone_minutes=zone_minutes) if isinstance(found, DayTime) else found


def _split_zone(plain: str) -> tuple[str, int | None]:
    if named := _NAMED_ZONE.search(plain):
        return plain[: named.start()].strip(), _ZONES[named[1]]
    offset = _OFFSET.match(plain)
    # "10:00-11:00" is a range; a clock that is behind UTC is told from it by its seconds.
    if not offset or (offset[3] == "-" and not offset[2]):
        return plain, None
    minutes = int(offset[4]) * MINUTES_PER_HOUR + int(offset[5] or 0)
    return offset[1], -minutes if offset[3] == "-" else minutes


def _without_zone(plain: str) -> DayTime | Problem:
    if _FRACTION_OF_DAY.match(plain):
        minute = min(int(float(plain) * MINUTES_PER_DAY + 0.5), MINUTES_PER_DAY - 1)
        return DayTime(minute, minute)
    if _FRACTION_OR_CLOCK.match(plain):
        return Problem(FRACTION_OR_CLOCK)
    for pattern, interval in _BOUNDS:
        if prefix := pattern.match(plain):
            return _bounded(plain[prefix.end() :], interval)
    if filler := _FILLER.match(plain):
        return _without_zone(plain[filler.end() :])
    if plain in _PARTS_OF_DAY:
        return _hours(*_PARTS_OF_DAY[plain])
    clock = _parse_clock(plain)
    if clock is not None:
        return clock if isinstance(clock, Problem) else _at(clock)
    return _between(plain)


def _bounded(plain: str, interval: Callable[[_Clock, int], DayTime | Problem]) -> DayTime | Problem:
    """What "around", "after" or "before" makes of a time or a part of the day."""
    plain = _FILLER.sub("", plain)
    if plain in _PARTS_OF_DAY:
        first, last = _PARTS_OF_DAY[plain]
        return interval(_Clock(first * MINUTES_PER_HOUR, False, False, ""), last * MINUTES_PER_HOUR + 59)
    clock = _parse_clock(plain)
    if clock is None:
        return _between(plain) if interval is _around else Problem(NOT_UNDERSTOOD)
    return clock if isinstance(clock, Problem) else interval(clock, clock.minute)


def _parse_clock(plain: str) -> _Clock | Problem | None:
    """One time of the clock; None where the text is something else."""
    if plain in _NOON:
        return _Clock(12 * MINUTES_PER_HOUR, False, False, "p")
    if digits := _FOUR_DIGITS.match(plain):
        hour, minute, half = int(digits[1]), int(digits[2]), ""
    elif found := _ONE_CLOCK.match(plain):
        hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "")[:1]
    else:
        return None
    if half == "p" and 13 <= hour <= 23:
        # "14:30 pm" says the same thing twice.
        half = ""
    if (
        hour > 23
        or (half == "p" and hour == 0)
        or (half == "a" and hour > 12)
        or (half == "n" and hour != 12)
    ):
        return Problem(NO_SUCH_TIME)
    has_minutes = bool(digits or found["minute"])
    is_bare = (
        not half and not has_minutes and 1 <= hour <= 12 and not plain.startswith("0") and "h" not in plain
    )
    if half:
        hour = hour % 12 + (0 if half == "a" else 12)
    return _Clock(hour * MINUTES_PER_HOUR + minute, is_bare, has_minutes, half)


def _other_half(minute: int) -> int:
    return (minute + MINUTES_PER_DAY // 2) % MINUTES_PER_DAY


def _readings(clock: _Clock) -> tuple[int, int]:
    """The earliest and the latest minute a time as written can mean."""
    if not clock.is_either_half:
        return clock.minute, clock.minute
    return tuple(sorted((clock.minute, _other_half(clock.minute))))


def _at(clock: _Clock) -> DayTime:
    first, last = _readings(clock)
    return DayTime(first, last if clock.has_minutes else last + 59)


def _around(clock: _Clock, last: int) -> DayTime:
    low, high = _readings(clock)
    return DayTime(max(low - AROUND_MINUTES, 0), min(max(high, last) + AROUND_MINUTES, MINUTES_PER_DAY - 1))


def _after(clock: _Clock, last: int) -> DayTime:
    return DayTime(_readings(clock)[0], MINUTES_PER_DAY - 1)


def _before(clock: _Clock, last: int) -> DayTime | Problem:
    return DayTime(0, clock.minute - 1) if clock.minute else Problem(NO_SUCH_TIME)


_BOUNDS: tuple[tuple[re.Pattern, Callable[[_Clock, int], DayTime | Problem]], ...] = (
    (
        re.compile(
            r"^(?:(?:c|ca|circa|about|around|at about|at around|approx|approximately|roughly|near)\b\.?|~|≈)\s*"
        ),
        _around,
    ),
    (re.compile(r"^(?:after|since|past|later than|not before)\s+"), _after),
    (re.compile(r"^(?:before|by|until|till|earlier than|not after|up to)\s+"), _before),
)


def _between(plain: str) -> DayTime | Problem:
    found = _BETWEEN.match(plain)
    start, end = (
        (_parse_clock(_FILLER.sub("", found[part])) for part in ("start", "end")) if found else (None, None)
    )
    for part in (start, end):
        if isinstance(part, Problem):
            return part
    if start is None or end is None:
        return Problem(NOT_UNDERSTOOD)
    return _either(start, end) if found["joint"] == "or" else _span(start, end)


def _either(one: _Clock, other: _Clock) -> DayTime:
    """From the earlier of two times to the end of the later: "6am or 7am" is 06:00 to 07:59."""
    if one.is_either_half and other.half:
        one = _nearest_reading(one, other)
    times = _at(one), _at(other)
    return DayTime(min(time.first for time in times), max(time.last for time in times))


def _span(start: _Clock, end: _Clock) -> DayTime | Problem:
    """From one time until just before the other: "2-4pm" begins at 14:00 at the earliest and before 16:00."""
    if start.is_either_half and end.half:
        start = _nearest_reading(start, end)
    if start.is_either_half and end.is_either_half:
        return _span_of_both_halves(start, end)
    first, last = _readings(start)[0], _readings(end)[1]
    if last < first:
        return Problem(BACKWARDS)
    return DayTime(first, max(last - 1, first))


def _nearest_reading(start: _Clock, end: _Clock) -> _Clock:
    """The start of "2-4pm" or "11-1pm": the latest reading of it that comes before the end."""
    readings = [minute for minute in _readings(start) if minute < end.minute]
    return start._replace(minute=max(readings, default=start.minute), is_either_half=False)


def _span_of_both_halves(start: _Clock, end: _Clock) -> DayTime:
    """ "3-5" is 03:00 to 04:59 or 15:00 to 16:59, so 03:00 to 16:59; "10-12" runs from 10:00 to midnight."""
    first = min(_readings(start))
    latest_start = max(_readings(start))
    last = max(_readings(end))
    return DayTime(first, last - 1 if last > latest_start else MINUTES_PER_DAY - 1)
