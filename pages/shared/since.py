"""The band that says what is known officially since the figures by district end."""

from html import escape

import streamlit as st

from analysis.trends.since import KINDS, sentences, since
from analysis.words import period_in_words
from data import clock
from pages.shared.ask import Records, ask
from pages.shared.tables import Heading, show_table

HEADINGS = (
    Heading("Area"), Heading("Time"), Heading("What is counted"), Heading("Visits", "number"), Heading("Arrests", "number"),
    Heading("Source", "address"),
)  # fmt: skip


def draw_since(records: Records) -> None:
    """Draw it; nothing where the figures by district are those of today."""
    found = ask(records, since, clock.today())
    if found is None:
        return
    first, *others = sentences(found)
    st.subheader("Since then", anchor=False)
    st.html(
        f'<p class="finding">{escape(first)}</p>'
        + "".join(f'<p class="said">{escape(sentence)}</p>' for sentence in others)
    )
    with st.expander("All official totals since then, with their sources"):
        show_table(
            "Official totals since the figures by district end",
            HEADINGS,
            [
                (
                    row.area,
                    period_in_words(row.period_start.date(), row.period_end.date()),
                    KINDS[row.kind][1],
                    f"{row.visits:,}",
                    f"{row.arrests:,.0f}" if row.arrests == row.arrests else "not given",
                    f"{row.source_url} ({row.note})",
                )
                for row in found.totals.itertuples()
            ],
        )
