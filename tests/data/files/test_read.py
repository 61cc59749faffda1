import csv
import datetime as dt
import gzip
import io
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.files import read
from data.files.read import read_sheets
from data.files.sheet import Sheet

from .workbooks import small_xlsx, with_parts, xlsx_of

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data, {name}")
    return path


def read_one(path: Path) -> Sheet:
    (sheet,) = read_sheets(path)
    return sheet


def written(folder: Path, content: bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_sheets(path)
    return str(error.value)


def without_blank_end(rows: list[list[str]]) -> list[list[str]]:
    """The rows without blank cells at their ends and without blank rows at the end of all."""
    rows = [list(row) for row in rows]
    for row in rows:
        while row and not row[-1].strip():
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


# Real text files, against Python's csv module told the encoding and the delimiter.


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("messy-tables/2013_police_counters.csv", "utf-8", ","),
        ("messy-tables/2016-police-perceptions.csv", "utf-8-sig", ","),
        ("messy-tables/excel_pasting.csv", "utf-8", ","),
        ("messy-tables/spanish_chars.csv", "cp1252", ","),
        ("messy-tables/utf-16le_encoded.csv", "utf-16", ","),
        ("messy-tables/utf8bom.csv", "utf-8-sig", ","),
        ("messy-tables/weird_head_padding.csv", "utf-8", ";"),
        ("barcelona-accidents/2013_accidents_gu_bcn.csv", "latin-1", ";"),
        ("barcelona-accidents/2019_accidents_gu_bcn.csv", "utf-8", ";"),
        ("nyc-shootings/NYPD_Shooting_2006_2015.csv", "utf-8", ","),
        ("met-stop-search/2022-12-metropolitan-stop-and-search.csv", "utf-8", ","),
        ("met-stop-search/2023-03-metropolitan-stop-and-search.csv", "utf-8", ","),
        ("met-stop-search/2022-09-metropolitan-stop-and-search.csv.gz", "utf-8", ","),
        ("met-burglary/2022-01-metropolitan-street.csv.gz", "utf-8", ","),
        ("ice-arrests/EROArrests_FY2018.csv.gz", "utf-8", "|"),
        ("ice-arrests/county_aor.csv", "utf-8", ","),
        ("city-of-london-police/2018-04-city-of-london-street.csv", "utf-8", ","),
        ("foi-immigration-raids/LondonRaidsByYear.csv", "utf-8", ","),
        ("foi-immigration-raids/YearByLondonPostDist.csv", "utf-8", ","),
        ("foi-immigration-raids/LondonPop.csv", "utf-8", ","),
        ("london-census-2021/census2021-ts024-ltla.csv", "utf-8", ","),
    ],
)
def test_real_text_files_read_as_the_csv_module_reads_them(name, encoding, delimiter):
    path = shared(name)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    # The csv module refuses bare carriage returns outside quotation marks unless given the lines.
    lines = io.StringIO(data.decode(encoding), newline="")
    text = lines.getvalue()
    if "\n" not in text:
        lines = io.StringIO(text.replace("\r", "\n"))
    sheet = read_one(path)
    expected = list(csv.reader(lines, delimiter=delimiter))
    assert without_blank_end(sheet.rows()) == without_blank_end(expected)
    assert sheet.row_numbers.tolist() == list(range(1, sheet.n_rows + 1))
    assert sheet.ragged_rows == []


@pytest.mark.parametrize(
    ("name", "n_rows"),
    [
        ("met-stop-search/2022-12-metropolitan-stop-and-search.csv", 5_706),
        ("met-stop-search/2022-09-metropolitan-stop-and-search.csv.gz", 12_447),
        ("nyc-shootings/NYPD_Shooting_2006_2015.csv", 17_531),
        ("barcelona-accidents/2013_accidents_gu_bcn.csv", 9_457),
        ("messy-tables/2013_police_counters.csv", 137),
    ],
)
def test_the_rows_below_the_heading_are_as_many_as_the_files_readme_says(name, n_rows):
    assert read_one(shared(name)).n_rows == n_rows + 1


def test_banner_lines_stand_as_rows_of_their_own():
    sheet = read_one(shared("ice-arrests/EROArrests_FY2018.csv.gz"))
    assert sheet.n_rows == 158_581 + 6
    assert sheet.rows(3, 6)[0] == [""] * 6
    assert sheet.rows(5, 6)[0][:2] == ["Area of Responsibility", "Apprehension Date"]
    assert sheet.rows(6, 7)[0][1] == "10/1/2017"


# Real workbooks, against openpyxl and against what their README says.


def text_of(value: object) -> str:
    """What a cell of openpyxl or pandas is as text."""
    if value is None or value != value:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat() if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@pytest.mark.parametrize(
    "name",
    [
        "foi-immigration-raids/55886 xxx Appendix A.xlsx",
        "foi-immigration-raids/56325 xxx Annex.xlsx",
        "ice-arrests/2018-ICFO-36170_Seattle_FY2018.xlsx",
    ],
)
def test_real_workbooks_read_as_openpyxl_reads_them(name):
    path = shared(name)
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheets = read_sheets(path)
    assert [sheet.name for sheet in sheets] == workbook.sheetnames
    for sheet in sheets:
        expected = [[text_of(value) for value in row] for row in workbook[sheet.name].values]
        assert without_blank_end(sheet.rows()) == without_blank_end(expected)
        assert sheet.n_columns < 12  # though one of them says that it reaches to column AMH
    workbook.close()


def test_an_official_return_keeps_the_places_its_readme_names():
    sheet = read_one(shared("foi-immigration-raids/56325 xxx Annex.xlsx"))
    assert sheet.rows(9, 10)[0][2:] == [
        "Post code and type of address",
        *("2014", "2015", "2016", "2017", "2018", "2019"),
        "Grand Total",
    ]
    assert sheet.rows(400, 401)[0][2::7] == ["Grand Total", "2500"]
    assert sheet.row_numbers[400] == 401


def test_the_stated_total_of_a_return_is_there_to_the_digit():
    sheet = read_one(shared("foi-immigration-raids/55886 xxx Appendix A.xlsx"))
    assert "4816" in {cell for row in sheet.rows() for cell in row}


def test_the_sheets_of_an_old_workbook_are_all_read():
    sheets = read_sheets(shared("messy-tables/ethnic-groups-by-borough.xls"))
    assert [sheet.name for sheet in sheets] == ["Metadata", *map(str, range(2018, 2011, -1))]
    rows = sheets[1].rows()
    assert rows[0][2] != ""
    assert rows[0][3:7] == [""] * 4  # merged with the cell before
    assert any("-" in row for row in rows)
    assert sum(row[0].startswith("E09") for row in rows) == 33


def test_several_lines_in_an_ods_cell_stay_one_cell():
    assert read_one(shared("messy-tables/multilineods.ods")).rows() == [["1\n2\n3\n4"]]


def test_a_merged_cell_has_its_text_in_its_first_place():
    rows = read_one(shared("messy-tables/span_rich.xls")).rows()
    assert [row[1:3] for row in rows[1:3]] == [["MERGE", ""], ["", ""]]


# Text in any encoding, delimiter and line end.

PLAIN = st.text(alphabet=st.sampled_from("abcXYZ 019éñ£ü"), min_size=1, max_size=12).map(str.strip)
HEADINGS = ["place", "cafés", "notes"]


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(PLAIN, min_size=3, max_size=3).filter(any), min_size=1, max_size=20),
    encoding=st.sampled_from(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    packed=st.booleans(),
)
def test_a_table_is_read_back_whatever_program_wrote_it(rows, encoding, delimiter, line_end, quoting, packed):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    # A quoted cell with everything that needs quoting, and letters that tell the encoding.
    writer.writerows([HEADINGS, [f"Peckham{delimiter} Rye", 'the "Blue" café', f"señor{line_end}£5"], *rows])
    data = text.getvalue().encode(encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), gzip.compress(data, mtime=0) if packed else data)
        sheet = read_one(path)
    expected = [HEADINGS, [f"Peckham{delimiter} Rye", 'the "Blue" café', f"señor{line_end}£5"], *rows]
    assert sheet.rows() == expected
    assert sheet.row_numbers.tolist() == list(range(1, len(expected) + 1))


def test_bytes_beyond_utf8_far_down_the_file_are_read_too(tmp_path):
    rows = [f"{number},plain" for number in range(700_000)]
    rows[-1] = "699999,café £5"
    path = written(tmp_path, b"number,note\n" + "\n".join(rows).encode("cp1252"))
    assert path.stat().st_size > 2 * read._PIECE_BYTES
    assert read_one(path).rows(700_000) == [["699999", "café £5"]]


def test_a_large_file_agrees_with_pandas(tmp_path):
    n = 150_000
    frame = pd.DataFrame(
        {
            "number": [str(value) for value in range(n)],
            "place": ["Peckham, Rye", 'the "Blue"', "two\nlines", "plain", ""] * (n // 5),
            "note": ["é", "x" * 40] * (n // 2),
        }
    )
    path = tmp_path / "large.csv"
    frame.to_csv(path, index=False)
    assert path.stat().st_size > read._PIECE_BYTES
    sheet = read_one(path)
    heading, first = sheet.rows(0, 2)
    assert heading == list(frame.columns)
    assert first == list(frame.iloc[0])
    for column, name in zip(sheet.columns, frame.columns, strict=True):
        assert column.slice(1).to_pylist() == frame[name].tolist()
    assert all(isinstance(column, pa.ChunkedArray) and column.null_count == 0 for column in sheet.columns)


# Bad input: one sentence, in little memory, without the contents.

TELLTALE = "Telltale"


def parquet() -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"a": [TELLTALE]}), buffer)
    return buffer.getvalue()


def sqlite() -> bytes:
    return b"SQLite format 3\0" + bytes(84) + TELLTALE.encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no bytes at all"),
        (b"\n\r\n\n", "only blank lines"),
        (b"\xef\xbb\xbf", "only blank lines"),
        (b"\xff\xfe", "only blank lines"),
        (b" , ,\n,,\n", "only blank lines"),
        (b"%PDF-1.7\n%\xe2\xe3 Telltale", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture (JPEG)"),
        (parquet(), "a Parquet file"),
        (sqlite(), "an SQLite database"),
        (bytes(8) + b"DUCK" + bytes(100), "a DuckDB database"),
        (b"  <html><body><table><tr><td>Telltale</td></tr></table>", "a web page"),
        ("\ufeff<!DOCTYPE html><p>Telltale".encode("utf-16-le"), "a web page"),
        (b'<?xml version="1.0"?><Workbook>Telltale</Workbook>', "an XML document"),
        (b'{"type": "FeatureCollection", "features": ["Telltale"]}', "a JSON document"),
        (b"{\\rtf1 Telltale}", "a rich text document"),
        (b"\x7fELF\x02\x01\x01\0", "a program"),
        (bytes(range(256)) * 40, "neither a text table nor a workbook"),
        (bytes(10_000), "nothing but zero bytes"),
        (b"a,b\n1,2\n3,Tell\0tale\n", "Line 3 holds a zero byte"),
        (gzip.compress(small_xlsx(), mtime=0), "what is inside is no text table"),
        (gzip.compress(b"", mtime=0), "no bytes at all"),
        (gzip.compress(b"a,b\n" * 10_000, mtime=0)[:-30], "damaged or cut short"),
        (b"\x1f\x8b" + b"Telltale" * 10, "damaged or cut short"),
        (with_parts(small_xlsx(), {"xl/workbook.xml": None, "word/document.xml": b"x"}), "a Word document"),
        (b"PK\x03\x04Telltale", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Telltale", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_one_sentence(tmp_path, content, words):
    sentence = refusal(written(tmp_path, content))
    assert words in sentence
    assert TELLTALE not in sentence
    assert "\n" not in sentence


def test_the_name_does_not_tell_what_a_file_is(tmp_path):
    assert read_one(written(tmp_path, small_xlsx(), "table.csv")).rows() == [["a", "b"], ["1", "2"]]
    assert read_one(written(tmp_path, b"a,b\n1,2\n", "table.xls")).rows() == [["a", "b"], ["1", "2"]]
    assert read_one(written(tmp_path, b"a\tb\n1\t2\n", "table.xlsx")).rows() == [["a", "b"], ["1", "2"]]


def test_a_folder_is_refused(tmp_path):
    assert "a folder, not a file" in refusal(tmp_path)


def test_a_missing_file_is_refused(tmp_path):
    assert "no file of this name" in refusal(tmp_path / "missing.csv")


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe")
    assert "a device or a pipe" in refusal(tmp_path / "pipe")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path, b"a,b\n")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(read, "open", refuse, raising=False)
    sentence = refusal(path)
    assert "not allowed to read" in sentence
    assert str(path) not in sentence


def test_a_disk_error_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path, b"a,b\n")

    def fail(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(read, "open", fail, raising=False)
    assert "could not be read from the disk" in refusal(path)


def test_nothing_is_written_to_disk(tmp_path, monkeypatch):
    written(tmp_path, "a,b\né,2\n".encode("utf-16"))
    written(tmp_path, small_xlsx(), "table.xlsx")
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for path in before:
        read_sheets(path)
    assert sorted(tmp_path.iterdir()) == before


MEASURE = """
import resource, sys
from data.errors import InputError
from data.files.read import read_sheets

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)

before = peak_mb()
try:
    read_sheets(sys.argv[1])
except InputError as error:
    print(round(peak_mb() - before), error)
"""


def measured_refusal(path: Path) -> tuple[int, str]:
    """The MB by which a fresh process grew while refusing a file, and the sentence."""
    limit = 12 << 30  # so that a failing test does not take the machine with it

    def cap_memory():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    result = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=cap_memory,
        timeout=120,
    )
    grown, sentence = result.stdout.split(" ", 1)
    return int(grown), sentence


def sparse(path: Path, n_bytes: int, beginning: bytes = b"") -> Path:
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(n_bytes)
    return path


def gzip_of(path: Path, piece: bytes, times: int) -> Path:
    with gzip.open(path, "wb") as file:
        for _ in range(times):
            file.write(piece)
    return path


BOMBS = {
    "2 GB of zeros": (lambda path: sparse(path, 2_000_000_000), "nothing but zero bytes"),
    "3 GB of text": (lambda path: sparse(path, 3 << 30, b"a,b\n1,2\n" * 2000), "at most 2,147 MB"),
    "zeros after a heading": (lambda path: sparse(path, 2_000_000_000, b"a,b\n" * 4000), "holds a zero byte"),
    "zeros after an XLSX": (lambda path: sparse(path, 2_000_000_000, small_xlsx()), "at most 268 MB"),
    "a line of 100 MB": (
        lambda path: path.write_bytes(b"x" * 100_000_000) and path,
        "Row 1 goes on for millions",
    ),
    "a cell of 100 MB": (
        lambda path: path.write_bytes(b'a,b\n1,"' + b"x" * 100_000_000) and path,
        "Row 2 goes on",
    ),
    "10,000 columns": (
        lambda path: path.write_bytes((b",".join([b"a"] * 10_000) + b"\n") * 1000) and path,
        "10,000 columns",
    ),
    "gzip of zeros": (lambda path: gzip_of(path, bytes(1 << 20), 1000), "nothing but zero bytes"),
    "gzip of lines": (lambda path: gzip_of(path, b"a,b,c\n" * 200_000, 500), "far more than a table"),
    "XLSX bomb": (lambda path: path.write_bytes(xlsx_of(" " * 300_000_000)) and path, "packed 1,0"),
    "far cell": (
        lambda path: (
            path.write_bytes(xlsx_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')) and path
        ),
        "16,384 columns",
    ),
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="measures with POSIX limits")
@pytest.mark.bomb
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_little_memory(tmp_path, bomb):
    make, words = BOMBS[bomb]
    grown_mb, sentence = measured_refusal(make(tmp_path / "bomb"))
    assert words in sentence
    assert grown_mb < 500
