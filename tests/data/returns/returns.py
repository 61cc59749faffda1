"""Official returns made up for the tests: as rows, and written in every kind of file they come in."""

import csv
from pathlib import Path

import odf.opendocument
import odf.table
import odf.text
import openpyxl

from data.files.read import read_sheets
from data.returns.counts import CountsBatch, parse_counts

Rows = list[list[object]]


def write_csv(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path: Path, *sheets: Rows) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    book.save(path)
    return path


def write_ods(path: Path, rows: Rows) -> Path:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Sheet1")
    for row in rows:
        line = odf.table.TableRow()
        for value in row:
            if isinstance(value, int):
                cell = odf.table.TableCell(valuetype="float", value=value)
            else:
                cell = odf.table.TableCell(valuetype="string")
            cell.addElement(odf.text.P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


WRITERS = {
    "csv": write_csv,
    "tsv": lambda path, rows: write_csv(path, rows, "\t"),
    "xlsx": write_xlsx,
    "ods": write_ods,
}


def parse(path: Path) -> CountsBatch:
    return parse_counts(read_sheets(path), path.name)


def parse_rows(folder: Path, rows: Rows, name: str = "return.csv") -> CountsBatch:
    return parse(write_csv(folder / name, rows))


def figures(batch: CountsBatch, setting: str = "all") -> dict[tuple[str, str, str], tuple[int, int]]:
    """(area, first day, last day) -> (fewest, most) of one setting."""
    return {
        (row["area_code"], str(row["period_start"]), str(row["period_end"])): (
            row["visits_low"],
            row["visits_high"],
        )
        for row in batch.counts.to_pylist()
        if row["setting"] == setting
    }


def by_area(batch: CountsBatch, setting: str = "all") -> dict[str, tuple[int, int]]:
    """Area -> (fewest, most) of a return with one period."""
    return {area: figure for (area, _, _), figure in figures(batch, setting).items()}


def mismatches(batch: CountsBatch) -> list[tuple[int, str, object, object]]:
    """(row, column, stated, recomputed) of every total that does not match."""
    return [
        (check["row"], check["column"], check["stated"], check["recomputed"])
        for check in batch.totals_checked
        if not check["matches"]
    ]
