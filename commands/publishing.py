"""`publish`, a fixed release as a website, and `package`, the same release as tables for others."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.words import counted
from commands.terminal import AsJson, open_store_asking, out, print_json
from data import clock
from data.errors import InputError
from publish.package import write_package
from publish.release import Release
from publish.site import publishing

PUBLISH_WORD = "PUBLISH"  # what a person types to confirm


def publish(
    folder: Annotated[
        Path, typer.Argument(help="Where the site is written: a new folder, or the site's own.")
    ],
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a fixed release that gives nobody away, and a website of it for any plain file server."""
    if not is_sure and not sys.stdin.isatty():
        raise InputError("Nothing was published: what is public stays public. In a script, say --yes.")
    store = open_store_asking()
    release = publishing.next_release(store, folder, clock.today())
    if not as_json or not is_sure:
        _say(release)
    if not is_sure and typed_word() != PUBLISH_WORD:
        raise InputError(f"Nothing was published: {PUBLISH_WORD} was not typed.")
    publishing.publish(store, folder, release)
    if as_json:
        print_json(release.manifest | {"kept_back": release.kept_back})
        return
    out.print(
        f"Release {release.manifest['number']} is written. Open index.html in its folder, then copy the folder to a host."
    )


def package(
    file: Annotated[Path, typer.Argument(help="The zip file to write.")],
    as_json: AsJson = False,
) -> None:
    """Write what was published last as a data package: CSV files, and what stands in them (Frictionless)."""
    release = publishing.last_release(open_store_asking())
    write_package(release, file)
    if as_json:
        print_json(release.manifest)
        return
    out.print(f"Release {release.manifest['number']} is packed: nothing in it that was not published.")


def typed_word() -> str:
    """What a person types to confirm."""
    return typer.prompt(f"Type {PUBLISH_WORD} to confirm", default="", show_default=False).strip()


def _say(release: Release) -> None:
    """What will be public, and what is kept back and why; the second is for the keeper alone."""
    tables = release.tables
    covers_to = release.manifest["covers_to"]
    out.print(f"Release {release.manifest['number']} makes public, for good:")
    if covers_to:
        total = sum(row["about"] for row in tables["region_by_time"])
        areas = len({row["area"] for row in tables["areas"]})
        out.print(
            f"  about {total:,} of the group's own incidents up to {covers_to}, in {counted(len(tables['region_by_time']), 'part')} "
            f"of time and {counted(len(tables['areas']), 'part')} of {counted(areas, 'area')}, each of 10 or more, rounded to 5"
        )
    else:
        out.print("  none of the group's own incidents: no time holds 10 or more that are old enough")
    out.print(
        f"  {counted(len(tables['official']), 'official figure')} and the public reports, which are public already"
    )
    for sentence in release.kept_back:
        out.print(f"  Kept back: {sentence}")
