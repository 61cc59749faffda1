"""With what outcome: the share of each outcome by area, setting, year or hour, with the numbers behind it."""

from dataclasses import dataclass, field, replace

import ibis
import numpy as np
import pandas as pd
from ibis import _
from scipy import stats

from analysis.filters import Filters, filter_incidents, straddling
from analysis.frequency import AREA_COLUMNS
from analysis.measures import FEWEST_FOR_SHARE
from analysis.smoothing import smooth
from analysis.tables import areas, incidents
from analysis.where import LEVELS, Run
from analysis.words import AREA_NOUNS, day_in_words, period_in_words
from data.errors import InputError
from data.schema import OUTCOMES, SETTINGS, UNKNOWN

GROUPS = (*LEVELS, "setting", "year", "hour")
GROUP_NOUNS = {**AREA_NOUNS, "setting": "settings", "year": "years", "hour": "hours"}
GROUP_WORDS = {
    "borough": "borough",
    "district": "postcode district",
    "locality": "locality",
    "setting": "setting",
    "year": "year",
    "hour": "hour of the day",
}
# The group of incidents that lie in no area of a level because they were elsewhere; UNKNOWN is that of the others.
OUTSIDE = "outside"
NAMES_OF_UNKNOWN = {
    "borough": "Borough not known",
    "district": "District not known",
    "locality": "Locality not known",
    "setting": "Setting not known",
    "year": "Year not known",
    "hour": "Hour not known",
}
# A group's share is called different from the others' only below this share of false alarms among all such calls.
FALSE_ALARMS = 0.05
MOST_NAMES = 3
UNIT = "recorded incidents; shares 0 to 1"

TABLE_COLUMNS = ["group", "name", "outcome", "n", "of", "share", "low", "high", "shrunk"]


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
    finding: str
    notes: list[str] = field(default_factory=list)

    @property
    def of(self) -> int:
        """How many incidents are chosen, wherever they lie."""
        return int(self.overall["n"].sum())

    @property
    def sentences(self) -> list[str]:
        """The main findings: over all, and where being detained differs."""
        return [self.finding, f"{groups_finding(self, OUTCOMES[0])}."] if self.of else [self.finding]

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
    The shrunk share is Marshall's empirical-Bayes estimate, see `analysis.smoothing`, for one outcome across the groups
    that are known. It takes chance to be Poisson's, which is wider than that of a share, so it pulls more rather than less.
    """
    if by not in GROUPS:
        raise InputError(f"There is no such grouping. Choose one of {', '.join(GROUPS)}.")
    every_outcome = replace(filters, outcomes=())
    cells = run(_cells(every_outcome, by))
    places = run(areas.filter(_.level.isin({"borough", by})).select("level", "code", "name"))
    boroughs = places["code"][places["level"] == "borough"]
    cells["in_london"] = cells["borough_code"].isin(boroughs)
    names = _names(by, places)
    cells["group"] = _groups(cells, by, set(names))
    if by in LEVELS:
        # A district may reach beyond London; what happened there counts in it, here as on the map.
        cells["in_london"] |= cells["group"].isin(list(names))
    overall = _overall(cells)
    return OutcomesResult(
        by=by,
        table=_table(cells, by, names),
        overall=overall,
        period=_period(cells, filters),
        beside=_beside(by, filters),
        finding=_finding(overall),
        notes=_notes(run, filters, by, cells),
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


def groups_finding(result: OutcomesResult, outcome: str) -> str:
    """
    Which groups stand apart in the share of one outcome; without over-reading.

    Groups of five incidents or more are held against the share of all by exact binomial probabilities (both tails,
    the smaller one doubled), with the share of false alarms among those named kept to one in twenty (Benjamini and
    Hochberg, JRSS B 57, 1995).
    """
    noun, share = GROUP_NOUNS[result.by], result.beside_share(outcome)
    title = f"‘{outcome.capitalize()}’ by {GROUP_WORDS[result.by]}"
    rows = result.table[(result.table["outcome"] == outcome) & (result.table["of"] >= FEWEST_FOR_SHARE)]
    rows = rows[~_is_rest(rows["group"])]
    if len(rows) < 2:
        return f"{title}: fewer than two {noun} have {FEWEST_FOR_SHARE} incidents or more, too few to compare"
    apart = rows[_false_alarms(rows, share) <= FALSE_ALARMS]
    if apart.empty:
        return (
            f"{title}: none of {len(rows)} {noun} with {FEWEST_FOR_SHARE} incidents or more clearly differs from "
            f"{result.beside} ({share:.0%})"
        )
    than = f"than in {result.beside} ({share:.0%})"
    said = [
        f"clearly {word} {than} in {_listed(chosen)}"
        for word, chosen in (
            ("more often", apart[apart["share"] > share]),
            ("more rarely", apart[apart["share"] < share]),
        )
        if len(chosen)
    ]
    return f"{title}: {'; '.join(said)}"


def outcomes_to_download(result: OutcomesResult, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the result as a file that explains itself: the unit and time, shares with four decimals."""
    table = rows[TABLE_COLUMNS].copy()
    shares = ["share", "low", "high", "shrunk"]
    table[shares] = table[shares].astype(float).round(4)
    table.insert(0, "by", result.by)
    return table.assign(unit=UNIT, period=result.period)


def overall_to_download(result: OutcomesResult) -> pd.DataFrame:
    """The shares of all that was chosen as a file that explains itself, like `outcomes_to_download`."""
    table = result.overall.copy()
    shares = ["share", "low", "high", "london_share"]
    table[shares] = table[shares].astype(float).round(4)
    return table.assign(unit=UNIT, period=result.period)


def _false_alarms(rows: pd.DataFrame, share: float) -> np.ndarray:
    """The share of false alarms if all groups were named that differ from `share` as much as each does; 0 to 1."""
    chance = stats.binom(rows["of"].to_numpy(), share)
    n = rows["n"].to_numpy()
    return stats.false_discovery_control(np.minimum(2 * np.minimum(chance.cdf(n), chance.sf(n - 1)), 1))


def _cells(filters: Filters, by: str) -> ibis.Table:
    """Incidents by group, borough and outcome, with the first and last moment in which they may have started."""
    chosen = filter_incidents(incidents, filters)
    keys = {"group": _group_key(chosen, by), "borough_code": chosen.borough_code, "outcome": chosen.outcome}
    return chosen.group_by(**keys).aggregate(
        n=_.count(), first=_.started_earliest.min(), last=_.started_latest.max()
    )


def _group_key(chosen: ibis.Table, by: str) -> ibis.Value:
    first, last = chosen.started_earliest, chosen.started_latest
    if by == "year":
        return ibis.ifelse(first.year() == last.year(), first.year().cast("string"), UNKNOWN)
    if by == "hour":
        return ibis.ifelse(first == last, first.hour().cast("string"), UNKNOWN)
    return chosen[AREA_COLUMNS.get(by, by)]


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


def _groups(cells: pd.DataFrame, by: str, known: set[str]) -> pd.Series:
    if by not in LEVELS:
        return cells["group"]
    is_elsewhere = ~cells["in_london"] & (cells["borough_code"] != UNKNOWN)
    rest = pd.Series(np.where(is_elsewhere, OUTSIDE, UNKNOWN), index=cells.index)
    return cells["group"].where(cells["group"].isin(known), rest)


def _table(cells: pd.DataFrame, by: str, names: dict[str, str]) -> pd.DataFrame:
    counted = _by_outcome(cells, "group")
    counted = counted.loc[_in_order(counted, by, names)]
    n, of = counted.to_numpy(), counted.to_numpy().sum(axis=1)
    rest = {OUTSIDE: "Outside London", UNKNOWN: NAMES_OF_UNKNOWN[by]}
    shrunk = np.full(n.shape, np.nan)
    is_known = ~_is_rest(counted.index)
    for number in range(len(OUTCOMES)):
        shrunk[is_known, number] = smooth(n[is_known, number], of[is_known])
    low, high = wilson_intervals(n, of[:, np.newaxis])
    return pd.DataFrame(
        {
            "group": np.repeat(counted.index.to_numpy(), len(OUTCOMES)),
            "name": np.repeat([(names | rest).get(group, group) for group in counted.index], len(OUTCOMES)),
            "outcome": np.tile(OUTCOMES, len(counted)),
            "n": n.ravel(),
            "of": np.repeat(of, len(OUTCOMES)),
            "share": (n / of[:, np.newaxis]).ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "shrunk": shrunk.ravel(),
        }
    )


def wilson_intervals(n: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % Wilson score intervals of shares, 0 to 1; arrays of any shape that fit each other, `of` above zero."""
    # Loads for a third of a second, which a command that asks for something else need not wait for.
    from statsmodels.stats.proportion import proportion_confint

    return proportion_confint(n, np.broadcast_to(of, n.shape), method="wilson")


def _by_outcome(cells: pd.DataFrame, key: str) -> pd.DataFrame:
    """Incidents with a row per value of `key` and a column per outcome of the closed list."""
    counted = cells.groupby([key, "outcome"])["n"].sum().unstack(fill_value=0)
    return counted.reindex(columns=list(OUTCOMES), fill_value=0).astype(int)


def _in_order(counted: pd.DataFrame, by: str, names: dict[str, str]) -> list[str]:
    """Areas by their incidents, most first, equal ones by name; the others in their own order; the rest last."""
    known = [group for group in counted.index if group not in (OUTSIDE, UNKNOWN)]
    of = counted.sum(axis=1)
    if by in LEVELS:
        known.sort(key=lambda group: (-of[group], names[group]))
    elif by == "year":
        known.sort(key=int)
    else:
        known.sort(key=list(names).index)
    return known + [group for group in (OUTSIDE, UNKNOWN) if group in counted.index]


def _is_rest(groups: pd.Series | pd.Index) -> np.ndarray:
    return np.asarray(groups.isin([OUTSIDE, UNKNOWN]))


def _overall(cells: pd.DataFrame) -> pd.DataFrame:
    n = cells.groupby("outcome")["n"].sum().reindex(list(OUTCOMES), fill_value=0).astype(int)
    in_london = cells[cells["in_london"]].groupby("outcome")["n"].sum()
    table = pd.DataFrame({"outcome": OUTCOMES, "n": n.to_numpy(), "of": int(n.sum())})
    table["london_n"] = in_london.reindex(list(OUTCOMES), fill_value=0).astype(int).to_numpy()
    table["london_of"] = int(table["london_n"].sum())
    table["share"] = table["n"] / table["of"].where(table["of"] > 0)
    table["london_share"] = table["london_n"] / table["london_of"].where(table["london_of"] > 0)
    table["low"], table["high"] = np.nan, np.nan
    if n.sum():
        table["low"], table["high"] = wilson_intervals(table["n"].to_numpy(), table["of"].to_numpy())
    return table


def _period(cells: pd.DataFrame, filters: Filters) -> str:
    if cells.empty:
        return period_in_words(filters.date_from, filters.date_to)
    first, last = cells["first"].min().date(), cells["last"].max().date()
    return f"on {day_in_words(first)}" if first == last else period_in_words(first, last)


def _beside(by: str, filters: Filters) -> str:
    if by not in LEVELS:
        return "all records chosen"
    return "the boroughs chosen" if filters.boroughs else "London"


def _finding(overall: pd.DataFrame) -> str:
    of = int(overall["of"].iloc[0])
    if not of:
        return "No recorded incident fits this choice. Clear a filter, or choose a longer time."
    by_outcome = overall.set_index("outcome")
    detained, unknown = int(by_outcome.loc["people detained", "n"]), int(by_outcome.loc[UNKNOWN, "n"])
    share = f" ({detained / of:.0%})" if of >= FEWEST_FOR_SHARE else ""
    how = f"; how {unknown:,} ended is not known" if unknown else ""
    return f"People were detained in {detained:,} of {of:,} recorded incidents{share}{how}."


def _notes(run: Run, filters: Filters, by: str, cells: pd.DataFrame) -> list[str]:
    notes = []
    if filters.outcomes:
        notes.append(
            "The filter by outcome does not apply to shares: among raids chosen by outcome all end alike."
        )
    if vague := _vague(run, replace(filters, outcomes=())):
        notes.append(
            f"{vague:,} more {'incident is' if vague == 1 else 'incidents are'} known only by month or year and may or "
            "may not lie in these dates; left out."
        )
    outside = int(cells["n"][~cells["in_london"] & (cells["borough_code"] != UNKNOWN)].sum())
    if outside and by not in LEVELS:
        lie, are = ("lies", "is") if outside == 1 else ("lie", "are")
        notes.append(f"{outside:,} of the incidents {lie} outside London and {are} counted too.")
    return notes


def _vague(run: Run, filters: Filters) -> int:
    """How many incidents may or may not lie in the chosen dates."""
    if filters.date_from is None and filters.date_to is None:
        return 0
    return int(run(straddling(incidents, filters).aggregate(n=_.count()))["n"][0])


def _listed(rows: pd.DataFrame) -> str:
    """'Hackney (9 of 10) and Camden (7 of 8)', the firmest three and how many more."""
    rows = rows.sort_values("of", ascending=False, kind="stable")
    said = [f"{row.name} ({row.n:,} of {row.of:,})" for row in rows.itertuples(index=False)]
    more = [f"{len(said) - MOST_NAMES} more"] if len(said) > MOST_NAMES else []
    return ", ".join([*said[:MOST_NAMES], *more])
