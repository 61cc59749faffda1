"""Local groups and the areas they cover: read from a file, kept in the store, edited by hand. No contacts, no persons."""

import re
import unicodedata
from dataclasses import dataclass

import duckdb
import pandas as pd

from data.errors import InputError
from data.files.read import read_sheets
from data.files.sheet import Sheet, column_letters
from data.files.uploaded import TableFile
from data.geography.locate import find_area
from data.identifiers.identifiers import NAME, identifier_in_group
from data.identifiers.saved_texts import POSTCODE, holds_postcode
from data.reading.headings import normalise
from data.store.store import BUNDLED, Store

STARTER = BUNDLED / "groups.csv"
NAME_HEADINGS = ("name", "group", "group name", "local group")
AREA_HEADINGS = ("area", "areas", "covers", "borough", "boroughs", "district", "districts", "area code")
LONGEST_NAME = 60
MOST_ROWS = 5_000
_MOST_DIGITS = 4  # a year
# A way to reach somebody: the store keeps areas only.
_CONTACT = re.compile(
    r"@|://|www\.|\(at\)|\w\.(org|com|net|uk|london|me|info|io|eu)\b|/|(?:\d\W*){5,}|\b(insta|instagram|telegram|signal|whatsapp)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Cover:
    """A group covers an area; `area_level` and `area_code` are those of `areas`."""

    name: str
    area_level: str
    area_code: str


def read_groups(path: TableFile) -> list[Cover]:
    """
    The groups in a file, with a heading for the group and one for its areas: one row per group and area, or several
    areas in a cell with semicolons between.

    An area is a borough or other authority by any usual name or its ONS code, a postcode district, or a locality's code.

    Raises
    ------
    InputError
        There are no such headings, an area is not known, or a name is empty, too long or holds a contact.
    """
    for sheet in read_sheets(path):
        columns = _columns(sheet)
        if columns:
            return _covers(sheet, *columns)
    raise InputError(
        "No row of headings was found: a list of groups needs one column headed 'name' and one headed 'area'."
    )


def list_groups(store: Store) -> pd.DataFrame:
    """One row per group and area: `name, area_level, area_code, area_name`, in the order of names."""
    return store.sql(
        """
        SELECT groups.name, area_level, area_code, coalesce(areas.name, area_code) AS area_name
        FROM groups LEFT JOIN areas ON areas.level = area_level::VARCHAR AND areas.code = area_code
        ORDER BY groups.name, area_name
        """
    ).to_pandas()


def import_groups(store: Store, path: TableFile) -> list[Cover]:
    """Read a file and save its groups; one that is there already is replaced, the others stay. See `read_groups`."""
    covers = read_groups(path)
    save_groups(store, covers)
    return covers


def save_groups(store: Store, covers: list[Cover]) -> None:
    """Save groups with all the areas they cover, in place of those of the same name."""
    with store.write() as connection:
        write_groups(connection, covers)


def write_groups(connection: duckdb.DuckDBPyConnection, covers: list[Cover]) -> None:
    """As `save_groups`, inside the caller's transaction."""
    connection.execute(
        "DELETE FROM groups WHERE name IN (SELECT unnest(?::VARCHAR[]))",
        [sorted({cover.name for cover in covers})],
    )
    for cover in sorted(set(covers)):
        connection.execute(
            "INSERT INTO groups VALUES (?, ?, ?)", [cover.name, cover.area_level, cover.area_code]
        )


def add_area(store: Store, name: str, area: str) -> Cover:
    """
    Add an area, as a person writes it, to a group; a group of that name is made if there is none.

    Raises
    ------
    InputError
        There is no such area, or the name is empty, too long, a person's or holds a contact.
    """
    name = clean_name(name)
    if problem := checked_name(name):
        raise InputError(f"{problem[0].upper()}{problem[1:]}. Write the name that people know the group by.")
    cover = cover_of(name, area.strip())
    if cover is None:
        raise InputError(
            "There is no such area. Write a borough's name, or a postcode district such as SE15."
        )
    with store.write() as connection:
        _remove(connection, cover)
        connection.execute(
            "INSERT INTO groups VALUES (?, ?, ?)", [cover.name, cover.area_level, cover.area_code]
        )
    return cover


def remove_area(store: Store, cover: Cover) -> None:
    """Take an area from a group; the group is gone with its last area."""
    with store.write() as connection:
        _remove(connection, cover)


def clean_name(name: str) -> str:
    """A name as it is kept: one form for each letter, no invisible ones, single spaces."""
    visible = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", name)
        if unicodedata.category(letter) not in ("Cf", "Cc", "Co") or letter.isspace()
    )
    return " ".join(visible.replace("_", " ").split())


def checked_name(name: str) -> str | None:
    """What is wrong with a group's name, as the end of a sentence; None if nothing is."""
    if not name:
        return "the name of the group is empty"
    if len(name) > LONGEST_NAME:
        return f"the name of the group is longer than {LONGEST_NAME} letters"
    if _CONTACT.search(name):
        return "the name of the group holds a number, an e-mail or an address; write the name alone"
    if sum(map(str.isdigit, name)) > _MOST_DIGITS:
        return "the name of the group holds a long number; write the name alone"
    kind = POSTCODE if holds_postcode(name) else identifier_in_group(name)
    if kind == NAME:
        return (
            "the name of the group looks like it holds a person's name; write the group's own, with a word such as group "
            "or network if it bears a person's"
        )
    if kind:
        return f"the name of the group looks like it holds {kind}; write the name alone"
    return None


def cover_of(name: str, area: str) -> Cover | None:
    """What a group covers, from the area as a person writes it; None if there is no such area."""
    found = find_area(area)
    return Cover(name, *found) if found else None


def _remove(connection: duckdb.DuckDBPyConnection, cover: Cover) -> None:
    connection.execute(
        "DELETE FROM groups WHERE name = ? AND area_level = ? AND area_code = ?",
        [cover.name, cover.area_level, cover.area_code],
    )


def _columns(sheet: Sheet) -> tuple[int, int, int] | None:
    """Position of the heading row, and columns of name and area."""
    for position, row in enumerate(sheet.rows(0, 20)):
        headings = [normalise(cell) for cell in row]
        name = next((headings.index(heading) for heading in NAME_HEADINGS if heading in headings), None)
        area = next((headings.index(heading) for heading in AREA_HEADINGS if heading in headings), None)
        if name is not None and area is not None:
            return position, name, area
    return None


def _covers(sheet: Sheet, position: int, name_column: int, area_column: int) -> list[Cover]:
    if sheet.ragged_rows:
        raise InputError(
            f"Row {sheet.ragged_rows[0]} has more cells than there are headings. Put semicolons between several areas."
        )
    if sheet.n_rows - position > MOST_ROWS:
        raise InputError(
            f"The list has more than {MOST_ROWS:,} rows, too many for groups. Leave the rest out."
        )
    covers = []
    numbers = sheet.row_numbers[position + 1 :]
    for number, row in zip(numbers, sheet.rows(position + 1), strict=True):
        if row[name_column].strip() or row[area_column].strip():
            covers += _covers_of_row(
                number, clean_name(row[name_column]), row[area_column], column_letters(area_column)
            )
    if not covers:
        raise InputError("The file names no group with an area. Write one row for each group and area.")
    return covers


def _covers_of_row(number: int, name: str, areas: str, column: str) -> list[Cover]:
    if problem := checked_name(name):
        raise InputError(f"Row {number}: {problem}. Correct the row and import the file again.")
    covers = [cover_of(name, area) for area in areas.split(";") if area.strip()]
    if not covers or None in covers:
        raise InputError(
            f"Row {number}, column {column}: the area is no borough, postcode district or locality. Write a borough's name, or a "
            "district such as SE15; put semicolons between several."
        )
    return covers
