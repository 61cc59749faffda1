"""`status`: what the store holds."""

from rich.table import Column, Table

from analysis.words import counted
from commands.terminal import AsJson, open_store_asking, out, print_json
from data.imports.history import SHORT_ID
from data.imports.history import status as store_status


def status(as_json: AsJson = False) -> None:
    """What the database holds."""
    present = store_status(open_store_asking())
    if as_json:
        print_json(present)
        return
    span = f", {present['first']} to {present['last']}" if present["first"] else ""
    out.print(f"{counted(present['incidents'] - present['waiting'], 'incident')}{span}.")
    if present["waiting"]:
        out.print(
            f"{present['waiting']:,} more {'is' if present['waiting'] == 1 else 'are'} too young to show."
        )
    if present["to_check"]:
        out.print(
            f"{present['to_check']:,} {'waits' if present['to_check'] == 1 else 'wait'} for a second look."
        )
    out.print(f"{present['counts']:,} official figures in force. Schema version {present['schema_version']}.")
    table = Table(
        Column("import", no_wrap=True), Column("imported (UTC)", no_wrap=True), "kind", "rows", "kept", "set aside", "already there", "undone",
    )  # fmt: skip
    for row in present["imports"]:
        numbers = [f"{row[name]:,}" for name in ("rows", "kept", "rejected", "already_there")]
        undone = "yes" if row["undone_at"] else ""
        when = row["imported_at"][:16].replace("T", " ")
        table.add_row(row["import_id"][:SHORT_ID], when, row["kind"], *numbers, undone)
    out.print(table)
