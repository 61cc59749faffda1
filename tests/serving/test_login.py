"""Logging in with a real OpenID provider, in Chromium."""

import json
import time

import pytest
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from pages.shared.door.access import LOGIN_NEEDED, NO_ROLE
from tests.serving.running import COOKIE_SECRET, log_in, session_cookie, stream


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.mark.parametrize(("name", "role"), [("vi", "viewer"), ("rex", "recorder")])
def test_a_persons_groups_give_their_role(page, with_login, name, role):
    page.goto(with_login.address)
    page.get_by_text(LOGIN_NEEDED).wait_for()
    log_in(page, name)
    page.get_by_text(f"You are logged in as a {role}.").wait_for()
    page.get_by_role("heading", name="Immigration raids in London").wait_for()

    kept = {cookie["name"]: cookie for cookie in page.context.cookies(with_login.address)}
    for cookie in (kept["_streamlit_user"], kept["_streamlit_user_tokens"]):
        assert cookie["httpOnly"]
        assert 0 < cookie["expires"] - time.time() <= 8 * 3600
    # Signed, but whoever has the machine can read it: the groups, and neither a name nor an e-mail address.
    signed = kept["_streamlit_user"]["value"].encode()
    said = json.loads(decode_signed_value(COOKIE_SECRET, "_streamlit_user", signed))
    assert said["groups"] == [f"raids-{role}"]
    assert not set(said) & {
        "name",
        "given_name",
        "family_name",
        "preferred_username",
        "email",
        "phone_number",
    }


def test_a_link_opens_its_view_after_the_login(page, with_login):
    view = "/Where?area=E09000012&measure=incidents&source=incidents"
    page.goto(with_login.address + view)
    page.get_by_text(LOGIN_NEEDED).wait_for()
    log_in(page, "vi")
    page.get_by_role("heading", name="Where raids happen").wait_for()
    page.get_by_text("Hackney").first.wait_for()
    assert page.url.startswith(f"{with_login.address}/Where?")
    assert "area=E09000012" in page.url
    assert "raids_view" not in {cookie["name"] for cookie in page.context.cookies(with_login.address)}


def test_a_person_in_none_of_the_groups_sees_one_sentence_and_may_log_out(page, with_login):
    page.goto(f"{with_login.address}/Where")
    log_in(page, "nobody")
    page.get_by_text(NO_ROLE).wait_for()
    assert page.locator("h1, iframe, [data-testid=stSidebarContent] a").count() == 0
    assert page.get_by_role("button").all_inner_texts() == ["Log out"]


def test_logging_out_ends_the_session_here_and_at_the_provider_even_for_a_copied_cookie(page, with_login):
    page.goto(with_login.address)
    log_in(page, "kay")
    page.get_by_text("You are logged in as a keeper.").wait_for()
    copied = {cookie["name"]: cookie["value"] for cookie in page.context.cookies(with_login.address)}
    assert stream(with_login, "Where", copied).is_of_records

    page.get_by_role("button", name="Log out").click()
    page.get_by_text(LOGIN_NEEDED).wait_for()
    page.wait_for_url(f"{with_login.address}/")
    left = {cookie["name"] for cookie in page.context.cookies(with_login.address)}
    assert not {name for name in left if name.startswith("_streamlit_user")}
    assert not stream(with_login, "Where", copied).is_of_records
    with with_login.client(cookies=copied) as client:
        assert client.get("/media/0000.csv").status_code == 403

    # The provider asks for the password again.
    page.get_by_role("button", name="Log in").click()
    page.locator("input[name=login]").wait_for()


def test_what_is_on_the_screen_goes_when_the_session_ends(page, with_login):
    cookie = session_cookie(with_login, ["raids-viewer"], age_hours=8 - 12 / 3600)
    page.context.add_cookies(
        [{"name": name, "value": value, "url": with_login.address} for name, value in cookie.items()]
    )
    page.goto(f"{with_login.address}/About")
    page.get_by_text("You are logged in as a viewer.").wait_for()
    page.get_by_text("You are logged in as a viewer.").wait_for(state="detached")
    assert page.get_by_role("heading", name="About these records").count() == 0
