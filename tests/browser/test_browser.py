import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from data.imports.importer import import_file
from data.imports.undoing import undo_last_import
from data.store.store import Store
from tests.browser.serving import MAP, address_of, bytes_of_the_map
from tests.pages.conftest import PAGES as TITLES

PAGES = {address_of(script): title for script, title in TITLES.items()}
# Besides the pages as they open.
VIEWS = [
    "/Where?area=E09000012",
    "/Where?layer=density",
    "/Where?source=incidents&level=locality",
    "/Where?source=incidents&level=district&layer=density&measure=outcome_share",
    "/Where?question=hot-spots",
    "/Where?question=residents",
    "/Where?question=heard-of",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_without_a_complaint_and_fits_the_screen_and_asks_nobody_else(sized_visit, path):
    sized_visit.open(path)
    page = sized_visit.page
    assert page.get_by_role("heading", level=1).inner_text() == PAGES[path]
    if path in ("/", "/Where") or page.locator(MAP).count():
        sized_visit.map()
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
    assert page.locator("[data-testid=stException]").count() == 0
    assert sized_visit.complaints == []
    _assert_nothing_leaves(sized_visit)


@pytest.mark.parametrize("path", VIEWS)
def test_no_request_leaves_this_machine(visit, path):
    visit.open(path)
    if visit.page.locator(MAP).count():
        visit.map()
    _assert_nothing_leaves(visit)


def _assert_nothing_leaves(visit):
    visit.page.wait_for_timeout(500)
    hosts = {urlsplit(url).hostname for url in visit.requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    assert visit.server.outside() == []


def test_the_map_of_boroughs_has_33_of_them(visit):
    visit.open("/Where")
    assert visit.map().locator("path.leaflet-interactive").count() == 33
    visit.page.get_by_text("no official figures").first.wait_for()


def test_the_map_of_boroughs_is_sent_in_less_than_300_kilobytes(visit):
    sent = bytes_of_the_map(visit)
    assert len(sent) >= 4
    assert sum(sent.values()) < 300_000, sent


def test_the_heat_map_is_drawn(visit):
    visit.open("/Where?layer=density")
    canvas = visit.map().locator("canvas.leaflet-heatmap-layer")
    canvas.wait_for(state="attached")
    painted = canvas.evaluate(
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0)"
    )
    assert painted


def test_layers_change_without_a_reload_and_both_ways(visit):
    visit.open("/Where")
    visit.map()
    visit.page.get_by_role("radio", name="Heat map").click()
    visit.map().locator("canvas.leaflet-heatmap-layer").wait_for(state="attached")
    visit.page.get_by_role("radio", name="Areas").click()
    visit.settle()
    assert visit.map().locator("path.leaflet-interactive").count() == 33
    assert visit.complaints == []


def test_a_click_on_an_area_tells_of_it_and_stands_in_the_address(visit):
    visit.open("/Where")
    visit.click_area(11)
    visit.page.wait_for_url(re.compile(r"area=E09\d{6}"))
    visit.settle()
    visit.page.locator("h3.area").wait_for()
    assert visit.page.locator("tr.chosen").count() == 1
    assert visit.page.locator("tr.chosen th").inner_text() == visit.page.locator("h3.area").inner_text()


def test_another_area_can_be_clicked_after_one_was_chosen_from_the_list(visit):
    visit.open("/Where?area=E09000012")
    visit.click_area(24)
    visit.page.wait_for_url(re.compile(r"area=(?!E09000012)"))


def test_moving_the_map_does_not_run_the_page(visit):
    visit.open("/Where")
    frame = visit.map()
    frame.locator(".leaflet-control-zoom-in").click()
    visit.page.wait_for_timeout(800)
    zoomed = frame.locator(".leaflet-overlay-pane svg").get_attribute("viewBox")
    visit.page.wait_for_timeout(800)
    assert visit.page.locator("[data-test-script-state=running]").count() == 0
    assert frame.locator(".leaflet-overlay-pane svg").get_attribute("viewBox") == zoomed


@pytest.mark.parametrize(
    ("typed", "level", "code"),
    [
        ("SE15 4QL", "borough", "E09000028"),
        ("n17", "district", "N17"),
        ("Peckham", "borough", "E09000028"),
        ("hackney", "borough", "E09000012"),
    ],
)
def test_a_postcode_or_place_leads_to_its_area(visit, typed, level, code):
    visit.open(f"/Where?level={level}")
    visit.map()
    box = visit.page.get_by_label("Find a postcode or place")
    box.fill(typed)
    box.press("Enter")
    visit.page.wait_for_url(re.compile(f"area={code}"))
    visit.settle()
    assert typed.replace(" ", "+") not in visit.page.url
    assert visit.page.locator("h3.area").count() == 1


def test_a_place_larger_than_the_areas_shown_is_gone_to_and_not_chosen(visit):
    visit.open("/Where?level=district")
    visit.map()
    box = visit.page.get_by_label("Find a postcode or place")
    box.fill("hackney")
    box.press("Enter")
    visit.page.wait_for_url(re.compile("zoom=E09000012"))
    visit.settle()
    assert "area=" not in visit.page.url
    visit.page.get_by_role("button", name="All London").click()
    visit.page.wait_for_url(re.compile(r"/Where\?level=district$"))


def test_an_unknown_place_is_said_to_be_unknown(visit):
    visit.open("/Where")
    box = visit.page.get_by_label("Find a postcode or place")
    box.fill("Atlantis")
    box.press("Enter")
    visit.page.get_by_text("No London postcode or place of that name").wait_for()


def test_the_download_holds_the_table_and_its_name_the_filters(visit):
    visit.open("/Where?period=2014")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Download this table (CSV)").click()
    assert download.value.suggested_filename == "official-visits-by-borough_2014-01-01-to-2014-12-31.csv"
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("area_code,area_name,measure,unit,period,low,high")
    assert "Newham" in text.splitlines()[1]
    assert len(text.splitlines()) == 34


def test_the_address_restores_filters_and_view_in_another_browser(visit, chromium):
    visit.open("/Where?source=incidents&level=district&outcome=no+arrests&period=since-2012")
    for label in ("Recorded incidents", "Postcode districts"):
        assert visit.page.get_by_role("radio", name=label).is_checked()
    visit.page.get_by_text("outcome: no arrests").first.wait_for()
    visit.page.get_by_text("Link to this view").click()
    link = visit.page.locator("[data-testid=stExpander] code").inner_text()
    assert sorted(parse_qsl(link.split("?")[1])) == sorted(parse_qsl(urlsplit(visit.page.url).query))
    assert "source=incidents" in link


def test_filters_hold_when_a_link_to_another_page_is_followed(visit):
    visit.open("/?period=2014")
    visit.page.get_by_role("link", name="Where raids happen").click()
    visit.page.get_by_role("heading", name="Where raids happen", level=1).wait_for()
    visit.settle()
    assert "period=2014" in visit.page.url
    visit.page.get_by_text("Filters in force:").wait_for()
    visit.page.get_by_role("button", name="1 January 2014 to 31 December 2014").wait_for()


def test_a_click_on_the_home_map_opens_the_borough(visit):
    visit.open("/")
    visit.click_area(11)
    visit.page.wait_for_url(re.compile(r"/Area\?.*area=E09\d{6}"))
    visit.page.locator("h2.area").wait_for()


def test_a_postcode_typed_on_the_first_page_opens_the_page_of_its_area(visit):
    visit.open("/")
    box = visit.page.get_by_label("What about where I live?")
    box.fill("SE15 4QL")
    box.press("Enter")
    visit.page.wait_for_url(re.compile(r"/Area\?.*area=SE15$"))
    visit.page.locator("h2.area", has_text="SE15").wait_for()
    assert "4QL" not in visit.page.url


def test_the_street_map_is_asked_for_only_when_switched_on(visit):
    asked = []
    visit.page.context.route(
        "https://tile.openstreetmap.org/**", lambda route: (asked.append(route.request.url), route.abort())
    )
    visit.open("/Where")
    visit.map()
    assert asked == []
    visit.page.get_by_role("button", name="Background").click()
    visit.page.get_by_text("which then learns your internet address").wait_for()
    visit.page.get_by_text("Street map", exact=True).click()
    visit.page.wait_for_url(re.compile("street-map=on"))
    visit.map().locator(".leaflet-tile-pane").wait_for(state="attached")
    visit.page.wait_for_timeout(1000)
    assert asked


def test_the_words_under_the_pointer_hold_name_and_value(visit):
    visit.open("/Where?period=2014")
    visit.map()
    visit.show_map()
    visit.map().locator("path.leaflet-interactive").nth(11).hover(force=True)
    tooltip = visit.map().locator(".leaflet-tooltip")
    tooltip.wait_for()
    assert re.fullmatch(r"Hackney\n[\d,]+ visits in the period(\n.*)?", tooltip.inner_text())


def test_an_import_from_a_terminal_shows_at_the_next_step(visit, server, tmp_path):
    log = tmp_path / "from-a-terminal.csv"
    log.write_text("Date,Postcode,Outcome\n12/06/2022,SE15 4QL,prevented\n")
    visit.open("/Records?section=files")
    visit.page.get_by_text("The store holds 139 incidents").wait_for()
    store = Store(server.database)
    import_file(store, log)
    try:
        visit.page.get_by_role("link", name="Home").click()
        visit.page.get_by_role("heading", name="Immigration raids in London").wait_for()
        visit.page.get_by_role("link", name="Log and records").click()
        visit.page.get_by_text("The store holds 140 incidents").wait_for()
    finally:
        undo_last_import(store)


def test_every_control_has_a_name_for_a_screen_reader(visit):
    visit.open("/Where?area=E09000012")
    visit.map()
    # The words of a button are drawn a moment after the button.
    visit.page.wait_for_timeout(2000)
    nameless = visit.page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] :is(input, button, select, textarea), [data-testid=stSidebar] :is(input, button)')]
            .filter(control => control.offsetParent !== null && control.type !== 'file')
            .filter(control => !(control.getAttribute('aria-label') || control.getAttribute('aria-labelledby')
                || control.textContent || control.title || (control.labels && control.labels.length)))
            .map(control => control.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
    assert visit.map().locator("#map_div").get_attribute("aria-label").startswith("Map of London")


def test_a_file_is_checked_imported_and_taken_back(visit, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(
        "Date,Postcode,Outcome,Note\n11/06/2022,SE15 4QL,prevented,secret\n31/02/2022,E8 1AA,no arrests,secret\n"
    )
    visit.open("/Records?section=files")
    visit.page.set_input_files("input[type=file]", log)
    visit.page.get_by_text(
        "Checked; nothing is imported yet. 2 rows of incidents: 1 kept, 1 set aside"
    ).wait_for()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Download these rows to correct them").click()
    assert "31/02/2022" in download.value.path().read_text(encoding="utf-8-sig")
    visit.page.get_by_role("button", name="Import 1 row").click()
    visit.page.get_by_text("Imported. 2 rows of incidents: 1 kept").wait_for()
    visit.page.get_by_text("The store holds 140 incidents").wait_for()
    visit.page.get_by_role("button", name="Take back an import").click()
    visit.page.get_by_role("button", name="Yes, take it back").click()
    visit.page.get_by_text("Taken back: 1 row").wait_for()
    visit.page.get_by_text("The store holds 139 incidents").wait_for()
    assert "secret" not in visit.page.content()
    assert visit.complaints == []


def test_a_heading_is_mapped_by_hand_and_the_format_saved(visit, tmp_path):
    log = tmp_path / "ours.csv"
    log.write_text("Tag,Kiez,Ausgang\n11/06/2022,SE15,verhindert\n12/06/2022,E8,verhindert\n")
    visit.open("/Records?section=files")
    visit.page.set_input_files("input[type=file]", log)
    visit.page.get_by_text("No row of headings was found").wait_for()
    for heading, field in (("Tag", "Date"), ("Kiez", "District"), ("Ausgang", "Outcome")):
        visit.page.get_by_label(heading, exact=True).click()
        # The list shows a few of its options at a time; typing finds the others.
        visit.page.keyboard.type(field)
        visit.page.get_by_role("option", name=field, exact=True).click()
    visit.page.get_by_role("button", name="Check again with this").click()
    visit.page.get_by_text("2 rows of incidents: 2 kept, 0 set aside").wait_for()
    visit.page.get_by_role("button", name="Save this format").click()
    visit.page.get_by_text("Saved as “date, district, outcome, ").wait_for()


def test_a_file_that_cannot_be_used_gets_one_sentence(visit, tmp_path):
    (tmp_path / "empty.csv").write_text("")
    visit.open("/Records?section=files")
    visit.page.set_input_files("input[type=file]", tmp_path / "empty.csv")
    visit.page.locator("[data-testid=stAlert]").wait_for()
    assert visit.page.locator("[data-testid=stException]").count() == 0


def test_the_first_area_of_the_ranking_leads_to_its_leaflet_walks(visit):
    visit.open("/Organise?level=district")
    button = visit.page.get_by_role("button", name=re.compile("Plan leaflet walks in "))
    district = button.inner_text().removeprefix("Plan leaflet walks in ")
    button.click()
    visit.page.get_by_role("heading", name="Which streets on Saturday", level=1).wait_for()
    visit.settle()
    assert visit.page.get_by_label("Areas, with commas between").input_value() == district
    assert f"areas={district}" in visit.page.url
