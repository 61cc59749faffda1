"""What the records can tell, in words: labels, titles, the questions that rest on them, rows of the tables."""

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.filters import Filters
from analysis.headlines import Headline
from analysis.quality_gaps import NO_REPORTS, NONE_CHOSEN, OUTSIDE, REPORTED, longest_gap
from analysis.trend_words import listed
from analysis.when_words import MONTH_NAMES
from analysis.words import area_noun, day_in_words, figure, number_range, period_in_words
from data.schema import UNKNOWN

if TYPE_CHECKING:
    from analysis.quality import QualityResult
    from analysis.quality_official import Official

FIELDS = {
    "time_of_day": "Hour or part of the day",
    "day": "Day",
    "month": "Month",
    "borough_code": "Borough",
    "postcode_district": "Postcode district",
    "locality_code": "Locality",
    "location_precision": "Place at all",
    "setting": "Setting",
    "outcome": "Outcome",
    "people_detained": "People held",
    "people_released": "People let go",
    "crowd_size": "People who came",
    "duration_minutes": "Duration",
    "police_present": "Police present",
    "community_response": "Community response",
}
BREAKDOWN_TITLES = {
    "source_kind": "Who reported it",
    "confidence": "How sure the record is",
    "review": "Whether a second person looked at it",
    "date_precision": "How finely the time is known",
    "location_precision": "How finely the place is known",
}
# The commonest word of each, in a sentence.
SAID = {
    "source_kind": "Reported most often by {word}: {of}",
    "confidence": "Confidence is {word} for {of}",
    "date_precision": "The time is known to the {word} for {of}",
    "location_precision": "The place is known to the {word} for {of}",
}
IN_A_SENTENCE = {
    "group report": "groups",
    "press": "the press",
    "campaign": "campaigns",
    "government": "the government",
    "parliament": "Parliament",
    "to check": "are still to be checked",
    "checked": "were checked",
    "as imported": "stand as imported",
    "district": "postcode district",
}
PAGES = {
    "Where": "Where",
    "When": "When",
    "Outcomes": "What happens then",
    "Trends": "Is it changing",
    "Organise": "Where to organise",
}
# Page, what it shows, what a record must say for it, a sum of analysis/quality.py, and whether that counts the unusable.
QUESTIONS = (
    ("Where", "recorded incidents by borough", "incidents in a borough of London", "in_london", False),
    ("Where", "recorded incidents by postcode district", "postcode district known", "postcode_district", True),
    ("Where", "recorded incidents by locality", "locality known", "locality_code", True),
    ("When", "hours of the day", "hour or part of the day known", "time_of_day", True),
    ("When", "weekdays", "day known", "day", True),
    ("When", "months of the year", "month known", "month", True),
    ("Outcomes", "how raids ended", "outcome known", "outcome", True),
    ("Outcomes", "people held", "number stated", "people_detained", True),
    ("Outcomes", "how long stand-offs lasted", "duration stated", "duration_minutes", True),
    ("Outcomes", "community response and outcome", "both known", "response_and_outcome", False),
    ("Trends", "recorded incidents by month", "within one month", "one_month", False),
)  # fmt: skip
NOT_NO_RAIDS = (
    "No reports means that nobody told these records of any. It never means that there were no raids."
)
MOST_NAMED = 10
IMPORT_KINDS = {"incidents": "incidents", "counts": "official figures"}


def of_in_words(n: int, of: int) -> str:
    """
    A number, what it is of, and its share; neither none nor all where it is not.

    >>> of_in_words(105, 139), of_in_words(1, 1000), of_in_words(999, 1000), of_in_words(0, 0)
    ('105 of 139 (76%)', '1 of 1,000 (<1%)', '999 of 1,000 (>99%)', '0 of 0')
    """
    told = f"{n:,} of {of:,}"
    return f"{told} ({percent(n, of)})" if of else told


def percent(n: int, of: int) -> str:
    """A share in whole per cent; '–' of none, '<1%' and '>99%' where rounding would say none or all."""
    if not of:
        return "–"
    whole = f"{n / of:.0%}"
    if whole == "0%" and n:
        return "<1%"
    return ">99%" if whole == "100%" and n < of else whole


def label(name: str) -> str:
    """A field as a person calls it."""
    return FIELDS[name]


def _begun(text: str) -> str:
    """The text as the beginning of a cell; 'London' stays 'London'."""
    return text[:1].upper() + text[1:]


def figures(result: "QualityResult") -> list[Headline]:
    """The headline figures of the page."""
    official = result.official
    said = [
        Headline("Recorded incidents", f"{result.incidents:,}", _incidents_sentence(result)),
        Headline("Official figures", f"{official.figures:,}", _official_sentence(result)),
        Headline("Last import", _import_day(result), _imports_sentence(result)),
    ]
    if result.incidents:
        known = _row(result.fields, "time_of_day")
        said.insert(
            2,
            Headline(
                "Time of day known",
                f"{known.of - known.unknown:,} of {known.of:,}",
                "The page When rests on these for its hours; of all others no more than the day is known.",
            ),
        )
    return said


def findings(result: "QualityResult", filters: Filters) -> dict[str, str]:
    """A title for each table and chart: 'source_kind' and the other breakdowns, 'fields', 'months', 'borough', 'district', 'official'."""
    if not result.incidents:
        none = (
            "No recorded incident fits this choice. Clear a filter, or choose a longer time."
            if result.of_all
            else "No recorded incident shows yet. Import a log, or log an incident by hand."
        )
        said = {"incidents": none}
    else:
        said = {name: _breakdown_finding(result, name) for name in BREAKDOWN_TITLES}
        said["fields"] = _fields_finding(result)
    said["months"] = _months_finding(result, " in the boroughs chosen" if filters.boroughs else "")
    said |= {level: _areas_finding(result, level) for level in ("borough", "district")}
    said["official"] = _official_finding(result.official)
    return {name: text for name, text in said.items() if text}


def notes(result: "QualityResult", vague: int, filters: Filters) -> list[str]:
    """What the numbers leave out."""
    said = []
    if vague:
        said.append(
            f"{vague} more {'incident is' if vague == 1 else 'incidents are'} known only by month or year and may or may not "
            "lie in these dates; left out."
        )
    month_unknown = int(result.years["month_unknown"].sum())
    if month_unknown:
        said.append(
            f"{figure(month_unknown, month_unknown, 'incident')} {'is' if month_unknown == 1 else 'are'} known by year only and "
            "may lie in a month without reports."
        )
    for noun, unplaced in (
        ("borough", result.without_borough),
        ("postcode district", result.without_district),
    ):
        if unplaced:
            said.append(
                f"{figure(unplaced, unplaced, 'incident')} {'names' if unplaced == 1 else 'name'} no {noun} and may lie in one "
                "without reports."
            )
    if filters.outcomes or filters.source_kinds or filters.confidences:
        said.append("Outcome, source and confidence do not choose official figures: they have none.")
    return said


def visibility(hidden_days: int, waiting: int | None) -> list[str]:
    """How long a record takes to show; `waiting` is how many of the group's own do not show yet, None if that is not said."""
    said = [
        f"A group's own record shows {hidden_days} days after the raid, never sooner: until then it is in no figure, map or "
        f"download. So the last {hidden_days} days hold no reports of the group's own. What came with the dashboard is public and shows at once."
    ]
    if waiting is not None:
        said.append(
            "None is waiting now."
            if not waiting
            else f"{waiting:,} {'record is' if waiting == 1 else 'records are'} waiting and not counted on this page."
        )
    return said


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


# Rows of tables


def breakdown_rows(result: "QualityResult", name: str) -> list[list[str]]:
    """A row per word of a closed list."""
    rows = result.breakdowns[result.breakdowns["field"] == name]
    return [[_begun(row.value), f"{row.n:,}", percent(row.n, row.of)] for row in rows.itertuples(index=False)]


def breakdown_to_draw(result: "QualityResult", name: str) -> pd.DataFrame:
    """A bar per word of a closed list: `label, share, said`."""
    rows = result.breakdowns[result.breakdowns["field"] == name]
    return pd.DataFrame(
        {
            "label": rows["value"].map(_begun),
            "share": rows["share"],
            "said": [f"{row.n:,} ({percent(row.n, row.of)})" for row in rows.itertuples()],
        }
    )


def fields_to_draw(result: "QualityResult") -> pd.DataFrame:
    """A bar per field, of all sources together: `label, share` (unknown), `said`."""
    rows = result.fields[result.fields["source_kind"] == "all"]
    return pd.DataFrame(
        {
            "label": rows["field"].map(label),
            "share": rows["share"],
            "said": [_unknown_in_words(row.unknown, row.of) for row in rows.itertuples()],
        }
    )


def field_rows(result: "QualityResult") -> list[list[str]]:
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


def field_sources(result: "QualityResult") -> list[str]:
    """The sources in the order of the table's columns, 'all' first."""
    return list(result.fields["source_kind"].unique())


def field_headings(result: "QualityResult") -> list[str]:
    """Column headings of `field_rows`, with what each is of."""
    of = result.fields.drop_duplicates("source_kind").set_index("source_kind")["of"]
    return ["Field"] + [
        f"{'All records' if each == 'all' else each.capitalize()} ({of[each]:,})"
        for each in field_sources(result)
    ]


def rest_rows(result: "QualityResult") -> list[list[str]]:
    """A row per question that has anything to rest on: the page and what it shows, what that rests on, how many."""
    return [
        [f"{PAGES[row.page]}: {row.question}", _begun(row.what), of_in_words(row.known, row.of)]
        for row in result.rests[result.rests["of"] > 0].itertuples(index=False)
    ]


MONTHS = tuple(name[:3] for name in MONTH_NAMES)
SHOWN_AS = {NO_REPORTS: "no reports", NONE_CHOSEN: "0"}
VAGUE_COLUMN, VAGUE = "?", "month unknown"
# Upper ends of the classes of a month's incidents, for a group's log and for a large collection.
FEW, MANY = (1, 2, 5, 10, 50), (10, 50, 200, 1000, 5000)


def months_to_draw(result: "QualityResult") -> pd.DataFrame:
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


def year_headings(result: "QualityResult") -> list[str]:
    """Column headings of `year_rows`; those of the choice and of vague dates only where there are any."""
    headings = ["Year", "Incidents", "Reports in", "No reports in"]
    if (result.months["state"] == NONE_CHOSEN).any():
        headings.append("None of this choice in")
    if result.years["month_unknown"].any():
        headings.append("Month unknown")
    return headings


def year_rows(result: "QualityResult") -> list[list[str]]:
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


def area_rows(result: "QualityResult", level: str) -> list[list[str]]:
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


def official_headings(official: "Official") -> list[str]:
    """Column headings of `official_rows`; the kind of area, and the number of figures, only where they say more."""
    by = ["By"] if official.table["area_level"].nunique() > 1 else []
    figures = ["Figures"] if (official.table["figures"] > official.table["areas"]).any() else []
    return ["Period", *by, "Areas", *figures, "Ranges", "Visits"]


def official_rows(official: "Official") -> list[list[str]]:
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


def official_notes(official: "Official") -> list[str]:
    """What the table of official figures leaves out, and how to read it."""
    said = ["A range is a number that the return withholds, such as “<5”; visits are then fewest to most."]
    if official.by_setting:
        said.append(
            f"{figure(official.by_setting, official.by_setting, 'figure')} in the store {'counts' if official.by_setting == 1 else 'count'} "
            "one kind of address only; choose a setting to see them."
        )
    return said


def _unknown_in_words(n: float, of: float) -> str:
    return "0" if not n else f"{int(n):,} ({percent(int(n), int(of))})"


def _row(fields: pd.DataFrame, name: str):
    found = fields[(fields["field"] == name) & (fields["source_kind"] == "all")]
    return next(found.itertuples(index=False), None)


def _incidents_sentence(result: "QualityResult") -> str:
    if not result.incidents:
        return "None fits this choice." if result.of_all else "None shows yet."
    of_all = f"Of {result.of_all:,} records" if result.incidents < result.of_all else "All records"
    logged = (
        f" {result.logged:,} of them {'was' if result.logged == 1 else 'were'} logged by hand."
        if result.logged
        else ""
    )
    return f"{of_all}, {period_in_words(result.first, result.last)}.{logged} The records reach to {result.incidents_as_of:%B %Y}."


def _official_sentence(result: "QualityResult") -> str:
    official = result.official
    if not official.figures:
        return "None fits this choice." if official.in_store else "None is in the store yet."
    return (
        f"{of_in_words(official.ranges, official.figures)} {'is a range' if official.ranges == 1 else 'are ranges'}, such as "
        f"“<5”, which is 1 to 4. They reach to {day_in_words(result.visits_as_of)}."
    )


def _import_day(result: "QualityResult") -> str:
    own = result.imports[~result.imports["is_bundled"].astype(bool)]
    table = own if len(own) else result.imports
    if table.empty:
        return "–"
    day = table["imported_at"].max()
    return f"{day.day} {day:%b %Y}"


def _imports_sentence(result: "QualityResult") -> str:
    if result.imports.empty:
        return "Nothing has been imported yet."
    if result.imports["is_bundled"].all():
        return "What came with the dashboard. Nothing else has been imported."
    parts = [
        f"{IMPORT_KINDS[row.kind]} {'came with the dashboard' if row.is_bundled else f'on {day_in_words(row.imported_at.date())}'}"
        for row in result.imports.itertuples()
    ]
    return f"{_begun(listed(parts))}."


def _breakdown_finding(result: "QualityResult", name: str) -> str:
    """The commonest word of a closed list; several where they are level."""
    rows = result.breakdowns[result.breakdowns["field"] == name]
    n, of = int(rows["n"].max()), int(rows["of"].iloc[0])
    top = list(rows["value"][rows["n"] == n])
    told = of_in_words(n, of)
    if name == "location_precision" and top[-1] == UNKNOWN:
        if len(top) == 1:
            return f"The place is unknown for {told}"
        top = top[:-1]
    top = [IN_A_SENTENCE.get(word, word) for word in top]
    if name == "review":
        return listed([f"{told} {word}" for word in top])
    return SAID[name].format(word=listed(top), of=told + (" each" if len(top) > 1 else ""))


def _fields_finding(result: "QualityResult") -> str:
    overall = result.fields[result.fields["source_kind"] == "all"]
    open_ones = overall[overall["unknown"] * 2 > overall["of"]].sort_values(
        "unknown", ascending=False, kind="stable"
    )
    if open_ones.empty:
        return f"Every field is known for at least half of {figure(result.incidents, result.incidents, 'incident')}"
    names = listed([label(name).lower() for name in open_ones["field"]])
    return f"Unknown for more than half of {figure(result.incidents, result.incidents, 'incident')}: {names}"


def _months_finding(result: "QualityResult", place: str) -> str:
    looked_at = int(result.years["months"].sum())
    if not looked_at:
        return ""
    without = int(result.years["months_without"].sum())
    span = period_in_words(result.first, result.last)
    if not without:
        months = "The one month" if looked_at == 1 else f"Every one of {looked_at:,} months"
        return f"{months} {span} has reports{place}"
    said = f"No reports{place} in {without:,} of {looked_at:,} months {span}"
    first, last = longest_gap(result.months)
    if first == last:
        return said
    first, last = (f"{MONTH_NAMES[month.month - 1]} {month.year}" for month in (first, last))
    return f"{said}; the longest time without is {first} to {last}"


def _areas_finding(result: "QualityResult", level: str) -> str:
    table = result.areas[result.areas["level"] == level]
    without = table[table["state"] == NO_REPORTS]
    if table.empty:
        return ""
    noun = area_noun(level)
    if without.empty:
        return f"Every one of {len(table):,} {noun} has reports"
    if len(without) == len(table):
        said = f"No reports from any of {len(table):,} {noun}"
    else:
        said = f"No reports from {len(without):,} of {len(table):,} {noun}"
    if len(without) <= MOST_NAMED and len(without) < len(table):
        said += f" ({listed(list(without['area_name']))})"
    return said + _visits_there(without)


def _visits_there(without: pd.DataFrame) -> str:
    """What official figures count where nothing is reported: the plainest sign that it does not mean no raids."""
    counted = without[without["visits_high"] > 0]
    if counted.empty:
        return ""
    visits = figure(counted["visits_low"].sum(), counted["visits_high"].sum(), "visit")
    if len(counted) < len(without):
        places = f"{len(counted):,} of them"
    else:
        places = {1: "it", 2: "both"}.get(len(without), f"all {len(without):,}")
    return f"; official figures count {visits} in {places}"


def _official_finding(official: "Official") -> str:
    if not official.figures:
        return (
            "No official figure covers this choice. Choose whole years, or clear the filters."
            if official.in_store
            else "No official figure is in the store yet. Import an answer to a Freedom of Information request."
        )
    start, end = official.table["period_start"].min(), official.table["period_end"].max()
    text = (
        f"Official figures cover {official.districts_covered:,} of {official.districts:,} postcode districts "
        f"{period_in_words(start, end)}"
    )
    if official.uncovered and len(official.uncovered) < official.boroughs:
        text += f", and less than half of the residents of {listed(official.uncovered)}"
    return text
