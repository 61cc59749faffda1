"""Workbooks made by hand for the tests, as bytes."""

import io
import zipfile

import openpyxl

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET_PART = "xl/worksheets/sheet1.xml"


def saved(workbook) -> bytes:
    """The bytes of a workbook of openpyxl, xlwt or odfpy."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def small_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.append(["a", "b"])
    workbook.active.append([1, 2])
    return saved(workbook)


def with_parts(data: bytes, parts: dict[str, bytes | None]) -> bytes:
    """The same archive with some parts replaced, added or (None) left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **parts}:
            content = parts[name] if name in parts else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def xlsx_of(rows: str, prologue: str = "") -> bytes:
    """An XLSX workbook whose one sheet has these rows, as XML, and says that it fills the whole grid."""
    sheet = (
        f'<?xml version="1.0"?>{prologue}<worksheet {NAMESPACE}><dimension ref="A1:XFD1048576"/>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    return with_parts(small_xlsx(), {SHEET_PART: sheet.encode()})
