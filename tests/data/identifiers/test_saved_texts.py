"""A name that is kept may hold a year or a number of its own; a value of a record is none."""

import pytest

from data.errors import InputError
from data.identifiers.saved_texts import DATE, NUMBER, POSTCODE, refuse_name, value_in


@pytest.mark.parametrize(
    "name", ["raid log 2024", "FOI 55886", "log June 2024", "2024 raids v2", "Peckham 2019-2024"]
)
def test_a_name_with_a_year_or_a_number_is_kept(name):
    refuse_name(name, "name of the mapping")
    assert value_in(name) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2024", DATE), ("June 2024", DATE), ("14 June 2024", DATE), ("raid 14 June 2024", DATE), ("14/06/2024 06:30", DATE),
        ("45457", NUMBER), ("51.47, -0.06", NUMBER), ("SE15 4QN", POSTCODE), ("back of SE15 4QN", POSTCODE),
    ],
)  # fmt: skip
def test_a_value_of_a_record_is_refused_as_a_name(text, kind):
    assert value_in(text) in (kind, DATE)
    with pytest.raises(InputError):
        refuse_name(text, "name of the mapping")


@pytest.mark.parametrize("length", [40, 41])
def test_only_forty_letters_and_six_words_are_kept(length):
    name = "raids of " + "x" * (length - 9)
    if length == 40:
        refuse_name(name, "heading")
    else:
        with pytest.raises(InputError, match="longer than 40 letters or 6 words"):
            refuse_name(name, "heading")
    refuse_name("a b c d e f", "heading")
    with pytest.raises(InputError, match="longer than"):
        refuse_name("a b c d e f g", "heading")
