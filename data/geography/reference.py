"""
The geography as the store holds it, and every postcode of the United Kingdom on this machine's disk.

The bundled areas come with the project. The postcodes are derived from two packages once per machine, in a few
seconds, and kept in data/local/geography/.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
from scipy.spatial import cKDTree

from data.geography.bundled import (
    BUNDLED,
    ROOT,
    read_authorities,
    read_localities,
    read_outside_london,
    read_pieces,
)
from data.geography.lookup import build_lookup, write_lookup, write_whole
from data.geography.postcodes import packages_hash, read_postcodes
from data.schema import AREA_OVERLAP, AREAS, UNKNOWN, Table

LOCAL = ROOT / "data" / "local" / "geography"
# Raise it when the derived file changes for the same inputs.
_VERSION = 1
_ARROW_TYPES = {"VARCHAR": pa.string(), "BLOB": pa.binary(), "DOUBLE": pa.float64(), "INTEGER": pa.int32()}


def ensure_reference(directory: Path | None = None, progress: Callable[[float], None] | None = None) -> Path:
    """
    The file of all postcodes, made if it is not there yet.

    Parameters
    ----------
    directory
        Where it is kept; data/local/geography/ if not given.
    progress
        Called with the share of the work that is done, 0 to 1.

    Returns
    -------
    path
        Parquet, sorted by `postcode` (no space): `sector`, `district`, `locality_code` ('unknown' outside London),
        `authority_code` (the borough in London; 'unknown' for some terminated postcodes), `easting`, `northing`
        (EPSG:27700, metres, null where unknown), `is_live`. Its name holds the hash of what it was made from.
    """
    directory = directory or LOCAL
    path = directory / f"postcodes-{_inputs_hash()}.parquet"
    if _is_whole(path) and _is_whole(lookup_path(path)):
        return path
    directory.mkdir(parents=True, exist_ok=True)
    # Reading the packages takes the greater part of the time.
    report = progress or (lambda share: None)
    table = _with_localities(read_postcodes(lambda share: report(share * 0.6)))
    report(0.7)
    write_lookup(build_lookup(table), lookup_path(path))
    report(0.9)
    # Light compression: it is made while someone waits.
    write_whole(path, lambda part: pq.write_table(table, part, compression="lz4"))
    for stale in {*directory.glob("*.parquet"), *directory.glob("*.npz")} - {path, lookup_path(path)}:
        stale.unlink(missing_ok=True)
    report(1.0)
    return path


def _is_whole(path: Path) -> bool:
    """
    Whether a kept file is there from its first byte to its last; one that was cut short is made anew.

    Raises
    ------
    PermissionError
        It is there and may not be read.
    """
    if not path.exists():
        return False
    if path.suffix == ".npz":
        with path.open("rb") as file:
            return zipfile.is_zipfile(file)
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(-min(4, path.stat().st_size), os.SEEK_END)
        return head == file.read(4) == b"PAR1"


def read_london_postcodes() -> pd.DataFrame:
    """London's rows of the postcode reference, live and terminated; columns as of `ensure_reference`."""
    # Piece by piece: the whole country at once would take a third of a gigabyte.
    with pq.ParquetFile(ensure_reference(), pre_buffer=False) as reference:
        pieces = [
            piece.filter(pc.starts_with(piece["authority_code"], "E09"))
            for piece in reference.iter_batches(batch_size=20_000, use_threads=False)
        ]
    return pa.Table.from_batches(pieces).to_pandas()


def lookup_path(reference: Path) -> Path:
    """Where the lookup of a reference lies: beside it."""
    return reference.with_name(reference.name.replace("postcodes-", "lookup-")).with_suffix(".npz")


def _inputs_hash() -> str:
    digest = hashlib.sha256(f"{_VERSION} {packages_hash()}".encode())
    digest.update((BUNDLED / "pieces.parquet").read_bytes())
    return digest.hexdigest()[:16]


def _with_localities(postcodes: pa.Table) -> pa.Table:
    """Add each London postcode's locality: that of its sector in its own borough, always."""
    authority = postcodes["authority_code"]
    rows = np.flatnonzero(pc.starts_with(authority, "E09").to_numpy())
    london = (
        postcodes.select(["sector", "authority_code", "easting", "northing", "is_live"])
        .take(rows)
        .to_pandas()
    )
    pieces = read_pieces().rename(columns={"borough_code": "authority_code"})
    keys = ["authority_code", "sector"]
    locality = london.merge(pieces[[*keys, "locality_code"]], on=keys, how="left")["locality_code"]
    # A terminated postcode of a sector that is no longer used there: as the nearest live one of its borough.
    for _, of_borough in london.groupby("authority_code"):
        is_lost = locality[of_borough.index].isna()
        lost, live = of_borough[is_lost], of_borough[of_borough["is_live"]]
        _, nearest = cKDTree(live[["easting", "northing"]]).query(lost[["easting", "northing"]])
        locality[lost.index] = locality[live.index[nearest]].to_numpy()
    codes = np.full(len(postcodes), UNKNOWN, dtype=object)
    codes[rows] = locality
    return postcodes.add_column(3, "locality_code", pa.array(codes, pa.string()))


def load_areas() -> tuple[pa.Table, pa.Table]:
    """
    The tables `areas` and `area_overlap` of the schema, from the bundled files.

    Returns
    -------
    areas
        Boroughs, districts, sectors and localities of London, and the other local authorities of the United Kingdom
        and the islands. A district or sector that crosses London's border is given as far as it lies in London.
    area_overlap
        District and sector by borough and, beyond London, by authority, each summing to 1 over both; locality by
        district. Shares are of live postcodes.
    """
    pieces = read_pieces()
    return _areas(pieces), _overlaps(pieces)


def _areas(pieces: pd.DataFrame) -> pa.Table:
    authorities = read_authorities().set_index("code")
    localities = read_localities().set_index("locality_code")
    boroughs = _dissolve(pieces, "borough", "borough_code")
    boroughs["name"] = boroughs["code"].map(authorities["name"])
    districts = _dissolve(pieces, "district", "district")
    sectors = _dissolve(pieces, "sector", "sector")
    sectors["parent_code"] = sectors["code"].str.split(" ").str[0]
    of_localities = _dissolve(pieces, "locality", "locality_code")
    of_localities["name"] = of_localities["code"].map(localities["name"])
    of_localities["parent_code"] = of_localities["code"].map(localities["borough_code"])
    elsewhere = authorities[~authorities.index.isin(boroughs["code"])].reset_index()
    elsewhere = elsewhere.assign(level="authority", parent_code=UNKNOWN)
    return _as_table(pd.concat([boroughs, districts, sectors, of_localities, elsewhere]), AREAS)


def _dissolve(pieces: pd.DataFrame, level: str, by: str) -> pd.DataFrame:
    """Areas of one level: the pieces that share the code in column `by`, joined."""
    numbers = ["hectares", "residents", "households_residents", "live_postcodes"]
    areas = pieces.groupby(by)[numbers].sum().reset_index(names="code")
    rows = pieces.groupby(by).indices
    pieces_outlines = pieces["geometry"].to_numpy()
    outlines, longitudes, latitudes = [], [], []
    for code in areas["code"]:
        parts = [outline for outline in pieces_outlines[rows[code]] if outline is not None]
        if parts:
            outline = shapely.coverage_union_all(parts)
            inside = shapely.point_on_surface(outline)
            outlines.append(shapely.to_wkb(outline))
            longitudes.append(inside.x)
            latitudes.append(inside.y)
        else:
            # Only boxes: no land of its own, but a spot.
            outlines.append(None)
            longitudes.append(pieces["longitude"].to_numpy()[rows[code]][0])
            latitudes.append(pieces["latitude"].to_numpy()[rows[code]][0])
    has_outline = [outline is not None for outline in outlines]
    areas["hectares"] = areas["hectares"].where(has_outline)
    return areas.assign(
        level=level,
        name=areas["code"],
        parent_code=UNKNOWN,
        geometry=outlines,
        longitude=longitudes,
        latitude=latitudes,
    )


def _overlaps(pieces: pd.DataFrame) -> pa.Table:
    outside = read_outside_london()
    outside["district"] = outside["sector"].str.split(" ").str[0]
    to_borough = pieces.rename(columns={"borough_code": "to_code"}).assign(to_level="borough")
    to_authority = outside.rename(columns={"authority_code": "to_code"}).assign(to_level="authority")
    both = pd.concat([to_borough, to_authority])
    sectors = both[both["sector"].isin(pieces["sector"])]
    to_district = pieces.rename(columns={"district": "to_code"}).assign(to_level="district")
    return _as_table(
        pd.concat(
            [
                _shares("district", "district", both),
                _shares("sector", "sector", sectors),
                _shares("locality", "locality_code", to_district),
            ]
        ),
        AREA_OVERLAP,
    )


def _shares(level: str, by: str, parts: pd.DataFrame) -> pd.DataFrame:
    """How each area in column `by` of `parts` is split over `to_code`, by live postcodes."""
    split = parts.groupby([by, "to_level", "to_code"], as_index=False).agg(
        live_postcodes=("live_postcodes", "sum"),
        residents=("residents", lambda residents: residents.sum(min_count=1)),
    )
    split["share"] = split["live_postcodes"] / split.groupby(by)["live_postcodes"].transform("sum")
    return split.rename(columns={by: "from_code"}).assign(from_level=level)


def _as_table(rows: pd.DataFrame, table: Table) -> pa.Table:
    """Rows in the columns, order and types of a table of the schema."""
    columns = [
        pa.array(rows[column.name], _ARROW_TYPES[column.type], from_pandas=True) for column in table.columns
    ]
    return pa.Table.from_arrays(columns, names=table.column_names())
