"""Ways of a street file into a network to walk: which of them are open to people on foot, and where they meet."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# The tags that tell whether people may walk a way, and its name. A file may lack any but the first.
TAGS = ("highway", "name", "access", "foot", "service", "area", "motorroad")
# As in OSMnx's filter for walking, except cycle tracks, which are open to walkers in Britain.
_NOT_ON_FOOT = {
    "abandoned", "bus_guideway", "busway", "construction", "corridor", "elevator", "escape", "motorway", "motorway_link",
    "no", "planned", "platform", "proposed", "raceway", "razed", "rest_area", "services",
}  # fmt: skip
_OPEN_ON_FOOT = {"yes", "designated", "permissive", "destination", "official"}
_LONGEST_NAME = 80
_PER_METRE = 100  # ways meet where their points agree to the centimetre


@dataclass(frozen=True, eq=False)
class Streets:
    """
    Streets as a network to walk, both ways.

    Parameters
    ----------
    nodes
        (n, 2) easting and northing where streets meet or end; EPSG:27700, metres.
    edges
        (m, 2) the two nodes of each stretch of street.
    metres
        (m,) length of each stretch.
    names
        (m,) name of each stretch, '' without one; " / " between the names of one that has several.
    geometry
        (m,) each stretch as a line, EPSG:27700, from its first node to its second.
    """

    nodes: np.ndarray
    edges: np.ndarray
    metres: np.ndarray
    names: np.ndarray
    geometry: np.ndarray

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Finds stretches by place."""
        return shapely.STRtree(self.geometry)

    @cached_property
    def part(self) -> np.ndarray:
        """(n,) number of the part of the network that each node is in; no way leads from one part to another."""
        size = len(self.nodes)
        joined = coo_array((np.ones(len(self.edges), bool), tuple(self.edges.T)), shape=(size, size))
        return connected_components(joined, directed=False)[1]


def is_walkable(tags: Mapping[str, np.ndarray]) -> np.ndarray:
    """
    Whether people may walk each way.

    Parameters
    ----------
    tags
        For some of `TAGS`, the value of each way: a text, the list of texts that OSMnx writes where it merged ways, or None.

    Notes
    -----
    Follows the filter for walking of OSMnx (Boeing, *Modeling and analyzing urban networks and amenities with OSMnx*, Geographical
    Analysis, 2025): no motorways, nothing unbuilt, nothing private unless people on foot are let through.
    """
    highway = _values(tags["highway"])
    number = len(highway)
    access, foot, service, area, motorroad = (
        _values(tags[name]) if name in tags else [frozenset()] * number for name in TAGS[2:]
    )
    return np.array(
        [
            bool(highway[way])
            and not highway[way] & _NOT_ON_FOOT
            and not foot[way] & {"no", "private"}
            and not ("private" in access[way] | service[way] and not foot[way] & _OPEN_ON_FOOT)
            and "yes" not in area[way] | motorroad[way]
            for way in range(number)
        ],
        dtype=bool,
    )


def way_names(names: np.ndarray) -> np.ndarray:
    """Names fit to print: one line, no control characters, '' for none; where OSMnx merged ways, " / " between theirs."""
    known: dict[str, str] = {}
    for name in names:
        if name and name not in known:
            parts = " / ".join(" ".join(part.split()) for part in _texts(name))
            known[name] = "".join(sign for sign in parts if sign.isprintable())[:_LONGEST_NAME]
    return np.array([known.get(name, "") for name in names], dtype=object)


def join_ways(lines: np.ndarray, names: np.ndarray) -> Streets:
    """
    The network of lines that meet where they share a point.

    Lines that cross without a common point, as on a bridge, do not meet. A line given twice, or once each way, counts once.

    Parameters
    ----------
    lines
        (k,) lines, EPSG:27700.
    names
        (k,) texts.
    """
    points, line = shapely.get_coordinates(lines, return_index=True)
    points = np.rint(points * _PER_METRE).astype(np.int64)
    is_new = np.ones(len(points), bool)
    is_new[1:] = (points[1:] != points[:-1]).any(axis=1) | (line[1:] != line[:-1])
    is_new &= np.bincount(line[is_new], minlength=len(lines))[line] > 1
    points, line = points[is_new], line[is_new]
    is_kept = ~_is_repeated(points, line)
    points, line = points[is_kept], line[is_kept]
    return _cut_at_nodes(points, line, names)


def _is_repeated(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """For each point, whether its line has come before in this or the other direction."""
    present, number = np.unique(line, return_inverse=True)
    if not len(present):
        return np.zeros(0, bool)
    drawn = shapely.normalize(shapely.linestrings(points.astype(float), indices=number))
    return pd.Series(shapely.to_wkb(drawn)).duplicated().to_numpy()[number]


def _cut_at_nodes(points: np.ndarray, line: np.ndarray, names: np.ndarray) -> Streets:
    """Lines cut wherever one ends or two meet; points in whole centimetres."""
    places, place = np.unique(points, axis=0, return_inverse=True)
    place = place.ravel()
    is_end = np.ones(len(line), bool)
    is_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    is_node = np.bincount(place, minlength=len(places)) > 1
    is_node[place[is_end]] = True
    at = np.flatnonzero(is_node[place])
    is_stretch = line[at[1:]] == line[at[:-1]]
    first, last = at[:-1][is_stretch], at[1:][is_stretch]
    count = last - first + 1
    # The rows of all points of all stretches, one stretch after the other.
    rows = np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count)
    geometry = shapely.linestrings(points[rows] / _PER_METRE, indices=np.repeat(np.arange(len(first)), count))
    number = np.cumsum(is_node) - 1
    return Streets(
        nodes=places[is_node] / _PER_METRE,
        edges=np.column_stack([number[place[first]], number[place[last]]]),
        metres=shapely.length(geometry),
        names=np.asarray(names, dtype=object)[line[first]],
        geometry=geometry,
    )


def _values(tags: np.ndarray) -> list[frozenset[str]]:
    """The values of each way, of which a file has few different ones."""
    known = {tag: frozenset(_texts(tag)) if tag else frozenset() for tag in set(tags)}
    return [known[tag] for tag in tags]


def _texts(tag: str) -> list[str]:
    """The texts of a tag: OSMnx writes several as a Python list."""
    if tag.startswith("["):
        try:
            return [str(part) for part in ast.literal_eval(tag)]
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            pass
    return [tag]
