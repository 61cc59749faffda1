"""The rough time a message tells of, as hours of the day. None where it names none, or several."""

import re
from collections.abc import Sequence

from data.reading.answers import Problem
from data.reading.times import (
    EITHER_HALF,
    HOUR_WORD,
    NIGHT,
    PARTS_IN_SENTENCES,
    Hours,
    parse_time,
    say_in_digits,
)

# "Half six people", "five to ten minutes" and "two thirty-year-olds" are no times.
_COUNTS = re.compile(
    r"\s*(?:a )?(?:people|ppl|persons?|men|women|officers?|agents?|police|cops|vans?|cars?|vehicles?|neighbours|locals|protesters"
    r"|workers|staff|kids|children|dozen|hundred|minutes?|mins?|hours?|hrs?|of (?:them|us|the))\b",
    re.IGNORECASE,
)
_BEFORE = (
    r"(?:(?:some ?time |any ?time )?(?:at about|at around|around about|around|about)|approx(?:imately)?\.?|roughly|circa|c\."
    r"|~|(?:just|shortly|soon) (?:after|before)|just gone|nearly|almost|coming up to|getting on for|(?:some ?time )?after|at|from|since"
    r"|between|@)"
)
_CLOCK = (
    rf"(?:\d{{1,2}}(?::\d\d)?{EITHER_HALF}(?:\s?[ap]m)?|\d{{1,2}}(?:[:.]\d{{2}})?\s?[ap]m|(?:[01]?\d|2[0-3])[:.][0-5]\d ?(?:hrs?|hours|h)\b"
    r"|(?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d ?(?:hrs?|h|hours)|\d{1,2} ?o'?clock|(?:\b12 ?)?(?:\bnoon|\bmidday)\b)"
)
_PART_BEHIND = r"(?=\s+(?:(?:in the|this) (?:early )?(?:morning|afternoon|evening)|at night)\b)"
_RANGE = re.compile(
    rf"(?:\b(?P<word>between|from|around|about|at)\s+)?(?<![\d:./£-])(?P<start>{_CLOCK}|(?:[01]\d|2[0-3])[0-5]\d|\d{{1,2}}(?:[:.]\d{{2}})?|{HOUR_WORD})(?:-?ish)?\s*"
    rf"(?P<joint>-|\bto\b|\band\b|&|\bor\b)\s*(?P<end>{_CLOCK}|\bmidnight\b|(?:\d{{1,2}}(?:[:.]\d\d)?|{HOUR_WORD}){_PART_BEHIND})(?![\d:-])",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s*)?(?<![\d:./£-])(?P<clock>{_CLOCK})(?P<ish>(?: ?-?ish| or so| or thereabouts)\b)?(?![\d:-])",
    re.IGNORECASE,
)
# A bare hour needs the part of the day to say which half it lies in.
_BARE = re.compile(
    rf"(?P<before>{_BEFORE})\s+(?P<clock>\d{{1,2}}(?:[:.][0-5]\d)?|{HOUR_WORD})(?P<ish>-?ish)?\b"
    r"(?=\s*(?:$|[,.)(-]|(?:this|in the|yesterday|on|today|and|when|they|immigration|home|officers|three|two|four|vans?|a )\b))"
    rf"|(?<![\d:./£-])\b(?P<part_clock>\d{{1,2}}(?:[:.][0-5]\d)?|{HOUR_WORD}){_PART_BEHIND}"
    rf"|(?<![\d:./£-])\b(?P<ish_clock>\d{{1,2}}(?:[:.][0-5]\d)?|{HOUR_WORD})-?ish\b",
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

_PART = re.compile(
    r"\b("
    + "|".join(part.replace(" ", "[ -]") for part in sorted(PARTS_IN_SENTENCES, key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)
# A night has no one span of a day, but it says which half of the day an hour lies in.
_NIGHT = re.compile(r"\b(?:last night|at night|tonight)\b", re.IGNORECASE)
_NOT_A_PART = re.compile(
    r"\b(?:all|every|each|until|till|since|by|next|tomorrow|whole|rest of the|most of the)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def find_hours(sentences: Sequence[str]) -> Hours | None:
    """
    First and last hour in which the raid may have started, both included.

    A clock time goes before a part of the day, which says which half of the day an hour from 1 to 12 lies in; an hour
    that could be in either half is left out.
    """
    parts = {part for sentence in sentences for part in _parts(sentence)}
    nights = {NIGHT for sentence in sentences if _NIGHT.search(sentence)}
    clocks: set[Hours] = set()
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


def _parts(sentence: str) -> set[Hours]:
    """Parts of the day that a sentence names, as spans of hours."""
    found = set()
    for match in _PART.finditer(sentence):
        if not _NOT_A_PART.search(sentence[: match.start()]):
            found.add(parse_time(match[1]).hours())
    return found


def _narrowest(parts: set[Hours]) -> Hours | None:
    """The part that lies in every other one; None where two are apart."""
    if not parts:
        return None
    first, last = max(span[0] for span in parts), min(span[1] for span in parts)
    return (first, last) if first <= last else None


def _clocks(sentence: str, parts: set[Hours]) -> tuple[set[Hours], bool]:
    """Clock times that a sentence names for the start, and whether one more is there that is not certain."""
    found: set[Hours] = set()
    sentence, days = _MAYBE_DAY.subn(" ; ", sentence)
    unsure = days > 0
    rest = say_in_digits(sentence, _COUNTS)
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


def _span_of(match: re.Match, parts: set[Hours]) -> Hours | None:
    """The hours of one clock time or range; None where either half of the day is possible, or it is none."""
    named = match.groupdict()
    if named.get("start"):
        return _range_span(match, parts)
    clock = (named["clock"] or named.get("part_clock") or named.get("ish_clock")).lower()
    is_rough = bool(named.get("ish") or named.get("ish_clock"))
    before = (named.get("before") or "").lower()
    if _is_in_doubt(clock, parts):
        return None
    return _settled(f"{before} {clock}{' ish' if is_rough else ''}", parts)


def _range_span(match: re.Match, parts: set[Hours]) -> Hours | None:
    word = (match["word"] or "").lower()
    if _is_in_doubt(match["end"].lower(), parts):
        return None
    between = "between " if word == "between" else ""
    span = _settled(f"{between}{match['start']} {match['joint']} {match['end']}", parts)
    # "from 6 to 9" is how long it took; only its beginning is asked for. "6-9" and "between" are when it may have begun.
    if span is not None and word == "from":
        return span[0], span[0]
    return span


def _is_in_doubt(clock: str, parts: set[Hours]) -> bool:
    """
    Whether digits such as "3:30", of which nothing says that they are on the 24-hour clock, may be an afternoon's.

    A cell is read on that clock; in a sentence "at 3:30" may be either.
    """
    found = re.fullmatch(r"([1-4])[:.]\d\d", clock)
    return bool(found) and not parts


def _settled(text: str, parts: set[Hours]) -> Hours | None:
    time = parse_time(text, tuple(parts))
    return None if isinstance(time, Problem) or time.is_open else time.hours()
