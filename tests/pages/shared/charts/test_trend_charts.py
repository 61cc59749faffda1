import pandas as pd
import pytest

from pages.shared.charts.charts import on_one_line
from pages.shared.charts.trend_charts import incidents_over_time, visits_over_time
from pages.shared.colours import DARK, LIGHT


def visits(is_partial: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": ["2018", "2019"], "visits_low": [10.0, 8.0], "visits_high": [10.0, 9.0],
            "covered_days": [365.0, 304.0], "is_partial": [False, is_partial], "rate_high": [10.0, 10.8],
        }
    )  # fmt: skip


def months() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": ["2018-12", "2019-01", "2019-02"],
            "incidents": [1, 0, 2],
            "covered_days": [5, 31, 28],
            "is_partial": [True, False, False],
        }
    )


NO_STEP = pd.DataFrame({"date": []})


def marks(chart) -> list[str]:
    """The kinds of marks of a chart, layer by layer."""
    layers = chart.to_dict()["layer"]
    return [part["mark"]["type"] for layer in layers for part in layer.get("layer", [layer])]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_a_year_in_part_is_grey_with_an_outline_of_its_rate(colours):
    drawn = visits_over_time(visits(True), NO_STEP, colours).to_json()
    assert colours.faint_line in drawn
    assert "rate_high" in drawn


def test_whole_years_have_no_outline():
    drawn = visits_over_time(visits(False), NO_STEP, LIGHT).to_dict()
    drawn.pop("datasets")
    assert "rate_high" not in str(drawn)


@pytest.mark.parametrize(
    ("draw", "history", "date"),
    [(visits_over_time, visits(True), "2019"), (incidents_over_time, months(), "2019-01")],
)
def test_a_step_is_a_line_with_its_date(draw, history, date):
    steps = pd.DataFrame({"date": [date]})
    assert {"rule", "text"} <= set(marks(draw(history, steps, LIGHT)))
    assert not {"rule", "text"} & set(marks(draw(history, NO_STEP, LIGHT)))


def test_the_axis_of_months_names_each_january():
    drawn = incidents_over_time(months(), NO_STEP, LIGHT).to_dict()["layer"][0]
    assert drawn["encoding"]["x"]["axis"]["values"] == ["2019-01"]


def test_axes_name_their_unit():
    assert '"Visits a year"' in visits_over_time(visits(False), NO_STEP, LIGHT).to_json()
    assert '"Incidents a month"' in incidents_over_time(months(), NO_STEP, LIGHT).to_json()


def test_names_on_a_chart_hold_nothing_that_empties_it():
    names = ["a\u2028b\nc", "__proto__", "Hackney"]
    assert on_one_line(pd.Series(names)) == ["a b c", "__proto__\u2060", "Hackney"]
