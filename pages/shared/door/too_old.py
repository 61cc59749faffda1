"""Records that are too old: what keepers are told of them, and the look once a day that deletes those that are due."""

from datetime import date

import streamlit as st

from analysis.records.retention_words import say_deletion
from analysis.words import day_in_words
from data import clock
from data.errors import InputError
from data.log.retention import (
    CLOCK_DAYS,
    Deletion,
    Notice,
    delete_when_due,
    give_notice,
    is_day_plausible,
    read_notice,
    what_is_too_old,
)
from data.store.store import Store

# The day on which this process last looked for records that are too old, and what it then deleted.
_looked_for_old: dict[str, tuple[date, Deletion | None]] = {}


def draw_notice(store: Store) -> None:
    """Tell a keeper what is too old; the days until it goes by itself run from the first time. Only for keepers."""
    too_old = what_is_too_old(store)
    if not too_old.needs_notice():
        return
    if not is_day_plausible(store):
        st.warning(_say_doubt(too_old))
        return
    notice = read_notice(store)
    if notice is None:
        try:
            notice = give_notice(store)
        except InputError:
            # Somebody else is writing. Who was not told counts as not told: the next look tells.
            return
    if notice.told.needs_notice():
        st.warning(_say_notice(notice, store.settings().retention_years))


def deleted_today(store: Store) -> Deletion | None:
    """What was deleted for its age when this process last looked; None if it could not."""
    return _looked_for_old.get(str(store.path), (None, None))[1]


def delete_too_old_once_a_day(store: Store) -> None:
    """Delete what is due for its age, at the first look of a day at any page."""
    name, now = str(store.path), clock.today()
    if _looked_for_old.get(name, (None, None))[0] == now:
        return
    # Noted first: where it cannot be done now, the pages go on, and tomorrow is soon enough.
    _looked_for_old[name] = (now, None)
    try:
        _looked_for_old[name] = (now, delete_when_due(store))
    except InputError:
        return


def say_today() -> str:
    """The day as the machine has it."""
    return day_in_words(clock.today())


def _say_notice(notice: Notice, years: int) -> str:
    return (
        f"Older than {years} {'year' if years == 1 else 'years'} on {day_in_words(notice.told_on)}: {say_deletion(notice.told)}. "
        f"This will be deleted on {day_in_words(notice.due)}, unless you keep records longer: the Lock page sets for how many years."
    )


def _say_doubt(too_old: Deletion) -> str:
    return (
        f"By this machine's clock today is {say_today()}, more than {CLOCK_DAYS} days after anything was entered. If that is right, "
        f"this is too old: {say_deletion(too_old)}. Nothing is deleted by itself until a keeper says on the Lock page that the day is "
        "right. If it is wrong, set the clock."
    )
