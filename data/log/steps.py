"""Acts as steps of the trail: which column of which record changed from what to what, written and read inside one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from data import clock
from data.log.values import as_text
from data.schema import CHANGES, INCIDENTS


@dataclass(frozen=True)
class Step:
    """One act of the trail: its rows as (incident_id, column, before, after)."""

    step: int
    act: str
    rows: tuple[tuple[str, str, str | None, str | None], ...]
    undoes: int | None
    is_in_force: bool

    @property
    def incident_ids(self) -> tuple[str, ...]:
        """The records it touched, in the order of its rows."""
        return tuple(dict.fromkeys(row[0] for row in self.rows))


def note_act(
    connection: duckdb.DuckDBPyConnection, act: str, rows: Sequence[tuple], undoes: int | None = None
) -> int:
    """Write one act into the trail; returns its step."""
    number, step = connection.execute(
        "SELECT coalesce(max(number), 0), coalesce(max(step), 0) + 1 FROM changes"
    ).fetchone()
    names = CHANGES.column_names()
    marks = f"({', '.join('?' * len(names))})"
    values = [
        (number + position, step, clock.this_hour(), incident_id, act, column, before, after, undoes)
        for position, (incident_id, column, before, after) in enumerate(rows, start=1)
    ]
    if values:
        connection.execute(
            f"INSERT INTO changes ({', '.join(names)}) VALUES {', '.join([marks] * len(values))}",  # noqa: S608
            [each for row in values for each in row],
        )
    return step


def differences(before: Mapping | None, after: Mapping | None) -> list[tuple]:
    """What changed, as rows of the trail; all that is stated where the record came or went."""
    incident_id = (before or after)["incident_id"]
    rows = []
    for name in INCIDENTS.column_names():
        old, new = (as_text(record[name]) if record else None for record in (before, after))
        if old != new:
            rows.append((incident_id, name, old, new))
    return rows


def read_history(connection: duckdb.DuckDBPyConnection) -> dict[int, Step]:
    """Every act by its step, in order, and whether it is in force: not taken back by one that is."""
    found: dict[int, list[tuple]] = {}
    for row in connection.execute(
        "SELECT step, act, undoes, incident_id, column_name, value_before, value_after FROM changes ORDER BY number"
    ).fetchall():
        found.setdefault(row[0], []).append(row)
    taken_back: set[int] = set()
    history: dict[int, Step] = {}
    for step in sorted(found, reverse=True):
        _, act, undoes, *_ = found[step][0]
        rows = tuple((str(incident_id), *values) for _, _, _, incident_id, *values in found[step])
        is_in_force = step not in taken_back
        if undoes is not None and is_in_force:
            taken_back.add(undoes)
        history[step] = Step(step, act, rows, undoes, is_in_force)
    return dict(sorted(history.items()))
