"""Markdown for Streamlit: text from a file or a record made harmless, and the meanings beside a choice."""

import re
from collections.abc import Collection

from data.schema import ClosedList, labels

# Everything that starts a link, a picture, emphasis, a formula, a directive or a tag.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
# What is made a link, an icon or a picture after the marks have been read, so that no backslash helps: the beginning of an
# address, an e-mail's @, and a word between colons.
_READ_LATER = re.compile(r"(?<=\w)(?=://)|(?<=www)(?=\.)|(?<=\S)(?=@\S)|(?<=:)(?=[^\s:]+:)", re.IGNORECASE)
# Keeps two letters together and is not seen; a line does not break there either.
_JOINER = "\u2060"
# Turn round the order of the letters that follow, beyond the text's own end.
_TURNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """
    The text as Markdown that shows just the text.

    A picture written into a heading of somebody's spreadsheet would otherwise be fetched from outside, and an address would be
    a link.

    >>> plain("![x](x.png)")
    '\\\\!\\\\[x\\\\]\\\\(x\\\\.png\\\\)'
    """
    words = " ".join(_TURNS.sub("", text).split())
    return _SPECIAL.sub(r"\\\1", _READ_LATER.sub(_JOINER, words))


def meanings(values: ClosedList, only: Collection[str] = ()) -> str:
    """
    The help of a control: one line for each value, or for those of `only`, as Markdown.

    >>> from data.schema import CONFIDENCE_VALUES
    >>> meanings(CONFIDENCE_VALUES, only=["high"])
    '- **High**: seen by somebody of the group, or told by two who do not know of each other'
    """
    return "\n".join(
        f"- **{label}**: {values[name].meaning}"
        for name, label in labels(values).items()
        if not only or name in only
    )
