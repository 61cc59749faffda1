"""Maps of leaflet walks: their ground in colours that tell neighbours apart, their numbers, starts and stops."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from folium.map import Layer

from data.geography.projection import to_degrees
from pages.shared.colours import Colours
from pages.shared.maps.map_template import Template
from pages.shared.maps.maps import ATTRIBUTION, Bounds

# Okabe and Ito, *Color Universal Design* (2008): told apart by people who confuse colours, on light and on dark ground.
WALK_COLOURS = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
# A metre, more or less: a walk is looked at from near.
DECIMALS = 5
NEAREST_ZOOM = 18
MARGIN_METRES = 150


class ShapesLayer(Layer):
    """
    A Folium layer of shapes, lines, dots and numbers that comes with the page, not from a served file.

    Parameters
    ----------
    features
        From `shape_feature`: GeoJSON (EPSG:4326) with `code`, `style`, `lines` (text under the pointer) and `label`.
    styles
        Leaflet styles by the features' `style`.
    interactive
        Whether features can be pointed at and clicked.
    """

    # Texts are put in as text and never as HTML.
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            var styles = {{ this.styles|tojson }}, interactive = {{ this.interactive|tojson }};
            function written(tag, text) {
                var element = document.createElement(tag);
                element.textContent = text;
                return element;
            }
            function number(place, text) {
                var icon = L.divIcon({className: "walk-number", html: written("span", text), iconSize: [26, 18]});
                return L.marker(place, {icon: icon, interactive: false, keyboard: false});
            }
            var layer = L.geoJson({{ this.features|tojson }}, {
                interactive: interactive, smoothFactor: 0.5, attribution: {{ this.attribution|tojson }},
                style: function (shape) { return styles[shape.properties.style]; },
                pointToLayer: function (shape, place) {
                    var about = shape.properties;
                    if (about.label) return number(place, about.label);
                    return L.circleMarker(place, Object.assign({interactive: interactive}, styles[about.style]));
                }
            });
            // Hundreds of stops are no tab stops: with the keyboard they are chosen from the list.
            layer.on("add", function () { setTimeout(function () {
                layer.eachLayer(function (part) { if (part.getElement && part.getElement()) part.getElement().setAttribute("tabindex", "-1"); });
            }, 0); });
            {%- if this.interactive %}
            layer.bindTooltip(function (part) {
                var box = document.createElement("div");
                part.feature.properties.lines.forEach(function (line, row) {
                    box.appendChild(written(row ? "div" : "strong", line));
                });
                return box;
            }, {sticky: true});
            {%- endif %}
            return layer;
        })();
        {% endmacro %}
        """
    )

    def __init__(self, features: Sequence[dict], styles: Mapping[str, dict], interactive: bool = True):
        super().__init__(name="shapes", overlay=True)
        self._name = "ShapesLayer"
        self.features = {"type": "FeatureCollection", "features": list(features)}
        self.styles = styles
        self.interactive = interactive
        self.attribution = ATTRIBUTION


def shape_feature(
    shape: shapely.Geometry, style: str, lines: Sequence[str] = (), code: str = "", label: str = ""
) -> dict:
    """A shape in EPSG:27700 as a feature for `ShapesLayer`; a point with a `label` is drawn as that text."""
    return {
        "type": "Feature",
        "properties": {"style": style, "lines": list(lines), "code": code, "label": label},
        "geometry": shapely.geometry.mapping(shapely.transform(shape, _rounded_degrees)),
    }


def walk_styles(colours: Colours) -> dict[str, dict]:
    """Styles of everything on the maps of walks; `walk 0` and so on are the grounds of walks."""
    edge = {"color": colours.strong_line, "weight": 1, "opacity": 0.7}
    grounds = {
        f"walk {number}": {**edge, "fillColor": colour, "fillOpacity": 0.6}
        for number, colour in enumerate(WALK_COLOURS)
    }
    states = {
        f"state {number}": {**edge, "fillColor": colour, "fillOpacity": 0.9}
        for number, colour in enumerate(state_ramp(colours))
    }
    return grounds | states | {
        "taken": {**edge, "weight": 0.7, "fillColor": "url(#no-figures)", "fillOpacity": 0.9},
        "way": {"color": colours.strong_line, "weight": 1.6, "opacity": 0.75, "dashArray": "4 4", "fill": False},
        "street": {"color": colours.faint_line, "weight": 1, "opacity": 0.9, "fill": False},
        "barrier": {"color": "#d55e00", "weight": 5, "opacity": 0.9, "fill": False},
        "stop": {"color": colours.strong_line, "weight": 1, "fillColor": colours.paper, "fillOpacity": 0.95, "radius": 3.5},
        "start": {"color": colours.paper, "weight": 2, "fillColor": colours.strong_line, "fillOpacity": 1, "radius": 6},
        "chosen": {"color": colours.strong_line, "weight": 4, "opacity": 1, "fill": False},
    }  # fmt: skip


def state_ramp(colours: Colours) -> tuple[str, ...]:
    """Colours of the states of walks, from not given out to done."""
    return colours.none, colours.other_ramp[0], colours.ramp[2], colours.ramp[-1]


def bounds_of(shapes: Sequence[shapely.Geometry]) -> Bounds:
    """The corners of shapes in EPSG:27700 together, with a margin, in degrees."""
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    longitude, latitude = to_degrees(
        np.array([west - MARGIN_METRES, east + MARGIN_METRES]),
        np.array([south - MARGIN_METRES, north + MARGIN_METRES]),
    )
    return (float(latitude[0]), float(longitude[0])), (float(latitude[1]), float(longitude[1]))


def _rounded_degrees(points: np.ndarray) -> np.ndarray:
    return np.column_stack(to_degrees(points[:, 0], points[:, 1])).round(DECIMALS)
