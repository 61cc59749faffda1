"""Clock times as they are said, "half past six", made digits."""

import re

HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
COUNTED = {name: number for number, name in enumerate(HOURS, start=1)}
HOUR_WORD = "|".join(HOURS)
# Behind a time that was said, and may lie in either half of the day; "6:30" in digits is on the 24-hour clock.
EITHER_HALF = "°"

_NUMBER = rf"(?:\d{{1,2}}|{HOUR_WORD})"
_MINUTES = {
    "five": 5, "ten": 10, "fifteen": 15, "quarter": 15, "1/4": 15, "twenty": 20, "twenty five": 25, "thirty": 30, "half": 30,
    "thirty five": 35, "forty": 40, "forty five": 45, "fifty": 50, "fifty five": 55, "oh five": 5,
}  # fmt: skip
_WORDS = "|".join(sorted((word.replace(" ", "[ -]") for word in _MINUTES), key=len, reverse=True))
# "Half seven" is half past seven, as here, and not the half before. "10 to 6" may be a range: only minutes that are no hour,
# or that are called minutes, are read so in digits.
_PAST = re.compile(
    rf"\b(?:(?P<half>half)[ -](?:past[ -])?|(?:a )?(?:(?P<word>{_WORDS})(?: ?(?:minutes?|mins?))?"
    rf"|(?P<digits>\d{{1,2}}) ?(?:minutes?|mins?)|(?P<bare>\d{{1,2}})(?= past )|(?P<late>2[05])(?= to ))"
    rf" (?P<side>past|after|gone|to|before|till) )(?P<hour>{_NUMBER})(?!\d|[:.]\d|(?! ?[ap]m\b)\w)",
    re.IGNORECASE,
)
_THEN_MINUTES = re.compile(
    rf"\b(?P<hour>{HOUR_WORD})[ -](?P<minutes>{_WORDS})(?= ?(?:[ap]m\b|o'?clock|ish|$|[,.;)?])| in the | at night| this )",
    re.IGNORECASE,
)
_THEN_HALF = re.compile(rf"\b({HOUR_WORD})(?= ?(?:[ap]m\b|o'? ?clock\b))", re.IGNORECASE)


def say_in_digits(text: str, no_time: re.Pattern | None = None) -> str:
    """
    A text with its spoken times in digits, each with `EITHER_HALF` behind it.

    Parameters
    ----------
    no_time
        What behind "half six" shows that it is none, as in "half six people".

    >>> say_in_digits("about quarter to seven this morning, half five am, six pm")
    'about 6:45° this morning, 5:30° am, 6° pm'
    """

    def past(match: re.Match) -> str:
        if no_time and no_time.match(match.string, match.end()):
            return match[0]
        word = (match["word"] or "").replace("-", " ").lower()
        minutes = 30 if match["half"] else _MINUTES.get(word)
        if minutes is None:
            minutes = int(match["digits"] or match["bare"] or match["late"])
        hour = _hour(match["hour"])
        if not 1 <= hour <= 12 or minutes > 59:
            return match[0]
        if (match["side"] or "").lower() in ("to", "before", "till"):
            hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
        return f"{hour}:{minutes:02}{EITHER_HALF}"

    def then_minutes(match: re.Match) -> str:
        minutes = _MINUTES[match["minutes"].replace("-", " ").lower()]
        return f"{_hour(match['hour'])}:{minutes:02}{EITHER_HALF}"

    text = _THEN_MINUTES.sub(then_minutes, _PAST.sub(past, text))
    return _THEN_HALF.sub(lambda match: f"{_hour(match[1])}{EITHER_HALF}", text)


def _hour(text: str) -> int:
    return COUNTED.get(text.lower()) or int(text)
