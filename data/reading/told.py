"""
What sentences tell of the closed lists: how it ended, the kind of place, police, and whether people responded.

The same reading for a sentence of a message and for a cell of a table that is longer than a word.
"""

import re
from collections.abc import Collection, Sequence

from data.reading.phrases import pattern, right_before, settings
from data.reading.told_numbers import PROTESTERS, Found, words_before, words_behind
from data.schema import UNKNOWN

# What may stand between such words and a place.
_AN = r"\s+(?:the |a |an |our |my )?(?:\w+ ){0,1}"
_NOT = re.compile(r"\b(?:not|isn't|wasn't|never) (?:at |in |on |a |an |the ){0,2}$", re.IGNORECASE)
# A name of a street or a place that has such a word in it: "Church Street", "Market Road".
_PART_OF_A_NAME = re.compile(
    r"[ -](?:road|rd|street|st|lane|ln|avenue|ave|hill|row|square|way|close|gardens|terrace|parade|estate|green|common|end)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"\b(?:outside|in front of|by|waited at) (?:the |a |an )?(?:\w+ ){0,2}$", re.IGNORECASE)
_OFFICERS_OF = re.compile(
    r"(?:'s)?[ -](?:team|officers?|vans?|staff|ice|unit|enforcement|based|crew|lot)\b", re.IGNORECASE
)
_CORRECTED = re.compile(
    r"\b(?:turn(?:s|ed)? out|actually|correction|update|after all|in fact|confirmed)\b", re.IGNORECASE
)
_VERB_FIRST = re.compile(r"(?:was|were|been|got|being)\b", re.IGNORECASE)


def find_setting(sentences: Sequence[str]) -> str:
    """The kind of place, where one and only one is named; words for what is merely near are passed over."""
    found = set()
    for sentence in sentences:
        rest = sentence
        for value, words in settings():
            for match in words.finditer(rest):
                if value and _is_the_place(value, rest[: match.start()], rest[match.end() :]):
                    found.add(value)
            rest = words.sub(" ; ", rest)
    # "Stopped people on the street outside the station" happened in the street; a shop in a market is both and neither.
    return found.pop() if len(found) == 1 else UNKNOWN


def _is_the_place(value: str, before: str, behind: str) -> bool:
    """Whether a kind of place is where it happened, and neither a landmark, nor part of a name, nor where people are held."""
    is_near = right_before("near", _AN).search(before) and not right_before("came_to", _AN).search(before)
    if is_near or _NOT.search(before) or _PART_OF_A_NAME.match(behind):
        return False
    if value == "reporting centre":
        return not right_before("base", r" (?:the |a )?(?:\w+ ){0,1}").search(
            before
        ) and not _OFFICERS_OF.match(behind)
    return value != "other" or not _OUTSIDE.search(before)


def find_outcome(stated: Sequence[str], numbers: Found, has_response: bool) -> str:
    """
    How it ended, from statements without questions.

    'unknown' where they do not say, say two things that cannot both be true, or say that people were let go but nothing of
    anybody who responded.
    """
    has_left = _says("left_with_nobody", stated)
    is_stopped = _says("stopped", stated) or _says("stopped_told", stated) or (has_left and has_response)
    is_taken = bool(numbers.detained) or says_taken(stated)
    is_let_go = numbers.released != 0 and (bool(numbers.released) or _says("let_go", stated))
    is_let_go = is_let_go and not any(map(pattern("let_go_later").search, stated))
    if numbers.contradicts:
        return UNKNOWN
    if is_let_go:
        if numbers.detained and numbers.released and numbers.detained > numbers.released:
            return "people detained"
        return "released after community response" if has_response else UNKNOWN
    if is_stopped:
        return UNKNOWN if is_taken else "prevented"
    if numbers.none_detained or has_left:
        return UNKNOWN if is_taken else "no arrests"
    return "people detained" if is_taken else UNKNOWN


def says_taken(stated: Sequence[str]) -> bool:
    """Whether statements say that somebody was taken, who was not there to protest."""
    return any(
        not right_before("unsure").search(sentence[: match.start()])
        and not PROTESTERS.search(_subject(match, sentence) + match[0] + words_behind(match, sentence))
        for sentence in stated
        for match in pattern("taken").finditer(sentence)
    )


def _subject(match: re.Match, sentence: str) -> str:
    """Who was taken, if the match itself does not say it: "protesters sat down and were arrested"."""
    if _VERB_FIRST.match(match[0]):
        return sentence[: match.start()]
    return words_before(match, sentence)


def says_no_raid(stated: Sequence[str]) -> bool:
    """Whether statements say that there was no raid: a false alarm."""
    return any(
        pattern("no_raid").search(sentence) and not pattern("since").search(sentence) for sentence in stated
    )


def says_others_came(stated: Sequence[str]) -> bool:
    """Whether statements say that it was no immigration raid but the work of others: a drugs raid, trading standards."""
    others = [
        sentence
        for sentence in stated
        if pattern("others_raid").search(sentence) and not pattern("with_others").search(sentence)
    ]
    rest = [pattern("not_immigration").sub(" ; ", sentence) for sentence in stated]
    is_denied = rest != list(stated)
    if is_denied and (others or any(map(_CORRECTED.search, stated))):
        return True
    return bool(is_denied or others) and not any(map(pattern("immigration").search, rest))


def find_police(stated: Sequence[str], answers: Collection[str] = ()) -> str:
    """Whether police were there besides immigration officers, from statements and from 'yes' or 'no' behind a key."""
    called = [pattern("police_called").sub(" ; ", sentence) for sentence in stated]
    is_denied = "no" in answers or any(map(pattern("no_police").search, called))
    told = [
        pattern("police_elsewhere").sub(" ; ", pattern("no_police").sub(" ; ", sentence))
        for sentence in called
    ]
    is_said = "yes" in answers or any(map(pattern("police").search, told))
    if is_said == is_denied:
        return UNKNOWN
    return "yes" if is_said else "no"


def find_response(stated: Sequence[str], numbers: Found, answers: Collection[str] = ()) -> str:
    """Whether people intervened, monitored or protested, from statements and from 'yes' or 'no' behind a key."""
    is_denied = numbers.crowd == 0 or "no" in answers or any(map(pattern("no_response").search, stated))
    told = [
        pattern("not_a_response").sub(" ; ", pattern("no_response").sub(" ; ", sentence))
        for sentence in stated
    ]
    is_said = bool(numbers.crowd) or "yes" in answers or _says("response", told)
    if is_said == is_denied:
        return UNKNOWN
    return "yes" if is_said else "no"


def _says(group: str, sentences: Sequence[str]) -> bool:
    return any(
        not right_before("unsure").search(sentence[: match.start()])
        for sentence in sentences
        for match in pattern(group).finditer(sentence)
    )
