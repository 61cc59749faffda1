"""
What a group has decided on its store, and what follows from it: how long a record stays hidden, how long it is kept, when to lock.

Too young to show are the group's own records of the last days; what came with the dashboard is public and shows.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import duckdb
import pyarrow as pa

from data.errors import InputError

# What to ask a store for, for `read_settings`.
DECIDED = "SELECT name::VARCHAR AS name, value FROM store.settings"
# The day, in days since 1970, on which a keeper was told of records that are too old; data/log/retention.py. Nobody's decision,
# so it has no bounds and cannot be set.
TOLD_ON = "told_on"
# Name -> fewest, most, and what the number is, in words.
BOUNDS = {
    "hidden_days": (30, 365, "days before a record shows"),
    "retention_years": (1, 30, "years a record is kept"),
    "idle_minutes": (1, 240, "minutes without use before the database locks"),
    "passphrase_declined": (0, 1, "whether a passphrase was declined"),
}


@dataclass(frozen=True)
class Settings:
    """The settings of a store; the defaults where nobody has decided."""

    hidden_days: int = 30
    retention_years: int = 6
    idle_minutes: int = 15
    passphrase_declined: int = 0


def read_settings(decided: pa.Table) -> Settings:
    """
    The settings in force.

    Parameters
    ----------
    decided
        What `DECIDED` gives: `name, value`. A value out of its bounds, which nobody could decide here, is brought back.
    """
    values = {row["name"]: row["value"] for row in decided.to_pylist()}
    known = {field.name for field in fields(Settings)} & values.keys()
    return Settings(**{name: min(max(values[name], BOUNDS[name][0]), BOUNDS[name][1]) for name in known})


def check_setting(name: str, value: int) -> None:
    """
    Refuse what nobody may decide.

    Raises
    ------
    InputError
        There is no such setting, or the value is out of its bounds.
    """
    if name not in BOUNDS:
        raise InputError(f"There is no such setting. The settings are: {', '.join(BOUNDS)}.")
    low, high, meaning = BOUNDS[name]
    if not low <= value <= high:
        raise InputError(f"The {meaning} must be between {low} and {high}.")


def write_setting(connection: duckdb.DuckDBPyConnection, name: str, value: int) -> None:
    """Put down one setting that has been checked."""
    connection.execute("DELETE FROM settings WHERE name = ?", [name])
    connection.execute("INSERT INTO settings VALUES (?, ?)", [name, value])
    if name == "retention_years":
        # Other records are too old now, and nobody was told of those.
        connection.execute("DELETE FROM settings WHERE name = ?", [TOLD_ON])


def first_hidden_day(hidden_days: int, today: date) -> date:
    """Records that may have started on this day or later are hidden; one of yesterday is one day old."""
    return today - timedelta(days=hidden_days - 1)


def shown_from(started_latest: datetime, hidden_days: int, today: date) -> date | None:
    """The day from which a young record of a group shows to everybody; None where it is old enough already."""
    ahead = started_latest.date() - first_hidden_day(hidden_days, today)
    # The first hidden day shows tomorrow, and with each day after that one more.
    return today + timedelta(days=1) + ahead if ahead >= timedelta(0) else None


def first_day_kept(retention_years: int, today: date) -> date:
    """The day before which the group's own records are too old."""
    try:
        return today.replace(year=today.year - retention_years)
    except ValueError:  # 29 February
        return date(today.year - retention_years, 2, 28)


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
