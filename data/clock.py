"""The clock of the house: days and times in UTC as the store has them, London's own time, and the hours its clock skips or repeats."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

LONDON = ZoneInfo("Europe/London")


def today() -> date:
    """The day it is. In UTC, which is never ahead of London: a record shows an hour late rather than early."""
    return datetime.now(UTC).date()


def now() -> datetime:
    """The time it is, to the second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def this_hour() -> datetime:
    """The time it is, cut to the hour: all that is kept of when somebody logged or changed a record."""
    return now().replace(minute=0, second=0)


def now_in_london() -> datetime:
    """
    London's time on the day that `today` says.

    For an hour of a summer's night London is a day ahead of that.
    """
    utc = datetime.now(UTC)
    local = utc.astimezone(LONDON)
    return datetime.combine(today() + (local.date() - utc.date()), local.time())


FIRST_YEAR, LAST_YEAR = 1990, 2060
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _changes() -> tuple[np.ndarray, np.ndarray]:
    """UTC minutes at which London's offset changes, and the offset in minutes from then on."""
    hour = timedelta(hours=1)
    moments, offsets = [], []
    moment = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    offset = _offset(moment)
    while moment.year <= LAST_YEAR:
        following = moment + timedelta(days=1)
        if _offset(following) != offset:
            while _offset(moment) == offset:
                moment += hour
            offset = _offset(moment)
            moments.append(_minutes(moment))
            offsets.append(offset)
        moment = following
    return np.array(moments, np.int64), np.array([0, *offsets], np.int64)


def _offset(moment: datetime) -> int:
    return int(moment.astimezone(LONDON).utcoffset().total_seconds()) // 60


def _minutes(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds()) // 60


def to_london(utc_minutes: np.ndarray) -> np.ndarray:
    """Minutes since 1970-01-01 00:00 on London's clock, from minutes since then in UTC."""
    moments, offsets = _changes()
    return utc_minutes + offsets[np.searchsorted(moments, utc_minutes, side="right")]


def is_skipped(local_hours: np.ndarray) -> np.ndarray:
    """Mask of the hours since 1970-01-01 00:00 that London's clock skipped when it was put forward."""
    moments, offsets = _changes()
    # The clock goes from the old offset to the new one: the hour that begins at the old local time is left out.
    forward = offsets[1:] > offsets[:-1]
    skipped = (moments[forward] + offsets[:-1][forward]) // 60
    return np.isin(local_hours, skipped)
