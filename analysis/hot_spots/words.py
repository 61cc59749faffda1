"""What the tests for hot spots say, and what they do not, in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.hot_spots.hot_spots import FEWEST_AREAS, FEWEST_RECORDS, FEWEST_RESIDENTS_TESTED, HotSpotsResult
from analysis.where.measures import Classes, map_classes
from analysis.words import area_noun, figure, number_range, period_in_words

# With fewer areas than this the test finds only strong contrasts.
FEW_AREAS = 50
# How many places a sentence names.
NAMED = 8
# A rate so many standard deviations above the mean makes the test blind to others.
TOWERING = 6
# What is said of a hot spot whose own rate is below that of all.
BY_NEIGHBOURS = " (by its neighbours)"
# Above this, neighbours are not said to be alike.
LIKELY_CHANCE = 0.05


@dataclass(frozen=True)
class Subject:
    """What is tested: level, source ('counts' or 'incidents') and time, and whether in some boroughs only."""

    level: str
    source: str
    period_start: date | None
    period_end: date | None
    is_part: bool = False

    def areas(self, number: int) -> str:
        """'1 borough', '33 boroughs'."""
        noun = area_noun(self.level)
        return f"1 {_SINGULAR[self.level]}" if number == 1 else f"{number:,} {noun}"

    def records(self) -> str:
        """'official visits from 2014 to 2022'; without a time if there is none."""
        if self.period_start is None or self.period_end is None:
            return _RECORDS[self.source]
        return f"{_RECORDS[self.source]} {period_in_words(self.period_start, self.period_end)}"

    def beside(self) -> str:
        """', compared with the other boroughs chosen' where the areas are not all of London's; else nothing."""
        if not self.is_part:
            return ""
        noun = area_noun(self.level)
        others = "boroughs chosen" if self.level == "borough" else f"{noun} of the boroughs chosen"
        return f", compared with the other {others}"


_RECORDS = {"counts": "official visits", "incidents": "recorded incidents"}
_SINGULAR = {"borough": "borough", "district": "postcode district", "locality": "locality"}


def subject_of(result: HotSpotsResult) -> Subject:
    """What a result is about."""
    return Subject(result.level, result.source, result.period_start, result.period_end, result.is_part)


def finding(result: HotSpotsResult) -> str:
    """Which places passed the test, or why there is none to speak of."""
    subject = subject_of(result)
    if result.moran is None:
        return say_why_no_test(result.table, subject, result.chosen, result.tested)
    return say_hot_spots(result.table, subject)


def sentences(result: HotSpotsResult) -> list[str]:
    """The finding, and where areas were tested whether neighbours are alike."""
    alike = [] if result.moran is None else [say_moran(*result.moran, subject_of(result))]
    return [finding(result), *alike]


def notes(result: HotSpotsResult) -> list[str]:
    """What the test looked at, what the figures leave out, and which areas were not tested."""
    table, subject = result.table, subject_of(result)
    said = [] if result.moran is None else note_test(table, subject, result.with_bridges)
    untested = [] if result.tested is None else note_untested(table, result.tested, subject, result.small)
    return [*said, *result.notes, *untested]


def say_why_no_test(
    table: pd.DataFrame, subject: Subject, chosen: float, tested: Sequence[str] | None = None
) -> str:
    """
    Why there are no hot spots to speak of.

    `chosen` is how many records there are, wherever they lie; `tested` if the areas with a neighbour are known already.
    """
    rows = table[table["eb_rate"].notna() if tested is None else table["area_code"].isin(tested)]
    nothing = f"no hot spot of {subject.records()} can be told from chance"
    if rows.empty and subject.source == "counts":
        return "No area has figures enough, residents enough and a neighbour to be tested for a hot spot."
    if not rows["observed_high"].any():
        if chosen:
            return f"None of the {subject.records()} lies in an area that could be tested, so nothing can be a hot spot."
        return f"There are no {subject.records()} in this choice, so nothing can be a hot spot."
    if len(rows) < FEWEST_AREAS:
        return f"Only {subject.areas(len(rows))} could be tested: too few, so {nothing}."
    if rows["observed"].sum() < FEWEST_RECORDS:
        noun = {"counts": "official visit", "incidents": "recorded incident"}[subject.source]
        low, high = rows["observed_low"].sum(), rows["observed_high"].sum()
        return f"Only {figure(low, high, noun)} in the areas tested: too few, so {nothing}."
    return (
        f"The rates of the {subject.areas(len(rows))} differ no more than chance alone would make them: "
        f"there is no hot spot of {subject.records()}."
    )


def say_hot_spots(table: pd.DataFrame, subject: Subject) -> str:
    """Which places passed the test."""
    tested, hot = int(table["gi_star"].notna().sum()), table[table["is_hot_spot"]]
    period = period_in_words(subject.period_start, subject.period_end)
    per = f"{_RECORDS[subject.source]} per resident {period}{subject.beside()}"
    if hot.empty:
        return (
            f"None of the {subject.areas(tested)} tested is a hot spot of {per}: among so many tests, chance could "
            "explain the highest of them."
        )
    hot = hot.sort_values("gi_star", ascending=False)
    verb = "is a hot spot" if len(hot) == 1 else "are hot spots"
    hot = hot.assign(
        area_name=hot["area_name"] + np.where(_is_by_neighbours(table), BY_NEIGHBOURS, "")[hot.index]
    )
    return f"{len(hot)} of {subject.areas(tested)} tested {verb} of {per}: {_names(hot)}."


def _is_by_neighbours(table: pd.DataFrame) -> np.ndarray:
    """Which hot spots have a rate of their own below that of all areas tested together."""
    tested = table[table["gi_star"].notna()]
    overall = tested["observed"].sum() / tested["person_years"].sum() * 1000
    return (table["is_hot_spot"] & (table["rate"] < overall)).to_numpy()


def _names(areas: pd.DataFrame) -> str:
    """The first few of some areas; a locality's name can hold a comma."""
    more = f" and {len(areas) - NAMED} more" if len(areas) > NAMED else ""
    separator = "; " if areas["area_name"].str.contains(",").any() else ", "
    return separator.join(areas["area_name"].head(NAMED)) + more


def say_moran(moran: float, p_value: float, subject: Subject) -> str:
    """Whether neighbours are alike."""
    figures = f"Moran's I {moran:z.2f}, p {p_in_words(p_value)}"
    areas = area_noun(subject.level)
    if p_value > LIKELY_CHANCE:
        return f"Whether neighbouring {areas} have like rates cannot be told from chance ({figures})."
    return f"Neighbouring {areas} have rates more alike than chance would make them ({figures})."


def note_test(table: pd.DataFrame, subject: Subject, with_bridges: bool) -> list[str]:
    """What the test looked at, and how far it reaches."""
    tested = int(table["gi_star"].notna().sum())
    across = (
        "and those that a crossing of the Thames joins" if with_bridges else "not across the tidal Thames"
    )
    notes = [
        f"Hot spot: an area that, together with its neighbours (those that touch it, {across}), has a higher smoothed "
        "rate than chance would give it, at most 5 % of such findings being expected to be false."
    ]
    if (table["observed_low"] != table["observed_high"]).any():
        notes.append("Where counts are ranges, a hot spot passes the test at both of their ends.")
    if tested < FEW_AREAS:
        notes.append(
            f"With {subject.areas(tested)} the test is weak: it finds strong contrasts only, and an area that "
            "does not pass may still have more than its share."
        )
    notes += _note_towering(table, subject)
    if subject.source == "incidents":
        notes.append("Recorded incidents show where raids are reported as much as where they happen.")
    return notes


def _note_towering(table: pd.DataFrame, subject: Subject) -> list[str]:
    """One rate far above all others is met in many arrangements by chance, and so hides what is lower."""
    rates = table.loc[table["gi_star"].notna(), "eb_rate"]
    if rates.max() - rates.mean() <= TOWERING * rates.std():
        return []
    name, decimals = table.loc[rates.idxmax(), "area_name"], RATE_DECIMALS[subject.source]
    return [
        f"The rate of {name} ({rates.max():.{decimals}f} per 1,000 residents per year) towers over all others (half of them "
        f"are below {rates.median():.{decimals}f}): arrangements by chance that put it next door outdo real clusters, so the "
        "test finds fewer hot spots than without it."
    ]


def note_untested(
    table: pd.DataFrame, tested: Sequence[str], subject: Subject, small: Collection[str]
) -> list[str]:
    """Which areas were left out of the test, and why; `small` are the codes of those with too few residents."""
    without = table.loc[table["eb_rate"].isna(), "area_code"]
    alone = table[table["eb_rate"].notna() & ~table["area_code"].isin(tested)]
    n_small = int(without.isin(small).sum())
    why = [
        f"{number:,} {'has' if number == 1 else 'have'} {reason}"
        for number, reason in (
            (n_small, f"fewer than {FEWEST_RESIDENTS_TESTED:,} residents"),
            (len(without) - n_small, "official figures for less than half of residents and time"),
        )
        if number
    ]
    notes = []
    if len(without):
        notes.append(f"Not tested: {subject.areas(len(without))}: {', '.join(why)}.")
    if len(alone):
        notes.append(f"Not tested for want of a neighbour with figures: {_names(alone)}.")
    return notes


def p_in_words(p_value: float) -> str:
    """
    A p-value as it is shown: at most four decimals, none invented.

    >>> p_in_words(0.0001), p_in_words(0.0312), p_in_words(0.4)
    ('0.0001', '0.03', '0.40')
    """
    return f"{p_value:.4f}" if p_value < 0.01 else f"{p_value:.2f}"


# What a map of the tests may show, and its classes in words; areas without a figure are in none of them.
VERDICTS = ("hot spot", "not told apart from chance", "a rate, but no test")
ALIKE = (
    "high among high",
    "high among low",
    "low among high",
    "low among low",
    "not told apart from chance",
    "a rate, but no test",
)
NO_FIGURE = "no rate: few residents, or few figures"
RATE_KINDS = {"counts": "rate", "incidents": "incidents_rate"}
RATE_DECIMALS = {"counts": 2, "incidents": 4}
HEADINGS = ("Hot spot", "Number", "Smoothed", "Gi*", "q", "p", "Raw")
HOW_TO_READ = (
    "Smoothed and raw rate: per 1,000 residents per year. Gi*: how far an area and its neighbours stand above all, in standard "
    "deviations. p: the share of arrangements by chance that stand as high; q: the same, corrected for the number of areas. "
    "A hot spot has a q of at most 0.05."
)


def verdict_numbers(table: pd.DataFrame) -> np.ndarray:
    """The place of each area in `VERDICTS`; -1 without a rate."""
    numbers = np.select([table["is_hot_spot"], table["gi_star"].notna()], [0, 1], 2)
    return np.where(table["eb_rate"].isna(), -1, numbers)


def alike_numbers(table: pd.DataFrame) -> np.ndarray:
    """The place of each area in `ALIKE`, by local Moran's I; -1 without a rate."""
    found = [table["quadrant"] == quadrant for quadrant in ("HH", "HL", "LH", "LL")]
    numbers = np.select([*found, table["local_moran"].notna()], range(5), 5)
    return np.where(table["eb_rate"].isna(), -1, numbers)


def rate_classes(source: str) -> Classes:
    """The fixed classes of smoothed rates, per 1,000 residents per year, as those of raw ones."""
    return map_classes(RATE_KINDS[source])


def rate_numbers(table: pd.DataFrame, source: str) -> np.ndarray:
    """The place of each area's smoothed rate in `rate_classes`; -1 without one."""
    return rate_classes(source).index(table["eb_rate"].to_numpy())


def lines_of(row, source: str) -> tuple[str, ...]:
    """What a map says of an area, a row of the table: its name first."""
    if np.isnan(row.eb_rate):
        return row.area_name, NO_FIGURE.capitalize()
    rate = f"Smoothed rate {row.eb_rate:.{RATE_DECIMALS[source]}f} per 1,000 residents per year"
    if np.isnan(row.gi_star):
        return row.area_name, rate, "Not tested"
    verdict = "A hot spot" if row.is_hot_spot else "Not a hot spot"
    test = f"Gi* {row.gi_star:z.2f}, p {p_in_words(row.p_value)}, q {p_in_words(row.q_value)}"
    return row.area_name, rate, f"{verdict}: {test}"


def cells_of(row, source: str) -> list[str]:
    """What a table says of an area under its name and `HEADINGS`; a dash where there is no figure."""
    decimals = RATE_DECIMALS[source]
    has_number, has_rate, has_test = (
        not np.isnan(value) for value in (row.observed, row.eb_rate, row.gi_star)
    )
    verdict = "yes" if row.is_hot_spot else "no"
    return [
        row.area_name,
        verdict if has_test else "–",
        number_range(row.observed_low, row.observed_high) if has_number else "–",
        f"{row.eb_rate:.{decimals}f}" if has_rate else "–",
        f"{row.gi_star:z.2f}" if has_test else "–",
        p_in_words(row.q_value) if has_test else "–",
        p_in_words(row.p_value) if has_test else "–",
        f"{row.rate:.{decimals}f}" if has_rate else "–",
    ]


def to_download(table: pd.DataFrame, subject: Subject) -> pd.DataFrame:
    """The table as a file that explains itself: what is counted, in which unit and time."""
    table = table.copy()
    numbers = table.select_dtypes("number").columns
    table[numbers] = table[numbers].round(6)
    table.insert(2, "measure", _RECORDS[subject.source].capitalize())
    table.insert(3, "period", period_in_words(subject.period_start, subject.period_end))
    return table.rename(
        columns={
            "rate": "rate_per_1000_residents_per_year",
            "eb_rate": "smoothed_rate_per_1000_residents_per_year",
        }
    )
