import pytest

from tests.pages.conftest import html, open_page, words

WHERE = "pages/1_Where.py"
QUESTION = {"question": "hot-spots"}


def said_by(app) -> str:
    return words(app).replace("\\", "")


def test_a_year_with_hot_spots_names_them_and_says_what_one_is():
    app = open_page(WHERE, **QUESTION, period="2018", level="district")
    assert not app.exception
    said = said_by(app)
    assert "postcode districts tested are hot spots of official visits per resident in 2018: E7, " in said
    assert "Hot spot: an area that, together with its neighbours" in said
    assert "Not tested: 176 postcode districts" in said
    assert "Neighbouring postcode districts have rates more alike than chance would make them" in said


def test_boroughs_are_said_to_be_few():
    said = said_by(open_page(WHERE, **QUESTION, level="borough"))
    assert "With 21 boroughs the test is weak" in said


def test_the_table_has_every_area_and_no_nan():
    (table,) = [text for text in html(open_page(WHERE, **QUESTION, level="district")) if "<table>" in text]
    assert table.count("<tr") == 312
    assert "nan" not in table.lower().replace("finance", "")
    assert "Official visits from 2014 to 2022" in table


@pytest.mark.parametrize(
    ("shown", "legend"),
    [
        ("hot-spots", "hot spot"),
        ("rates", "per 1,000 residents per year"),
        ("alike", "not told apart from chance"),
        ("density", "Official visits per square kilometre from 2014 to 2022"),
    ],
)
def test_every_map_has_a_legend_in_words(shown, legend):
    app = open_page(WHERE, **QUESTION, level="district", **{"hot-spots-as": shown})
    assert not app.exception
    (legends,) = [text for text in html(app) if 'class="legend"' in text]
    assert legend in legends


def test_a_density_says_its_radius_and_warns_if_it_is_finer_than_the_places():
    app = open_page(WHERE, **QUESTION, **{"hot-spots-as": "density"}, radius="500")
    said = said_by(app)
    assert "spread over a circle of 500 m radius" in said
    assert "finer than that: it shows the middles of areas" in said


def test_too_few_records_are_a_sentence_and_the_table_stays():
    app = open_page(WHERE, **QUESTION, source="incidents", level="district", period="2018")
    assert not app.exception
    assert "too few, so no hot spot of recorded incidents in 2018 can be told from chance" in said_by(app)


def test_nothing_at_all_is_a_sentence():
    app = open_page(WHERE, **QUESTION, source="incidents", level="locality", **{"hot-spots-as": "alike"})
    assert not app.exception
    assert "nothing can be a hot spot" in said_by(app)


def test_neighbours_on_one_bank_only_are_said():
    assert "not across the tidal Thames" in said_by(open_page(WHERE, **QUESTION, banks="banks"))
