"""What spreadsheets would make of a text table: their cells, by all the ways of parting them, and which of them would compute."""

import csv
import io
import re
import unicodedata

FORMS = [
    "{}1+1",
    "{}cmd|' /C calc'!A0",
    "{}HYPERLINK(\"http://example.org\",\"x\")",
    " {}1+1",
    "\u00a0{}1+1",
    "\u3000{}1+1",
    "\u200b{}1+1",
    "\ufeff{}1+1",
    "\u2060\u00ad{}1+1",
    "\u0301{}1+1",
    "\x0b{}1+1",
    "\"{}1+1",
    "\" {}1+1\"",
    "“{}1+1”",
    "`{}1+1",
    "note;{}1+1",
    "note; {}1+1",
    "note;\"{}1+1\"",
    "note\t{}1+1",
    "note\n{}1+1",
    "note\r{}1+1",
    "note\r\n{}1+1",
    "note\u2028{}1+1",
    "note|{}1+1",
    "note:{}1+1",
    "note: {}1+1",
    "note^{}1+1",
    "note~{}1+1",
    "note\n\n  {}1+1",
]  # fmt: skip
LEADS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "−"]
# The ways in which a spreadsheet may part cells: by its language, by what a person chose, or by the clipboard.
DELIMITERS = ",;\t|:^~"


def rows_of(text: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a text table, quotation marks minded."""
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def is_live(cell: str) -> bool:
    """Whether any spreadsheet might compute the cell: its rule is the broadest, and its code not that of the export."""
    seen = "".join(letter for letter in cell if unicodedata.category(letter)[0] not in "CZM")
    seen = unicodedata.normalize("NFKC", seen.strip('"`´‘’“”„«»')).lstrip()
    if cell.startswith("'") or re.fullmatch(r"-|-?\d+(\.\d+)?", seen, re.ASCII):
        return False
    return seen.startswith(("=", "+", "-", "@", "−"))


def cells_as_opened(text: str) -> list[str]:
    """Every cell of a file as spreadsheets of all settings would part it, with quotation marks minded and without."""
    cells = []
    for delimiter in DELIMITERS:
        cells += [cell for row in rows_of(text, delimiter) for cell in row]
    text = text.removeprefix("\ufeff")
    # Comma alone is minded by whoever reads the file as what it is.
    cells += [cell for line in text.splitlines() for cell in re.split("[;\t|:^~]", line)]
    # A number with the next cell behind its comma is no formula where commas do not part cells.
    return [cell for cell in cells if not re.fullmatch(r" *-\d+(\.\d+)?,x?", cell)]
