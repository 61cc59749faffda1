"""
A message from a group chat or a social feed, read by rules into a draft for the form.

The message itself goes: nothing of it is kept, logged or repeated. What comes back are days, hours, numbers, words of
closed lists, and the name of an area as the geography writes it. The rules leave a field empty rather than guess, and
a person looks at each before anything is saved.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from data.message.days import find_day
from data.message.hours import find_hours
from data.message.text import is_question, sentences, split_pairs, split_stamps
from data.message.where import find_place_text
from data.reading.dates import EPOCH
from data.reading.spelt import clean
from data.reading.told import (
    find_numbers,
    find_outcome,
    find_police,
    find_response,
    find_setting,
    says_no_raid,
    says_others_came,
    says_taken,
)
from data.schema import UNKNOWN

LONGEST_SENTENCE = 600


@dataclass(frozen=True)
class MessageDraft:
    """
    What a message says of a raid, as far as it does; see `data.log.IncidentEntry` for the fields.

    `date_precision` is 'month' or 'year' where no more is known; `day` is the first of it then.
    `place_text` is the name of a locality, district or borough, for `place_of`; '' if there is none. `said` names the
    fields that were found, in the order of the form.
    `tells_of_no_raid` is whether it says that there was none, or that others than immigration officers came; then nothing
    else is drafted.
    """

    day: date | None = None
    hour_from: int | None = None
    hour_to: int | None = None
    place_text: str = ""
    setting: str = UNKNOWN
    outcome: str = UNKNOWN
    people_detained: int | None = None
    people_released: int | None = None
    crowd_size: int | None = None
    duration_minutes: int | None = None
    police_present: str = UNKNOWN
    community_response: str = UNKNOWN
    said: tuple[str, ...] = ()
    tells_of_no_raid: bool = False
    date_precision: str = "day"


def read_message(text: str, today: date) -> MessageDraft:
    """
    Draft an entry from a pasted message.

    Understands the stamps of WhatsApp, Telegram, Signal and social feeds; "today", "yesterday", weekdays and dates; clock
    times and parts of the day; postcodes, districts, boroughs and London's areas; numbers of people taken, let go and
    gathered; how long it took and how it ended. Passes over questions, attempts, what is still to come, and other raids
    that the message compares with.

    Parameters
    ----------
    text
        Anything at all.
    today
        The day it is; a message without a stamp was written then, and no later day is ever drafted.

    >>> read_message("This morning around 6am in Peckham: vans outside a car wash, they took two people", date(2022, 6, 14)).said
    ('day', 'hour_from', 'hour_to', 'place_text', 'setting', 'outcome', 'people_detained')
    """
    body, posted = split_stamps(clean(text), today)
    body, pairs = split_pairs(body)
    told = [sentence[:LONGEST_SENTENCE] for sentence in sentences(body)]
    stated = [sentence for sentence in told if not is_question(sentence)]
    numbers = find_numbers(stated, pairs.detained, pairs.released, pairs.crowd)
    if numbers.none_detained and says_taken(stated):
        numbers = numbers._replace(detained=None, contradicts=True)
    is_taken = bool(numbers.detained or numbers.released) or says_taken(stated)
    if (says_no_raid(stated) and not is_taken) or says_others_came(stated):
        return MessageDraft(tells_of_no_raid=True)
    response = find_response(stated, numbers, pairs.response)
    hours = find_hours(stated)
    when = find_day(told, posted, today, hours)
    if when and when.precision != "day":
        # An hour says nothing without its day.
        hours = None
    found = {
        "day": date.fromordinal(when.first + EPOCH) if when else None,
        "date_precision": when.precision if when else "day",
        "hour_from": hours[0] if hours else None,
        "hour_to": hours[1] if hours else None,
        "place_text": find_place_text(told),
        "setting": _agreed(pairs.setting, find_setting(told)),
        "outcome": _agreed(pairs.outcome, find_outcome(stated, numbers, response == "yes")),
        "people_detained": numbers.detained,
        "people_released": numbers.released,
        "crowd_size": numbers.crowd,
        "duration_minutes": numbers.minutes,
        "police_present": find_police(stated, pairs.police),
        "community_response": response,
    }
    said = tuple(
        name
        for name, value in found.items()
        if value not in (None, "", UNKNOWN) and (name, value) != ("date_precision", "day")
    )
    return MessageDraft(**found, said=said)


def _agreed(values: Collection[str], told: str) -> str:
    """What the keys of a message say, unless they or its sentences contradict; what the sentences say where no key does."""
    said = {*values, *({told} - {UNKNOWN})}
    return said.pop() if len(said) == 1 else UNKNOWN
