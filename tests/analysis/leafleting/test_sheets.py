import json
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pypdfium2
import pytest

from analysis.leafleting.exports import stops_table, to_geojson, to_gpx
from analysis.leafleting.sheets import Sheet, walk_sheets

A4_POINTS = (595, 842)


def sheet(n, number=1, of=1, **changes):
    stops = [
        (f"SE15 {4 + i // 26}{chr(65 + i % 26)}A", 534_000.0 + 37 * i, 176_000.0 + 61 * (i % 5), 19, "")
        for i in range(n)
    ]
    about = {
        "code": "K7QD", "number": number, "of": of, "area": "SE15 (Southwark)", "stops": stops, "doors": 19 * n,
        "metres": 900.0, "minutes": 74.0, "languages": ["Spanish", "French"],
    }  # fmt: skip
    return Sheet(**(about | changes))


def texts(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_a_walk_is_one_a4_page_behind_the_cover():
    pdf = walk_sheets([sheet(9, 1, 2), sheet(12, 2, 2)], "28 November 2026")
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 3
    assert all(tuple(map(round, page.get_size())) == A4_POINTS for page in document)


@pytest.mark.parametrize("n", [1, 2, 17, 18, 40, 60])
def test_every_postcode_stands_on_the_sheet_in_order(n):
    one = sheet(n)
    said = texts(walk_sheets([one], ""))[1]
    places = [said.find(stop[0]) for stop in one.stops]
    assert -1 not in places
    assert "K7QD" in said
    assert "Spanish, French" in said
    assert said.count("~19") == n


def test_nothing_is_drawn_over_the_edge_and_there_is_ink_on_every_sheet():
    document = pypdfium2.PdfDocument(walk_sheets([sheet(40), sheet(1)], ""))
    for page in document:
        grey = np.array(page.render(scale=1).to_pil().convert("L"))
        assert grey.min() < 80
        assert min(grey[:12].min(), grey[-12:].min(), grey[:, :12].min(), grey[:, -12:].min()) == 255


def test_it_prints_in_black_and_white():
    for page in pypdfium2.PdfDocument(walk_sheets([sheet(12)], "")):
        colours = np.array(page.render(scale=1).to_pil().convert("RGB")).astype(int)
        assert np.ptp(colours, axis=2).max() == 0


def test_many_walks_have_a_cover_of_several_pages():
    said = texts(walk_sheets([sheet(3, i + 1, 80, code=f"C{i:03d}") for i in range(80)], ""))
    assert "page 1 of 3" in said[0]
    assert "C079" in said[2]
    assert len(said) == 83


def test_a_sheet_says_nothing_of_raids_names_or_scores():
    said = " ".join(texts(walk_sheets([sheet(9)], "28 November 2026"))).lower()
    for word in ("raid", "visit", "incident", "score", "priority", "anti", "@", "http"):
        assert word not in said


def test_the_same_sheets_are_the_same_bytes():
    assert walk_sheets([sheet(9)], "x") == walk_sheets([sheet(9)], "x")


WALKS = pd.DataFrame(
    {"walk": [1, 2], "code": ["AB2C", "XY7Z"], "doors": [40, 90], "metres": [120.4, 0.0], "minutes": [20.0, 40.0],
     "is_block": [False, True]}
)  # fmt: skip
STOPS = pd.DataFrame(
    {"walk": [1, 1, 2], "position": [1, 2, 1], "postcode": ["SE15 4QL", "SE15 4QN", "SE15 5AA"],
     "easting": [534_000.0, 534_100.0, 534_500.0], "northing": [176_000.0, 176_000.0, 176_500.0], "doors": [20, 20, 90]}
)  # fmt: skip


def test_geojson_has_a_line_for_a_walk_and_a_point_for_each_stop():
    features = json.loads(to_geojson(WALKS, STOPS))["features"]
    kinds = [feature["geometry"]["type"] for feature in features]
    assert kinds == ["LineString", "Point", "Point", "Point", "Point"]
    longitude, latitude = features[1]["geometry"]["coordinates"]
    # Peckham.
    assert (round(longitude, 2), round(latitude, 2)) == (-0.07, 51.47)
    assert features[0]["properties"]["code"] == "AB2C"


def test_gpx_has_a_route_for_each_walk_without_a_date():
    text = to_gpx(WALKS, STOPS)
    space = {"gpx": "http://www.topografix.com/GPX/1/1"}
    routes = ET.fromstring(text.encode()).findall("gpx:rte", space)
    assert [route.findtext("gpx:name", namespaces=space) for route in routes] == ["AB2C", "XY7Z"]
    assert [len(route.findall("gpx:rtept", space)) for route in routes] == [2, 1]
    assert "time" not in text


def test_the_checklist_is_a_table_in_the_order_walked():
    table = stops_table(WALKS, STOPS)
    assert list(table["postcode"]) == list(STOPS["postcode"])
    assert list(table["code"]) == ["AB2C", "AB2C", "XY7Z"]
