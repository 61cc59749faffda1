"""Rows of a return whose cell of the place is empty: totals, kinds of address that go on, visits without a place."""

import pytest

from data.files.read import read_sheets
from data.returns.counts import looks_like_counts
from tests.data.returns.returns import mismatches, parse, parse_rows, write_csv

# SE15: 22 visits in 2021 and 18 in 2022; N17: 41 and 37.
ROWS = [
    ("SE15", "Business", 12, 10),
    ("SE15", "Residential", 10, 8),
    ("N17", "Business", 21, 20),
    ("N17", "Residential", 20, 17),
]
EXPECTED = {
    ("SE15", "all"): (22, 18),
    ("SE15", "workplace"): (12, 10),
    ("SE15", "home"): (10, 8),
    ("N17", "all"): (41, 37),
    ("N17", "workplace"): (21, 20),
    ("N17", "home"): (20, 17),
}
OF_ALL = {key: figure for key, figure in EXPECTED.items() if key[1] == "all"}
TOTAL = (63, 55)
HEADING = ["Postcode District", "Visit type", 2021, 2022]
KEYED = [list(row) for row in ROWS]
ONCE = [[area if kind == "Business" else "", kind, *figures] for area, kind, *figures in ROWS]
LONG = [
    [area, year, kind, n] for area, kind, *both in ROWS for year, n in zip((2021, 2022), both, strict=True)
]
LABELS = [
    "Total", "Grand Total", "GRAND TOTAL", "Overall", "London total", "Sum", "All areas", "TOTAL (all)", "Totals:",
    "All", "All districts", "Total visits", "All London", "London", "Combined", "Total (all types)", "Tot.", "Altogether",
    "Total 2021-2022", "Σ", "Everything", "Aggregate", "Total - all areas", "Total of above", "Overall figure", "Gesamt",
]  # fmt: skip


def by_year(batch):
    """(area, setting) -> visits in 2021 and 2022."""
    found = {}
    for row in batch.counts.to_pylist():
        assert row["visits_low"] == row["visits_high"]
        found.setdefault((row["area_code"], row["setting"]), {})[row["period_start"].year] = row["visits_low"]
    return {key: tuple(figures.get(year) for year in (2021, 2022)) for key, figures in found.items()}


LAYOUTS = {
    "kind before place": lambda label: [
        ["Visit type", "Postcode District", 2021, 2022],
        *([kind, area, *figures] for area, kind, *figures in ROWS),
        [label, "", *TOTAL],
    ],
    "kind after place": lambda label: [HEADING, *KEYED, ["", label, *TOTAL]],
    "place named once": lambda label: [HEADING, *ONCE, ["", label, *TOTAL]],
    "label as place": lambda label: [HEADING, *KEYED, [label, "", *TOTAL]],
    "total on top": lambda label: [HEADING, [label, "", *TOTAL], *KEYED],
    "label twice": lambda label: [HEADING, *KEYED, [label, label, *TOTAL]],
    "label under a region": lambda label: [
        ["Region", *HEADING],
        *(["South", *row] for row in KEYED),
        [label, "", "", *TOTAL],
    ],
    "label as year": lambda label: [["Postcode", "Year", "Type", "Visits"], *LONG, ["", label, "", 118]],
    "a total for each year": lambda label: [
        ["Postcode", "Year", "Type", "Visits"],
        *LONG,
        ["", 2021, label, 63],
        ["", 2022, label, 55],
    ],
    "a total for each place": lambda label: [
        HEADING,
        *KEYED[:2],
        ["SE15", label, 22, 18],
        *KEYED[2:],
        ["N17", label, 41, 37],
        ["", label, *TOTAL],
    ],
    "a total for each place, named once": lambda label: [
        HEADING,
        *ONCE[:2],
        ["", label, 22, 18],
        *ONCE[2:],
        ["", label, 41, 37],
        ["Grand Total", "", *TOTAL],
    ],
}


@pytest.mark.parametrize("label", LABELS)
def test_a_total_is_no_areas_figure_wherever_its_label_stands(tmp_path, label):
    for name, layout in LAYOUTS.items():
        path = write_csv(tmp_path / "return.csv", layout(label))
        assert looks_like_counts(read_sheets(path)), name
        batch = parse(path)
        assert by_year(batch) == EXPECTED, name
        assert mismatches(batch) == [], name
        assert batch.totals_checked, name


@pytest.mark.parametrize(
    "rows",
    [
        [*KEYED, ["", "Business", 33, 30], ["", "Residential", 30, 25], ["", "Total", *TOTAL]],
        [*KEYED, ["Total", "Business", 33, 30], ["Total", "Residential", 30, 25], ["Total", "All", *TOTAL]],
        [*KEYED, ["", "Business total", 33, 30], ["", "Total Residential", 30, 25], ["", "", *TOTAL]],
        [*ONCE, ["", "Business", 33, 30], ["", "Residential", 30, 25], ["", "Total", *TOTAL]],
        [*ONCE, ["", "Residential", 30, 25], ["", "Business", 33, 30], ["", "Total", *TOTAL]],
    ],
)
def test_sums_of_each_kind_of_address_are_checked_and_no_areas_figures(tmp_path, rows):
    batch = parse_rows(tmp_path, [HEADING, *rows])
    assert by_year(batch) == EXPECTED
    assert (batch.rejects, len(batch.totals_checked) >= 4, mismatches(batch)) == ([], True, [])


@pytest.mark.parametrize("rows", [KEYED, ONCE])
def test_a_wrong_total_beside_an_empty_place_is_told_and_given_to_no_area(tmp_path, rows):
    batch = parse_rows(tmp_path, [HEADING, *rows, ["", "Total", 64, 55]])
    assert by_year(batch) == EXPECTED
    assert mismatches(batch) == [(6, "C", 64, 63)]


def test_a_wrong_total_of_an_area_is_told(tmp_path):
    rows = [*ONCE[:2], ["", "Total", 23, 18], *ONCE[2:], ["", "Total", 41, 37], ["", "Total", *TOTAL]]
    batch = parse_rows(tmp_path, [HEADING, *rows])
    assert by_year(batch) == EXPECTED
    assert mismatches(batch) == [(4, "C", 23, 22)]


@pytest.mark.parametrize("place", ["", "Not known", "Unknown", "(blank)"])
@pytest.mark.parametrize("is_on_top", [True, False])
def test_visits_of_a_kind_whose_place_is_not_known_count_towards_totals_and_no_area(
    tmp_path, place, is_on_top
):
    without = [[place, "Business", 3, 1], [place, "Residential", 2, 2]]
    rows = [*without, *KEYED] if is_on_top else [*KEYED, *without]
    batch = parse_rows(tmp_path, [HEADING, *rows, ["", "Total", 68, 58]])
    assert by_year(batch) == EXPECTED
    assert [reject.row for reject in batch.rejects] == ([2, 3] if is_on_top else [6, 7])
    assert mismatches(batch) == []


def test_rows_that_go_on_with_the_place_above_are_told(tmp_path):
    batch = parse_rows(tmp_path, [HEADING, *ONCE])
    assert by_year(batch) == EXPECTED
    assert any(note.startswith("Rows 3 and 5 name no place and go on") for note in batch.notes)


@pytest.mark.parametrize(
    "rows",
    [
        [["SE15", 2021, 22], ["", 2022, 18], ["N17", 2021, 41], ["", 2022, 37], ["Total", "", 118]],
        [["SE15", 2021, 22], ["", 2022, 18], ["N17", 2021, 41], ["", 2022, 37], ["", 2021, 63], ["", 2022, 55]],
        [["SE15", 2021, 22], ["SE15", 2022, 18], ["N17", 2021, 41], ["N17", 2022, 37], ["", 2021, 63], ["", 2022, 55]],
        [["SE15", 2021, 22], ["SE15", 2022, 18], ["SE15", "Total", 40], ["N17", 2021, 41], ["N17", 2022, 37]],
        [["SE15", 2021, 22], ["", 2022, 18], ["", "Total", 40], ["N17", 2021, 41], ["", 2022, 37], ["", "Total", 78]],
    ],
)  # fmt: skip
def test_years_below_one_place_go_on_with_it(tmp_path, rows):
    batch = parse_rows(tmp_path, [["Postcode", "Year", "Visits"], *rows])
    assert by_year(batch) == OF_ALL
    assert (batch.rejects, mismatches(batch)) == ([], [])


@pytest.mark.parametrize("is_written_once", [True, False])
def test_totals_of_a_year_named_with_it_are_checked_against_that_year(tmp_path, is_written_once):
    of_2021, of_2022 = ("", "") if is_written_once else (2021, 2022)
    rows = [
        ["Year", "Postcode", "Visits"],
        [2021, "SE15", 22],
        [of_2021, "N17", 41],
        ["2021 Total", "", 63],
        [2022, "SE15", 18],
        [of_2022, "N17", 37],
        ["2022 Total", "", 55],
        ["Grand Total", "", 118],
    ]
    batch = parse_rows(tmp_path, rows)
    assert by_year(batch) == OF_ALL
    assert (batch.rejects, len(batch.totals_checked), mismatches(batch)) == ([], 3, [])
    assert any("were taken from the rows above" in note for note in batch.notes) == is_written_once


def test_a_kind_of_address_written_once_above_its_places(tmp_path):
    rows = [
        ["Visit type", "Postcode District", 2021, 2022],
        ["Business", "SE15", 12, 10],
        ["", "N17", 21, 20],
        ["Business Total", "", 33, 30],
        ["Residential", "SE15", 10, 8],
        ["", "N17", 20, 17],
        ["Residential Total", "", 30, 25],
        ["Grand Total", "", *TOTAL],
    ]
    batch = parse_rows(tmp_path, rows)
    assert by_year(batch) == EXPECTED
    assert (batch.rejects, len(batch.totals_checked), mismatches(batch)) == ([], 6, [])


@pytest.mark.parametrize(
    "labels",
    [("Southwark Total", "", ""), ("Southwark", "", "Total"), ("", "SE15 Total", ""), ("", "", "SE15 total")],
)
def test_subtotals_of_a_borough_or_a_district_in_any_column(tmp_path, labels):
    rows = [["Southwark", *row] for row in KEYED[:2]]
    last = [["Haringey", *row] for row in KEYED[2:]]
    batch = parse_rows(
        tmp_path,
        [["Borough", *HEADING], *rows, [*labels, 22, 18], *last, ["", "", "Total", *TOTAL]],
    )
    assert by_year(batch) == EXPECTED
    assert (batch.rejects, len(batch.totals_checked), mismatches(batch)) == ([], 4, [])


# One kind of address twice: two rows of the official database, told apart by a blank, a dot or a capital

TWICE = [
    ("Residential", "Residential "), ("Residential", " Residential"), ("Residential", "Residential."),
    ("Residential", "residential"), ("Residential", "RESIDENTIAL"), ("Residential", "Residential\u00a0"),
    ("Residential (Flat)", "Residential  (Flat)"), ("Residential Flat", "Residential (Flat)"),
    ("Residential:", "Residential"), ("Residential", "Residential*"),
]  # fmt: skip
FIGURES = {"N17": (12, 9, 20), "SE15": (5, 8, 9)}
ADDED_UP = {"N17": ((21, None), (20, None), (41, None)), "SE15": ((13, None), (9, None), (22, None))}


def twice_rows(layout, first, second):
    names = (first, second, "Business")
    yield ["Visits by postcode district and type of address, 2021"]
    if layout == "across":
        yield ["Postcode", *names, "Total"]
        yield from ([area, *figures, sum(figures)] for area, figures in FIGURES.items())
        yield ["Total", 17, 17, 29, 63]
        return
    yield ["Postcode", "Visits"] if layout == "nested" else ["Postcode", "Address type", "Visits"]
    for area, figures in FIGURES.items():
        if layout == "nested":
            yield [area, sum(figures)]
            yield from ([name, figure] for name, figure in zip(names, figures, strict=True))
        else:
            yield from ([area, name, figure] for name, figure in zip(names, figures, strict=True))
            if layout == "subtotals":
                yield [f"{area} Total", "", sum(figures)]


@pytest.mark.parametrize(("first", "second"), TWICE)
@pytest.mark.parametrize("layout", ["long", "subtotals", "nested", "across"])
def test_a_kind_of_address_in_two_spellings_is_added_up(tmp_path, first, second, layout):
    batch = parse_rows(tmp_path, list(twice_rows(layout, first, second)))
    found = by_year(batch)
    for area, figures in ADDED_UP.items():
        assert tuple(found[area, kind] for kind in ("home", "workplace", "all")) == figures
    assert (batch.rejects, mismatches(batch)) == ([], [])


@pytest.mark.parametrize("layout", ["subtotals", "nested"])
def test_a_kind_of_address_twice_alike_is_added_up_where_a_total_needs_both(tmp_path, layout):
    batch = parse_rows(tmp_path, list(twice_rows(layout, "Residential", "Residential")))
    found = by_year(batch)
    assert [found[area, "home"] for area in FIGURES] == [(21, None), (13, None)]
    assert [found[area, "all"] for area in FIGURES] == [(41, None), (22, None)]
    assert any(
        note.startswith("Rows 3 and 4 give" if layout == "subtotals" else "Rows 4 and 5")
        for note in batch.notes
    )


def test_a_kind_of_address_twice_alike_without_a_total_is_set_aside_and_told(tmp_path):
    batch = parse_rows(tmp_path, list(twice_rows("long", "Residential", "Residential")))
    assert by_year(batch) == {("N17", "workplace"): (20, None), ("SE15", "workplace"): (9, None)}
    assert [reject.row for reject in batch.rejects] == [3, 4, 6, 7]
    assert (
        "For N17, SE15 no figure for all kinds of address could be kept, since a part of it was set aside."
        in batch.notes
    )


def test_two_spellings_of_which_a_total_needs_only_one_are_set_aside(tmp_path):
    rows = [
        ["Postcode", "Address type", 2021],
        ["N17", "Shop", 12],
        ["N17", "shop", 12],
        ["N17", "Home", 5],
        ["N17 Total", "", 17],
    ]
    batch = parse_rows(tmp_path, rows)
    assert by_year(batch) == {("N17", "home"): (5, None)}
    assert [reject.row for reject in batch.rejects] == [2, 3]
    assert mismatches(batch) == [(5, "C", 17, 29)]


def test_a_kind_of_address_that_nobody_knows_is_told_once(tmp_path):
    batch = parse_rows(tmp_path, [HEADING, *KEYED, ["SE15", "Spaceship", 1, 0], ["N17", "Spaceship", 2, 0]])
    assert by_year(batch)["N17", "unknown"] == (2, 0)
    assert [note for note in batch.notes if "not known" in note] == [
        "Rows 6 and 7 name a kind of address that is not known; it is kept as 'unknown'."
    ]
