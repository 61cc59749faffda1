import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geography.bundled import read_places
from data.geography.projection import to_grid
from data.geography.search import MOST_MATCHES, find_place


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("SE15 4ST", "locality", "E09000028-SE15-4"),
        ("SE15", "district", "SE15"),
        ("SE15 4", "sector", "SE15 4"),
        ("SE154", "sector", "SE15 4"),
        ("SE1 5", "sector", "SE1 5"),
        ("RBKC", "borough", "E09000020"),
        ("LB Hackney", "borough", "E09000012"),
        ("e09000028-se15-4", "locality", "E09000028-SE15-4"),
        ("Peckham", "place", "E09000028"),
        ("peckh", "place", "E09000028"),
        ("Southall", "place", "E09000009"),
        ("Dalston", "place", "E09000012"),
    ],
)
def test_what_people_type_is_found(text, level, code):
    found = find_place(text)[0]
    assert (found.level, found.code) == (level, code)


@pytest.mark.parametrize("text", ["", " ", "G2 1DU", "Glasgow", "London", "ZZ99 1AA", "<script>", "unknown"])
def test_what_is_not_in_london_is_not_found(text):
    assert find_place(text) == []


def test_places_of_one_name_are_told_apart_by_their_borough():
    assert [match.name for match in find_place("Hayes")] == ["Hayes (Bromley)", "Hayes (Hillingdon)"]


def test_few_letters_find_few_matches():
    assert 1 < len(find_place("ha")) <= MOST_MATCHES


def test_a_postcode_is_never_shown_at_its_own_spot():
    # Both postcodes are of one locality, and come to the same point.
    assert find_place("SE15 4ST") == find_place("SE15 4RZ")


@given(st.sampled_from(["SE154ST", "N179TA", "E81DY", "W1D6JP"]), st.data())
def test_spaces_and_capitals_of_a_postcode_do_not_matter(postcode, data):
    letters = data.draw(st.lists(st.booleans(), min_size=len(postcode), max_size=len(postcode)))
    spaces = data.draw(
        st.lists(st.sampled_from(["", "", " "]), min_size=len(postcode), max_size=len(postcode))
    )
    written = "".join(
        space + (letter.lower() if is_small else letter)
        for letter, is_small, space in zip(postcode, letters, spaces, strict=True)
    )
    assert find_place(written) == find_place(postcode)


@given(st.text(max_size=20))
def test_any_text_is_answered(text):
    assert len(find_place(text)) <= MOST_MATCHES


def test_places_lie_near_the_town_centres_of_the_same_name(shared):
    path = shared / "data" / "london-geography" / "town_centres.geojson"
    if not path.exists():
        pytest.skip("needs ../shared/data, the town centres")
    centres = gpd.read_file(path, ignore_geometry=True)
    centres["name"] = centres["sitename"].str.lower()
    places = read_places()
    places["name"] = places["name"].str.lower()
    both = places.merge(centres, on="name")
    assert len(both) > 80
    easting, northing = to_grid(both["longitude"].to_numpy(), both["latitude"].to_numpy())
    far = np.hypot(easting - both["easting"].astype(float), northing - both["northing"].astype(float))
    assert np.quantile(far, 0.9) < 1_500
