"""Without a login the dashboard listens on this machine only, however it is started."""

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from data.errors import InputError
from data.store.store import PROJECT_ROOT
from pages.shared.door import access
from pages.shared.door.login import HOURS, Login, check_binding, read_login
from pages.shared.door.roles import Role
from tests.serving.running import Served, free_port, running, secrets_toml, stream

ONE_SENTENCE = "Without a login the dashboard listens on this machine only"
GOOD = secrets_toml("https://raids.example", "https://login.example")


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """Write the file of secrets that Streamlit reads; there is none before."""
    path = tmp_path / "secrets.toml"
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(path)])

    def write(text: str) -> None:
        path.write_text(text)
        secrets_singleton._reset()

    secrets_singleton._reset()
    monkeypatch.delenv("RAIDS_LOGIN", raising=False)
    yield write
    config.set_option("secrets.files", before)
    secrets_singleton._reset()


@pytest.mark.parametrize(
    "command",
    [
        ["cli.py", "serve", "--address", "0.0.0.0"],
        ["-m", "streamlit", "run", "dashboard.py", "--server.address", "0.0.0.0"],
    ],
    ids=" ".join,
)
def test_it_ends_with_one_sentence_instead_of_listening_to_others(command, database):
    port = ["--port" if "serve" in command else "--server.port", str(free_port())]
    ended = subprocess.run(
        [sys.executable, *command, *port],
        cwd=PROJECT_ROOT,
        env=os.environ | {"RAIDS_DATABASE": str(database)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ONE_SENTENCE in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_page_that_is_started_alone_ends_at_the_first_visit_and_shows_nothing(database, tmp_path):
    port, log = free_port(), tmp_path / "log.txt"
    command = [
        "-m",
        "streamlit",
        "run",
        "pages/1_Where.py",
        "--server.address=0.0.0.0",
        f"--server.port={port}",
    ]
    health = f"http://127.0.0.1:{port}/_stcore/health"
    with running(command, log, health, RAIDS_DATABASE=str(database)) as process:
        with pytest.raises(Exception, match="close"):
            stream(Served(f"http://127.0.0.1:{port}", port, log, process), "")
        assert process.wait(timeout=30) == 1
    assert ONE_SENTENCE in log.read_text()


def test_a_served_dashboard_does_not_start_when_its_login_is_lost(database):
    ended = subprocess.run(
        [sys.executable, "cli.py", "serve", "--port", str(free_port())],
        cwd=PROJECT_ROOT,
        env=os.environ | {"RAIDS_DATABASE": str(database), "RAIDS_LOGIN": "required"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "configures no login" in ended.stderr


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.0.0.5"])
def test_this_machine_needs_no_login(secrets, address):
    check_binding(address)


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "192.168.1.7", "raids.example", "unix:///tmp/raids"]
)
def test_any_other_address_needs_one(secrets, address):
    with pytest.raises(InputError, match=ONE_SENTENCE):
        check_binding(address)
    secrets(GOOD)
    check_binding(address)


def test_a_login_is_read_with_its_defaults(secrets):
    assert read_login() is None
    secrets(GOOD.split("[access]")[0])
    login = read_login()
    assert (login.origin, login.host, login.claim, login.hours) == (
        "https://raids.example",
        "raids.example",
        "groups",
        HOURS,
    )
    assert login.values == {role: f"raids-{role}" for role in Role}
    secrets(GOOD + 'claim = "realm_access.roles"\nkeeper = "admins"\n')
    login = read_login()
    assert login.role(claims(realm_access={"roles": ["raids-viewer", "admins"]})) is Role.keeper


def test_the_example_is_a_login_once_it_is_filled_in(secrets):
    example = (PROJECT_ROOT / "deploy" / "secrets.toml.example").read_text()
    secrets(example)
    with pytest.raises(InputError, match="lacks cookie_secret"):
        read_login()
    secrets(example.replace('_secret = ""', f'_secret = "{"a" * 64}"'))
    assert read_login() == Login("https://raids.example.org")


BROKEN = {
    "not TOML": ("[auth", "cannot be read"),
    "no client": (GOOD.replace("client_id", "client_name"), "lacks client_id"),
    "no address": (GOOD.replace("redirect_uri", "redirect"), "lacks redirect_uri"),
    "in the open": (GOOD.replace("https://raids", "http://raids"), "must begin with https"),
    "provider in the open": (GOOD.replace("https://login", "http://login"), "must begin with https"),
    "another path": (GOOD.replace("/oauth2callback", "/callback"), "must end with /oauth2callback"),
    "a short secret": (
        GOOD.replace("only for a test, and long enough to be one", "short"),
        "shorter than 32",
    ),
    "an unknown setting": (GOOD + "hour = 9\n", "has hour"),
    "too many hours": (GOOD.replace("hours = 8", "hours = 100"), "between 0 and 24"),
    "no hours": (GOOD.replace("hours = 8", "hours = 0"), "between 0 and 24"),
    "one value for two roles": (GOOD + 'viewer = "all"\nkeeper = "all"\n', "two roles"),
    "an empty claim": (GOOD + 'claim = ""\n', "must be a text"),
    "roles without a login": ("[access]\nhours = 8\n", "but no \\[auth\\]"),
}


@pytest.mark.parametrize(("text", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_login_that_is_set_up_wrongly_is_none_at_all_and_nothing_opens(secrets, text, sentence):
    secrets(text)
    for address in ("127.0.0.1", "0.0.0.0"):
        with pytest.raises(InputError, match=sentence):
            check_binding(address)


def claims(**said) -> dict:
    return {"iss": "https://login.example", "sub": "1", "iat": time.time(), **said}


ROLES = [
    (["raids-viewer"], Role.viewer),
    (["raids-recorder", "raids-viewer"], Role.recorder),
    (["raids-viewer", "raids-keeper"], Role.keeper),
    ("raids-keeper", Role.keeper),
    ([], None),
    (["raids"], None),
    (["RAIDS-KEEPER"], None),
    ("raids-keeper raids-viewer", None),
    (["not-raids-keeper"], None),
    ([None, 1, {"raids-keeper": 1}], None),
    ({"raids-keeper": True}, None),
    (True, None),
    (None, None),
]


@pytest.mark.parametrize(("groups", "role"), ROLES, ids=str)
def test_the_highest_role_that_is_said_wins_and_nothing_else_gives_one(groups, role):
    assert Login("https://raids.example").role(claims(groups=groups)) is role


def test_a_role_is_in_no_other_claim():
    assert Login("https://raids.example").role(claims(roles=["raids-keeper"], scope="raids-keeper")) is None


def test_a_login_holds_for_its_hours_and_not_if_it_says_no_time_or_one_to_come():
    login, now = Login("https://raids.example", hours=2), time.time()
    assert login.seconds_left(claims(iat=now)) == pytest.approx(7200, abs=5)
    assert login.seconds_left(claims(iat=now - 3 * 3600)) <= 0
    assert login.seconds_left(claims(iat=now + 60)) > 0
    for said in (now + 3600, None, "now", True, float("inf")):
        assert login.seconds_left(claims(iat=said)) <= 0
    assert login.seconds_left({}) <= 0


def test_who_leaves_is_out_and_may_come_in_again():
    login = Login("https://raids.example")
    first, second = claims(nonce="a", iat=time.time()), claims(nonce="b", iat=time.time())
    login.leave(first)
    assert login.seconds_left(first) <= 0
    assert login.seconds_left(second) > 0


def test_a_page_that_is_started_alone_refuses_other_names_and_proxies(monkeypatch):
    """Streamlit itself answers whatever name it is called by."""
    for headers, is_refused in (
        ({}, False),
        ({"Host": "localhost:8501", "Origin": "http://localhost:8501"}, False),
        ({"Host": "raids.example"}, True),
        ({"Host": "localhost:8501", "X-Forwarded-For": "203.0.113.7"}, True),
    ):
        said = SimpleNamespace(headers=SimpleNamespace(to_dict=lambda headers=headers: headers))
        monkeypatch.setattr(access.st, "context", said)
        if is_refused:
            with pytest.raises(InputError, match="has no login"):
                access._check_request()
        else:
            access._check_request()


def test_it_has_a_name_of_its_own(secrets):
    config.set_option("server.baseUrlPath", "raids")
    try:
        with pytest.raises(InputError, match="a name of its own"):
            check_binding("127.0.0.1")
    finally:
        config.set_option("server.baseUrlPath", "")
