"""A pasted message cut into sentences, without what is not about the raid."""

import re

_SENTENCE_END = re.compile(
    r"(?<![0-9])[.](?=\s|$)|(?<=[0-9])[.](?=\s+(?:[A-Z]|(?!am\b|pm\b|hrs?\b|hours?\b|mins?\b)[a-z-]{3})|\s*$)|[!…\n;]+|(?<=\?)"
)

# A raid is past; these speak of what is to come, and what is to come is never a record.
_TO_COME = re.compile(
    r"\b(?:tomorrow|tmrw|tmr|next (?:week|month|time|mon|tue|wed|thu|fri|sat|sun)\w*|join us|come along|come down (?:to|at)|see you"
    r"|meeting|workshop|training|vigil|fundraiser|save the date|rsvp|register here|will be (?:holding|meeting|protesting)"
    r"|(?:might|may|could|will|going to) be (?:a |an |another )?(?:immigration |home office )?raids?|raids? (?:might|may|could|will) "
    r"|rumou?rs? (?:of|about|that)|(?:expecting|expected|planned|possible|potential) (?:a |an |another )?raids?"
    r"|(?:demo|protest|rally|picket) (?:is |will be )?(?:on|at|outside)\b(?=.*\b(?:\d|noon|midday)))",
    re.IGNORECASE,
)
# Days that are remembered are other days.
_REMEMBERED = re.compile(r"\b(?:years? ago|anniversary|on this day)\b", re.IGNORECASE)
# Another raid than the one the message is about, up to the end of the clause.
_ELSEWHERE = re.compile(
    r"(?:^|[\s,(-])(?:(?:just |much |exactly )?(?:like|similar to|unlike|same as|as with|reminds me of|not like)"
    r"(?: what happened| they did| we did| we saw)?(?: (?:in|at|to|on))?(?: (?:the|that|those))?"
    r"(?: (?:one|ones|raid|raids|time|other|last|big))*\b(?=\s+(?:in|at|on|to|last|yesterday|from|we|they|[A-Z]))"
    r"|(?:there (?:was|were|has been) )?(?:another|a different|a previous|an earlier|a separate|other|previous|earlier|last) raids?\b"
    r"|after (?:the|a|that|last|yesterday's|two) (?:\w+ )?raids?\b(?= (?:in|at|on))"
    r"|remember (?:the|when|what|how)|(?:they|it) (?:did|happened) (?:the same|this|it) (?:in|at|last|before)"
    r"|as (?:they|we|it) (?:did|happened) (?:in|at)|compared (?:to|with))[^,.!?;)\n]*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\bgood (?:morning|afternoon|evening|night)\b"
    r"|^\W*(?:hi |hello |hey )?(?:morning|afternoon|evening)\b(?=\s*(?:all|everyone|everybody|folks|friends|comrades|team|both|,|!|$))",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """
    The sentences that tell of the raid: without greetings, what is still to come, and raids elsewhere.

    A question keeps its question mark, so that it can be told from a statement.
    """
    told = []
    for piece in _SENTENCE_END.split(text):
        sentence = _GREETING.sub(" ", (piece or "").strip())
        if sentence.strip() and not _TO_COME.search(sentence) and not _REMEMBERED.search(sentence):
            told.append(_ELSEWHERE.sub(" ", sentence).strip())
    return [sentence for sentence in told if sentence]


def is_question(sentence: str) -> bool:
    """Whether a sentence asks, so that nothing in it is known."""
    return sentence.rstrip().endswith("?")
