"""
Local groups and the areas they cover: read from a file, kept in the store, edited by hand.

A group is its kind and its area. No name is kept but those that the network gives in public, no contact, no person: there is no column
for them.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

from data.errors import InputError
from data.files.read import read_sheets
from data.files.sheet import Sheet, column_letters
from data.files.uploaded import TableFile
from data.geography.locate import find_area
from data.reading.headings import normalise
from data.schema import GROUP_KIND_VALUES, PUBLIC_GROUP_VALUES, UNKNOWN, labels
from data.store.store import BUNDLED, Store

STARTER = BUNDLED / "groups.csv"
KIND_HEADINGS = ("kind", "kind of group", "group kind", "type", "type of group", "group type")
NAME_HEADINGS = ("name", "group", "group name", "local group", "name of group", "name of the group")
AREA_HEADINGS = ("area", "areas", "covers", "borough", "boroughs", "district", "districts", "area code")
MOST_ROWS = 5_000
KINDS = labels(GROUP_KIND_VALUES)
NO_NAMES = (
    "The column of names was left out: a group is kept as its kind and its area. Where no column says the kind, it was taken from the "
    "words of the name."
)
_MOST_ROWS_NAMED = 5


@dataclass(frozen=True, order=True)
class Cover:
    """
    A group of a kind covers an area; `area_level` and `area_code` are those of `areas`.

    `public_name` is that of a group that came with the dashboard; empty for any other.
    """

    kind: str
    area_level: str
    area_code: str
    public_name: str = ""

    @property
    def group(self) -> str:
        """What the group is called here: its public name, or its kind."""
        return self.public_name or KINDS[self.kind]


@dataclass(frozen=True)
class GroupList:
    """What a file says of groups, each with one area once, and what was left out of it, as sentences."""

    covers: list[Cover]
    notes: list[str]


def read_groups(path: TableFile) -> GroupList:
    """
    The groups in a file, with a heading for the kind (or the name, from whose words the kind is taken) and one for the areas: one row
    per group and area, or several areas in a cell with semicolons between.

    An area is a borough or other authority by any usual name or its ONS code, a postcode district, or a locality's code.

    Raises
    ------
    InputError
        There are no such headings, or an area is not known.
    """
    for sheet in read_sheets(path):
        columns = _columns(sheet)
        if columns:
            return _group_list(sheet, columns)
    raise InputError(
        "No row of headings was found: a list of groups needs one column headed 'kind' and one headed 'area'."
    )


def list_groups(store: Store) -> pd.DataFrame:
    """
    One row per group and area: `name, kind, public_name, area_level, area_code, area_name`, in the order of names.

    `name` is the public name or the kind in words; `public_name` is empty where there is none.
    """
    listed = store.sql(
        """
        SELECT kind::VARCHAR AS kind, coalesce(public_name::VARCHAR, '') AS public_name, area_level::VARCHAR AS area_level,
            area_code, coalesce(areas.name, area_code) AS area_name
        FROM groups LEFT JOIN areas ON areas.level::VARCHAR = area_level::VARCHAR AND areas.code = area_code
        """
    ).to_pandas()
    listed.insert(0, "name", group_names(listed))
    return listed.sort_values(["name", "area_name", "area_code"], kind="stable").reset_index(drop=True)


def group_names(rows: pd.DataFrame) -> pd.Series:
    """What each row of `groups` is called: its public name, or its kind in words."""
    named = rows["public_name"].fillna("").astype(str)
    return named.where(named != "", rows["kind"].astype(str).map(KINDS))


def import_groups(store: Store, path: TableFile) -> GroupList:
    """
    Read a file and save its groups; see `read_groups` and `save_groups`.
    """
    found = read_groups(path)
    save_groups(store, found.covers)
    return found


def save_groups(store: Store, covers: Sequence[Cover]) -> None:
    """
    Save groups with the areas they cover.

    A group with a public name is replaced with all its areas. Any other is its kind and its area: one that is there already stays, and
    nothing is there twice.
    """
    with store.write() as connection:
        write_groups(connection, covers)


def write_groups(connection: duckdb.DuckDBPyConnection, covers: Sequence[Cover]) -> None:
    """As `save_groups`, inside the caller's transaction."""
    connection.execute(
        "DELETE FROM groups WHERE public_name::VARCHAR IN (SELECT unnest(?::VARCHAR[]))",
        [sorted({cover.public_name for cover in covers} - {""})],
    )
    for cover in sorted(set(covers)):
        _put(connection, cover)


def add_area(store: Store, kind: str, area: str) -> Cover:
    """
    Add a group of a kind in an area, as a person writes it.

    Raises
    ------
    InputError
        There is no such area, or no such kind.
    """
    if kind not in GROUP_KIND_VALUES:
        raise InputError("There is no such kind of group. Choose one of the list.")
    found = find_area(area.strip())
    if found is None:
        raise InputError(
            "There is no such area. Write a borough's name, or a postcode district such as SE15."
        )
    return add_cover(store, Cover(kind, *found))


def add_cover(store: Store, cover: Cover) -> Cover:
    """Add an area to a group, or put back one that was taken away; one that is there stays."""
    with store.write() as connection:
        _put(connection, cover)
    return cover


def remove_area(store: Store, cover: Cover) -> None:
    """Take an area from a group; the group is gone with its last area."""
    with store.write() as connection:
        _remove(connection, cover)


def kind_in(text: str) -> str | None:
    """
    The kind of group that the words of a text say; None where they say none.

    >>> kind_in("Renters' Union"), kind_in("Camden CopWatch"), kind_in("Peckham")
    ('renters union', 'copwatch', None)
    """
    # An apostrophe parts no word: "renters' union", "tenants’ association".
    words = f" {normalise(text.replace('’', '').replace(chr(39), ''))} "
    said = [(len(word), kind) for word, kind in _words().items() if f" {word} " in words]
    return max(said)[1] if said else None


@cache
def _words() -> dict[str, str]:
    """Word of people -> kind of group."""
    told = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    listed = {normalise(word): kind for kind, words in told.items() for word in (kind, *words)}
    return listed | {normalise(label): kind for kind, label in KINDS.items()}


@cache
def _public_names() -> dict[str, str]:
    return {normalise(name): name for name in PUBLIC_GROUP_VALUES}


def _put(connection: duckdb.DuckDBPyConnection, cover: Cover) -> None:
    _remove(connection, cover)
    connection.execute(
        "INSERT INTO groups (kind, public_name, area_level, area_code) VALUES (?, ?, ?, ?)",
        [cover.kind, cover.public_name or None, cover.area_level, cover.area_code],
    )


def _remove(connection: duckdb.DuckDBPyConnection, cover: Cover) -> None:
    connection.execute(
        "DELETE FROM groups WHERE kind::VARCHAR = ? AND coalesce(public_name::VARCHAR, '') = ? AND area_level::VARCHAR = ? "
        "AND area_code = ?",
        [cover.kind, cover.public_name, cover.area_level, cover.area_code],
    )


@dataclass(frozen=True)
class _Columns:
    """Where the headings are, and which column is what; None where there is none."""

    position: int
    area: int
    kind: int | None
    name: int | None


def _columns(sheet: Sheet) -> _Columns | None:
    for position, row in enumerate(sheet.rows(0, 20)):
        headings = [normalise(cell) for cell in row]
        area, kind, name = (
            next((headings.index(heading) for heading in listed if heading in headings), None)
            for listed in (AREA_HEADINGS, KIND_HEADINGS, NAME_HEADINGS)
        )
        if area is not None and (kind is not None or name is not None):
            return _Columns(position, area, kind, name)
    return None


def _group_list(sheet: Sheet, columns: _Columns) -> GroupList:
    if sheet.ragged_rows:
        raise InputError(
            f"Row {sheet.ragged_rows[0]} has more cells than there are headings. Put semicolons between several areas."
        )
    if sheet.n_rows - columns.position > MOST_ROWS:
        raise InputError(
            f"The list has more than {MOST_ROWS:,} rows, too many for groups. Leave the rest out."
        )
    covers: list[Cover] = []
    not_told: list[int] = []
    numbers = sheet.row_numbers[columns.position + 1 :]
    for number, row in zip(numbers, sheet.rows(columns.position + 1), strict=True):
        said, name = (row[column] if column is not None else "" for column in (columns.kind, columns.name))
        if not (said.strip() or name.strip() or row[columns.area].strip()):
            continue
        public_name = _public_names().get(normalise(name), "")
        kind = "anti-raids group" if public_name else kind_in(said) or kind_in(name) or UNKNOWN
        if kind == UNKNOWN:
            not_told.append(number)
        covers += _covers_of_row(number, kind, public_name, row[columns.area], column_letters(columns.area))
    if not covers:
        raise InputError("The file has no group with an area. Write one row for each group and area.")
    has_names = columns.name is not None and not all(cover.public_name for cover in covers)
    return GroupList(
        list(dict.fromkeys(covers)), [*([NO_NAMES] if has_names else []), *_kinds_not_told(not_told)]
    )


def _kinds_not_told(numbers: list[int]) -> list[str]:
    if not numbers:
        return []
    shown = ", ".join(f"{number:,}" for number in numbers[:_MOST_ROWS_NAMED])
    more = f" and {len(numbers) - _MOST_ROWS_NAMED:,} more" if len(numbers) > _MOST_ROWS_NAMED else ""
    kinds = ", ".join(kind for kind in GROUP_KIND_VALUES if kind != UNKNOWN)
    return [
        f"What kind of group is not understood in {'row' if len(numbers) == 1 else 'rows'} {shown}{more}; the area is kept. Kinds: {kinds}."
    ]


def _covers_of_row(number: int, kind: str, public_name: str, areas: str, column: str) -> list[Cover]:
    found = [find_area(area.strip()) for area in areas.split(";") if area.strip()]
    known = [area for area in found if area is not None]
    if not known or len(known) < len(found):
        raise InputError(
            f"Row {number}, column {column}: the area is no borough, postcode district or locality. Write a borough's name, or a "
            "district such as SE15; put semicolons between several."
        )
    return [Cover(kind, *area, public_name) for area in known]
