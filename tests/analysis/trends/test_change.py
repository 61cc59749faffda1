import warnings

import numpy as np
import pytest
import ruptures
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.datasets import nile
from statsmodels.discrete.discrete_model import Poisson
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import test_poisson_2indep as score_test

from analysis.trends.change import (
    Span,
    find_steps,
    is_overdispersed,
    named_steps,
    rate_ratios,
    stabilise,
    step_sizes,
)

MONTHS = np.array([31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
LONDON = np.array([4736, 4641, 4437, 3834, 3689, 3472, 907, 719, 952.5])
# Explosions in British coal mines that killed ten or more, by year from 1851 to 1962: Jarrett, A note on the intervals
# between coal-mining disasters, Biometrika 66 (1979), as R's boot::coal has them.
COAL = np.array(
    [
        4, 5, 4, 1, 0, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1, 5, 5, 3, 4, 2, 5, 2, 2, 3, 4, 2, 1,
        3, 2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1, 0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0,
        1, 1, 0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 3, 3, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1,
    ]
)  # fmt: skip


def span(low, days, high=None) -> Span:
    low = np.atleast_2d(np.asarray(low, dtype=float))
    high = low if high is None else np.atleast_2d(np.asarray(high, dtype=float))
    return Span(low, high, np.broadcast_to(np.asarray(days, dtype=float), low.shape))


def regression(counts, groups, days, family) -> tuple[float, float, float]:
    """Ratio and interval of statsmodels' regression on the group, with the days as offset."""
    model = sm.GLM(counts, sm.add_constant(groups.astype(float)), family=family, offset=np.log(days))
    # The second time from where the first one ended, for its weights are those of the step before.
    fit = model.fit(start_params=model.fit(tol=1e-13, maxiter=200).params, tol=1e-13)
    return tuple(np.exp([fit.params[1], *fit.conf_int()[1]]))


def test_two_totals_have_the_ratio_and_interval_of_r():
    # exp(confint.default(glm(c(907, 3472) ~ c(1, 0) + offset(log(c(366, 365))), family = poisson, epsilon = 1e-15)))
    ratio = rate_ratios(span(3472, 365), span(907, 366)).iloc[0]
    assert ratio["rate_ratio"] == pytest.approx(907 / 366 / (3472 / 365), rel=1e-12)
    assert ratio[["low", "high"]].tolist() == pytest.approx([0.2421575020476, 0.2802726831425], rel=1e-11)


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(20, 366), st.integers(20, 366))
def test_two_totals_agree_with_the_poisson_regression(first, second, days, second_days):
    ours = rate_ratios(span(first, days), span(second, second_days)).iloc[0]
    # Each total in two parts: the totals alone decide, but statsmodels warns where nothing is left over.
    counts, days = np.array([first, 0, second, 0]), np.repeat([days / 2, second_days / 2], 2)
    theirs = regression(counts, np.array([0, 0, 1, 1]), days, sm.families.Poisson())
    assert ours[["rate_ratio", "low", "high"]].tolist() == pytest.approx(theirs, rel=1e-9)
    assert ours["model"] == "Poisson"


def test_no_visit_in_the_second_year_has_the_score_interval():
    ratio = rate_ratios(span(5, 365), span(0, 304)).iloc[0]
    assert ratio[["rate_ratio", "low"]].tolist() == [0, 0]
    assert score_test(
        0, 304, 5, 365, value=ratio["high"], method="score", compare="ratio"
    ).statistic == pytest.approx(-1.959963984540054)


def test_no_visit_in_the_first_year_has_no_ratio_but_a_lower_end():
    ratio = rate_ratios(span(0, 365), span(4, 365)).iloc[0]
    share = proportion_confint(4, 4, method="wilson")[0]
    assert np.isnan(ratio["rate_ratio"])
    assert ratio["low"] == pytest.approx(share / (1 - share))
    assert np.isnan(ratio["high"])


@pytest.mark.parametrize("second", [0.06, 0.5, 0.99])
def test_a_part_of_a_visit_has_the_score_interval(second):
    ratio = rate_ratios(span(12.5, 365), span(second, 365)).iloc[0]
    shares = proportion_confint(second, second + 12.5, method="wilson")
    expected = [share / (1 - share) for share in shares]
    assert ratio[["low", "high"]].tolist() == pytest.approx(expected, rel=1e-9)
    assert ratio["rate_ratio"] == pytest.approx(second / 12.5)


def test_after_a_part_of_a_visit_there_is_no_ratio_but_a_lower_end():
    ratio = rate_ratios(span(0.06, 365), span(5, 365)).iloc[0]
    share = proportion_confint(5, 5.06, method="wilson")[0]
    assert ratio["low"] == pytest.approx(share / (1 - share))
    assert ratio[["rate_ratio", "high"]].isna().all()


def test_parts_of_a_visit_on_both_sides_are_too_few_to_compare():
    ratios = rate_ratios(span(0.06, 365), span(0.4, 365)), rate_ratios(span(0, 365, 1.5), span(0, 365, 1.8))
    for ratio in ratios:
        assert ratio.loc[0, ["rate_ratio", "low", "high"]].isna().all()


def test_nothing_in_both_years_is_no_change_that_could_be_told():
    assert rate_ratios(span(0, 365), span(0, 365)).loc[0, ["rate_ratio", "low", "high"]].isna().all()


def test_a_range_gives_the_ratio_of_the_middles_and_an_interval_of_both_ends():
    ranged = rate_ratios(span(719, 365), span(861, 365, 1044)).iloc[0]
    fewest = rate_ratios(span(719, 365), span(861, 365)).iloc[0]
    most = rate_ratios(span(719, 365), span(1044, 365)).iloc[0]
    assert ranged["rate_ratio"] == pytest.approx(952.5 / 719)
    assert ranged[["low", "high"]].tolist() == pytest.approx([fewest["low"], most["high"]])


def test_a_range_that_may_be_none_has_no_upper_end():
    assert np.isnan(rate_ratios(span(0, 365, 4), span(4, 365)).iloc[0]["high"])


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4),
)
def test_the_ratio_lies_in_its_interval_and_nothing_is_infinite(first, second):
    spans = [
        span([min(pair) for pair in pairs], 30.0, [max(pair) for pair in pairs]) for pairs in (first, second)
    ]
    ratio = rate_ratios(*spans).iloc[0]
    numbers = ratio[["rate_ratio", "low", "high"]].to_numpy(dtype=float)
    assert not np.isinf(numbers).any()
    known = numbers[~np.isnan(numbers)]
    if len(known) == 3:
        assert ratio["low"] <= ratio["rate_ratio"] <= ratio["high"]


def test_months_that_scatter_widely_agree_with_the_negative_binomial_regression():
    random = np.random.default_rng(1)
    first, second = random.negative_binomial(1, 0.2, (40, 12)), random.negative_binomial(1, 0.4, (40, 12))
    ours = rate_ratios(span(first, MONTHS), span(second, MONTHS))
    scattered = ours.index[ours["model"] == "negative binomial"]
    assert len(scattered) > 20
    groups, days = np.repeat([0, 1], 12), np.tile(MONTHS, 2)
    for row in scattered:
        family = sm.families.NegativeBinomial(alpha=ours["dispersion"][row])
        theirs = regression(np.hstack([first[row], second[row]]), groups, days, family)
        assert ours.loc[row, ["rate_ratio", "low", "high"]].tolist() == pytest.approx(theirs, rel=1e-6)


def test_the_dispersion_leaves_pearsons_statistic_at_its_degrees_of_freedom():
    counts = np.array([[0, 9, 0, 1, 14, 0, 2, 0, 0, 8, 1, 0]])
    other = np.array([[3, 0, 0, 0, 0, 7, 0, 0, 1, 0, 0, 0]])
    ratio = rate_ratios(span(counts, 30.0), span(other, 30.0)).iloc[0]
    means = np.repeat([counts.mean(), other.mean()], 12)
    pearson = (np.hstack([counts, other])[0] - means) ** 2 / (means * (1 + ratio["dispersion"] * means))
    assert pearson.sum() == pytest.approx(22)


def test_the_test_for_scatter_is_deans():
    random = np.random.default_rng(2)
    for counts in random.negative_binomial(3, 0.5, (20, 24)):
        groups, days = np.repeat([0.0, 1.0], 12), np.tile(MONTHS, 2)
        fit = Poisson(counts, sm.add_constant(groups), offset=np.log(days)).fit(disp=0)
        dean = fit.get_diagnostic().test_dispersion().summary_frame().loc[0]
        assert dean["method"] == "Dean A"
        expected = dean["statistic"] > 0 and dean["pvalue"] / 2 < 0.05
        assert is_overdispersed(counts[None], fit.predict()[None])[0] == expected


def test_a_month_not_covered_counts_for_nothing():
    counts, days = np.array([[5.0, 0, 9, 1]]), np.array([[30.0, 0, 30, 30]])
    other = span([2, 8, 1], 30.0)
    with_gap = rate_ratios(Span(counts, counts, days), other)
    without = rate_ratios(span([5, 9, 1], 30.0), other)
    assert with_gap.iloc[0].tolist() == without.iloc[0].tolist()


def test_the_nile_changes_after_1898():
    # Cobb, The problem of the Nile: conditional solution to a change-point problem, Biometrika 65 (1978).
    flow = nile.load_pandas().data["volume"].to_numpy()
    assert [1871 + position for position in find_steps(stabilise(flow, np.ones(100), 1), 2)] == [1899]


def test_coal_mining_disasters_fall_after_1891():
    # Raftery and Akman, Bayesian analysis of a Poisson process with a change-point, Biometrika 73 (1986): most likely
    # between 1887 and 1895, from about 3.1 a year to about 0.9.
    steps = named_steps(COAL, np.full(112, 365.25), 365.25, 2)
    assert [1851 + position for position in steps["position"]] == [1892]
    assert (steps[["rate_before", "rate_after"]].iloc[0] * 365.25).round(1).tolist() == [3.1, 0.9]


def test_the_fall_of_official_visits_is_dated_2020_without_a_hint():
    steps = named_steps(LONDON, np.full(9, 365.25), 365.25, 2)
    assert [2014 + position for position in steps["position"]] == [2020]
    assert steps["rate_before"][0] * 365.25 == pytest.approx(LONDON[:6].mean())


def test_the_search_is_the_one_of_pelt():
    random = np.random.default_rng(3)
    for _ in range(20):
        values = stabilise(random.poisson(np.repeat([20, 8, 30], 12)), np.ones(36), 1)
        noise = (
            np.median(np.abs(np.diff(values) - np.median(np.diff(values)))) / 0.6744897501960817 / np.sqrt(2)
        )
        search = ruptures.Pelt(model="l2", min_size=2, jump=1)
        expected = search.fit_predict(values.reshape(-1, 1), pen=3 * max(noise, 1) ** 2 * np.log(36))
        assert find_steps(values, 2) == expected[:-1]


@pytest.mark.parametrize("level", [0.1, 2, 20, 400])
@pytest.mark.parametrize(("length", "min_size"), [(9, 2), (200, 6)])
def test_noise_alone_seldom_has_a_step(level, length, min_size):
    random = np.random.default_rng(4)
    series = [stabilise(random.poisson(level, length), np.ones(length), 1) for _ in range(300)]
    assert np.mean([bool(find_steps(values, min_size)) for values in series]) < 0.05


@pytest.mark.parametrize(("after", "is_named"), [(740, True), (760, False), (1320, False), (1340, True)])
def test_a_step_is_named_from_a_quarter_down_or_a_third_up(after, is_named):
    counts = np.repeat([1000.0, after], 6)
    assert len(named_steps(counts, np.full(12, 365.25), 365.25, 2)) == is_named


@pytest.mark.parametrize("counts", [[5], [5, 9, 1], [0] * 9, [7] * 9])
def test_a_series_too_short_or_without_change_has_no_step(counts):
    assert named_steps(np.array(counts, dtype=float), np.full(len(counts), 365.0), 365.25, 2).empty


def test_a_step_from_none_is_finite():
    assert np.isfinite(step_sizes(np.array([0.0, 3]), np.array([3.0, 0]))).all()
    steps = named_steps(np.array([0.0] * 5 + [40] * 5), np.full(10, 365.25), 365.25, 2)
    assert steps["position"].tolist() == [5]
    assert steps["rate_before"].tolist() == [0]


def test_rates_count_the_time_covered():
    # Twice the days and twice the visits is no step.
    days = np.repeat([180.0, 360.0], 4)
    assert named_steps(days * 2, days, 365.25, 2).empty


def test_nothing_here_warns_on_areas_without_any_record():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (
            rate_ratios(span(np.zeros((3, 12)), MONTHS), span(np.zeros((3, 12)), MONTHS))["low"].isna().all()
        )
