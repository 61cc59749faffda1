"""Text made plain: one kind of letters, quotes and blanks."""

import re
import unicodedata

# A message is short; what stands farther back is another one.
LONGEST_MESSAGE = 10_000

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"}
)
# "Sat. 14/11" and "14 Nov. 2025" are one day each; their dot ends no sentence.
_DAY_CUT_SHORT = re.compile(
    r"\b(?P<name>(?:Mon|Tues?|Weds?|Thurs?|Thu|Fri|Sat|Sun)(?=\.\s+(?:the )?\d{1,2}(?:st|nd|rd|th|/|\s+[A-Z][a-z]{2}))"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?=\.\s+(?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\d\d\b))\."
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
