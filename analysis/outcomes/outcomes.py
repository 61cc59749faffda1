"""With what outcome: the share of each outcome by area, setting, year or hour, with the numbers behind it."""

from dataclasses import dataclass, field, replace

import ibis
import numpy as np
import pandas as pd
from ibis import _

from analysis.areas import LEVELS, Run
from analysis.filters import Filters, filter_incidents, straddling
from analysis.hot_spots.smoothing import smooth
from analysis.tables import areas, incidents
from analysis.where.frequency import AREA_COLUMNS
from analysis.words import day_in_words, period_in_words
from data.errors import InputError
from data.schema import OUTCOMES, SETTINGS, UNKNOWN

GROUPS = (*LEVELS, "setting", "year", "hour")
# The group of incidents that lie in no area of a level because they were elsewhere; UNKNOWN is that of the others.
OUTSIDE = "outside"
OUTCOMES_ASIDE = (
    "The filter by outcome does not apply to shares: among raids chosen by outcome all end alike."
)
NAMES_OF_UNKNOWN = {
    "borough": "Borough not known",
    "district": "District not known",
    "locality": "Locality not known",
    "setting": "Setting not known",
    "year": "Year not known",
    "hour": "Hour not known",
}


@dataclass(frozen=True)
class OutcomesResult:
    """
    Shares of outcomes by group, 0 to 1.

    `table` has a row per group that has incidents and outcome of the closed list: `group` (area code, word, year, or
    hour from '0'; 'outside' or 'unknown' for what lies in no group), `name` (as shown), `outcome`, `n` (incidents that
    ended so), `of` (all of the group), `share`, `low`, `high` (95 % Wilson), `shrunk` (empirical Bayes, NaN for
    'outside' and 'unknown'). `overall` has a row per outcome for all that was chosen, `n, of, share, low, high`, and
    `london_n, london_of, london_share` for the part in London; shares are NaN of nothing. The sum of `n` is that of
    all incidents chosen in both.
    """

    by: str
    table: pd.DataFrame
    overall: pd.DataFrame
    period: str
    beside: str
    notes: list[str] = field(default_factory=list)

    @property
    def of(self) -> int:
        """How many incidents are chosen, wherever they lie."""
        return int(self.overall["n"].sum())

    def known(self, outcome: str) -> pd.DataFrame:
        """The rows of one outcome, of groups that are known."""
        return self.table[(self.table["outcome"] == outcome) & ~_is_rest(self.table["group"])]

    def beside_share(self, outcome: str) -> float:
        """The share that groups are held against: of London for areas, else of all that was chosen; 0 to 1."""
        column = "london_share" if self.by in LEVELS else "share"
        return float(self.overall.set_index("outcome").loc[outcome, column])


def outcomes(run: Run, filters: Filters, by: str) -> OutcomesResult:
    """
    The share of every outcome in every group.

    Parameters
    ----------
    run
        Runs an Ibis expression on the store and returns a data frame (`Store.run`).
    filters
        What is chosen. A choice of outcomes does not apply: among incidents chosen by outcome all end alike.
    by
        A word of `GROUPS`. The year is known if both ends of the time in which an incident may have started lie in one,
        the hour if they are the same hour.

    Raises
    ------
    InputError
        There is no such grouping.

    Notes
    -----
    Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), through statsmodels.
    The shrunk share is Marshall's empirical-Bayes estimate, see `analysis.hot_spots.smoothing`, for one outcome across the groups
    that are known. It takes chance to be Poisson's, which is wider than that of a share, so it pulls more rather than less.
    """
    if by not in GROUPS:
        raise InputError(f"There is no such grouping. Choose one of {', '.join(GROUPS)}.")
    of_outcome = [OUTCOMES_ASIDE] if filters.outcomes else []
    filters = replace(filters, outcomes=())
    cells = run(_cells(filters, by))
    places = run(areas.filter(_.level.isin({"borough", by})).select("level", "code", "name"))
    names = _names(by, places)
    cells = _placed(cells, by, names, set(places["code"][places["level"] == "borough"]))
    return OutcomesResult(
        by=by,
        table=_table(cells, by, names),
        overall=_overall(cells),
        period=_period(run, filters),
        beside=_beside(by, filters),
        notes=of_outcome + _notes(run, filters, by, int(cells["n"][cells["lies"] == OUTSIDE].sum())),
    )


def one_outcome(result: OutcomesResult, outcome: str, most: int | None = None) -> pd.DataFrame:
    """
    The rows of one outcome: known groups first (of areas, those with most incidents), 'outside' and 'unknown' last.

    Parameters
    ----------
    most
        No more known groups than this, those with most incidents; all if not given.

    Returns
    -------
    rows
        Columns of the result's table, and `said` ('9 of 14') and `beside_share` (0 to 1).
    """
    rows = result.table[result.table["outcome"] == outcome]
    if most is not None:
        known = rows[~_is_rest(rows["group"])]
        rows = rows.drop(index=known.sort_values("of", ascending=False, kind="stable").index[most:])
    said = [f"{n:,} of {of:,}" for n, of in zip(rows["n"], rows["of"], strict=True)]
    return rows.assign(said=said, beside_share=result.beside_share(outcome)).reset_index(drop=True)


def wilson_intervals(n: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % Wilson score intervals of shares, 0 to 1; arrays of any shape that fit each other, `of` above zero."""
    # Loads for a third of a second, which a command that asks for something else need not wait for.
    from statsmodels.stats.proportion import proportion_confint

    return proportion_confint(n, np.broadcast_to(of, n.shape), method="wilson")


def _cells(filters: Filters, by: str) -> ibis.Table:
    """Incidents by `group` and `outcome`, and by `place`: the finest known of the area of the level and the borough."""
    chosen = filter_incidents(incidents, filters)
    place = chosen.borough_code
    if by in ("district", "locality"):
        area = chosen[AREA_COLUMNS[by]]
        # One key instead of two: grouping by words is nearly all of the work, and their codes are never alike.
        place = ibis.ifelse(area == UNKNOWN, chosen.borough_code, area)
    keys = {} if by in LEVELS else {"group": _group_key(chosen, by)}
    return chosen.group_by(**keys, place=place, outcome=chosen.outcome).aggregate(n=_.count())


def _group_key(chosen: ibis.Table, by: str) -> ibis.Value:
    first, last = chosen.started_earliest, chosen.started_latest
    if by == "year":
        return ibis.ifelse(first.year() == last.year(), first.year().cast("string"), UNKNOWN)
    if by == "hour":
        return ibis.ifelse(first == last, first.hour().cast("string"), UNKNOWN)
    return chosen[by]


def _names(by: str, places: pd.DataFrame) -> dict[str, str]:
    """Group -> name of every known group; years are known when they occur, and named by themselves."""
    if by in LEVELS:
        of_level = places[places["level"] == by]
        return dict(zip(of_level["code"], of_level["name"], strict=True))
    if by == "setting":
        return {word: word.capitalize() for word in SETTINGS if word != UNKNOWN}
    if by == "hour":
        return {str(hour): f"{hour:02}:00 to {hour:02}:59" for hour in range(24)}
    return {}


def _placed(cells: pd.DataFrame, by: str, names: dict[str, str], boroughs: set[str]) -> pd.DataFrame:
    """The cells with `lies` ('London', OUTSIDE or UNKNOWN) and, of areas, their `group`."""
    # A district may reach beyond London; what happened there counts in it, here as on the map.
    london = boroughs | set(names) if by in LEVELS else boroughs
    lies = {UNKNOWN: UNKNOWN} | dict.fromkeys(london, "London")
    cells = cells.assign(lies=[lies.get(place, OUTSIDE) for place in cells["place"]])
    if by in LEVELS:
        rest = {UNKNOWN: UNKNOWN} | dict.fromkeys(boroughs, UNKNOWN)
        cells["group"] = [place if place in names else rest.get(place, OUTSIDE) for place in cells["place"]]
    return cells


def _table(cells: pd.DataFrame, by: str, names: dict[str, str]) -> pd.DataFrame:
    counted = cells.groupby(["group", "outcome"])["n"].sum().unstack(fill_value=0)
    counted = counted.reindex(columns=list(OUTCOMES), fill_value=0).astype(int)
    counted = counted.loc[_in_order(counted, by, names)]
    n, of = counted.to_numpy(), counted.to_numpy().sum(axis=1, keepdims=True)
    low, high = wilson_intervals(n, of)
    names = names | {OUTSIDE: "Outside London", UNKNOWN: NAMES_OF_UNKNOWN[by]}
    return pd.DataFrame(
        {
            "group": np.repeat(counted.index.to_numpy(), len(OUTCOMES)),
            "name": np.repeat([names.get(group, group) for group in counted.index], len(OUTCOMES)),
            "outcome": np.tile(OUTCOMES, len(counted)),
            "n": n.ravel(),
            "of": np.repeat(of, len(OUTCOMES)),
            "share": (n / of).ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "shrunk": _shrunk(n, of.ravel(), ~_is_rest(counted.index)).ravel(),
        }
    )


def _shrunk(n: np.ndarray, of: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    """Each outcome's shares pulled towards that of the known groups together; NaN for the others."""
    shrunk = np.full(n.shape, np.nan)
    for number in range(len(OUTCOMES)):
        shrunk[is_known, number] = smooth(n[is_known, number], of[is_known])
    return shrunk


def _in_order(counted: pd.DataFrame, by: str, names: dict[str, str]) -> list[str]:
    """Areas by their incidents, most first, equal ones by name; the others in their own order; the rest last."""
    of = dict(zip(counted.index, counted.to_numpy().sum(axis=1), strict=True))
    known = [group for group in of if group not in (OUTSIDE, UNKNOWN)]
    if by in LEVELS:
        known.sort(key=lambda group: (-of[group], names[group]))
    elif by == "year":
        known.sort(key=int)
    else:
        known.sort(key=list(names).index)
    return known + [group for group in (OUTSIDE, UNKNOWN) if group in of]


def _is_rest(groups: pd.Series | pd.Index) -> np.ndarray:
    return np.asarray(groups.isin([OUTSIDE, UNKNOWN]))


def _overall(cells: pd.DataFrame) -> pd.DataFrame:
    n = _by_outcome(cells)
    table = pd.DataFrame({"outcome": OUTCOMES, "n": n, "of": n.sum()})
    table["london_n"] = _by_outcome(cells[cells["lies"] == "London"])
    table["london_of"] = table["london_n"].sum()
    table["share"] = table["n"] / table["of"].where(table["of"] > 0)
    table["london_share"] = table["london_n"] / table["london_of"].where(table["london_of"] > 0)
    table["low"], table["high"] = wilson_intervals(n, table["of"].to_numpy()) if n.sum() else (np.nan, np.nan)
    return table


def _by_outcome(cells: pd.DataFrame) -> np.ndarray:
    return cells.groupby("outcome")["n"].sum().reindex(list(OUTCOMES), fill_value=0).to_numpy(dtype=int)


def _period(run: Run, filters: Filters) -> str:
    """The time in which the incidents chosen may have started, in words."""
    reach = filter_incidents(incidents, filters).aggregate(
        first=_.started_earliest.min(), last=_.started_latest.max()
    )
    first, last = run(reach).iloc[0]
    if pd.isna(first):
        return period_in_words(filters.date_from, filters.date_to)
    first, last = first.date(), last.date()
    return f"on {day_in_words(first)}" if first == last else period_in_words(first, last)


def _beside(by: str, filters: Filters) -> str:
    if by not in LEVELS:
        return "all records chosen"
    return "the boroughs chosen" if filters.boroughs else "London"


def _notes(run: Run, filters: Filters, by: str, outside: int) -> list[str]:
    notes = []
    if vague := _vague(run, filters):
        notes.append(
            f"{vague:,} more {'incident is' if vague == 1 else 'incidents are'} known only by month or year and may or "
            "may not lie in these dates; left out."
        )
    if outside and by not in LEVELS:
        lie, are = ("lies", "is") if outside == 1 else ("lie", "are")
        notes.append(f"{outside:,} of the incidents {lie} outside London and {are} counted too.")
    return notes


def _vague(run: Run, filters: Filters) -> int:
    """How many incidents may or may not lie in the chosen dates."""
    if filters.date_from is None and filters.date_to is None:
        return 0
    return int(run(straddling(incidents, filters).aggregate(n=_.count()))["n"][0])
