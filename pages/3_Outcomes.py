from html import escape

import pandas as pd
import streamlit as st

from analysis.outcomes.outcomes import OutcomesResult, one_outcome, outcomes
from analysis.outcomes.response import ResponseResult, odds_in_words, response
from analysis.outcomes.stated_numbers import StatedNumbers, number, number_span, people, stand_offs
from analysis.outcomes.words import (
    GROUP_NOUNS,
    GROUP_WORDS,
    finding,
    finding_of,
    groups_to_download,
    overall_to_download,
    response_sentences,
    shrunk_meaning,
    stated_sentences,
)
from data.schema import OUTCOME_VALUES, labels
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.charts import charts
from pages.shared.charts.outcome_charts import shares_by_group, shares_of_outcomes
from pages.shared.colours import colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame, page
from pages.shared.plain import meanings, plain
from pages.shared.tables import Heading, show_table

# Names in the address; the outcome's is that of Where.
GROUP, SHARE_OF = "group", "share-of"
BY = {group: word.capitalize() for group, word in GROUP_WORDS.items()}
# More rows than this are a table and no longer a chart.
MOST_ROWS = 35
TABLE_HEIGHT_PIXELS = 480
REPORTED = "Of what was reported: stand-offs that worked are news, visits where nothing happened seldom are."
OVERALL_HEADINGS = (
    Heading("Outcome"), Heading("Incidents", "number"), Heading("Share", "number"), Heading("Likely between", "number"),
    Heading("In London", "number"), Heading("Share there", "number"),
)  # fmt: skip
STATED_HEADINGS = (
    Heading("Stated"), Heading("By", "number"), Heading("In all", "number"), Heading("Median", "number"),
    Heading("Likely between", "number"), Heading("Middle half", "number"), Heading("Highest", "number"),
)  # fmt: skip
RESPONSE_HEADINGS = (
    Heading("Community response"), Heading("Nobody taken", "number"), Heading("People detained", "number"),
    Heading("Outcome unknown", "number"), Heading("Incidents", "number"),
)  # fmt: skip
COMPARISON_HEADINGS = (
    Heading("Comparison"), Heading("Odds ratio", "number"), Heading("95 % interval", "number"),
)  # fmt: skip


def main() -> None:
    """Draw the page."""
    with page("What happens then") as frame:
        by = view.current(GROUP, BY, "borough")
        result = ask(frame, outcomes, frame.filters, by)
        if not result.of:
            st.info(plain(finding(result)))
            return
        _draw_overall(result, frame)
        _draw_groups(result, frame)
        _draw_stated("People held and let go", ask(frame, people, frame.filters), result.period, frame)
        _draw_stated(
            "Stand-offs: how long, and how many came",
            ask(frame, stand_offs, frame.filters),
            result.period,
            frame,
        )
        _draw_response(ask(frame, response, frame.filters), result.period, frame)


def _draw_overall(result: OutcomesResult, frame: Frame) -> None:
    charts.draw_chart(
        shares_of_outcomes(result.overall, colours()),
        finding(result),
        f"Recorded incidents {result.period}. Bar: share of all incidents chosen, those outside London among them. Line: where it would "
        f"lie 19 times in 20 if more of the same kind were reported (Wilson). Tick: in London. {REPORTED}",
    )
    for note in result.notes:
        st.caption(plain(note))
    rows = [
        [row.outcome.capitalize(), f"{row.n:,}", _percent(row.share), _span(row), f"{row.london_n:,}", _percent(row.london_share)]
        for row in result.overall.itertuples()
    ]  # fmt: skip
    with st.expander("The same as a table"):
        show_table(f"How recorded incidents ended, {result.period}", OVERALL_HEADINGS, rows)
        offer_download(
            "Download this table (CSV)",
            lambda: overall_to_download(result.overall, result.period),
            file_name("outcomes", frame.filters),
            key="download-outcomes",
        )


def _draw_groups(result: OutcomesResult, frame: Frame) -> None:
    st.subheader("Where and when it differs", anchor=False)
    with st.container(horizontal=True, gap="small"):
        outcome = view.choose(
            st.selectbox,
            "Outcome",
            labels(OUTCOME_VALUES),
            SHARE_OF,
            width=320,
            help=meanings(OUTCOME_VALUES),
        )
        view.choose(st.selectbox, "By", BY, GROUP, width=200)
    shown = one_outcome(result, outcome, MOST_ROWS)
    charts.draw_chart(
        shares_by_group(shown, colours()),
        finding_of(result, outcome),
        f"Recorded incidents {result.period}. Dot: share of the incidents recorded there; the numbers stand on the right. Line: where it would "
        f"lie 19 times in 20. Diamond: {shrunk_meaning(result, outcome)}. Dashed: {result.beside}. {REPORTED}",
    )
    rows = one_outcome(result, outcome)
    if len(rows) > len(shown):
        st.caption(
            f"Drawn are the {MOST_ROWS} {GROUP_NOUNS[result.by]} with most incidents; the table has all."
        )
    _draw_groups_table(result, rows, outcome, frame)


def _draw_groups_table(result: OutcomesResult, rows: pd.DataFrame, outcome: str, frame: Frame) -> None:
    headings = [
        Heading(BY[result.by]), Heading("Number", "number"), Heading("Share", "number"), Heading("Likely between", "number"),
        Heading("Pulled towards all", "number"),
    ]  # fmt: skip
    cells = [
        [row.name, row.said, _percent(row.share), _span(row), _percent(row.shrunk)]
        for row in rows.itertuples(index=False)
    ]
    with st.expander("The same as a table"):
        show_table(
            f"‘{outcome.capitalize()}’ by {GROUP_WORDS[result.by]}, {result.period}",
            headings,
            cells,
            height_pixels=TABLE_HEIGHT_PIXELS,
        )
        offer_download(
            "Download this table (CSV)",
            lambda: groups_to_download(rows, result.by, result.period),
            file_name(f"{outcome} by {GROUP_WORDS[result.by]}", frame.filters),
            key="download-groups",
        )


def _draw_stated(title: str, stated: StatedNumbers, period: str, frame: Frame) -> None:
    st.subheader(title, anchor=False)
    st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in stated_sentences(stated)))
    if not stated.table["stated"].any():
        return
    rows = [
        [
            f"{row.label} ({row.unit})", f"{row.stated:,} of {row.of:,}", number(row.total), number(row.median),
            number_span(row.median_low, row.median_high), number_span(row.quartile_low, row.quartile_high), number(row.highest),
        ]
        for row in stated.table.itertuples()
    ]  # fmt: skip
    show_table(title, STATED_HEADINGS, rows)
    st.caption(f"Recorded incidents {period}.")
    offer_download(
        "Download this table (CSV)",
        lambda: stated.table,
        file_name(title, frame.filters),
        key=f"download-{title}",
    )


def _draw_response(answer: ResponseResult, period: str, frame: Frame) -> None:
    st.subheader("Community response and outcome", anchor=False)
    st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in response_sentences(answer)))
    rows = [
        [row.name, f"{row.nobody_taken:,}", f"{row.detained:,}", f"{row.outcome_unknown:,}", f"{row.of:,}"]
        for row in answer.table.itertuples()
    ]
    show_table("Community response against outcome", RESPONSE_HEADINGS, rows)
    st.caption(f"Recorded incidents {period}.")
    offer_download(
        "Download this table (CSV)",
        lambda: answer.table,
        file_name("community response and outcome", frame.filters),
        key="download-response",
    )
    if answer.can_tell():
        show_table(
            "Odds that nobody was taken, with a response against without one", COMPARISON_HEADINGS,
            [[each.label, *odds_in_words(each)] for each in answer.comparisons],
        )  # fmt: skip
    for note in answer.notes:
        st.caption(plain(note))


def _percent(share: float) -> str:
    return "–" if pd.isna(share) else f"{share:.0%}"


def _span(row) -> str:
    return "–" if pd.isna(row.low) else f"{row.low:.0%} and {row.high:.0%}"


main()
