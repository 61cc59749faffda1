"""Who may see and do what; every page asks this first."""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

import streamlit as st
from streamlit import config, runtime

from data.errors import InputError
from pages.shared.door import doorkeeper
from pages.shared.door.here import is_from_here
from pages.shared.door.login import Login, check_binding, read_login
from pages.shared.door.roles import Role

LOGIN_NEEDED = "This dashboard is for invited members of a group: log in to see it."
NO_ROLE = "You are logged in, but nobody has given you a role here: ask whoever keeps this dashboard."
NOT_FROM_HERE = "This dashboard has no login, so it answers only on the machine it runs on. deploy/README.md says how to serve it."
STARTED_ALONE = (
    "A page that is started alone does not guard its files. Start the dashboard with: python cli.py serve"
)


def admit() -> Role:
    """
    The role of whoever is looking.

    Without a login configured this is the machine's own user, who may do all. With one, nobody without a session and
    a role gets past this: the page stops.
    """
    _check_server()
    login = read_login()
    if login is None:
        _check_request()
        return Role.keeper
    if _is_served() and not doorkeeper.is_at_the_door:
        raise InputError(STARTED_ALONE)
    if not st.user.get("is_logged_in"):
        _ask_to_log_in()
    claims = st.user.to_dict()
    if login.seconds_left(claims) <= 0:
        st.logout()
        st.stop()
    role = login.role(claims)
    if role is None:
        st.write(NO_ROLE)
        if st.button("Log out", type="primary"):
            _log_out(login)
        st.stop()
    with st.sidebar:
        _draw_session(login, role)
    return role


def role_now() -> Role | None:
    """The role of whoever has just pressed something; None if their login is over, was left, or cannot be read."""
    try:
        login = read_login()
    except InputError:
        return None
    if login is None:
        return Role.keeper
    claims = st.user.to_dict()
    return login.role(claims) if claims.get("is_logged_in") and login.seconds_left(claims) > 0 else None


def by_recorders(callback: Callable[..., None]) -> Callable[..., None]:
    """
    A callback that does nothing unless whoever calls it may record at that moment.

    Every callback that writes is one of these: it runs before the page asks who is there (`admit`), on a page that was
    drawn while somebody still was.
    """
    return _only_where(lambda role: role.may_record, callback)


def by_keepers(callback: Callable[..., None]) -> Callable[..., None]:
    """As `by_recorders`, for what only a keeper may do."""
    return _only_where(lambda role: role.may_keep, callback)


def _only_where(may: Callable[[Role], bool], callback: Callable[..., None]) -> Callable[..., None]:
    @wraps(callback)
    def asked_first(*args, **named) -> None:
        role = role_now()
        if role is not None and may(role):
            callback(*args, **named)

    return asked_first


def _check_server() -> None:
    """End the server if it was started by hand on an address that others reach, without a login."""
    if not _is_served():
        return
    try:
        check_binding(config.get_option("server.address"))
    except InputError as error:
        print(error, file=sys.stderr, flush=True)
        os._exit(1)


def _is_served() -> bool:
    """Whether a server runs the page; one that a test runs has none."""
    return runtime.exists() and isinstance(runtime.get_instance(), runtime.Runtime)


def _check_request() -> None:
    headers = st.context.headers.to_dict()
    if headers and not is_from_here(headers.items()):
        raise InputError(NOT_FROM_HERE)


def _ask_to_log_in() -> None:
    st.write(LOGIN_NEEDED)
    if st.button("Log in", type="primary"):
        st.login()
    st.stop()


def _draw_session(login: Login, role: Role) -> None:
    left = login.seconds_left(st.user.to_dict())

    # Runs by itself once, when the session ends: what is on the screen then goes away without anybody touching it.
    @st.fragment(run_every=timedelta(seconds=left + 1))
    def draw() -> None:
        if login.seconds_left(st.user.to_dict()) <= 0:
            st.rerun(scope="app")
        st.caption(f"You are logged in as a {role}.")
        if st.button("Log out", width="stretch"):
            _log_out(login)

    draw()


def _log_out(login: Login) -> None:
    """Not from a callback: the run after it would take back the message that sends the browser to the provider."""
    login.leave(st.user.to_dict())
    st.logout()
    st.stop()
