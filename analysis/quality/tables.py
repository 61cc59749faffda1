"""What the records can tell, in tables and charts: rows, column headings, and the frames that charts are drawn of."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.quality.gaps import NO_REPORTS, NONE_CHOSEN, OUTSIDE, REPORTED
from analysis.quality.official import Official
from analysis.quality.quality import ALL_SOURCES, QualityResult
from analysis.quality.words import PAGES, begun, label, of_in_words, percent
from analysis.words import area_noun, figure, number_range
from data.reading import dates

MONTHS = tuple(name[:3] for name in dates.MONTHS)
SHOWN_AS = {NO_REPORTS: "no reports", NONE_CHOSEN: "0"}
VAGUE_COLUMN, VAGUE = "?", "month unknown"
# Upper ends of the classes of a month's incidents, for a group's log and for a large collection.
FEW, MANY = (1, 2, 5, 10, 50), (10, 50, 200, 1000, 5000)


def breakdown_rows(result: QualityResult, name: str) -> list[list[str]]:
    """A row per word of a closed list."""
    rows = result.breakdowns[result.breakdowns["field"] == name]
    return [[begun(row.value), f"{row.n:,}", percent(row.n, row.of)] for row in rows.itertuples(index=False)]


def breakdown_to_draw(result: QualityResult, name: str) -> pd.DataFrame:
    """A bar per word of a closed list: `label, share, said`."""
    rows = result.breakdowns[result.breakdowns["field"] == name]
    return pd.DataFrame(
        {
            "label": rows["value"].map(begun),
            "share": rows["share"],
            "said": [f"{row.n:,} ({percent(row.n, row.of)})" for row in rows.itertuples()],
        }
    )


def fields_to_draw(result: QualityResult) -> pd.DataFrame:
    """A bar per field, of all sources together: `label, share` (unknown), `said`."""
    rows = result.overall
    return pd.DataFrame(
        {
            "label": rows["field"].map(label),
            "share": rows["share"],
            "said": [_unknown_in_words(row.unknown, row.of) for row in rows.itertuples()],
        }
    )


def field_rows(result: QualityResult) -> list[list[str]]:
    """A row per field: how many leave it open, of all and by source."""
    wide = result.fields.pivot(index="field", columns="source_kind", values=["unknown", "of"])
    sources = field_sources(result)
    return [
        [label(name)]
        + [
            _unknown_in_words(wide.loc[name, ("unknown", each)], wide.loc[name, ("of", each)])
            for each in sources
        ]
        for name in result.fields["field"].unique()
    ]


def field_sources(result: QualityResult) -> list[str]:
    """The sources in the order of the table's columns, 'all' first."""
    return list(result.fields["source_kind"].unique())


def field_headings(result: QualityResult) -> list[str]:
    """Column headings of `field_rows`, with what each is of."""
    of = result.fields.drop_duplicates("source_kind").set_index("source_kind")["of"]
    return ["Field"] + [
        f"{'All records' if each == ALL_SOURCES else each.capitalize()} ({of[each]:,})"
        for each in field_sources(result)
    ]


def rest_rows(result: QualityResult) -> list[list[str]]:
    """A row per question that has anything to rest on: the page and what it shows, what that rests on, how many."""
    return [
        [f"{PAGES[row.page]}: {row.question}", begun(row.what), of_in_words(row.known, row.of)]
        for row in result.rests[result.rests["of"] > 0].itertuples(index=False)
    ]


def months_to_draw(result: QualityResult) -> pd.DataFrame:
    """
    The cells of the chart: `year` (text), `month_name`, `shown` (at most four signs), `said` (for the pointer), `kind`.

    `kind` is '0' to '5' (class of the number of incidents), or the state of a month without. Besides the twelve months
    there is a column '?' with incidents known by year only, where there are any; their kind is `VAGUE`.
    """
    cells = result.months.assign(month_name=result.months["month"].map(dict(enumerate(MONTHS, 1))))
    bounds = MANY if cells["incidents"].max() > 2 * FEW[-1] else FEW
    classes = pd.Series(np.searchsorted(bounds, cells["incidents"]), index=cells.index).astype(str)
    cells["kind"] = cells["state"].where(cells["state"] != REPORTED, classes)
    vague = result.years[result.years["month_unknown"] > 0]
    vague = vague.assign(
        month=13, month_name=VAGUE_COLUMN, incidents=vague["month_unknown"], state=REPORTED, kind=VAGUE
    )
    cells = pd.concat([cells, vague[list(cells.columns)]], ignore_index=True) if len(vague) else cells
    is_reported = cells["state"] == REPORTED
    signs = cells["state"].map({NO_REPORTS: "–", NONE_CHOSEN: "0", OUTSIDE: ""})
    numbers = cells["incidents"].map(lambda n: figure(n, n, "incident"))
    return cells.assign(
        year=cells["year"].astype(str),
        shown=signs.where(~is_reported, cells["incidents"].map(short_number)),
        said=cells["state"].where(~is_reported, numbers),
    )[["year", "month_name", "kind", "shown", "said"]]


def short_number(n: int) -> str:
    """
    A number in at most four signs, for a small cell; cut, not rounded up.

    >>> short_number(999), short_number(1_250), short_number(12_900), short_number(3_400_000)
    ('999', '1.2k', '12k', '3.4M')
    """
    for unit, size in (("M", 1_000_000), ("k", 1000)):
        if n >= size:
            return f"{n // (size // 10) / 10:.1f}{unit}" if n < 10 * size else f"{n // size}{unit}"
    return str(n)


def year_headings(result: QualityResult) -> list[str]:
    """Column headings of `year_rows`; those of the choice and of vague dates only where there are any."""
    headings = ["Year", "Incidents", "Reports in", "No reports in"]
    if (result.months["state"] == NONE_CHOSEN).any():
        headings.append("None of this choice in")
    if result.years["month_unknown"].any():
        headings.append("Month unknown")
    return headings


def year_rows(result: QualityResult) -> list[list[str]]:
    """A row per year: its incidents, and which months have reports, none, or none of this choice."""
    headings = year_headings(result)
    rows = []
    for year, months in result.months.groupby("year"):
        counted = result.years.set_index("year").loc[year]
        reported = months[months["state"] == REPORTED]
        cells = {
            "Year": str(year),
            "Incidents": f"{counted['incidents']:,}",
            "Reports in": ", ".join(
                f"{MONTHS[row.month - 1]} ({row.incidents:,})" for row in reported.itertuples()
            ),
            "No reports in": _runs(months["state"] == NO_REPORTS),
            "None of this choice in": _runs(months["state"] == NONE_CHOSEN),
            "Month unknown": f"{counted['month_unknown']:,}" if counted["month_unknown"] else "",
        }
        rows.append([cells[heading] for heading in headings])
    return rows


def area_rows(result: QualityResult, level: str) -> list[list[str]]:
    """A row per area of a level: those without reports first."""
    order = {NO_REPORTS: 0, NONE_CHOSEN: 1, REPORTED: 2}
    table = result.areas[result.areas["level"] == level]
    table = table.sort_values("state", key=lambda states: states.map(order), kind="stable")
    return [
        [
            row.area_name,
            f"{row.incidents:,}" if row.state == REPORTED else SHOWN_AS[row.state],
            "no official figures"
            if pd.isna(row.visits_low)
            else number_range(row.visits_low, row.visits_high),
        ]
        for row in table.itertuples()
    ]


def official_headings(official: Official) -> list[str]:
    """Column headings of `official_rows`; the kind of area, and the number of figures, only where they say more."""
    by = ["By"] if official.table["area_level"].nunique() > 1 else []
    figures = ["Figures"] if (official.table["figures"] > official.table["areas"]).any() else []
    return ["Period", *by, "Areas", *figures, "Ranges", "Visits"]


def official_rows(official: Official) -> list[list[str]]:
    """A row per level and period."""
    headings = official_headings(official)
    rows = []
    for row in official.table.itertuples():
        cells = {
            "Period": _period(row.period_start, row.period_end),
            "By": area_noun(row.area_level),
            "Areas": f"{row.areas:,}",
            "Figures": f"{row.figures:,}",
            "Ranges": f"{row.ranges:,}",
            "Visits": number_range(row.visits_low, row.visits_high),
        }
        rows.append([cells[heading] for heading in headings])
    return rows


def _runs(is_so: pd.Series) -> str:
    """
    The months of a year, January first, in which something holds.

    >>> _runs(pd.Series([True, False, True, True, True] + [False] * 6 + [True]))
    'Jan, Mar to May, Dec'
    """
    if is_so.all():
        return "all year"
    spans = []
    for month in np.flatnonzero(is_so.to_numpy()):
        if spans and spans[-1][1] == month - 1:
            spans[-1][1] = month
        else:
            spans.append([month, month])
    return ", ".join(
        MONTHS[first] if first == last else f"{MONTHS[first]} to {MONTHS[last]}" for first, last in spans
    )


def _period(start: date, end: date) -> str:
    """
    A period for a narrow column.

    >>> _period(date(2019, 1, 1), date(2019, 12, 31)), _period(date(2019, 1, 1), date(2019, 10, 31))
    ('2019', '1 Jan to 31 Oct 2019')
    """
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
    first = f"{start.day} {start:%b}" if start.year == end.year else f"{start.day} {start:%b %Y}"
    return f"{first} to {end.day} {end:%b %Y}"


def _unknown_in_words(n: float, of: float) -> str:
    return "0" if not n else f"{int(n):,} ({percent(int(n), int(of))})"
