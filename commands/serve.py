"""`serve`: opens the dashboard in a browser, for this machine or, behind a login, for others."""

from pathlib import Path
from typing import Annotated

import typer

from data.store.store import PROJECT_ROOT


def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8501,
    address: Annotated[
        str, typer.Option(help="The address to listen on. Any but this machine's own needs a login.")
    ] = "127.0.0.1",
    secrets: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, readable=True, help="The file that configures the login."),
    ] = None,
) -> None:
    """Run the dashboard until it is stopped with Ctrl+C. deploy/README.md says how to serve it to others."""
    # Streamlit takes a second to import; no other command needs it.
    from streamlit.web.bootstrap import load_config_options
    from streamlit.web.cli import main as streamlit

    from pages.shared.door.login import check_binding

    options = {"server.address": address, "server.port": port}
    if secrets is not None:
        options["secrets.files"] = secrets.resolve()
    # The same options as flags below; the secrets are a list, for there may be several files.
    flags = options | ({"secrets.files": (str(secrets.resolve()),)} if secrets else {})
    load_config_options({name.replace(".", "_"): value for name, value in flags.items()})
    check_binding(address)
    streamlit(
        ["run", str(PROJECT_ROOT / "dashboard.py"), *(f"--{name}={value}" for name, value in options.items())]
    )
