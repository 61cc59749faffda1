"""A pasted message taken apart: its stamps, its lines of key and value, and its sentences without what is not about the raid."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from data.reading.answers import is_in_doubt, split_answer
from data.reading.dates import DAY_FIRST, MONTH, MONTH_FIRST, PartialDate, parse_date
from data.reading.lists import YES_NO_FIELDS
from data.reading.phrases import NUMBER, any_of, expand, pattern
from data.reading.told import people_in
from data.reading.words import value_of
from data.schema import UNKNOWN

_DAY_IN_DIGITS = r"(?P<day>\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4})"
_CLOCK = r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?)"
_DAY_IN_WORDS = rf"(?P<day>\d{{1,2}} {MONTH},? \d{{4}}|{MONTH} \d{{1,2}},? \d{{4}})"
_NAME = r"[^:\n\[\]]{1,60}?"
_STAMPS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        # WhatsApp on iPhones and on Android, Telegram's export, Signal: the name behind the moment.
        rf"^\W{{0,3}}\[{_DAY_IN_DIGITS},? (?:at )?{_CLOCK}\]\s*(?:{_NAME}:(?=\s|$))?",
        rf"^\W{{0,3}}\[{_CLOCK}, {_DAY_IN_DIGITS}\]\s*(?:{_NAME}:(?=\s|$))?",
        rf"^\W{{0,3}}{_DAY_IN_DIGITS},? (?:at )?{_CLOCK}\s*-\s*(?:{_NAME}:(?=\s|$))?",
        rf"^\W{{0,3}}\[{_DAY_IN_WORDS},? (?:at )?{_CLOCK}\]\s*(?:{_NAME}:(?=\s|$))?",
        # Telegram as copied: the name before the moment.
        rf"^{_NAME},\s*\[(?:{_DAY_IN_DIGITS}),? (?:at )?{_CLOCK}\]:?",
        rf"^{_NAME},\s*\[{_DAY_IN_WORDS},? (?:at )?{_CLOCK}\]:?",
        # Feeds: "7:43 AM · Jun 14, 2022", either way round.
        rf"{_CLOCK}\s*[·•|-]\s*{_DAY_IN_WORDS}(?:\s*[·•|][^\n]*)?",
        rf"{_DAY_IN_WORDS}(?:,| at)?\s*[·•|]?\s*{_CLOCK}(?!\s*(?:to|until|-))",
        rf"[·•]\s*{_DAY_IN_WORDS}",
    )
)
_FORWARDED = re.compile(
    r"^\W*(?:forwarded\b[^:\n]{0,60}(?::|$)|(?:fwd|rt|from|via)\b\s*@?[\w ]{0,40}:)",
    re.IGNORECASE | re.MULTILINE,
)
_HANDLE = re.compile(r"(?<!\w)@\w+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+", re.IGNORECASE)


class Posted(NamedTuple):
    """The day on which a message was written. `is_certain` is False where stamps differ, or one is no day."""

    day: date | None
    is_certain: bool


def split_stamps(text: str, today: date) -> tuple[str, Posted]:
    """The message without its stamps, names, handles and links, and when it was written."""
    days: list[date | None] = []

    def take(match: re.Match) -> str:
        days.append(_day(match["day"], today))
        return "\n"

    for stamp in _STAMPS:
        text = stamp.sub(take, text)
    text = _ADDRESS.sub(" ", _FORWARDED.sub(" ", text))
    text = _HANDLE.sub(" ", text)
    if not days:
        return text, Posted(None, True)
    if None in days or len(set(days)) > 1:
        return text, Posted(None, False)
    return text, Posted(days[0], True)


def _day(text: str, today: date) -> date | None:
    """The day of a stamp: day first, as here, unless only month first is a day; never one to come."""
    for order in (DAY_FIRST, MONTH_FIRST):
        found = parse_date(text, order)
        day = found.day if isinstance(found, PartialDate) else None
        if day is not None:
            # A stamp in local time may be a day ahead of the store's clock.
            return day if day <= today + timedelta(days=1) else None
    return None


KIND = expand("{kind}")

# Key as written -> field; the longest first.
_KEYS = (
    ("people_detained", r"(?:(?:people|persons?|number|no\.?) (?:of )?)?(?:people )?(?:detained|detentions?|arrested|arrests?|taken)"),
    ("people_released", r"(?:(?:people|persons?|number) )?(?:released|let go|freed|de-?arrested)"),
    ("crowd_size", r"crowd(?: size)?|people gathered|protesters|demonstrators"),
    ("police_present", r"(?:any )?(?:police|cops)(?: present| there| presence| involved| in attendance)?"),
    ("community_response", r"(?:any )?(?:community |people'?s? |local )?(?:response|resistance)|protests?"),
    ("setting", r"setting|(?:type|kind) of (?:place|premises|address|venue)|premises|venue(?: type)?|place type"),
    ("outcome", r"outcome|result|what happened|how (?:did )?it end(?:ed)?"),
)  # fmt: skip
_NUMBERS = ("people_detained", "people_released", "crowd_size")
_KEY = "|".join(f"(?P<{field}>{words})" for field, words in _KEYS)
_ANY_KEY = "|".join(words for _, words in _KEYS)
_NOBODY = r"(?:none|nobody|no-?\s?one|nil|zero|0)\b(?! or | to |-\d)[^.,;\n]*|(?:no|nope|n|not any)"
_NOT = (
    r"(?:none|nobody|nil|zero|0|not?|nope|n|never|absent|(?:did|was|were|is|are|do|does)(?: not|n'?t))\b"
    r"(?! (?:arrests?|detentions?|more than|fewer than|less than)\b)[^.,;\n]*"
)
_NOT_KNOWN = r"(?:unknown|not (?:known|sure|stated|clear)|no (?:idea|info\w*)|unsure|don'?t know|n/a|tbc|\?+)"
_YES = r"(?:yes|yep|yeah|y|present|there)"
# A value ends with its clause, its line, or where the next key begins.
_NEXT_KEY = rf"\s+(?:{_ANY_KEY})\s*[:=]"
_END = rf"(?=\s*(?:[.,;|)*_\n]|$)|{_NEXT_KEY})"
# More of the same number, which is read with it: "2, then another 1", "yes, about 20".
_NO_MORE = r"(?!\s*[,(-]?\s*(?:and |then |later )*(?:another|plus|\+|about|around|\d+ (?:more|others)|not sure|i think|maybe|probably|\d+ later)\b)"
_PAIR = re.compile(
    rf"(?:(?P<begins>(?:^|(?<=[.,;|\n]))[ \t]*(?:[*_•·-]\s*)?)|\b)(?:{_KEY})[*_]?\s*(?:[:=]|(?P<dash>-))[*_]?[ \t]*"
    rf"(?P<value>(?P<unknown>{_NOT_KNOWN}){_END}|(?P<yes>{_YES}){_END}{_NO_MORE}"
    rf"|(?P<number>{NUMBER})(?:\s+{KIND})?{_END}{_NO_MORE}|(?P<nobody>{_NOBODY}){_END}|(?P<denied>{_NOT}){_END}"
    rf"|(?P<free>[^.;|\n]{{1,120}}?)(?=\s*(?:[.;|\n]|$)|{_NEXT_KEY}))",
    re.IGNORECASE | re.MULTILINE,
)


class Pairs(NamedTuple):
    """
    What keys and values say, by the fields of the draft: numbers of people, 'yes' or 'no', words of closed lists.

    A key with two different values has both.
    """

    detained: frozenset[int] = frozenset()
    released: frozenset[int] = frozenset()
    crowd: frozenset[int] = frozenset()
    police: frozenset[str] = frozenset()
    response: frozenset[str] = frozenset()
    setting: frozenset[str] = frozenset()
    outcome: frozenset[str] = frozenset()


def split_pairs(text: str) -> tuple[str, Pairs]:
    """The text without its keys and values, and what they say."""
    found: dict[str, set] = {field: set() for field, _ in _KEYS}

    def take(match: re.Match) -> str:
        # "Two arrested - 3 vans" is no pair; a dash needs its key to begin the clause.
        if match["dash"] and match["begins"] is None:
            return match[0]
        field = next(field for field, _ in _KEYS if match[field])
        if match["unknown"]:
            return "\n"
        value = _number(match, field) if field in _NUMBERS else _word(match, field)
        if value == UNKNOWN:
            return "\n"
        if value is None:
            # "Police: no arrests made" tells of police; "Response: 30 checked" tells of none.
            is_told = field == "community_response" or (
                field == "police_present" and pattern("police").search(match["value"])
            )
            return f"\n{match['value']}" if is_told else match[0]
        if field == "people_detained" and value == "yes":
            return _SOME_TAKEN
        if field == "crowd_size" and value == "yes":
            field = "community_response"
        found[field].add(value)
        # What is said of the outcome may hold a number too.
        return f"\n{match['value']}\n" if field == "outcome" else "\n"

    rest = _PAIR.sub(take, text)
    return rest, Pairs(*(frozenset(values) for values in found.values()))


_A_NUMBER = re.compile(NUMBER, re.IGNORECASE)
# A yes behind "Detained:", as a sentence says it.
_SOME_TAKEN = "\npeople were taken\n"


def _number(match: re.Match, field: str) -> int | str | None:
    if match["number"]:
        return people_in(match["number"], field)
    if match["nobody"]:
        return 0
    # "Detained: not far from here" is not a number.
    number = people_in(match["value"], field)
    if number is None and field != "people_released" and split_answer(match["value"])[0] == "yes":
        return "yes"
    return number


def _word(match: re.Match, field: str) -> str | None:
    value = value_of(field, match["value"])
    if value or field not in YES_NO_FIELDS or split_answer(match["value"])[0]:
        return value
    if is_in_doubt(match["value"]):
        return UNKNOWN
    if match["free"]:
        # "Police: two vans of them" says that they were there.
        return "yes" if field == "police_present" and _A_NUMBER.match(match["value"]) else None
    if match["number"]:
        return "no" if people_in(match["number"], "crowd_size") == 0 else "yes"
    return "yes" if match["yes"] else "no"


_SENTENCE_END = re.compile(
    # Not "one taken from no. 5".
    r"(?<![0-9])(?<!\bat no)(?<!from no)(?<!outside no)[.](?=\s|$)|(?<=[0-9])[.](?=\s+(?:[A-Z]|(?!am\b|pm\b|hrs?\b|hours?\b|mins?\b)[a-z-]{3})|\s*$)|[!…\n;]+|(?<=\?)"
)

# Where another raid is told of, up to the end of the clause.
_START, _TO_THE_END = r"(?:^|[\s,(-])", r"[^,.!?;)\n]*"


def sentences(text: str) -> list[str]:
    """
    The sentences that tell of the raid: without greetings, what is still to come, and raids elsewhere.

    A question keeps its question mark, so that it can be told from a statement.
    """
    told = []
    for piece in _SENTENCE_END.split(text):
        sentence = any_of("greeting").sub(" ", (piece or "").strip())
        if sentence.strip() and not any(
            pattern(group).search(sentence) for group in ("to_come", "remembered")
        ):
            told.append(any_of("elsewhere", _START, _TO_THE_END).sub(" ", sentence).strip())
    return [sentence for sentence in told if sentence]


def is_question(sentence: str) -> bool:
    """Whether a sentence asks, so that nothing in it is known."""
    return sentence.rstrip().endswith("?")
