"""One record of two that tell of the same raid, with the better of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.errors import InputError
from data.log.apart import SAME
from data.log.entry import PLACE_COLUMNS, TIME_COLUMNS, place_in
from data.log.reading import visible
from data.log.rows import count_log, differences, note_act, put_row, read_row
from data.places.named import finest
from data.schema import CONFIDENCES, UNKNOWN
from data.store.store import Store

HIDDEN_OTHER = (
    "The record to keep shows already, and the other is too young to show: together they would show too early. "
    "Keep the other one instead."
)


@dataclass(frozen=True)
class Merged:
    """
    Two records that became one.

    `conflicts` names the columns in which both said something that cannot both be true; the kept record's stays.
    """

    step: int
    incident_id: str
    conflicts: tuple[str, ...] = field(default=())

    @property
    def sentence(self) -> str:
        """What was done, for a person."""
        if not self.conflicts:
            return "The two records are one now, with the better of each."
        names = ", ".join(name.replace("_", " ") for name in self.conflicts)
        return f"The two records are one now. They contradicted each other in: {names}. The kept record's value stays."


def merge_incidents(store: Store, keep_id: str, other_id: str) -> Merged:
    """
    Make one record of two that tell of the same raid; the other one goes.

    Each column keeps the better: the finer start and place, what is stated over what is not, the larger crowd, the
    higher confidence. Where both say something that cannot both be true, the kept record's stays, and the answer names it.
    Its source, its import and whether it was checked stay too.

    Raises
    ------
    InputError
        One of them is no longer there, or the merged record would show before its time.
    """
    if keep_id == other_id:
        raise InputError(SAME)
    shown = set(visible(store, [keep_id, other_id]))
    with store.write(erase=True) as connection:
        keep = read_row(connection, "incidents", keep_id)
        other = read_row(connection, "incidents", other_id)
        if keep_id in shown and other_id not in shown:
            raise InputError(HIDDEN_OTHER)
        merged, conflicts = merge_records(keep, other)
        rows = [*differences(keep, merged), *differences(other, None)]
        put_row(connection, keep_id, merged)
        put_row(connection, other_id, None)
        step = note_act(connection, "merged", rows)
        count_log(connection)
    return Merged(step, keep_id, conflicts)


def merge_records(keep: Mapping, other: Mapping) -> tuple[dict, tuple[str, ...]]:
    """
    What two records come to together, and the columns in which they contradict each other; see `merge_incidents`.

    Both have the columns of the schema. Changes nothing.
    """
    merged, conflicts = dict(keep), []
    start = _finer_start(keep, other)
    if start is None:
        conflicts.append("started_earliest")
    else:
        merged |= {name: start[name] for name in TIME_COLUMNS}
    place = finest(place_in(keep), place_in(other))
    if place is None:
        conflicts.append("location_precision")
    else:
        merged |= {name: getattr(place, name) for name in PLACE_COLUMNS}
    for name in ("setting", "outcome", "police_present", "community_response"):
        merged[name], is_conflict = _stated(keep[name], other[name], UNKNOWN)
        conflicts += [name] * is_conflict
    for name in ("people_detained", "people_released", "duration_minutes"):
        merged[name], is_conflict = _stated(keep[name], other[name], None)
        conflicts += [name] * is_conflict
    merged["crowd_size"] = max(
        (keep["crowd_size"], other["crowd_size"]), key=lambda size: -1 if size is None else size
    )
    merged["confidence"] = min((keep["confidence"], other["confidence"]), key=CONFIDENCES.index)
    return merged, tuple(conflicts)


def _finer_start(one: Mapping, other: Mapping) -> Mapping | None:
    """The record whose start lies inside the other's; None where they are apart, or only overlap."""
    for inner, outer in ((one, other), (other, one)):
        if (
            outer["started_earliest"] <= inner["started_earliest"]
            and inner["started_latest"] <= outer["started_latest"]
        ):
            return inner
    return None


def _stated(keep: object, other: object, not_stated: object) -> tuple[object, bool]:
    """What two values come to, and whether they contradict each other."""
    if keep == not_stated:
        return other, False
    return keep, other not in (not_stated, keep)
