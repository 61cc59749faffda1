"""`log`: write a raid down by hand, from options, questions or a pasted message."""

import sys
from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from analysis.records.record_words import record_in_words
from analysis.records.retention_words import say_clock_doubt
from analysis.words import day_in_words
from commands.record_answers import NOT_DONE, confirm, record_as_json
from commands.record_options import (
    CHOICES,
    NO_DAY,
    Crowd,
    Day,
    Detained,
    Duration,
    Outcome,
    Police,
    Released,
    Response,
    Setting,
    Time,
    Where,
    Yes,
    read_day,
    read_hours,
    read_options,
    read_value,
)
from commands.terminal import AsJson, err, open_store_asking, out, print_json
from data import clock
from data.errors import InputError
from data.log.acts import log_incident
from data.log.entry import IncidentEntry, entry_columns
from data.log.reading import read_incident
from data.log.retention import doubt_clock
from data.message.draft import read_message
from data.places.named import NamedPlace as Place
from data.places.named import place_of
from data.store.settings import shown_from

ONLY_FROM_STDIN = "A message is read from standard input: --message -. Written on the command line it would stay in the shell's history."
NO_PLACE = "The place is missing. Give it with --place: a postcode, a district such as SE15, or the borough."
NO_RAID = "The message tells of no raid, so nothing is logged."
CONFIRM_FIRST = (
    "A message is logged only once somebody has looked at what was read from it. Confirm with --yes."
)
CODE_IS_FOR = "Note this code down: until then only it opens the record, to correct or to delete it. It is kept nowhere."

# Field of IncidentEntry -> what is asked on a terminal.
_QUESTIONS = {
    "setting": "What kind of place",
    "outcome": "How it ended",
    "people_detained": "People detained",
    "people_released": "People let go",
    "crowd_size": "Crowd at its peak",
    "duration_minutes": "How long it took",
    "police_present": "Police besides immigration officers",
    "community_response": "Did people respond",
}


def log(
    day: Day = None,
    time: Time = None,
    place: Where = None,
    setting: Setting = None,
    outcome: Outcome = None,
    people_detained: Detained = None,
    people_released: Released = None,
    crowd: Crowd = None,
    duration: Duration = None,
    police: Police = None,
    response: Response = None,
    message: Annotated[
        str | None,
        typer.Option("--message", help="'-' reads a pasted message from standard input, and throws it away."),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Log a raid. On a terminal what is not given is asked for."""
    given = read_options(
        setting, outcome, people_detained, people_released, crowd, duration, police, response
    )
    if message not in (None, "-"):
        raise InputError(ONLY_FROM_STDIN)
    is_asking = message is None and sys.stdin.isatty() and not yes and not as_json
    if message is not None and not yes and not _has_terminal():
        raise InputError(CONFIRM_FIRST)
    store = open_store_asking()
    doubt = doubt_clock(store)
    if doubt and doubt.is_before:
        err.print(f"{say_clock_doubt(doubt)} ‘Today’ and when a record shows go by it.")
    entry, where = _from_message() if message is not None else (None, None)
    entry = entry or IncidentEntry(day=clock.today())
    if day is not None:
        entry = _on(entry, read_day(day))
    elif is_asking:
        entry = _on(entry, _ask("Which day, month or year", "today", read_day))
    elif message is None or entry.day is None:
        raise InputError(NO_DAY)
    if time is not None or (is_asking and entry.date_precision == "day"):
        hours = read_hours(time) if time is not None else _ask("What time, if known", "", read_hours)
        entry = replace(entry, hour_from=hours[0], hour_to=hours[1])
    if place is not None:
        where = place_of(place)
    elif is_asking:
        where = _ask("Where: postcode, district, borough or area", None, place_of)
    if where is None:
        raise InputError(NO_PLACE)
    entry = replace(entry, **given)
    if is_asking:
        for name, question in _QUESTIONS.items():
            if name not in given:
                allowed = CHOICES.get(name, ())
                hint = f" ({', '.join(allowed)})" if allowed else ", if known"
                default = "unknown" if allowed else ""
                entry = replace(
                    entry,
                    **{name: _ask(question + hint, default, lambda text, name=name: read_value(name, text))},
                )
    columns = entry_columns(entry, where)
    if (is_asking or message is not None) and not yes:
        out.print(f"All that will be kept: {record_in_words(columns, where.label)}", markup=False)
        if not confirm("Save this record?"):
            out.print(NOT_DONE)
            return
    logged = log_incident(store, entry, where)
    shows = shown_from(columns["started_latest"], store.settings().hidden_days, clock.today())
    if as_json:
        told = {
            "incident_id": logged.incident_id,
            "code": logged.code,
            "shows_from": shows.isoformat() if shows else None,
        }
        print_json(told | {"record": record_as_json(read_incident(store, logged.incident_id))})
        return
    out.print(f"Logged: {record_in_words(columns, where.label)}", markup=False)
    if shows:
        out.print(f"Its code is {logged.code}. It shows from {day_in_words(shows)}.", markup=False)
        out.print(CODE_IS_FOR)
    else:
        out.print(f"Its code is {logged.code}. It shows at once, and waits for a second look.")


def _from_message() -> tuple[IncidentEntry, Place | None]:
    """The draft of the message on standard input, of which nothing else is kept."""
    draft = read_message(sys.stdin.read(), clock.today())
    if draft.tells_of_no_raid:
        raise InputError(NO_RAID)
    values = {name: getattr(draft, name) for name in draft.said if name not in ("day", "place_text")}
    # It was made from the geography's own names.
    where = place_of(draft.place_text) if draft.place_text else None
    return IncidentEntry(draft.day, **values), where


def _on(entry: IncidentEntry, when: tuple[date, str]) -> IncidentEntry:
    """The entry on another day; what a message said of the hours goes with a month or year."""
    day, precision = when
    hours = {} if precision == "day" else {"hour_from": None, "hour_to": None}
    return replace(entry, day=day, date_precision=precision, **hours)


def _ask(question: str, default: str | None, read):
    """Ask until the answer is understood."""
    while True:
        answer = typer.prompt(question, default=default, show_default=bool(default))
        try:
            return read(answer)
        except InputError as error:
            err.print(str(error), markup=False)


def _has_terminal() -> bool:
    try:
        with open("/dev/tty"):
            return True
    except OSError:
        return False
