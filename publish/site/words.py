"""The site's words in a language: English in the templates, others in one file each under locale/."""

from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"
# Begun, and not yet read by anybody who speaks it: the pages say so.
UNREAD = ("ar",)
# Which pages a language that was begun has; every other link goes to the English one.
PAGES_BEGUN = ("rights",)


class Words(NullTranslations):
    """Translations read from a file of translators, without compiling it."""

    def __init__(self, messages: dict[str, str]):
        super().__init__()
        self._messages = messages

    def gettext(self, message: str) -> str:
        """The message in the language, or as it is where nobody has translated it."""
        return self._messages.get(message) or message


def words_of(language: str) -> Words:
    """The words of a language; English is what the templates say."""
    path = LOCALE / language / "LC_MESSAGES" / "site.po"
    if not path.exists():
        return Words({})
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return Words(
        {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
    )


def direction_of(language: str) -> str:
    """'ltr' or 'rtl'."""
    return Locale.parse(language).text_direction


def name_of(language: str) -> str:
    """What a language calls itself."""
    return Locale.parse(language).get_display_name()
