"""The mappings a group has saved under a name, for its own format."""

import json
from pathlib import Path

from pydantic import ValidationError

from data import clock
from data.errors import InputError
from data.geography.locate import find_area
from data.identifiers.saved_texts import is_district, refuse_heading, refuse_name, refuse_word, value_in
from data.logs.mapping import Mapping
from data.reading.headings import field_by_synonym, normalise
from data.reading.words import CLOSED_LISTS
from data.store.store import Store

NO_HEADINGS = (
    "The file seems to have no headings, and its first record would be kept as such. Write headings above the first row, "
    "choose the file again, and save the mapping then."
)


def list_mappings(store: Store) -> list[str]:
    """The names of the saved mappings, in alphabetical order."""
    return store.sql("SELECT name FROM mappings ORDER BY name")["name"].to_pylist()


def save_mapping(store: Store, name: str, mapping: Mapping) -> None:
    """
    Save a mapping under a name, in place of the one that had it. Headings that are left out of an import are not kept.

    Raises
    ------
    InputError
        The name is empty, or the name, a heading or a word is long, a value of a record, or looks as if it told who or where
        somebody is.
    """
    name = name.strip()
    if not name:
        raise InputError("A saved mapping needs a name, such as the name of your log.")
    refuse_name(name, "name of the mapping")
    mapping = mapping.of_fields()
    if any(_is_value(heading, field) for heading, field in mapping.columns.items()):
        raise InputError(NO_HEADINGS)
    for number, heading in enumerate(mapping.columns, start=1):
        refuse_heading(heading, f"heading of this mapping, number {number},")
    words = [word for values in mapping.words.values() for word in values]
    for number, word in enumerate(words, start=1):
        refuse_word(word, f"word of this mapping, number {number},")
    with store.write() as connection:
        connection.execute("DELETE FROM mappings WHERE name = ?", [name])
        connection.execute(
            "INSERT INTO mappings VALUES (?, ?, ?)",
            [name, mapping.model_dump_json(), clock.now()],
        )


def _is_value(heading: str, field: str) -> bool:
    """Whether what was taken for a heading is a value of the first record."""
    if value_in(heading) or is_district(heading):
        return True
    if field_by_synonym(heading):
        return False
    listed = {normalise(value) for value in CLOSED_LISTS.get(field, ())}
    return normalise(heading) in listed or bool(find_area(heading.strip()))


def load_mapping(store: Store, name: str) -> Mapping:
    """
    A saved mapping by its name, or one in a JSON file by its path.

    Raises
    ------
    InputError
        There is neither, or what there is holds no mapping.
    """
    saved = store.sql("SELECT mapping FROM mappings WHERE name = ?", [name]).to_pylist()
    if saved:
        try:
            return Mapping.model_validate_json(saved[0]["mapping"])
        except ValidationError:
            raise InputError(
                "The saved mapping of that name cannot be read. Save it again, or choose another."
            ) from None
    file = Path(name)
    if not file.is_file():
        known = ", ".join(list_mappings(store)) or "none yet"
        raise InputError(f"There is no saved mapping and no file of that name. Saved mappings: {known}.")
    written = file.read_bytes()
    try:
        return Mapping.model_validate_json(written)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        place = _place_in(written, problem["loc"])
        raise InputError(
            f"{file.name} is not a mapping: {place}: {problem['msg']}. Save one on the Records page."
        ) from None


def _place_in(written: bytes, place: tuple[int | str, ...]) -> str:
    """Where a mapping is wrong: a key is named if it is one of ours, since any other may hold anything."""
    if not place:
        return "the file"
    if place[0] in Mapping.model_fields:
        return str(place[0])
    return f"an unknown key (number {list(json.loads(written)).index(place[0]) + 1})"
