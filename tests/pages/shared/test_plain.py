import pytest

from pages.shared.plain import plain


@pytest.mark.parametrize(
    "text",
    ["![x](http://example.org/x.png)", "<img src=x>", ":material/home:", "$x^2$", "a_b_c", "# big", "[a](b)"],
)
def test_nothing_in_a_text_is_read_as_markdown(text):
    escaped = plain(text)
    for at, character in enumerate(text):
        if character in "![]<>:$_#":
            assert f"\\{character}" in escaped, at


def test_words_stay_words():
    assert plain("chicken shop") == "chicken shop"


def test_a_line_break_cannot_start_a_list_or_a_heading():
    assert "\n" not in plain("one\n# two")
