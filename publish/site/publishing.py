"""A release and its site put in place: all of it or nothing, and remembered beside the database."""

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

from data.errors import InputError
from data.store.store import Store
from publish.release import Release, audit, make_release, read_release
from publish.site.figures import public_figures
from publish.site.pages import RELEASE_FILE, site_files


def release_path(database: Path) -> Path:
    """Where the last release of a database is remembered; a wipe takes it along. It holds what is public."""
    return database.with_name(f"{database.name}.{RELEASE_FILE}")


def next_release(store: Store, folder: Path, today: date) -> Release:
    """
    The release that would be published into a folder, checked against the last one; nothing is written.

    Raises
    ------
    InputError
        The folder holds something else, or the last release cannot be carried on, or nothing safe can be made.
    """
    remembered = _read(release_path(store.path), store)
    there = _read(folder / RELEASE_FILE, store)
    if there is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "The folder is not empty and holds no release. Name a new folder, or the site's own."
        )
    last = max(
        filter(None, (remembered, there)), key=lambda release: release.manifest["number"], default=None
    )
    if remembered and there and not _belong_together(remembered, there):
        raise InputError(
            "The folder holds a release of another database. Publish this one into a folder of its own."
        )
    release = make_release(store.run, today, last)
    if audit(release):
        raise InputError(
            "Together with earlier releases this one would tell too much. Nothing was published."
        )
    return release


def last_release(store: Store) -> Release:
    """
    What was published last.

    Raises
    ------
    InputError
        Nothing was, or the file that remembers it was changed.
    """
    remembered = _read(release_path(store.path), store)
    if remembered is None:
        raise InputError(
            "Nothing was published yet. Run `publish` first: a package holds what is public already."
        )
    return remembered


def publish(store: Store, folder: Path, release: Release) -> None:
    """
    Put a release's site in place of what is in the folder.

    Raises
    ------
    InputError
        The folder cannot be written; the old site is in place.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, text in site_files(release, public_figures(store.run)):
                path = made / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
            made.chmod(0o755)
            # First remembered: a release that was seen by anybody must never be forgotten.
            _remember(release, release_path(store.path))
            _swap(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError:
        raise InputError(
            "The site cannot be written there. Name a folder of your own, or make room on the disk; the old site is in place."
        ) from None


def _read(path: Path, store: Store) -> Release | None:
    try:
        return read_release(path.read_text(encoding="utf-8"), store.run) if path.is_file() else None
    except UnicodeDecodeError:
        return read_release("", store.run)


def _belong_together(one: Release, other: Release) -> bool:
    """Whether one is the other or goes before it: what an earlier release said of records the later one says too."""
    earlier, later = sorted((one, other), key=lambda release: release.manifest["number"])
    return all(
        earlier.tables[name] == later.tables[name][: len(earlier.tables[name])]
        for name in ("region_by_time", "areas", "breakdowns")
    )


def _remember(release: Release, path: Path) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(release.to_json(), encoding="utf-8")
    os.replace(part, path)


def _swap(made: Path, folder: Path) -> None:
    """The new site under the folder's name; the old one is put back if that fails."""
    if not folder.exists():
        os.rename(made, folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        os.rename(folder, old / "site")
        try:
            os.rename(made, folder)
        except OSError:
            os.rename(old / "site", folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
