"""Classic data sets of spatial statistics, as they ship with R's package spData; tests skip where it is not there."""

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from libpysal.graph import Graph


@cache
def _folder() -> Path:
    if not shutil.which("Rscript"):
        pytest.skip("R is not on this machine.")
    folder = _run_r("cat(system.file(package = 'spData'))")
    if not folder:
        pytest.skip("R's package spData is not on this machine.")
    return Path(folder)


def _run_r(code: str) -> str:
    command = ["Rscript", "--vanilla", "-e", code]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def read_shapes(name: str) -> gpd.GeoDataFrame:
    """A table of areas, such as 'columbus'."""
    return gpd.read_file(_folder() / "shapes" / f"{name}.shp")


def read_neighbours(name: str) -> Graph:
    """A list of neighbours in GAL format, such as 'NY_nb', in its own order."""
    lines = (_folder() / "weights" / f"{name}.gal").read_text().split("\n")[1:]
    listed = {
        int(head.split()[0]): [int(number) for number in following.split()]
        for head, following in zip(lines[0::2], lines[1::2], strict=False)
    }
    return Graph.from_dicts(listed)


def read_pixels() -> pd.DataFrame:
    """Getis and Ord's 256 pixels of a satellite picture: `x`, `y` (metres), `val`; only in R's own format."""
    _folder()
    return pd.read_csv(
        io.StringIO(
            _run_r("data(getisord, package = 'spData'); write.csv(go_xyz, stdout(), row.names = FALSE)")
        )
    )
