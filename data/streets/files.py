"""
Files that a person gives of the streets to walk and of barriers nobody crosses.

What a file is, is told by its content. Only files of the kinds named here reach GDAL, which would otherwise follow a file that
points to another file or to an outside host.
"""

import json
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from shapely import LineString

from data.errors import InputError
from data.geography.projection import to_grid
from data.streets.graphml import DAMAGED, Ways, read_graphml, tell_xml
from data.streets.network import TAGS, Streets, is_walkable, join_ways, way_names

MAX_STREET_BYTES = 300 << 20  # an extract of Greater London has about 110 MB
MAX_BARRIER_BYTES = 100 << 20
MAX_WAYS = 1_000_000
MAX_POINTS = 5_000_000  # twice the highways of Greater London

NOT_STREETS = (
    "This is no street file: give a street graph saved by OSMnx (GraphML), a GeoPackage of lines with a column 'highway', "
    "or an extract of OpenStreetMap (PBF or OSM)."
)
NOT_BARRIERS = (
    "This is no file of barriers: give lines or areas as GeoJSON, GeoPackage or a zipped shapefile."
)
NO_STREETS = "The file holds no streets that people may walk."
NO_BARRIERS = "The file holds no lines or areas that could be barriers."
NO_CRS = (
    "The file does not state its coordinate reference system, or one that is not known: save it again with WGS 84 or the "
    "British National Grid, for example."
)
WRONG_CRS = (
    "The file's coordinates are not in the reference system that it states: save it again with the right one."
)
TOO_MANY_WAYS = f"The street file has more than {MAX_WAYS:,} ways, too many to plan with. Cut it to the boroughs you plan for."
TOO_MANY_POINTS = f"The file has lines of more than {MAX_POINTS:,} points, too many to plan with. Cut it to the boroughs you plan for."

_SQLITE, _ZIP, _GZIP, _SHAPEFILE = b"SQLite format 3\0", b"PK\x03\x04", b"\x1f\x8b", b"\0\0\x27\x0a"
_COLLECTIONS = [
    shapely.GeometryType[name]
    for name in ("GEOMETRYCOLLECTION", "MULTIPOLYGON", "MULTILINESTRING", "MULTIPOINT")
]
_DEGREES, _NATIONAL_GRID = 4326, 27700
_MARK = b"\xef\xbb\xbf"  # of UTF-8, before a text
_OTHER_TAG = '"{}"=>"([^"]*)"'  # how GDAL writes the tags for which it has no column


def read_streets(path: Path) -> Streets:
    """
    The streets in a file that people may walk.

    Parameters
    ----------
    path
        A graph saved by OSMnx (GraphML, also packed with gzip), a GeoPackage with a layer of lines that has a column `highway` (as
        OSMnx's `edges`), or an extract of OpenStreetMap (PBF, or OSM as its website exports it).

    Raises
    ------
    InputError
        Not such a file, damaged, too large, no reference system, or nothing in it to walk.

    Notes
    -----
    Lengths are measured in EPSG:27700, which in London differ from those on the ground by less than 0.1 %. An extract's squares
    and other walkable areas are left out.
    """
    head = _head(path, MAX_STREET_BYTES)
    ways = _tell_reader(path, head)(path)
    if len(ways.lines) > MAX_WAYS:
        raise InputError(TOO_MANY_WAYS)
    is_street = is_walkable(ways.tags) & (shapely.get_type_id(ways.lines) == shapely.GeometryType.LINESTRING)
    is_street &= ~shapely.is_empty(ways.lines)
    if not is_street.any():
        raise InputError(NO_STREETS)
    streets = join_ways(_on_grid(ways.lines[is_street], ways.crs), way_names(ways.tags["name"][is_street]))
    if not len(streets.edges):
        raise InputError(NO_STREETS)
    return streets


def read_barriers(path: Path) -> list[LineString]:
    """
    Lines that nobody crosses on foot, and the edges of areas, EPSG:27700.

    Parameters
    ----------
    path
        GeoJSON (WGS 84 unless it states another system), a GeoPackage (all its layers) or a shapefile in a ZIP archive.

    Raises
    ------
    InputError
        Not such a file, damaged, too large, no reference system, or no line in it.
    """
    head = _head(path, MAX_BARRIER_BYTES)
    if head.startswith(_SQLITE):
        layers = [_read_shapes(path, layer) for layer in _layers(path)]
    elif head.startswith(_ZIP):
        layers = [_read_shapes(_shapefile(path))]
    elif head.removeprefix(_MARK).lstrip().startswith(b"{"):
        layers = [_read_geojson(path)]
    else:
        raise InputError(NOT_BARRIERS)
    lines = [line for shapes, crs in layers for line in _on_grid(_edges(shapes), crs)]
    lines = [line for line in lines if line.length]
    if not lines:
        raise InputError(NO_BARRIERS)
    return lines


def _head(path: Path, most_bytes: int) -> bytes:
    """The first bytes of a file, if it is there and not too large."""
    if not path.is_file():
        raise InputError("There is no file of this name. Check the name and the folder.")
    n_bytes = path.stat().st_size
    if n_bytes > most_bytes:
        raise InputError(
            f"The file has {n_bytes / 1e6:,.0f} MB, and at most {most_bytes / 1e6:,.0f} MB can be read. "
            "Cut it to the boroughs you plan for."
        )
    try:
        with open(path, "rb") as file:
            return file.read(512)
    except OSError:
        raise InputError(
            "The file could not be read from the disk: copy it again and give the copy."
        ) from None


def _tell_reader(path: Path, head: bytes) -> Callable[[Path], Ways]:
    if head.startswith(_SQLITE):
        return _read_geopackage
    if head[4:15] == b"\x0a\x09OSMHeader":
        return _read_extract
    if head.startswith(_GZIP) or head.removeprefix(_MARK).lstrip().startswith(b"<"):
        root = tell_xml(path)
        if root == "graphml":
            return read_graphml
        if root == "osm" and not head.startswith(_GZIP):
            return _read_extract
    raise InputError(NOT_STREETS)


def _read_geopackage(path: Path) -> Ways:
    """The first layer of lines with a column `highway`; points, as OSMnx's `nodes`, may have one too."""
    for layer in _layers(path):
        info = _ask_gdal("read_info", path, layer=layer)
        has_lines = "Point" not in (info["geometry_type"] or "") and info["geometry_type"] != "Polygon"
        if has_lines and "highway" in info["fields"]:
            kept = [tag for tag in TAGS if tag in info["fields"]]
            return _ways(*_read_layer(path, layer=layer, columns=kept))
    raise InputError(NOT_STREETS)


def _read_extract(path: Path) -> Ways:
    where = {"layer": "lines", "where": "highway IS NOT NULL", "columns": ["name", "highway", "other_tags"]}
    try:
        lines, tags, crs = _read_layer(path, **where)
    except InputError:
        # Slower, but it does not need the nodes in the order of their numbers.
        lines, tags, crs = _read_layer(path, **where, USE_CUSTOM_INDEXING="NO")
    others = tags.pop("other_tags")
    for tag in TAGS[2:]:
        tags[tag] = np.array([_other_tag(tag, text) for text in others], dtype=object)
    return _ways(lines, tags, crs)


def _other_tag(tag: str, text: str | None) -> str | None:
    found = re.search(_OTHER_TAG.format(tag), text) if text and tag in text else None
    return found[1] if found else None


def _ways(shapes: np.ndarray, tags: dict[str, np.ndarray], crs: str | None) -> Ways:
    """Each line of a shape that has several as a way of its own."""
    lines, shape = shapely.get_parts(shapes, return_index=True)
    unnamed = np.full(len(shapes), None, dtype=object)
    return Ways(lines, {tag: texts[shape] for tag, texts in ({"name": unnamed} | tags).items()}, crs)


def _layers(path: Path) -> list[str]:
    return [name for name, kind in _ask_gdal("list_layers", path) if kind is not None]


def _read_layer(path: Path, **options) -> tuple[np.ndarray, dict[str, np.ndarray], str | None]:
    about, _, shapes, columns = _ask_gdal("read", path, force_2d=True, **options)
    tags = dict(zip(about["fields"], map(_as_texts, columns), strict=True))
    return shapely.from_wkb(shapes, on_invalid="ignore"), tags, about["crs"]


def _as_texts(column: np.ndarray) -> np.ndarray:
    """A column of any type as texts and None."""
    return np.array([value if value is None else str(value) for value in column], dtype=object)


def _ask_gdal(question: str, path: Path, **options):
    """Call a function of pyogrio; its errors repeat what the file holds, so they are told in a sentence instead."""
    # Takes 0.7 s to load, and few plans come with a file.
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    ask = pyogrio.raw.read if question == "read" else getattr(pyogrio, question)
    try:
        with warnings.catch_warnings():
            # A file that was given without its ending, for example.
            warnings.simplefilter("ignore")
            return ask(str(path), **options)
    except (DataLayerError, DataSourceError, FeatureError, GeometryError, ValueError, UnboundLocalError):
        # The last is pyogrio's own slip at a reference system that is no text.
        raise InputError(DAMAGED) from None


def _shapefile(path: Path) -> Path:
    """Where GDAL finds the shapefile in an archive that unpacks to a bearable size."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            # A file that only calls itself a shapefile might lead GDAL elsewhere.
            shapes = [part.filename for part in parts if _is_shapefile(archive, part)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise InputError(DAMAGED) from None
    if not shapes:
        raise InputError(NOT_BARRIERS)
    if sum(part.file_size for part in parts) > MAX_BARRIER_BYTES:
        raise InputError(
            f"The archive unpacks to more than {MAX_BARRIER_BYTES / 1e6:,.0f} MB. Leave out barriers far from where you plan."
        )
    return Path(f"/vsizip/{{{path.resolve()}}}/{shapes[0]}")


def _is_shapefile(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.lower().endswith(".shp"):
        return False
    with archive.open(part) as file:
        return file.read(len(_SHAPEFILE)) == _SHAPEFILE


def _read_geojson(path: Path) -> tuple[np.ndarray, str]:
    """Shapes and reference system. Not by GDAL, which would fetch a reference system from an outside host if told to."""
    try:
        content = json.loads(path.read_bytes())
        given = content.get("features", [content.get("geometry") or content])
        shapes = [feature.get("geometry", feature) for feature in given]
        read = shapely.from_geojson([json.dumps(shape) for shape in shapes if shape])
        stated = content.get("crs")
        # WGS 84 by the standard (RFC 7946); many programs still write another.
        crs = stated["properties"]["name"] if stated else "OGC:CRS84"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, shapely.errors.GEOSException):
        raise InputError(NOT_BARRIERS) from None
    return np.array(read, dtype=object), crs


def _read_shapes(path: Path, layer: str | None = None) -> tuple[np.ndarray, str | None]:
    shapes, _, crs = _read_layer(path, layer=layer, columns=[])
    return shapes, crs


def _edges(shapes: np.ndarray) -> np.ndarray:
    """The lines among shapes and the edges of the areas, one by one."""
    kinds = shapely.GeometryType
    while np.isin(shapely.get_type_id(shapes), _COLLECTIONS).any():
        shapes = shapely.get_parts(shapes)
    areas = shapely.get_type_id(shapes) == kinds.POLYGON
    shapes = shapely.get_parts(np.concatenate([shapes[~areas], shapely.boundary(shapes[areas])]))
    return shapes[np.isin(shapely.get_type_id(shapes), (kinds.LINESTRING, kinds.LINEARRING))]


def _on_grid(lines: np.ndarray, crs: str | None) -> np.ndarray:
    """Lines in EPSG:27700."""
    if not len(lines):
        return lines
    if not crs:
        raise InputError(NO_CRS)
    if shapely.get_num_coordinates(lines).sum() > MAX_POINTS:
        raise InputError(TOO_MANY_POINTS)
    try:
        moved = shapely.transform(lines, partial(_to_grid, CRS.from_user_input(crs)))
    except ProjError:
        raise InputError(NO_CRS) from None
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise InputError(WRONG_CRS)
    return moved


def _to_grid(crs: CRS, points: np.ndarray) -> np.ndarray:
    """(n, 2) points in any reference system to easting and northing, by the same steps as all else if in degrees."""
    code = crs.to_epsg()
    if code == _NATIONAL_GRID:
        return points
    x, y = points.T
    if code != _DEGREES:
        x, y = Transformer.from_crs(crs, _DEGREES, always_xy=True).transform(x, y)
    return np.column_stack(to_grid(x, y))
