"""Maps and charts as SVG that takes its colours from the site's style sheet, so that one drawing serves light and dark."""

import math
from collections.abc import Sequence

import pandas as pd
import shapely
from markupsafe import Markup, escape

WIDTH = 1000
# Degrees; a fine line on a screen.
_TOLERANCE = 0.0006


def map_svg(
    boroughs: pd.DataFrame, label: str, titles: Sequence[str], links: Sequence[str], chosen: str = ""
) -> Markup:
    """
    A map of areas, each a link with its figure as its title.

    Parameters
    ----------
    boroughs
        `code`, `outline` (WKB, EPSG:4326; None is not drawn), `class_index` (-1 for no figure).
    label
        What the map shows, for those who cannot see it.
    titles, links
        One of each for every row.
    chosen
        The code of an area to draw a line around.
    """
    has_outline = boroughs["outline"].notna().to_numpy()
    # DuckDB gives bytearrays, which shapely does not read.
    shapes = shapely.from_wkb(boroughs.loc[has_outline, "outline"].map(bytes).to_numpy(object))
    if not len(shapes):
        return Markup("")
    shapes = shapely.coverage_simplify(shapes, _TOLERANCE)
    west, south, east, north = shapely.total_bounds(shapes)
    # Degrees of longitude are shorter by this much at the map's own latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)
    height = round((north - south) * scale)
    drawn = []
    rows = boroughs[has_outline].itertuples()
    kept = [number for number, has in enumerate(has_outline) if has]
    for row, shape, number in zip(rows, shapes, kept, strict=True):
        placed = shapely.transform(shape, lambda points: (points - [west, north]) * [squeeze * scale, -scale])
        mark = " chosen" if row.code == chosen else ""
        colour = "none" if row.class_index < 0 else f"c{row.class_index}"
        title = escape(titles[number])
        drawn.append(
            f'<a href="{escape(links[number])}" aria-label="{title}"><path class="area {colour}{mark}" '
            f'd="{_path(placed)}"><title>{title}</title></path></a>'
        )
    return Markup(
        f'<svg class="map" viewBox="0 0 {WIDTH} {height}" role="group" aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def bars_svg(rows: Sequence[tuple[str, float, float]], label: str, partial: Sequence[str] = ()) -> Markup:
    """
    Upright bars, one a year: a label, and the least and most it may be; the reach between them is drawn fainter.

    Parameters
    ----------
    partial
        Labels of bars that are not whole years, drawn with a broken line.
    """
    most = max((high for _, _, high in rows), default=0)
    if not most:
        return Markup("")
    step, top, bottom = max(WIDTH // 2 // max(len(rows), 1), 28), 30, 250
    width = step * len(rows)
    drawn = []
    for number, (name, low, high) in enumerate(rows):
        left = number * step + 3
        tall_low, tall_high = (round((bottom - top) * value / most) for value in (low, high))
        kind = "bar partial" if name in partial else "bar"
        drawn.append(
            f'<rect class="{kind}" x="{left}" y="{bottom - tall_low}" width="{step - 6}" height="{tall_low}"/>'
        )
        if tall_high > tall_low:
            drawn.append(
                f'<rect class="bar maybe" x="{left}" y="{bottom - tall_high}" width="{step - 6}" '
                f'height="{tall_high - tall_low}"/>'
            )
        middle = number * step + step // 2
        drawn.append(
            f'<text x="{middle}" y="{bottom + 18}">{escape(name[-2:] if step < 40 else name)}</text>'
        )
        is_range = round(low) != round(high)
        figure = f"{round(low)}–{round(high)}" if is_range else f"{round(low):,}"
        if len(figure) * 6 <= step:
            kind = ' class="range"' if is_range else ""
            drawn.append(f'<text x="{middle}" y="{bottom - tall_high - 6}"{kind}>{figure}</text>')
    return Markup(
        f'<svg class="chart" viewBox="0 0 {width} 275" role="img" aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def _path(shape: shapely.Geometry) -> str:
    rings = []
    for polygon in getattr(shape, "geoms", [shape]):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [f"{round(x)} {round(y)}" for x, y in ring.coords]
            # Points that fall together when rounded are one.
            kept = [point for number, point in enumerate(points) if not number or point != points[number - 1]]
            rings.append("M" + "L".join(kept) + "Z")
    return "".join(rings)
