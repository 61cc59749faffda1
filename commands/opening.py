"""The store as a command opens it: a terminal is asked for its passphrase."""

import sys
from getpass import getpass

from data.errors import InputError
from data.keeping.opening import PASSPHRASE_VARIABLE, open_store, unlock_store
from data.store.store import Store


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
