"""What files have brought: the list of imports, the rows they set aside, and the way back for each as a whole."""

import streamlit as st

from analysis.words import counted
from data.errors import InputError
from data.imports.history import list_imports, list_rejects
from data.imports.undoing import undo_import
from data.reading.answers import Reject
from data.store.store import Store
from pages.shared.door.access import by_keepers
from pages.shared.door.told import refuse, tell
from pages.shared.records.import_form import rejects_table
from pages.shared.tables import Heading, show_table

KINDS = {"incidents": "Incidents", "counts": "Official figures", "log": "Logged by hand"}
HEADINGS = (
    Heading("When (UTC)", "short"), Heading("What"), Heading("Reference"), Heading("Rows", "number"), Heading("Kept", "number"),
    Heading("Set aside", "number"), Heading("Already there", "number"), Heading("State"),
)  # fmt: skip
CHOSEN = "imported-undo"


def draw_imported(store: Store) -> None:
    """Draw the list, the rows set aside, and how an import is taken back."""
    st.subheader("What has been imported", anchor=False)
    imports = list_imports(store).to_pylist()
    show_table("Imports, newest first", HEADINGS, [_row(entry) for entry in imports])
    _draw_rejects(store, imports)
    _draw_undo(store, imports)


def _row(entry: dict) -> list[str]:
    if entry["undone_at"]:
        state = "undone"
    elif entry["kind"] == "log":
        state = "see ‘Log a raid’"
    else:
        state = "came with the dashboard" if entry["is_bundled"] else "in force"
    numbers = [f"{entry[name]:,}" for name in ("rows", "kept", "rejected", "already_there")]
    return [
        f"{entry['imported_at']:%d %B %Y, %H:%M}",
        KINDS[entry["kind"]],
        entry["reference"],
        *numbers,
        state,
    ]


def _draw_rejects(store: Store, imports: list[dict]) -> None:
    with_rejects = {
        str(entry["import_id"]): _label(entry)
        for entry in imports
        if entry["rejected"] and not entry["undone_at"]
    }
    if not with_rejects:
        return
    with st.expander("Rows that earlier imports set aside"):
        chosen = st.selectbox("Import", list(with_rejects), format_func=with_rejects.get)
        rejects_table(
            [
                Reject(entry["row"], entry["column_name"], entry["reason"])
                for entry in list_rejects(store, chosen).to_pylist()
            ]
        )


def _draw_undo(store: Store, imports: list[dict]) -> None:
    own = {
        str(entry["import_id"]): entry
        for entry in imports
        if not entry["undone_at"] and not entry["is_bundled"] and entry["kind"] != "log"
    }
    if not own:
        st.caption("Nothing to take back: no file has been imported besides what came with the dashboard.")
        return
    with st.popover("Take back an import"):
        chosen = st.selectbox("Which one", list(own), format_func=lambda each: _label(own[each]), key=CHOSEN)
        entry = own[chosen]
        figures = " Figures they had replaced are in force again." if entry["kind"] == "counts" else ""
        brought = "the one row" if entry["kept"] == 1 else f"all {entry['kept']:,} rows"
        st.write(f"This removes {brought} it brought, also what was corrected or checked since.{figures}")
        st.button("Yes, take it back", on_click=_undo, args=(store, chosen))


@by_keepers
def _undo(store: Store, import_id: str) -> None:
    try:
        undone = undo_import(store, import_id)
        rows = f"{counted(undone.rows, 'row')}"
        tell(" ".join([f"Taken back: {rows} of {KINDS[undone.kind].lower()}.", *undone.notes]))
    except InputError as error:
        refuse(str(error))


def _label(entry: dict) -> str:
    return f"{KINDS[entry['kind']]}, {entry['imported_at']:%d %B %Y, %H:%M}, {entry['kept']:,} kept"
