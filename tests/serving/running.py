"""Running what is served: the dashboard with and without a login, its provider, and clients that are no browser."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from data.store.store import PROJECT_ROOT
from tests.serving.provider import CLIENT, PASSWORD, SECRET

START_SECONDS = 60
COOKIE_SECRET = "only for a test, and long enough to be one"
# What stands on every page that shows records, and on none that does not.
OF_RECORDS = (b"Hackney", b"Newham", b"No filter in force")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Served:
    """A dashboard that runs: where people reach it, where it listens, and what it writes to the terminal."""

    address: str
    port: int
    log: Path
    process: subprocess.Popen

    def client(self, **more) -> httpx2.Client:
        """A visitor without a browser and without a session."""
        return httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", headers={"host": self.host}, **more)

    @property
    def host(self) -> str:
        """What a browser sends as the host."""
        return self.address.split("://")[1]


def secrets_toml(address: str, provider: str, hours: float = 8) -> str:
    """The file that configures the login, as deploy/secrets.toml.example says."""
    return f"""
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid groups", prompt = "login" }}
[access]
hours = {hours}
"""


@contextlib.contextmanager
def running(command: Sequence[str], log: Path, health: str, **environment: str) -> Iterator[subprocess.Popen]:
    """A command of this project's that answers at the address `health` once it is up."""
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=PROJECT_ROOT, env=os.environ | environment, stdout=out, stderr=out
        )
    try:
        wait_for(health, process, log)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    """Wait until something answers there."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(httpx2.TransportError):
            httpx2.get(address, timeout=2, verify=False)
            return
        time.sleep(0.1)
    raise RuntimeError(f"it did not start: {log.read_text()}")


@contextlib.contextmanager
def serve(
    folder: Path, database: Path, port: int, address: str | None = None, provider: str | None = None
) -> Iterator[Served]:
    """The dashboard of a database; with a login if there is a provider."""
    secrets = folder / "secrets.toml"
    address = address or f"http://127.0.0.1:{port}"
    command = ["cli.py", "serve", "--port", str(port)]
    if provider:
        secrets.write_text(secrets_toml(address, provider))
        command += ["--secrets", str(secrets)]
    log = folder / "dashboard.log"
    health = f"http://127.0.0.1:{port}/_stcore/health"
    with running(command, log, health, RAIDS_DATABASE=str(database)) as process:
        yield Served(address, port, log, process)


def session_cookie(served: Served, groups: list[str], age_hours: float = 0.0) -> dict[str, str]:
    """The cookie Streamlit sets after a login of that age; only who knows the cookie secret can make one."""
    signed_at = int(time.time() - age_hours * 3600)
    claims = {"iss": "test", "sub": f"somebody-{signed_at}", "iat": signed_at, "groups": groups}
    said = claims | {"origin": served.address, "is_logged_in": True, "provider": "default"}
    value = create_signed_value(COOKIE_SECRET, "_streamlit_user", json.dumps(said))
    return {"_streamlit_user": value.decode()}


@dataclass
class Stream:
    """What a page sent over its stream until it had run to its end."""

    messages: list[ForwardMsg]
    connection: Connection

    def say(self, **said) -> None:
        """Send one message, as Streamlit's page would."""
        self.connection.send(BackMsg(**said).SerializeToString())

    def press(self, page: str, label: str, **typed: float) -> None:
        """Press a button that was drawn, with numbers typed into fields by their ids."""
        said = BackMsg()
        said.rerun_script.page_name = page
        for name, value in typed.items():
            said.rerun_script.widget_states.widgets.add(id=name, double_value=value)
        button = next(element.button for element in self.elements if element.button.label == label)
        said.rerun_script.widget_states.widgets.add(id=button.id, trigger_value=True)
        self.connection.send(said.SerializeToString())

    def hear(self, kind: str) -> ForwardMsg:
        """The next message of that kind."""
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.connection.recv(timeout=30))
            if message.WhichOneof("type") == kind:
                return message

    @property
    def session(self) -> str:
        """The session's id."""
        return next(
            m.new_session.initialize.session_id
            for m in self.messages
            if m.WhichOneof("type") == "new_session"
        )

    @property
    def elements(self) -> list:
        """All that was drawn."""
        drawn = [m.delta.new_element for m in self.messages if m.WhichOneof("type") == "delta"]
        return [element for element in drawn if element.WhichOneof("type")]

    @property
    def kinds(self) -> set[str]:
        """The kinds of all that was drawn."""
        return {element.WhichOneof("type") for element in self.elements}

    @property
    def redirects(self) -> list[str]:
        """Where the browser is sent."""
        return [m.auth_redirect.url for m in self.messages if m.WhichOneof("type") == "auth_redirect"]

    @property
    def is_of_records(self) -> bool:
        """Whether a single word of it is about records."""
        sent = b"".join(message.SerializeToString() for message in self.messages)
        return any(word in sent for word in OF_RECORDS)

    def download(self) -> str:
        """The address of the first file that the page offers, made for this session."""
        buttons = [
            element.download_button for element in self.elements if element.HasField("download_button")
        ]
        request = BackendOperationRequest(request_id="1", session_id=self.session)
        request.deferred_file.file_id = buttons[0].deferred_file_id
        self.say(backend_operation_request=request)
        return self.hear("backend_operation_response").backend_operation_response.deferred_file.url


def stream(served: Served, page: str, cookies: dict[str, str] | None = None, **asked: str) -> Stream:
    """What a page sends until it has run; parameters as of `open_stream`."""
    with open_stream(served, page, cookies, **asked) as heard:
        return heard


@contextlib.contextmanager
def open_stream(
    served: Served,
    page: str,
    cookies: dict[str, str] | None = None,
    host: str | None = None,
    origin: str | None = "",
    query: str = "",
    **headers: str,
) -> Iterator[Stream]:
    """Open the stream of a page as a browser does, listen until the page has run, and keep it open."""
    with served.client() as client:
        answer = client.get("/_stcore/health", headers={"host": "127.0.0.1"})
        token = answer.cookies.get("_streamlit_xsrf", "none")
    cookies = (cookies or {}) | {"_streamlit_xsrf": token}
    headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    address = f"ws://{host or served.host}/_stcore/stream{query}"
    with connect(
        address,
        sock=socket.create_connection(("127.0.0.1", served.port)),
        subprotocols=["streamlit", token],
        origin=served.address if origin == "" else origin,
        additional_headers=headers,
        max_size=None,
        proxy=None,
        ssl=None,
    ) as socket_:
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query.lstrip("?")
        socket_.send(asked.SerializeToString())
        messages = []
        while not messages or messages[-1].WhichOneof("type") != "script_finished":
            message = ForwardMsg()
            message.ParseFromString(socket_.recv(timeout=60))
            messages.append(message)
        yield Stream(messages, socket_)


def log_in(page, name: str) -> None:
    """Log in with the provider, from the dashboard's own button."""
    page.get_by_role("button", name="Log in").click()
    page.locator("input[name=login]").fill(name)
    page.keyboard.press("Enter")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").wait_for()
