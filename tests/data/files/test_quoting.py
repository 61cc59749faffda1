import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from data.files.quoting import careful_rows, mend


def careful(text: bytes) -> list[list[str]]:
    return [[cell.decode() for cell in row] for row in careful_rows(text, ",")]


@given(st.text(alphabet='ab",\n\r é', max_size=60))
def test_mended_text_has_the_same_rows_and_stands_the_strict_test_of_the_csv_module(text):
    mended, consumed = mend(text.encode(), ",", is_last=True)
    assert consumed == len(text.encode())
    rows = careful(text.encode())
    assert careful(mended) == rows
    strict = csv.reader(io.StringIO(mended.decode(), newline=""), strict=True)
    assert [row or [""] for row in strict] == rows
