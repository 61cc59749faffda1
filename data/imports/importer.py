"""One file into the store: tell what it is, read it, write it in one transaction, say what was done."""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data import clock
from data.errors import InputError
from data.files.read import hash_file, read_sheets
from data.files.uploaded import TableFile
from data.geography.locate import load_places
from data.imports.editions import Present, gather_present, notes_on, same
from data.log.retention import NOTICE_DAYS
from data.logs.incidents import IncidentBatch, has_headings_of_a_log, looks_like_incidents, parse_incidents
from data.logs.mapping import Mapping
from data.logs.refusals import IdentifyingError, refuse_file_name, refuse_sheet_names
from data.logs.table import REASON
from data.reading.answers import Reject
from data.reading.headings import normalise
from data.returns.counts import CountsBatch, looks_like_counts, parse_counts
from data.schema import COUNTS, SCHEMA_VERSION, UNKNOWN
from data.store.settings import first_day_kept
from data.store.store import Store

Progress = Callable[[str, float], None]

BATCH_ROWS = 122_880  # one row group of DuckDB


@dataclass(frozen=True)
class ImportReport:
    """What one import did, or, on a dry run, would do."""

    file: str
    kind: str
    rows: int
    kept: int
    rejected: int
    already_there: int
    rejects: list[Reject] = field(default_factory=list)
    totals_checked: list[dict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown_words: dict[str, int] = field(default_factory=dict)
    ignored_headings: int = 0
    import_id: str | None = None
    # Only ever in memory: the page and the command line offer them for correction, nothing stores them.
    set_aside: pa.Table | None = None
    batch: IncidentBatch | CountsBatch | None = None

    def as_dict(self) -> dict:
        """The report as plain values for JSON; holds no contents of the file."""
        return {
            "file": self.file,
            "kind": self.kind,
            "import_id": self.import_id,
            "rows": self.rows,
            "kept": self.kept,
            "rejected": self.rejected,
            "already_there": self.already_there,
            "rejects": [
                {"row": reject.row, "column": reject.column, "reason": reject.reason}
                for reject in self.rejects
            ],
            "totals_checked": self.totals_checked,
            "notes": self.notes,
            "unknown_words": self.unknown_words,
            "ignored_headings": self.ignored_headings,
        }


def import_file(
    store: Store,
    path: TableFile,
    mapping: Mapping | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import one file; see `import_files`."""
    return import_files(store, [path], mapping, dry_run, progress)[0]


def import_files(
    store: Store,
    paths: Sequence[TableFile],
    mapping: Mapping | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> list[ImportReport]:
    """
    Import files of incidents or of official counts, told apart by their content.

    All are read and checked before anything is written, and written in one transaction.

    Parameters
    ----------
    store
        Where to; changed in one transaction, or not at all.
    paths
        CSV, text, XLSX, XLS or ODS files, on disk or in memory.
    mapping
        A group's own format for incidents; by default headings and words are matched by synonyms.
    dry_run
        Read and check everything, write nothing.
    progress
        Called with a step in words and the share done, 0 to 1.

    Returns
    -------
    reports
        One per file, in order. A file that was imported before adds nothing and says so.

    Raises
    ------
    InputError
        A file as a whole cannot be used; the store is as it was.
    """
    tell = progress or (lambda step, share: None)
    reports: dict[str, ImportReport] = {}
    batches: dict[str, tuple[TableFile, IncidentBatch | CountsBatch]] = {}
    hashes = []
    # Before any of them is named, in a sentence or beside a progress bar.
    for number, path in enumerate(paths, start=1):
        _refuse_file_name(path, number, len(paths))
    for number, path in enumerate(paths):
        tell(f"Reading {path.name}", 0.7 * number / len(paths))
        with _naming(path, paths):
            file_hash = hash_file(path)
            hashes.append(file_hash)
            if file_hash in batches:
                continue
            earlier = _earlier_import(store.cursor(), path, file_hash)
            if earlier:
                reports[file_hash] = earlier
            else:
                batches[file_hash] = (path, read_batch(path, mapping))
    if dry_run:
        for file_hash, (path, batch) in batches.items():
            reports[file_hash] = _report(path, batch, kept=_rows_kept(batch), already_there=0)
    elif batches:
        tell("Writing", 0.7)
        with store.write() as connection:
            for file_hash, (path, batch) in batches.items():
                # Once more, since another process may have imported it while this one was reading.
                reports[file_hash] = _earlier_import(connection, path, file_hash) or write_batch(
                    connection, path, batch, file_hash
                )
    reports = {file_hash: _with_word_of_age(store, report) for file_hash, report in reports.items()}
    tell("Done", 1.0)
    return [
        reports[file_hash]
        if hashes.index(file_hash) == number
        else _already_there(
            path, reports[file_hash].kind, reports[file_hash].rows, reports[file_hash].rejects
        )
        for number, (path, file_hash) in enumerate(zip(paths, hashes, strict=True))
    ]


def _with_word_of_age(store: Store, report: ImportReport) -> ImportReport:
    """The report, with a note where rows that it kept, or would keep, are too old to stay."""
    if report.kind != "incidents" or not report.kept:
        return report
    years = store.settings().retention_years
    before = datetime.combine(first_day_kept(years, clock.today()), datetime.min.time())
    if report.import_id is None:
        starts = report.batch.incidents["started_latest"]
        number = pc.sum(pc.less(starts, pa.scalar(before, starts.type))).as_py()
    else:
        number = (
            store.cursor()
            .execute(
                "SELECT count(*) FROM store.main.incidents WHERE import_id = ?::UUID AND started_latest < ?",
                [report.import_id, before],
            )
            .fetchone()[0]
        )
    if not number:
        return report
    rows, it, them = ("1 row is", "it", "it") if number == 1 else (f"{number:,} rows are", "they", "them")
    note = (
        f"{rows} older than the {'year' if years == 1 else f'{years} years'} that records are kept; {it} will be deleted "
        f"{NOTICE_DAYS} days after a keeper was told of {them}."
    )
    return replace(report, notes=[*report.notes, note])


def _refuse_file_name(path: TableFile, number: int, of: int) -> None:
    try:
        refuse_file_name(path.name)
    except IdentifyingError as error:
        if of == 1:
            raise
        raise IdentifyingError(f"File {number}: {error} None of the {of} files was imported.") from None


@contextmanager
def _naming(path: TableFile, paths: Sequence[TableFile]) -> Iterator[None]:
    """With several files, an error says which one is wrong."""
    try:
        yield
    except InputError as error:
        if len(paths) == 1:
            raise
        kind = IdentifyingError if isinstance(error, IdentifyingError) else InputError
        raise kind(f"{path.name}: {error} None of the {len(paths)} files was imported.") from None


def read_batch(path: TableFile, mapping: Mapping | None = None) -> IncidentBatch | CountsBatch:
    """
    Read a file and understand it, without touching the store.

    Raises
    ------
    InputError
        The file as a whole cannot be used.
    """
    refuse_file_name(path.name)
    sheets = read_sheets(path)
    refuse_sheet_names(sheets)
    is_log = looks_like_incidents(sheets, mapping) if mapping else has_headings_of_a_log(sheets)
    if not is_log and looks_like_counts(sheets):
        if mapping:
            raise InputError(
                "This is an official return, and mappings are for lists of incidents. Import it without a mapping."
            )
        return parse_counts(sheets, path.name)
    return parse_incidents(sheets, load_places(), mapping, today=clock.now_in_london().date())


def write_batch(
    connection: duckdb.DuckDBPyConnection,
    path: TableFile,
    batch: IncidentBatch | CountsBatch,
    file_hash: str,
    is_bundled: bool = False,
) -> ImportReport:
    """Write a batch inside the caller's transaction and record the import."""
    import_id = str(uuid.uuid4())
    if isinstance(batch, IncidentBatch):
        # What a set-aside file adds is left out, so that corrected rows count as rows of their log.
        own = [heading for heading in batch.headings if normalise(heading) != REASON]
        headings_hash = _hash_text("\x1f".join(own))
        kept, already_there, present = _write_incidents(connection, batch.incidents, import_id, headings_hash)
        # Another month's file shares no row with the one before, and a set-aside file is only the rest of its log: both
        # lack the others as a matter of course.
        is_edition = already_there and len(own) == len(batch.headings)
        lacking = present.rows - already_there if is_edition else 0
        batch = replace(batch, notes=[*batch.notes, *notes_on(present, lacking, kept)])
        kind, reference, extracted_on = "incidents", UNKNOWN, None
    else:
        headings_hash = UNKNOWN
        told = write_counts(connection, batch.counts, import_id, batch.extracted_on)
        batch = replace(batch, notes=[*batch.notes, *told])
        kept, already_there = _rows_kept(batch), 0
        kind, reference, extracted_on = "counts", batch.reference, batch.extracted_on
    connection.execute(
        "INSERT INTO imports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        [
            import_id,
            kind,
            clock.now(),
            file_hash,
            headings_hash,
            reference,
            extracted_on,
            batch.rows,
            kept,
            _rows_rejected(batch),
            already_there,
            SCHEMA_VERSION,
            is_bundled,
        ],
    )
    _write_rejects(connection, batch.rejects, import_id)
    return _report(path, batch, kept, already_there, import_id)


def _write_incidents(
    connection: duckdb.DuckDBPyConnection, incidents: pa.Table, import_id: str, headings_hash: str
) -> tuple[int, int, Present]:
    """
    Insert the rows that an earlier edition of the same log has not already brought.

    A group keeps one spreadsheet and sends it again with new rows below. Rows are compared as they are stored
    (never by a fingerprint of what was dropped, which could be guessed back), and only with imports of the
    same headings; a row that stands twice in the new file and once in the store is kept once. A record that was changed by hand counts
    as the row it came from.
    """
    earlier = connection.execute(
        "SELECT import_id FROM imports WHERE headings_hash = ? AND kind = 'incidents' AND undone_at IS NULL",
        [headings_hash],
    ).fetchall()
    # DuckDB takes in one batch per core at a time; a table in one piece would keep one core busy and the other idle.
    connection.register("arriving", pa.Table.from_batches(incidents.to_batches(BATCH_ROWS), incidents.schema))
    values = ", ".join(incidents.column_names)
    if not earlier:
        connection.execute(
            f"INSERT INTO incidents SELECT uuid(), {values}, ?, 'as imported' FROM arriving",  # noqa: S608
            [import_id],
        )
        kept, present = incidents.num_rows, Present(0, 0, 0)
    else:
        present = gather_present(connection, [str(row[0]) for row in earlier], incidents.column_names)
        # Column names come from the schema, never from a file.
        kept = connection.execute(
            f"""
            WITH
            arriving_numbered AS (
                SELECT *, row_number() OVER (PARTITION BY {values}) AS edition FROM arriving
            ),
            fresh AS (
                SELECT arriving_numbered.* FROM arriving_numbered LEFT JOIN present
                ON {same(incidents.column_names, "arriving_numbered", "present")}
                WHERE edition > coalesce(editions, 0)
            )
            INSERT INTO incidents SELECT uuid(), {values}, ?, 'as imported' FROM fresh
            """,  # noqa: S608
            [import_id],
        ).fetchone()[0]
        connection.execute("DROP TABLE present")
    connection.unregister("arriving")
    return kept, incidents.num_rows - kept, present


# A figure replaces another of the same area when one period holds the other. The longer period stays in force,
# since it counts what the shorter one counts; of two equal periods the one drawn later from the official database
# does, or, where that is not known, the one imported later. Where two periods only overlap in part, the figure that
# is already there stays, since nobody can tell how much the two have in common. An arriving figure that loses to one
# of those present replaces none of the others: it would leave their time without any figure.
SUPERSEDE = """
CREATE OR REPLACE TEMP TABLE clashes AS
SELECT
    present.rowid AS present_row,
    present.import_id AS present_import,
    arriving.rowid AS arriving_row,
    arriving.period_start <= present.period_start AND arriving.period_end >= present.period_end
      AND NOT (
        arriving.period_start = present.period_start AND arriving.period_end = present.period_end
        AND coalesce(imports.extracted_on > ?::DATE, false)
      ) AS arriving_wins
FROM counts AS present
JOIN counts AS arriving
  ON arriving.import_id = ?::UUID AND present.import_id <> arriving.import_id AND present.superseded_by IS NULL
  AND present.area_level = arriving.area_level AND present.area_code = arriving.area_code
  AND present.setting = arriving.setting
  AND present.period_start <= arriving.period_end AND present.period_end >= arriving.period_start
JOIN imports ON imports.import_id = present.import_id
"""


# How many of the arriving figures lost, and how many districts beside them the return does not list.
NOT_EXPECTED = """
WITH arriving AS (SELECT * FROM counts WHERE import_id = ?::UUID)
SELECT
    (SELECT count(*) FROM arriving WHERE superseded_by IS NOT NULL),
    (
        SELECT count(*) FROM counts
        WHERE superseded_by IS NULL AND import_id <> ?::UUID AND area_level = 'district' AND setting = 'all'
        AND EXISTS (
            SELECT 1 FROM arriving
            WHERE arriving.period_start = counts.period_start AND arriving.period_end = counts.period_end
            AND regexp_extract(arriving.area_code, '^[A-Z]+') = regexp_extract(counts.area_code, '^[A-Z]+')
        )
    )
"""


def write_counts(
    connection: duckdb.DuckDBPyConnection, counts: pa.Table, import_id: str, extracted_on: date | None
) -> list[str]:
    """
    Insert the figures of one return, settle which are in force, and say what a person would not expect.

    Parameters
    ----------
    counts
        The columns of `schema.COUNTS` without import_id and superseded_by.
    extracted_on
        When the return was drawn; None where it does not say.
    """
    connection.register("arriving", counts)
    names = ", ".join(name for name in COUNTS.column_names() if name not in ("import_id", "superseded_by"))
    connection.execute(f"INSERT INTO counts SELECT {names}, ?, NULL FROM arriving", [import_id])  # noqa: S608
    connection.unregister("arriving")
    connection.execute(SUPERSEDE, [extracted_on, import_id])
    connection.execute(
        """
        UPDATE counts SET superseded_by = ? WHERE rowid IN (
            SELECT present_row FROM clashes
            WHERE arriving_row NOT IN (SELECT arriving_row FROM clashes WHERE NOT arriving_wins)
        )
        """,
        [import_id],
    )
    connection.execute(
        """
        UPDATE counts SET superseded_by = loser.present_import
        FROM (SELECT arriving_row, any_value(present_import) AS present_import
              FROM clashes WHERE NOT arriving_wins GROUP BY arriving_row) AS loser
        WHERE counts.rowid = loser.arriving_row
        """
    )
    connection.execute("DROP TABLE clashes")
    not_in_force, left_standing = connection.execute(NOT_EXPECTED, [import_id, import_id]).fetchone()
    told = []
    if not_in_force:
        told.append(
            f"{not_in_force:,} of its figures are kept but not in force: the database has others for the same area that "
            "cover a longer time or were drawn later."
        )
    if left_standing:
        told.append(
            f"{left_standing:,} earlier figures for the same periods and postal areas stay in force, since this return "
            "does not list their districts. If it leaves out districts without visits, theirs are 0."
        )
    return told


def _write_rejects(connection: duckdb.DuckDBPyConnection, rejects: list[Reject], import_id: str) -> None:
    if not rejects:
        return
    arriving = pa.table(
        {
            "row": pa.array([reject.row for reject in rejects], pa.int32()),
            "column_name": [reject.column for reject in rejects],
            "reason": [reject.reason for reject in rejects],
        }
    )
    connection.register("arriving", arriving)
    connection.execute("INSERT INTO rejects SELECT ?, row, column_name, reason FROM arriving", [import_id])
    connection.unregister("arriving")


def _report(
    path: TableFile,
    batch: IncidentBatch | CountsBatch,
    kept: int,
    already_there: int,
    import_id: str | None = None,
) -> ImportReport:
    common = {
        "file": path.name,
        "rows": batch.rows,
        "kept": kept,
        "rejected": _rows_rejected(batch),
        "already_there": already_there,
        "rejects": batch.rejects,
        "import_id": import_id,
        "batch": batch,
    }
    if isinstance(batch, CountsBatch):
        return ImportReport(kind="counts", totals_checked=batch.totals_checked, notes=batch.notes, **common)
    return ImportReport(
        kind="incidents",
        set_aside=batch.set_aside,
        unknown_words={name: sum(words.values()) for name, words in batch.unknown_words.items()},
        ignored_headings=len(batch.ignored_headings),
        notes=batch.notes,
        **common,
    )


def _rows_kept(batch: IncidentBatch | CountsBatch) -> int:
    if isinstance(batch, IncidentBatch):
        return batch.incidents.num_rows
    return batch.rows - _rows_rejected(batch)


def _rows_rejected(batch: IncidentBatch | CountsBatch) -> int:
    if isinstance(batch, IncidentBatch):
        return len(batch.rejects)
    # A return is told of each wrong figure, and a row may hold several.
    return len({reject.row for reject in batch.rejects})


def _earlier_import(
    connection: duckdb.DuckDBPyConnection, path: TableFile, file_hash: str
) -> ImportReport | None:
    """What to tell of a file that was imported before; None if it was not."""
    found = connection.execute(
        "SELECT import_id, kind, rows FROM imports WHERE file_hash = ? AND undone_at IS NULL LIMIT 1",
        [file_hash],
    ).fetchone()
    if found is None:
        return None
    import_id, kind, rows = found
    rejects = connection.execute(
        'SELECT "row", column_name, reason FROM rejects WHERE import_id = ? ORDER BY "row"', [import_id]
    ).fetchall()
    return _already_there(path, kind, rows, [Reject(*reject) for reject in rejects])


def _already_there(path: TableFile, kind: str, rows: int, rejects: list[Reject]) -> ImportReport:
    notes = ["This very file was imported before; nothing was added. Undo that import first to read it anew."]
    rejected = len({reject.row for reject in rejects}) if kind == "counts" else len(rejects)
    if rejected:
        notes.append(f"Its {rejected:,} rows that were set aside then are still not in the database.")
    return ImportReport(
        file=path.name,
        kind=kind,
        rows=rows,
        kept=0,
        rejected=rejected,
        already_there=rows - rejected,
        rejects=rejects,
        notes=notes,
    )


def _hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
