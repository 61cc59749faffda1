"""What a value means stands beside every control that chooses it, and on the About page."""

import os
from html import escape

from data.schema import INCIDENTS, labels
from pages.shared.plain import meanings
from tests.pages.conftest import html, open_page

LOGGED = {"outcome", "setting", "police_present", "community_response"}
FILTERED = {"outcome", "setting", "source_kind", "confidence"}
KINDS = ("multiselect", "selectbox", "button_group")


def controls(app):
    """The names that each control of a page offers, with its help."""
    for kind in KINDS:
        for element in app.get(kind):
            proto = element.proto
            options = [getattr(option, "content", option) for option in proto.options]
            yield [str(option) for option in options], proto.help


def explained(app) -> set[str]:
    """The columns of an incident whose values a page offers; each must have its meanings beside it."""
    found = set()
    for options, help in controls(app):
        for column in INCIDENTS.columns:
            if column.values and options == list(labels(column.values).values()):
                if help == meanings(column.values):
                    found.add(column.name)
                else:
                    # Lists with the same words, such as yes, no and not known, have meanings of their own.
                    assert any(help == meanings(other.values) for other in INCIDENTS.columns if other.values)
    return found


def test_every_choice_of_the_log_form_and_the_filters_says_what_its_values_mean():
    assert explained(open_page("pages/6_Records.py")) == LOGGED
    assert explained(open_page("pages/2_When.py")) == FILTERED


def test_the_choice_of_an_outcome_says_what_each_means():
    helps = [help for options, help in controls(open_page("pages/3_Outcomes.py")) if "Prevented" in options]
    assert len(helps) >= 1
    assert all("- **Prevented**: the raid was stopped before anybody was held" in help for help in helps)


def test_about_lists_every_word_with_its_meaning_and_says_where_the_source_is(monkeypatch):
    monkeypatch.setitem(os.environ, "RAIDS_SOURCE", "ask <Ana> at the Tuesday meeting")
    said = "\n".join(html(open_page("pages/8_About.py")))
    for column in INCIDENTS.columns:
        for value in column.values.values():
            assert escape(value.meaning) in said
    assert "GNU Affero General Public License" in said
    assert "The source of this copy: ask &lt;Ana&gt; at the Tuesday meeting." in said
