"""How often a word stands in English texts says whether it is one or a name: each limit holds to the one."""

import pytest

from data.identifiers import names
from data.identifiers.names import is_english, is_seldom, names_person, names_person_in_word

HOW_OFTEN = {
    "zorbel": names.RARE,
    "zorbin": names.RARE - 1,
    "quellan": names.SELDOM,
    "quellet": names.SELDOM - 1,
    "marisel": names.USUAL,
    "mariset": names.USUAL - 1,
    "joribel": names.COMMON,
    "joribet": names.COMMON - 1,
    "stornel": names.SURNAME,
    "stornet": names.SURNAME - 1,
}


@pytest.fixture(autouse=True)
def dictionary(monkeypatch):
    """A dictionary of made-up words, some of which are first names."""
    monkeypatch.setattr(names, "_dictionary", lambda: HOW_OFTEN)
    monkeypatch.setattr(names, "first_names", lambda: frozenset({"marisel", "mariset", "joribel", "joribet"}))
    is_english.cache_clear()
    yield
    is_english.cache_clear()


def test_the_limits_are_those_that_the_rules_were_tried_with():
    assert (names.COMMON, names.SURNAME, names.USUAL, names.SELDOM, names.RARE) == (
        1_000_000,
        40_000,
        15_000,
        3_000,
        100,
    )


def test_a_word_is_english_from_a_hundred_times_on():
    assert is_english("zorbel")
    assert not is_english("zorbin")


def test_a_first_name_is_a_word_from_fifteen_thousand_times_on():
    assert is_english("marisel")
    assert not is_english("mariset")
    assert not names_person_in_word("marisel")
    assert names_person_in_word("mariset")


def test_a_word_is_as_likely_a_surname_below_three_thousand_times():
    assert is_seldom("quellet")
    assert not is_seldom("quellan")


def test_a_surname_stands_fewer_than_forty_thousand_times():
    assert names_person("Joribet Stornet")
    assert not names_person("Joribet Stornel")


def test_a_first_name_stands_fewer_than_a_million_times():
    assert names_person("Joribet Stornet")
    assert not names_person("Joribel Stornet")


def test_three_names_may_be_a_person_and_four_are_a_title():
    assert names_person("Joribet Stornet Stornet")
    assert not names_person("Joribet Stornet Stornet Stornet")


def test_a_first_name_counts_among_three_words_and_no_more():
    assert names_person_in_word("mariset zorbel zorbel")
    assert not names_person_in_word("mariset zorbel zorbel zorbel")
