"""Cells as their distinct texts, and the first problem of each row."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.answers import Problem, RowProblems, distinct, empty_rows, is_blank


@given(st.lists(st.text(max_size=4)), st.integers(1, 3))
def test_every_row_finds_its_own_text_again(cells, pieces):
    chunks = [pa.array(cells[start::pieces], pa.string()) for start in range(pieces)]
    column = pa.chunked_array(chunks, pa.string())
    found = distinct(column)
    # Arrow trims what Unicode calls white space.
    trimmed = pa.compute.utf8_trim_whitespace(column).to_pylist()
    assert [found.texts[number] for number in found.index] == trimmed
    assert found.rows_per_text().sum() == len(cells)


def test_values_are_spread_over_the_rows_of_their_text():
    found = distinct(pa.array(["a", "b", "a"]))
    assert found.spread(np.array([7, 8])).tolist() == [7, 8, 7]
    assert found.rows_per_text().tolist() == [2, 1]


@pytest.mark.parametrize("text", ["", "  ", "-", "N/A", "Unknown", " not stated ", "?", "None", "#N/A"])
def test_words_for_nothing_are_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "no", "nobody", "x", "unknown borough"])
def test_words_for_something_are_not(text):
    assert not is_blank(text)


def test_cells_of_spaces_are_empty():
    assert empty_rows(pa.chunked_array([["", " \t", "a", "-"]])).tolist() == [True, True, False, False]


def told(problems):
    return [problems.kinds[kind] for kind in problems.found]


def test_the_first_problem_of_a_row_stays():
    problems = RowProblems(3)
    problems.add(np.array([True, False, False]), "date", "too early")
    problems.add(np.array([True, True, False]), "place", "nowhere")
    assert told(problems) == [("date", "too early"), ("place", "nowhere"), ("", "")]
    assert problems.rejected.tolist() == [True, True, False]


def test_a_problem_of_a_text_is_one_of_every_row_that_holds_it():
    problems = RowProblems(4)
    problems.add_for_texts(
        distinct(pa.array(["a", "b", "a", "c"])), "time", [Problem("odd"), None, Problem("late")]
    )
    assert told(problems) == [("time", "odd"), ("", ""), ("time", "odd"), ("time", "late")]


def test_problems_taken_over_come_after_those_that_are_there():
    dates, places = RowProblems(3), RowProblems(3)
    dates.add(np.array([True, False, False]), "date", "too early")
    places.add(np.array([False, True, False]), "place", "elsewhere")
    places.add(np.array([True, False, False]), "place", "nowhere")
    dates.take_over(places)
    assert told(dates) == [("date", "too early"), ("place", "elsewhere"), ("", "")]
