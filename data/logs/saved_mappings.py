"""
The formats a group has saved for its own log. Nobody's words are kept: a format is named by its fields and its day, and knows its
headings and words by their keyed hashes.
"""

import json
import secrets
from datetime import date, datetime
from pathlib import Path

import duckdb
from pydantic import ValidationError

from data import clock
from data.errors import InputError
from data.logs.mapping import Mapping, SavedMapping
from data.reading.headings import FIELDS
from data.store.migrations import PLAIN_MAPPINGS
from data.store.store import Store

_KEPT = {"date_order", "column_digests", "word_digests"}


def list_mappings(store: Store) -> list[str]:
    """The names of the saved formats, the one saved first first."""
    return store.sql("SELECT name FROM mappings ORDER BY saved_at, name")["name"].to_pylist()


def save_mapping(store: Store, mapping: Mapping) -> str:
    """
    Save a format in place of the one with the same headings; returns its name, such as "date, borough, outcome, 3 June 2026".

    Headings that are left out of an import are no part of it.

    Raises
    ------
    InputError
        Nothing of it is to be kept: no heading and no word was mapped by hand.
    """
    with store.write() as connection:
        return _save(connection, mapping, clock.now())


def load_mapping(store: Store, name: str) -> Mapping:
    """
    A saved format by its name or its number in `list_mappings`, from 1; or a mapping in a JSON file by its path.

    Raises
    ------
    InputError
        There is neither, or what there is holds no mapping.
    """
    names = list_mappings(store)
    if name.isdecimal() and 1 <= int(name) <= len(names):
        name = names[int(name) - 1]
    saved = store.sql("SELECT mapping FROM mappings WHERE name = ?", [name]).to_pylist()
    if saved:
        key = store.sql("SELECT key FROM format_key").to_pylist()
        try:
            return SavedMapping(**(json.loads(saved[0]["mapping"]) | {"key": key[0]["key"]}))
        except (ValidationError, ValueError, TypeError, LookupError):
            raise InputError(
                "The saved mapping of that name cannot be read. Save it again, or choose another."
            ) from None
    file = Path(name)
    if not file.is_file():
        known = "; ".join(f"{number}: {each}" for number, each in enumerate(names, start=1)) or "none yet"
        raise InputError(
            f"There is no saved mapping and no file of that name. Saved mappings, by number: {known}."
        )
    written = file.read_bytes()
    try:
        return Mapping.model_validate_json(written)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        place = _place_in(written, problem["loc"])
        raise InputError(
            f"{file.name} is not a mapping: {place}: {problem['msg']}. Save one on the Records page."
        ) from None


def hash_plain_mappings(connection: duckdb.DuckDBPyConnection) -> None:
    """
    Put back, as hashes, the formats that a store of version 5 or older had saved in plain; inside the caller's transaction.

    One that cannot be read, or of which nothing is to be kept, is left out.
    """
    rows = connection.execute(f"SELECT mapping, saved_at FROM {PLAIN_MAPPINGS} ORDER BY saved_at").fetchall()  # noqa: S608
    for mapping, saved_at in rows:
        try:
            _save(connection, Mapping.model_validate_json(mapping), saved_at)
        except (ValidationError, InputError):
            continue
    connection.execute(f"DROP TABLE {PLAIN_MAPPINGS}")


def _save(connection: duckdb.DuckDBPyConnection, mapping: Mapping, saved_at: datetime) -> str:
    saved = SavedMapping.of(mapping, _key(connection))
    if not (saved.column_digests or saved.word_digests):
        raise InputError(
            "Nothing is told of this file beyond what is understood by itself, so there is nothing to save."
        )
    for name, text in connection.execute("SELECT name, mapping FROM mappings").fetchall():
        if _headings_in(text) == set(saved.column_digests):
            connection.execute("DELETE FROM mappings WHERE name = ?", [name])
    name = _name(connection, saved, saved_at.date())
    text = json.dumps(saved.model_dump(include=_KEPT), sort_keys=True)
    connection.execute("INSERT INTO mappings VALUES (?, ?, ?)", [name, text, saved_at])
    return name


def _key(connection: duckdb.DuckDBPyConnection) -> bytes:
    found = connection.execute("SELECT key FROM format_key").fetchone()
    if found:
        return found[0]
    key = secrets.token_bytes(32)
    connection.execute("INSERT INTO format_key VALUES (?)", [key])
    return key


def _headings_in(text: str) -> set[str]:
    try:
        return set(json.loads(text)["column_digests"])
    except (ValueError, TypeError, LookupError):
        return set()


def _name(connection: duckdb.DuckDBPyConnection, saved: SavedMapping, day: date) -> str:
    # In the order of the schema, so that two formats of the same fields are called alike.
    fields = {*saved.fields_by_hand(), *saved.word_digests}
    listed = ", ".join(field.replace("_", " ") for field in FIELDS if field in fields)
    name = f"{listed}, {day.day} {day:%B %Y}"
    taken = {row[0] for row in connection.execute("SELECT name FROM mappings").fetchall()}
    others = (f"{name}, no. {number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(other for other in others if other not in taken)


def _place_in(written: bytes, place: tuple[int | str, ...]) -> str:
    """Where a mapping is wrong: a key is named if it is one of ours, since any other may hold anything."""
    if not place:
        return "the file"
    if place[0] in Mapping.model_fields:
        return str(place[0])
    return f"an unknown key (number {list(json.loads(written)).index(place[0]) + 1})"
