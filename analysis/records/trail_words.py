"""The trail of what was changed by hand, as the lines of a table: what was done, to which record, from what to what."""

from collections.abc import Mapping

import pandas as pd

from data.log.rows import code_of
from data.schema import CHANGE_ACT_VALUES, UNKNOWN, labels

ACT_WORDS = labels(CHANGE_ACT_VALUES)
# Fields that say the same as others, or nothing to a person.
_LEFT_OUT = ("date_precision", "location_precision", "import_id")


def trail_lines(trail: pd.DataFrame, names: Mapping[str, str]) -> list[list[str]]:
    """
    The lines of the table: when, what was done, and to which record with what effect.

    A record that came or went is one line, whatever it held.

    Parameters
    ----------
    trail
        From `data.log.trail`, newest first.
    names
        Code -> name of areas; a code without a name stays as it is.
    """
    lines = []
    for (_, incident_id), rows in trail.groupby(["step", "incident_id"], sort=False):
        first = rows.iloc[0]
        act = f"{ACT_WORDS[first['act']]}{' (taken back since)' if first['is_undone'] else ''}"
        begin = [f"{first['happened_at']:%d %b %Y, %H:00}", act]
        whole = rows[rows["column_name"] == "incident_id"]
        if len(whole):
            effect = "the record came" if whole.iloc[0]["value_before"] is None else "the record went"
            lines.append([*begin, f"{code_of(incident_id)}: {effect}"])
            continue
        for row in rows[~rows["column_name"].isin(_LEFT_OUT)].itertuples():
            before, since = (
                _value(row.column_name, text, names) for text in (row.value_before, row.value_after)
            )
            field = row.column_name.replace("_", " ")
            lines.append([*begin, f"{code_of(incident_id)}: {field}, {before} → {since}"])
    return lines


def steps_to_take_back(trail: pd.DataFrame) -> dict[int, str]:
    """Step -> its words, of the acts that are in force, newest first."""
    in_force = trail[(trail["act"] != "undone") & ~trail["is_undone"].astype(bool)]
    return {
        int(
            step
        ): f"{ACT_WORDS[rows.iloc[0]['act']]}: {', '.join(map(code_of, rows['incident_id'].unique()))}, "
        f"{rows.iloc[0]['happened_at']:%d %B %Y}"
        for step, rows in in_force.groupby("step", sort=False)
    }


def _value(column: str, text: str | None, names: Mapping[str, str]) -> str:
    if text is None:
        return "not stated"
    if text == UNKNOWN:
        return "not known"
    if column.startswith("started_"):
        return text.replace("T", " ")[:16]
    return names.get(text, text)
