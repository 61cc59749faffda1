"""One dashboard for all browser tests; a new person for each."""

import pytest

from tests.browser.serving import SIZES, look, serve


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("server")) as server:
        yield server


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
