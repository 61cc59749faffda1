"""Numbers that a record may state: people held and let go, how long a stand-off lasted, how many came."""

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from ibis import _
from scipy import stats

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents
from analysis.tables import incidents

# Fewer numbers than this have no middle worth the name.
FEWEST_STATED = 5


@dataclass(frozen=True)
class Quantity:
    """A number that a record may state: its column, heading, unit, words, and whether a sum of it means anything."""

    column: str
    label: str
    unit: str
    question: str
    is_summed: bool


PEOPLE = (
    # Not the outcome 'people detained': an incident that ended otherwise may state people who were held before.
    Quantity(
        "people_detained",
        "People held, also those let go later",
        "persons",
        "how many people were held, also if let go later",
        True,
    ),
    Quantity(
        "people_released",
        "People let go, there or later",
        "persons",
        "how many people were let go",
        True,
    ),
)
STAND_OFFS = (
    Quantity("duration_minutes", "Duration", "minutes", "how long it lasted", False),
    Quantity("crowd_size", "People who came", "persons", "how many people came", False),
)


@dataclass(frozen=True)
class StatedNumbers:
    """
    What records state, and how many of them do.

    `table` has a row per quantity: `label, unit, of` (incidents), `stated` (those that state it), `total` (sum of the
    stated; NaN where a sum means nothing), `median`, `median_low`, `median_high` (95 % interval, NaN below six),
    `quartile_low`, `quartile_high`, `highest`. A number that is not stated is left out, never zero; all but `of` and
    `stated` are NaN where nothing is stated, and median and quartiles also where fewer than five are. `quantities` are those
    of the rows, and `noun` is what states them.
    """

    table: pd.DataFrame
    quantities: tuple[Quantity, ...]
    noun: str


def people(run: Run, filters: Filters) -> StatedNumbers:
    """People held and people let go in the incidents chosen."""
    return _stated(run, filter_incidents(incidents, filters), PEOPLE, "recorded incident")


def stand_offs(run: Run, filters: Filters) -> StatedNumbers:
    """How long incidents with a community response lasted, and how many people came, among those chosen."""
    chosen = filter_incidents(incidents, filters).filter(_.community_response == "yes")
    return _stated(run, chosen, STAND_OFFS, "recorded incident with a community response")


def median_interval(values: np.ndarray) -> tuple[float, float]:
    """
    The 95 % interval of a median that takes no distribution for granted; NaN below six values.

    Notes
    -----
    Between the order statistics that a binomial count of one half leaves out at each end; Conover, *Practical
    Nonparametric Statistics* (1999), 3.2, through SciPy. The true confidence is 95 % or more.
    """
    interval = stats.quantile_test(values, q=0, p=0.5).confidence_interval(0.95)
    return float(interval.low), float(interval.high)


def _stated(run: Run, chosen: ibis.Table, quantities: tuple[Quantity, ...], noun: str) -> StatedNumbers:
    rows = [_row(run, chosen, quantity) for quantity in quantities]
    return StatedNumbers(pd.DataFrame(rows), quantities, noun)


def _row(run: Run, chosen: ibis.Table, quantity: Quantity) -> dict:
    counted = run(chosen.group_by(value=chosen[quantity.column]).aggregate(n=_.count()))
    stated = counted.dropna(subset=["value"])
    values = np.repeat(stated["value"].to_numpy(dtype=float), stated["n"])
    row = {
        "label": quantity.label, "unit": quantity.unit, "of": int(counted["n"].sum()), "stated": len(values),
        "total": values.sum() if quantity.is_summed and len(values) else np.nan,
    }  # fmt: skip
    middle = dict.fromkeys(("median", "median_low", "median_high", "quartile_low", "quartile_high"), np.nan)
    if len(values) >= FEWEST_STATED:
        middle["median_low"], middle["median_high"] = median_interval(values)
        middle["quartile_low"], middle["median"], middle["quartile_high"] = np.percentile(
            values, [25, 50, 75]
        )
    return row | middle | {"highest": values.max() if len(values) else np.nan}


def number(value: float) -> str:
    """
    A count or a median for a sentence or a table; '–' where there is none.

    >>> number(1200.0), number(2.5), number(float("nan"))
    ('1,200', '2.5', '–')
    """
    if np.isnan(value):
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def number_span(low: float, high: float) -> str:
    """'2 to 6', '2' where both ends are alike, '–' where there are none."""
    return number(low) if low == high or np.isnan(low) else f"{number(low)} to {number(high)}"
