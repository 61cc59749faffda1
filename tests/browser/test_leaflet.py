import re

import pypdfium2
from playwright.sync_api import expect

from tests.browser.serving import MAP


def test_walks_are_planned_changed_printed_and_marked_done(visit):
    page = visit.page
    visit.open("/Leaflet?areas=N17&leaflets=500&people=3")
    page.get_by_role("button", name="Plan the walks").click()
    finding = page.locator("h4.finding")
    finding.wait_for(timeout=60_000)
    count = int(re.match(r"(\d+) walks", finding.inner_text())[1])
    visit.settle()
    assert visit.map().locator(".walk-number").count() == count
    # A walk on the map is chosen by a click.
    visit.click_area(count - 1)
    expect(page.locator("input[aria-label=Walk]")).to_have_value(f"Walk {count}")
    visit.settle()
    page.get_by_role("button", name="Cut it in two").click()
    page.get_by_text(f"{count + 1} walks with about").wait_for()
    visit.settle()
    with page.expect_download() as download:
        page.get_by_role("button", name="Sheets to print (PDF)").click()
    assert len(pypdfium2.PdfDocument(download.value.path())) == 1 + count + 1
    page.get_by_role("button", name="Save this plan").click()
    page.get_by_text("Saved. Its walks can be given out").wait_for()
    page.get_by_text("Walks", exact=True).first.click()
    page.get_by_role("spinbutton", name="Number of the person who takes it").fill("7")
    page.get_by_role("button", name="Give it out").click()
    page.get_by_text("is given to no. 7").wait_for()
    visit.settle()
    # Only a walk that somebody has is named on the map.
    expect(page.locator(MAP).last.content_frame.locator(".walk-number")).to_have_count(1)
    page.get_by_role("button", name="Back: all done").click()
    page.get_by_text(f"1 of {count + 1} walks is done").wait_for()
    visit.settle()
    assert visit.complaints == []
    outside = [url for url in visit.requests if visit.server.address.split("//")[1] not in url]
    assert [url for url in outside if not url.startswith(("data:", "blob:"))] == []


def test_a_barrier_is_drawn_with_two_clicks_and_the_page_fits_a_phone(sized_visit):
    page = sized_visit.page
    sized_visit.open("/Leaflet?draw-barrier=on")
    for number in (1, 2):
        sized_visit.show_map()
        area = page.locator(MAP).last.content_frame.locator("#map_div")
        area.click(position={"x": 60 + 80 * number, "y": 60 * number})
        page.get_by_text(f"Points so far: {number}").wait_for()
        sized_visit.settle()
    page.get_by_role("button", name="Finish this barrier").click()
    page.get_by_text("The barrier is drawn").wait_for()
    sized_visit.settle()
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
    assert sized_visit.complaints == []
