"""
Maps: outlines coloured by class, or the density of points, drawn by Leaflet from this machine only.

Outlines are served as a file the browser keeps, so a change of filter sends the colours and figures of the areas
and not their shapes. The layer is exchanged in place: no reload, and the view stays where the person moved it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import folium
import numpy as np
import pandas as pd
import shapely
import streamlit as st
from branca.element import Element
from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.plugins import HeatMap
from folium.raster_layers import ImageOverlay
from streamlit_folium import st_folium

from pages.shared.colours import Colours
from pages.shared.frame import assets
from pages.shared.maps.map_template import Template

HEIGHT_PIXELS = 560
# Decimals of a degree: 4 is about 10 metres, half a pixel at the zoom that shows a borough.
DECIMALS = 4
# Degrees by which an outline may be off: at the zoom that shows all London a pixel is about 0.0007.
TOLERANCE = {"borough": 0.0006, "district": 0.0005, "locality": 0.0003}
FURTHEST_ZOOM, NEAREST_ZOOM = 8, 15
ATTRIBUTION = "Contains OS, Royal Mail and National Statistics data © Crown copyright"
TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
TILES_ATTRIBUTION = "© OpenStreetMap contributors"

Corner = tuple[float, float]
Bounds = tuple[Corner, Corner]
LONDON: Bounds = ((51.286, -0.511), (51.692, 0.334))


@dataclass(frozen=True)
class Outlines:
    """The shapes of a level: where the browser finds them, and the south-west and north-east corner of each."""

    level: str
    address: str
    corners: Mapping[str, Bounds]

    def around(self, codes: Sequence[str]) -> Bounds:
        """The corners of some areas together; of all London if none of them is known."""
        known = np.array([self.corners[code] for code in codes if code in self.corners])
        if not len(known):
            return LONDON
        return tuple(known[:, 0].min(axis=0).tolist()), tuple(known[:, 1].max(axis=0).tolist())


@dataclass(frozen=True)
class MapArea:
    """One area as the map shows it: its class (-1 without a figure) and the lines of text under the pointer."""

    colour_class: int
    lines: tuple[str, ...]


@st.cache_data(show_spinner=False, max_entries=8)
def serve_outlines(version: str, level: str, _areas: pd.DataFrame) -> Outlines:
    """
    Write the outlines of a level into the served folder, as coarse as the screen allows.

    `_areas` has `code` and `geometry` (WKB, EPSG:4326). Neighbours keep their common edge.
    """
    shapes = shapely.from_wkb(_areas["geometry"].to_numpy())
    coarse = shapely.coverage_simplify(shapes, TOLERANCE[level])
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": _rounded(shape)}
        for code, shape in zip(_areas["code"], coarse, strict=True)
    ]
    collection = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    script = f"window.outlines=window.outlines||{{}};window.outlines[{json.dumps(level)}]={collection};"
    corners = {
        code: ((south, west), (north, east))
        for code, (west, south, east, north) in zip(
            _areas["code"], shapely.bounds(shapes).tolist(), strict=True
        )
    }
    return Outlines(level, assets.serve_file(f"outlines-{level}.js", script.encode()), corners)


class AreaLayer(JSCSSMixin, Layer):
    """
    A Folium layer of served outlines: each area in the style of its class, with text under the pointer.

    Parameters
    ----------
    outlines
        The shapes; all of them are drawn.
    areas
        By code; an area that is not there (filtered out) is drawn in the style "outside".
    styles
        Leaflet styles: "classes" (one per class), "none" (no figure), "outside", "chosen" and "pointed" (laid over the
        others).
    chosen
        Code of the area to be marked, or ''.
    interactive
        Whether areas can be pointed at and clicked.
    """

    # The texts are put in as text and never as HTML, so nothing in a record can become a script.
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            var areas = new Map({{ this.areas.items()|list|tojson }}), styles = {{ this.styles|tojson }}, chosen = {{ this.chosen|tojson }};
            function find(shape) { return areas.get(shape.properties.code) || [null, []]; }
            function style(shape) {
                var number = find(shape)[0];
                var base = number === null ? styles.outside : styles.classes[number] || styles.none;
                return shape.properties.code === chosen ? Object.assign({}, base, styles.chosen) : base;
            }
            function raiseChosen() {
                layer.eachLayer(function (part) { if (part.feature.properties.code === chosen) part.bringToFront(); });
            }
            var layer = L.geoJson(window.outlines[{{ this.layer_name|tojson }}], {
                style: style, smoothFactor: 0.5, interactive: {{ this.interactive|tojson }},
                attribution: {{ this.attribution|tojson }}
            });
            layer.on("add", raiseChosen);
            // Hundreds of areas are no tab stops: with the keyboard an area is chosen from the list.
            layer.on("add", function () { setTimeout(function () {
                layer.eachLayer(function (part) { if (part.getElement()) part.getElement().setAttribute("tabindex", "-1"); });
            }, 0); });
            layer.on("mouseover", function (event) { event.layer.setStyle(styles.pointed).bringToFront(); });
            layer.on("mouseout", function (event) { layer.resetStyle(event.layer); raiseChosen(); });
            {%- if this.interactive %}
            layer.bindTooltip(function (part) {
                var box = document.createElement("div");
                if (find(part.feature)[0] === null) box.textContent = "Left out by the filter of boroughs";
                find(part.feature)[1].forEach(function (line, row) {
                    var text = document.createElement(row ? "div" : "strong");
                    text.textContent = line;
                    box.appendChild(text);
                });
                return box;
            }, {sticky: true});
            {%- endif %}
            return layer;
        })();
        {% endmacro %}
        """
    )

    def __init__(
        self,
        outlines: Outlines,
        areas: Mapping[str, MapArea],
        styles: Mapping,
        chosen: str = "",
        interactive: bool = True,
    ):
        super().__init__(name=outlines.level, overlay=True)
        self._name = "AreaLayer"
        self.default_js = [(f"outlines_{outlines.level}", outlines.address)]
        self.areas = {code: (area.colour_class, area.lines) for code, area in areas.items()}
        self.styles = styles
        self.chosen = chosen
        self.interactive = interactive
        self.attribution = ATTRIBUTION


def coloured(colours: Colours, ramp: Sequence[str], opacity: float = 0.92) -> dict:
    """Styles of areas filled with the colour of their class; hatched where there is no figure."""
    edge = {"color": colours.line, "weight": 0.7, "opacity": 1}
    return {
        "classes": [{**edge, "fillColor": colour, "fillOpacity": opacity} for colour in ramp],
        "none": {**edge, "fillColor": "url(#no-figures)", "fillOpacity": 1},
        "outside": {"color": colours.faint_line, "weight": 0.4, "opacity": 1, "fillOpacity": 0},
        **_marks(colours),
    }


def outlined(colours: Colours, weight: float) -> dict:
    """Styles of areas drawn as a line only."""
    line = {"color": colours.faint_line, "weight": weight, "opacity": 1, "fillOpacity": 0}
    return {"classes": [], "none": line, "outside": line, **_marks(colours)}


def _marks(colours: Colours) -> dict:
    return {
        "chosen": {"color": colours.strong_line, "weight": 3},
        "pointed": {"color": colours.strong_line, "weight": 2},
    }


def density_layer(points: pd.DataFrame, colours: Colours) -> HeatMap:
    """How thick records lie: `points` has `latitude`, `longitude`, `weight`. Radius in pixels, not in metres."""
    stops = {round((step + 1) / len(colours.ramp), 2): colour for step, colour in enumerate(colours.ramp)}
    return HeatMap(
        points[["latitude", "longitude", "weight"]].to_numpy().tolist(),
        radius=16,
        blur=14,
        min_opacity=0.2,
        gradient=stops,
    )


def surface_layer(
    classes: np.ndarray, bounds: Bounds, shades: Sequence[str], opacity: float = 0.8
) -> ImageOverlay:
    """
    A surface in the colours of its classes.

    Parameters
    ----------
    classes
        The class of each cell, northernmost row first; -1 for a cell that stays empty.
    bounds
        South-west and north-east corner of the whole.
    shades
        One colour per class, as hex texts.
    """
    painted = np.array(
        [(*bytes.fromhex(shade[1:]), 255) for shade in shades] + [(0, 0, 0, 0)], dtype=np.uint8
    )
    return ImageOverlay(painted[classes], bounds, opacity=opacity, pixelated=False)


class _Window(Layer):
    """
    What the window on the map shows, and what a screen reader calls it.

    It zooms only when asked for something else than before, or when its size changes (a phone is turned), and so never
    jumps back while a person looks round.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.layerGroup();
        (function () {
            var wanted = {{ this.bounds|tojson }}, container = map_div.getContainer();
            container.setAttribute("role", "region");
            container.setAttribute("aria-label", {{ this.description|tojson }});
            function fit() { map_div.fitBounds(wanted, {padding: [6, 6], animate: false}); }
            if (window.shownBounds !== JSON.stringify(wanted)) {
                window.shownBounds = JSON.stringify(wanted);
                map_div.off("resize", window.fitAgain).on("resize", fit);
                window.fitAgain = fit;
                fit();
            }
        })();
        {% endmacro %}
        """
    )

    def __init__(self, bounds: Bounds, description: str):
        super().__init__(name="window", control=False)
        self._name = "Window"
        self.bounds = bounds
        self.description = description


_HATCHING = """
<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
<pattern id="no-figures" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="6" height="6" fill="{colours.no_figures}"/><line y2="6" stroke="{colours.no_figures_line}" stroke-width="2.5"/>
</pattern></defs></svg>
"""
# The map fills its frame, whose height the page sets: lower on a phone.
_MAP_STYLE = """
<style>
html, body {{ margin: 0; height: 100%; overflow: hidden; background: transparent; }}
#map_div {{ height: 100vh !important; width: 100% !important; background: {colours.paper}; }}
#map_div:focus-visible {{ outline: 2px solid {colours.bar}; outline-offset: -2px; }}
.leaflet-container, .leaflet-tooltip {{ font: 13px/1.4 system-ui, sans-serif !important; }}
.leaflet-container path.leaflet-interactive:focus {{ outline: none; }}
.leaflet-heatmap-layer {{ pointer-events: none; }}
.walk-number {{ text-align: center; line-height: 18px; }}
.walk-number span {{ display: inline-block; min-width: 12px; padding: 0 3px; border-radius: 9px; font-weight: 700; font-size: 12px;
  background: {colours.paper}; color: {colours.ink}; border: 1px solid {colours.ink}; }}
.leaflet-tooltip, .leaflet-bar a, .leaflet-control-attribution {{
  background: {colours.paper} !important; color: {colours.ink} !important; border-color: {colours.faint_line} !important; }}
.leaflet-tooltip {{ white-space: normal; width: max-content; max-width: 15rem; opacity: 1 !important; box-shadow: 0 1px 4px rgba(0, 0, 0, .25); }}
.leaflet-tooltip::before {{ display: none; }}
.leaflet-control-attribution {{ font-size: 10px; opacity: .85; }}
.leaflet-control-attribution a {{ color: inherit !important; }}
.leaflet-control-attribution svg {{ display: none !important; }}
</style>
"""


def draw_map(
    layers: Sequence[Layer],
    key: str,
    colours: Colours,
    description: str,
    bounds: Bounds = LONDON,
    with_tiles: bool = False,
    on_click: Callable[[str], None] | None = None,
    on_point: Callable[[float, float], None] | None = None,
    nearest_zoom: int = NEAREST_ZOOM,
    keep_spot: bool = True,
) -> None:
    """
    Draw a map.

    Parameters
    ----------
    layers
        Fresh ones; a Folium layer belongs to one map.
    key
        One per kind of map. Within a kind the layers are exchanged without a reload.
    description
        What screen readers call the map.
    bounds
        What to zoom to.
    with_tiles
        Lay a street map below. It comes from outside, see `TILES`.
    on_click
        Called with the code of an area that was clicked, before the page runs again.
    on_point
        Called with longitude and latitude of any spot that was clicked; instead of `on_click`.
    nearest_zoom
        How near a person may look.
    keep_spot
        Whether the spot of a click on an area comes back beside the code. Without it the spot stays in the browser, and
        a second click on the same area goes unnoticed.
    """
    base = folium.Map(
        tiles=None, zoom_snap=0.25, zoom_delta=0.5, min_zoom=FURTHEST_ZOOM, max_zoom=nearest_zoom
    )
    base.fit_bounds(LONDON)
    figure = base.get_root()
    figure.html.add_child(Element(_HATCHING.format(colours=colours)))
    figure.header.add_child(Element(_MAP_STYLE.format(colours=colours)))
    if with_tiles:
        folium.TileLayer(TILES, attr=TILES_ATTRIBUTION, max_zoom=nearest_zoom).add_to(base)
    group = folium.FeatureGroup(name="records")
    for layer in (*layers, _Window(bounds, description)):
        group.add_child(layer)
    # The styles come with the map and not with its layers, so another theme needs another map.
    key = f"map-{key}-{colours.name}"
    # Nothing else comes back, so moving the map does not run the page again.
    returned, on_change = [], None
    if on_click:
        returned, on_change = (
            ["last_active_drawing", *(["last_object_clicked"] if keep_spot else [])],
            lambda: _pass_on(key, on_click, keep_spot),
        )
    elif on_point:
        returned, on_change = ["last_clicked"], lambda: _pass_on_point(key, on_point)
    st_folium(
        base,
        key=key,
        height=HEIGHT_PIXELS,
        use_container_width=True,
        feature_group_to_add=group,
        returned_objects=returned,
        on_change=on_change,
    )


def _pass_on(key: str, on_click: Callable[[str], None], keep_spot: bool = True) -> None:
    # What the map sent stays in the session otherwise, also after the map is gone.
    sent = st.session_state.get(key) if keep_spot else st.session_state.pop(key, None)
    shape = (sent or {}).get("last_active_drawing") or {}
    code = shape.get("properties", {}).get("code")
    if code:
        on_click(code)


def _pass_on_point(key: str, on_point: Callable[[float, float], None]) -> None:
    point = (st.session_state.get(key) or {}).get("last_clicked")
    if point:
        on_point(point["lng"], point["lat"])


def _rounded(shape: shapely.Geometry) -> dict:
    return shapely.geometry.mapping(shapely.transform(shape, lambda points: points.round(DECIMALS)))
