"""Text from a file or a record, made harmless where Streamlit would read it as Markdown."""

import re

# Everything that starts a link, a picture, emphasis, a formula, a directive or a tag.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str) -> str:
    """
    The text as Markdown that shows just the text.

    A picture written into a heading of somebody's spreadsheet would otherwise be fetched from outside.

    >>> plain("![x](http://example.org/x.png)")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\://example\\\\.org/x\\\\.png\\\\)'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
