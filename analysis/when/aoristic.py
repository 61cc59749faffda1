"""A start known only as a span of time, shared out evenly over the real hours of the span (aoristic analysis)."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from data.clock import to_london

DAYS, HOURS = 7, 24
# 1970-01-01 00:00 was a Thursday: this many hours into a week that begins on Monday.
HOURS_BEFORE_1970 = 72


def spread(earliest: ArrayLike, latest: ArrayLike, n: ArrayLike) -> np.ndarray:
    """
    Incidents by weekday and hour, each with a weight of 1 in all.

    Parameters
    ----------
    earliest, latest
        First and last hour in which each may have started, both included, on London's clock (`datetime64`).
    n
        How many incidents have that span.

    Returns
    -------
    weights
        Shape (7, 24): Monday first, from 00:00. Sums to `n`'s sum.

    Notes
    -----
    Every hour that really passed has the same weight, so in the night when the clock goes back 01:00 counts twice, and in
    the night when it goes forward it does not count. A span of more than a week wraps. Ratcliffe, *Aoristic
    signatures and the spatio-temporal analysis of high volume crime patterns*, Journal of Quantitative Criminology 18 (2002).

    >>> spread(["2022-06-11T08"], ["2022-06-11T15"], [1])[5, 8:16]
    array([0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125])
    """
    rows, cells, weights = _hours(earliest, latest)
    counted = np.bincount(cells, weights=weights * np.asarray(n)[rows], minlength=DAYS * HOURS)
    return counted.reshape(DAYS, HOURS)


def shares(earliest: ArrayLike, latest: ArrayLike) -> np.ndarray:
    """As `spread`, but of each span by itself: shape (spans, 7, 24), each span sums to 1."""
    rows, cells, weights = _hours(earliest, latest)
    shape = len(earliest), DAYS, HOURS
    flat = np.bincount(rows * DAYS * HOURS + cells, weights=weights, minlength=int(np.prod(shape)))
    return flat.reshape(shape)


def clock_changes(first: date, last: date) -> list[date]:
    """The days from `first` to `last` in whose night London's clock is put forward or back."""
    hours = np.arange(*_as_hours([first, last + timedelta(days=1)]))
    local = _to_local(hours)
    return local[1:][np.diff(local) != 1].astype("datetime64[h]").astype("datetime64[D]").tolist()


def _hours(earliest: ArrayLike, latest: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every hour of every span: the span's position, the hour of the week from 0, and its weight."""
    first_local, last_local = _as_hours(earliest), _as_hours(latest)
    first, passing = _elapsed(first_local, last_local)
    # A known hour is counted as it is written, also one that the clock skipped or showed twice.
    is_known = first_local == last_local
    counts = np.where(is_known, 1, passing)
    rows = np.repeat(np.arange(len(counts)), counts)
    steps = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    local = np.where(is_known[rows], first_local[rows], _to_local(first[rows] + steps))
    return rows, (local + HOURS_BEFORE_1970) % (DAYS * HOURS), 1 / counts[rows]


def _elapsed(first_local: np.ndarray, last_local: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The hour of UTC in which each span begins, and how many hours it takes."""
    if not len(first_local):
        return first_local, first_local
    # London is never more than an hour ahead of UTC.
    axis = np.arange(first_local.min() - 2, last_local.max() + 2)
    # On London's clock hours never run backwards: one is skipped in spring and one stands twice in autumn.
    local = _to_local(axis)
    begin = np.searchsorted(local, first_local, side="left")
    end = np.searchsorted(local, last_local, side="right")
    return axis[begin], end - begin


def _to_local(utc_hours: np.ndarray) -> np.ndarray:
    return to_london(utc_hours * 60) // 60


def _as_hours(moments: ArrayLike) -> np.ndarray:
    return np.asarray(moments, dtype="datetime64[h]").astype(np.int64)
