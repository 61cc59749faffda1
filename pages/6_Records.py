from datetime import date

import streamlit as st

from analysis.records.records import chosen_counts, chosen_incidents, figures_filters
from analysis.words import day_in_words
from data.imports.history import status
from pages.shared import view
from pages.shared.door.told import say_what_happened
from pages.shared.door.unlock import draw_notice, offer_passphrase
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame, page
from pages.shared.records.import_form import draw_import
from pages.shared.records.imported import draw_imported
from pages.shared.records.log_form import draw_log
from pages.shared.records.moderation import draw_moderation
from pages.shared.records.record_list import draw_list

# Name in the address.
SECTION = "section"
SECTIONS = {"log": "Log a raid", "all": "All records", "check": "Second look", "files": "Files"}
MAY_READ_ONLY = "You may read these records. Logging, correcting and importing are for recorders and keepers; ask a keeper of your group."
MAY_NOT_IMPORT = (
    "Importing, taking imports back and downloading single records are for keepers; ask one of your group."
)


def main() -> None:
    """Draw the page."""
    with page("Log and records") as frame:
        if not frame.role.may_record:
            st.info(MAY_READ_ONLY)
            _draw_status(frame)
            return
        if frame.role.may_keep:
            offer_passphrase(frame.store)
        with st.container(key="thumb-section"):
            section = view.choose(
                st.segmented_control,
                "Section",
                SECTIONS,
                SECTION,
                required=True,
                label_visibility="collapsed",
            )
        DRAWN[section](frame)


def draw_files(frame: Frame) -> None:
    """What is in the store, what files brought it, and what may be taken out as files."""
    say_what_happened()
    _draw_status(frame)
    if not frame.role.may_keep:
        st.info(MAY_NOT_IMPORT)
        return
    draw_notice(frame.store)
    st.subheader("Import a file", anchor=False)
    draw_import(frame.store)
    draw_imported(frame.store)
    _draw_downloads(frame)


def _draw_status(frame: Frame) -> None:
    held = status(frame.store)
    days = [day_in_words(date.fromisoformat(held[end])) for end in ("first", "last") if held[end]]
    span = f", from {' to '.join(days)}" if days else ""
    st.html(
        f'<p class="said">The store holds {held["incidents"] - held["waiting"]:,} incidents{span}, and {held["counts"]:,} '
        "official figures in force (one per area, period and kind of address).</p>"
    )
    # How many there are would tell who only looks that something happened of late.
    if frame.role.may_record and held["waiting"]:
        st.caption(f"{held['waiting']:,} more wait until they are old enough to show.")


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


DRAWN = {"log": draw_log, "all": draw_list, "check": draw_moderation, "files": draw_files}

main()
