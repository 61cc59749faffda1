"""Where the dashboard may listen: on this machine only, until a login stands in front of it."""

import os

from streamlit import config

from data.errors import InputError
from pages.shared.door.here import is_here
from pages.shared.door.login import read_login

LOGIN_REQUIRED = "RAIDS_LOGIN"


def check_binding(address: str | None) -> None:
    """
    Check that nobody can reach the dashboard without a login.

    Parameters
    ----------
    address
        What the server listens on; None is every address there is.

    Raises
    ------
    InputError
        Others can reach it and no login is configured; or the environment variable RAIDS_LOGIN says "required", as it
        does for a served dashboard, and none is configured; or one is configured wrongly.
    """
    if config.get_option("server.baseUrlPath"):
        # Everything that is kept from strangers is known by where its address begins.
        raise InputError("The dashboard needs a name of its own: take server.baseUrlPath away.")
    if read_login() is not None:
        return
    if os.environ.get(LOGIN_REQUIRED):
        raise InputError(
            f"{LOGIN_REQUIRED} is set, but secrets.toml configures no login. deploy/README.md says how."
        )
    if not is_here(address):
        raise InputError(
            "Without a login the dashboard listens on this machine only: take the address 127.0.0.1, or configure a "
            "login as deploy/README.md says."
        )
