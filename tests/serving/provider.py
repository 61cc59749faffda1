"""
A real OpenID provider (Canaille) for the tests: four people, three groups, everything in memory.

Run as `python -m tests.serving.provider PORT REDIRECT_URI…`; it answers until it is ended.
"""

import sys
from datetime import UTC, datetime

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET, PASSWORD = "raids", "not-secret-in-a-test", "correct horse battery"
# Who is in which group; the last is a member of the campaign, but of no group of the dashboard.
PEOPLE = {
    "vi": ["raids-viewer"],
    "rex": ["raids-recorder"],
    "kay": ["raids-keeper", "raids-viewer"],
    "nobody": ["kitchen"],
}


def main() -> None:
    """Serve the provider."""
    port, redirects = int(sys.argv[1]), sys.argv[2:]
    key = RSAKey.generate_key(2048, {"kid": "test"})
    app = create_app(
        {
            "SECRET_KEY": "only for a test",
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "CAPTCHA_ENABLED": False, "SMTP": None},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        }
    )
    with app.app_context(), Backend.instance.session():
        _fill(redirects)
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def _fill(redirects: list[str]) -> None:
    groups: dict[str, list] = {}
    for name, memberships in PEOPLE.items():
        person = models.User(
            user_name=name,
            formatted_name=name.title(),
            family_name=name.title(),
            emails=[f"{name}@example.org"],
            password=PASSWORD,
        )
        Backend.instance.save(person)
        for group in memberships:
            groups.setdefault(group, []).append(person)
    for name, members in groups.items():
        Backend.instance.save(models.Group(display_name=name, members=members))
    client = models.Client(
        client_id=CLIENT,
        client_secret=SECRET,
        client_id_issued_at=datetime.now(UTC),
        client_name="Raids in London",
        # Of a host that Canaille trusts, so that nobody is asked to consent.
        client_uri="http://127.0.0.1",
        redirect_uris=redirects,
        post_logout_redirect_uris=redirects,
        token_endpoint_auth_method="client_secret_basic",
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "groups", "profile", "email"],
    )
    Backend.instance.save(client)
    client.audience = [client]
    Backend.instance.save(client)


if __name__ == "__main__":
    main()
