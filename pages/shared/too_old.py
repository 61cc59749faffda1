"""What keepers are told of records that are too old: how many, when they go by themselves, and how to keep them."""

import streamlit as st

from analysis.words import day_in_words
from data.errors import InputError
from data.retention import (
    CLOCK_DAYS,
    Deletion,
    Notice,
    give_notice,
    is_day_plausible,
    read_notice,
    what_is_too_old,
)
from data.settings import read_settings
from data.store import Store, today


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
        st.warning(_say_notice(notice, read_settings(store).retention_years))


def say_deletion(deletion: Deletion) -> str:
    """What is deleted, in numbers."""
    parts = {
        ("record", "records"): deletion.incidents,
        ("row of the trail of changes", "rows of the trail of changes"): deletion.changes,
        ("import of which nothing is left", "imports of which nothing is left"): deletion.imports,
        ("entry of initials on walks", "entries of initials on walks"): deletion.initials,
    }
    return (
        ", ".join(f"{number:,} {words[number != 1]}" for words, number in parts.items() if number)
        or "nothing"
    )


def say_today() -> str:
    """The day as the machine has it."""
    return day_in_words(today())


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
