"""Acts taken back by the trail: the last one or one of its steps, unless something was built on it since."""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from data.errors import InputError
from data.log.entry import COLUMNS, as_text, from_text
from data.log.rows import GONE, Step, count_log, differences, find_row, note_act, put_row, read_history
from data.schema import INCIDENTS
from data.store.store import Store

NOTHING_TO_UNDO = "There is nothing to take back."
NO_SUCH_STEP = "There is no such change, or it was taken back already."
CHANGED_SINCE = "The record was changed again after that. Take back the later change first."


@dataclass(frozen=True)
class Change:
    """One act that can be taken back: its step, and the records it touched."""

    step: int
    act: str
    incident_ids: tuple[str, ...]


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

    def last(history: dict[int, Step]) -> Step | None:
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


def _undo(store: Store, choose: Callable[[dict[int, Step]], Step | None]) -> Change:
    # Whatever is taken back may take a record or a value with it.
    with store.write(erase=True) as connection:
        history = read_history(connection)
        chosen = choose(history)
        if chosen is None or not chosen.is_in_force:
            raise InputError(NO_SUCH_STEP)
        if any(_is_later(each, chosen) for each in history.values()):
            raise InputError(CHANGED_SINCE)
        rows = []
        for incident_id in chosen.incident_ids:
            rows += _take_back(connection, incident_id, [row for row in chosen.rows if row[0] == incident_id])
        note_act(connection, "undone", rows, chosen.step)
        count_log(connection)
    return Change(chosen.step, chosen.act, chosen.incident_ids)


def _is_later(other: Step, chosen: Step) -> bool:
    """Whether an act stands in the way of taking back an earlier one: what it built on would go."""
    if other.step <= chosen.step or not set(other.incident_ids) & set(chosen.incident_ids):
        return False
    # To bring back what was taken back, nothing at all may have come after.
    return chosen.act == "undone" or (other.act != "undone" and other.is_in_force)


def _take_back(connection: duckdb.DuckDBPyConnection, incident_id: str, rows: list[tuple]) -> list[tuple]:
    """Bring one record to where it was before some rows of the trail; returns the rows for that."""
    present = find_row(connection, "incidents", incident_id)
    values = {column: before for _, column, before, _ in rows}
    if values.get("incident_id"):
        if present is not None:
            raise InputError(CHANGED_SINCE)
        after = {column.name: from_text(column, values.get(column.name)) for column in INCIDENTS.columns}
    elif "incident_id" in values:
        after = None
    else:
        after = None if present is None else present | {
            name: from_text(COLUMNS[name], text) for name, text in values.items()
        }  # fmt: skip
    if present is None and not values.get("incident_id"):
        raise InputError(GONE)
    if present is not None and any(
        as_text(present[column]) != text for _, column, _, text in rows if after is not None
    ):
        # Not by the trail: an import that was taken back, or records deleted for their age.
        raise InputError(CHANGED_SINCE)
    put_row(connection, incident_id, after, is_new=present is None)
    return differences(present, after)
