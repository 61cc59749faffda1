from html import escape

import pandas as pd
import streamlit as st

from analysis.quality import tables, words
from analysis.quality.quality import QualityResult, quality
from data.imports.history import status
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.charts import charts
from pages.shared.charts.quality_charts import months_and_years, shares_of_records
from pages.shared.colours import colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.figures import draw_figures
from pages.shared.frame.page import Frame, page
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

# Its name in the address; the page Where has the same.
LEVEL = "level"
LEVELS = {"borough": "Boroughs", "district": "Postcode districts"}
TABLE_HEIGHT_PIXELS = 480
# On a wide screen.
FOUR_IN_A_ROW = "grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr))"
REST_HEADINGS = (Heading("Answer"), Heading("Rests on"), Heading("Number", "number"))
WORD_HEADINGS = (Heading(""), Heading("Incidents", "number"), Heading("Share", "number"))
YEAR_LOOKS = {"Year": "short", "Incidents": "number", "Month unknown": "number"}
AREA_HEADINGS = (Heading("Area"), Heading("Incidents", "number"), Heading("Official visits", "number"))


def main() -> None:
    """Draw the page."""
    with page("What the records can tell") as frame:
        result = ask(frame, quality, frame.filters)
        draw_figures(words.figures(result), FOUR_IN_A_ROW)
        if result.is_empty:
            st.info(plain(words.findings(result)["incidents"]))
        else:
            _draw_questions(result, frame)
            _draw_records(result, frame)
            _draw_months(result, frame)
            _draw_areas(result, frame)
            _draw_official(result, frame)
        _say_visibility(frame)


def _draw_questions(result: QualityResult, frame: Frame) -> None:
    rows = tables.rest_rows(result)
    if not rows:
        return
    st.subheader("What this means for each question", anchor=False)
    show_table("How many records, areas or years each answer rests on", REST_HEADINGS, rows)
    _download(result.rests, "what answers rest on", "rests", frame)


def _draw_records(result: QualityResult, frame: Frame) -> None:
    st.subheader("What is in the store", anchor=False)
    if not result.incidents:
        st.info(plain(words.findings(result)["incidents"]))
        return
    names = list(words.BREAKDOWN_TITLES)
    for row in (names[:3], names[3:]):
        columns = st.columns(3, gap="large")
        # The second row has a place left, which stays free.
        for column, name in zip(columns, row, strict=False):
            with column:
                _draw_breakdown(result, name)
    with st.expander("The same as tables"):
        for name in names:
            show_table(words.BREAKDOWN_TITLES[name], WORD_HEADINGS, tables.breakdown_rows(result, name))
        _download(result.breakdowns, "records by source and precision", "breakdowns", frame)
    st.subheader("What they leave open", anchor=False)
    charts.draw_chart(
        shares_of_records(tables.fields_to_draw(result), "Share unknown or not stated", colours()),
        words.findings(result)["fields"],
        "Of all incidents chosen. Not stated is never counted as none. Outside London no postcode district or locality is kept.",
    )
    show_table(
        "Unknown or not stated, by who reported it",
        [
            Heading(text, "number" if number else "")
            for number, text in enumerate(tables.field_headings(result))
        ],
        tables.field_rows(result),
    )
    _download(result.fields, "unknown by field and source", "fields", frame)


def _draw_breakdown(result: QualityResult, name: str) -> None:
    charts.draw_chart(
        shares_of_records(tables.breakdown_to_draw(result, name), "Share of incidents", colours()),
        words.findings(result)[name],
        words.BREAKDOWN_TITLES[name],
    )


def _draw_months(result: QualityResult, frame: Frame) -> None:
    if result.months.empty:
        return
    st.subheader("Months without reports", anchor=False)
    chart, table = st.columns([5, 6], gap="large")
    with chart:
        charts.draw_chart(
            months_and_years(tables.months_to_draw(result), colours()),
            words.findings(result)["months"],
            "Number: recorded incidents that began in the month. Dash: no reports. 0: reports, but none of this choice. Empty: "
            f"before or after the time looked at. ?: month unknown. {words.NOT_NO_RAIDS}",
        )
    with table:
        show_table(
            "Recorded incidents by month and year",
            [Heading(text, YEAR_LOOKS.get(text, "")) for text in tables.year_headings(result)],
            tables.year_rows(result),
            height_pixels=TABLE_HEIGHT_PIXELS,
        )
        _download(result.months, "recorded incidents by month and year", "months", frame)
    for note in words.notes(result):
        st.caption(plain(note))


def _draw_areas(result: QualityResult, frame: Frame) -> None:
    st.subheader("Areas without reports", anchor=False)
    level = view.choose(st.segmented_control, "Areas", LEVELS, LEVEL, required=True)
    st.html(f'<h4 class="finding">{escape(words.findings(result).get(level, ""))}</h4>')
    show_table(
        f"{LEVELS[level]}, those without reports first, beside official visits",
        AREA_HEADINGS,
        tables.area_rows(result, level),
        height_pixels=TABLE_HEIGHT_PIXELS,
    )
    shown: pd.DataFrame = result.areas[result.areas["level"] == level]
    _download(shown, f"reports by {level}", "areas", frame)
    st.caption(words.NOT_NO_RAIDS)


def _draw_official(result: QualityResult, frame: Frame) -> None:
    st.subheader("What the official figures cover", anchor=False)
    official = result.official
    if not official.figures:
        st.info(plain(words.findings(result)["official"]))
        return
    st.html(f'<p class="said">{escape(words.findings(result)["official"])}.</p>')
    show_table(
        "Official figures in force",
        [
            Heading(text, "short" if text in ("Period", "By") else "number")
            for text in tables.official_headings(official)
        ],
        tables.official_rows(official),
        height_pixels=TABLE_HEIGHT_PIXELS,
    )
    for note in words.official_notes(official):
        st.caption(plain(note))
    _download(official.table, "official figures by period", "official", frame)


def _say_visibility(frame: Frame) -> None:
    st.subheader("When a record shows", anchor=False)
    # How much has lately been logged is nobody's business but of those who log.
    waiting = status(frame.store)["waiting"] if frame.role.may_record else None
    said = words.visibility(frame.store.settings().hidden_days, waiting)
    st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in said))


def _download(table: pd.DataFrame, what: str, key: str, frame: Frame) -> None:
    offer_download(
        "Download this table (CSV)", lambda: table, file_name(what, frame.filters), key=f"download-{key}"
    )


main()
