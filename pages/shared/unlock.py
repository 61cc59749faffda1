"""The page that asks for the passphrase of a locked store."""

from data.store import Store


def ensure_open(store: Store) -> None:
    """Go on if the store is open; otherwise ask for its passphrase and stop the page."""
