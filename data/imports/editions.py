"""
Which rows of a log are there already: those that earlier editions brought, as they brought them.

A record that was changed or deleted by hand is no longer there as its log has it. The trail says how it came in, so that
the next edition of the log neither brings back what was deleted nor doubles what was corrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Present:
    """
    What is there already, beside the temporary table `present` of it (the columns, and `editions`: how many times).

    `rows` are all of them; `by_hand` those that stand for a record changed, merged or deleted by hand since; `forgotten`
    is how many rows were deleted of which the trail says nothing any more.
    """

    rows: int
    by_hand: int
    forgotten: int


# Of each record in the trail, the columns as they were before the first change of each. Column names are the schema's.
_AS_IMPORTED = """
CREATE OR REPLACE TEMP TABLE as_imported AS
WITH first_values AS (
    SELECT incident_id, column_name, first(value_before ORDER BY number) AS value
    FROM changes WHERE column_name IS NOT NULL GROUP BY ALL
)
SELECT first_values.incident_id, any_value(incidents.incident_id) IS NULL AS is_gone, {columns}
FROM first_values LEFT JOIN incidents USING (incident_id)
GROUP BY first_values.incident_id
HAVING coalesce(
    any_value(incidents.import_id)::VARCHAR, max(value) FILTER (column_name = 'import_id')
) IN (SELECT unnest(?::VARCHAR[]))
"""
_COLUMN = """
CASE WHEN bool_or(column_name = '{name}') THEN max(value) FILTER (column_name = '{name}')
ELSE any_value(incidents.{name})::VARCHAR END::{type} AS {name}"""

# A record changed by hand stands for its row as imported where the file still has it so, and else for what it is now: the
# log may have been corrected alike. Of several with the same row, one that is gone can stand for nothing else.
_PRESENT = """
CREATE OR REPLACE TEMP TABLE present AS
WITH
untouched AS (
    SELECT {values}, count(*) AS editions FROM incidents
    WHERE import_id IN (SELECT unnest(?::UUID[])) AND incident_id NOT IN (SELECT incident_id FROM as_imported)
    GROUP BY ALL
),
wanted AS (
    SELECT {values}, count(*) AS editions FROM arriving SEMI JOIN as_imported ON {same_as_imported} GROUP BY ALL
),
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY {values} ORDER BY is_gone DESC, incident_id) AS edition FROM as_imported
),
standing AS (
    SELECT numbered.*, edition <= coalesce(wanted.editions, 0) - coalesce(untouched.editions, 0) AS is_found
    FROM numbered LEFT JOIN wanted ON {same_as_wanted} LEFT JOIN untouched ON {same_as_untouched}
),
all_rows AS (
    SELECT {values}, editions, 0 AS by_hand FROM untouched
    UNION ALL
    SELECT {values}, 1, (
        is_gone OR NOT EXISTS (
            SELECT 1 FROM incidents WHERE incidents.incident_id = standing.incident_id AND {same_as_now}
        )
    )::INTEGER FROM standing WHERE is_found
    UNION ALL
    SELECT {values}, 1, 0 FROM incidents
    WHERE incident_id IN (SELECT incident_id FROM standing WHERE NOT is_found)
)
SELECT {values}, sum(editions)::BIGINT AS editions, sum(by_hand)::BIGINT AS by_hand FROM all_rows GROUP BY ALL
"""


def gather_present(
    connection: duckdb.DuckDBPyConnection, earlier: Sequence[str], names: Sequence[str]
) -> Present:
    """
    Make the temporary table `present`: the rows of earlier editions, as they are compared with the arriving ones.

    Parameters
    ----------
    connection
        With the new rows in sight as `arriving`.
    earlier
        Ids of the imports that brought earlier editions of the same log.
    names
        The columns compared, of `incidents`.
    """
    values = ", ".join(names)
    (has_trail,) = connection.execute("SELECT count(*) > 0 FROM changes").fetchone()
    if not has_trail:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE present AS SELECT {values}, count(*) AS editions, 0 AS by_hand FROM incidents "  # noqa: S608
            "WHERE import_id IN (SELECT unnest(?::UUID[])) GROUP BY ALL",
            [earlier],
        )
    else:
        types = dict(
            connection.execute("SELECT column_name, column_type FROM (DESCRIBE incidents)").fetchall()
        )
        columns = ", ".join(_COLUMN.format(name=name, type=types[name]) for name in names)
        connection.execute(_AS_IMPORTED.format(columns=columns), [earlier])
        connection.execute(
            _PRESENT.format(
                values=", ".join(names),
                same_as_imported=same(names, "arriving", "as_imported"),
                same_as_wanted=same(names, "numbered", "wanted"),
                same_as_untouched=same(names, "numbered", "untouched"),
                same_as_now=same(names, "incidents", "standing"),
            ),
            [earlier],
        )
    rows, by_hand = connection.execute(
        "SELECT coalesce(sum(editions), 0), coalesce(sum(by_hand), 0) FROM present"
    ).fetchone()
    gone = "SELECT count(*) FROM as_imported WHERE is_gone" if has_trail else "SELECT 0"
    (forgotten,) = connection.execute(
        f"""
        SELECT (SELECT coalesce(sum(kept), 0) FROM imports WHERE import_id IN (SELECT unnest($earlier::UUID[])))
             - (SELECT count(*) FROM incidents WHERE import_id IN (SELECT unnest($earlier::UUID[])))
             - ({gone})
        """,  # noqa: S608
        {"earlier": earlier},
    ).fetchone()
    connection.execute("DROP TABLE IF EXISTS as_imported")
    return Present(int(rows), int(by_hand), max(int(forgotten), 0))


def same(names: Sequence[str], one: str, other: str) -> str:
    """The condition that two tables have the same values in some columns; nothing equals nothing."""
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in names)


def notes_on(present: Present, lacking: int, kept: int) -> list[str]:
    """
    What a person should know of an edition: rows that it lacks, rows that were changed here, and rows that may be back.

    Parameters
    ----------
    lacking
        How many rows of earlier editions the file does not have; 0 where it need not have them.
    kept
        How many of its rows were new.
    """
    told = []
    if present.by_hand:
        told.append(
            f"{_rows(present.by_hand)} of this file {_were(present.by_hand)} changed, merged or deleted here by hand since; "
            "what was done here stays."
        )
    if lacking:
        way_out = (
            "delete the older of the two on the Records page. To undo the imports instead would lose what was changed by hand."
            if present.by_hand
            else "undo both imports, the last one first, then import this file again. What was changed by hand in their records "
            "would be lost."
        )
        told.append(
            f"This file lacks {_rows(lacking)} of an earlier edition of this log. A row that was corrected in the log since then now "
            f"counts twice: {way_out}"
        )
    if present.forgotten and kept:
        told.append(
            f"{_rows(present.forgotten)} of earlier editions {_were(present.forgotten)} deleted here, too long ago for the trail to say "
            "which. Those that this file still has are back."
        )
    return told


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
