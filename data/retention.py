"""
How long the group's own records are kept, and how those that are too old are deleted.

Only the group's own: what came with the dashboard is public, can be had elsewhere, and stays. Official figures stay
whoever imported them, for the same reason. Deleted means that the file is written anew without the rows.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from data.schema import LOG_IMPORT_ID
from data.settings import read_settings
from data.store import Store, today

# What was imported or logged lately stays so long, however old it is: nobody loses by themselves what they have just
# put in, and there is time to raise the years.
NOTICE_DAYS = 30
# So long a deleted record can be brought back. Then what the trail says of it goes too.
TRAIL_OF_DELETED_DAYS = 30


@dataclass(frozen=True)
class Deletion:
    """
    What is deleted, or would be: records that happened before a day, and what hangs on them.

    `incidents` are records; `changes` rows of the trail, of these records and of those deleted by hand over 30 days
    ago; `imports` those of which nothing is left; `initials` entries of walks of which only the initials go.
    """

    before: date
    incidents: int = 0
    changes: int = 0
    imports: int = 0
    initials: int = 0

    def is_empty(self) -> bool:
        """Whether there is nothing to delete."""
        return not (self.incidents or self.changes or self.imports or self.initials)


def first_day_kept(store: Store) -> date:
    """The day before which the group's own records are too old."""
    years, now = read_settings(store).retention_years, today()
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # 29 February
        return date(now.year - years, 2, 28)


def what_is_too_old(store: Store, on_notice: bool = True) -> Deletion:
    """
    What `delete_too_old` would delete; changes nothing.

    Parameters
    ----------
    on_notice
        Also records that are too old but came in during the last 30 days. They go when a person says so, and
        otherwise once their 30 days are over.
    """
    return _count(store.cursor(), first_day_kept(store), on_notice)


def delete_too_old(store: Store, on_notice: bool = True) -> Deletion:
    """
    Delete what is too old and write the file anew; nothing is written if there is nothing.

    Raises
    ------
    InputError
        Somebody else is writing, or the disk is full: then all is as it was.
    """
    before = first_day_kept(store)
    if _count(store.cursor(), before, on_notice).is_empty():
        return Deletion(before)
    with store.write(erase=True) as connection:
        deleted = _count(connection, before, on_notice)
        # Gathered first: each of them is found by rows that another deletes.
        for name, query in (("going", GOING), ("going_steps", GOING_STEPS), ("going_imports", GOING_IMPORTS)):
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS {query}", _bound(query, before, on_notice)
            )
        connection.execute("DELETE FROM incidents WHERE incident_id IN (SELECT incident_id FROM going)")
        connection.execute("DELETE FROM changes WHERE step IN (SELECT step FROM going_steps)")
        for table in ("rejects", "imports"):
            connection.execute(
                f"DELETE FROM {table} WHERE import_id IN (SELECT import_id FROM going_imports)"  # noqa: S608
            )
        connection.execute(
            """
            UPDATE imports SET "rows" = own.number, kept = own.number
            FROM (SELECT count(*) AS number FROM incidents WHERE import_id = ?::UUID) AS own
            WHERE import_id = ?::UUID
            """,
            [LOG_IMPORT_ID, LOG_IMPORT_ID],
        )
        connection.execute("UPDATE leaflet_events SET initials = NULL WHERE happened_at < ?", [before])
        for name in ("going", "going_steps", "going_imports"):
            connection.execute(f"DROP TABLE {name}")
    return deleted


GOING = """
SELECT incident_id, import_id FROM store.main.incidents
WHERE started_latest < $before AND import_id NOT IN (SELECT import_id FROM imports WHERE is_bundled)
AND NOT (
    import_id IN (SELECT import_id FROM imports WHERE imported_at >= $lately AND import_id <> $log::UUID)
    OR incident_id IN (SELECT incident_id FROM changes WHERE act = 'logged' AND happened_at >= $lately)
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
    (SELECT count(*) FROM leaflet_events WHERE happened_at < $before AND initials IS NOT NULL) AS initials
"""  # noqa: S608


def _count(connection: duckdb.DuckDBPyConnection, before: date, on_notice: bool) -> Deletion:
    return Deletion(before, *connection.execute(NUMBERS, _bound(NUMBERS, before, on_notice)).fetchone())


def _bound(query: str, before: date, on_notice: bool) -> dict:
    """The values a query takes; DuckDB refuses one that it does not name."""
    now = datetime.combine(today(), datetime.min.time())
    values = {
        "before": before,
        # Nothing came in during the time to come.
        "lately": datetime(9999, 1, 1) if on_notice else now - timedelta(days=NOTICE_DAYS),
        "trail_before": now - timedelta(days=TRAIL_OF_DELETED_DAYS),
        "log": LOG_IMPORT_ID,
    }
    return {name: value for name, value in values.items() if f"${name}" in query}
