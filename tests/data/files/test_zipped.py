import io
import struct
import zipfile

import pytest
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import P

from data.errors import InputError
from data.files import zipped
from data.files.zipped import check_zipped

from .workbooks import NAMESPACE, SHEET_PART, saved, small_xlsx, with_parts, xlsx_of

NEAR = '<row r="1"><c r="A1"><v>1</v></c></row>'


def ods_of(*rows: TableRow) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="S")
    for row in rows:
        table.addElement(row)
    document.spreadsheet.addElement(table)
    return saved(document)


def ods_row(repeated: int = 1, columns: int = 1, value: str | None = "1") -> TableRow:
    row = TableRow(numberrowsrepeated=repeated)
    content = {} if value is None else {"valuetype": "float", "value": value}
    row.addElement(TableCell(numbercolumnsrepeated=columns, **content))
    return row


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c s="0"\n r = "XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
        '<row r="1"><c r="XFD1"/><c><v>1</v></c></row>',
    ],
)
def test_a_used_cell_far_to_the_right_is_named(cell):
    with pytest.raises(InputError, match=r"16,38[45] columns, to column XF[DE]; at most 512"):
        check_zipped(xlsx_of(NEAR + cell))


def test_a_used_cell_far_down_is_named_when_the_table_would_not_fit():
    with pytest.raises(InputError, match=r"used cells reach to row 1,048,576 and column AN; a stray cell"):
        check_zipped(xlsx_of(NEAR + '<row r="1048576"><c r="AN1048576"><v>1</v></c></row>'))


def test_prefixed_elements_are_seen():
    sheet = f"""<x:worksheet {NAMESPACE.replace("xmlns", "xmlns:x")}><x:sheetData><x:row r="1048576">
        <x:c r="XFD1048576"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"""
    with pytest.raises(InputError, match="16,384 columns"):
        check_zipped(with_parts(small_xlsx(), {SHEET_PART: sheet.encode()}))


@pytest.mark.parametrize(
    "rows",
    [
        NEAR + '<row r="1048576"><c r="XFD1048576" s="1"/></row>',
        NEAR + '<row r="1048576"><c r="C1048576"><v>1</v></c></row>',
        "<row><c><v>1</v></c></row>",
        "",
    ],
)
def test_empty_cells_may_be_anywhere_and_narrow_tables_may_be_long(rows):
    assert check_zipped(xlsx_of(rows)) is None


def test_a_cell_outside_the_grid_is_damage():
    with pytest.raises(InputError, match="damaged"):
        check_zipped(xlsx_of('<row r="99999999"><c r="XFE99999999"><v>1</v></c></row>'))


def test_a_sheet_in_a_wide_encoding_is_refused_since_its_cells_would_not_be_seen():
    sheet = f'<worksheet {NAMESPACE}><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    with pytest.raises(InputError, match="damaged"):
        check_zipped(with_parts(small_xlsx(), {SHEET_PART: sheet.encode("utf-16")}))


def test_cells_are_seen_wherever_the_stream_is_cut(monkeypatch):
    data = xlsx_of(NEAR * 50 + '<row r="3"><c r="ZZ3"><v>1</v></c></row>' + NEAR * 50)
    for size in range(41, 120):
        monkeypatch.setattr(zipped, "_PIECE_BYTES", size)
        with pytest.raises(InputError, match="702 columns, to column ZZ"):
            check_zipped(data)


def test_entities_are_refused():
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    prologue = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{laughs}]>'
    with pytest.raises(InputError, match="entities"):
        check_zipped(xlsx_of('<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>', prologue))


def test_a_part_that_is_packed_too_well_is_a_bomb():
    with pytest.raises(InputError, match=r"packed 1,0\d\d to 1"):
        check_zipped(with_parts(small_xlsx(), {"xl/media/image.png": bytes(40 << 20)}))


def test_all_parts_together_are_limited(monkeypatch):
    monkeypatch.setattr(zipped, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        check_zipped(small_xlsx())


def test_a_part_that_unpacks_to_more_than_it_states_is_stopped():
    true_size = 40 << 20
    data = with_parts(small_xlsx(), {"xl/media/image.png": bytes(true_size)})
    assert data.count(struct.pack("<I", true_size)) == 2  # before the part, and in the directory
    with pytest.raises(InputError, match="more than it states"):
        check_zipped(data.replace(struct.pack("<I", true_size), struct.pack("<I", 5000)))


def test_a_part_that_unpacks_to_less_than_it_states_is_damage():
    data = with_parts(small_xlsx(), {"xl/media/image.png": bytes(70_001)})
    with pytest.raises(InputError, match="damaged"):
        check_zipped(data.replace(struct.pack("<I", 70_001), struct.pack("<I", 70_002)))


def test_many_parts_are_not_even_listed():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(zipped.MAX_PARTS + 1):
            archive.writestr(str(number), b"")
    with pytest.raises(InputError, match="more than 10,000 parts"):
        check_zipped(buffer.getvalue())


def test_many_shared_texts_are_limited(monkeypatch):
    monkeypatch.setattr(zipped, "MAX_CELLS", 1000)
    with pytest.raises(InputError, match="more than 1,000 texts"):
        check_zipped(
            with_parts(small_xlsx(), {"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 1001 + b"</sst>"})
        )


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl/workbook.xml": None, "word/document.xml": b"<a/>"}, "a Word document"),
        ({"xl/workbook.xml": None, "ppt/presentation.xml": b"<a/>"}, "a presentation"),
        ({"xl/workbook.xml": None, "xl/workbook.bin": b"x"}, "XLSB"),
        ({"xl/workbook.xml": None, "Index/Document.iwa": b"x"}, "Numbers"),
        ({"xl/workbook.xml": None}, "a ZIP archive: unpack it"),
    ],
)
def test_other_archives_are_named(parts, words):
    with pytest.raises(InputError, match=words):
        check_zipped(with_parts(small_xlsx(), parts))


def test_a_text_document_is_no_sheet():
    with pytest.raises(InputError, match="a document without a sheet"):
        check_zipped(saved(OpenDocumentText()))


@pytest.mark.parametrize("size", [100, 4000])
def test_a_cut_archive_is_damage(size):
    with pytest.raises(InputError, match="damaged"):
        check_zipped(small_xlsx()[:size])


def test_an_encrypted_part_means_a_password():
    data = bytearray(small_xlsx())
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    with pytest.raises(InputError, match="locked with a password"):
        check_zipped(bytes(data))


def test_an_encrypted_ods_means_a_password():
    manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(InputError, match="locked with a password"):
        check_zipped(with_parts(ods_of(ods_row()), {"META-INF/manifest.xml": manifest}))


def test_an_ods_may_repeat_empty_cells_to_the_end_of_the_grid():
    assert check_zipped(ods_of(ods_row(), ods_row(repeated=1_048_575, columns=16_384, value=None))) is None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ods_row(columns=16_384), "16,384 columns, to column XFD"),
        (ods_row(repeated=1_048_576, columns=100), "reach to row 1,048,576 and column CV"),
        (ods_row(repeated=4_000_000_000), "reach to row 4,000,000,000 and column A"),
    ],
)
def test_an_ods_may_not_repeat_used_cells_without_end(row, words):
    with pytest.raises(InputError, match=words):
        check_zipped(ods_of(row))


def test_text_in_a_cell_makes_it_used():
    row = TableRow()
    cell = TableCell(numbercolumnsrepeated=1000)
    cell.addElement(P(text="x"))
    row.addElement(cell)
    with pytest.raises(InputError, match="1,000 columns"):
        check_zipped(ods_of(row))


@pytest.mark.parametrize(
    "encoding",
    ["UTF-99", "hex", "rot13", "shift_jis", "idna", "undefined", "", "x" * 30_000, "utf-16", "zlib"],
)
def test_a_part_in_an_encoding_nobody_can_read_is_damage(encoding):
    data = ods_of(ods_row())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + content[content.index(b"?>") + 2 :]
    with pytest.raises(InputError, match="damaged"):
        check_zipped(with_parts(data, {"content.xml": declared}))
