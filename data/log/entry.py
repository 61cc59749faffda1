"""What somebody enters of one raid, and the columns of the schema that it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from data.errors import InputError
from data.log.values import PLACE_COLUMNS
from data.places.named import NamedPlace, place_of
from data.schema import UNKNOWN

BACKWARDS = "The time ends before it begins; correct one of the two."
NO_SUCH_HOUR = "Hours run from 0 to 23; correct the time."
NO_PLACE = "The place is missing. Write a postcode, a district such as SE15, or the borough."


@dataclass(frozen=True)
class IncidentEntry:
    """
    What somebody enters of one raid.

    Attributes
    ----------
    day
        On which it started.
    hour_from, hour_to
        Hours of that day, 0 to 23, both included: equal for the hour it started in, apart for a part of the day such as
        the morning (6 and 11), both None where only the day is known.
    place
        As `place_of` takes it. It is looked up and thrown away; not needed where `log_incident` gets a place.
    """

    day: date
    hour_from: int | None = None
    hour_to: int | None = None
    place: str = field(default="", repr=False)
    setting: str = UNKNOWN
    outcome: str = UNKNOWN
    people_detained: int | None = None
    people_released: int | None = None
    crowd_size: int | None = None
    duration_minutes: int | None = None
    police_present: str = UNKNOWN
    community_response: str = UNKNOWN
    source_kind: str = "group report"


def entry_columns(entry: IncidentEntry, place: NamedPlace | None = None) -> dict:
    """
    The columns of `incidents` that an entry comes to, as `edit_incident` takes them.

    Raises
    ------
    InputError
        The place is missing or not known, or the hours are none.
    """
    if place is None:
        if not entry.place.strip():
            raise InputError(NO_PLACE)
        place = place_of(entry.place)
    earliest, latest, precision = _start(entry.day, entry.hour_from, entry.hour_to)
    return {
        "started_earliest": earliest,
        "started_latest": latest,
        "date_precision": precision,
        **{name: getattr(place, name) for name in PLACE_COLUMNS},
        **{
            name: getattr(entry, name)
            for name in (
                "setting", "outcome", "people_detained", "people_released", "crowd_size", "duration_minutes",
                "police_present", "community_response", "source_kind",
            )
        },
    }  # fmt: skip


def day_and_hours(record: Mapping) -> tuple[date | None, int | None, int | None]:
    """
    The day on which a record began and the hours it began within, as an entry has them: the way back from `entry_columns`.

    Parameters
    ----------
    record
        Needs `started_earliest` and `started_latest`.

    Returns
    -------
    day, hour_from, hour_to
        All None where it may have begun on one of several days; the hours None where only the day is known.
    """
    first, last = record["started_earliest"], record["started_latest"]
    if first.date() != last.date():
        return None, None, None
    if (first.hour, last.hour) == (0, 23):
        return first.date(), None, None
    return first.date(), first.hour, last.hour


def _start(day: date, hour_from: int | None, hour_to: int | None) -> tuple[datetime, datetime, str]:
    if hour_from is None and hour_to is None:
        first, last, precision = 0, 23, "day"
    else:
        first = hour_to if hour_from is None else hour_from
        last = hour_from if hour_to is None else hour_to
        precision = "hour" if first == last else "day"
    if not (0 <= first <= 23 and 0 <= last <= 23):
        raise InputError(NO_SUCH_HOUR)
    if last < first:
        raise InputError(BACKWARDS)
    return datetime.combine(day, time(first)), datetime.combine(day, time(last)), precision
