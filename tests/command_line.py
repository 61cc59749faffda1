"""The command line, called as a person calls it."""

import cli


def run_cli(monkeypatch, capsys, *arguments) -> tuple[int, str, str]:
    """Run a command; gives exit status, output and errors."""
    monkeypatch.setattr("sys.argv", ["cli.py", *map(str, arguments)])
    try:
        cli.main()
        status = 0
    except SystemExit as stop:
        status = stop.code or 0
    captured = capsys.readouterr()
    return status, captured.out, captured.err
