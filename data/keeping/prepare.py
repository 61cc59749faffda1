"""Set-up that is done once, before the first page: the postcode reference and the store. `python -m data.prepare`."""

import sys

from rich.progress import Progress

from data.errors import InputError
from data.geography.reference import ensure_reference
from data.keeping.opening import open_store
from data.store.store import database_path


def main() -> None:
    """Build the postcode reference and the store where they are not there yet, with a progress bar."""
    with Progress(transient=True) as bar:
        task = bar.add_task("Preparing London's postcodes", total=2)
        ensure_reference()
        bar.update(task, description="Preparing the database", completed=1)
        open_store()
        bar.update(task, completed=2)
    print(f"Ready. The database is {database_path().name}; it stays on this machine.")


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
