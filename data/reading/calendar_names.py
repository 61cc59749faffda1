"""The names of months and weekdays, once for all that reads or writes them."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# A name or how it is cut short, in small letters; nothing of a word may go on behind it.
MONTH = (
    r"(?:jan(?:uary)?|febr?(?:uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nes(?:day)?)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"(?![a-z])\.?"
)


def month_number(name: str) -> int:
    """
    The number of a month, from its name in any letters, whole or cut short.

    >>> month_number("Sept."), month_number("jan")
    (9, 1)
    """
    return _position(MONTHS, name) + 1


def weekday_number(name: str) -> int:
    """
    The position of a weekday, from its name in any letters, whole or cut short; Monday is 0.

    >>> weekday_number("Weds")
    2
    """
    return _position(WEEKDAYS, name)


def _position(names: tuple[str, ...], written: str) -> int:
    return next(number for number, name in enumerate(names) if name.lower().startswith(written.lower()[:3]))
