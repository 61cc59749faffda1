import pytest
from streamlit.testing.v1 import AppTest

from data.store.store import BUNDLED
from tests.pages.conftest import words

PAGE = """
from pages.shared.where.compare import draw_compare
from pages.shared.frame.page import page

with page("Where raids happen") as frame:
    draw_compare(frame)
"""
BOROUGHS = [line.split(",")[0] for line in (BUNDLED / "borough_census.csv").read_text().splitlines()[1:]]


def open_compare(**query: str | list[str]) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in query.items():
        app.query_params[name.replace("_", "-")] = value
    return app.run()


def put_in(text: str, **query: str) -> AppTest:
    app = open_compare(beside="own", **query)
    return app.file_uploader[0].set_value(("figures.csv", text.encode(), "text/csv")).run()


def said_by(app: AppTest) -> str:
    return words(app).replace("\\", "")


def test_a_census_figure_is_compared_with_its_interval_scatter_and_influence():
    app = open_compare(figure="main_language_not_english_aged_3_plus")
    assert not app.exception
    said = said_by(app)
    assert "1.30 times as many (0.90 to 1.88) per 10 percentage points" in said
    assert "Spearman" in said
    assert "The line is pulled most by Newham, City of London and Ealing" in said
    assert "Compared are 21 of 33 boroughs" in said
    assert len(app.get("vega_lite_chart")) == 1


def test_recorded_incidents_are_said_to_show_what_is_reported():
    said = said_by(open_compare(source="incidents", figure="other"))
    assert "That rests on Westminster alone" in said
    assert "Recorded incidents show what was reported." in said


@pytest.mark.parametrize(
    "query", [{"borough": "E09000012"}, {"period": "custom", "from": "1999-01-01", "to": "1999-12-31"}]
)
def test_too_few_areas_are_a_sentence_instead_of_a_chart(query):
    app = open_compare(**query)
    assert not app.exception
    assert "too few boroughs to compare" in said_by(app)
    assert not app.get("vega_lite_chart")


def test_a_table_of_ones_own_is_read_divided_and_forgotten():
    rows = [f"{code},{1000 + 300 * number}" for number, code in enumerate(BOROUGHS)]
    app = put_in("\n".join(["code,renting", *rows]))
    assert not app.exception
    said = said_by(app)
    assert "33 boroughs read" in said
    assert "never stored" in said
    assert "a higher “renting”" in said
    app.selectbox(key="control:divided-by").set_value("residents").run()
    assert "a larger share of “renting” in residents" in said_by(app)
    next(button for button in app.button if button.label == "Forget this table").click().run()
    assert not app.exception
    assert "renting" not in said_by(app)
    assert not app.get("vega_lite_chart")


def test_what_a_table_holds_never_stands_in_the_address():
    rows = [f"{code},{number}" for number, code in enumerate(BOROUGHS)]
    app = put_in("\n".join(["code,secret heading", *rows]))
    app.selectbox(key="control:divided-by").set_value("residents").run()
    assert "secret" not in str(dict(app.query_params))


def test_a_table_by_postcode_district_is_compared_by_district():
    districts = ["E1", "E2", "E3", "E5", "E8", "N1", "N4", "N16", "SE15", "SE1", "SW2", "W2"]
    app = put_in("\n".join(["code,n", *(f"{code},{number}" for number, code in enumerate(districts))]))
    assert not app.exception
    assert "12 postcode districts read" in said_by(app)
    assert len(app.get("vega_lite_chart")) == 1


def test_a_table_by_locality_and_official_visits_is_one_sentence():
    app = put_in("code,n\nE09000001-EC1A,1\nE09000001-EC2M,2\n")
    assert not app.exception
    assert "Official figures come by postcode district and say nothing finer" in said_by(app)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,n\nE09000001,1\nE09000001,2\n", "Row 3, column A: the same area stands in row 2 too"),
        ("code,n\nE09000001,1\nE09000099,2\n", "Row 3, column A: there is no borough of this code"),
        ("code,n\nE09000001,Tom\n", "No column of this table holds numbers"),
        ("", "The file is empty"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_sentence(text, sentence):
    app = put_in(text)
    assert not app.exception
    assert sentence in app.error[0].value.replace("\\", "")
    assert "Tom" not in said_by(app)


@pytest.mark.parametrize("value", ["nonsense", "", "<script>", "C"])
def test_nonsense_in_the_address_falls_back_to_the_first_choice(value):
    app = open_compare(source=value, beside=value, figure=value, divided_by=value)
    assert not app.exception
    assert dict(app.query_params) == {}
