"""Log a raid, correct, check and delete a record: each in one transaction, and one step of the trail."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from data import clock
from data.errors import InputError
from data.log.entry import EDITABLE, IncidentEntry, check_record, entry_columns, plain_value
from data.log.reading import bundled_imports
from data.log.rows import (
    code_of,
    count_log,
    differences,
    ensure_log_import,
    insert_row,
    note_act,
    put_row,
    read_row,
)
from data.places.named import NamedPlace
from data.schema import INCIDENTS, LOG_IMPORT_ID
from data.store.settings import first_hidden_day
from data.store.store import Store

CHECKED_CONFIDENCES = ("medium", "high")
SHOWS_AT_ONCE = (
    "This record came with the dashboard and shows at once, so it cannot take a day as young as that. Log the raid as a "
    "record of its own."
)
CONFIDENCE = "A record that was checked has medium or high confidence; choose one of the two."


@dataclass(frozen=True)
class Logged:
    """A new record, the code that opens it, and the step of the trail that made it."""

    incident_id: str
    code: str
    step: int


def log_incident(store: Store, entry: IncidentEntry, place: NamedPlace | None = None) -> Logged:
    """
    Write one raid down, to be checked by a second look; until then its confidence is low.

    Parameters
    ----------
    store
        Changed in one transaction, or not at all.
    entry
        What happened and when.
    place
        Where, from `place_of`; looked up from the entry if not given.

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
    check_record(record, record)
    with store.write() as connection:
        ensure_log_import(connection)
        insert_row(connection, record)
        # What the record holds stands in the record: the trail notes that it came.
        step = note_act(connection, "logged", [(incident_id, "incident_id", None, incident_id)])
        count_log(connection)
    return Logged(incident_id, code_of(incident_id), step)


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
        A record that was checked is to be checked again, and its confidence is low until then, since nobody has vouched for
        what it says now; unless the confidence itself is what was corrected.

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
        before = read_row(connection, "incidents", incident_id)
        after = before | {name: plain_value(value) for name, value in changed.items()}
        if after == before:
            return None
        check_record(after, {name for name in EDITABLE if after[name] != before[name]})
        _refuse_to_show_early(store, after)
        if before["review"] == "checked":
            after["review"] = "to check"
            if after["confidence"] == before["confidence"]:
                after["confidence"] = "low"
        return _change(connection, "edited", before, after)


def check_incident(store: Store, incident_id: str, confidence: str) -> int | None:
    """
    A second look at a record found it right: it is checked now, with the confidence given, 'medium' or 'high'.

    Returns the step of the trail; None if it was so already.
    """
    if confidence not in CHECKED_CONFIDENCES:
        raise InputError(CONFIDENCE)
    with store.write() as connection:
        before = read_row(connection, "incidents", incident_id)
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
        before = read_row(connection, "incidents", incident_id)
        step = _change(connection, "deleted", before, None)
        count_log(connection)
    return step


def _refuse_to_show_early(store: Store, after: Mapping) -> None:
    """A record that came with the dashboard is public and shows at once, so that it can tell of nothing young."""
    first_hidden = first_hidden_day(store.settings().hidden_days, clock.today())
    if after["import_id"] in bundled_imports(store) and after["started_latest"].date() >= first_hidden:
        raise InputError(SHOWS_AT_ONCE)


def _change(connection: duckdb.DuckDBPyConnection, act: str, before: dict, after: dict | None) -> int:
    """Bring a record from one state to another, and note the act."""
    put_row(connection, before["incident_id"], after)
    return note_act(connection, act, differences(before, after))
