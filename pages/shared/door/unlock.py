"""The lock on every page: the form that asks for the passphrase, locking by itself, and the offer of a passphrase."""

from datetime import date

import streamlit as st

from analysis.records.retention_words import say_deletion
from analysis.words import day_in_words
from data import clock
from data.errors import InputError
from data.keeping.opening import unlock_store
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
from pages.shared.door.access import by_keepers
from pages.shared.door.idle import CHECK_SECONDS, forget_answers, idle_lock
from pages.shared.door.passphrase import attempt, check_twice, draw_passphrase_form, draw_suggestion, hint
from pages.shared.door.roles import Role
from pages.shared.door.told import draw_told, key_of

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


UNLOCK = "unlock"
OFFER = "offer"
OFFERED = "passphrase-offered"


def ensure_open(store: Store, role: Role) -> None:
    """
    Go on if the store is open, and see that it locks again; otherwise stop the page.

    Keepers alone are asked for the passphrase and may lock at once; who only looks does not put the lock off.
    """
    if not store.path.exists():
        # Another program wiped or moved it. The next look at a page begins a new one.
        forget_answers()
        st.cache_resource.clear()
        raise InputError(
            "The database is no longer there: it was wiped or moved. Reload the page to start a new one."
        )
    if store.is_encrypted:
        if idle_lock(store).lock_if_idle():
            _draw_locked(store, role)
            st.stop()
        if role.may_record:
            idle_lock(store).used()
        if role.may_keep:
            st.sidebar.button(
                "Lock now", key="lock-now", on_click=by_keepers(idle_lock(store).lock), width="stretch"
            )
        _go_blank_when_locked(store)
    delete_too_old_once_a_day(store)


def set_passphrase(store: Store, first: str, second: str) -> str:
    """Encrypt a store under a passphrase typed twice, and say so; it locks by itself from now on."""
    store.change_passphrase(check_twice(first, second))
    forget_answers()
    idle_lock(store).typed()
    return "The records are encrypted. They open with this passphrase from now on."


def forget_session() -> None:
    """Let go of every answer, and of whatever this person had on the screen, in a form or in an upload."""
    forget_answers()
    for key in list(st.session_state):
        # Why the passphrase just typed did not open them is still to be said.
        if not str(key).startswith("passphrase-") and key != key_of(UNLOCK):
            del st.session_state[key]


def draw_new_passphrase_form(store: Store, name: str, is_main: bool = False) -> None:
    """The form that encrypts a store without a passphrase; `name` and `is_main` as in `draw_passphrase_form`."""
    st.caption(hint())
    draw_suggestion(name)
    draw_passphrase_form(
        name,
        {"first": "Passphrase", "second": "The same once more"},
        "Lock the records",
        lambda first, second: set_passphrase(store, first, second),
        is_main=is_main,
        border=False,
    )


def offer_passphrase(store: Store) -> None:
    """Offer a passphrase, once a session, while the store has none and nobody has declined one."""
    if store.is_encrypted or OFFERED in st.session_state or store.settings().passphrase_declined:
        return
    st.session_state[OFFERED] = True
    _draw_offer(store)


@st.dialog("Lock the records with a passphrase?", width="medium")
def _draw_offer(store: Store) -> None:
    if draw_told(OFFER):
        st.rerun()
    st.write("With a passphrase, whoever takes this machine cannot read the records.")
    draw_new_passphrase_form(store, OFFER, is_main=True)
    st.button(
        "Not now: anyone who takes this machine can read the records",
        on_click=attempt,
        args=(OFFER, _decline, store),
        type="tertiary",
    )


def _decline(store: Store) -> str:
    store.decide("passphrase_declined", 1)
    return "Not locked. The Lock page sets a passphrase at any time."


def _draw_locked(store: Store, role: Role) -> None:
    forget_session()
    # By this name the style keeps an open side bar from lying over it on a phone.
    with st.container(key="locked"):
        st.title("Locked", anchor=False)
        if not role.may_keep:
            st.write("Ask a keeper of your group to open the records.")
            return
        st.write("Type the passphrase to open the records.")
        draw_passphrase_form(
            UNLOCK,
            {"passphrase": "Passphrase"},
            "Unlock",
            lambda passphrase: _unlock(store, passphrase),
            is_main=True,
            width=420,
        )
        draw_told(UNLOCK)
        st.caption("Nobody can open them without it. A backup opens with the passphrase it was made with.")


def _unlock(store: Store, passphrase: str) -> str:
    unlock_store(store, passphrase)
    idle_lock(store).typed()
    return ""


@st.fragment(run_every=CHECK_SECONDS)
def _go_blank_when_locked(store: Store) -> None:
    # Runs by itself, which is no use of the page: only a page that is run anew counts as one.
    if idle_lock(store).lock_if_idle():
        st.rerun()
