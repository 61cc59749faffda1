"""One provider, one dashboard with a login and one without, for all tests of serving."""

import pytest

from data.keeping.opening import open_store
from tests.serving.running import free_port, running, serve


@pytest.fixture(scope="session")
def ports() -> dict[str, int]:
    return {name: free_port() for name in ("login", "proxy", "behind", "open", "provider", "plain")}


@pytest.fixture(scope="session")
def provider(ports, tmp_path_factory):
    address = f"http://127.0.0.1:{ports['provider']}"
    redirects = [
        f"http://127.0.0.1:{ports['login']}/oauth2callback",
        f"https://localhost:{ports['proxy']}/oauth2callback",
    ]
    command = ["-m", "tests.serving.provider", str(ports["provider"]), *redirects]
    log = tmp_path_factory.mktemp("provider") / "log.txt"
    with running(command, log, f"{address}/.well-known/openid-configuration"):
        yield address


@pytest.fixture(scope="session")
def database(tmp_path_factory):
    """With what comes with the dashboard."""
    path = tmp_path_factory.mktemp("store") / "raids.duckdb"
    open_store(path).decide("passphrase_declined", 1)
    return path


@pytest.fixture(scope="session")
def with_login(ports, database, provider, tmp_path_factory):
    """A dashboard that asks for a login."""
    with serve(tmp_path_factory.mktemp("login"), database, ports["login"], provider=provider) as served:
        yield served


@pytest.fixture(scope="session")
def behind_proxy(ports, database, provider, tmp_path_factory):
    """A dashboard with a login that people reach through a proxy with TLS."""
    address = f"https://localhost:{ports['proxy']}"
    with serve(tmp_path_factory.mktemp("behind"), database, ports["behind"], address, provider) as served:
        yield served


@pytest.fixture(scope="session")
def without_login(ports, database, tmp_path_factory):
    """A dashboard as `make run` starts it."""
    with serve(tmp_path_factory.mktemp("open"), database, ports["open"]) as served:
        yield served
