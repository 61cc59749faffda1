import numpy as np
import pytest

from data.geography.projection import irish_to_british, to_degrees, to_grid


def test_a_surveyed_tower_lies_where_the_ordnance_survey_says():
    # The worked example of "A guide to coordinate systems in Great Britain": Caister water tower.
    easting, northing = to_grid(1.716073973, 52.658007833)
    assert np.hypot(easting - 651_409.804, northing - 313_177.450) < 5


@pytest.mark.parametrize(("longitude", "latitude"), [(-0.1, 51.5), (-5.9, 54.6), (-3.2, 58.6), (0.3, 51.3)])
def test_degrees_to_metres_and_back_is_the_same_spot(longitude, latitude):
    assert to_degrees(*to_grid(longitude, latitude)) == pytest.approx((longitude, latitude), abs=1e-7)


def test_belfast_is_in_ireland_once_its_grid_is_changed():
    # City Hall, Irish grid J 338 740; 54.5964 N 5.9301 W by any map.
    assert to_degrees(*irish_to_british(333_800, 374_000)) == pytest.approx((-5.9301, 54.5964), abs=0.003)
