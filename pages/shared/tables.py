"""Tables that the keyboard and a screen reader can reach; Streamlit's own data frame is a picture to both."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st


@dataclass(frozen=True)
class Heading:
    """A column's heading and how its cells look: 'number' stands to the right, 'short' never breaks, 'address' may break anywhere."""

    text: str
    looks: str = ""


def table_html(
    caption: str, headings: Sequence[Heading], rows: Sequence[Sequence[str]], chosen: int | None = None
) -> str:
    """
    A table as HTML, every text escaped; the first cell of a row is its heading.

    `chosen` is the number of the row to be marked, from 0.
    """
    head = "".join(f'<th scope="col"{_looks(heading)}>{escape(heading.text)}</th>' for heading in headings)
    body = "".join(_row(headings, row, number == chosen) for number, row in enumerate(rows))
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def show_table(
    caption: str,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[str]],
    chosen: int | None = None,
    height_pixels: int | None = None,
) -> None:
    """Draw a table; one higher than `height_pixels` scrolls inside its frame, also with the arrow keys."""
    height = f' style="max-height: {height_pixels}px"' if height_pixels else ""
    st.html(
        f'<div class="table" role="region" tabindex="0" aria-label="{escape(caption)}"{height}>'
        f"{table_html(caption, headings, rows, chosen)}</div>"
    )


def _row(headings: Sequence[Heading], row: Sequence[str], is_chosen: bool) -> str:
    first, *others = zip(headings, row, strict=True)
    cells = f'<th scope="row"{_looks(first[0])}>{escape(first[1])}</th>'
    cells += "".join(f"<td{_looks(heading)}>{escape(text)}</td>" for heading, text in others)
    return f'<tr class="chosen" aria-current="true">{cells}</tr>' if is_chosen else f"<tr>{cells}</tr>"


def _looks(heading: Heading) -> str:
    return f' class="{heading.looks}"' if heading.looks else ""
