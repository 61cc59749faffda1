"""Caddy and nginx in front, as deploy/ sets them up: TLS, headers, streams, and the map in Chromium."""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from data.store.store import PROJECT_ROOT
from pages.shared.door.doorkeeper import MAP_POLICY, PAGE_POLICY
from tests.browser.serving import MAP
from tests.serving.running import free_port, log_in, session_cookie

DEPLOY = PROJECT_ROOT / "deploy"
UNPACKED = PROJECT_ROOT / "tests" / "serving" / "proxies"
PLACES = os.pathsep.join(
    [os.environ["PATH"], "/usr/sbin", str(UNPACKED / "usr" / "bin"), str(UNPACKED / "usr" / "sbin")]
)
OWN_POLICY = "default-src 'none'; frame-ancestors 'none'"
QUERY = "?borough=E09000012"


@dataclass
class Proxy:
    """A proxy that runs: its address, that of its plain door, and what it wrote."""

    name: str
    address: str
    plain: str
    folder: Path
    certificate: Path

    def client(self, **more) -> httpx2.Client:
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return httpx2.Client(base_url=self.address, verify=trusted, **more)

    def written(self) -> str:
        """Everything that it wrote down anywhere."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.suffix in (".log", "")]
        return "\n".join(path.read_text(errors="replace") for path in files)


def caddyfile(text: str, proxy: Proxy, behind: int) -> str:
    text = text.replace(
        "admin off", f"admin off\n\thttps_port {_port(proxy.address)}\n\thttp_port {_port(proxy.plain)}"
    )
    text = text.replace(
        "https://raids.example.org {",
        f"https://localhost {{\n\ttls {proxy.certificate} {proxy.certificate.with_name('key.pem')}",
    )
    return text.replace("raids.example.org", "localhost").replace("127.0.0.1:8501", f"127.0.0.1:{behind}")


def nginx_conf(text: str, proxy: Proxy, behind: int) -> str:
    text = re.sub(r"\n *listen \[::\].*", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{_port(proxy.plain)};")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{_port(proxy.address)} ")
    text = text.replace("/etc/letsencrypt/live/raids.example.org/fullchain.pem", str(proxy.certificate))
    text = text.replace(
        "/etc/letsencrypt/live/raids.example.org/privkey.pem", str(proxy.certificate.with_name("key.pem"))
    )
    text = text.replace("raids.example.org", "localhost").replace("127.0.0.1:8501", f"127.0.0.1:{behind}")
    places = "".join(
        f"{kind}_temp_path {proxy.folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {proxy.folder}/pid; error_log {proxy.folder}/main.log; events {{}} "
        f"http {{ {places} access_log {proxy.folder}/access.log; error_log {proxy.folder}/error.log; {text} }}"
    )


def _port(address: str) -> str:
    return address.rsplit(":", 1)[1]


@contextlib.contextmanager
def proxying(name: str, port: int, behind: int, folder: Path, certificate: Path) -> Iterator[Proxy]:
    """The proxy of that name in front of what listens on the port `behind`."""
    program = shutil.which(name, path=PLACES)
    if program is None:
        pytest.skip(f"no {name} on this machine; `make browser` fetches it from the system's packages")
    proxy = Proxy(name, f"https://localhost:{port}", f"http://localhost:{free_port()}", folder, certificate)
    if name == "caddy":
        config = folder / "Caddyfile"
        config.write_text(caddyfile((DEPLOY / "Caddyfile").read_text(), proxy, behind))
        command = [program, "run", "--config", str(config), "--adapter", "caddyfile"]
    else:
        config = folder / "nginx.conf"
        config.write_text(nginx_conf((DEPLOY / "nginx.conf").read_text(), proxy, behind))
        command = [program, "-c", str(config), "-p", str(folder), "-e", str(folder / "start.log")]
    private = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "terminal.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | private)
    try:
        _wait_for(proxy, process)
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(proxy: Proxy, process: subprocess.Popen) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(httpx2.TransportError), proxy.client() as client:
            client.get("/_stcore/health")
            return
        time.sleep(0.1)
    raise RuntimeError(f"{proxy.name} did not start: {proxy.written()}")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for this machine, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem"
    )
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=DNS:localhost"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder / "cert.pem"


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def proxy(request, ports, behind_proxy, certificate, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with proxying(request.param, ports["proxy"], ports["behind"], folder, certificate) as proxy:
        yield proxy


ANSWERS = [
    ("/", 200, PAGE_POLICY),
    ("/Where", 200, PAGE_POLICY),
    ("/_stcore/health", 200, PAGE_POLICY),
    ("/_stcore/metrics", 403, PAGE_POLICY),
    ("/media/0000.csv", 403, PAGE_POLICY),
    ("/app/static/none", 404, PAGE_POLICY),
    ("/component/streamlit_folium.st_folium/index.html", 200, MAP_POLICY),
    ("/auth/login", 302, PAGE_POLICY),
]


def test_every_kind_of_answer_has_the_headers(proxy, behind_proxy):
    # A component is known once a page has drawn one.
    from tests.serving.running import stream

    stream(behind_proxy, "Where", session_cookie(behind_proxy, ["raids-viewer"]))
    with proxy.client() as client:
        for path, status, policy in ANSWERS:
            answer = client.get(path)
            assert (path, answer.status_code) == (path, status)
            _check_headers(answer, policy)
            assert answer.headers["cache-control"] == "no-store"
        script = re.search(r'src="\.(/static/js/[^"]+)"', client.get("/").text)[1]
        answer = client.get(script)
        assert answer.status_code == 200
        _check_headers(answer, PAGE_POLICY)


def _check_headers(answer: httpx2.Response, policy: str) -> None:
    headers = answer.headers
    # One of each: a second policy, or two that say different things, would be as good as none.
    assert headers.get_list("content-security-policy") == [policy]
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers.get_list("referrer-policy") == ["no-referrer"]
    assert headers.get_list("strict-transport-security") == ["max-age=63072000; includeSubDomains"]
    assert len(headers.get_list("cache-control")) == 1
    assert "frame-ancestors 'none'" in policy or "frame-ancestors 'self'" in policy
    assert not re.search(r"caddy|uvicorn|nginx/", headers.get("server", ""), re.I)
    assert "via" not in headers


def test_an_upload_is_never_taken_in_whole_if_it_is_too_large(proxy):
    trusted = ssl.create_default_context(cafile=str(proxy.certificate))
    with (
        socket.create_connection(("127.0.0.1", int(_port(proxy.address)))) as plain,
        trusted.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        asked = f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: {proxy.address[8:]}\r\nContent-Length: 200000000\r\n\r\n"
        connection.sendall(asked.encode())
        connection.settimeout(0.01)
        answer, sent = b"", 0
        # It says no, or hangs up, long before all is sent.
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while not answer and sent < 120:
                with contextlib.suppress(TimeoutError):
                    answer = connection.recv(100)
                    break
                with contextlib.suppress(TimeoutError):
                    connection.send(bytes(16_384))
                    sent += 16_384 / 1_000_000
    assert sent < 120
    assert answer == b"" or answer.split()[1] in (b"403", b"413")


def test_a_dashboard_that_does_not_answer_is_said_so_with_the_same_headers(proxy, certificate, tmp_path):
    with (
        proxying(proxy.name, free_port(), free_port(), tmp_path, certificate) as alone,
        alone.client() as client,
    ):
        answer = client.get(f"/Where{QUERY}")
        assert answer.status_code == 502
        _check_headers(answer, OWN_POLICY)
        assert answer.headers["cache-control"] == "no-store"
        assert "E09000012" not in alone.written()


def test_the_plain_door_leads_to_tls_without_what_was_asked(proxy):
    answer = httpx2.get(f"{proxy.plain}/Where{QUERY}")
    assert answer.status_code == 301
    assert answer.headers["location"].startswith("https://localhost")
    assert "E09000012" not in answer.headers["location"]


def test_the_map_is_drawn_after_a_login_and_nothing_is_forbidden_or_asked_outside(
    proxy, behind_proxy, provider, chromium
):
    context = chromium.new_context(ignore_https_errors=True)
    requests, complaints = [], []
    context.on("request", lambda request: requests.append(request.url))
    page = context.new_page()
    page.set_default_timeout(40_000)
    page.on("websocket", lambda socket: requests.append(socket.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{proxy.address}/Where{QUERY}")
    log_in(page, "vi")
    requests = [url for url in requests if not url.startswith(provider)]
    complaints.clear()
    # The login leads to the home page, which draws the boroughs.
    page.locator(MAP).last.content_frame.locator("path.leaflet-interactive").nth(30).wait_for(
        state="attached"
    )
    cookies = {cookie["name"]: cookie for cookie in context.cookies(proxy.address)}
    context.close()

    here = (proxy.address, proxy.address.replace("https", "wss"), "data:", "blob:")
    assert [url for url in requests if not url.startswith(here)] == []
    assert any(url.startswith("wss:") and "/_stcore/stream" in url for url in requests)
    assert [text for text in complaints if "Content Security Policy" in text] == []
    for name in ("_streamlit_user", "_streamlit_user_tokens", "_streamlit_xsrf"):
        assert cookies[name]["secure"]


def test_no_line_is_written_about_who_asks_for_what(proxy, behind_proxy):
    with proxy.client() as client:
        client.get(f"/Where{QUERY}")
        client.get("/nowhere\\x00%zz" + QUERY)
    for written in (proxy.written(), behind_proxy.log.read_text()):
        assert "E09000012" not in written
        assert "127.0.0.1 - " not in written


def test_the_examples_are_for_each_other():
    caddy, nginx, unit = (DEPLOY / name for name in ("Caddyfile", "nginx.conf", "raids.service"))
    for text in (caddy.read_text(), nginx.read_text()):
        assert "127.0.0.1:8501" in text
        assert OWN_POLICY in text
    limit = (
        tomllib.loads((PROJECT_ROOT / ".streamlit" / "config.toml").read_text())["server"]["maxUploadSize"]
        + 1
    )
    assert f"max_size {limit}MB" in caddy.read_text()
    assert f"client_max_body_size {limit}m;" in nginx.read_text()
    assert "--port 8501" in unit.read_text()
    assert "RAIDS_LOGIN=required" in unit.read_text()
