import pytest

from pages.shared.plain import plain


@pytest.mark.parametrize(
    "text",
    ["![x](http://example.org/x.png)", "<img src=x>", ":material/home:", "$x^2$", "a_b_c", "# big", "[a](b)"],
)
def test_nothing_in_a_text_is_read_as_markdown(text):
    escaped = plain(text).replace("\u2060", "")
    for at, character in enumerate(text):
        if character in "![]<>:$_#":
            assert f"\\{character}" in escaped, at


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("see http://example.org", "http:"),
        ("HTTPS://example.org", "HTTPS:"),
        ("www.example.org", "www."),
        ("WWW.example.org", "WWW."),
        ("a@example.org", "a@"),
        (":material/home:", ":material"),
        (":tada:", ":tada"),
    ],
)
def test_what_would_be_a_link_or_an_icon_by_its_look_is_broken_where_nobody_sees_it(text, whole):
    shown = plain(text).replace("\\", "")
    assert whole not in shown
    assert shown.replace("\u2060", "") == text


@pytest.mark.parametrize("text", ["chicken shop", "from 12:30, at 5 o'clock", "a / b @ c"])
def test_words_stay_words(text):
    assert plain(text).replace("\\", "") == text


def test_a_line_break_cannot_start_a_list_or_a_heading():
    assert "\n" not in plain("one\n# two")


def test_a_text_cannot_turn_round_what_follows_it():
    assert plain("a\u202eb\u2066c") == "abc"
