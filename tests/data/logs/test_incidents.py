import csv
import gzip
import io
import re
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.files.read import read_sheets
from data.geography.locate import load_places
from data.logs.incidents import INCIDENT_SCHEMA, looks_like_incidents, parse_incidents
from data.logs.mapping import Mapping
from data.logs.table import MORE_CELLS
from data.schema import INCIDENTS
from tests.data.logs.logs import sheet_of

TODAY = date(2026, 11, 23)
SHARED = Path(__file__).resolve().parents[4] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data, the real files")


def parse(*rows, mapping=None, **options):
    return parse_incidents([sheet_of(*rows)], load_places(), mapping, today=TODAY, **options)


def parse_file(path, mapping=None):
    return parse_incidents(read_sheets(Path(path)), load_places(), mapping, today=TODAY)


HEADINGS = ["Date", "Time", "Postcode", "Borough", "Setting", "Outcome", "Number detained", "Police", "Notes"]
GOOD = ["11/06/2022", "12.08", "SE15 5DT", "Southwark", "street", "let go", "1", "yes", "a note"]


def test_a_time_that_is_not_understood_costs_the_time_and_a_note_names_its_row():
    batch = parse(
        ["Date", "Time", "Borough"], ["11/06/2022", "school run", "Brent"], ["12/06/2022", "7am", "Brent"]
    )
    assert batch.rejects == []
    assert batch.incidents["date_precision"].to_pylist() == ["day", "hour"]
    [note] = batch.notes
    assert note.startswith("Column B: The time is not understood")
    assert note.endswith("Kept without it: row 2.")


def test_one_row_becomes_one_incident():
    batch = parse(HEADINGS, GOOD)
    [row] = batch.incidents.to_pylist()
    locality = row.pop("locality_code")
    assert locality.startswith("E09000028-SE15")
    assert row == {
        "started_earliest": datetime(2022, 6, 11, 12),
        "started_latest": datetime(2022, 6, 11, 12),
        "date_precision": "hour",
        "borough_code": "E09000028",
        "postcode_district": "SE15",
        "location_precision": "locality",
        "setting": "street",
        "outcome": "released after community response",
        "people_detained": 1,
        "people_released": None,
        "crowd_size": None,
        "duration_minutes": None,
        "police_present": "yes",
        "community_response": "unknown",
        "source_kind": "group report",
        "confidence": "medium",
    }
    assert (batch.rows, batch.rejects, batch.ignored_headings, batch.headings) == (1, [], ["Notes"], HEADINGS)


def test_the_table_has_the_columns_of_the_schema():
    given = ("incident_id", "import_id", "review")
    expected = [name for name in INCIDENTS.column_names() if name not in given]
    assert parse(HEADINGS, GOOD).incidents.schema == INCIDENT_SCHEMA
    assert expected == INCIDENT_SCHEMA.names


def test_a_row_that_cannot_be_used_is_set_aside_with_row_column_and_reason():
    bad = ["31/02/2022", "12.08", "SE15 5DT", "Southwark", "street", "let go", "1", "yes", "a note"]
    batch = parse(["The log of a group"], [], HEADINGS, GOOD, bad)
    assert (batch.rows, batch.incidents.num_rows) == (2, 1)
    [reject] = batch.rejects
    assert (reject.row, reject.column) == (5, "date")
    assert reject.reason == "Column A: There is no such day in the calendar; correct the date."
    assert batch.set_aside.to_pylist() == [dict(zip(HEADINGS, bad, strict=True)) | {"reason": reject.reason}]


def test_the_first_thing_wrong_with_a_row_is_told():
    batch = parse(HEADINGS, GOOD, ["31/02/2022", "25:00", "ZZ9", "", "", "", "-3", "", ""])
    assert [(reject.row, reject.column) for reject in batch.rejects] == [(3, "date")]


def test_blank_rows_are_no_rows():
    batch = parse(HEADINGS, [""] * 9, GOOD, ["  "] * 9, ["", "", "", "", "", "", "", "", "only a note"])
    assert (batch.rows, batch.incidents.num_rows) == (2, 1)
    assert [reject.row for reject in batch.rejects] == [5]


def test_rows_with_more_cells_than_headings_are_set_aside(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "Date,Borough,Notes\n1/2/2022,Brent,fine\n1/2/2022,Brent,seen, twice\n31/2/2022,Brent,x\n"
    )
    batch = parse_file(path)
    assert (batch.rows, batch.incidents.num_rows) == (3, 1)
    assert [(reject.row, reject.reason) for reject in batch.rejects] == [
        (3, MORE_CELLS),
        (4, "Column A: There is no such day in the calendar; correct the date."),
    ]
    assert batch.set_aside.column_names == ["Date", "Borough", "Notes", "", "reason"]
    assert [column.to_pylist() for column in batch.set_aside.columns][:4] == [
        ["1/2/2022", "31/2/2022"],
        ["Brent", "Brent"],
        ["seen", "x"],
        [" twice", ""],
    ]


def test_unknown_words_are_counted_and_their_rows_kept():
    batch = parse(
        ["Date", "Borough", "Outcome"], *[["1/2/2022", "Brent", word] for word in ("odd", "odd", "arrested")]
    )
    assert batch.unknown_words == {"outcome": Counter(odd=2)}
    assert batch.incidents["outcome"].to_pylist() == ["unknown", "unknown", "people detained"]


def test_words_headings_and_the_order_of_dates_can_be_mapped_by_hand():
    mapping = Mapping(
        columns={"Quan": "date", "On": "borough", "Resultat": "outcome"},
        date_order="month first",
        words={"outcome": {"detingut": "people detained"}},
    )
    batch = parse(["Quan", "On", "Resultat"], ["06/11/2022", "Brent", "Detingut"], mapping=mapping)
    assert batch.incidents["started_earliest"].to_pylist() == [datetime(2022, 6, 11)]
    assert batch.incidents["outcome"].to_pylist() == ["people detained"]


def test_the_lower_of_two_rows_of_headings_is_no_row_of_the_log():
    batch = parse(
        ["Date", "Place", "", "Outcome"],
        ["", "Borough", "Postcode", ""],
        ["1/2/2022", "Southwark", "SE15 5DT", "arrested"],
    )
    assert (batch.rows, batch.rejects) == (1, [])
    assert batch.incidents["postcode_district"].to_pylist() == ["SE15"]


def test_a_heading_that_says_month_first_is_believed():
    batch = parse(["Date (mm/dd/yyyy)", "Borough"], ["06/11/2022", "Brent"])
    assert batch.incidents["started_earliest"].to_pylist() == [datetime(2022, 6, 11)]


def test_a_duration_in_hours_becomes_minutes():
    batch = parse(
        ["Date", "Borough", "Duration (hours)"], ["1/2/2022", "Brent", "1.5"], ["1/2/2022", "Brent", ""]
    )
    assert batch.incidents["duration_minutes"].to_pylist() == [90, None]


def test_what_a_source_is_can_be_given_for_a_whole_file():
    batch = parse(["Date", "Borough"], ["1/2/2022", "Brent"], defaults={"source_kind": "press"})
    assert batch.incidents["source_kind"].to_pylist() == ["press"]
    assert batch.incidents["confidence"].to_pylist() == ["medium"]


def test_a_set_aside_file_can_be_corrected_and_imported_again(tmp_path):
    first = parse(HEADINGS, GOOD, ["31/02/2022", *GOOD[1:]], [*GOOD[:2], "", "", *GOOD[4:]])
    path = tmp_path / "set aside.csv"
    pa.csv.write_csv(first.set_aside, path)
    path.write_text(path.read_text().replace("31/02/2022", "28/02/2022"))
    again = parse_file(path)
    assert (again.rows, again.incidents.num_rows) == (2, 1)
    assert again.set_aside.column_names == first.set_aside.column_names
    assert again.rejects[0].reason == first.rejects[1].reason


# Workbooks


def test_sheets_without_the_headings_are_left_out_and_said_so():
    sheets = [
        sheet_of(["Notes"], ["we met"]),
        sheet_of(HEADINGS, GOOD),
        sheet_of(["Date", "Area"], ["2022", "Brent"]),
    ]
    batch = parse_incidents(sheets, load_places(), today=TODAY)
    assert (batch.rows, batch.incidents.num_rows) == (2, 2)
    assert batch.notes == ["1 of 3 sheets have no headings for a date and a place and were left out."]


def test_rows_set_aside_from_several_sheets_keep_their_own_headings():
    sheets = [
        sheet_of(HEADINGS, GOOD, ["", *GOOD[1:]]),
        sheet_of(["Date", "Area"], ["2022", "Brent"], ["x", "Brent"]),
    ]
    batch = parse_incidents(sheets, load_places(), today=TODAY)
    assert (batch.rows, len(batch.rejects)) == (4, 2)
    assert batch.set_aside.column_names == [*HEADINGS, "Area", "reason"]
    assert batch.set_aside["Area"].to_pylist() == ["", "Brent"]
    assert batch.set_aside["Date"].to_pylist() == ["", "x"]


def test_a_workbook_with_real_dates_times_and_numbers(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Raids in our borough"])
    sheet.append([])
    sheet.append(["Date", "Time", "Borough", "Arrested", "Duration (hours)"])
    sheet.append([date(2022, 6, 11), time(12, 8), "Southwark", 2, 1.5])
    sheet.append([datetime(2022, 6, 12, 14, 30), None, "Hackney", 0, None])
    sheet.append(["June 2022", "noon", "Brent", "several", 4])
    sheet.append(["31 June 2022", None, "Brent", None, None])
    path = tmp_path / "log.xlsx"
    workbook.save(path)
    batch = parse_file(path)
    assert batch.incidents["started_earliest"].to_pylist() == [
        datetime(2022, 6, 11, 12),
        datetime(2022, 6, 12, 14),
        datetime(2022, 6, 1),
    ]
    assert batch.incidents["date_precision"].to_pylist() == ["hour", "hour", "month"]
    assert batch.incidents["people_detained"].to_pylist() == [2, 0, None]
    assert batch.incidents["duration_minutes"].to_pylist() == [90, None, 240]
    assert [reject.row for reject in batch.rejects] == [7]


# Files refused as a whole


def test_a_file_without_headings_is_refused():
    with pytest.raises(InputError, match="No row of headings was found"):
        parse(["a", "b"], ["1", "2"])


def test_headings_without_rows_are_refused():
    with pytest.raises(InputError, match="headings in row 1 but no rows below"):
        parse(HEADINGS)


def test_a_file_of_which_no_row_can_be_used_is_refused_with_the_first_reason():
    message = r"None of the 2 rows can be used\. The first, row 2, date: Column A: The date is after today"
    with pytest.raises(InputError, match=message):
        parse(HEADINGS, ["1/1/2099", *GOOD[1:]], ["1/1/1066", *GOOD[1:]])


def test_two_headings_for_one_field_are_refused():
    with pytest.raises(InputError, match="Columns A and C both read as date in row 1"):
        parse(["Date", "Borough", "Raid date"], ["1/2/2022", "Brent", "2/2/2022"])


def test_swapped_latitude_and_longitude_are_refused():
    with pytest.raises(InputError, match="Latitude and longitude are swapped"):
        parse(["Date", "Latitude", "Longitude"], ["1/2/2022", "-0.0697", "51.4703"])


def test_a_list_of_incidents_is_told_from_other_tables():
    assert looks_like_incidents([sheet_of(HEADINGS)])
    assert not looks_like_incidents([sheet_of(["Year", "Borough", "Visits"])])
    assert not looks_like_incidents([sheet_of(["Borough", "Residents"])])
    assert not looks_like_incidents([sheet_of(["Date", "Borough", "Council"])])
    assert not looks_like_incidents([])


# Properties

CELLS = {
    "Date": st.sampled_from(
        ["11/06/2022", "June 2022", "2022-06-11T12:08:00Z", "31/02/2022", "soon", "1/1/2099"]
    ),
    "Time": st.sampled_from(["", "2pm", "morning", "quarterpast"]),
    "Postcode": st.sampled_from(["SE15 5DT", "SE15", "", "QQ1 1QQ"]),
    "Borough": st.sampled_from(["Southwark", "Hackney", "Camelot", ""]),
    "Outcome": st.sampled_from(["arrested", "let go", "whatnot", ""]),
    "Number detained": st.sampled_from(["", "2", "-7", "umpteen"]),
    "Notes": st.sampled_from(["", "zebra crossing"]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=12)
# A good row, so that no example is refused as a whole.
ANCHOR = dict(zip(CELLS, ["10/06/2022", "", "SE15", "Southwark", "arrested", "", "anchor"], strict=True))


def parse_rows(rows, order=tuple(CELLS)):
    return parse(list(order), *[[row[heading] for heading in order] for row in [*rows, ANCHOR]])


@given(ROWS)
def test_every_row_is_kept_or_rejected(rows):
    batch = parse_rows(rows)
    assert batch.rows == len(rows) + 1 == batch.incidents.num_rows + len(batch.rejects)
    assert batch.set_aside.num_rows == len(batch.rejects)
    numbers = [reject.row for reject in batch.rejects]
    assert numbers == sorted(set(numbers))


@given(ROWS)
def test_no_reason_repeats_a_cell(rows):
    contents = {
        "31/02/2022",
        "soon",
        "1/1/2099",
        "quarterpast",
        "QQ1",
        "Camelot",
        "whatnot",
        "-7",
        "umpteen",
        "zebra",
    }
    for reject in parse_rows(rows).rejects:
        assert not any(word in reject.reason for word in contents)


@given(ROWS, st.permutations(list(CELLS)))
def test_the_order_of_the_columns_does_not_matter(rows, order):
    ours, theirs = parse_rows(rows), parse_rows(rows, order)
    assert ours.incidents.equals(theirs.incidents)
    without_letters = [
        [(reject.row, reject.column, re.sub("^Column .: ", "", reject.reason)) for reject in batch.rejects]
        for batch in (ours, theirs)
    ]
    assert without_letters[0] == without_letters[1]


@given(ROWS, st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    ours, theirs = parse_rows(rows), parse_rows(shuffled)
    assert Counter(map(str, ours.incidents.to_pylist())) == Counter(map(str, theirs.incidents.to_pylist()))
    assert Counter(reject.reason for reject in ours.rejects) == Counter(
        reject.reason for reject in theirs.rejects
    )


@given(ROWS)
def test_full_postcodes_and_notes_stay_behind(rows):
    batch = parse_rows(rows)
    text = str(batch.incidents.to_pylist())
    assert "SE15 5DT" not in text
    assert "anchor" not in text


# Real files


def read_csv(path):
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text)))


@needs_shared
def test_the_publicly_reported_raids_are_all_kept():
    path = SHARED / "reported" / "reported_incidents.csv"
    batch, rows = parse_file(path), read_csv(path)
    kept = batch.incidents.to_pylist()
    assert (batch.rows, len(kept), batch.rejects, batch.unknown_words) == (139, 139, [], {})
    for name in ("setting", "outcome", "police_present", "community_response", "source_kind", "confidence"):
        assert [row[name] for row in kept] == [row[name] for row in rows]
    for name in ("people_detained", "people_released", "crowd_size", "duration_minutes"):
        assert [row[name] for row in kept] == [int(row[name]) if row[name] else None for row in rows]
    for row, source in zip(kept, rows, strict=True):
        parts = [int(part) for part in source["date"].split("-")]
        assert [row["started_earliest"].year, row["started_earliest"].month, row["started_earliest"].day][
            : len(parts)
        ] == parts
        is_hour = len(parts) == 3 and source["time_start"]
        assert row["date_precision"] == ("hour" if is_hour else ("year", "month", "day")[len(parts) - 1])
        if is_hour:
            assert row["started_earliest"].hour == row["started_latest"].hour == int(source["time_start"][:2])


@needs_shared
def test_the_publicly_reported_raids_have_their_authorities():
    path = SHARED / "reported" / "reported_incidents.csv"
    kept, rows = parse_file(path).incidents.to_pylist(), read_csv(path)
    with (SHARED / "figures" / "borough_residents.csv").open(encoding="utf-8") as file:
        boroughs = {row["borough_name"]: row["borough_code"] for row in csv.DictReader(file)}
    for row, source in zip(kept, rows, strict=True):
        authority = source["local_authority"]
        if authority in boroughs:
            assert row["borough_code"] == boroughs[authority]
            assert row["postcode_district"] in (source["postcode_district"], "unknown")
        elif authority:
            assert re.match(r"[ENSW]0[6-9]|[NSW]\d\d", row["borough_code"])
            assert not row["borough_code"].startswith("E09")
            assert row["postcode_district"] == row["locality_code"] == "unknown"
        else:
            assert row["borough_code"] == row["location_precision"] == "unknown"
    assert sum(not row["borough_code"].startswith("E09") for row in kept) == 30 + 3


@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "city-of-london-police/2018-04-city-of-london-stop-and-search.csv",
        "city-of-london-police/2018-09-city-of-london-stop-and-search.csv",
        "met-stop-search/2022-12-metropolitan-stop-and-search.csv",
        "met-stop-search/2022-09-metropolitan-stop-and-search.csv.gz",
    ],
)
def test_police_stops_are_kept_where_they_have_a_place(name):
    path = SHARED / "data" / name
    batch, rows = parse_file(path), read_csv(path)
    placed = [row for row in rows if row["Latitude"]]
    assert (batch.rows, batch.incidents.num_rows) == (len(rows), len(placed))
    assert [reject.row for reject in batch.rejects] == [
        number for number, row in enumerate(rows, start=2) if not row["Latitude"]
    ]
    hours = [
        datetime.fromisoformat(row["Date"])
        .astimezone(ZoneInfo("Europe/London"))
        .replace(minute=0, second=0, tzinfo=None)
        for row in placed
    ]
    assert (
        batch.incidents["started_earliest"].to_pylist()
        == hours
        == batch.incidents["started_latest"].to_pylist()
    )
    outcomes = {"Arrest": "people detained", "A no further action disposal": "no arrests"}
    outcomes["Nothing found - no further action"] = "no arrests"
    assert batch.incidents["outcome"].to_pylist() == [
        outcomes.get(row["Outcome"], "unknown") for row in placed
    ]


@needs_shared
@pytest.mark.parametrize(
    "name",
    [
        "met-burglary/2022-06-metropolitan-street.csv",
        "city-of-london-police/2018-04-city-of-london-street.csv",
    ],
)
def test_police_crimes_are_whole_months_where_they_have_a_place(name):
    path = SHARED / "data" / name
    batch, rows = parse_file(path), read_csv(path)
    placed = [row for row in rows if row["Latitude"]]
    assert (batch.rows, batch.incidents.num_rows) == (len(rows), len(placed))
    assert set(batch.incidents["date_precision"].to_pylist()) == {"month"}
    assert {moment.strftime("%Y-%m") for moment in batch.incidents["started_latest"].to_pylist()} == {
        rows[0]["Month"]
    }
    # The publisher names each point's area, such as 'Westminster 013E', by the census of 2011 or 2021.
    names = {
        "Southwark": "E09000028",
        "Hackney": "E09000012",
        "Camden": "E09000007",
        "City of London": "E09000001",
    }
    codes = batch.incidents["borough_code"].to_pylist()
    told = [
        (names[area], code)
        for row, code in zip(placed, codes, strict=True)
        if (area := row["LSOA name"].rpartition(" ")[0]) in names
    ]
    assert sum(expected == code for expected, code in told) >= 0.98 * len(told)


@needs_shared
@pytest.mark.parametrize(
    ("name", "mapping", "said"),
    [
        ("nyc-shootings/NYPD_Shooting_2006_2015.csv", None, "not in the United Kingdom"),
        ("nyc-shootings/NYPD_Shooting_2006_2015.csv", {"date_order": "month first"}, "not in the United Kingdom"),
        ("ice-arrests/EROArrests_FY2018.csv.gz", None, "No heading for the place was recognised in row 6"),
        ("ice-arrests/2018-ICFO-36170_Seattle_FY2018.xlsx", None, "No heading for the place was recognised in row 6"),
        ("barcelona-accidents/2013_accidents_gu_bcn.csv", None, "No row of headings was found"),
        (
            "barcelona-accidents/2019_accidents_gu_bcn.csv",
            {
                "columns": {
                    "Any": "year", "Mes_any": "month", "Dia_mes": "day", "Hora_dia": "hour",
                    "Coordenada_UTM_X": "easting", "Coordenada_UTM_Y": "northing",
                }
            },
            "not in the United Kingdom",
        ),
        ("messy-tables/2013_police_counters.csv", None, "No heading for the date was recognised in row 1"),
        ("foi-immigration-raids/LondonPop.csv", None, "No heading for the date was recognised in row 1"),
    ],
)  # fmt: skip
def test_other_peoples_tables_are_refused_in_one_sentence(name, mapping, said):
    mapping = Mapping.model_validate(mapping) if mapping else None
    with pytest.raises(InputError, match=said):
        parse_file(SHARED / "data" / name, mapping)


@needs_shared
def test_dates_in_columns_of_their_own_are_read_with_a_mapping(tmp_path):
    path = SHARED / "data" / "barcelona-accidents" / "2013_accidents_gu_bcn.csv"
    text = path.read_text(encoding="latin-1")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    # The same days, moved to London.
    moved = tmp_path / "moved.csv"
    moved.write_text(re.sub(r"(?m)^(?!Numero)([^;]*;){2}[^;]*;", r"\g<1>Brent;", text), encoding="latin-1")
    lines = moved.read_text(encoding="latin-1").splitlines()
    lines[0] = lines[0].replace(
        "Numero_expedient;Codi_districte;Nom_districte", "Codi_districte;Nom_districte", 1
    )
    moved.write_text("\n".join(lines), encoding="latin-1")
    fields = {
        "Any": "year",
        "Mes_any": "month",
        "Dia_mes": "day",
        "Hora_dia": "hour",
        "Nom_districte": "borough",
    }
    batch = parse_file(moved, Mapping(columns=fields))
    assert (batch.rows, batch.incidents.num_rows) == (len(rows), len(rows))
    assert batch.incidents["started_earliest"].to_pylist() == [
        datetime(*(int(row[name]) for name in ("Any", "Mes_any", "Dia_mes", "Hora_dia"))) for row in rows
    ]


@pytest.mark.parametrize("unit", ["(", "((a)", "[", "*", " ", "a ", "1", "o "])
def test_a_heading_or_banner_of_thirty_thousand_signs_is_refused_by_its_column(unit):
    long = (unit * 30_000)[:29_999] + "x"
    with pytest.raises(InputError, match=r"^Row 1, column C holds 30,000 characters; at most 2,000"):
        parse(["Date", "Postcode", long], ["11/06/2022", "SE15", "x"])
    with pytest.raises(InputError, match=r"^Row 1, column A holds 30,000 characters; at most 2,000"):
        parse([long], ["Date", "Postcode"], ["11/06/2022", "SE15"])


def test_a_cell_longer_than_can_be_read_costs_its_row_and_one_that_is_not_read_costs_nothing():
    long = "( " * 15_000
    batch = parse(
        ["Date", "Postcode", "Outcome", "Notes"],
        ["11/06/2022", "SE15", "let go", long],
        ["12/06/2022", "SE15", long, ""],
        ["13/06/2022", long, "let go", ""],
    )
    assert batch.incidents.num_rows == 1
    assert [(reject.row, reject.column) for reject in batch.rejects] == [(3, "outcome"), (4, "postcode")]
    assert all("more than 2,000 characters" in reject.reason for reject in batch.rejects)


def test_the_columns_of_a_form_on_a_telephone_say_where():
    for headings, cells in (
        (["Date", "geopoint"], ["13/06/2024", "51.4703 -0.0686 0 0"]),
        (["Date", "location-Latitude", "location-Longitude"], ["13/06/2024", "51.4703", "-0.0686"]),
        (["Date", "_location_latitude", "_location_longitude"], ["13/06/2024", "51.4703", "-0.0686"]),
    ):
        (row,) = parse_incidents([sheet_of(headings, cells)], load_places()).incidents.to_pylist()
        assert row["locality_code"] == "E09000028-SE15-4"
