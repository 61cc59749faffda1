import numpy as np
import pyarrow as pa
import pytest

from data.errors import InputError
from data.importing.columns import check_headings, find_heading_row, no_headings
from data.importing.headings import FIELDS, SYNONYMS, field_by_synonym, normalise, says_month_first
from data.importing.mapping import Mapping, suggest_mapping
from data.importing.sheet import Sheet


def sheet_of(*rows: list[str], name: str = "") -> Sheet:
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = [pa.array(cells, pa.string()) for cells in zip(*padded, strict=True)]
    return Sheet(name, columns, np.arange(1, len(rows) + 1))


def find(*rows, mapping=None):
    return find_heading_row(sheet_of(*rows), (mapping or Mapping()).field_of)


def test_no_heading_is_a_synonym_of_two_fields_and_all_are_normalised():
    words = [heading for headings in SYNONYMS.values() for heading in headings]
    assert len(words) == len(set(words))
    assert [normalise(word) for word in words] == words


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Date", "date"),
        ("  DATE OF RAID ", "date"),
        ("OCCUR_DATE", "date"),
        ("Date (dd/mm/yyyy)", "date"),
        ("When?", "date"),
        ("StartTime", "time"),
        ("Post-code", "postcode"),
        ("Local Authority", "borough"),
        ("local_authority", "borough"),
        ("Which borough?", "borough"),
        ("LAT", "latitude"),
        ("Lng", "longitude"),
        ("What happened?", "outcome"),
        ("Número", None),
        ("Duration (mins)", "duration_minutes"),
        ("Duration (hours)", "duration_hours"),
        ("Number arrested (approx)", "people_detained"),
        # Not the raid's own start or place.
        ("Time end", None),
        ("source_date", None),
        ("Timestamp", None),
        ("Borough (of the officer)", None),
        ("reason", None),
        ("row", None),
        ("", None),
    ],
)
def test_headings_are_matched_exactly_after_normalising(heading, field):
    assert field_by_synonym(heading) == field


def test_accents_do_not_matter():
    assert normalise("Mes_año") == "mes ano"


def test_a_heading_may_say_that_its_dates_run_month_first():
    assert says_month_first("Date (MM/DD/YYYY)")
    assert not says_month_first("Date (DD/MM/YYYY)")


def test_the_heading_row_is_found_below_banner_lines_and_blank_rows():
    row = find(
        ["Raids seen by the group", "", ""],
        ["", "", ""],
        ["Date", "from January", ""],
        ["When", "Where", "What happened"],
        ["1/2/2022", "SE15", "arrested"],
    )
    assert (row.position, row.number) == (3, 4)
    assert row.fields == ["date", "place", "outcome"]


def test_a_row_needs_a_date_and_a_place():
    assert find(["Date", "Outcome"], ["1/2/2022", "arrested"]) is None
    assert find(["Borough", "Outcome"], ["Brent", "arrested"]) is None
    assert find(["Date", "Latitude"], ["1/2/2022", "51.5"]) is None
    assert find(["Date", "Latitude", "Longitude"], []).has_place()
    assert find(["Year", "Borough"], []).has_date()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["a", "b"], ["1", "2"]], "No row of headings was found"),
        ([["x"], ["Date", "Outcome"]], "No heading for the place was recognised in row 2"),
        ([["Borough", "Outcome"]], "No heading for the date was recognised in row 1"),
    ],
)
def test_missing_headings_are_said_in_one_sentence(rows, said):
    message = str(no_headings([sheet_of(*rows)], Mapping().field_of))
    assert message.startswith(said)
    assert "Records page" in message


def test_two_headings_for_one_field_are_refused_by_letter():
    row = find(["Borough", "x", "Date", "Council", "Raid date"], [])
    with pytest.raises(InputError, match="Columns A and D both read as borough in row 1"):
        check_headings(row)


def test_minutes_and_hours_are_one_field():
    row = find(["Date", "Borough", "Duration (hours)", "Duration (mins)"], [])
    with pytest.raises(InputError, match="Columns C and D both read as duration minutes"):
        check_headings(row)


def test_several_columns_may_describe_the_place():
    check_headings(find(["Date", "Street", "Area"], []))


def test_a_table_of_totals_is_refused_unless_its_column_is_set_to_be_ignored():
    headings = ["Year", "Borough", "Number of raids"]
    with pytest.raises(InputError, match=r"Column C counts visits or incidents \(its heading is in row 1\)"):
        check_headings(find(headings, []))
    mapping = Mapping(columns={"number of raids": "ignore"})
    check_headings(find(headings, [], mapping=mapping), mapping.ignores)


# Mappings


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
    assert suggestion.as_mapping() == Mapping(columns={"Date": "date", "Borough": "borough"})


def test_a_suggestion_for_unknown_headings_is_the_fullest_row():
    suggestion = suggest_mapping(sheet_of(["banner", "", ""], ["Any", "Mes_any", "Barri"], ["2013", "", ""]))
    assert (suggestion.row, suggestion.fields) == (2, [None, None, None])


def test_every_field_can_be_mapped_by_hand():
    assert Mapping(columns={field: field for field in FIELDS}).columns
