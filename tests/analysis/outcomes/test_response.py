from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.filters import Filters
from analysis.outcomes.response import odds_in_words, odds_ratio, response
from analysis.outcomes.words import odds_sentence, response_sentences
from tests.analysis.where.test_where import with_rows
from tests.conftest import incident_row


def store_with(toy_store, *cells):
    rows = [
        incident_row(datetime(2020, 3, 1, 9), community_response=answer, outcome=outcome)
        for answer, outcome, number in cells
        for _ in range(number)
    ]
    return with_rows(toy_store, "incidents", rows)


def test_odds_ratio_as_published():
    # Agresti, Categorical Data Analysis (2nd ed. 2002), 3.1.1, aspirin and heart attacks: 1.832, 95 % 1.44 to 2.33.
    ratio = odds_ratio("", np.array([[189, 10845], [104, 10933]]))
    assert (ratio.estimate, ratio.low, ratio.high) == pytest.approx((1.832, 1.440, 2.331), abs=5e-4)


def test_odds_ratio_by_hand():
    # 12 × 8 / (4 × 6) = 4; standard error of its logarithm √(1/12 + 1/4 + 1/6 + 1/8) = √0.625 = 0.790569;
    # 4 ÷ and × exp(1.959964 × 0.790569) = 4.709056.
    ratio = odds_ratio("", np.array([[12, 4], [6, 8]]))
    assert (ratio.estimate, ratio.low, ratio.high) == pytest.approx((4, 0.849427, 18.836226), rel=1e-5)
    assert odds_sentence(ratio) == (
        "Where people responded, the odds that nobody was taken were 4.00 times those where nobody responded "
        "(95 % interval 0.85 to 19). That may be chance: the records cannot tell whether they were higher or lower."
    )


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    # R 4.2.2, fisher.test(matrix(c(6, 0, 2, 9), 2, byrow = TRUE)) and c(0, 5, 7, 3); the other end is Inf or 0.
    [
        ([[6, 0], [2, 9]], 2.41416091335641, None),
        ([[0, 5], [7, 3]], None, 0.879174554325497),
    ],
)
def test_an_empty_cell_gives_one_end_as_r_does_and_never_infinity(counts, low, high):
    ratio = odds_ratio("", np.array(counts))
    assert ratio.estimate is None
    assert ratio.low == (pytest.approx(low, rel=1e-4) if low else None)
    assert ratio.high == (pytest.approx(high, rel=1e-4) if high else None)
    assert ("at least 2.41 times" if low else "at most 0.88 times") in odds_sentence(ratio)


@pytest.mark.parametrize(
    ("counts", "missing"),
    [
        ([[0, 0], [0, 0]], "both a known response and a known outcome"),
        ([[9, 8], [0, 0]], "as one where nobody responded"),
        ([[0, 0], [9, 8]], "as one where people responded"),
        ([[9, 0], [8, 0]], "in none of these incidents was anybody detained"),
        ([[0, 9], [0, 8]], "people were detained in every one of these incidents"),
    ],
)
def test_what_is_missing_is_said(counts, missing):
    ratio = odds_ratio("", np.array(counts))
    assert odds_sentence(ratio).startswith("Cannot tell: ")
    assert missing in odds_sentence(ratio)
    assert odds_in_words(ratio) == ("–", "–")


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_whatever_the_numbers_nothing_infinite_is_said(numbers):
    ratio = odds_ratio("", np.array(numbers).reshape(2, 2))
    said = [value for value in (ratio.low, ratio.estimate, ratio.high) if value is not None]
    assert np.isfinite(said).all()
    assert said == sorted(said)
    assert "inf" not in odds_sentence(ratio)
    assert "nan" not in odds_sentence(ratio)


def test_the_unknown_stand_in_the_table_and_are_left_out_of_the_comparison(toy_store):
    store = store_with(
        toy_store,
        ("yes", "released after community response", 5),
        ("yes", "prevented", 3),
        ("yes", "people detained", 4),
        ("yes", "unknown", 2),
        ("no", "no arrests", 2),
        ("no", "people detained", 8),
        ("unknown", "people detained", 6),
    )
    answer = response(store.run, Filters(outcomes=("prevented",)))
    table = answer.table.set_index("response")
    assert table.loc["yes", ["nobody_taken", "detained", "outcome_unknown", "of"]].tolist() == [8, 4, 2, 14]
    assert table.loc["unknown", ["nobody_taken", "detained", "outcome_unknown", "of"]].tolist() == [
        0,
        6,
        0,
        6,
    ]
    assert table["of"].sum() == 30
    # 8 × 8 / (4 × 2), and without those released after a response 3 × 8 / (4 × 2).
    assert [each.estimate for each in answer.comparisons] == pytest.approx([8, 3])
    assert answer.notes[0].startswith("22 of 30 incidents have both")
    assert response_sentences(answer)[1].startswith("Without “released after community response”: ")


def test_records_without_a_no_are_one_sentence_with_its_warnings(toy_store):
    answer = response(
        store_with(toy_store, ("yes", "prevented", 3), ("yes", "people detained", 4)).run, Filters()
    )
    assert not answer.can_tell()
    assert response_sentences(answer) == [
        "Cannot tell: no incident with a known outcome is recorded as one where nobody responded, so there is nothing "
        "to compare."
    ]
    assert any("get reported" in note for note in answer.notes)
    assert any("by its very definition" in note for note in answer.notes)


def test_an_empty_store_has_nothing_to_compare(toy_store):
    answer = response(toy_store.run, Filters())
    assert answer.table["of"].tolist() == [0, 0, 0]
    assert len(response_sentences(answer)) == 1
