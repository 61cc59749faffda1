import numpy as np
import pyarrow as pa

from data.reading.distinct import Problem, distinct
from data.reading.problems import RowProblems


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
