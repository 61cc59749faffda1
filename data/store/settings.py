"""What a group has decided on its store: how long a record stays hidden, how long it is kept, when to lock."""

from dataclasses import dataclass, fields

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
