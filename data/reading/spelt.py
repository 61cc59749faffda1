"""Text made plain, and numbers in words or in look-alike letters as figures."""

import re
import unicodedata

# A message is short; what stands farther back is another one.
LONGEST_MESSAGE = 10_000

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"}
)
# "Sat. 14/11" and "14 Nov. 2025" are one day each; their dot ends no sentence.
_DAY_CUT_SHORT = re.compile(
    r"\b(?P<name>(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat|Sun)(?=\.\s+(?:the )?\d{1,2}(?:st|nd|rd|th|/|\s+[A-Z][a-z]{2}))"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?=\.\s+(?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\d\d\b))\."
)


def clean(text: str) -> str:
    """The text in plain letters; emoji and invisible letters become blanks or go, line ends stay."""
    cut = unicodedata.normalize("NFKC", text[:LONGEST_MESSAGE]).translate(_QUOTES)
    kept = []
    for letter in cut:
        category = unicodedata.category(letter)
        if category in ("Cf", "Mn", "Me"):
            continue
        if letter in "\n\r\u2028\u2029\x0b\x0c\x85":
            kept.append("\n")
        elif category[0] in "ZC" or category in ("So", "Sk"):
            kept.append(" ")
        else:
            kept.append(letter)
    plain = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", "".join(kept), flags=re.IGNORECASE)
    # The dot of "c. 6am" ends no sentence.
    plain = re.sub(r"\b(?:c|ca|approx)\.\s*(?=\d)", "about ", plain, flags=re.IGNORECASE)
    return _DAY_CUT_SHORT.sub(r"\g<name>", re.sub(r"[ \t]+", " ", plain))


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
# Words that count, each by itself; those after which another may follow ("two dozen", "twenty five") are not the last.
_COUNTS = {
    **{word: number for number, word in enumerate((*_UNITS, *_TEENS))},
    **dict(zip(_TENS, range(20, 100, 10), strict=True)),
    "fourty": 40,
    "nil": 0,
    "a": 1,
    "an": 1,
    "single": 1,
}
_GROUPS = {"couple": 2, "pair": 2, "dozen": 12, "score": 20, "hundred": 100, "thousand": 1000}
_ANY_COUNT = "|".join(sorted((word for word in _COUNTS if len(word) > 2), key=len, reverse=True))
_SMALL = rf"(?:(?:{'|'.join((*_TENS, 'fourty'))})[ -](?:{'|'.join(_UNITS[1:])})|{_ANY_COUNT})"
_OF_GROUPS = rf"(?:(?:half an?|an?|{_SMALL}) )?(?:{'|'.join(_GROUPS)})(?: of(?= [a-z]))?"
# A number in words, as a pattern for longer texts; an article alone is none.
SPELT = rf"(?:{_OF_GROUPS}(?:,? and {_SMALL})?|{_SMALL})"
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
    r"(?<![^\W_])(?=(?:[oO][\s().+-]{0,3}){0,14}\d)[\doO](?:[\s().+-]{0,3}[\doO]){8,14}(?![^\W_])"
)
_PIECE = re.compile(r"[^\W_]+")

_HOUSE_WORD = rf"(?:(?:{'|'.join(_TENS)}|fourty)(?:[\s-]*(?:{'|'.join(_UNITS[1:])}))?|{'|'.join((*_TEENS, *_UNITS[2:]))})"
_HOUSE = re.compile(
    rf"(?<![^\W_])(?:(?:no\.?|number)\s*)?({_HOUSE_WORD})\s*[a-d]?,?\s+(?=([^\W\d_]+))", re.IGNORECASE
)
# Behind a number these are part of a street's own name: "Seven Sisters Road" (any plural), "Three Colt Street".
_OF_A_STREET = re.compile(
    r"\w*s$|acre|foot|mile|penny|pound|hundred|thousand|tree|oak|elm|colt|mill|hour|day|man|men|women|people|other|storey|bell|"
    r"and|or|of|to|on|at|in|by|from|hill|lane|avenue|close|road|street",
    re.IGNORECASE,
)


def spelt_number(text: str) -> int | None:
    """
    The number that words say, in small letters; None where they say none.

    >>> spelt_number("twenty-five"), spelt_number("half a dozen"), spelt_number("two hundred and fifty"), spelt_number("few")
    (25, 6, 250, None)
    """
    total = small = last = 0
    if text == "a single":
        return 1
    pieces = text.replace("-", " ").removesuffix(" of").split()
    if not pieces or pieces[0] in ("and", "of") or pieces[-1] in ("and", "half"):
        return None
    is_half = pieces[0] == "half"
    if is_half and not (len(pieces) == 3 and pieces[1] in ("a", "an") and pieces[2] in _GROUPS):
        return None
    for position, piece in enumerate(pieces[1:] if is_half else pieces):
        if piece in _GROUPS:
            if last >= 100 or (position and not small):
                return None
            total += (small or 1) * _GROUPS[piece]
            small, last = 0, _GROUPS[piece]
        elif piece in _COUNTS and (
            not small or (small in range(20, 100, 10) and _COUNTS[piece] in range(1, 10))
        ):
            if small and piece in ("a", "an", "single"):
                return None
            small += _COUNTS[piece]
            if not small and len(pieces) > 1:
                return None
        elif piece not in ("and", "of") or not total:
            return None
    return (total + small) // (2 if is_half else 1)


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
