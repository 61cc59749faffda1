"""
Classic data sets of spatial statistics, as R's package spData has them (version 2.2.1, CC0), the columns that tests need.

| file | what it holds | from | in spData |
|---|---|---|---|
| columbus.csv | crime and outlines of 49 neighbourhoods | Anselin, Spatial Econometrics (1988) | shapes/columbus |
| new_york.csv | leukaemia cases of 281 tracts, and who is whose neighbour | Waller and Gotway (2004) | shapes/NY8_utm18, weights/NY_nb |
| getis_ord.csv | 256 pixels of a satellite picture | Getis and Ord (1996) | go_xyz |
| north_carolina.csv | births, and sudden infant deaths, in 100 counties | Cressie and Read (1985) | shapes/sids |
| auckland.csv | children under five, and deaths of them, in 167 areas | Marshall (1991) | shapes/auckland |
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd
from libpysal.graph import Graph


def read_published(name: str) -> pd.DataFrame:
    """One of the tables, such as 'auckland', in its own order."""
    return pd.read_csv(Path(__file__).with_name(f"{name}.csv"))


def read_outlines(name: str) -> gpd.GeoDataFrame:
    """A table that has the outlines of its areas."""
    table = read_published(name)
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries.from_wkt(table.pop("outline")))


def read_neighbours(name: str) -> Graph:
    """Who is whose neighbour, for a table that says so."""
    listed = read_published(name)["neighbours"].str.split()
    return Graph.from_dicts({area: [int(each) for each in others] for area, others in listed.items()})
