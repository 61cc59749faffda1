"""
The door in front of the pages: what is answered at all, to whom, and with which headers.

Streamlit answers several addresses without asking who is there: files to download by their hash, uploads, figures
about the server. The pages themselves ask at every step (`access.admit`), but these addresses are none of theirs. So
each request passes here first, in the same process, whatever proxy stands in front and however it is set up.
"""

import base64
import hashlib
import json
import logging
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import streamlit
from google.protobuf.message import DecodeError
from starlette.datastructures import Headers, MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from data.errors import InputError
from pages.shared.door.here import is_from_here, is_here
from pages.shared.door.login import Login, check_binding, read_login
from pages.shared.door.way_back import asks_for_view, keep_view, lead_back

HEALTH = "/_stcore/health"
# What Streamlit's page needs before anybody is logged in; none of it says anything about records. The stream runs the
# page, which draws nothing but the login.
OPEN_TO_ALL = (HEALTH, "/_stcore/host-config", "/_stcore/stream")
# All of these may be asked for with a session only: uploads, downloads, and whatever Streamlit adds below _stcore.
NEEDS_SESSION = ("/_stcore", "/media")
# Nobody needs these: figures about the server, and Streamlit's way for programs to drive the pages.
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
# What a browser may say on the stream. Streamlit also takes orders to empty every cache, which would lock the store for
# all, from anybody who connects.
MAY_BE_SAID = {"rerun_script", "stop_script", "app_heartbeat"}
MAY_BE_SAID_IN_A_SESSION = MAY_BE_SAID | {"file_urls_request", "deferred_file"}
COMPONENTS = "/component/"
STATIC_FOR_EVER = ("/static/",)

NOT_FROM_HERE = "This dashboard has no login, so it answers only on the machine it runs on."
NOT_HERE = "This dashboard answers only at its own address."
CLOSED_TO_ALL = "Nothing is answered here."
NO_SESSION = "Log in first."

# Whether the pages of this process are behind the door; a single page can be started without.
is_at_the_door = False

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
# The map's street pictures, which a person may switch on; everything else is served from here.
STREET_PICTURES = "https://tile.openstreetmap.org"


def _hash_of_inline_scripts() -> str:
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.S)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return " ".join(f"'sha256-{digest}'" for digest in hashes)


def _policy(**rules: str) -> str:
    return "; ".join(f"{name.replace('_', '-')} {rule}" for name, rule in rules.items())


# What the page may do in a browser: run Streamlit's own scripts and the one line in its first page, known by its hash.
# The styles of the pages are written into them (`st.html`), and Streamlit's icons and ours are `data:` addresses.
PAGE_POLICY = _policy(
    default_src="'none'",
    script_src=f"'self' {_hash_of_inline_scripts()}",
    style_src="'self' 'unsafe-inline'",
    img_src="'self' data:",
    font_src="'self' data:",
    connect_src="'self'",
    frame_src="'self'",
    base_uri="'none'",
    form_action="'self'",
    frame_ancestors="'none'",
)
# What the map's frame may do: streamlit-folium writes the map into it as a script (unsafe-inline) and evaluates the
# layers (unsafe-eval); without either no map is drawn. Neither holds for the page around it. Handlers written into
# HTML stay forbidden in both, so a text that slipped through unescaped runs nothing.
MAP_POLICY = _policy(
    default_src="'none'",
    script_src="'self' 'unsafe-inline' 'unsafe-eval'",
    script_src_attr="'none'",
    style_src="'self' 'unsafe-inline'",
    img_src=f"'self' {STREET_PICTURES}",
    font_src="'self'",
    base_uri="'none'",
    form_action="'none'",
    frame_ancestors="'self'",
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}


def doorkeepers() -> list[Middleware]:
    """
    What `streamlit run dashboard.py` puts in front of the pages.

    Ends the process with one sentence if the dashboard would listen to others without a login.
    """
    try:
        check_binding(config.get_option("server.address"))
    except InputError as error:
        print(error, file=sys.stderr, flush=True)
        sys.exit(1)
    # The web server would write down who connects when, with the address that is asked for.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # An uploaded file of more than a megabyte would be laid down in the system's temporary folder.
    MultiPartParser.spool_max_size = (config.get_option("server.maxUploadSize") + 1) * 1024 * 1024
    global is_at_the_door
    is_at_the_door = True
    return [Middleware(Doorkeeper)]


class Doorkeeper:
    """ASGI middleware: refuses what must not be answered, and sets the headers of everything that is."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or one stream."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        login = read_login()
        refusal = _refusal(scope, login)
        if scope["type"] == "websocket":
            if refusal:
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, _sifted(scope, receive, login), send)
            return
        answer = PlainTextResponse(refusal, status_code=403) if refusal else self.app
        await answer(scope, receive, _with_headers(scope, send, login))


def _refusal(scope: Scope, login: Login | None) -> str | None:
    """The sentence with which a request is refused; None if it is answered."""
    headers, path = Headers(scope=scope), scope["path"]
    if _is_below(path, CLOSED):
        return CLOSED_TO_ALL
    if login is None:
        is_ours = _is_between_here_and_here(scope) and is_from_here(headers.items())
        return None if is_ours else NOT_FROM_HERE
    if not _is_to(login, headers) and not (path == HEALTH and is_from_here(headers.items())):
        return NOT_HERE
    needs_session = _is_below(path, NEEDS_SESSION) and path not in OPEN_TO_ALL
    return NO_SESSION if needs_session and not _has_session(scope, login) else None


def _has_session(scope: Scope, login: Login | None) -> bool:
    """Whether a request may see records: from this machine where there is no login, else with a session and a role."""
    if login is None:
        return True
    claims = _claims(HTTPConnection(scope))
    return login.seconds_left(claims) > 0 and login.role(claims) is not None


def _sifted(scope: Scope, receive: Receive, login: Login | None) -> Receive:
    """
    What comes in on a stream, without what nobody need say.

    A stream that was opened with a session ends with it: what is pressed afterwards reaches no page, and the browser,
    which connects anew, is shown the login.
    """
    had_session = _has_session(scope, login)

    async def receive_sifted() -> Message:
        while True:
            message = await receive()
            data = message.get("bytes")
            if message["type"] != "websocket.receive" or data is None:
                return message
            has_session = _has_session(scope, login)
            if had_session and not has_session:
                return {"type": "websocket.disconnect", "code": 1008}
            if _what_is_said(data) in (MAY_BE_SAID_IN_A_SESSION if has_session else MAY_BE_SAID):
                return message

    return receive_sifted


def _what_is_said(data: bytes) -> str | None:
    said = BackMsg()
    try:
        said.ParseFromString(data)
    except DecodeError:
        return None
    kind = said.WhichOneof("type")
    is_operation = kind == "backend_operation_request"
    return said.backend_operation_request.WhichOneof("payload") if is_operation else kind


def _is_between_here_and_here(scope: Scope) -> bool:
    return all(end is not None and is_here(end[0]) for end in (scope.get("client"), scope.get("server")))


def _is_to(login: Login, headers: Headers) -> bool:
    """Whether a request is to the dashboard's own address, and from a page of it if from a page at all."""
    origins = {origin.lower() for origin in headers.getlist("origin")}
    return [host.lower() for host in headers.getlist("host")] == [login.host] and origins <= {
        login.origin.lower()
    }


def _is_below(path: str, places: Iterable[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def _claims(connection: HTTPConnection) -> dict:
    """What the signed cookie of Streamlit's login says about a person; nothing if there is none or it is forged."""
    secret = get_cookie_secret()

    def read(name: str) -> bytes | None:
        value = connection.cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1", "replace")) if value else None

    try:
        return json.loads(get_cookie_with_chunks(read, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return {}


def _with_headers(scope: Scope, send: Send, login: Login | None) -> Send:
    path = scope["path"]
    may_be_kept = path.startswith(STATIC_FOR_EVER)

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            headers["content-security-policy"] = MAP_POLICY if path.startswith(COMPONENTS) else PAGE_POLICY
            if not may_be_kept:
                headers["cache-control"] = "no-store"
            if "access-control-allow-origin" in headers:
                del headers["access-control-allow-origin"]
            if login is not None:
                if asks_for_view(scope) and not _has_session(scope, login):
                    keep_view(scope, message)
                lead_back(scope, message)
                _narrow_cookies(message, login)
        await send(message)

    return send_with_headers


def _narrow_cookies(message: Message, login: Login) -> None:
    """Cookies travel over TLS only, and the browser forgets the login when it is over; Streamlit's own last 30 days."""

    def narrow(value: str) -> str:
        if login.is_secure and not re.search(r";\s*secure\b", value, re.I):
            value += "; Secure"
        seconds = int(login.hours * 3600)
        return re.sub(
            r"(;\s*max-age=)(\d+)",
            lambda found: f"{found[1]}{min(int(found[2]), seconds)}",
            value,
            flags=re.I,
        )

    message["headers"] = [
        (name, narrow(value.decode("latin-1")).encode("latin-1") if name.lower() == b"set-cookie" else value)
        for name, value in message["headers"]
    ]
