import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.returns.cells import (
    NotAFigureError,
    area_of_total,
    is_total,
    read_area,
    read_figure,
    read_postal_area,
    read_setting,
)
from data.schema import SETTINGS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("N1", "N1"),
        ("WC2R", "WC2R"),
        ("e 1", "E1"),
        ("E01", "E1"),
        ("E1*", "E1"),
        ("E1 (Whitechapel)", "E1"),
        ("N15 South Tottenham", "N15"),
        ("Camden", "E09000007"),
        ("LB of Camden", "E09000007"),
        ("Kensington & Chelsea", "E09000020"),
        ("E09000001", "E09000001"),
    ],
)
def test_an_area_is_read_in_its_usual_spellings(text, code):
    assert read_area(text).code == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Q1",
        "2014",
        "E1 6AN",
        "E1 6",
        "W1 (A-W)",
        "E",
        "E10B",
        "Total",
        "Residential",
        "Wakefield",
        "N1 Total",
    ],
)
def test_what_is_no_area(text):
    assert read_area(text) is None


def test_totals_and_group_lines():
    for text in (
        "Total",
        "Year Total",
        "Grand Total",
        "Sub-total N",
        "Total for WC",
        "All postcodes",
        "London",
    ):
        assert is_total(text), text
    for text in ("E:", "N1", "Central London", "Residential", "Totally different words stand here"):
        assert not is_total(text), text
    assert read_postal_area("NW postcodes") == "NW"
    assert read_postal_area("Total EC") == "EC"
    assert read_postal_area("Q:") is None
    assert area_of_total("N1 Total").code == "N1"
    assert area_of_total("N1") is None


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("Residential (Flat)", "home"),
        ("Residential", "home"),
        ("Restaurant/Takeaway", "workplace"),
        ("Employers address", "workplace"),
        ("Hospital/Care Home", "other"),
        ("Police station", "other"),
        ("Train Station", "transport"),
        ("Street Market", "market"),
        ("Supermarket", "workplace"),
        ("Street", "street"),
        ("Not recorded", "unknown"),
        ("Grand Total", "all"),
        ("Spaceship", None),
    ],
)
def test_kinds_of_address_become_settings(text, setting):
    assert read_setting(text) == setting
    assert setting in (*SETTINGS, "all", None)


def test_what_notes_say_of_a_sign_goes_before_its_usual_meaning():
    assert read_figure("-") == (0, 0)
    assert read_figure("-", {"-": (1, 4)}) == (1, 4)
    with pytest.raises(NotAFigureError, match="withholds"):
        read_figure("-", {"-": None})


@given(st.text(max_size=30))
def test_no_cell_breaks_the_reading_or_is_repeated(text):
    try:
        low, high = read_figure(text)
    except NotAFigureError:
        pass
    else:
        assert 0 <= low <= high
    # A word of our own sentences may stand in a cell; this one does not.
    with pytest.raises(NotAFigureError) as refused:
        read_figure(f"{text} zebra")
    assert "zebra" not in str(refused.value)
    read_area(text)
    read_setting(text)
    is_total(text)


@given(st.integers(0, 10_000_000))
def test_whole_numbers_are_read_however_they_are_written(number):
    for text in (str(number), f"{number}.0", f"{number:,}", f" {number:,} ".replace(",", " ")):
        assert read_figure(text) == (number, number)
