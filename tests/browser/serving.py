"""Serving a dashboard on this machine and looking at it with Chromium; every request of both is written down."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from data.keeping.opening import open_store
from data.store.store import PROJECT_ROOT

# On a Mac a browser is not on the path.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES = {"desktop": {"width": 1360, "height": 900}, "phone": {"width": 390, "height": 844}}
START_SECONDS = 60
PATIENCE = 90_000  # milliseconds for a page to stand still, on a machine that does much besides
MAP = "iframe[title^=streamlit_folium]"

# Put before everything else in the server's process: every name it looks up and every address it connects to.
WATCHER = """
import json, os, socket
def _note(kind, value):
    with open(os.environ["WATCHED"], "a") as log:
        log.write(json.dumps([kind, str(value)]) + "\\n")
_look_up, _connect = socket.getaddrinfo, socket.socket.connect
def getaddrinfo(host, *args, **kwargs):
    _note("look up", host)
    return _look_up(host, *args, **kwargs)
def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _note("connect", address[0])
    return _connect(self, address)
socket.getaddrinfo, socket.socket.connect = getaddrinfo, connect
"""
OWN = {"127.0.0.1", "localhost", "::1", "None", "b'127.0.0.1'"}


@dataclass
class Server:
    """A running dashboard: its address, its store, and what its process looked up or connected to."""

    address: str
    database: Path
    watched: Path

    def outside(self) -> list[list[str]]:
        """Every name looked up and every address connected to that is not this machine."""
        lines = self.watched.read_text().splitlines() if self.watched.exists() else []
        return [entry for entry in map(json.loads, lines) if entry[1] not in OWN]


@dataclass
class Visit:
    """A page that is looked at, with all its requests and complaints."""

    page: object
    server: Server
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open an address and wait until the page stands still."""
        self.page.goto(self.server.address + path)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has run to its end."""
        self.page.get_by_text("Link to this view").first.wait_for(state="attached", timeout=PATIENCE)
        self.page.wait_for_timeout(300)
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(
            state="attached", timeout=PATIENCE
        )
        # Streamlit fetches the code of each kind of box when it first shows one, and draws a skeleton until it is there.
        self.page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached", timeout=PATIENCE)

    def map(self):
        """The frame of the map, once its areas are drawn."""
        # While one kind of map takes the place of another, both are there for a moment.
        frame = self.page.locator(MAP).last.content_frame
        frame.locator("path.leaflet-interactive").first.wait_for(state="attached", timeout=PATIENCE)
        return frame

    def show_map(self) -> None:
        """Bring the map into view, which a click would do too, but the page would move under it."""
        self.page.locator(MAP).last.scroll_into_view_if_needed()
        self.page.wait_for_timeout(300)

    def click_area(self, number: int) -> None:
        """Click the map's area of that number, in its middle."""
        areas = self.map().locator("path.leaflet-interactive")
        self.show_map()
        areas.nth(number).click(force=True)


def address_of(script: str) -> str:
    """
    The address of a page's script.

    >>> address_of("pages/6_Quality.py"), address_of("dashboard.py")
    ('/Quality', '/')
    """
    return f"/{Path(script).stem.partition('_')[2]}"


@contextmanager
def serve(folder: Path, script: str = "dashboard.py", **more: str) -> Iterator[Server]:
    """
    Serve the dashboard, or another script of the project's, with the database in `folder`; a new one if there is none.

    `more` stands in the environment of the server, and not in that of the tests.
    """
    (folder / "sitecustomize.py").write_text(WATCHER)
    server = Server(f"http://127.0.0.1:{_free_port()}", folder / "raids.duckdb", folder / "watched.jsonl")
    # Otherwise the Records page offers one.
    open_store(server.database).decide("passphrase_declined", 1)
    environment = os.environ | {
        "RAIDS_DATABASE": str(server.database),
        "WATCHED": str(server.watched),
        "PYTHONPATH": str(folder),
        **more,
    }
    port = server.address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", port]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(server.address, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def launch_chromium() -> Iterator[object]:
    """A headless Chromium of the system's that asks nobody for updates."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def look(chromium, server: Server, size: str = "desktop") -> Iterator[Visit]:
    """A new person in front of a screen of that size."""
    context = chromium.new_context(viewport=SIZES[size], has_touch=size == "phone", is_mobile=size == "phone")
    page = context.new_page()
    visit = Visit(page, server)
    context.on("request", lambda request: visit.requests.append(request.url))
    page.on("websocket", lambda socket: visit.requests.append(socket.url))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", lambda message: _note_complaint(visit, message))
    yield visit
    context.close()


def bytes_of_the_map(visit: Visit) -> dict[str, int]:
    """What is sent for the borough map, by address: outlines, Leaflet and the component, as they travel."""
    visit.page.goto("about:blank")
    devtools = visit.page.context.new_cdp_session(visit.page)
    devtools.send("Network.enable")
    addresses, sent = {}, {}
    devtools.on(
        "Network.responseReceived",
        lambda event: addresses.update({event["requestId"]: event["response"]["url"]}),
    )
    devtools.on(
        "Network.loadingFinished",
        lambda event: sent.update({addresses.get(event["requestId"], ""): event["encodedDataLength"]}),
    )
    visit.open("/Where")
    visit.map()
    return {url: size for url, size in sent.items() if re.search("/app/static/|/component/", url)}


def _note_complaint(visit: Visit, message) -> None:
    # Opened at the address of a page other than home, Streamlit first looks for its server below that address.
    is_streamlits_own = "/_stcore/" in message.location.get("url", "")
    if message.type == "error" and not is_streamlits_own:
        visit.complaints.append(f"{message.text} {message.location.get('url', '')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the dashboard did not start")
