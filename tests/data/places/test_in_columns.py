import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geography.locate import Place, load_places
from data.places import coordinates
from data.places import in_columns as places
from data.places.in_columns import read_places
from data.places.named import named, place_of
from data.reading.answers import RowProblems

SOUTHWARK, HACKNEY, LEWISHAM, LAMBETH = "E09000028", "E09000012", "E09000023", "E09000022"


def read(free=(), **cells):
    """The place of one row, or the field and reason it cannot be used for."""
    return read_and_lose(free, **cells)[0]


def read_and_lose(free=(), **cells):
    """As `read`, and the field and reason of what was lost; ("", "") where nothing was."""
    columns = {field: pa.array([cell]) for field, cell in cells.items()}
    problems, lost = RowProblems(1), RowProblems(1)
    found = read_places(columns, [pa.array([text]) for text in free], 1, load_places(), problems, lost)
    place = problems.kinds[problems.found[0]] if problems.found[0] else found.pool[found.index[0]]
    return place, lost.kinds[lost.found[0]]


def in_borough(code):
    return Place("unknown", code, "unknown", "borough")


@pytest.mark.parametrize("text", ["SE15 5DT", "se155dt", "SE15  5DT.", "Se15-5dT"])
def test_a_full_postcode_comes_to_its_locality(text):
    place = read(postcode=text)
    assert (place.borough_code, place.postcode_district, place.location_precision) == (
        SOUTHWARK,
        "SE15",
        "locality",
    )


def test_a_cell_counts_for_what_it_holds_whatever_its_column():
    for text in ("SE15 5DT", "SE15 5", "SE15", "Southwark"):
        assert read(postcode=text) == read(district=text) == read(borough=text) == read(sector=text)


def test_a_code_without_a_space_is_a_district_where_there_is_one():
    assert read(district="E14").postcode_district == "E14"
    assert read(district="E1 4").postcode_district == "E1"
    assert read(sector="SE154") == read(sector="SE15 4")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hackney", HACKNEY),
        ("LB Hackney", HACKNEY),
        ("London Borough of Hackney", HACKNEY),
        ("HACKNEY, London", HACKNEY),
        ("E09000012", HACKNEY),
        ("City of Edinburgh", "S12000036"),
        ("Newry, Mourne and Down", "N09000010"),
    ],
)
def test_boroughs_and_other_authorities_in_usual_spellings(text, code):
    assert read(borough=text) == in_borough(code)


@pytest.mark.parametrize("field", ["postcode", "district", "borough", "free"])
@pytest.mark.parametrize(
    "text",
    ["City of London", "City Of London Corporation", "Corporation of London", "City of London, London, UK"],
)
def test_the_city_of_london_is_not_a_place_in_london(field, text):
    assert read(**{field: [text] if field == "free" else text}) == in_borough("E09000001")


@pytest.mark.parametrize("text", ["SW21", "NW12", "SE29", "E19", "W15", "SE95"])
def test_a_district_that_does_not_exist_is_not_the_sector_of_another(text):
    for field in ("postcode", "district", "borough"):
        assert read(**{field: text}) == (field, places.REASONS[field])
    assert read(free=[f"High Road {text}"]) == ("place", places.REASONS["place"])
    assert read(sector=text) == read(sector=f"{text[:-1]} {text[-1]}")


@pytest.mark.parametrize(
    ("text", "code"), [("G41", "S12000049"), ("M21", "E08000003"), ("BT1 5GS", "N09000003")]
)
def test_a_code_outside_london_comes_to_its_authority_only(text, code):
    assert read(postcode=text) == in_borough(code)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("postcode", "SE98 9ZZ"),
        ("postcode", "ZZ99 9ZZ"),
        ("sector", "SE98 0"),
        ("district", "SE98"),
        ("borough", "Atlantis"),
    ],
)
def test_what_is_no_place_gets_its_reason(field, text):
    assert read(**{field: text}) == (field, places.REASONS[field])


def test_nothing_said_of_the_place_gets_its_reason():
    assert read(postcode="", borough="unknown") == ("postcode", places.NO_PLACE)
    assert read(latitude="", longitude="") == ("latitude", places.NO_PLACE)


# Several columns


def test_the_finest_column_that_is_understood_counts():
    assert read(postcode="SE15 5DT", district="SE15", borough="Southwark") == read(postcode="SE15 5DT")
    assert read(postcode="SE98 9ZZ", borough="Southwark") == in_borough(SOUTHWARK)
    assert read(postcode="SE15 5DT", borough="Sowthwark") == read(postcode="SE15 5DT")
    assert read(latitude="", longitude="", borough="Southwark") == in_borough(SOUTHWARK)
    assert read(latitude="0", longitude="0", borough="Southwark") == in_borough(SOUTHWARK)


def test_a_district_and_its_borough_are_kept_together():
    assert read(district="E8", borough="Hackney") == Place("unknown", HACKNEY, "E8", "district")


def test_a_district_and_a_borough_that_share_less_than_a_locality_are_the_borough_only():
    # A corner of SE15 lies in Lewisham: both together would be finer than any locality.
    assert read(district="SE15", borough="Lewisham") == in_borough(LEWISHAM)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"postcode": "SE15 5DT", "borough": "Hackney"}, "borough"),
        ({"postcode": "SE15 5DT", "district": "SE5"}, "district"),
        ({"district": "SE15", "borough": "Hackney"}, "borough"),
        ({"latitude": "51.4703", "longitude": "-0.0697", "borough": "Hackney"}, "borough"),
        ({"latitude": "51.4703", "longitude": "-0.0697", "postcode": "E8 1AA"}, "postcode"),
        ({"postcode": "SE15 5DT", "borough": "Manchester"}, "borough"),
        ({"district": "M21", "borough": "Glasgow City"}, "borough"),
    ],
)
def test_columns_that_contradict_each_other_are_set_aside(cells, field):
    assert read(**cells) == (field, places.CONTRADICTION)


def test_a_point_and_a_postcode_in_neighbouring_localities_are_what_both_agree_on():
    near, far = read(postcode="SE15 5DT"), read(latitude="51.4760", longitude="-0.0600")
    assert near.borough_code == far.borough_code
    assert near.locality_code != far.locality_code
    both = read(postcode="SE15 5DT", latitude="51.4760", longitude="-0.0600")
    assert both == Place("unknown", SOUTHWARK, "SE15", "district")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (
            {"latitude": "40.88", "longitude": "-73.84", "borough": "Southwark"},
            ("latitude", coordinates.OUTSIDE),
        ),
        ({"latitude": "0", "longitude": "0"}, ("latitude", coordinates.ZERO)),
        ({"latitude": "51.47", "longitude": ""}, ("latitude", coordinates.INCOMPLETE)),
        ({"easting": "429482,03", "northing": "4583236,02"}, ("easting", coordinates.OUTSIDE)),
        ({"grid_reference": "TQ 34 76"}, ("grid_reference", places.REASONS["grid_reference"])),
    ],
)
def test_coordinates_that_cannot_be_used_get_their_reason(cells, reason):
    assert read(**cells) == reason


def test_coordinates_in_every_notation_come_to_the_same_place():
    assert (
        read(latitude="51.4703", longitude="-0.0697")
        == read(easting="534169", northing="176359")
        == read(grid_reference="TQ 34169 76359")
        == read(free=["51.4703, -0.0697"])
    )


# Free text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Rye Lane, Peckham SE15 5DT", {"postcode": "SE15 5DT"}),
        ("Rye Lane, London SE15 5DT, UK", {"postcode": "SE15 5DT"}),
        ("Rye Lane (SE15)", {"district": "SE15"}),
        ("Deptford, SE8, London", {"district": "SE8", "borough": "Lewisham"}),
        ("SE15 5", {"sector": "SE15 5"}),
        ("Ridley Road, Hackney", {"borough": "Hackney"}),
        ("Dalston (Hackney)", {"borough": "Hackney"}),
        ("Hackney", {"borough": "Hackney"}),
    ],
)
def test_free_text_counts_where_it_ends_in_a_code_or_a_borough(text, same):
    assert read(free=[text]) == read(**same)


@pytest.mark.parametrize(
    "text",
    ["Hackney Road", "Peckham Quux", "Rye Lane", "on or near M1", "near M1", "bus N15", "the shop on the corner", "Peckham SE98"],
)  # fmt: skip
def test_what_names_no_place_that_is_known_is_set_aside(text):
    assert read(free=[text]) == ("place", places.REASONS["place"])


# Areas


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Boots Peckham", "Peckham"), ("McDonald's Brixton", "Brixton"), ("Queen Elizabeth Hospital Woolwich", "Woolwich"),
        ("Nail bar Elephant and Castle", "Elephant and Castle"), ("Westfield Stratford", "Stratford"),
    ],
)  # fmt: skip
def test_the_area_behind_the_name_of_a_shop_needs_no_comma(text, same):
    assert read(free=[text]) == read(free=[same])


@pytest.mark.parametrize(
    "text", ["Manchester Victoria", "Bruce Lee", "Hotel Belmont", "the crossbow", "Wembley Stadium"]
)
def test_a_last_word_that_may_be_another_place_or_a_person_is_no_area(text):
    assert read(free=[text])[0] == "place"


def test_a_borough_behind_a_code_needs_no_comma():
    assert read(free=["SE19 Bromley"]) == read(free=["SE19, Bromley"]) == read(borough="Bromley")


@pytest.mark.parametrize(
    "text",
    ["Peckham", "#Peckham", "Peckham station", "near Peckham, London", "Brixton", "Rye Lane, Peckham", "Tottenham",
     "SE15 Peckham", "N15 Tottenham", "SE15 5DT Peckham", "Lunar House", "se 15"],
)  # fmt: skip
def test_an_area_of_a_free_text_is_what_the_form_makes_of_it(text):
    alone = place_of(text.removeprefix("Rye Lane, "))
    named = Place(alone.locality_code, alone.borough_code, alone.postcode_district, alone.location_precision)
    assert read(free=[text]) == read(free=[text], borough="London") == named
    assert read(free=["London", text]) == read(free=["the corner", text]) == named


def test_an_area_counts_in_the_column_of_another_place():
    for field in ("borough", "district", "postcode"):
        assert read(**{field: "Peckham"}) == read(free=["Peckham"])
        assert read(**{field: "SE 15"}) == read(district="SE15")


def test_an_area_is_the_weakest_word_on_a_place():
    assert read(free=["Peckham"], borough="Hackney") == in_borough(HACKNEY)
    assert read(free=["Hayes"], borough="Hillingdon") == in_borough("E09000017")
    assert read(free=["Hackney", "Peckham"]) == in_borough(HACKNEY)
    assert read(free=["Peckham"], postcode="E8 1AA") == read(postcode="E8 1AA")
    assert read(free=["Brixton", "Peckham"], borough="London") == places.IN_LONDON


@pytest.mark.parametrize("text", ["Hayes", "Shoreditch", "the market, Hayes"])
def test_a_name_that_areas_share_asks_for_its_borough(text):
    assert read(free=[text]) == ("place", places.SHARED_NAME)
    assert read(borough=text) == ("place", places.SHARED_NAME)
    assert read(free=[text, "Peckham"]) == read(free=["Peckham"])


def test_areas_apart_set_a_row_aside():
    assert read(free=["Brixton", "Peckham"]) == ("place", places.CONTRADICTION)
    assert read(free=["Brixton, Peckham"]) == ("place", places.CONTRADICTION)
    assert read(free=["SE5 and SE15, Peckham"]) == ("place", places.REASONS["place"])
    assert read(free=["N17 Peckham"]) == ("place", places.REASONS["place"])


def test_streets_are_not_looked_up_as_areas(monkeypatch):
    monkeypatch.setattr(places, "find_place", lambda text: pytest.fail("looked up"))
    assert read(free=["On or near Quux Street"]) == ("place", places.REASONS["place"])


# Free text with several places


@pytest.mark.parametrize(
    "text",
    [
        "SE15 or SE5",
        "SE15/SE5",
        "between SE15 and SE5",
        "SE15 & SE5",
        "SE15 4QN, Hackney",
        "E8, Southwark",
        "E8 (Southwark)",
        "Hackney, Southwark",
        "E8 1AA and SE15 5DT",
    ],
)
def test_a_free_text_that_names_several_places_is_set_aside(text):
    for more in ({}, {"borough": "Southwark"}, {"postcode": "SE15 5DT"}):
        assert read(free=[text], **more) == ("place", places.SEVERAL)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("SE15 5DT, Southwark", {"postcode": "SE15 5DT"}),
        ("SE15, Peckham SE15 5DT", {"postcode": "SE15 5DT"}),
        ("E8, Hackney", {"district": "E8", "borough": "Hackney"}),
        ("bus N15 stop, Southwark", {"borough": "Southwark"}),
        ("Unit B, E8", {"district": "E8"}),
        ("High Street, Hampton Wick, Kingston upon Thames, KT1 4DA", {"postcode": "KT1 4DA"}),
    ],
)
def test_what_stands_before_the_end_of_a_free_text_may_say_the_same_or_something_else(text, same):
    assert read(free=[text]) == read(**same)


def test_a_code_behind_a_lone_letter_that_may_belong_to_it_is_not_certain():
    for text in ("S E15", "High Road S E15", "Block N W5"):
        assert read(free=[text]) == ("place", places.REASONS["place"])
    assert read(free=["Block B E8"]) == read(district="E8")


def test_a_named_place_counts_where_the_row_gives_its_borough():
    assert read(free=["Peckham"], borough="Southwark") == in_borough(SOUTHWARK)


def test_a_town_that_shares_the_name_of_an_authority_does_not_contradict_the_borough():
    assert read(free=["Ashford"], borough="Spelthorne") == in_borough("E07000213")


def test_a_code_in_free_text_must_agree_with_the_other_columns():
    assert read(free=["Rye Lane SE15"], borough="Hackney") == ("place", places.CONTRADICTION)
    assert read(free=["Ridley Road E8"], borough="Hackney") == read(district="E8", borough="Hackney")


def test_two_free_texts_that_name_two_boroughs_contradict_each_other():
    assert read(free=["Hackney", "x, Southwark"]) == ("place", places.CONTRADICTION)
    assert read(free=["the corner", "Southwark"]) == in_borough(SOUTHWARK)


def test_london_alone_is_kept_with_an_unknown_place():
    nowhere = Place("unknown", "unknown", "unknown", "unknown")
    for text in ("London", "Greater London", "London: several boroughs"):
        assert read(free=[text], borough="") == nowhere
    assert read(free=["London"], district="SE15") == read(district="SE15")
    assert read(borough="London", district="SE15") == read(district="SE15")


def test_prose_of_a_million_characters_is_no_place():
    for text in ("," * 1_000_000, " E1" * 300_000, "( " * 500_000):
        assert read(free=[text], borough="Southwark") in (
            in_borough(SOUTHWARK),
            ("place", places.CONTRADICTION),
        )
        assert read(borough=text) == ("borough", places.REASONS["borough"])


# What is understood in part


def in_district(district, borough="unknown"):
    return Place("unknown", borough, district, "district")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # The borough of a name or of an authority stays beside a district that several boroughs share.
        ("Stratford, E15", in_district("E15", "E09000025")),
        ("E15 (Stratford)", in_district("E15", "E09000025")),
        ("Stratford E15, London", in_district("E15", "E09000025")),
        ("the car wash, Stratford, E15", in_district("E15", "E09000025")),
        ("Croydon CR0", in_district("CR0", "E09000008")),
        ("Peckham (SE15)", in_district("SE15", SOUTHWARK)),
        ("Hackney E8", in_district("E8", HACKNEY)),
        ("London Borough of Newham E15", in_district("E15", "E09000025")),
        ("Rye Lane, Peckham, SE15", in_district("SE15", SOUTHWARK)),
        # A name of several areas beside its borough is that borough's.
        ("Cricklewood, Barnet", in_borough("E09000003")),
        ("Cricklewood Barnet", in_borough("E09000003")),
        ("Barnet (Cricklewood)", in_borough("E09000003")),
        ("LB Barnet, Cricklewood", in_borough("E09000003")),
        ("Kilburn (Brent)", in_borough("E09000005")),
        ("Kilburn/Brent", in_borough("E09000005")),
        ("Kilburn in Brent", in_borough("E09000005")),
        ("Kilburn High Road, Brent", in_borough("E09000005")),
        ("Finsbury Park, Haringey", in_borough("E09000014")),
        ("Hayes (Hillingdon)", in_district("UB3", "E09000017")),
        ("Peckham, Southwark", in_district("SE15", SOUTHWARK)),
        # A code counts wherever it stands, if nothing else speaks against it.
        ("SE15 - Rye Lane", in_district("SE15")),
        ("Mare Street, E8, near the station", in_district("E8")),
        ("E7 (approx)", in_district("E7")),
        ("E7 area", in_district("E7")),
        ("E7ish", in_district("E7")),
        ("E15?", in_district("E15")),
        ("nr SE5", in_district("SE5")),
        ("S.E.15", in_district("SE15")),
        ("SE-15", in_district("SE15")),
        ("Chicken shop SE15", in_district("SE15")),
        ("Manchester M14", in_borough("E08000003")),
    ],
)
def test_each_door_keeps_what_is_certain_of_a_place(text, place):
    for cells in ({"free": [text]}, {"postcode": text}, {"borough": text}):
        assert read(**cells) == place


@pytest.mark.parametrize(
    "text", ["SE15 9ZZ", "SE15 9zz", "SE15 4**", "SE15 4Q", "SE15 xxx", "SE15 0", "SE15 9ZZ (approx)"]
)
def test_a_postcode_of_no_list_comes_to_its_district_and_is_told_of(text):
    assert read_and_lose(postcode=text) == (in_district("SE15"), ("postcode", places.UNLISTED))
    assert read_and_lose(postcode=text, borough="Southwark") == (
        in_district("SE15", SOUTHWARK),
        ("postcode", places.UNLISTED),
    )


def test_a_postcode_of_no_list_in_a_text_comes_to_its_district_and_is_told_of():
    found = in_district("SE15", SOUTHWARK), ("place", places.UNLISTED)
    assert read_and_lose(free=["Rye Lane, Peckham SE15 9ZZ"]) == found
    assert read_and_lose(free=["SE15 9ZZ, Southwark"]) == found


def test_a_postcode_of_no_list_never_undoes_what_is_certain():
    assert read_and_lose(postcode="SE15 9ZZ", borough="Hackney") == (
        in_borough(HACKNEY),
        ("postcode", places.UNLISTED),
    )
    assert read(postcode="SE15 9ZZ", district="E8") == read(district="E8")


def test_a_column_that_is_passed_over_is_told_of():
    for field, cells in (
        ("borough", {"postcode": "SE15 5DT", "borough": "Sowthwark"}),
        ("postcode", {"postcode": "SE98 9ZZ", "borough": "Southwark"}),
        ("latitude", {"latitude": "0", "longitude": "0", "borough": "Southwark"}),
        ("grid_reference", {"grid_reference": "TQ 34 76", "borough": "Southwark"}),
    ):
        assert read_and_lose(**cells)[1][0] == field
    assert read_and_lose(postcode="SE15 5DT", borough="Southwark")[1] == ("", "")
    assert read_and_lose(free=["Rye Lane"], borough="Southwark")[1] == ("", "")


@pytest.mark.parametrize("text", ["SE15 6am", "SE15 2nd floor", "SE15 4 people"])
def test_a_time_a_floor_or_a_count_behind_a_district_is_no_part_of_it(text):
    assert read_and_lose(free=[text]) == (in_district("SE15"), ("", ""))


@pytest.mark.parametrize("text", ["Brent, Kilburn", "Kilburn, Brent", "Brent (Kilburn)"])
def test_the_borough_stated_counts_and_not_the_one_where_an_area_has_its_middle(text):
    assert read(free=[text]) == in_borough("E09000005")
    assert place_of(text) == named(in_borough("E09000005"))


@pytest.mark.parametrize(
    "text",
    ["51.4703 -0.0686 0 0", "51.4703 -0.0686 12.5 4.9", "51.4703,-0.0686", "POINT(-0.0686 51.4703)", "POINT Z (-0.0686 51.4703 0)",
     "51°28'13\"N 0°4'7\"W", "51°28.218'N, 0°4.116'W", "N51 28.218 W0 4.116", "51,4703; -0,0686", "lat 51.4703 lon -0.0686"],
)  # fmt: skip
def test_a_spot_in_one_cell_comes_to_its_locality(text):
    there = read(latitude="51.4703", longitude="-0.0686")
    assert there.locality_code == "E09000028-SE15-4"
    assert read(free=[text]) == read(postcode=text) == there
    assert place_of(text) == named(there)


# Properties

CELLS = {
    "postcode": st.sampled_from(["", "SE15 5DT", "E8 1AA", "SE15", "x"]),
    "district": st.sampled_from(["", "SE15", "E8", "SE5", "M21"]),
    "borough": st.sampled_from(["", "Southwark", "Hackney", "Lewisham", "Manchester", "x"]),
}


@given(st.fixed_dictionaries(CELLS), st.permutations(list(CELLS)))
def test_the_order_of_the_columns_does_not_matter(cells, order):
    assert read(**cells) == read(**{field: cells[field] for field in order})


@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=8))
def test_a_row_has_the_same_place_whatever_rows_stand_around_it(rows):
    columns = {field: pa.array([row[field] for row in rows]) for field in CELLS}
    problems = RowProblems(len(rows))
    found = read_places(columns, [], len(rows), load_places(), problems, RowProblems(len(rows)))
    together = [
        problems.kinds[problems.found[row]] if problems.found[row] else found.pool[found.index[row]]
        for row in range(len(rows))
    ]
    assert together == [read(**row) for row in rows]


@given(st.fixed_dictionaries(CELLS))
def test_a_district_and_a_borough_are_stored_together_only_if_a_locality_is_both(cells):
    place = read(**cells)
    if isinstance(place, Place) and "unknown" not in (place.postcode_district, place.borough_code):
        pairs = {(row.postcode_district, row.borough_code) for row in load_places().table}
        assert (place.postcode_district, place.borough_code) in pairs
