"""The Records page under a thumb: a raid is logged on a phone, by typing, by the map and from a message."""

import pytest
from playwright.sync_api import expect

from data.clock import now_in_london
from data.store.store import Store
from tests.browser.serving import MAP, look

SOUTHWARK = 27  # of the 33 boroughs, in the order of their codes
TARGET_PIXELS = 44
MESSAGE = "Vans on Rye Lane SE15 this morning about 7am, they took two people. Sam 07700 900123"


class Phone:
    """A person with a phone: counts the taps, and keeps what the browser sent."""

    def __init__(self, visit):
        self.visit, self.page = visit, visit.page
        self.taps, self.sent = 0, []
        self.page.on("websocket", lambda socket: socket.on("framesent", self._note))

    def _note(self, payload):
        self.sent.append(payload if isinstance(payload, bytes) else payload.encode())

    def tap(self, locator):
        locator.tap()
        self.taps += 1
        self.visit.settle()

    def tap_area(self, number):
        self.visit.show_map()
        area = self.page.locator(MAP).last.content_frame.locator("path.leaflet-interactive").nth(number)
        area.wait_for(state="attached")
        area.tap(force=True)
        self.taps += 1

    def pick(self, name):
        self.tap(self.page.get_by_role("radio", name=name, exact=True))

    def press(self, name):
        self.tap(self.page.get_by_role("button", name=name, exact=True))

    def is_wider_than_the_screen(self):
        main = self.page.locator("[data-testid=stMain]")
        return main.evaluate("element => element.scrollWidth - element.clientWidth") > 1


@pytest.fixture
def phone(chromium, server):
    with look(chromium, server, "phone") as visit:
        phone = Phone(visit)
        visit.open("/Records")
        yield phone
    # Other tests count what is in the store.
    assert logged(server) == []


def logged(server):
    return (
        Store(server.database).sql("SELECT * FROM store.main.incidents WHERE review = 'to check'").to_pylist()
    )


def take_back(phone):
    phone.press("Undo")
    phone.page.get_by_text("Taken back: the record is gone.").wait_for()


def test_a_raid_is_logged_with_four_taps_and_a_typed_place(phone, server):
    # The place is still being typed when the next control is tapped.
    phone.tap(phone.page.get_by_label("Postcode, district, borough or place"))
    phone.page.keyboard.type("SE15 4QL")
    phone.pick("People detained")
    phone.pick("Workplace")
    phone.page.get_by_text(
        "in the locality SE15 4 (Southwark), at a workplace: people were detained."
    ).wait_for()
    phone.press("Save this record")
    phone.page.get_by_text("Saved under the code").wait_for()
    assert phone.taps <= 4
    (record,) = logged(server)
    assert record["outcome"] == "people detained"
    assert phone.page.url.endswith("/Records")
    assert not phone.is_wider_than_the_screen()
    take_back(phone)
    assert phone.visit.complaints == []


def test_the_place_is_tapped_on_the_map_and_the_spot_stays_in_the_browser(phone, server):
    # Before eight in the morning seven o'clock of today is still to come.
    is_early = now_in_london().hour < 8
    if is_early:
        phone.pick("Yesterday")
    phone.pick("Morning 6–12")
    phone.pick("07")
    phone.pick("Tap it on the map")
    phone.visit.map()
    phone.tap_area(SOUTHWARK)
    phone.page.get_by_text("Tap the locality.").wait_for()
    phone.visit.settle()
    phone.visit.map()
    phone.tap_area(6)
    phone.page.get_by_text("This locality is all that is kept.").wait_for()
    phone.visit.settle()
    phone.pick("Prevented")
    phone.press("Save this record")
    phone.page.get_by_text("Saved under the code").wait_for()
    assert phone.taps <= 7 + is_early
    (record,) = logged(server)
    assert record["borough_code"] == "E09000028"
    assert (record["location_precision"], record["started_earliest"].hour) == ("locality", 7)
    assert b"last_object_clicked" not in b"".join(phone.sent)
    assert b"last_clicked" not in b"".join(phone.sent)
    assert phone.page.url.endswith("/Records")
    take_back(phone)
    assert phone.visit.complaints == []


def test_a_tap_beside_the_right_locality_is_mended_with_another(phone):
    phone.pick("Tap it on the map")
    phone.visit.map()
    phone.tap_area(SOUTHWARK)
    phone.page.get_by_text("Tap the locality.").wait_for()
    names = []
    for number in (6, 9):
        phone.visit.settle()
        phone.visit.map()
        phone.tap_area(number)
        phone.page.get_by_text("This locality is all that is kept.").wait_for()
        phone.visit.settle()
        names.append(phone.page.locator("[class*=place-known] strong").inner_text())
        phone.press("Change")
    assert names[0] != names[1]
    assert all("(Southwark)" in name for name in names)


def test_a_message_fills_the_form_and_is_in_the_page_no_more(phone):
    phone.tap(phone.page.get_by_text("Paste a message (optional)"))
    phone.page.get_by_label("The message as it came").fill(MESSAGE)
    phone.page.wait_for_timeout(500)
    assert b"07700" not in b"".join(phone.sent)
    phone.press("Fill the form from it")
    phone.page.get_by_text("Read from the message:").wait_for()
    phone.visit.settle()
    # The drawer shuts, so that the form is in sight.
    expect(phone.page.get_by_label("The message as it came")).to_be_hidden()
    assert phone.page.get_by_role("radio", name="People detained", exact=True).is_checked()
    # What is typed into a box is no part of the page's text.
    typed = phone.page.eval_on_selector_all(
        "input, textarea", "boxes => boxes.map(box => box.value).join(' ')"
    )
    for text in ("07700", "Rye Lane", "Sam"):
        assert text not in phone.page.content() + typed


def test_a_form_that_comes_back_shows_what_stands_in_it(phone):
    def chosen():
        return [
            phone.page.get_by_role("radio", name=name, exact=True).first.is_checked()
            for name in ("Today", "Not known", "Type it")
        ]

    phone.pick("Prevented")
    phone.pick("Second look")
    phone.pick("Log a raid")
    assert chosen() == [True, True, True]
    phone.pick("Tap it on the map")
    phone.pick("Type it")
    phone.page.get_by_label("Postcode, district, borough or place").fill("N17")
    phone.press("Save this record")
    phone.page.get_by_text("Saved under the code").wait_for()
    phone.press("Log another raid")
    assert chosen() == [True, True, True]
    phone.press("Delete")
    phone.page.get_by_text("The record is deleted.").wait_for()


@pytest.mark.parametrize("day", ["Another day", "Only the month", "Only the year"])
def test_every_control_of_the_form_is_big_enough_for_a_thumb(phone, day):
    phone.pick("Morning 6–12")
    phone.pick(day)
    phone.tap(phone.page.get_by_text("Numbers, police and response, if known"))
    small = phone.page.locator("[class*=st-key-thumb-log]").evaluate(
        """(form, target) => [...form.querySelectorAll('button, [role=radio], summary, input[type=text], input[type=number]')]
            .map(control => control.closest('label, [data-testid=stTextInputRootElement], [data-testid=stNumberInputContainer], [data-testid=stDateInputField]') || control)
            .filter(control => control.offsetParent !== null && control.getBoundingClientRect().height < target)
            .map(control => control.outerHTML.slice(0, 160))""",
        TARGET_PIXELS - 0.5,
    )
    assert small == []
    # No word of a choice is cut off.
    cut = phone.page.locator("[class*=st-key-thumb-log] [role=radio]").evaluate_all(
        "choices => choices.filter(choice => choice.scrollWidth > choice.clientWidth + 1).map(choice => choice.textContent)"
    )
    assert cut == []
    assert not phone.is_wider_than_the_screen()


@pytest.mark.parametrize("section", ["check", "files"])
def test_the_other_sections_fit_a_phone(phone, section):
    phone.visit.open(f"/Records?section={section}")
    phone.page.get_by_role("heading", level=3).first.wait_for()
    assert not phone.is_wider_than_the_screen()
    assert phone.visit.complaints == []
