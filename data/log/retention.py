"""
How long the group's own records are kept, and how those that are too old are deleted.

Only the group's own: what came with the dashboard is public, can be had elsewhere, and stays. Official figures stay
whoever imported them, for the same reason. Deleted means that the file is written anew without the rows.

Nothing goes by itself unless a keeper was told of it 30 days before: a notice covers what was too old on its day, and
what becomes too old later waits for the next one. A person may delete all of it at once at any time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from data import clock
from data.log.apart import forget_the_gone
from data.log.rows import count_log
from data.schema import LOG_IMPORT_ID
from data.store.settings import TOLD_ON, first_day_kept
from data.store.store import Store

# So long after a keeper was told of them, records go by themselves: time to raise the years, or to make a backup.
NOTICE_DAYS = 30
# So long a deleted record can be brought back. Then what the trail says of it goes too.
TRAIL_OF_DELETED_DAYS = 30
# A day so much later than all that was entered may be a clock's mistake; nothing goes by itself then.
CLOCK_DAYS = 60
# And so much later a person who deletes is asked whether it is right.
DELETE_DAYS = 400
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class Deletion:
    """
    What is deleted, or would be: records that happened before a day, and what hangs on them.

    `incidents` are records; `changes` rows of the trail, of these records and of those deleted by hand over 30 days
    ago; `first` and `last` the days on which the first and the last of these records began; `imports` those of which nothing is left; `walkers` entries of walks of which only the number of who had it goes.
    """

    before: date
    incidents: int = 0
    changes: int = 0
    imports: int = 0
    walkers: int = 0
    first: date | None = None
    last: date | None = None

    def is_empty(self) -> bool:
        """Whether there is nothing to delete."""
        return not (self.incidents or self.changes or self.imports or self.walkers)

    def needs_notice(self) -> bool:
        """Whether there is something that a keeper must be told of first; what was deleted by hand is known to them."""
        return bool(self.incidents or self.imports or self.walkers)


@dataclass(frozen=True)
class Notice:
    """What a keeper was told of on a day, and the day from which it goes by itself."""

    told_on: date
    due: date
    told: Deletion


def _first_day_kept(store: Store) -> date:
    return first_day_kept(store.settings().retention_years, clock.today())


def what_is_too_old(store: Store) -> Deletion:
    """What `delete_too_old` would delete; changes nothing."""
    return _count(store.cursor(), _all(store))


def delete_too_old(store: Store) -> Deletion:
    """
    Delete all that is too old, since a person says so, and write the file anew; nothing is written if there is nothing.

    Raises
    ------
    InputError
        Somebody else is writing, or the disk is full: then all is as it was.
    """
    return _delete(store, _all(store))


def last_written(store: Store) -> date | None:
    """The day (UTC) on which something was last entered, imported or planned, or a keeper was last told; None where nothing was."""
    return (
        store.cursor()
        .execute(
            """
            SELECT max(entered)::DATE FROM (
                SELECT max(imported_at) AS entered FROM imports
                UNION ALL SELECT max(happened_at) FROM changes
                UNION ALL SELECT max(happened_at) FROM leaflet_events
                UNION ALL SELECT max(planned_at) FROM leaflet_plans
                UNION ALL SELECT ?::TIMESTAMP
            )
            """,
            [_told_on(store)],
        )
        .fetchone()[0]
    )


@dataclass(frozen=True)
class ClockDoubt:
    """The machine's day is hard to believe: it lies before the last write, or more than 400 days after it."""

    today: date
    last: date

    @property
    def is_before(self) -> bool:
        """Whether the machine's day lies before the last write."""
        return self.today < self.last


def doubt_clock(store: Store) -> ClockDoubt | None:
    """Whether the machine's day is hard to believe, as deleting old records goes by it; None where it is not."""
    last, today = last_written(store), clock.today()
    is_right = last is None or last <= today <= last + timedelta(days=DELETE_DAYS)
    return None if is_right else ClockDoubt(today, last)


def is_day_plausible(store: Store) -> bool:
    """
    Whether the machine's day is within 60 days of the last time that something was entered or a keeper looked.

    Else the clock may be wrong, and a keeper has to say that it is right: by `give_notice`.
    """
    last = (
        store.cursor()
        .execute(
            """
            SELECT max(entered)::DATE FROM (
                SELECT max(imported_at) AS entered FROM imports
                UNION ALL SELECT max(happened_at) FROM changes
                UNION ALL SELECT ?::TIMESTAMP
            )
            """,
            [_told_on(store)],
        )
        .fetchone()[0]
    )
    return last is not None and clock.today() <= last + timedelta(days=CLOCK_DAYS)


def read_notice(store: Store) -> Notice | None:
    """The notice that runs; None where there is none, or nothing is left of what it told of."""
    told_on = _told_on(store)
    # A notice of a day to come was given under a wrong clock.
    if told_on is None or told_on > clock.today():
        return None
    told = _count(store.cursor(), _told(store, told_on))
    return Notice(told_on, told_on + timedelta(days=NOTICE_DAYS), told) if told.needs_notice() else None


def give_notice(store: Store) -> Notice:
    """
    Note that a keeper was told today of all that is too old. Whoever calls this shows it to one.

    Raises
    ------
    InputError
        Somebody else is writing, or the disk is full: then nobody counts as told.
    """
    with store.write() as connection:
        connection.execute("DELETE FROM settings WHERE name = ?", [TOLD_ON])
        connection.execute("INSERT INTO settings VALUES (?, ?)", [TOLD_ON, (clock.today() - _FIRST_DAY).days])
    return Notice(
        clock.today(),
        clock.today() + timedelta(days=NOTICE_DAYS),
        _count(store.cursor(), _told(store, clock.today())),
    )


def delete_when_due(store: Store) -> Deletion:
    """
    Delete what may go by itself: what a keeper was told of 30 days ago, and the trail of what was deleted by hand.

    Nothing goes while the machine's day is not plausible.

    Raises
    ------
    InputError
        As in `delete_too_old`.
    """
    if not is_day_plausible(store):
        return Deletion(_first_day_kept(store))
    notice = read_notice(store)
    is_due = notice is not None and clock.today() >= notice.due
    return _delete(store, _told(store, notice.told_on) if is_due else _only_trail())


def _told_on(store: Store) -> date | None:
    found = store.cursor().execute("SELECT value FROM settings WHERE name = ?", [TOLD_ON]).fetchone()
    return _FIRST_DAY + timedelta(days=found[0]) if found else None


def _delete(store: Store, bounds: dict) -> Deletion:
    if _count(store.cursor(), bounds).is_empty():
        return Deletion(bounds["before"])
    with store.write(erase=True) as connection:
        deleted = _count(connection, bounds)
        # Gathered first: each of them is found by rows that another deletes.
        for name, query in (("going", GOING), ("going_steps", GOING_STEPS), ("going_imports", GOING_IMPORTS)):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}", _bound(query, bounds))
        connection.execute("DELETE FROM incidents WHERE incident_id IN (SELECT incident_id FROM going)")
        connection.execute("DELETE FROM changes WHERE step IN (SELECT step FROM going_steps)")
        forget_the_gone(connection)
        for table in ("rejects", "imports"):
            connection.execute(
                f"DELETE FROM {table} WHERE import_id IN (SELECT import_id FROM going_imports)"  # noqa: S608
            )
        count_log(connection)
        connection.execute(
            "UPDATE leaflet_events SET walker = NULL WHERE happened_at < ?", [bounds["before"]]
        )
        if deleted.needs_notice():
            # What is too old next has a notice of its own.
            connection.execute("DELETE FROM settings WHERE name = ?", [TOLD_ON])
        for name in ("going", "going_steps", "going_imports"):
            connection.execute(f"DROP TABLE {name}")
    return deleted


GOING = """
SELECT incident_id, import_id FROM store.main.incidents
WHERE started_latest < $before AND import_id NOT IN (SELECT import_id FROM imports WHERE is_bundled)
AND NOT (
    import_id IN (SELECT import_id FROM imports WHERE imported_at >= $since AND import_id <> $log::UUID)
    OR incident_id IN (SELECT incident_id FROM changes WHERE happened_at >= $since)
)
"""

# Whole steps only, and all that touch a record: a merge of which half were gone could not be undone rightly.
GOING_STEPS = f"""
SELECT DISTINCT step FROM changes WHERE incident_id IN (SELECT incident_id FROM ({GOING}))
OR incident_id IN (
    SELECT incident_id FROM changes
    WHERE incident_id NOT IN (SELECT incident_id FROM store.main.incidents)
    GROUP BY incident_id HAVING max(happened_at) < $trail_before
)
"""  # noqa: S608

GOING_IMPORTS = f"""
SELECT import_id FROM imports
WHERE kind = 'incidents' AND NOT is_bundled
AND (imported_at < $before OR import_id IN (SELECT import_id FROM ({GOING})))
AND import_id NOT IN (
    SELECT import_id FROM store.main.incidents WHERE incident_id NOT IN (SELECT incident_id FROM ({GOING}))
)
"""  # noqa: S608

NUMBERS = f"""
SELECT
    (SELECT count(*) FROM ({GOING})) AS incidents,
    (SELECT count(*) FROM changes WHERE step IN ({GOING_STEPS})) AS changes,
    (SELECT count(*) FROM ({GOING_IMPORTS})) AS imports,
    (SELECT count(*) FROM leaflet_events WHERE happened_at < $before AND walker IS NOT NULL) AS walkers,
    (SELECT min(started_earliest)::DATE FROM store.main.incidents WHERE incident_id IN (SELECT incident_id FROM ({GOING}))) AS first,
    (SELECT max(started_earliest)::DATE FROM store.main.incidents WHERE incident_id IN (SELECT incident_id FROM ({GOING}))) AS last
"""  # noqa: S608


def _count(connection: duckdb.DuckDBPyConnection, bounds: dict) -> Deletion:
    return Deletion(bounds["before"], *connection.execute(NUMBERS, _bound(NUMBERS, bounds)).fetchone())


def _all(store: Store) -> dict:
    # Nothing came in during the time to come.
    return _bounds(_first_day_kept(store), datetime(9999, 1, 1))


def _told(store: Store, told_on: date) -> dict:
    """What was too old on a day, without what came in or was changed from then on."""
    # The years may have been raised since; were they lowered, there would be no notice (`write_setting`).
    return _bounds(
        first_day_kept(store.settings().retention_years, told_on),
        datetime.combine(told_on, datetime.min.time()),
    )


def _only_trail() -> dict:
    return _bounds(date(1, 1, 1), datetime(9999, 1, 1))


def _bounds(before: date, since: datetime) -> dict:
    now = datetime.combine(clock.today(), datetime.min.time())
    return {
        "before": before,
        "since": since,
        "trail_before": now - timedelta(days=TRAIL_OF_DELETED_DAYS),
        "log": LOG_IMPORT_ID,
    }


def _bound(query: str, bounds: dict) -> dict:
    """The values a query takes; DuckDB refuses one that it does not name."""
    return {name: value for name, value in bounds.items() if f"${name}" in query}
