import json
import re
from pathlib import Path

import folium
import pytest
import shapely
from streamlit_folium import _get_feature_group_string

from pages.shared.colours import LIGHT
from pages.shared.maps.map_template import script_value
from pages.shared.maps.maps import LONDON, AreaLayer, MapArea, Outlines, _Window, coloured
from pages.shared.maps.walk_maps import ShapesLayer, shape_feature

ROOT = Path(__file__).resolve().parents[4]
TEMPLATES = [
    "{{ 7 * 7 }}",
    "{% set x = 7 * 7 %}{{ x }}",
    "{# gone #}",
    "{{{7*7}}}",
    "a{{",
    "{%",
    "\\{{7*7}}",
    "{{'<script>'}}",
]


def rendered(layer) -> str:
    """A layer's script as it is sent to the browser."""
    group = folium.FeatureGroup()
    group.add_child(layer)
    return _get_feature_group_string(group, folium.Map(tiles=None))


def texts_in(script: str) -> list[str]:
    """Every JSON text of a script, as the browser reads it."""
    return [json.loads(text) for text in re.findall(r'"(?:[^"\\]|\\.)*"', script)]


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_name_is_never_worked_out_as_a_template(text):
    outlines = Outlines("borough", "/outlines.js", {})
    layers = [
        AreaLayer(outlines, {text: MapArea(0, (text, "line"))}, coloured(LIGHT, LIGHT.ramp), chosen=text),
        ShapesLayer([shape_feature(shapely.Point(534000, 184000), "stop", [text], text, text)], {}),
        _Window(LONDON, text),
    ]
    for layer in layers:
        script = rendered(layer)
        assert text in texts_in(script)
        assert "49" not in texts_in(script)


def test_a_value_is_still_the_value():
    value = {"a": {"b": {}}, "texts": TEMPLATES, "n": [1.5, None, True]}
    assert json.loads(str(script_value(value))) == value
    assert "<" not in script_value(["</script>"])


def test_every_layer_of_ours_is_written_in_this_language():
    for path in [*(ROOT / "pages").rglob("*.py")]:
        if path.name != "map_template.py":
            assert "folium.template" not in path.read_text(), path.name
            assert "jinja2" not in path.read_text(), path.name
