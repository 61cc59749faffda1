"""The way back to a view after a login: to a page of this dashboard, and nowhere else."""

import pytest
from starlette.datastructures import Headers

from pages.shared.door.way_back import COOKIE, LONGEST, asks_for_view, keep_view, lead_back, view_in
from tests.serving.running import session_cookie


def asked(path: str, query: str = "", method: str = "GET", cookie: str = "") -> dict:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"cookie", f"{COOKIE}={cookie}".encode())],
    }


def answer(location: str | None = None) -> dict:
    headers = [(b"location", location.encode())] if location else []
    return {"type": "http.response.start", "status": 302 if location else 200, "headers": headers}


def kept(message: dict) -> str | None:
    """The value of the cookie that an answer sets."""
    for value in Headers(raw=message["headers"]).getlist("set-cookie"):
        return value.partition(";")[0].partition("=")[2]
    return None


@pytest.mark.parametrize(
    "query", ["", "area=E09000012", "borough=E09000028&outcome=no+arrests&from=2012-06-01", "a=%22%3B%2C"]
)
def test_the_view_that_was_asked_for_comes_back(query):
    asks = answer()
    assert asks_for_view(asked("/Where", query))
    keep_view(asked("/Where", query), asks)
    comes_back = answer("/")
    lead_back(asked("/oauth2callback", "code=1", cookie=kept(asks)), comes_back)
    said = Headers(raw=comes_back["headers"])
    assert said["location"] == (f"/Where?{query}" if query else "/Where")
    assert "Max-Age=0" in said["set-cookie"]


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [
        ("/media/a.csv", "", "GET"),
        ("/auth/login", "provider=x", "GET"),
        ("/Where", "", "POST"),
        ("/Where", "a=" + "x" * LONGEST, "GET"),
    ],
)
def test_only_pages_are_kept(path, query, method):
    message, asks = answer(), asked(path, query, method)
    if asks_for_view(asks):
        keep_view(asks, message)
    assert kept(message) is None


@pytest.mark.parametrize(
    "cookie",
    [
        "https://raids.example/Where", "//raids.example", "/\\raids.example", "/Where/../media", "/nowhere", "Where", "?a=b", "",
        "/auth/logout", "/Where%0d%0aset-cookie:a=b", "/Where?a=%250d%0d%0aset-cookie:a=b", "/Where?a=b c", "/Where#a",
        "/Where;a", "%2F%2Fraids.example", "/Where?\u00e9",
    ],
)  # fmt: skip
def test_a_cookie_leads_to_no_other_place(cookie):
    assert view_in(cookie) == ""


@pytest.mark.parametrize("location", [None, "https://provider.example/", "/elsewhere"])
def test_no_other_answer_is_led_elsewhere(location):
    message = answer(location)
    lead_back(asked("/oauth2callback", cookie="/Where"), message)
    assert Headers(raw=message["headers"]).get("location") == location
    message = answer("/")
    lead_back(asked("/Where", cookie="/About"), message)
    assert Headers(raw=message["headers"])["location"] == "/"


def test_the_cookie_is_set_for_those_without_a_session_and_only_where_there_is_a_login(
    with_login, without_login
):
    with with_login.client() as client:
        set_cookie = client.get("/Where?area=E09000012").headers["set-cookie"]
        assert set_cookie.startswith(f"{COOKIE}=%2FWhere%3Farea%3DE09000012; ")
        assert {"httponly", "max-age=600", "samesite=lax", "path=/"} <= set(set_cookie.lower().split("; "))
        refused = client.get("/Where", headers={"host": "raids.example"})
        assert refused.status_code == 403
        assert "set-cookie" not in refused.headers
    with with_login.client(cookies=session_cookie(with_login, ["raids-viewer"])) as client:
        assert "set-cookie" not in client.get("/Where").headers
    with without_login.client() as client:
        assert "set-cookie" not in client.get("/Where").headers
