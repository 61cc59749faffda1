"""
Does a text name a person? By titles, by a list of first names, and by words that no English dictionary has.

No list holds every name. So where only a few words are expected (a cell that should hold a word of a closed list) a word
that is neither English nor the project's own counts as a name too; in free text that would refuse half of London.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import pairwise

import gender_guesser.detector
from spellchecker import SpellChecker

from data.geography.bundled import read_authorities, read_places, read_spellings
from data.identifiers.word_lists import words_of
from data.reading import headings, words


def _texts_in(tree: object) -> Iterator[str]:
    """Every text in nested tables and lists; the keys of tables of texts are fields and left out."""
    if isinstance(tree, str):
        yield tree
    else:
        for branch in tree.values() if isinstance(tree, Mapping) else tree:
            yield from _texts_in(branch)


@cache
def place_words() -> frozenset[str]:
    """What a street, a station or any other place is called; a name that ends in one is a place's."""
    return words_of("place words")


@cache
def log_words() -> frozenset[str]:
    """Never a name in a log, though some of them are somebody's."""
    said = [
        *_texts_in((words.SYNONYMS, words.CLOSED_LISTS, headings.SYNONYMS)),
        *headings.HEADING_NOTES,
        *headings.COUNT_HEADINGS,
    ]
    return words_of("log words") | {token for text in said for token in headings.normalise(text).split()}


# Above this often in the dictionary's texts a word is common, and a first name only by chance ("hope", "carry").
COMMON, USUAL, SELDOM, RARE = 1_000_000, 15_000, 3_000, 100
# A surname stands less often than this.
SURNAME = 40_000
# Letters beside a figure are a code ("SE15 4NF"), no word.
_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_]++(?:['’‘`][^\W\d_]++)*+(?!\d)")
_INITIALS = re.compile(
    r"^(?:[A-Z]\.?[\s-]*){1,3}[\s.]\s*[A-Z][^\W\d_]{2,}(?:[-'’][A-Z][^\W\d_]+)?$"
    r"|^[A-Z][^\W\d_]{2,}(?:[-'’][A-Z][^\W\d_]+)?,?\s+[A-Z]\.?(?:\s*[A-Z]\.?)?$"
)
_OWNED = re.compile(
    r"(?<!\bSt )(?<!\bSaint )\b(?:([^\W\d_]{2,})\s+)?((?:[^\W\d_]['’])?[^\W\d_]{2,})(?:['’]s?|(?<=s)['’])\s+(?:flat|house|home|room|shop|cafe"
    r"|restaurant|salon|car|van|barbers?|bakery|kitchen|takeaway|stall|business|work|workplace|mum|brother|sister|wife|husband)\b"
)
_SEGMENTS = re.compile(r"\s*[,;:|/()\[\]\n\r\t•]+\s*|\s+[-+&@]\s+|(?<=[^\W\d_]{3})\.\s+|\s*[\"“”]\s*")
# An office's initials ("HMRC"); a surname has a vowel.
_VOWELLESS = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,5}")
# Chinese, Japanese and Korean write a name without a blank: two to four signs alone.
_UNSPACED_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\uac00-\ud7af]{2,4}|[\u3040-\u30ff\u4e00-\u9fff]{3,6}")
# "Submission ID": what stands in front is numbered, and nobody's initials follow.
_NUMBERS_THINGS = re.compile(r"\b(?:ID|IDs|UID|UUID|GUID|URL|REF)\s*$")
_PUB = re.compile(r"^\s*The(?:\s+[A-Z][a-z]+(?:['’]s)?){1,3}\s*$")
_POLICE_FORM = re.compile(r"^\s*on or near\b", re.IGNORECASE)


def fold(text: str) -> str:
    """
    Letters without accents and capitals; other scripts stay as they are.

    >>> fold("Łukasz Żółć"), fold("Ólafur")
    ('lukasz zolc', 'olafur')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ə": "e", "ħ": "h", "æ": "ae", "œ": "oe"}
)


@cache
def first_names() -> frozenset[str]:
    """First names of the world in Latin letters, as `fold` leaves them."""
    names = gender_guesser.detector.Detector(case_sensitive=False).names
    return frozenset(folded for name in names if len(folded := fold(name)) > 2 and folded.isalpha())


@cache
def _dictionary() -> dict[str, int]:
    """How often each English word stands in the spelling dictionary's texts."""
    return SpellChecker(language="en").word_frequency.dictionary


@cache
def place_tokens() -> frozenset[str]:
    """Every word in the name of a known place, borough or other authority."""
    names = [*read_places()["name"], *read_authorities()["name"], *read_spellings()["spelling"]]
    tokens = {token for name in names for token in map(fold, _TOKEN.findall(name)) if len(token) > 2}
    return frozenset(tokens - log_words())


@cache
def known_places() -> frozenset[str]:
    """Names of known places, boroughs and other authorities, and of shops and the like, as `_plain` leaves them."""
    names = [*read_places()["name"], *read_authorities()["name"], *read_spellings()["spelling"]]
    return words_of("known names") | frozenset(_plain(name) for name in names)


def _plain(text: str) -> str:
    return " ".join(map(fold, _TOKEN.findall(text))).replace("'", "").replace("’", "")


@lru_cache(50_000)
def is_english(word: str) -> bool:
    """Whether a folded word is an ordinary one: the log's, a place's kind, or one of the dictionary's but for names."""
    word = re.sub(r"['’]s?$", "", word)
    if len(word) < 2 or word in log_words() or word in place_words():
        return True
    if word in words_of("known words") or word in words_of("group words of other languages"):
        return True
    often = _dictionary().get(word, 0)
    return often >= (USUAL if word in first_names() else RARE)


def is_seldom(word: str) -> bool:
    """Whether a folded word stands so seldom in English texts that it is as likely to be a surname."""
    return _dictionary().get(word, 0) < SELDOM


def _is_first_name(word: str) -> bool:
    """Whether a folded word is a first name rather than a word."""
    if word in log_words() or word in place_words() or word not in first_names():
        return False
    return _dictionary().get(word, 0) < USUAL or word in words_of("names that are words")


def _may_be_first_name(word: str) -> bool:
    return word in first_names() and (
        _dictionary().get(word, 0) < COMMON or word in words_of("names that are words")
    )


def _could_be_surname(word: str) -> bool:
    return (
        len(word) > 1
        and word not in log_words()
        and word not in place_words()
        and _dictionary().get(word, 0) < SURNAME
    )


@cache
def _titled() -> re.Pattern:
    titles = "|".join(sorted(words_of("titles") | words_of("sure titles"), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w'’-])({titles})\b\.?\s*(?:[A-Za-z]\.\s*)*([^\W\d_][^\W\d_'’-]+)", re.IGNORECASE
    )


def has_titled_name(text: str) -> bool:
    """Whether a title stands before a name: 'Mr Khan', 'Dr. A. Okafor'; not 'Dr Johnson Avenue'."""
    return any(map(_is_titled_name, _titled().finditer(text)))


def _is_titled_name(found: re.Match) -> bool:
    title, name = found[1], found[2]
    if fold(name) in words_of("never titled") or _is_product(title, name):
        return False
    if title.lower() in words_of("sure titles"):
        return True
    behind = [fold(token) for token in _TOKEN.findall(found.string[found.end() :])[:2]]
    if fold(name) in place_words() or place_words().intersection(behind):
        return False
    return (title[0].isupper() and name[0].isupper() and fold(name) not in log_words()) or not is_english(
        fold(name)
    )


def _is_product(title: str, name: str) -> bool:
    """Whether it is no title: 'MS Forms export', 'PC World', 'Dr Martens'."""
    return title.lower() in ("ms", "pc", "dr") and fold(name) in words_of("no surnames")


def names_person(text: str) -> bool:
    """
    Whether a text names a person. Places that bear somebody's name are fine: 'Nigel Mews' is one, 'Nigel Marsh' none.

    >>> names_person("ask Aisha Okonkwo"), names_person("Mr Khan"), names_person("number of people detained")
    (True, True, False)
    """
    text = _without_marks(text)
    if has_titled_name(text) or any(_is_owner(*map(fold, found)) for found in _OWNED.findall(text)):
        return True
    return any(map(_holds_name, _SEGMENTS.split(text))) or _is_reversed(text)


def _without_marks(text: str) -> str:
    """A text whose vowels are letters' marks, as in Devanagari, in letters alone, so that its words stay whole."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Mn", "Mc"))


def _is_owner(before: str, owner: str) -> bool:
    """Whether whose house it is, is told by name."""
    if len(before) > 1 and not is_english(before) and before not in place_tokens():
        return True
    return (
        _is_first_name(before) or _is_first_name(owner) or not (is_english(owner) or owner in place_tokens())
    )


def names_person_in_place(text: str) -> bool:
    """As `names_person`, for a description of a place; the police's "On or near …" and a pub's "The …" name nobody."""
    return not (_POLICE_FORM.match(text) or _PUB.match(text)) and names_person(text)


def names_person_in_word(text: str) -> bool:
    """
    Whether a cell where a word of a closed list is expected may name a person; for words that are in no list.

    Any capitalised word that English does not have counts, and any cell of nothing but such words.
    """
    if _plain(text) in known_places():
        return False
    words = _tokens(text)
    if names_person(text) or (1 <= len(words) <= 3 and _is_first_name(fold(words[0]))):
        return True
    unknown = [
        token
        for token in words
        if not (is_english(fold(token)) or _is_slip(fold(token)) or _VOWELLESS.fullmatch(token))
    ]
    if len(words) == 1 and words[0].islower() and words[0].isascii():
        # A word of another language, rather than a surname alone; it can be said by hand what it means.
        return False
    return bool(unknown) and (len(unknown) == len(words) or any(map(_is_title_case, unknown)))


def _tokens(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if len(token) > 1]


def _is_title_case(token: str) -> bool:
    return token[0].isupper() or not token[0].isascii()


def _holds_name(segment: str) -> bool:
    """Whether a part of a text between commas is or holds a name."""
    if _plain(segment) in known_places():
        return False
    if _UNSPACED_NAME.fullmatch(segment.strip()):
        return True
    if _INITIALS.match(segment):
        return _is_surname_with_initials(segment)
    if _is_short_name(_TOKEN.findall(segment)):
        return True
    words = _tokens(segment)
    words = [
        word
        for at, word in enumerate(words)
        if not (0 < at < len(words) - 1 and word.lower() in words_of("particles"))
    ]
    folded = list(map(fold, words))
    if len(words) < 2 or folded[0] == "st":
        return False
    n_telling = sum(word not in log_words() or word in words_of("months") for word in folded)
    starts = [
        0,
        *(
            at
            for at in range(1, len(words))
            if _is_title_case(words[at]) != _is_title_case(words[at - 1]) or folded[at] in log_words()
        ),
    ]
    return any(
        _is_name(words[start:end], folded[start:end], folded[end] if end < len(words) else "", n_telling)
        for start, end in zip(starts, [*starts[1:], len(words)], strict=True)
    )


def _is_short_name(tokens: list[str]) -> bool:
    """Whether two words of two or three letters, alone in a part of a text, are a name: 'Li Na'."""
    return len(tokens) == 2 and all(
        token.istitle() and fold(token) in words_of("short names") - log_words() for token in tokens
    )


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= 5


def _is_surname_with_initials(segment: str) -> bool:
    """Whether a word beside initials is a surname: 'J. Smith', 'Okafor B'; not 'Column A', 'T Junction'."""
    words = [fold(word) for word in _tokens(segment) if not word.isupper() or len(word) > 3]
    taken = log_words() | place_words() | place_tokens()
    if not words or not taken.isdisjoint(words) or _NUMBERS_THINGS.search(segment):
        return False
    if segment.rstrip(". ")[-1].isupper():
        return any(_is_first_name(word) or not is_english(word) or is_seldom(word) for word in words)
    return all(_dictionary().get(word, 0) < USUAL for word in words)


def _is_name(words: list[str], folded: list[str], following: str, of: int) -> bool:
    """
    Whether words in a row, all in capitals or none, are a name.

    Parameters
    ----------
    words, folded
        As they are written, and folded.
    following
        The folded word behind them, if any: in small letters it may still say that they are a place.
    of
        How many words the text between commas has.
    """
    if len(folded) == 2 == of and folded[0] in words_of("months") and not is_english(folded[1]):
        return True
    while folded and folded[0] in log_words():
        words, folded = words[1:], folded[1:]
    if len(folded) < 2 or _bare(following) in place_words():
        return False
    if len(folded) == of and folded[0] in words_of("front of a place"):
        return False
    if _bare(folded[-1]) in place_words():
        # "Amber Hill" may be somebody, but "Beulah Hill" and thousands of others are streets.
        return False
    if folded[0] in place_tokens() and (folded[1] in place_tokens() or not _is_first_name(folded[0])):
        return False
    is_first = any(map(_is_first_name, folded[:-1]))
    if not is_first and place_tokens().intersection(folded):
        return False
    if " ".join(folded) in known_places():
        return False
    are_capitals = all(map(_is_title_case, words))
    is_mixed = not all(word.isupper() for word in words)
    strange = [
        not is_english(word) and not (is_mixed and _is_acronym(written))
        for word, written in zip(folded, words, strict=True)
    ]
    if all(strange):
        return are_capitals or is_first or len(words) == of
    if place_words().intersection(folded[1:]):
        return False
    if are_capitals and is_first:
        return True
    if len(folded) <= 3 and any(strange) and all(map(is_seldom, folded)):
        return are_capitals or (len(folded) == of and all(len(word) > 3 for word in folded))
    if are_capitals and len(folded) == of <= 3:
        return (len(folded) == 2 and any(strange)) or (
            _may_be_first_name(folded[0]) and all(map(_could_be_surname, folded[1:]))
        )
    # In small letters most words are words: a first name and no common word, or nothing else at all.
    return any(
        _is_first_name(first)
        and (not is_english(second) or (len(folded) == 2 == of and _could_be_surname(second)))
        for first, second in pairwise(folded)
    )


def _bare(word: str) -> str:
    return re.sub(r"['’‘`]s?$", "", word)


def _is_reversed(text: str) -> bool:
    """'Okonkwo, Aisha'."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2:
        return False
    last, first = map(_tokens, parts)
    if not (1 <= len(last) <= 2 and 1 <= len(first) <= 2 and all(map(_is_title_case, [*last, *first]))):
        return False
    return (
        _is_first_name(fold(first[0]))
        and all(_could_be_surname(fold(word)) for word in last)
        and not known_places().intersection(map(_plain, parts))
        and fold(first[0]) not in place_tokens()
    )


@lru_cache(10_000)
def _is_slip(word: str) -> bool:
    """Whether a word is a slip of the pen for one of the log's words, or a place's."""
    return word in place_tokens() or bool(get_close_matches(word, _log_vocabulary(), 1, 0.82))


@cache
def _log_vocabulary() -> list[str]:
    return sorted(word for word in log_words() | place_words() if len(word) > 3)
