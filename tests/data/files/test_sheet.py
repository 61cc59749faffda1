import numpy as np
import pyarrow as pa
import pytest

from data.errors import InputError
from data.files.sheet import MAX_CHARACTERS, Sheet, build_sheet, column_letters, refuse_long_cells


def sheet_of(*rows: list[str]) -> Sheet:
    columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    return build_sheet("", [columns], np.arange(1, len(rows) + 1), [])


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_columns_have_the_letters_a_spreadsheet_shows(index, letters):
    assert column_letters(index) == letters


def test_rows_are_given_by_position():
    sheet = sheet_of(["a", "b"], ["1", "2"], ["3", "4"])
    assert sheet.rows() == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert sheet.rows(1, 2) == [["1", "2"]]
    assert sheet.rows(-1) == [["3", "4"]]
    assert sheet.rows(2, 1) == []
    assert sheet.rows(5) == []
    assert (sheet.n_rows, sheet.n_columns) == (3, 2)


def test_blank_rows_and_columns_are_left_out_at_the_end_only():
    sheet = sheet_of(
        ["", "", "", ""], ["", "a", "", " "], ["", "", "", ""], ["", "b", "", ""], *[[""] * 4] * 100
    )
    assert sheet.rows() == [["", ""], ["", "a"], ["", ""], ["", "b"]]
    assert sheet.row_numbers.tolist() == [1, 2, 3, 4]


def test_a_sheet_of_blanks_has_no_rows():
    assert sheet_of(["", " "], ["\t", ""]).n_rows == 0
    assert build_sheet("", [], np.empty(0, np.int64), []).rows() == []


def test_an_apostrophe_before_a_cell_is_no_part_of_it():
    cells = ["'0630", "’SE15", "''2", "O'Connor", "it's", "'", ""]
    sheet = build_sheet("", [[pa.array([*cells, "x"], pa.string())]], np.arange(1, 9), [])
    assert sheet.columns[0].to_pylist() == ["0630", "SE15", "2", "O'Connor", "it's", "", "", "x"]


def test_a_cell_longer_than_can_be_read_is_refused_by_row_and_column():
    refuse_long_cells([(1, ["a" * MAX_CHARACTERS])])
    with pytest.raises(
        InputError, match=r"^Row 7, column B holds 2,001 characters; at most 2,000 can be read\."
    ):
        refuse_long_cells([(7, ["a", "b" * 2001])])
    with pytest.raises(InputError, match=r"^Sheet 2, row 7, column B "):
        refuse_long_cells([(7, ["a", "b" * 2001])], 2)
