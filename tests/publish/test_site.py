"""A site: valid pages that ask nobody for anything, say the release's figures, and stay small."""

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import html5lib
import pytest
from babel.messages.extract import extract_from_dir

from data.errors import InputError
from data.keeping.opening import open_store
from data.organising.groups import STARTER
from publish.release import make_release
from publish.site.drawing import bars_svg
from publish.site.figures import public_figures
from publish.site.pages import PAGES, site_files
from publish.site.publishing import next_release, publish, release_path
from publish.site.words import PAGES_BEGUN, UNREAD, direction_of, words_of

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """What comes with the dashboard, and nothing of a group's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAIDS_DATABASE", str(tmp_path_factory.mktemp("bundled") / "raids.duckdb"))
        patch.delenv("RAIDS_BUNDLED", raising=False)
        yield open_store()


@pytest.fixture(scope="module")
def site(store, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("public") / "site"
    publish(store, folder, next_release(store, folder, TODAY))
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")
    }


def test_there_is_a_page_for_every_question_and_every_borough(pages):
    assert {f"{name}.html" for name in PAGES} <= pages.keys()
    assert len([name for name in pages if name.startswith("borough-")]) == 33
    assert {f"{language}/{name}.html" for language in UNREAD for name in PAGES_BEGUN} <= pages.keys()


def test_every_page_is_valid_html(pages):
    for name, text in pages.items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text)
        assert (name, parser.errors) == (name, [])


def test_every_link_of_every_page_leads_to_a_file_of_the_site(site, pages):
    for name, text in pages.items():
        for link in re.findall(r'(?:href|src)="([^"#]+)"', text):
            assert (site / name).parent.joinpath(link).resolve().is_file(), (name, link)


def test_no_file_names_a_host_or_runs_or_styles_anything_in_line(site, pages):
    for name, text in pages.items():
        assert "default-src 'none'" in text
        assert re.findall(r'\sstyle=|\son[a-z]+="|<style|<script>', text) == [], name
    for path in site.rglob("*.*"):
        text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|//[a-z]", text.replace("// ", "")), path


def test_a_page_is_under_400_kb_and_the_site_under_15_mb(site):
    sizes = {path.name: path.stat().st_size for path in site.rglob("*.*")}
    assert max(size for name, size in sizes.items() if name.endswith(".html")) < 400_000
    assert sum(sizes.values()) < 15_000_000


def test_the_yearly_totals_are_those_of_the_returns(pages):
    with (STARTER.parent / "home_office_visits.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for year in range(2014, 2022):
        visits = sum(int(row["visits_low"]) for row in rows if row["period_start"].startswith(str(year)))
        assert f'<th scope="row">{year}</th><td class="number">{visits:,}</td>' in pages["trends.html"]
    low = sum(int(row["visits_low"]) for row in rows if row["period_start"].startswith("2022"))
    high = sum(int(row["visits_high"]) for row in rows if row["period_start"].startswith("2022"))
    assert f"{low:,} to {high:,}" in pages["trends.html"]


def test_a_site_without_own_records_says_so_and_stands_on_public_figures(pages):
    assert "no time and area holds 10 or more" in pages["trends.html"]
    assert "no time and area holds 10 or more" in pages["times.html"]


def test_a_language_that_was_begun_says_that_no_speaker_has_read_it_and_runs_its_own_way(pages):
    arabic = pages["ar/rights.html"]
    assert '<html lang="ar" dir="rtl">' in arabic
    assert "لم يراجعها بعد" in arabic
    assert direction_of("ar") == "rtl"


@pytest.mark.parametrize("language", UNREAD)
def test_every_sentence_of_a_page_that_was_begun_is_translated(language):
    templates = ROOT / "publish" / "site" / "templates"
    wanted = {
        message
        for name, _, message, _, _ in extract_from_dir(templates, method_map=[("**.html", "jinja2")])
        if Path(name).stem in ("base", *PAGES_BEGUN)
    } | {label for _, label in PAGES.values()}
    words = words_of(language)
    assert {message for message in wanted if words.gettext(message) == message} == set()


def test_a_borough_shows_its_own_parts_and_those_of_the_wider_area_it_was_released_with(store):
    public = public_figures(store.run)
    parts = [
        {"area": "E09000012", "name": "Hackney", "from": "2024-01-01", "to": "2024-12-31", "about": 15},
        {"area": "East London", "name": "East London", "from": "2021-01-01", "to": "2023-12-31", "about": 40},
        {"area": "E09000025", "name": "Newham", "from": "2024-01-01", "to": "2024-12-31", "about": 70},
    ]
    release = make_release(store.run, TODAY)
    text = dict(site_files(replace(release, tables=release.tables | {"areas": parts}), public))[
        "borough-E09000012.html"
    ]
    assert '<th scope="row">2024</th><td class="number">about 15</td>' in text
    assert "East London, where Hackney is not shown by itself" in text
    assert "about 70" not in text


def test_bars_show_a_range_as_a_range_and_nothing_where_there_is_nothing():
    drawn = bars_svg([("2021", 10, 10), ("2022", 3, 8)], "Visits")
    assert ">10</text>" in drawn
    assert ">3–8</text>" in drawn
    assert bars_svg([("2021", 0, 0)], "Visits") == ""


def test_a_folder_with_something_else_in_it_is_left_alone(store, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(InputError, match="holds no release"):
        next_release(store, tmp_path, TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_hand_edited_release_is_refused_and_the_old_site_stays(store, site):
    file = site / "release.json"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before.replace('"number": 1', '"number": "one"'), encoding="utf-8")
        with pytest.raises(InputError, match="changed by hand"):
            next_release(store, site, TODAY)
        assert (site / "index.html").is_file()
    finally:
        file.write_text(before, encoding="utf-8")


def test_a_site_that_cannot_be_written_leaves_the_old_one_in_place(store, site, monkeypatch):
    before = (site / "index.html").read_bytes()
    release = next_release(store, site, TODAY)

    def full(*_):
        raise OSError

    monkeypatch.setattr("publish.site.publishing.os.rename", full)
    with pytest.raises(InputError, match="the old site is in place"):
        publish(store, site, release)
    assert (site / "index.html").read_bytes() == before
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_release_is_remembered_beside_the_database_wherever_the_site_lies(store, site, tmp_path):
    assert release_path(store.path).is_file()
    assert next_release(store, tmp_path / "new", TODAY).manifest["number"] >= 2
