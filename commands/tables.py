"""Tables as a command prints them: for a person, as JSON, or as CSV."""

import re
import sys
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.table import Column, Table

from analysis.export import to_csv
from commands.terminal import out, print_json, print_lines

# A day, with an hour or without; of a part of it nobody can tell the rest.
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?([ T]\d{2}:\d{2})?")

AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


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
