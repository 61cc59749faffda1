"""A release: fixed tables of which no number, alone or with all others, tells of fewer than k incidents."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import ibis
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_counts
from analysis.tables import areas, counts, imports, incidents
from data.errors import InputError
from data.schema import OUTCOME_VALUES, OUTCOMES, SETTING_VALUES, SETTINGS, labels
from publish.attack import Broken, Number, attack, rounded
from publish.parts import Part, Span, Tally, first_day, quarter_of, roots_of, split_areas, split_time
from publish.rules import DELAY_DAYS, FIRST_YEAR, ROUNDING, RULES_VERSION, Area, K, area_tree

FORMAT = "release of raid records"
MOST_MERGES = 50
# No category of a breakdown may be more of it than this: then everybody there would be known to be of it.
MOST_OF_ALL = 0.9
# Not "other", which is a setting of its own.
OTHER = "the others"
PARTS_OF_A_DAY = ("night", "morning", "afternoon", "evening", "unknown")
PARTS_OF_A_WEEK = ("weekday", "weekend", "unknown")
# What a breakdown may be by, and its values; one way each, for the whole region.
BREAKDOWNS = {
    "outcome": OUTCOMES,
    "setting": SETTINGS,
    "part of the day": PARTS_OF_A_DAY,
    "part of the week": PARTS_OF_A_WEEK,
}
VALUE_LABELS = {
    "outcome": labels(OUTCOME_VALUES),
    "setting": labels(SETTING_VALUES),
    "part of the day": {
        "night": "Night, 0:00 to 5:59",
        "morning": "Morning, 6:00 to 11:59",
        "afternoon": "Afternoon, 12:00 to 17:59",
        "evening": "Evening, 18:00 to 23:59",
        "unknown": "Not known",
    },
    "part of the week": {
        "weekday": "Monday to Friday",
        "weekend": "Saturday or Sunday",
        "unknown": "Not known",
    },
}


@dataclass(frozen=True)
class Release:
    """
    What becomes public, and what it was made by.

    `manifest` holds the rules, the number of the release, its day, and the digests of its tables and of the release before.
    `tables` has lists of rows, as plain values: `region_by_time` and `areas` (`area`, `name`, `from`, `to`, `about`: incidents
    of the group's own log, rounded), `breakdowns` (`from`, `to`, `by`, `value`, `about`), and, already public and therefore as
    they are, `official` (`level`, `area`, `from`, `to`, `low`, `high`, `reference`: visits) and `reported` (`area`, `name`,
    `year`, `incidents`). `kept_back` is for the keeper alone and is never written: sentences on what is missing, and why.
    """

    manifest: dict
    tables: dict[str, list[dict]]
    kept_back: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """The release as a file."""
        return json.dumps({"manifest": self.manifest, "tables": self.tables}, ensure_ascii=False, indent=1)


def make_release(run: Run, today: date, last: Release | None = None) -> Release:
    """
    Make the next release of a store.

    Parameters
    ----------
    today
        Only years that ended 90 days before are in it.
    last
        The release before. Its times stay as they are, whatever was recorded since; times after it are added.

    Raises
    ------
    InputError
        No partition withstands the attack.
    """
    region = area_tree(run(areas.filter(_.level == "borough").select("code", "name")))
    records, kept_back = _own_records(run, region)
    last_closed = _last_closed_quarter(today)
    waiting = int((records["quarter"] > last_closed).sum())
    if waiting:
        kept_back.append(
            f"{waiting:,} recorded since {first_day(last_closed + 1)}: a year is released once it ended {DELAY_DAYS} days ago."
        )
    tables, covers_to, notes = released_tables(records, region, last_closed, last)
    kept_back += notes
    tables["official"] = _official(run)
    tables["reported"] = _reported(run, region)
    manifest = {
        "format": FORMAT,
        "rules": {
            "version": RULES_VERSION,
            "k": K,
            "rounding": ROUNDING,
            "delay_days": DELAY_DAYS,
        },
        "number": last.manifest["number"] + 1 if last else 1,
        "made_on": today.isoformat(),
        "region": {"code": region.code, "name": region.name},
        "covers_to": covers_to,
        "tables_sha256": digest_of(tables),
        "previous_sha256": last.manifest["tables_sha256"] if last else None,
    }
    return Release(manifest | {"sha256": _seal(manifest, tables)}, tables, kept_back)


def released_tables(
    records: pd.DataFrame, region: Area, last_closed: int, last: Release | None = None
) -> tuple[dict[str, list[dict]], str | None, list[str]]:
    """
    The tables made of a group's own records: safe parts, merged until they withstand the attack.

    Parameters
    ----------
    records
        A row per incident: `borough_code`, `quarter`, and a column for each of `BREAKDOWNS`.
    last_closed
        The last quarter that may be released.

    Returns
    -------
    tables, covers_to, kept_back
        As `Release` has them.

    Raises
    ------
    InputError
        No partition withstands the attack.
    """
    tally = Tally(Counter(zip(records["borough_code"], records["quarter"], strict=True)))
    covered_to = _covered_to(last)
    roots = roots_of(tally, region, covered_to, last_closed)
    tables = _tables_before(last)
    kept_back = []
    for root in roots:
        times, parts, breakdowns, merges = _safe_root(tally, records, region, root)
        tables["region_by_time"] += [_part_row(part) for part in times]
        tables["areas"] += [_part_row(part) for part in parts]
        tables["breakdowns"] += breakdowns
        if merges:
            kept_back.append(
                f"{merges:,} parts were merged: together with other numbers they gave too much away."
            )
    kept_back += _late(tally, region, last, covered_to, roots, last_closed)
    if roots:
        return tables, roots[-1].days[1].isoformat(), kept_back
    return tables, last.manifest["covers_to"] if last else None, kept_back


def digest_of(tables: dict) -> str:
    """SHA-256 of the tables, however their file is laid out."""
    return hashlib.sha256(json.dumps(tables, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _seal(manifest: dict, tables: dict) -> str:
    """SHA-256 of all that a release says, against a change by hand; whoever means to deceive can make it anew."""
    others = {name: value for name, value in manifest.items() if name != "sha256"}
    return digest_of({"manifest": others, "tables": tables})


def read_release(text: str, run: Run) -> Release:
    """
    An earlier release, as its file gives it.

    Raises
    ------
    InputError
        It is none, was changed by hand, or is of another region or newer rules.
    """
    try:
        read = json.loads(text)
        release = Release(read["manifest"], read["tables"])
        rules, region = release.manifest["rules"], release.manifest["region"]["code"]
        is_ours = release.manifest["format"] == FORMAT
        is_whole = _seal(release.manifest, release.tables) == release.manifest["sha256"]
        version = int(rules["version"])
        is_by_the_rules = (rules["k"], rules["rounding"], rules["delay_days"]) == (K, ROUNDING, DELAY_DAYS)
    except (ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise InputError(
            "The last release cannot be read. Put its file back as it was published; nothing was changed."
        )
    if version > RULES_VERSION:
        raise InputError(
            "The last release was made by newer rules. Publish with the version that made it, or a newer one."
        )
    if not is_whole or not is_by_the_rules:
        raise InputError(
            "The last release was changed by hand. Put its file back as it was published; nothing was changed."
        )
    if region != area_tree(run(areas.filter(_.level == "borough").select("code", "name"))).code:
        raise InputError("The last release is of another region. Publish this one into a folder of its own.")
    return release


def audit(release: Release) -> list[Broken]:
    """Attack the numbers of a release, as anybody could who has it and knows the rules; empty where none gives way."""
    named = release.tables
    broken = []
    times = [_number(row, row["area"]) for row in named["region_by_time"]]
    parts = [_number(row, row["area"]) for row in named["areas"]]
    for root in _roots_in(parts, times):
        broken += attack(
            [number for number in times if root.holds(number.span)],
            [number for number in parts if root.holds(number.span)],
            _totals([row for row in named["breakdowns"] if root.holds(_span(row))]),
        )
    return broken


def _roots_in(parts: list[Number], times: list[Number]) -> list[Span]:
    """The times within which two tables hang together: cut wherever no number of either goes across."""
    spans = sorted({number.span for number in (*parts, *times)})
    roots: list[Span] = []
    for span in spans:
        if roots and span.first <= roots[-1].last:
            roots[-1] = Span(roots[-1].first, max(roots[-1].last, span.last))
        else:
            roots.append(span)
    return roots


def _number(row: dict, area: str) -> Number:
    return Number(frozenset([area]), _span(row), row["about"])


def _span(row: dict) -> Span:
    return Span(quarter_of(date.fromisoformat(row["from"])), quarter_of(date.fromisoformat(row["to"])))


def _totals(breakdowns: list[dict]) -> list[tuple[int, int]]:
    """Fewest and most of all incidents, as each breakdown's categories add up to."""
    totals = []
    for by in sorted({row["by"] for row in breakdowns}):
        bounds = [
            Number(frozenset(), _span(row), row["about"]).bounds for row in breakdowns if row["by"] == by
        ]
        totals.append((sum(low for low, _ in bounds), sum(high for _, high in bounds)))
    return totals


def _own_records(run: Run, region: Area) -> tuple[pd.DataFrame, list[str]]:
    """The group's own incidents that can be released: one row each with its borough, quarter and categories."""
    bundled = imports.filter(_.is_bundled).select(bundled_id=_.import_id)
    own = incidents.anti_join(bundled, incidents.import_id == bundled.bundled_id)
    records = run(
        own.select(
            "borough_code", "started_earliest", "started_latest", "outcome", "setting", "date_precision"
        )
    )
    quarters = records["started_earliest"].map(quarter_of).astype(int)
    is_placed = records["borough_code"].isin(region.members)
    is_dated = quarters == records["started_latest"].map(quarter_of)
    is_new_enough = quarters >= FIRST_YEAR * 4
    kept_back = [
        f"{number:,} {reason}"
        for number, reason in (
            (int((~is_placed).sum()), "outside the region, or in no borough that is known."),
            (int((is_placed & ~is_dated).sum()), "not known by the quarter in which they happened."),
            (int((is_placed & is_dated & ~is_new_enough).sum()), f"from before {FIRST_YEAR}."),
        )
        if number
    ]
    is_in = is_placed & is_dated & is_new_enough
    kept = records[is_in].assign(quarter=quarters[is_in])
    started = pd.to_datetime(kept["started_earliest"])
    has_hour = kept["date_precision"] == "hour"
    has_day = kept["date_precision"].isin(["hour", "day"])
    kept["part of the day"] = (
        started.dt.hour.floordiv(6).map(dict(enumerate(PARTS_OF_A_DAY))).where(has_hour, "unknown")
    )
    kept["part of the week"] = (
        (started.dt.day_of_week >= 5).map({True: "weekend", False: "weekday"}).where(has_day, "unknown")
    )
    return kept, kept_back


def _last_closed_quarter(today: date) -> int:
    last_day = today - timedelta(days=DELAY_DAYS)
    return (last_day.year if (last_day.month, last_day.day) == (12, 31) else last_day.year - 1) * 4 + 3


def _covered_to(last: Release | None) -> int | None:
    day = last.manifest["covers_to"] if last else None
    return quarter_of(date.fromisoformat(day)) if day else None


def _tables_before(last: Release | None) -> dict[str, list[dict]]:
    names = ("region_by_time", "areas", "breakdowns")
    return {name: list(last.tables[name]) if last else [] for name in names}


def _safe_root(
    tally: Tally, records: pd.DataFrame, region: Area, root: Span
) -> tuple[list[Part], list[Part], list[dict], int]:
    """The two tables and the breakdowns of one time, merged until they withstand the attack."""
    times = list(split_time(tally, region, root, root))
    whole: set = set()
    for merges in range(MOST_MERGES + 1):
        areas_split = split_areas(tally, region, root, frozenset(whole))
        parts = [
            part for area in areas_split for part in split_time(tally, area, root, root, frozenset(whole))
        ]
        if not _attack_parts(times, parts, []):
            return times, parts, _safe_breakdowns(records, times, parts, root), merges
        whole.add(_above_smallest(parts, region))
    raise InputError(
        "No release is safe: too few incidents are recorded in too many places. Publish again after the next year."
    )


def _safe_breakdowns(
    records: pd.DataFrame, times: Sequence[Part], parts: Sequence[Part], root: Span
) -> list[dict]:
    inside = records[records["quarter"].between(root.first, root.last)]
    kept: list[dict] = []
    for by, values in BREAKDOWNS.items():
        rows = [
            _row_of(root, by=by, value=value, about=rounded(number))
            for value, number in shown_categories(dict(inside[by].value_counts()), values).items()
        ]
        if rows and not _attack_parts(times, parts, [*kept, *rows]):
            kept += rows
    return kept


def shown_categories(numbers: dict[str, int], values: Sequence[str]) -> dict[str, int]:
    """
    The categories of a breakdown that may be shown, and `OTHER` for those that are too small; empty where none may.

    Each holds k or more, and so does `OTHER` even where what is hidden is none at all; nine tenths are in none of them; and
    `OTHER` is not so full that one of the hidden categories must hold something.
    """
    shown = {value: int(numbers.get(value, 0)) for value in values if numbers.get(value, 0) >= K}
    total = sum(int(numbers.get(value, 0)) for value in values)
    hidden = [value for value in values if value not in shown]
    if hidden:
        while shown and total - sum(shown.values()) < K:
            smallest = min(shown, key=lambda value: (shown[value], value))
            hidden.append(smallest)
            del shown[smallest]
        others = total - sum(shown.values())
        if rounded(others) + (ROUNDING - 1) // 2 > (K - 1) * (len(hidden) - 1):
            return {}
        shown[OTHER] = others
    if len(shown) < 2 or max(shown.values()) > MOST_OF_ALL * total:
        return {}
    return shown


def _attack_parts(times: Sequence[Part], parts: Sequence[Part], breakdowns: list[dict]) -> list[Broken]:
    return attack(_numbers(times), _numbers(parts), _totals(breakdowns))


def _numbers(parts: Sequence[Part]) -> list[Number]:
    return [Number(frozenset(part.area.members), part.span, rounded(part.incidents)) for part in parts]


def _above_smallest(parts: Sequence[Part], region: Area) -> tuple:
    """What must stay whole so that the smallest part is merged into the one it was split from."""
    smallest = min(
        (part for part in parts if part.span != part.root or part.area.code != region.code),
        key=lambda part: (part.incidents, part.span, part.area.code),
    )
    if smallest.span == smallest.root:
        above = next(area for area in region.every() if smallest.area in area.children)
        return above.code, smallest.root, "areas"
    span = smallest.root
    while smallest.span not in span.pieces():
        span = next(piece for piece in span.pieces() if piece.holds(smallest.span))
    return smallest.area.code, span, "time"


def _part_row(part: Part) -> dict:
    return _row_of(part.span, area=part.area.code, name=part.area.name, about=rounded(part.incidents))


def _row_of(span: Span, **values) -> dict:
    first, last = span.days
    return {"from": first.isoformat(), "to": last.isoformat(), **values}


def _late(
    tally: Tally,
    region: Area,
    last: Release | None,
    covered_to: int | None,
    roots: list[Span],
    last_closed: int,
) -> list[str]:
    """Sentences for the keeper on what is old enough and yet not in it."""
    start = roots[-1].last + 1 if roots else FIRST_YEAR * 4 if covered_to is None else covered_to + 1
    few = tally.of(region, Span(start, last_closed)) if start <= last_closed else 0
    sentences = [f"{few:,} since {first_day(start)}: too few, so they wait for more."] if few else []
    first = roots[0].first if roots and covered_to is None else FIRST_YEAR * 4
    if early := tally.of(region, Span(FIRST_YEAR * 4, first - 1)):
        sentences.append(f"{early:,} from before {first_day(first)}: fewer than {K} in three years.")
    if last and covered_to is not None:
        before = sum(row["about"] for row in last.tables["region_by_time"])
        now = tally.of(region, Span(FIRST_YEAR * 4, covered_to))
        if abs(now - before) >= K:
            sentences.append(
                f"Up to {first_day(covered_to + 1) - timedelta(days=1)} about {before:,} were released and {now:,} are recorded now. "
                "What was released stays as it was: a changed number would tell of what came late."
            )
    return sentences


def _official(run: Run) -> list[dict]:
    """Official figures in force, as the returns give them: public already."""
    rows = run(
        filter_counts(counts, Filters())
        .select(
            "area_level", "area_code", "period_start", "period_end", "visits_low", "visits_high", "reference"
        )
        .order_by("area_level", "area_code", "period_start")
    )
    return [
        {
            "level": row.area_level,
            "area": row.area_code,
            "from": pd.Timestamp(row.period_start).date().isoformat(),
            "to": pd.Timestamp(row.period_end).date().isoformat(),
            "low": int(row.visits_low),
            "high": int(row.visits_high),
            "reference": row.reference,
        }
        for row in rows.itertuples()
    ]


def _reported(run: Run, region: Area) -> list[dict]:
    """Incidents that public reports tell of and that came with the dashboard, untouched since: public already."""
    bundled = imports.filter(_.is_bundled).select(bundled_id=_.import_id)
    reported = incidents.filter(_.review == "as imported").semi_join(
        bundled, incidents.import_id == bundled.bundled_id
    )
    by_year = reported.group_by(area=_.borough_code, year=_.started_earliest.year()).aggregate(n=_.count())
    names = run(areas.filter(_.level == "borough").select("code", "name")).set_index("code")["name"]
    table = run(by_year.order_by(ibis.asc("area"), ibis.asc("year")))
    return [
        {"area": row.area, "name": names[row.area], "year": int(row.year), "incidents": int(row.n)}
        for row in table.itertuples()
        if row.area in names.index
    ]
