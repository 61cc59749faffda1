import pandas as pd
import pytest

from analysis.where.measures import measure_classes
from pages.shared.maps.choropleth import AreaMap, _map_areas


def said_of(measure: str, low: float, high: float, covered_share: float = 1.0) -> tuple[str, ...]:
    values = pd.DataFrame(
        {
            "area_code": ["E1"],
            "area_name": ["E1"],
            "low": [low],
            "high": [high],
            "of": [float("nan")],
            "is_covered": [True],
            "covered_share": [covered_share],
        }
    )
    shown = AreaMap("district", measure, values, "in 2022")
    return _map_areas(shown, measure_classes(measure, "district"))["E1"].lines


@pytest.mark.parametrize(
    ("measure", "low", "high", "said"),
    [
        ("visits", 1.0, 1.0, "1 visit in the period"),
        ("visits", 1.0, 4.0, "1 to 4 visits in the period"),
        ("incidents", 1.0, 1.0, "1 incident in the period"),
        ("incidents", 1200.0, 1200.0, "1,200 incidents in the period"),
        ("visits_rate", 0.412, 0.412, "0.41 per 1,000 residents per year"),
        ("visits", float("nan"), float("nan"), "No official figures (not zero)"),
    ],
)
def test_an_area_is_told_in_words(measure, low, high, said):
    assert said_of(measure, low, high) == ("E1", said)


def test_figures_of_a_part_say_how_large_it_is():
    assert said_of("visits", 3.0, 3.0, 0.62)[2] == "Official figures cover 62 % of residents"
