"""The legend of a map: its classes are fixed, so two maps of different dates compare."""

from collections.abc import Sequence
from html import escape

from pages.shared.colours import Colours


def legend_html(
    title: str, labels: Sequence[str], ramp: Sequence[str], colours: Colours, gap: str = ""
) -> str:
    """A legend as HTML: one swatch per class, and the hatched one if `gap` says what it means."""
    items = [
        f'<li><span class="swatch" style="background:{colour}"></span>{escape(label)}</li>'
        for label, colour in zip(labels, ramp, strict=True)
    ]
    if gap:
        stripes = (
            f"repeating-linear-gradient(45deg,{colours.no_figures} 0 3px,{colours.no_figures_line} 3px 5px)"
        )
        items.append(f'<li><span class="swatch" style="background:{stripes}"></span>{escape(gap)}</li>')
    return f'<div class="legend"><p>{escape(title)}</p><ul>{"".join(items)}</ul></div>'


def density_legend_html(title: str, colours: Colours) -> str:
    """The legend of a density map: a band from thin to thick."""
    band = ",".join(colours.ramp)
    return (
        f'<div class="legend"><p>{escape(title)}</p><ul><li>fewer</li>'
        f'<li><span class="swatch" style="width:8rem;background:linear-gradient(90deg,{band})"></span></li>'
        "<li>more</li></ul></div>"
    )
