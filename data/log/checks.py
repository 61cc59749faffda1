"""What a record of the log may hold: times by the hour, places and words that the schema knows, numbers within bounds."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from data import clock
from data.clock import is_skipped
from data.errors import InputError
from data.log.entry import BACKWARDS
from data.log.values import COLUMNS, PLACE_COLUMNS, TIME_COLUMNS, place_in
from data.places.named import is_place
from data.reading.dates import EARLIEST_YEAR, EPOCH
from data.reading.numbers import LARGEST

FUTURE = "The day is after today; correct it."
FUTURE_HOUR = "That hour is still to come; correct the day or the time."
TOO_EARLY = f"The day is before {EARLIEST_YEAR}; correct it."
CLOCK_SKIPPED = (
    "There was no such hour: London's clock was put forward that night; correct the time, or leave it out."
)
NOT_THE_HOUR = "Times are kept by the hour; leave out the minutes."
PRECISION = "The times do not fit how finely the date is known; correct one of them."
NOT_A_PLACE = "The parts of the place do not belong together; look the place up again."


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
