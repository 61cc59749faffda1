import csv
import io
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.filters import Filters
from pages.shared.downloads import FORMULA_STARTS, csv_bytes, file_name


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_starts_like_a_formula_is_defused(start):
    rows = rows_of(csv_bytes(pd.DataFrame({"name": [f"{start}1+1"]})))
    assert rows[1][0] == f"'{start}1+1"


def test_a_heading_that_starts_like_a_formula_is_defused():
    assert rows_of(csv_bytes(pd.DataFrame({"=cmd": ["a"]})))[0] == ["'=cmd"]


def test_numbers_stay_numbers_also_below_zero():
    assert rows_of(csv_bytes(pd.DataFrame({"n": [-1.5, 2]})))[1:] == [["-1.5"], ["2.0"]]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_no_cell_of_a_download_runs_as_a_formula(texts):
    for row in rows_of(csv_bytes(pd.DataFrame({"text": texts})))[1:]:
        assert not "".join(row).startswith(FORMULA_STARTS)


def test_the_file_name_says_the_filters():
    filters = Filters(date_from=date(2014, 1, 1), date_to=date(2014, 12, 31), outcomes=("no arrests",))
    name = file_name("Official visits by borough", filters)
    assert name == "official-visits-by-borough_2014-01-01-to-2014-12-31-no-arrests.csv"
    assert file_name("Official visits", Filters()) == "official-visits_all.csv"
