"""Every chart, drawn as a browser would draw it on a phone, says all that its axes promise."""

import inspect
import re
from html import unescape
from importlib import import_module
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
import vl_convert

from analysis.quality.tables import MONTHS
from analysis.quality.words import BREAKDOWN_TITLES, FIELDS
from analysis.when.tables import WEEKDAYS
from data.schema import INCIDENTS, OUTCOMES
from pages.shared.charts import charts, outcome_charts, quality_charts, trend_charts, when_charts
from pages.shared.colours import LIGHT
from pages.shared.where import seen

PHONE_PIXELS = 340
CHART_FILES = [*sorted(Path(charts.__file__).parent.glob("*_charts.py")), Path(charts.__file__)]
YEARS = ["2020", "2021", "2022"]
NO_STEP = pd.DataFrame({"date": []})


def shares(column: str, words, **more) -> pd.DataFrame:
    table = pd.DataFrame({column: list(words)})
    numbers = {"n": 1, "of": 4, "share": 0.25, "low": 0.1, "high": 0.5, "london_share": 0.2, "beside": 0.2}
    return table.assign(**numbers, area_n=1, area_share=0.25, **more)


def history(periods: list[str]) -> pd.DataFrame:
    numbers = {"visits_low": 1.0, "visits_high": 2.0, "rate_low": 1.0, "rate_high": 2.0, "incidents": 1}
    table = pd.DataFrame({"period": periods, "area_name": "Hackney", "year": [int(p[:4]) for p in periods]})
    return table.assign(**numbers, covered_days=30, covered_share=1.0, is_partial=False)


def week() -> pd.DataFrame:
    cells = [(day, f"{hour:02d}:00", 1.0, 1 / 168) for day in WEEKDAYS for hour in range(24)]
    return pd.DataFrame(cells, columns=["weekday_name", "time", "weight", "share"])


def month_cells() -> pd.DataFrame:
    cells = [(year, month, "1", "0", "1 incident") for year in YEARS for month in MONTHS]
    return pd.DataFrame(cells, columns=["year", "month_name", "shown", "kind", "said"])


def seen_areas() -> pd.DataFrame:
    table = pd.DataFrame(
        {"area_name": ["Hammersmith and Fulham", "Kensington and Chelsea", "Barking and Dagenham"]}
    )
    numbers = {"share_low": 0.01, "share_high": 0.02, "likely_low": 0.0, "likely_high": 0.03, "share": 0.01}
    return table.assign(**numbers, visits_low=5, visits_high=5, incidents=1)  # fmt: skip


def words_of(column: str) -> list[str]:
    return next(each for each in INCIDENTS.columns if each.name == column).allowed


LONGEST_SETTINGS = [word.capitalize() for word in words_of("setting")]
QUALITY_WORDS = [*FIELDS.values(), *(word for name in BREAKDOWN_TITLES for word in words_of(name))]
# What draws a chart, the chart, and every word that must be read on its axes; as titles and labels say them.
DRAWN = {
    charts.visits_by_year: (lambda draw: draw(history(YEARS), LIGHT), [*YEARS, "Year", "Official visits"]),
    charts.incidents_by_year: (lambda draw: draw(history(YEARS), LIGHT), [*YEARS, "Year", "Recorded incidents"]),
    charts.shares_beside_london: (
        lambda draw: draw(shares("outcome", OUTCOMES), "outcome", LIGHT),
        [*OUTCOMES, "Share of recorded incidents"],
    ),
    outcome_charts.shares_of_outcomes: (
        lambda draw: draw(shares("outcome", OUTCOMES), LIGHT),
        [*OUTCOMES, "0%", "100%", "Share of recorded incidents"],
    ),
    outcome_charts.shares_by_group: (
        lambda draw: draw(
            shares("name", LONGEST_SETTINGS, said="1 of 4", beside_share=0.2, shrunk=0.3), LIGHT
        ),
        [*LONGEST_SETTINGS, "0%", "100%"],
    ),
    quality_charts.shares_of_records: (
        lambda draw: draw(shares("label", QUALITY_WORDS, said="1 of 4"), "Share unknown", LIGHT),
        [*QUALITY_WORDS, "0%", "50%", "100%", "Share unknown"],
    ),
    quality_charts.months_and_years: (
        lambda draw: draw(month_cells(), LIGHT),
        [*YEARS, *[month[0] for month in MONTHS]],
    ),
    when_charts.week_by_hour: (
        lambda draw: draw(week(), "weight", 1.0, LIGHT),
        [*WEEKDAYS, "Hour of the day (London's clock)", "00", "12"],
    ),
    when_charts.shares_over: (
        lambda draw: draw(shares("weekday", WEEKDAYS), "weekday", "All London", LIGHT),
        [*WEEKDAYS, "Share of incidents"],
    ),
    trend_charts.visits_over_time: (
        lambda draw: draw(history(YEARS), NO_STEP, LIGHT),
        [*YEARS, "Year", "Visits a year"],
    ),
    trend_charts.incidents_over_time: (
        lambda draw: draw(history([f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)]), NO_STEP, LIGHT),
        [*YEARS, "Month", "Incidents a month"],
    ),
    seen.shares_by_area: (
        lambda draw: draw(seen_areas(), 0.05, 0.01, LIGHT),
        [*seen_areas()["area_name"], "Share of official visits heard of"],
    ),
}  # fmt: skip


def read(chart: alt.Chart | alt.LayerChart) -> list[str]:
    """Every text of the drawing that can be seen, lines of one label joined."""
    drawing = vl_convert.vegalite_to_svg(chart.properties(width=PHONE_PIXELS // 2).to_dict())
    texts = re.findall(r"<text([^>]*)>(.*?)</text>", drawing, re.S)
    seen_texts = [text for looks, text in texts if 'opacity="0"' not in looks]
    return [unescape(re.sub(r"<[^>]+>", "\n", text)).strip() for text in seen_texts]


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_no_label_of_an_axis_is_dropped_or_cut(draw):
    make, expected = DRAWN[draw]
    said = [" ".join(text.split()) for text in read(make(draw))]
    assert [word for word in expected if word not in said] == []


def test_every_chart_of_the_rooms_of_charts_is_drawn_above():
    rooms = [import_module(f"pages.shared.charts.{path.stem}") for path in CHART_FILES]
    drawing = {
        function
        for room in rooms
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if function.__module__ == room.__name__
        and not name.startswith("_")
        and function.__annotations__.get("return") in (alt.Chart, alt.LayerChart)
    }
    assert drawing <= DRAWN.keys()
