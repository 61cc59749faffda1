from datetime import date

import streamlit as st

from analysis.records import chosen_counts, chosen_incidents, figures_filters
from analysis.words import day_in_words
from data.errors import InputError
from data.importing.history import last_import, list_imports, list_rejects, status, undo_last_import
from data.importing.report import Reject
from data.store import Store
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame import Frame, page
from pages.shared.import_form import draw_import, rejects_table
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

KINDS = {"incidents": "Incidents", "counts": "Official figures"}
IMPORT_HEADINGS = (
    Heading("When (UTC)", "short"), Heading("What"), Heading("Reference"), Heading("Rows", "number"), Heading("Kept", "number"),
    Heading("Set aside", "number"), Heading("Already there", "number"), Heading("State"),
)  # fmt: skip
UNDONE = "undone"
NOT_UNDONE = "not-undone"


def main() -> None:
    """Draw the page."""
    with page("Records and import") as frame:
        _draw_status(frame.store)
        st.subheader("Import a file", anchor=False)
        draw_import(frame.store)
        st.subheader("What has been imported", anchor=False)
        imports = list_imports(frame.store).to_pylist()
        show_table("Imports, newest first", IMPORT_HEADINGS, [_import_row(entry) for entry in imports])
        _draw_rejects(frame.store, imports)
        _draw_undo(frame.store)
        _draw_downloads(frame)


def _draw_status(store: Store) -> None:
    held = status(store)
    days = [day_in_words(date.fromisoformat(held[end])) for end in ("first", "last") if held[end]]
    span = f", from {' to '.join(days)}" if days else ""
    st.html(
        f'<p class="said">The store holds {held["incidents"]:,} incidents{span}, and {held["counts"]:,} official figures '
        "in force (one per area, period and kind of address).</p>"
    )


def _import_row(entry: dict) -> list[str]:
    if entry["undone_at"]:
        state = "undone"
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
        str(entry["import_id"]): f"{KINDS[entry['kind']]}, {entry['imported_at']:%d %B %Y, %H:%M}"
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


def _draw_undo(store: Store) -> None:
    if UNDONE in st.session_state:
        st.success(st.session_state.pop(UNDONE))
    if NOT_UNDONE in st.session_state:
        st.error(st.session_state.pop(NOT_UNDONE))
    last = last_import(store)
    if last is None:
        st.caption("Nothing to take back: the store holds only what came with the dashboard.")
        return
    with st.popover("Take back the last import"):
        st.write(
            f"This removes the {last['kept']:,} rows of {KINDS[last['kind']].lower()} that came on "
            f"{last['imported_at']:%d %B %Y at %H:%M}. Figures they had replaced are in force again."
        )
        st.button("Yes, take it back", on_click=_undo, args=(store, str(last["import_id"])))


def _undo(store: Store, import_id: str) -> None:
    try:
        undone = undo_last_import(store, import_id)
        st.session_state[UNDONE] = f"Taken back: {undone.rows:,} rows of {KINDS[undone.kind].lower()}."
    except InputError as error:
        st.session_state[NOT_UNDONE] = plain(str(error))


def _draw_downloads(frame: Frame) -> None:
    st.subheader("Download what the filters choose", anchor=False)
    st.caption(
        "For your own group. Whoever gets the file sees single records; share figures instead where you can."
    )
    run, filters = frame.store.run, frame.filters
    with st.container(horizontal=True):
        offer_download(
            "Recorded incidents (CSV)",
            lambda: chosen_incidents(run, filters),
            file_name("recorded incidents", filters),
            key="download-incidents",
        )
        offer_download(
            "Official figures (CSV)",
            lambda: chosen_counts(run, filters),
            file_name("official figures", figures_filters(filters)),
            key="download-counts",
        )


main()
