"""
The way back to the view that was asked for before a login, since the provider sends everybody to the first page.

A cookie holds the view's address for as long as a login takes: a page and its filters, as they stand in the address bar
anyway. Only a page of this dashboard is ever led back to.
"""

import re
from pathlib import Path
from urllib.parse import quote, unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Message, Scope
from streamlit.source_util import page_icon_and_name

from pages.shared.door.login import CALLBACK

COOKIE = "raids_view"
SECONDS = 600
# A browser keeps no cookie of more than 4,096 bytes.
LONGEST = 3000

_PAGES = {"/"} | {f"/{page_icon_and_name(page)[1]}" for page in Path(__file__).parents[2].glob("*.py")}
_QUERY = re.compile(r"[!-~]*")


def asks_for_view(scope: Scope) -> bool:
    """Whether a request is for one of the pages."""
    return scope["method"] == "GET" and scope["path"] in _PAGES


def keep_view(scope: Scope, message: Message) -> None:
    """Put the view that is asked for without a session into the start of its answer, unless it is refused."""
    if message["status"] != 200:
        return
    query = scope["query_string"].decode("latin-1")
    view = quote(f"{scope['path']}?{query}" if query else scope["path"], safe="")
    if len(view) <= LONGEST:
        _write(message, view, SECONDS)


def lead_back(scope: Scope, message: Message) -> None:
    """Send whom the provider sent back to the view that was asked for, in the start of the answer to them."""
    if scope["path"] != CALLBACK or Headers(raw=message["headers"]).get("location") != "/":
        return
    view = view_in(HTTPConnection(scope).cookies.get(COOKIE, ""))
    if view:
        MutableHeaders(raw=message["headers"])["location"] = view
    _write(message, "", 0)


def view_in(cookie: str) -> str:
    """The address of one of the pages that a cookie holds; empty if it holds anything else."""
    view = unquote(cookie)
    path, _, query = view.partition("?")
    return view if path in _PAGES and _QUERY.fullmatch(query) else ""


def _write(message: Message, value: str, seconds: int) -> None:
    answer = Response()
    answer.set_cookie(COOKIE, value, max_age=seconds, httponly=True, samesite="lax")
    message["headers"] = [
        *message["headers"],
        *(header for header in answer.raw_headers if header[0] == b"set-cookie"),
    ]
