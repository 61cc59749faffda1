"""An answer is kept until the store or the question changes."""

from types import SimpleNamespace

import pytest
import streamlit as st

from pages.shared import ask as asking
from pages.shared.ask import Records, ask, share

ASKED = []


def first(run, word: str, number: int = 0, *, helper: str = "") -> list[str]:
    ASKED.append(("first", word, number, helper))
    return [run(word)]


def second(run, word: str) -> list[str]:
    ASKED.append(("second", word))
    return [word * 2]


def records(version: str = "1") -> Records:
    return Records(SimpleNamespace(run=str.upper), version)


@pytest.fixture(autouse=True)
def _nothing_kept():
    st.cache_data.clear()
    st.cache_resource.clear()
    ASKED.clear()


def test_the_same_question_is_worked_out_once():
    assert [ask(records(), first, "a"), ask(records(), first, "a")] == [["A"], ["A"]]
    assert ASKED == [("first", "a", 0, "")]


def test_another_version_of_the_store_another_argument_or_another_question_is_worked_out_anew():
    ask(records(), first, "a")
    ask(records("2"), first, "a")
    ask(records(), first, "a", 1)
    assert ask(records(), second, "a") == ["aa"]
    assert ASKED == [("first", "a", 0, ""), ("first", "a", 0, ""), ("first", "a", 1, ""), ("second", "a")]


def test_what_is_at_hand_is_passed_on_and_is_no_part_of_the_question():
    ask(records(), first, "a", helper="graph")
    ask(records(), first, "a", helper="another")
    assert ASKED == [("first", "a", 0, "graph")]


def test_what_a_page_does_to_its_answer_is_seen_by_no_other():
    ask(records(), first, "a").append("changed")
    assert ask(records(), first, "a") == ["A"]


def test_what_is_shared_is_one_object():
    assert share(records(), first, "a") is share(records(), first, "a")
    assert share(records("2"), first, "a") is not share(records(), first, "a")


def test_no_more_answers_are_kept_than_fit():
    for number in range(asking.MOST_ANSWERS + 1):
        ask(records(), first, "a", number)
    ask(records(), first, "a", asking.MOST_ANSWERS)
    assert len(ASKED) == asking.MOST_ANSWERS + 1
    ask(records(), first, "a", 0)
    assert len(ASKED) == asking.MOST_ANSWERS + 2
