"""A group's own format: which heading is which field, how its dates run, which word is which value."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from data.files.sheet import Sheet
from data.logs.table import find_heading_row, fullest_row
from data.reading.headings import FIELDS, IGNORE, compared, field_by_synonym
from data.reading.words import CLOSED_LISTS, forms_in


class Mapping(BaseModel):
    """
    What a group tells about its own spreadsheet, over and above the synonyms.

    `columns` maps a heading to a field of `headings.FIELDS`, or to 'ignore'; `words` maps, for a field with a
    closed list, a word of the file to a value of the list. Headings and words are compared without regard to case,
    spacing, punctuation and accents. `model_dump_json` and `model_validate_json` make the round trip to JSON.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str] = {}
    date_order: Literal["day first", "month first"] = "day first"
    words: dict[str, dict[str, str]] = {}

    @field_validator("columns")
    @classmethod
    def _fields_exist(cls, columns: dict[str, str]) -> dict[str, str]:
        for field in columns.values():
            if field not in FIELDS and field != IGNORE:
                raise ValueError(
                    f"a heading is mapped to a field that does not exist; fields: {', '.join(FIELDS)}"
                )
        return columns

    @field_validator("words")
    @classmethod
    def _values_are_in_the_lists(cls, words: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for field, values in words.items():
            if field not in CLOSED_LISTS:
                raise ValueError(f"words can be mapped for {', '.join(CLOSED_LISTS)} only")
            if not set(values.values()) <= set(CLOSED_LISTS[field]):
                raise ValueError(
                    f"a word is mapped to none of the values of {field}: {', '.join(CLOSED_LISTS[field])}"
                )
        return words

    def field_of(self, heading: str) -> str | None:
        """
        The field of a heading: the one mapped by hand, or else by synonym; None where there is none.

        A field that was mapped by hand is taken from there alone: a second heading that happens to be a synonym
        of it is left out.
        """
        field = self._by_hand(heading)
        if field is None:
            field = field_by_synonym(heading)
            return None if field in self.fields_by_hand() else field
        return None if field == IGNORE else field

    def _by_hand(self, heading: str) -> str | None:
        """The field to which a heading was mapped by hand, 'ignore' among them."""
        named = {compared(name): field for name, field in self.columns.items()}
        return named.get(compared(heading))

    def fields_by_hand(self) -> list[str]:
        """The fields to which a heading was mapped by hand, each once, in their order."""
        return list(dict.fromkeys(self.columns.values()))

    def ignores(self, heading: str) -> bool:
        """Whether a heading was set to be ignored by hand."""
        return any(
            field == IGNORE and compared(name) == compared(heading) for name, field in self.columns.items()
        )

    def words_of(self, field: str, texts: Iterable[str] = ()) -> dict[str, str]:
        """Normalised word -> value of the closed list, for one field whose cells hold `texts`."""
        return {compared(word): value for word, value in self.words.get(field, {}).items()}

    def corrected(self, by_hand: "Mapping") -> "Mapping":
        """What a person says of a file that was read by this mapping; it knows everything that this one does not."""
        return by_hand


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class SavedMapping(Mapping):
    """
    A mapping as it is kept: it knows a heading or a word when it sees it, and cannot say which it is.

    Headings and words are HMAC-SHA256 of the normalised text under a key of the store, cut to 128 bits. That guards whatever shows or
    exports a format, and whoever glances at it; whoever has the opened store has the key too, and can try words one by one.
    """

    key: Annotated[bytes, Field(exclude=True, repr=False)]
    column_digests: dict[Digest, str] = {}
    word_digests: dict[str, dict[Digest, str]] = {}

    @classmethod
    def of(cls, mapping: Mapping, key: bytes) -> "SavedMapping":
        """A mapping as it is kept. Headings that are ignored are no part of it: what they say is nobody's business."""
        saved = mapping if isinstance(mapping, SavedMapping) else None
        columns = {digest(key, name): field for name, field in mapping.columns.items() if field != IGNORE}
        words = {
            field: (saved.word_digests.get(field, {}) if saved else {})
            | {digest(key, word): value for word, value in mapping.words.get(field, {}).items()}
            for field in {*mapping.words, *(saved.word_digests if saved else {})}
        }
        return cls(
            key=key,
            date_order=mapping.date_order,
            column_digests=(saved.column_digests if saved else {}) | columns,
            word_digests=words,
        )

    @field_validator("column_digests")
    @classmethod
    def _saved_fields_exist(cls, columns: dict[str, str]) -> dict[str, str]:
        if not set(columns.values()) <= set(FIELDS):
            raise ValueError("a heading is mapped to a field that does not exist")
        return columns

    @field_validator("word_digests")
    @classmethod
    def _saved_values_are_in_the_lists(cls, words: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        if not all(
            set(values.values()) <= set(CLOSED_LISTS.get(field, ())) for field, values in words.items()
        ):
            raise ValueError("a word is mapped to a value that does not exist")
        return words

    def _by_hand(self, heading: str) -> str | None:
        return super()._by_hand(heading) or self.column_digests.get(digest(self.key, heading))

    def fields_by_hand(self) -> list[str]:
        """The fields to which a heading was mapped by hand, now or when it was saved."""
        return list(dict.fromkeys([*super().fields_by_hand(), *self.column_digests.values()]))

    def words_of(self, field: str, texts: Iterable[str] = ()) -> dict[str, str]:
        """As of a mapping; the saved words are those found among `texts`."""
        saved = self.word_digests.get(field)
        forms = {form for text in texts for form in forms_in(text)} if saved else set()
        known = ((form, saved.get(digest(self.key, form))) for form in forms) if saved else ()
        return {form: value for form, value in known if value} | super().words_of(field)

    def corrected(self, by_hand: Mapping) -> Mapping:
        """What a person says of a file now, with the words that were saved; a heading counts as it is said now."""
        told = {digest(self.key, heading) for heading in by_hand.columns}
        kept = {each: field for each, field in self.column_digests.items() if each not in told}
        return self.model_copy(update=by_hand.model_dump() | {"column_digests": kept})


def digest(key: bytes, text: str) -> str:
    """The keyed hash of a heading or a word, compared as headings and words are."""
    return hmac.new(key, compared(text).encode(), "sha256").hexdigest()[:32]


@dataclass(frozen=True)
class Suggestion:
    """
    What the synonyms make of a sheet's headings, for a mapping to be completed by hand.

    `headings` are those of the heading row in order; `fields` says for each the field it is read as, or None.
    """

    row: int
    headings: list[str]
    fields: list[str | None]


def suggest_mapping(sheet: Sheet, mapping: Mapping | None = None) -> Suggestion:
    """
    The heading row of a sheet and what is read from it.

    Where no row has the headings an import needs, the row with the most filled cells among the first ones, so that a
    person can say which heading is which.
    """
    field_of = (mapping or Mapping()).field_of
    row = find_heading_row(sheet, field_of) or fullest_row(sheet, field_of)
    return Suggestion(row.number, row.headings, row.fields)
