"""A pasted message cut into sentences, without what is not about the raid."""

import re

from data.reading.phrases import any_of, pattern

_SENTENCE_END = re.compile(
    # Not "one taken from no. 5".
    r"(?<![0-9])(?<!\bat no)(?<!from no)(?<!outside no)[.](?=\s|$)|(?<=[0-9])[.](?=\s+(?:[A-Z]|(?!am\b|pm\b|hrs?\b|hours?\b|mins?\b)[a-z-]{3})|\s*$)|[!…\n;]+|(?<=\?)"
)

# Where another raid is told of, up to the end of the clause.
_START, _TO_THE_END = r"(?:^|[\s,(-])", r"[^,.!?;)\n]*"


def sentences(text: str) -> list[str]:
    """
    The sentences that tell of the raid: without greetings, what is still to come, and raids elsewhere.

    A question keeps its question mark, so that it can be told from a statement.
    """
    told = []
    for piece in _SENTENCE_END.split(text):
        sentence = any_of("greeting").sub(" ", (piece or "").strip())
        if sentence.strip() and not any(
            pattern(group).search(sentence) for group in ("to_come", "remembered")
        ):
            told.append(any_of("elsewhere", _START, _TO_THE_END).sub(" ", sentence).strip())
    return [sentence for sentence in told if sentence]


def is_question(sentence: str) -> bool:
    """Whether a sentence asks, so that nothing in it is known."""
    return sentence.rstrip().endswith("?")
