import openpyxl
import pytest

from data.errors import InputError
from data.imports.area_figures import CENSUS, Figure, load_area_figures, read_area_figures
from tests.conftest import SHARED_DATA
from tests.data.files.workbooks import saved

CODES = {
    "borough": {"E09000001", "E09000002", "E09000003"},
    "district": {"E1", "E2", "SE15", "EC1A"},
    "locality": {"E09000001-E1", "E09000002-E2"},
}


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "figures.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_area_figures(path, CODES)

    return read


def test_the_bundled_figures_are_shares_of_33_boroughs():
    figures = load_area_figures()
    assert len(figures.table) == 33
    assert set(figures.figures) == set(CENSUS)
    # TS021 by hand: 1,445 of 8,584 residents of the City.
    city = figures.table.set_index("area_code").loc["E09000001"]
    assert city["asian"] == pytest.approx(1445 / 8584 * 100)
    groups = figures.table[["asian", "black", "mixed", "white", "other"]]
    assert groups.sum(axis=1).to_numpy() == pytest.approx(100, abs=0.01)


def test_the_column_of_codes_is_found_wherever_it_stands_and_however_it_is_written(read):
    figures = read("name,value,code\nPeckham,3.5, se15\nBow,4,e1 \n")
    assert figures.level == "district"
    assert figures.table.to_dict("list") == {"area_code": ["SE15", "E1"], "B": [3.5, 4.0]}
    assert figures.figures == {"B": Figure("“value”", "")}
    assert figures.missing == 2


def test_a_long_heading_is_cut_and_one_of_eighty_letters_is_not(read):
    long, whole = "x" * 5_000 + " in %", "y" * 80
    figures = read(f"code,{long},{whole}\nE1,1,2\nE2,2,3\n").figures
    assert figures == {"B": Figure(f"“{'x' * 79}…”", "%"), "C": Figure(f"“{whole}”", "")}


def test_localities_and_boroughs_are_told_apart_by_their_codes(read):
    assert read("code,n\nE09000001-E1,1\nE09000002-E2,2\n").level == "locality"
    assert read("code,n\nE09000001,1\nE09000002,2\n").level == "borough"


def test_numbers_are_read_as_statistics_write_them(read):
    table = read('code,n\nE1,"1,234"\nE2,12.5%\nSE15,-3\nEC1A,1.5E-05\n').table
    assert table["B"].tolist() == [1234.0, 12.5, -3.0, 1.5e-05]


def test_a_cell_without_a_number_is_not_zero(read):
    table = read("code,n\nE1,1\nE2,..\nSE15,\nEC1A,n/a\n").table
    assert table["B"].isna().tolist() == [False, True, True, True]


def test_rows_of_the_rest_of_the_country_are_left_out_and_counted(read):
    figures = read("code,n\nE06000001,5\nK04000001,9\nE09000001,1\nE12000007,4\nE09000002,2\n")
    assert figures.table["area_code"].tolist() == ["E09000001", "E09000002"]
    assert figures.elsewhere == 3


def test_banner_and_footnote_are_not_rows(read):
    figures = read("Census 2021,,\n,,\narea,residents,\nE1,10,\nE2,20,\n,,\nSource: ONS,,\n")
    assert figures.figures == {"B": Figure("“residents”", "")}
    assert figures.table["B"].tolist() == [10.0, 20.0]


def test_a_column_of_words_is_no_figure_and_nor_is_a_year_that_never_changes(read):
    figures = read("year,code,name,n\n2021,E1,Bow,1\n2021,E2,Bethnal Green,2\n")
    assert list(figures.figures) == ["D"]


def test_a_workbook_is_read_too(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Figures")
    for row in (["code", "% renting"], ["E1", 40.5], ["E2", 50]):
        workbook["Figures"].append(row)
    path = tmp_path / "figures.xlsx"
    path.write_bytes(saved(workbook))
    figures = read_area_figures(path, CODES)
    assert figures.table["B"].tolist() == [40.5, 50.0]
    assert figures.figures["B"].unit == "%"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,n\nE1,1\nE2,2\nE1,3\n", "Row 4, column A: the same area stands in row 2 too"),
        ("code,n\nE1,1\nSE99,2\nE2,3\n", "Row 3, column A: there is no postcode district of this code"),
        ("code,n\nSE99,2\nE1,1\nE2,3\n", "Row 2, column A: there is no postcode district of this code"),
        ("code,n\nE09000001,1\nE09000099,2\n", "Row 3, column A: there is no borough of this code"),
        ("code,n\nE1,1\nE2,2\nTotal,3\n", "Row 4, column A: there is no postcode district of this code"),
        ("code,n\nE1,1\nE2,secret\nSE15,2\n", "Row 3, column B: this is no number"),
        ("code,n\nE1,1\nE2,<5\nSE15,2\n", "Row 3, column B: this is no number"),
        ("code,n\nE1,Bow\nE2,Bethnal Green\n", "No column of this table holds numbers"),
        ("place,n\nBow,1\nPeckham,2\n", "No column of this table holds area codes"),
        (",E1,E2\n2014,5,3\n2015,3,4\n2016,1,1\n", "No column of this table holds area codes"),
        ("code,n\nE1,1\nE2,2,3\n", "Row 3: the row has more cells than there are headings"),
        ("", "The file is empty"),
    ],
)
def test_what_cannot_be_used_is_told_by_row_and_column_and_never_by_content(read, text, sentence):
    with pytest.raises(InputError, match=sentence) as raised:
        read(text)
    assert "secret" not in str(raised.value)


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="needs ../shared/data")
def test_the_census_as_it_is_published_is_read():
    boroughs = {"borough": set(load_area_figures().table["area_code"])}
    figures = read_area_figures(SHARED_DATA / "london-census-2021" / "census2021-ts029-ltla.csv", boroughs)
    assert (len(figures.table), figures.missing, figures.elsewhere) == (33, 0, 298)
    # Of 8,450 people of the City aged 3 and over, 1,826 have a main language other than English.
    assert figures.table.set_index("area_code").loc["E09000001", ["D", "F"]].tolist() == [8450.0, 1826.0]


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="needs ../shared/data")
def test_residents_by_postcode_district_as_the_network_has_them_are_read():
    path = SHARED_DATA / "foi-immigration-raids" / "LondonPop.csv"
    districts = {line.split(",")[0] for line in path.read_text().splitlines()[1:]}
    figures = read_area_figures(path, {"district": districts | {"EC2M"}})
    assert (figures.level, len(figures.table), figures.missing) == ("district", 153, 1)
    assert figures.table.set_index("area_code").loc["E1", "B"] == 70389
