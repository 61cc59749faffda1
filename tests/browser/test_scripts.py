"""A hundred scripts in every place where a text of somebody's could show: none runs, none asks an outside host, no page breaks."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest

from data.identifiers.identifiers import identifier_in
from tests.browser.hostile import ALL, BOROUGH, DISTRICT, write_hostile_store
from tests.browser.scripts import HOST, SCRIPTS
from tests.browser.serving import MAP, PATIENCE, Visit, address_of, look, serve
from tests.data.files.workbooks import saved, with_parts
from tests.pages.conftest import PAGES as TITLES

# Names of what may stand in an address, on any page.
NAMES = [
    "question",
    "source",
    "level",
    "measure",
    "share-of",
    "layer",
    "area",
    "zoom",
    "street-map",
    "period",
    "from",
    "to",
    "outcome",
    "setting",
    "borough",
    "reported-by",
    "confidence",
    "beside",
    "figure",
    "divided-by",
    "banks",
    "radius",
    "hot-spots-as",
    "group",
    "first-from",
    "first-to",
    "second-from",
    "second-to",
    "weigh",
    "new-groups",
    "do",
    "areas",
    "ranked",
    "leaflets",
    "people",
    "hours",
    "doors-a-walk",
    "sizes",
    "meet",
    "must",
    "must-not",
    "floors",
    "doors-an-hour",
    "again",
    "walk",
    "overdue",
    "draw-barrier",
    "hide-taken",
    "day",
    "unknown",
]
PAGES = [address_of(script) for script in TITLES]
BOROUGHS = [f"E090000{number:02}" for number in range(1, 34)]
# What a page shows by itself is looked at together with an address full of scripts.
VIEWS = {
    "districts": f"/Where?level=district&area={DISTRICT}",
    "localities": "/Where?source=incidents&level=locality&area=" + quote(SCRIPTS[5]),
    "all boroughs": "/Where?" + urlencode({"borough": BOROUGHS, "area": BOROUGH}, doseq=True),
    "hot spots": "/Where?question=hot-spots",
    "residents": "/Where?question=residents",
    "heard of": "/Where?question=heard-of",
    "when": f"/When?area={BOROUGH}",
    "outcomes": "/Outcomes?group=borough",
    "trends": f"/Trends?area={BOROUGH}",
    "organise by district": "/Organise?level=district",
    "leaflet": "/Leaflet?" + urlencode({"floors": [BOROUGH, *BOROUGHS[:3]]}, doseq=True),
    "walks": "/Leaflet?do=walks",
    "second look": "/Records?section=check",
    "files": "/Records?section=files",
}
OUR_HOSTS = {"127.0.0.1", ""}

# What a text would leave behind in the page although nothing ran: handlers, links out, frames. Leaflet names itself on every map.
TRACES = """() => {
    const own = location.host, found = [];
    for (const element of document.querySelectorAll('*')) {
        for (const attribute of element.attributes)
            if (/^on/i.test(attribute.name)) found.push(element.outerHTML.slice(0, 200));
        for (const name of ['href', 'src', 'action', 'data', 'poster', 'xlink:href']) {
            const value = element.getAttribute(name);
            if (!value || value.startsWith('#')) continue;
            let address;
            try { address = new URL(value, location.href); } catch { found.push(value); continue; }
            const is_data = address.protocol === 'data:' && /^(IMG|LINK)$/.test(element.tagName) || address.protocol === 'blob:';
            if (!is_data && address.host !== own && address.host !== 'leafletjs.com') found.push(element.outerHTML.slice(0, 200));
        }
    }
    return found;
}"""
# The words under the pointer of every area and walk, as if it were pointed at.
POINT_AT_ALL = """() => {
    let said = 0;
    const point = layer => {
        if (layer.eachLayer) return layer.eachLayer(point);
        if (said >= 150 || !layer.getElement || !layer.getElement()) return;
        const latlng = layer.getBounds ? layer.getBounds().getCenter() : layer.getLatLng();
        layer.fire('mouseover', {latlng}, true);
        if (document.querySelector('.leaflet-tooltip')) said += 1;
        layer.fire('mouseout', {latlng}, true);
    };
    window.map_div.eachLayer(point);
    return said;
}"""


@dataclass
class Watched:
    """A visit, and the number of every script that ran in it."""

    visit: Visit
    runs: list[str] = field(default_factory=list)

    @property
    def page(self):
        """The page that is looked at."""
        return self.visit.page

    def asked_outside(self) -> set[str]:
        """Addresses of other machines that were asked for anything."""
        sent = (url for url in self.visit.requests if not url.startswith(("data:", "blob:", "about:")))
        return {url for url in sent if urlsplit(url).hostname not in OUR_HOSTS}

    def traces(self) -> list[str]:
        """Handlers and links that somebody's text has left in the page or its frames."""
        return [trace for frame in self.page.frames for trace in frame.evaluate(TRACES)]

    def is_unharmed(self) -> None:
        """Nothing ran, nothing was asked for outside, nothing is left in the page, and the page is whole."""
        assert self.runs == []
        assert self.asked_outside() == set()
        assert self.traces() == []
        assert self.page.locator("[data-testid=stException]").count() == 0
        assert self.visit.complaints == []

    def open_a_list(self) -> None:
        """Open the last list of choices, which on many pages are areas, groups or walks."""
        boxes = [
            box for box in self.page.get_by_role("combobox").all() if box.is_visible() and box.is_enabled()
        ]
        for box in boxes[-1:]:
            box.click()
            self.page.wait_for_timeout(200)

    def point_at_charts(self) -> None:
        """Move the pointer over every chart, so that its words under the pointer show."""
        for chart in self.page.locator("[data-testid=stVegaLiteChart]").all():
            box = chart.bounding_box()
            if not box or not box["height"]:
                continue
            chart.scroll_into_view_if_needed()
            box = chart.bounding_box()
            for step in range(1, 9):
                self.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * step / 9)


@contextmanager
def watch(chromium, server) -> Iterator[Watched]:
    with look(chromium, server) as visit:
        watched = Watched(visit)
        # Not because a policy forbids it: the pages themselves must be safe.
        visit.page.context.new_cdp_session(visit.page).send("Page.setBypassCSP", {"enabled": True})
        visit.page.context.expose_function("ran", lambda *told: watched.runs.append(str(told)))
        visit.page.context.on(
            "dialog", lambda dialog: (watched.runs.append(dialog.message), dialog.dismiss())
        )
        visit.page.context.on("page", lambda page: watched.runs.append("another window"))
        yield watched


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile_store(folder / "raids.duckdb")
    with serve(folder) as server:
        yield server


@pytest.fixture(scope="module")
def gallery_server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("gallery"), "tests/browser/gallery.py") as server:
        yield server


@pytest.fixture
def watched(chromium, hostile_server):
    with watch(chromium, hostile_server) as watched:
        yield watched


def test_there_are_a_hundred_scripts_and_no_two_alike():
    assert len(set(SCRIPTS)) == 100


def test_on_an_unsafe_page_scripts_are_seen_to_run_and_to_ask_outside(chromium, gallery_server):
    with watch(chromium, gallery_server) as watched:
        watched.page.goto(f"{gallery_server.address}/?unsafe=on")
        watched.page.get_by_role("heading", name="Every kind of element").wait_for()
        watched.page.wait_for_timeout(6000)
        print(
            sorted(set(watched.runs)),
            len(watched.asked_outside()),
            len(watched.traces()),
            watched.visit.complaints[:5],
        )
        assert len(set(watched.runs)) > 25
        assert len({url for url in watched.asked_outside() if HOST in url}) > 10
        assert len(watched.traces()) > 10
        assert watched.visit.complaints


def test_no_script_runs_in_any_kind_of_element(chromium, gallery_server):
    with watch(chromium, gallery_server) as watched:
        page = watched.page
        page.goto(gallery_server.address)
        page.get_by_role("heading", name="Every kind of element").wait_for(timeout=60_000)
        page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").nth(
            5
        ).wait_for(state="attached")
        watched.point_at_charts()
        watched.is_unharmed()
        # Each is there, and as text.
        shown = page.locator("[data-testid=stCaptionContainer]").all_inner_texts()
        assert [_letters(text) for text in shown[: len(SCRIPTS)]] == [_letters(text) for text in SCRIPTS]
        assert page.locator(".table td, .table tbody th").all_text_contents() == [*SCRIPTS, *SCRIPTS]


@pytest.mark.parametrize("name", VIEWS)
def test_no_script_runs_from_a_store_full_of_them(watched, name):
    watched.visit.open(VIEWS[name])
    if watched.page.locator(MAP).count():
        frame = watched.visit.map()
        assert frame.locator("body").evaluate(POINT_AT_ALL) > 0
    watched.point_at_charts()
    watched.open_a_list()
    watched.is_unharmed()


def test_in_the_frame_of_a_map_a_script_would_be_seen(watched):
    watched.visit.open("/Where")
    body = watched.visit.map().locator("body")
    body.evaluate("() => { map_div.openPopup('<img src=x onerror=ran(1)>', [51.5, 0]) }")
    watched.page.wait_for_timeout(500)
    assert watched.runs
    assert watched.traces()


@pytest.mark.parametrize("path", PAGES)
def test_no_script_runs_from_an_address(watched, path):
    # Every name with a text of its own, and those that are typed with all of them.
    start = PAGES.index(path) * len(SCRIPTS) // len(PAGES)
    query = {name: SCRIPTS[(start + number) % len(SCRIPTS)] for number, name in enumerate(NAMES)}
    query |= {"areas": ALL, "meet": ALL, "sizes": ALL, "do": "plan", SCRIPTS[start]: SCRIPTS[start]}
    watched.visit.open(f"{path}?{urlencode(query)}#{quote(SCRIPTS[5])}")
    watched.is_unharmed()
    assert watched.page.title().endswith("Raids in London")


def test_no_script_runs_from_a_file(watched, tmp_path):
    log = tmp_path / f"{SCRIPTS[5]} {SCRIPTS[81].replace('/', ':')}.csv"
    rows = [
        [f"{1 + number % 28:02}/06/2022", "SE15", script, *SCRIPTS] for number, script in enumerate(SCRIPTS)
    ]
    _write(log, [["Date", "Postcode", "Outcome", *SCRIPTS], *rows])
    watched.visit.open("/Records?section=files")
    watched.page.set_input_files("input[type=file]", log)
    watched.page.get_by_text("How the headings and words are read").or_(
        watched.page.locator("[data-testid=stAlertContentError]")
    ).first.wait_for(timeout=60_000)
    watched.visit.settle()
    watched.is_unharmed()


def test_no_script_runs_from_a_table_to_set_beside(watched, tmp_path):
    table = tmp_path / f"{SCRIPTS[5]}.csv"
    rows = [
        [code, *(number * each % 37 + 1 for each in range(len(SCRIPTS)))]
        for number, code in enumerate(BOROUGHS)
    ]
    _write(table, [["Code", *SCRIPTS], *rows])
    watched.visit.open("/Where?question=residents&beside=own")
    watched.page.set_input_files("input[type=file]", table)
    watched.page.get_by_text("areas read").or_(watched.page.locator("[data-testid=stAlertContentError]")).or_(
        watched.page.get_by_text("boroughs read")
    ).first.wait_for(timeout=60_000)
    watched.visit.settle()
    watched.point_at_charts()
    watched.is_unharmed()


def test_no_script_runs_from_what_is_typed(watched):
    watched.visit.open("/Where")
    for script in (ALL, SCRIPTS[5], SCRIPTS[81]):
        box = watched.page.get_by_label("Find a postcode or place")
        box.fill(script)
        box.press("Enter")
        watched.visit.settle()
    watched.is_unharmed()


def test_no_script_runs_from_a_message_or_a_place_that_is_typed(watched):
    watched.visit.open("/Records")
    for script in (ALL, *SCRIPTS[::20]):
        watched.page.get_by_text("Paste a message (optional)").click()
        watched.page.locator("textarea").fill(
            f"raid this morning at 7 {script} in Hackney, they took {script} two people"
        )
        watched.page.get_by_role("button", name="Fill the form from it").click()
        watched.visit.settle()
    watched.page.get_by_role("button", name="Change", exact=True).click()
    watched.visit.settle()
    for label in ("Postcode, district, borough or place", "Open a record by its code"):
        box = watched.page.get_by_role("textbox", name=label)
        box.fill(SCRIPTS[5])
        box.press("Enter")
        watched.visit.settle()
    watched.is_unharmed()


def test_no_script_runs_from_what_is_typed_to_lock_or_wipe(watched):
    watched.visit.open("/Lock")
    boxes = watched.page.locator("[data-testid=stMain] input:visible")
    boxes.nth(2).wait_for(timeout=PATIENCE)
    for number in range(boxes.count()):
        box = boxes.nth(number)
        if box.is_enabled() and box.get_attribute("type") in ("text", "password"):
            box.fill(SCRIPTS[5])
            box.press("Enter")
            watched.visit.settle()
    watched.is_unharmed()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (SCRIPTS, "looks like it holds"),
        ([name for name in SCRIPTS if not identifier_in(name)], "rows of incidents"),
    ],
    ids=["refused", "read"],
)
def test_no_script_runs_from_the_names_of_sheets(watched, tmp_path, names, told):
    log = tmp_path / "log.xlsx"
    log.write_bytes(_workbook(names))
    watched.visit.open("/Records?section=files")
    watched.page.set_input_files("input[type=file]", log)
    watched.page.get_by_text(told).first.wait_for(timeout=60_000)
    watched.visit.settle()
    watched.is_unharmed()


def _write(path: Path, rows: list[list]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def _workbook(names: list[str]) -> bytes:
    """A log on each of many sheets, named as no spreadsheet program would let them be named."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number in range(len(names)):
        sheet = book.create_sheet(f"Sheet {number}.")
        sheet.append(["Date", "Postcode", "Outcome"])
        sheet.append(["11/06/2022", "SE15", "prevented"])
    data = saved(book)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        inside = parts.read("xl/workbook.xml").decode()
    for number, name in enumerate(names):
        inside = inside.replace(f'"Sheet {number}."', quoteattr(_without_controls(name)))
    return with_parts(data, {"xl/workbook.xml": inside.encode()})


def _without_controls(text: str) -> str:
    """XML has no other signs below the blank."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)


def _letters(text: str) -> str:
    """The text without what cannot be seen, for comparing."""
    return "".join(re.findall(r"\w", text))
