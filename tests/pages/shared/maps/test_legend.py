from pages.shared.colours import DARK, LIGHT, spread
from pages.shared.maps.choropleth import legend_html


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_more_is_darker_on_a_light_page_and_brighter_on_a_dark_one():
    light = [luminance(colour) for colour in (LIGHT.none, *LIGHT.ramp)]
    dark = [luminance(colour) for colour in (DARK.none, *DARK.ramp)]
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def test_text_and_marks_stand_out_from_the_page():
    for colours in (LIGHT, DARK):
        assert contrast(colours.ink, colours.paper) >= 7
        assert contrast(colours.mark, colours.paper) >= 4.5
        assert contrast(colours.strong_line, colours.paper) >= 4.5
        assert contrast(colours.bar, colours.paper) >= 3


def test_every_class_has_its_own_colour_up_to_the_length_of_the_ramp():
    for n in range(1, len(LIGHT.ramp) + 1):
        assert len(set(spread(LIGHT.ramp, n))) == n


def test_the_legend_names_every_class_and_the_gap():
    legend = legend_html("Visits", ["up to 3", "over 3"], ["#fff", "#000"], LIGHT, "no <b>figures</b>")
    assert legend.count("swatch") == 3
    assert "no &lt;b&gt;figures&lt;/b&gt;" in legend
    assert "no figures" not in legend_html("Visits", ["up to 3"], ["#fff"], LIGHT)
