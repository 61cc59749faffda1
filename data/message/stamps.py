"""The lines that chats and feeds put before or behind a message: who wrote, and when. The name goes at once."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from data.reading.calendar_names import MONTH
from data.reading.dates import DAY_FIRST, MONTH_FIRST, PartialDate, parse_date

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
