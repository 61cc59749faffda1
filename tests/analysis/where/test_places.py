from datetime import date, datetime

import pytest
import shapely

from analysis.where.places import area_names, area_outlines, place_finder, record_dates
from tests.analysis.where.test_where import with_rows
from tests.conftest import EAST, WEST, count_row, incident_row


@pytest.fixture
def drawn(toy_store):
    """Eastham is a square east of 0 degrees, Westham one west of it; nothing else has an outline."""
    with toy_store.write() as connection:
        for code, (west, east) in {EAST: (0, 1), WEST: (-1, 0)}.items():
            connection.execute(
                "UPDATE areas SET geometry = ?, longitude = ?, latitude = 51.5 WHERE code = ?",
                [shapely.box(west, 51, east, 52).wkb, (west + east) / 2, code],
            )
    return toy_store


def test_records_reach_from_the_first_of_either_kind_to_the_last(toy_store):
    replaced = {"superseded_by": "00000000-0000-0000-0000-000000000002"}
    with_rows(toy_store, "counts", [count_row("E1", 2014, 5), count_row("E1", 2010, 5) | replaced])
    assert record_dates(toy_store.run) == (date(2014, 1, 1), date(2014, 12, 31))
    with_rows(toy_store, "incidents", [incident_row(datetime(2022, 1, 1), datetime(2022, 12, 31, 23))])
    assert record_dates(toy_store.run) == (date(2014, 1, 1), date(2022, 12, 31))


def test_an_empty_store_reaches_no_day(toy_store):
    assert record_dates(toy_store.run) == (None, None)


def test_areas_are_named_in_the_order_of_their_names(toy_store):
    assert list(area_names(toy_store.run, "borough").items()) == [(EAST, "Eastham"), (WEST, "Westham")]


def test_only_areas_with_an_outline_are_drawn(drawn):
    outlines = area_outlines(drawn.run, "borough")
    assert outlines["code"].tolist() == [EAST, WEST]
    assert shapely.from_wkb(outlines["geometry"].to_numpy())[1].bounds == (-1, 51, 0, 52)
    assert area_outlines(drawn.run, "district").empty


@pytest.mark.parametrize(("longitude", "code"), [(0.5, EAST), (-0.5, WEST), (1.5, None)])
def test_a_point_lies_in_the_area_around_it(drawn, longitude, code):
    assert place_finder(drawn.run, "borough").area_at(longitude, 51.5) == code


def test_a_level_without_outlines_holds_no_point(toy_store):
    assert place_finder(toy_store.run, "district").area_at(0, 51.5) is None
