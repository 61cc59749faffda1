"""`log`: write a raid down by hand, from options, questions or a pasted message. `incidents`: what becomes of the records."""

import sys
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.table import Column, Table

from analysis.duplicates import duplicates
from analysis.record_words import record_in_words, shown_from
from analysis.words import day_in_words
from commands.shared import AsJson, err, open_store_asking, out, plain, print_json
from data import store as clock
from data.errors import InputError
from data.geography.named_place import NamedPlace, named, place_of
from data.importing.dates import EPOCH, PartialDate, parse_date
from data.importing.distinct import Problem, is_blank
from data.importing.headings import normalise
from data.importing.numbers import LARGEST, parse_duration, parse_people
from data.importing.times import DayTime, parse_time
from data.importing.words import LOOKUP
from data.log import (
    PLACE_COLUMNS,
    Change,
    IncidentEntry,
    Place,
    check_incident,
    code_of,
    delete_incident,
    edit_incident,
    entry_columns,
    find_by_code,
    list_to_check,
    log_incident,
    merge_incidents,
    read_incident,
    trail,
    undo_change,
    undo_last_change,
)
from data.message import read_message
from data.schema import OUTCOMES, SETTINGS, YES_NO_UNKNOWN
from data.settings import read_settings

app = typer.Typer()
incidents = typer.Typer(
    no_args_is_help=True, help="Look at, check, correct, merge and delete single records."
)
app.add_typer(incidents, name="incidents")

ONLY_FROM_STDIN = "A message is read from standard input: --message -. Written on the command line it would stay in the shell's history."
NO_DAY = "The day is missing. Give it with --date, as 2022-06-14, 'today' or 'yesterday'."
NO_PLACE = "The place is missing. Give it with --place: a postcode, a district such as SE15, or the borough."
CONFIRM_FIRST = (
    "A message is logged only once somebody has looked at what was read from it. Confirm with --yes."
)
NOT_DONE = "Nothing was changed."
CODE_IS_FOR = "Note this code down: until then only it opens the record, to correct or to delete it. It is kept nowhere."

Day = Annotated[str | None, typer.Option("--date", help="Day: 2022-06-14, today, yesterday.")]
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
Code = Annotated[str, typer.Argument(help="Code of the record, such as 7f3a-91c2-04de.")]
Codes = Annotated[list[str] | None, typer.Argument(help="Codes of young records to be among them.")]

# Field of IncidentEntry -> what is asked on a terminal, and the list it is chosen from.
_QUESTIONS = {
    "setting": ("What kind of place", SETTINGS),
    "outcome": ("How it ended", OUTCOMES),
    "people_detained": ("People detained", ()),
    "people_released": ("People let go", ()),
    "crowd_size": ("Crowd at its peak", ()),
    "duration_minutes": ("How long it took", ()),
    "police_present": ("Police besides immigration officers", YES_NO_UNKNOWN),
    "community_response": ("Did people respond", YES_NO_UNKNOWN),
}


@app.command()
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
    given = _given(setting, outcome, people_detained, people_released, crowd, duration, police, response)
    if message not in (None, "-"):
        raise InputError(ONLY_FROM_STDIN)
    is_asking = message is None and sys.stdin.isatty() and not yes and not as_json
    if message is not None and not yes and not _has_terminal():
        raise InputError(CONFIRM_FIRST)
    store = open_store_asking()
    entry, where = _from_message() if message is not None else (None, None)
    entry = entry or IncidentEntry(day=clock.today())
    if day is not None:
        entry = replace(entry, day=_day(day))
    elif is_asking:
        entry = replace(entry, day=_ask("Which day", "today", _day))
    elif message is None or entry.day is None:
        raise InputError(NO_DAY)
    if time is not None or is_asking:
        hours = _hours(time) if time is not None else _ask("What time, if known", "", _hours)
        entry = replace(entry, hour_from=hours[0], hour_to=hours[1])
    if place is not None:
        where = place_of(place)
    elif is_asking:
        where = _ask("Where: postcode, district, borough or area", None, place_of)
    if where is None:
        raise InputError(NO_PLACE)
    entry = replace(entry, **given)
    if is_asking:
        for name, (question, allowed) in _QUESTIONS.items():
            if name not in given:
                hint = f" ({', '.join(allowed)})" if allowed else ", if known"
                default = "unknown" if allowed else ""
                entry = replace(
                    entry,
                    **{name: _ask(question + hint, default, lambda text, name=name: _value(name, text))},
                )
    columns = entry_columns(entry, where)
    if (is_asking or message is not None) and not yes:
        out.print(f"All that will be kept: {record_in_words(columns, where.label)}", markup=False)
        if not _confirm("Save this record?"):
            out.print(NOT_DONE)
            return
    logged = log_incident(store, entry, where)
    shows = shown_from(columns["started_latest"], read_settings(store).hidden_days, clock.today())
    if as_json:
        told = {
            "incident_id": logged.incident_id,
            "code": logged.code,
            "shows_from": shows.isoformat() if shows else None,
        }
        print_json(told | {"record": _as_json(read_incident(store, logged.incident_id))})
        return
    out.print(f"Logged: {record_in_words(columns, where.label)}", markup=False)
    if shows:
        out.print(f"Its code is {logged.code}. It shows from {day_in_words(shows)}.", markup=False)
        out.print(CODE_IS_FOR)
    else:
        out.print(f"Its code is {logged.code}. It shows at once, and waits for a second look.")


@incidents.command("list")
def list_command(codes: Codes = None, as_json: AsJson = False) -> None:
    """The records that wait for a second look; young ones only by their codes."""
    store = open_store_asking()
    waiting = list_to_check(store, [find_by_code(store, code) for code in codes or ()])
    records = waiting.astype(object).where(waiting.notna(), None).to_dict("records")
    if as_json:
        print_json([_as_json(record) for record in records])
        return
    for record in records:
        _print_record(record)
    if not records:
        out.print("No record that shows waits for a second look.")


@incidents.command()
def show(code: Code, as_json: AsJson = False) -> None:
    """All that is kept of one record."""
    store = open_store_asking()
    record = read_incident(store, find_by_code(store, code))
    if as_json:
        print_json(_as_json(record))
    else:
        _print_record(record)


@incidents.command()
def check(
    code: Code,
    confidence: Annotated[
        str, typer.Option(help="How sure it is after a second look: medium or high.")
    ] = "medium",
) -> None:
    """A second look found a record right."""
    store = open_store_asking()
    step = check_incident(store, find_by_code(store, code), confidence)
    out.print(f"Checked; its confidence is {confidence}." if step else "It was checked already.")


@incidents.command()
def edit(
    code: Code,
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
    as_json: AsJson = False,
) -> None:
    """Correct a record; only what is given changes. 'unknown' empties a number or a time."""
    changed: dict[str, object] = _given(
        setting, outcome, people_detained, people_released, crowd, duration, police, response
    )
    store = open_store_asking()
    incident_id = find_by_code(store, code)
    if day is not None or time is not None:
        changed |= _edited_start(read_incident(store, incident_id), day, time)
    if place is not None:
        where = place_of(place)
        changed |= {name: getattr(where, name) for name in PLACE_COLUMNS}
    step = edit_incident(store, incident_id, changed)
    record = read_incident(store, incident_id)
    if as_json:
        print_json({"step": step, "record": _as_json(record)})
        return
    out.print("Corrected." if step else "It says that already.")
    _print_record(record)


@incidents.command()
def delete(code: Code, yes: Yes = False) -> None:
    """Take a record out. `incidents undo` brings it back, for 30 days."""
    store = open_store_asking()
    incident_id = find_by_code(store, code)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("A record is deleted only once somebody has confirmed it. Confirm with --yes.")
        _print_record(read_incident(store, incident_id))
        if not _confirm("Delete this record?"):
            out.print(NOT_DONE)
            return
    delete_incident(store, incident_id)
    out.print("Deleted. `incidents undo` with its code brings it back, for 30 days.")


@incidents.command("duplicates")
def duplicates_command(codes: Codes = None, as_json: AsJson = False) -> None:
    """Pairs of records that may be the same raid; young ones only by their codes."""
    store = open_store_asking()
    pairs = duplicates(store.run, [find_by_code(store, code) for code in codes or ()])
    told = [
        {"left": code_of(pair.left_id), "right": code_of(pair.right_id), "reason": pair.reason}
        for pair in pairs.itertuples(index=False)
    ]
    if as_json:
        print_json(told)
        return
    table = Table(Column("keep", no_wrap=True), Column("other", no_wrap=True), "why")
    for pair in told:
        table.add_row(*pair.values())
    if told:
        out.print(table)
        out.print("`incidents merge KEEP OTHER` makes one record of two.")
    else:
        out.print("No two records of one day lie near each other.")


@incidents.command()
def merge(
    keep: Annotated[str, typer.Argument(help="Code of the record to keep.")],
    other: Annotated[str, typer.Argument(help="Code of the record that goes.")],
) -> None:
    """Make one record of two that tell of the same raid, with the better of each."""
    store = open_store_asking()
    merged = merge_incidents(store, find_by_code(store, keep), find_by_code(store, other))
    out.print(merged.sentence)
    _print_record(read_incident(store, merged.incident_id))


@incidents.command("undo")
def undo_command(
    code: Annotated[
        str | None, typer.Argument(help="Code of a record; its last change is taken back.")
    ] = None,
    step: Annotated[int | None, typer.Option(help="Step of the trail; else the last.")] = None,
) -> None:
    """Take back the last change, of one record or of all; or the step named."""
    store = open_store_asking()
    if step is not None:
        undone: Change = undo_change(store, step)
    else:
        undone = undo_last_change(store, find_by_code(store, code, or_deleted=True) if code else None)
    out.print(f"Taken back: step {undone.step}, '{undone.act}'.")


@incidents.command("trail")
def trail_command(
    codes: Codes = None,
    limit: Annotated[int, typer.Option(help="Acts, at most.", min=1)] = 20,
    as_json: AsJson = False,
) -> None:
    """What was changed by hand, the newest first; of young records only by their codes."""
    store = open_store_asking()
    rows = trail(store, limit, [find_by_code(store, code, or_deleted=True) for code in codes or ()])
    told = [
        {
            name: value.isoformat() if hasattr(value, "isoformat") else plain(value)
            for name, value in row.items()
        }
        for row in rows.to_dict("records")
    ]
    if as_json:
        print_json(told)
        return
    table = Table(
        "step", "when (UTC)", Column("code", no_wrap=True), "act", "column", "before", "after", "taken back"
    )
    for row in told:
        table.add_row(
            str(row["step"]),
            row["happened_at"][:16].replace("T", " "),
            code_of(row["incident_id"]),
            row["act"],
            row["column_name"],
            row["value_before"] or "",
            row["value_after"] or "",
            "yes" if row["is_undone"] else "",
        )
    out.print(table if told else "Nothing was changed by hand in the records that show.")


def _from_message() -> tuple[IncidentEntry, NamedPlace | None]:
    """The draft of the message on standard input, of which nothing else is kept."""
    draft = read_message(sys.stdin.read(), clock.today())
    values = {name: value for name, value in vars(draft).items() if name not in ("said", "place_text")}
    # It was made from the geography's own names.
    where = place_of(draft.place_text) if draft.place_text else None
    return IncidentEntry(**values), where


def _given(
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
    return {name: _value(name, text) for name, text in written.items() if text is not None}


def _value(name: str, text: str) -> object:
    """A word of a closed list, or a number; None for a number that is not stated."""
    told = name.replace("_", " ")
    if name not in LARGEST:
        allowed = _QUESTIONS[name][1]
        word = text.strip().lower()
        value = word if word in allowed else LOOKUP[name].get(normalise(text))
        if value is None:
            raise InputError(f"The {told} takes one of: {', '.join(allowed)}.")
        return value
    number = parse_duration(text) if name == "duration_minutes" else parse_people(text)
    if isinstance(number, Problem):
        raise InputError(f"{told}: {number.reason}")
    return number


def _day(text: str) -> date:
    word = text.strip().lower()
    if word in ("today", "yesterday"):
        return clock.today() - timedelta(days=word == "yesterday")
    found = parse_date(text)
    if isinstance(found, Problem):
        raise InputError(f"--date: {found.reason}")
    if not isinstance(found, PartialDate) or found.precision != "day":
        raise InputError(NO_DAY)
    return date.fromordinal(found.first + EPOCH)


def _hours(text: str) -> tuple[int | None, int | None]:
    """First and last hour; None and None where only the day is known."""
    if is_blank(text):
        return None, None
    found = parse_time(text)
    if not isinstance(found, DayTime):
        raise InputError(f"--time: {found.reason}")
    hours = found.first // 60, found.last // 60
    return hours if hours != (0, 23) else (None, None)


def _edited_start(record: dict, day: str | None, time: str | None) -> dict:
    first, last = record["started_earliest"], record["started_latest"]
    if day is None and first.date() != last.date():
        raise InputError("The day of this record is not known. Give it with --date as well.")
    if time is not None:
        hours = _hours(time)
    else:
        is_known = first.date() == last.date() and (first.hour, last.hour) != (0, 23)
        hours = (first.hour, last.hour) if is_known else (None, None)
    entry = IncidentEntry(_day(day) if day is not None else first.date(), *hours)
    columns = entry_columns(entry, Place(*(record[name] for name in PLACE_COLUMNS)))
    return {name: columns[name] for name in ("started_earliest", "started_latest", "date_precision")}


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


def _confirm(question: str) -> bool:
    """Ask on the terminal itself: standard input may have been the message."""
    if sys.stdin.isatty():
        return typer.confirm(question)
    with suppress(OSError), open("/dev/tty") as terminal:
        out.print(f"{question} [y/N]: ", end="", markup=False)
        return terminal.readline().strip().lower() in ("y", "yes")
    return False


def _place_in(record: dict) -> NamedPlace:
    return named(Place(*(record[name] for name in PLACE_COLUMNS)))


def _print_record(record: dict) -> None:
    words = record_in_words(record, _place_in(record).label)
    out.print(
        f"{code_of(record['incident_id'])}: {words} ({record['review']}, confidence {record['confidence']})",
        markup=False,
    )


def _as_json(record: dict) -> dict:
    return {
        "code": code_of(record["incident_id"]),
        **{
            name: value.isoformat() if hasattr(value, "isoformat") else plain(value)
            for name, value in record.items()
        },
    }
