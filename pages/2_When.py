from html import escape

import streamlit as st

from analysis.when import words as when_words
from analysis.when.tables import Times
from analysis.when.when import WhenResult, when
from analysis.when.words import TABLES, hours_as_rows, table_rows, table_to_draw
from analysis.where.places import area_names
from analysis.words import period_in_words
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.charts import charts
from pages.shared.charts.when_charts import shares_over, week_by_hour
from pages.shared.colours import colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.figures import draw_figures
from pages.shared.frame.page import Frame, page
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

# Names in the address; the page Where has the same.
LEVEL, AREA = "level", "area"
LEVELS = {"borough": "Boroughs", "district": "Postcode districts", "locality": "Localities"}
HOW_TO_READ_HOURS = (
    "Each incident counts as one in all. One known only as a part of the day is shared out evenly over its hours; one of "
    "which only the day or less is known is left out."
)
HOURS_HEADINGS = [Heading("From", "short"), *(Heading(day, "number") for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))]  # fmt: skip


def main() -> None:
    """Draw the page."""
    with page("When raids happen") as frame:
        level, code = _draw_controls(frame)
        result = ask(frame, when, frame.filters, level, code or None)
        if not result.incidents:
            st.info(plain(when_words.findings(result)["hours"]))
        else:
            draw_figures(when_words.figures(result))
            _draw_week(result, frame)
            _draw_tables(result, frame)
            _say_differences(result)
        for note in when_words.notes(result):
            st.caption(plain(note))


def _draw_controls(frame: Frame) -> tuple[str, str]:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        level = view.choose(st.segmented_control, "Areas to choose from", LEVELS, LEVEL, required=True)
        choices = {"": "All records"} | ask(frame, area_names, level)
        code = view.choose(st.selectbox, "Area", choices, AREA)
    if code and frame.filters.boroughs:
        st.caption("The filter by borough does not apply while an area is chosen.")
    return level, code


def _draw_week(result: WhenResult, frame: Frame) -> None:
    finding = when_words.findings(result)["hours"]
    if not result.times.known_hours:
        st.info(plain(finding))
        return
    cells = result.times.hours_to_draw()
    if result.london is None:
        chart = week_by_hour(cells, "weight", cells["weight"].max(), colours())
        charts.draw_chart(chart, finding, HOW_TO_READ_HOURS)
        _say_london_alone(result, "hours")
    else:
        beside = result.london.hours_to_draw()
        top = max(cells["share"].max(), beside["share"].max())
        charts.draw_chart(week_by_hour(cells, "share", top, colours()), finding, HOW_TO_READ_HOURS)
        charts.draw_chart(
            week_by_hour(beside, "share", top, colours()),
            when_words.london_finding(result),
            "All London on the same scale, the chosen area among it.",
        )
    _draw_hours_table(result.times, result, frame)


def _draw_hours_table(times: Times, result: WhenResult, frame: Frame) -> None:
    with st.expander("These hours as a table"):
        caption = f"Recorded incidents{when_words.place(result)} by hour and weekday, {_period(result)}"
        show_table(caption, HOURS_HEADINGS, hours_as_rows(times))
        offer_download(
            "Download the 168 hours (CSV)",
            lambda: times.hours,
            file_name(f"recorded incidents{when_words.place(result)} by weekday and hour", frame.filters),
            key="download-hours",
        )


def _draw_tables(result: WhenResult, frame: Frame) -> None:
    columns = st.columns(len(TABLES), gap="large")
    for column, table in zip(columns, TABLES, strict=True):
        with column:
            _draw_table(result, table, frame)


def _draw_table(result: WhenResult, name: str, frame: Frame) -> None:
    words = TABLES[name]
    finding = when_words.findings(result)[name]
    if not result.times.known(name):
        st.info(plain(finding))
        return
    beside = "All London" if result.london else "Even spread"
    table = table_to_draw(result.times, result.london, name)
    charts.draw_chart(
        shares_over(table, words.one, beside, colours()),
        finding,
        f"{words.how_to_read} Line: where the share would lie 19 times in 20 if more of the same kind were reported. "
        + ("Tick: all London." if result.london else "Tick: an even spread over the days on record."),
    )
    _say_london_alone(result, name)
    with st.expander("The same as a table"):
        headings = [Heading(words.one.capitalize()), *(Heading(text, "number") for text in ("Incidents", "Share", "Likely between", beside))]  # fmt: skip
        show_table(
            f"Recorded incidents{when_words.place(result)} by {words.one}, {_period(result)}",
            headings,
            table_rows(table),
        )
        offer_download(
            "Download this table (CSV)",
            lambda: getattr(result.times, name),
            file_name(f"recorded incidents{when_words.place(result)} by {words.one}", frame.filters),
            key=f"download-{name}",
        )


def _say_london_alone(result: WhenResult, name: str) -> None:
    alone = when_words.london_alone(result)
    if name in alone:
        st.html(f'<p class="said">{escape(alone[name])}</p>')


def _say_differences(result: WhenResult) -> None:
    differences = when_words.differences(result)
    if differences:
        st.subheader(f"{plain(result.area_name)} beside the rest of London", anchor=False)
        st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in differences))


def _period(result: WhenResult) -> str:
    return period_in_words(result.period_start, result.period_end)


main()
