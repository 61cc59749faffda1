import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.export import FORMULA_STARTS, HARMLESS, to_csv


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_or_heading_that_starts_like_a_formula_is_defused(start):
    rows = rows_of(to_csv(pd.DataFrame({f"{start}cmd": [f"{start}1+1"]}), with_mark=True))
    assert rows == [[f"'{start}cmd"], [f"'{start}1+1"]]


@pytest.mark.parametrize("text", ["-0.0648", "+3", "-12", "-", "51.47"])
def test_text_that_is_a_plain_number_stays_as_it_is(text):
    assert to_csv(pd.DataFrame({"longitude": [text]})) == f"longitude\n{text}\n"


@pytest.mark.parametrize("text", ["-1-1", "+44 20 7946 0000", "-.5e3", "--1", "-0.06\n", "-1.", "-\u0661"])
def test_what_is_nearly_a_number_is_defused(text):
    assert rows_of(to_csv(pd.DataFrame({"cell": [text]})))[1] == [f"'{text}"]


def test_numbers_stay_numbers_also_below_zero():
    assert rows_of(to_csv(pd.DataFrame({"n": [-1.5, 2]})))[1:] == [["-1.5"], ["2.0"]]


def test_headings_may_stand_twice():
    table = pd.DataFrame([["=a", 1, "b"]], columns=["note", "n", "note"])
    assert to_csv(table) == "note,n,note\n'=a,1,b\n"


def test_a_spreadsheet_is_told_the_encoding():
    assert to_csv(pd.DataFrame({"n": [1]}), with_mark=True) == "\ufeffn\r\n1\r\n"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_no_cell_runs_as_a_formula(texts):
    for row in rows_of(to_csv(pd.DataFrame({"text": texts}), with_mark=True))[1:]:
        cell = "".join(row)
        assert HARMLESS.fullmatch(cell) or not cell.startswith(FORMULA_STARTS)
