"""What somebody enters of one raid, and the columns of the schema that it comes to."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from data.errors import InputError
from data.log.values import PLACE_COLUMNS, TIME_COLUMNS
from data.places.named import NamedPlace, place_of
from data.schema import UNKNOWN

BACKWARDS = "The time ends before it begins; correct one of the two."
NO_SUCH_HOUR = "Hours run from 0 to 23; correct the time."
HOURS_WITHOUT_DAY = "A time says nothing without its day; leave the time out, or give the day."
NO_PLACE = "The place is missing. Write a postcode, a district such as SE15, or the borough."


@dataclass(frozen=True)
class IncidentEntry:
    """
    What somebody enters of one raid.

    Attributes
    ----------
    day
        On which it started; any day of the month or year where no more is known.
    hour_from, hour_to
        Hours of that day, 0 to 23, both included: equal for the hour it started in, apart for a part of the day such as
        the morning (6 and 11), both None where only the day is known. `hour_to` goes on after midnight: 24 is the first
        hour of the next day.
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
    # 'day', 'month' or 'year': how finely `day` is known.
    date_precision: str = "day"


def entry_columns(entry: IncidentEntry, place: NamedPlace | None = None) -> dict:
    """
    The columns of `incidents` that an entry comes to, as `edit_incident` takes them.

    Raises
    ------
    InputError
        The place is missing or not known, the hours are none, or they have no day.
    """
    if place is None:
        if not entry.place.strip():
            raise InputError(NO_PLACE)
        place = place_of(entry.place)
    earliest, latest, precision = _start(entry)
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


def entered_start(record: Mapping) -> dict:
    """
    When a record began, as an entry has it: the way back from `entry_columns`.

    Parameters
    ----------
    record
        Needs `started_earliest`, `started_latest` and `date_precision`.

    Returns
    -------
    start
        `day`, `hour_from`, `hour_to` and `date_precision` of an `IncidentEntry`; the hours None where only the day, the
        month or the year is known.
    """
    first, last, precision = (record[name] for name in TIME_COLUMNS)
    start = {"day": first.date(), "hour_from": None, "hour_to": None, "date_precision": "day"}
    if precision in ("month", "year"):
        return start | {"date_precision": precision}
    hour_to = first.hour + round((last - first).total_seconds()) // 3600
    if (first.hour, hour_to) == (0, 23):
        return start
    return start | {"hour_from": first.hour, "hour_to": hour_to}


def _start(entry: IncidentEntry) -> tuple[datetime, datetime, str]:
    if entry.date_precision != "day":
        return _month_or_year(entry)
    hour_from, hour_to = entry.hour_from, entry.hour_to
    if hour_from is None and hour_to is None:
        first, last, precision = 0, 23, "day"
    else:
        first = hour_to if hour_from is None else hour_from
        last = hour_from if hour_to is None else hour_to
        precision = "hour" if first == last else "day"
    if not (0 <= first <= 23 and 0 <= last <= 47):
        raise InputError(NO_SUCH_HOUR)
    if not first <= last < first + 24:
        raise InputError(BACKWARDS)
    midnight = datetime.combine(entry.day, time())
    return midnight + timedelta(hours=first), midnight + timedelta(hours=last), precision


def _month_or_year(entry: IncidentEntry) -> tuple[datetime, datetime, str]:
    if entry.hour_from is not None or entry.hour_to is not None:
        raise InputError(HOURS_WITHOUT_DAY)
    year, month = entry.day.year, entry.day.month
    months = (month, month) if entry.date_precision == "month" else (1, 12)
    last_day = monthrange(year, months[1])[1]
    return datetime(year, months[0], 1), datetime(year, months[1], last_day, 23), entry.date_precision
