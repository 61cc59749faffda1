import numpy as np

from data.files.sheet import Sheet
from data.logs.columns import find_heading_row
from data.logs.mapping import Mapping
from data.logs.table import MORE_CELLS, list_rejects, set_aside, table_below, tell_lost
from data.reading.problems import RowProblems
from tests.data.logs.logs import sheet_of


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
