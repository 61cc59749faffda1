"""What the records can tell, in words: labels, titles, figures and notes. Rows of tables: `analysis/quality/tables.py`."""

import pandas as pd

from analysis.quality.gaps import NO_REPORTS, longest_gap
from analysis.quality.official import Official
from analysis.quality.quality import QualityResult
from analysis.words import Headline, area_noun, day_in_words, figure, listed, period_in_words
from data.reading import dates
from data.schema import REVIEW_VALUES, SOURCE_KIND_VALUES, UNKNOWN

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
    **{word: value.said for word, value in {**SOURCE_KIND_VALUES, **REVIEW_VALUES}.items()},
    "district": "postcode district",
}
PAGES = {
    "Where": "Where",
    "When": "When",
    "Outcomes": "What happens then",
    "Trends": "Is it changing",
    "Organise": "Where to organise",
}
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


def begun(text: str) -> str:
    """The text as the beginning of a cell; 'London' stays 'London'."""
    return text[:1].upper() + text[1:]


def figures(result: QualityResult) -> list[Headline]:
    """The headline figures of the page."""
    official = result.official
    said = [
        Headline("Recorded incidents", f"{result.incidents:,}", _incidents_sentence(result)),
        Headline("Official figures", f"{official.figures:,}", _official_sentence(result)),
        Headline("Last import", _import_day(result), _imports_sentence(result)),
    ]
    if result.incidents:
        known = next(result.overall[result.overall["field"] == "time_of_day"].itertuples())
        said.insert(
            2,
            Headline(
                "Time of day known",
                f"{known.of - known.unknown:,} of {known.of:,}",
                "The page When rests on these for its hours; of all others no more than the day is known.",
            ),
        )
    return said


def findings(result: QualityResult) -> dict[str, str]:
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
    said["months"] = _months_finding(result, " in the boroughs chosen" if result.filters.boroughs else "")
    said |= {level: _areas_finding(result, level) for level in ("borough", "district")}
    said["official"] = _official_finding(result.official)
    return {name: text for name, text in said.items() if text}


def sentences(result: QualityResult) -> list[str]:
    """What the tables show, a sentence each."""
    return [text if text.endswith(".") else f"{text}." for text in findings(result).values()]


def notes(result: QualityResult) -> list[str]:
    """What the numbers leave out."""
    said, filters = [], result.filters
    if result.vague:
        said.append(
            f"{result.vague} more {'incident is' if result.vague == 1 else 'incidents are'} known only by month or year and may or may not "
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


def official_notes(official: Official) -> list[str]:
    """What the table of official figures leaves out, and how to read it."""
    said = ["A range is a number that the return withholds, such as “<5”; visits are then fewest to most."]
    if official.by_setting:
        said.append(
            f"{figure(official.by_setting, official.by_setting, 'figure')} in the store {'counts' if official.by_setting == 1 else 'count'} "
            "one kind of address only; choose a setting to see them."
        )
    return said


def _incidents_sentence(result: QualityResult) -> str:
    if not result.incidents:
        return "None fits this choice." if result.of_all else "None shows yet."
    of_all = f"Of {result.of_all:,} records" if result.incidents < result.of_all else "All records"
    logged = (
        f" {result.logged:,} of them {'was' if result.logged == 1 else 'were'} logged by hand."
        if result.logged
        else ""
    )
    return f"{of_all}, {period_in_words(result.first, result.last)}.{logged} The records reach to {result.incidents_as_of:%B %Y}."


def _official_sentence(result: QualityResult) -> str:
    official = result.official
    if not official.figures:
        return "None fits this choice." if official.in_store else "None is in the store yet."
    return (
        f"{of_in_words(official.ranges, official.figures)} {'is a range' if official.ranges == 1 else 'are ranges'}, such as "
        f"“<5”, which is 1 to 4. They reach to {day_in_words(result.visits_as_of)}."
    )


def _import_day(result: QualityResult) -> str:
    own = result.imports[~result.imports["is_bundled"].astype(bool)]
    table = own if len(own) else result.imports
    if table.empty:
        return "–"
    day = table["imported_at"].max()
    return f"{day.day} {day:%b %Y}"


def _imports_sentence(result: QualityResult) -> str:
    if result.imports.empty:
        return "Nothing has been imported yet."
    if result.imports["is_bundled"].all():
        return "What came with the dashboard. Nothing else has been imported."
    return " ".join(
        f"{begun(IMPORT_KINDS[row.kind])} {'came with the dashboard' if row.is_bundled else f'were imported on {day_in_words(row.imported_at.date())}'}."
        for row in result.imports.itertuples()
    )


def _breakdown_finding(result: QualityResult, name: str) -> str:
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


def _fields_finding(result: QualityResult) -> str:
    overall = result.overall
    open_ones = overall[overall["unknown"] * 2 > overall["of"]].sort_values(
        "unknown", ascending=False, kind="stable"
    )
    if open_ones.empty:
        return f"Every field is known for at least half of {figure(result.incidents, result.incidents, 'incident')}"
    names = listed([label(name).lower() for name in open_ones["field"]])
    return f"Unknown for more than half of {figure(result.incidents, result.incidents, 'incident')}: {names}"


def _months_finding(result: QualityResult, place: str) -> str:
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
    first, last = (f"{dates.MONTHS[month.month - 1]} {month.year}" for month in (first, last))
    return f"{said}; the longest time without is {first} to {last}"


def _areas_finding(result: QualityResult, level: str) -> str:
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


def _official_finding(official: Official) -> str:
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
