"""Pairs of records that somebody looked at and found to be two raids: they are not offered for merging again."""

import duckdb

from data.errors import InputError
from data.log.rows import read_row
from data.store import Store

SAME = "These are one and the same record; choose two."


def tell_apart(store: Store, one_id: str, other_id: str) -> None:
    """
    Note that two records tell of two raids; noting it again changes nothing.

    Raises
    ------
    InputError
        One of them is no longer there, or both are the same record.
    """
    pair = _pair(one_id, other_id)
    with store.write() as connection:
        for incident_id in pair:
            read_row(connection, "incidents", incident_id)
        _forget(connection, pair)
        connection.execute("INSERT INTO told_apart VALUES (?, ?)", pair)


def offer_again(store: Store, one_id: str, other_id: str) -> None:
    """Take back `tell_apart`: the two may be one raid after all."""
    with store.write() as connection:
        _forget(connection, _pair(one_id, other_id))


def forget_the_gone(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave no word of records that are no longer there."""
    connection.execute(
        """
        DELETE FROM told_apart WHERE first_id NOT IN (SELECT incident_id FROM incidents)
        OR second_id NOT IN (SELECT incident_id FROM incidents)
        """
    )


def _pair(*ids: str) -> list[str]:
    pair = sorted({str(each).lower() for each in ids})
    if len(pair) < 2:
        raise InputError(SAME)
    return pair


def _forget(connection: duckdb.DuckDBPyConnection, pair: list[str]) -> None:
    connection.execute("DELETE FROM told_apart WHERE first_id = ?::UUID AND second_id = ?::UUID", pair)
