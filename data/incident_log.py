"""
The group's own log, kept by hand: log a raid, correct, check, merge and delete records, and take any of it back.

Each act is one step of the trail: which column changed from what to what. The trail holds codes, numbers, hours and
words of closed lists, as the records do; who did it is kept nowhere. A record is opened by its code while it is young
and hidden: whoever logged it has the code, and it stands in no list.
"""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd

from data import store as clock
from data.errors import InputError
from data.geography.named_place import NamedPlace as Place
from data.geography.named_place import finest, is_place, place_at, place_of
from data.importing.clock import is_skipped
from data.importing.dates import EARLIEST_YEAR, EPOCH
from data.importing.numbers import LARGEST
from data.schema import (
    CHANGES,
    CONFIDENCES,
    INCIDENTS,
    LOG_IMPORT_ID,
    SCHEMA_VERSION,
    UNKNOWN,
    Column,
)
from data.store import Store

__all__ = [
    "Change",
    "IncidentEntry",
    "Logged",
    "Merged",
    "Place",
    "check_incident",
    "code_of",
    "delete_incident",
    "edit_incident",
    "entry_columns",
    "find_by_code",
    "list_to_check",
    "log_incident",
    "merge_incidents",
    "place_at",
    "place_of",
    "read_incident",
    "trail",
    "undo_change",
    "undo_last_change",
]

TIME_COLUMNS = ("started_earliest", "started_latest", "date_precision")
PLACE_COLUMNS = ("locality_code", "borough_code", "postcode_district", "location_precision")
# What a person may correct. Which import a record came with, and whether it was checked, is not theirs to write.
EDITABLE = tuple(
    name for name in INCIDENTS.column_names() if name not in ("incident_id", "import_id", "review")
)
CHECKED_CONFIDENCES = ("medium", "high")
CODE_DIGITS = 12

TRAIL_COLUMNS = [
    "step", "happened_at", "incident_id", "act", "column_name", "value_before", "value_after", "undoes", "is_undone",
]  # fmt: skip

GONE = "This record is no longer there. Look at the list again."
NO_CODE = "No record has this code. Look at it again: twelve letters and figures, such as 7f3a-91c2-04de."
FUTURE = "The day is after today; correct it."
TOO_EARLY = f"The day is before {EARLIEST_YEAR}; correct it."
BACKWARDS = "The time ends before it begins; correct one of the two."
NO_SUCH_HOUR = "Hours run from 0 to 23; correct the time."
CLOCK_SKIPPED = (
    "There was no such hour: London's clock was put forward that night; correct the time, or leave it out."
)
NOT_THE_HOUR = "Times are kept by the hour; leave out the minutes."
PRECISION = "The times do not fit how finely the date is known; correct one of them."
NOT_A_PLACE = "The parts of the place do not belong together; look the place up again."
NO_PLACE = "The place is missing. Write a postcode, a district such as SE15, or the borough."
CONFIDENCE = "A record that was checked has medium or high confidence; choose one of the two."
SAME = "These are one and the same record; choose two."
HIDDEN_OTHER = (
    "The record to keep shows already, and the other is too young to show: together they would show too early. "
    "Keep the other one instead."
)
NOTHING_TO_UNDO = "There is nothing to take back."
NO_SUCH_STEP = "There is no such change, or it was taken back already."
CHANGED_SINCE = "The record was changed again after that. Take back the later change first."


@dataclass(frozen=True)
class IncidentEntry:
    """
    What somebody enters of one raid.

    Attributes
    ----------
    day
        On which it started.
    hour_from, hour_to
        Hours of that day, 0 to 23, both included: equal for the hour it started in, apart for a part of the day such as
        the morning (6 and 11), both None where only the day is known.
    place
        As `place_of` takes it. It is looked up and thrown away; not needed where `log_incident` gets a place.
    """

    day: date
    hour_from: int | None = None
    hour_to: int | None = None
    place: str = field(default="", repr=False)
    setting: str = UNKNOWN
    outcome: str = UNKNOWN
    people_detained: int | None = None
    people_released: int | None = None
    crowd_size: int | None = None
    duration_minutes: int | None = None
    police_present: str = UNKNOWN
    community_response: str = UNKNOWN
    source_kind: str = "group report"


@dataclass(frozen=True)
class Logged:
    """A new record, the code that opens it, and the step of the trail that made it."""

    incident_id: str
    code: str
    step: int


@dataclass(frozen=True)
class Change:
    """One act that can be taken back: its step, and the records it touched."""

    step: int
    act: str
    incident_ids: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """
    Two records that became one.

    `conflicts` names the columns in which both said something that cannot both be true; the kept record's stays.
    """

    step: int
    incident_id: str
    conflicts: tuple[str, ...] = field(default=())

    @property
    def sentence(self) -> str:
        """What was done, for a person."""
        if not self.conflicts:
            return "The two records are one now, with the better of each."
        names = ", ".join(name.replace("_", " ") for name in self.conflicts)
        return f"The two records are one now. They contradicted each other in: {names}. The kept record's was left."


def code_of(incident_id: str) -> str:
    """
    The code of a record, to note down: with it the record can be opened while it is hidden.

    >>> code_of("7f3a91c2-04de-4a11-9d2e-0123456789ab")
    '7f3a-91c2-04de'
    """
    digits = str(incident_id).replace("-", "")[:CODE_DIGITS]
    return "-".join(digits[start : start + 4] for start in range(0, CODE_DIGITS, 4))


def log_incident(store: Store, entry: IncidentEntry, place: Place | None = None) -> Logged:
    """
    Write one raid down, to be checked by a second look; until then its confidence is low.

    Parameters
    ----------
    store
        Changed in one transaction, or not at all.
    entry
        What happened and when.
    place
        Where, from `place_of` or `place_at`; looked up from the entry if not given.

    Raises
    ------
    InputError
        The day is in the future or before 1990, or a value is on no list or out of bounds.
    """
    incident_id = str(uuid.uuid4())
    record = (
        dict.fromkeys(INCIDENTS.column_names())
        | entry_columns(entry, place)
        | {"incident_id": incident_id, "import_id": LOG_IMPORT_ID, "confidence": "low", "review": "to check"}
    )
    _check_record(record, record)
    with store.write() as connection:
        _ensure_log_import(connection)
        _insert(connection, record)
        # What the record holds stands in the record: the trail notes that it came.
        step = _note(connection, "logged", [(incident_id, "incident_id", None, incident_id)])
        _count_log(connection)
    return Logged(incident_id, code_of(incident_id), step)


def entry_columns(entry: IncidentEntry, place: Place | None = None) -> dict:
    """
    The columns of `incidents` that an entry comes to, as `edit_incident` takes them.

    Raises
    ------
    InputError
        The place is missing or not known, or the hours are none.
    """
    if place is None:
        if not entry.place.strip():
            raise InputError(NO_PLACE)
        place = place_of(entry.place)
    earliest, latest, precision = _start(entry.day, entry.hour_from, entry.hour_to)
    return {
        "started_earliest": earliest,
        "started_latest": latest,
        "date_precision": precision,
        **{name: getattr(place, name) for name in PLACE_COLUMNS},
        **{
            name: getattr(entry, name)
            for name in (
                "setting", "outcome", "people_detained", "people_released", "crowd_size", "duration_minutes",
                "police_present", "community_response", "source_kind",
            )
        },
    }  # fmt: skip


def find_by_code(store: Store, code: str, or_deleted: bool = False) -> str:
    """
    The record that a code opens, young ones too; written in any case, with or without dashes.

    Parameters
    ----------
    or_deleted
        Also one that was deleted and that the trail still holds, to have it back.

    Raises
    ------
    InputError
        No record has it.
    """
    digits = re.sub(r"[\s–—-]", "", code).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{CODE_DIGITS}}}", digits):
        raise InputError(NO_CODE)
    found = {
        str(row["incident_id"])
        for table in ("store.main.incidents", *(["changes"] if or_deleted else []))
        for row in store.sql(
            f"SELECT incident_id FROM {table} WHERE starts_with(replace(incident_id::VARCHAR, '-', ''), ?)",  # noqa: S608
            [digits],
        ).to_pylist()
    }
    if len(found) != 1:
        raise InputError(NO_CODE)
    return found.pop()


def read_incident(store: Store, incident_id: str) -> dict:
    """
    One record in the columns of the schema, young ones too; ids as text.

    Raises
    ------
    InputError
        There is no such record.
    """
    return _read(store.cursor(), "store.main.incidents", incident_id)


def edit_incident(store: Store, incident_id: str, changed: Mapping[str, object]) -> int | None:
    """
    Correct a record.

    Parameters
    ----------
    store
        Changed in one transaction, or not at all.
    incident_id
        The record.
    changed
        Column -> new value, of `EDITABLE`; None empties a number. Columns that stay as they are may be among them.
        A record that was checked is to be checked again.

    Returns
    -------
    step
        Of the trail; None if nothing is different.

    Raises
    ------
    InputError
        A column cannot be edited, or a value is not one that the schema allows; nothing is changed then.
    """
    for name in changed:
        if name not in EDITABLE:
            raise InputError(f"{name} cannot be edited.")
    with store.write() as connection:
        before = _read(connection, "incidents", incident_id)
        after = before | {name: _plain(value) for name, value in changed.items()}
        if after == before:
            return None
        _check_record(after, {name for name in EDITABLE if after[name] != before[name]})
        if before["review"] == "checked":
            after["review"] = "to check"
        return _change(connection, "edited", before, after)


def check_incident(store: Store, incident_id: str, confidence: str) -> int | None:
    """
    A second look at a record found it right: it is checked now, with the confidence given, 'medium' or 'high'.

    Returns the step of the trail; None if it was so already.
    """
    if confidence not in CHECKED_CONFIDENCES:
        raise InputError(CONFIDENCE)
    with store.write() as connection:
        before = _read(connection, "incidents", incident_id)
        after = before | {"confidence": confidence, "review": "checked"}
        return _change(connection, "checked", before, after) if after != before else None


def delete_incident(store: Store, incident_id: str) -> int:
    """
    Take a record out; returns the step of the trail, by which it can be had back while the trail keeps it (30 days).

    Raises
    ------
    InputError
        There is no such record.
    """
    with store.write(erase=True) as connection:
        before = _read(connection, "incidents", incident_id)
        step = _change(connection, "deleted", before, None)
        _count_log(connection)
    return step


def merge_incidents(store: Store, keep_id: str, other_id: str) -> Merged:
    """
    Make one record of two that tell of the same raid; the other one goes.

    Each column keeps the better: the finer start and place, what is stated over what is not, the larger crowd, the
    higher confidence. Where both say something that cannot both be true, the kept record's stays, and the answer names it.
    Its source, its import and whether it was checked stay too.

    Raises
    ------
    InputError
        One of them is no longer there, or the merged record would show before its time.
    """
    if keep_id == other_id:
        raise InputError(SAME)
    shown = set(_visible(store, [keep_id, other_id]))
    with store.write(erase=True) as connection:
        keep = _read(connection, "incidents", keep_id)
        other = _read(connection, "incidents", other_id)
        if keep_id in shown and other_id not in shown:
            raise InputError(HIDDEN_OTHER)
        merged, conflicts = merge_records(keep, other)
        rows = [*_differences(keep, merged), *_differences(other, None)]
        _apply(connection, keep_id, merged)
        _apply(connection, other_id, None)
        step = _note(connection, "merged", rows)
        _count_log(connection)
    return Merged(step, keep_id, conflicts)


def merge_records(keep: Mapping, other: Mapping) -> tuple[dict, tuple[str, ...]]:
    """
    What two records come to together, and the columns in which they contradict each other; see `merge_incidents`.

    Both have the columns of the schema. Changes nothing.
    """
    merged, conflicts = dict(keep), []
    start = _finer_start(keep, other)
    if start is None:
        conflicts.append("started_earliest")
    else:
        merged |= {name: start[name] for name in TIME_COLUMNS}
    place = finest(_place_in(keep), _place_in(other))
    if place is None:
        conflicts.append("location_precision")
    else:
        merged |= {name: getattr(place, name) for name in PLACE_COLUMNS}
    for name in ("setting", "outcome", "police_present", "community_response"):
        merged[name], is_conflict = _stated(keep[name], other[name], UNKNOWN)
        conflicts += [name] * is_conflict
    for name in ("people_detained", "people_released", "duration_minutes"):
        merged[name], is_conflict = _stated(keep[name], other[name], None)
        conflicts += [name] * is_conflict
    merged["crowd_size"] = max(
        (keep["crowd_size"], other["crowd_size"]), key=lambda size: -1 if size is None else size
    )
    merged["confidence"] = min((keep["confidence"], other["confidence"]), key=CONFIDENCES.index)
    return merged, tuple(conflicts)


def undo_change(store: Store, step: int) -> Change:
    """
    Take back one act of the trail, also one that took back another; returns it.

    Raises
    ------
    InputError
        There is no such act, it was taken back already, or a record it touched was changed since.
    """
    return _undo(store, lambda history: history.get(step))


def undo_last_change(store: Store, incident_id: str | None = None) -> Change:
    """
    Take back the last act that is still in force, of one record or of all; returns it.

    What was taken back is passed over, so that calling it again goes further back.

    Raises
    ------
    InputError
        There is nothing to take back.
    """

    def last(history: dict[int, "_Step"]) -> "_Step | None":
        in_force = [
            each
            for each in history.values()
            if each.is_in_force
            and each.act != "undone"
            and (incident_id is None or incident_id in each.incident_ids)
        ]
        if not in_force:
            raise InputError(NOTHING_TO_UNDO)
        return in_force[-1]

    return _undo(store, last)


def list_to_check(store: Store, also: Sequence[str] = ()) -> pd.DataFrame:
    """
    The records that wait for a second look, the oldest first, in the columns of the schema; ids as text.

    Parameters
    ----------
    also
        Ids of young records that the person has the codes of; without them no young record is listed.
    """
    table = store.sql(
        """
        SELECT * FROM store.main.incidents
        WHERE review = 'to check'
          AND (incident_id IN (SELECT incident_id FROM incidents) OR incident_id IN (SELECT unnest(?::UUID[])))
        ORDER BY started_earliest, started_latest, incident_id
        """,
        [_as_ids(also)],
    )
    return _as_frame(table)


def trail(store: Store, limit: int = 100, also: Sequence[str] = ()) -> pd.DataFrame:
    """
    The last acts, newest first: one row per changed column.

    Of records too young to show, and of those deleted while they were, there is none but for those in `also`.

    Parameters
    ----------
    limit
        Acts, at most.

    Returns
    -------
    trail
        `step`, `happened_at` (UTC, cut to the hour), `incident_id`, `act`, `column_name` ('incident_id' where the record
        itself came or went), `value_before`, `value_after` (text, None where there is none), `undoes` (the step it took
        back), `is_undone` (whether it was taken back itself).
    """
    cursor = store.cursor()
    history = _read_history(cursor)
    rows = _as_frame(store.sql("SELECT * FROM changes ORDER BY number"))
    if rows.empty:
        return pd.DataFrame(columns=TRAIL_COLUMNS)
    shown = _may_show(store, rows, also)
    rows = rows[rows["incident_id"].isin(shown)]
    rows["is_undone"] = [not history[step].is_in_force for step in rows["step"]]
    steps = sorted(rows["step"].unique(), reverse=True)[:limit]
    rows = rows[rows["step"].isin(steps)].sort_values(["step", "number"], ascending=[False, True])
    return rows[TRAIL_COLUMNS].reset_index(drop=True)


# What follows works inside one transaction or on plain values.


@dataclass(frozen=True)
class _Step:
    """One act of the trail: its rows as (incident_id, column, before, after)."""

    step: int
    act: str
    rows: tuple[tuple[str, str, str | None, str | None], ...]
    undoes: int | None
    is_in_force: bool

    @property
    def incident_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row[0] for row in self.rows))


def _undo(store: Store, choose: Callable[[dict[int, _Step]], _Step | None]) -> Change:
    # Whatever is taken back may take a record or a value with it.
    with store.write(erase=True) as connection:
        history = _read_history(connection)
        chosen = choose(history)
        if chosen is None or not chosen.is_in_force:
            raise InputError(NO_SUCH_STEP)
        if any(_is_later(each, chosen) for each in history.values()):
            raise InputError(CHANGED_SINCE)
        rows = []
        for incident_id in chosen.incident_ids:
            rows += _take_back(connection, incident_id, [row for row in chosen.rows if row[0] == incident_id])
        _note(connection, "undone", rows, chosen.step)
        _count_log(connection)
    return Change(chosen.step, chosen.act, chosen.incident_ids)


def _is_later(other: _Step, chosen: _Step) -> bool:
    """Whether an act stands in the way of taking back an earlier one: what it built on would go."""
    if other.step <= chosen.step or not set(other.incident_ids) & set(chosen.incident_ids):
        return False
    # To bring back what was taken back, nothing at all may have come after.
    return chosen.act == "undone" or (other.act != "undone" and other.is_in_force)


def _take_back(connection: duckdb.DuckDBPyConnection, incident_id: str, rows: list[tuple]) -> list[tuple]:
    """Bring one record to where it was before some rows of the trail; returns the rows for that."""
    present = _find(connection, "incidents", incident_id)
    values = {column: before for _, column, before, _ in rows}
    if values.get("incident_id"):
        if present is not None:
            raise InputError(CHANGED_SINCE)
        after = {column.name: _from_text(column, values.get(column.name)) for column in INCIDENTS.columns}
    elif "incident_id" in values:
        after = None
    else:
        after = None if present is None else present | {
            name: _from_text(_COLUMNS[name], text) for name, text in values.items()
        }  # fmt: skip
    if present is None and not values.get("incident_id"):
        raise InputError(GONE)
    if present is not None and any(
        _as_text(present[column]) != text for _, column, _, text in rows if after is not None
    ):
        # Not by the trail: an import that was taken back, or records deleted for their age.
        raise InputError(CHANGED_SINCE)
    _apply(connection, incident_id, after, is_new=present is None)
    return _differences(present, after)


def _change(connection: duckdb.DuckDBPyConnection, act: str, before: dict, after: dict | None) -> int:
    """Bring a record from one state to another, and note the act."""
    _apply(connection, before["incident_id"], after)
    return _note(connection, act, _differences(before, after))


def _apply(
    connection: duckdb.DuckDBPyConnection, incident_id: str, after: dict | None, is_new: bool = False
) -> None:
    if after is None:
        connection.execute("DELETE FROM incidents WHERE incident_id = ?", [incident_id])
    elif is_new:
        _ensure_log_import(connection)
        _insert(connection, after)
    else:
        names = [name for name in INCIDENTS.column_names() if name != "incident_id"]
        assignments = ", ".join(f"{name} = ?" for name in names)
        connection.execute(
            f"UPDATE incidents SET {assignments} WHERE incident_id = ?",  # noqa: S608
            [*(after[name] for name in names), incident_id],
        )


def _insert(connection: duckdb.DuckDBPyConnection, record: dict) -> None:
    names = INCIDENTS.column_names()
    connection.execute(
        f"INSERT INTO incidents ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
        [record[name] for name in names],
    )


def _note(
    connection: duckdb.DuckDBPyConnection, act: str, rows: Sequence[tuple], undoes: int | None = None
) -> int:
    """Write one act into the trail; returns its step."""
    number, step = connection.execute(
        "SELECT coalesce(max(number), 0), coalesce(max(step), 0) + 1 FROM changes"
    ).fetchone()
    now = datetime.now(UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    names = CHANGES.column_names()
    marks = f"({', '.join('?' * len(names))})"
    values = [
        (number + position, step, now, incident_id, act, column, before, after, undoes)
        for position, (incident_id, column, before, after) in enumerate(rows, start=1)
    ]
    if values:
        connection.execute(
            f"INSERT INTO changes ({', '.join(names)}) VALUES {', '.join([marks] * len(values))}",  # noqa: S608
            [each for row in values for each in row],
        )
    return step


def _differences(before: Mapping | None, after: Mapping | None) -> list[tuple]:
    """What changed, as rows of the trail; all that is stated where the record came or went."""
    incident_id = (before or after)["incident_id"]
    rows = []
    for name in INCIDENTS.column_names():
        old, new = (_as_text(record[name]) if record else None for record in (before, after))
        if old != new:
            rows.append((incident_id, name, old, new))
    return rows


def _read_history(connection: duckdb.DuckDBPyConnection) -> dict[int, _Step]:
    """Every act by its step, in order, and whether it is in force: not taken back by one that is."""
    found: dict[int, list[tuple]] = {}
    for row in connection.execute(
        "SELECT step, act, undoes, incident_id, column_name, value_before, value_after FROM changes ORDER BY number"
    ).fetchall():
        found.setdefault(row[0], []).append(row)
    taken_back: set[int] = set()
    history: dict[int, _Step] = {}
    for step in sorted(found, reverse=True):
        _, act, undoes, *_ = found[step][0]
        rows = tuple((str(incident_id), *values) for _, _, _, incident_id, *values in found[step])
        is_in_force = step not in taken_back
        if undoes is not None and is_in_force:
            taken_back.add(undoes)
        history[step] = _Step(step, act, rows, undoes, is_in_force)
    return dict(sorted(history.items()))


def _read(connection: duckdb.DuckDBPyConnection, table: str, incident_id: str) -> dict:
    found = _find(connection, table, incident_id)
    if found is None:
        raise InputError(GONE)
    return found


def _find(connection: duckdb.DuckDBPyConnection, table: str, incident_id: str) -> dict | None:
    names = INCIDENTS.column_names()
    try:
        row = connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE incident_id = ?",  # noqa: S608
            [str(uuid.UUID(str(incident_id)))],
        ).fetchone()
    except ValueError:
        return None
    return dict(zip(names, map(_plain, row), strict=True)) if row else None


def _ensure_log_import(connection: duckdb.DuckDBPyConnection) -> None:
    """The standing row of what is logged by hand."""
    if connection.execute("SELECT 1 FROM imports WHERE import_id = ?", [LOG_IMPORT_ID]).fetchone():
        return
    now = datetime.now(UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    values = {
        "import_id": LOG_IMPORT_ID, "kind": "log", "imported_at": now, "file_hash": UNKNOWN, "headings_hash": UNKNOWN,
        "reference": UNKNOWN, "rows": 0, "kept": 0, "rejected": 0, "already_there": 0,
        "schema_version": SCHEMA_VERSION, "is_bundled": False,
    }  # fmt: skip
    connection.execute(
        f"INSERT INTO imports ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608
        list(values.values()),
    )


def _count_log(connection: duckdb.DuckDBPyConnection) -> None:
    held = connection.execute(
        "SELECT count(*) FROM incidents WHERE import_id = ?", [LOG_IMPORT_ID]
    ).fetchone()[0]
    connection.execute(
        'UPDATE imports SET "rows" = ?, kept = ? WHERE import_id = ?', [held, held, LOG_IMPORT_ID]
    )


def _visible(store: Store, incident_ids: Sequence[str]) -> list[str]:
    """Those of some records that everybody sees."""
    found = store.sql(
        "SELECT incident_id FROM incidents WHERE incident_id IN (SELECT unnest(?::UUID[]))",
        [_as_ids(incident_ids)],
    )
    return [str(row["incident_id"]) for row in found.to_pylist()]


def _may_show(store: Store, rows: pd.DataFrame, also: Sequence[str]) -> set[str]:
    """The records whose trail may be seen: those in sight, those in `also`, and those that went when old enough."""
    ids = list(rows["incident_id"].unique())
    present = store.sql(
        "SELECT incident_id FROM store.main.incidents WHERE incident_id IN (SELECT unnest(?::UUID[]))", [ids]
    )
    gone = set(ids) - {str(row["incident_id"]) for row in present.to_pylist()}
    decided = store.sql("SELECT value FROM settings WHERE name = 'hidden_days'").to_pylist()
    hidden_days = decided[0]["value"] if decided else clock.HIDDEN_DAYS
    first_hidden = f"{clock.today() - timedelta(days=hidden_days - 1):%Y-%m-%d}"
    # As it was when it went; ISO times sort as text.
    last = rows[rows["incident_id"].isin(gone) & rows["value_after"].isna()].drop_duplicates(
        ["incident_id", "column_name"], keep="last"
    )
    last = last.pivot(index="incident_id", columns="column_name", values="value_before")
    for incident_id, record in last.iterrows():
        is_own = record.get("source_kind") == "group report" or record.get("import_id") == LOG_IMPORT_ID
        started = record.get("started_latest")
        if not isinstance(started, str) or (is_own and started >= first_hidden):
            continue
        also = [*also, incident_id]
    return {*_visible(store, ids), *(str(each) for each in also)}


def _start(day: date, hour_from: int | None, hour_to: int | None) -> tuple[datetime, datetime, str]:
    if hour_from is None and hour_to is None:
        first, last, precision = 0, 23, "day"
    else:
        first = hour_to if hour_from is None else hour_from
        last = hour_from if hour_to is None else hour_to
        precision = "hour" if first == last else "day"
    if not (0 <= first <= 23 and 0 <= last <= 23):
        raise InputError(NO_SUCH_HOUR)
    if last < first:
        raise InputError(BACKWARDS)
    return datetime.combine(day, time(first)), datetime.combine(day, time(last)), precision


def _check_record(record: Mapping, changed: Sequence[str] | set[str] | Mapping) -> None:
    """Refuse a record whose changed columns hold what the schema does not allow."""
    if set(changed) & set(TIME_COLUMNS):
        _check_start(record)
    if set(changed) & set(PLACE_COLUMNS) and not (
        all(isinstance(record[name], str) for name in PLACE_COLUMNS) and is_place(_place_in(record))
    ):
        raise InputError(NOT_A_PLACE)
    for name in changed:
        column = _COLUMNS[name]
        if column.allowed and record[name] not in column.allowed:
            raise InputError(f"{name.replace('_', ' ')} takes one of: {', '.join(column.allowed)}.")
        if name in LARGEST and record[name] is not None:
            _check_number(name, record[name])


def _check_start(record: Mapping) -> None:
    earliest, latest, precision = (record[name] for name in TIME_COLUMNS)
    if not isinstance(earliest, datetime) or not isinstance(latest, datetime):
        raise InputError(NOT_THE_HOUR)
    for moment in (earliest, latest):
        if moment.tzinfo is not None or (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
            raise InputError(NOT_THE_HOUR)
    if latest < earliest:
        raise InputError(BACKWARDS)
    if earliest.date() > _last_day():
        raise InputError(FUTURE)
    if earliest.year < EARLIEST_YEAR:
        raise InputError(TOO_EARLY)
    if (precision == "hour") != (earliest == latest) or (
        precision == "day" and earliest.date() != latest.date()
    ):
        raise InputError(PRECISION)
    hours = (earliest.toordinal() - EPOCH) * 24 + earliest.hour
    if precision == "hour" and is_skipped(np.array([hours]))[0]:
        raise InputError(CLOCK_SKIPPED)


def _last_day() -> date:
    """Today in London, where for an hour of a summer's night it is a day later than by the store's clock."""
    now = datetime.now(UTC)
    return clock.today() + (now.astimezone(ZoneInfo("Europe/London")).date() - now.date())


def _check_number(name: str, value: object) -> None:
    told = name.replace("_", " ")
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputError(f"{told} must be a whole number of at least 0, or empty if it is not stated.")
    if value > LARGEST[name]:
        raise InputError(f"{told} is too large to be true; it may be {LARGEST[name]:,} at most.")


def _finer_start(one: Mapping, other: Mapping) -> Mapping | None:
    """The record whose start lies inside the other's; None where they are apart, or only overlap."""
    for inner, outer in ((one, other), (other, one)):
        if (
            outer["started_earliest"] <= inner["started_earliest"]
            and inner["started_latest"] <= outer["started_latest"]
        ):
            return inner
    return None


def _place_in(record: Mapping) -> Place:
    return Place(*(record[name] for name in PLACE_COLUMNS))


def _stated(keep: object, other: object, not_stated: object) -> tuple[object, bool]:
    """What two values come to, and whether they contradict each other."""
    if keep == not_stated:
        return other, False
    return keep, other not in (not_stated, keep)


_COLUMNS = {column.name: column for column in INCIDENTS.columns}


def _plain(value: object) -> object:
    """A value as this module compares it: ids as text, whole numbers as int, times without a zone."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, float) and np.isnan(value):
        return None
    return str(value) if isinstance(value, str) else value


def _as_text(value: object) -> str | None:
    """A value as the trail keeps it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _from_text(column: Column, text: str | None) -> object:
    """A value of the trail as the record holds it."""
    if text is None or column.type in ("VARCHAR", "UUID"):
        return text
    return datetime.fromisoformat(text) if column.type == "TIMESTAMP" else int(text)


def _as_ids(incident_ids: Sequence[str]) -> list[str]:
    """Those of some texts that are ids at all."""
    ids = []
    for each in incident_ids:
        try:
            ids.append(str(uuid.UUID(str(each))))
        except ValueError:
            continue
    return ids


def _as_frame(table) -> pd.DataFrame:
    """An Arrow table for a page: ids and words as text, numbers that may be missing as nullable integers."""
    rows = [{name: _plain(value) for name, value in row.items()} for row in table.to_pylist()]
    frame = pd.DataFrame(rows, columns=table.column_names, dtype=object)
    for name in table.column_names:
        if name in LARGEST or name == "undoes":
            frame[name] = frame[name].astype("Int64")
        elif name in ("started_earliest", "started_latest", "happened_at"):
            frame[name] = pd.to_datetime(frame[name])
        elif name in ("number", "step"):
            frame[name] = frame[name].astype("int64")
    return frame
