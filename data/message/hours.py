"""The rough time a message tells of, as hours of the day. None where it names none, or several."""

import re
from collections.abc import Sequence

from data.reading.distinct import Problem
from data.reading.times import DayTime, parse_time

Span = tuple[int, int]  # hours, both included

_COUNTED = {
    name: number
    for number, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        start=1,
    )
}
_HOUR_WORD = "|".join(_COUNTED)
_MINUTES_WORD = {
    "five": 5,
    "ten": 10,
    "quarter": 15,
    "twenty": 20,
    "twenty five": 25,
    "twenty-five": 25,
    "half": 30,
}
_NUMBER = rf"(?:\d{{1,2}}|{_HOUR_WORD})"
# "half seven" is half past seven, as here, and not the half before.
_PAST = re.compile(
    rf"\b(?:(half)(?: past)?|(five|ten|quarter|twenty|twenty[ -]five)(?: minutes)? (past|to)) ({_NUMBER})\b(?!\s*(?:people|ppl|dozen|hundred|a dozen))",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    rf"\b({_HOUR_WORD})(?: (fifteen|thirty|forty[ -]five))?\s*(am|pm|o'?clock)\b", re.IGNORECASE
)
_WORD_MINUTES = {"fifteen": 15, "thirty": 30, "forty five": 45, "forty-five": 45}

_AROUND = r"(?:at about|at around|around about|around|about|approx(?:imately)?\.?|roughly|circa|c\.|~|just after|shortly after|just gone|at|from|since|between|@)"
_CLOCK = r"(?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm)|(?:[01]?\d|2[0-3])[:.][0-5]\d ?(?:hrs?|hours|h)\b|(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?(?:am|pm))?|(?:[01]\d|2[0-3])[0-5]\d ?(?:hrs?|h|hours)|\bnoon\b|\bmidday\b)"
_RANGE = re.compile(
    rf"(?:\b(?P<word>between|from|around|about|at)\s+)?(?<![\d:./£-])(?P<start>{_CLOCK}|\d{{1,2}}(?:[:.]\d{{2}})?)(?:ish)?\s*"
    rf"(?P<joint>-|\bto\b|\band\b|\bor\b)\s*(?P<end>{_CLOCK})(?![\d:-])",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?:(?P<around>{_AROUND})\s*)?(?<![\d:./£-])(?P<clock>{_CLOCK})(?P<ish>-?ish\b)?(?![\d:-])",
    re.IGNORECASE,
)
# A bare hour needs the part of the day to say which half it lies in.
_BARE = re.compile(
    rf"(?P<around>{_AROUND})\s+(?P<clock>\d{{1,2}}(?:[:.][0-5]\d)?|{_HOUR_WORD})(?P<ish>-?ish)?\b"
    r"(?=\s*(?:$|[,.)(-]|(?:this|in the|yesterday|on|today|and|when|they|immigration|home|officers|three|two|four|vans?|a )\b))"
    rf"|(?<![\d:./£-])\b(?P<part_clock>\d{{1,2}}(?:[:.][0-5]\d)?|{_HOUR_WORD})(?=\s+(?:in the|this) (?:early )?(?:morning|afternoon|evening)\b)"
    rf"|\b(?P<ish_clock>\d{{1,2}}|{_HOUR_WORD})-?ish\b",
    re.IGNORECASE,
)
# "For 1.30 hrs" is how long it took.
_LENGTH_BEFORE = re.compile(
    r"\b(?:for|lasted|lasting|took|taking)\s+(?:(?:about|around|over|nearly|almost)\s+)*$", re.IGNORECASE
)
# "Sat 14.11" and "Sat 14-11" may be a day.
_MAYBE_DAY = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? (?:\d{1,2}\.|(?:1[3-9]|2\d|3[01])-)(?:0?[1-9]|1[0-2])(?!\d| ?(?:[ap]m|h|hrs?|hours)\b)",
    re.IGNORECASE,
)
_IN_HOURS = re.compile(r"(?:hrs?|hours|h)$", re.IGNORECASE)
# The end of a raid says nothing of its start.
_ENDS = re.compile(
    r"(?:\b(?:until|till|til|by|before|left|leaving|gone|went|ended|ending|finished|over|released|free|back|home|drove off|drove away)"
    r"(?: (?:at|about|around|by|again|for|was|were|it|the|all|came|at about|at around))*\s*)$",
    re.IGNORECASE,
)
_NOT_THE_RAID = re.compile(
    r"\b(?:opens?|opening|closes?|posted|sent|meet|call me|ring me|deadline)\b[^,.]{0,20}$", re.IGNORECASE
)

_PARTS = (
    "early hours", "small hours", "early morning", "late morning", "mid morning", "morning", "early afternoon",
    "late afternoon", "mid afternoon", "afternoon", "early evening", "late evening", "evening", "lunchtime", "lunch time",
    "daybreak", "sunrise", "teatime", "first thing", "morning rush hour", "evening rush hour", "dawn", "midday", "noon",
)  # fmt: skip
_PART = re.compile(r"\b(" + "|".join(part.replace(" ", "[ -]") for part in _PARTS) + r")\b", re.IGNORECASE)
# A night has no one span of a day, but it says which half of the day an hour lies in.
_NIGHT = re.compile(r"\b(?:last night|at night|tonight)\b", re.IGNORECASE)
_NIGHT_HOURS = (19, 24 + 5)
_NOT_A_PART = re.compile(
    r"\b(?:all|every|each|until|till|since|by|next|tomorrow|whole|rest of the|most of the)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def find_hours(sentences: Sequence[str]) -> Span | None:
    """
    First and last hour in which the raid may have started, both included.

    A clock time goes before a part of the day, which says which half of the day an hour from 1 to 12 lies in; an hour
    that could be in either half is left out.
    """
    parts = {part for sentence in sentences for part in _parts(sentence)}
    nights = {_NIGHT_HOURS for sentence in sentences if _NIGHT.search(sentence)}
    clocks: set[Span] = set()
    unsure = False
    for sentence in sentences:
        found, is_unsure = _clocks(sentence, parts | nights)
        clocks |= found
        unsure |= is_unsure
    if len(clocks) > 1:
        return None
    if clocks:
        return clocks.pop()
    return _narrowest(parts) if not unsure else None


def _parts(sentence: str) -> set[Span]:
    """Parts of the day that a sentence names, as spans of hours."""
    found = set()
    for match in _PART.finditer(sentence):
        if not _NOT_A_PART.search(sentence[: match.start()]):
            span = _span(parse_time(match[1].replace("-", " ")))
            if span is not None:
                found.add(span)
    return found


def _narrowest(parts: set[Span]) -> Span | None:
    """The part that lies in every other one; None where two are apart."""
    if not parts:
        return None
    first, last = max(span[0] for span in parts), min(span[1] for span in parts)
    return (first, last) if first <= last else None


def _clocks(sentence: str, parts: set[Span]) -> tuple[set[Span], bool]:
    """Clock times that a sentence names for the start, and whether one more is there that is not certain."""
    found: set[Span] = set()
    sentence, days = _MAYBE_DAY.subn(" ; ", sentence)
    unsure = days > 0
    rest = _IN_WORDS.sub(
        _as_digits, _PAST.sub(lambda match: _past_as_digits(match, sentence, parts), sentence)
    )
    for pattern in (_RANGE, _ONE, _BARE):
        for match in pattern.finditer(rest):
            before = rest[: match.start()]
            if _ENDS.search(before) or _NOT_THE_RAID.search(before):
                continue
            if _IN_HOURS.search(match[0]) and _LENGTH_BEFORE.search(before):
                continue
            span = _span_of(match, parts)
            if span is None:
                unsure = True
            else:
                found.add(span)
        rest = pattern.sub(" ; ", rest)
    return found, unsure


def _span_of(match: re.Match, parts: set[Span]) -> Span | None:
    named = match.groupdict()
    if named.get("start"):
        return _range_span(match, parts)
    clock = (named["clock"] or named.get("part_clock") or named.get("ish_clock") or "").lower()
    clock = str(_COUNTED.get(clock, clock)).replace(".", ":")
    around = (named.get("around") or "").lower()
    is_rough = bool(named.get("ish") or named.get("ish_clock")) or around.removeprefix("at ") in (
        "around", "about", "around about", "roughly", "circa", "c.", "~", "approx", "approximately", "approx.",
    )  # fmt: skip
    half = _half_of(clock, parts)
    if half is None:
        return None
    clock += half
    return _span(parse_time(f"around {clock}" if is_rough else clock))


def _range_span(match: re.Match, parts: set[Span]) -> Span | None:
    start, end, joint = (match[name].lower().replace(".", ":") for name in ("start", "end", "joint"))
    word = (match["word"] or "").lower()
    end_half = _half_of(end, parts)
    if end_half is None:
        return None
    end += end_half
    # "from 6 to 9" is how long it took; only its beginning is asked for. "6-9" and "between" are when it may have begun.
    span = _span(parse_time(f"{start} {'or' if joint == 'or' else '-'} {end}"))
    if span is not None and word == "from":
        return span[0], span[0]
    return span


def _half_of(clock: str, parts: set[Span]) -> str | None:
    """'am', 'pm' or nothing, to be put behind a clock time; None where either is possible."""
    if re.search(r"[apm]m$|noon|midday|h", clock) or clock.startswith("0"):
        return ""
    hour = int(re.match(r"\d+", clock)[0])
    if hour > 12 or hour == 0:
        return ""
    fits = [
        half
        for half, shown in (("am", hour % 12), ("pm", hour % 12 + 12))
        if parts and all(_is_near(shown, part) for part in parts)
    ]
    if len(fits) == 1:
        return fits[0]
    # With minutes it is read on the 24-hour clock where nothing speaks against it, as in a spreadsheet.
    return "" if ":" in clock and not parts and hour >= 5 else None


def _is_near(hour: int, part: Span) -> bool:
    """Whether an hour lies in a part of the day or just beside it; a night goes on after midnight."""
    first, last = part
    return first - 1 <= hour <= last + 1 or first - 1 <= hour + 24 <= last + 1


def _as_digits(match: re.Match) -> str:
    hour = _COUNTED[match[1].lower()]
    minutes = _WORD_MINUTES.get((match[2] or "").lower(), 0)
    half = match[3].lower()
    if half in ("am", "pm"):
        return f"{hour}:{minutes:02}{half}"
    return f"at {hour}:{minutes:02}" if minutes else f"at {hour} ,"


def _past_as_digits(match: re.Match, sentence: str, parts: set[Span]) -> str:
    """ "half six", "quarter to seven": digits, with the half of the day if the sentence says it, else nothing certain."""
    word = match[4].lower()
    hour = _COUNTED.get(word) or int(word)
    if not 1 <= hour <= 12:
        return " "
    minutes = 30 if match[1] else _MINUTES_WORD[match[2].lower()]
    if match[3] and match[3].lower() == "to":
        hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
    said = re.match(r"\s*(am|pm)\b", sentence[match.end() :], re.IGNORECASE)
    if said:
        return f"{hour}:{minutes:02}"
    half = _half_of(str(hour), parts)
    # A bare hour that the parts of the day do not settle: kept as one, so that it counts as not certain.
    return f"{hour}:{minutes:02}{half}" if half else f"at {hour} ,"


def _span(time: DayTime | Problem) -> Span | None:
    if isinstance(time, Problem):
        return None
    return time.first // 60, time.last // 60
