"""Importing by hand: how a file is read, what would be kept, and what would be set aside."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analysis.export import to_csv
from analysis.words import figure
from data.errors import InputError
from data.files.read import read_sheets
from data.files.sheet import Sheet
from data.imports.importer import ImportReport, import_file
from data.logs.mapping import Mapping, Suggestion, suggest_mapping
from data.logs.refusals import IdentifyingError, refuse_file_name, refuse_sheet_names, refuse_shown_headings
from data.logs.saved_mappings import list_mappings, load_mapping, save_mapping
from data.logs.table import REASON
from data.reading.headings import FIELDS, IGNORE
from data.reading.words import CLOSED_LISTS
from data.schema import INCIDENT_VALUES, INCIDENTS, labels
from data.store.store import Store
from pages.shared.door.access import by_keepers
from pages.shared.plain import meanings, plain
from pages.shared.tables import Heading, show_table
from pages.shared.uploads import FILE_TYPES, uploaded_table

UPLOAD_ROUND = "upload-round"
CHECKED = "upload-checked"
IMPORTED = "upload-imported"
BY_HAND = "upload-by-hand"

NOT_IMPORTED = "Not imported"
AS_SYNONYMS_SAY = "As the words are understood by themselves"
DATE_ORDERS = {
    "day first": "Day first (11/06/2022 is 11 June)",
    "month first": "Month first (06/11/2022 is 11 June)",
}
# A log has a handful of words of its own; beyond this the words belong in the spreadsheet.
MOST_WORDS = 40
MOST_REJECTS_SHOWN = 200
MOST_HEADINGS = 30
FIELD_HELP = "\n".join(
    f"- **{column.name.replace('_', ' ').capitalize()}**: {column.meaning}"
    for column in INCIDENTS.columns
    if column.name in FIELDS
)


@dataclass(frozen=True)
class Checked:
    """A file that was read without being imported; `problem` says why it cannot be, else '' with a `report`."""

    key: tuple[str, str]
    suggestion: Suggestion | None
    report: ImportReport | None
    problem: str


def draw_import(store: Store) -> None:
    """Draw everything from choosing a file to the report of its import."""
    upload = st.file_uploader(
        "A file of incidents or an official return",
        type=FILE_TYPES,
        key=f"upload-{st.session_state.get(UPLOAD_ROUND, 0)}",
        help="It is read on this machine, and only the columns of the schema are kept. Names, notes, phone numbers and "
        "exact addresses are dropped while reading.",
    )
    if upload is None:
        _draw_last_report()
        return
    st.session_state.pop(IMPORTED, None)
    mapping = _choose_saved_mapping(store)
    checked = _check(store, upload, mapping)
    if checked.suggestion:
        mapping = _draw_mapping(store, checked, mapping)
        checked = _check(store, upload, mapping)
    if checked.problem:
        st.error(plain(checked.problem))
        return
    draw_report(checked.report, "Checked; nothing is imported yet.", st.info)
    _draw_left_out(checked.report)
    if checked.report.kept:
        st.button(
            f"Import {_rows(checked.report.kept)}",
            type="primary",
            on_click=_import,
            args=(store, upload, mapping),
        )


def _check(store: Store, upload: UploadedFile, mapping: Mapping | None) -> Checked:
    """Read the file without importing it; once per file and mapping, however often the page runs."""
    key = (upload.file_id, mapping.model_dump_json() if mapping else "")
    kept = st.session_state.setdefault(CHECKED, {})
    if key not in kept:
        with st.spinner("Checking the file …"):
            checked = _check_anew(store, upload, mapping, key)
        # As it was read by itself, and as it is read by hand: what came before either is not asked for again.
        recent = [each for each in list(kept.items())[-1:] if each[0][0] == upload.file_id]
        kept = st.session_state[CHECKED] = dict(recent) | {key: checked}
    return kept[key]


def _check_anew(store: Store, upload: UploadedFile, mapping: Mapping | None, key: tuple[str, str]) -> Checked:
    table = uploaded_table(upload)
    try:
        refuse_file_name(table.name)
        sheets = read_sheets(table)
        refuse_sheet_names(sheets)
        suggestion = _suggest(sheets, mapping)
        refuse_shown_headings(suggestion.headings if suggestion else [])
    except InputError as error:
        return Checked(key, None, None, str(error))
    try:
        report = import_file(store, table, mapping=mapping, dry_run=True)
    except IdentifyingError as error:
        return Checked(key, None, None, str(error))
    except InputError as error:
        # Also where it was taken for an official return: a person may say that it is a list of incidents.
        return Checked(key, suggestion, None, str(error))
    return Checked(key, suggestion if report.kind == "incidents" else None, report, "")


def _suggest(sheets: list[Sheet], mapping: Mapping | None) -> Suggestion | None:
    """The headings of the sheet of which most are understood; None of an empty file."""
    suggestions = [suggest_mapping(sheet, mapping) for sheet in sheets if sheet.n_rows]
    return max(suggestions, key=lambda each: sum(field is not None for field in each.fields), default=None)


def _choose_saved_mapping(store: Store) -> Mapping | None:
    names = list_mappings(store)
    if not names:
        return None
    chosen = st.selectbox(
        "Format of the file", ["", *names], format_func=lambda name: name or AS_SYNONYMS_SAY
    )
    if not chosen:
        return None
    try:
        return load_mapping(store, chosen)
    except InputError as error:
        st.error(plain(str(error)))
        return None


def _draw_mapping(store: Store, checked: Checked, mapping: Mapping | None) -> Mapping | None:
    """How headings and words are read, open to correction; the mapping in force afterwards."""
    needs_help = checked.report is None or bool(checked.report.batch and checked.report.batch.unknown_words)
    with st.expander("How the headings and words are read", expanded=needs_help):
        with st.form(f"mapping-{checked.key[0]}", border=False):
            columns = _ask_columns(checked)
            orders = list(DATE_ORDERS)
            date_order = st.radio(
                "Dates with figures only",
                orders,
                index=orders.index(mapping.date_order) if mapping else 0,
                format_func=DATE_ORDERS.get,
            )
            words = _ask_words(checked, mapping)
            if st.form_submit_button("Check again with this"):
                st.session_state[BY_HAND] = checked.key[0]
        by_hand = (mapping or Mapping()).corrected(
            Mapping(columns=columns, date_order=date_order, words=words)
        )
        _draw_saving(store, by_hand)
    # Until somebody says otherwise, the file is read as it is understood by itself, be it as an official return.
    return by_hand if st.session_state.get(BY_HAND) == checked.key[0] else mapping


def _ask_columns(checked: Checked) -> dict[str, str]:
    st.markdown(f"**Headings** (row {checked.suggestion.row} of the file)")
    options = [IGNORE, *FIELDS]
    columns = {}
    grid = st.columns(3)
    shown = [
        (heading, field)
        for heading, field in zip(checked.suggestion.headings, checked.suggestion.fields, strict=True)
        if heading.strip()
    ]
    for number, (heading, field) in enumerate(shown):
        with grid[number % len(grid)]:
            columns[heading] = st.selectbox(
                plain(heading),
                options,
                index=options.index(field or IGNORE),
                format_func=_field_in_words,
                key=f"heading-{checked.key[0]}-{number}",
                help=FIELD_HELP,
            )
    return columns


def _ask_words(checked: Checked, mapping: Mapping | None) -> dict[str, dict[str, str]]:
    words = {field: dict(values) for field, values in (mapping.words if mapping else {}).items()}
    batch = checked.report.batch if checked.report else None
    unknown = getattr(batch, "unknown_words", {})
    asked = [(field, word, n) for field, counter in unknown.items() for word, n in counter.most_common()]
    if asked:
        st.markdown("**Words that are not understood** and count as “unknown” unless you say what they mean")
    grid = st.columns(3)
    for number, (field, word, n) in enumerate(asked[:MOST_WORDS]):
        values = CLOSED_LISTS[field]
        with grid[number % len(grid)]:
            meant = st.selectbox(
                f"{_field_in_words(field)}: “{plain(word)}” ({_rows(n)})",
                values,
                index=values.index("unknown") if "unknown" in values else None,
                key=f"word-{checked.key[0]}-{field}-{number}",
                format_func=labels(INCIDENT_VALUES[field]).get,
                help=meanings(INCIDENT_VALUES[field]),
            )
        if meant and meant != "unknown":
            words.setdefault(field, {})[word] = meant
    return words


def _draw_saving(store: Store, mapping: Mapping) -> None:
    if st.button(
        "Save this format",
        help="It is named by its fields and the day. Its headings and words are kept as hashes, enough to know them again, and headings "
        "that are not imported not at all.",
    ):
        try:
            name = save_mapping(store, mapping)
        except InputError as error:
            st.error(plain(str(error)))
        else:
            st.toast(f"Saved as “{plain(name)}”. It can be chosen above for the next file.")


@by_keepers
def _import(store: Store, upload: UploadedFile, mapping: Mapping | None) -> None:
    """Import for good; a callback, so that the page below already shows the records that came."""
    bar = st.progress(0.0, text="Importing …")
    try:
        st.session_state[IMPORTED] = import_file(
            store,
            uploaded_table(upload),
            mapping=mapping,
            progress=lambda step, share: bar.progress(share, text=plain(step)),
        )
    except InputError as error:
        st.session_state[IMPORTED] = str(error)
    bar.empty()
    st.session_state.pop(CHECKED, None)
    # Another key makes another, empty uploader.
    st.session_state[UPLOAD_ROUND] = st.session_state.get(UPLOAD_ROUND, 0) + 1


def _draw_last_report() -> None:
    done = st.session_state.get(IMPORTED)
    if isinstance(done, str):
        st.error(plain(done))
    elif done is not None:
        draw_report(done, "Imported.", st.success)


def draw_report(report: ImportReport, what_happened: str, say: Callable[[str], object]) -> None:
    """Say what an import did or would do: rows, totals, what is set aside and why, and offer the latter for download."""
    kind = "official figures" if report.kind == "counts" else "incidents"
    say(
        f"{what_happened} {_rows(report.rows)} of {kind}: {report.kept:,} kept, {report.rejected:,} set aside, "
        f"{report.already_there:,} already there."
    )
    for note in report.notes:
        st.caption(plain(note))
    if report.unknown_words:
        said = ", ".join(
            f"{_field_in_words(field).lower()} in {_rows(n)}" for field, n in report.unknown_words.items()
        )
        st.caption(f"Counted as “unknown” because the word is in no list: {said}.")
    _draw_totals(report)
    _draw_rejects(report)


def _draw_left_out(report: ImportReport) -> None:
    """The columns that an import would drop, so that one with a heading of the group's own is not lost unseen."""
    headings = [heading for heading in getattr(report.batch, "ignored_headings", ()) if heading != REASON]
    if headings:
        shown = ", ".join(f"“{plain(heading)}”" for heading in headings[:MOST_HEADINGS])
        more = len(headings) - MOST_HEADINGS
        st.caption(
            f"Columns that are not imported: {shown}{f' and {more:,} more' if more > 0 else ''}. To import one, say above "
            "what it is, and check again."
        )


def _draw_totals(report: ImportReport) -> None:
    if not report.totals_checked:
        return
    wrong = sum(not total["matches"] for total in report.totals_checked)
    checked = len(report.totals_checked)
    st.caption(
        f"All {checked:,} totals in the file agree with its rows."
        if not wrong
        else f"{wrong:,} of {checked:,} totals in the file do not agree with its rows."
    )
    with st.expander("Totals of the file, recomputed", expanded=bool(wrong)):
        show_table(
            "Totals as the file states them and as its rows add up",
            [Heading("Total"), Heading("Row", "number"), Heading("Column"), Heading("Stated", "number"),
             Heading("Recomputed", "number"), Heading("Agree")],
            [
                [str(total["total"]), str(total["row"]), str(total["column"]), str(total["stated"]),
                 str(total["recomputed"]), "yes" if total["matches"] else "no"]
                for total in report.totals_checked
            ],
            height_pixels=320,
        )  # fmt: skip


def _draw_rejects(report: ImportReport) -> None:
    if not report.rejects:
        return
    st.markdown("**Rows set aside**, each with its first reason")
    shown = report.rejects[:MOST_REJECTS_SHOWN]
    rejects_table(shown)
    if len(shown) < len(report.rejects):
        st.caption(f"The first {len(shown):,} of {len(report.rejects):,}; the download has all.")
    if report.set_aside is not None and report.set_aside.num_rows:
        set_aside: Callable[[], pd.DataFrame] = report.set_aside.to_pandas
        st.download_button(
            "Download these rows to correct them (CSV)",
            lambda: to_csv(set_aside(), with_mark=True),
            file_name="set-aside.csv",
            mime="text/csv",
            on_click="ignore",
            help="Correct them, delete the column 'reason' or leave it, and import the file again.",
        )


def rejects_table(rejects) -> None:
    """The rows an import set aside: row, column, reason; never what they hold."""
    show_table(
        "Rows set aside, by row and column",
        [Heading("Row", "number"), Heading("Column"), Heading("Why, and what to do")],
        [[f"{reject.row:,}", _field_in_words(reject.column), reject.reason] for reject in rejects],
        height_pixels=320,
    )


def _field_in_words(field: str) -> str:
    return NOT_IMPORTED if field == IGNORE else field.replace("_", " ").capitalize()


def _rows(n: int) -> str:
    return figure(n, n, "row")
