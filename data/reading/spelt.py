"""Figures written as words, or with letters that look like them: 'oh seven seven nine', 'o77oo 9oo123', 'fourteen Rye Lane'."""

import re

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FIGURES = {
    **{word: str(number) for number, word in enumerate((*_UNITS, *_TEENS))},
    **{word: str(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **dict.fromkeys(("oh", "o", "nought", "naught", "nil"), "0"),
    "hundred": "00",
    "thousand": "000",
    "fourty": "40",
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_JOINT = r"[\s,.;:/_-]{1,3}"
_WORD = rf"(?:{'|'.join(sorted((*_FIGURES, *_TIMES), key=len, reverse=True))})"
# As many in a row say a number figure by figure; nobody counts people so.
LEAST_IN_A_ROW = 5
_IN_A_ROW = re.compile(
    rf"(?<![^\W_]){_WORD}(?:{_JOINT}{_WORD}){{{LEAST_IN_A_ROW - 1},}}(?![^\W_])", re.IGNORECASE
)
_SEVERAL = re.compile(rf"(?<![^\W_]){_WORD}(?:{_JOINT}(?:{_WORD}|\d+))+(?![^\W_])", re.IGNORECASE)
_AN_O = re.compile(
    r"(?<![^\W_])(?=[\s().-]*(?:[oO][\s().-]*)*\d)[\doO](?:[\s().+-]{0,3}[\doO]){8,14}(?![^\W_])"
)
_PIECE = re.compile(r"[^\W_]+")

_HOUSE_WORD = rf"(?:(?:{'|'.join(_TENS)}|fourty)(?:[\s-]*(?:{'|'.join(_UNITS[1:])}))?|{'|'.join((*_TEENS, *_UNITS[2:]))})"
_HOUSE = re.compile(
    rf"(?<![^\W_])(?:no\.?|number)?\s*({_HOUSE_WORD})\s*[a-d]?,?\s+(?=([^\W\d_]+))", re.IGNORECASE
)
# Behind a number these are part of a street's own name: "Seven Sisters Road" (any plural), "Three Colt Street".
_OF_A_STREET = re.compile(
    r"\w*s$|acre|foot|mile|penny|pound|hundred|thousand|tree|oak|elm|colt|mill|hour|day|man|men|women|people|other|storey|bell|"
    r"and|or|of|to|on|at|in|by|from|hill|lane|avenue|close|road|street",
    re.IGNORECASE,
)


def has_spelt_number(text: str) -> bool:
    """
    Whether a number is told figure by figure.

    >>> has_spelt_number("oh seven seven hundred nine hundred"), has_spelt_number("two or three officers")
    (True, False)
    """
    return bool(_IN_A_ROW.search(text))


def in_figures(text: str) -> str:
    """
    A text with figures where two or more words in a row tell them, a word tells a house's number, or an 'o' stands for 0.

    >>> in_figures("collar four two one"), in_figures("o77oo 9oo123"), in_figures("fourteen Rye Lane")
    ('collar 421', '07700 900123', '14 Rye Lane')
    """
    text = _AN_O.sub(lambda found: found[0].replace("o", "0").replace("O", "0"), text)
    text = _HOUSE.sub(_house, text)
    return _SEVERAL.sub(lambda found: _joined(found[0]), text)


def _joined(written: str) -> str:
    figures, times = [], 1
    for piece in _PIECE.findall(written.lower().replace("_", " ")):
        if piece in _TIMES:
            times = _TIMES[piece]
        else:
            figures.append(_FIGURES.get(piece, piece) * times)
            times = 1
    return "".join(figures)


def _house(found: re.Match) -> str:
    if _OF_A_STREET.fullmatch(found[2]) or found[2].lower() in _FIGURES:
        return found[0]
    tens, *units = re.split(r"[\s-]+", found[1].lower())
    number = int(_FIGURES.get(tens, "0")) + sum(int(_FIGURES[unit]) for unit in units)
    return f"{number} "
