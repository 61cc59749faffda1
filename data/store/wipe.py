"""Wiping: the store and all that belongs to it is overwritten and deleted."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from data.errors import InputError
from data.store.engine import salt_path
from data.store.store import files_of, lock_path, writers_lock

PIECE_BYTES = 1_048_576
WIPE_WORD = "WIPE"  # what a person types to confirm
# What nobody should believe otherwise.
NOT_PROMISED = (
    "Backups and exports that were saved elsewhere are not touched.",
    "A solid-state disk, a memory stick or a file system that keeps copies may hold on to what was overwritten. If the "
    "database had a passphrase, that is of no use to anyone, since the salt of its key is gone. If it had none, only "
    "destroying the disk, or its own encryption, helps.",
)


def wipe(path: Path) -> int:
    """
    Overwrite and delete everything that belongs to the store at `path`; returns how many files there were.

    The salt goes first: without it no passphrase makes the key again, whatever becomes of the rest.

    Raises
    ------
    InputError
        There is nothing, an import is going on, or a file cannot be deleted.
    """
    if not any(file.is_file() for file in files_of(path) if file != lock_path(path)):
        raise InputError("There is no database to wipe.")
    with writers_lock(path):
        salts = [file for file in files_of(path) if file == salt_path(path)]
        others = [file for file in files_of(path) if file not in (*salts, lock_path(path))]
        try:
            wiped = sum(_destroy(file) for file in (*salts, *others))
            _flush_folder(path.parent)
        except OSError:
            raise InputError(
                "Not everything could be wiped: a file of the database cannot be written or deleted. Look at who may write to "
                "its folder, then wipe again."
            ) from None
    with suppress(OSError):
        lock_path(path).unlink(missing_ok=True)
    return wiped


def _destroy(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        wiped = sum(_destroy(inside) for inside in path.iterdir())
        shutil.rmtree(path)
        return wiped
    if path.is_file() and not path.is_symlink():
        _overwrite(path)
    path.unlink(missing_ok=True)
    return 1


def _overwrite(path: Path) -> None:
    """Random bytes in place of every byte, on the disk before the file goes."""
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            file.write(secrets.token_bytes(min(left, PIECE_BYTES)))
            left -= PIECE_BYTES
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    # Windows knows no such thing.
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
