import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import words

PAGE = """
from pages.shared.frame.page import page
from pages.shared.where.seen import draw_seen

with page("Where raids happen") as frame:
    draw_seen(frame)
"""


def open_seen(**query: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in query.items():
        app.query_params[name.replace("_", "-")] = value
    return app.run()


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("borough", "Of 27,292 to 27,475 official visits in London from 2014 to 2022, these records hold 27"),
        (
            "district",
            "Of 27,296 to 27,479 official visits in London from 2014 to 2022, these records hold 20",
        ),
        ("locality", "Of 27,292 to 27,475 official visits"),
    ],
)
def test_the_share_heard_of_is_said_with_its_range(level, said):
    app = open_seen(level=level)
    assert not app.exception
    assert said in words(app)


def test_blind_areas_and_limits_are_said_in_words():
    said = words(open_seen(level="borough"))
    assert "Newham: 0 of 4,428 to 4,431 official visits heard of: at most 0.087 %." in said
    assert "never give a rate of raids" in said.replace("\\", "")


def test_a_borough_covered_too_little_has_no_share():
    table = next(text for text in words(open_seen(level="borough")).split("<table>") if "Croydon" in text)
    croydon = table.split("Croydon")[1].split("</tr>")[0]
    assert "covered too little" in croydon


def test_a_time_without_official_figures_is_a_sentence_instead_of_a_chart():
    app = open_seen(period="custom", **{"from": "2030-01-01"}, to="2030-12-31")
    assert not app.exception
    assert "No official figure covers this choice, so nothing can be said" in words(app).replace("\\", "")
    assert not app.get("vega_lite_chart")


@pytest.mark.parametrize("borough", ["E09000016", "E09000008", "E09000025"])
def test_one_borough_alone_is_drawn_or_told(borough):
    app = open_seen(borough=borough)
    assert not app.exception
    assert "nan %" not in words(app)
    assert ">nan<" not in words(app)
