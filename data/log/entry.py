"""What somebody enters of one raid, the columns of the schema that it comes to, and what these may hold."""

import uuid
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from data import clock
from data.clock import is_skipped
from data.errors import InputError
from data.places.named import NamedPlace, is_place, place_of
from data.reading.dates import EARLIEST_YEAR, EPOCH
from data.reading.numbers import LARGEST
from data.schema import INCIDENTS, UNKNOWN, Column

TIME_COLUMNS = ("started_earliest", "started_latest", "date_precision")
PLACE_COLUMNS = ("locality_code", "borough_code", "postcode_district", "location_precision")
# What a person may correct. Which import a record came with, and whether it was checked, is not theirs to write.
EDITABLE = tuple(
    name for name in INCIDENTS.column_names() if name not in ("incident_id", "import_id", "review")
)
COLUMNS = {column.name: column for column in INCIDENTS.columns}


def place_in(record: Mapping) -> NamedPlace:
    """Where a record was, as its columns say."""
    return NamedPlace(*(record[name] for name in PLACE_COLUMNS))


def plain_value(value: object) -> object:
    """A value as the log compares it: ids as text, whole numbers as int, times without a zone."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, float) and np.isnan(value):
        return None
    return str(value) if isinstance(value, str) else value


def as_text(value: object) -> str | None:
    """A value as the trail keeps it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def from_text(column: Column, text: str | None) -> object:
    """A value of the trail as the record holds it."""
    if text is None or column.type in ("VARCHAR", "UUID"):
        return text
    return datetime.fromisoformat(text) if column.type == "TIMESTAMP" else int(text)


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


FUTURE = "The day is after today; correct it."
FUTURE_HOUR = "That hour is still to come; correct the day or the time."
TOO_EARLY = f"The day is before {EARLIEST_YEAR}; correct it."
CLOCK_SKIPPED = (
    "There was no such hour: London's clock was put forward that night; correct the time, or leave it out."
)
NOT_THE_HOUR = "Times are kept by the hour; leave out the minutes."
PRECISION = "The times do not fit how finely the date is known; correct one of them."
NOT_A_PLACE = "The parts of the place do not belong together; look the place up again."


def misfits(record: Mapping) -> list[str]:
    """
    The numbers of a record that its outcome contradicts, as columns; a person is asked about them, and nothing is refused.

    >>> misfits({"outcome": "no arrests", "people_detained": 2, "people_released": None})
    ['people_detained']
    >>> misfits({"outcome": "people detained", "people_detained": 0, "people_released": 3})
    ['people_detained']
    """
    detained, released = record["people_detained"], record["people_released"]
    outcome = record["outcome"]
    # Who is held and let go counts as released: only where the raid was stopped before was there nobody to let go.
    wrong = {
        "people_detained": bool(detained)
        if outcome in ("no arrests", "prevented")
        else outcome == "people detained" and detained == 0,
        "people_released": outcome == "prevented" and bool(released),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def check_record(record: Mapping, changed: Sequence[str] | set[str] | Mapping) -> None:
    """Refuse a record whose changed columns hold what the schema does not allow."""
    if set(changed) & set(TIME_COLUMNS):
        _check_start(record)
    if set(changed) & set(PLACE_COLUMNS) and not (
        all(isinstance(record[name], str) for name in PLACE_COLUMNS) and is_place(place_in(record))
    ):
        raise InputError(NOT_A_PLACE)
    for name in changed:
        column = COLUMNS[name]
        if column.allowed and record[name] not in column.allowed:
            raise InputError(f"{name.replace('_', ' ')} takes one of: {', '.join(column.allowed)}.")
        if name in LARGEST and record[name] is not None:
            _check_number(name, record[name])


def _check_start(record: Mapping) -> None:
    earliest, latest, precision = (record[name] for name in TIME_COLUMNS)
    if not isinstance(earliest, datetime) or not isinstance(latest, datetime):
        raise InputError(NOT_THE_HOUR)
    for moment in (earliest, latest):
        if moment.tzinfo is not None or (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
            raise InputError(NOT_THE_HOUR)
    if latest < earliest:
        raise InputError(BACKWARDS)
    now = clock.now_in_london()
    if earliest.date() > now.date():
        raise InputError(FUTURE)
    if earliest > now:
        raise InputError(FUTURE_HOUR)
    if earliest.year < EARLIEST_YEAR:
        raise InputError(TOO_EARLY)
    # A night goes on after midnight, and is known by its day all the same.
    if (precision == "hour") != (earliest == latest) or (
        precision == "day" and latest - earliest >= timedelta(days=1)
    ):
        raise InputError(PRECISION)
    hours = (earliest.toordinal() - EPOCH) * 24 + earliest.hour
    if precision == "hour" and is_skipped(np.array([hours]))[0]:
        raise InputError(CLOCK_SKIPPED)


def _check_number(name: str, value: object) -> None:
    told = name.replace("_", " ")
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputError(f"{told} must be a whole number of at least 0, or empty if it is not stated.")
    if value > LARGEST[name]:
        raise InputError(f"{told} is too large to be true; it may be {LARGEST[name]:,} at most.")
