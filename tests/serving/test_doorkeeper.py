"""The door: what is refused before any page hears of it, and what is set on every answer."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from pages.shared.door import doorkeeper
from pages.shared.door.doorkeeper import HEADERS, MAP_POLICY, PAGE_POLICY
from pages.shared.door.here import is_from_here, is_here
from pages.shared.door.login import Login
from tests.serving.running import session_cookie, stream

FORWARDED = [
    {"X-Forwarded-For": "203.0.113.7"},
    {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Host": "raids.example"},
    {"Forwarded": "for=203.0.113.7"},
    {"X-Real-IP": "203.0.113.7"},
    {"Via": "1.1 proxy"},
]
ELSEWHERE = ["raids.example", "127.0.0.1.example", "192.168.1.7", "0.0.0.0", "localhost.example", "[::2]", ""]
# Pages of other programs on this machine, and what is not an origin of any page of ours.
OTHER_ORIGINS = [
    "http://localhost:3000",
    "http://127.0.0.1:9",
    "http://[::1]:1234",
    "http://127.0.0.1",
    "https://localhost",
    "ftp://{host}",
    "http://{host}.example",
    "http://{host}/",
    "{host}",
    "null",
]
HERE = ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "127.0.0.2"]


@pytest.mark.parametrize("headers", FORWARDED, ids=lambda headers: next(iter(headers)))
def test_without_a_login_nothing_is_answered_through_a_proxy(without_login, headers):
    with without_login.client() as client:
        answer = client.get("/Where", headers=headers)
    assert answer.status_code == 403
    assert answer.text == doorkeeper.NOT_FROM_HERE
    with pytest.raises(InvalidStatus, match="403"):
        stream(without_login, "Where", **headers)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_without_a_login_nothing_is_answered_under_another_name(without_login, host):
    with without_login.client() as client:
        assert client.get("/Where", headers={"host": host}).status_code in (400, 403)
        assert client.get("/Where", headers={"origin": f"http://{host}"}).status_code == 403


@pytest.mark.parametrize("host", HERE)
def test_without_a_login_this_machine_is_answered_under_each_of_its_names(without_login, host):
    with without_login.client() as client:
        assert client.get("/", headers={"host": f"{host}:{without_login.port}"}).status_code == 200


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
def test_a_page_of_another_program_on_this_machine_is_not_answered(without_login, with_login, origin):
    for served, cookies in (
        (without_login, {}),
        (with_login, session_cookie(with_login, ["raids-keeper"])),
    ):
        named = origin.format(host=served.host)
        with served.client(cookies=cookies) as client:
            assert client.get("/Where", headers={"origin": named}).status_code == 403
            assert client.get("/", headers={"origin": served.address}).status_code == 200
        with pytest.raises(InvalidStatus, match="403"):
            stream(served, "Where", cookies, origin=named)


def test_without_a_login_this_machine_sees_the_records(without_login):
    assert stream(without_login, "Where").is_of_records


def test_a_page_from_elsewhere_makes_the_server_ask_nobody_for_its_own_address(without_login, with_login):
    """Streamlit would look its own address up outside to compare it with that of the page."""
    for served in (without_login, with_login):
        with served.client() as client:
            answer = client.get("/_stcore/health", headers={"origin": "https://elsewhere.example"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/Where", "/_stcore/health", "/_stcore/metrics", "/media/no", "/app/static/no"]
)
def test_every_answer_has_the_headers(without_login, path):
    with without_login.client() as client:
        answer = client.get(path)
    assert HEADERS.items() <= answer.headers.items()
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_only_the_frame_of_the_map_may_run_scripts_from_text(without_login):
    with without_login.client() as client:
        answer = client.get("/component/streamlit_folium.st_folium/index.html")
    assert answer.status_code in (200, 404)
    assert answer.headers["content-security-policy"] == MAP_POLICY
    scripts = next(rule for rule in PAGE_POLICY.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "script-src-attr 'none'" in MAP_POLICY


@pytest.mark.parametrize(
    ("client", "server"),
    [("192.168.1.9", "192.168.1.7"), ("127.0.0.1", "192.168.1.7"), ("192.168.1.9", "127.0.0.1")],
)
def test_another_machine_is_refused_whatever_it_says_it_is(client, server):
    """As when a web server other than Streamlit's own listens to everybody."""
    scope = {
        "type": "http",
        "path": "/",
        "headers": [(b"host", b"localhost:8501")],
        "client": (client, 50000),
        "server": (server, 8501),
    }
    assert doorkeeper._refusal(scope, None) == doorkeeper.NOT_FROM_HERE
    assert doorkeeper._refusal(scope | {"client": ("::1", 1), "server": ("::1", 1)}, None) is None


def test_nobody_empties_the_caches_of_all_and_nobody_without_a_session_takes_files():
    """The opened store is among the caches: emptying them would lock it for everybody."""
    said = [BackMsg(clear_cache=True), BackMsg(set_run_on_save=True), BackMsg(load_git_info=True)]
    said.append(BackMsg())
    said[-1].backend_operation_request.install_skills.SetInParent()
    said.append(BackMsg())
    said[-1].backend_operation_request.deferred_file.file_id = "1"
    said.append(BackMsg())
    said[-1].rerun_script.page_name = "Where"
    sent = [message.SerializeToString() for message in said]

    assert _let_in([*sent, b"\xff"], Login("https://raids.example")) == sent[-1:]
    assert _let_in([*sent, b"\xff"], None) == sent[-2:]


def test_a_stream_ends_with_its_session(monkeypatch):
    """Callbacks run before the page asks who is there; so nothing more of what is pressed may reach it."""
    said = BackMsg()
    said.rerun_script.page_name = "Lock"
    sent = said.SerializeToString()
    hour = [0]
    claims = {"iat": 1_000_000, "groups": ["raids-keeper"]}
    monkeypatch.setattr("pages.shared.door.login.time.time", lambda: claims["iat"] + hour[0] * 3600)
    monkeypatch.setattr(doorkeeper, "_claims", lambda _: claims)
    login = Login("https://raids.example", hours=8)

    def messages():
        yield {"type": "websocket.receive", "bytes": sent}
        hour[0] = 8
        yield {"type": "websocket.receive", "bytes": sent}

    heard = messages()

    async def receive():
        return next(heard)

    async def listen():
        sifted = doorkeeper._sifted({"type": "websocket", "headers": []}, receive, login)
        return [await sifted(), await sifted()]

    first, second = _run(listen())
    assert first["bytes"] == sent
    assert second == {"type": "websocket.disconnect", "code": 1008}


def _let_in(sent: list[bytes], login: Login | None) -> list[bytes]:
    messages = iter(
        [{"type": "websocket.receive", "bytes": data} for data in sent] + [{"type": "websocket.disconnect"}]
    )

    async def receive():
        return next(messages)

    async def listen():
        sifted = doorkeeper._sifted({"type": "websocket", "headers": []}, receive, login)
        heard = []
        while (message := await sifted())["type"] == "websocket.receive":
            heard.append(message["bytes"])
        return heard

    return _run(listen())


def test_an_upload_is_never_laid_down_in_a_temporary_folder(monkeypatch):
    """Starlette keeps a megabyte in memory and writes the rest of a file to the disk."""
    from starlette.formparsers import MultiPartParser

    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024 * 1024)
    monkeypatch.setattr(doorkeeper.logging.getLogger("uvicorn.error"), "level", 0)
    doorkeeper.doorkeepers()
    body = (
        b"--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n"
        + b"a" * 3_000_000
        + b"\r\n--x--\r\n"
    )

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def upload():
        kind = (b"content-type", b"multipart/form-data; boundary=x")
        async with Request({"type": "http", "method": "PUT", "headers": [kind]}, receive).form() as form:
            return form["f"].file._rolled

    assert _run(upload()) is False


def test_cookies_travel_over_tls_only_and_last_as_long_as_the_login():
    login = Login("https://raids.example", hours=2)
    message = {
        "headers": [(b"set-cookie", b"_streamlit_user=a; HttpOnly; Max-Age=2592000; Path=/"), (b"x", b"y")]
    }
    doorkeeper._narrow_cookies(message, login)
    assert message["headers"] == [
        (b"set-cookie", b"_streamlit_user=a; HttpOnly; Max-Age=7200; Path=/; Secure"),
        (b"x", b"y"),
    ]
    plain = {"headers": [(b"set-cookie", b"a=b; Max-Age=60")]}
    doorkeeper._narrow_cookies(plain, Login("http://127.0.0.1:8501"))
    assert plain["headers"] == [(b"set-cookie", b"a=b; Max-Age=60")]


def test_only_three_names_are_this_machine():
    assert all(map(is_here, HERE))
    assert not any(map(is_here, [*ELSEWHERE, None, "::", "10.0.0.1", "evil.localhost.example"]))
    assert is_from_here([("Host", "localhost:8501"), ("Origin", "http://localhost:8501")])
    assert not is_from_here([("Host", "localhost"), ("Host", "raids.example")])
    assert is_from_here([("Host", "[::1]:8501"), ("Origin", "https://[::1]:8501")])
    assert not is_from_here([("Host", "localhost"), ("Origin", "null")])
    assert not is_from_here([("Host", "localhost:8501"), ("Origin", "http://127.0.0.1:8501")])
    assert not is_from_here([("Host", "a"), ("Origin", "http://a")])
    assert not is_from_here([("Host", "localhost@raids.example")])


def _run(coroutine: Coroutine):
    """Its result; in a thread of its own, because a browser of other tests may hold this one's event loop."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, coroutine).result()
