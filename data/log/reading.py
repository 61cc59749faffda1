"""What the log shows: one record, those that wait for a second look, and the trail; of young records only to whoever has their codes."""

import uuid
from collections.abc import Sequence

import pandas as pd

from data import clock
from data.log.entry import plain_value
from data.log.rows import read_history, read_row
from data.reading.numbers import LARGEST
from data.store.settings import first_hidden_day
from data.store.store import Store

TRAIL_COLUMNS = [
    "step", "happened_at", "incident_id", "act", "column_name", "value_before", "value_after", "undoes", "is_undone",
]  # fmt: skip


# Behind the view's back only what it shows, and the young records whose ids are bound: those that the person has the codes of.
_MAY_BE_SEEN = (
    "(incident_id IN (SELECT incident_id FROM incidents) OR incident_id IN (SELECT unnest(?::UUID[])))"
)


def read_incident(store: Store, incident_id: str) -> dict:
    """
    One record in the columns of the schema, young ones too; ids as text.

    Raises
    ------
    InputError
        There is no such record.
    """
    return read_row(store.cursor(), "store.main.incidents", incident_id)


def list_to_check(store: Store, also: Sequence[str] = ()) -> pd.DataFrame:
    """
    The records that wait for a second look, the oldest first, in the columns of the schema; ids as text.

    Parameters
    ----------
    also
        Ids of young records that the person has the codes of; without them no young record is listed.
    """
    table = store.sql(
        f"""
        SELECT * FROM store.main.incidents
        WHERE review = 'to check' AND {_MAY_BE_SEEN}
        ORDER BY started_earliest, started_latest, incident_id
        """,  # noqa: S608
        [as_ids(also)],
    )
    return _as_frame(table)


def list_incidents(store: Store, also: Sequence[str] = ()) -> pd.DataFrame:
    """
    Every record that may be seen, logged, imported or public, the newest first, in the columns of the schema; ids as text.

    Parameters
    ----------
    also
        Ids of young records that the person has the codes of; without them no young record is listed.
    """
    table = store.sql(
        f"""
        SELECT * FROM store.main.incidents WHERE {_MAY_BE_SEEN}
        ORDER BY started_latest DESC, started_earliest DESC, incident_id
        """,  # noqa: S608
        [as_ids(also)],
    )
    return _as_frame(table)


def trail(store: Store, limit: int | None = 100, also: Sequence[str] = ()) -> pd.DataFrame:
    """
    The last acts, newest first: one row per changed column.

    Of records too young to show, and of those deleted while they were, there is none but for those in `also`.

    Parameters
    ----------
    limit
        Acts, at most; None for all.

    Returns
    -------
    trail
        `step`, `happened_at` (UTC, cut to the hour), `incident_id`, `act`, `column_name` ('incident_id' where the record
        itself came or went), `value_before`, `value_after` (text, None where there is none), `undoes` (the step it took
        back), `is_undone` (whether it was taken back itself).
    """
    cursor = store.cursor()
    history = read_history(cursor)
    rows = _as_frame(store.sql("SELECT * FROM changes ORDER BY number"))
    if rows.empty:
        return pd.DataFrame(columns=TRAIL_COLUMNS)
    shown = _may_show(store, rows, also)
    rows = rows[rows["incident_id"].isin(shown)]
    rows["is_undone"] = [not history[step].is_in_force for step in rows["step"]]
    steps = sorted(rows["step"].unique(), reverse=True)[:limit]
    rows = rows[rows["step"].isin(steps)].sort_values(["step", "number"], ascending=[False, True])
    return rows[TRAIL_COLUMNS].reset_index(drop=True)


def visible(store: Store, incident_ids: Sequence[str]) -> list[str]:
    """Those of some records that everybody sees."""
    found = store.sql(
        "SELECT incident_id FROM incidents WHERE incident_id IN (SELECT unnest(?::UUID[]))",
        [as_ids(incident_ids)],
    )
    return [str(row["incident_id"]) for row in found.to_pylist()]


def bundled_imports(store: Store) -> set[str]:
    """The imports that came with the dashboard: their records are public, and show however young they are."""
    return {
        str(row["import_id"])
        for row in store.sql("SELECT import_id FROM imports WHERE is_bundled").to_pylist()
    }


def _may_show(store: Store, rows: pd.DataFrame, also: Sequence[str]) -> set[str]:
    """The records whose trail may be seen: those in sight, those in `also`, and those that went when old enough."""
    ids = list(rows["incident_id"].unique())
    present = store.sql(
        "SELECT incident_id FROM store.main.incidents WHERE incident_id IN (SELECT unnest(?::UUID[]))", [ids]
    )
    gone = set(ids) - {str(row["incident_id"]) for row in present.to_pylist()}
    first_hidden = f"{first_hidden_day(store.settings().hidden_days, clock.today()):%Y-%m-%d}"
    public = bundled_imports(store)
    # As it was when it went; ISO times sort as text.
    last = rows[rows["incident_id"].isin(gone) & rows["value_after"].isna()].drop_duplicates(
        ["incident_id", "column_name"], keep="last"
    )
    last = last.pivot(index="incident_id", columns="column_name", values="value_before")
    for incident_id, record in last.iterrows():
        is_own = record.get("import_id") not in public
        started = record.get("started_latest")
        if not isinstance(started, str) or (is_own and started >= first_hidden):
            continue
        also = [*also, incident_id]
    return {*visible(store, ids), *(str(each) for each in also)}


def as_ids(incident_ids: Sequence[str]) -> list[str]:
    """Those of some texts that are ids at all."""
    ids = []
    for each in incident_ids:
        try:
            ids.append(str(uuid.UUID(str(each))))
        except ValueError:
            continue
    return ids


def _as_frame(table) -> pd.DataFrame:
    """An Arrow table for a page: ids and words as text, numbers that may be missing as nullable integers."""
    rows = [{name: plain_value(value) for name, value in row.items()} for row in table.to_pylist()]
    frame = pd.DataFrame(rows, columns=table.column_names, dtype=object)
    for name in table.column_names:
        if name in LARGEST or name == "undoes":
            frame[name] = frame[name].astype("Int64")
        elif name in ("started_earliest", "started_latest", "happened_at"):
            frame[name] = pd.to_datetime(frame[name])
        elif name in ("number", "step"):
            frame[name] = frame[name].astype("int64")
    return frame
