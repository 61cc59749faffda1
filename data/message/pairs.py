"""Lines such as "Police: no" or "Detained = 2", read as a key and its value, and cut out of the text that sentences are read from."""

import re
from typing import NamedTuple

from data.reading.phrases import NUMBER, expand
from data.reading.told_numbers import people_in

KIND = expand("{kind}")

# Key as written -> field; the longest first.
_KEYS = (
    ("people_detained", r"(?:(?:people|persons?|number|no\.?) (?:of )?)?(?:people )?(?:detained|detentions?|arrested|arrests?|taken)"),
    ("people_released", r"(?:(?:people|persons?|number) )?(?:released|let go|freed|de-?arrested)"),
    ("crowd_size", r"crowd(?: size)?|people gathered|protesters|demonstrators"),
    ("police_present", r"(?:any )?(?:police|cops)(?: present| there| presence| involved| in attendance)?"),
    ("community_response", r"(?:any )?(?:community |people'?s? |local )?(?:response|resistance)|protests?"),
)  # fmt: skip
_NUMBERS = ("people_detained", "people_released", "crowd_size")
_KEY = "|".join(f"(?P<{field}>{words})" for field, words in _KEYS)
_ANY_KEY = "|".join(words for _, words in _KEYS)
_NOBODY = r"(?:none|nobody|no-?\s?one|nil|zero|0)\b(?! or | to |-\d)[^.,;\n]*|(?:no|nope|n|not any)"
_NOT = (
    r"(?:none|nobody|nil|zero|0|not?|nope|n|never|absent|(?:did|was|were|is|are|do|does)(?: not|n'?t))\b"
    r"(?! (?:arrests?|detentions?|more than|fewer than|less than)\b)[^.,;\n]*"
)
_NOT_KNOWN = r"(?:unknown|not (?:known|sure|stated|clear)|no (?:idea|info\w*)|unsure|don'?t know|n/a|tbc|\?+)"
_YES = r"(?:yes|yep|yeah|y|present|there)"
# A value ends with its clause, its line, or where the next key begins.
_END = rf"(?=\s*(?:[.,;|)*_\n]|$)|\s+(?:{_ANY_KEY})\s*[:=])"
_PAIR = re.compile(
    rf"(?:(?P<begins>(?:^|(?<=[.,;|\n]))[ \t]*(?:[*_•·-]\s*)?)|\b)(?:{_KEY})[*_]?\s*(?:[:=]|(?P<dash>-))[*_]?[ \t]*"
    rf"(?:(?P<unknown>{_NOT_KNOWN}){_END}|(?P<yes>{_YES}){_END}|(?P<number>{NUMBER})(?:\s+{KIND})?{_END}"
    rf"|(?P<nobody>{_NOBODY}){_END}|(?P<denied>{_NOT}){_END})",
    re.IGNORECASE | re.MULTILINE,
)


class Pairs(NamedTuple):
    """
    What keys and values say, by the fields of the draft: numbers of people, 'yes' or 'no'.

    A key with two different values has both.
    """

    detained: frozenset[int] = frozenset()
    released: frozenset[int] = frozenset()
    crowd: frozenset[int] = frozenset()
    police: frozenset[str] = frozenset()
    response: frozenset[str] = frozenset()


def split_pairs(text: str) -> tuple[str, Pairs]:
    """The text without its keys and values, and what they say."""
    found: dict[str, set] = {field: set() for field, _ in _KEYS}

    def take(match: re.Match) -> str:
        # "Two arrested - 3 vans" is no pair; a dash needs its key to begin the clause.
        if match["dash"] and match["begins"] is None:
            return match[0]
        field = next(field for field, _ in _KEYS if match[field])
        if match["unknown"]:
            return "\n"
        value = _number(match, field) if field in _NUMBERS else _answer(match)
        if value is None:
            return match[0]
        if field == "crowd_size" and value == "yes":
            field = "community_response"
        found[field].add(value)
        return "\n"

    rest = _PAIR.sub(take, text)
    return rest, Pairs(*(frozenset(values) for values in found.values()))


def _number(match: re.Match, field: str) -> int | str | None:
    if match["yes"]:
        return "yes" if field == "crowd_size" else None
    if match["number"]:
        return people_in(match["number"], field)
    # "Detained: not far from here" is not a number.
    return 0 if match["nobody"] else None


def _answer(match: re.Match) -> str:
    if match["number"]:
        return "no" if people_in(match["number"], "crowd_size") == 0 else "yes"
    return "yes" if match["yes"] else "no"
