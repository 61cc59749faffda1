import pandas as pd

from pages.shared.charts.when_charts import shares_over, week_by_hour
from pages.shared.colours import DARK, LIGHT


def cells() -> pd.DataFrame:
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    rows = [(day, f"{hour:02d}:00", 1.0, 1 / 168) for day in days for hour in range(24)]
    return pd.DataFrame(rows, columns=["weekday_name", "time", "weight", "share"])


def test_the_week_is_drawn_in_168_cells_from_monday_on_one_scale_of_colours():
    chart = week_by_hour(cells(), "weight", 4.0, LIGHT).to_dict()
    colour = chart["encoding"]["color"]
    assert len(next(iter(chart["datasets"].values()))) == 168
    assert chart["encoding"]["y"]["sort"][0] == "Mon"
    assert colour["legend"]["title"] == "Incidents"
    assert (colour["scale"]["domain"][0], colour["scale"]["domain"][-1]) == (0.0, 4.0)
    assert colour["scale"]["range"] == [LIGHT.none, *LIGHT.ramp]


def test_beside_london_the_colour_is_the_share():
    colour = week_by_hour(cells(), "share", 0.5, DARK).to_dict()["encoding"]["color"]
    assert colour["legend"]["title"] == "Share of known hours"
    assert colour["legend"]["format"].endswith("%")


def test_shares_are_drawn_with_their_interval_and_what_they_stand_beside():
    table = pd.DataFrame(
        {"weekday": ["Mon", "Tue"], "n": [1, 3], "share": [0.25, 0.75], "low": [0.05, 0.3], "high": [0.7, 0.95], "beside": [0.5, 0.5]}
    )  # fmt: skip
    bars, likely, ticks = shares_over(table, "weekday", "All London", LIGHT).to_dict()["layer"]
    assert bars["encoding"]["y"]["axis"]["title"] == "Share of incidents"
    assert (likely["encoding"]["y"]["field"], likely["encoding"]["y2"]["field"]) == ("low", "high")
    assert ticks["encoding"]["y"]["field"] == "beside"
    assert bars["encoding"]["x"]["sort"] == ["Mon", "Tue"]
