"""`sources`: where the data come from, and fetching the public ones."""

from typing import Annotated

import typer

from commands.terminal import AsJson, out, print_json
from data.imports import sources

app = typer.Typer(no_args_is_help=True, help="Where the data come from.")


@app.command("list")
def sources_list(as_json: AsJson = False) -> None:
    """The data that come with the dashboard and those that can be fetched, with licence and date."""
    listed = [source.as_dict() for source in sources.list_sources()]
    if as_json:
        print_json(listed)
        return
    for source in listed:
        out.print(source["name"], style="bold", end="")
        out.print(f": {source['title']}. {source['source']}. {source['licence']}.")


@app.command("get")
def sources_get(
    name: Annotated[str, typer.Argument(help="A name that `sources list` shows as fetched.")],
) -> None:
    """Fetch public files from where they are published, checked by SHA-256."""
    for path in sources.get(name):
        out.print(str(path))
