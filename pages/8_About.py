import os
from html import escape

import streamlit as st

from analysis.words import day_in_words
from data.geography.bundled import read_sources
from data.imports.sources import Source, list_incident_pages, list_sources
from data.schema import INCIDENTS, labels
from pages.shared.frame.page import page
from pages.shared.limits import LIMITS
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

PURPOSE = (
    "This dashboard looks back on past immigration raids, so that local groups can see where raids have happened, how they "
    "ended, and where know-your-rights leaflets are needed. It is never a live tracker. It runs on this machine; no outside "
    "host learns what is looked at."
)
LICENCE = (
    "This dashboard is free software under the GNU Affero General Public License, version 3 or any later version: you may "
    "use, study, change and share it, also changed, and everybody who uses a copy over a network may have its source. It comes "
    "without any warranty. The data keep their own licences, listed below."
)
# Where the source of this copy is to be had, in the words of whoever runs it: an address, or whom to ask.
SOURCE_OF_THIS_COPY = "RAIDS_SOURCE"
ASK = "ask whoever runs it for you; on your own machine it is the folder from which it was started"
METHOD = {
    "Two kinds of record": "Official visits are what the Home Office reports that it did. Recorded incidents are what "
    "groups and public pages saw. They answer different questions and are never added up.",
    "Ranges": "An official number that is withheld as “<5” counts as 1 to 4. Sums keep both ends.",
    "Boroughs from postcode districts": "Official answers count by postcode district. A district that lies in several boroughs is "
    "shared out by the share of its live postcodes in each.",
    "Rates": "Per 1,000 usual residents (Census 2021) and per year, for the residents and days that the figures cover. Below "
    "boroughs, residents are shared out by live postcodes. Fewer than 1,000 residents: no rate.",
    "Ranks": "A count is one draw from a chance process. “Between 3rd and 7th” is where the rank lies nine times in ten when "
    "that chance is drawn again many times.",
    "Shares": "With the 95 % Wilson interval, beside the share in all London.",
    "Colours": "The classes of the map are fixed, whatever is filtered, so that two maps compare.",
    "Places": "A full postcode or a point is turned into a locality of at least 100 postcodes while importing, and dropped. "
    "Nothing finer of an incident is stored, drawn or exported. Leaflet walks hold postcodes, which say nothing of raids.",
    "Dates": "An incident is inside the chosen dates if all of the time in which it may have happened is. One known only as "
    "“2022” is not counted in June 2022, and the page says how many are left out for that reason.",
    "Hours": "An incident known only as a part of the day is shared out over its hours and counts as one. One of which no more "
    "than the day is known stands in no hour.",
    "Hot spots": "Only an area that, with its neighbours, has a higher smoothed rate than chance would give it (Gi*, corrected for "
    "the number of areas tested). A dark colour is not a hot spot.",
    "Change": "Rate ratios with a 95 % interval, for the time that figures cover; steps are found by themselves and dated; the "
    "words for trends are defined beside the table.",
    "Heard of": "Recorded incidents among the official visits of the same place and time: what the network hears of, never a rate "
    "of raids.",
    "Which areas first": "A weighted mean of parts that can be seen and changed; ranks allow for chance in the counts.",
    "Leaflet walks": "Doors are estimated from live postcodes and corrected by the sheets that come back.",
}


def main() -> None:
    """Draw the page."""
    with page("About these records"):
        st.html(f'<p class="said">{escape(PURPOSE)}</p>')
        _draw_list("What the data cannot show", LIMITS)
        st.subheader("Method in short", anchor=False)
        st.html(
            "<dl class='method'>"
            + "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in METHOD.items())
            + "</dl>"
        )
        st.caption(
            "docs/METHODS.md says for each figure how it is worked out, from what, and when it misleads."
        )
        _draw_words()
        _draw_licence()
        _draw_sources()
        _draw_incident_pages()


def _draw_list(title: str, texts) -> None:
    st.subheader(title, anchor=False)
    st.html("<ul class='said'>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>")


def _draw_words() -> None:
    st.subheader("What the words mean", anchor=False)
    with st.expander("Show the list"):
        show_table(
            "Every word that a record can hold, and what it means",
            [Heading("What"), Heading("Word"), Heading("Meaning")],
            [
                [column.meaning[0].upper() + column.meaning[1:], label, column.values[name].meaning]
                for column in INCIDENTS.columns
                for name, label in labels(column.values).items()
            ],
            height_pixels=480,
        )


def _draw_licence() -> None:
    st.subheader("Licence", anchor=False)
    source = os.environ.get(SOURCE_OF_THIS_COPY, "").strip() or ASK
    st.html(
        f"<p class='said'>{escape(LICENCE)}</p><p class='said'>The source of this copy: {escape(source)}.</p>"
    )


def _draw_sources() -> None:
    st.subheader("Sources, licences and dates", anchor=False)
    sources = [source for source in list_sources() if source.file]
    headings = [Heading("What"), Heading("Source"), Heading("Licence"), Heading("Data as of")]
    show_table("Figures and incidents", headings, [_source_row(source) for source in sources])
    geography = read_sources()
    show_table(
        "Outlines, postcodes and place names",
        [Heading("File"), Heading("Source"), Heading("Versions"), Heading("Licence")],
        geography[["file", "source", "versions", "licence"]].to_numpy().tolist(),
    )
    for attribution in dict.fromkeys(geography["attribution"]):
        st.caption(plain(attribution))


def _source_row(source: Source) -> list[str]:
    return [source.title, source.source, source.licence, day_in_words(source.as_of) if source.as_of else "–"]


def _draw_incident_pages() -> None:
    pages = list_incident_pages().to_pylist()
    st.subheader("Pages that report the incidents", anchor=False)
    st.caption(
        f"{len(pages)} public pages, by date. The addresses are written out and are not links: opening one tells its "
        "publisher, and whoever watches the line, what you read."
    )
    with st.expander("Show the list"):
        show_table(
            "Pages that report the incidents which came with this dashboard",
            [Heading("Date"), Heading("Kind"), Heading("Address", "address")],
            [[entry["source_date"] or "–", entry["source_kind"], entry["source_url"]] for entry in pages],
            height_pixels=480,
        )


main()
