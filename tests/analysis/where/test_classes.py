import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.where.measures import BOUNDS, map_classes


def test_upper_bounds_belong_to_their_class():
    classes = map_classes("count")
    values = np.array([0, 3, 3.5, 10, 11, 1000, 1001, np.nan])
    assert classes.index(values).tolist() == [0, 0, 1, 1, 2, 5, 6, -1]


def test_the_classes_do_not_depend_on_what_is_shown():
    classes = map_classes("count")
    assert classes.index(np.array([5.0]))[0] == classes.index(np.array([5.0, 90_000.0]))[0]


@pytest.mark.parametrize("kind", BOUNDS)
def test_every_class_has_a_label(kind):
    classes = map_classes(kind)
    assert len(classes.labels) == len(classes.bounds) + 1


def test_shares_are_labelled_in_per_cent():
    assert map_classes("share").labels == (
        "0 to 20 %",
        "20 to 40 %",
        "40 to 60 %",
        "60 to 80 %",
        "80 to 100 %",
    )


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_a_higher_value_never_has_a_lower_class(values):
    index = map_classes("count").index(np.sort(values))
    assert (np.diff(index) >= 0).all()
    assert set(index) <= set(range(7))


def test_nothing_known_is_no_class():
    assert map_classes("rate").index(np.array([np.nan])).tolist() == [-1]
