import pytest

from data.errors import InputError
from data.files.layout import NO_DELIMITER, Layout, find_layout


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("a,b,c\n1,2,3\n", Layout(",", 3, 3)),
        ("a;b\n1,5;2,5\n2,5;3,5\n", Layout(";", 2, 2)),
        ("a;b\n" + "1,5;2,5\n" * 1000, Layout(";", 2, 2)),
        ("a,b\n" + "1,x; y\n" * 90 + "1,x; y,z\n" * 10, Layout(",", 2, 2)),
        ("a\tb\n1, 2\t3\n", Layout("\t", 2, 2)),
        ('"a"|"b"|"c"\n"x, y"|2|3\n', Layout("|", 3, 3)),
        ("sep=;\r\na;b\r\n1,2;2,3\r\n", Layout(";", 2, 2)),
        ("A title\nOn 1 June, we\nx,y,z\n1,2,3\n4,5,6\n", Layout(",", 3, 3)),
        ("postcode\nSE15\nE8\n", Layout(NO_DELIMITER, 1, 1)),
        ("E1 45\n" * 40 + "One, two\n", Layout(NO_DELIMITER, 1, 1)),
    ],
)
def test_the_layout_is_found(text, layout):
    assert find_layout(text.encode(), is_whole=True) == layout


def test_too_many_columns_are_counted():
    with pytest.raises(InputError, match=r"10,000 columns, to column NTP; at most 512"):
        find_layout(b",".join([b"a"] * 10_000) + b"\n" + b",".join([b"1"] * 10_000), is_whole=True)
