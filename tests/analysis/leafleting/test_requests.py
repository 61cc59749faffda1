"""Areas as people write them, for a plan."""

import pytest

from analysis.leafleting.requests import read_areas
from data.errors import InputError


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("SE15,N17", [("district", "SE15"), ("district", "N17")]),
        ("Peckham", [("district", "SE15")]),
        ("Elephant & Castle", [("borough", "E09000028")]),
        ("Cricklewood, Barnet", [("borough", "E09000003")]),
        ("Peckham, Southwark", [("district", "SE15"), ("borough", "E09000028")]),
        ("SE15; Peckham; Newham", [("district", "SE15"), ("borough", "E09000025")]),
        ("Hayes (Hillingdon), Kilburn in Camden", [("district", "UB3"), ("borough", "E09000007")]),
    ],
)
def test_areas_are_read_by_any_name_that_the_log_reads(text, areas):
    found = read_areas(text)
    assert [level for level, _code in found] == [level for level, _code in areas]
    assert found == tuple(areas)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SE15, Atlantis", "The 2nd area: This place is not known"),
        ("Cricklewood", "The 1st area: This area lies in more than one borough"),
        ("London", "The 1st area: The whole city is too wide"),
        ("12 Rye Lane", "The 1st area: This looks like a street address"),
    ],
)
def test_an_area_that_is_not_known_is_told_by_its_place(text, said):
    with pytest.raises(InputError, match=said):
        read_areas(text)
