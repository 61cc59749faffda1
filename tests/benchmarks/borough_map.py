"""What is sent for the borough map, against the network's own page, rebuilt from its shapefile."""

import tempfile
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd

from tests.browser.serving import CHROMIUM, bytes_of_the_map, launch_chromium, look, serve
from tests.conftest import SHARED_DATA

SHAPEFILE = SHARED_DATA / "foi-immigration-raids" / "TotalLondonPostcodes.shp"
FIGURES = SHARED_DATA / "foi-immigration-raids" / "LondonRaidsByYear.csv"


def bench() -> None:
    """Print the bytes of both."""
    if CHROMIUM is None:
        print("The borough map: no Chromium on this machine to measure with.")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder)) as server,
        launch_chromium() as chromium,
        look(chromium, server) as visit,
    ):
        ours = sum(bytes_of_the_map(visit).values())
    print(f"The borough map: {ours / 1000:.0f} kB sent (aim: under 300 kB)", flush=True)
    if SHAPEFILE.exists():
        peer = _networks_map()
        print(
            f"The network's map, rebuilt from its shapefile: {peer / 1e6:.1f} MB; ours is {peer / ours:.0f} times smaller"
        )


def _networks_map() -> int:
    """A choropleth of all postcode districts at full detail, one layer for counts and one for rates, as theirs."""
    districts = gpd.read_file(SHAPEFILE).to_crs("EPSG:4326")
    figures = pd.read_csv(FIGURES)
    chart = folium.Map((51.5, -0.1), zoom_start=10)
    for name in ("count", "rate"):
        folium.Choropleth(
            districts, figures, columns=["PostDist", "2019"], key_on="feature.properties.PostDist", name=name
        ).add_to(chart)
    return len(chart.get_root().render().encode())
