import pytest

from data.logs.mapping import Mapping, suggest_mapping
from data.logs.table import find_heading_row
from data.reading.headings import FIELDS
from data.reading.words import value_of
from tests.data.logs.logs import sheet_of


def find(*rows, mapping=None):
    return find_heading_row(sheet_of(*rows), mapping.field_of)


def test_a_mapping_goes_before_the_synonyms():
    mapping = Mapping(
        columns={"Any": "year", "MES ANY": "month", "Nom_districte": "borough", "Date": "ignore"}
    )
    row = find(["Any", "Mes_any", "Nom districte", "Date", "District"], [], mapping=mapping)
    assert row.fields == ["year", "month", "borough", None, "district"]


def test_a_field_mapped_by_hand_is_taken_from_there_alone():
    mapping = Mapping(columns={"Real date": "date"})
    assert find(["Date", "Real date", "Borough"], [], mapping=mapping).fields == [None, "date", "borough"]


def test_a_mapping_survives_json():
    mapping = Mapping(
        columns={"Any": "year"}, date_order="month first", words={"outcome": {"Detingut": "people detained"}}
    )
    assert Mapping.model_validate_json(mapping.model_dump_json()) == mapping
    assert mapping.words_of("outcome") == {"detingut": "people detained"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"a": "colour"}},
        {"date_order": "year first"},
        {"words": {"colour": {"a": "b"}}},
        {"words": {"outcome": {"a": "fine"}}},
        {"lines": 3},
    ],
)
def test_a_mapping_to_what_does_not_exist_is_refused(wrong):
    with pytest.raises(ValueError, match="Mapping"):
        Mapping.model_validate(wrong)


def test_a_suggestion_says_what_is_matched_and_what_is_not():
    suggestion = suggest_mapping(
        sheet_of(["banner"], ["Date", "Borough", "Colour"], ["1/2/2022", "Brent", "red"])
    )
    assert (suggestion.row, suggestion.headings) == (2, ["Date", "Borough", "Colour"])
    assert suggestion.fields == ["date", "borough", None]


def test_a_suggestion_for_unknown_headings_is_the_fullest_row():
    suggestion = suggest_mapping(sheet_of(["banner", "", ""], ["Any", "Mes_any", "Barri"], ["2013", "", ""]))
    assert (suggestion.row, suggestion.fields) == (2, [None, None, None])


def test_every_field_can_be_mapped_by_hand():
    assert Mapping(columns={field: field for field in FIELDS}).columns


def test_headings_and_words_of_other_letters_are_told_apart():
    mapping = Mapping(columns={"Дата": "date"}, words={"outcome": {"арест": "people detained"}})
    assert [mapping.field_of(heading) for heading in ("дата ", "Имя", "名前")] == ["date", None, None]
    by_hand = mapping.words_of("outcome")
    assert value_of("outcome", "Арест", by_hand) == "people detained"
    assert value_of("outcome", "неизвестно", by_hand) is None
