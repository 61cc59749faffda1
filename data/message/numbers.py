"""How many were taken, let go or gathered, and how long it took, as a message says it."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from data.reading.distinct import Problem
from data.reading.numbers import LARGEST, NUMBER_WORDS, parse_duration, parse_people

_WORDS = sorted((word for word in NUMBER_WORDS if word not in ("no", "a", "an", "half", "half a", "half an", "nobody", "none", "no one", "noone", "nil", "single", "zero")), key=len, reverse=True)  # fmt: skip
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -](?:one|two|three|four|five|six|seven|eight|nine)"
_ONE_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{_TENS}|{'|'.join(_WORDS)})"
_BEFORE = r"(?:about|around|approx(?:imately)?\.?|roughly|some|nearly|almost|over|more than|at least|well over|just over|up to|under|fewer than|less than|maybe|c\.|~|>|<)"
# A number as people write it, with what stands around it: "at least 80+", "3 or 4", "10-15".
NUMBER = rf"(?:(?:{_BEFORE})\s*)*(?<![\w.:/£#-]){_ONE_NUMBER}(?:\s?(?:-|to|or)\s?{_ONE_NUMBER})?(?![\w:/%]|[.,]\d)\+?(?: or so| plus)?"
KIND = (
    r"(?:people|ppl|persons?|men|man|women|woman|males?|females?|workers?|guys?|lads?|members? of staff|staff|employees|cooks?|chefs?|waiters?|waitress(?:es)?"
    r"|drivers?|riders?|couriers?|cleaners?|builders?|students?|youths?|kids|children|families|brothers|sisters|migrants?|residents?|tenants?|neighbours?"
    r"|of them|of the \w+|of our \w+|folks?|individuals?|others|asylum seekers|barbers|kitchen staff)"
)
_ONLOOKERS = r"(?:protest(?:e|o)rs?|demonstrators?|activists?|campaigners?|supporters?|bystanders?|onlookers?|locals|neighbou?rs|residents|community members|members of the community|passers-?by|local people|local residents|comrades|friends and neighbours)"
_TAKEN = r"(?:taken(?: away| in| off)?|arrested|detained|nicked|lifted|snatched|grabbed|bundled|led away|dragged|picked up|removed|handcuffed and taken|carted off)"
_TOOK = r"(?:took(?: away)?|taken(?: away)?|arrested|detained|nicked|lifted|snatched|grabbed|arresting|detaining|taking(?: away)?|picked up|led away|dragged out)"
_WERE = r"(?:\s+(?:was|were|is|are|have been|has been|had been|been|being|got|getting|have|all|then|also|reportedly|later|workers|people|men|women|who|from|the|inside|had|staff|sadly))*"
_LET_GO = r"(?:released|let go|freed|set free|de-?arrested|allowed to (?:go|leave)|unarrested)"
_GATHERED = (
    r"(?:gathered|came|blocked|blocking|surrounded|surrounding|protested|protesting|resisted|resisting|showed up|turned up|turned out|stood|standing|joined"
    r"|shouting|chanting|linked|sat|sitting|stopped the|chased|intervened|responded|crowded|assembled|outside|here|there now|out on|on the street|in the street|strong)"
)
_UNIT = r"(?:hours?|hrs?|h|mins?|minutes?)"
# Not "4 hours till the man was freed".
_ADJECTIVES = rf"(?:\s+(?!(?:who|were|was|till?|until|later|after|before|{_UNIT}|days?|weeks?|months?|years?)\b)[a-z'-]+){{0,2}}?"
_NOBODY = r"(?:nobody|no-?\s?one|none(?: of (?:them|us|the \w+))?|no people|no arrests?|no detentions?|no workers|0 people|zero people|0|zero|not (?:a single person|anyone|anybody))"

_DETAINED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<number>{NUMBER}|\ban?(?= (?:\w+ )?(?:man|woman|worker|person|guy|lad|driver|rider|cook|chef|waiter|cleaner|builder|student|neighbour|member of staff)\b))"
        rf"(?:{_ADJECTIVES}\s+{KIND})?(?:\s+from [a-z' ]{{2,25}}?)?{_WERE}\s+{_TAKEN}\b",
        rf"\b{_TOOK}\s+(?P<number>{NUMBER}|an?(?= (?:\w+ )?(?:man|woman|worker|person|guy|lad|driver|rider|cook|chef|waiter|cleaner|builder|student|neighbour|member of staff)\b))"
        rf"(?={_ADJECTIVES}\s+{KIND}\b|\s+(?:away|from|in (?:a|the|their|cuffs|handcuffs)|into|out|off)\b|\s*$|\s*[,.()-]|\s+(?:and|but|so far|this|today|before|after)\b)",
        rf"(?P<number>{NUMBER})(?:\s+(?:confirmed|immigration|more))?\s+(?:arrests?|detentions?|detained|arrested)\b",
    )
)
_NONE_DETAINED = re.compile(
    rf"\b(?:{_NOBODY}(?!\s+else)(?:\s+(?:was|were|has been|have been|been|got|being|made|at all|yet|there|is|are))*\s*(?:{_TAKEN}\b|arrests?\b|detentions?\b)"
    r"|(?:no|zero|0|without(?: any)?|not any)\s+(?:arrests?|detentions?)(?:\s+made)?\b"
    r"|(?:did(?: not|n'?t)|have(?: not|n'?t)|could(?: not|n'?t)|failed to|unable to)\s+(?:manage to\s+)?(?:take|taken|arrest|arrested|detain|detained|get|got|nick|find)\s+(?:away\s+)?(?:anyone|anybody|a single person|any (?:people|workers))"
    r"|(?:arrested|detained|took|taking|arresting|detaining)\s+(?:nobody|no-?\s?one)(?!\s+else)"
    r"|without (?:taking|arresting|detaining|getting|having (?:taken|arrested|detained)) (?:anyone|anybody|a single person|any)"
    r"|(?:left|leave|leaving|went|gone|going|drove off|drove away|go|came away|walked away) (?:away )?(?:empty[ -]handed|with (?:nobody|no-?\s?one|nothing|an empty van|empty vans)|without (?:taking )?(?:anyone|anybody))|empty[ -]handed)",
    re.IGNORECASE,
)
_RELEASED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<number>{NUMBER}|\bboth)(?:{_ADJECTIVES}\s+{KIND})?{_WERE}\s+{_LET_GO}\b",
        rf"\b(?:released|freed|de-?arrested)\s+(?P<number>{NUMBER})(?={_ADJECTIVES}\s+{KIND}\b|\s*$|\s*[,.()-]|\s+(?:and|but|after|because|when)\b)",
        rf"\blet\s+(?P<number>{NUMBER})(?:{_ADJECTIVES}\s+{KIND})?\s+go\b",
    )
)
_CROWD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bcrowds?(?: of)?(?: was| is| were)?(?: now)?\s+(?P<number>{NUMBER})",
        rf"(?P<number>{NUMBER})[ -](?:strong )?(?:person )?crowd\b",
        rf"(?P<number>{NUMBER})(?:\s+[a-z'-]+){{0,1}}?\s+{_ONLOOKERS}\b(?!\s+(?:was |were |have been |been |got )?{_TAKEN}\b)",
        rf"(?P<number>{NUMBER})(?:\s+or more)?(?:{_ADJECTIVES}\s+(?:people|ppl|persons|folks?|of us|others|women|men|young people))?(?:\s+(?:have|had|now|quickly|soon|from [a-z ]{{3,20}}?|already|who|then|are|were|all|also))*\s+{_GATHERED}\b",
        rf"\b(?:joined by|gathering of|protest of|group of|turnout of|at its peak|in the end|numbers? (?:grew|rose) to|grew to|swelled to)\s+(?P<number>{NUMBER})(?!\s*(?:officers?|cops|vans?|police|workers|arrests?|hours?|mins?|minutes))",
        rf"(?P<number>{NUMBER}) (?:people|ppl)\b(?!\s+(?:inside|who work|working|work|live|living|in the (?:house|flat|kitchen|building|restaurant|shop)|employed|queu\w+|were|was|had|have|got|are|on the bus|taken|arrested))",
    )
)
# A bare "200 people" is a crowd; a bare "3 people" may be anybody.
_LEAST_BARE_CROWD = 20
_NOT_YET = re.compile(
    r"(?:\b(?:tried|trying|tries|attempt\w*|want\w*|threaten\w*|hoping|planning|plan\w*|about|going|failed|unable|refus\w+|looking) (?:to |for )(?:\w+ )?"
    r"|\b(?:might|may|could|would|if|whether|nearly|almost|never|not|n't|should) (?:\w+ ){0,3})$",
    re.IGNORECASE,
)
# How many letters around a word speak of it, at most, and where they stop.
_NEAR = 40
_NEXT_CLAUSE = re.compile(r",|\b(?:and|but|while)\b|&", re.IGNORECASE)
PROTESTERS = re.compile(
    rf"\b{_ONLOOKERS}\b|\b(?:for|on suspicion of) (?:obstruct\w+|assault\w*|public order|breach|blocking|protest\w*)",
    re.IGNORECASE,
)

# "16.00hrs" and "0630 hrs" are times of the day.
_CLOCK = r"(?:\d{1,2}\.\d{2}|\d{4}) ?(?:hours?|hrs?|h)\b"
_LENGTH = (
    rf"(?:(?:{_BEFORE})\s*)*(?:an? hour and a half|half an hour|an hour|(?:a )?couple of hours|\d+h\d{{2}}|\d+ ?(?:hours?|hrs?|h)(?: and)? \d+ ?(?:minutes|mins?|m)"
    rf"|(?!{_CLOCK})(?:\d+(?:\.\d+)?|{_ONE_NUMBER})(?:\s?-\s?\d+)?\+?(?:\s*½| and a half)?[ -]?{_UNIT}(?: and a half)?)\b"
)
_DURATION = re.compile(
    rf"(?P<lead>\b(?:for|lasted|lasting|took|taking|after|over in|over within|within|stand-?off of|blocked for|went on for|held (?:it|them|the van) for)\s+(?:just |only |more than |over |about |around |nearly |almost |at least |another )*)?"
    rf"(?<![\d.:/-])(?P<length>{_LENGTH})(?P<rest>\s+(?:ago|later|afterwards|away|late|walk|drive|from|earlier|before|notice|old|a day|a week|shift)\b)?",
    re.IGNORECASE,
)
_NO_LENGTH = re.compile(
    r"\b(?:in|every|another|next|first|open|per|last|past|give|get here in|be there in|within the)\s+(?:the )?(?:next |last |about |past )?$",
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
    for sentence in sentences:
        none_detained |= _says_none(sentence)
        rest = _NONE_DETAINED.sub(" ; ", sentence)
        for patterns, numbers, field in (
            (_RELEASED, released, "people_released"),
            (_DETAINED, detained, "people_detained"),
        ):
            for pattern in patterns:
                for match in pattern.finditer(rest):
                    if _holds(match, rest, field):
                        numbers.add(people_in(match["number"], field))
                rest = pattern.sub(lambda match: " ; " if match["number"] else match[0], rest)
        for number, pattern in enumerate(_CROWD):
            for match in pattern.finditer(rest):
                people = people_in(match["number"], "crowd_size")
                is_bare = number == len(_CROWD) - 1
                if people is not None and people > 1 and (not is_bare or people >= _LEAST_BARE_CROWD):
                    crowd.add(people)
            rest = pattern.sub(" ; ", rest)
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


def _says_none(sentence: str) -> bool:
    return any(not _NOT_YET.search(sentence[: match.start()]) for match in _NONE_DETAINED.finditer(sentence))


def _holds(match: re.Match, sentence: str, field: str) -> bool:
    """Whether a match is a statement on people who were sought, and not an attempt, or a protester."""
    if _NOT_YET.search(sentence[: match.start()]):
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
    if compound := re.fullmatch(r"(\w+ty) (\w+)", plain.lower()):
        parts = [NUMBER_WORDS.get(part) for part in compound.groups()]
        return int(sum(parts)) if None not in parts else None
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
