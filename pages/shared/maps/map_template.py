"""
The language in which the layers of maps are written, with values in it that can be nothing but values.

Folium takes the script that a template gives for a template once more. A name of somebody's with `{{ … }}` in it would be
worked out there, on this machine and not in the browser, and could reach whatever Python reaches.
"""

import jinja2
from folium.template import Environment
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

# What begins an expression, a statement or a comment. In JSON a brace is followed by one of these inside a text only.
_BEGINNINGS = {"{{": "{\\u007b", "{%": "\\u007b%", "{#": "\\u007b#"}


def script_value(value) -> Markup:
    """
    A value as JavaScript: JSON with neither a tag nor the beginning of a template in it.

    >>> str(script_value({"name": "{{ 7 * 7 }}<b>"}))
    '{"name": "{\\\\u007b 7 * 7 }}\\\\u003cb\\\\u003e"}'
    """
    written = str(htmlsafe_json_dumps(value))
    for beginning, harmless in _BEGINNINGS.items():
        written = written.replace(beginning, harmless)
    return Markup(written)


class _Environment(Environment):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["tojson"] = script_value


class Template(jinja2.Template):
    """A template of a layer; `{{ value|tojson }}` puts in a value as `script_value` writes it."""

    environment_class = _Environment
