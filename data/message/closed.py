"""What of a message comes to the closed lists: setting, outcome, police, and whether people responded."""

import re
from collections.abc import Collection, Sequence

from data.message.numbers import PROTESTERS, Found, words_before, words_behind
from data.schema import UNKNOWN

_NEAR = re.compile(
    r"\b(?:near|nearby|opposite|next to|next door to|behind|by|beside|close to|(?:round|around) the corner from|across (?:the road )?from|towards|to|past|between"
    r"|(?:taken|took|driven) (?:\w+ ){0,3}to|meet(?:ing)? (?:at|outside)|met (?:at|outside))\s+(?:the |a |an |our |my )?(?:\w+ ){0,1}$",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|isn't|wasn't|never) (?:at |in |on |a |an |the ){0,2}$", re.IGNORECASE)
# In this order; a word that is part of a longer one above is taken by that one.
_SETTINGS = (
    (
        "reporting centre",
        r"reporting cent(?:re|er)s?|lunar house|becket house|eaton house|signing cent(?:re|er)|(?:when|while|after|went to|going to|at) (?:he |she |they )?(?:were |was )?sign(?:ing|ed)(?: on| in)?(?= at| with|\b)",
    ),
    ("other", r"regist(?:er|ry) office|community centre|gp surgery|food ?bank|place of worship"),
    # Taken out, so that the shorter words in them are not read.
    ("", r"home office|home sec\w*|police stations?|petrol stations?|fire stations?|polling stations?|post offices?|open house|house music|coming home|go(?:ing|es)? home|went home|home time|home town|at home with|took (?:him|her|them) home|supermarket car park|power stations?|way home|bus routes?"),
    (
        "workplace",
        r"car ?wash(?:es)?|restaurants?|take-?aways?|nail (?:bar|salon|shop)s?|barber(?:s|'s)?(?: ?shop)?s?|hairdressers?|(?:hair |beauty )?salons?|caf(?:e|é)s?|coffee shop|kitchens?|factory|factories|warehouses?"
        r"|building sites?|construction sites?|corner shop|(?:kebab|chicken|phone|vape|betting|chip|fish|clothes|grocery|food) shops?|shops?|super-?markets?|minimarkets?|butcher'?s?|baker(?:y|ies)|pub|garage|care homes?|nursing home|off[ -]licen[cs]e"
        r"|launderettes?|laundrettes?|workplaces?|work ?sites?|at work|grocer(?:y|s|ies)|greengrocers?|offices?|depot|hotel kitchen|cash and carry|bar staff|work ?shop|tailors?|dark kitchens?|pizzeria|curry house|brick lane curry|premises|businesses|business",
    ),
    (
        "transport",
        r"(?:on|at|in) (?:the |a )?(?:tube|underground|overground|dlr|tram|train|bus)\b|bus (?:stops?|stations?|garage)|(?:tube|train|railway|rail|overground|underground|dlr|coach|tram|underground) (?:stations?|stops?|platforms?)|stations?|(?:on|off) (?:the |a )?(?:number )?[a-z]?\d{1,3} bus|tube|(?:ticket )?barriers|ticket (?:hall|office)",
    ),
    ("market", r"(?:street |covered |indoor |food |flower |fruit )?markets?(?: stalls?| traders?)?|market stall\w*|stall ?holders?"),
    (
        "home",
        r"(?:home|house|flat) raids?|raid(?:ed|ing)? (?:on )?(?:a |an |his |her |their |my |our |someone's |somebody's )?(?:\w+ )?(?:home|house|flat|hostel|homes|flats)|(?:a|his|her|their|my|our|one|someone's|somebody's|neighbour's|family|families'?|the) (?:shared |council |private |family |family's |tower block |top floor |ground floor |basement )?(?:home|house|flat|hostel|apartment|bedsit|bedroom|block of flats)"
        r"|blocks? of flats|residential (?:address|street|building|block|road)|asylum (?:hotel|accommodation|hostel)|hmo|house ?share|shared house|hostels?|council estate flat|at home|people's homes|private homes?|front door of (?:a|the|his|her|their) \w+",
    ),
    (
        "street",
        r"(?:stopp(?:ed|ing)|check(?:ed|ing)|question(?:ed|ing)|harass(?:ed|ing)|grabb(?:ed|ing)|id checks?|asking) (?:\w+ ){0,5}?(?:on|in|along|down) the (?:street|road|pavement|high street|high road)|street (?:stops?|checks?|raids?|operation)|(?:stop|checks?|raid) (?:on|in) the street|delivery (?:riders|drivers) (?:stopped|checked|being)|stopp(?:ed|ing) (?:delivery|deliveroo|uber\w*|moped|food) (?:riders|drivers|couriers)|moped (?:stop|checks?)",
    ),
    ("other", r"church(?:es)?|mosque|temple|gurdwara|schools?|college|university|hospital|wedding|library|court ?house"),
)  # fmt: skip
_SETTING_PATTERNS = tuple(
    (value, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for value, words in _SETTINGS
)

_STOPPED = re.compile(
    r"\b(?:chased (?:them |the (?:vans?|officers|cops|raid) |immigration (?:enforcement )?)?(?:off|away|out)|chased (?:immigration|the home office|officers|enforcement|the van|the officers|them out)"
    r"|(?:raid|raids|they|operation|visit) (?:was |were |has been |have been |got |successfully |been |is )*(?:stopped|prevented|called off|abandoned|thwarted|resisted|seen off|turned away|chased off|cancelled|blocked|foiled|halted)(?! (?:a|the|people|him|her|his|our|some|two|three|everyone|every|at|traffic|outside|on|in)\b)"
    r"|(?:stopped|prevented|blocked|thwarted|halted|foiled|saw off|turned back|resisted) (?:the|a|this|an|another|today's|this morning's) (?:\w+ )?(?:raid|operation|arrests?|removal|detention|visit)"
    r"|(?:forced|made|got|pushed) (?:them|officers|the officers|immigration(?: enforcement)?|the (?:vans?|home office|cops)) (?:to (?:leave|go|retreat|abandon|give up|turn)|out|back|away)"
    r"|(?:turned|sent|drove|seen) (?:them|officers|the officers|immigration|the vans?) (?:away|off|back|packing|out)"
    r"|(?:they|officers|immigration|vans?|home office|enforcement) (?:\w+ )?(?:gave up|backed (?:off|down)|retreated|turned (?:back|around)))\b",
    re.IGNORECASE,
)
# That they left with nobody says that nobody was taken, and not that anybody prevented it.
_LEFT_WITH_NOBODY = re.compile(
    r"\b(?:(?:left|leave|leaving|drove off|drove away|went|go|gone|going|went away|came away) (?:away )?(?:empty[ -]handed|with (?:nobody|no-?\s?one|nothing|an empty van|empty vans)|without (?:taking |arresting |detaining |getting )?(?:anyone|anybody|a single person))|empty[ -]handed)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:(?:people|workers?|man|woman|men|women|someone|somebody|staff|guys?|lads?|neighbours?|some|several|a few|many|drivers?|riders?|persons?|he|she|they(?:'ve)?|brother|father|mother|husband|wife|chef|cook|owner|family|families|couple|others|friend|resident|tenant|student|colleague)"
    r"(?: (?:\w+ ){0,2}?)(?:was|were|been|being|got|have been|has been|is|are)\s+(?:\w+ )?(?:taken(?! (?:to hospital|out|home))|arrested|detained|nicked|snatched|bundled|led away|dragged|lifted)"
    r"|(?:arrested|detained|nicked|snatched|took away|taken away|taking away|grabbed|bundled|dragged(?: out| off| away)?) (?:him|her|them|someone|somebody|people|a|an|my|our|his|several|some|many|workers?|staff|the (?:man|woman|workers?|owner|chef|cook|family|couple|staff|driver|guys?|lads?|men|women))"
    r"|(?:took|taken|taking) (?:him|her|someone|somebody|people|several(?: people)?|some(?: people)|my \w+|our (?:neighbour|friend|colleague|co-?worker)s?|a (?:man|woman|worker|person|guy|lad|neighbour|chef|cook|driver|rider|student)|the (?:man|woman|workers?|owner|chef|cook|family|couple))"
    r"|made (?:some |several |a few |multiple |many )?(?:an )?arrests?|arrests (?:were )?made|several arrests|(?:people|someone|somebody|workers|man|woman) (?:arrested|detained|taken(?! (?:out|to hospital|home)))|got (?:him|her|them)"
    r"|(?:was|were|been|got|being) (?:\w+ )?(?:arrested|detained|nicked)|(?:stopped|checked|questioned) (?:and|&) (?:then )?(?:arrested|detained|nicked|taken away)"
    r"|(?:my|our|his|her|their) (?:\w+ )?\w+ (?:was|were|got|has been|have been) taken(?! (?:to hospital|out|home|over|care|in by)))\b",
    re.IGNORECASE,
)
_NO_RAID = re.compile(
    r"\b(?:(?<!no )(?<!not )(?<!not a )(?<!n't a )false alarm|no (?:immigration |home office )?raids?|(?:not|never|was ?n'?t|is ?n'?t) (?:actually )?(?:an? )?(?:immigration |home office )?raid"
    r"|raid (?:did(?: not|n'?t) happen|never happened))\b",
    re.IGNORECASE,
)
# "No raids here since May, until today" and "no raid should go unanswered" tell of another.
_SINCE = re.compile(
    r"\b(?:since|until|till|like (?:this|it)|for (?:weeks|months|years|ages|a (?:week|month|year|while))|in (?:weeks|months|years|ages)"
    r"|but\b.*\braid\w*|no raids? (?:is|are|should|shall|will|can|without|goes|go|ever|that))\b",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(r"(?:was|were|been|got|being)\b", re.IGNORECASE)
_LET_GO = re.compile(
    r"\b(?:(?:was|were|been|being|got|is|are|all|both|eventually|finally|then|and|but|had to be|now|to be|him|her|them|people|everyone|man|woman|worker|workers) (?:\w+ )?(?:released|let go|freed|de-?arrested|set free)"
    r"|^(?:both |all |they )?(?:released|let go|freed)|(?<=, )(?:both |all )?(?:released|let go|freed)"
    r"|(?:forced|made|got) (?:\w+ ){1,3}?(?:to )?(?:release|free|let (?:\w+ ){1,2}go)"
    r"|(?:released|freed|de-?arrested) (?:him|her|them|everyone|everybody|the (?:man|woman|men|workers?|people|two|three|guys?|lads?)|both|all|our|my|people)"
    r"|let (?:him|her|them|everyone|everybody|both|all of them|the (?:man|woman|men|workers?|people|two|three)|our \w+) go)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:on |immigration )?bail(?:ed)?\b|\breleased from (?:detention|the detention|custody|hospital)|\breleased (?:a |the )?(?:few )?(?:days?|next day|weeks?|following)|\bpress release|\breleased a statement",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"(?:\b(?:tried|trying|tries|attempt\w*|want\w*|threaten\w*|hoping|planning|about|going|failed|unable|refus\w+) (?:to |for )(?:\w+ )?"
    r"|\b(?:might|may|could|would|if|whether|nearly|almost|never|not|nobody|no one|none|no|should|stop|stopped|prevent\w*|avoid\w*|without|before they could|until they|demand\w*|calling for|call for|unless)\b(?:(?!\b(?:but|after|because|when)\b)[^,.;]){0,22}|n't (?:\w+ ){0,3})$",
    re.IGNORECASE,
)

_POLICE = re.compile(
    r"\b(?:police(?:men|man|woman|women)?|cops?|the met|met officers|met police|btp|tsg|coppers?|feds|police vans?)\b",
    re.IGNORECASE,
)
_NOT_POLICE_THERE = re.compile(
    r"\bpolice (?:stations?|custody|cells?|violence|brutality|state|bail|powers|complaints?|act|bill)\b|\b(?:immigration|border) police\b"
    r"|\b(?:call(?:ed|ing)?|rang|ring(?:ing)?|phone[ds]?|tell|told|report(?:ed)? (?:it )?to|like|dressed (?:like|as)|looked like|thought (?:it|they) (?:was|were)|complain\w* to|look like) (?:the )?(?:police|cops)\b|\bpolice,? or\b|\bpolice[- ]style\b"
    r"|\b(?:no police force|wait(?:ing)? for (?:the )?police)\b",
    re.IGNORECASE,
)
_NO_POLICE = re.compile(
    r"\b(?:no (?:sign of )?(?:the )?(?:police|cops|met)|not (?:the )?(?:police|cops|met(?: police)?)|without (?:any )?(?:the )?(?:police|cops)|(?:police|cops|the met) (?:were|was|are|is)(?: not|n't)(?: there| present| involved| here)?|(?:police|cops) (?:did(?: not|n't) (?:come|turn up|attend|show)|never (?:came|turned up|showed)|absent|not (?:there|present|involved))|(?:isn't|wasn't|weren't|aren't) (?:the )?(?:police|cops))\b",
    re.IGNORECASE,
)

_RESPONSE = re.compile(
    r"\b(?:crowds?|protest(?:s|ed|ing|e?ors?|ers?)?|resisted|resistance|resist(?:s|ing)? (?:the|a|this|it|them|being)|block(?:ed|ing|aded?|ade) (?:the |their |its |a |in |them|off )?(?:the |enforcement |immigration |home office )?(?:vans?|road|street|car|vehicles?|exit|way|raid|doors?|officers|in|them|arrest)|surround(?:ed|ing)|neighbou?rs (?:\w+ ){0,2}(?:came|gathered|out|intervened|blocked|stood|refused|forced|challenged|shouted|filmed|stopped|surrounded|turned up)"
    r"|locals (?:\w+ ){0,2}(?:came|gathered|out|intervened|blocked|stood|forced|challenged|shouted|filmed|stopped|surrounded|turned up)|people (?:\w+ ){0,2}(?:gathered|came out|came down|intervened|blocked|surrounded|resisted|turned out|showed up|challenged|sat down|chanting|shouting)|(?:chanting|sat (?:down )?in front of|linked arms|sit-?in|sitting in front)|(?:community|neighbourhood|street|locals|residents) (?:\w+ )?(?:came (?:out|together)|turned out|responded|response|intervened|resist\w*|stopped|blocked|stood)|chased (?:them|immigration|the|officers|off|away|out)"
    r"|(?:people|we|folks|members|volunteers|legal observers|activists|campaigners|supporters|bystanders|passers-?by) (?:\w+ ){0,2}(?:challeng(?:ed|ing)|film(?:ed|ing)|gave out|giving out|handed out|intervened|blocked|sat|gathered|stopped|resisted|monitored|monitoring|observed|leafleted|surrounded))\b",
    re.IGNORECASE,
)
_NO_RESPONSE = re.compile(
    r"\b(?:no (?:response|crowd|resistance|protest|one (?:came|responded|intervened|was around|there to)|community response)|nobody (?:came|responded|intervened|was around to|could get there)|(?:no-?one|nobody) (?:of us )?(?:got|made it) there(?: in time)?|too late to (?:respond|intervene|do anything)|by the time (?:we|anyone|people) (?:got|arrived))\b",
    re.IGNORECASE,
)


def find_setting(sentences: Sequence[str]) -> str:
    """The kind of place, where the message names one and only one; words for what is merely near are passed over."""
    found = set()
    for sentence in sentences:
        rest = sentence
        for value, pattern in _SETTING_PATTERNS:
            for match in pattern.finditer(rest):
                before = rest[: match.start()]
                if value and not _NEAR.search(before) and not _NOT.search(before):
                    found.add(value)
            rest = pattern.sub(" ; ", rest)
    # "Stopped people on the street outside the station" happened in the street; a shop in a market is both and neither.
    return found.pop() if len(found) == 1 else UNKNOWN


def find_outcome(stated: Sequence[str], numbers: Found, has_response: bool) -> str:
    """
    How it ended, from statements without questions.

    'unknown' where the message does not say, says two things that cannot both be true, or says that people were let go
    but nothing of anybody who responded.
    """
    has_left = _says(_LEFT_WITH_NOBODY, stated)
    is_stopped = _says(_STOPPED, stated) or (has_left and has_response)
    is_taken = bool(numbers.detained) or says_taken(stated)
    is_let_go = numbers.released != 0 and (bool(numbers.released) or _says(_LET_GO, stated))
    is_let_go = is_let_go and not any(map(_LATER.search, stated))
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
        not _UNSURE.search(sentence[: match.start()])
        and not PROTESTERS.search(_subject(match, sentence) + match[0] + words_behind(match, sentence))
        for sentence in stated
        for match in _TAKEN.finditer(sentence)
    )


def _subject(match: re.Match, sentence: str) -> str:
    """Who was taken, if the match itself does not say it: "protesters sat down and were arrested"."""
    if _VERB_FIRST.match(match[0]):
        return sentence[: match.start()]
    return words_before(match, sentence)


def says_no_raid(stated: Sequence[str]) -> bool:
    """Whether statements say that there was no raid: a false alarm."""
    return any(_NO_RAID.search(sentence) and not _SINCE.search(sentence) for sentence in stated)


def find_police(stated: Sequence[str], answers: Collection[str] = ()) -> str:
    """Whether police were there besides immigration officers, from statements and from 'yes' or 'no' behind a key."""
    told = [_NOT_POLICE_THERE.sub(" ", sentence) for sentence in stated]
    is_denied = "no" in answers or any(map(_NO_POLICE.search, told))
    is_said = "yes" in answers or any(_POLICE.search(_NO_POLICE.sub(" ", sentence)) for sentence in told)
    if is_said == is_denied:
        return UNKNOWN
    return "yes" if is_said else "no"


def find_response(stated: Sequence[str], numbers: Found, answers: Collection[str] = ()) -> str:
    """Whether people intervened, monitored or protested, from statements and from 'yes' or 'no' behind a key."""
    is_denied = numbers.crowd == 0 or "no" in answers or any(map(_NO_RESPONSE.search, stated))
    is_said = (
        bool(numbers.crowd)
        or "yes" in answers
        or _says(_RESPONSE, [_NO_RESPONSE.sub(" ; ", sentence) for sentence in stated])
    )
    if is_said == is_denied:
        return UNKNOWN
    return "yes" if is_said else "no"


def _says(pattern: re.Pattern, sentences: Sequence[str]) -> bool:
    return any(
        not _UNSURE.search(sentence[: match.start()])
        for sentence in sentences
        for match in pattern.finditer(sentence)
    )
