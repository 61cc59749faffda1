"""A group's own format: which heading is which field, how its dates run, which word is which value."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from data.files.sheet import Sheet
from data.logs.table import find_heading_row, fullest_row
from data.reading.headings import FIELDS, IGNORE, field_by_synonym, normalise
from data.reading.words import CLOSED_LISTS


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
        by_hand = {normalise(name): field for name, field in self.columns.items()}
        field = by_hand.get(normalise(heading))
        if field is None:
            field = field_by_synonym(heading)
            return None if field in by_hand.values() else field
        return None if field == IGNORE else field

    def of_fields(self) -> "Mapping":
        """The same without the headings that are ignored, as it may be kept: what they say is nobody's business."""
        return self.model_copy(
            update={"columns": {heading: field for heading, field in self.columns.items() if field != IGNORE}}
        )

    def ignores(self, heading: str) -> bool:
        """Whether a heading was set to be ignored by hand."""
        return any(
            field == IGNORE and normalise(name) == normalise(heading) for name, field in self.columns.items()
        )

    def words_of(self, field: str) -> dict[str, str]:
        """Normalised word -> value of the closed list, for one field."""
        return {normalise(word): value for word, value in self.words.get(field, {}).items()}


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
