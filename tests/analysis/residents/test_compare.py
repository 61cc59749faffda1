import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.discrete.discrete_model import NegativeBinomial

from analysis.filters import Filters
from analysis.residents.compare import FEWEST_AREAS, chosen_figure, compare, points_to_download
from analysis.residents.count_regression import Estimate
from analysis.residents.words import dispersion_in_words, estimate_in_words, figure_value, finding_in_words
from data.errors import InputError
from data.geography.names import authority_code
from data.imports.area_figures import AreaFigures, Figure, load_area_figures
from data.keeping.opening import open_store
from data.store.store import BUNDLED, create_store
from tests.analysis.where.test_where import with_rows
from tests.conftest import area_row, count_row, examples, insert

CODES = [f"E090000{number:02d}" for number in range(1, 11)]
# From 0 to 90 percent.
SHARES = pd.DataFrame({"area_code": CODES, "value": np.arange(10) * 10.0})
DOUBLING = [100 * 2**number for number in range(10)]


@pytest.fixture
def ten_boroughs(tmp_path):
    """Ten boroughs of 100,000 residents each, nothing recorded."""

    def fill(connection):
        rows = [
            area_row("borough", code, f"Place {number}", "unknown", 100_000)
            for number, code in enumerate(CODES)
        ]
        insert(connection, "areas", rows)

    return create_store(tmp_path / "ten.duckdb", fill)


def with_visits(store, visits):
    """`visits` by borough in 2022, one number or a pair of ends each."""
    ends = [each if isinstance(each, tuple) else (each, each) for each in visits]
    rows = [count_row(code, 2022, *pair, level="borough") for code, pair in zip(CODES, ends, strict=False)]
    return with_rows(store, "counts", rows)


def compared(store, figures=SHARES, unit="%", filters=None, label="people who rent"):
    return compare(store.run, filters or Filters(), "borough", "counts", figures, label, unit)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    return open_store(tmp_path_factory.mktemp("compare") / "raids.duckdb")


def test_visits_that_double_with_each_ten_points_give_a_ratio_of_two(ten_boroughs):
    result = compared(with_visits(ten_boroughs, DOUBLING))
    assert result.rate_ratio.value == pytest.approx(2)
    assert result.step == 10
    assert result.rank_correlation.value == pytest.approx(1)
    assert result.finding.startswith(
        "Boroughs with a larger share of people who rent had more official visits per resident in 2022: 2.00 times as many"
    )
    assert result.finding.endswith("per 10 percentage points")


def test_visits_that_halve_are_said_to_be_fewer(ten_boroughs):
    result = compared(with_visits(ten_boroughs, DOUBLING[::-1]))
    assert result.rate_ratio.value == pytest.approx(0.5)
    assert "had fewer official visits per resident" in result.finding
    assert result.rank_correlation.value == pytest.approx(-1)


def test_visits_that_do_not_go_with_the_figure_are_said_to_tell_nothing(ten_boroughs):
    result = compared(with_visits(ten_boroughs, [30, 70, 40, 60, 50, 50, 60, 40, 70, 30]))
    assert result.rate_ratio.value == pytest.approx(1, abs=0.01)
    assert result.finding.startswith("These figures cannot tell whether boroughs with a larger share of")


def test_a_finding_that_one_area_makes_says_so(ten_boroughs):
    result = compared(with_visits(ten_boroughs, [50, 52, 48, 51, 49, 50, 52, 48, 50, 400]))
    assert result.points["area_name"][0] == "Place 9"
    assert result.rate_ratio.low > 1
    assert result.without.low < 1 < result.without.high
    assert "That rests on Place 9 alone: without it" in result.finding


def test_the_points_hold_what_was_counted_and_the_rate(ten_boroughs):
    points = compared(with_visits(ten_boroughs, DOUBLING)).points.set_index("area_code")
    assert points["observed"].loc[CODES].tolist() == DOUBLING
    # 2022 has 365 days: 100,000 residents are 100,000 * 365 / 365.25 person-years.
    assert points.loc[CODES[0], "rate_per_1000"] == pytest.approx(100 / (100_000 * 365 / 365.25) * 1000)
    assert points["expected"].loc[CODES].tolist() == pytest.approx(DOUBLING)
    assert points["is_named"].sum() >= 3


def test_a_range_is_fitted_at_its_middle_and_widens_the_interval(ten_boroughs):
    visits = [(400, 600), 600, 450, 700, 550, 800, 750, 900, (700, 1100), 1200]
    result = compared(with_visits(ten_boroughs, visits))
    ends = {}
    for name, column in (("low", 0), ("middle", None), ("high", 1)):
        exact = [
            each if not isinstance(each, tuple) else (sum(each) / 2 if column is None else each[column])
            for each in visits
        ]
        design = np.column_stack([np.ones(10), np.arange(10)])
        fit = NegativeBinomial(exact, design, exposure=np.full(10, 1e5)).fit(
            start_params=[-5.4, 0.1, 0.02], method="newton", disp=0
        )
        ends[name] = np.exp([fit.params[1], *fit.conf_int()[1]])
    assert result.rate_ratio.value == pytest.approx(ends["middle"][0], abs=1e-6)
    assert result.rate_ratio.low == pytest.approx(min(each[1] for each in ends.values()), abs=1e-6)
    assert result.rate_ratio.high == pytest.approx(max(each[2] for each in ends.values()), abs=1e-6)
    assert result.points.set_index("area_code").loc[CODES[0], "observed"] == 500


def test_recorded_incidents_agree_with_pandas_and_statsmodels(bundled):
    census = pd.read_csv(BUNDLED / "borough_census.csv")
    census["residents_2021"] = pd.read_csv(BUNDLED / "borough_residents.csv")["residents_2021"]
    recorded = pd.read_csv(BUNDLED / "reported_incidents.csv")["local_authority"].dropna().map(authority_code)
    counts = census["borough_code"].map(recorded.value_counts()).fillna(0).to_numpy()
    share = (census["other"] / census["residents"] * 10).to_numpy()
    fit = NegativeBinomial(
        counts, np.column_stack([np.ones(33), share]), exposure=census["residents_2021"].to_numpy()
    ).fit(start_params=[-12, 1, 0.3], method="newton", disp=0)
    figures = load_area_figures()
    chosen = chosen_figure(bundled.run, figures, "other")
    result = compare(bundled.run, Filters(), "borough", "incidents", chosen.table, chosen.label, chosen.unit)
    found = result.rate_ratio
    assert [found.value, found.low, found.high] == pytest.approx(
        np.exp([fit.params[1], *fit.conf_int()[1]]), abs=1e-6
    )
    assert result.alpha == pytest.approx(fit.params[2], abs=1e-6)
    assert result.rank_correlation.value == pytest.approx(
        stats.spearmanr(share, counts / census["residents_2021"]).statistic
    )
    assert result.points["observed"].sum() == counts.sum()


def test_boroughs_that_the_returns_hardly_cover_are_left_out_and_counted(bundled):
    chosen = chosen_figure(bundled.run, load_area_figures(), "white")
    result = compare(bundled.run, Filters(), "borough", "counts", chosen.table, chosen.label, chosen.unit)
    assert len(result.points) == 21
    assert "Croydon" not in set(result.points["area_name"])
    assert result.notes[0] == (
        "Compared are 21 of 33 boroughs; left out are 12 whose official figures cover less than half of their residents."
    )


def test_areas_without_a_figure_are_left_out_and_counted(ten_boroughs):
    figures = SHARES.assign(value=SHARES["value"].where(SHARES["value"] != 90)).iloc[1:]
    result = compared(with_visits(ten_boroughs, DOUBLING), figures)
    assert len(result.points) == 8
    assert result.notes[0] == "Compared are 8 of 10 boroughs; left out are 2 without a figure."


@pytest.mark.parametrize(
    ("visits", "figures", "sentence"),
    [
        ([], SHARES, "too few boroughs to compare: 0"),
        (DOUBLING, SHARES.head(FEWEST_AREAS - 1), "too few boroughs to compare: 7"),
        (DOUBLING, SHARES.iloc[:0], "too few boroughs to compare: 0"),
        (DOUBLING, SHARES.assign(value=4.0), "This figure is the same, or nearly"),
        (DOUBLING, SHARES.assign(value=100 + SHARES["value"] / 1000), "This figure is the same, or nearly"),
        (DOUBLING, SHARES.assign(value=0.0), "This figure is the same, or nearly"),
        ([0] * 10, SHARES, "too few official visits to compare: none has any"),
        ([0] * 9 + [40], SHARES, "only 1 of these boroughs have any"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence_without_numbers(ten_boroughs, visits, figures, sentence):
    result = compared(with_visits(ten_boroughs, visits), figures)
    assert sentence in result.finding
    assert result.rate_ratio is None
    assert result.points.empty
    assert result.line.empty


def test_one_borough_chosen_is_a_sentence(bundled):
    chosen = chosen_figure(bundled.run, load_area_figures(), "white")
    filters = Filters(boroughs=("E09000012",))
    result = compare(bundled.run, filters, "borough", "counts", chosen.table, chosen.label, chosen.unit)
    assert "too few boroughs to compare: 1" in result.finding


def test_official_figures_have_no_localities(bundled):
    with pytest.raises(InputError, match="postcode district"):
        compare(bundled.run, Filters(), "locality", "counts", SHARES, "people who rent", "%")


def test_a_figure_of_unknown_unit_is_stepped_by_one_standard_deviation(ten_boroughs):
    figures = SHARES.assign(value=SHARES["value"] * 1000)
    result = compared(with_visits(ten_boroughs, DOUBLING), figures, unit="", label="“income”")
    assert result.step == pytest.approx(figures["value"].std())
    assert result.step_words == "per 30,277 more (one standard deviation of these areas)"
    assert "Boroughs with a higher “income” had more" in result.finding


def test_a_share_that_hardly_differs_is_stepped_by_one_point(ten_boroughs):
    result = compared(with_visits(ten_boroughs, DOUBLING), SHARES.assign(value=SHARES["value"] / 20))
    assert result.step_words == "per percentage point"
    assert result.rate_ratio.value == pytest.approx(4)


def test_equal_rates_everywhere_have_no_rank_correlation(ten_boroughs):
    result = compared(with_visits(ten_boroughs, [50] * 10))
    assert result.rate_ratio.value == pytest.approx(1)
    assert result.rank_correlation is None
    assert not any("rho" in sentence for sentence in result.sentences)


def test_the_interval_of_the_rank_correlation_is_bonetts_and_wrights(ten_boroughs):
    result = compared(with_visits(ten_boroughs, [30, 70, 40, 80, 50, 90, 60, 95, 75, 85]))
    # Ranks 1 5 2 7 3 9 4 10 6 8 beside 1 to 10: the squared differences sum to 58, so rho = 1 - 6 * 58 / 990.
    assert result.rank_correlation.value == pytest.approx(1 - 348 / 990)
    # By hand: artanh(0.64848) = 0.77268; 1.95996 * sqrt((1 + 0.42053 / 2) / 7) = 0.81497.
    assert result.rank_correlation.low == pytest.approx(np.tanh(0.77268 - 0.81497), abs=1e-4)
    assert result.rank_correlation.high == pytest.approx(np.tanh(0.77268 + 0.81497), abs=1e-4)


def test_a_column_is_divided_by_residents_or_by_another_column(ten_boroughs):
    table = pd.DataFrame({"area_code": CODES[:3], "B": [5_000.0, 20_000.0, 1.0], "C": [10_000.0, 0.0, 4.0]})
    figures = AreaFigures("borough", table, {"B": Figure("“renting”", ""), "C": Figure("“homes”", "")})
    by_residents = chosen_figure(ten_boroughs.run, figures, "B", "residents")
    assert by_residents.table["value"].tolist() == [5.0, 20.0, 0.001]
    assert (by_residents.label, by_residents.unit) == ("“renting” in residents", "%")
    by_homes = chosen_figure(ten_boroughs.run, figures, "B", "C")
    assert by_homes.table["value"].tolist() == pytest.approx([50.0, np.nan, 25.0], nan_ok=True)
    assert (by_homes.label, by_homes.unit) == ("“renting” in “homes”", "%")
    turned = chosen_figure(ten_boroughs.run, figures, "C", "B")
    assert (turned.label, turned.unit) == ("“homes” per 100 of “renting”", "")


def test_the_download_says_what_it_holds(ten_boroughs):
    table = points_to_download(compared(with_visits(ten_boroughs, DOUBLING)))
    assert table.columns[:5].tolist() == ["area_code", "area_name", "period", "figure", "figure_unit"]
    assert set(table["period"]) == {"in 2022"}
    assert table["observed"].sum() == sum(DOUBLING)


def test_the_limits_speak_of_places_not_of_people(bundled):
    chosen = chosen_figure(bundled.run, load_area_figures(), "black")
    result = compare(bundled.run, Filters(), "borough", "incidents", chosen.table, chosen.label, chosen.unit)
    said = " ".join(result.notes)
    assert "a whole borough, not a person" in said
    assert "says nothing about who was visited" in said
    assert "Recorded incidents show what was reported." in said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(25))
@given(
    st.lists(st.integers(0, 2000), min_size=10, max_size=10),
    st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=10),
)
def test_whatever_is_counted_no_number_shown_is_without_value(ten_boroughs, visits, values):
    with ten_boroughs.write() as connection:
        connection.execute("DELETE FROM counts")
    result = compared(with_visits(ten_boroughs, visits), SHARES.assign(value=values), unit="")
    assert result.finding
    assert "nan" not in " ".join([result.finding, *result.sentences, *result.notes])
    numbers = [result.points.select_dtypes("number"), result.line]
    assert all(np.isfinite(table.to_numpy(dtype=float)).all() for table in numbers)


def test_a_finding_in_words():
    firm, open_ = Estimate(1.304, 1.08, 1.611), Estimate(1.2, 0.9, 1.5)
    words = ("boroughs", "official visits per resident in 2022", "a larger share of tenants", "per 10 points")
    assert finding_in_words(*words, firm, firm, "Camden") == (
        "Boroughs with a larger share of tenants had more official visits per resident in 2022: 1.30 times as many "
        "(1.08 to 1.61) per 10 points"
    )
    assert finding_in_words(*words, firm, None, "Camden").endswith("That rests on Camden alone")
    assert finding_in_words(*words, open_, firm, "Camden").startswith("These figures cannot tell")
    near, below = Estimate(1.2, 1.049, 1.5), Estimate(0.8, 0.6, 0.951)
    assert finding_in_words(*words, near, firm, "Camden").startswith(
        "Boroughs with a larger share of tenants may have had more official visits"
    )
    assert " tenants may have had fewer official visits" in finding_in_words(*words, below, below, "Camden")
    assert estimate_in_words(Estimate(0.05, 0.0012, 123.4)) == "0.05 times as many (0.0012 to 123)"
    assert dispersion_in_words(0.8, 0.0).endswith(
        "(Pearson's χ² ÷ degrees of freedom 0.80, so the regression is Poisson's)."
    )
    assert dispersion_in_words(130.2, 0.25).startswith(
        "Much besides this figure makes areas differ: about the line they vary 130 times as much as chance alone would make "
        "them (variance, by Pearson's"
    )
    assert [figure_value(*each) for each in ((33.21, "%"), (70389.0, ""), (0.12345, ""))] == [
        "33.2 %", "70,389", "0.1235",
    ]  # fmt: skip
