"""`export`: what the store shows, as files for others."""

from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import open_store_asking, out
from data.store.lake import write_lake


def export(
    lake: Annotated[
        Path, typer.Option(help="The folder of the lake; each store writes a folder of its own into it.")
    ],
) -> None:
    """Write the records that show into a lake of Parquet files, in place of what this database wrote there before."""
    store = open_store_asking()
    with out.status("Writing the lake …") as status:
        own = write_lake(store, lake, lambda table: status.update(f"Writing {table.replace('_', ' ')} …"))
    out.print(f"Written to {own}. Ask it with: python cli.py --database {lake} query where")
