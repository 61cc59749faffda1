"""Getting about in a real browser: Back and Forward, new tabs, the menu on a phone, and the filters in force."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.browser.serving import look, serve

PATIENCE = 30_000
FILTERS = ("Period", "Boroughs", "Outcomes", "Settings", "Reported by", "Confidence in the record")
OF_FIGURES = ("Period", "Boroughs", "Settings")
# What is shown where, as a person sees it; without the page Where it is the same for all of its questions.
SHOWN = {
    "/": FILTERS,
    "/Where": FILTERS,
    "/Where?question=heard-of": FILTERS,
    "/When": FILTERS,
    "/Outcomes": FILTERS,
    "/Trends": OF_FIGURES,
    "/Trends?source=incidents": FILTERS,
    "/Organise": FILTERS,
    "/Leaflet": (),
    "/Records": (),
    "/Records?section=files": FILTERS,
    "/Quality": FILTERS,
    "/Lock": (),
    "/About": (),
}


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def at(visit, path: str, **asked: list[str]) -> None:
    """Wait until the browser is at an address and the page of it stands still."""
    expect(visit.page).to_have_url(
        re.compile(re.escape(f"{visit.server.address}{path}") + (r"\?" if asked else "$")), timeout=PATIENCE
    )
    visit.page.wait_for_function(
        "asked => JSON.stringify([...new URLSearchParams(location.search)].sort()) === JSON.stringify(asked)",
        arg=sorted([name, value] for name, values in asked.items() for value in values),
        timeout=PATIENCE,
    )
    visit.settle()


def choices(visit, label: str):
    """The box of a list of the side bar; its help bears the same label."""
    boxes = visit.page.get_by_test_id("stSidebar").get_by_role("combobox")
    return boxes.and_(visit.page.get_by_label(label))


def pick(visit, label: str, option: str) -> None:
    """Choose from a list of the side bar."""
    box = choices(visit, label)
    # A list that is scrolled into view by the click on it closes again.
    box.scroll_into_view_if_needed()
    visit.page.wait_for_timeout(500)
    box.click()
    visit.page.get_by_role("option", name=option, exact=True).click()
    visit.page.keyboard.press("Escape")


def menu_link(visit, label: str):
    return visit.page.get_by_test_id("stSidebar").get_by_role("link", name=label, exact=True)


def is_chosen(visit, label: str) -> None:
    expect(visit.page.get_by_role("radio", name=label)).to_be_checked()


def in_force(visit, *texts: str) -> None:
    expect(visit.page.locator(".st-key-in-force button")).to_have_text(
        [re.compile(re.escape(text)) for text in texts]
    )


def test_back_and_forward_undo_and_redo_each_choice(visit):
    page = visit.page
    visit.open("/Where")
    page.get_by_role("radio", name="Postcode districts").click()
    at(visit, "/Where", level=["district"])
    pick(visit, "Period", "2014")
    at(visit, "/Where", level=["district"], period=["2014"])
    pick(visit, "Outcomes", "Prevented")
    at(visit, "/Where", level=["district"], period=["2014"], outcome=["prevented"])
    in_force(visit, "1 January 2014 to 31 December 2014", "Outcome: Prevented")

    page.go_back()
    at(visit, "/Where", level=["district"], period=["2014"])
    in_force(visit, "1 January 2014 to 31 December 2014")
    page.go_back()
    at(visit, "/Where", level=["district"])
    page.get_by_text("No filter in force").wait_for()
    page.go_back()
    at(visit, "/Where")
    is_chosen(visit, "Boroughs")
    page.go_forward()
    at(visit, "/Where", level=["district"])
    is_chosen(visit, "Postcode districts")
    page.go_forward()
    page.go_forward()
    at(visit, "/Where", level=["district"], period=["2014"], outcome=["prevented"])
    in_force(visit, "1 January 2014 to 31 December 2014", "Outcome: Prevented")
    assert visit.complaints == []


def test_back_leads_over_pages_to_each_as_it_was(visit):
    page = visit.page
    visit.open("/")
    pick(visit, "Period", "2014")
    at(visit, "/", period=["2014"])
    menu_link(visit, "Where raids happen").click()
    at(visit, "/Where", period=["2014"])
    page.get_by_role("radio", name="Postcode districts").click()
    at(visit, "/Where", period=["2014"], level=["district"])
    menu_link(visit, "About and method").click()
    at(visit, "/About", period=["2014"])
    menu_link(visit, "Where raids happen").click()
    at(visit, "/Where", period=["2014"], level=["district"])
    is_chosen(visit, "Postcode districts")

    for path, asked in (
        ("/About", {"period": ["2014"]}),
        ("/Where", {"period": ["2014"], "level": ["district"]}),
        ("/Where", {"period": ["2014"]}),
        ("/", {"period": ["2014"]}),
        ("/", {}),
    ):
        page.go_back()
        at(visit, path, **asked)
    page.get_by_text("No filter in force").wait_for()
    page.go_forward()
    at(visit, "/", period=["2014"])
    in_force(visit, "1 January 2014 to 31 December 2014")
    assert visit.complaints == []


def test_after_a_step_back_a_new_choice_is_added_to_what_is_shown(visit):
    visit.open("/When")
    pick(visit, "Period", "2014")
    at(visit, "/When", period=["2014"])
    visit.page.go_back()
    at(visit, "/When")
    visit.page.get_by_text("No filter in force").wait_for()
    pick(visit, "Settings", "Home")
    at(visit, "/When", setting=["home"])
    in_force(visit, "Setting: Home")
    visit.page.go_back()
    at(visit, "/When")


def test_an_area_clicked_on_the_map_is_taken_back(visit):
    visit.open("/Where")
    visit.click_area(11)
    visit.page.wait_for_url(re.compile(r"area=E09\d{6}"))
    visit.settle()
    visit.page.locator("h3.area").wait_for()
    visit.page.go_back()
    at(visit, "/Where")
    expect(visit.page.locator("h3.area")).to_have_count(0)
    assert visit.page.locator("tr.chosen").count() == 0


def test_texts_numbers_and_switches_are_taken_back(visit):
    page = visit.page
    visit.open("/Leaflet")
    areas, people = page.get_by_label("Areas, with commas between"), page.get_by_label("People", exact=True)
    areas.fill("N17")
    areas.press("Enter")
    at(visit, "/Leaflet", areas=["N17"])
    people.fill("7")
    people.press("Enter")
    at(visit, "/Leaflet", areas=["N17"], people=["7"])
    page.get_by_text("More: size of walks").click()
    page.get_by_text("Plan again what was leafleted").click()
    at(visit, "/Leaflet", areas=["N17"], people=["7"], again=["on"])
    page.go_back()
    at(visit, "/Leaflet", areas=["N17"], people=["7"])
    expect(page.get_by_role("switch", name="Plan again what was leafleted")).not_to_be_checked()
    page.go_back()
    at(visit, "/Leaflet", areas=["N17"])
    expect(people).to_have_value("4")
    page.go_back()
    at(visit, "/Leaflet")
    expect(areas).to_have_value("")


def test_dates_are_taken_back_and_typed_again(visit):
    page = visit.page
    visit.open("/Where?period=custom&from=2012-06-01&to=2022-06-30")
    in_force(visit, "1 June 2012 to 30 June 2022")
    pick(visit, "Period", "2014")
    at(visit, "/Where", period=["2014"])
    expect(page.get_by_label("To (included)")).to_have_count(0)
    page.go_back()
    at(visit, "/Where", **{"period": ["custom"], "from": ["2012-06-01"], "to": ["2022-06-30"]})
    in_force(visit, "1 June 2012 to 30 June 2022")


def test_one_step_back_from_the_borough_that_the_home_map_opened_is_home(visit):
    visit.open("/?period=2014")
    visit.click_area(11)
    visit.page.wait_for_url(re.compile(r"/Area\?.*area=E09\d{6}"))
    visit.settle()
    visit.page.locator("h2.area").wait_for()
    assert query(visit.page)["period"] == ["2014"]
    visit.page.go_back()
    at(visit, "/", period=["2014"])
    visit.page.get_by_role("heading", name="Immigration raids in London", level=1).wait_for()
    # The way there is open a second time.
    visit.click_area(12)
    visit.page.wait_for_url(re.compile(r"/Area\?.*area=E09\d{6}"))


def test_one_step_back_from_the_walks_of_the_first_area_is_the_ranking(visit):
    visit.open("/Organise?level=district")
    visit.page.get_by_role("button", name=re.compile("Plan leaflet walks in ")).click()
    visit.page.wait_for_url(re.compile(r"/Leaflet\?areas="))
    visit.settle()
    visit.page.go_back()
    at(visit, "/Organise", level=["district"])
    is_chosen(visit, "Postcode districts")


def test_a_menu_link_opened_in_a_new_tab_keeps_the_filters(visit):
    page = visit.page
    visit.open("/Where?level=district")
    pick(visit, "Period", "2014")
    at(visit, "/Where", level=["district"], period=["2014"])
    for label, title, how in (
        ("When raids happen", "When raids happen", {"modifiers": ["ControlOrMeta"]}),
        ("Home", "Immigration raids in London", {"button": "middle"}),
    ):
        with page.context.expect_page() as opened:
            menu_link(visit, label).click(**how)
        tab = opened.value
        tab.get_by_role("button", name="1 January 2014 to 31 December 2014").wait_for(timeout=60_000)
        assert tab.get_by_role("heading", level=1).inner_text() == title
        assert query(tab)["period"] == ["2014"]
        tab.close()
        # This one stays as it is.
        at(visit, "/Where", level=["district"], period=["2014"])


def test_filters_hold_in_a_new_tab_of_a_page_that_does_not_show_them(visit):
    visit.open("/Where?period=2014")
    with visit.page.context.expect_page() as opened:
        menu_link(visit, "About and method").click(button="middle")
    tab = opened.value
    tab.get_by_test_id("stSidebar").get_by_role("link", name="Home", exact=True).click(timeout=60_000)
    tab.get_by_text("1 January 2014 to 31 December 2014").first.wait_for(timeout=60_000)


def test_on_a_phone_the_menu_closes_when_a_page_is_chosen_and_opens_again(chromium, server):
    with look(chromium, server, "phone") as visit:
        page = visit.page
        visit.open("/Where?period=2014")
        for label, title in (
            ("When raids happen", "When raids happen"),
            ("Home", "Immigration raids in London"),
        ):
            page.get_by_test_id("stExpandSidebarButton").click()
            menu_link(visit, label).click()
            page.get_by_role("heading", name=title, level=1).wait_for()
            visit.settle()
            expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
            expect(menu_link(visit, label)).not_to_be_in_viewport()
        # A filter is chosen with the menu open, and more than one of them.
        page.get_by_test_id("stExpandSidebarButton").click()
        pick(visit, "Period", "2019")
        at(visit, "/", period=["2019"])
        expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")
        assert visit.complaints == []


def test_on_a_desk_the_menu_stays(visit):
    visit.open("/")
    menu_link(visit, "When raids happen").click()
    at(visit, "/When")
    expect(visit.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "false")


def test_a_filter_is_shown_where_it_does_something(visit):
    side_bar = visit.page.get_by_test_id("stSidebar")
    for path, shown in SHOWN.items():
        visit.open(path)
        labels = side_bar.locator("[data-testid=stWidgetLabel]").all_inner_texts()
        assert [label for label in labels if label in FILTERS] == list(shown), path
        assert visit.page.get_by_text("No filter in force").count() == bool(shown), path
        assert side_bar.get_by_role("button", name="Clear all filters").count() == bool(shown), path


def test_own_dates_and_the_last_months_and_years_come_first(visit):
    visit.open("/Where")
    choices(visit, "Period").click()
    options = visit.page.get_by_role("option").all_inner_texts()
    assert options[:5] == [
        "Choose the dates …",
        "Last 12 months of the records",
        "Last 3 years of the records",
        "Last 5 years of the records",
        "All dates",
    ]
    visit.page.keyboard.press("Escape")
    pick(visit, "Period", "Last 3 years of the records")
    at(visit, "/Where", period=["last-3-years"])
    in_force(visit, "1 January 2023 to 31 December 2025")


def test_filters_in_force_are_taken_off_one_by_one_by_mouse_and_by_keyboard(visit):
    page = visit.page
    visit.open("/Where?period=2014&outcome=no+arrests&outcome=prevented&borough=E09000028")
    in_force(
        visit,
        "1 January 2014 to 31 December 2014",
        "Borough: Southwark",
        "Outcome: No arrests",
        "Outcome: Prevented",
    )
    page.get_by_role("button", name="Outcome: No arrests").click()
    at(visit, "/Where", period=["2014"], outcome=["prevented"], borough=["E09000028"])
    in_force(visit, "1 January 2014 to 31 December 2014", "Borough: Southwark", "Outcome: Prevented")
    chip = page.get_by_role("button", name="1 January 2014 to 31 December 2014")
    chip.focus()
    page.keyboard.press("Enter")
    at(visit, "/Where", outcome=["prevented"], borough=["E09000028"])
    page.get_by_role("button", name="Outcome: Prevented").focus()
    page.keyboard.press("Space")
    at(visit, "/Where", borough=["E09000028"])
    page.go_back()
    at(visit, "/Where", outcome=["prevented"], borough=["E09000028"])
    in_force(visit, "Borough: Southwark", "Outcome: Prevented")
    assert visit.complaints == []


def test_two_choices_in_quick_succession_both_hold(visit):
    page = visit.page
    visit.open("/Where")
    page.get_by_role("radio", name="Recorded incidents").click()
    page.get_by_role("radio", name="Postcode districts").click()
    at(visit, "/Where", source=["incidents"], level=["district"])
    page.get_by_role("radio", name="Boroughs").click()
    menu_link(visit, "When raids happen").click()
    visit.page.get_by_role("heading", name="When raids happen", level=1).wait_for()
    visit.settle()


def test_a_fresh_server_opened_at_a_pages_own_address_works_as_any(chromium, tmp_path):
    with serve(tmp_path) as server, look(chromium, server) as visit:
        visit.open("/Where?period=2014")
        menu_link(visit, "When raids happen").click()
        at(visit, "/When", period=["2014"])
        in_force(visit, "1 January 2014 to 31 December 2014")
        visit.page.get_by_role("button", name="1 January 2014").click()
        at(visit, "/When")
        visit.page.go_back()
        at(visit, "/When", period=["2014"])
        visit.page.go_back()
        at(visit, "/Where", period=["2014"])
        menu_link(visit, "Home").click()
        at(visit, "/", period=["2014"])
        assert visit.complaints == []
