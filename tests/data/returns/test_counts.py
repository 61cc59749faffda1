import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.files.read import read_sheets
from data.returns.counts import looks_like_counts, parse_counts
from data.schema import COUNTS
from tests.conftest import SHARED_DATA, examples
from tests.data.returns.returns import (
    WRITERS,
    by_area,
    figures,
    mismatches,
    parse,
    parse_rows,
    write_csv,
    write_xlsx,
)

FOI = SHARED_DATA / "foi-immigration-raids"
NORTH = FOI / "55886 xxx Appendix A.xlsx"
WEST = FOI / "56325 xxx Annex.xlsx"
TIDY = SHARED_DATA.parent / "figures" / "home_office_visits.csv"
needs_shared = pytest.mark.skipif(not FOI.exists(), reason="needs ../shared/data, the raw returns")


def year(number: int) -> tuple[str, str]:
    return f"{number}-01-01", f"{number}-12-31"


# The raw returns


@needs_shared
def test_the_return_for_north_london_reconciles_to_the_digit():
    batch = parse(NORTH)
    sums = {}
    for (_, start, end), (low, high) in figures(batch).items():
        assert low == high
        sums[start[:4], end] = sums.get((start[:4], end), 0) + low
    # The figures of its own row 52, and its own footnote 4.
    assert sums == {
        ("2014", "2014-12-31"): 732,
        ("2015", "2015-12-31"): 720,
        ("2016", "2016-12-31"): 852,
        ("2017", "2017-12-31"): 791,
        ("2018", "2018-12-31"): 895,
        ("2019", "2019-09-30"): 826,
    }
    assert sum(sums.values()) == 4816
    assert (batch.reference, batch.extracted_on) == ("FOI 55886", date(2019, 10, 16))
    assert (batch.rows, batch.rejects) == (33, [])
    # 33 row totals, 6 years and the overall total
    assert len(batch.totals_checked) == 40
    assert mismatches(batch) == []
    assert batch.totals_checked[-1] == {
        "total": "the total of all its columns",
        "row": 52,
        "column": "J",
        "stated": 4816,
        "recomputed": 4816,
        "matches": True,
    }


@needs_shared
def test_blank_cells_of_the_raw_return_are_zero():
    assert figures(parse(NORTH))["N6", *year(2014)] == (0, 0)


@needs_shared
def test_the_nested_return_for_west_london_reconciles_to_the_digit():
    batch = parse(WEST)
    assert sum(low for low, _ in figures(batch).values()) == 2500
    assert (batch.reference, batch.extracted_on) == ("FOI 56325", date(2019, 11, 14))
    assert (batch.rows, batch.rejects) == (390, [])  # 40 districts and 350 rows of kinds of address
    # across 390 rows, kinds of address down 7 columns of 40 districts, and the last row
    assert len(batch.totals_checked) == 390 + 7 * 40 + 7
    assert mismatches(batch) == []
    # Row 11 to 30: W2 in 2014 and, to October, 2019, summed by hand.
    assert figures(batch)["W2", *year(2014)] == (40, 40)
    assert figures(batch, "home")["W2", *year(2014)] == (14, 14)
    assert figures(batch, "workplace")["W2", *year(2014)] == (20, 20)
    assert figures(batch, "other")["W2", *year(2014)] == (5, 5)
    assert figures(batch, "market")["W2", *year(2014)] == (1, 1)
    assert figures(batch, "unknown")["W2", "2019-01-01", "2019-10-31"] == (25, 25)


@needs_shared
def test_settings_of_the_nested_return_add_up_to_all():
    batch = parse(WEST)
    for key, (low, high) in figures(batch).items():
        parts = [
            (row["visits_low"], row["visits_high"])
            for row in batch.counts.to_pylist()
            if row["setting"] != "all"
            and (row["area_code"], str(row["period_start"]), str(row["period_end"])) == key
        ]
        assert (sum(part[0] for part in parts), sum(part[1] for part in parts)) == (low, high)


@needs_shared
@pytest.mark.parametrize(
    ("path", "reference", "cells"), [(NORTH, "FOI 55886", 165), (WEST, "FOI 56325", 200)]
)
def test_raw_returns_agree_with_the_published_figures_cell_by_cell(path, reference, cells):
    with TIDY.open(encoding="utf-8") as file:
        expected = {
            (row["postcode_district"], row["period_start"], row["period_end"]): (
                int(row["visits_low"]),
                int(row["visits_high"]),
            )
            for row in csv.DictReader(file)
            if row["foi_reference"] == reference
        }
    found = figures(parse(path))
    assert len(expected) == cells
    assert {key: found[key] for key in expected} == expected


@needs_shared
def test_the_bundled_figures_read_with_the_reference_of_each_row():
    batch = parse(TIDY)
    sums: dict[int, list[int]] = {}
    for (_, start, _), (low, high) in figures(batch).items():
        sums.setdefault(int(start[:4]), [0, 0])
        sums[int(start[:4])][0] += low
        sums[int(start[:4])][1] += high
    assert list(sums.values()) == [
        [4736] * 2, [4641] * 2, [4437] * 2, [3834] * 2, [3689] * 2, [3472] * 2, [907] * 2, [719] * 2, [861, 1044],
    ]  # fmt: skip
    assert batch.counts.num_rows == 1527
    assert batch.reference == "several"
    assert batch.counts["reference"].to_pylist().count("FOI 56323") == 239


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("FOI 55886", "FOI 55886"),
        ("foi55886", "FOI 55886"),
        ("2024/00123 of May", "FOI 2024/00123"),
        ("900123456", "unknown"),
        ("07700900123", "unknown"),
        ("QQ123456C", "unknown"),
        ("12345/1234567", "unknown"),
    ],
)
def test_a_rows_reference_is_a_whole_number_and_no_part_of_a_longer_one(tmp_path, written, reference):
    rows = [
        ["postcode_district", "period_start", "period_end", "visits_low", "visits_high", "foi_reference"],
        ["E1", "2019-01-01", "2019-12-31", "7", "7", written],
        ["E2", "2019-01-01", "2019-12-31", "9", "9", "FOI 56323"],
    ]
    assert parse_rows(tmp_path, rows).counts["reference"].to_pylist() == [reference, "FOI 56323"]


@needs_shared
@pytest.mark.parametrize(("name", "rows"), [("LondonRaidsByYear.csv", 169), ("YearByLondonPostDist.csv", 9)])
def test_a_table_and_the_same_table_turned_give_the_same_figures(name, rows):
    batch = parse(FOI / name)
    found = figures(batch)
    assert batch.rows == rows
    assert len(found) == 169 * 9
    assert found["N1", *year(2014)] == (41, 41)
    assert sum(low for (_, start, _), (low, _) in found.items() if start.startswith("2019")) == 3444


@needs_shared
def test_returns_are_told_from_other_tables():
    others = [
        path
        for folder in (
            "messy-tables",
            "city-of-london-police",
            "nyc-shootings",
            "barcelona-accidents",
            "met-burglary",
        )
        for path in sorted((SHARED_DATA / folder).iterdir())[:4]
        if path.suffix in (".csv", ".xls", ".ods")
    ]
    others += [
        *sorted((SHARED_DATA / "messy-tables").glob("*.*s*")),
        *sorted((SHARED_DATA / "london-census-2021").glob("*ts*")),
    ]
    others += [FOI / "LondonPop.csv", SHARED_DATA.parent / "reported" / "reported_incidents.csv"]
    others += sorted((SHARED_DATA / "met-stop-search").glob("*.csv"))
    others += [path for path in sorted(TIDY.parent.glob("*.csv")) if path != TIDY]
    taken = []
    for path in others:
        if path.suffix == ".md":
            continue
        try:
            sheets = read_sheets(path)
        except InputError:
            continue
        if looks_like_counts(sheets):
            taken.append(path.name)
    assert len(others) > 20
    assert taken == []
    for path in (NORTH, WEST, TIDY, FOI / "LondonRaidsByYear.csv", FOI / "YearByLondonPostDist.csv"):
        assert looks_like_counts(read_sheets(path)), path.name


def test_the_batch_has_the_columns_of_the_schema(tmp_path):
    batch = parse_rows(tmp_path, [["Postcode", "2019"], ["E1", 3]])
    stored = [name for name in COUNTS.column_names() if name not in ("import_id", "superseded_by")]
    assert batch.counts.column_names == stored


# The shapes of the other returns


def test_a_text_with_one_cell_a_line_takes_its_year_from_its_name(tmp_path):
    path = tmp_path / "57894 PDF scrape_2019RaidsENW.txt"
    path.write_text(
        "Postcode\t\nVisits\nE1\t\n88\nE2\t\n-\nEC1\t\n3\nNW1\t\n47\n\nWC1E\t\n12", encoding="utf-8"
    )
    assert looks_like_counts(read_sheets(path))
    batch = parse(path)
    assert by_area(batch) == {"E1": (88, 88), "E2": (0, 0), "EC1": (3, 3), "NW1": (47, 47), "WC1E": (12, 12)}
    assert set(batch.counts["period_start"].to_pylist()) == {date(2019, 1, 1)}
    assert set(batch.counts["period_end"].to_pylist()) == {date(2019, 12, 31)}
    assert (batch.reference, batch.rows, batch.totals_checked) == ("FOI 57894", 5, [])
    assert any("the year in the file's name" in note for note in batch.notes)
    assert any("EC1 (row 7)" in note and "E1 (" not in note.replace("EC1 (", "") for note in batch.notes)


@pytest.mark.parametrize(
    ("lines", "expected", "row", "column"),
    [
        ("N20 4 N21 6 38 NW1 47 NW2 3", {"N20": 4, "N21": 6, "NW1": 47, "NW2": 3}, 7, "A"),
        ("N20 4 N21 6 N22 NW1 47 NW2 3", {"N20": 4, "N21": 6, "NW1": 47, "NW2": 3}, 7, "B"),
    ],
)
def test_a_cell_lost_from_a_text_is_told_and_its_neighbour_set_aside(tmp_path, lines, expected, row, column):
    path = tmp_path / "FOI 57894 visits 2019.txt"
    path.write_text("\n".join(["Postcode", "Visits", *lines.split()]), encoding="utf-8")
    assert looks_like_counts(read_sheets(path))
    batch = parse(path)
    assert by_area(batch) == {area: (figure, figure) for area, figure in expected.items()}
    assert [(reject.row, reject.column) for reject in batch.rejects] == [(row, column)]


@pytest.mark.parametrize("short", ["N22", "N22 5"])
def test_a_line_of_a_text_with_too_few_figures_is_set_aside(tmp_path, short):
    path = tmp_path / "return.txt"
    path.write_text(f"Postcode 2018 2019\nN20 4 5\nN21 6 7\n{short}\nNW1 47 8\n", encoding="utf-8")
    batch = parse(path)
    assert {area for area, _, _ in figures(batch)} == {"N20", "N21", "NW1"}
    assert {reject.row for reject in batch.rejects} == {4}
    assert "Not as many figures" in batch.rejects[0].reason


def test_a_text_without_any_year_is_refused(tmp_path):
    path = tmp_path / "57894 scrape.txt"
    path.write_text("Postcode\t\nVisits\nE1\t\n88\nE2\t\n-\nE3\t\n7\n", encoding="utf-8")
    with pytest.raises(InputError, match="does not say which period"):
        parse(path)


def test_a_text_with_several_years_in_its_name_is_refused(tmp_path):
    path = tmp_path / "visits 2018 and 2020.txt"
    path.write_text("Postcode\t\nVisits\nE1\t\n88\nE2\t\n-\nE3\t\n7\n", encoding="utf-8")
    with pytest.raises(InputError, match="does not say which period"):
        parse(path)


SUPPRESSED = [
    ["", "", "", ""],
    ["", "", "FOI 76110", ""],
    ["", "", "What is the number of visits in each postcode area (E, EC, N) in 2022? Split by district.", ""],
    ["", "", "Our records indicate:", ""],
    [
        "",
        "",
        "Table 1 - Number of Immigration Enforcement visits conducted in each area (E, EC, N) in 2022",
        "",
    ],
    ["", "", "", ""],
    ["", "", "Postcode", "Year 2022"],
    ["", "", "E:", ""],
    ["", "", "E1", "12"],
    ["", "", "E2", "<5"],
    ["", "", "E1W", "<5"],
    ["", "", "N:", ""],
    ["", "", "N1", "9"],
    ["", "", "", ""],
    ["", "", "Notes", ""],
    [
        "",
        1,
        "These figures have been taken from a live database. As such, numbers may change as it is updated.",
        "",
    ],
    ["", 2, "Data extracted on 04/05/2023 from OAR1 PRAU On Demand report. ", ""],
    ["", 3, "Data covers the following period: 01 January 2022 to 31 December 2022.", ""],
    ["", 4, 'If shared externally, any count that is less than 5 should be replaced with "<5"', ""],
]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_return_with_groups_and_suppressed_figures_in_every_kind_of_file(tmp_path, kind):
    path = WRITERS[kind](tmp_path / f"return.{kind}", SUPPRESSED)
    assert looks_like_counts(read_sheets(path))
    batch = parse(path)
    assert by_area(batch) == {"E1": (12, 12), "E2": (1, 4), "E1W": (1, 4), "N1": (9, 9)}
    assert set(batch.counts["period_start"].to_pylist()) == {date(2022, 1, 1)}
    assert set(batch.counts["period_end"].to_pylist()) == {date(2022, 12, 31)}
    assert (batch.reference, batch.extracted_on) == ("FOI 76110", date(2023, 5, 4))
    assert (batch.rows, batch.rejects, batch.totals_checked) == (4, [], [])
    assert any("no totals" in note for note in batch.notes)


def test_nested_kinds_of_address_that_start_in_column_d(tmp_path):
    batch = parse_rows(
        tmp_path,
        [
            ["", "", "", "FOI 57252"],
            ["", "", "", "Post code and type of address", 2018, 2019, "Total"],
            ["", "", "", "SE1", 3, 4, 7],
            ["", "", "", "Shop", 1, "", 1],
            ["", "", "", "Brothel", "", "", ""],
            ["", "", "", "Residential (Flat)", 2, 4, 6],
            ["", "", "", "SW1V", 1, "", 1],
            ["", "", "", "Restaurant/Takeaway", 1, "", 1],
            ["", "", "", "Total", 4, 4, 8],
        ],
    )
    assert figures(batch)["SE1", *year(2018)] == (3, 3)
    assert figures(batch, "home")["SE1", *year(2019)] == (4, 4)
    assert figures(batch, "workplace")["SE1", *year(2019)] == (0, 0)
    assert batch.rows == 6
    assert mismatches(batch) == []


def test_tables_side_by_side_and_one_below_another(tmp_path):
    batch = parse_rows(
        tmp_path,
        [
            ["Table 1 - visits in 2020", "", "", "", ""],
            ["Postcode", 2020, "", "Postcode", 2020],
            ["E1", 3, "", "N1", 4],
            ["E2", 5, "", "N2", "<5"],
            ["Total", 8, "", "Total", 6],
            [],
            ["Table 2 - visits in 2021"],
            ["Postcode", "Visits"],
            ["E1", 1],
            ["Total", 1],
        ],
    )
    assert figures(batch) == {
        ("E1", *year(2020)): (3, 3),
        ("E2", *year(2020)): (5, 5),
        ("N1", *year(2020)): (4, 4),
        ("N2", *year(2020)): (1, 4),
        ("E1", *year(2021)): (1, 1),
    }
    assert (len(batch.totals_checked), mismatches(batch)) == (3, [])


def test_a_sheet_for_each_year_and_one_for_notes(tmp_path):
    table = [["Postcode", "Visits"], ["E1", 3], ["E2", 4], ["Total", 7]]
    path = write_xlsx(
        tmp_path / "FOI 64002.xlsx",
        [["Visits in 2019"], *table],
        [["Visits in 2020"], *table],
        [["Notes"], ["Data extracted on 4 March 2021"], ["2019 data is from April to December"]],
    )
    batch = parse(path)
    assert figures(batch) == {
        ("E1", "2019-04-01", "2019-12-31"): (3, 3),
        ("E2", "2019-04-01", "2019-12-31"): (4, 4),
        ("E1", *year(2020)): (3, 3),
        ("E2", *year(2020)): (4, 4),
    }
    assert batch.extracted_on == date(2021, 3, 4)


LOG = [
    ["When", "Where", "What was seen", "Told by"],
    ["2019-03-02", "Hackney", "a van", "phone"],
    ["2019-05-02", "Peckham", "officers, 2019 to March", "phone"],
]


@pytest.mark.parametrize("log_at", [1, 2])
def test_a_sheet_of_another_kind_is_told_and_its_words_are_no_notes(tmp_path, log_at):
    table = [["Postcode", 2018, 2019], ["E1", 1, 2]]
    sheets = [LOG, table] if log_at == 1 else [table, LOG]
    batch = parse(write_xlsx(tmp_path / "return.xlsx", *sheets))
    assert figures(batch) == {("E1", *year(2018)): (1, 1), ("E1", *year(2019)): (2, 2)}
    assert any(note.startswith(f"Sheet {log_at} holds a table of something else") for note in batch.notes)


def test_a_table_of_arrests_beside_one_of_visits_is_told(tmp_path):
    table = [["Postcode", 2018, 2019], ["E1", 1, 2]]
    arrests = [["Table 2 - number of arrests"], *table]
    batch = parse_rows(tmp_path, [["Table 1 - number of visits"], *table, [], *arrests])
    assert len(figures(batch)) == 2
    assert any("begins in row 7 counts something else than visits" in note for note in batch.notes)
    batch = parse(write_xlsx(tmp_path / "return.xlsx", table, arrests))
    assert any(note.startswith("Sheet 2 holds a table of something else") for note in batch.notes)


def test_a_long_table_with_kinds_of_address(tmp_path):
    batch = parse_rows(
        tmp_path,
        [
            ["Postcode", "Address type", "Year", "Visits"],
            ["E1", "Shop", 2019, 5],
            ["E1", "Office", 2019, 1],
            ["E1", "Residential", 2019, 6],
            ["E1", "All", 2019, 12],
            ["E2", "Shop", 2019, "<5"],
        ],
    )
    assert by_area(batch) == {"E1": (12, 12), "E2": (1, 4)}
    assert by_area(batch, "workplace") == {"E1": (6, 6), "E2": (1, 4)}
    assert (len(batch.totals_checked), mismatches(batch)) == (1, [])


def test_kinds_of_address_across(tmp_path):
    batch = parse_rows(
        tmp_path,
        [
            ["Table - visits by type of premises, 2021"],
            ["Postcode", "Residential", "Restaurant/Takeaway", "Shop", "Total"],
            ["E1", 1, 2, 3, 6],
            ["E2", 0, "<5", 0, "<5"],
            ["Total", 1, 4, 3, 8],
        ],
    )
    assert by_area(batch) == {"E1": (6, 6), "E2": (1, 4)}
    assert by_area(batch, "workplace") == {"E1": (5, 5), "E2": (1, 4)}
    assert mismatches(batch) == []


@pytest.mark.parametrize(
    ("headings", "periods"),
    [
        (["Q1 2019", "Q2 2019"], [("2019-01-01", "2019-03-31"), ("2019-04-01", "2019-06-30")]),
        (["Jan 2019", "Feb-19"], [("2019-01-01", "2019-01-31"), ("2019-02-01", "2019-02-28")]),
        (["2018-19", "2019/20"], [("2018-04-01", "2019-03-31"), ("2019-04-01", "2020-03-31")]),
        (["2018", "2019 (Jan-Sep)"], [year(2018), ("2019-01-01", "2019-09-30")]),
        (["Visits 2018", "Number of visits in 2019"], [year(2018), year(2019)]),
        (["2018.0", "2019.0"], [year(2018), year(2019)]),
        (["2018-11", "2018-12"], [("2018-11-01", "2018-11-30"), ("2018-12-01", "2018-12-31")]),
        (["2014-01-01", "2015-01-01"], [year(2014), year(2015)]),
    ],
)
def test_headings_name_years_financial_years_quarters_and_months(tmp_path, headings, periods):
    batch = parse_rows(tmp_path, [["Borough", *headings], ["Camden", 3, 4], ["E09000012", 5, "-"]])
    assert figures(batch) == {
        ("E09000007", *periods[0]): (3, 3),
        ("E09000007", *periods[1]): (4, 4),
        ("E09000012", *periods[0]): (5, 5),
        ("E09000012", *periods[1]): (0, 0),
    }
    assert set(batch.counts["area_level"].to_pylist()) == {"borough"}


def test_quarters_below_their_years_with_totals_of_each_year(tmp_path):
    batch = parse_rows(
        tmp_path,
        [
            ["", 2018, "", "", "", "", 2019, "", "", "", ""],
            ["Postcode", "Q1", "Q2", "Q3", "Q4", "Total", "Q1", "Q2", "Q3", "Q4", "Total"],
            ["E1", 1, 2, 3, 4, 10, 1, 1, 1, 1, 4],
            ["E2", 0, 0, 0, 1, 1, 0, 0, 0, "-", 0],
            ["Total", 1, 2, 3, 5, 11, 1, 1, 1, 1, 4],
        ],
    )
    assert figures(batch)["E1", "2018-10-01", "2018-12-31"] == (4, 4)
    assert len(figures(batch)) == 16
    assert (len(batch.totals_checked), mismatches(batch)) == (14, [])


def test_a_year_beside_its_quarters_is_their_total_and_counts_no_day_twice(tmp_path):
    batch = parse_rows(
        tmp_path,
        [
            ["Postcode", "Q1 2019", "Q2 2019", "Q3 2019", "Q4 2019", 2019],
            ["E1", 1, 2, 3, 4, 10],
            ["E2", 0, 0, 0, 1, 2],
        ],
    )
    assert len(figures(batch)) == 8
    assert mismatches(batch) == [(3, "F", 2, 1)]


def test_columns_of_arrests_are_left_out_and_told(tmp_path):
    batch = parse_rows(
        tmp_path,
        [
            ["", 2018, "", 2019, ""],
            ["Postcode", "Visits", "Arrests", "Visits", "Arrests"],
            ["E1", 3, 1, 4, 2],
            ["Total", 3, 1, 4, 2],
        ],
    )
    assert figures(batch) == {("E1", *year(2018)): (3, 3), ("E1", *year(2019)): (4, 4)}
    assert sum("something else than visits" in note for note in batch.notes) == 2


def test_a_return_of_arrests_alone_is_refused(tmp_path):
    with pytest.raises(InputError, match="something else than visits"):
        parse_rows(tmp_path, [["Table 1 - number of arrests by postcode"], ["Postcode", 2019], ["E1", 3]])


@pytest.mark.parametrize(
    "rows",
    [
        [["E", 8], ["E1", 3], ["E2", 5], ["EC", 1], ["EC1A", 1], ["N", 4], ["N1", 4], ["Total", 13]],
        [
            ["E1", 3],
            ["E2", 5],
            ["E Total", 8],
            ["EC1A", 1],
            ["Total EC", 1],
            ["N1", 4],
            ["NW1", 0],
            ["Grand Total", 13],
        ],
        [["E1", 3], ["E2", 5], ["Total", 8], ["EC1A", 1], ["N1", 4], ["Total", 5], ["Overall total", 13]],
        [["All postcodes", 13], ["E1", 3], ["E2", 5], ["EC1A", 1], ["N1", 4]],
        [
            ["E:", ""],
            ["E1", 3],
            ["E2", 5],
            ["Subtotal", 8],
            ["EC:", ""],
            ["EC1A", 1],
            ["N1", 4],
            ["Subtotal", 5],
        ],
    ],
)
def test_totals_of_groups_are_found_wherever_they_stand(tmp_path, rows):
    batch = parse_rows(tmp_path, [["Postcode", 2020], *rows])
    found = by_area(batch)
    assert {area: found[area] for area in ("E1", "E2", "EC1A", "N1")} == {
        "E1": (3, 3),
        "E2": (5, 5),
        "EC1A": (1, 1),
        "N1": (4, 4),
    }
    stated = [row for row in rows if row[1] != "" and not row[0][-1].isdigit() and row[0] != "EC1A"]
    assert (len(batch.totals_checked), mismatches(batch)) == (len(stated), [])


def test_visits_without_a_place_count_towards_totals_and_are_set_aside(tmp_path):
    batch = parse_rows(
        tmp_path,
        [["Postcode", 2020, 2021, "Total"], ["E1", 3, 1, 4], ["Not known", 2, 2, 4], ["Total", 5, 3, 8]],
    )
    assert figures(batch) == {("E1", *year(2020)): (3, 3), ("E1", *year(2021)): (1, 1)}
    assert [(reject.row, reject.column) for reject in batch.rejects] == [(3, "A")]
    assert (batch.rows, len(batch.totals_checked), mismatches(batch)) == (2, 5, [])


def test_months_take_their_year_from_the_line_above_the_table(tmp_path):
    rows = [["Borough", "Jan", "Feb", "Mar", "Total"], ["Camden", 1, 2, 3, 6], ["Hackney", 4, 5, 6, 15]]
    batch = parse_rows(tmp_path, [["Visits by borough 2019"], *rows])
    assert figures(batch)["E09000007", "2019-02-01", "2019-02-28"] == (2, 2)
    assert len(figures(batch)) == 6
    assert (len(batch.totals_checked), mismatches(batch)) == (2, [])
    assert any("taken from the line above the table" in note for note in batch.notes)
    for caption in ("Visits by borough", "Visits by borough 2018 and 2019"):
        with pytest.raises(InputError, match=r"^Row 2, column B heads figures with a month .* no year"):
            parse_rows(tmp_path, [[caption], *rows], "visits 2019.csv")


@pytest.mark.parametrize(
    "rows",
    [
        [["Postcode", 2018, "2019 %"]],
        [["Postcode", 2018, "% of visits"]],
        [["Postcode", 2018, "Visits (%)"]],
        [["", 2018, 2019], ["Postcode", "Visits", "%"]],
    ],
)
def test_a_column_of_percentages_is_left_out_and_told(tmp_path, rows):
    batch = parse_rows(tmp_path, [*rows, ["E1", 3, 43], ["E2", 4, 57]])
    assert figures(batch) == {("E1", *year(2018)): (3, 3), ("E2", *year(2018)): (4, 4)}
    assert any("Column C is headed as something else than visits" in note for note in batch.notes)


@pytest.mark.parametrize(
    "rows",
    [
        [["Postcode", 2018, "FY 2019"], ["E1", 3, 4]],
        [["Postcode", "FY2018", "FY2019"], ["E1", 3, 4]],
        [["", "Financial year", ""], ["Postcode", 2018, 2019], ["E1", 3, 4]],
    ],
)
def test_a_financial_year_of_one_number_is_refused(tmp_path, rows):
    with pytest.raises(InputError, match="financial year of one number"):
        parse_rows(tmp_path, [["Immigration Enforcement visits"], *rows])


def test_the_rows_of_a_financial_year_of_one_number_are_set_aside(tmp_path):
    heading = ["Postcode", "Financial year", "Visits"]
    batch = parse_rows(tmp_path, [heading, ["E1", "2018/19", 3], ["E1", 2019, 4]])
    assert figures(batch) == {("E1", "2018-04-01", "2019-03-31"): (3, 3)}
    assert [(reject.row, reject.column) for reject in batch.rejects] == [(3, "B")]


# What notes say


@pytest.mark.parametrize(
    ("heading", "note", "end"),
    [
        (2019, "Data for calendar year 2019 is from January to September", "2019-09-30"),
        (2019, "2019 is January to October", "2019-10-31"),
        (2019, "2019 data is up to and including 31 October", "2019-10-31"),
        (2019, "Figures are up to 31 October 2019", "2019-10-31"),
        (2019, "Data covers 1 January 2018 to 30 September 2019.", "2019-09-30"),
        (2019, "2019 does not include November and December", "2019-10-31"),
        ("2019*", "* January to September only", "2019-09-30"),
        ("2019 [1]", "1. To the end of September 2019", "2019-09-30"),
        ("2019 [note 1]", "[note 1] January to September only", "2019-09-30"),
        ("2019p", "Figures for 2019 are provisional", "2019-12-31"),
        ("20191", "1 January to September only", "2019-09-30"),
        (2019, "Data extracted on 16/10/2019", "2019-10-16"),
        (2019, "Data extracted on 16/01/2020", "2019-12-31"),
        (
            2019,
            "Data from one system up to November 2018 and from another from November 2018 onwards.",
            "2019-12-31",
        ),
        (2019, "Numbers may change between January and March as the database is updated.", "2019-12-31"),
        (2019, "Data to October 2019", "2019-10-31"),
        (2019, "Latest data available October 2019", "2019-10-31"),
        (2019, "Data correct to October 2019", "2019-10-31"),
        (2019, "Data as at October 2019", "2019-10-31"),
        (2019, "data to 31/10/2019", "2019-10-31"),
        (2019, "Data provided to 31 October 2019", "2019-10-31"),
        (2019, "Data taken on 31-Oct-19", "2019-10-31"),
        (2019, "The 2019 figures are year to date (31/10/2019)", "2019-10-31"),
        (2019, "Please note data for 2019 covers up to end of October.", "2019-10-31"),
        (2019, "* Jan-Oct 2019", "2019-10-31"),
        (2019, "Produced on 31 Oct 2019", "2019-10-31"),
        (2019, "2019 is up to week ending 27 October", "2019-10-27"),
        (2019, "2019 excludes November and December", "2019-10-31"),
        (2019, "Data to end October", "2019-10-31"),
        (2019, "Figures run up to October only", "2019-10-31"),
        (2019, "No data for November or December 2019", "2019-10-31"),
        (2019, "Data from November 2019 is not available", "2019-10-31"),
        (2019, "The data were last updated in October 2019", "2019-10-31"),
        (2019, "Data relates to 2018 and 2019", "2019-12-31"),
        (2019, "Incomplete postcodes have been excluded from the data", "2019-12-31"),
        (2019, "Officers moved to a new building on 23 March 2019", "2019-12-31"),
        (2019, "A new form was introduced between May 2018 and July 2018.", "2019-12-31"),
    ],
)
def test_a_note_cuts_the_year_it_speaks_of(tmp_path, heading, note, end):
    batch = parse_rows(tmp_path, [["Postcode", 2018, heading], ["E1", 3, 4], [], [note]])
    assert figures(batch) == {("E1", *year(2018)): (3, 3), ("E1", "2019-01-01", end): (4, 4)}
    assert any("cover 1 January 2019" in note for note in batch.notes) == (end != "2019-12-31")


@pytest.mark.parametrize(
    ("heading", "note"),
    [
        (2019, "2019 data incomplete"),
        (2019, "2019 is not a full year"),
        (2019, "Data for the latest year is part-year"),
        ("2019*", "*Part year"),
        ("2019*", "* Incomplete"),
        (2019, "Data for October 2019"),
        (2019, "2019 data excludes March"),
        (2019, "Figures exclude 12 June 2019"),
    ],
)
def test_a_note_that_leaves_the_days_of_a_year_in_doubt_is_refused_by_its_row(tmp_path, heading, note):
    with pytest.raises(InputError, match=r"^The note in row 4 "):
        parse_rows(tmp_path, [["Postcode", 2018, heading], ["E1", 3, 4], [], [note]])


def test_a_year_said_to_be_incomplete_is_kept_when_another_note_gives_its_end(tmp_path):
    notes = [["2019 data incomplete"], ["Data extracted on 1 June 2019"]]
    batch = parse_rows(tmp_path, [["Postcode", 2018, 2019], ["E1", 3, 4], [], *notes])
    assert ("E1", "2019-01-01", "2019-06-01") in figures(batch)


@pytest.mark.parametrize("note", ["Offices closed for 23 March 2019", "Letter of 12 November 2019"])
def test_a_day_in_a_note_that_is_not_of_the_figures_is_told_and_not_applied(tmp_path, note):
    batch = parse_rows(tmp_path, [["Postcode", 2018, 2019], ["E1", 3, 4], [], [note]])
    assert ("E1", *year(2019)) in figures(batch)
    assert any("row 4 names days of 2019; it was not applied" in note for note in batch.notes)


def test_a_year_to_date_without_its_last_day_is_refused(tmp_path):
    rows = [["Postcode", 2018, "2019 YTD"], ["E1", 3, 4]]
    with pytest.raises(InputError, match="not complete"):
        parse_rows(tmp_path, rows)
    batch = parse_rows(tmp_path, [*rows, ["Data extracted on 1 June 2019"]])
    assert ("E1", "2019-01-01", "2019-06-01") in figures(batch)


@pytest.mark.parametrize(
    ("sign", "note", "expected"),
    [
        ("<5", "", (1, 4)),
        ("< 5", "", (1, 4)),
        ("fewer than 5", "", (1, 4)),
        ("less than five", "", (1, 4)),
        ("1-4", "", (1, 4)),
        ("1 to 4", "", (1, 4)),
        ("<3", "", (1, 2)),
        ("-", "", (0, 0)),
        ("–", "", (0, 0)),
        ("", "", (0, 0)),
        ("3.0", "", (3, 3)),
        ("1,234", "", (1234, 1234)),
        ("*", "* denotes fewer than five visits", (1, 4)),
        ("[c]", "[c] = confidential, between 1 and 4", (1, 4)),
        ("c", "c: suppressed, fewer than 5", (1, 4)),
        ("*", "Figures below 5 have been replaced with *", (1, 4)),
        ("-", "A dash denotes fewer than 5", (1, 4)),
        ("*", "", "no note"),
        ("[c]", "[c] = confidential", "withholds"),
        ("3.7", "", "whole number"),
        ("-3", "", "Fewer than no"),
        ("several", "", "Not a number"),
        ("2019-04-01", "", "date"),
        ("5%", "", "Not a number"),
    ],
)
def test_what_a_cell_allows(tmp_path, sign, note, expected):
    batch = parse_rows(tmp_path, [["Postcode", 2019, 2020], ["E1", sign, 7], ["E2", 8, 9], [], [note]])
    if isinstance(expected, tuple):
        assert figures(batch)["E1", *year(2019)] == expected
        assert batch.rejects == []
    else:
        assert ("E1", *year(2019)) not in figures(batch)
        assert figures(batch)["E1", *year(2020)] == (7, 7)
        (reject,) = batch.rejects
        assert (reject.row, reject.column) == (2, "B")
        assert expected in reject.reason
        assert sign not in reject.reason or len(sign) < 3


def test_a_reference_comes_from_the_banner_or_else_from_the_name(tmp_path):
    table = [["Postcode", 2019], ["E1", 3]]
    assert parse_rows(tmp_path, [["CASE 55886"], *table], "76110.csv").reference == "FOI 55886"
    batch = parse_rows(tmp_path, table, "55886 xxx Appendix A.csv")
    assert batch.reference == "FOI 55886"
    assert any("file's name" in note for note in batch.notes)
    assert parse_rows(tmp_path, table, "visits.csv").reference == "unknown"
    assert parse_rows(tmp_path, [*table, [], ["See also FOI 12345"]], "55886.csv").reference == "FOI 55886"


def test_districts_written_otherwise_are_understood_and_told(tmp_path):
    batch = parse_rows(tmp_path, [["Postcode", 2019], ["e 1", 3], ["E02", 4], ["E3 (Bow)", 5], ["EC1", 6]])
    assert by_area(batch) == {"E1": (3, 3), "E2": (4, 4), "E3": (5, 5), "EC1": (6, 6)}
    assert any("rows 2, 3 and 4" in note for note in batch.notes)
    assert any("EC1 (row 5)" in note for note in batch.notes)


# What is wrong with a return


def test_a_district_twice_is_set_aside_in_both_rows(tmp_path):
    batch = parse_rows(tmp_path, [["Postcode", 2019], ["E1", 3], ["E2", 4], ["E01", 3]])
    assert by_area(batch) == {"E2": (4, 4)}
    assert [(reject.row, reject.column) for reject in batch.rejects] == [(2, "A"), (4, "A")]
    assert "row 4" in batch.rejects[0].reason
    assert "row 2" in batch.rejects[1].reason


@pytest.mark.parametrize("headings", [[2019, 2019], [2019, "2019*"], ["Visits in 2019", 2019]])
def test_two_columns_of_one_period_are_refused_by_their_letters(tmp_path, headings):
    with pytest.raises(InputError, match=r"^Columns B and C are headed alike\."):
        parse_rows(tmp_path, [["Postcode", *headings], ["E1", 1, 2]])
    with pytest.raises(InputError, match=r"^Rows 2 and 3 are headed alike\."):
        turned = [["Postcode", "E1", "E2"], *[[heading, 1, 2] for heading in headings]]
        parse_rows(tmp_path, turned)


def test_a_return_of_which_nothing_can_be_kept_is_refused_with_the_first_reason(tmp_path):
    with pytest.raises(InputError, match=r"^No figure .* row 2, column B: A sign that no note"):
        parse_rows(tmp_path, [["Postcode", 2019], ["E1", "*"], ["E2", "*"]])


def test_a_table_repeated_alike_is_counted_once(tmp_path):
    table = [["Postcode", 2019], ["E1", 3], ["Total", 3]]
    batch = parse_rows(tmp_path, [["Table 1 visits"], *table, [], ["Table 2 visits by month"], *table])
    assert by_area(batch) == {"E1": (3, 3)}
    assert batch.rejects == []


def test_words_between_rows_are_refused_by_row_without_repeating_them(tmp_path):
    rows = [
        ["Postcode", 2019],
        ["E1", 3],
        ["Zebra officers then went on to the next place and stayed."],
        ["E2", 1],
    ]
    with pytest.raises(InputError, match=r"^Row 3 ") as refused:
        parse_rows(tmp_path, rows)
    assert "Zebra" not in str(refused.value)


@pytest.mark.parametrize("gap", [[], [[]]])
def test_half_a_return_and_half_prose_is_refused(tmp_path, gap):
    prose = [
        [f"Officers went to place {number}, and people there told how long they stayed."]
        for number in range(12)
    ]
    with pytest.raises(InputError, match=f"^Row {4 + len(gap)} "):
        parse_rows(tmp_path, [["Postcode", 2019], ["E1", 3], ["E2", 1], *gap, *prose])


@pytest.mark.parametrize(
    "rows",
    [
        [["Postcode", "Visits"], ["E1", ""], ["E2", ""]],
        [["Dear Sir"], ["No figures are held."]],
        [["Postcode", "Residents"], ["E1", 70389]],
    ],
)
def test_a_file_without_visits_is_refused_in_one_sentence(tmp_path, rows):
    path = write_csv(tmp_path / "return.csv", rows)
    assert not looks_like_counts(read_sheets(path))
    with pytest.raises(InputError):
        parse(path)


def test_a_table_without_headings_is_refused_by_row(tmp_path):
    with pytest.raises(InputError, match="Row 1 begins a table without headings"):
        parse_rows(tmp_path, [["E1", 3], ["E2", 4]], "visits 2019.csv")


@pytest.mark.parametrize("heading", [2099, 1066])
def test_a_heading_that_is_no_year_is_refused_as_what_it_is(tmp_path, heading):
    with pytest.raises(InputError, match=r"^Row 1 heads the figures with something that is no year"):
        parse_rows(tmp_path, [["Postcode", 2018, heading], ["E1", 3, 4], ["E2", 4, 5]])


def test_a_total_that_could_not_be_checked_is_not_said_to_be_missing(tmp_path):
    batch = parse_rows(tmp_path, [["Postcode", 2018, 2019, "Total"], ["E1", 1, "*", 5]])
    assert any("could not be checked, since" in note for note in batch.notes)
    assert not any("states no totals" in note for note in batch.notes)


def test_an_incident_log_is_not_a_return(tmp_path):
    rows = [
        ["Date", "Borough", "Postcode district", "Outcome", "Number of officers"],
        ["2019-01-01", "Hackney", "E8", "no arrests", 12],
        ["2019-02-01", "Hackney", "E9", "no arrests", 6],
    ]
    assert not looks_like_counts(read_sheets(write_csv(tmp_path / "log.csv", rows)))


@pytest.mark.parametrize(
    ("headings", "rows"),
    [
        (
            ["Date", "Borough", "Number"],
            [["02/03/2019", "Hackney", 7], ["09/03/2019", "Camden", 1], ["9/4/2019", "Brent", 1]],
        ),
        (["Date", "Borough", "Visits"], [["2019-03-02", "Hackney", 1], ["2019-03-09", "Camden", 1]]),
        (
            ["No", "Date", "Postcode"],
            [[1, "2019-03-02", "E1"], [2, "2019-03-07", "E2"], [3, "2019-03-08", "E1"]],
        ),
        (
            ["No", "Date", "District", "Setting"],
            [[1, "1 March 2019", "E1", "home"], [2, "7 March 2019", "E2", "shop"]],
        ),
        (["Number", "Year", "Postcode"], [[1, 2019, "E1"], [2, 2019, "E2"], [3, 2019, "E1"]]),
    ],
)
def test_a_list_dated_to_the_day_or_numbered_is_not_a_return(tmp_path, headings, rows):
    for caption in ([], [["Our raids"]]):
        path = write_csv(tmp_path / "log.csv", [*caption, headings, *rows])
        assert not looks_like_counts(read_sheets(path))


@pytest.mark.parametrize(
    "rows",
    [
        [["Month", "Postcode", "Visits"], ["2019-03-01", "E1", 4], ["2019-04-01", "E1", 2]],
        [
            ["Postcode", "Start", "End", "Visits"],
            ["E1", "2019-03-02", "2019-03-08", 4],
            ["E1", "2019-03-09", "2019-03-15", 2],
        ],
        [["Postcode", 2019], ["E1", 1], ["E2", 2], ["E3", 3]],
    ],
)
def test_months_weeks_and_figures_that_happen_to_rise_are_a_return(tmp_path, rows):
    assert looks_like_counts(read_sheets(write_csv(tmp_path / "return.csv", rows)))


def test_months_written_as_their_first_day_are_months(tmp_path):
    heading = ["Month", "Postcode", "Visits"]
    batch = parse_rows(tmp_path, [heading, ["2019-02-01", "E1", 4], ["01/04/2019", "E1", 2]])
    assert figures(batch) == {
        ("E1", "2019-02-01", "2019-02-28"): (4, 4),
        ("E1", "2019-04-01", "2019-04-30"): (2, 2),
    }


def test_no_message_repeats_what_the_file_holds(tmp_path):
    secret = "Zebrafish"
    rows = [
        ["Postcode", 2019, secret],
        ["E1", secret, 4],
        [secret, 3, 5],
        ["E2", 4, secret],
        [],
        [f"{secret} was here, and 2019 is January to March."],
    ]
    batch = parse_rows(tmp_path, rows, f"{secret}.csv")
    told = [
        *batch.notes,
        *(reject.reason for reject in batch.rejects),
        *(c["total"] for c in batch.totals_checked),
    ]
    assert len(batch.rejects) == 2
    assert not any(secret.lower() in sentence.lower() for sentence in told)


# Any table

DISTRICTS = [
    "E1",
    "E2",
    "E1W",
    "EC1A",
    "EC2Y",
    "N1",
    "N22",
    "NW1",
    "NW10",
    "SE1",
    "SE28",
    "SW1A",
    "W1B",
    "W14",
    "WC1E",
    "WC2R",
]
TYPES = {"Shop": "workplace", "Residential (Flat)": "home", "Street": "street", "Police station": "other", "Restaurant/Takeaway": "workplace"}  # fmt: skip
BANNER = [
    "OFFICIAL SENSITIVE",
    "I would like the number of visits for the years 2010-2013, for each postcode.",
    "Our records indicate that…",
    "Table 1 - Number of Immigration Enforcement visits by post code",
    "",
]
NOTES = [
    "These statistics have been taken from a live operational database. As such, numbers may change.",
    "Data is provided based on the list of postcodes as provided only. Incomplete postcodes have been excluded",
    "Data extracted on 16/10/2031",
]
# A cell as written, and how many visits there truly were.
CELLS = st.one_of(
    st.integers(0, 400).map(lambda n: (n, n)),
    st.integers(1, 4).map(lambda n: ("<5", n)),
    st.sampled_from([("-", 0), ("", 0), (0, 0)]),
)


FIGURES = st.integers(0, 400).map(lambda n: (n, n))


@st.composite
def returns(draw):
    """A return in any layout: its rows, what must be read from it, and its figures with whether a total covers them."""
    years = draw(st.lists(st.integers(2012, 2022), min_size=1, max_size=5, unique=True).map(sorted))
    areas = draw(st.lists(st.sampled_from(DISTRICTS), min_size=1, max_size=12, unique=True))
    has_types, has_row_totals, has_total = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    offset, banner_lines = draw(st.integers(0, 4)), draw(st.integers(0, 20))
    has_groups = draw(st.booleans()) and not has_types
    has_gap = draw(st.booleans())
    pad = [""] * offset
    gap = [""] if has_gap else []
    rows = [
        [*pad, draw(st.sampled_from(BANNER if line % 3 else ["", "Our records indicate:"]))]
        for line in range(banner_lines)
    ]
    heading = draw(
        st.sampled_from(["Postcode", "Post Code", "Postcodes", "Post code and type of address", ""])
    )
    rows.append([*pad, heading, *gap, *years, *(["Total"] if has_row_totals else [])])
    expected, places, checks = {}, {}, 0
    column_sums = dict.fromkeys(years, 0)
    if has_groups:
        areas = sorted(areas, key=lambda area: area.rstrip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") or area)

    def add(label, cells, is_summed):
        written = [cell for cell, _ in cells]
        totals = [sum(true for _, true in cells)] if has_row_totals else []
        rows.append([*pad, label, *gap, *written, *totals])
        for at, cell in enumerate(written):
            if isinstance(cell, int) and cell:
                places[len(rows), offset + 1 + len(gap) + at] = is_summed or has_row_totals or has_total

    letters = None
    n_rows = 0
    for area in areas:
        if has_groups and area[:2] != letters:
            letters = area[:2]
            rows.append([*pad, f"{''.join(sign for sign in letters if sign.isalpha())}:", *gap])
        kinds = draw(st.lists(st.sampled_from(list(TYPES)), max_size=4, unique=True)) if has_types else []
        # A kind of address without a single figure cannot be told from a line of words, so it has one.
        by_kind = {kind: [draw(FIGURES), *[draw(CELLS) for _ in years[1:]]] for kind in kinds}
        if kinds:
            cells = [(sum(by_kind[kind][at][1] for kind in kinds),) * 2 for at in range(len(years))]
        else:
            cells = [draw(CELLS) for _ in years]
        add(area, cells, bool(kinds))
        for kind in kinds:
            add(kind, by_kind[kind], True)
        n_rows += 1 + len(kinds)
        checks += (has_row_totals * (1 + len(kinds))) + (len(years) + has_row_totals) * bool(kinds)
        for at, number in enumerate(years):
            column_sums[number] += cells[at][1]
            expected[area, number, "all"] = (1, 4) if cells[at][0] == "<5" else (cells[at][1],) * 2
            for kind in kinds:
                low, high = expected.get((area, number, TYPES[kind]), (0, 0))
                cell, true = by_kind[kind][at]
                expected[area, number, TYPES[kind]] = (
                    (low + 1, high + 4) if cell == "<5" else (low + true, high + true)
                )
    assume(places)
    if has_total:
        label = draw(st.sampled_from(["Total", "Grand Total", "Year Total", "Overall"]))
        sums = list(column_sums.values())
        rows.append([*pad, label, *gap, *sums, *([sum(sums)] if has_row_totals else [])])
        checks += len(sums) + has_row_totals
    if draw(st.booleans()):
        rows.append([])
        rows += [[*pad[1:], number, note] for number, note in enumerate(NOTES, start=1)]
    return rows, expected, places, checks, n_rows, has_types


def read_back(batch):
    return {
        (row["area_code"], row["period_start"].year, row["setting"]): (row["visits_low"], row["visits_high"])
        for row in batch.counts.to_pylist()
        if (row["period_start"].month, row["period_end"].month) == (1, 12)
    }


SLOW = settings(
    max_examples=examples(80),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@SLOW
@given(made=returns())
def test_any_return_gives_back_what_was_written_and_every_total_matches(tmp_path, made):
    rows, expected, _, checks, n_rows, _ = made
    path = write_csv(tmp_path / "return.csv", rows)
    batch = parse(path)
    assert looks_like_counts(read_sheets(path))
    assert read_back(batch) == expected
    assert batch.counts.num_rows == len(expected)
    assert mismatches(batch) == []
    assert (len(batch.totals_checked), batch.rows, batch.rejects) == (checks, n_rows, [])


@settings(SLOW, max_examples=examples(12))
@given(made=returns(), kind=st.sampled_from(["xlsx", "ods", "tsv"]))
def test_any_return_reads_alike_from_every_kind_of_file(tmp_path, made, kind):
    rows, expected, *_ = made
    batch = parse(WRITERS[kind](tmp_path / f"return.{kind}", rows))
    assert read_back(batch) == expected
    assert mismatches(batch) == []


@SLOW
@given(made=returns(), data=st.data())
def test_a_corrupted_figure_is_told_by_row_and_column(tmp_path, made, data):
    rows, _, places, *_ = made
    covered = [place for place, is_covered in places.items() if is_covered]
    assume(covered)
    row, column = data.draw(st.sampled_from(covered))
    rows[row - 1][column] += 5000
    batch = parse_rows(tmp_path, rows)
    wrong = mismatches(batch)
    letter = "ABCDEFGHIJKLMNOP"[column]
    assert wrong
    assert any(number == row or name == letter for number, name, _, _ in wrong)
    for number, name, stated, recomputed in wrong:
        assert any(
            f"Row {number}, column {name}: the return states {stated}" in note
            and f"add up to {recomputed}" in note
            for note in batch.notes
        )


@pytest.mark.slow
@settings(SLOW, max_examples=examples(30))
@given(made=returns())
def test_a_return_turned_on_its_side_gives_the_same_figures(tmp_path, made):
    rows, expected, *_, has_types = made
    heading = next(
        at for at, row in enumerate(rows) if any(isinstance(cell, int) and cell > 2000 for cell in row)
    )
    width = len(rows[heading])
    end = rows.index([], heading) if [] in rows[heading:] else len(rows)
    table = [row for row in rows[heading:end] if len(row) == width]
    n_areas = len({area for area, _, _ in expected})
    assume(not has_types and n_areas > 2 and len(table) > n_areas)
    turned = [list(column) for column in zip(*table, strict=True)]
    assert read_back(parse_rows(tmp_path, turned)) == expected


def test_parse_counts_needs_no_file(tmp_path: Path):
    sheets = read_sheets(write_csv(tmp_path / "return.csv", [["Postcode", 2019], ["E1", 3]]))
    assert by_area(parse_counts(sheets, "renamed.csv")) == {"E1": (3, 3)}


@pytest.mark.parametrize("unit", ["*", "(", " ", "1", "1/", "2019 to ", "* = ", "figures below "])
def test_a_cell_of_thirty_thousand_signs_is_refused_by_row_and_column(tmp_path, unit):
    long = (unit * 30_000)[:29_999] + "x"
    for rows, place in (
        ([["Postcode", 2019, long], ["E1", 3, 4]], "Row 1, column C"),
        ([["Postcode", 2019, 2020], ["E1", 3, long]], "Row 2, column C"),
        ([["Postcode", 2019, 2020], ["E1", 3, 4], [], [long]], "Row 4, column A"),
    ):
        path = write_csv(tmp_path / "return.csv", rows)
        with pytest.raises(InputError, match=rf"^{place} holds 30,000 characters; at most 2,000"):
            parse(path)


@pytest.mark.parametrize(
    "headings",
    [
        [
            "Timestamp",
            "When did the raid happen?",
            "Where? (postcode or area)",
            "How many people were taken away?",
        ],
        ["ID", "Start time", "Completion time", "Email", "Where", "Number of raids seen"],
        ["SubmissionDate", "raid_when", "raid_where", "n", "meta-instanceID"],
        ["_uuid", "_submission_time", "place", "raids"],
        ["Respondent ID", "Collector ID", "Which area?", "Number"],
        ["#", "Which area was the raid in?", "Visits", "Submit Date (UTC)"],
    ],
)
def test_the_answers_to_a_form_are_no_return(tmp_path, headings):
    rows = [["E7" if "w" in heading.lower() else str(number) for heading in headings] for number in (3, 5, 2)]
    assert not looks_like_counts(read_sheets(write_csv(tmp_path / "form.csv", [headings, *rows])))


DAYS = [(2, "7.30am", "E7", "arrests"), (30, "pm", "SE5", "nobody taken"), (14, "6am", "SE15", "no arrests")]


@pytest.mark.parametrize(
    "banner", ["Raids April 2024", "April 2024", "Immigration raids 2024", "RAIDS 2023/24", "Q2 2024"]
)
@pytest.mark.parametrize(
    "headings",
    [
        ("Day", "Time", "Place", "Outcome"),
        ("Date", "Time", "Where", "What happened"),
        ("Dom", "Police", "Postcode", "Notes"),
        ("Day of month", "Time", "District", "Crowd"),
        ("Weekday", "", "Place", ""),
        ("April", "Time", "Place", "Outcome"),
        ("", "Police?", "Where?", "How many arrested?"),
        ("Day no.", "", "Area", ""),
        ("No", "Day", "Place", ""),
    ],
)
def test_a_log_of_days_below_a_banner_is_not_a_return(tmp_path, banner, headings):
    """The days 2, 30 and 14 of April are no two, thirty and fourteen visits."""
    for order in ((0, 1, 2, 3), (2, 0, 1, 3), (1, 2, 0, 3)):
        rows = [[row[at] for at in order] for row in (headings, *DAYS)]
        path = write_csv(tmp_path / "log.csv", [[banner, "", "", ""], *rows])
        assert not looks_like_counts(read_sheets(path)), order


@pytest.mark.parametrize(
    "rows",
    [
        [["Postcode", "Outcome", "2021", "2022"], ["E7", "Arrest", 3, 4], ["E7", "No arrest", 5, 6]],
        [["Visits in April 2024"], ["Place", "Visits"], ["E7", 2], ["SE5", 30], ["SE15", 14]],
        [["Raids April 2024"], ["Postcode", "Number"], ["E7", 2], ["SE5", 30], ["SE15", 14]],
        [["Day", "Postcode", "Year", "Visits"], ["Monday", "E7", 2019, 3], ["Tuesday", "E7", 2019, 5]],
    ],
)
def test_counts_below_a_banner_or_beside_an_outcome_are_a_return(tmp_path, rows):
    assert looks_like_counts(read_sheets(write_csv(tmp_path / "return.csv", rows)))


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        (
            ["Q1 2019", "Q2 2019", "Q3 2019", "Q4 2019"],
            {("2019-01-01", "2019-03-31"), ("2019-10-01", "2019-12-31")},
        ),
        (["March 2019"], {year(2019)}),
    ],
)
def test_a_year_in_one_table_and_parts_of_it_in_another_count_no_day_twice(tmp_path, inner, kept):
    whole = [["Table 1 - visits by year"], ["Postcode", 2019], ["E1", 10], ["E2", 4]]
    parts = [
        ["Table 2 - visits by period"],
        ["Postcode", *inner],
        ["E1", *[2] * len(inner)],
        ["E2", *[1] * len(inner)],
    ]
    batch = parse_rows(tmp_path, [*whole, [], *parts])
    found = {(start, end) for area, start, end in figures(batch) if area == "E1"}
    assert kept <= found
    assert len(found) == len(inner)
    assert any("overlap others of the return and were left out" in note for note in batch.notes)


@pytest.mark.parametrize(
    ("heading", "end"),
    [
        ("2024 YTD (to 31 March)", "2024-03-31"),
        ("2024 YTD to 31 March", "2024-03-31"),
        ("2024 (YTD to 31 March 2024)", "2024-03-31"),
        ("2024 to date (31 March 2024)", "2024-03-31"),
        ("2024 year to date - 31/03/2024", "2024-03-31"),
        ("2024 YTD as at 31 March 2024", "2024-03-31"),
        ("Jan-Mar 2024 (part year)", "2024-03-31"),
        ("2024 (part year, January to March)", "2024-03-31"),
        ("2024 part-year (Jan - Mar)", "2024-03-31"),
        ("2024 so far (up to end of March)", "2024-03-31"),
        ("2024 as at 31 March 2024", "2024-03-31"),
        ("Jan-Mar 2024 provisional", "2024-03-31"),
        ("2024 (provisional, to 31 March)", "2024-03-31"),
    ],
)
def test_a_part_of_a_year_that_says_its_end_is_read_to_that_day(tmp_path, heading, end):
    batch = parse_rows(tmp_path, [["Postcode", 2022, heading], ["E1", 22, 18]])
    assert figures(batch) == {("E1", *year(2022)): (22, 22), ("E1", "2024-01-01", end): (18, 18)}


def test_a_note_that_says_to_which_day_leaves_the_years_before_it_whole(tmp_path):
    rows = [["Postcode", 2023, "2024 YTD"], ["E1", 22, 18], [], ["(YTD = to 31/03/2024)"]]
    assert figures(parse_rows(tmp_path, rows)) == {
        ("E1", *year(2023)): (22, 22),
        ("E1", "2024-01-01", "2024-03-31"): (18, 18),
    }


@pytest.mark.parametrize(
    "heading", ["2024 YTD", "YTD 2024", "2024 (part year)", "March 2024 YTD", "2024 so far"]
)
def test_a_part_of_a_year_that_says_no_end_is_refused(tmp_path, heading):
    with pytest.raises(InputError, match="is not complete, but nothing says"):
        parse_rows(tmp_path, [["Postcode", 2022, heading], ["E1", 22, 18]])


@pytest.mark.parametrize(
    "heading",
    [
        "2022-23", "22/23", "FY 2022/23", "FY22/23", "FY 22-23", "F/Y 2022/23", "2022/2023", "2022-2023", "Apr 22 - Mar 23",
        "Apr-22 to Mar-23", "Apr'22-Mar'23", "April 22 to March 23", "April 2022 to March 2023", "Apr 2022-Mar 2023",
        "Financial year 2022-23", "Financial year 22/23", "Year ending March 2023", "2022/23 (financial year)",
    ],
)  # fmt: skip
def test_financial_years_in_short(tmp_path, heading):
    batch = parse_rows(tmp_path, [["Postcode", "2021/22", heading], ["E1", 22, 18], ["E2", 3, 4]])
    assert figures(batch)["E1", "2022-04-01", "2023-03-31"] == (18, 18)
    assert len(figures(batch)) == 4


@pytest.mark.parametrize("heading", ["FY22", "FY 23", "FY 2022", "Financial year 2022"])
def test_a_financial_year_of_one_short_number_is_refused(tmp_path, heading):
    with pytest.raises(InputError, match="financial year of one number"):
        parse_rows(tmp_path, [["Postcode", "2020/21", heading], ["E1", 22, 18], ["E2", 3, 4]])


@pytest.mark.parametrize(
    ("note", "sign", "expected"),
    [
        (
            "Figures are rounded to the nearest 5; ~ denotes 1 or 2",
            "~",
            {"E1": (18, 22), "E2": (1, 2), "E3": (0, 0)},
        ),
        (
            "All figures have been rounded to the nearest five. ~ = 1 to 2",
            "~",
            {"E1": (18, 22), "E2": (1, 2), "E3": (0, 0)},
        ),
        ("Numbers rounded to nearest 10", "10", {"E1": (15, 25), "E2": (5, 15), "E3": (0, 5)}),
        ("Figures under 5 shown as *", "*", {"E1": (20, 20), "E2": (1, 4), "E3": (0, 0)}),
        ("[c] = between 1 and 4", "[c]", {"E1": (20, 20), "E2": (1, 4), "E3": (0, 0)}),
        ("~ = 1 to 4", "~", {"E1": (20, 20), "E2": (1, 4), "E3": (0, 0)}),
        ("* means one or two visits", "*", {"E1": (20, 20), "E2": (1, 2), "E3": (0, 0)}),
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_rounding_and_signs_explained_above_or_below_a_table(tmp_path, note, sign, expected, is_above):
    table = [["Postcode", 2021], ["E1", 20], ["E2", sign], ["E3", 0]]
    batch = parse_rows(tmp_path, [[note], *table] if is_above else [*table, [note]])
    assert by_area(batch) == expected
    assert batch.rejects == []


def test_a_note_of_rounding_that_the_figures_do_not_bear_out_is_told_and_not_applied(tmp_path):
    batch = parse_rows(
        tmp_path, [["Figures are rounded to the nearest 5"], ["Postcode", 2021], ["E1", 20], ["E2", 7]]
    )
    assert by_area(batch) == {"E1": (20, 20), "E2": (7, 7)}
    assert any("but not all of them are" in note for note in batch.notes)


@pytest.mark.parametrize("measure", ["Measure", "Metric", "Statistic", "Type of activity"])
def test_rows_that_measure_something_else_than_visits_are_left_out_and_told(tmp_path, measure):
    rows = [
        ["E1", 2021, "Visits", 22],
        ["E1", 2021, "Arrests", 5],
        ["E2", 2021, "Visits", 41],
        ["E2", 2021, "Arrests", 12],
    ]
    batch = parse_rows(tmp_path, [["Area", "Calendar year", measure, "Number"], *rows])
    assert by_area(batch) == {"E1": (22, 22), "E2": (41, 41)}
    assert "Rows 3 and 5 count something else than visits; left out." in batch.notes


@pytest.mark.parametrize(
    "note",
    [
        "Values are provisional and subject to change.",
        "Provisional figures, which may be revised in later releases.",
        "Small numbers have been suppressed to prevent disclosure.",
        "Visits may be double counted where two teams attended together.",
    ],
)
def test_a_note_in_the_line_below_the_figures_is_a_note(tmp_path, note):
    batch = parse_rows(tmp_path, [["Postcode", 2021, 2022], ["E1", 22, 18], ["E2", 3, 4], [note]])
    assert len(figures(batch)) == 4


def test_blank_columns_below_a_title_are_no_figures_of_no_visits(tmp_path):
    rows = [["Visits 2024", "", ""], ["Postcode", "2024", ""], ["E1", 3, ""], ["E2", 4, ""]]
    batch = parse_rows(tmp_path, rows)
    assert by_area(batch) == {"E1": (3, 3), "E2": (4, 4)}
