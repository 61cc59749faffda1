"""
What people say of a raid, as patterns: the phrases of `phrases.toml`, with the lists that they name put in.

A phrase stands there once, with an example that a test reads. This module knows nothing of what the phrases mean.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from data.reading.spelt import SPELT

FILE = Path(__file__).parent / "phrases.toml"

# Words before a number that do not make it another one.
BEFORE_NUMBER = (
    r"(?:about|around|approx(?:imately)?\.?|roughly|some|nearly|almost|over|more than|at least|well over|just over|up to"
    r"|under|fewer than|less than|maybe|c\.|~|>|<)"
)
ONE_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{SPELT})"
# A number as people write it, with what stands around it: "at least 80+", "3 or 4", "10-15".
NUMBER = (
    rf"(?:{BEFORE_NUMBER}\s*)*(?<![\w.:/£#-]){ONE_NUMBER}(?:\s?(?:-|to|or)\s?{ONE_NUMBER})?"
    r"(?![\w:/%]|[.,]\d)\+?(?: or so| plus)?"
)
_LIST = re.compile(r"\{([a-z_]+)\}")


@cache
def read_phrases(file: Path = FILE) -> dict:
    """The file as it is: group -> phrase -> example, beside `lists` and `settings`."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def expand(phrase: str) -> str:
    """A phrase as a pattern, with the words of the lists that it names and the numbers put in."""
    return _LIST.sub(lambda found: _words_of(found[1]), phrase)


@cache
def _words_of(name: str) -> str:
    if name == "n":
        return f"(?P<number>{NUMBER})"
    if name == "n_or_one":
        return rf"(?P<number>{NUMBER}|\ban?(?= (?:\w+ )?{_words_of('a_person')}\b))"
    if name == "n_or_both":
        return rf"(?P<number>{NUMBER}|\bboth)"
    return f"(?:{'|'.join(read_phrases()['lists'][name])})"


@cache
def pattern(group: str) -> re.Pattern:
    """Any phrase of a group, as whole words."""
    return whole_words(*read_phrases()[group])


def whole_words(*phrases: str) -> re.Pattern:
    """Any of some phrases, as whole words; the first that fits is taken."""
    return re.compile(rf"\b(?:{'|'.join(map(expand, phrases))})\b", re.IGNORECASE)


@cache
def each(group: str) -> tuple[re.Pattern, ...]:
    """The phrases of a group one by one, in order."""
    return tuple(re.compile(expand(phrase), re.IGNORECASE) for phrase in read_phrases()[group])


@cache
def any_of(group: str, start: str = "", end: str = "") -> re.Pattern:
    """Any phrase of a group, with what stands around it; its words need not be whole."""
    return re.compile(rf"{start}(?:{'|'.join(map(expand, read_phrases()[group]))}){end}", re.IGNORECASE)


@cache
def right_before(group: str, between: str = "") -> re.Pattern:
    """Any phrase of a group where a text ends with it, and with what may stand `between`."""
    return re.compile(rf"(?:{'|'.join(map(expand, read_phrases()[group]))}){between}$", re.IGNORECASE)


@cache
def settings() -> tuple[tuple[str, re.Pattern], ...]:
    """Kind of place and the words for it, in the order in which they are looked for; '' for words that are none."""
    return tuple((group["value"], whole_words(*group["phrases"])) for group in read_phrases()["settings"])
