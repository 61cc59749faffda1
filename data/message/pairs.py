"""Lines such as "Police: no" or "Detained = 2", read as a key and its value, and cut out of the text that sentences are read from."""

import re
from typing import NamedTuple

from data.reading.answers import is_in_doubt, split_answer
from data.reading.lists import YES_NO_FIELDS
from data.reading.phrases import NUMBER, expand, pattern
from data.reading.told_numbers import people_in
from data.reading.words import value_of
from data.schema import UNKNOWN

KIND = expand("{kind}")

# Key as written -> field; the longest first.
_KEYS = (
    ("people_detained", r"(?:(?:people|persons?|number|no\.?) (?:of )?)?(?:people )?(?:detained|detentions?|arrested|arrests?|taken)"),
    ("people_released", r"(?:(?:people|persons?|number) )?(?:released|let go|freed|de-?arrested)"),
    ("crowd_size", r"crowd(?: size)?|people gathered|protesters|demonstrators"),
    ("police_present", r"(?:any )?(?:police|cops)(?: present| there| presence| involved| in attendance)?"),
    ("community_response", r"(?:any )?(?:community |people'?s? |local )?(?:response|resistance)|protests?"),
    ("setting", r"setting|(?:type|kind) of (?:place|premises|address|venue)|premises|venue(?: type)?|place type"),
    ("outcome", r"outcome|result|what happened|how (?:did )?it end(?:ed)?"),
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
_NEXT_KEY = rf"\s+(?:{_ANY_KEY})\s*[:=]"
_END = rf"(?=\s*(?:[.,;|)*_\n]|$)|{_NEXT_KEY})"
# More of the same number, which is read with it: "2, then another 1", "yes, about 20".
_NO_MORE = r"(?!\s*[,(-]?\s*(?:and |then |later )*(?:another|plus|\+|about|around|\d+ (?:more|others)|not sure|i think|maybe|probably|\d+ later)\b)"
_PAIR = re.compile(
    rf"(?:(?P<begins>(?:^|(?<=[.,;|\n]))[ \t]*(?:[*_•·-]\s*)?)|\b)(?:{_KEY})[*_]?\s*(?:[:=]|(?P<dash>-))[*_]?[ \t]*"
    rf"(?P<value>(?P<unknown>{_NOT_KNOWN}){_END}|(?P<yes>{_YES}){_END}{_NO_MORE}"
    rf"|(?P<number>{NUMBER})(?:\s+{KIND})?{_END}{_NO_MORE}|(?P<nobody>{_NOBODY}){_END}|(?P<denied>{_NOT}){_END}"
    rf"|(?P<free>[^.;|\n]{{1,120}}?)(?=\s*(?:[.;|\n]|$)|{_NEXT_KEY}))",
    re.IGNORECASE | re.MULTILINE,
)


class Pairs(NamedTuple):
    """
    What keys and values say, by the fields of the draft: numbers of people, 'yes' or 'no', words of closed lists.

    A key with two different values has both.
    """

    detained: frozenset[int] = frozenset()
    released: frozenset[int] = frozenset()
    crowd: frozenset[int] = frozenset()
    police: frozenset[str] = frozenset()
    response: frozenset[str] = frozenset()
    setting: frozenset[str] = frozenset()
    outcome: frozenset[str] = frozenset()


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
        value = _number(match, field) if field in _NUMBERS else _word(match, field)
        if value == UNKNOWN:
            return "\n"
        if value is None:
            # "Police: no arrests made" tells of police; "Response: 30 checked" tells of none.
            is_told = field == "community_response" or (
                field == "police_present" and pattern("police").search(match["value"])
            )
            return f"\n{match['value']}" if is_told else match[0]
        if field == "people_detained" and value == "yes":
            return _SOME_TAKEN
        if field == "crowd_size" and value == "yes":
            field = "community_response"
        found[field].add(value)
        # What is said of the outcome may hold a number too.
        return f"\n{match['value']}\n" if field == "outcome" else "\n"

    rest = _PAIR.sub(take, text)
    return rest, Pairs(*(frozenset(values) for values in found.values()))


_A_NUMBER = re.compile(NUMBER, re.IGNORECASE)
# A yes behind "Detained:", as a sentence says it.
_SOME_TAKEN = "\npeople were taken\n"


def _number(match: re.Match, field: str) -> int | str | None:
    if match["number"]:
        return people_in(match["number"], field)
    if match["nobody"]:
        return 0
    # "Detained: not far from here" is not a number.
    number = people_in(match["value"], field)
    if number is None and field != "people_released" and split_answer(match["value"])[0] == "yes":
        return "yes"
    return number


def _word(match: re.Match, field: str) -> str | None:
    value = value_of(field, match["value"])
    if value or field not in YES_NO_FIELDS or split_answer(match["value"])[0]:
        return value
    if is_in_doubt(match["value"]):
        return UNKNOWN
    if match["free"]:
        # "Police: two vans of them" says that they were there.
        return "yes" if field == "police_present" and _A_NUMBER.match(match["value"]) else None
    if match["number"]:
        return "no" if people_in(match["number"], "crowd_size") == 0 else "yes"
    return "yes" if match["yes"] else "no"
