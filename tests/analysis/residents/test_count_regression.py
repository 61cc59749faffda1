import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.discrete.discrete_model import NegativeBinomial

from analysis.residents.count_regression import fit_counts

# Days absent from school of 69 Aboriginal and 77 other children of Walgett, New South Wales: MASS, data set `quine`.
QUINE_DAYS = [
    2, 11, 14, 5, 5, 13, 20, 22, 6, 6, 15, 7, 14, 6, 32, 53, 57, 14, 16, 16, 17, 40, 43, 46, 8, 23, 23, 28, 34, 36,
    38, 3, 5, 11, 24, 45, 5, 6, 6, 9, 13, 23, 25, 32, 53, 54, 5, 5, 11, 17, 19, 8, 13, 14, 20, 47, 48, 60, 81, 2, 0,
    2, 3, 5, 10, 14, 21, 36, 40, 6, 17, 67, 0, 0, 2, 7, 11, 12, 0, 0, 5, 5, 5, 11, 17, 3, 4, 22, 30, 36, 8, 0, 1, 5,
    7, 16, 27, 0, 30, 10, 14, 27, 41, 69, 25, 10, 11, 20, 33, 5, 7, 0, 1, 5, 5, 5, 5, 7, 11, 15, 5, 14, 6, 6, 7, 28,
    0, 5, 14, 2, 2, 3, 8, 10, 12, 1, 1, 9, 22, 3, 3, 5, 15, 18, 22, 37,
]  # fmt: skip
# Motor claims and policy holders by district, car and age of driver: MASS, data set `Insurance`.
CLAIMS = [
    38, 35, 20, 156, 63, 84, 89, 400, 19, 52, 74, 233, 4, 18, 19, 77, 22, 19, 22, 87, 25, 51, 49, 290, 14, 46, 39,
    143, 4, 15, 12, 53, 5, 11, 10, 67, 10, 24, 37, 187, 8, 19, 24, 101, 3, 2, 8, 37, 2, 5, 4, 36, 7, 10, 22, 102, 5,
    7, 16, 63, 0, 6, 8, 33,
]  # fmt: skip
HOLDERS = [
    197, 264, 246, 1680, 284, 536, 696, 3582, 133, 286, 355, 1640, 24, 71, 99, 452, 85, 139, 151, 931, 149, 313, 419,
    2443, 66, 175, 221, 1110, 9, 48, 72, 322, 35, 73, 89, 648, 53, 155, 240, 1635, 24, 78, 121, 692, 7, 29, 43, 245,
    20, 33, 40, 316, 31, 81, 122, 724, 18, 39, 68, 344, 3, 16, 25, 114,
]  # fmt: skip


def fit(counts, exposure, x):
    return fit_counts(*(np.asarray(each, dtype=float) for each in (counts, exposure, x)))


def insurance():
    return fit(CLAIMS, HOLDERS, [1, 2, 3, 4] * 16)


def test_days_absent_are_fitted_as_by_r():
    # R 4, MASS: glm.nb(Days ~ I(Eth == "N"), data = quine); 1 / theta; cooks.distance; glm(…, poisson) for the scatter.
    found = fit(QUINE_DAYS, [1] * 146, [0] * 69 + [1] * 77)
    assert found.coefficients == pytest.approx([3.05550401685391, -0.55555948970137], abs=1e-6)
    assert 1 / found.alpha == pytest.approx(1.15716543588189, abs=1e-6)
    assert found.dispersion == pytest.approx(14.9494541647847, abs=1e-6)
    assert found.expected[[0, 145]] == pytest.approx([21.2318840579711, 12.1818181818182], abs=1e-6)
    assert list(np.argsort(-found.influence)[:3] + 1) == [104, 72, 59]
    assert found.influence[[103, 71, 58]] == pytest.approx(
        [0.153238823812410, 0.142640679648273, 0.0648801229192393], abs=1e-6
    )


def test_an_exposure_is_an_offset_as_in_r():
    # R 4, MASS: glm.nb(Claims ~ as.integer(Age) + offset(log(Holders)), data = Insurance).
    found = insurance()
    assert found.coefficients == pytest.approx([-1.43925854909966, -0.14126824835687], abs=1e-6)
    assert found.rate_ratio == pytest.approx(np.exp(-0.14126824835687), abs=1e-6)
    assert 1 / found.alpha == pytest.approx(28.2850047139426, rel=1e-6)
    assert found.dispersion == pytest.approx(2.7290879308955, abs=1e-6)
    assert found.influence[[63, 3, 19]] == pytest.approx(
        [0.166886518722332, 0.0843118331817541, 0.068325894301034], abs=1e-6
    )
    assert found.influence.sum() == pytest.approx(1.00974466526804, abs=1e-6)


def test_the_interval_is_that_of_statsmodels_with_alpha_estimated():
    design = np.column_stack([np.ones(64), [1, 2, 3, 4] * 16])
    theirs = NegativeBinomial(CLAIMS, design, exposure=HOLDERS).fit(
        start_params=[-1.4, -0.1, 0.03], method="newton", disp=0
    )
    found = insurance()
    assert [found.low, found.high] == pytest.approx(np.exp(theirs.conf_int()[1]), abs=1e-6)
    assert found.alpha == pytest.approx(theirs.params[2], abs=1e-6)


def test_counts_that_scatter_no_more_than_chance_are_fitted_by_poisson_as_in_r():
    # R 4: glm(y ~ x, poisson); cooks.distance.
    found = fit([2, 3, 6, 7, 8, 9, 10, 12, 15], [1] * 9, [-1, -1, 0, 0, 0, 0, 1, 1, 1])
    assert found.alpha == 0
    assert found.coefficients == pytest.approx([1.8892719956199, 0.6697856032982], abs=1e-6)
    assert np.sqrt(found.covariance[1, 1]) == pytest.approx(0.178686644083109, abs=1e-6)
    assert found.dispersion == pytest.approx(0.414555964395652, abs=1e-6)
    assert found.influence[[0, 6, 8]] == pytest.approx(
        [0.146006282114589, 0.211207039386977, 0.106529869182393], abs=1e-6
    )


def test_the_line_runs_through_the_fitted_counts():
    found = insurance()
    rate, low, high = found.rates(np.array([1.0, 2.0, 3.0, 4.0]))
    assert rate * HOLDERS[:4] == pytest.approx(found.expected[:4])
    assert (low < rate).all()
    assert (rate < high).all()


def test_counts_just_on_a_curve_are_no_warning():
    found = fit([10, 20, 40, 80, 160] * 2, [1] * 10, [0, 1, 2, 3, 4] * 2)
    assert found.rate_ratio == pytest.approx(2)
    assert found.alpha == 0


@pytest.mark.parametrize(
    ("counts", "x"),
    [
        ([0] * 9, range(9)),
        ([3, 1, 4, 1, 5, 9, 2, 6, 5], [2] * 9),
        ([0, 0, 0, 0, 0, 0, 0, 0, 700], range(9)),
        ([0, 0, 0, 700, 0, 0, 0, 0, 0], range(9)),
    ],
)
def test_what_cannot_be_fitted_is_none(counts, x):
    assert fit(counts, [1000] * 9, x) is None


@given(
    st.lists(
        st.tuples(
            st.one_of(st.just(0.0), st.floats(0, 1e5)), st.floats(1e3, 1e7), st.floats(-4, 4).map(lambda x: round(x, 2))
        ),
        min_size=8,
        max_size=40,
    )
)  # fmt: skip
def test_whatever_the_counts_there_is_a_finite_fit_or_none(rows):
    found = fit(*zip(*rows, strict=True))
    if found is not None:
        assert 0 < found.low <= found.rate_ratio <= found.high < np.inf
        assert np.isfinite([*found.influence, *found.expected, found.alpha, found.dispersion]).all()


@given(st.floats(0.01, 100), st.floats(-5, 5))
def test_neither_the_unit_of_exposure_nor_the_origin_of_x_changes_the_ratio(scale, shift):
    moved = fit(CLAIMS, np.array(HOLDERS) * scale, np.array([1, 2, 3, 4] * 16) + shift)
    assert moved.rate_ratio == pytest.approx(insurance().rate_ratio, rel=1e-6)
    assert moved.low == pytest.approx(insurance().low, rel=1e-6)
