"""Single records as a terminal shows them, and the question before one is written or taken out."""

import sys
from contextlib import suppress

import typer

from analysis.records.record_words import record_in_words
from commands.tables import plain
from commands.terminal import out
from data.log.entry import place_in
from data.log.rows import code_of
from data.places.named import named

NOT_DONE = "Nothing was changed."


def confirm(question: str) -> bool:
    """Ask on the terminal itself: standard input may have been the message."""
    if sys.stdin.isatty():
        return typer.confirm(question)
    with suppress(OSError), open("/dev/tty") as terminal:
        out.print(f"{question} [y/N]: ", end="", markup=False)
        return terminal.readline().strip().lower() in ("y", "yes")
    return False


def print_record(record: dict) -> None:
    """One line: its code, all that is kept in words, and whether it was checked."""
    words = record_in_words(record, named(place_in(record)).label)
    out.print(
        f"{code_of(record['incident_id'])}: {words} ({record['review']}, confidence {record['confidence']})",
        markup=False,
    )


def record_as_json(record: dict) -> dict:
    """A record for a program: its code, and its columns as JSON knows them."""
    return {
        "code": code_of(record["incident_id"]),
        **{
            name: value.isoformat() if hasattr(value, "isoformat") else plain(value)
            for name, value in record.items()
        },
    }
