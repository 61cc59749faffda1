"""A published site in Chromium, from a plain file server: nothing asked outside, nothing complained of, usable by everybody."""

import threading
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe

from data.keeping.opening import open_store
from publish.site.pages import PAGES
from publish.site.publishing import next_release, publish
from tests.browser.serving import SIZES

ON_TRIAL = [*PAGES, "borough-E09000012", "ar/rights"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAIDS_DATABASE", str(tmp_path_factory.mktemp("store") / "raids.duckdb"))
        patch.delenv("RAIDS_BUNDLED", raising=False)
        store = open_store()
        publish(store, folder, next_release(store, folder, date(2026, 12, 1)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("size", SIZES)
def test_every_page_asks_nobody_outside_and_nothing_is_complained_of(chromium, address, size):
    page = chromium.new_page(viewport=SIZES[size])
    asked, complaints = set(), []
    page.on("request", lambda request: asked.add(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("response", lambda response: complaints.append(response.url) if response.status >= 400 else None)
    for name in ON_TRIAL:
        page.goto(f"{address}{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.close()
    assert {url for url in asked if not url.startswith(address)} == set()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(chromium, address, scheme):
    # The policy of the pages lets no other script in; axe is one.
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = {}
    for name in ON_TRIAL:
        page.goto(f"{address}{name}.html")
        response = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}}).response
        found[name] = [violation["id"] for violation in response["violations"]]
    context.close()
    assert found == {name: [] for name in ON_TRIAL}


@pytest.mark.parametrize(
    ("typed", "shown"), [("SE15 5EW", "Southwark"), ("e8", "Hackney"), ("hackn", "Hackney")]
)
def test_a_postcode_or_a_name_leads_to_its_borough_without_a_request(chromium, address, typed, shown):
    page = chromium.new_page()
    page.goto(f"{address}index.html", wait_until="networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.fill("#search", typed)
    assert shown in page.locator("[data-answer] a").all_inner_texts()
    # A browser may fetch the icon of a tab whenever it likes.
    assert [url for url in asked if not url.endswith("icon.svg")] == []
    page.locator("[data-answer] a", has_text=shown).click()
    assert page.locator("h1").inner_text() == shown
    page.close()


def test_without_a_script_every_page_reads_and_the_boroughs_are_in_a_table(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}index.html")
    assert page.locator("svg.map path.area").count() == 33
    assert not page.locator("#search").is_visible()
    page.get_by_role("link", name="All boroughs in a table").click()
    page.get_by_role("link", name="Hackney", exact=True).click()
    assert "Official visits by year" in page.locator("main").inner_text()
    context.close()


def test_a_borough_prints_on_one_sheet_of_a4(chromium, address):
    page = chromium.new_page()
    page.goto(f"{address}borough-E09000012.html")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    with pypdfium2.PdfDocument(sheet) as printed:
        assert len(printed) == 1
