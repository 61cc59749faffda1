"""Typing a passphrase on a page: read once, then gone from the session."""

import threading
from collections.abc import Callable

import streamlit as st
from xkcdpass import xkcd_password

from data.errors import InputError
from data.store.keys import FEWEST_CHARACTERS
from pages.shared.door.access import by_keepers
from pages.shared.door.told import telling

WORDS_SUGGESTED = 6
MOST_CHARACTERS = 1_000
# Each guess takes some 128 MB; one at a time, however many people type.
ONE_AT_A_TIME = threading.Lock()


def suggest_passphrase() -> str:
    """Six words drawn by the system's random numbers from the EFF's 7,776: more than 10^23 possibilities."""
    # The list holds words of three to nine letters; all of them count.
    words = xkcd_password.generate_wordlist(wordfile="eff-long", min_length=3, max_length=9)
    return xkcd_password.generate_xkcdpassword(words, numwords=WORDS_SUGGESTED, delimiter=" ")


def draw_passphrase_form(
    name: str, fields: dict[str, str], button: str, then: Callable[..., str], is_main: bool = False, **looks
) -> None:
    """
    A form of passphrase fields.

    Parameters
    ----------
    name
        Of the form; `draw_told` says under it what came of it.
    fields
        Name of each field -> its label.
    then
        Called with what was typed, by the fields' names; returns the sentence that says what was done, or "". An
        `InputError` of it is told instead.
    is_main
        Whether this is what the page is for.
    """
    with st.form(f"form-{name}", clear_on_submit=True, **looks):
        for field, label in fields.items():
            st.text_input(label, type="password", key=_key(name, field), max_chars=MOST_CHARACTERS)
        st.form_submit_button(
            button,
            on_click=_take,
            args=(name, tuple(fields), then),
            type="primary" if is_main else "secondary",
        )


def check_twice(first: str, second: str) -> str:
    """The passphrase that was typed twice; InputError if the two differ."""
    if first != second:
        raise InputError("The two are not the same. Type the new passphrase once more, twice.")
    return first


@by_keepers
def attempt(name: str, work: Callable[..., str], *args, **named) -> None:
    """Do something that keepers may do in a callback, and keep the sentence of it, or of why not, for `draw_told`."""
    with telling(name) as say:
        if done := work(*args, **named):
            say(done)


def hint() -> str:
    """What makes a passphrase a good one."""
    return (
        f"At least {FEWEST_CHARACTERS} characters. Six random words are best. Write it on paper and keep that away from this "
        "machine: nobody can open the records without it, and nobody can find it out for you."
    )


def draw_suggestion(name: str) -> None:
    """A button that shows six words, once; they are kept nowhere."""
    if st.button("Suggest six random words", key=f"suggest-{name}"):
        st.code(suggest_passphrase(), language=None, wrap_lines=True)
        st.caption("Shown once and kept nowhere. Write them down before you type them.")


def _take(name: str, fields: tuple[str, ...], then: Callable[..., str]) -> None:
    typed = {field: st.session_state.pop(_key(name, field), "") for field in fields}
    with ONE_AT_A_TIME:
        attempt(name, then, **typed)


def _key(name: str, field: str) -> str:
    return f"passphrase-{name}-{field}"
