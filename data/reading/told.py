"""What a text tells of a raid: how it ended, the kind of place, who was there, and how many; by the phrases of `phrases.toml`."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from data.reading.answers import Problem
from data.reading.numbers import LARGEST, parse_duration, parse_people
from data.reading.phrases import (
    BEFORE_NUMBER,
    NUMBER,
    ONE_NUMBER,
    each,
    expand,
    pattern,
    right_before,
    settings,
    whole_words,
)
from data.schema import UNKNOWN

_UNIT = r"(?:hours?|hrs?|h|mins?|minutes?)"
# A bare "200 people" is a crowd; a bare "3 people" may be anybody.
_LEAST_BARE_CROWD = 20
# How many letters around a word speak of it, at most, and where they stop.
_NEAR = 40
_NEXT_CLAUSE = re.compile(r",|\b(?:and|but|while)\b|&", re.IGNORECASE)
PROTESTERS = whole_words(
    "{onlookers}",
    r"(?:for|on suspicion of) (?:obstruct\w+|assault\w*|public order|breach|blocking|protest\w*)",
)
# "Two men and a woman", told as three people before a number is looked for.
_ONE_OF_SEVERAL = rf"(?:{NUMBER}|\ban?(?= )) {expand('{one_kind}')}\b"
_SIDE_BY_SIDE = re.compile(
    rf"{_ONE_OF_SEVERAL}(?:,? (?:and|&|plus) {_ONE_OF_SEVERAL}|, {_ONE_OF_SEVERAL})+", re.IGNORECASE
)
_ONE_OF_THEM = re.compile(rf"(?P<number>{NUMBER}|\ban?(?= )) {expand('{one_kind}')}\b", re.IGNORECASE)

_ANOTHER = r"(?:another|a further|plus|\+)"
_AND_ANOTHER = re.compile(
    rf"(?P<first>{NUMBER}),? (?:(?:and|then|later) )*{_ANOTHER} (?P<second>{NUMBER})", re.IGNORECASE
)

_ANOTHER_TAKEN = re.compile(
    rf"\b(?:(?:another|a further|further) {NUMBER}|{NUMBER} (?:more|others))[^,.;]{{0,30}}?\b{expand('{taken}')}\b",
    re.IGNORECASE,
)

# "16.00hrs" and "0630 hrs" are times of the day.
_CLOCK = r"(?:\d{1,2}\.\d{2}|\d{4}) ?(?:hours?|hrs?|h)\b"
_IN_WORDS = r"an? hour and a half|half(?:-| an? | )hour|three quarters of an hour|(?:a )?quarter of an hour|an hour|(?:a )?couple of hours"
_IN_FIGURES = r"\d+h\d{2}|\d+ ?(?:hours?|hrs?|h)(?: and)? \d+ ?(?:minutes|mins?|m)"
_OF_ONE_UNIT = (
    rf"(?!{_CLOCK})(?:\d+(?:\.\d+)?|{ONE_NUMBER})(?:\s?(?:-|to|or)\s?(?:\d+|{ONE_NUMBER}))?\+?"
    rf"(?:\s*½| and a half)?[ -]?{_UNIT}(?: and a half)?"
)
_LENGTH = rf"(?:(?:{BEFORE_NUMBER})\s*)*(?:{_IN_WORDS}|{_IN_FIGURES}|{_OF_ONE_UNIT})\b"
_LEAD = (
    r"(?:for|lasted|lasting|took|taking|after|over in|over within|within|stand-?off of|blocked for|went on for"
    r"|held (?:it|them|the van) for)\s+(?:just |only |more than |over |about |around |nearly |almost |at least |another )*"
)
_NO_REST = (
    r"\s+(?:ago|later|afterwards|away|late|walk|drive|from|earlier|before|notice|old|a day|a week|shift)\b"
)
_DURATION = re.compile(
    rf"(?P<lead>\b{_LEAD})?(?<![\d.:/-])(?P<length>{_LENGTH})(?P<rest>{_NO_REST})?", re.IGNORECASE
)
_NO_LENGTH = re.compile(
    r"\b(?:in|every|another|next|first|open|per|last|past|give|get here in|be there in|within the)\s+"
    r"(?:the )?(?:next |last |about |past )?$",
    re.IGNORECASE,
)
_LONGEST_MINUTES = 24 * 60


class Found(NamedTuple):
    """Numbers of people, None where not stated; `none_detained` is whether the message says that nobody was taken."""

    detained: int | None
    released: int | None
    crowd: int | None
    minutes: int | None
    none_detained: bool
    contradicts: bool


# "Between 3 and 5 people"; not "they came between 3 and 5".
_BETWEEN = re.compile(
    expand(
        rf"\bbetween (?P<low>{ONE_NUMBER}) and (?P<high>{ONE_NUMBER})(?=\s+(?:{{kind}}|{{taken}}|{{let_go}}|{{gathered}})\b)"
    ),
    re.IGNORECASE,
)


def find_numbers(
    sentences: Sequence[str],
    told_detained: Iterable[int] = (),
    told_released: Iterable[int] = (),
    told_crowd: Iterable[int] = (),
) -> Found:
    """
    The numbers that a message states, from its statements and not its questions, and from its keys and values.

    Two different numbers for one thing leave it empty, but for a crowd, of which the peak is meant.
    """
    detained: set[int | None] = {number for number in told_detained if number}
    released: set[int | None] = set(told_released)
    crowd: set[int | None] = set(told_crowd)
    none_detained = 0 in told_detained
    lengths: dict[bool, set[int]] = {True: set(), False: set()}
    for sentence in map(_side_by_side, sentences):
        none_detained |= _says_none(sentence)
        rest = pattern("none_detained").sub(" ; ", sentence)
        rest = _take(rest, "let_go_number", "people_released", released)
        taken: set[int | None] = set()
        is_more = bool(_ANOTHER_TAKEN.search(rest))
        rest = _take(rest, "detained", "people_detained", taken)
        if is_more and detained:
            # "Two taken at 6. Another two taken at 7": so many that the sentences have to be added up by a person.
            detained |= {None, *taken}
        detained |= _with_more(taken, rest)
        for words in each("no_crowd"):
            rest = words.sub(" ; ", rest)
        for number, words in enumerate(each("crowd")):
            for match in words.finditer(rest):
                people = people_in(match["number"], "crowd_size")
                is_bare = number == len(each("crowd")) - 1
                if people is not None and people > 1 and (not is_bare or people >= _LEAST_BARE_CROWD):
                    crowd.add(people)
            rest = words.sub(" ; ", rest)
        for is_led, minutes in _lengths(sentence):
            lengths[is_led].add(minutes)
    stated = {number for number in detained if number}
    contradicts = none_detained and bool(stated)
    return Found(
        detained=0 if none_detained and not detained else None if none_detained else _only(detained),
        released=_only(released),
        crowd=max((number for number in crowd if number is not None), default=None),
        minutes=_only(lengths[True] or lengths[False]),
        none_detained=none_detained,
        contradicts=contradicts,
    )


def _take(rest: str, group: str, field: str, numbers: set[int | None]) -> str:
    """Add the numbers of a group of phrases; the sentence without them."""
    for words in each(group):
        for match in words.finditer(rest):
            if _holds(match, rest, field):
                numbers.add(people_in(match["number"], field))
        rest = words.sub(lambda match: _CUT if match["number"] else match[0], rest)
    return rest


# Stands where a number was taken out.
_CUT = " ; "


def _side_by_side(sentence: str) -> str:
    """A sentence with people of several kinds, told side by side, as so many people."""

    def joined(match: re.Match) -> str:
        numbers = [people_in(one["number"], "people_detained") for one in _ONE_OF_THEM.finditer(match[0])]
        return match[0] if None in numbers else f"{sum(numbers)} people"

    def added(match: re.Match) -> str:
        numbers = [people_in(match[name], "people_detained") for name in ("first", "second")]
        is_of_others = each("no_more")[0].match(sentence, match.end())
        return match[0] if None in numbers or is_of_others else f"{sum(numbers)} people"

    sentence = _BETWEEN.sub(r"\g<low>-\g<high>", sentence)
    return _SIDE_BY_SIDE.sub(joined, _AND_ANOTHER.sub(added, sentence))


def _with_more(taken: set[int | None], rest: str) -> set[int | None]:
    """Numbers of people taken, with those that the rest of the sentence adds to one of them."""
    if len(taken) != 1 or None in taken or _CUT not in rest:
        return taken
    [number] = taken
    behind = rest[rest.index(_CUT) + len(_CUT) :]
    for words in each("one_more"):
        for match in words.finditer(behind):
            if not each("no_more")[0].match(behind, match.end("number")):
                more = people_in(match["number"], "people_detained")
                return {None if more is None else number + more}
    return taken


def _says_none(sentence: str) -> bool:
    return any(
        not right_before("not_yet").search(sentence[: match.start()])
        for match in pattern("none_detained").finditer(sentence)
    )


def _holds(match: re.Match, sentence: str, field: str) -> bool:
    """Whether a match is a statement on people who were sought, and not an attempt, or a protester."""
    if right_before("not_yet").search(sentence[: match.start()]):
        return False
    if field == "people_detained":
        return not PROTESTERS.search(match[0] + words_behind(match, sentence)) and not re.match(
            rf"\s*{_UNIT}\b", sentence[match.end("number") :]
        )
    return True


def words_behind(match: re.Match, sentence: str) -> str:
    """What a sentence says right behind a match, up to where another clause begins."""
    return _NEXT_CLAUSE.split(sentence[match.end() : match.end() + _NEAR], maxsplit=1)[0]


def words_before(match: re.Match, sentence: str) -> str:
    """What a sentence says right before a match, from where the clause begins."""
    return _NEXT_CLAUSE.split(sentence[max(0, match.start() - _NEAR) : match.start()])[-1]


def people_in(text: str, field: str) -> int | None:
    """The number that a text says; None where it says none, or one that is too large to be true."""
    plain = (
        " ".join(text.lower().replace("-", " ").split()) if re.search("[a-z]-[a-z]", text.lower()) else text
    )
    plain = plain.strip().removesuffix(" or so").removesuffix(" plus")
    if plain.lower() in ("a", "an"):
        return 1
    if plain.lower() == "both":
        return 2
    found = parse_people(re.sub(r"\s*(?<=\d)\s?(?:to|or)\s?(?=\d)", "-", plain))
    return (
        found
        if isinstance(found, int) and not isinstance(found, Problem) and found <= LARGEST[field]
        else None
    )


def _lengths(sentence: str) -> Iterable[tuple[bool, int]]:
    """Minutes of each length of time in a sentence, and whether a word such as "for" or "lasted" leads to it."""
    for match in _DURATION.finditer(sentence):
        before = sentence[: match.start()]
        if match["rest"] or (not match["lead"] and _NO_LENGTH.search(before)):
            continue
        text = (
            match["length"]
            .lower()
            .replace("couple of hours", "2 hours")
            .replace("a 2", "2")
            .replace("-", " ")
        )
        minutes = parse_duration(re.sub(r"(\d) (\d+ ?(?:hours?|hrs?|h|mins?|minutes?))", r"\1-\2", text))
        if isinstance(minutes, int) and 0 < minutes < _LONGEST_MINUTES:
            yield bool(match["lead"]), minutes


def _only(numbers: set) -> int | None:
    return next(iter(numbers)) if len(numbers) == 1 else None


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
