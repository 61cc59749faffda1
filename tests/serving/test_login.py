"""Logging in with a real OpenID provider, in Chromium."""

import time

import pytest

from pages.shared.access import LOGIN_NEEDED, NO_ROLE
from tests.serving.provider import PEOPLE
from tests.serving.running import log_in, session_cookie, stream

ROLES = {"vi": "viewer", "rex": "recorder", "kay": "keeper"}


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.mark.parametrize("name", ROLES)
def test_a_persons_groups_give_their_role(page, with_login, name):
    page.goto(with_login.address)
    page.get_by_text(LOGIN_NEEDED).wait_for()
    log_in(page, name)
    page.get_by_text(f"You are logged in as a {ROLES[name]}.").wait_for()
    page.get_by_role("heading", name="Immigration raids in London").wait_for()


def test_a_person_in_none_of_the_groups_sees_one_sentence_and_may_log_out(page, with_login):
    page.goto(f"{with_login.address}/Where")
    log_in(page, "nobody")
    page.get_by_text(NO_ROLE).wait_for()
    assert page.locator("h1, iframe, [data-testid=stSidebarContent] a").count() == 0
    assert page.get_by_role("button").all_inner_texts() == ["Log out"]


def test_logging_out_ends_the_session_here_and_at_the_provider_even_for_a_copied_cookie(page, with_login):
    page.goto(with_login.address)
    log_in(page, "kay")
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


def test_the_browser_keeps_the_login_no_longer_than_it_holds_and_no_name(page, with_login):
    page.goto(with_login.address)
    log_in(page, "vi")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies(with_login.address)}
    for name in ("_streamlit_user", "_streamlit_user_tokens"):
        assert cookies[name]["httpOnly"]
        assert 0 < cookies[name]["expires"] - time.time() <= 8 * 3600
    assert set(PEOPLE) == {"vi", "rex", "kay", "nobody"}
    said = stream(with_login, "About", {"_streamlit_user": cookies["_streamlit_user"]["value"]})
    assert not any(b"example.org" in message.SerializeToString() for message in said.messages)
