"""Raids beside figures about residents: one point per area, a regression of counts, and what it cannot say."""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from ibis import _
from scipy import stats

from analysis.areas import Run
from analysis.filters import Filters
from analysis.residents.count_regression import CountFit, Estimate, Z, fit_counts
from analysis.residents.words import (
    NOUNS,
    correlation_in_words,
    dispersion_in_words,
    figure_value,
    finding_in_words,
    influence_in_words,
    left_out_in_words,
    limits_in_words,
)
from analysis.tables import areas
from analysis.where.where import COVERED_ENOUGH, DAYS_PER_YEAR, FEWEST_RESIDENTS, WhereResult, where
from analysis.words import area_noun, period_in_words
from data.imports.area_figures import AreaFigures

# With fewer areas one of them decides.
FEWEST_AREAS = 8
# With something counted in fewer areas than this, the zeros of the others decide.
FEWEST_COUNTED = 5
# Areas said to pull the line most, and named on the chart.
MOST_INFLUENTIAL = 3
# A figure whose ends are no further apart than this part of it is the same everywhere but for rounding.
SAME = 0.001
LINE_POINTS = 60
PERCENT = "%"
RESIDENTS = "residents"
POINT_COLUMNS = [
    "area_code", "area_name", "observed", "observed_low", "observed_high", "residents", "person_years", "value",
    "rate_per_1000", "rate_low", "rate_high", "expected", "residual", "influence", "is_named",
]  # fmt: skip


@dataclass(frozen=True)
class ChosenFigure:
    """One figure to compare with: `table` has `area_code` and `value`; `label` and `unit` as `compare` takes them."""

    table: pd.DataFrame
    label: str
    unit: str


@dataclass(frozen=True)
class CompareResult:
    """
    Areas, their counts and one figure, and how the two go together.

    Where nothing can be fitted `finding` says why, the numbers are None and the tables empty.

    Attributes
    ----------
    label, unit, period
        What the figure is, '%' or '', and the time in words.
    finding, sentences, notes
        The main finding; correlation, scatter and influence; what is left out and what the comparison cannot show.
    points
        One row per area compared, most influential first: `area_code`, `area_name`, `observed` (count; the middle of a range),
        `observed_low`, `observed_high`, `residents` (whom the counts cover on an average day), `person_years`, `value`,
        `rate_per_1000` (residents per year), `rate_low`, `rate_high`, `expected` (the fitted count), `residual`
        (Pearson's), `influence` (Cook's distance), `is_named` (to be named on a chart).
    line
        The fitted rate: `value`, `rate_per_1000`, `low`, `high` (95 %).
    step, step_words
        What the rate ratio is per, in the figure's unit and in words.
    rate_ratio, without
        How many times as high the rate is one step further up; the same without the most influential area.
    rank_correlation
        Spearman's rho, None where all rates are the same; its interval is NaN where both orders are the same.
    alpha, dispersion
        As in `CountFit`.
    """

    label: str
    unit: str
    period: str
    finding: str
    notes: list[str]
    points: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=POINT_COLUMNS))
    line: pd.DataFrame = field(default_factory=pd.DataFrame)
    sentences: list[str] = field(default_factory=list)
    step: float | None = None
    step_words: str = ""
    rate_ratio: Estimate | None = None
    without: Estimate | None = None
    rank_correlation: Estimate | None = None
    alpha: float | None = None
    dispersion: float | None = None


def chosen_figure(run: Run, figures: AreaFigures, name: str, divided_by: str = "") -> ChosenFigure:
    """
    One column of a table, as it is or per 100 of something.

    Parameters
    ----------
    name
        A key of `figures.figures`.
    divided_by
        '' for as it is, 'residents' for per 100 residents (Census 2021), or another key of `figures.figures`.
    """
    chosen, values = figures.figures[name], figures.table[name]
    codes = figures.table["area_code"]
    if not divided_by:
        return ChosenFigure(pd.DataFrame({"area_code": codes, "value": values}), chosen.label, chosen.unit)
    if divided_by == RESIDENTS:
        residents = run(areas.filter(_.level == figures.level).select(code=_.code, residents=_.residents))
        whole, of = "residents", codes.map(residents.set_index("code")["residents"]).astype(float)
    else:
        whole, of = figures.figures[divided_by].label, figures.table[divided_by]
    values = 100 * values / of.where(of > 0)
    unit = PERCENT if values.dropna().between(0, 100).all() else ""
    label = f"{chosen.label} in {whole}" if unit else f"{chosen.label} per 100 of {whole}"
    return ChosenFigure(pd.DataFrame({"area_code": codes, "value": values}), label, unit)


def compare(
    run: Run, filters: Filters, level: str, source: str, figures: pd.DataFrame, label: str, unit: str = ""
) -> CompareResult:
    """
    Counts per resident and year against a figure, area by area.

    A negative binomial regression of the counts on the figure with person-years as offset; Poisson's where the counts
    scatter no more than that. Where counts are ranges it is of their middles, and its interval reaches over those of the
    low ends and of the high ends too.

    Parameters
    ----------
    run, filters, level, source
        As for `where`.
    figures
        `area_code` and `value`, one row per area; areas without one are left out.
    label
        What the figure is: with '%' as its unit whose share ("White residents"), else its name.
    unit
        '%' or ''.

    Raises
    ------
    InputError
        As for `where`.
    """
    counted = where(run, filters, level, source)
    every = _every_area(counted, source, figures)
    is_compared = every[["is_covered", "has_residents", "has_figure"]].all(axis=1)
    points = every[is_compared].reset_index(drop=True)
    result = CompareResult(
        label=label,
        unit=unit,
        period=period_in_words(counted.period_start, counted.period_end),
        finding=_obstacle(points, level, source),
        notes=[
            left_out_in_words(every, len(points), level),
            *limits_in_words(source, level),
            *counted.notes,
        ],
    )
    return result if result.finding else _fitted(result, points, level, source)


def points_to_download(result: CompareResult) -> pd.DataFrame:
    """The points as a file that explains itself: which figure, in which unit, over which time; rounded."""
    table = result.points.drop(columns="is_named")
    table.insert(2, "period", result.period)
    table.insert(3, "figure", result.label)
    table.insert(4, "figure_unit", result.unit)
    digits = dict.fromkeys(("observed", "observed_low", "observed_high", "expected", "person_years"), 2)
    digits |= {"residents": 0, "rate_per_1000": 6, "rate_low": 6, "rate_high": 6, "value": 6}
    return table.round(digits | {"residual": 4, "influence": 4})


def _fitted(result: CompareResult, points: pd.DataFrame, level: str, source: str) -> CompareResult:
    step, step_words = _step(points["value"], result.unit)
    centre = points["value"].mean()
    fits = _fits(points, centre, step)
    if not fits:
        return replace(
            result,
            finding=f"Too few {NOUNS[source]}, or too unevenly over the {area_noun(level)}, to say how they go with this figure.",
        )
    points = _with_fit(points, fits[len(fits) // 2])
    rate_ratio, without = _widest(fits), _widest(_fits(points.iloc[1:], centre, step))
    rank_correlation = _spearman(points)
    larger = f"a larger share of {result.label}" if result.unit == PERCENT else f"a higher {result.label}"
    finding = finding_in_words(
        area_noun(level), f"{NOUNS[source]} per resident {result.period}", larger, step_words, rate_ratio, without,
        points["area_name"][0],
    )  # fmt: skip
    middle = fits[len(fits) // 2]
    return replace(
        result,
        finding=finding,
        points=points[POINT_COLUMNS],
        line=_line(points["value"], fits, centre, step),
        sentences=[
            *([correlation_in_words(rank_correlation)] if rank_correlation else []),
            dispersion_in_words(middle.dispersion, middle.alpha),
            influence_in_words(points, MOST_INFLUENTIAL, without),
        ],
        step=step,
        step_words=step_words,
        rate_ratio=rate_ratio,
        without=without,
        rank_correlation=rank_correlation,
        alpha=middle.alpha,
        dispersion=middle.dispersion,
    )


def _every_area(counted: WhereResult, source: str, figures: pd.DataFrame) -> pd.DataFrame:
    """One row per area with its counts, exposure and figure, and whether each of them is firm enough."""
    table = counted.table
    years = _years(counted)
    if source == "counts":
        low, high = table["visits_low"], table["visits_high"]
        residents, is_covered = table["residents_covered"], table["covered_share"] >= COVERED_ENOUGH
        # `where` gives no rate to an area with too few residents.
        has_residents = table["rate_per_1000_low"].notna()
    else:
        low = high = table["incidents"].astype(float)
        residents, is_covered = table["residents"], True
        has_residents = residents >= FEWEST_RESIDENTS
    every = table[["area_code", "area_name"]].assign(
        observed=(low + high) / 2,
        observed_low=low,
        observed_high=high,
        residents=residents,
        person_years=residents * years,
        is_covered=is_covered,
        has_residents=has_residents,
        value=table["area_code"].map(figures.set_index("area_code")["value"]).astype(float),
    )
    for end, column in (("per_1000", "observed"), ("low", "observed_low"), ("high", "observed_high")):
        every[f"rate_{end}"] = every[column] / every["person_years"].where(every["person_years"] > 0) * 1000
    every["has_figure"] = np.isfinite(every["value"])
    return every


def _years(counted: WhereResult) -> float:
    # Dates chosen from one side only stay open on the other where nothing is recorded.
    if counted.period_start is None or counted.period_end is None:
        return 0.0
    return ((counted.period_end - counted.period_start).days + 1) / DAYS_PER_YEAR


def _obstacle(points: pd.DataFrame, level: str, source: str) -> str:
    """Why these areas cannot be compared; '' if they can."""
    noun = area_noun(level)
    if len(points) < FEWEST_AREAS:
        return (
            f"There are too few {noun} to compare: {len(points)} with enough residents, counts and this figure, and at least "
            f"{FEWEST_AREAS} are needed."
        )
    if np.ptp(points["value"]) <= SAME * points["value"].abs().max():
        return f"This figure is the same, or nearly, in all {noun}, so there is nothing to compare."
    n_counted = int((points["observed"] > 0).sum())
    if n_counted < FEWEST_COUNTED:
        where_counted = f"only {n_counted} of these {noun} have any" if n_counted else "none has any"
        return f"There are too few {NOUNS[source]} to compare: {where_counted}, and at least {FEWEST_COUNTED} are needed."
    return ""


def _step(values: pd.Series, unit: str) -> tuple[float, str]:
    """What a rate ratio is per: a step that the areas really span."""
    span = values.max() - values.min()
    if unit == PERCENT and span >= 10:
        return 10.0, "per 10 percentage points"
    if unit == PERCENT and span >= 1:
        return 1.0, "per percentage point"
    spread = float(values.std())
    return spread, f"per {figure_value(spread, unit)} more (one standard deviation of these areas)"


def _fits(points: pd.DataFrame, centre: float, step: float) -> list[CountFit]:
    """Fits to the low ends, the middles and the high ends of the counts, one if they are the same; none if one fails."""
    is_exact = (points["observed_low"] == points["observed_high"]).all()
    columns = ["observed"] if is_exact else ["observed_low", "observed", "observed_high"]
    x = ((points["value"] - centre) / step).to_numpy()
    fits = [fit_counts(points[column].to_numpy(), points["person_years"].to_numpy(), x) for column in columns]
    return [] if None in fits else fits


def _widest(fits: list[CountFit]) -> Estimate | None:
    if not fits:
        return None
    return Estimate(
        fits[len(fits) // 2].rate_ratio, min(fit.low for fit in fits), max(fit.high for fit in fits)
    )


def _with_fit(points: pd.DataFrame, fit: CountFit) -> pd.DataFrame:
    points = points.assign(expected=fit.expected, residual=fit.residual, influence=fit.influence)
    points = points.sort_values(["influence", "area_name"], ascending=[False, True], ignore_index=True)
    ends = {points["rate_per_1000"].idxmax(), points["value"].idxmax(), points["value"].idxmin()}
    points["is_named"] = (points.index < MOST_INFLUENTIAL) | points.index.isin(ends)
    return points


def _line(values: pd.Series, fits: list[CountFit], centre: float, step: float) -> pd.DataFrame:
    grid = np.linspace(values.min(), values.max(), LINE_POINTS)
    rates = [fit.rates((grid - centre) / step) for fit in fits]
    return pd.DataFrame(
        {
            "value": grid,
            "rate_per_1000": rates[len(rates) // 2][0] * 1000,
            "low": np.min([low for _rate, low, _high in rates], axis=0) * 1000,
            "high": np.max([high for _rate, _low, high in rates], axis=0) * 1000,
        }
    )


def _spearman(points: pd.DataFrame) -> Estimate | None:
    """Spearman's rho of figure and rate, with the interval of Bonett and Wright, Psychometrika 65 (2000)."""
    if points["rate_per_1000"].nunique() == 1:
        return None
    rho = float(stats.spearmanr(points["value"], points["rate_per_1000"]).statistic)
    if abs(rho) > 1 - 1e-12:
        return Estimate(rho, float("nan"), float("nan"))
    margin = Z * np.sqrt((1 + rho**2 / 2) / (len(points) - 3))
    return Estimate(rho, *(float(np.tanh(np.arctanh(rho) + sign * margin)) for sign in (-1, 1)))
