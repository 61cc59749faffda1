"""What people write, turned into the closed lists of the schema: the one reader of cells, messages, forms and commands."""

import re
from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from data.reading.answers import DOUBT, LONGEST_ANSWER, Distinct, is_blank, split_answer, untick
from data.reading.headings import compared, normalise
from data.reading.lists import read_lists
from data.reading.numbers import parse_people
from data.reading.phrases import pattern
from data.reading.spelt import clean
from data.reading.told import find_numbers, find_outcome, find_police, find_response, find_setting
from data.schema import CONFIDENCES, OUTCOMES, SETTINGS, SOURCE_KINDS, UNKNOWN, YES_NO_UNKNOWN

CLOSED_LISTS: dict[str, tuple[str, ...]] = {
    "setting": SETTINGS,
    "outcome": OUTCOMES,
    "police_present": YES_NO_UNKNOWN,
    "community_response": YES_NO_UNKNOWN,
    "source_kind": SOURCE_KINDS,
    "confidence": CONFIDENCES,
}

# Field -> value of the closed list -> words read as it, after `normalise`. Exact: "arrested" is here, "may have been
# arrested" is not. In NAMES stands what is or may be somebody's name too: it is read, and never taken for a word of the log's.
SYNONYMS = {field: read_lists("words")[field] for field in CLOSED_LISTS}
NAMES = {field: words for field, words in read_lists("names").items() if field in CLOSED_LISTS}

# The value where the file has no such column or leaves the cell empty. `source_kind` and `confidence` have no
# "unknown": a log is a group's own and of middling confidence unless it says otherwise.
DEFAULTS = {
    "setting": UNKNOWN,
    "outcome": UNKNOWN,
    "police_present": UNKNOWN,
    "community_response": UNKNOWN,
    "source_kind": "group report",
    "confidence": "medium",
}


def _lookup_table(field: str) -> dict[str, str]:
    # The list's own words always work, whatever the synonyms say.
    return _by_word(SYNONYMS[field]) | {normalise(value): value for value in CLOSED_LISTS[field]}


def _by_word(synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {normalise(word): value for value, words in synonyms.items() for word in words}


# "2 arrested" is "arrested"; "0 arrested" stands in the table.
_LEADING_NUMBER = re.compile(
    r"^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many|some)"
    r" (?:people |persons |person |men |man |women |woman |workers |worker |were |was )*"
)
_LEADING_PLACE = re.compile(
    r"^(?:(?:at|in|on|inside) )?(?:the|a|an|his|her|their|someones|local|small|large) "
)
# Of whom the detail behind a yes or no speaks: "Yes - but they refused to attend".
_SUBJECT = {"police_present": "police", "community_response": "neighbours"}
_AND_THEY = re.compile(r"^(?:but |and |although |though )?(?:they |the police )?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!;\n]+(?=\s|$)")
_PARTS = re.compile(r"[,;/|\n]")

LOOKUP = {field: _lookup_table(field) for field in CLOSED_LISTS}
_WITH_NAMES = {field: _by_word(NAMES.get(field, {})) | table for field, table in LOOKUP.items()}


def read_words(
    field: str, cells: Distinct, by_hand: Mapping[str, str], default: str
) -> tuple[np.ndarray, Counter[str]]:
    """
    The values of one closed list for every row, and the words that are not in it.

    Parameters
    ----------
    field
        A key of `CLOSED_LISTS`.
    cells
        The column.
    by_hand
        Normalised word -> value, from a mapping; goes before the synonyms.
    default
        For empty cells and for words nobody knows.

    Returns
    -------
    values
        int32, one per row: position in `CLOSED_LISTS[field]`.
    unknown_words
        Word -> rows that hold it. Contents of the file: to be kept in memory only.
    """
    allowed = CLOSED_LISTS[field]
    rows = cells.rows_per_text()
    values = np.empty(len(cells.texts), np.int32)
    unknown_words: Counter[str] = Counter()
    for number, text in enumerate(cells.texts):
        value = value_of(field, text, by_hand)
        if value is None:
            value = default
            if not is_blank(text) and rows[number]:
                unknown_words[text] += int(rows[number])
        values[number] = allowed.index(value)
    return cells.spread(values), unknown_words


def value_of(field: str, text: str, by_hand: Mapping[str, str] | None = None) -> str | None:
    """
    What a text says of one closed list, at whichever door it comes in; None where it says nothing that is understood.

    A word of the list or of `words.toml` is taken as it is, several that agree likewise; anything longer is read as a sentence
    of a message is.

    Parameters
    ----------
    field
        A key of `CLOSED_LISTS`.
    by_hand
        Normalised word -> value, from a mapping; goes before all others, and is the only one to know a word in doubt.

    >>> value_of("outcome", "1 man arrested"), value_of("setting", "car wash on Rye Lane"), value_of("police_present", "Yes - 2 vans")
    ('people detained', 'workplace', 'yes')
    """
    if len(text) > LONGEST_ANSWER:
        return None
    by_hand = by_hand or {}
    if DOUBT in text:
        return _exact(text, by_hand)
    table = {**_WITH_NAMES[field], **by_hand} if by_hand else _WITH_NAMES[field]
    if (value := _exact(text, table)) or is_blank(text):
        return value
    agreed = {_exact(part, table) for part in _PARTS.split(text) if part.strip()}
    if len(agreed) == 1 and None not in agreed:
        return agreed.pop()
    told = _TELLERS[field](text) if field in _TELLERS else UNKNOWN
    return None if told == UNKNOWN else told


def forms_in(text: str) -> list[str]:
    """Every normalised word by which `value_of` looks a text or a part of it up; none of a long text."""
    if len(text) > LONGEST_ANSWER:
        return []
    parts = [] if DOUBT in text else [part for part in _PARTS.split(text) if part.strip()]
    return list(dict.fromkeys(form for each in (text, *parts) for form in _forms(each)))


def _exact(text: str, table: Mapping[str, str]) -> str | None:
    return next((table[form] for form in _forms(text) if form in table), None)


def _forms(text: str) -> tuple[str, ...]:
    word = compared(untick(text))
    return word, word.removeprefix("the "), _LEADING_PLACE.sub("", word), _LEADING_NUMBER.sub("", word)


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(clean(text)) if part.strip()]


def _outcome_told(text: str) -> str:
    told = _sentences(text)
    numbers = find_numbers(told)
    return find_outcome(told, numbers, find_response(told, numbers) == "yes")


def _police_told(text: str) -> str:
    return _answer_told("police_present", text, find_police)


def _response_told(text: str) -> str:
    return _answer_told("community_response", text, lambda told: find_response(told, find_numbers(told)))


def _answer_told(field: str, text: str, find: Callable[[list[str]], str]) -> str:
    """Yes or no with what is added to it, unless that says the contrary; else what the text says as a sentence."""
    answer, detail = split_answer(text)
    number = None if pattern("immigration_matters").search(text) else parse_people(detail or text)
    counted = ("yes" if number else "no") if isinstance(number, int) else UNKNOWN
    told = find(_sentences(detail or text)) if detail or not answer else UNKNOWN
    if told == UNKNOWN and detail:
        told = find(_sentences(f"{_SUBJECT[field]} {_AND_THEY.sub('', detail)}"))
        told = told if told != "yes" else UNKNOWN
    told = told if told != UNKNOWN else _exact(detail, LOOKUP[field]) or counted
    if answer and told not in (UNKNOWN, answer):
        return UNKNOWN
    return answer or told


_TELLERS: dict[str, Callable[[str], str]] = {
    "setting": lambda text: find_setting(_sentences(text)),
    "outcome": _outcome_told,
    "police_present": _police_told,
    "community_response": _response_told,
}
