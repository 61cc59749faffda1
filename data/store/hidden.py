"""Which records are too young to show: the group's own, of the last days. What came with the dashboard is public and shows."""

from datetime import date, datetime, timedelta

import duckdb

from data.store.settings import DECIDED, read_settings


def first_hidden_day(hidden_days: int, today: date) -> date:
    """Records that may have started on this day or later are hidden; one of yesterday is one day old."""
    return today - timedelta(days=hidden_days - 1)


def shown_from(started_latest: datetime, hidden_days: int, today: date) -> date | None:
    """The day from which a young record of a group shows to everybody; None where it is old enough already."""
    ahead = started_latest.date() - first_hidden_day(hidden_days, today)
    # The first hidden day shows tomorrow, and with each day after that one more.
    return today + timedelta(days=1) + ahead if ahead >= timedelta(0) else None


def hide_young_records(connection: duckdb.DuckDBPyConnection, today: date) -> None:
    """
    Put a view in front of `incidents` that lacks the group's own records of the last days.

    On the connection that every page, analysis and export reads from, so that none of them can forget it. Does nothing to a
    store of an older schema, which is about to be upgraded.
    """
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'"
    ).fetchall()
    if ("settings",) not in tables:
        return
    decided = connection.execute(DECIDED).to_arrow_table()
    first_hidden = first_hidden_day(read_settings(decided).hidden_days, today)
    bundled = connection.execute("SELECT import_id FROM store.imports WHERE is_bundled").fetchall()
    # A view takes no bound values. The day is made here, and what DuckDB gives as UUIDs are UUIDs.
    public = ", ".join(f"'{import_id}'::UUID" for (import_id,) in bundled) or "NULL"
    connection.execute(
        f"""
        CREATE VIEW memory.main.incidents AS SELECT * FROM store.main.incidents
        WHERE started_latest < TIMESTAMP '{first_hidden:%Y-%m-%d}' OR coalesce(import_id IN ({public}), false)
        """  # noqa: S608
    )
