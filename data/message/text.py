"""A pasted message made plain: one kind of letters, quotes and blanks, cut into sentences, without what is not about the raid."""

import re
import unicodedata

# A message is short; what stands farther back is another one.
LONGEST_MESSAGE = 10_000

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"}
)
_SENTENCE_END = re.compile(r"(?<![0-9])[.](?=\s|$)|(?<=[0-9])[.](?=\s+[A-Z]|\s*$)|[!…\n;]+|(?<=\?)")

# "Sat. 14/11" and "14 Nov. 2025" are one day each; their dot ends no sentence.
_DAY_CUT_SHORT = re.compile(
    r"\b(?P<name>(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat|Sun)(?=\.\s+(?:the )?\d{1,2}(?:st|nd|rd|th|/|\s+[A-Z][a-z]{2}))"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?=\.\s+(?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\d\d\b))\."
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


def clean(text: str) -> str:
    """The text in plain letters; emoji and invisible letters become blanks or go, line ends stay."""
    cut = unicodedata.normalize("NFKC", text[:LONGEST_MESSAGE]).translate(_QUOTES)
    kept = []
    for letter in cut:
        category = unicodedata.category(letter)
        if category in ("Cf", "Mn", "Me"):
            continue
        if letter in "\n\r\u2028\u2029\x0b\x0c\x85":
            kept.append("\n")
        elif category[0] in "ZC" or category in ("So", "Sk"):
            kept.append(" ")
        else:
            kept.append(letter)
    plain = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", "".join(kept), flags=re.IGNORECASE)
    # The dot of "c. 6am" ends no sentence.
    plain = re.sub(r"\b(?:c|ca|approx)\.\s*(?=\d)", "about ", plain, flags=re.IGNORECASE)
    return _DAY_CUT_SHORT.sub(r"\g<name>", re.sub(r"[ \t]+", " ", plain))


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
