"""Text tables of any delimiter, line end and quoting."""

import csv
import io

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.errors import InputError
from data.files import text as delimited
from data.files.text import (
    NO_DELIMITER,
    Layout,
    NotUtf8Error,
    careful_rows,
    find_layout,
    mend,
    read_delimited,
)


def careful(text: bytes, delimiter: str = ",") -> list[list[str]]:
    return [[cell.decode() for cell in row] for row in careful_rows(text, delimiter)]


@given(st.text(alphabet='ab",\n\r é', max_size=60))
def test_mended_text_has_the_same_rows_and_stands_the_strict_test_of_the_csv_module(text):
    mended, consumed = mend(text.encode(), ",", is_last=True)
    assert consumed == len(text.encode())
    rows = careful(text.encode())
    assert careful(mended) == rows
    strict = csv.reader(io.StringIO(mended.decode(), newline=""), strict=True)
    assert [row or [""] for row in strict] == rows


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


DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
MESSY_TEXT = st.text(alphabet='ab",\n\r é', max_size=60)


def rows_of(text: str | bytes) -> list[list[str]]:
    return read_delimited([text.encode() if isinstance(text, str) else text]).rows()


def parsed(
    text: bytes, layout: Layout, piece_bytes: int = 1 << 20
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Row number -> cells, of the rows that fit and of the ragged ones."""
    pieces = [text[at : at + piece_bytes] for at in range(0, len(text), piece_bytes)]
    collected = delimited._parse(pieces, layout)
    numbers = np.concatenate([np.empty(0, np.int64), *collected.row_numbers]).tolist()
    rows = [list(row) for part in collected.parts for row in zip(*(c.to_pylist() for c in part), strict=True)]
    return dict(zip(numbers, rows, strict=True)), dict(collected.ragged)


def expected(rows: list[list[str]], width: int) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """What `parsed` should give for these rows, by hand."""
    fitting, ragged = {}, {}
    for number, row in enumerate(rows, 1):
        if any(cell.strip() for cell in row[width:]):
            while not row[-1].strip():
                row = row[:-1]
            ragged[number] = row
        else:
            fitting[number] = (row + [""] * width)[:width]
    return fitting, ragged


@given(
    st.lists(st.lists(st.text(alphabet='ab",;|\t\n\r é£'), min_size=3, max_size=3), min_size=1, max_size=8),
    DELIMITERS,
    LINE_ENDS,
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_pythons_csv_module_writes_is_read_back(rows, delimiter, line_end, quoting):
    if quoting == csv.QUOTE_MINIMAL:  # then it quotes those line breaks only that end its own lines
        other = "\r\n".replace(line_end, "")
        assume(not any(sign in cell for sign in other for row in rows for cell in row))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    data = text.getvalue().encode()
    assert careful(data, delimiter) == rows
    # Arrow cannot tell a row of empty cells from a blank line, and need not.
    assert parsed(data, Layout(delimiter, 3, 3)) == (dict(enumerate(rows, 1)), {})


@given(MESSY_TEXT, st.integers(1, 4), st.integers(0, 3))
def test_any_text_parses_as_the_careful_rule_says(text, usual_width, n_more):
    data = text.encode()
    width = usual_width + n_more
    assume(data)
    assert parsed(data, Layout(",", width, usual_width)) == expected(careful(data), width)


@given(
    st.lists(
        st.lists(st.text(alphabet='ab", \n\ré', max_size=4), min_size=2, max_size=3), min_size=1, max_size=40
    ),
    st.sampled_from(["written", "joined"]),
    LINE_ENDS,
    st.integers(1, 200),
)
def test_where_the_text_is_cut_does_not_show(rows, how, line_end, piece_bytes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "MAX_QUOTED_BYTES", 24)
        delimited._cell_pattern.cache_clear()
        text = io.StringIO(newline="")
        if how == "written":
            csv.writer(text, lineterminator=line_end).writerows(rows)
        else:  # quotation marks wherever they fall
            text.write(line_end.join(",".join(row) for row in rows))
        data = text.getvalue().encode()
        whole = parsed(data, Layout(",", 3, 3))
        patch.setattr(delimited, "CHUNK_BYTES", 200)
        in_pieces = parsed(data, Layout(",", 3, 3), piece_bytes)
    delimited._cell_pattern.cache_clear()
    assert in_pieces == whole


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a,b\n5" pipe,x\n', [["a", "b"], ['5" pipe', "x"]]),
        ('a,b\n"Fred, High St\nq,"Bar, x"\n', [["a", "b"], ['"Fred', " High St"], ["q", "Bar, x"]]),
        ('a,b\nx,"never closed\ny,z\n', [["a", "b"], ["x", '"never closed'], ["y", "z"]]),
        ('a,b\n1, "x, y"\n', [["a", "b"], ["1", "x, y"]]),
        ('a,b\n"two\nlines",1\n', [["a", "b"], ["two\nlines", "1"]]),
        ('a,b\n"say ""no""",1\n', [["a", "b"], ['say "no"', "1"]]),
        ('a,b\nthe "Blue" cafe,1\n', [["a", "b"], ['the "Blue" cafe', "1"]]),
        ('a,b\n"the ""Blue" cafe,1\n', [["a", "b"], ['"the ""Blue" cafe', "1"]]),
    ],
)
def test_a_quotation_mark_that_closes_nothing_is_text(text, rows):
    assert rows_of(text) == rows


def test_all_line_ends_may_be_mixed():
    assert rows_of("a,b\r\n1,2\r3,4\n5,6\r\n") == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]


def test_rows_are_numbered_as_a_spreadsheet_does():
    sheet = read_delimited([b'Title\n\na,b,c\n1,"x\ny",3\n\n1,2\n1,2,3,4\n7,8,9\n\n\n'])
    assert sheet.row_numbers.tolist() == [1, 2, 3, 4, 5, 6, 8]
    assert sheet.rows(2, 4) == [["a", "b", "c"], ["1", "x\ny", "3"]]
    assert sheet.rows(5) == [["1", "2", ""], ["7", "8", "9"]]
    assert (sheet.ragged_rows, sheet.ragged_cells) == ([7], [["1", "2", "3", "4"]])


def test_row_numbers_go_on_over_many_chunks(monkeypatch):
    monkeypatch.setattr(delimited, "CHUNK_BYTES", 5000)
    lines = ["number,text"] + [
        f'{n},"line\nbreak"' if n % 3 else f"{n},{'x,' * (n % 2)}y" for n in range(2, 3000)
    ]
    lines[1500] = ""
    data = "\n".join(lines).encode()
    monkeypatch.setattr(delimited, "MAX_QUOTED_BYTES", 1000)
    sheet = read_delimited([data[at : at + 5000] for at in range(0, len(data), 5000)])
    numbers = [cell for cell in sheet.columns[0].to_pylist() if cell.isdigit()]
    assert numbers == [str(n) for n in sheet.row_numbers[1:] if n != 1501]
    assert sheet.ragged_rows == [n for n in range(2, 3000) if n % 3 == 0 and n % 2]


def test_cells_that_are_blank_do_not_make_a_row_ragged():
    sheet = read_delimited([b"a,b\n1,2,,\n3,4, ,\n5,6\n"])
    assert sheet.rows() == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]
    assert sheet.ragged_rows == []


def test_rows_that_all_end_with_a_delimiter_have_no_extra_column():
    assert rows_of("a,b\n1,2,\n3,4,\n") == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_a_column_that_most_rows_have_is_kept_though_it_has_no_heading():
    assert rows_of("a,b\n1,2,x\n3,4,y\n5,6,z\n")[:2] == [["a", "b", ""], ["1", "2", "x"]]


def test_headings_wider_than_all_rows_keep_their_width():
    assert rows_of("a,b,c\n1,2\n3,4\n5,6\n")[:2] == [["a", "b", "c"], ["1", "2", ""]]


def test_lines_that_do_not_split_stay_whole():
    assert rows_of("E1 45\nE2 17\n") == [["E1 45"], ["E2 17"]]


@pytest.mark.parametrize("text", [b"", b"\n", b"\r\n\r\n", b" \n\t\n"])
def test_text_of_blank_lines_is_empty(text):
    with pytest.raises(InputError, match="only blank lines"):
        rows_of(text)


@pytest.mark.parametrize(
    "text", [b"a,b\n1,\xe9\n", b'a,b\n1,x "\xe9" y\n', b"a,b\n1,2,\xe9\n", b"a,b\n\xe9\n"]
)
def test_bytes_that_are_not_utf8_are_told(text):
    with pytest.raises(NotUtf8Error):
        rows_of(text)


def test_a_row_without_end_is_refused_by_its_number(monkeypatch):
    monkeypatch.setattr(delimited, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(delimited, "MAX_QUOTED_BYTES", 100)
    text = b"a,b\n1,2\n" + b"x" * 3000
    with pytest.raises(InputError, match="Row 3 goes on for millions"):
        read_delimited([text[at : at + 500] for at in range(0, len(text), 500)])


def test_more_cells_than_can_be_held_are_refused(monkeypatch):
    monkeypatch.setattr(delimited, "MAX_CELLS", 100)
    with pytest.raises(InputError, match="more than 59 rows, over 100 cells"):
        rows_of("a,b\n" * 60)


def test_a_file_whose_rows_do_not_fit_its_headings_is_refused(monkeypatch):
    monkeypatch.setattr(delimited, "MAX_RAGGED", 20)
    monkeypatch.setattr(delimited, "SAMPLE_BYTES", 100)
    with pytest.raises(InputError, match=r"More than 20 rows, the last of them row 61, have more cells"):
        rows_of("a,b\n" + "1,2\n" * 30 + "1,2,3\n" * 30)
