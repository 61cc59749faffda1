"""The pages of a site, made of a release and of public figures."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.words import listed, number_range, period_in_words, rate_range
from data.imports.sources import list_sources
from data.schema import OUTCOME_VALUES
from publish.package import DESCRIPTOR, TABLES, file_of, package_files
from publish.release import OTHER, VALUE_LABELS, Release
from publish.rules import Area, K, area_tree
from publish.site.drawing import bars_svg, map_svg
from publish.site.figures import Figures
from publish.site.words import PAGES_BEGUN, SOURCE_LANGUAGE, UNREAD, direction_of, name_of, words_of

HERE = Path(__file__).parent
RELEASE_FILE = "release.json"
# Name of each page to its title; the words of its link where they are shorter.
PAGES = {
    "index": ("Immigration raids", "Map"),
    "trends": ("Is it changing", "Trends"),
    "times": ("When raids happen", "Timing"),
    "outcomes": ("What happens then", "Outcomes"),
    "boroughs": ("Every borough", "Boroughs"),
    "worked": ("What worked", "What worked"),
    "rights": ("Your rights at the door", "Your rights at the door"),
    "ask": ("How to ask for figures", "Ask for figures"),
    "methods": ("How it is counted", "How it is counted"),
    "data": ("The data, to use yourself", "Data"),
}
RESISTED = tuple(name for name, outcome in OUTCOME_VALUES.items() if outcome.is_resisted)
# A borough's year is whole from here on; leap days and rounding take a little.
WHOLE = 0.98


@dataclass(frozen=True)
class _Site:
    release: Release
    figures: Figures
    region: Area

    @property
    def own_nothing(self) -> str:
        return f"In this release no time and area holds {K} or more incidents of a local group's log, so none is shown."


def site_files(release: Release, figures: Figures) -> Iterator[tuple[str, str]]:
    """Every file of the site: its path and what stands in it; nothing of it comes from elsewhere or asks for anything."""
    site = _Site(release, figures, area_tree(figures.boroughs))
    for language in (SOURCE_LANGUAGE, *UNREAD):
        yield from _pages_of(site, language)
    for name in ("site.css", "site.js", "icon.svg"):
        yield name, (HERE / "assets" / name).read_text(encoding="utf-8")
    yield "places.js", _places(figures)
    yield RELEASE_FILE, release.to_json()
    yield from package_files(release).items()


def _pages_of(site: _Site, language: str) -> Iterator[tuple[str, str]]:
    words = words_of(language)
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
    )
    environment.install_gettext_translations(words)  # type: ignore[attr-defined]
    is_source = language == SOURCE_LANGUAGE
    names = tuple(PAGES) if is_source else PAGES_BEGUN
    base, folder = ("", "") if is_source else ("../", f"{language}/")
    common = {
        "language": language,
        "direction": direction_of(language),
        "is_unread": not is_source,
        "base": base,
        "region": site.region.name,
        "manifest": site.release.manifest,
        "rules": site.release.manifest["rules"],
        "own_nothing": site.own_nothing,
        "links": [
            {
                "name": name,
                "label": words.gettext(label),
                "href": f"{name}.html" if name in names else f"{base}{name}.html",
            }
            for name, (_, label) in PAGES.items()
        ],
    }
    for name in names:
        title = PAGES[name][0]
        made = environment.get_template(f"{name}.html").render(
            common,
            name=name,
            title=words.gettext(title) if name != "index" else f"{words.gettext(title)}, {site.region.name}",
            languages=_languages(name, language),
            **_MAKERS.get(name, lambda _: {})(site),
        )
        yield f"{folder}{name}.html", made
    if is_source:
        template = environment.get_template("borough.html")
        for row in site.figures.boroughs.itertuples():
            made = template.render(
                common, name="boroughs", title=row.name, languages=[], **_borough(site, row)
            )
            yield f"borough-{row.code}.html", made


def _languages(name: str, language: str) -> list[dict]:
    """Links to the same page in other languages."""
    others = [other for other in (SOURCE_LANGUAGE, *UNREAD) if other != language and name in PAGES_BEGUN]
    return [
        {
            "code": other,
            "name": name_of(other),
            "direction": direction_of(other),
            "href": f"../{name}.html" if other == SOURCE_LANGUAGE else f"{other}/{name}.html",
        }
        for other in others
    ]


def _index(site: _Site) -> dict:
    boroughs, period = site.figures.boroughs, site.figures.period
    if period is None:
        lead = "What is known of immigration raids, from public figures and the records of local groups."
        return {"lead": lead, "map": "", "classes": (), "period": ""}
    visits = number_range(site.figures.years["low"].sum(), site.figures.years["high"].sum())
    words = period_in_words(*period)
    return {
        "lead": f"{words[0].upper()}{words[1:]} the Home Office counted {visits} visits by Immigration Enforcement in the areas its "
        f"answers cover. Here is where, how often, what happened, and what your rights are.",
        "map": map_svg(
            boroughs,
            "Official visits per 1,000 residents a year, by borough",
            [f"{row.name}: {_rate(row)}" for row in boroughs.itertuples()],
            [f"borough-{code}.html" for code in boroughs["code"]],
        ),
        "classes": site.figures.classes,
        "period": words,
    }


def _rate(row) -> str:
    if pd.isna(row.rate_low):
        return "no official figure"
    return f"{rate_range(row.rate_low, row.rate_high)} visits per 1,000 residents a year"


def _trends(site: _Site) -> dict:
    years = site.figures.years
    ends = {row.year: pd.Timestamp(row.last).date() for row in years.itertuples()}
    partial = [str(year) for year, last in ends.items() if (last.month, last.day) != (12, 31)]
    rows = [
        (
            str(row.year),
            number_range(row.low, row.high),
            f"to {ends[row.year]:%d %B}".replace(" 0", " ") if str(row.year) in partial else "the whole year",
        )
        for row in years.itertuples()
    ]
    bars = [(str(row.year), row.low, row.high) for row in years.itertuples()]
    return {
        "years": rows,
        "chart": bars_svg(bars, "Official visits by year; the table below has the figures", partial),
        "own": [_time_row(row) for row in site.release.tables["region_by_time"]],
    }


def _times(site: _Site) -> dict:
    return {"breakdowns": _breakdowns(site, ("part of the day", "part of the week"))}


def _outcomes(site: _Site) -> dict:
    reported = _reported_here(site)
    numbers = reported["outcome"].value_counts()
    first, last = (reported["year"].min(), reported["year"].max()) if len(reported) else ("", "")
    return {
        "reported": [
            (label, f"{numbers[value]:,}")
            for value, label in VALUE_LABELS["outcome"].items()
            if value in numbers.index
        ],
        "total": f"{len(reported):,}",
        "span": f"{first} to {last}",
        "breakdowns": _breakdowns(site, ("outcome", "setting")),
    }


def _worked(site: _Site) -> dict:
    reported = _reported_here(site)
    is_resisted = reported["outcome"].isin(RESISTED)
    rows = []
    for value, label in (("yes", "Yes"), ("no", "No"), ("unknown", "Not known")):
        is_such = reported["community_response"] == value
        rows.append((label, f"{is_such.sum():,}", f"{(is_such & is_resisted).sum():,}"))
    responded, stopped = rows[0][1], rows[0][2]
    lead = f"Of {responded} publicly reported raids in which people responded, {stopped} ended with people released or nobody taken."
    return {"rows": rows if len(reported) else [], "lead": lead}


def _boroughs(site: _Site) -> dict:
    names = dict(zip(site.figures.boroughs["code"], site.figures.boroughs["name"], strict=True))
    return {
        "rows": [
            (
                _link(f"borough-{row.code}.html", row.name),
                f"{row.residents:,.0f}" if pd.notna(row.residents) else "–",
                rate_range(row.rate_low, row.rate_high) if pd.notna(row.rate_low) else "no official figure",
            )
            for row in site.figures.boroughs.itertuples()
        ],
        "districts": [
            (district, listed([names.get(code, code) for code in codes]))
            for district, codes in site.figures.districts.items()
        ],
    }


def _data(site: _Site) -> dict:
    return {
        "files": [
            *((file_of(table), words) for table, (words, _) in TABLES.items()),
            (DESCRIPTOR, "what stands in these files (a Frictionless data package)"),
            (RELEASE_FILE, "all of it with its rules and digests"),
        ],
        "sources": [
            f"{source.title}. {source.source}. {source.licence}." for source in list_sources() if source.file
        ],
    }


def _borough(site: _Site, row) -> dict:
    history = site.figures.borough_years.query("code == @row.code").sort_values("year")
    partial = [str(year.year) for year in history.itertuples() if year.covered < WHOLE]
    reported = _reported_here(site).query("code == @row.code")
    codes = [district for district, boroughs in site.figures.districts.items() if row.code in boroughs]
    where = period_in_words(*site.figures.period) if site.figures.period else ""
    return {
        "lead": f"{row.name}: {_rate(row)}{', ' + where if pd.notna(row.rate_low) else ''}. "
        + (f"{row.residents:,.0f} residents on 21 March 2021." if pd.notna(row.residents) else ""),
        "chart": bars_svg(
            [(str(year.year), year.low, year.high) for year in history.itertuples()],
            f"Official visits in {row.name} by year; the table below has the figures",
            partial,
        ),
        "years": [
            (
                str(year.year),
                number_range(year.low, year.high),
                f"{year.covered:.0%} of residents and days"
                if year.covered < WHOLE
                else "the whole borough and year",
            )
            for year in history.itertuples()
        ],
        "own": _own_parts(site, row.code, row.name),
        "reported": (
            f"{len(reported):,} raids here were told of in public, {reported['year'].min()} to {reported['year'].max()}."
            if len(reported)
            else "No raid here is among the public reports that were gathered; that is no sign that there was none."
        ),
        "groups": [name for name, code in site.figures.groups if code == row.code],
        "districts": listed(codes) if codes else "",
    }


def _own_parts(site: _Site, code: str, name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The released parts that a borough lies in, finest first: by itself, or with all of a wider area. A caption and rows each."""
    found = []
    for area in reversed([area for area in site.region.every() if code in area.members]):
        rows = [_time_row(row) for row in site.release.tables["areas"] if row["area"] == area.code]
        if rows:
            is_wider = area.members != (code,)
            found.append(
                (f"{area.name}, where {name} is not shown by itself" if is_wider else area.name, rows)
            )
    return found


def _breakdowns(site: _Site, kinds: tuple[str, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    found: dict[str, list] = {}
    for row in site.release.tables["breakdowns"]:
        if row["by"] in kinds:
            caption = f"By {row['by']}, {_time(row)}"
            label = "All others together" if row["value"] == OTHER else VALUE_LABELS[row["by"]][row["value"]]
            found.setdefault(caption, []).append((label, f"about {row['about']:,}"))
    return list(found.items())


def _reported_here(site: _Site) -> pd.DataFrame:
    return site.figures.reported[site.figures.reported["code"].isin(site.region.members)]


def _time_row(row: dict) -> tuple[str, str]:
    return _time(row), f"about {row['about']:,}"


def _time(row: dict) -> str:
    first, last = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    return f"{first:%B} to {last:%B %Y}"


def _link(href: str, words: str):
    from markupsafe import Markup

    return Markup('<a href="{}">{}</a>').format(href, words)


def _places(figures: Figures) -> str:
    names = dict(zip(figures.boroughs["code"], figures.boroughs["name"], strict=True))
    return (
        f"const BOROUGHS = {json.dumps(names, ensure_ascii=False)};\n"
        f"const DISTRICTS = {json.dumps(figures.districts, ensure_ascii=False)};\n"
    )


_MAKERS = {
    "index": _index,
    "trends": _trends,
    "times": _times,
    "outcomes": _outcomes,
    "worked": _worked,
    "boroughs": _boroughs,
    "data": _data,
}
