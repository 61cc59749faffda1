"""A served dashboard answers nothing to who is not logged in."""

import re

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from data.store.store import PROJECT_ROOT, Store
from pages.shared.door.access import LOGIN_NEEDED, NO_ROLE
from tests.serving.running import free_port, open_stream, serve, session_cookie, stream

PAGES = ["", *(path.stem.split("_", 1)[1] for path in sorted((PROJECT_ROOT / "pages").glob("[0-9]*.py")))]
KEEPER = ["raids-keeper"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws_the_login_and_nothing_else(with_login, page):
    heard = stream(with_login, page)
    assert not heard.is_of_records
    said = [element.markdown.body for element in heard.elements if element.WhichOneof("type") == "markdown"]
    styles = [element.html.body for element in heard.elements if element.WhichOneof("type") == "html"]
    assert said == [LOGIN_NEEDED]
    assert heard.kinds <= {"markdown", "html", "button"}
    assert all(style.startswith("<style>") for style in styles[1:])


def test_a_fresh_server_draws_the_login_first_at_a_pages_own_address(database, provider, tmp_path):
    with serve(tmp_path, database, free_port(), provider=provider) as served:
        heard = stream(served, "Where", query="?period=2014")
        assert not heard.is_of_records
        assert [e.markdown.body for e in heard.elements if e.WhichOneof("type") == "markdown"] == [
            LOGIN_NEEDED
        ]
        assert stream(served, "Where", session_cookie(served, KEEPER)).is_of_records


def test_the_same_page_shows_records_to_who_is_logged_in(with_login):
    heard = stream(with_login, "Where", session_cookie(with_login, ["raids-viewer"]))
    assert heard.is_of_records


@pytest.mark.parametrize(
    "cookies",
    [
        pytest.param({"_streamlit_user": "e30.Zm9v.YmFy"}, id="not signed"),
        pytest.param(
            {"_streamlit_user": "chunks-2", "_streamlit_user_1": "a", "_streamlit_user_2": "b"},
            id="in pieces",
        ),
        pytest.param({"_streamlit_user": ""}, id="empty"),
    ],
)
def test_a_forged_cookie_is_no_session(with_login, cookies):
    heard = stream(with_login, "Where", cookies)
    assert not heard.is_of_records
    with with_login.client(cookies=cookies) as client:
        assert client.get("/media/0000.csv").status_code == 403


def test_a_session_without_a_role_sees_one_sentence(with_login):
    heard = stream(with_login, "Where", session_cookie(with_login, ["kitchen"]))
    assert not heard.is_of_records
    assert [e.markdown.body for e in heard.elements if e.WhichOneof("type") == "markdown"] == [NO_ROLE]


def test_a_session_of_nine_hours_is_logged_out(with_login):
    heard = stream(with_login, "Where", session_cookie(with_login, KEEPER, age_hours=9))
    assert not heard.is_of_records
    assert heard.redirects == ["/auth/logout"]
    with with_login.client(cookies=session_cookie(with_login, KEEPER, age_hours=9)) as client:
        assert client.get("/media/0000.csv").status_code == 403


def test_once_logged_out_in_one_tab_another_changes_nothing_more(with_login, database):
    cookies = session_cookie(with_login, KEEPER, age_hours=0.25)
    with (
        open_stream(with_login, "Lock", cookies) as one,
        open_stream(with_login, "Lock", cookies) as other,
    ):
        days = next(e.number_input.id for e in one.elements if e.number_input.label.startswith("Days before"))
        one.press("Lock", "Save", **{days: 77})
        one.hear("script_finished")
        assert Store(database).settings().hidden_days == 77
        other.press("Lock", "Log out")
        other.hear("script_finished")
        with pytest.raises(ConnectionClosed):
            one.press("Lock", "Save", **{days: 99})
            one.hear("script_finished")
    assert Store(database).settings().hidden_days == 77


def test_a_page_from_elsewhere_cannot_use_a_session(with_login):
    cookies = session_cookie(with_login, KEEPER)
    for host, origin in ((None, "https://elsewhere.example"), ("elsewhere.example", ""), (None, "null")):
        with pytest.raises(InvalidStatus, match="403"):
            stream(with_login, "Where", cookies, host=host, origin=origin)


def test_a_file_to_download_is_handed_to_a_session_only(with_login):
    cookies = session_cookie(with_login, KEEPER)
    with open_stream(with_login, "When", cookies) as heard:
        path = heard.download()
        with with_login.client() as client:
            refused = client.get(path)
        with with_login.client(cookies=cookies) as client:
            answered = client.get(path)
    assert (refused.status_code, refused.text) == (403, "Log in first.")
    assert answered.status_code == 200
    assert answered.headers["cache-control"] == "no-store"


def test_nothing_is_uploaded_without_a_session(with_login):
    answers = []
    for cookies in ({}, session_cookie(with_login, KEEPER)):
        with (
            open_stream(with_login, "Records", cookies) as heard,
            with_login.client(cookies=cookies) as client,
        ):
            token = client.get("/_stcore/health").cookies["_streamlit_xsrf"]
            client.cookies.set("_streamlit_xsrf", token)
            path = f"/_stcore/upload_file/{heard.session}/1"
            file = {"file": ("log.csv", b"date,place\n")}
            answers.append(client.put(path, files=file, headers={"X-Xsrftoken": token}).status_code)
    assert answers == [403, 204]


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/script-health-check"],
)
def test_nobody_is_told_about_the_server(with_login, without_login, path):
    for served, cookies in (
        (with_login, {}),
        (with_login, session_cookie(with_login, KEEPER)),
        (without_login, {}),
    ):
        with served.client(cookies=cookies) as client:
            assert client.get(path).status_code == 403


def test_what_is_answered_to_everybody_says_nothing_about_records(with_login):
    with with_login.client() as client:
        for path in ("/", "/Where", "/Records?borough=E09000012", "/_stcore/health", "/_stcore/host-config"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert b"Hackney" not in answer.content
        for path in (
            "/app/static/../data/local/raids.duckdb",
            "/app/static/%2e%2e/cli.py",
            "/app/static/..%2f..%2f.streamlit%2fsecrets.toml",
            "/component/streamlit_folium.st_folium/../../../../cli.py",
        ):
            answer = client.get(path)
            assert b"cookie_secret" not in answer.content
            assert b"typer" not in answer.content


def test_what_is_served_to_everybody_is_scripts_and_outlines_alone(with_login):
    stream(with_login, "Where", session_cookie(with_login, KEEPER))
    served = [path.name for path in (PROJECT_ROOT / "static").iterdir() if path.name != ".gitkeep"]
    assert served
    allowed = r"(leaflet|density|menu|outlines-(borough|district|locality))-[0-9a-f]{12}\.(js|css)"
    assert [name for name in served if not re.fullmatch(allowed, name)] == []


def test_no_line_is_written_about_who_asks_for_what(with_login):
    with with_login.client() as client:
        client.get("/Where?borough=E09000012", headers={"X-Forwarded-For": "203.0.113.7"})
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    stream(with_login, "Where", session_cookie(with_login, KEEPER), query="?borough=E09000012", **forwarded)
    written = with_login.log.read_text()
    for word in ("E09000012", "203.0.113.7", "somebody", "GET", "WebSocket", "_streamlit_user"):
        assert word not in written
