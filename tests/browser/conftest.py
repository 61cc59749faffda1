"""One dashboard and one Chromium for all browser tests; a new person for each."""

import pytest

from tests.browser.serving import CHROMIUM, SIZES, launch_chromium, look, serve


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip(
            "no Chromium on this machine; install the system's package 'chromium' for the browser tests"
        )
    with launch_chromium() as browser:
        yield browser


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def visit(chromium, server):
    with look(chromium, server) as visit:
        yield visit


@pytest.fixture
def sized_visit(chromium, server, size):
    with look(chromium, server, size) as visit:
        yield visit
