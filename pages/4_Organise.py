from html import escape

import streamlit as st

from analysis.organise import words as words
from analysis.organise.coverage import MOST_NEW_GROUPS
from analysis.organise.priority import HEAVIEST, PARTS, PRESETS, PriorityResult, priority
from data import clock
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.colours import colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.menu import AREA, LEAFLET, lead_to, link_to
from pages.shared.frame.page import Frame, page
from pages.shared.maps.choropleth import LEVEL_NOUNS, legend_html, outlines_of
from pages.shared.maps.maps import AreaLayer, MapArea, coloured, draw_map, outlined
from pages.shared.organise.groups import draw_groups, draw_high_on_both, draw_new_groups
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

# Names in the address.
LEVEL, PRESET, NEW, NEXT = "level", "weigh", "new-groups", "next"
LEVELS = {"borough": "Boroughs", "district": "Postcode districts", "locality": "Localities"}
OWN = "own"
OPEN_LEAFLET = "open-leaflet"
PRESET_LABELS = {name: name.capitalize() for name in PRESETS} | {OWN: "My own weights"}
# Reasons are read; more of them are not.
REASONS_SHOWN = 8
TABLE_HEIGHT_PIXELS = 560


def main() -> None:
    """Draw the page."""
    with page("Where to organise") as frame:
        # Only a page that runs can lead to another; the click itself cannot.
        if OPEN_LEAFLET in st.session_state:
            lead_to(LEAFLET, areas=st.session_state.pop(OPEN_LEAFLET))
        with st.container(horizontal=True, gap="small"):
            level = view.choose(st.segmented_control, "By", LEVELS, LEVEL, required=True)
            preset = view.choose(st.segmented_control, "What counts", PRESET_LABELS, PRESET, required=True)
        weights = _draw_weights() if preset == OWN else PRESETS[preset]
        result = ask(frame, priority, frame.filters, level, weights, clock.today())
        _draw_priority(frame, result, level)
        st.subheader("Groups and the areas they cover", anchor=False)
        draw_groups(frame, level)
        st.subheader("Where new groups would cover most", anchor=False)
        counts = {str(k): str(k) for k in range(1, MOST_NEW_GROUPS + 1)}
        k = int(view.choose(st.selectbox, "How many new groups", counts, NEW, "3", width=180))
        draw_new_groups(frame, "borough" if level == "borough" else "district", k)
        st.subheader("Many visits and many per resident", anchor=False)
        draw_high_on_both(frame)


def _plan_walks(area: str) -> None:
    st.session_state[OPEN_LEAFLET] = area


def _draw_weights() -> dict[str, float]:
    st.caption("0: does not count. 5: counts most.")
    steps = {str(weight): str(weight) for weight in range(HEAVIEST + 1)}
    defaults = PRESETS[next(iter(PRESETS))]
    columns = st.columns(3)
    return {
        part: float(
            view.choose(
                columns[number % 3].select_slider, label, steps, f"weight-{part}", str(defaults[part])
            )
        )
        for number, (part, label) in enumerate(PARTS.items())
    }


def _draw_priority(frame: Frame, result: PriorityResult, level: str) -> None:
    if result.table.empty:
        st.info(plain(words.finding(result)))
        return
    st.html(f'<h4 class="finding">{escape(words.finding(result))}</h4>')
    left, right = st.columns([5, 4], gap="medium")
    with left:
        _draw_map(frame, result, level)
    with right:
        _draw_table(frame, result, level)
    reasons = words.with_reasons(result)["reason"].head(REASONS_SHOWN)
    st.html(f'<ol class="said">{"".join(f"<li>{escape(reason)}</li>" for reason in reasons)}</ol>')
    _draw_next(result, level)
    with st.expander("What would change this answer"):
        st.html(
            "".join(f'<p class="said">{escape(sentence)}</p>' for sentence in words.sentences(result)[1:])
        )
        show_table(
            "If one part did not count",
            [Heading("Left out"), Heading("First would be"), Heading("Of the first 5 stay", "number")],
            words.changes_cells(result),
        )
    for note in words.notes(result):
        st.caption(plain(note))


def _draw_next(result: PriorityResult, level: str) -> None:
    """Any area of the table, the first unless another is chosen: why it has its place, and on to its walks."""
    rows = {row["area_code"]: row for row in words.with_reasons(result).to_dict("records")}
    names = {code: row["area_name"] for code, row in rows.items()}
    chosen = rows[view.choose(st.selectbox, "Which area next (or click one on the map)", names, NEXT)]
    st.html(f'<p class="said">{escape(chosen["reason"])}</p>')
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Plan leaflet walks in {plain(chosen['area_name'])}",
            on_click=_plan_walks,
            args=(words.area_to_type(chosen, level),),
        )
        link_to(AREA, f"All about {plain(chosen['area_name'])}", area=chosen["area_code"])


def _choose_next(code: str) -> None:
    view.put(NEXT, code)


def _draw_map(frame: Frame, result: PriorityResult, level: str) -> None:
    shades, rows = colours(), result.table.to_dict("records")
    ramp = (shades.ramp[-1], shades.ramp[4], shades.ramp[2], shades.none)
    areas = {
        row["area_code"]: MapArea(number, words.lines_of(row, place, len(rows)))
        for place, (row, number) in enumerate(
            zip(rows, words.place_numbers(result.table), strict=True), start=1
        )
    }
    areas |= {
        row.area_code: MapArea(-1, (row.area_name, words.NOT_RANKED)) for row in result.unranked.itertuples()
    }
    chosen = view.current(NEXT, set(result.table["area_code"]), "")
    layers = [AreaLayer(outlines_of(frame, level), areas, coloured(shades, ramp), chosen=chosen)]
    boroughs = outlines_of(frame, "borough")
    if level != "borough":
        layers.append(AreaLayer(boroughs, {}, outlined(shades, weight=0.9), interactive=False))
    title = f"Where work is most urgent, by {LEVEL_NOUNS[level]}"
    draw_map(
        layers, f"organise-{level}", shades, f"Map of London: {title}. The table holds the same.",
        boroughs.around(frame.filters.boroughs), on_click=_choose_next,
    )  # fmt: skip
    st.html(legend_html(title, words.PLACES, ramp, shades, words.NOT_RANKED if len(result.unranked) else ""))


def _draw_table(frame: Frame, result: PriorityResult, level: str) -> None:
    noun = LEVEL_NOUNS[level]
    headings = [Heading(noun.capitalize()), *(Heading(text, "number") for text in words.HEADINGS)]
    rows = [words.cells_of(row) for row in result.table.to_dict("records")]
    codes = list(result.table["area_code"])
    chosen = view.current(NEXT, codes, "")
    show_table(
        f"{LEVELS[level]}, most urgent first",
        headings,
        rows,
        codes.index(chosen) if chosen else None,
        TABLE_HEIGHT_PIXELS,
    )
    st.caption(words.HOW_TO_READ)
    offer_download(
        "Download this table (CSV)",
        lambda: words.to_download(result),
        file_name(f"priority by {noun}", frame.filters),
        key="download-priority",
    )


main()
