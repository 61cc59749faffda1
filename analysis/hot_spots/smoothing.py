"""Empirical-Bayes rates: a rate from few people or few records is pulled towards the rate of all areas together."""

import numpy as np


def smooth(events: np.ndarray, population: np.ndarray) -> np.ndarray:
    """
    Marshall's global empirical-Bayes rates.

    Parameters
    ----------
    events
        How often it happened, one per area or group; not negative.
    population
        Out of how much (residents, person-years, incidents), one per area or group; above zero.

    Returns
    -------
    rates
        Events per one of the population, shape `(n,)`, in the order given; each lies between its own raw rate and
        that of all together. Empty for nothing.

    Notes
    -----
    `esda.smoothing.Empirical_Bayes` after Marshall, *Mapping disease and mortality rates using empirical Bayes
    estimators*, Applied Statistics 40 (1991). Its estimate of how much the true rates differ can come out negative,
    where the raw rates differ less than chance alone would make them; the weights then leave 0 to 1 and rates may
    fall below zero. Then nothing tells the areas apart and all get the rate of all together, as Marshall says.
    """
    events, population = np.asarray(events, dtype=float), np.asarray(population, dtype=float)
    if not len(events):
        return events
    overall = events.sum() / population.sum()
    if _variance_between(events, population, overall) <= 0:
        return np.full(len(events), overall)
    # Loads for more than a second, which pages that smooth nothing need not wait for.
    from esda.smoothing import Empirical_Bayes

    return Empirical_Bayes(events, population).r.ravel()


def _variance_between(events: np.ndarray, population: np.ndarray, overall: float) -> float:
    """How much the true rates differ: the variance of the raw ones less what chance adds to it."""
    spread = (population * (events / population - overall) ** 2).sum() / population.sum()
    return spread - overall / population.mean()
