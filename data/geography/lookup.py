"""The reference in the form that lookups need: numbers in arrays, read from disk in a few hundredths of a second."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.spatial import cKDTree

from data.geography.bundled import read_authorities, read_localities, read_pieces
from data.geography.cells import NOWHERE, Cells, build_cells
from data.schema import UNKNOWN

_LONGEST = 7
_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def place_codes() -> list[str]:
    """London's localities, then the local authorities outside London: what a postcode or point comes to, by row."""
    localities, authorities = read_localities(), read_authorities()["code"]
    is_elsewhere = ~authorities.isin(localities["borough_code"])
    return [*localities["locality_code"], *authorities[is_elsewhere]]


def as_numbers(postcodes: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """
    Each postcode as one whole number, in the order of the alphabet; -1 for what cannot be a postcode.

    Postcodes are in capitals without spaces.
    """
    if isinstance(postcodes, pa.ChunkedArray):
        postcodes = postcodes.combine_chunks()
    fits = pc.fill_null(pc.less_equal(pc.binary_length(postcodes), _LONGEST), False)
    padded = pc.binary_join_element_wise(pc.if_else(fits, postcodes, ""), " " * _LONGEST, "")
    padded = pc.binary_slice(pc.cast(padded, pa.binary()), 0, _LONGEST)
    letters = np.frombuffer(padded.buffers()[2], np.uint8)[: len(padded) * _LONGEST].reshape(-1, _LONGEST)
    digits = np.full(256, NOWHERE, dtype=np.int64)
    digits[ord(" ")] = 0
    digits[np.frombuffer(_LETTERS, np.uint8)] = np.arange(1, len(_LETTERS) + 1)
    numbers = np.zeros(len(letters), dtype=np.int64)
    is_odd = ~fits.to_numpy(zero_copy_only=False)
    for column in range(_LONGEST):
        digit = digits[letters[:, column]]
        is_odd |= digit < 0
        numbers = numbers * (len(_LETTERS) + 1) + digit
    numbers[is_odd] = NOWHERE
    return numbers


@dataclass(frozen=True)
class Lookup:
    """
    Arrays of one reference; every `..._row` is a row of `place_codes()` or `NOWHERE`.

    `number`, `row`
        all postcodes, by number
    `live_easting`, `live_northing`, `live_row`
        live postcodes with a place, EPSG:27700
    `sector`, `sector_row`, `sector_live`, `sector_all`
        how many postcodes each sector has in each place
    `west`, `south`, `values`
        the grid of `Cells` over London's pieces
    """

    number: np.ndarray
    row: np.ndarray
    live_easting: np.ndarray
    live_northing: np.ndarray
    live_row: np.ndarray
    sector: np.ndarray
    sector_row: np.ndarray
    sector_live: np.ndarray
    sector_all: np.ndarray
    west: np.ndarray
    south: np.ndarray
    values: np.ndarray

    def postcode_rows(self, postcodes: pa.Array | pa.ChunkedArray) -> np.ndarray:
        """Place of each postcode."""
        wanted = as_numbers(postcodes)
        at = np.minimum(np.searchsorted(self.number, wanted), len(self.number) - 1)
        return np.where(self.number[at] == wanted, self.row[at], NOWHERE)

    def point_rows(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        """Locality that holds each point (degrees); `NOWHERE` outside London's land."""
        piece = self._cells.find(longitude, latitude)
        return np.where(piece == NOWHERE, NOWHERE, self._piece_rows[piece])

    def nearest_rows(self, easting: np.ndarray, northing: np.ndarray, farthest: float) -> np.ndarray:
        """Place of the live postcode nearest to each point (metres); `NOWHERE` beyond `farthest` metres."""
        _, at = self._tree.query(np.column_stack([easting, northing]), distance_upper_bound=farthest)
        # The tree answers with one past the last where nothing is near enough.
        return np.append(self.live_row, NOWHERE)[at]

    @cached_property
    def _tree(self) -> cKDTree:
        spots = np.column_stack([self.live_easting, self.live_northing])
        return cKDTree(spots, balanced_tree=False, compact_nodes=False)

    @cached_property
    def _cells(self) -> Cells:
        return Cells(_outlines(), float(self.west), float(self.south), self.values)

    @cached_property
    def _piece_rows(self) -> np.ndarray:
        """Locality of each outlined piece."""
        pieces = read_pieces()
        return _rows_of(pieces.loc[pieces["geometry"].notna(), "locality_code"])


def build_lookup(postcodes: pa.Table) -> Lookup:
    """The lookup of a table of postcodes with their localities, sorted by postcode."""
    is_in_london = pc.not_equal(postcodes["locality_code"], UNKNOWN)
    place = pc.if_else(is_in_london, postcodes["locality_code"], postcodes["authority_code"])
    row = _rows_of(place)
    easting, northing = (postcodes[name].to_numpy(zero_copy_only=False) for name in ("easting", "northing"))
    is_live = postcodes["is_live"].to_numpy()
    is_spot = is_live & np.isfinite(easting) & (row != NOWHERE)
    sectors = pa.table({"sector": postcodes["sector"], "row": row, "is_live": is_live})
    sectors = sectors.group_by(["sector", "row"]).aggregate([("is_live", "sum"), ("is_live", "count")])
    cells = build_cells(_outlines())
    return Lookup(
        number=as_numbers(postcodes["postcode"]),
        row=row,
        live_easting=easting[is_spot].astype(np.int32),
        live_northing=northing[is_spot].astype(np.int32),
        live_row=row[is_spot],
        sector=sectors["sector"].to_numpy().astype("U6"),
        sector_row=sectors["row"].to_numpy(),
        sector_live=sectors["is_live_sum"].to_numpy().astype(np.int32),
        sector_all=sectors["is_live_count"].to_numpy().astype(np.int32),
        west=np.array(cells.west),
        south=np.array(cells.south),
        values=cells.values,
    )


def write_lookup(lookup: Lookup, path: Path) -> None:
    """Write a lookup to `path`, whole or not at all."""
    arrays = {field.name: getattr(lookup, field.name) for field in fields(lookup)}
    write_whole(path, lambda part: np.savez(part, **arrays))


def read_lookup(path: Path) -> Lookup:
    """Read a lookup that `write_lookup` wrote."""
    with np.load(path) as arrays:
        return Lookup(**arrays)


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file beside `path` and rename it when whole, so that no process ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        write(part)
    # Anybody may read what is public: whoever sets the dashboard up may be another user than the one who runs it.
    os.chmod(part.name, 0o644)
    os.replace(part.name, path)


def _outlines() -> np.ndarray:
    return read_pieces()["geometry"].dropna().to_numpy()


def _rows_of(codes: pa.Array | pa.ChunkedArray | pd.Series) -> np.ndarray:
    """Rows of `place_codes()`; `NOWHERE` for a code that is not among them."""
    found = pc.index_in(
        codes if not isinstance(codes, pd.Series) else pa.array(codes), pa.array(place_codes())
    )
    return pc.fill_null(found, NOWHERE).to_numpy().astype(np.int16)
