"""Counts over people and time, against one figure: Poisson or negative binomial regression with its influence."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.genmod.families import NegativeBinomial as NegativeBinomialFamily
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.outliers_influence import GLMInfluence
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

# Between these the natural logarithm of alpha is looked for: from next to nothing to far beyond any real scatter.
LOG_ALPHA = (-14.0, 8.0)
# How near the search for a start comes to alpha's logarithm and to the coefficients; Newton's steps do the rest.
NEARLY = 1e-3
# An interval whose ends are this many times apart says nothing but that the counts are too few.
WIDEST_INTERVAL = 1000.0
Z = stats.norm.ppf(0.975)


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class CountFit:
    """
    counts ~ exposure * exp(intercept + slope * x), with variance mean + alpha * mean².

    Attributes
    ----------
    rate_ratio, low, high
        exp(slope): how many times as high the rate is one `x` further up, with its 95 % (Wald) interval.
    alpha
        The negative binomial's, by maximum likelihood; 0 where the counts scatter no more than Poisson's would.
    dispersion
        Pearson's chi² of the Poisson fit over its degrees of freedom; 1 is chance alone.
    coefficients, covariance
        Of intercept and slope, shapes (2,) and (2, 2).
    expected, residual, influence
        Per area, shape (areas,): the fitted count, the Pearson residual and Cook's distance.
    """

    rate_ratio: float
    low: float
    high: float
    alpha: float
    dispersion: float
    coefficients: np.ndarray
    covariance: np.ndarray
    expected: np.ndarray
    residual: np.ndarray
    influence: np.ndarray

    def rates(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The fitted rate per unit of exposure at each `x`, and its 95 % interval."""
        design = _design(x)
        log_rate = design @ self.coefficients
        error = np.sqrt(np.einsum("ij,jk,ik->i", design, self.covariance, design))
        return np.exp(log_rate), np.exp(log_rate - Z * error), np.exp(log_rate + Z * error)


def fit_counts(counts: np.ndarray, exposure: np.ndarray, x: np.ndarray) -> CountFit | None:
    """
    Fit a negative binomial regression, or Poisson's where the counts scatter no more than that.

    Parameters
    ----------
    counts
        Shape (areas,), at least 0; need not be whole, since district figures are shared out over boroughs.
    exposure
        Person-years, positive; its logarithm is the offset.
    x
        The figure, centred and in steps.

    Returns
    -------
    fit
        None where there is no such fit, or none that says anything: all zero, all that is counted at one `x`, an
        interval that reaches from next to nothing to any number.

    Notes
    -----
    Hilbe, Negative Binomial Regression (2nd ed. 2011); Cook's distance for generalised linear models as in R's
    `cooks.distance.glm` (Davison and Snell 1991), with alpha held. Through statsmodels.
    """
    # Where all that is counted stands at one x, an ever steeper curve fits ever better.
    if len(set(x[counts > 0])) < 2:
        return None
    # What the search for a fit stumbles over is looked at below, in what it found. That every count stands just on the
    # curve, of which statsmodels warns, is no harm.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        try:
            fit = _fit(counts, exposure, x)
        except (ValueError, np.linalg.LinAlgError):
            return None
    numbers = [fit.rate_ratio, fit.low, fit.high, fit.dispersion, *fit.influence]
    return fit if np.isfinite(numbers).all() and fit.high <= WIDEST_INTERVAL * fit.low else None


def _fit(counts: np.ndarray, exposure: np.ndarray, x: np.ndarray) -> CountFit:
    poisson = _glm(counts, exposure, x, 0.0)
    alpha, covariance = _alpha(counts, exposure, x, poisson)
    fitted = _glm(counts, exposure, x, alpha) if alpha else poisson
    slope, margin = fitted.params[1], Z * np.sqrt(covariance[1, 1])
    hat = fitted.get_hat_matrix_diag(observed=False)
    return CountFit(
        *map(float, np.exp([slope, slope - margin, slope + margin])),
        alpha=alpha,
        dispersion=float(poisson.pearson_chi2 / poisson.df_resid),
        coefficients=fitted.params,
        covariance=covariance,
        expected=fitted.mu,
        residual=fitted.resid_pearson,
        influence=GLMInfluence(fitted, hat_matrix_diag=hat).cooks_distance[0],
    )


def _design(x: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(x)), x])


def _glm(counts: np.ndarray, exposure: np.ndarray, x: np.ndarray, alpha: float, start=None, tol=1e-12):
    family = NegativeBinomialFamily(alpha=alpha) if alpha else Poisson()
    model = GLM(counts, _design(x), family=family, exposure=exposure)
    return model.fit(start_params=start, tol=tol, tol_criterion="params")


def _alpha(counts: np.ndarray, exposure: np.ndarray, x: np.ndarray, poisson) -> tuple[float, np.ndarray]:
    """
    The alpha of greatest likelihood, 0 at its lower end, and the covariance of intercept and slope.

    statsmodels' own search steps below 0 from a bad start, so it is given one next to the end: the best alpha when
    the coefficients follow it.
    """
    # At alpha = 0 the likelihood rises with alpha only if the counts scatter more than Poisson's.
    if ((counts - poisson.mu) ** 2 - counts).sum() <= 0:
        return 0.0, poisson.cov_params()

    def nearly(log_alpha: float):
        return _glm(counts, exposure, x, np.exp(log_alpha), poisson.params, tol=NEARLY)

    best = optimize.minimize_scalar(
        lambda log_alpha: -nearly(log_alpha).llf,
        bounds=LOG_ALPHA,
        method="bounded",
        options={"xatol": NEARLY},
    )
    if -best.fun <= poisson.llf:
        return 0.0, poisson.cov_params()
    start = [*nearly(best.x).params, np.exp(best.x)]
    model = NegativeBinomial(counts, _design(x), exposure=exposure)
    found = model.fit(
        start_params=start, method="newton", tol=1e-12, disp=0, warn_convergence=False, skip_hessian=True
    )
    if not found.mle_retvals["converged"] or found.params[2] <= 0:
        raise np.linalg.LinAlgError
    return float(found.params[2]), np.linalg.inv(-model.hessian(found.params))[:2, :2]
