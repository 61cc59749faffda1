"""What one cell of an official return says: a figure, an area, a kind of address, a total."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from data.geography.bundled import read_pieces
from data.geography.names import authority_code
from data.reading.headings import normalise
from data.reading.words import LOOKUP

LONDON = "E09"  # how the codes of its 33 boroughs begin

WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
UK_POSTCODE_AREAS = frozenset(WORDS["postcode_areas"])
NUMBER_WORDS: dict[str, int] = WORDS["numbers"]
LARGEST_FIGURE = 10_000_000
MOST_DIGITS = 20  # more are no figure, and Python refuses to count thousands of them

_NUMBER = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.0+)?|\d+(?:\.0*)?")
_COUNT = r"(\d+|" + "|".join(NUMBER_WORDS) + r")"
_LESS = re.compile(rf"(?:<|&lt;|less than|fewer than|under|below)\s*{_COUNT}", re.IGNORECASE)
_AT_MOST = re.compile(rf"(?:<=|≤|up to)\s*{_COUNT}|{_COUNT}\s*or\s*(?:fewer|less)", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?:between\s*)?{_COUNT}\s*(?:-|to|and|or)\s*{_COUNT}", re.IGNORECASE)
# A mark that leads to a footnote, after a figure or a heading: "12*", "2019 (1)", "2019[2]", "2019 [note 1]", "2019²".
MARK = re.compile(
    r"\s*(\*+|†|‡|#|\[\s?(?:note\s?)?\w{1,2}\s?\]|\(\s?(?:\d|[a-dpr])\s?\)|[¹²³⁴⁵⁶⁷⁸⁹])$", re.IGNORECASE
)
_ZERO_WORDS = {"nil", "none", "zero", "no visits", "0 visits"}


# Stands where a text has lost a cell: neither a figure nor an area.
LOST = "?"


# The same few labels stand in thousands of cells. Bounded, so that no file's words pile up in memory.
_remembered = lru_cache(maxsize=4096)


class NotAFigureError(ValueError):
    """A cell that should hold a number of visits and does not; the message says what to do."""


@dataclass(frozen=True)
class Area:
    """A postcode district or a borough, as a return names it."""

    level: str
    code: str
    # Written in another way than its code: "e 1", "E01", "E1 (Whitechapel)", a borough's name.
    is_respelt: bool


def tidy(text: str) -> str:
    """A cell without odd spaces and with plain hyphens."""
    text = text.replace("\u200b", "").replace("\ufeff", "")
    return re.sub(r"[‐‑‒–—−]", "-", re.sub(r"\s+", " ", text)).strip()


def read_figure(text: str, symbols: Mapping[str, tuple[int, int] | None] | None = None) -> tuple[int, int]:
    """
    Fewest and most visits that a cell allows.

    Parameters
    ----------
    text
        The cell; blank and "-" are zero, "<5" is 1 to 4.
    symbols
        What the return's own notes say of signs such as "*" or "[c]": a range, or None for "withheld".

    Raises
    ------
    NotAFigureError
        The cell cannot be read as whole visits.
    """
    text = tidy(text)
    sign = text.lower()
    if symbols and sign in symbols:
        meaning = symbols[sign]
        if meaning is None:
            raise NotAFigureError("The return withholds this figure. Ask for it, or leave the row out.")
        return meaning
    if sign in ("", "-", "--") or sign in _ZERO_WORDS:
        return 0, 0
    if _NUMBER.fullmatch(text):
        return (_whole(text),) * 2
    described = read_range(text)
    if described:
        return described
    unmarked = MARK.sub("", text)
    if unmarked != text and unmarked and not re.search(r"\(\d\)$", text):
        return read_figure(unmarked, symbols)
    raise NotAFigureError(_why_not(text))


def read_range(text: str) -> tuple[int, int] | None:
    """'<5', 'fewer than five', '1-4', '5 or fewer' as fewest and most; None for anything else."""
    text = tidy(text).rstrip(".")
    if match := _LESS.fullmatch(text):
        most = _number_of(match[1]) - 1
        return (1, most) if most >= 1 else None
    if match := _AT_MOST.fullmatch(text):
        return 1, _number_of(match[1] or match[2])
    if match := _BETWEEN.fullmatch(text):
        low, high = _number_of(match[1]), _number_of(match[2])
        return (low, high) if low < high else None
    return None


@_remembered
def is_figure_like(text: str) -> bool:
    """Whether a cell looks as if it stands in a column of figures: a number, a range, a lone sign, or nearly so."""
    text = tidy(text)
    if not text:
        return False
    try:
        read_figure(text)
    except NotAFigureError:
        return bool(re.fullmatch(r"[-+£$]?[\d.,]+%?|\*+|\[\w\]|[:~.x]|\.\.|n/?a|c", text, re.IGNORECASE))
    return True


@_remembered
def read_area(text: str) -> Area | None:
    """The postcode district or London borough that a cell names, or None."""
    written = tidy(text)
    return _district(written) or _borough(written)


@cache
def districts_in_use() -> frozenset[str]:
    """London's postcode districts that have addresses."""
    return frozenset(read_pieces()["district"])


@_remembered
def read_postal_area(text: str) -> str | None:
    """'NW' of a group line such as "NW:", "NW postcodes" or "Total NW"; None for anything else."""
    words = [word for word in re.findall(r"[A-Za-z]+", text) if word.lower() not in _AROUND_POSTAL_AREA]
    if len(text) > 40 or re.search(r"\d", text) or len(words) != 1:
        return None
    letters = words[0]
    return letters if letters.isupper() and letters in UK_POSTCODE_AREAS else None


_AROUND_POSTAL_AREA = frozenset(WORDS["around_postal_area"])
_TOTAL_WORDS = frozenset(WORDS["total"]["words"])
_TOTAL_WORD = re.compile(r"\b(?:sub-?\s?)?totals?\b|\ball\b", re.IGNORECASE)
_AROUND_TYPE = re.compile(rf"{_TOTAL_WORD.pattern}|\bfor\b|\bof\b|[:()]|-\s*$|^\s*-", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_AROUND_TOTAL = frozenset(WORDS["total"]["around"])


@_remembered
def is_total(text: str) -> bool:
    """Whether a label names a total: "Year Total", "Grand Total", "E total", "All postcodes", "London"."""
    words = re.findall(r"[a-z0-9]+|[Σ∑]", text.lower().replace("σ", "∑"))
    if words in (["london"], ["greater", "london"]):
        return True
    if len(words) > 8 or not _TOTAL_WORDS & set(words):
        return False
    rest = [word for word in words if word not in _TOTAL_WORDS | _AROUND_TOTAL and not _YEAR.fullmatch(word)]
    return len(rest) <= 1 and all(word.upper() in UK_POSTCODE_AREAS for word in rest)


@_remembered
def type_of_total(text: str) -> str | None:
    """'Business' of a label such as "Business Total" or "Total for business"; None for anything else."""
    without = tidy(_AROUND_TYPE.sub(" ", text))
    return without if without != tidy(text) and _TOTAL_WORD.search(text) and read_setting(without) else None


@_remembered
def area_of_total(text: str) -> Area | None:
    """The district or borough of a label such as "N1 Total" or "Total for Camden"."""
    without = re.sub(r"\b(?:sub-?\s?)?totals?\b|\ball\b", " ", text, flags=re.IGNORECASE)
    if without == text:
        return None
    return read_area(tidy(re.sub(r"\bfor\b|:", " ", without)))


ADDRESS_TYPES = LOOKUP["setting"] | {
    normalise(word): setting for setting, words in WORDS["address_types"].items() for word in words
}


@_remembered
def read_setting(text: str) -> str | None:
    """The setting of a kind of address ("Restaurant/Takeaway"), 'all' for all of them; None if nobody knows it."""
    text = MARK.sub("", tidy(text)).rstrip(":")
    if not text or len(text) > 60:
        return None
    found = ADDRESS_TYPES.get(normalise(text))
    if found:
        return found
    parts = {
        ADDRESS_TYPES.get(normalise(part)) for part in re.split(r"[/,&]| and | or | - ", text) if part.strip()
    }
    return parts.pop() if len(parts) == 1 else None


def _whole(text: str) -> int:
    digits = re.sub(r"[, ]|\.0*$", "", text).lstrip("0") or "0"
    number = int(digits[:MOST_DIGITS])
    if number > LARGEST_FIGURE:
        raise NotAFigureError("More visits than can be. Correct the figure.")
    return number


def _number_of(text: str) -> int:
    return (
        NUMBER_WORDS[text.lower()]
        if text.lower() in NUMBER_WORDS
        else min(int(text[:MOST_DIGITS]), LARGEST_FIGURE)
    )


def _why_not(text: str) -> str:
    if text == LOST:
        return (
            "Not as many figures follow this area as the others. Write those that are missing, '-' for none."
        )
    if re.fullmatch(r"-\s?[\d., ]+", text):
        return "Fewer than no visits. Correct the figure."
    if re.fullmatch(r"\d[\d, ]*\.\d+", text):
        return "Not a whole number of visits. Correct the figure."
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*", text):
        return "A date where a number of visits belongs; a spreadsheet may have turned '1-4' into it. Write '<5'."
    if re.fullmatch(r"\*+|\[?[a-z]\]?|[:~.]|\.\.|n/?a", text, re.IGNORECASE):
        return "A sign that no note of the return explains. Say in a note what it means, or write the figure."
    return "Not a number of visits. Correct the figure, or write '<5' or '-'."


def _district(written: str) -> Area | None:
    text = re.sub(r"[:*†‡]+$|\s*\[\w{1,2}\]$", "", written).strip()
    text = re.sub(r"^(?:postcode|post code|district)\s+", "", text, flags=re.IGNORECASE)
    named = re.fullmatch(
        r"([A-Z]{1,2}\d{1,2}[A-Z]?)\s*(?:-\s*|\(|,\s*|:\s*|\s(?=[A-Z][a-z]))([A-Za-z]{3}[^\d]{0,40})", text
    )
    if named and len(named[2].split()) <= 5 and not is_total(named[2].rstrip(")")):
        text = named[1]
    match = re.fullmatch(r"([A-Z]{1,2})\s?(\d{1,2})\s?([A-Z]?)", text.upper())
    if not match or match[1] not in UK_POSTCODE_AREAS:
        return None
    letters, number, last = match.groups()
    if int(number) == 0 and number != "0":
        return None
    if letters == "FY" and len(number) == 2:
        return None  # a financial year; Blackpool's districts are FY0 to FY8
    if len(number) == 2 and last and number[0] != "0":
        return None  # no district has two digits and a letter
    code = f"{letters}{int(number)}{last}"
    return Area("district", code, is_respelt=code != written)


def _borough(written: str) -> Area | None:
    if not written or len(written) > 60:
        return None
    code = authority_code(MARK.sub("", written).rstrip(":"))
    return Area("borough", code, is_respelt=code != written) if code and code.startswith(LONDON) else None
