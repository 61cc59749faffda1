"""The day a message tells of. None where it names none, several, or one that could be either of two."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from data.message.hours import Span
from data.message.stamps import Posted
from data.reading.dates import PartialDate, parse_date

# A day without its year is the last one of that name, unless that was long ago.
LONGEST_AGO_DAYS = 183
# "On the 28th" of a month that is over: said soon after, or it may be the one to come.
LONGEST_AGO_WITHOUT_MONTH_DAYS = 14
# A night that a message calls by one day: its evening, and the small hours of the next.
EVENING_HOUR, SMALL_HOURS_END = 17, 5

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_LONG_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY_NAME = rf"(?:{_LONG_DAY}|mon|tues?|weds?|thurs?|thu|fri|sat|sun)\b\.?"
_SHARE = r"\d/\d{1,2} (?:of|people|ppl|men|women|officers?|vans?|cars?|hours?|hrs?|mins?|minutes?|an?)\b"
_WITH_YEAR = re.compile(
    rf"(?:\b(?P<weekday>{_DAY_NAME}),? (?:the )?)?"
    rf"(?P<date>\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?:'\d{{2}}|\d{{4}})\b|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b"
    r"|(?<![\d/.-])\d{4}-\d{1,2}-\d{1,2}(?![\d/-])|(?<![\d/.-])\d{1,2}([/.-])\d{1,2}\3(?:\d{4}|\d{2})(?![\d/-]))",
    re.IGNORECASE,
)
_WITHOUT_YEAR = re.compile(
    rf"(?:\b(?P<weekday>{_DAY_NAME}),? (?:the )?)?"
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})|\b(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?"
    # In digits, but not "24/7", "3/4 of them" or "2/3 vans".
    rf"|(?<![\w£/.:-])(?!24/7|50/50|{_SHARE})(?P<day3>\d{{1,2}})/(?P<month3>\d{{1,2}}))(?![\w/]|:\d| ?(?:am|pm|years?)\b)",
    re.IGNORECASE,
)
# "Sat 21st", "Sat 14-11", "Thurs 19,": the weekday says that the number is a day.
_NUMBERED_WEEKDAY = re.compile(
    rf"\b(?P<weekday>{_DAY_NAME}),? (?:the )?(?P<day>\d{{1,2}})"
    r"(?:(?:st|nd|rd|th)\b|(?P<joint>[.-])(?P<month>\d{1,2})(?![\w/-]|[.:]\d| ?(?:am|pm|hrs?|hours?)\b)|(?=\s*(?:[,;)]|:(?!\d)|$)))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<on>\bon )?(?:\bthe )?\b(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?P<counts>\s+(?:\w+ )?(?:floor|time|raid|visit|van|vehicle|person|man|woman|arrest|stop|one"
    r"|street|avenue|year|birthday|century|anniversary|attempt|week|month|today|so far|this (?:week|month|year)|in (?:a|as many|two|three))s?\b)?"
    r"(?P<goes_on>\s*(?:$|[,.;:()-])|\s+(?:at|in|of|around|about|near|by|they|there|we|immigration|home|this|early|late|from|outside|between|when)\b)?",
    re.IGNORECASE,
)
# Short names in any letters, but "sat" and "sun" are words too.
_WEEKDAY = re.compile(
    rf"\b(?:(?P<word>on|last|this|this past|since)\s+)?(?P<name>{_LONG_DAY}|mon|tues?|weds|(?<!to )wed|thurs?|thu|fri"
    r"|(?<=\bon )(?:sat|sun)|(?<=\blast )(?:sat|sun)|(?<=\bthis )(?:sat|sun)|(?<=\braid )(?:sat|sun)"
    r"|(?:sat|sun)(?=,? (?:at )?(?:(?:early )?(?:morning|afternoon|evening|night)\b|\d{1,2}(?:[:.]\d{2})? ?[ap]m\b))"
    r"|(?<!the )(?-i:Sun|SUN|(?:Sat|SAT)(?![ ](?i:down|in front|in the|on the|outside|there|with|behind|under|round|nav))))\b(?!s)"
    r"(?P<part> (?:early )?(?:morning|afternoon|evening|lunchtime|dawn|night))?",
    re.IGNORECASE,
)
_HABIT = re.compile(
    r"\b(?:every|each|next|coming|any|until|till|by|before|from now)\s+(?:\w+\s+)?$", re.IGNORECASE
)
# "Demo on Friday" may be one still to come, or the raid's own day.
_GATHERING = re.compile(
    r"\b(?:demo|demonstration|protest|rally|picket|march|stall|event)\s+(?:(?:is|was)\s+)?$", re.IGNORECASE
)
_RELATIVE = (
    (re.compile(r"\b(?:the )?day before yesterday\b", re.IGNORECASE), 2),
    (re.compile(r"\b(?:yesterday|yday|yest)\b", re.IGNORECASE), 1),
    (
        re.compile(
            r"\btoday\b|\bthis (?:early )?(?:morning|morn|afternoon|evening|lunchtime|am)\b|\b(?:right|just|happening) now\b"
            r"|\b(?:an|\d+|one|two|three|a couple of|few) (?:hours?|hrs?|mins?|minutes?) ago\b|\bjust (?:arrived|turned up|pulled up|left)\b"
            r"|\bas we speak\b|\bcurrently\b|\bthey are here\b|\bearlier on? today\b",
            re.IGNORECASE,
        ),
        0,
    ),
)
_DAYS_AGO = re.compile(r"\b(two|three|four|five|six|[2-6]) days ago\b", re.IGNORECASE)
_COUNTED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LAST_NIGHT = re.compile(r"\blast night\b", re.IGNORECASE)
# They name a night, a week or nothing certain, so the day of writing is not the day meant.
_VAGUE = re.compile(
    r"\b(?:last night|tonight|overnight|the night before|the previous (?:day|night)|the other (?:day|week|night|morning|evening)"
    r"|last (?:week|month|year|weekend|summer|winter|spring|autumn)|(?:days?|nights?|fortnight|weeks?|months?|years?) ago"
    r"|recently|this (?:week|weekend|month|year)|(?:at|over|on) the weekend|back in|in (?:19|20)\d\d"
    rf"|(?:in|early|late|mid|since|during|end of|beginning of|last)[ -]{_MONTH}|before (?:last |this )?{_DAY_NAME}"
    r"|christmas|xmas|boxing day|new year'?s|easter|bank holiday|halloween|bonfire night"
    # A weekday misspelt.
    rf"|(?!(?:{_LONG_DAY}|midday|someday|mayday|workday|weekday|faraday)\b)[mtwfs][a-z]{{1,7}}day)\b",
    re.IGNORECASE,
)


def find_day(sentences: Sequence[str], posted: Posted, today: date, hours: Span | None = None) -> date | None:
    """
    The one day that the sentences name, as seen from the day they were written.

    The day of writing stands in only where they name none at all, not even one that is not understood.

    Parameters
    ----------
    posted
        From the message's stamp; without one it was written today.
    today
        No later day is ever returned.
    hours
        The hours that the sentences name, which say on which side of midnight "last night" was.
    """
    if not posted.is_certain:
        return _only({day for sentence in sentences for day in _dated(sentence)[0]}, today)
    written = posted.day or today
    found: set[date | None] = set()
    is_vague = False
    for sentence in sentences:
        named, rest = _dated(sentence)
        unnamed, rest = _without_year(rest, written)
        numbered, rest = _numbered(rest, written)
        related, rest = _relative(rest, written)
        nights, rest = _last_night(rest, written, hours)
        found |= named | unnamed | numbered | related | nights | _weekdays(rest, written, hours)
        is_vague |= bool(_VAGUE.search(rest))
    if not found and not is_vague and posted.day and sentences:
        # A chat tells of a raid on the day itself.
        found = {posted.day}
    return _only(found, today) if not (is_vague and found <= {posted.day}) else None


def _only(found: set[date | None], today: date) -> date | None:
    """The one day found; None where there are several, or one is not certain or still to come."""
    day = next(iter(found)) if len(found) == 1 else None
    return day if day is not None and day <= today else None


def _dated(sentence: str) -> tuple[set[date | None], str]:
    """Days written with their year, and the sentence without them."""
    found: set[date | None] = set()
    for match in _WITH_YEAR.finditer(sentence):
        parsed = parse_date(match["date"].replace("of ", ""))
        day = parsed.day if isinstance(parsed, PartialDate) else None
        found.add(day if _fits(day, match["weekday"]) else None)
    return found, _WITH_YEAR.sub(" ", sentence)


def _without_year(sentence: str, written: date) -> tuple[set[date | None], str]:
    """Days written without a year: the last of that name, where that was not long ago."""
    found: set[date | None] = set()
    for match in _WITHOUT_YEAR.finditer(sentence):
        number = int(match["day"] or match["day2"] or match["day3"])
        name = match["month"] or match["month2"]
        month = _position(_MONTHS, name) + 1 if name else int(match["month3"])
        if name and name.lower().rstrip(".") == "may" and not name[0].isupper() and not match["day"]:
            continue  # "may 3 people": the verb
        found.add(_last_of_name(number, month, match["weekday"], written))
    return found, _WITHOUT_YEAR.sub(" ", sentence)


def _numbered(sentence: str, written: date) -> tuple[set[date | None], str]:
    """Days written by their number in the month, with or without a weekday, and the sentence without them."""
    found: set[date | None] = set()

    def take_with_weekday(match: re.Match) -> str:
        number, weekday = int(match["day"]), match["weekday"]
        if not match["month"]:
            found.add(_last_numbered(number, weekday, written))
            return " "
        day = _last_of_name(number, int(match["month"]), weekday, written)
        # "Sat 6-8" and "Sat 16.10" are times, unless the weekday agrees.
        if day is None and not (match["joint"] == "-" and number > 12 and int(match["month"]) <= 12):
            return match[0]
        found.add(day)
        return " "

    def take(match: re.Match) -> str:
        if match["counts"]:
            return match[0]
        is_day = match["on"] and match["goes_on"] is not None
        found.add(_last_numbered(int(match["day"]), None, written) if is_day else None)
        return " " + (match["goes_on"] or "")

    rest = _NUMBERED_WEEKDAY.sub(take_with_weekday, sentence)
    rest = _NUMBERED.sub(take, rest)
    return found, rest


def _last_numbered(number: int, weekday: str | None, written: date) -> date | None:
    """The last day of this number: of this month or the one before, and of the weekday if one is named."""
    last_month = written.replace(day=1) - timedelta(days=1)
    for first in (written.replace(day=1), last_month.replace(day=1)):
        try:
            day = first.replace(day=number)
        except ValueError:
            continue
        if day > written:
            continue
        if weekday:
            if _fits(day, weekday):
                return day
        elif day.month == written.month or (written - day).days <= LONGEST_AGO_WITHOUT_MONTH_DAYS:
            return day
    return None


def _last_of_name(number: int, month: int, weekday: str | None, written: date) -> date | None:
    for year in (written.year, written.year - 1):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day <= written:
            is_near = (written - day).days <= LONGEST_AGO_DAYS
            return day if is_near and _fits(day, weekday) else None
    return None


def _relative(sentence: str, written: date) -> tuple[set[date | None], str]:
    found: set[date | None] = set()
    for match in _DAYS_AGO.finditer(sentence):
        word = match[1].lower()
        found.add(written - timedelta(days=_COUNTED.get(word) or int(word)))
    sentence = _DAYS_AGO.sub(" ", sentence)
    for pattern, days in _RELATIVE:
        if pattern.search(sentence):
            found.add(written - timedelta(days=days))
            sentence = pattern.sub(" ", sentence)
    return found, sentence


def _last_night(sentence: str, written: date, hours: Span | None) -> tuple[set[date | None], str]:
    """The day of "last night", where the hours say whether it was before midnight or after."""
    if hours is None or not _LAST_NIGHT.search(sentence):
        return set(), sentence
    if hours[0] >= EVENING_HOUR:
        return {written - timedelta(days=1)}, _LAST_NIGHT.sub(" ", sentence)
    if hours[1] <= SMALL_HOURS_END:
        return {written}, _LAST_NIGHT.sub(" ", sentence)
    return set(), sentence


def _weekdays(sentence: str, written: date, hours: Span | None) -> set[date | None]:
    """Weekdays: the last one before the day of writing; none where it could be today or a week ago."""
    found: set[date | None] = set()
    for match in _WEEKDAY.finditer(sentence):
        if _HABIT.search(sentence[: match.start()]):
            continue
        if _GATHERING.search(sentence[: match.start()]):
            found.add(None)
            continue
        word = (match["word"] or "").lower()
        if hours is not None and hours[1] <= SMALL_HOURS_END and (match["part"] or "").endswith("night"):
            found.add(None)  # "Friday night, 2am" is Saturday to most, and Friday to some.
            continue
        ago = (written.weekday() - _position(_WEEKDAYS, match["name"])) % 7
        day = written - timedelta(days=ago)
        is_this_week = day.isocalendar()[:2] == written.isocalendar()[:2]
        if word == "last":
            # Early in the week it can only be one; later it is the one before to some.
            found.add(day - timedelta(days=7) if ago == 0 else None if is_this_week else day)
        elif ago == 0 or (word.startswith("this") and not is_this_week):
            found.add(None)
        else:
            found.add(day)
    return found


def _fits(day: date | None, weekday: str | None) -> bool:
    return day is not None and (not weekday or day.weekday() == _position(_WEEKDAYS, weekday))


def _position(names: Sequence[str], written: str) -> int:
    """Position of the name that begins as written."""
    return next(
        number for number, name in enumerate(names) if name.startswith(written.lower().rstrip(".")[:3])
    )
