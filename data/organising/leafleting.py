"""Leaflet plans in the store, and what became of their walks: a ledger to which rows are added and never changed."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from data import clock
from data.errors import InputError
from data.schema import LEAFLET_PLANS, LEAFLET_STOPS, LEAFLET_WALKS
from data.store.store import Store

MOST_WALKERS = 99
# A walk that is somebody's; and for so long nobody is sent where leaflets were given.
WITH_SOMEBODY = ("assigned", "out")
DONE_WEEKS = 12
# What may follow what: from the present state of a walk to the events that it allows.
ALLOWED = {
    "planned": ("assigned", "out", "done", "part"),
    "assigned": ("assigned", "out", "done", "part", "released"),
    "out": ("done", "part", "released"),
    "part": ("assigned", "out", "done", "part"),
    "released": ("assigned", "out", "done", "part"),
    "done": (),
}
MOST_LEAFLETS = 10_000


@dataclass(frozen=True)
class WalkEvent:
    """Something that happened to a walk; `number` counts the events of the store from 1."""

    number: int
    plan_id: str
    walk: int
    event: str


def save_plan(store: Store, plan: dict, walks: pa.Table, stops: pa.Table) -> None:
    """
    Save a plan with its walks and stops, all or nothing.

    Parameters
    ----------
    plan
        The columns of `leaflet_plans` but `planned_at`.
    walks, stops
        The columns of `leaflet_walks` and `leaflet_stops` but `plan_id`.

    Notes
    -----
    A plan that is there already, which is the same request, stays as it is: people may hold its sheets.
    """
    with store.write() as connection:
        if _exists(connection, plan["plan_id"]):
            return
        row = plan | {"planned_at": clock.now()}
        names = LEAFLET_PLANS.column_names()
        connection.execute(
            f"INSERT INTO leaflet_plans ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            [row[name] for name in names],
        )
        for table, rows in ((LEAFLET_WALKS, walks), (LEAFLET_STOPS, stops)):
            rows = rows.append_column("plan_id", pa.array([plan["plan_id"]] * rows.num_rows, pa.string()))
            connection.register("arriving", rows.select(table.column_names()))
            connection.execute(f"INSERT INTO {table.name} SELECT * FROM arriving")  # noqa: S608
            connection.unregister("arriving")


def remove_plan(store: Store, plan_id: str) -> None:
    """
    Take a plan out of the store.

    Raises
    ------
    InputError
        Something happened to one of its walks already, so it is part of the record.
    """
    with store.write() as connection:
        if connection.execute("SELECT count(*) FROM leaflet_events WHERE plan_id = ?", [plan_id]).fetchone()[
            0
        ]:
            raise InputError(
                "Walks of this plan were given out or done already, so it stays in the record. Release its walks instead."
            )
        for table in ("leaflet_stops", "leaflet_walks", "leaflet_plans"):
            connection.execute(f"DELETE FROM {table} WHERE plan_id = ?", [plan_id])  # noqa: S608


def record(
    store: Store,
    code: str,
    event: str,
    walker: int | None = None,
    leaflets: int | None = None,
    doors_reached: int | None = None,
    plan_id: str | None = None,
) -> WalkEvent:
    """
    Write down what happened to a walk.

    Parameters
    ----------
    code
        The short code on its sheet; of two plans with the same one the newer, unless `plan_id` says which.
    event
        'assigned', 'out', 'done', 'part' or 'released'.
    walker
        Who has it, a number from 1 to 99 that the group gave out; needed to assign.
    leaflets, doors_reached
        As returned; not negative, not above 10,000.

    Raises
    ------
    InputError
        There is no such walk, the event cannot follow its state, a value is out of bounds, or the walk is given out and some of
        its postcodes are in another walk that somebody has or that was done in the last twelve weeks.
    """
    _check_walker(walker, event)
    for number, what in ((leaflets, "leaflets"), (doors_reached, "doors")):
        if number is not None and not 0 <= number <= MOST_LEAFLETS:
            raise InputError(f"The number of {what} must be between 0 and {MOST_LEAFLETS:,}.")
    with store.write() as connection:
        plan_id, walk = _find(connection, code, plan_id)
        state = _state(connection, plan_id, walk)
        if event not in ALLOWED[state]:
            cannot = "" if event == state else f", so it cannot be {_WORDS[event]}"
            raise InputError(f"This walk is {_WORDS[state]}{cannot}. {_WAY_OUT[state]}")
        if event in WITH_SOMEBODY and _is_elsewhere(connection, plan_id, walk):
            raise InputError(
                "Some postcodes of this walk are in a walk of another plan that somebody has, or that was done in the last "
                f"{DONE_WEEKS} weeks. Plan again, so that nobody posts twice."
            )
        return _add(connection, plan_id, walk, event, walker, leaflets, doors_reached)


def undo_last_event(store: Store) -> WalkEvent:
    """
    Take back the last event that was not taken back yet; returns it.

    Raises
    ------
    InputError
        There is none.
    """
    with store.write() as connection:
        found = connection.execute(
            "SELECT number, plan_id, walk, event FROM leaflet_events WHERE event <> 'undone' AND number NOT IN "
            "(SELECT undoes FROM leaflet_events WHERE undoes IS NOT NULL) ORDER BY number DESC LIMIT 1"
        ).fetchone()
        if found is None:
            raise InputError("Nothing has happened to any walk yet, so there is nothing to take back.")
        number, plan_id, walk, _event = found
        _add(connection, plan_id, walk, "undone", undoes=number)
        return WalkEvent(*found)


_WORDS = {
    "planned": "not given out",
    "assigned": "given to somebody",
    "out": "out",
    "part": "done in part",
    "released": "released",
    "done": "done",
}
_WAY_OUT = {
    "planned": "Give it out first.",
    "assigned": "Release it first.",
    "out": "Enter it as returned or released first.",
    "part": "Give out the rest first.",
    "released": "Give it out first.",
    "done": "If that was a mistake, take it back first.",
}


def _exists(connection: duckdb.DuckDBPyConnection, plan_id: str) -> bool:
    return bool(
        connection.execute("SELECT count(*) FROM leaflet_plans WHERE plan_id = ?", [plan_id]).fetchone()[0]
    )


def _check_walker(walker: int | None, event: str) -> None:
    if walker is not None and not 1 <= walker <= MOST_WALKERS:
        raise InputError(f"The number of who takes a walk must be from 1 to {MOST_WALKERS}.")
    if event == "assigned" and walker is None:
        raise InputError(
            f"Write the number of the person who takes the walk, from 1 to {MOST_WALKERS}. The group gives the numbers out, on "
            "paper; no name and no initials are kept here."
        )


def _find(connection: duckdb.DuckDBPyConnection, code: str, plan_id: str | None) -> tuple[str, int]:
    found = connection.execute(
        "SELECT plan_id, walk FROM leaflet_walks JOIN leaflet_plans USING (plan_id) WHERE code = ? "
        "AND plan_id = coalesce(?, plan_id) ORDER BY planned_at DESC, leaflet_plans.rowid DESC LIMIT 1",
        [code.strip().upper(), plan_id],
    ).fetchone()
    if found is None:
        raise InputError("No walk has this code. It stands at the top of the sheet.")
    return found


def _state(connection: duckdb.DuckDBPyConnection, plan_id: str, walk: int) -> str:
    found = connection.execute(
        "SELECT event FROM leaflet_events WHERE plan_id = ? AND walk = ? AND event <> 'undone' AND number NOT IN "
        "(SELECT undoes FROM leaflet_events WHERE undoes IS NOT NULL) ORDER BY number DESC LIMIT 1",
        [plan_id, walk],
    ).fetchone()
    return found[0] if found else "planned"


def _is_elsewhere(connection: duckdb.DuckDBPyConnection, plan_id: str, walk: int) -> bool:
    """Whether a postcode of the walk is in a walk of another plan that somebody has, or that was done lately."""
    return connection.execute(
        """
        WITH standing AS (
            SELECT * FROM leaflet_events WHERE event <> 'undone'
                AND number NOT IN (SELECT undoes FROM leaflet_events WHERE undoes IS NOT NULL)
            QUALIFY row_number() OVER (PARTITION BY plan_id, walk ORDER BY number DESC) = 1
        )
        SELECT count(*) > 0 FROM leaflet_stops AS own
        JOIN leaflet_stops AS other ON other.postcode = own.postcode AND other.plan_id <> own.plan_id
        JOIN standing ON standing.plan_id = other.plan_id AND standing.walk = other.walk
        WHERE own.plan_id = ? AND own.walk = ? AND (
            standing.event IN ('assigned', 'out')
            OR (standing.event = 'done' AND standing.happened_at > ?::TIMESTAMP - to_days(?))
        )
        """,
        [plan_id, walk, clock.now(), 7 * DONE_WEEKS],
    ).fetchone()[0]


def _add(
    connection: duckdb.DuckDBPyConnection,
    plan_id: str,
    walk: int,
    event: str,
    walker: int | None = None,
    leaflets: int | None = None,
    doors_reached: int | None = None,
    undoes: int | None = None,
) -> WalkEvent:
    number = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM leaflet_events").fetchone()[0]
    connection.execute(
        "INSERT INTO leaflet_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, clock.now(), plan_id, walk, event, leaflets, doors_reached, undoes, walker],
    )
    return WalkEvent(number, plan_id, walk, event)
