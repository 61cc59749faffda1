import pypdfium2

from analysis.leafleting.requests import Spot
from analysis.leafleting.sheets import walk_sheets
from tests.analysis.leafleting.test_sheets import sheet
from tests.browser.scripts import SCRIPTS

# Ways out of a text of a PDF, besides those of a page.
BREAKS = (
    ") Tj ET endstream endobj 9 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj (",
    "(((", ")))", "\\", "\\)", "\0", "\r\n%%EOF", "<< /OpenAction 9 0 R >>", "\U0001f600",
)  # fmt: skip


def test_a_printed_sheet_holds_texts_as_text_and_nothing_that_acts():
    texts = (*SCRIPTS, *BREAKS)
    sheets, spots = [], []
    for number, text in enumerate(texts, start=1):
        stops = [(text, 534_000.0 + 37 * place, 176_000.0, 19, text) for place in range(2)]
        looks = {"code": text, "area": text, "languages": [text, text], "stops": stops}
        sheets.append(sheet(2, number, len(texts), **looks))
        spots.append(Spot("market", text, 10))
    document = pypdfium2.PdfDocument(walk_sheets(sheets, SCRIPTS[5], spots))
    raw = pypdfium2.raw
    # One sheet a walk whatever its texts, behind the covers and before the spots.
    assert len(document) >= len(texts)
    assert raw.FPDF_GetFormType(document) == raw.FORMTYPE_NONE
    assert raw.FPDFDoc_GetJavaScriptActionCount(document) == 0
    assert raw.FPDFDoc_GetAttachmentCount(document) == 0
    for page in document:
        assert raw.FPDFPage_GetAnnotCount(page) == 0
    shown = "".join(page.get_textpage().get_text_range() for page in document)
    assert "onerror=ran(5)" in shown
    assert "/JavaScript" in shown
