"""The same work without a browser: import files, ask the records, plan leaflet walks."""

import os
import sys
from typing import Annotated

import typer

from commands.terminal import err
from commands.tree import Waiting, group_of
from data.errors import InputError, file_error

WAITING = {
    "import": Waiting(
        "commands.importing:import_command",
        "Import incidents or official counts, told apart by their content.",
    ),
    "undo": Waiting(
        "commands.importing:undo", "Take back an import as a whole: the last one, or the one named."
    ),
    "status": Waiting("commands.status:status", "What the database holds."),
    "log": Waiting("commands.log:log", "Log a raid. On a terminal what is not given is asked for."),
    "incidents": Waiting(
        "commands.incidents:app", "Look at, check, correct, merge and delete single records."
    ),
    "serve": Waiting(
        "commands.serve:serve",
        "Run the dashboard until it is stopped with Ctrl+C. deploy/README.md says how to serve it to others.",
    ),
    "query": Waiting("commands.query:app", "Ask the records a question."),
    "groups": Waiting("commands.groups:app", "Local groups and the areas they cover."),
    "plan": Waiting(
        "commands.leaflets:plan", "Plan leaflet walks: which places, who walks where, in which order."
    ),
    "walks": Waiting("commands.leaflets:walks", "Who has which walk, and what was done."),
    "export": Waiting(
        "commands.export:export",
        "Write the records that show into a lake of Parquet files, in place of what this database wrote there before.",
    ),
    "publish": Waiting(
        "commands.publishing:publish",
        "Make a fixed release that gives nobody away, and a website of it for any plain file server.",
    ),
    "package": Waiting(
        "commands.publishing:package",
        "Write what was published last as a data package: CSV files, and what stands in them (Frictionless).",
    ),
    "sources": Waiting("commands.sources:app", "Where the data come from."),
    "backup": Waiting("commands.lock:backup", "Write everything into one encrypted file, and read it back."),
    "restore": Waiting(
        "commands.lock:restore",
        "Put a backup in place of the database. It then opens with the backup's passphrase.",
    ),
    "retention": Waiting(
        "commands.lock:retention",
        "Delete the group's own records that are older than the years they are kept; says how many and asks first.",
    ),
    "wipe": Waiting(
        "commands.lock:wipe_command",
        "Overwrite and delete the database and everything that belongs to it.",
    ),
    "lock": Waiting("commands.lock:lock", "The passphrase of the database."),
    "settings": Waiting("commands.lock:settings", "What the group has decided on its database."),
}


def name_database(
    database: Annotated[
        str,
        typer.Option(help="A database, or a lake: a folder, local[2]:FOLDER or spark://HOST:PORT:FOLDER."),
    ] = "",
) -> None:
    """Have every command ask the database that is named, as RAIDS_DATABASE does."""
    if database:
        os.environ["RAIDS_DATABASE"] = database


app = group_of(WAITING, __doc__, name_database)


def main() -> None:
    """Run a command; a wrong input is one sentence and exit status 1."""
    try:
        app()
    except InputError as error:
        err.print(str(error), markup=False)
        sys.exit(1)
    except OSError as error:
        # A file that is missing, unreadable or in the way has a name; anything else is a fault of ours, to be seen as one.
        if error.filename is None:
            raise
        err.print(str(file_error(error)), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
