"""The clock of the house: days and times in UTC as the store has them, without their zone, and London's own time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

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
