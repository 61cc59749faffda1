"""Times of day as people write and say them, as an interval of hours: one reader for cells, messages, form and command line."""

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from data.reading.answers import LONGEST_VALUE, Problem, is_blank

HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
COUNTED = {name: number for number, name in enumerate(HOURS, start=1)}
HOUR_WORD = "|".join(HOURS)
# Behind a time that was said, and may lie in either half of the day; "6:30" in digits is on the 24-hour clock.
EITHER_HALF = "°"

_NUMBER = rf"(?:\d{{1,2}}|{HOUR_WORD})"
_MINUTES = {
    "five": 5, "ten": 10, "fifteen": 15, "quarter": 15, "1/4": 15, "twenty": 20, "twenty five": 25, "thirty": 30, "half": 30,
    "thirty five": 35, "forty": 40, "forty five": 45, "fifty": 50, "fifty five": 55, "oh five": 5,
}  # fmt: skip
_MINUTE_WORDS = "|".join(sorted((word.replace(" ", "[ -]") for word in _MINUTES), key=len, reverse=True))
# "Half seven" is half past seven, as here, and not the half before. "10 to 6" may be a range: only minutes that are no hour,
# or that are called minutes, are read so in digits.
_PAST = re.compile(
    rf"\b(?:(?P<half>half)[ -](?:past[ -])?|(?:a )?(?:(?P<word>{_MINUTE_WORDS})(?: ?(?:minutes?|mins?))?"
    rf"|(?P<digits>\d{{1,2}}) ?(?:minutes?|mins?)|(?P<bare>\d{{1,2}})(?= past )|(?P<late>2[05])(?= to ))"
    rf" (?P<side>past|after|gone|to|before|till) )(?P<hour>{_NUMBER})(?!\d|[:.]\d|(?! ?[ap]m\b)\w)",
    re.IGNORECASE,
)
_THEN_MINUTES = re.compile(
    rf"\b(?P<hour>{HOUR_WORD})[ -](?P<minutes>{_MINUTE_WORDS})(?= ?(?:[ap]m\b|o'?clock|ish|$|[,.;)?])| in the | at night| this )",
    re.IGNORECASE,
)
_THEN_HALF = re.compile(rf"\b({HOUR_WORD})(?= ?(?:[ap]m\b|o'? ?clock\b))", re.IGNORECASE)


def say_in_digits(text: str, no_time: re.Pattern | None = None) -> str:
    """
    A text with its spoken times in digits, each with `EITHER_HALF` behind it.

    Parameters
    ----------
    no_time
        What behind "half six" shows that it is none, as in "half six people".

    >>> say_in_digits("about quarter to seven this morning, half five am, six pm")
    'about 6:45° this morning, 5:30° am, 6° pm'
    """

    def past(match: re.Match) -> str:
        if no_time and no_time.match(match.string, match.end()):
            return match[0]
        word = (match["word"] or "").replace("-", " ").lower()
        minutes = 30 if match["half"] else _MINUTES.get(word)
        if minutes is None:
            minutes = int(match["digits"] or match["bare"] or match["late"])
        hour = _hour(match["hour"])
        if not 1 <= hour <= 12 or minutes > 59:
            return match[0]
        if (match["side"] or "").lower() in ("to", "before", "till"):
            hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
        return f"{hour}:{minutes:02}{EITHER_HALF}"

    def then_minutes(match: re.Match) -> str:
        minutes = _MINUTES[match["minutes"].replace("-", " ").lower()]
        return f"{_hour(match['hour'])}:{minutes:02}{EITHER_HALF}"

    text = _THEN_MINUTES.sub(then_minutes, _PAST.sub(past, text))
    return _THEN_HALF.sub(lambda match: f"{_hour(match[1])}{EITHER_HALF}", text)


def _hour(text: str) -> int:
    return COUNTED.get(text.lower()) or int(text)


NOT_UNDERSTOOD = "The time is not understood; write it as 14:30, 2pm, 'morning' or 'after 2pm', or leave the cell empty if unknown."
NO_SUCH_TIME = "There is no such time; hours run from 00:00 to 23:59."
FRACTION_OR_CLOCK = "The time may be one after midnight or a spreadsheet's fraction of the day; write it with a colon, as 06:00."
BACKWARDS = "The times run backwards; write the earlier one first, or only the time it started."
PART_DIFFERS = "The time and the part of the day beside it contradict each other; correct one of them."

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * 60
HALF_DAY = MINUTES_PER_DAY // 2
# "around 3pm" is read as within half an hour of it.
AROUND_MINUTES = 29
# "11pm-1am" goes on into the next day; what would take longer than this runs backwards.
LONGEST_OVER_MIDNIGHT = HALF_DAY
# Nobody names more parts of the day beside a time, and each more would be tried at both ends of the text.
MOST_PARTS = 2

_WORDS = tomllib.loads((Path(__file__).parent / "times.toml").read_text(encoding="utf-8"))
Hours = tuple[int, int]  # first and last hour, both included
PARTS_OF_DAY: dict[str, Hours] = {name: tuple(hours) for name, hours in _WORDS["parts"].items()}
# Those that say something of the time in a sentence too.
PARTS_IN_SENTENCES = tuple(part for part in PARTS_OF_DAY if part not in _WORDS["alone"]["parts"])
# A night says which half of the day an hour lies in; it goes on after midnight.
NIGHT: Hours = (19, 24 + 5)


class DayTime(NamedTuple):
    """
    When something may have started: first and last minute, both included, from the midnight at which the day begins.

    The last may lie after the next midnight. `zone_minutes` is how far the clock it was read from is ahead of UTC; None for
    London's own clock. `is_open` is whether an hour from 1 to 12 may lie in either half of the day.
    """

    first: int
    last: int
    zone_minutes: int | None = None
    is_open: bool = False

    def hours(self) -> Hours:
        """The first and the last hour; from 24 on they belong to the next day."""
        return self.first // MINUTES_PER_HOUR, self.last // MINUTES_PER_HOUR


class _Clock(NamedTuple):
    """
    A time as written: minute of the day read on the 24-hour clock.

    `is_either_half` is whether it could also be pm, `may_shift` whether a part of the day, or the end of a range, may say so.
    """

    minute: int
    is_either_half: bool = False
    has_minutes: bool = False
    half: str = ""
    may_shift: bool = False


Make = Callable[[_Clock, int], DayTime | Problem]


def _hours(first: int, last: int) -> DayTime:
    return DayTime(first * MINUTES_PER_HOUR, last * MINUTES_PER_HOUR + 59)


WHOLE_DAY = _hours(0, 23)

# Minutes ahead of UTC. "IST" is left out: Irish and Indian time share it.
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "bst": 60, "cet": 60, "cest": 120}
_NAMED_ZONE = re.compile(rf"(?<=[\d\sm.])\s*\(?({'|'.join(_ZONES)})$")
_OFFSET = re.compile(r"^(\d{1,2}:\d\d(:\d\d(?:[.,]\d+)?)?)\s*([+-])(\d{2}):?(\d{2})?$")

_HALF = r"\s*(?P<half>[ap]m|noon|midday)?"
_ONE_CLOCK = re.compile(
    rf"^(?P<hour>\d{{1,2}})(?:[:.;h](?P<minute>[0-5]\d))?(?::[0-5]\d(?:[.,]\d+)?)?(?P<either>{EITHER_HALF})?h?{_HALF}$"
)
# Spreadsheets drop the first zero: 930 is 09:30.
_FOUR_DIGITS = re.compile(rf"^(?P<hour>\d{{1,2}})(?P<minute>[0-5]\d)h?{_HALF}$")
_NOON = ("noon", "midday", "mid day")
_MIDNIGHT = ("midnight", "12 midnight", "24", "24:00", "24.00", "2400")
# As spreadsheets store times. They write no zero at its end, so "0.50" is 00:50, but "0.25"
# may be a quarter of the day or 00:25.
_FRACTION_OF_DAY = re.compile(r"^0?\.(?:\d|\d{3,}|[6-9]\d)$")
_FRACTION_OR_CLOCK = re.compile(r"^0?\.[0-5][1-9]$")

# What people write in several ways is made one, in this order.
_SAME = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        ("[‐‑‒–—−]|->|→", "-"),
        ("[’‘`´]", "'"),
        (r"[\s\xa0]+", " "),
        (r"(?<![a-z])([ap])\.? ?m\b\.?", r"\1m"),
        (r"(?<=[a-z])(?<!\d[ap]m)(?<!\d [ap]m)-(?=[a-z])", " "),
        (r"'(?=till?\b)", ""),
        (rf"(?<=[\d{EITHER_HALF}]) ?(?:hrs|hours|hr|o'? ?clock)\b\.?", ""),
        # "6-ish am" is "6am ish".
        (rf"(?<=[0-9{EITHER_HALF}])[ -]?ish\b(?: ([ap]m)\b)?", r"\1 ish"),
        (r"(?:(?<=[ap]m)|(?<=oon)|(?<=day)|(?<=ime)|(?<=ing))[ -]?ish\b", " ish"),
        # A doubt widens nothing.
        (r"(?<=.) ?\(?\?+\)?(?!\w)", ""),
        (r"(?<=\w)\?(?=\w)", ""),
    )
)
_ISH_IN_WORDS = re.compile(rf"\b({HOUR_WORD})(?=[ -]?ish\b)")
_HOUR_IN_WORDS = re.compile(rf"\b({HOUR_WORD})\b")

_BRACKETS = re.compile(r"^(?P<outside>[^()\[\]]+?)\s*[(\[](?P<inside>[^()\[\]]+)[)\]]?$")
# "Finished (9am)" says when it ended.
_ENDED = re.compile(r"\b(?:left|leav\w+|end\w*|finish\w*|until|till?|over|gone(?! \d)|by(?! \d)|released?)\b")
# Midnight and the whole day say nothing of a time beside them.
_PART = "|".join(
    sorted(
        (
            re.escape(name)
            for name, hours in PARTS_OF_DAY.items()
            if hours != (0, 23) or "night" in name.split()
        ),
        key=len,
        reverse=True,
    )
)
# "1 - Early morning", "A) Morning": the number of a form's choice.
_OPTION = re.compile(rf"^(?:\d{{1,2}} ?[.)-]|[a-h][.)]) (?=(?:{_PART})(?![a-z]))")
_PART_FIRST = re.compile(rf"^(?P<part>{_PART})(?![a-z])\s*[,:;-]?\s*(?P<rest>.+)$")
_PART_LAST = re.compile(
    rf"^(?P<rest>.*?[\d{EITHER_HALF}mhyn])\s*[,:;-]?\s*(?:(?:in|of|at|on|during)\s+(?:the\s+)?|this\s+|that\s+)?(?<![a-z])(?P<part>{_PART})$"
)
_BETWEEN = re.compile(
    r"^(?P<between>(?:between|betw|btwn?|from) )?(?P<start>.+?)\s*(?P<joint>-|\bto\b|\band\b|&|\bor\b|/|\b(?:until|till?)\b)\s*(?P<end>.+)$"
)
# "10 to 6" is ten minutes before, or a range; "10 to 12" holds both.
_MINUTES_OR_RANGE = re.compile(r"^(?:10 to [1-9]|5 to [1-4])(?!\d)")


def parse_time(text: str, parts: Sequence[Hours] = ()) -> DayTime | Problem:
    """
    When in the day a text says something started; the whole day for an empty one.

    An hour from 1 to 12 with neither am or pm, nor minutes, a leading zero or an "h" could be either half of the day, and
    the interval covers both: "at 3" is 03:00 to 15:59. With minutes it is read on the 24-hour clock, and so is a bare
    hour after "before". "around 3pm" is within half an hour of it, "2-4pm" is 14:00 to 15:59.

    Parameters
    ----------
    text
        A cell, an answer, or the phrase of a message that tells the time.
    parts
        Parts of the day that are known from elsewhere, as first and last hour; they settle the half of the day.

    >>> parse_time("12.08").hours(), parse_time("after 2pm").hours(), parse_time("half six in the morning").hours()
    ((12, 12), (14, 23), (6, 6))
    """
    if len(text) > LONGEST_VALUE:
        return Problem(NOT_UNDERSTOOD)
    plain = _plain(text)
    if is_blank(plain):
        return WHOLE_DAY
    plain, zone_minutes = _split_zone(plain)
    if _FRACTION_OF_DAY.match(plain):
        minute = min(int(float(plain) * MINUTES_PER_DAY + 0.5), MINUTES_PER_DAY - 1)
        return DayTime(minute, minute)
    if _FRACTION_OR_CLOCK.match(plain):
        return Problem(FRACTION_OR_CLOCK)
    found = _read(plain, _at, tuple(parts))
    return found._replace(zone_minutes=zone_minutes) if isinstance(found, DayTime) else found


def _plain(text: str) -> str:
    """A text in one way of writing: its spoken times in digits, without doubts and full stops."""
    plain = text.lower().strip()
    for pattern, instead in _SAME:
        plain = pattern.sub(instead, plain)
    plain = _ISH_IN_WORDS.sub(lambda match: f"{COUNTED[match[1]]}{EITHER_HALF}", say_in_digits(plain))
    plain = _HOUR_IN_WORDS.sub(lambda match: f"{COUNTED[match[1]]}{EITHER_HALF}", plain)
    # Once more: "six-ish" and "six o'clock" have their digits only now.
    for pattern, instead in _SAME:
        plain = pattern.sub(instead, plain)
    plain = _OPTION.sub("", plain.strip(" .,;:'\"?"))
    return plain[1:-1].strip() if re.fullmatch(r"[(\[][^()\[\]]*[)\]]", plain) else plain


def _split_zone(plain: str) -> tuple[str, int | None]:
    if named := _NAMED_ZONE.search(plain.rstrip(")")):
        return plain[: named.start()].strip(), _ZONES[named[1]]
    offset = _OFFSET.match(plain)
    # "10:00-11:00" is a range; a clock that is behind UTC is told from it by its seconds.
    if not offset or (offset[3] == "-" and not offset[2]):
        return plain, None
    minutes = int(offset[4]) * MINUTES_PER_HOUR + int(offset[5] or 0)
    return offset[1], -minutes if offset[3] == "-" else minutes


def _read(plain: str, make: Make, parts: tuple[Hours, ...]) -> DayTime | Problem:
    """What a text says, if `make` is what it makes of a time and `parts` are the parts of the day it lies in."""
    if brackets := _BRACKETS.match(plain):
        return _read_brackets(brackets["outside"], brackets["inside"], make, parts)
    if plain in PARTS_OF_DAY:
        return _read_part(PARTS_OF_DAY[plain], make, parts)
    clock = _parse_clock(plain)
    if clock is not None:
        clock = _settle(clock, parts)
        return clock if isinstance(clock, Problem) else make(clock, clock.minute)
    # The first that makes sense; a range may begin with "about", and "morning" may stand before one.
    found: DayTime | Problem = Problem(NOT_UNDERSTOOD)
    for read in (_read_beside_part, _between, _read_changed):
        found = _more_telling(found, read(plain, make, parts))
        if isinstance(found, DayTime):
            return found
    return found


def _more_telling(one: DayTime | Problem, other: DayTime | Problem) -> DayTime | Problem:
    return other if isinstance(other, DayTime) or one == Problem(NOT_UNDERSTOOD) else one


def _read_brackets(outside: str, inside: str, make: Make, parts: tuple[Hours, ...]) -> DayTime | Problem:
    """ "Early morning (5am - 8am)": the hours in the brackets go first, the words alone where those say nothing."""
    if _ENDED.search(outside):
        return Problem(NOT_UNDERSTOOD)
    inside = inside.strip(" .,")
    outer, inner = _read(outside, make, parts), _read(inside, make, parts)
    if outside in PARTS_OF_DAY:
        inner = _read(inside, make, (*parts, _as_context(outside)))
        return inner if isinstance(inner, DayTime) else outer
    if isinstance(outer, Problem):
        return inner
    if inside in PARTS_OF_DAY:
        return _read(outside, make, (*parts, _as_context(inside)))
    if isinstance(inner, DayTime):
        first, last = max(outer.first, inner.first), min(outer.last, inner.last)
        return DayTime(first, last) if first <= last else Problem(NOT_UNDERSTOOD)
    return _read_changed(f"{outside} {inside}", make, parts)


def _as_context(part: str) -> Hours:
    """The hours of a part of the day that stands beside a time; a night's go on after midnight."""
    return NIGHT if "night" in part and PARTS_OF_DAY[part] == (0, 23) else PARTS_OF_DAY[part]


def _read_part(hours: Hours, make: Make, parts: tuple[Hours, ...]) -> DayTime | Problem:
    if hours == (0, 23):
        # Neither before nor after midnight, nor around it, says more than the day.
        return WHOLE_DAY
    first, last = hours
    for part in parts:
        first, last = max(first, part[0]), min(last, part[1])
    if first > last:
        return Problem(NOT_UNDERSTOOD)
    return make(_Clock(first * MINUTES_PER_HOUR), last * MINUTES_PER_HOUR + 59)


def _read_beside_part(plain: str, make: Make, parts: tuple[Hours, ...]) -> DayTime | Problem:
    """ "6 in the morning", "morning, 6am": the time, with the half of the day that the part says."""
    found: DayTime | Problem = Problem(NOT_UNDERSTOOD)
    if len(parts) > MOST_PARTS:
        return found
    for pattern in (_PART_LAST, _PART_FIRST):
        if match := pattern.match(plain):
            rest = match["rest"].strip(" ,:;-")
            read = _read(rest, make, (*parts, _as_context(match["part"])))
            if isinstance(read, DayTime) and "night" in match["part"] and read.first < MINUTES_PER_HOUR:
                # "12 at night" is the beginning of one day or of the next.
                return WHOLE_DAY if read.last < MINUTES_PER_HOUR else read
            found = _more_telling(found, read)
    return found


def _read_changed(plain: str, make: Make, parts: tuple[Hours, ...]) -> DayTime | Problem:
    """ "About 6am", "6am or so": the time, changed as the words before or behind it say."""
    for pattern in (_BEFORE_IT, _BEHIND_IT):
        if match := pattern.match(plain):
            change = _CHANGES[match["words"], pattern is _BEFORE_IT]
            return _read(match["rest"], _change(make, change), parts)
    return Problem(NOT_UNDERSTOOD)


def _change(make: Make, change: Make | None) -> Make:
    """A bound stays one however rough it is: "after about 2pm"."""
    if change is None or (change is _around and make is not _at):
        return make
    return change


def _parse_clock(plain: str) -> _Clock | Problem | None:
    """One time of the clock; None where the text is something else."""
    if plain in _NOON:
        return _Clock(HALF_DAY, half="p")
    found = _FOUR_DIGITS.match(plain) or _ONE_CLOCK.match(plain)
    if not found:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "")[:1]
    if half == "p" and 13 <= hour <= 23:
        # "14:30 pm" says the same thing twice.
        half = ""
    is_noon = half in ("n", "m")
    if (
        hour > 23
        or (half == "p" and hour == 0)
        or (half == "a" and hour > 12)
        or (is_noon and (hour, minute) != (12, 0))
    ):
        return Problem(NO_SUCH_TIME)
    is_said = bool(found.groupdict().get("either"))
    may_shift = not half and 1 <= hour <= 12 and not plain.startswith("0") and "h" not in plain
    is_bare = may_shift and (is_said or not found["minute"])
    if half:
        hour = hour % 12 + (0 if half == "a" else 12)
    return _Clock(
        hour * MINUTES_PER_HOUR + minute,
        is_bare,
        bool(found["minute"]),
        "p" if is_noon else half,
        may_shift or (plain.startswith("0") and 1 <= hour <= 11 and not half),
    )


def _settle(clock: _Clock | Problem, parts: Sequence[Hours]) -> _Clock | Problem:
    """A time in the half of the day that the parts of the day say; a problem where they contradict it."""
    if isinstance(clock, Problem) or not parts:
        return clock
    # On the 24-hour clock a time is what it says, unless only the other half fits.
    readings = _readings(clock) if clock.is_either_half else (clock.minute,)
    for is_in in (_is_near, _is_in_half):
        for options in (readings, (clock.minute, _other_half(clock.minute)) if clock.may_shift else ()):
            fits = [minute for minute in options if all(is_in(minute // 60, part) for part in parts)]
            if len(fits) == 1:
                return clock._replace(
                    minute=fits[0], is_either_half=False, half="a" if fits[0] < HALF_DAY else "p"
                )
            if fits:
                return clock
    return Problem(PART_DIFFERS)


def _is_near(hour: int, part: Hours) -> bool:
    """Whether an hour lies in a part of the day or just beside it; a night goes on after midnight."""
    first, last = part
    return first - 1 <= hour <= last + 1 or first - 1 <= hour + 24 <= last + 1


def _is_in_half(hour: int, part: Hours) -> bool:
    """Whether an hour lies in the half of the day that holds a part: "two in the morning"."""
    if part[1] < 12:
        return hour < 12
    return hour >= 12 if part[0] >= 12 and part[1] < 24 else _is_near(hour, part)


def _other_half(minute: int) -> int:
    return (minute + HALF_DAY) % MINUTES_PER_DAY


def _readings(clock: _Clock) -> tuple[int, int]:
    """The earliest and the latest minute a time as written can mean."""
    if not clock.is_either_half:
        return clock.minute, clock.minute
    return tuple(sorted((clock.minute, _other_half(clock.minute))))


def _at(clock: _Clock, last: int) -> DayTime:
    first, high = _readings(clock)
    high = max(high, last)
    is_part = last > clock.minute
    return DayTime(first, high if clock.has_minutes or is_part else high + 59, is_open=clock.is_either_half)


def _around(clock: _Clock, last: int) -> DayTime:
    low, high = _readings(clock)
    return DayTime(
        max(low - AROUND_MINUTES, 0),
        min(max(high, last) + AROUND_MINUTES, MINUTES_PER_DAY - 1),
        is_open=clock.is_either_half,
    )


def _nearly(clock: _Clock, last: int) -> DayTime:
    low, high = _readings(clock)
    return DayTime(max(low - AROUND_MINUTES, 0), max(high, last), is_open=clock.is_either_half)


def _after(clock: _Clock, last: int) -> DayTime:
    return DayTime(_readings(clock)[0], MINUTES_PER_DAY - 1)


def _until(clock: _Clock, last: int) -> DayTime:
    return DayTime(0, max(clock.minute, last))


def _before(clock: _Clock, last: int) -> DayTime | Problem:
    if last > clock.minute:
        # A part of the day has no one beginning: "before dawn".
        return DayTime(0, last)
    return DayTime(0, clock.minute - 1) if clock.minute else Problem(NO_SUCH_TIME)


_MAKERS = {
    "around": _around,
    "nearly": _nearly,
    "after": _after,
    "before": _before,
    "until": _until,
    "nothing": None,
}
# Words -> what they make of a time, and whether they stand before it.
_CHANGES: dict[tuple[str, bool], Make | None] = {
    (word, side == "before_it"): _MAKERS[kind]
    for side in ("before_it", "behind_it")
    for kind, words in _WORDS[side].items()
    for word in words
}


def _any_of(side: str) -> str:
    words = [word for words in _WORDS[side].values() for word in words]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_BEFORE_IT = re.compile(rf"^(?P<words>{_any_of('before_it')})(?![a-z])[.:,]?\s*(?P<rest>.+)$")
_BEHIND_IT = re.compile(rf"^(?P<rest>.+?)[\s,;-]*(?:(?<![a-z])|(?=[^a-z]))(?P<words>{_any_of('behind_it')})$")


def _between(plain: str, make: Make, parts: tuple[Hours, ...]) -> DayTime | Problem:
    found = _BETWEEN.match(plain)
    if not found or make not in (_at, _around):
        return Problem(NOT_UNDERSTOOD)
    if _MINUTES_OR_RANGE.match(plain):
        return Problem(NOT_UNDERSTOOD)
    start, end = (_side(found[side], parts) for side in ("start", "end"))
    for side in (start, end):
        if isinstance(side, Problem):
            return side
    is_choice = found["joint"] in ("or", "/") or (found["joint"] in ("and", "&") and not found["between"])
    if isinstance(start, DayTime) or isinstance(end, DayTime):
        return _hull(start, end)
    return _either(start, end) if is_choice else _span(start, end)


def _side(text: str, parts: tuple[Hours, ...]) -> _Clock | DayTime | Problem:
    """One side of a range: a clock time however rough, or a part of the day."""
    text = text.strip(" ,;")
    while text not in PARTS_OF_DAY and (match := _BEFORE_IT.match(text) or _BEHIND_IT.match(text)):
        text = match["rest"]
    if text in _MIDNIGHT:
        return _Clock(0, half="a")
    if text in PARTS_OF_DAY:
        return _hours(*PARTS_OF_DAY[text])
    clock = _parse_clock(text)
    if clock is None:
        # "6 in the morning to 8 in the evening"
        for pattern in (_PART_LAST, _PART_FIRST):
            match = pattern.match(text)
            clock = _parse_clock(match["rest"].strip(" ,:;-")) if match else None
            if clock is not None:
                return _settle(clock, (_as_context(match["part"]),))
    return Problem(NOT_UNDERSTOOD) if clock is None else _settle(clock, parts)


def _hull(*sides: _Clock | DayTime) -> DayTime | Problem:
    """From the first to the last of two parts of the day, or of one and a time."""
    start, end = (side if isinstance(side, DayTime) else _at(side, side.minute) for side in sides)
    if start.last > end.last and start.first > end.first and start.first >= end.last:
        return Problem(BACKWARDS)
    return DayTime(min(start.first, end.first), max(start.last, end.last))


def _either(one: _Clock, other: _Clock) -> DayTime:
    """From the earlier of two times to the end of the later: "6am or 7am" is 06:00 to 07:59."""
    if other.half:
        one = _nearest_start(one, other)
    times = _at(one, one.minute), _at(other, other.minute)
    return DayTime(
        min(time.first for time in times),
        max(time.last for time in times),
        is_open=any(time.is_open for time in times),
    )


def _span(start: _Clock, end: _Clock) -> DayTime | Problem:
    """From one time until just before the other: "2-4pm" begins at 14:00 at the earliest and before 16:00."""
    if start.is_either_half and end.is_either_half:
        return _span_of_both_halves(start, end)
    if not end.is_either_half:
        start = _nearest_start(start, end)
    else:
        end = end._replace(minute=min(_readings(end), key=lambda minute: _minutes_from(start.minute, minute)))
    length = _minutes_from(start.minute, end.minute)
    if start.minute + length >= MINUTES_PER_DAY and length > LONGEST_OVER_MIDNIGHT:
        return Problem(BACKWARDS)
    return DayTime(start.minute, start.minute + max(length - 1, 0))


def _minutes_from(start: int, end: int) -> int:
    """How long it is from one time to the next that reads so, past midnight if need be."""
    return (end - start) % MINUTES_PER_DAY


def _nearest_start(start: _Clock, end: _Clock) -> _Clock:
    """The start of "2-4pm", "11-1pm" or "5:30-6pm": of both readings the one that comes less long before the end."""
    if not (start.is_either_half or (start.may_shift and end.half)):
        return start
    readings = (start.minute, _other_half(start.minute))
    minute = min(readings, key=lambda minute: _minutes_from(minute, end.minute))
    return start._replace(minute=minute, is_either_half=False)


def _span_of_both_halves(start: _Clock, end: _Clock) -> DayTime:
    """ "3-5" is 03:00 to 04:59 or 15:00 to 16:59, so 03:00 to 16:59; "10-12" runs from 10:00 to midnight."""
    first = min(_readings(start))
    latest_start = max(_readings(start))
    last = max(_readings(end))
    return DayTime(first, last - 1 if last > latest_start else MINUTES_PER_DAY - 1, is_open=True)
