"""Street graphs as OSMnx saves them: GraphML, plain or packed with gzip, read piece by piece."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import numpy as np
import shapely

from data.errors import InputError
from data.streets.network import TAGS

MAX_UNPACKED_BYTES = 1 << 30  # streets of a city of ten million, each footpath with its shape
_PIECE_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"

DAMAGED = "The file is damaged or cut short. Fetch or save it again."


@dataclass(frozen=True)
class Ways:
    """Lines with their tags (for some of `TAGS`, one text or None per line) and the reference system they are in."""

    lines: np.ndarray
    tags: dict[str, np.ndarray]
    crs: str | None


def tell_xml(path: Path) -> str:
    """
    The name of the outermost element of an XML file, packed or not.

    Raises
    ------
    InputError
        It is no XML, or declares a document type.
    """
    parser, found = _parser(), []
    parser.StartElementHandler = lambda name, _: found.append(name)
    for piece in _pieces(path):
        _parse(parser, piece)
        if found:
            return _local(found[0])
    raise InputError(DAMAGED)


def read_graphml(path: Path) -> Ways:
    """
    The edges of a graph as lines: as its `geometry` says, or straight between its nodes' `x` and `y`.

    Raises
    ------
    InputError
        Damaged, too large, unsafe, or a graph without places.
    """
    graph = _Graph()
    for piece in _pieces(path):
        _parse(graph.parser, piece)
    _parse(graph.parser, b"", is_last=True)
    return graph.ways()


class _Graph:
    """Gathers nodes and edges while the file is read."""

    def __init__(self):
        self.crs: str | None = None
        self.places: dict[str, tuple[float, float]] = {}
        self.edges: list[tuple[str, str, dict[str, str]]] = []
        self._names: dict[str, str] = {}  # of attributes, by the short key the file uses
        self._own: dict[str, str] = {}  # attributes of the node, edge or graph that is being read
        self._key, self._text = "", []
        self._ends = "", ""
        self._node = ""
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._hear

    def ways(self) -> Ways:
        """What was read, as lines."""
        try:
            ends = np.array([[self.places[a], self.places[b]] for a, b, _ in self.edges]).reshape(-1, 2, 2)
            lines = shapely.linestrings(ends)
            shapes = np.array([own.get("geometry") for *_, own in self.edges], dtype=object)
            has_shape = shapes != None  # noqa: E711, each of them
            lines[has_shape] = shapely.from_wkt(shapes[has_shape])
        except (KeyError, shapely.errors.GEOSException):
            raise InputError(DAMAGED) from None
        tags = {tag: np.array([own.get(tag) for *_, own in self.edges], dtype=object) for tag in TAGS}
        return Ways(lines, tags, self.crs)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "key":
            self._names[attributes.get("id", "")] = attributes.get("attr.name", "")
        elif name == "data":
            self._key, self._text = self._names.get(attributes.get("key", ""), ""), []
        elif name == "node":
            self._node, self._own = attributes.get("id", ""), {}
        elif name == "edge":
            self._ends, self._own = (attributes.get("source", ""), attributes.get("target", "")), {}

    def _hear(self, text: str) -> None:
        if self._key:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = _local(name)
        if name == "data":
            if self._key == "crs":
                self.crs = "".join(self._text)
            elif self._key in _KEPT:
                self._own[self._key] = "".join(self._text)
            self._key = ""
        elif name == "node":
            self._place()
        elif name == "edge":
            self.edges.append((*self._ends, self._own))

    def _place(self) -> None:
        try:
            self.places[self._node] = float(self._own["x"]), float(self._own["y"])
        except (KeyError, ValueError):
            raise InputError(
                "The graph does not say where its nodes are: save a street graph with OSMnx (save_graphml) and give that."
            ) from None


_KEPT = {"x", "y", "geometry", *TAGS}


def _parser():
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_types
    return parser


def _refuse_types(*_) -> NoReturn:
    # Entities, which could grow without end or name other files, can be declared nowhere else.
    raise InputError("The file declares a document type, which no street file does: it is not safe to read.")


def _parse(parser, piece: bytes, is_last: bool = False) -> None:
    try:
        parser.Parse(piece, is_last)
    except InputError:
        raise
    except (expat.ExpatError, ValueError, LookupError):  # the last: an encoding that nobody knows
        raise InputError(DAMAGED) from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, unpacked, as long as they are not too many."""
    with open(path, "rb") as file:
        is_packed = file.read(2) == _GZIP
        file.seek(0)
        n_bytes = 0
        source = gzip.GzipFile(fileobj=file) if is_packed else file
        try:
            while piece := source.read(_PIECE_BYTES):
                n_bytes += len(piece)
                if n_bytes > MAX_UNPACKED_BYTES:
                    raise InputError(
                        f"The street file has more than {MAX_UNPACKED_BYTES / 1e6:,.0f} MB unpacked, too many to read. "
                        "Cut it to the boroughs you plan for."
                    )
                yield piece
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise InputError(DAMAGED) from None
