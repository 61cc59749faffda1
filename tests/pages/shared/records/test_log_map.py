"""The map on which a place is tapped: what it writes is text, and what it sends does not stay."""

import folium
import pytest
import streamlit as st
from streamlit_folium import _get_feature_group_string

from pages.shared.colours import LIGHT
from pages.shared.maps.maps import _pass_on
from pages.shared.records.log_map import NamesLayer

HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
SENT = {"last_active_drawing": {"properties": {"code": "E09000028-SE15-4"}}}


def test_a_name_on_the_map_is_text():
    group = folium.FeatureGroup()
    group.add_child(NamesLayer([(51.5, 0.0, HOSTILE)], LIGHT))
    script = _get_feature_group_string(group, folium.Map(tiles=None))
    assert "<img" not in script
    assert "49" not in script
    assert "innerHTML" not in script


@pytest.mark.parametrize("keep_spot", [True, False])
def test_a_tap_is_passed_on_as_its_area_and_stays_only_where_it_is_asked_for(monkeypatch, keep_spot):
    state = {"map": SENT}
    monkeypatch.setattr(st, "session_state", state)
    tapped = []
    _pass_on("map", tapped.append, keep_spot)
    assert tapped == ["E09000028-SE15-4"]
    assert ("map" in state) is keep_spot


def test_a_tap_beside_the_areas_is_none(monkeypatch):
    monkeypatch.setattr(st, "session_state", {"map": {"last_active_drawing": None}})
    _pass_on("map", pytest.fail, False)
