"""The day, month or year a message tells of. None where it names none, several, or one that could be either of two."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from data.message.text import Posted
from data.reading.dates import EPOCH, MONTH, WEEKDAY, PartialDate, month_number, parse_date, weekday_number
from data.reading.times import Hours

# A day without its year is the last one of that name, unless that was long ago.
LONGEST_AGO_DAYS = 183
# "On the 28th" of a month that is over: said soon after, or it may be the one to come.
LONGEST_AGO_WITHOUT_MONTH_DAYS = 14
# A night that a message calls by one day: its evening, and the small hours of the next.
EVENING_HOUR, SMALL_HOURS_END = 17, 5

_LONG_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHARE = r"\d/\d{1,2} (?:of|people|ppl|men|women|officers?|vans?|cars?|hours?|hrs?|mins?|minutes?|an?)\b"
_WITH_YEAR = re.compile(
    rf"(?:\b(?P<weekday>{WEEKDAY}),? (?:the )?)?"
    rf"(?P<date>\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH},? (?:'\d{{2}}|\d{{4}})\b|\b{MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b"
    r"|(?<![\d/.-])\d{4}-\d{1,2}-\d{1,2}(?![\d/-])|(?<![\d/.-])\d{1,2}([/.-])\d{1,2}\3(?:\d{4}|\d{2})(?![\d/-]))",
    re.IGNORECASE,
)
_WITHOUT_YEAR = re.compile(
    rf"(?:\b(?P<weekday>{WEEKDAY}),? (?:the )?)?"
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{MONTH})|\b(?P<month2>{MONTH}) (?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?"
    # In digits, but not "24/7", "3/4 of them" or "2/3 vans".
    rf"|(?<![\w£/.:-])(?!24/7|50/50|{_SHARE})(?P<day3>\d{{1,2}})/(?P<month3>\d{{1,2}}))(?![\w/]|:\d| ?(?:am|pm|years?)\b)",
    re.IGNORECASE,
)
# "Sat 21st", "Sat 14-11", "Thurs 19,": the weekday says that the number is a day.
_NUMBERED_WEEKDAY = re.compile(
    rf"\b(?P<weekday>{WEEKDAY}),? (?:the )?(?P<day>\d{{1,2}})"
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
# "A Tuesday", "bank holiday Monday", "two weeks ago on the Tuesday", "might be a raid Sunday": any, or one of several.
_ANY_WEEKDAY = re.compile(
    r"\b(?:a|one|some|any|two|three|first|second|third|following|previous|bank holiday|good|black|ash|palm|easter|shrove|whit|not"
    r"|maybe|possibly|perhaps|around|about|before|after|or|and|weeks?(?: (?:on|ago|last))?|ago|fortnight(?: ago)?)\s+(?:on |the |last )*$",
    re.IGNORECASE,
)
_ANOTHER_WEEKDAY = re.compile(
    r"^,? (?:before\b|after\b|week\b|fortnight\b|of last week|last week|the week before|or so\b|or the\b|or (?:mon|tue|wed|thu|fri|sat|sun))|^-?ish\b",
    re.IGNORECASE,
)
_NOT_CERTAIN = re.compile(
    r"\b(?:might|may|could|will|would|going to|gonna) (?:well )?(?:be|come|happen|hit|raid|turn up|target)\b|\b(?:rumou?rs?|expected|expecting|planned)\b",
    re.IGNORECASE,
)
# A week that is named otherwise: the weekday is one of that week.
_ANOTHER_WEEK = re.compile(
    r"\b(?:last (?:week|month)|fortnight|weeks? ago|months? ago|(?:the )?week before|weekend before|bank holiday)\b",
    re.IGNORECASE,
)
_COMING = re.compile(r"\b(?:next|coming)\s+$", re.IGNORECASE)
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
_COUNTED = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DAYS_AGO = re.compile(r"\b(two|three|four|five|six|[2-6]) days ago\b", re.IGNORECASE)
# "Two weeks ago today" is a day, "two weeks ago" is not.
_WEEKS_AGO = re.compile(
    r"\b(?P<weeks>a|one|two|three|four|[1-4]) (?P<unit>weeks?|fortnight) ago (?P<from>today|yesterday|to the day)\b",
    re.IGNORECASE,
)
# A day of another week, or one on which something else was: "a week today", "heard today".
_NOT_THE_DAY = re.compile(
    r"\b(?:(?:weeks?|fortnight|month) (?:from )?(?:today|yesterday)|(?:today|yesterday) (?:week|or (?:the )?(?:day|night) before)"
    r"|(?:heard|told|learnt|learned|found out|reading|read|hearing|spoke|speaking) (?:\w+ ){0,3}?(?:today|yesterday|this (?:morning|afternoon|evening))"
    r"|(?:not|wasn't|isn't) (?:today|yesterday|this morning))\b",
    re.IGNORECASE,
)
# "Around 14 June", "13 or 14 June": the day may be another one.
_IN_DOUBT_BEFORE = re.compile(
    r"(?:\b(?:around|about|approx\w*|roughly|circa|c\.?|maybe|possibly|perhaps|probably|week (?:of|commencing|beginning|starting|ending)"
    r"|w/?[cbe])|~)\s*(?:the |on |it was |was )*$",
    re.IGNORECASE,
)
# "Before 14 June", "13 or 14 June": another day, and it may be another month.
_ANOTHER_BEFORE = re.compile(
    r"(?:\b(?:before|after|since|until|till?|by|not|between|or|night (?:before|of)|days? (?:before|after)|over|more than|nearly|almost"
    r"|at least)|\d(?:st|nd|rd|th)? ?(?:and|to|or|[-/&]))\s*(?:the |on |it was |was )*$",
    re.IGNORECASE,
)
_IN_DOUBT_BEHIND = re.compile(
    r"(?:-?ish\b|\s*\(?\?|,? (?:or so|or thereabouts|or around then|i think|maybe|or the day (?:before|after)|or (?:the )?\d)\b(?!\s*(?:at|about|around|in the)?\s*\d))",
    re.IGNORECASE,
)
# Months with their year, and years: what is known of a raid of which no more is told.
_PART_OF_MONTH = r"(?:(?:early|mid|late|the end of|end of|the beginning of|beginning of|the start of|start of|the middle of|middle of)[ -](?:in )?)?"
_SIDE = r"(?P<side>\b(?:before|after|since|until|till|by|from|like|than|between|and|or|to|not|-|/)\s*)?"
_MONTH_AND_YEAR = re.compile(
    rf"{_SIDE}\b(?P<date>(?:{MONTH} ?(?:/|-|or|to|and|&) ?)?{_PART_OF_MONTH}{MONTH},?(?: of| in)? (?:(?:19|20)\d\d|'\d\d)(?!\d)|(?<![\d/])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![\d/]))",
    re.IGNORECASE,
)
_YEAR = re.compile(
    rf"{_SIDE}(?:\b(?:(?:in|during|of|back in|sometime in)(?: (?:early|mid|late))?|(?:early|mid|late|end of|beginning of|start of))[ -]|\b(?P<season>(?:(?:early|mid|late) )?(?:spring|summer|autumn|winter|christmas|easter)) (?:of )?"
    r"|[(,] ?)(?P<year>(?:199|20[0-3])\d)\b(?=\s*(?:$|[).,;:!]|\s(?!people|ppl|hrs|hours|officers|men)))",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(
    r"(?<!at )(?<!by )(?<!from )(?<!around )(?<!about )(?<!until )(?<!to )(?<![-£.:/\d])\b20[0-3]\d\b(?! ?(?:hrs?|hours|people|ppl)|[-:.]\d)",
    re.IGNORECASE,
)
_LAST_NIGHT = re.compile(r"\blast night\b", re.IGNORECASE)
# They name a night, a week or nothing certain, so the day of writing is not the day meant.
_VAGUE = re.compile(
    r"\b(?:last night|tonight|overnight|the night before|the previous (?:day|night)|the other (?:day|week|night|morning|evening)"
    r"|last (?:week|month|year|weekend|summer|winter|spring|autumn)|(?:days?|nights?|fortnight|weeks?|months?|years?) ago"
    r"|\w+ ago|ages back|(?:a while|some time) back|(?:the )?(?:day|night|week|weekend) (?:before|after)|lately|mid-?week|half term|ramadan|eid"
    r"|recently|(?:earlier |late |later )?this (?:week|weekend|month|year)|(?:at|over|on) the weekend|back in|in (?:19|20)\d\d"
    rf"|(?:in|early|late|mid|since|during|end of|beginning of|last)[ -]{MONTH}|before (?:last |this )?{WEEKDAY}"
    r"|christmas|xmas|boxing day|new year'?s|easter|bank holiday|halloween|bonfire night|carnival"
    # A weekday misspelt.
    rf"|(?!(?:{_LONG_DAY}|midday|someday|mayday|workday|weekday|faraday)\b)[mtwfs][a-z]{{1,7}}day)\b",
    re.IGNORECASE,
)

# The day at the very beginning of "14/06/2024 raid in Hackney last year" is that of writing.
_LONG_AGO = re.compile(r"\blast (?:month|year)\b|\b(?:months?|years?) (?:ago|back)\b", re.IGNORECASE)


def find_day(
    sentences: Sequence[str], posted: Posted, today: date, hours: Hours | None = None
) -> PartialDate | None:
    """
    The one day that the sentences name, as seen from the day they were written; the month or year where they name no more.

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
    sentences, posted = _split_lead(sentences, posted)
    spans = {span for sentence in sentences for span in _months_and_years(sentence)[0]}
    if not posted.is_certain:
        return _only({day for sentence in sentences for day in _dated(sentence)[0]}, spans, today)
    written = posted.day or today
    found: set[date | PartialDate | None] = set()
    is_vague = names_other_days = False
    for sentence in sentences:
        named, rest = _dated(sentence)
        _, rest = _months_and_years(rest)
        unnamed, rest = _without_year(rest, written)
        numbered, rest = _numbered(rest, written)
        related, rest = _relative(rest, written)
        nights, rest = _last_night(rest, written, hours)
        found |= named | unnamed | numbered | related | nights | _weekdays(rest, written, hours)
        is_vague |= bool(_VAGUE.search(rest) or _LONG_AGO.search(rest))
        names_other_days |= any(_COMING.search(rest[: match.start()]) for match in _WEEKDAY.finditer(rest))
        if _BARE_YEAR.search(rest):
            spans.add(None)  # "in 2021 or 2022"
    if is_vague and found <= {posted.day, written, _day_before_long_ago(sentences)}:
        # "Last week, he was let go today" says nothing of the day.
        return None if found else _only(found, spans, today)
    if not (found or spans or names_other_days) and posted.day and sentences:
        # A chat tells of a raid on the day itself.
        found = {posted.day}
    return _only(found, spans, today)


def _split_lead(sentences: Sequence[str], posted: Posted) -> tuple[list[str], Posted]:
    """The sentences without a date at their very beginning, "14/06/2024: …", which says when they were written."""
    lead = _WITH_YEAR.match(sentences[0].lstrip(" *_[(")) if sentences and posted.day is None else None
    if not lead or not posted.is_certain:
        return list(sentences), posted
    behind = re.match(r"[])*_]*\s*[:|-]\s", sentences[0].lstrip(" *_[(")[lead.end() :] + " ")
    parsed = parse_date(lead["date"].replace("of ", ""))
    day = parsed.day if isinstance(parsed, PartialDate) else None
    if not behind or not _fits(day, lead["weekday"]):
        return list(sentences), posted
    rest = sentences[0].lstrip(" *_[(")[lead.end() + behind.end() - 1 :]
    return [rest, *sentences[1:]], Posted(day, True)


def _day_before_long_ago(sentences: Sequence[str]) -> date | None:
    """The day that the sentences begin with, where they tell of what was months or years ago; else None."""
    if not any(map(_LONG_AGO.search, sentences)):
        return None
    lead = _WITH_YEAR.match(sentences[0].lstrip(" *_[("))
    parsed = parse_date(lead["date"].replace("of ", "")) if lead else None
    return parsed.day if isinstance(parsed, PartialDate) else None


def _only(
    found: set[date | PartialDate | None], spans: set[PartialDate | None], today: date
) -> PartialDate | None:
    """
    The one day found, or else the one month or year.

    None where there are several, one is not certain or still to come, or the day lies outside the month.
    """
    named = {_as_date(day) for day in found} | spans
    if not named or None in named:
        return None
    finest = min(named, key=lambda date: date.last - date.first)
    is_within = all(date.first <= finest.first and finest.last <= date.last for date in named)
    return finest if is_within and finest.first + EPOCH <= today.toordinal() else None


def _as_date(day: date | PartialDate | None) -> PartialDate | None:
    if isinstance(day, date):
        return PartialDate(day.toordinal() - EPOCH, day.toordinal() - EPOCH, "day")
    return day


def _month_of(day: date) -> PartialDate:
    month = parse_date(f"{day.month}/{day.year}")
    return PartialDate(month.first, month.last, "month")


def _months_and_years(sentence: str) -> tuple[set[PartialDate | None], str]:
    """Months with their year and years alone, and the sentence without them; None for one that is a bound."""
    found: set[PartialDate | None] = set()

    def take(match: re.Match) -> str:
        named = match.groupdict()
        text = named.get("date") or f"{named['season'] or 'in'} {named['year']}"
        parsed = parse_date(text)
        found.add(parsed if isinstance(parsed, PartialDate) and not match["side"] else None)
        return " "

    _, rest = _dated(sentence)
    for pattern in (_MONTH_AND_YEAR, _YEAR):
        rest = pattern.sub(take, rest)
    return {span and span._replace(reading="", time="", is_in_doubt=False) for span in found}, rest


def _dated(sentence: str) -> tuple[set[date | PartialDate | None], str]:
    """Days written with their year, or the month of one in doubt, and the sentence without them."""
    found: set[date | PartialDate | None] = set()
    for match in _WITH_YEAR.finditer(sentence):
        parsed = parse_date(match["date"].replace("of ", ""))
        day = parsed.day if isinstance(parsed, PartialDate) else None
        if not _fits(day, match["weekday"]) or _is_another(match):
            found.add(None)
        else:
            found.add(_month_of(day) if _is_in_doubt(match) else day)
    return found, _WITH_YEAR.sub(" ", sentence)


def _without_year(sentence: str, written: date) -> tuple[set[date | None], str]:
    """Days written without a year: the last of that name, where that was not long ago."""
    found: set[date | None] = set()
    for match in _WITHOUT_YEAR.finditer(sentence):
        number = int(match["day"] or match["day2"] or match["day3"])
        name = match["month"] or match["month2"]
        month = month_number(name) if name else int(match["month3"])
        if name and name.lower().rstrip(".") == "may" and not name[0].isupper() and not match["day"]:
            continue  # "may 3 people": the verb
        found.add(None if _is_in_doubt(match) else _last_of_name(number, month, match["weekday"], written))
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
        is_day = match["on"] and match["goes_on"] is not None and not _is_in_doubt(match)
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
    for match in _WEEKS_AGO.finditer(sentence):
        weeks = _count(match["weeks"]) * (2 if match["unit"].lower() == "fortnight" else 1)
        days = 7 * weeks + (match["from"].lower() == "yesterday")
        found.add(None if _is_in_doubt(match) else written - timedelta(days=days))
    sentence = _WEEKS_AGO.sub(" ", sentence)
    for match in _DAYS_AGO.finditer(sentence):
        found.add(None if _is_in_doubt(match) else written - timedelta(days=_count(match[1])))
    sentence = _DAYS_AGO.sub(" ", sentence)
    if _NOT_THE_DAY.search(sentence) or (_NOT_CERTAIN.search(sentence) and _RELATIVE[2][0].search(sentence)):
        found.add(None)
    for pattern, days in _RELATIVE:
        if pattern.search(sentence):
            found.add(written - timedelta(days=days))
            sentence = pattern.sub(" ", sentence)
    return found, sentence


def _last_night(sentence: str, written: date, hours: Hours | None) -> tuple[set[date | None], str]:
    """The day of "last night", where the hours say whether it was before midnight or after."""
    if hours is None or not _LAST_NIGHT.search(sentence):
        return set(), sentence
    if hours[0] >= EVENING_HOUR:
        return {written - timedelta(days=1)}, _LAST_NIGHT.sub(" ", sentence)
    if hours[1] <= SMALL_HOURS_END:
        return {written}, _LAST_NIGHT.sub(" ", sentence)
    return set(), sentence


def _weekdays(sentence: str, written: date, hours: Hours | None) -> set[date | None]:
    """Weekdays: the last one before the day of writing; none where it could be today or a week ago."""
    found: set[date | None] = set()
    is_uncertain = bool(_NOT_CERTAIN.search(sentence) or _ANOTHER_WEEK.search(sentence))
    for match in _WEEKDAY.finditer(sentence):
        before, behind = sentence[: match.start()], sentence[match.end() :]
        if _HABIT.search(before):
            continue
        if is_uncertain or any(
            pattern.search(text)
            for pattern, text in ((_GATHERING, before), (_ANY_WEEKDAY, before), (_ANOTHER_WEEKDAY, behind))
        ):
            found.add(None)
            continue
        word = (match["word"] or "").lower()
        if hours is not None and hours[1] <= SMALL_HOURS_END and (match["part"] or "").endswith("night"):
            found.add(None)  # "Friday night, 2am" is Saturday to most, and Friday to some.
            continue
        ago = (written.weekday() - weekday_number(match["name"])) % 7
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
    return day is not None and (not weekday or day.weekday() == weekday_number(weekday))


def _is_in_doubt(match: re.Match) -> bool:
    """Whether the words around a day say that it may be another one."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    return _is_another(match) or bool(_IN_DOUBT_BEFORE.search(before) or _IN_DOUBT_BEHIND.match(behind))


def _is_another(match: re.Match) -> bool:
    """Whether the words before a day say that it was before or after it, or one of several."""
    return bool(_ANOTHER_BEFORE.search(match.string[: match.start()]))


def _count(word: str) -> int:
    return _COUNTED.get(word.lower()) or int(word)
