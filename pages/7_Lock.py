import io

import streamlit as st

from analysis.records.retention_words import say_clock_doubt, say_deletion
from analysis.words import day_in_words
from data import clock
from data.errors import InputError
from data.keeping.backup import Contents, backup, inspect_backup, restore
from data.keeping.opening import PASSPHRASE_VARIABLE, unlock_store
from data.log.retention import (
    NOTICE_DAYS,
    delete_too_old,
    doubt_clock,
    give_notice,
    is_day_plausible,
    what_is_too_old,
)
from data.store.settings import BOUNDS
from data.store.store import Store
from data.store.wipe import NOT_PROMISED, WIPE_WORD, wipe
from pages.shared.door.access import by_keepers
from pages.shared.door.idle import idle_lock
from pages.shared.door.passphrase import attempt, check_twice, draw_passphrase_form, draw_suggestion, hint
from pages.shared.door.told import draw_told, say_at
from pages.shared.door.unlock import (
    deleted_today,
    draw_new_passphrase_form,
    draw_notice,
    forget_session,
    say_today,
    set_passphrase,
)
from pages.shared.frame.page import page
from pages.shared.plain import plain

LOCK, BACKUP, RESTORE, SETTINGS, DELETE, WIPE = "lock", "backup", "restore", "settings", "delete", "wipe"
MADE = "backup-made"
LOOKED_INTO = "backup-looked-into"
UPLOAD = "backup-upload"
ZIP = "application/zip"
LABELS = {
    "hidden_days": "Days before one of the group's own records shows",
    "retention_years": "Years that the group's own records are kept",
    "idle_minutes": "Minutes without use before the records lock",
}


def main() -> None:
    """Draw the page."""
    with page("Lock, back up, delete") as frame:
        if not frame.role.may_keep:
            st.write("Only a keeper of the records can lock them, back them up or delete them.")
            return
        store = frame.store
        # By these names the style keeps the answer to the last section in sight, and all controls large enough for a thumb.
        with st.container(key="told"):
            draw_told(WIPE)
        with st.container(key="lock-page"):
            _draw_lock(store)
            _draw_backup(store)
            _draw_restore(store)
            _draw_settings(store)
            _draw_retention(store)
            _draw_wipe(store)


def _draw_lock(store: Store) -> None:
    st.subheader("Lock", anchor=False)
    draw_told(LOCK)
    if not store.is_encrypted:
        st.write("The records are **not locked**: anyone who takes this machine can read them.")
        with st.expander("Set a passphrase"):
            draw_new_passphrase_form(store, LOCK)
        return
    st.write(f"The records are **encrypted** with a passphrase. {_say_when_it_locks(store)}")
    st.button("Lock now", key="lock-now-here", on_click=by_keepers(idle_lock(store).lock), type="primary")
    with st.expander("Change the passphrase"):
        st.caption(hint())
        draw_suggestion(LOCK)
        draw_passphrase_form(
            "change",
            {
                "present": "Present passphrase",
                "first": "New passphrase",
                "second": "The new one once more",
            },
            "Change the passphrase",
            lambda present, first, second: _change(store, present, first, second),
            border=False,
        )
        draw_told("change")
    with st.expander("Remove the passphrase"):
        st.caption(
            "The records are then written to the disk as they are: anyone who takes this machine can read them."
        )
        draw_passphrase_form(
            "remove",
            {"present": "Present passphrase"},
            "Remove the passphrase",
            lambda present: _remove(store, present),
            border=False,
        )
        draw_told("remove")


def _say_when_it_locks(store: Store) -> str:
    minutes = store.settings().idle_minutes
    if idle_lock(store).was_typed:
        return f"They lock by themselves when nobody who may log raids has used any page for {minutes} minutes, and at once with “Lock now”."
    return (
        f"The passphrase was given by {PASSPHRASE_VARIABLE} when the dashboard was started, so they do not lock by themselves; "
        "“Lock now” locks them until it is typed."
    )


def _change(store: Store, present: str, first: str, second: str) -> str:
    check_twice(first, second)
    Store(store.path).unlock(present)
    set_passphrase(store, first, second)
    return (
        "The passphrase is changed. Backups made before still open with the one before. Where "
        f"{PASSPHRASE_VARIABLE} is set, change it too."
    )


def _remove(store: Store, present: str) -> str:
    Store(store.path).unlock(present)
    store.change_passphrase(None)
    idle_lock(store).was_typed = False
    # Not under the form, which goes with the passphrase.
    say_at(
        LOCK,
        "The passphrase is removed: the records are no longer encrypted. Where "
        f"{PASSPHRASE_VARIABLE} is set, unset it, or the next start encrypts them again.",
    )
    return ""


def _draw_backup(store: Store) -> None:
    st.subheader("Back up", anchor=False)
    st.write(
        "One encrypted file with everything in it, read back and compared before you get it. Keep it on another machine or a "
        "stick, and its passphrase somewhere else."
    )
    if store.is_encrypted:
        st.caption("It opens with the passphrase the records have now.")
        st.download_button(
            "Download a backup",
            lambda: _backup(store),
            _backup_name(),
            ZIP,
            key="backup-download",
            on_click="ignore",
        )
        return
    st.caption("The records have no passphrase, so the backup needs one of its own. " + hint())
    draw_passphrase_form(
        BACKUP,
        {"first": "Passphrase of the backup", "second": "The same once more"},
        "Make a backup",
        lambda first, second: _make_backup(store, first, second),
    )
    draw_told(BACKUP)
    if MADE in st.session_state:
        made = st.session_state.pop(MADE)
        st.download_button("Save the backup", made, _backup_name(), ZIP, type="primary", on_click="ignore")


def _backup(store: Store, passphrase: str | None = None) -> bytes:
    written = io.BytesIO()
    backup(store, written, passphrase)
    return written.getvalue()


def _make_backup(store: Store, first: str, second: str) -> str:
    st.session_state[MADE] = _backup(store, check_twice(first, second))
    return "The backup is made and was read back. Save it now: it is kept nowhere."


def _backup_name() -> str:
    return f"records-backup_{clock.today():%Y-%m-%d}.zip"


def _draw_restore(store: Store) -> None:
    st.subheader("Restore a backup", anchor=False)
    draw_told(RESTORE)
    upload = st.file_uploader("Backup", ["zip"], key=UPLOAD)
    if upload is None:
        return
    draw_passphrase_form(
        "look",
        {"passphrase": "Passphrase of the backup"},
        "Look inside",
        lambda passphrase: _look_into(store, upload, passphrase),
    )
    draw_told("look")
    looked_into = st.session_state.get(LOOKED_INTO)
    if looked_into is None or looked_into[0] != upload.file_id:
        return
    st.write(plain(_say_contents(looked_into[1])))
    st.warning(
        "All that is in the database now is replaced, with everything entered since that backup. Make a backup of it first, above. "
        "Its passphrase, typed once more, confirms."
    )
    draw_passphrase_form(
        RESTORE,
        {"passphrase": "Passphrase of the backup, once more"},
        "Replace what is here with the backup",
        lambda passphrase: _restore(store, upload, passphrase),
    )


def _look_into(store: Store, upload, passphrase: str) -> str:
    st.session_state.pop(LOOKED_INTO, None)
    contents = inspect_backup(store.path, io.BytesIO(upload.getbuffer()), passphrase)
    st.session_state[LOOKED_INTO] = (upload.file_id, contents)
    return "The backup is whole."


def _say_contents(contents: Contents) -> str:
    span = (
        f" from {day_in_words(contents.first)} to {day_in_words(contents.last)}"
        if contents.first and contents.last
        else ""
    )
    return (
        f"It was made on {day_in_words(contents.made_at.date())} and holds {contents.incidents:,} recorded incidents{span}, and "
        f"{contents.counts:,} official figures. Records that are still too young to show are in it too, and not counted here."
    )


def _restore(store: Store, upload, passphrase: str) -> str:
    restore(store.path, io.BytesIO(upload.getbuffer()), passphrase)
    idle_lock(store).lock()
    st.session_state.pop(LOOKED_INTO, None)
    unlock_store(store, passphrase)
    idle_lock(store).typed()
    return "Restored. The records open with the backup's passphrase from now on."


def _draw_settings(store: Store) -> None:
    st.subheader("Settings", anchor=False)
    settings = store.settings()
    with st.form("settings"):
        for name, label in LABELS.items():
            low, high, _meaning = BOUNDS[name]
            st.number_input(label, low, high, getattr(settings, name), step=1, key=f"setting-{name}")
        st.form_submit_button("Save", on_click=attempt, args=(SETTINGS, _save, store))
    draw_told(SETTINGS)


def _save(store: Store) -> str:
    present = store.settings()
    for name in LABELS:
        value = st.session_state[f"setting-{name}"]
        if value != getattr(present, name):
            store.decide(name, value)
    return "Saved."


def _draw_retention(store: Store) -> None:
    st.subheader("Delete old records", anchor=False)
    draw_told(DELETE)
    too_old = what_is_too_old(store)
    st.write(
        f"Of the group's own records, those from before {day_in_words(too_old.before)} are too old. They are deleted {NOTICE_DAYS} days after "
        "a keeper was told of them, here or under Files, when the dashboard is opened. What becomes too old after that is told of in "
        "its turn. What came with the dashboard is public and stays, and so do official figures."
    )
    if (done := deleted_today(store)) is not None and not done.is_empty():
        st.write(f"Today went: {say_deletion(done)}.")
    if too_old.is_empty():
        st.write("Nothing is too old now.")
        return
    draw_notice(store)
    if too_old.needs_notice() and not is_day_plausible(store):
        st.button(
            f"The day is right: {say_today()}", on_click=attempt, args=(DELETE, _say_day_is_right, store)
        )
    st.write(f"Too old now: {say_deletion(too_old)}.")
    if doubt := doubt_clock(store):
        st.warning(plain(f"Nothing can be deleted here now. {say_clock_doubt(doubt)}"))
        return
    with st.popover("Delete them now"):
        st.write(
            "They are deleted, and the file is written anew without them. Only a backup brings them back."
        )
        st.button("Yes, delete them", on_click=attempt, args=(DELETE, _delete, store))


def _say_day_is_right(store: Store) -> str:
    return f"Then what is too old goes from {day_in_words(give_notice(store).due)} on, unless you keep records longer."


def _delete(store: Store) -> str:
    return f"Deleted: {say_deletion(delete_too_old(store))}."


def _draw_wipe(store: Store) -> None:
    st.subheader("Wipe everything", anchor=False)
    st.write(
        "Every record, import, group, walk and setting is overwritten and deleted, the key's salt first. Nothing brings them back "
        "but a backup."
    )
    for sentence in NOT_PROMISED:
        st.caption(plain(sentence))
    with st.form("wipe", border=True):
        st.text_input(f"Type {WIPE_WORD} to confirm", key="wipe-word", autocomplete="off")
        st.form_submit_button("Wipe everything", on_click=attempt, args=(WIPE, _wipe, store))


def _wipe(store: Store) -> str:
    if st.session_state.get("wipe-word", "").strip() != WIPE_WORD:
        raise InputError(f"Nothing was wiped: type {WIPE_WORD} in capital letters, then press the button.")
    idle_lock(store).lock()
    wipe(store.path)
    forget_session()
    st.cache_resource.clear()
    return "Wiped. What you see now is a new database, with what comes with the dashboard."


main()
