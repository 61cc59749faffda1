"""The lock in a real browser: it asks, it opens, and pages that are open elsewhere go blank by themselves."""

import pytest

from tests.browser.serving import look, serve

PASSPHRASE = "six words nobody would put together"
FORM = "Type the passphrase to open the records."


@pytest.fixture(scope="module")
def locked_server(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAIDS_PASSPHRASE", PASSPHRASE)
        with serve(tmp_path_factory.mktemp("locked")) as server:
            yield server


def type_in(page, passphrase: str) -> None:
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Unlock").click()


def unlock(visit) -> None:
    """Open the Lock page, with the passphrase if it asks for one."""
    visit.page.goto(visit.server.address + "/Lock")
    heading = visit.page.get_by_role("heading", level=1)
    heading.wait_for(timeout=60_000)
    if heading.inner_text() == "Locked":
        type_in(visit.page, PASSPHRASE)
    visit.settle()


def test_locking_one_page_blanks_the_others_by_themselves_and_a_passphrase_opens_them(
    chromium, locked_server
):
    with look(chromium, locked_server) as keeper, look(chromium, locked_server, "phone") as reader:
        reader.open("/About")
        keeper.open("/Lock")
        keeper.page.get_by_test_id("stSidebar").get_by_role("button", name="Lock now").click()
        keeper.page.get_by_text(FORM).wait_for()
        reader.page.get_by_text(FORM).wait_for(timeout=60_000)
        # What was drawn before goes a moment after the form is there.
        for gone in ("[data-testid=stMain] table", "[data-testid=stMain] dl", "[data-testid=stSidebar] h2"):
            reader.page.locator(gone).first.wait_for(state="detached")
        assert reader.page.get_by_role("heading", level=1).inner_text() == "Locked"

        type_in(reader.page, "wrong")
        reader.page.get_by_text("The passphrase is wrong.").wait_for()
        assert reader.page.get_by_label("Passphrase", exact=True).input_value() == ""
        type_in(reader.page, PASSPHRASE)
        reader.settle()
        reader.page.get_by_role("heading", level=1, name="About these records").wait_for()
        assert keeper.complaints == reader.complaints == []


def test_a_fresh_server_asks_for_the_passphrase_first_at_a_pages_own_address(chromium, tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_PASSPHRASE", PASSPHRASE)
    with serve(tmp_path, RAIDS_PASSPHRASE="") as server, look(chromium, server) as keeper:
        page = keeper.page
        page.goto(server.address + "/Where?period=2014")
        page.get_by_text(FORM).wait_for(timeout=60_000)
        assert page.get_by_role("heading", level=1).inner_text() == "Locked"
        assert (
            page.locator("[data-testid=stPageLink], [data-testid=stSidebar] h2, table, iframe").count() == 0
        )
        type_in(page, PASSPHRASE)
        keeper.settle()
        # The view that was asked for.
        page.get_by_role("heading", level=1, name="Where raids happen").wait_for()
        page.get_by_role("button", name="1 January 2014 to 31 December 2014").wait_for()
        assert page.url == server.address + "/Where?period=2014"


def test_on_a_phone_the_open_side_bar_does_not_lie_over_the_passphrase_box(chromium, locked_server):
    with look(chromium, locked_server, "phone") as keeper:
        page = keeper.page
        unlock(keeper)
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_test_id("stSidebar").get_by_role("button", name="Lock now").click()
        box = page.get_by_label("Passphrase", exact=True)
        box.wait_for()
        page.get_by_test_id("stSidebar").wait_for(state="hidden")
        assert box.bounding_box()["height"] >= 44
        box.click()


def test_on_a_phone_the_answer_to_a_wipe_is_in_sight_and_every_box_fits_a_thumb(chromium, locked_server):
    with look(chromium, locked_server, "phone") as keeper:
        page = keeper.page
        unlock(keeper)
        boxes = page.locator(".st-key-lock-page input:visible:not([type=file])")
        assert min(boxes.nth(each).bounding_box()["height"] for each in range(boxes.count())) >= 44
        page.get_by_label("Type WIPE to confirm").fill("wipe")
        page.get_by_role("button", name="Wipe everything").click()
        answer = page.get_by_text("Nothing was wiped")
        answer.wait_for()
        keeper.settle()
        assert 0 < answer.bounding_box()["y"] < 844


def test_a_backup_comes_out_of_the_browser_and_holds_no_plain_word(chromium, locked_server):
    with look(chromium, locked_server) as keeper:
        unlock(keeper)
        with keeper.page.expect_download() as download:
            keeper.page.get_by_role("button", name="Download a backup").click()
        whole = download.value.path().read_bytes()
        assert download.value.suggested_filename.startswith("records-backup_20")
        assert whole.startswith(b"PK")
        assert len(whole) > 1_000_000
        assert not any(word in whole for word in (b"Southwark", b"people detained", PASSPHRASE.encode()))
