"""The options that tell of one raid, the same where it is logged and where it is corrected, and how they are read."""

from datetime import date
from typing import Annotated

import typer

from data import clock
from data.errors import InputError
from data.message.days import find_day
from data.message.text import Posted
from data.reading.answers import Problem, is_blank
from data.reading.dates import EPOCH, PartialDate, parse_date
from data.reading.numbers import LARGEST, parse_duration, parse_people
from data.reading.times import DayTime, parse_time
from data.reading.words import value_of
from data.schema import OUTCOMES, SETTINGS, UNKNOWN, YES_NO_UNKNOWN

NO_DAY = (
    "The day is missing. Give it with --date, as 2022-06-14, 'today' or 'yesterday', or as June 2022 or 2022 where no more is "
    "known."
)

Day = Annotated[
    str | None,
    typer.Option("--date", help="Day: 2022-06-14, today, yesterday; or the month or year: June 2022, 2022."),
]
Time = Annotated[str | None, typer.Option("--time", help="Rough time: 6am, 06:30, morning, 6-8am.")]
Where = Annotated[
    str | None, typer.Option("--place", help="Postcode, district, borough or area; kept as its locality.")
]
Setting = Annotated[str | None, typer.Option("--setting", help=f"One of: {', '.join(SETTINGS)}.")]
Outcome = Annotated[str | None, typer.Option("--outcome", help=f"One of: {', '.join(OUTCOMES)}.")]
Detained = Annotated[str | None, typer.Option("--people-detained", help="How many were taken.")]
Released = Annotated[str | None, typer.Option("--people-released", help="How many were let go.")]
Crowd = Annotated[str | None, typer.Option("--crowd", help="How many came out, at the peak.")]
Duration = Annotated[str | None, typer.Option("--duration", help="How long: 45, 2 hours, 2h30.")]
Police = Annotated[
    str | None, typer.Option("--police", help="Police there besides immigration officers: yes, no, unknown.")
]
Response = Annotated[
    str | None,
    typer.Option("--response", help="People intervened, monitored or protested: yes, no, unknown."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

# Fields that take a word of a closed list.
CHOICES = {
    "setting": SETTINGS,
    "outcome": OUTCOMES,
    "police_present": YES_NO_UNKNOWN,
    "community_response": YES_NO_UNKNOWN,
}


def read_options(
    setting: str | None,
    outcome: str | None,
    people_detained: str | None,
    people_released: str | None,
    crowd: str | None,
    duration: str | None,
    police: str | None,
    response: str | None,
) -> dict[str, object]:
    """The fields that options give, by their names; InputError where one is not understood."""
    written = {
        "setting": setting,
        "outcome": outcome,
        "people_detained": people_detained,
        "people_released": people_released,
        "crowd_size": crowd,
        "duration_minutes": duration,
        "police_present": police,
        "community_response": response,
    }
    return {name: read_value(name, text) for name, text in written.items() if text is not None}


def read_value(name: str, text: str) -> object:
    """A word of a closed list, or a number; None for a number that is not stated."""
    told = name.replace("_", " ")
    if name not in LARGEST:
        allowed = CHOICES[name]
        value = value_of(name, text) or (UNKNOWN if is_blank(text) else None)
        if value is None:
            raise InputError(f"The {told} takes one of: {', '.join(allowed)}.")
        return value
    number = parse_duration(text) if name == "duration_minutes" else parse_people(text)
    if isinstance(number, Problem):
        raise InputError(f"{told}: {number.reason}")
    return number


def read_day(text: str) -> tuple[date, str]:
    """
    A day, month or year: its first day, and which of the three it is. Days are said as in a message, "last Friday" too.

    Raises
    ------
    InputError
        It is none that is understood.
    """
    said = find_day([text], Posted(None, True), clock.today())
    found = said or parse_date(text)
    if not isinstance(found, PartialDate):
        raise InputError(f"--date: {found.reason}")
    return date.fromordinal(found.first + EPOCH), found.precision


def read_hours(text: str) -> tuple[int | None, int | None]:
    """First and last hour, from 24 on of the next day; None and None where only the day is known."""
    if is_blank(text):
        return None, None
    found = parse_time(text)
    if not isinstance(found, DayTime):
        raise InputError(f"--time: {found.reason}")
    return found.hours() if found.hours() != (0, 23) else (None, None)
