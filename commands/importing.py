"""`import` and `undo`: what comes into the store, and how it goes again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from analysis.export import to_csv
from analysis.words import counted
from commands.terminal import AsJson, err, open_store_asking, out, print_json, without_commands
from data.errors import InputError
from data.imports.history import find_import
from data.imports.importer import ImportReport, import_files
from data.imports.undoing import undo_import, undo_last_import
from data.logs.saved_mappings import load_mapping

REJECTS_SHOWN = 20


def import_command(
    files: Annotated[list[Path], typer.Argument(help="CSV, text, XLSX, XLS or ODS files.")],
    mapping: Annotated[
        str | None, typer.Option(help="Number or name of a saved mapping, or a mapping's JSON file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check; write nothing.")] = False,
    set_aside: Annotated[
        Path | None, typer.Option(help="Write the rows set aside to this CSV, to correct.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import incidents or official counts, told apart by their content."""
    store = open_store_asking()
    chosen = load_mapping(store, mapping) if mapping else None
    targets = _set_aside_paths(set_aside, len(files)) if set_aside else []
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), console=err, transient=True, disable=as_json
    )
    with _writable(targets, spared=[*files, store.path]):
        with bar:
            task = bar.add_task("Starting", total=1.0)
            reports = import_files(
                store,
                files,
                chosen,
                dry_run,
                lambda step, share: bar.update(
                    task, description=escape(without_commands(step)), completed=share
                ),
            )
        _write_set_aside(reports, targets)
    if as_json:
        print_json([report.as_dict() for report in reports])
        return
    for report in reports:
        _print_report(report, dry_run)


def undo(
    import_id: Annotated[
        str | None,
        typer.Argument(help="Of the import, or its beginning as `status` shows it; else the last."),
    ] = None,
) -> None:
    """Take back an import as a whole: the last one, or the one named."""
    store = open_store_asking()
    undone = (
        undo_last_import(store) if import_id is None else undo_import(store, find_import(store, import_id))
    )
    which = "the last import" if import_id is None else "the import"
    out.print(f"Undone: {which} of {undone.kind}, {counted(undone.rows, 'row')}.")
    for note in undone.notes:
        out.print(note)


def _print_report(report: ImportReport, dry_run: bool) -> None:
    done = "would be kept" if dry_run else "kept"
    out.print(
        f"{report.file}: {report.kind}, {counted(report.rows, 'row')}, {report.kept:,} {done}, {report.rejected:,} set aside, "
        f"{report.already_there:,} already there."
    )
    matching = sum(total["matches"] for total in report.totals_checked)
    if report.totals_checked:
        out.print(f"{matching} of {len(report.totals_checked)} totals in the file match its rows.")
    for note in report.notes:
        out.print(note)
    for name, number in report.unknown_words.items():
        said = "1 value is not on the list" if number == 1 else f"{number:,} values are not on the list"
        out.print(f"{name}: {said}: counted as 'unknown' unless mapped on the Records page.")
    for reject in report.rejects[:REJECTS_SHOWN]:
        out.print(f"row {reject.row}, {reject.column}: {reject.reason}")
    if len(report.rejects) > REJECTS_SHOWN:
        out.print(f"… and {len(report.rejects) - REJECTS_SHOWN:,} more; --set-aside FILE writes them all.")


def _set_aside_paths(path: Path, number: int) -> list[Path]:
    """A file for each import that may set rows aside: `path`, then the same name with -2, -3 …"""
    return [path, *(path.parent / f"{path.stem}-{each}{path.suffix}" for each in range(2, number + 1))]


@contextmanager
def _writable(paths: list[Path], spared: list[Path]) -> Iterator[None]:
    """
    Try the files to be written before anything is imported, since afterwards the rows could not be had again.

    What a file holds stays until it is written; one that was made for trying goes again if nothing was written to it.
    """
    for path in paths:
        if any(_is_same_file(path, other) for other in spared):
            raise InputError(
                f"{path.name} is a file to read, and the rows set aside would replace it. Name another for --set-aside."
            )
    made = [path for path in paths if not path.exists()]
    try:
        for path in paths:
            with _telling_unwritable(path), path.open("ab"):
                pass
        yield
    finally:
        for path in made:
            if path.exists() and path.stat().st_size == 0:
                path.unlink()


def _is_same_file(path: Path, other: Path) -> bool:
    if path.resolve() == other.resolve():
        return True
    return path.exists() and other.exists() and path.samefile(other)


def _write_set_aside(reports: list[ImportReport], paths: list[Path]) -> None:
    tables = [
        report.set_aside for report in reports if report.set_aside is not None and report.set_aside.num_rows
    ]
    # Without --set-aside there are no paths; and there are never more tables than paths otherwise.
    for path, table in zip(paths, tables, strict=False):
        with _telling_unwritable(path):
            path.write_text(to_csv(table.to_pandas()), encoding="utf-8")


@contextmanager
def _telling_unwritable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise InputError(
            f"{path.name} cannot be written. Name a file in a folder you may write to."
        ) from None
