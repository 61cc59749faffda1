"""The mappings a group has saved under a name, for its own format."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from data.errors import InputError
from data.identifiers import identifier_in, refuse_identifiers
from data.importing.mapping import Mapping
from data.store import Store


def list_mappings(store: Store) -> list[str]:
    """The names of the saved mappings, in alphabetical order."""
    return store.sql("SELECT name FROM mappings ORDER BY name")["name"].to_pylist()


def save_mapping(store: Store, name: str, mapping: Mapping) -> None:
    """
    Save a mapping under a name, in place of the one that had it.

    Raises
    ------
    InputError
        The name is empty, or the name, a heading or a word looks as if it told who or where somebody is.
    """
    name = name.strip()
    if not name:
        raise InputError("A saved mapping needs a name, such as the name of your log.")
    refuse_identifiers(name, "name of the mapping")
    _refuse_identifying(mapping)
    with store.write() as connection:
        connection.execute("DELETE FROM mappings WHERE name = ?", [name])
        connection.execute(
            "INSERT INTO mappings VALUES (?, ?, ?)",
            [name, mapping.model_dump_json(), datetime.now(UTC).replace(tzinfo=None, microsecond=0)],
        )


def _refuse_identifying(mapping: Mapping) -> None:
    headings, words = list(mapping.columns), [word for words in mapping.words.values() for word in words]
    for what, texts in (("heading", headings), ("word", words)):
        for number, text in enumerate(texts, start=1):
            if kind := identifier_in(text):
                raise InputError(
                    f"A {what} of this mapping, number {number}, looks like it holds {kind}. Take it out, and save the "
                    "mapping again."
                )


def load_mapping(store: Store, name: str) -> Mapping:
    """
    A saved mapping by its name, or one in a JSON file by its path.

    Raises
    ------
    InputError
        There is neither, or the file holds no mapping.
    """
    saved = store.sql("SELECT mapping FROM mappings WHERE name = ?", [name]).to_pylist()
    if saved:
        return Mapping.model_validate_json(saved[0]["mapping"])
    file = Path(name)
    if not file.is_file():
        known = ", ".join(list_mappings(store)) or "none yet"
        raise InputError(f"There is no saved mapping and no file of that name. Saved mappings: {known}.")
    try:
        return Mapping.model_validate_json(file.read_bytes())
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"][:1]) or "the file"
        raise InputError(
            f"{file.name} is not a mapping: {place}: {problem['msg']}. Save one on the Records page."
        ) from None
