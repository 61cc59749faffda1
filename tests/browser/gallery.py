"""
Every kind of element through which the pages show a text, for each of the scripts at once.

With `?unsafe=on`, what a careless page would do instead: the tests must see its scripts run and its requests go out, or they
would see nothing on the others either.
"""

import html

import pandas as pd
import streamlit as st
from streamlit.components.v1 import html as frame

from pages.shared import view
from pages.shared.charts import charts, outcome_charts, trend_charts, when_charts
from pages.shared.colours import colours
from pages.shared.downloads import offer_download
from pages.shared.maps.choropleth import legend_html
from pages.shared.organise import groups
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table
from tests.browser.scripts import SCRIPTS

TITLE = "Every kind of element"


def main() -> None:
    """Draw everything."""
    st.set_page_config(page_title=TITLE, layout="wide")
    if st.query_params.get("unsafe"):
        _draw_unsafe()
    else:
        view.begin(TITLE)
        _draw_markdown()
        _draw_choices()
        _draw_html()
        _draw_charts()
    st.title(TITLE)


def _draw_unsafe() -> None:
    frames = (f'<iframe srcdoc="{html.escape(script)}"></iframe>' for script in SCRIPTS)
    frame("".join(frames), height=400)
    for script in SCRIPTS:
        st.caption(script)
        st.html(script)


def _draw_markdown() -> None:
    """Text that Streamlit reads as Markdown: labels, sentences, help."""
    say = (st.info, st.error, st.success, st.warning, st.write, st.header, st.subheader, st.title)
    for number, script in enumerate(SCRIPTS):
        text = plain(script)
        st.caption(text)
        say[number % len(say)](f"{text} and more")
        st.button(text, key=f"button-{number}", help=text)
        if number % 4 == 0:
            st.selectbox(text, [script], key=f"select-{number}")
    for script in SCRIPTS[::10]:
        st.progress(0.5, text=plain(script))
        st.toast(plain(script))
        with st.expander(plain(script)):
            st.code(script, language=None)
        offer_download(plain(script), lambda: pd.DataFrame(), "x.csv", key=f"download-{script}")


def _draw_choices() -> None:
    """Options, which Streamlit reads as Markdown in some kinds of choice and as text in others."""
    options = {str(number): script for number, script in enumerate(SCRIPTS)}
    st.multiselect("Many", list(options), default=list(options), format_func=options.get)
    st.pills("Pills", list(options), format_func=lambda name: plain(options[name]))
    view.choose(st.selectbox, "One", options, "one")
    st.text_input("Text", value=" ".join(SCRIPTS), placeholder=" ".join(SCRIPTS))


def _draw_html() -> None:
    """HTML of the pages' own."""
    headings = [Heading(script) for script in SCRIPTS]
    show_table(" ".join(SCRIPTS), headings, [SCRIPTS, SCRIPTS])
    shades = colours()
    st.html(legend_html(" ".join(SCRIPTS), SCRIPTS, [shades.none] * len(SCRIPTS), shades, SCRIPTS[0]))


def _draw_charts() -> None:
    """Labels, titles and words under the pointer; and the finding, which is what a screen reader says."""
    shades, n = colours(), len(SCRIPTS)
    shares = pd.DataFrame({"outcome": SCRIPTS, "name": SCRIPTS, "area_name": SCRIPTS, "quadrant": SCRIPTS})
    shares = shares.assign(n=1, of=2, said=SCRIPTS, area_n=1, visits=1.0, visits_low=1, visits_high=2)
    numbers = {"share": 0.5, "low": 0.2, "high": 0.8, "shrunk": 0.5, "beside_share": 0.5, "london_share": 0.5}
    numbers |= {"area_share": 0.5, "beside": 0.5, "rate_per_1000": 1.0, "rate_low": 1.0, "rate_high": 2.0}
    shares = shares.assign(**numbers, both_rank=1, is_partial=False, year=2020, setting=SCRIPTS)
    drawn = [
        outcome_charts.shares_by_group(shares, shades),
        charts.shares_beside_london(shares, "setting", shades),
        when_charts.shares_over(shares, "name", SCRIPTS[5], shades),
        groups._count_by_rate(shares.assign(visits=range(n), rate_per_1000=range(n)), shades),
    ]
    for number, chart in enumerate(drawn):
        charts.draw_chart(chart, " ".join(SCRIPTS[number::4]), "How to read it.")
    two = pd.concat([shares, shares.assign(year=2021)])
    trend_charts.draw_multiples(two, shades, " ".join(SCRIPTS))


main()
