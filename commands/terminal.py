"""How every command speaks: sentences and tables on a terminal, JSON for a program, and a passphrase asked for."""

import json
import re
import sys
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, ConsoleDimensions
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from data.store.lake import Lake
    from data.store.store import Store

# As wide as a line may be where nobody's screen ends it: in a file, or on its way to another program.
_WIDE = 1_000
# Letters that a terminal obeys instead of showing; a line end and a tab are none of them.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Terminal(Console):
    """Where sentences and tables are printed: a text is shown as it is, whatever marks or commands to a terminal it holds."""

    def __init__(self, **looks):
        super().__init__(soft_wrap=True, highlight=False, markup=False, emoji=False, **looks)

    @property  # type: ignore[misc]  # nobody sets it
    def size(self) -> ConsoleDimensions:
        """Of the terminal; no table is narrowed to a screen that is not there."""
        found = super().size
        return found if self.is_terminal else ConsoleDimensions(_WIDE, found.height)

    def print(self, *objects, **how) -> None:
        """Print; a table too wide for the screen breaks its cells over lines, where it would lose what is beyond."""
        tables = [each for each in objects if isinstance(each, Table)]
        for column in (column for table in tables for column in table.columns):
            column.overflow = "fold"
        if tables:
            how["soft_wrap"] = False
        super().print(*objects, **how)

    def render_str(self, text: str, **looks) -> Text:
        """A text of anybody's as a terminal may have it; rich asks for it with every sentence and cell."""
        return super().render_str(without_commands(text), **looks)


def without_commands(text: str) -> str:
    """The text without letters that a terminal obeys, such as those that clear it or set its title."""
    return _OBEYED.sub("", text)


out = Terminal()
err = Terminal(stderr=True)


def print_lines(lines: list[str]) -> None:
    """Sentences, one to a line."""
    for line in dict.fromkeys(lines):
        out.print(line, markup=False)


def print_json(value) -> None:
    """JSON on standard output, and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def open_records_asking() -> "Store | Lake":
    """What is to be asked: a lake, or the store as `open_store_asking` opens it."""
    from data.keeping.opening import open_records

    records = open_records()
    return records if not records.is_locked else open_store_asking()


def open_store_asking() -> "Store":
    """
    The store, open; a terminal is asked for the passphrase of a locked one.

    Raises
    ------
    InputError
        The passphrase is wrong, or there is no terminal to ask; or the file is not a store of this dashboard.
    """
    # Every command speaks, --help too; only some open a store.
    from data.errors import InputError
    from data.keeping.opening import PASSPHRASE_VARIABLE, open_store, unlock_store

    store = open_store()
    if store.is_locked:
        if not sys.stdin.isatty():
            raise InputError(
                f"The database is locked. Set {PASSPHRASE_VARIABLE}, or run the command in a terminal, which asks for the "
                "passphrase."
            )
        unlock_store(store, getpass("Passphrase: "))
    return store
