"""What every command shares: options, filters from them, and how answers are printed."""

import calendar
import json
import re
import sys
from datetime import date
from enum import StrEnum
from getpass import getpass
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.console import Console, ConsoleDimensions
from rich.table import Column, Table
from rich.text import Text

from analysis.export import to_csv
from analysis.filters import Filters
from data.errors import InputError
from data.geography.locate import find_area
from data.keeping.opening import PASSPHRASE_VARIABLE, open_store, unlock_store
from data.schema import OUTCOMES, SETTINGS
from data.store.store import Store

# As wide as a line may be where nobody's screen ends it: in a file, or on its way to another program.
_WIDE = 1_000
# A day, with an hour or without; of a part of it nobody can tell the rest.
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?([ T]\d{2}:\d{2})?")
# Letters that a terminal obeys instead of showing; a line end and a tab are none of them.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Terminal(Console):
    """Where sentences and tables are printed: a text is shown as it is, whatever marks or commands to a terminal it holds."""

    def __init__(self, **looks):
        super().__init__(soft_wrap=True, highlight=False, markup=False, emoji=False, **looks)

    @property
    def size(self) -> ConsoleDimensions:
        """Of the terminal; no table is narrowed to a screen that is not there."""
        found = super().size
        return found if self.is_terminal else ConsoleDimensions(_WIDE, found.height)

    def print(self, *objects, **how) -> None:
        """Print; a table too wide for the screen breaks its cells over lines, where it would lose what is beyond."""
        tables = [each for each in objects if isinstance(each, Table)]
        for column in (column for table in tables for column in table.columns):
            column.overflow = "fold"
        super().print(*objects, **({"soft_wrap": False} if tables else {}), **how)

    def render_str(self, text: str, **looks) -> Text:
        """A text of anybody's as a terminal may have it; rich asks for it with every sentence and cell."""
        return super().render_str(without_commands(text), **looks)


def without_commands(text: str) -> str:
    """The text without letters that a terminal obeys, such as those that clear it or set its title."""
    return _OBEYED.sub("", text)


out = Terminal()
err = Terminal(stderr=True)


class Level(StrEnum):
    """The areas to count by."""

    borough = "borough"
    district = "district"
    locality = "locality"


class Source(StrEnum):
    """What to count: recorded incidents or official counts."""

    incidents = "incidents"
    counts = "counts"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
By = Annotated[Level, typer.Option(help="Areas to count by.")]
CountOf = Annotated[Source, typer.Option(help="Recorded incidents or official counts.")]
From = Annotated[str | None, typer.Option("--from", help="First day, such as 2022-06-11 or 2022.")]
To = Annotated[str | None, typer.Option("--to", help="Last day, such as 2022-06-11 or 2022.")]
Outcomes = Annotated[list[str] | None, typer.Option("--outcome", help="Only this outcome; may be repeated.")]
Settings = Annotated[list[str] | None, typer.Option("--setting", help="Only this setting; may be repeated.")]
Boroughs = Annotated[list[str] | None, typer.Option("--borough", help="Only this borough; may be repeated.")]


def open_store_asking() -> Store:
    """
    The store, open; a terminal is asked for the passphrase of a locked one.

    Raises
    ------
    InputError
        The passphrase is wrong, or there is no terminal to ask; or the file is not a store of this dashboard.
    """
    store = open_store()
    if store.is_locked:
        if not sys.stdin.isatty():
            raise InputError(
                f"The database is locked. Set {PASSPHRASE_VARIABLE}, or run the command in a terminal, which asks for the "
                "passphrase."
            )
        unlock_store(store, getpass("Passphrase: "))
    return store


def filters_from(
    date_from: str | None,
    date_to: str | None,
    outcome: list[str] | None,
    setting: list[str] | None,
    borough: list[str] | None,
) -> Filters:
    """The filters that options ask for; InputError where one is not understood."""
    return Filters(
        date_from=_day(date_from, "--from", last=False),
        date_to=_day(date_to, "--to", last=True),
        outcomes=_words(outcome, OUTCOMES, "--outcome"),
        settings=_words(setting, SETTINGS, "--setting"),
        boroughs=_borough_codes(borough),
    )


def plain(value):
    """A value of a table as JSON knows it: no NaN, whole numbers whole."""
    if value is None or isinstance(value, str):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    # Twelve digits: a rate of one in a million keeps its own, and 0.1 + 0.2 does not show its last.
    return int(value) if float(value).is_integer() else float(f"{value:.12g}")


def rows_of(table: pd.DataFrame) -> list[dict]:
    """A table as JSON: one object for each row."""
    return [{name: plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def print_rows(
    table: pd.DataFrame, shown: list[str], lines: list[str], as_json: bool = False, as_csv: bool = False
) -> None:
    """The whole table for a program; for a person the columns `shown`, and the sentences below."""
    if as_json:
        print_json(rows_of(table))
    elif as_csv:
        sys.stdout.write(to_csv(table))
    elif len(table):
        rows = [
            ["" if value is None else _short(value) for value in row.values()]
            for row in rows_of(table[shown])
        ]
        printed = Table(
            *(
                Column(name.replace("_", " "), no_wrap=any(_DAY.fullmatch(cell) for cell in cells))
                for name, cells in zip(shown, zip(*rows, strict=True), strict=True)
            )
        )
        for row in rows:
            printed.add_row(*row)
        out.print(printed)
        print_lines(lines)
    else:
        print_lines(lines)


def _short(value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def print_lines(lines: list[str]) -> None:
    """Sentences, one to a line."""
    for line in dict.fromkeys(lines):
        out.print(line, markup=False)


def print_json(value) -> None:
    """JSON on standard output, and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _day(text: str | None, option: str, last: bool) -> date | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text.strip())
    try:
        year, month, day = (int(part) if part else None for part in found.groups())
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except (AttributeError, ValueError, calendar.IllegalMonthError):
        raise InputError(f"{option} is not a date. Write it as 2022-06-11, 2022-06 or 2022.") from None


def _words(values: list[str] | None, allowed: tuple[str, ...], option: str) -> tuple[str, ...]:
    for value in values or []:
        if value not in allowed:
            raise InputError(f"{option} takes one of: {', '.join(allowed)}.")
    return tuple(values or [])


def _borough_codes(values: list[str] | None) -> tuple[str, ...]:
    found = [find_area(value) for value in values or ()]
    if any(area is None or area[0] != "borough" for area in found):
        raise InputError(
            "--borough names a place that is not a London borough. Write its name or its ONS code."
        )
    return tuple(code for _level, code in found)
