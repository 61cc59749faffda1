"""`groups`: local groups and the areas they cover."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.words import counted
from commands.tables import print_rows
from commands.terminal import AsJson, open_store_asking, out
from data.organising.groups import import_groups, list_groups

app = typer.Typer(no_args_is_help=True, help="Local groups and the areas they cover.")


@app.command("import")
def import_command(
    file: Annotated[
        Path,
        typer.Argument(
            help="A table with a column 'kind' and a column 'area'; a column of names is left out."
        ),
    ],
) -> None:
    """Import groups: the kind and the areas of each. One that is there already stays as it is."""
    found = import_groups(open_store_asking(), file)
    out.print(f"Imported: {counted(len(found.covers), 'area')} with a group.")
    for note in found.notes:
        out.print(note)


@app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """Every group with the areas it covers."""
    print_rows(list_groups(open_store_asking()), ["name", "area_name", "area_level"], [], as_json)
