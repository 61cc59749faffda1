"""The place a message tells of: the finest that its codes and names agree on. Never a street, never a number."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from data.errors import InputError
from data.geography.bundled import read_authorities, read_places, read_spellings
from data.geography.locate import Place
from data.geography.names import authority_code, plain
from data.identifiers.word_lists import any_of
from data.places.areas import REPORTING_CENTRES
from data.places.codes import Code, codes_in, join_spaced
from data.places.codes import words as listed
from data.places.named import NamedPlace, find_beside, find_place, finest, named, spot_of, together

# A pair of coordinates among words.
_SPOT = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{3,}\s*[,;]?\s*-?\d{1,2}\.\d{3,}(?![\d.])")
_HIGH_STREET = re.compile(r"^\s+(?:high|market|station|town)\b", re.IGNORECASE)
_WORD = re.compile(r"#?[A-Za-z][A-Za-z']*\.?")
_LONGEST_NAME = 5
_AUTHORITY_BEFORE = re.compile(r"\b(?:in|at|near|around|outside)\s+$", re.IGNORECASE)


def find_place_text(sentences: Sequence[str]) -> str:
    """
    A name that `places.named.place_of` understands, of the finest place the message tells of; '' where there is none.

    The name is that of a locality, district, borough or authority, as the geography writes it. Places that contradict
    each other, or a name that two areas share without its borough, give none.
    """
    found: Place | None = None
    shared: list[str] = []
    for place in _mentioned(sentences, shared):
        found = place if found is None else together(place, found)
        if found is None:
            return ""
    for name in shared:
        found = _with_shared(name, found)
    return named(found).label if found else ""


def _with_shared(name: str, found: Place | None) -> Place | None:
    """A place with the name of several areas beside it; as it was where that says no more."""
    try:
        area = find_beside(name, found) if found else None
    except InputError:
        return found
    return (area and finest(area, found)) or found


def _mentioned(sentences: Sequence[str], shared: list[str]) -> Iterator[Place]:
    """Places of codes and names, and into `shared` the names that are those of several."""
    for sentence in map(join_spaced, sentences):
        rest = sentence
        for code in reversed(codes_in([sentence])[0]):
            if _is_meant(code, sentence):
                yield code.place
            rest = f"{rest[: code.start]} ; {rest[code.end :]}"
        yield from _named(rest, shared)
        yield from filter(None, map(spot_of, _SPOT.findall(sentence)))


def _is_meant(code: Code, sentence: str) -> bool:
    """Whether a code is one of London, and not where somebody came from or was taken."""
    written = sentence[code.start : code.end]
    if code.place is None or _other_place().search(sentence[: code.start]):
        return False
    # "e8" or "m2" in small letters may be anything.
    return len(written) > 3 or (
        code.place.postcode_district == written.upper() and (written[0].isupper() or len(written) == 3)
    )


def _named(sentence: str, shared: list[str]) -> Iterator[NamedPlace]:
    """Places whose names stand in a sentence, the longest first at each word."""
    words = list(_WORD.finditer(sentence))
    number = 0
    while number < len(words):
        found = _name_at(sentence, words, number, shared)
        if found is None:
            number += 1
            continue
        length, place = found
        if place is not None:
            yield place
        number += length


def _name_at(
    sentence: str, words: list[re.Match], number: int, shared: list[str]
) -> tuple[int, NamedPlace | None] | None:
    """How many words a name takes from here, and its place; None where no name begins."""
    for length in range(min(_LONGEST_NAME, len(words) - number), 0, -1):
        first, last = words[number], words[number + length - 1]
        written = sentence[first.start() : last.end()]
        if re.search(r"[^\w\s#'.&-]|\n", written):
            continue
        # A stop ends a sentence; "St. Ann's" keeps its own.
        bare = re.sub(r"'s$", "", written.rstrip(".")) if plain(written) not in _names() else written
        name = _split_hashtag(bare) if bare.startswith("#") else plain(bare)
        if name in REPORTING_CENTRES:
            is_meant = not _other_place().search(sentence[: first.start()])
            return length, find_place(name) if is_meant else None
        if name not in _names() and not _is_authority(sentence, first, written, name):
            continue
        return length, _place_called(name, written, sentence[: first.start()], sentence[last.end() :], shared)
    return None


def _place_called(name: str, written: str, before: str, behind: str, shared: list[str]) -> NamedPlace | None:
    is_hashtag = written.startswith("#")
    if _other_place().search(before) or _groups_behind().match(behind):
        return None
    if _streets_behind().match(behind) and not _HIGH_STREET.search(behind):
        return None
    is_named = written[0].isupper() and (_in_front_of_a_name().search(before) or _HIGH_STREET.search(behind))
    if name in listed("doubtful names") and not is_hashtag and not is_named:
        return None
    try:
        return find_place(name)
    except InputError:
        # Two areas of this name, or one in several boroughs: a code or a borough beside it may say which.
        shared.append(name)
        return None


def _is_authority(sentence: str, first: re.Match, written: str, name: str) -> bool:
    """Whether a name is that of an authority outside London, written as one: 'in Glasgow'."""
    return (
        written[0].isupper()
        and name not in listed("no authorities")
        and bool(_AUTHORITY_BEFORE.search(sentence[: first.start()]))
        and name in _authorities()
    )


def _split_hashtag(written: str) -> str:
    """'#HerneHill' or '#hernehill' as the plain name of its place."""
    return _squashed().get(plain(written).replace(" ", ""), "")


@cache
def _other_place() -> re.Pattern:
    """What stands in front of a place where people came from or were taken, or where it was not."""
    return re.compile(
        r"(?:"
        rf"\b(?:{any_of(listed('taken to'))}|took \w+ people)\s+(?:\w+\s+){{0,3}}?(?:to|towards|for)\s+(?:the\s+)?(?:\w+\s+)?"
        r"|\b(?:held|detention) (?:at|in)\s+(?:the\s+)?"
        rf"|\b(?:{any_of(listed('came from'))}) (?:all the way |in )?(?:from|in from)\s+(?:\w+\s+and\s+)?"
        rf"|\b(?:{any_of(listed('not here'))})\s+(?:the\s+)?"
        r"|\b(?:bus|train|tube|line|coach) (?:to|from|towards)\s+"
        rf"|\b(?:{any_of(listed('groups in front'))})\s+"
        r")$",
        re.IGNORECASE,
    )


@cache
def _in_front_of_a_name() -> re.Pattern:
    return re.compile(
        rf"(?:\b(?:{any_of(listed('in front of a name'))})\s*:?\s+(?:the\s+)?|#|[,(:/&📍-]\s*|^)$",
        re.IGNORECASE,
    )


@cache
def _groups_behind() -> re.Pattern:
    # "Peckham Resist" is a group, "they resist" none.
    return re.compile(rf"\s*(?:{any_of(listed('groups behind'))}|(?-i:Resist|Resistance))\b", re.IGNORECASE)


@cache
def _streets_behind() -> re.Pattern:
    return re.compile(rf"\s+(?:{any_of(listed('streets behind'))})\b", re.IGNORECASE)


@cache
def _names() -> frozenset[str]:
    """Plain names of London's areas and boroughs; those that end in a street's word are streets to most."""
    boroughs = [(name, code) for name, code in _all_authorities().items() if code.startswith("E09")]
    names = {plain(name) for name in read_places()["name"]} | {name for name, _ in boroughs}
    is_street = re.compile(r" (?:road|street)$|^city$")
    return frozenset(name for name in names if not is_street.search(name) and len(name) > 2)


@cache
def _squashed() -> dict[str, str]:
    return {name.replace(" ", ""): name for name in _names()}


@cache
def _authorities() -> frozenset[str]:
    return frozenset(_all_authorities())


@cache
def _all_authorities() -> dict[str, str]:
    names = [*read_authorities()["name"], *read_spellings()["spelling"]]
    found = {plain(name): authority_code(name) for name in names}
    return {name: code for name, code in found.items() if code}
