"""`incidents`: what becomes of single records; looked at, checked, corrected, merged, deleted, and had back."""

import sys
from typing import Annotated

import typer
from rich.table import Column, Table

from analysis.records.duplicates import MOST_PAIRS, duplicates
from commands.record_answers import NOT_DONE, confirm, print_record, record_as_json
from commands.record_options import (
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
)
from commands.tables import plain
from commands.terminal import AsJson, open_store_asking, out, print_json
from data.errors import InputError
from data.log.acts import check_incident, delete_incident, edit_incident
from data.log.apart import offer_again, tell_apart
from data.log.entry import (
    PLACE_COLUMNS,
    TIME_COLUMNS,
    IncidentEntry,
    entered_start,
    entry_columns,
    misfits,
    place_in,
)
from data.log.merging import merge_incidents
from data.log.reading import list_incidents, list_to_check, read_incident, trail
from data.log.rows import code_of, find_by_code
from data.log.undoing import NO_SUCH_STEP, NOTHING_TO_UNDO, Change, undo_change, undo_last_change
from data.places.named import place_of
from data.store.store import Store

app = typer.Typer(no_args_is_help=True, help="Look at, check, correct, merge and delete single records.")

Code = Annotated[str, typer.Argument(help="Code of the record, such as 7f3a-91c2-04de.")]
Codes = Annotated[list[str] | None, typer.Argument(help="Codes of young records to be among them.")]


@app.command("list")
def list_command(
    codes: Codes = None,
    to_check: Annotated[
        bool, typer.Option("--to-check", help="Only those that wait for a second look.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Every record that may be seen, logged, imported or public, newest first; young ones only by their codes."""
    store = open_store_asking()
    listed = (list_to_check if to_check else list_incidents)(
        store, [find_by_code(store, code) for code in codes or ()]
    )
    records = listed.astype(object).where(listed.notna(), None).to_dict("records")
    if as_json:
        print_json([record_as_json(record) for record in records])
        return
    for record in records:
        print_record(record)
    if not records:
        out.print(
            "No record that shows waits for a second look."
            if to_check
            else "No record is old enough to show. Log a raid, or import a file; a young record is listed by its code."
        )


@app.command()
def show(code: Code, as_json: AsJson = False) -> None:
    """All that is kept of one record."""
    store = open_store_asking()
    record = read_incident(store, find_by_code(store, code))
    if as_json:
        print_json(record_as_json(record))
    else:
        print_record(record)


@app.command()
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


@app.command()
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
    changed: dict[str, object] = read_options(
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
        print_json({"step": step, "record": record_as_json(record)})
        return
    out.print("Corrected." if step else "It says that already.")
    for name in misfits(record):
        option = name.replace("_", "-")
        out.print(
            f"Its outcome is '{record['outcome']}' and {name.replace('_', ' ')} is {record[name]}. If that number is wrong, "
            f"take it out: incidents edit {code} --{option} unknown",
            markup=False,
        )
    print_record(record)


@app.command()
def delete(code: Code, yes: Yes = False) -> None:
    """Take a record out. `incidents undo` brings it back, for 30 days."""
    store = open_store_asking()
    incident_id = find_by_code(store, code)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("A record is deleted only once somebody has confirmed it. Confirm with --yes.")
        print_record(read_incident(store, incident_id))
        if not confirm("Delete this record?"):
            out.print(NOT_DONE)
            return
    delete_incident(store, incident_id)
    out.print("Deleted. `incidents undo` with its code brings it back, for 30 days.")


@app.command("duplicates")
def duplicates_command(codes: Codes = None, as_json: AsJson = False) -> None:
    """The first 200 pairs of records that may be the same raid; young ones only by their codes."""
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
        if len(told) == MOST_PAIRS:
            out.print(f"These are the first {MOST_PAIRS}; there may be more.")
        out.print(
            "`incidents merge KEEP OTHER` makes one record of two; `incidents apart` notes that they are two raids."
        )
    else:
        out.print("No two records of one day lie near each other.")


@app.command()
def merge(
    keep: Annotated[str, typer.Argument(help="Code of the record to keep.")],
    other: Annotated[str, typer.Argument(help="Code of the record that goes.")],
) -> None:
    """Make one record of two that tell of the same raid, with the better of each."""
    store = open_store_asking()
    merged = merge_incidents(store, find_by_code(store, keep), find_by_code(store, other))
    out.print(merged.sentence)
    print_record(read_incident(store, merged.incident_id))


@app.command()
def apart(
    one: Annotated[str, typer.Argument(help="Code of a record.")],
    other: Annotated[str, typer.Argument(help="Code of another.")],
    again: Annotated[bool, typer.Option("--again", help="Take it back: offer the two again.")] = False,
) -> None:
    """Note that two records tell of two raids; `duplicates` does not list them any more."""
    store = open_store_asking()
    ids = find_by_code(store, one), find_by_code(store, other)
    if again:
        offer_again(store, *ids)
        out.print("Taken back: `incidents duplicates` lists the two again.")
    else:
        tell_apart(store, *ids)
        out.print("Noted as two raids. With --again they are offered again.")


@app.command("undo")
def undo_command(
    code: Annotated[
        str | None, typer.Argument(help="Code of a record; its last change is taken back.")
    ] = None,
    step: Annotated[int | None, typer.Option(help="Step of the trail; else the last.")] = None,
) -> None:
    """Take back the last change, of one record or of all that show; or the step named. A young record needs its code."""
    store = open_store_asking()
    incident_id = find_by_code(store, code, or_deleted=True) if code else None
    if incident_id is not None and step is None:
        undone: Change = undo_last_change(store, incident_id)
    else:
        undone = undo_change(store, _step_in_sight(store, step, incident_id))
    out.print(f"Taken back: step {undone.step}, '{undone.act}'.")


@app.command("trail")
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
        "step",
        Column("when (UTC)", no_wrap=True),
        Column("code", no_wrap=True),
        "act",
        "column",
        "before",
        "after",
        "taken back",
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


def _step_in_sight(store: Store, step: int | None, incident_id: str | None) -> int:
    """The step named, or the last in force; of those alone that the trail shows."""
    seen = trail(store, None, [incident_id] if incident_id else [])
    in_force = seen[(seen["act"] != "undone") & ~seen["is_undone"].astype(bool)]["step"]
    if step is None and in_force.empty:
        raise InputError(NOTHING_TO_UNDO)
    if step is not None and step not in set(seen["step"]):
        raise InputError(NO_SUCH_STEP)
    return int(in_force.max()) if step is None else step


def _edited_start(record: dict, day: str | None, time: str | None) -> dict:
    start = entered_start(record)
    if day is not None:
        start["day"], start["date_precision"] = read_day(day)
    elif start["date_precision"] != "day":
        raise InputError("The day of this record is not known. Give it with --date as well.")
    if time is not None:
        start["hour_from"], start["hour_to"] = read_hours(time)
    elif start["date_precision"] != "day":
        start["hour_from"] = start["hour_to"] = None
    columns = entry_columns(IncidentEntry(**start), place_in(record))
    return {name: columns[name] for name in TIME_COLUMNS}
