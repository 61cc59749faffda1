"""Incidents beside a census figure over a million incidents, against pandas and statsmodels."""

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.filters import Filters
from analysis.residents.compare import chosen_figure, compare
from data.imports.area_figures import load_area_figures
from tests.benchmarks.measure import best_seconds, print_ratio
from tests.benchmarks.million import make_store

ROWS = 1_000_000
FIGURE = "main_language_not_english_aged_3_plus"
FILTERS = Filters(
    date_from=date(2015, 1, 1), date_to=date(2022, 12, 31), outcomes=("people detained", "prevented", "no arrests")
)  # fmt: skip
PEER = "pandas and statsmodels"


def bench() -> None:
    """Print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "million.duckdb", ROWS)
        columns = "started_earliest, started_latest, outcome::VARCHAR AS outcome, borough_code"
        incidents = store.sql(f"SELECT {columns} FROM incidents").to_pandas()  # noqa: S608
        areas = store.sql("SELECT code, residents FROM areas WHERE level = 'borough'").to_pandas()
        chosen = chosen_figure(store.run, load_area_figures(), FIGURE)
        ours, peer = best_seconds(
            lambda: compare(
                store.run, FILTERS, "borough", "incidents", chosen.table, chosen.label, chosen.unit
            ),
            lambda: peer_comparison(incidents, areas.merge(chosen.table, left_on="code", right_on="area_code")),
            turns=5,
        )  # fmt: skip
        aim = "at least 10 times faster; a tenth of a second is the floor of compiling four queries and of the fits"
        print_ratio("Beside residents, 1 million incidents by borough", ours, {PEER: peer}, {PEER: aim})


def peer_comparison(incidents: pd.DataFrame, areas: pd.DataFrame) -> list:
    """Filtered, counted by borough, and fitted: with all, for Cook's distances, and without the most influential."""
    chosen = incidents[
        (incidents["started_earliest"] >= "2015-01-01")
        & (incidents["started_latest"] < "2023-01-01")
        & incidents["outcome"].isin(FILTERS.outcomes)
    ]
    counts = areas["code"].map(chosen.groupby("borough_code").size()).fillna(0).to_numpy()
    exposure = areas["residents"].to_numpy() * 8.0
    x = (areas["value"] - areas["value"].mean()).to_numpy() / 10
    design = np.column_stack([np.ones(len(x)), x])
    poisson = GLM(counts, design, family=families.Poisson(), exposure=exposure).fit()
    fit = NegativeBinomial(counts, design, exposure=exposure).fit(disp=0)
    family = families.NegativeBinomial(alpha=fit.params[-1])
    influence = GLM(counts, design, family=family, exposure=exposure).fit().get_influence().cooks_distance[0]
    others = influence < influence.max()
    without = NegativeBinomial(counts[others], design[others], exposure=exposure[others]).fit(disp=0)
    return [poisson.pearson_chi2, fit.conf_int(), without.conf_int(), stats.spearmanr(x, counts / exposure)]
