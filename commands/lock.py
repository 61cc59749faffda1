"""`lock`, `backup`, `restore`, `retention`, `settings` and `wipe`: who can read the store, and for how long it lasts."""

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from analysis.records.retention_words import say_clock_doubt, say_deletion
from analysis.words import counted
from commands.terminal import AsJson, open_store_asking, out, print_json
from data.errors import InputError
from data.keeping import backup as backups
from data.keeping.opening import PASSPHRASE_VARIABLE
from data.log.retention import Deletion, delete_too_old, doubt_clock, what_is_too_old
from data.store.settings import BOUNDS
from data.store.store import Store, database_path, files_of
from data.store.wipe import NOT_PROMISED, WIPE_WORD, wipe

NEW_PASSPHRASE_VARIABLE = "RAIDS_NEW_PASSPHRASE"

lock = typer.Typer(no_args_is_help=True, help="The passphrase of the database.")
settings = typer.Typer(no_args_is_help=True, help="What the group has decided on its database.")


@lock.command("set")
def set_command() -> None:
    """Encrypt the database with a passphrase."""
    store = open_store_asking()
    if store.is_encrypted:
        raise InputError("The database has a passphrase already. `lock change` gives it another.")
    store.change_passphrase(_new_passphrase())
    out.print("The database is encrypted. Nobody can open it without the passphrase.")


@lock.command("change")
def change_command() -> None:
    """Encrypt the database with another passphrase."""
    store = _encrypted_store()
    store.change_passphrase(_new_passphrase())
    out.print("The passphrase is changed. Backups made before open with the one before.")


@lock.command("remove")
def remove_command() -> None:
    """Write the database without encryption."""
    _encrypted_store().change_passphrase(None)
    out.print("The passphrase is removed: anyone who takes this machine can read the database.")
    if os.environ.get(PASSPHRASE_VARIABLE):
        out.print(f"Unset {PASSPHRASE_VARIABLE}, or the next command encrypts it again.")


def backup(file: Annotated[Path, typer.Argument(help="The backup to write.")]) -> None:
    """Write everything into one encrypted file, and read it back."""
    store = open_store_asking()
    if store.is_encrypted:
        backups.backup(store, file)
        out.print("Backed up and read back. It opens with the passphrase the database has now.")
        return
    out.print("The database has no passphrase, so the backup needs one of its own.")
    backups.backup(store, file, _new_passphrase())
    out.print("Backed up and read back.")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
) -> None:
    """Put a backup in place of the database. It then opens with the backup's passphrase."""
    path = database_path()
    passphrase = os.environ.get(PASSPHRASE_VARIABLE) or _asked(
        "Passphrase of the backup: ", PASSPHRASE_VARIABLE
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    held = backups.inspect_backup(path, file, passphrase)
    span = f", {held.first} to {held.last}" if held.first else ""
    out.print(f"The backup of {held.made_at:%Y-%m-%d} holds {counted(held.incidents, 'incident')}{span}.")
    if path.exists() and not is_sure:
        if not sys.stdin.isatty():
            raise InputError(
                "Nothing was restored: the backup replaces all that is in the database now. In a script, say --yes."
            )
        _refuse_unless(is_agreed("Replace what is in the database now?"), "Nothing was restored.")
    backups.restore(path, file, passphrase)
    out.print("Restored. It opens with the backup's passphrase.")


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
    is_clock_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Delete although the machine's day is hard to believe.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Delete the group's own records that are older than the years they are kept; says how many and asks first."""
    store = open_store_asking()
    deletion = what_is_too_old(store)
    if not dry_run and not deletion.is_empty():
        _ask_before_deletion(store, deletion, is_sure, is_clock_right)
        deletion = delete_too_old(store)
    if as_json:
        print_json(_as_dict(deletion))
        return
    done = "Would be deleted" if dry_run else "Deleted"
    out.print(f"{done}, from before {deletion.before}: {say_deletion(deletion)}.")


def _ask_before_deletion(store: Store, deletion: Deletion, is_sure: bool, is_clock_right: bool) -> None:
    doubt = doubt_clock(store)
    if doubt and not is_clock_right:
        raise InputError(
            f"Nothing was deleted. {say_clock_doubt(doubt)} If it is right, say --clock-is-right."
        )
    if is_sure:
        return
    if not sys.stdin.isatty():
        raise InputError(
            f"Nothing was deleted: {say_deletion(deletion)} would go for good. In a script, say --yes."
        )
    out.print(f"Too old, from before {deletion.before}: {say_deletion(deletion)}.")
    _refuse_unless(is_agreed("Delete them for good? Only a backup brings them back."), "Nothing was deleted.")


@settings.command("list")
def settings_list(as_json: AsJson = False) -> None:
    """Every setting with its value."""
    present = vars(open_store_asking().settings())
    if as_json:
        print_json(present)
        return
    for name, value in present.items():
        low, high, meaning = BOUNDS[name]
        out.print(f"{name}: {value} ({meaning}; {low} to {high})")


@settings.command("set")
def settings_set(
    name: Annotated[str, typer.Argument(help="As `settings list` shows it.")],
    value: Annotated[int, typer.Argument(help="A whole number.")],
) -> None:
    """Decide one setting."""
    open_store_asking().decide(name, value)
    out.print(f"{name}: {value}")


def wipe_command(
    is_sure: Annotated[bool, typer.Option("--yes-wipe-everything", help="Do not ask; for scripts.")] = False,
) -> None:
    """Overwrite and delete the database and everything that belongs to it."""
    path = database_path()
    if not is_sure:
        if not sys.stdin.isatty():
            raise InputError("Nothing was wiped. In a script, say --yes-wipe-everything.")
        out.print("These files are overwritten and deleted:")
        for file in files_of(path):
            out.print(f"  {file}", markup=False)
        _refuse_unless(typed_word() == WIPE_WORD, f"Nothing was wiped: {WIPE_WORD} was not typed.")
    wiped = wipe(path)
    out.print(f"Wiped: {counted(wiped, 'file')}.")
    for sentence in NOT_PROMISED:
        out.print(sentence, markup=False)


def is_agreed(question: str) -> bool:
    """Ask a person; the default is no."""
    return typer.confirm(question)


def typed_word() -> str:
    """What a person types to confirm a wipe."""
    return typer.prompt(f"Type {WIPE_WORD} to confirm", default="", show_default=False).strip()


def _refuse_unless(is_allowed: bool, sentence: str) -> None:
    if not is_allowed:
        raise InputError(sentence)


def _encrypted_store() -> Store:
    store = open_store_asking()
    if not store.is_encrypted:
        raise InputError("The database has no passphrase. `lock set` gives it one.")
    return store


def _new_passphrase() -> str:
    given = os.environ.get(NEW_PASSPHRASE_VARIABLE)
    if given:
        return given
    first = _asked("New passphrase: ", NEW_PASSPHRASE_VARIABLE)
    if getpass("The same once more: ") != first:
        raise InputError("The two are not the same. Nothing was changed.")
    return first


def _asked(prompt: str, variable: str) -> str:
    if not sys.stdin.isatty():
        raise InputError(
            f"A passphrase is needed. Set {variable}, or run the command in a terminal, which asks for it."
        )
    return getpass(prompt)


def _as_dict(deletion: Deletion) -> dict:
    days = {
        name: day and day.isoformat()
        for name, day in vars(deletion).items()
        if name in ("before", "first", "last")
    }
    return vars(deletion) | days
