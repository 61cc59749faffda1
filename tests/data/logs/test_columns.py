import pytest

from data.errors import InputError
from data.logs.columns import check_headings, find_heading_row, no_headings
from data.logs.mapping import Mapping
from tests.data.logs.logs import sheet_of


def find(*rows, mapping=None):
    return find_heading_row(sheet_of(*rows), (mapping or Mapping()).field_of)


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


def test_headings_in_two_rows_are_taken_together():
    row = find(
        ["Raids seen by the group", "", "", ""],
        ["Date", "Place", "", "Outcome"],
        ["", "Borough", "Postcode", ""],
        ["1/2/2022", "Southwark", "SE15 5DT", "arrested"],
    )
    assert (row.position, row.number) == (2, 3)
    assert row.headings == ["Date", "Borough", "Postcode", "Outcome"]
    assert row.fields == ["date", "borough", "postcode", "outcome"]
    row = find(["When", "", "Where", "", "Outcome"], ["Date", "Time", "Borough", "Postcode", ""])
    assert row.fields == ["date", "time", "borough", "postcode", "outcome"]


@pytest.mark.parametrize(
    "below",
    [
        ["", "Street", "Postcode", "prevented"],
        ["1/2/2022", "Borough", "Postcode", ""],
        ["", "", "Street", ""],
        ["Date", "Place", "", "Outcome"],
    ],
)
def test_a_row_of_data_is_not_taken_for_headings(below):
    row = find(["Date", "Place", "", "Outcome"], below)
    assert (row.number, row.fields) == (1, ["date", "place", None, "outcome"])


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
    assert "or say which column" in message


def test_two_headings_for_one_field_are_refused_by_letter():
    row = find(["Borough", "x", "Date", "Council", "Raid date"], [])
    with pytest.raises(InputError, match="Columns A and D both read as borough in row 1"):
        check_headings(row)


def test_minutes_and_hours_are_one_field():
    row = find(["Date", "Borough", "Duration (hours)", "Duration (mins)"], [])
    with pytest.raises(InputError, match="Columns C and D both read as duration minutes"):
        check_headings(row)


def test_several_columns_may_describe_the_place():
    row = find(["Date", "Street", "Area"], [])
    assert row.fields == ["date", "place", "place"]
    assert check_headings(row) is None


def test_a_table_of_totals_is_refused_unless_its_column_is_set_to_be_ignored():
    headings = ["Year", "Borough", "Number of raids"]
    with pytest.raises(InputError, match=r"Column C counts visits or incidents \(its heading is in row 1\)"):
        check_headings(find(headings, []))
    mapping = Mapping(columns={"number of raids": "ignore"})
    check_headings(find(headings, [], mapping=mapping), mapping.ignores)
