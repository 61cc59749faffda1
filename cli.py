"""The same work without a browser: import files, ask the records, plan leaflet walks."""

import sys

import typer

from commands import groups, incidents, leaflets, lock, log, questions, records, serve, sources
from commands.shared import err
from data.errors import InputError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(records.app)
app.add_typer(log.app)
app.add_typer(incidents.app, name="incidents")
app.add_typer(serve.app)
app.add_typer(questions.app, name="query")
app.add_typer(groups.app, name="groups")
app.add_typer(leaflets.app)
app.add_typer(leaflets.walks, name="walks")
app.add_typer(sources.app, name="sources")
app.add_typer(lock.app)
app.add_typer(lock.lock, name="lock")
app.add_typer(lock.settings, name="settings")


def main() -> None:
    """Run a command; a wrong input is one sentence and exit status 1."""
    try:
        app()
    except InputError as error:
        err.print(str(error), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
