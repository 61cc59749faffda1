import pytest

from data.geography.search import find_place, is_elsewhere, suggest_places


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Peckam", "Peckham (Southwark)"),
        ("Lewishem", "Lewisham"),
        ("Towr hamlets", "Tower Hamlets"),
        ("SE15 4Q", "SE15 4"),
        ("e1 6a", "E1 6"),
        ("SE15 9ZZ", "SE15 9"),
        ("SW1A 9", "SW1A"),
    ],
)
def test_what_was_meant_is_offered_where_nothing_is_called_so(typed, meant):
    assert find_place(typed) == []
    assert suggest_places(typed)[0].name == meant


@pytest.mark.parametrize("typed", ["", " ", "x", "xyzzy", "M1 1AA", "<script>", "12345"])
def test_nothing_is_offered_for_what_is_like_no_place(typed):
    assert suggest_places(typed) == []


@pytest.mark.parametrize("typed", ["Manchester", "Leeds", "M1 1AA", "G2 1DU", "EH8"])
def test_a_place_or_postcode_of_another_town_is_known_to_lie_elsewhere(typed):
    assert is_elsewhere(typed)


@pytest.mark.parametrize("typed", ["Hackney", "SE15", "SE15 4ST", "Peckam", "xyzzy", ""])
def test_what_is_in_london_or_no_place_at_all_does_not_lie_elsewhere(typed):
    assert not is_elsewhere(typed)
