import unicodedata
from datetime import timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.export import FORMULA_STARTS, HARMLESS, to_csv
from tests.spreadsheets import FORMS, LEADS, cells_as_opened, is_live, rows_of


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_or_heading_that_starts_like_a_formula_is_defused(start):
    rows = rows_of(to_csv(pd.DataFrame({f"{start}cmd": [f"{start}1+1"]}), with_mark=True))
    # A carriage return is a line end.
    kept = start.replace("\r", "\n")
    assert rows == [[f"'{kept}cmd"], [f"'{kept}1+1"]]


@pytest.mark.parametrize("with_mark", [True, False])
@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_formula_is_computed_however_cells_are_parted(form, lead, with_mark):
    text = form.format(lead)
    table = pd.DataFrame({"n": [1], text: [text], "last": ["x"]})
    written = to_csv(table, with_mark)
    assert [cell for cell in cells_as_opened(written) if is_live(cell)] == []
    assert len(rows_of(written)) == 2


def test_the_check_itself_sees_formulas_in_what_pandas_writes():
    for form in FORMS:
        for lead in LEADS:
            written = pd.DataFrame({"n": [1], "text": [form.format(lead)], "last": ["x"]}).to_csv(index=False)
            assert any(is_live(cell) for cell in cells_as_opened(written)), (form, lead)


@pytest.mark.parametrize("text", ["-0.0648", "-12", "-", "51.47", "51.47; -0.06", "a - b", "SE15-3"])
def test_text_that_is_a_plain_number_stays_as_it_is(text):
    assert to_csv(pd.DataFrame({"longitude": [text]})) == f"longitude\n{text}\n"


@pytest.mark.parametrize(
    "text", ["-1-1", "+44 20 7946 0000", "+447700900123", "+3", "-.5e3", "--1", "-0.06\n", "-1.", "-\u0661", "-2+3+cmd|' /C calc'!A0"]
)  # fmt: skip
def test_what_is_nearly_a_number_is_defused(text):
    assert rows_of(to_csv(pd.DataFrame({"cell": [text]})))[1][0].startswith(f"'{text[:3]}")


def test_numbers_stay_numbers_also_below_zero():
    assert rows_of(to_csv(pd.DataFrame({"n": [-1.5, 2]})))[1:] == [["-1.5"], ["2.0"]]
    mixed = pd.DataFrame({"n": [-1, -2.5, Decimal("-3"), "-4", "=5"]}, dtype=object)
    assert rows_of(to_csv(mixed))[1:] == [["-1"], ["-2.5"], ["-3"], ["-4"], ["'=5"]]


def test_what_is_no_text_is_defused_too():
    odd = pd.DataFrame({"n": [-float("inf"), 1.0], "time": [timedelta(hours=-1), timedelta(0)]})
    assert not any(is_live(cell) for cell in cells_as_opened(to_csv(odd)))
    of_words = pd.DataFrame({"word": pd.Categorical(["=a", "=a", None])})
    assert rows_of(to_csv(of_words))[1:] == [["'=a"], ["'=a"], [""]]


def test_days_stay_as_they_were_written():
    days = pd.DataFrame({"day": pd.to_datetime(["2022-06-11", None])})
    assert to_csv(days) == 'day\n2022-06-11\n""\n'


def test_every_letter_that_stands_for_a_sign_is_known():
    letters = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    signs = [letter for letter in letters if unicodedata.normalize("NFKC", letter)[0] in "=+-@"]
    assert len(signs) > 15
    for sign in signs:
        assert rows_of(to_csv(pd.DataFrame({"cell": [f"{sign}a"]})))[1] == [f"'{sign}a"]


def test_text_with_an_apostrophe_in_front_gets_no_second_one():
    assert to_csv(pd.DataFrame({"cell": ["'=1+1"]})) == "cell\n'=1+1\n"


def test_a_missing_value_stays_empty():
    assert to_csv(pd.DataFrame({"a": ["x", None], "b": [1.5, None]})) == "a,b\nx,1.5\n,\n"


def test_headings_may_stand_twice():
    table = pd.DataFrame([["=a", 1, "b"]], columns=["note", "n", "note"])
    assert to_csv(table) == "note,n,note\n'=a,1,b\n"


def test_a_spreadsheet_is_told_the_encoding():
    assert to_csv(pd.DataFrame({"n": [1]}), with_mark=True) == "\ufeffn\r\n1\r\n"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_no_cell_runs_as_a_formula(texts):
    written = to_csv(pd.DataFrame({"text": texts}), with_mark=True)
    for row in rows_of(written)[1:]:
        cell = "".join(row)
        assert HARMLESS.fullmatch(cell) or not cell.startswith(FORMULA_STARTS)
    assert not [cell for cell in cells_as_opened(written) if is_live(cell)]


@given(st.text(st.sampled_from("=+-@;,|\t\r\n\"' a1\u200b＝")))
def test_no_mixture_of_marks_runs_as_a_formula(text):
    written = to_csv(pd.DataFrame({"n": [1], "text": [text], "last": ["x"]}))
    assert not [cell for cell in cells_as_opened(written) if is_live(cell)]
