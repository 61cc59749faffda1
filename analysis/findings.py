"""The title of a chart: what it shows, in one sentence."""

import pandas as pd

from analysis.words import figure

# A year that the figures cover by less than this is a part of a year and never called the highest or lowest.
WHOLE_YEAR = 0.95


def visits_finding(name: str, history: pd.DataFrame) -> str:
    """
    What an area's official visits by year show; `history` as in `AreaProfile`.

    Compares the highest whole year with the latest one; says nothing about years covered in part.
    """
    years = history.dropna(subset=["visits_low"])
    whole = years[years["covered_share"] >= WHOLE_YEAR]
    if whole.empty:
        return f"Official visits in {name} by year"
    top, last = whole.loc[whole["visits_high"].idxmax()], whole.loc[whole["year"].idxmax()]
    if top["visits_high"] == 0:
        return (
            f"No official visit is counted in {name} from {int(whole['year'].min())} to {int(last['year'])}"
        )
    most = f"Most official visits in {name} were in {int(top['year'])} ({_count(top)})"
    return (
        most if top["year"] == last["year"] else f"{most}; in {int(last['year'])} there were {_count(last)}"
    )


def incidents_finding(name: str, history: pd.DataFrame) -> str:
    """What an area's recorded incidents by year show; `history` as in `AreaProfile`."""
    years = history[history["incidents"] > 0]
    total = int(years["incidents"].sum())
    if total == 0:
        return f"No incident is recorded in {name}"
    first, last = int(years["year"].min()), int(years["year"].max())
    span = f"in {first}" if first == last else f"from {first} to {last}"
    return f"{figure(total, total, 'incident')} recorded in {name} {span}"


def _count(row: pd.Series) -> str:
    return figure(row["visits_low"], row["visits_high"], "visit").split(" visit")[0]
