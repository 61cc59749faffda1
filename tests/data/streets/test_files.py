"""Street files and barriers are written here in every format by other programs (GDAL, networkx) or by hand."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Geod
from shapely import LineString, MultiLineString, Point, Polygon

import data.streets.files as street_files
import data.streets.graphml as street_graphml
from data.errors import InputError
from data.geography.projection import to_degrees, to_grid
from data.streets.files import read_barriers, read_streets
from tests.conftest import SHARED_DATA

WESTMINSTER = SHARED_DATA / "london-osm" / "westminster_drive.graphml.gz"
# Peckham, for want of another place: a street of 200 m with a side street of 100 m at its middle, and a motorway.
CORNER = np.array([534_300.0, 176_700.0])


def at(*metres) -> np.ndarray:
    """Places so many metres east and north of the corner."""
    return CORNER + metres


RYE = LineString(at((0, 0), (100, 0), (200, 0)))
SIDE = LineString(at((100, 0), (100, 100)))
MOTORWAY = LineString(at((0, -50), (200, -50)))
TABLE = {
    "highway": ["residential", "residential", "motorway"],
    "name": ["Rye Lane", None, "M1"],
    "geometry": [RYE, SIDE, MOTORWAY],
}
EDGES = gpd.GeoDataFrame(TABLE, crs=27700)


def degrees_of(place) -> tuple[str, str]:
    longitude, latitude = to_degrees(*place)
    return repr(float(longitude)), repr(float(latitude))


def refused(read, path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    sentence = str(caught.value)
    assert "Rye" not in sentence
    assert sentence.endswith(".")
    return sentence


def assert_is_peckham(streets):
    assert sorted(streets.metres) == pytest.approx([100, 100, 100], abs=0.1)
    assert sorted(streets.names) == ["", "Rye Lane", "Rye Lane"]
    expected = at((0, 0), (100, 0), (100, 100), (200, 0))
    assert np.sort(streets.nodes, axis=0) == pytest.approx(np.sort(expected, axis=0), abs=0.05)


def make_graph(crs="epsg:4326") -> nx.MultiDiGraph:
    """As OSMnx saves it: every value a text, each two-way street as two edges, a shape only where it bends."""
    graph = nx.MultiDiGraph(crs=crs, simplified="True")
    for number, place in enumerate(at((0, 0), (100, 0), (200, 0), (100, 100), (0, -50), (200, -50))):
        longitude, latitude = degrees_of(place)
        graph.add_node(number, x=longitude, y=latitude)
    for a, b in ((0, 1), (1, 2)):
        graph.add_edge(a, b, highway="residential", name="Rye Lane", oneway="False")
        graph.add_edge(b, a, highway="residential", name="Rye Lane", oneway="False")
    shape = LineString([[float(value) for value in degrees_of(place)] for place in SIDE.coords])
    graph.add_edge(1, 3, highway="['residential', 'service']", geometry=shape.wkt)
    graph.add_edge(4, 5, highway="motorway", name="M1")
    return graph


def graphml(**options) -> bytes:
    file = io.BytesIO()
    nx.write_graphml_xml(make_graph(**options), file)
    return file.getvalue()


def save(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


OSM = (
    '<?xml version="1.0"?><osm version="0.6">'
    + "".join(
        '<node id="{}" lon="{}" lat="{}"/>'.format(number, *degrees_of(place))
        for number, place in enumerate(at((0, 0), (100, 0), (200, 0), (100, 100), (50, 50), (100, 50)), 1)
    )
    + '<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="Rye Lane"/></way>'
    '<way id="2"><nd ref="2"/><nd ref="4"/><tag k="highway" v="footway"/></way>'
    '<way id="3"><nd ref="1"/><nd ref="5"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>'
    '<way id="4"><nd ref="5"/><nd ref="6"/><tag k="railway" v="rail"/></way></osm>'
)


def test_a_graph_is_read_with_its_names_once_each_way_and_without_motorways(tmp_path):
    assert_is_peckham(read_streets(save(tmp_path / "graph.graphml", graphml())))


def test_a_packed_graph_is_told_by_its_content(tmp_path):
    assert_is_peckham(read_streets(save(tmp_path / "upload", gzip.compress(graphml()))))


@pytest.mark.parametrize("crs", [4326, 27700, 32630, 3857])
@pytest.mark.parametrize("ending", [".gpkg", ""])
def test_a_geopackage_is_read_in_any_reference_system(tmp_path, crs, ending):
    path = tmp_path / "streets.gpkg"
    EDGES.to_crs(crs).to_file(path, layer="edges")
    nodes = {"highway": ["crossing"], "geometry": [Point(CORNER)]}
    gpd.GeoDataFrame(nodes, crs=27700).to_crs(crs).to_file(path, layer="nodes")
    streets = read_streets(path.rename(tmp_path / f"upload{ending}"))
    # The correction that GDAL's and our own transformation use may differ by some metres, the same everywhere.
    shift = streets.nodes.min(axis=0) - CORNER
    assert np.abs(shift).max() < 5
    assert sorted(streets.metres) == pytest.approx([100, 100, 100], abs=0.1)


def test_lines_of_several_pieces_in_a_geopackage_are_taken_apart(tmp_path):
    shape = MultiLineString([RYE, SIDE])
    table = {"highway": ["residential", "path"], "name": ["Rye Lane", "x"], "geometry": [shape, None]}
    path = tmp_path / "streets.gpkg"
    gpd.GeoDataFrame(table, crs=27700).to_file(path)
    assert read_streets(path).metres == pytest.approx([100, 100, 100])


def test_a_column_of_numbers_is_read_as_texts(tmp_path):
    EDGES.assign(highway=[1, 2, 3], name=[1.5, None, 2]).to_file(tmp_path / "streets.gpkg")
    assert "1.5" in read_streets(tmp_path / "streets.gpkg").names


def test_an_extract_as_openstreetmaps_website_exports_it(tmp_path):
    assert_is_peckham(read_streets(save(tmp_path / "map.osm", OSM.encode())))


def test_a_pbf_extract_without_the_nodes_in_their_order():
    path = Path(pyogrio.__file__).parent / "tests" / "fixtures" / "sample.osm.pbf"
    if not path.exists():
        pytest.skip("this build of pyogrio comes without its sample extract")
    streets = read_streets(path)
    given = pyogrio.read_dataframe(
        path, layer="lines", where="highway <> 'motorway'", USE_CUSTOM_INDEXING="NO"
    )
    walked = given[~given["other_tags"].fillna("").str.contains('"foot"=>"no"|"private"')]
    metres = sum(Geod(ellps="WGS84").geometry_length(line) for line in walked.geometry)
    assert streets.metres.sum() == pytest.approx(metres, rel=1e-3)
    assert set(streets.names) == set(walked["name"].fillna(""))


def test_westminster_is_as_long_as_its_own_lengths_say_and_in_one_piece():
    if not WESTMINSTER.exists():
        pytest.skip("needs ../shared/data, the street graph of Westminster")
    streets = read_streets(WESTMINSTER)
    with gzip.open(WESTMINSTER) as file:
        graph = nx.read_graphml(file)
    # Both directions of a street have one shape; the graph keeps parallel streets of other lengths apart.
    once = {
        (*sorted(ends), own.get("name"), round(float(own["length"]))): float(own["length"])
        for *ends, own in graph.edges(data=True)
    }
    assert len(streets.nodes) == graph.number_of_nodes()
    assert streets.metres.sum() == pytest.approx(sum(once.values()), rel=3e-3)
    assert len(np.unique(streets.part)) == 1
    assert {"Baker Street", "Strand", "Oxford Street"} <= set(streets.names)


def test_what_is_no_street_file_is_refused(tmp_path):
    table = gpd.GeoDataFrame({"name": ["Rye Lane"], "geometry": [RYE]}, crs=27700)
    table.to_file(tmp_path / "lines.gpkg")
    for path in (
        tmp_path / "lines.gpkg",
        save(tmp_path / "text", b"Rye Lane"),
        save(tmp_path / "empty", b""),
        save(tmp_path / "svg", b"<svg>Rye Lane</svg>"),
        save(tmp_path / "packed.osm.gz", gzip.compress(OSM.encode())),
    ):
        assert refused(read_streets, path).startswith("This is no street file")
    assert refused(read_streets, tmp_path).startswith("There is no file")
    assert refused(read_streets, tmp_path / "missing").startswith("There is no file")


def test_a_file_without_a_street_to_walk_is_refused(tmp_path):
    EDGES[2:].to_file(tmp_path / "motorway.gpkg")
    assert refused(read_streets, tmp_path / "motorway.gpkg") == street_files.NO_STREETS
    empty = b'<osm version="0.6"><node id="1" lon="0" lat="51"/></osm>'
    assert refused(read_streets, save(tmp_path / "map.osm", empty)) == street_files.NO_STREETS
    spot = gpd.GeoDataFrame(
        {"highway": ["path"], "name": [""], "geometry": [LineString([CORNER, CORNER])]}, crs=27700
    )
    spot.to_file(tmp_path / "spot.gpkg")
    assert refused(read_streets, tmp_path / "spot.gpkg") == street_files.NO_STREETS


def test_a_file_without_its_reference_system_is_refused(tmp_path):
    graph = graphml()
    assert b">epsg:4326<" in graph
    without = save(tmp_path / "a.graphml", graph.replace(b">epsg:4326<", b"><"))
    assert refused(read_streets, without) == street_files.NO_CRS
    unknown = save(tmp_path / "b.graphml", graph.replace(b">epsg:4326<", b">Rye Lane grid<"))
    assert refused(read_streets, unknown) == street_files.NO_CRS
    with pytest.warns(UserWarning, match="crs"):
        EDGES.set_crs(None, allow_override=True).to_file(tmp_path / "c.gpkg")
    assert refused(read_streets, tmp_path / "c.gpkg") == street_files.NO_CRS


def test_metres_that_are_said_to_be_degrees_are_refused(tmp_path):
    EDGES.set_crs(4326, allow_override=True).to_file(tmp_path / "streets.gpkg")
    assert refused(read_streets, tmp_path / "streets.gpkg") == street_files.WRONG_CRS


def test_a_graph_without_places_is_refused(tmp_path):
    graph = nx.relabel_nodes(nx.path_graph(3), str)
    file = io.BytesIO()
    nx.write_graphml_xml(graph, file)
    assert "where its nodes are" in refused(read_streets, save(tmp_path / "graph", file.getvalue()))


def test_a_damaged_file_is_refused(tmp_path):
    graph, packed = graphml(), gzip.compress(graphml())
    EDGES.to_file(tmp_path / "streets.gpkg")
    package = (tmp_path / "streets.gpkg").read_bytes()
    contents = [
        graph[: len(graph) // 2],
        packed[: len(packed) // 2],
        package[:20_000],
        OSM[: len(OSM) // 2].encode(),
        graph.replace(b'target="1"', b'target="7"'),
        graph.replace(b"LINESTRING (", b"LINESTRING Rye Lane ("),
        b'<?xml version="1.0" encoding="Rye"?><graphml/>',
    ]
    for number, content in enumerate(contents):
        path = save(tmp_path / f"damaged{number}", content)
        assert refused(read_streets, path) == street_graphml.DAMAGED, number


def test_entities_are_refused_before_they_grow(tmp_path):
    bomb = b'<!DOCTYPE x [<!ENTITY a "Rye Lane"><!ENTITY b "&a;&a;&a;&a;">]>'
    for content in (
        graphml().replace(b"<graphml", bomb + b"<graphml", 1),
        OSM.replace("<osm", bomb.decode() + "<osm", 1).encode(),
    ):
        assert "not safe" in refused(read_streets, save(tmp_path / "bomb", content))


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    graph = save(tmp_path / "graph", graphml())
    packed = save(tmp_path / "packed", gzip.compress(graphml()))
    with monkeypatch.context() as limits:
        limits.setattr(street_files, "MAX_STREET_BYTES", 1000)
        assert "MB can be read" in refused(read_streets, graph)
    with monkeypatch.context() as limits:
        limits.setattr(street_graphml, "MAX_UNPACKED_BYTES", 1000)
        assert "unpacked" in refused(read_streets, packed)
    with monkeypatch.context() as limits:
        limits.setattr(street_files, "MAX_WAYS", 3)
        assert refused(read_streets, graph) == street_files.TOO_MANY_WAYS
    with monkeypatch.context() as limits:
        limits.setattr(street_files, "MAX_POINTS", 3)
        assert refused(read_streets, graph) == street_files.TOO_MANY_POINTS


# A river of two lines and a pond of 10 m by 10 m.
RIVER = MultiLineString([[(0, 0), (100, 0)], [(100, 0), (200, 50)]])
POND = Polygon([(0, 0), (10, 0), (10, 10), (0, 10)])
WATER = gpd.GeoDataFrame(
    {"geometry": shapely.transform([RIVER, POND, Point(0, 0)], lambda xy: xy + CORNER)}, crs=27700
)


def zipped(folder: Path, **more: bytes) -> Path:
    path = folder / "water.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.glob("water.*")):
            if file != path:
                archive.write(file, f"some folder/{file.name}")
        for name, content in more.items():
            archive.writestr(name, content)
    return path


def assert_is_water(lines):
    assert all(isinstance(line, LineString) for line in lines)
    assert sorted(line.length for line in lines) == pytest.approx([40, 100, np.hypot(100, 50)], abs=0.1)
    assert np.min([line.bounds[:2] for line in lines], axis=0) == pytest.approx(CORNER, abs=5)


@pytest.mark.parametrize("crs", [4326, 27700, 32630])
def test_barriers_from_geojson_are_lines_and_edges_of_areas(tmp_path, crs):
    WATER.to_crs(crs).to_file(tmp_path / "water.json", driver="GeoJSON")
    assert_is_water(read_barriers(tmp_path / "water.json"))


def test_barriers_from_a_bare_shape_without_a_reference_system_are_in_degrees(tmp_path):
    line = {"type": "LineString", "coordinates": [[-0.07, 51.47], [-0.06, 51.47]]}
    expected = np.column_stack(to_grid(np.array([-0.07, -0.06]), np.array([51.47, 51.47])))
    for shape in (line, {"type": "Feature", "properties": None, "geometry": line}):
        (read,) = read_barriers(save(tmp_path / "line", b"\xef\xbb\xbf\n" + json.dumps(shape).encode()))
        assert np.array(read.coords) == pytest.approx(expected)


def test_barriers_from_a_geopackage_come_from_all_its_layers(tmp_path):
    path = tmp_path / "water.gpkg"
    WATER[:1].to_file(path, layer="rivers")
    WATER[1:2].to_crs(4326).to_file(path, layer="ponds")
    pyogrio.write_dataframe(pd.DataFrame({"name": ["x"]}), path, layer="no places", append=True)
    assert_is_water(read_barriers(path))


def test_barriers_from_a_zipped_shapefile(tmp_path):
    WATER[:1].to_crs(32630).to_file(tmp_path / "water.shp")
    lines = read_barriers(zipped(tmp_path, **{"__MACOSX/._water.shp": b"\0\5\x16\7"}))
    assert sorted(line.length for line in lines) == pytest.approx([100, np.hypot(100, 50)], abs=0.1)


def test_barriers_without_a_line_are_refused(tmp_path):
    WATER[2:].to_file(tmp_path / "water.json", driver="GeoJSON")
    assert refused(read_barriers, tmp_path / "water.json") == street_files.NO_BARRIERS
    nothing = save(tmp_path / "nothing", b'{"type": "FeatureCollection", "features": []}')
    assert refused(read_barriers, nothing) == street_files.NO_BARRIERS
    spot = save(tmp_path / "spot", b'{"type": "LineString", "coordinates": [[0, 51], [0, 51]]}')
    assert refused(read_barriers, spot) == street_files.NO_BARRIERS


@pytest.mark.parametrize(
    "content",
    [
        b"Rye Lane",
        b'{"Rye": 1}',
        b'{"type": "FeatureCollection", "features": ["Rye"]}',
        b'{"type": "LineString", "coordinates": [["Rye", 1], [1, 2]]}',
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_file_of_barriers_is_refused(tmp_path, content):
    assert refused(read_barriers, save(tmp_path / "file", content)) == street_files.NOT_BARRIERS


def test_a_reference_system_kept_elsewhere_is_not_fetched(tmp_path):
    shape = {"type": "LineString", "coordinates": [[0, 51], [0, 52]]}
    shape["crs"] = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}
    path = save(tmp_path / "file", json.dumps(shape).encode())
    assert refused(read_barriers, path) == street_files.NOT_BARRIERS


def test_an_archive_that_is_no_plain_shapefile_is_refused(tmp_path):
    # GDAL would open this one, and through it any file it names.
    virtual = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>Rye</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    path = zipped(tmp_path, **{"x.shp": virtual})
    assert refused(read_barriers, path) == street_files.NOT_BARRIERS
    content = path.read_bytes()
    assert (
        refused(read_barriers, save(tmp_path / "cut", content[: len(content) - 30])) == street_graphml.DAMAGED
    )


def test_a_shapefile_without_its_reference_system_or_its_index_is_refused(tmp_path):
    WATER[:1].to_file(tmp_path / "water.shp")
    (tmp_path / "water.prj").unlink()
    assert refused(read_barriers, zipped(tmp_path)) == street_files.NO_CRS


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    WATER[:1].to_file(tmp_path / "water.shp")
    path = zipped(tmp_path, padding=b"0")
    monkeypatch.setattr(street_files, "MAX_BARRIER_BYTES", path.stat().st_size + 10)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(100_000))
    monkeypatch.setattr(street_files, "MAX_BARRIER_BYTES", path.stat().st_size)
    assert "unpacks" in refused(read_barriers, path)
