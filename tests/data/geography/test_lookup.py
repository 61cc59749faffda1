import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from data.geography.cells import NOWHERE
from data.geography.lookup import as_numbers, place_codes

LETTERS = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
POSTCODES = st.text("ABCXYZ0189", min_size=1, max_size=7)


@given(st.lists(POSTCODES, min_size=1, max_size=50))
def test_numbers_keep_the_order_of_postcodes(postcodes):
    numbers = as_numbers(pa.array(postcodes)).tolist()
    assert sorted(postcodes) == [postcode for _, postcode in sorted(zip(numbers, postcodes, strict=True))]
    assert len(set(numbers)) == len(set(postcodes))


@given(st.lists(st.text(max_size=12) | st.text("AZ09 az", max_size=8), min_size=1))
def test_what_cannot_be_a_postcode_has_no_number(texts):
    for text, number in zip(texts, as_numbers(pa.array(texts, pa.string())).tolist(), strict=True):
        is_one = len(text.encode()) <= 7 and set(text) <= LETTERS
        # Spaces are let through: no postcode has the number of a text with a space in it.
        if " " not in text:
            assert (number != NOWHERE) == is_one


def test_missing_and_chunked_text_is_answered():
    chunked = pa.chunked_array([["SE154ST"], [None, "SE15 4ST"]], pa.string())
    number, missing, spaced = as_numbers(chunked).tolist()
    assert number > 0
    assert missing == NOWHERE
    assert spaced != number


def test_places_are_localities_and_then_authorities_outside_london():
    codes = place_codes()
    assert len(set(codes)) == len(codes)
    is_locality = ["-" in code for code in codes]
    assert is_locality == sorted(is_locality, reverse=True)
    assert "S12000049" in codes
    assert "E09000028" not in codes
