"""
What a volunteer holds in the hand: one A4 page a walk, and a cover sheet for the organiser, as PDF.

A sheet that is lost tells nothing: no raid, no score, no name, no address of a group. The same walks give the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from ibis import _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from analysis.areas import Run
from analysis.export import to_csv
from analysis.leafleting.exports import stops_table, to_geojson, to_gpx
from analysis.leafleting.plan import Plan
from analysis.leafleting.requests import Spot
from analysis.leafleting.shapes import walk_shapes
from analysis.tables import areas
from analysis.words import minutes_in_words
from data.errors import InputError
from data.geography.projection import to_grid

WIDTH, HEIGHT = A4
MARGIN = 14 * mm
MAP_HEIGHT = 112 * mm
# Rows of the checklist that fit below the map, in one column and in two.
ROWS_IN_COLUMN = 17
ROW_HEIGHT = 6.2 * mm
BOXES = ("done", "left over", "no way in")
COVER_ROWS, SPOT_ROWS = 34, 22
INK, GREY, FAINT = 0.0, 0.45, 0.82


@dataclass(frozen=True)
class Sheet:
    """
    One walk as it is printed.

    `stops` are (postcode, easting, northing, doors, street) in the order walked, EPSG:27700, `street` '' where not known;
    `outlines` are lines or areas drawn faintly below, EPSG:27700; `languages` are the main languages of the area besides
    English, most spoken first.
    """

    code: str
    number: int
    of: int
    area: str
    stops: Sequence[tuple[str, float, float, int, str]]
    doors: int
    metres: float
    minutes: float
    languages: Sequence[str]
    outlines: Sequence[shapely.Geometry] = ()
    is_block: bool = False


def walk_sheets(sheets: Sequence[Sheet], day: str, spots: Sequence[Spot] = ()) -> bytes:
    """
    A PDF with a cover sheet for the organiser, one page for each walk, and one for all spots where there are any.

    `day` stands in the foot, as people write it: the sheets of two Saturdays lie in one bag.
    """
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle("Leaflet walks")
    _draw_cover(canvas, sheets, day, spots)
    for sheet in sheets:
        _draw_sheet(canvas, sheet, day)
    for start in range(0, len(spots), SPOT_ROWS):
        _draw_spots(canvas, spots[start : start + SPOT_ROWS], day)
    canvas.save()
    return buffer.getvalue()


def _draw_sheet(canvas: Canvas, sheet: Sheet, day: str) -> None:
    top = HEIGHT - MARGIN
    canvas.setFont("Helvetica-Bold", 26)
    canvas.drawString(MARGIN, top - 22, sheet.code)
    canvas.setFont("Helvetica", 10)
    kind = "block job" if sheet.is_block else "walk"
    canvas.drawRightString(WIDTH - MARGIN, top - 8, f"Leaflet {kind} {sheet.number} of {sheet.of}")
    canvas.drawRightString(WIDTH - MARGIN, top - 21, _cut(canvas, sheet.area, 10, 110 * mm))
    first, last = sheet.stops[0][0], sheet.stops[-1][0]
    lines = [
        f"Take {sheet.doors} leaflets (estimated doors) · {minutes_in_words(sheet.minutes)} · {sheet.metres:,.0f} m on foot",
        f"Start at {first}, end at {last}." if first != last else f"All at {first}.",
        "Languages besides English: " + (", ".join(sheet.languages) or "not known"),
    ]
    y = top - 40
    for line in lines:
        canvas.setFont("Helvetica", 11)
        canvas.drawString(MARGIN, y, _cut(canvas, line, 11, WIDTH - 2 * MARGIN))
        y -= 15
    _draw_map(canvas, sheet, y + 4)
    _draw_checklist(canvas, sheet, y + 4 - MAP_HEIGHT - 8 * mm)
    _draw_foot(canvas, sheet, day)
    canvas.showPage()


def _draw_map(canvas: Canvas, sheet: Sheet, top: float) -> None:
    width = WIDTH - 2 * MARGIN
    points = np.array([stop[1:3] for stop in sheet.stops], dtype=float)
    place, metres_per_point = _window(points, width, MAP_HEIGHT, MARGIN, top - MAP_HEIGHT)
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(MARGIN, top - MAP_HEIGHT, width, MAP_HEIGHT)
    canvas.clipPath(frame, stroke=1, fill=0)
    canvas.setStrokeGray(FAINT)
    canvas.setLineWidth(0.8)
    for outline in sheet.outlines:
        for line in _lines(outline):
            _draw_line(canvas, place(line))
    canvas.setStrokeGray(GREY)
    canvas.setLineWidth(1.2)
    canvas.setDash(3, 2)
    _draw_line(canvas, place(points))
    canvas.setDash()
    for number, (x, y) in _numbered(place(points)):
        canvas.setFillGray(1)
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(1.6 if number == "1" else 0.8)
        radius = 3.5 + 2.4 * len(number) if len(number) < 3 else 2.6 * len(number)
        canvas.circle(x, y, radius, stroke=1, fill=1)
        canvas.setFillGray(INK)
        canvas.setFont("Helvetica-Bold", 7.5)
        canvas.drawCentredString(x, y - 2.6, number)
    canvas.restoreState()
    _draw_scale(canvas, metres_per_point, top - MAP_HEIGHT)


def _window(points: np.ndarray, width: float, height: float, left: float, bottom: float):
    """How metres become points on the page, with room round the walk; and the metres of one point."""
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    # A tower is one point: show the 200 metres around it.
    extent = np.maximum(high - low, 200.0) * 1.18
    metres_per_point = float(max(extent[0] / width, extent[1] / height))
    centre = np.array([left + width / 2, bottom + height / 2])
    return (lambda line: (np.asarray(line)[:, :2] - middle) / metres_per_point + centre), metres_per_point


def _lines(shape: shapely.Geometry) -> list[np.ndarray]:
    """The lines of a shape, polygons as their rings."""
    edges = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
    return [shapely.get_coordinates(part) for part in shapely.get_parts(edges)]


def _draw_line(canvas: Canvas, points: np.ndarray) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0].tolist())
    for point in points[1:].tolist():
        path.lineTo(*point)
    canvas.drawPath(path)


def _numbered(points: np.ndarray) -> list[tuple[str, tuple[float, float]]]:
    """A number for each spot of the page; stops that fall on one spot share it as '3-5'."""
    spots: list[list] = []
    for number, point in enumerate(points, start=1):
        near = next((spot for spot in spots if np.hypot(*(spot[0] - point)) < 7), None)
        if near is None:
            spots.append([point, [number]])
        else:
            near[1].append(number)
    return [(_numbers(numbers), tuple(point.tolist())) for point, numbers in spots]


def _numbers(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return str(numbers[0])
    is_row = numbers == list(range(numbers[0], numbers[-1] + 1))
    return f"{numbers[0]}-{numbers[-1]}" if is_row else f"{numbers[0]}+{len(numbers) - 1}"


def _draw_scale(canvas: Canvas, metres_per_point: float, bottom: float) -> None:
    """The scale right below the map, where no stop lies, and north in its corner."""
    metres = next(
        step for step in (2000, 1000, 500, 200, 100, 50, 20, 10) if step / metres_per_point < 60 * mm
    )
    right, y = WIDTH - MARGIN, bottom - 3 * mm
    left = right - metres / metres_per_point
    canvas.setStrokeGray(INK)
    canvas.setFillGray(INK)
    canvas.setLineWidth(1.5)
    canvas.line(left, y, right, y)
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(left - 4, y - 2.5, f"{metres} m, straight")
    x, top = right - 6 * mm, bottom + MAP_HEIGHT - 4 * mm
    canvas.setFont("Helvetica-Bold", 9)
    canvas.drawCentredString(x, top - 20, "N")
    canvas.line(x, top - 11, x, top)
    canvas.line(x - 2.5, top - 4, x, top)
    canvas.line(x + 2.5, top - 4, x, top)


def _draw_checklist(canvas: Canvas, sheet: Sheet, top: float) -> None:
    columns = 1 if len(sheet.stops) <= ROWS_IN_COLUMN else 2
    per_column = max(ROWS_IN_COLUMN, -(-len(sheet.stops) // columns))
    row_height = ROW_HEIGHT * min(1.0, ROWS_IN_COLUMN / per_column)
    width = (WIDTH - 2 * MARGIN - (columns - 1) * 6 * mm) / columns
    for column in range(columns):
        left = MARGIN + column * (width + 6 * mm)
        _draw_headings(canvas, left, top, width)
        for row, (postcode, _x, _y, doors, street) in enumerate(
            sheet.stops[column * per_column : (column + 1) * per_column]
        ):
            number = column * per_column + row + 1
            _draw_row(
                canvas,
                left,
                top - (row + 1) * row_height,
                width,
                row_height,
                number,
                (postcode, doors, street),
            )


def _draw_headings(canvas: Canvas, left: float, top: float, width: float) -> None:
    canvas.setFillGray(INK)
    canvas.setFont("Helvetica", 7.5)
    canvas.drawString(left + 7 * mm, top + 1.5, "postcode")
    canvas.drawRightString(left + 34 * mm, top + 1.5, "doors")
    for place, box in zip(_box_places(left, width), BOXES, strict=True):
        canvas.drawCentredString(place, top + 1.5, box)


def _box_places(left: float, width: float) -> list[float]:
    """Middle of each box: in a wide column beside free space for a street, in a narrow one close together."""
    right = left + width - 8 * mm
    return [right - 34 * mm, right - 17 * mm, right]


def _draw_row(
    canvas: Canvas,
    left: float,
    bottom: float,
    width: float,
    height: float,
    number: int,
    stop: tuple[str, int, str],
) -> None:
    postcode, doors, street = stop
    size = min(11.0, height / mm * 1.7)
    base = bottom + height * 0.3
    canvas.setFont("Helvetica-Bold", size * 0.85)
    canvas.drawRightString(left + 5.5 * mm, base, str(number))
    canvas.setFont("Helvetica", size)
    canvas.drawString(left + 7 * mm, base, postcode)
    canvas.drawRightString(left + 34 * mm, base, f"~{doors}")
    places = _box_places(left, width)
    canvas.setFont("Helvetica", size * 0.85)
    canvas.drawString(left + 37 * mm, base, _cut(canvas, street, size * 0.85, places[0] - left - 45 * mm))
    side = height * 0.62
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(0.8)
    for place in places:
        canvas.rect(place - side / 2, bottom + height * 0.19, side, side)
    canvas.setStrokeGray(FAINT)
    canvas.line(left, bottom, left + width, bottom)


def _draw_foot(canvas: Canvas, sheet: Sheet, day: str) -> None:
    y = MARGIN + 8 * mm
    canvas.setFillGray(INK)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(
        MARGIN, y, "Leaflets given: ________    Doors with no way in: ________    Leaflets left: ________"
    )
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        MARGIN,
        y - 12,
        f"Doors are estimates; write down what you found. Give this sheet back: code {sheet.code}. No names on it. {day}",
    )
    canvas.drawString(
        MARGIN, y - 22, "Contains OS, Royal Mail and National Statistics data © Crown copyright."
    )


def _draw_spots(canvas: Canvas, spots: Sequence[Spot], day: str) -> None:
    """Shop rows, markets and stations, where people stand rather than walk."""
    top = HEIGHT - MARGIN
    canvas.setFillGray(INK)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(MARGIN, top - 16, "Leaflet spots")
    canvas.setFont("Helvetica", 10)
    given = sum(spot.leaflets for spot in spots)
    canvas.drawString(MARGIN, top - 34, f"Shops, markets and stations: {given:,} leaflets. {day}")
    places = [MARGIN + offset * mm for offset in (0, 32, 98, 118, 138, 160)]
    canvas.setFont("Helvetica", 8)
    for x, text in zip(places, ("kind", "where", "leaflets", "number", "given", "left over"), strict=True):
        canvas.drawString(x, top - 56, text)
    for row, spot in enumerate(spots, start=1):
        y = top - 56 - row * 10 * mm
        canvas.setFont("Helvetica", 11)
        canvas.drawString(places[0], y, spot.kind)
        canvas.drawString(places[1], y, _cut(canvas, spot.place, 11, 62 * mm))
        canvas.drawString(places[2], y, f"{spot.leaflets:,}")
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(0.6)
        for x in places[3:]:
            canvas.line(x, y - 2, x + 16 * mm, y - 2)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(MARGIN, MARGIN, "Give this sheet back. Numbers only, no names.")
    canvas.showPage()


def _draw_cover(canvas: Canvas, sheets: Sequence[Sheet], day: str, spots: Sequence[Spot]) -> None:
    pages = [sheets[start : start + COVER_ROWS] for start in range(0, len(sheets), COVER_ROWS)]
    for number, page in enumerate(pages, start=1):
        top = HEIGHT - MARGIN
        canvas.setFillGray(INK)
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(MARGIN, top - 16, "Leaflet walks: cover sheet")
        canvas.setFont("Helvetica", 10)
        doors, hours = sum(sheet.doors for sheet in sheets), sum(sheet.minutes for sheet in sheets) / 60
        walks = "1 walk" if len(sheets) == 1 else f"{len(sheets)} walks"
        canvas.drawString(
            MARGIN, top - 34, f"{walks}, about {doors:,} doors and leaflets, {hours:.1f} hours in all. {day}"
        )
        if spots:
            extra = sum(spot.leaflets for spot in spots)
            count = "1 spot" if len(spots) == 1 else f"{len(spots)} spots"
            canvas.drawString(
                MARGIN,
                top - 46,
                f"And {count} with {extra:,} leaflets (shops, markets, stations), on a sheet of their own.",
            )
        if len(pages) > 1:
            canvas.drawRightString(WIDTH - MARGIN, top - 16, f"page {number} of {len(pages)}")
        _draw_cover_table(canvas, page, top - 60)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(
            MARGIN, MARGIN, "Stays with the organiser. Numbers only, no names, no telephone numbers."
        )
        canvas.showPage()


def _draw_cover_table(canvas: Canvas, sheets: Sequence[Sheet], top: float) -> None:
    places = [MARGIN + offset * mm for offset in (0, 18, 62, 78, 96, 126, 146, 163)]
    canvas.setFont("Helvetica", 8)
    for x, text in zip(
        places, ("code", "start", "doors", "time", "languages", "number", "out", "back"), strict=True
    ):
        canvas.drawString(x, top, text)
    for row, sheet in enumerate(sheets, start=1):
        y = top - row * 7 * mm
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(places[0], y, sheet.code)
        canvas.setFont("Helvetica", 10)
        start = sheet.stops[0][0] + (" (block)" if sheet.is_block else "")
        for x, text in zip(
            places[1:4], (start, f"~{sheet.doors}", minutes_in_words(sheet.minutes)), strict=True
        ):
            canvas.drawString(x, y, text)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(places[4], y, _cut(canvas, ", ".join(sheet.languages[:2]), 8, 29 * mm))
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(0.6)
        canvas.line(places[5], y - 2, places[5] + 16 * mm, y - 2)
        for x in places[6:]:
            canvas.rect(x, y - 2, 4 * mm, 4 * mm)


def _cut(canvas: Canvas, text: str, size: float, width: float) -> str:
    """The text as far as it fits, with an ellipsis where it was cut."""
    if canvas.stringWidth(text, "Helvetica", size) <= width:
        return text
    while text and canvas.stringWidth(text + "…", "Helvetica", size) > width:
        text = text[:-1]
    return text.rstrip(" ,") + "…"


LEAFLETS_ROUNDED_TO = 5
LANGUAGES_SHOWN = 5
LONGEST_DAY = 40
# Outlines further from a walk than this would only crowd its map.
AROUND_METRES = 600


def to_sheets(run: Run, plan: Plan, languages: pd.DataFrame) -> list[Sheet]:
    """
    A sheet for each walk of a plan, in order.

    `languages` has `borough_code, main_language, residents_aged_3_plus`.
    """
    outlines = np.concatenate(
        [_outlines(run, sorted(set(plan.stops["borough_code"]))), walk_shapes(plan.stops).to_numpy()]
    )
    names = run(areas.filter(_.level == "borough").select("code", "name")).set_index("code")["name"]
    return [_sheet(walk, plan, languages, outlines, names) for walk in plan.walks.itertuples()]


def plan_files(run: Run, plan: Plan, languages: pd.DataFrame, day: str) -> dict[str, bytes]:
    """
    Everything a plan gives to take away, by file name: sheets as PDF, walks as GeoJSON and GPX, the checklist as CSV.

    `day` stands on the sheets. The same plan and day give the same bytes.
    """
    return {
        "walks.pdf": walk_sheets(to_sheets(run, plan, languages), day),
        "walks.geojson": to_geojson(plan.walks, plan.stops).encode(),
        "walks.gpx": to_gpx(plan.walks, plan.stops).encode(),
        "stops.csv": to_csv(stops_table(plan.walks, plan.stops)).encode(),
    }


def printable_day(text: str) -> str:
    """
    What stands in the foot of a sheet, as typed.

    Raises
    ------
    InputError
        It is longer than the foot, or has letters that the sheets' typeface lacks.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_DAY or not text.isascii():
        raise InputError(f"The day on the sheets may have at most {LONGEST_DAY} plain letters and digits.")
    return text


def languages_of(languages: pd.DataFrame, doors: Mapping[str, int], n: int = LANGUAGES_SHOWN) -> list[str]:
    """
    The main languages besides English where a walk is, most spoken first; `doors` are those of the walk by borough.

    The census knows them by borough, so a walk has those of its borough.
    """
    totals = languages.groupby("borough_code")["residents_aged_3_plus"].transform("sum")
    share = languages["residents_aged_3_plus"] / totals * languages["borough_code"].map(doors).fillna(0)
    spoken = share.groupby(languages["main_language"]).sum()
    spoken = spoken[spoken > 0].sort_index().sort_values(ascending=False, kind="stable")
    # The census adds dialects in brackets, which would fill the line.
    return [name.split(" (")[0] for name in spoken.index[:n]]


def leaflets_by_language(run: Run, plan: Plan, languages: pd.DataFrame) -> pd.DataFrame:
    """
    How many of a plan's leaflets to print in each language besides English, the most first.

    Each borough's doors are shared out by the part of its residents (Census 2021) whose main language it is; fewer than five
    leaflets of a language are not told. Whoever opens the door may speak another.

    Returns
    -------
    table
        `language`, `leaflets` (whole, rounded to five).
    """
    residents = run(areas.filter(_.level == "borough").select(borough_code=_.code, residents=_.residents))
    doors = plan.stops.groupby("borough_code")["doors"].sum()
    spoken = languages.merge(residents, on="borough_code")
    spoken["leaflets"] = (
        spoken["borough_code"].map(doors).fillna(0) * spoken["residents_aged_3_plus"] / spoken["residents"]
    )
    table = spoken.groupby("main_language")["leaflets"].sum().rename_axis("language").reset_index()
    table["leaflets"] = (table["leaflets"] / LEAFLETS_ROUNDED_TO).round().astype(int) * LEAFLETS_ROUNDED_TO
    table = table[table["leaflets"] > 0]
    return table.sort_values(["leaflets", "language"], ascending=[False, True], ignore_index=True)


def say_languages(table: pd.DataFrame) -> str:
    """'To print besides English: Spanish 130, Chinese 40.'; '' where no language has five leaflets."""
    told = ", ".join(f"{row.language} {row.leaflets:,}" for row in table.itertuples())
    return f"To print besides English, by the main languages of the census: {told}." if told else ""


def _sheet(walk, plan: Plan, languages: pd.DataFrame, outlines: np.ndarray, names: pd.Series) -> Sheet:
    stops = plan.stops[plan.stops["walk"] == walk.walk]
    points = shapely.multipoints(stops[["easting", "northing"]].to_numpy(float))
    near = outlines[shapely.dwithin(outlines, points, AROUND_METRES)]
    doors = stops.groupby("borough_code")["doors"].sum()
    districts = stops["postcode"].str.split(" ").str[0].unique()
    boroughs = ", ".join(names[code] for code in doors.sort_values(ascending=False, kind="stable").index)
    return Sheet(
        code=walk.code,
        number=walk.walk,
        of=len(plan.walks),
        area=f"{', '.join(districts)} ({boroughs})",
        stops=list(
            stops[["postcode", "easting", "northing", "doors", "street"]].itertuples(index=False, name=None)
        ),
        doors=walk.doors,
        metres=walk.metres,
        minutes=walk.minutes,
        languages=languages_of(languages, doors.to_dict()),
        outlines=[*near, *plan.barriers],
        is_block=walk.is_block,
    )


def _outlines(run: Run, boroughs: list[str]) -> np.ndarray:
    """Outlines of the localities of some boroughs, EPSG:27700."""
    rows = run(
        areas.filter(_.level == "locality", _.parent_code.isin(boroughs), _.geometry.notnull()).select(
            "geometry"
        )
    )
    shapes = shapely.from_wkb(rows["geometry"].map(bytes).to_numpy())
    return shapely.transform(shapes, lambda points: np.column_stack(to_grid(points[:, 0], points[:, 1])))
