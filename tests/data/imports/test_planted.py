"""
5,500 planted identifiers, eleven kinds by 500, in every place of a file: each is refused, by row or as a whole file, and not one
of their bytes is left in the store, beside it, in temporary folders, in logs or in what the import tells.
"""

import gzip
import io
import json
import logging
import tempfile
import zipfile
from functools import cache
from xml.sax.saxutils import escape

import odf.office
import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.comments import Comment

from data.errors import InputError
from data.files.uploaded import UploadedTable
from data.identifiers.identifiers import (
    ADDRESS,
    EMAIL,
    HANDLE,
    HOME_OFFICE,
    INSURANCE,
    KINDS,
    NAME,
    NHS,
    OFFICER,
    PHONE,
    VEHICLE,
    WEB,
)
from data.imports.importer import import_file, import_files, read_batch
from data.logs.mapping import Mapping
from data.logs.saved_mappings import list_mappings, save_mapping
from data.store.store import files_of
from tests.conftest import SHARED_DATA
from tests.data.files.workbooks import saved, with_parts
from tests.data.planted import Planter

SEED, EACH = 5, 500
HEADINGS = [
    "Date", "Time", "Postcode", "Borough", "Place", "Latitude", "Longitude", "Type of place", "Outcome", "People detained",
    "Crowd size", "Duration", "Police present", "Community response", "Source", "Confidence", "Notes",
]  # fmt: skip
CLEAN = [
    "11/06/2022", "14:00", "SE15 4NF", "Southwark", "near Rye Lane, SE15", "", "", "home", "prevented", "", "200", "240", "yes", "yes", "press",
    "high", "two vans",
]  # fmt: skip
# One cell after the other takes the identifiers; the last column is dropped unread and refuses nothing.
CELLS = range(len(HEADINGS) - 1)
IN_CELLS, IN_NAMES = 320, 20  # of each kind: in cells, and in each of nine other places


@pytest.fixture(scope="module")
def planted():
    planter = Planter(SEED)
    return {kind: planter.some(kind, EACH) for kind in KINDS}


@pytest.fixture
def watched(toy_store, tmp_path, monkeypatch, caplog, capfd):
    """The store, with a look for planted bytes wherever an import could leave them."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    caplog.set_level(logging.DEBUG)

    def look(texts, *told):
        out, err = capfd.readouterr()
        said = "\n".join([*map(str, told), caplog.text, out, err])
        assert [text for text in texts if text in said] == []
        assert list(temporary.rglob("*")) == []
        for path in files_of(toy_store.path):
            for data in map(_written, [path] if path.is_file() else path.rglob("*")):
                found = [text for text in texts if text.encode() in data or text.encode("utf-16-le") in data]
                assert found == [], path.name

    return toy_store, look


def _written(path):
    """The bytes of a file, but for its long empty stretches."""
    return path.read_bytes().replace(bytes(64), b"")


def csv_line(cells):
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def rows_with(texts):
    """A clean row, then one for each text, in one column after the other."""
    rows = [CLEAN]
    for number, text in enumerate(texts):
        row = list(CLEAN)
        row[CELLS[number % len(CELLS)]] = text
        rows.append(row)
    return rows


def as_csv(rows):
    return "\n".join(csv_line(cells) for cells in [HEADINGS, *rows]) + "\n"


def wide(text):
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def with_zero_width(text):
    return "\u200b".join(text)


DISGUISES = {
    "as it is": (str, "utf-8"),
    "in UTF-16": (str, "utf-16"),
    "with zero-width signs": (with_zero_width, "utf-8"),
    "in full width": (wide, "utf-8"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_in_cells_every_row_is_refused_and_no_byte_stays(planted, watched, disguise):
    store, look = watched
    disguised, encoding = DISGUISES[disguise]
    number = list(DISGUISES).index(disguise)
    share = slice(number * IN_CELLS // 4, (number + 1) * IN_CELLS // 4)
    plain = [text for kind in KINDS for text in planted[kind][share]]
    texts = list(map(disguised, plain))
    report = import_file(store, UploadedTable("log.csv", as_csv(rows_with(texts)).encode(encoding)))
    refused = {reject.row for reject in report.rejects}
    assert [text for row, text in enumerate(texts, start=3) if row not in refused] == []
    assert (report.kept, report.rejected) == (1, len(KINDS) * IN_CELLS // 4)
    told = json.dumps(report.as_dict(), ensure_ascii=False)
    kept = store.sql("SELECT * FROM rejects").to_pylist(), store.sql("SELECT * FROM incidents").to_pylist()
    look({*plain, *texts}, told, kept, report.notes)


# Of the rest of each kind, 20 go to each of these.
def in_heading(text):
    at = len(HEADINGS)
    return (
        "log.csv",
        "\n".join([csv_line([*HEADINGS, text]), csv_line([*CLEAN, "x"])]).encode(),
        f"column {chr(65 + at)}",
    )


def in_mapped_heading(text):
    return (
        "log.csv",
        "\n".join([csv_line([text, *HEADINGS]), csv_line(["", *CLEAN])]).encode("utf-16"),
        "column A",
    )


def in_file_name(text):
    return f"{text.replace('/', '_')} log.csv", as_csv([CLEAN]).encode(), "The name of the file"


def in_banner(text):
    return "log.csv", f"# {text}\n\n{as_csv([CLEAN])}".encode(), "Row 1, above the headings"


MARK = "Hier"


def workbook(name="Log", comment=""):
    book = openpyxl.Workbook()
    book.active.title = name
    for row in (HEADINGS, CLEAN):
        book.active.append(row)
    if comment:
        book.active["B2"].comment = Comment(comment, "somebody")
    return saved(book)


def annotated():
    book = OpenDocumentSpreadsheet()
    table = Table(name="Log")
    for number, cells in enumerate((HEADINGS, CLEAN)):
        row = TableRow()
        for cell in cells:
            made = TableCell(valuetype="string")
            if number and cell == CLEAN[-1]:
                note = odf.office.Annotation()
                note.addElement(P(text=MARK))
                made.addElement(note)
            made.addElement(P(text=cell))
            row.addElement(made)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    return saved(book)


def threaded():
    part = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="C2" dT="2022-06-11T12:00:00.00" personId="{1}" id="{2}">'
        f"<text>{MARK}</text></threadedComment></ThreadedComments>"
    )
    return with_parts(workbook(), {"xl/threadedComments/threadedComment1.xml": part.encode()})


@cache
def parts_of(make):
    """The parts of a workbook that says `MARK` somewhere; made once, since making one takes longer than reading it."""
    with zipfile.ZipFile(io.BytesIO(make())) as book:
        return {name: book.read(name) for name in book.namelist()}


def saying(make, text):
    """The same workbook with the text in place of the mark."""
    written, found = io.BytesIO(), 0
    with zipfile.ZipFile(written, "w") as book:
        for name, part in parts_of(make).items():
            found += MARK.encode() in part
            book.writestr(name, part.replace(MARK.encode(), escape(text, {'"': "&quot;"}).encode()))
    assert found
    return written.getvalue()


def named():
    return workbook(MARK)


def commented():
    return workbook(comment=f"note: {MARK}")


def in_sheet_name(text):
    name = "".join(sign for sign in text if sign not in "[]:*?/\\'")[:31]
    return "log.xlsx", saying(named, name.strip()), "The name of sheet 1"


def in_comment(text):
    return "log.xlsx", saying(commented, text), "The comment on cell B2"


def in_threaded_comment(text):
    return "log.xlsx", saying(threaded, text), "cell C2"


def in_annotation(text):
    return "log.ods", saying(annotated, text), "A comment"


WORKBOOK = workbook()

PLACES = (
    in_heading, in_mapped_heading, in_file_name, in_banner, in_sheet_name, in_comment, in_threaded_comment, in_annotation,
)  # fmt: skip
# What cannot stand in the name of a sheet or a file.
CUT = {in_sheet_name: KINDS, in_file_name: (WEB, HOME_OFFICE, HANDLE)}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_around_the_cells_the_file_is_refused_and_no_byte_stays(planted, watched, place):
    store, look = watched
    start = IN_CELLS + PLACES.index(place) * IN_NAMES
    texts = [(kind, text) for kind in KINDS for text in planted[kind][start : start + IN_NAMES]]
    assert len(texts) == len(KINDS) * IN_NAMES
    told = []
    for kind, text in texts:
        name, data, said = place(text)
        if kind in CUT.get(place, ()) and is_cut(text):
            name, data, said = in_banner(text)
        with pytest.raises(InputError) as caught:
            import_file(store, UploadedTable(name, data))
        assert "looks like it holds" in str(caught.value), text
        assert said in str(caught.value), text
        told.append(caught.value)
    assert store.sql("SELECT count(*) AS n FROM imports").to_pylist() == [{"n": 0}]
    look([text for _, text in texts], *told)


def is_cut(text):
    return bool(set(text) & set("[]:*?/\\'")) or len(text) > 31


def test_beyond_the_headings_the_row_is_refused(planted, watched):
    store, look = watched
    texts = [text for kind in KINDS for text in planted[kind][IN_CELLS + len(PLACES) * IN_NAMES :]]
    assert len(texts) == len(KINDS) * IN_NAMES
    rows = [row for text in texts for row in (CLEAN, CLEAN, [*CLEAN, text])]
    report = import_file(store, UploadedTable("log.csv", as_csv(rows).encode()))
    assert (report.kept, report.rejected) == (2 * len(texts), len(texts))
    look(texts, json.dumps(report.as_dict(), ensure_ascii=False))


def test_the_same_file_without_them_is_kept_whole(watched):
    store, _ = watched
    report = import_file(store, UploadedTable("log.csv", as_csv([CLEAN] * 20).encode()))
    assert (report.kept, report.rejected, report.notes) == (20, 0, [])
    assert (
        import_file(store, UploadedTable("log.xlsx", workbook(comment="seen by two of us"))).already_there
        == 1
    )


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("14 Rye Lane, SE15 4NF", ADDRESS), ("Flat 3, SE15 4NF", ADDRESS), ("SE15 4NF, ring 07700 900123", PHONE),
        ("London: 07700 900123", PHONE), ("Aisha Okonkwo, Southwark", NAME), ("PC 1234, SE15", OFFICER), ("@rosa_k SE15", HANDLE),
        ("AB12 CDE outside, SE15", VEHICLE), ("a.b@x.org, SE15", EMAIL), ("943 476 5919, SE15", NHS), ("QQ123456C SE15", INSURANCE),
    ],
)  # fmt: skip
def test_a_place_that_can_be_looked_up_is_refused_with_what_stands_beside_it(toy_store, place, kind):
    row = [*CLEAN[:4], place, *CLEAN[5:]]
    report = import_file(toy_store, UploadedTable("log.csv", as_csv([CLEAN, row]).encode()))
    (reject,) = report.rejects
    assert (reject.row, reject.column) == (3, "place")
    assert reject.reason.startswith(
        f"Column E: The place looks like it holds {kind}; leave only the postcode"
    )


def test_a_plain_word_of_no_list_still_counts_as_unknown(toy_store):
    rows = [
        [*CLEAN[:8], word, *CLEAN[9:]] for word in ("went quiet after a while", "detenidos", "Aisha Okonkwo")
    ]
    report = import_file(toy_store, UploadedTable("log.csv", as_csv(rows).encode()))
    assert report.unknown_words == {"outcome": 2}
    assert [(reject.row, reject.column) for reject in report.rejects] == [(4, "outcome")]
    assert set(report.batch.unknown_words["outcome"]) == {"went quiet after a while", "detenidos"}


def test_columns_that_are_left_out_are_told_of_by_their_letters(toy_store):
    rows = [[*CLEAN[:-1], "Aisha Okonkwo", "07700 900123"], [*CLEAN[:-1], "Elena Popescu", "07700 900124"]]
    text = "\n".join(csv_line(cells) for cells in [[*HEADINGS[:-1], "Who", "Their number"], *rows])
    report = import_file(toy_store, UploadedTable("log.csv", text.encode()))
    assert report.notes == [
        "Columns Q and R were left out; they seem to hold names or phone numbers: delete them in your own copy."
    ]


def test_of_several_files_the_one_at_fault_is_counted_not_named(toy_store):
    files = [UploadedTable("log.csv", as_csv([CLEAN]).encode()), UploadedTable("Aisha Okonkwo.csv", b"x")]
    steps = []
    with pytest.raises(
        InputError, match=r"^File 2: The name of the file looks like it holds a name"
    ) as caught:
        import_files(toy_store, files, progress=lambda step, share: steps.append(step))
    assert "Okonkwo" not in f"{caught.value} {steps}"


def test_a_saved_format_leaves_no_byte_of_what_it_was_told(watched):
    store, look = watched
    words = {"outcome": {"Aisha Okonkwo": "prevented"}}
    name = save_mapping(
        store, Mapping(columns={"ring 07700 900123": "date", "नेहा शर्मा": "ignore"}, words=words)
    )
    assert list_mappings(store) == [name]
    look(["Okonkwo", "07700", "नेहा"], name)


def test_an_upload_never_touches_a_disk(watched, monkeypatch):
    _, look = watched
    clean = as_csv([CLEAN]).encode()
    read_batch(UploadedTable("log.csv", clean))  # the geography is read from disk, once
    opened = []
    uploads = (
        UploadedTable("log.csv", clean),
        UploadedTable("log.csv.gz", gzip.compress(clean)),
        UploadedTable("log.xlsx", WORKBOOK),
    )
    with monkeypatch.context() as patch:
        for name in ("builtins.open", "io.open", "tempfile.mkstemp", "tempfile.mkdtemp"):
            patch.setattr(name, lambda *args, **more: opened.append(args))
        assert [read_batch(upload).rows for upload in uploads] == [1, 1, 1]
    assert opened == []
    look(["near Rye Lane"])


REAL = [
    *sorted(SHARED_DATA.rglob("*.csv")), *sorted(SHARED_DATA.rglob("*.csv.gz")), *sorted(SHARED_DATA.rglob("*.xls*")),
    *sorted(SHARED_DATA.rglob("*.ods")), *sorted((SHARED_DATA.parent / "reported").glob("*.csv")),
]  # fmt: skip


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="needs ../shared/data, the real files")
@pytest.mark.slow
def test_no_real_file_is_refused_wrongly():
    wrong, n_read = [], 0
    for path in REAL:
        try:
            batch = read_batch(path)
        except InputError as error:
            if "looks like it holds" in str(error):
                wrong.append((path.name, str(error)))
            continue
        n_read += batch.rows
        wrong += [(path.name, reject) for reject in batch.rejects if "looks like it holds" in reject.reason]
    assert wrong == []
    assert n_read > 160_000
