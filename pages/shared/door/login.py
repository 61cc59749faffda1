"""
Login at an OpenID provider: how it is set up, and what the claims of a person let them do.

Streamlit's own login does the talking to the provider. Its cookie holds for 30 days and cannot be taken back; so what
it says is judged anew at every step: a session ends some hours after the provider signed it, or when it is left."""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from data.errors import InputError
from pages.shared.door.here import is_here
from pages.shared.door.roles import Role

CALLBACK = "/oauth2callback"
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SECRET_CHARACTERS = 32
HOURS = 8.0
LONGEST_HOURS = 24.0
# A provider's clock may be a little ahead of this machine's.
CLOCK_SECONDS = 300
# What tells one login of a person from the next, as far as a provider says it.
NAMES_OF_A_LOGIN = ("iss", "sub", "iat", "auth_time", "nonce", "jti", "sid")

# Logins that were left, by digest, until they would be over anyway. In memory only: nothing about who is kept.
_left: dict[str, float] = {}


@dataclass(frozen=True)
class Login:
    """
    A login as it is set up.

    Attributes
    ----------
    origin
        Where people reach the dashboard, such as https://raids.example.org.
    claim
        The claim that says what a person may do; `a.b` is `b` inside `a`.
    values
        What stands in that claim, for each role.
    hours
        How long a login holds.
    """

    origin: str
    claim: str = "groups"
    values: Mapping[Role, str] = field(default_factory=lambda: {role: f"raids-{role}" for role in Role})
    hours: float = HOURS

    @property
    def host(self) -> str:
        """The name, and the port if it is not the usual one, that a browser asks for."""
        return urlsplit(self.origin).netloc.lower()

    @property
    def is_secure(self) -> bool:
        """Whether it is reached over TLS."""
        return self.origin.startswith("https://")

    def role(self, claims: Mapping) -> Role | None:
        """The highest role that a person's claims give; None if they give none."""
        said = _inside(claims, self.claim)
        said = {said} if isinstance(said, str) else set(filter(_is_text, said)) if _is_list(said) else set()
        return next((role for role in reversed(Role) if self.values[role] in said), None)

    def seconds_left(self, claims: Mapping) -> float:
        """How long a person's login still holds; 0 or less if it is over, was left, or says no time."""
        signed_at, now = claims.get("iat"), time.time()
        if isinstance(signed_at, bool) or not isinstance(signed_at, int | float):
            return 0
        if signed_at > now + CLOCK_SECONDS or _digest(claims) in _left:
            return 0
        return signed_at + self.hours * 3600 - now

    def leave(self, claims: Mapping) -> None:
        """Log out for good: the same cookie, kept or copied, opens nothing any more."""
        now = time.time()
        for digest in [digest for digest, over_at in _left.items() if over_at < now]:
            del _left[digest]
        _left[_digest(claims)] = now + LONGEST_HOURS * 3600


def read_login() -> Login | None:
    """
    The login that Streamlit's secrets set up; None if they set up none.

    Raises
    ------
    InputError
        It is set up in part or wrongly. A dashboard that was meant to ask for a login must never open without.
    """
    if not secrets_singleton.load_if_toml_exists():
        if any(Path(path).is_file() for path in config.get_option("secrets.files")):
            raise InputError("The file secrets.toml cannot be read. Correct it: it says who may log in.")
        return None
    secrets = secrets_singleton.to_dict()
    if "auth" not in secrets:
        if "access" in secrets:
            raise InputError("secrets.toml has [access] but no [auth]. Add [auth], or take [access] out.")
        return None
    auth, access = secrets["auth"], secrets.get("access", {})
    for name in NEEDED:
        if not isinstance(auth, dict) or not _is_text(auth.get(name)) or not auth[name].strip():
            raise InputError(f"[auth] in secrets.toml lacks {name}. deploy/README.md says what to write.")
    _check(auth)
    address = urlsplit(auth["redirect_uri"])
    return Login(f"{address.scheme}://{address.netloc}", **_read_access(access))


def _check(auth: Mapping) -> None:
    for name in ("redirect_uri", "server_metadata_url"):
        address = urlsplit(auth[name])
        is_private = address.scheme == "https" or (address.scheme == "http" and is_here(address.hostname))
        if not is_private or not address.hostname:
            raise InputError(f"{name} in secrets.toml must begin with https://.")
    if urlsplit(auth["redirect_uri"]).path != CALLBACK:
        raise InputError(f"redirect_uri in secrets.toml must end with {CALLBACK}, right after the host.")
    if len(auth["cookie_secret"]) < SECRET_CHARACTERS:
        raise InputError(f"cookie_secret in secrets.toml is shorter than {SECRET_CHARACTERS} characters.")


def _read_access(access: Mapping) -> dict:
    known = {"claim", "hours", *Role}
    unknown = sorted(set(access) - known) if isinstance(access, dict) else ["something else"]
    if unknown:
        raise InputError(f"[access] in secrets.toml has {unknown[0]}. It takes: {', '.join(sorted(known))}.")
    for name in {"claim", *Role} & set(access):
        if not _is_text(access[name]) or not access[name].strip():
            raise InputError(f"{name} in [access] of secrets.toml must be a text in quotation marks.")
    hours = access.get("hours", HOURS)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= LONGEST_HOURS:
        raise InputError(f"hours in [access] of secrets.toml must lie between 0 and {LONGEST_HOURS:.0f}.")
    values = {role: access.get(role, f"raids-{role}") for role in Role}
    if len(set(values.values())) < len(values):
        raise InputError("[access] in secrets.toml gives two roles the same value.")
    return {"claim": access.get("claim", "groups"), "values": values, "hours": float(hours)}


def _inside(claims: Mapping, name: str):
    """A claim by its name, or by the way to it: `realm_access.roles`."""
    if name in claims:
        return claims[name]
    first, _, rest = name.partition(".")
    inner = claims.get(first)
    return _inside(inner, rest) if rest and isinstance(inner, Mapping) else None


def _digest(claims: Mapping) -> str:
    said = json.dumps([claims.get(name) for name in NAMES_OF_A_LOGIN], default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def _is_text(value) -> bool:
    return isinstance(value, str)


def _is_list(value) -> bool:
    return isinstance(value, list | tuple)


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
