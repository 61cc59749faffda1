"""Everything that leaves the dashboard as a table: a store full of formulas, every page and command, and no cell that computes."""

import ast
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import streamlit as st
from typer.testing import CliRunner

import cli
from analysis.export import to_csv
from analysis.leafleting.exports import stops_table, to_geojson, to_gpx
from data.keeping.opening import open_store
from tests.pages.conftest import PAGES, open_page
from tests.spreadsheets import FORMS, LEADS, cells_as_opened, is_live, rows_of

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = [ROOT / "dashboard.py", ROOT / "cli.py"]
SCRIPTS += [path for folder in ("pages", "commands", "analysis") for path in (ROOT / folder).rglob("*.py")]
# Ways of writing a table that know nothing of formulas.
WRITERS = {
    "to_excel",
    "to_clipboard",
    "to_html",
    "to_latex",
    "to_markdown",
    "ExcelWriter",
    "DictWriter",
    "writerow",
    "writerows",
}
# Their own toolbar saves what they show; and what asks outside hosts by itself.
ELEMENTS = {"dataframe", "data_editor", "table", "map", "pydeck_chart", "link_button"}
# What a button may save besides tables: walks, whose formats know no formulas, and a backup, which is no text.
MAKERS = {"to_csv", "to_geojson", "to_gpx", "walk_sheets"}
FORMULAS = [form.format(lead) for lead in LEADS[:8] for form in FORMS]
PATHS = {
    "pages/1_Where.py": [{}, {"level": "district"}, {"question": "hot-spots"}, {"question": "heard-of"}, {"question": "residents"},
                         {"area": "E09000012"}],
    "pages/1_Area.py": [{"area": "E09000012"}],
    "pages/2_When.py": [{"area": "E09000012"}],
    "pages/3_Trends.py": [{"area": "E09000012"}],
    "pages/5_Leaflet.py": [{"do": "walks"}],
    "pages/6_Records.py": [{"section": "files"}],
}  # fmt: skip


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call of a file, with the last part of the name that is called."""
    found = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [(getattr(node.func, "attr", getattr(node.func, "id", "")), node) for node in found]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_table_leaves_but_through_the_safe_writer(path):
    named = calls(path)
    assert not {name for name, _call in named} & WRITERS
    for name, call in named:
        is_of_streamlit = getattr(getattr(call.func, "value", None), "id", "") == "st"
        assert not (is_of_streamlit and name in ELEMENTS), name
        # A method of a data frame, which is not the function of the same name.
        if name == "to_csv" and isinstance(call.func, ast.Attribute):
            assert path == ROOT / "analysis" / "export.py"


def test_every_button_that_saves_makes_a_safe_table_or_no_table():
    with_buttons = {
        path.relative_to(ROOT).as_posix()
        for path in SCRIPTS
        if any(name == "download_button" for name, _call in calls(path))
    }
    # A backup (7_Lock) is an encrypted archive.
    assert with_buttons <= {
        "pages/shared/downloads.py", "pages/shared/leaflet/plan.py", "pages/shared/records/import_form.py", "pages/7_Lock.py",
    }  # fmt: skip
    for name in ("downloads.py", "records/import_form.py"):
        for called, call in calls(ROOT / "pages" / "shared" / name):
            if called == "download_button":
                assert _made_by(call.args[1]) == {"to_csv"}
    offers = [
        call for name, call in calls(ROOT / "pages" / "shared" / "leaflet" / "plan.py") if name == "_offer"
    ]
    assert offers
    for call in offers:
        assert (_made_by(call.args[1]) or {"walk_sheets"}) <= MAKERS


def _made_by(node: ast.expr) -> set[str]:
    """The function that a lambda hands its text over from."""
    return {getattr(node.body.func, "id", "")} if isinstance(node, ast.Lambda) else set()


@pytest.fixture(scope="module")
def formula_database(tmp_path_factory):
    path = tmp_path_factory.mktemp("formulas") / "raids.duckdb"
    store = open_store(path)
    with store.write() as connection:
        for level in ("borough", "district", "locality"):
            query = "SELECT code FROM areas WHERE level = ? ORDER BY code"
            codes = [code for (code,) in connection.execute(query, [level]).fetchall()]
            names = [FORMULAS[number % len(FORMULAS)] for number in range(len(codes))]
            connection.execute(
                "UPDATE areas SET name = each.new FROM (SELECT unnest(?::VARCHAR[]) AS old, unnest(?::VARCHAR[]) AS new) AS each "
                "WHERE level = ? AND code = each.old",
                [codes, names, level],
            )
        connection.execute("UPDATE counts SET reference = ?", ["=cmd|' /C calc'!A0"])
        for formula in FORMULAS:
            connection.execute("INSERT INTO groups VALUES ('copwatch', NULL, 'borough', ?)", [formula])
    return path


@pytest.fixture
def _formulas(formula_database, monkeypatch):
    monkeypatch.setenv("RAIDS_DATABASE", str(formula_database))
    st.cache_resource.clear()


@pytest.mark.usefixtures("_formulas")
@pytest.mark.parametrize("script", PAGES)
def test_no_download_of_a_page_computes(script, monkeypatch):
    made = []
    monkeypatch.setattr(st, "download_button", lambda _label, make, *_args, **_looks: made.append(make))
    for query in PATHS.get(script, [{}]):
        open_page(script, **query)
    # The lock's page saves an encrypted archive, and only when asked.
    texts = [make() for make in made if callable(make)]
    if script not in ("dashboard.py", "pages/5_Leaflet.py", "pages/7_Lock.py", "pages/8_About.py"):
        assert texts
    for text in texts:
        assert isinstance(text, str)
        assert [cell for cell in cells_as_opened(text) if is_live(cell)] == []


@pytest.mark.usefixtures("_formulas")
@pytest.mark.parametrize(
    "command",
    [
        "where",
        "where --by district",
        "where --by locality --source incidents",
        "when",
        "outcomes",
        "trends",
        "hotspots",
        "organise",
    ],
)
def test_no_table_of_the_command_line_computes(command):
    result = CliRunner().invoke(cli.app, ["query", *command.split(), "--csv"])
    assert result.exit_code == 0, result.output
    assert len(rows_of(result.stdout)) > 1
    assert [cell for cell in cells_as_opened(result.stdout) if is_live(cell)] == []


@pytest.mark.usefixtures("_formulas")
def test_rows_set_aside_do_not_compute(tmp_path):
    log, aside = tmp_path / "log.csv", tmp_path / "aside.csv"
    columns = {"Date": "not a day", "Postcode": "SE15 4QL", "Outcome": "prevented"}
    table = pd.DataFrame([columns | {"Seen": formula, "=Head": formula} for formula in FORMULAS])
    table.to_csv(log, index=False)
    result = CliRunner().invoke(cli.app, ["import", str(log), "--set-aside", str(aside)])
    # Refused as a whole, or set aside without formulas: either is safe.
    assert aside.exists() or result.exit_code == 1
    written = aside.read_text() if aside.exists() else ""
    assert [cell for cell in cells_as_opened(written) if is_live(cell)] == []


def test_a_spreadsheet_program_takes_every_cell_for_text(tmp_path):
    # What a person sees who opens the file and saves it as a workbook: no cell of the kind 'formula'.
    written = tmp_path / "table.csv"
    written.write_text(to_csv(pd.DataFrame({"text": FORMULAS}), with_mark=True), encoding="utf-8", newline="")
    book = openpyxl.Workbook()
    for row in rows_of(written.read_text(encoding="utf-8-sig")):
        book.active.append([cell.replace("\x0b", "") for cell in row])
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert kinds == {"s"}


def test_walks_for_other_programs_hold_texts_as_texts():
    hostile = "=1+1</name><script>alert(1)</script>\"'&"
    walks = pd.DataFrame(
        [{"walk": 1, "code": hostile, "doors": 5, "metres": 9.0, "minutes": 9.0, "is_block": False}]
    )
    stop = {
        "walk": 1,
        "position": 1,
        "postcode": hostile,
        "easting": 534000.0,
        "northing": 184000.0,
        "doors": 5,
    }
    stops = pd.DataFrame([stop])
    assert "<script" not in to_gpx(walks, stops)
    assert json.loads(to_geojson(walks, stops))["features"][0]["properties"]["code"] == hostile
    assert not any(is_live(cell) for cell in cells_as_opened(to_csv(stops_table(walks, stops))))
