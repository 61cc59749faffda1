import datetime as dt
import io
import struct

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from xlwt.CompoundDoc import XlsDoc

from data.errors import InputError
from data.files.workbook import read_workbook

from .workbooks import saved, small_xlsx, with_parts, xlsx_of


def rows_of(data: bytes, kind: str = "zip") -> list[list[str]]:
    (sheet,) = read_workbook(data, kind)
    return sheet.rows()


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_every_kind_of_cell_becomes_plain_text(epoch):
    workbook = openpyxl.Workbook()
    if epoch:
        workbook.epoch = epoch
    cells = {
        dt.date(2022, 6, 11): "2022-06-11",
        dt.datetime(2022, 6, 11): "2022-06-11",
        dt.datetime(2022, 6, 11, 12, 8): "2022-06-11T12:08:00",
        dt.datetime(2022, 6, 11, 23, 59, 59, 700_000): "2022-06-12T00:00:00",
        dt.time(12, 8): "12:08:00",
        dt.timedelta(hours=30, minutes=5): "30:05:00",
        True: "TRUE",
        False: "FALSE",
        12: "12",
        -12.0: "-12",
        12.5: "12.5",
        51.47423: "51.47423",
        0.00005: "0.00005",
        1e15: "1000000000000000",
        "two\nlines": "two\nlines",
        " padded ": " padded ",
        "007": "007",
    }
    workbook.active.append(list(cells))
    assert rows_of(saved(workbook)) == [list(cells.values())]


@pytest.mark.parametrize(
    ("serial", "number_format", "text"),
    [
        (44723, "[$-809]dd mmmm yyyy", "2022-06-11"),
        (44723.5, "mmm-yy", "2022-06-11T12:00:00"),
        (44723.5055555556, "dd/mm/yyyy hh:mm", "2022-06-11T12:08:00"),
        (0.5055555556, "h:mm AM/PM", "12:08:00"),
        (44723, "General", "44723"),
        (0.25, "0%", "0.25"),
        (2022, '0 "days"', "2022"),
        (2022.0, "#,##0", "2022"),
    ],
)
def test_the_number_format_tells_a_date_from_a_number(serial, number_format, text):
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = serial
    workbook.active["A1"].number_format = number_format
    assert rows_of(saved(workbook)) == [[text]]


def test_rows_and_columns_keep_their_places():
    workbook = openpyxl.Workbook()
    workbook.active["C3"] = "here"
    workbook.active["D5"] = "there"
    (sheet,) = read_workbook(saved(workbook), "zip")
    assert sheet.rows() == [[""] * 4, [""] * 4, ["", "", "here", ""], [""] * 4, ["", "", "", "there"]]
    assert sheet.row_numbers.tolist() == [1, 2, 3, 4, 5]


def test_formatted_empty_cells_and_hidden_columns_and_merged_cells():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["a", "hidden", "c"])
    sheet.append(["1", "2", "3"])
    sheet.merge_cells("A1:A2")
    sheet.column_dimensions["B"].hidden = True
    sheet.cell(5000, 600).fill = PatternFill("solid")
    assert rows_of(saved(workbook)) == [["a", "hidden", "c"], ["", "2", "3"]]


def test_cells_merged_down_a_column_are_told_with_their_rows():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["Date", "Place"], ["14/03/2023", "SE15"], ["", "SE5"], ["", "N17"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A1:B1")
    (found,) = read_workbook(saved(workbook), "zip")
    assert found.merged == [(0, 2, 3)]
    assert found.rows()[2] == ["", "SE5"]


def test_a_sheet_that_says_it_fills_the_grid_is_read_as_far_as_it_goes():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert rows_of(xlsx_of(rows)) == [["1"]]


def test_cells_without_references_and_strict_workbooks_are_read():
    assert rows_of(xlsx_of("<row><c><v>1</v></c><c><v>5</v></c></row><row><c><v>2</v></c></row>")) == [
        ["1", "5"],
        ["2", ""],
    ]


def test_empty_sheets_are_left_out_and_hidden_ones_kept():
    workbook = openpyxl.Workbook()
    workbook.active.title = "Empty"
    workbook.create_sheet("Data")["A1"] = "x"
    hidden = workbook.create_sheet("Hidden")
    hidden["A1"] = "y"
    hidden.sheet_state = "hidden"
    assert [sheet.name for sheet in read_workbook(saved(workbook), "zip")] == ["Data", "Hidden"]


def test_a_workbook_without_anything_is_empty():
    with pytest.raises(InputError, match="no sheet holds anything"):
        read_workbook(saved(openpyxl.Workbook()), "zip")


@pytest.mark.parametrize("left_out", ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_workbook_that_lacks_a_part_is_damaged(left_out):
    with pytest.raises(InputError, match="damaged"):
        read_workbook(with_parts(small_xlsx(), {left_out: None}), "zip")


def test_an_ods_is_read():
    cells = [
        ("11/06/22", {"valuetype": "date", "datevalue": "2022-06-11"}, "2022-06-11"),
        ("11/06/22", {"valuetype": "date", "datevalue": "2022-06-11T12:08:00"}, "2022-06-11T12:08:00"),
        ("12:08", {"valuetype": "time", "timevalue": "PT12H08M00S"}, "12:08:00"),
        ("12", {"valuetype": "float", "value": "12"}, "12"),
        ("TRUE", {"valuetype": "boolean", "booleanvalue": "true"}, "TRUE"),
        ("a\nb", {"valuetype": "string"}, "a\nb"),
    ]
    document = OpenDocumentSpreadsheet()
    table = Table(name="S")
    empty = TableRow(numberrowsrepeated=2)
    empty.addElement(TableCell(numbercolumnsrepeated=1000))
    row = TableRow()
    row.addElement(TableCell())
    for text, attributes, _ in cells:
        cell = TableCell(**attributes)
        for line in text.split("\n"):
            cell.addElement(P(text=line))
        row.addElement(cell)
    rest = TableRow(numberrowsrepeated=1_000_000)
    rest.addElement(TableCell(numbercolumnsrepeated=16_384))
    for each in (empty, row, rest):
        table.addElement(each)
    document.spreadsheet.addElement(table)
    assert rows_of(saved(document)) == [[""] * 7, [""] * 7, ["", *(text for _, _, text in cells)]]


def xls_with_a_date() -> xlwt.Workbook:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("S")
    sheet.write(1, 1, dt.datetime(2022, 6, 11, 12, 8), xlwt.easyxf(num_format_str="DD/MM/YYYY HH:MM"))
    sheet.write(1, 2, 12)
    return workbook


def test_an_xls_is_read():
    assert rows_of(saved(xls_with_a_date()), "ole") == [["", "", ""], ["", "2022-06-11T12:08:00", "12"]]


def test_a_locked_xls_asks_for_the_password_to_be_removed():
    stream = xls_with_a_date().get_biff_data()
    first = 4 + struct.unpack("<H", stream[2:4])[0]
    password = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + bytes(48)
    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream[:first] + password + stream[first:])
    with pytest.raises(InputError, match="locked with a password"):
        read_workbook(buffer.getvalue(), "ole")


def renamed_stream(data: bytes, name: str) -> bytes:
    """An OLE file with another name for its workbook's stream."""
    return data.replace(*(each.encode("utf-16-le").ljust(64, b"\0") for each in ("Workbook", name)))


def test_a_locked_xlsx_asks_for_the_password_to_be_removed():
    # Excel puts the encrypted archive into an OLE file, in a stream of this name.
    with pytest.raises(InputError, match="locked with a password"):
        read_workbook(renamed_stream(saved(xls_with_a_date()), "EncryptedPackage"), "ole")


def test_an_old_document_is_no_workbook():
    with pytest.raises(InputError, match="an old Office file without a sheet"):
        read_workbook(renamed_stream(saved(xls_with_a_date()), "WordDocument"), "ole")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:100],
        lambda data: data[:3000],
        lambda data: data[:512] + bytes(len(data) - 512),  # sector 0 is followed by sector 0, without end
        lambda data: data[:44] + b"\xff" * (len(data) - 44),
    ],
)
def test_an_ole_file_whose_sectors_lead_nowhere_is_damaged(spoil):
    with pytest.raises(InputError, match="damaged"):
        read_workbook(spoil(saved(xls_with_a_date())), "ole")


@pytest.mark.parametrize(
    ("record", "content"),
    [
        (0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 10, 0)),
        (0x203, struct.pack("<HHHd", 0xFFFF, 0xFFFF, 0, 1.0)),
        (0xBD, struct.pack("<HHHIHIH", 0xFFFF, 255, 0, 0, 0, 0, 256)),
    ],
)
def test_an_xls_cell_outside_the_grid_is_damage(record, content):
    stream = xls_with_a_date().get_biff_data()
    sheet = stream.rindex(b"\x09\x08\x10\x00")
    start = sheet + 4 + 16
    added = struct.pack("<HH", record, len(content)) + content
    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream[:start] + added + stream[start:])
    with pytest.raises(InputError, match="damaged"):
        read_workbook(buffer.getvalue(), "ole")
