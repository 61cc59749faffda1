"""Walks for other programs: GeoJSON, GPX and CSV, in longitude and latitude (EPSG:4326)."""

import json
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd

from data.geography.projection import to_degrees

# Ten metres and less: a postcode is known no better.
DECIMALS = 5
_GPX = "http://www.topografix.com/GPX/1/1"


def to_geojson(walks: pd.DataFrame, stops: pd.DataFrame) -> str:
    """
    A feature for each walk (the line walked) and one for each stop (a point).

    `walks` has `walk, code, doors, metres, minutes, is_block`; `stops` has `walk, position, postcode, easting, northing,
    doors` in the order walked, EPSG:27700.
    """
    features = []
    for walk in walks.to_dict("records"):
        of_walk = stops[stops["walk"] == walk["walk"]]
        line = _degrees(of_walk)
        about = {name: walk[name] for name in ("walk", "code", "doors", "is_block")}
        about |= {"metres": round(walk["metres"]), "minutes": round(walk["minutes"])}
        # A line has two ends at least; a block is one point.
        shape = (
            {"type": "LineString", "coordinates": line}
            if len(line) > 1
            else {"type": "Point", "coordinates": line[0]}
        )
        features.append({"type": "Feature", "properties": about, "geometry": shape})
        for stop, point in zip(of_walk.to_dict("records"), line, strict=True):
            about = {name: stop[name] for name in ("walk", "position", "postcode", "doors")}
            features.append(
                {"type": "Feature", "properties": about, "geometry": {"type": "Point", "coordinates": point}}
            )
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n"


def to_gpx(walks: pd.DataFrame, stops: pd.DataFrame) -> str:
    """A route for each walk, as `to_geojson` takes them; without a date, so that it tells of no day."""
    ET.register_namespace("", _GPX)
    root = ET.Element(f"{{{_GPX}}}gpx", version="1.1", creator="leaflet-walks")
    for walk in walks.to_dict("records"):
        of_walk = stops[stops["walk"] == walk["walk"]]
        route = ET.SubElement(root, f"{{{_GPX}}}rte")
        ET.SubElement(route, f"{{{_GPX}}}name").text = walk["code"]
        for stop, (longitude, latitude) in zip(of_walk.to_dict("records"), _degrees(of_walk), strict=True):
            point = ET.SubElement(route, f"{{{_GPX}}}rtept", lat=str(latitude), lon=str(longitude))
            ET.SubElement(point, f"{{{_GPX}}}name").text = f"{stop['position']} {stop['postcode']}"
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def stops_table(walks: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """The checklist as a table: `code, walk, position, postcode, doors, easting, northing`, in the order walked."""
    table = stops.merge(walks[["walk", "code"]], on="walk")
    return table[["code", "walk", "position", "postcode", "doors", "easting", "northing"]]


def _degrees(stops: pd.DataFrame) -> list[list[float]]:
    points = np.column_stack(to_degrees(stops["easting"].to_numpy(float), stops["northing"].to_numpy(float)))
    return points.round(DECIMALS).tolist()
