"""A list of incidents in anybody's spreadsheet turned into rows of the schema, with a reason for each row that is not."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from data import clock
from data.errors import InputError
from data.files.sheet import MAX_CHARACTERS, Sheet
from data.geography.locate import Places
from data.logs.mapping import Mapping
from data.logs.refusals import (
    refuse_coordinates,
    refuse_headings,
    refuse_lost_times,
    refuse_numbers,
    refuse_places,
    refuse_words,
    tell_left_out,
)
from data.logs.starts import Starts, read_starts
from data.logs.table import (
    REASON,
    SAME_COLUMN,
    HeadingRow,
    IncidentTable,
    check_headings,
    find_heading_row,
    list_rejects,
    no_headings,
    set_aside,
    table_below,
    tell_lost,
)
from data.places.in_columns import read_places
from data.reading.answers import (
    Column,
    Reject,
    RowProblems,
    as_array,
    distinct,
    is_blank,
    says_none_taken,
    says_taken,
)
from data.reading.dates import MONTH_FIRST
from data.reading.headings import LOG_FIELDS, says_month_first
from data.reading.numbers import PARSERS, read_numbers, says_some
from data.reading.words import CLOSED_LISTS, DEFAULTS, read_words
from data.schema import DATE_PRECISIONS, INCIDENTS, UNKNOWN

NO_ROWS = "The table has headings in row {row} but no rows below them; add the incidents, one a row."
NOTHING_KEPT = "None of the {rows:,} rows can be used. The first, row {row}{column}: {reason}"

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
}
# What every kept row holds, in the schema's order; ids and review are given when it is written.
INCIDENT_COLUMNS = tuple(
    column for column in INCIDENTS.columns if column.name not in ("incident_id", "import_id", "review")
)
INCIDENT_SCHEMA = pa.schema([(column.name, ARROW_TYPES[column.type]) for column in INCIDENT_COLUMNS])

PLACE_COLUMNS = ("locality_code", "borough_code", "postcode_district", "location_precision")
NUMBER_COLUMNS = ("people_detained", "people_released", "crowd_size", "duration_minutes")
TOO_LONG = f"Holds more than {MAX_CHARACTERS:,} characters, which is more than can be read. Shorten it."
MICROSECONDS_PER_HOUR = 3_600_000_000


@dataclass(frozen=True)
class IncidentBatch:
    """
    What a file of incidents comes to.

    Attributes
    ----------
    incidents
        The rows kept: the columns of `schema.INCIDENTS` without incident_id and import_id.
    rows
        Rows below the headings, blank ones not counted; those kept and those rejected together.
    rejects
        One per rejected row: the first thing that is wrong with it, and what to do. In the file's order.
    set_aside
        The rejected rows as they were, under their own headings, and a last column 'reason'. Holds contents of
        the file, as do `unknown_words`, `ignored_headings` and `headings`: for the person's screen and download only.
    unknown_words
        Field -> words that are in no closed list, and how many rows hold each.
    ignored_headings
        Headings of the columns that were dropped.
    headings
        All headings, in order.
    notes
        Sentences for the person on what was left out, values that were lost among it, without contents of the file.
    """

    incidents: pa.Table
    rows: int
    rejects: list[Reject]
    set_aside: pa.Table
    unknown_words: dict[str, Counter[str]] = field(default_factory=dict)
    ignored_headings: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def looks_like_incidents(sheets: list[Sheet], mapping: Mapping | None = None) -> bool:
    """Whether a sheet has headings for a date and a place, and none that counts incidents."""
    mapping = mapping or Mapping()
    found = [row for sheet in sheets if (row := find_heading_row(sheet, mapping.field_of))]
    try:
        for row in found:
            check_headings(row, mapping.ignores)
    except InputError:
        return False
    return bool(found)


def has_headings_of_a_log(sheets: list[Sheet]) -> bool:
    """Whether the headings alone settle that this lists incidents: a date, a place, and what no return has."""
    found = [row for sheet in sheets if (row := find_heading_row(sheet, Mapping().field_of))]
    return looks_like_incidents(sheets) and any(LOG_FIELDS.intersection(row.fields) for row in found)


def parse_incidents(
    sheets: list[Sheet],
    places: Places,
    mapping: Mapping | None = None,
    *,
    today: date | None = None,
    defaults: MappingType[str, str] | None = None,
) -> IncidentBatch:
    """
    The incidents of a file.

    Parameters
    ----------
    sheets
        As read; those without recognised headings are left out.
    places
        Where anything is.
    mapping
        A group's own headings, words and order of day and month, over and above the synonyms.
    today
        The last day that is not in the future; the real one if not given.
    defaults
        Field -> value of its closed list where the file says nothing; in place of `words.DEFAULTS`.

    Raises
    ------
    InputError
        No sheet has the headings of a list of incidents, two headings read as one field, or no row can be used.
    """
    mapping = mapping or Mapping()
    found = [find_heading_row(sheet, mapping.field_of) for sheet in sheets]
    tables = [(sheet, row) for sheet, row in zip(sheets, found, strict=True) if row]
    if not tables:
        raise no_headings(sheets, mapping.field_of)
    for number, (sheet, row) in enumerate(zip(sheets, found, strict=True), start=1):
        if row:
            refuse_headings(sheet, row, number if len(sheets) > 1 else 0)
    for _, row in tables:
        check_headings(row, mapping.ignores)
    batches = [
        _read_table(
            table_below(sheet, row),
            places,
            mapping,
            DEFAULTS | dict(defaults or {}),
            today or clock.now_in_london().date(),
        )
        for sheet, row in tables
    ]
    batch = batches[0] if len(batches) == 1 else _joined(batches)
    left_out = len(sheets) - len(tables)
    if left_out:
        batch.notes.append(
            f"{left_out} of {len(sheets)} sheets have no headings for a date and a place and were left out."
        )
    batch.notes.extend(dict.fromkeys(note for sheet, row in tables for note in tell_left_out(sheet, row)))
    _refuse_if_nothing_kept(batch, tables[0][1])
    return batch


def _refuse_if_nothing_kept(batch: IncidentBatch, row: HeadingRow) -> None:
    if batch.incidents.num_rows:
        return
    if not batch.rejects:
        raise InputError(NO_ROWS.format(row=row.number))
    first = batch.rejects[0]
    column = f", {first.column}" if first.column else ""
    raise InputError(NOTHING_KEPT.format(rows=batch.rows, row=first.row, column=column, reason=first.reason))


def _read_table(
    table: IncidentTable,
    places: Places,
    mapping: Mapping,
    defaults: MappingType[str, str],
    today: date,
) -> IncidentBatch:
    problems = RowProblems(table.n_rows)
    for field_name, is_long in table.long_cells():
        problems.add(is_long, field_name, TOO_LONG)
    read = table.without(problems.rejected) if problems.rejected.any() else table
    columns = read.columns()
    free = [read.cells[position] for position in read.headings.columns_of("place")]
    # Of several things wrong with a row the first of these is told.
    of_starts, of_places = (RowProblems(table.n_rows) for _ in range(2))
    identifying, in_words, in_numbers, in_coordinates, in_times = (
        RowProblems(table.n_rows) for _ in range(5)
    )
    # These cost a row the value at fault, and no more.
    lost_times, lost_places = RowProblems(table.n_rows), RowProblems(table.n_rows)
    # Arrow lets go of the interpreter while it works, so both cores are busy.
    with ThreadPoolExecutor(2) as pool:
        place = pool.submit(read_places, columns, free, table.n_rows, places, of_places, lost_places)
        start = pool.submit(read_starts, columns, _date_order(table, mapping), today, of_starts, lost_times)
        words = pool.submit(_read_closed_lists, columns, table.n_rows, mapping, defaults, in_words)
        numbers = pool.submit(_read_number_columns, columns, table.n_rows, in_numbers)
        checks = (
            pool.submit(refuse_places, columns, free, identifying),
            pool.submit(refuse_coordinates, columns, in_coordinates),
        )
    for check in checks:
        check.result()
    refuse_lost_times(columns, lost_times, in_times)
    # What tells who somebody is comes first: a row with a telephone number and a wrong date is told of the former.
    for found in (identifying, in_words, in_numbers, in_coordinates, in_times, of_starts, of_places):
        problems.take_over(found)
    kept = np.flatnonzero(~problems.rejected)
    listed = {name: values for name, (values, _) in words.result().items()}
    counted = numbers.result()
    _fill_implied(listed, counted, columns)
    made = (
        _start_columns(start.result(), kept)
        | {name: partial(place.result().column, name, kept) for name in PLACE_COLUMNS}
        | {name: partial(_named, CLOSED_LISTS[name], values, kept) for name, values in listed.items()}
        | {name: partial(_whole_numbers, name, counted.numbers.get(name), kept) for name in NUMBER_COLUMNS}
    )
    with ThreadPoolExecutor(2) as pool:
        arrays = list(pool.map(lambda name: made[name](), INCIDENT_SCHEMA.names))
    rejects = list_rejects(table, problems)
    return IncidentBatch(
        incidents=pa.Table.from_arrays(arrays, schema=INCIDENT_SCHEMA),
        rows=table.n_rows + len(table.ragged),
        rejects=rejects,
        set_aside=set_aside(table, problems, rejects),
        unknown_words={name: unknown for name, (_, unknown) in words.result().items() if unknown},
        ignored_headings=table.ignored_headings(),
        headings=table.headings.headings,
        notes=[
            note
            for lost in (lost_times, lost_places, *counted.lost)
            for note in tell_lost(table, lost, problems.rejected)
        ],
    )


def _date_order(table: IncidentTable, mapping: Mapping) -> str:
    headings = [table.headings.headings[position] for position in table.headings.columns_of("date")]
    return MONTH_FIRST if any(map(says_month_first, headings)) else mapping.date_order


def _read_closed_lists(
    columns: MappingType[str, Column],
    n_rows: int,
    mapping: Mapping,
    defaults: MappingType[str, str],
    problems: RowProblems,
) -> dict[str, tuple[np.ndarray, Counter[str]]]:
    """Field -> positions in its closed list, and the words that are not in it."""
    found = {}
    for name, allowed in CLOSED_LISTS.items():
        if name in columns:
            cells = distinct(columns[name])
            found[name] = read_words(name, cells, mapping.words_of(name, cells.texts), defaults[name])
            refuse_words(name, cells, found[name][1], problems)
        else:
            found[name] = np.full(n_rows, allowed.index(defaults[name]), np.int32), Counter()
    return found


@dataclass(frozen=True)
class _Counted:
    """
    The columns of numbers.

    Attributes
    ----------
    numbers
        Column of the schema -> numbers, and whether they are stated.
    says_some
        Column of people -> mask of the rows that say yes there, and no number.
    lost
        For each column the rows whose number is not understood.
    """

    numbers: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    says_some: dict[str, np.ndarray] = field(default_factory=dict)
    lost: list[RowProblems] = field(default_factory=list)

    def number(self, name: str, n_rows: int) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of a column, 0 where there is none, and whether they are stated."""
        return self.numbers.get(name, (np.zeros(n_rows, np.int64), np.zeros(n_rows, bool)))


def _read_number_columns(columns: MappingType[str, Column], n_rows: int, problems: RowProblems) -> _Counted:
    found = _Counted()
    for name in PARSERS:
        if name in columns:
            cells = distinct(columns[name])
            numbers, is_stated, wrong = read_numbers(name, cells)
            refuse_numbers(name, cells, wrong, problems)
            lost = RowProblems(n_rows)
            lost.add_for_texts(cells, name, wrong)
            found.lost.append(lost)
            found.numbers[SAME_COLUMN.get(name, name)] = numbers, is_stated
            found.says_some[name] = says_some(name, cells)
    return found


def _fill_implied(
    listed: dict[str, np.ndarray], counted: _Counted, columns: MappingType[str, Column]
) -> None:
    """Say how a raid ended, and that people responded, where only the numbers tell of it."""
    n_rows = len(listed["outcome"])
    detained, is_stated = counted.number("people_detained", n_rows)
    released, _ = counted.number("people_released", n_rows)
    crowd, _ = counted.number("crowd_size", n_rows)
    yes, not_known = (CLOSED_LISTS["community_response"].index(word) for word in ("yes", UNKNOWN))
    response = listed["community_response"]
    if "crowd_size" in counted.says_some:
        response[counted.says_some["crowd_size"] & (response == not_known)] = yes
    taken, none_taken, unknown = (
        CLOSED_LISTS["outcome"].index(word) for word in ("people detained", "no arrests", UNKNOWN)
    )
    outcome = listed["outcome"]
    is_open = outcome == unknown
    is_said = counted.says_some.get("people_detained", False)
    outcome[is_open & says_taken(detained, released, is_said)] = taken
    # A word that nobody knows may have said more than that nobody was taken.
    is_none = says_none_taken(detained, is_stated, released, (crowd > 0) | (response == yes))
    outcome[is_open & is_none & _is_blank(columns.get("outcome"), n_rows)] = none_taken


def _is_blank(column: Column | None, n_rows: int) -> np.ndarray:
    if column is None:
        return np.ones(n_rows, bool)
    cells = distinct(column)
    return cells.spread(np.array([is_blank(text) for text in cells.texts], bool))


def _start_columns(starts: Starts, kept: np.ndarray) -> dict[str, Callable[[], pa.Array]]:
    return {
        "started_earliest": partial(_timestamps, starts.earliest, kept),
        "started_latest": partial(_timestamps, starts.latest, kept),
        "date_precision": partial(_named, DATE_PRECISIONS, starts.precision, kept),
    }


def _timestamps(hours: np.ndarray, kept: np.ndarray) -> pa.Array:
    return pa.array(hours[kept] * MICROSECONDS_PER_HOUR).cast(pa.timestamp("us"))


def _named(names: tuple[str, ...], positions: np.ndarray, kept: np.ndarray) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(positions[kept]))


def _whole_numbers(name: str, numbers: tuple[np.ndarray, np.ndarray] | None, kept: np.ndarray) -> pa.Array:
    kind = INCIDENT_SCHEMA.field(name).type
    if numbers is None:
        return pa.nulls(len(kept), kind)
    values, is_stated = numbers
    return pa.array(values[kept], mask=~is_stated[kept]).cast(kind)


def _joined(batches: list[IncidentBatch]) -> IncidentBatch:
    """The sheets of a workbook, one below the other."""
    unknown_words: dict[str, Counter[str]] = {}
    for batch in batches:
        for name, words in batch.unknown_words.items():
            unknown_words[name] = unknown_words.get(name, Counter()) + words
    return IncidentBatch(
        incidents=pa.concat_tables([batch.incidents for batch in batches]),
        rows=sum(batch.rows for batch in batches),
        rejects=[reject for batch in batches for reject in batch.rejects],
        set_aside=_stacked([batch.set_aside for batch in batches]),
        unknown_words=unknown_words,
        ignored_headings=list(dict.fromkeys(name for batch in batches for name in batch.ignored_headings)),
        headings=[heading for batch in batches for heading in batch.headings],
        notes=list(dict.fromkeys(note for batch in batches for note in batch.notes)),
    )


def _stacked(tables: list[pa.Table]) -> pa.Table:
    """Tables one below the other, by heading and how often it stood before; '' where one has no such column."""
    numbered = [_numbered_names(table.column_names) for table in tables]
    names = list(dict.fromkeys(name for each in numbered for name in each if name != (REASON, 0)))
    names.append((REASON, 0))
    columns = [
        pa.chunked_array(
            [
                as_array(table.column(each.index(name)))
                if name in each
                else pa.repeat(pa.scalar(""), len(table))
                for table, each in zip(tables, numbered, strict=True)
            ],
            pa.string(),
        )
        for name in names
    ]
    return pa.Table.from_arrays(columns, names=[name for name, _ in names])


def _numbered_names(names: list[str]) -> list[tuple[str, int]]:
    return [(name, names[:position].count(name)) for position, name in enumerate(names)]
