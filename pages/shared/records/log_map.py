"""
The map on which the place of a raid is tapped: first its borough, then its locality.

What comes back from the browser is the code of the area that was tapped. The spot itself stays in the browser.
"""

from collections.abc import Callable, Sequence

import shapely
from folium.map import Layer

from analysis.where.places import area_names, area_outlines
from pages.shared.ask import ask
from pages.shared.colours import Colours, colours
from pages.shared.frame.page import Frame
from pages.shared.maps.choropleth import outlines_of
from pages.shared.maps.map_template import Template
from pages.shared.maps.maps import DECIMALS, LONDON, AreaLayer, MapArea, draw_map, outlined
from pages.shared.maps.walk_maps import ShapesLayer


class NamesLayer(Layer):
    """
    Names written on the map; `names` has latitude, longitude and text.

    One that would cover an earlier one is left out until a nearer look makes room for it.
    """

    # As text and never as HTML. A name shows once there is room for it: the places of names change with the zoom.
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = (function () {
            var group = L.layerGroup(), style = {{ this.style|tojson }};
            var markers = {{ this.names|tojson }}.map(function (name) {
                var text = document.createElement("span");
                text.textContent = name[2];
                text.setAttribute("style", style);
                var icon = L.divIcon({className: "area-name", html: text, iconSize: [0, 0]});
                return L.marker([name[0], name[1]], {icon: icon, interactive: false, keyboard: false}).addTo(group);
            });
            function thin() {
                var kept = [];
                markers.forEach(function (marker) {
                    var element = marker.getElement();
                    if (!element) return;
                    element.style.visibility = "";
                    var box = element.firstChild.getBoundingClientRect();
                    var covers = kept.some(function (other) {
                        return box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
                    });
                    if (covers) element.style.visibility = "hidden"; else kept.push(box);
                });
            }
            group.on("add", function () { map_div.on("zoomend resize", thin); setTimeout(thin, 50); });
            group.on("remove", function () { map_div.off("zoomend resize", thin); });
            return group;
        })();
        {% endmacro %}
        """
    )

    def __init__(self, names: Sequence[tuple[float, float, str]], colours: Colours):
        super().__init__(name="names", overlay=True)
        self._name = "NamesLayer"
        self.names = list(names)
        self.style = (
            "position:absolute;transform:translate(-50%,-50%);white-space:nowrap;font-size:11px;font-weight:600;"
            f"color:{colours.ink};text-shadow:0 0 2px {colours.paper},0 0 2px {colours.paper},0 0 3px {colours.paper}"
        )


def draw_borough_map(frame: Frame, key: str, on_tap: Callable[[str], None]) -> None:
    """London by boroughs; `on_tap` gets the code of the one that is tapped, before the page runs again."""
    shades = colours()
    names = ask(frame, area_names, "borough")
    areas = {code: MapArea(0, (name,)) for code, name in names.items()}
    styles = outlined(shades, weight=1) | {"classes": [_ground(shades)]}
    spots = area_outlines(frame.store.run, "borough")
    # The largest first: there is room for their names.
    spots = spots.iloc[(-shapely.area(shapely.from_wkb(spots["geometry"]))).argsort()]
    labels = [(row.latitude, row.longitude, names[row.code]) for row in spots.itertuples()]
    draw_map(
        [AreaLayer(outlines_of(frame, "borough"), areas, styles), NamesLayer(labels, shades)],
        f"{key}-boroughs",
        shades,
        "Map of London by boroughs. Tap the borough; its localities come next.",
        LONDON,
        on_click=on_tap,
        keep_spot=False,
    )


def draw_locality_map(frame: Frame, borough: str, key: str, on_tap: Callable[[str], None]) -> None:
    """The localities of one borough; `on_tap` gets the code of the one that is tapped, before the page runs again."""
    shades = colours()
    names = ask(frame, area_names, "locality")
    # The code of a locality begins with that of its borough.
    areas = area_outlines(frame.store.run, "locality")
    areas = areas[areas["code"].str.startswith(f"{borough}-")]
    features = [
        {
            "type": "Feature",
            "properties": {
                "style": "ground",
                "lines": [names[code]],
                "code": code,
            },
            "geometry": shapely.geometry.mapping(
                shapely.transform(shape, lambda points: points.round(DECIMALS))
            ),
        }
        for code, shape in zip(areas["code"], shapely.from_wkb(areas["geometry"]), strict=True)
    ]
    labels = [(row.latitude, row.longitude, names[row.code].split(" (")[0]) for row in areas.itertuples()]
    draw_map(
        [ShapesLayer(features, {"ground": _ground(shades)}), NamesLayer(labels, shades)],
        f"{key}-localities",
        shades,
        "Map of the localities of a borough. Tap the one where it happened.",
        outlines_of(frame, "borough").around([borough]),
        on_click=on_tap,
        keep_spot=False,
    )


def _ground(colours: Colours) -> dict:
    return {
        "color": colours.faint_line,
        "weight": 1,
        "opacity": 1,
        "fillColor": colours.ramp[0],
        "fillOpacity": 0.5,
    }
