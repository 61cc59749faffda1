"""The place a message tells of: the finest that its codes and names agree on. Never a street, never a number."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from data.errors import InputError
from data.geography.bundled import read_authorities, read_places, read_spellings
from data.geography.locate import load_places
from data.geography.names import authority_code, plain
from data.places.named import REPORTING_CENTRES, NamedPlace, find_place, finest, named

_CODE = re.compile(
    r"(?<![\w£#/-])(?P<area>[A-Za-z]{1,2}[0-9][0-9A-Za-z]?)(?:\s?(?P<unit>[0-9][A-Za-z]{2})|(?P<sector>\s[0-9])(?=[,.)]?(?:\s+[a-z(]|$)))?(?![\w/-])"
)
_HASH_CODE = re.compile(r"#(?=[A-Za-z]{1,2}[0-9][0-9A-Za-z]?\b)")
# Behind these words a code is a bus, a room or a road.
_NO_CODE = re.compile(
    r"\b(?:bus|route|night bus|stop|stand|gate|exit|platform|unit|block|room|flat|shop|stall|bay|no\.?|number|form|the)\s+$",
    re.IGNORECASE,
)
_BUS_BEHIND = re.compile(r"^\s*(?:bus|buses|route|road|motorway|night bus)\b", re.IGNORECASE)
# A village in a sentence that says where people came from or were taken, or that it was not there.
_OTHER_PLACE = re.compile(
    r"(?:\b(?:taken|took (?:him|her|them|people|\w+ people)|take (?:him|her|them)|driven|drove(?: off)?|transferred|moved|sent|bailed|heading|headed|head|off|driving|transported|on the way|en route|being taken|travelled)\s+(?:\w+\s+){0,3}?(?:to|towards|for)\s+(?:the\s+)?(?:\w+\s+)?|\b(?:held|detention) (?:at|in)\s+(?:the\s+)?"
    r"|\b(?:came|come|coming|down|over|up|people|friends|comrades|neighbours|supporters|vans?|officers|live|lives|lived|based|groups?|solidarity|drove|was) (?:all the way |in )?(?:from|in from)\s+(?:\w+\s+and\s+)?"
    r"|\b(?:not|not in|not at|isn't in|wasn't in|via|like|than|without|unlike)\s+(?:the\s+)?|\b(?:bus|train|tube|line|coach) (?:to|from|towards)\s+|\b(?:anti raids?|group|network|campaign|mp for|council(?:lor)? for|university of|@)\s+)$",
    re.IGNORECASE,
)
_GROUP_BEHIND = re.compile(
    r"^\s*(?:anti[- ]?raids?|arn|action|solidarity|(?-i:Resist|Resistance)|migrant|unite|copwatch|(?:tenants|renters) union|council|mp|line|gazette|mercury|news|university|college|fc)\b",
    re.IGNORECASE,
)
_STREET_BEHIND = re.compile(
    r"^\s+(?:road|rd|street|st|lane|ln|avenue|ave|way|grove|close|crescent|gardens|drive|terrace|place|square|court|row|walk|bridge road|park road|hill road|vale|mews)\b\.?",
    re.IGNORECASE,
)
_HIGH_STREET = re.compile(r"^\s+(?:high|market|station|town)\b", re.IGNORECASE)
# Names that are words or people's names too: only right behind a word for a place.
_DOUBTFUL = frozenset(
    (
        "lee", "bow", "hook", "city", "shirley", "barking", "poplar", "charlton", "hampton", "richmond", "barnes", "sutton",
        "merton", "brent", "west end", "belmont", "sudbury", "greenhill", "church", "chelsea", "bath", "reading", "street",
        "rugby", "sale", "lewes", "hyde park", "hayes", "oakwood", "westbourne", "queenstown", "latchmere", "headstone",
        "welling",
    )
)  # fmt: skip
_PLACE_WORD = re.compile(
    r"(?:\b(?:in|near|around|outside|to|from|across|of|through|into|for|east|west|north|south|central|upper|lower|location|place|where|area)\s*:?\s+(?:the\s+)?|#|[,(:📍-]\s*|^)$",
    re.IGNORECASE,
)
_WORD = re.compile(r"#?[A-Za-z][A-Za-z']*\.?")
_LONGEST_NAME = 5
_AUTHORITY_BEFORE = re.compile(r"\b(?:in|at|near|around|outside)\s+$", re.IGNORECASE)
# Words that an authority is called by but that a message means otherwise.
_NO_AUTHORITY = frozenset(("london", "city", "england", "street"))


def find_place_text(sentences: Sequence[str]) -> str:
    """
    A name that `named_place.place_of` understands, of the finest place the message tells of; '' where there is none.

    The name is that of a locality, district, borough or authority, as the geography writes it. Places that contradict
    each other, or a name that two areas share, give none.
    """
    found: NamedPlace | None = None
    for place in _mentioned(sentences):
        together = place if found is None else finest(place, found)
        if together is None:
            return ""
        found = named(together)
    return found.label if found else ""


def _mentioned(sentences: Sequence[str]) -> Iterator[NamedPlace]:
    for sentence in sentences:
        rest = _HASH_CODE.sub(" ", sentence)
        for match in _CODE.finditer(rest):
            if (place := _coded(match, rest)) is not None:
                yield place
        rest = _CODE.sub(
            lambda match: " ; " if any(letter.isdigit() for letter in match[0]) else match[0], rest
        )
        yield from _named(rest)


def _coded(match: re.Match, sentence: str) -> NamedPlace | None:
    """The place of a postcode, sector or district of London; None where it is a bus, a room or a road."""
    before, behind = sentence[: match.start()], sentence[match.end() :]
    if _NO_CODE.search(before) or _BUS_BEHIND.search(behind) or _OTHER_PLACE.search(before):
        return None
    area = match["area"].upper()
    if match["unit"]:
        place = load_places().postcodes([area + match["unit"].upper()])[0]
        return named(place) if place else None
    # "e8" or "m2" in small letters may be anything.
    if not match["area"][0].isupper() and len(area) < 3:
        return None
    place = load_places().sector(area + match["sector"]) if match["sector"] else None
    place = place or load_places().district(area)
    return named(place) if place and place.postcode_district == area else None


def _named(sentence: str) -> Iterator[NamedPlace]:
    """Places whose names stand in a sentence, the longest first at each word."""
    words = list(_WORD.finditer(sentence))
    number = 0
    while number < len(words):
        found = _name_at(sentence, words, number)
        if found is None:
            number += 1
            continue
        length, place = found
        if place is not None:
            yield place
        number += length


def _name_at(sentence: str, words: list[re.Match], number: int) -> tuple[int, NamedPlace | None] | None:
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
            is_meant = not _OTHER_PLACE.search(sentence[: first.start()])
            return length, find_place(name) if is_meant else None
        if name not in _names() and not _is_authority(sentence, first, written, name):
            continue
        return length, _place_called(name, written, sentence[: first.start()], sentence[last.end() :])
    return None


def _place_called(name: str, written: str, before: str, behind: str) -> NamedPlace | None:
    is_hashtag = written.startswith("#")
    if _OTHER_PLACE.search(before) or _GROUP_BEHIND.search(behind):
        return None
    if _STREET_BEHIND.search(behind) and not _HIGH_STREET.search(behind):
        return None
    is_named = written[0].isupper() and (_PLACE_WORD.search(before) or _HIGH_STREET.search(behind))
    if name in _DOUBTFUL and not is_hashtag and not is_named:
        return None
    try:
        return find_place(name)
    except InputError:
        # Two areas of this name, or one in several boroughs: a code or a borough beside it may say more.
        return None


def _is_authority(sentence: str, first: re.Match, written: str, name: str) -> bool:
    """Whether a name is that of an authority outside London, written as one: 'in Glasgow'."""
    return (
        written[0].isupper()
        and name not in _NO_AUTHORITY
        and bool(_AUTHORITY_BEFORE.search(sentence[: first.start()]))
        and name in _authorities()
    )


def _split_hashtag(written: str) -> str:
    """'#HerneHill' or '#hernehill' as the plain name of its place."""
    return _squashed().get(plain(written).replace(" ", ""), "")


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
