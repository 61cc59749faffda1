"""What is known of when raids happen, in whole sentences."""

from dataclasses import dataclass

import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.when.busiest import EVEN, FEWEST_KNOWN, TOLD, TOO_FEW, Busiest
from analysis.when.tables import BUSIEST_HOURS, WEEKDAYS, WHOLE_DAY, Times
from analysis.when.when import WhenResult
from analysis.words import Headline, figure
from data.reading import dates

SATURDAY, SUNDAY = 5, 6
# The place of titles over all incidents chosen where some lie outside London.
LONDON_AND_ELSEWHERE = "London and elsewhere"
OFFICIAL = "Only recorded incidents: official figures come by year and say nothing of the month, the day or the hour."
PRESS_HOURS = (
    "An hour is the one that a report gives: often when a crowd was seen or filmed, not when officers came. Early visits to "
    "homes that nobody saw are missing."
)


def findings(result: WhenResult) -> dict[str, str]:
    """What each of 'hours', 'weekdays', 'months' and 'years' shows, a title for its chart."""
    return titles(result.times, LONDON_AND_ELSEWHERE if result.outside else result.area_name)


def sentences(result: WhenResult) -> list[str]:
    """The main findings: the hours and the weekdays, and how an area differs."""
    said, alone = findings(result), london_alone(result)
    told = [each[name] for name in ("hours", "weekdays") for each in (said, alone) if name in each]
    return [*told, *differences(result)]


def place(result: WhenResult) -> str:
    """' in Hackney', or nothing without an area."""
    return f" in {result.area_name}" if result.area_name else ""


def london_finding(result: WhenResult) -> str:
    """The title of the hours of the London that an area stands beside."""
    return titles(result.london, "all London")["hours"]


def titles(times: Times, name: str) -> dict[str, str]:
    """A title for each of 'hours', 'weekdays', 'months' and 'years'; `name` of the area, or ''."""
    place = f" in {name}" if name else ""
    if not times.incidents:
        none = f"No recorded incident{place} fits this choice. Clear a filter, or choose a longer time."
        return dict.fromkeys(("hours", "weekdays", "months", "years"), none)
    return {
        "hours": _finding(times.busiest_hours, times.known_hours, place, HOUR_WORDS, hours_in_words),
        "weekdays": _finding(
            times.busiest_weekday, round(times.weekdays["n"].sum()), place, WEEKDAY_WORDS, lambda first: f"on a {dates.WEEKDAYS[first]}"
        ),
        "months": _finding(
            times.busiest_month, round(times.months["n"].sum()), place, MONTH_WORDS, lambda first: f"in {dates.MONTHS[first]}"
        ),
        "years": _years_finding(times, place),
    }  # fmt: skip


def london_alone(result: WhenResult) -> dict[str, str]:
    """Titles for London without the incidents elsewhere, wherever one of the two has a busiest time that can be told."""
    times, london = result.times, result.london_alone
    if london is None:
        return {}
    pairs = {
        "hours": (times.busiest_hours, london.busiest_hours),
        "weekdays": (times.busiest_weekday, london.busiest_weekday),
        "months": (times.busiest_month, london.busiest_month),
    }
    said = titles(london, "London alone")
    return {name: said[name] for name, pair in pairs.items() if TOLD in [found.verdict for found in pair]}


# What is looked for, what must be known of an incident, and what may stand out.
HOUR_WORDS = (
    "the busiest hours",
    "a known hour or part of the day",
    "no three hours stand out more than chance would make them",
)
WEEKDAY_WORDS = ("the busiest weekday", "a known day", "no weekday stands out more than chance would make it")
MONTH_WORDS = ("the busiest month", "a known month", "no month stands out more than chance would make it")


def hours_in_words(first: int) -> str:
    """
    A run of hours.

    >>> hours_in_words(22)
    'between 22:00 and 01:00'
    """
    return f"between {first:02d}:00 and {(first + BUSIEST_HOURS) % WHOLE_DAY:02d}:00"


def share_range(low: float, high: float) -> str:
    """
    An interval of a share, with a decimal where whole per cent would hide its width.

    >>> share_range(0.269, 0.275)
    '26.9% to 27.5%'
    """
    for decimals in (0, 1):
        first, last = f"{low:.{decimals}%}", f"{high:.{decimals}%}"
        if first != last:
            return f"{first} to {last}"
    return f"{low:.0%}"


def _finding(found: Busiest, known: int, place: str, words: tuple[str, str, str], say) -> str:
    sought, what, none_stands = words
    of = f"{figure(known, known, 'recorded incident')}{place} with {what}"
    if found.verdict == TOLD:
        return (
            f"Most often {say(found.first)}: {found.share:.0%} of {of} began then "
            f"({share_range(found.low, found.high)} if more of the same kind were reported)."
        )
    if found.verdict == TOO_FEW:
        return f"Cannot tell {sought}: there {'is' if known == 1 else 'are'} {of}, and it takes at least {FEWEST_KNOWN}."
    if found.verdict == EVEN:
        return f"Cannot tell {sought}: among {of}, {none_stands}."
    return f"Cannot tell {sought}: {of} are not spread evenly, but other reports of the same kind could put others first."


def _years_finding(times: Times, place: str) -> str:
    years = times.years
    of = f"{figure(times.incidents, times.incidents, 'recorded incident')}{place}"
    top = years.loc[years["n"].idxmax()]
    if top["n"] == times.incidents:
        return f"{of}, {'it is' if times.incidents == 1 else 'all of them'} from {top['year']:.0f}."
    if (years["n"] == top["n"]).sum() > 1:
        return f"No single year has the most of {of}."
    return f"{top['n']:,.0f} of {of} are from {top['year']:.0f}, more than from any other year."


def figures(result: WhenResult) -> list[Headline]:
    """How many incidents have a known hour, a part of the day, or neither."""
    times, of = result.times, result.incidents
    if not of:
        return []
    unknown = of - times.known_hours
    return [
        Headline("Hour known", f"{times.exact_hours:,} of {of:,}", f"{times.exact_hours / of:.0%} of the incidents chosen."),
        Headline(
            "Part of the day known",
            f"{times.parts_of_day:,} of {of:,}",
            "Such as “morning”. Each is shared out evenly over its hours and counts as one in all.",
        ),
        Headline(
            "Time unknown",
            f"{unknown:,} of {of:,}",
            f"{unknown / of:.0%} are known by day, month or year only. They stand in none of the hours below.",
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class TableWords:
    """How a row of a table over time is called, and what its chart leaves out."""

    one: str
    how_to_read: str


TABLES = {
    "weekdays": TableWords("weekday", "Incidents of which the day is known."),
    "months": TableWords("month", "Incidents of which the month is known, all years together."),
    "years": TableWords("year", "What was reported, not how much happened."),
}


def table_to_draw(times: Times, london: Times | None, name: str) -> pd.DataFrame:
    """
    The weekdays, months or years in words, with what they are compared with.

    Columns: 'weekday', 'month' or 'year' (text), `n`, `share`, `low`, `high`, and `beside`: London's share, or without
    London the share that an even spread over the days would give.
    """
    table = getattr(times, name)
    one = TABLES[name].one
    names = {
        "weekday": dict(enumerate(WEEKDAYS)),
        "month": {number: month[:3] for number, month in enumerate(dates.MONTHS, 1)},
    }
    beside = getattr(london, name)["share"] if london else table["even_share"]
    words = table[one].map(names[one]) if one in names else table[one].astype(str)
    return table.assign(**{one: words, "beside": beside}).drop(columns="even_share")


def table_rows(table: pd.DataFrame) -> list[list[str]]:
    """The rows of `table_to_draw` as texts."""
    return [
        [
            str(row[0]),
            f"{row.n:,.3g}" if row.n % 1 else f"{row.n:,.0f}",
            f"{row.share:.0%}",
            f"{row.low:.0%} and {row.high:.0%}",
            f"{row.beside:.0%}",
        ]
        for row in table.itertuples(index=False)
    ]


def hours_as_rows(times: Times) -> list[list[str]]:
    """A row for each hour of the day: its start, and the incidents of Monday to Sunday."""
    wide = times.hours.pivot_table(index="hour", columns="weekday", values="weight")
    return [
        [f"{hour:02d}:00", *(f"{weight:.2f}".removesuffix(".00") for weight in row)]
        for hour, row in zip(wide.index, wide.to_numpy(), strict=True)
    ]


def differences(result: WhenResult) -> list[str]:
    """Whether an area differs from the rest of London in its hours and at weekends; nothing without an area."""
    if result.rest is None or not result.incidents:
        return []
    area = result.times, result.rest, result.area_name
    return [_hours_difference(*area), _weekend_difference(*area)]


def _hours_difference(area: Times, rest: Times, name: str) -> str:
    found = rest.busiest_hours
    if found.verdict != TOLD:
        return f"The busiest hours of the rest of London cannot be told, so {name} is not compared with them."
    hours = [(found.first + step) % WHOLE_DAY for step in range(BUSIEST_HOURS)]
    counts = [times.hours["weight"][times.hours["hour"].isin(hours)].sum() for times in (area, rest)]
    return _difference(
        counts, (area.known_hours, rest.known_hours), name, hours_in_words(found.first), "hour"
    )


def _weekend_difference(area: Times, rest: Times, name: str) -> str:
    counts = [times.weekdays["n"][[SATURDAY, SUNDAY]].sum() for times in (area, rest)]
    known = [round(times.weekdays["n"].sum()) for times in (area, rest)]
    return _difference(counts, known, name, "at weekends", "day")


def _difference(counts, known, name: str, then: str, unit: str) -> str:
    """A difference in words only where its 95 % interval leaves 0 out."""
    if min(known) < FEWEST_KNOWN:
        return (
            f"Whether more or fewer incidents in {name} than in the rest of London began {then} cannot be told: "
            f"{known[0]:,} and {known[1]:,} have a known {unit}, and it takes at least {FEWEST_KNOWN} each."
        )
    here, elsewhere = counts[0] / known[0], counts[1] / known[1]
    # Sums of fractions may pass the whole by a rounding error, which the interval would refuse.
    counts = [min(count, of) for count, of in zip(counts, known, strict=True)]
    low, high = confint_proportions_2indep(counts[0], known[0], counts[1], known[1], method="newcomb")
    shares = f"{here:.0%} of the incidents in {name} with a known {unit} began {then}, in the rest of London {elsewhere:.0%}"
    if low <= 0 <= high:
        return f"{shares}: no difference can be told (from {low * 100:+.0f} to {high * 100:+.0f} percentage points)."
    word = "more" if low > 0 else "fewer"
    return f"{shares}: {word} than elsewhere, by {min(abs(low), abs(high)) * 100:.0f} to {max(abs(low), abs(high)) * 100:.0f} percentage points."


def notes(result: WhenResult) -> list[str]:
    """What the figures leave out or cannot show."""
    outside, vague = result.outside, result.vague
    said = []
    if outside:
        said.append(
            f"{figure(outside, outside, 'incident')} of these {'is' if outside == 1 else 'are'} outside London."
        )
    if vague:
        said.append(
            f"{vague} more {'incident is' if vague == 1 else 'incidents are'} known only by month or year and may or may not "
            "lie in these dates; left out."
        )
    return [*said, PRESS_HOURS, OFFICIAL]
