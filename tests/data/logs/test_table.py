"""The heading row of a log, the rows below it, and those set aside."""

import numpy as np
import pytest

from data.errors import InputError
from data.files.sheet import Sheet
from data.logs.mapping import Mapping
from data.logs.table import (
    MORE_CELLS,
    check_headings,
    find_heading_row,
    list_rejects,
    no_headings,
    set_aside,
    table_below,
    tell_lost,
)
from data.reading.answers import RowProblems
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


def test_the_time_a_form_was_filled_in_is_not_the_date_of_the_raid():
    filled_in = ["start", "end", "today", "deviceid", "When did it happen?", "place", "_submission_time"]
    row = find_heading_row(sheet_of(filled_in, ["x"] * 7), Mapping().field_of)
    assert row.columns_of("date") == [4]
    # Without a form's own columns two dates stay two.
    with pytest.raises(InputError, match="Columns A and B both read as date"):
        check_headings(find_heading_row(sheet_of(["start", "date", "place"], ["x"] * 3), Mapping().field_of))


@pytest.mark.parametrize("heading", ["Start", "From", "Started", "Arrived"])
@pytest.mark.parametrize("times", [["06:30", "12:00 AM"], ["6.30am", ""], ["22:00:00", "0715"]])
def test_what_begins_with_a_clock_time_beside_a_date_is_the_time(heading, times):
    row = find(["Date", heading, "Place"], *(["14/03/2023", time, "SE15"] for time in times))
    assert row.fields == ["date", "time", "place"]


def test_a_start_that_is_a_day_stays_the_date():
    assert find(["Start", "Place"], ["14/03/2023", "SE15"]).fields == ["date", "place"]
    assert find(["Start", "Time", "Place"], ["14/03/2023", "06:30", "SE15"]).fields == [
        "date",
        "time",
        "place",
    ]


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


def table(*rows, ragged=()):
    sheet = sheet_of(*rows)
    sheet = Sheet(
        "", sheet.columns, sheet.row_numbers, [number for number, _ in ragged], [cells for _, cells in ragged]
    )
    return table_below(sheet, find_heading_row(sheet, Mapping().field_of))


def problems_of(found, *rows):
    problems = RowProblems(found.n_rows)
    for row in rows:
        mask = problems.found == -1
        mask[row] = True
        problems.add(mask, "date", "wrong")
    return problems


def test_only_used_rows_below_the_headings_are_in_the_table():
    found = table(
        ["Our log", ""], ["Date", "Area", "Notes"], ["", "", ""], ["2022", "Brent"], ["", "", "x"], [" ", ""]
    )
    assert found.row_numbers.tolist() == [4, 5]
    assert [column.to_pylist() for column in found.cells] == [["2022", ""], ["Brent", ""], ["", "x"]]
    assert found.ignored_headings() == ["Notes"]
    assert found.columns()["date"].to_pylist() == ["2022", ""]


def test_a_merged_date_holds_for_its_rows_and_a_blank_that_was_not_merged_stays_blank():
    sheet = sheet_of(
        ["Our log", "", ""],
        ["Date", "Area", "People detained"],
        ["14/03/2023", "Brent", "2"],
        ["", "Newham", ""],
        ["", "", ""],
        ["", "Camden", ""],
        ["", "Barnet", ""],
    )
    # The number is one raid's, however many rows it was merged over; the banner is none of the table.
    merged = [(0, 1, 2), (0, 3, 6), (2, 3, 6)]
    sheet = Sheet("", sheet.columns, sheet.row_numbers, merged=merged)
    found = table_below(sheet, find_heading_row(sheet, Mapping().field_of))
    assert found.row_numbers.tolist() == [3, 4, 6, 7]
    assert found.columns()["date"].to_pylist() == ["14/03/2023", "14/03/2023", "14/03/2023", ""]
    assert found.columns()["people_detained"].to_pylist() == ["2", "", "", ""]


def test_ranges_that_overlap_are_filled_once():
    sheet = sheet_of(["Date", "Area"], ["2022", "Brent"], ["", "Camden"], ["2023", "Barnet"])
    sheet = Sheet("", sheet.columns, sheet.row_numbers, merged=[(0, 2, 3), (0, 3, 4)])
    found = table_below(sheet, find_heading_row(sheet, Mapping().field_of))
    assert found.columns()["date"].to_pylist() == ["2022", "2022", "2023"]


def test_rejects_come_in_the_order_of_the_file_with_the_letter_of_their_column():
    found = table(
        ["Area", "Date"], ["Brent", "x"], ["Brent", "2022"], ["Brent", "y"], ragged=[(5, ["a", "b", "c"])]
    )
    found.row_numbers[2] = 6
    rejects = list_rejects(found, problems_of(found, 0, 2))
    assert [(reject.row, reject.column, reject.reason) for reject in rejects] == [
        (2, "date", "Column B: wrong"),
        (5, "", MORE_CELLS),
        (6, "date", "Column B: wrong"),
    ]


def test_a_wide_row_above_the_headings_is_no_row():
    found = table(["x"], ["Area", "Date"], ["Brent", "2022"], ragged=[(1, ["a", "b", "c"])])
    assert found.ragged == []


def test_rows_set_aside_keep_their_cells_and_say_why():
    found = table(["Area", "Date"], ["Brent", "x"], ["Barnet", "2022"], ragged=[(4, ["a", "b", "c"])])
    problems = problems_of(found, 0)
    aside = set_aside(found, problems, list_rejects(found, problems))
    assert aside.column_names == ["Area", "Date", "", "reason"]
    assert [column.to_pylist() for column in aside.columns] == [
        ["Brent", "a"],
        ["x", "b"],
        ["", "c"],
        ["Column B: wrong", MORE_CELLS],
    ]


def test_a_reason_of_an_earlier_time_is_replaced():
    found = table(["Area", "Date", "reason"], ["Brent", "x", "old"])
    problems = problems_of(found, 0)
    aside = set_aside(found, problems, list_rejects(found, problems))
    assert aside.to_pylist() == [{"Area": "Brent", "Date": "x", "reason": "Column B: wrong"}]


def test_values_lost_are_told_by_column_and_row_but_not_of_rows_that_are_not_kept():
    found = table(["Area", "Date"], ["Brent", "x"], ["Brent", "y"], ["Brent", "z"])
    lost = problems_of(found, 0, 1, 2)
    assert tell_lost(found, lost, np.array([False, True, False])) == [
        "Column B: wrong Kept without it: rows 2 and 4."
    ]
    assert tell_lost(found, lost, np.ones(3, bool)) == []


def test_of_many_rows_that_lost_a_value_the_first_are_named():
    found = table(["Area", "Date"], *[["Brent", "x"]] * 12)
    note = tell_lost(found, problems_of(found, *range(12)), np.zeros(12, bool))[0]
    assert note.endswith("Kept without it: rows 2, 3, 4, 5, 6, 7, 8, 9 and 4 more.")
