"""
What the maps need from the server, so that the browser asks no outside host for it.

Folium loads Leaflet from five outside hosts by default, which tells each of them who looks at which area.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import folium
import folium.plugins
import xstatic.pkg.leaflet

from data.store.store import PROJECT_ROOT

STATIC = PROJECT_ROOT / "static"  # the only folder Streamlit serves; git-ignored, filled at start
STATIC_ADDRESS = "/app/static"

OWN = Path(__file__).parent
LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
FOLIUM_TEMPLATES = Path(folium.__file__).parent / "templates"
# Source file -> the name it is served under. Ad blockers drop scripts with "heat" in their name.
MAP_ASSETS = {
    "leaflet.js": LEAFLET / "leaflet.js",
    "leaflet.css": LEAFLET / "leaflet.css",
    "density.js": FOLIUM_TEMPLATES / "leaflet_heat.min.js",
}


def serve_map_assets() -> None:
    """Copy Leaflet and the density layer into the served folder, and make Folium ask for them there only."""
    address = {name: serve_file(name, source.read_bytes()) for name, source in MAP_ASSETS.items()}
    folium.Map.default_js = [("leaflet", address["leaflet.js"])]
    folium.Map.default_css = [("leaflet_css", address["leaflet.css"])]
    folium.plugins.HeatMap.default_js = [("density", address["density.js"])]


def serve_file(name: str, content: bytes) -> str:
    """
    Put a file into the served folder, once, and return its address.

    The name carries a piece of the content's hash, so a browser never shows a stale copy after an update.
    """
    stem, extension = os.path.splitext(name)
    target = STATIC / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{extension}"
    if not target.exists():
        STATIC.mkdir(exist_ok=True)
        # Written beside and renamed: another visitor may ask for it at this very moment.
        with tempfile.NamedTemporaryFile(dir=STATIC, suffix=".part", delete=False) as part:
            part.write(content)
        os.chmod(part.name, 0o644)
        os.replace(part.name, target)
    return f"{STATIC_ADDRESS}/{target.name}"
