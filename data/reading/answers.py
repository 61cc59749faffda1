"""Yes and no as people write them, also with what they add: "Yes - 2 vans", "no, just immigration"."""

import re

from data.reading.headings import normalise
from data.reading.lists import read_lists

# "arrest?" asks; it reads as its word only where a mapping says so.
DOUBT = "?"
_TICKS = {"✓": "yes", "✔": "yes", "☑": "yes", "✅": "yes", "✗": "no", "✘": "no", "☒": "no", "❌": "no"}
# Words that answer, and behind which more may stand; a yes needs no sign between, a no does: "no idea" is none.
_LED = re.compile(
    r"(?:(?P<yes>yes|yeah|yep|yup|y|true)(?:\b|(?=[-,:;(]))\s*[-–—,:;.(/]*|(?P<no>no|nope|n|none|false)\s*[-–—,:;.(]+)\s*(?P<detail>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_SURE = re.compile(
    r"\b(?:not sure|unsure|don'?t know|dunno|think|maybe|perhaps|possibly|probably|unclear|unconfirmed|no idea|not certain"
    r"|can'?t (?:say|remember|tell)|unknown|not confirmed|apparently|reportedly|allegedly)\b|\?"
    r"|\byes\W+(?:(?:and|or)\W+)?no\b|\bno\W+(?:(?:and|or)\W+)?yes\b",
    re.IGNORECASE,
)
_BOTH = re.compile(r"^(?:or|and|/)?\s*(?:no|yes|n|y)\b", re.IGNORECASE)
_WORD_OF = {
    normalise(word): value
    for kind in ("words", "names")
    for value, words in read_lists(kind)["answer"].items()
    for word in (value, *words)
}
# The longest answer that is looked through; whatever is longer is prose.
LONGEST_ANSWER = 300


def untick(text: str) -> str:
    """A tick or a cross as the word for it."""
    return _TICKS.get(text.strip(), text)


def is_in_doubt(text: str) -> bool:
    """Whether an answer says itself that it is not certain."""
    return bool(_NOT_SURE.search(text))


def split_answer(text: str) -> tuple[str | None, str]:
    """
    'yes' or 'no', and what is added to it; None and '' where it is no clear answer.

    >>> split_answer("Yes - 2 vans"), split_answer("X"), split_answer("yes?"), split_answer("no idea")
    (('yes', '2 vans'), ('yes', ''), (None, ''), (None, ''))
    """
    plain = " ".join(untick(text).split())
    if len(plain) > LONGEST_ANSWER or is_in_doubt(plain):
        return None, ""
    if answer := _WORD_OF.get(normalise(plain)):
        return answer, ""
    led = _LED.match(plain)
    if not led or _BOTH.match(led["detail"]):
        return None, ""
    return "yes" if led["yes"] else "no", led["detail"].strip(" ()")
