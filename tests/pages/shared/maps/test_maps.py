import base64
import gzip
import json
import re
import zlib

import folium
import numpy as np
import pandas as pd
import pytest
import shapely

from data.geography.reference import load_areas
from pages.shared.colours import LIGHT
from pages.shared.frame import assets
from pages.shared.maps.maps import (
    LONDON,
    AreaLayer,
    MapArea,
    coloured,
    density_layer,
    outlined,
    serve_outlines,
    surface_layer,
)

# Two squares side by side, a tenth of a degree wide.
SQUARES = pd.DataFrame(
    {
        "code": ["W", "E"],
        "geometry": [shapely.to_wkb(shapely.box(west, 51.4, west + 0.1, 51.5)) for west in (-0.1, 0.0)],
    }
)
HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(1)}`'\"\\"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    serve_outlines.clear()


def served(outlines) -> str:
    return (assets.STATIC / outlines.address.rsplit("/", 1)[1]).read_text()


def rendered(layer) -> str:
    base = folium.Map(tiles=None)
    layer.add_to(base)
    return base.get_root().render()


def test_outlines_are_served_with_their_codes_and_nothing_else():
    script = served(serve_outlines("1", "borough", SQUARES))
    collection = json.loads(script.split("=", 3)[-1].rstrip(";"))
    assert [feature["properties"] for feature in collection["features"]] == [{"code": "W"}, {"code": "E"}]


def test_the_view_goes_round_the_chosen_areas_or_all_london():
    outlines = serve_outlines("1", "borough", SQUARES)
    assert outlines.around(["W", "E"]) == ((51.4, -0.1), (51.5, 0.1))
    assert outlines.around(["E"]) == ((51.4, 0.0), (51.5, 0.1))
    assert outlines.around(["nowhere"]) == outlines.around([]) == LONDON


def test_an_area_carries_its_class_and_text_and_the_chosen_one_is_marked():
    outlines = serve_outlines("1", "borough", SQUARES)
    layer = AreaLayer(
        outlines, {"W": MapArea(0, ("Westham", "4 visits"))}, coloured(LIGHT, ["#fff"]), chosen="W"
    )
    assert layer.areas == {"W": (0, ("Westham", "4 visits"))}
    assert 'chosen = "W"' in rendered(layer)


def test_a_text_of_a_record_cannot_become_a_script():
    outlines = serve_outlines("1", "borough", SQUARES)
    page = rendered(AreaLayer(outlines, {"W": MapArea(0, (HOSTILE,))}, coloured(LIGHT, ["#fff"])))
    assert "<img" not in page
    assert page.count("</script>") == len(re.findall("<script", page))
    assert "innerHTML" not in page


def test_a_map_names_no_outside_address_but_those_a_person_may_click():
    assets.serve_map_assets()
    outlines = serve_outlines("1", "borough", SQUARES)
    page = rendered(AreaLayer(outlines, {}, outlined(LIGHT, 1)))
    page += rendered(
        density_layer(pd.DataFrame({"latitude": [51.5], "longitude": [0], "weight": [2]}), LIGHT)
    )
    assert set(re.findall(r"https?://[^\"' <)]+", page)) == set()


@pytest.mark.parametrize(
    ("level", "n", "most_bytes"),
    [("borough", 33, 30_000), ("district", None, 120_000), ("locality", None, 350_000)],
)
def test_the_outlines_are_small_enough_for_a_phone(level, n, most_bytes):
    areas, _ = load_areas()
    areas = areas.to_pandas()
    areas = areas[(areas["level"] == level) & areas["geometry"].notna()]
    outlines = serve_outlines("1", level, areas)
    assert n is None or len(outlines.corners) == n
    assert len(outlines.corners) == len(areas)
    assert len(gzip.compress(served(outlines).encode())) < most_bytes


def test_a_surface_is_painted_by_class_and_empty_cells_are_clear():
    layer = surface_layer(np.array([[0, -1], [1, 1]]), LONDON, ["#102030", "#ffffff"])
    picture = base64.b64decode(layer.url.split(",", 1)[1])
    assert picture.startswith(b"\x89PNG")
    pixels = zlib.decompress(picture[picture.index(b"IDAT") + 4 : picture.index(b"IEND") - 8])
    # Each row of a PNG begins with the number of its filter, here none.
    assert pixels == bytes([0, 16, 32, 48, 255, 0, 0, 0, 0, 0, *[255] * 8])
    assert layer.bounds == LONDON
