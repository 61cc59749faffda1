"""Pairs of records that somebody looked at and found to be two raids: they are not offered for merging again."""

from collections.abc import Sequence

import duckdb

from data.errors import InputError
from data.log.reading import as_ids
from data.log.rows import find_rows, read_row
from data.store.store import Store

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


def list_told_apart(store: Store, also: Sequence[str] = ()) -> list[tuple[dict, dict]]:
    """
    The pairs told apart of which both records show, the latest raids first; each record in the columns of the schema.

    Parameters
    ----------
    also
        Ids of young records that the person has the codes of; no pair with another young record is listed, since that
        would tell that there is one.
    """
    found = store.sql(
        """
        WITH shown AS (
            SELECT incident_id, started_earliest FROM store.main.incidents
            WHERE incident_id IN (SELECT incident_id FROM incidents)
            OR incident_id IN (SELECT unnest(?::UUID[]))
        )
        SELECT first_id, second_id FROM told_apart
        JOIN shown AS first ON first.incident_id = first_id
        JOIN shown AS second ON second.incident_id = second_id
        ORDER BY first.started_earliest DESC, first_id, second_id
        """,
        [as_ids(also)],
    ).to_pylist()
    pairs = [(str(pair["first_id"]), str(pair["second_id"])) for pair in found]
    records = find_rows(store.cursor(), "store.main.incidents", [each for pair in pairs for each in pair])
    return [(records[one], records[other]) for one, other in pairs]


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
