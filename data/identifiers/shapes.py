"""
The shapes of what identifies somebody: telephone numbers, addresses of every kind, handles, registrations and references.

Each is a pattern and, where that alone would take dates, figures or places too, a function that looks at what it found.
"""

import re
from collections.abc import Callable

import phonenumbers

from data.identifiers.names import fold, is_english, is_seldom, log_words, place_words
from data.identifiers.word_lists import words_of

OFFICER = "an officer's name or number"
PHONE = "a phone number"
EMAIL = "an e-mail address"
HANDLE = "a handle"
WEB = "a web address"
VEHICLE = "a vehicle registration"
INSURANCE = "a National Insurance number"
HOME_OFFICE = "a Home Office reference"
NHS = "an NHS number"
ADDRESS = "a street address"
DOCUMENT = "the number of a document or an account"
SPOT = "a code of one spot"


def _any_of(*patterns: str) -> re.Pattern:
    return re.compile("|".join(patterns), re.IGNORECASE)


_TLD = (
    r"(?:com|org|net|info|biz|co|uk|london|eu|io|app|dev|xyz|online|site|shop|live|link|news|blog|social|chat|page|space"
    r"|club|cafe|ie|scot|wales|cymru|gov|edu|mil|fr|de|es|pt|nl|pl|ro|bg|gr|ru|ua|cz|sk|hu|se|fi|dk|ch|cn|jp|kr|vn|br|mx|ar"
    r"|au|nz|ca|za|ng|gh|ke|tz|ug|et|pk|bd|lk|np|ph|tr|ir|sa|ae|eg|tv|cc|ly|gg|gl|tk|ml|ga|cf|pw|top|help|support|fyi|wtf)"
)
# "arroba" and "punto", "malpa" and "kropka" say them in the languages of London.
_AT = r"(?:@|[(\[{<]\s*(?:at|@)\s*[)\]}>]|\s+(?:arroba|ma[lł]pa)\s+)"
_DOT = r"(?:\.|[(\[{<]\s*(?:dot|\.)\s*[)\]}>]|\s+(?:dot|punto|ponto|punct|kropka|nokta)\s+)"
# What stands before the sign is sought from its last letter on: from its first, a long run of letters was read again from each of them.
_EMAIL = _any_of(
    rf"[\w.+%-]\s*{_AT}\s*\w[\w-]*(?:\s*{_DOT}\s*\w[\w-]*)+",
    r"\w[.+-]*(?:\s+at\s+|\s+@\s*|_at_)\w[\w-]*(?:\s*(?:[(\[{<]\s*dot\s*[)\]}>]|\s+dot\s+|_dot_)\s*\w[\w-]*)+",
    rf"\w[.+-]*\s+at\s+\w[\w-]*(?:\.\w[\w-]*)*\.(?:{_TLD}|me|us|in|it|is|to|im|am|at|be|so|id)\b",
    r"\bmailto\s*:",
)
_MAY_BE_EMAIL = re.compile("@|at|arroba|ma[lł]pa", re.IGNORECASE)

_WEB = _any_of(
    r"\b[a-z][a-z+]{2,9}\s*:\s*/\s*/|\bhxxps?\b",
    r"\bwww\d?\s*(?:\.|[(\[]\s*(?:\.|dot)\s*[)\]]|\s+dot\s)\s*\w",
    rf"(?<![\w@])[a-z0-9](?:[\w-]*[a-z0-9])?(?:\s?[(\[]\s?(?:\.|dot)\s?[)\]]\s?|\.)(?:[\w-]+(?:[(\[](?:\.|dot)[)\]]|\.)){{0,6}}{_TLD}\b(?![\w-])",
    rf"\b[a-z][\w-]+(?:\s+dot\s+[\w-]+)*\s+dot\s+{_TLD}\b",
    r"\b[a-z][\w-]*(?:\.[a-z][\w-]*){0,6}\.[a-z]{2,12}/\S",
)

_APPS = r"insta(?:gram)?|telegram|signal|whats\s?app|twitter|snap(?:chat)?|tik\s?tok|facebook|face\s?book|discord|kik|we\s?chat|bluesky|mastodon|threads|linkedin|viber|skype"
_HANDLE = _any_of(
    r"(?<![\w@])@[a-z_][\w.]+",
    r"\b(?:t|telegram)\.me\s*/\s*\S|\b(?:insta|instagram|facebook|fb|twitter|x|tiktok|snapchat|threads|linkedin)\.com\s*/\s*\S",
    rf"\b(?:{_APPS}|ig|fb|tg|wa|x|dm|user\s?name|handle|account)\s*(?:[:=]|\bis\b|-)\s*@?\w[\w.]{{2,}}",
    rf"\b(?:{_APPS}|ig|fb|tg)\s+@?(?=\w*[\d_.])[a-z_]\w[\w.]*\w\b",
    rf"(?<![\w@])(?![a-z]{{1,2}}\d{{1,2}}[a-z]?\s)(?=[a-z._]*[\d_.])[a-z_][\w.]*\w\s+(?:on|at)\s+(?:{_APPS}|ig|fb|tg|wa)\b",
    r"\b(?:t|telegram)\s*(?:\.|[(\[]?\bdot\b[)\]]?)\s*me\b|\bdot\s+\w+\s+(?:forward\s+)?slash\s+\w",
    r"\b\w{2,}#\d{4}\b",
)
# "wechat id janeok"
_APP_ID = re.compile(
    rf"\b(?:{_APPS}|line|ig|fb|tg)\s+(?:id|user\s?name|name|account|handle)\s*[:=]?\s*@?([a-z]\w{{2,}})",
    re.IGNORECASE,
)
# One word behind an app's name: its handle, unless it is a word.
_APP_AND_WORD = re.compile(rf"^\W*(?:{_APPS}|ig|fb|tg)\s+@?([a-z]\w{{2,}})\W*$", re.IGNORECASE)
_WORD_ON_APP = re.compile(rf"^\W*@?([a-z]{{3,}})\s+on\s+(?:{_APPS}|ig|fb|tg)\W*$", re.IGNORECASE)

# What stands between the parts of a number, when somebody sets it out or would hide it.
_BETWEEN = r"[\s./_,|*·=-]{0,3}"
_INSURANCE = _any_of(
    rf"(?<![A-Z0-9])[A-Z]{{2}}{_BETWEEN}(?:\d{{2}}{_BETWEEN}\d{{2}}{_BETWEEN}\d{{2}}|\d{{3}}{_BETWEEN}\d{{3}}){_BETWEEN}[A-D](?![A-Z0-9])",
    r"\b(?:nino|ni|national insurance)\b\W*(?:no|number|num)?\W*[A-Z]{2}\W?\d{2}\W?\d{2}\W?\d{2}",
)

_FREEDOM = re.compile(
    r"\b(?:FOI|EIR|IR|SAR|FOIA)(?:\s*(?:ref(?:erence)?|request|no|number)\b)?\W{0,3}[\w/-]*\d[\w/-]*",
    re.IGNORECASE,
)
_HOME_OFFICE = _any_of(
    r"(?<![A-Z0-9])[A-Z][\s.-]?(?:\d{7}|\d{4}[\s.-]\d{3})(?:\s?[/-]\s?\d{1,3})?(?![A-Z0-9])",
    r"(?<![A-Z0-9])[A-Z]{2}[\s-]?\d{7}(?![A-Z0-9])|(?<![A-Z0-9])Z[A-Z]X\d{6}(?![A-Z0-9])",
    r"\b(?:case|client|user)\b\W*(?:refs?\b|no\b|number|num\b|id\b)?[\s.:#=-]*\d{6,}",
    r"\bHO\s?(?:[/:#-]|ref\w*)\s?\W*[A-Z0-9/-]*\d[\w/-]*",
    r"\bGWF[\s:#-]*\d{6,10}\b|\bIHS[\s:#-]*[A-Z0-9]*\d{6,}\b|\bUAN\b\W*\d{4}",
    r"(?<![\d-])\d{4}([\s-])\d{4}\1\d{4}\1\d{4}(?![\d-])",
    r"\b(?:cid|case\s?id|person\s?id|atlas|casework|home\s?office|port|arc|asf|nass|bail|brp|h\.?o\.?|crs|eurodac|ucas|evisa|visa)\s*(?:card\s*)?"
    r"(?:refs?\b|reference|no\b|number|num\b|id\b)?[\s.:#=-]*(?:no\.?\s*)?[A-Z]{0,4}[\s/-]?\d[\d/ -]{3,}[A-Z0-9]*",
    r"(?<![A-Z0-9/])(?!FOI|EIR)[A-Z]{3}/(?:\d{2}/\d{3,7}|\d{5,9})(?:/[A-Z])?(?![A-Z0-9])",
    r"\b(?:HU|EA|DA|PA|IA|RP|LP|DC|UI)[/-]\d{4,6}[/-](?:19|20)\d{2}\b",
)

# Passports, cards and licences by their words; national numbers of Poland, Romania and others; accounts.
_DOCUMENT = _any_of(
    r"\b(?:passport|id(?:entity)?\s+card|(?:driv(?:ing|er'?s)\s+)?licen[cs]e|residence\s+permit|visa|pesel|cnp|bsn|nie|dni|curp|cpf|aadhaar"
    r"|tax\s+(?:id|code|number)|utr|iban|swift|bic|account|acct?|a/c|sort\s*code|card)\b\W{0,3}(?:(?:no|number|num|nr)\b)?[\s.:#=-]*(?:is\s+)?"
    r"[A-Z]{0,5}[ -]?\d(?:[ -]?[A-Z]?\d){4,}[A-Z0-9]*",
    r"\b[A-Z]{2}\d{2}\s?(?:[A-Z]{4}|\d{4})\s?(?:\d{4}\s?){2,5}\d{0,4}\b",
    r"\b[A-Z]{5}\d{6}[A-Z0-9]{2}\d[A-Z]{2}\b",
    r"\bsort\s*code\W{0,3}\d{2}[\s-]?\d{2}[\s-]?\d{2}\b",
)
_PLUS_CODE = re.compile(
    r"(?<!\w)(?=[0-9+]*[CFGHJMPQRVWX])(?:[2-9CFGHJMPQRVWX]{4})?[2-9CFGHJMPQRVWX]{4}\+[2-9CFGHJMPQRVWX]{2,3}(?!\w)",
    re.IGNORECASE,
)
_THREE_WORDS = re.compile(
    r"(?:(///)\s?|(?<![\w./]))([a-z]{3,})\.([a-z]{3,})\.([a-z]{3,})(?![\w./])", re.IGNORECASE
)

_RANK = (
    r"(?:T/|A/|TDC|)(?:PC|PCSO|WPC|SPC|DC|DS|DI|DCI|PS|Insp|HMI|CIO|IO|AIO|HEO|ICE\s+officer|immigration\s+officer|enforcement\s+officer"
    r"|police\s+officer|chief\s+immigration\s+officer|officer|sgt|sergeant|inspector|constable|superintendent|supt)"
)
_OFFICER_NUMBER = _any_of(
    rf"(?<![\w/]){_RANK}(?:\b|(?=\d))\.?\s*(?:no\b\.?|number|num\b|\#|:|-)?\s*\(?(?:[A-Z]{{1,3}}\s?)?\d{{2,7}}(?:\s?[A-Z]{{1,3}})?\b",
    r"\b(?:shoulder|collar|warrant|badge|epaulette|officer|lapel|warrant\s+card|id)\s*(?:card\s*)?(?:numbers?|nos?\b\.?|num\b|\#|:|ids?\b)+\W*(?:is\s+|was\s+)?"
    r"(?=[A-Z]*\s?\d)[A-Z0-9]{1,3}\s?[A-Z0-9]*",
    r"\b(?:shoulder|collar|warrant|epaulette|badge)\s+[A-Z]{0,3}\s?\d{2,7}[A-Z]{0,3}\b",
)
_OFFICER_NAME = re.compile(
    rf"(?<![\w/]){_RANK}\b\.?\s*(?:named?\b|called|:|-)?\s*((?:[A-Za-z]\.?\s+){{0,2}}[^\W\d_](?:[^\W\d_]|['’-])+)",
    re.IGNORECASE,
)
_STREET_RANKS = re.compile(r"(?:constable|sergeant|inspector)\b", re.IGNORECASE)
# In a text all in capitals only these are surely ranks.
_SHORT_RANKS = re.compile(r"^(?:T/|A/)?(?:PC|PCSO|WPC|DC|DS|DI|DCI|PS|HMI|CIO|IO|AIO|SGT)\b")

_LETTERS = r"[A-HJ-PR-Y]"
_PLATES = (
    # since 2001; until 2001; until 1983
    rf"(?P<now>{_LETTERS}{{2}}[\s._-]?\d{{2}}[\s._-]?[A-HJ-PR-Z]{{3}})",
    r"(?P<prefix>[A-HJ-NPR-TV-Y][\s-]?\d{1,3}[\s-]?[A-HJ-PR-Y]{3})",
    r"(?P<suffix>[A-HJ-PR-Y]{3}[\s-]?\d{1,3}[\s-]?[A-HJ-NPR-TV-Y])",
    # Northern Ireland; before 1963
    r"(?P<irish>[A-HJ-Z]?(?:[A-HJ-Z][IZ]|[IZ][A-HJ-Z])[\s-]?\d{3,4})",
    r"(?P<dateless>[A-Z]{3}[\s-]?\d{3}|\d{3}[\s-]?[A-Z]{3})",
)
_PLATE = re.compile(rf"(?<![A-Za-z0-9/.£#-])(?:{'|'.join(_PLATES)})(?![A-Za-z0-9/-])", re.IGNORECASE)
# Sign by sign: "L M 2 2 A B C".
_PLATE_SPELT = re.compile(
    r"(?<!\w)(?:[A-Z]([\s._-])[A-Z]\1\d\1\d(?:\1[A-Z]){3}|[A-Z]([\s._-])(?:\d\2){1,3}[A-Z]\2[A-Z]\2[A-Z])(?!\w)",
    re.IGNORECASE,
)
_PLATE_NAMED = re.compile(
    r"\b(?:reg(?:istration)?|vrm|vrn|number\s?plate|licen[cs]e\s?plate|plates?|index)\b\s*(?:no\b|number|mark)?[\s.:#=-]*(?:is\s+|was\s+)?"
    r"(?=[A-Z0-9 ]*\d)(?=[0-9 ]*[A-Z])[A-Z0-9]{1,4}[\s-]?[A-Z0-9]{1,4}\b",
    re.IGNORECASE,
)
# "plate ends KTE"
_PLATE_PART = re.compile(
    r"\b(?:reg(?:istration)?|number\s?plate|licen[cs]e\s?plate|plates?|vrm)\b\s*(?:that\s+)?(?:ends?|ending|begins?|beginning|starts?|starting|finish(?:es|ing))"
    r"(?:\s+(?:in|with|on))?\W{0,3}(?-i:[A-Z0-9]{2,4}|[A-Z] [A-Z0-9] [A-Z0-9])\b",
    re.IGNORECASE,
)
# With a letter for a figure: "LB2I XYZ".
_PLATE_LOOK_ALIKE = re.compile(
    rf"(?<![A-Za-z0-9/.£#-]){_LETTERS}{{2}}((?:\d[IOZSLB]|[IOZSLB]\d))[\s._-]?[A-HJ-PR-Z]{{3}}(?![A-Za-z0-9/-])"
)
_MOST_DIGITS = 3  # of a registration of before 2001
_DATE_OR_TIME = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01]))?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d{2}|\d{2}))(?![-/.]?\d)(?:T(?=\d))?"
    r"|(?<![\d.])\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?!\d)"
)
# Behind "07313-" it is no decimal but the rest of a number.
_DECIMAL = re.compile(r"(?<![\d.])(?<!\d-)(?:-|(?<!\d[ \t]))(?:0|[1-9]\d{0,2})\.\d+(?![\d.])")
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\s*)?[(\[]?\s*(?:\+\s*)?\d(?:[\s().\[\]/_,~*|=·-]{0,3}\d){8,15}(?!\d)|(?<=[a-zA-Z])0(?:[\s().-]{0,3}\d){9,10}(?!\w)"
)
_PHONE_NAMED = re.compile(
    r"\b(?:tel(?:ephone)?|ph(?:one)?|mob(?:ile)?|cell|call|ring|text|sms|fax|whats\s?app|wa|signal|contact)\b[\s.:#=@-]*(?:no\b\.?|number|on|me|her|him|them|us)?[\s.:#=-]*"
    r"[+(]?\d(?:[\s().-]{0,3}\d){5,}",
    re.IGNORECASE,
)
_NHS = re.compile(r"(?<![\w.])(\d{3})[\s.-]{0,3}(\d{3})[\s.-]{0,3}(\d{4})(?![\w.]?\d)")
_NHS_NAMED = re.compile(r"\bnhs\b\W*(?:no|number|num)?\W*\d(?:[\s.-]?\d){9}\b", re.IGNORECASE)

_STREET = (
    r"(?:street|str|st|road|rd|lanes?|ln|avenue|avenues|ave|av|close|cl|crescent|cresc|cres|drive|dr|gardens?|gdns|grove|gr|hill|mews"
    r"|park|place|pl|rise|row|square|sq|terrace|terr?|walk|way|yard|court|ct|crt|parade|pde|path|passage|broadway|bridge|circus|common"
    r"|embankment|end|estate|est|fields?|gate|green|heath|highway|hwy|market|mount|quay|side|vale|view|villas?|village|wharf|woods?|arcade|alley"
    r"|approach|arches|buildings?|bldgs?|causeway|chase|cottages?|croft|cross|dene|downs?|house|hse|mansions?|lodge|tower|point|heights|loop|mead|meadows?|mill"
    r"|oval|orchard|parkway|plaza|promenade|ridge|shaw|strand|tunnel|viaduct|wall|works|boulevard|blvd|cut|turnpike|walks|ways|wynd|bank|crossing|corner|ford)"
)
# Between a number and a street these show that the number counts something else.
_NOT_A_STREET = (
    r"(?:people|persons?|men|man|women|woman|workers?|officers?|police|vans?|cars?|vehicles?|arrests?|arrested|detained|taken|released|times?|minutes?|mins?"
    r"|hours?|hrs?|days?|weeks?|months?|years?|o'?clock|am|pm|metres?|meters?|m|km|miles?|yards|of|in|on|at|by|near|from|to|and|or|others?|more|were|was|outside|along|off"
    r"|around|about|behind|opposite|raids?|visits?|bus(?:es)?|shops?|flats|houses|homes|doors|floors?|january|february|march|april|may|june|july|august|september"
    r"|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|to|the|x)"
)
_HOUSE = re.compile(
    rf"(?<![\w.:/£$#])(?P<number>\d{{1,4}})\s?[a-h]?(?:\s?[-/&+]\s?\d{{1,4}}[a-h]?)?,?\s+(?!{_NOT_A_STREET}\b)"
    rf"(?:[^\W\d_][\w'’.-]*\s+(?!{_NOT_A_STREET}\b)){{1,4}}?{_STREET}\b\.?(?!\s*['’]s)",
    re.IGNORECASE,
)
_HOUSE_BEHIND = re.compile(
    r"\b(?:[^\W\d_][\w'’.-]*\s+){1,3}?(?:street|road|lanes?|avenue|close|crescent|drive|gardens|grove|mews|terrace|st|rd|ave|ln|cl|cres|gdns|dr)\s*,?\s*(?:n[or]\.?\s*|number\s*|numero\s*|#\s*)?\d{1,3}\s?[a-h]?\s*(?=$|[,;(])",
    re.IGNORECASE,
)
# What may stand before a number that is no house's.
_BEFORE_NO_HOUSE = re.compile(
    r"(?:\b(?:bus|route|night|line|platform|exit|gate|junction|jct|terminal|zone|ward|band|top|tfl|stop|stand|tram|phase|sector|grid|tq|over|about|approx|circa|c|around"
    r"|some|nearly|only|all|with)\.?|\b[A-Z]{1,2}\d{1,2}[A-Z]?(?:\s\d[A-Z]{2})?|\d)\W*$",
    re.IGNORECASE,
)
_FLAT = _any_of(
    r"\b(?:flat|flt|apartment|apt|maisonette|penthouse|bedsit|studio|suite|unit|room|rm|shop|stall|kiosk|arch|railway\s+arch|pitch|block|plot|house|door|floor|hotel\s+room)"
    r"\s*(?:no\b\.?|number|num\b|\#|:)?\s*\d{1,4}\s?[a-z]?\b(?!\s*(?:people|persons?|men|women|officers?|arrests?|vans?|times?|of|am|pm|:))",
    r"\b(?:flat|apartment|apt|maisonette)\s+(?:no\b\.?\s*)?[a-h]\b(?!\w)",
    r"\b(?:(?:first|second|third|fourth|fifth|top|ground|upper|lower|1st|2nd|3rd|\dth)[\s-]+floor|basement|garden)\s+(?:flat|maisonette)\b\W+(?:of\s+|at\s+)?(?:no\.?\s*)?\d",
    r"(?:\b(?:n[or]|number|num|numero)\b\.?|\#)\s*\d{1,4}\s?[a-h]?,?\s+(?:[^\W\d_][\w'’.-]*\s+){1,4}?"
    + _STREET
    + r"\b",
    r"\bP\.?\s?O\.?\s*box\s*\d",
)
# "flat twelve"
_FLAT_SPELT = re.compile(
    r"\b(?:flat|flt|apartment|apt|maisonette|suite|unit|room|house)\s+(?:no\b\.?\s*|number\s+)?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[\s-]\w+)?)\b(?!\s*(?:people|persons?|men|women|officers?|arrests?|vans?|times?|of|others?))",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?<=\d)(?=[A-Z][a-z]{2,}\s)")  # "298Rye Lane"
# A house with its letter and the beginning of a street: "14a, Rye".
_HOUSE_ALONE = re.compile(r"^\W*\d{1,4}\s?[a-h]\s?,\s*([^\W\d_]{3,})", re.IGNORECASE)
_YEARS = range(1990, 2036)


def shape_in(text: str) -> str | None:
    """
    What kind of identifier a text holds, known by its shape; None if there is none. Names have none.

    Parameters
    ----------
    text
        As `tidy` of `data/identifiers/identifiers.py` returns it.
    """
    return next((kind for kind, is_in in _FINDERS if is_in(text)), None)


def _has_email(text: str) -> bool:
    return bool(_MAY_BE_EMAIL.search(text)) and bool(_EMAIL.search(text))


def _has_web(text: str) -> bool:
    return ("." in text or "/" in text or "dot" in text.lower() or "hxxp" in text.lower()) and bool(
        _WEB.search(text)
    )


def _has_handle(text: str) -> bool:
    if _HANDLE.search(text):
        return True
    if found := _APP_AND_WORD.match(text) or _WORD_ON_APP.match(text) or _APP_ID.search(text):
        return not is_english(fold(found[1]))
    return False


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _has_digits(text: str, least: int) -> bool:
    return sum(map(str.isdigit, text)) >= least


def _without_dates_and_decimals(text: str) -> str:
    return _DECIMAL.sub(" ; ", _DATE_OR_TIME.sub(" ; ", text))


def _has_phone(text: str) -> bool:
    if not _has_digits(text, 6):
        return False
    text = _without_dates_and_decimals(text)
    return any(_is_phone(found[0]) for found in _PHONE.finditer(text)) or bool(_PHONE_NAMED.search(text))


def _is_phone(written: str) -> bool:
    digits = _digits(written)
    if "+" in written or digits.startswith("00"):
        number = "+" + digits.removeprefix("00")
    elif digits.startswith("0") and 10 <= len(digits) <= 12:
        # "(0)" is left in: 440 20 7946 0018
        number = digits
    elif digits.startswith("44") and 11 <= len(digits) <= 13:
        number = "+" + digits
    elif digits.startswith("7") and len(digits) == 10:
        # A spreadsheet takes a mobile's zero away.
        number = "0" + digits
    else:
        return False
    number = number.replace("+440", "+44")
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "GB"))
    except phonenumbers.NumberParseException:
        return False


def _has_nhs_number(text: str) -> bool:
    if not _has_digits(text, 10):
        return False
    plain = _without_dates_and_decimals(text)
    return bool(_NHS_NAMED.search(plain)) or any(
        _is_nhs("".join(found.groups())) for found in _NHS.finditer(plain)
    )


def _is_nhs(digits: str) -> bool:
    """By its check digit: weights 10 to 2, modulo 11."""
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9]) and check != 10 and len(set(digits)) > 1


def _has_insurance_number(text: str) -> bool:
    return _has_digits(text, 6) and bool(_INSURANCE.search(text))


def _has_home_office_reference(text: str) -> bool:
    return _has_digits(text, 4) and bool(_HOME_OFFICE.search(_FREEDOM.sub(" ", text)))


def _has_officer(text: str) -> bool:
    return bool(_OFFICER_NUMBER.search(text)) or any(map(_is_officer, _OFFICER_NAME.finditer(text)))


def _is_officer(found: re.Match) -> bool:
    """Whether a rank stands before a name: 'PC Smith', 'officer Okafor'; not 'officers left' or 'Constable Crescent'."""
    name = found[1].split()[-1]
    word = fold(name)
    if found[0].upper().startswith("PC ") and word in words_of("no surnames"):
        # "PC World"
        return False
    is_short = bool(_SHORT_RANKS.match(found[0]))
    if word in log_words() and not (is_short and name.istitle()):
        return False
    if word in place_words() and _STREET_RANKS.match(found[0]):
        return False
    if not is_english(word):
        return True
    if found.string.isupper():
        return is_short
    return name[0].isupper() or is_seldom(word)


def _has_plate(text: str) -> bool:
    if _has_part_of_plate(text):
        return True
    if not _has_digits(text, 1):
        return False
    return bool(_PLATE_NAMED.search(text) or _PLATE_SPELT.search(text)) or any(
        map(_is_plate, _PLATE.finditer(text))
    )


def _has_part_of_plate(text: str) -> bool:
    return bool(_PLATE_PART.search(text)) or any(
        sum(map(str.isdigit, found[1])) == 1 and not is_english(fold(found[0]))
        for found in _PLATE_LOOK_ALIKE.finditer(text)
    )


def _is_plate(found: re.Match) -> bool:
    written = found[0]
    letters = re.findall(r"[A-Za-z]+", written)
    is_whole = found.string.strip() == written
    if found["now"]:
        is_code = re.match(r"[A-Za-z]{2}[._]?\d{2}", written) is not None
        if not is_code:
            # "on 12 jun", "AT 10 THE"
            return not _is_word(letters[-1]) and not _is_word(letters[0])
        # "se15 bus" is a district and a word.
        is_place = letters[0].lower() in words_of("areas of London") and not written.isalnum()
        return written.isupper() or not (is_place and _is_word(letters[-1]))
    is_old = found["prefix"] or found["suffix"]
    if is_old and written.isupper() and (written.isalnum() or len(_digits(written)) == _MOST_DIGITS):
        return True
    if any(run.lower() in words_of("words no plate has") for run in letters):
        return False
    if found["dateless"]:
        # Before 1963, and too like anything else to be told from a small-letter word with its number.
        return written.replace(" ", "").isupper() and not any(map(_is_word, letters))
    if found["irish"]:
        return written.isupper() or is_whole
    if is_old:
        return not any(_is_word(run) for run in letters if len(run) == 3) or (written.isupper() and is_whole)
    return True


def _is_word(letters: str) -> bool:
    return is_english(letters.lower())


def _has_address(text: str) -> bool:
    if not _has_digits(text, 1) and not re.search(
        r"\b(?:flat|flt|apartment|apt|maisonette|suite|unit|room|house)\b", text, re.IGNORECASE
    ):
        return False
    if _FLAT.search(text) or _FLAT_SPELT.search(text):
        return True
    plain = _GLUED.sub(" ", _DATE_OR_TIME.sub(" ; ", text))
    if (found := _HOUSE_ALONE.match(plain)) and fold(found[1]) not in log_words():
        return True
    return any(map(_is_house, _HOUSE.finditer(plain))) or bool(_HOUSE_BEHIND.search(plain))


def _is_house(found: re.Match) -> bool:
    if int(found["number"]) in _YEARS or found["number"] == "0":
        return False
    return not _BEFORE_NO_HOUSE.search(found.string[: found.start()])


def _has_document(text: str) -> bool:
    return _has_digits(text, 5) and bool(_DOCUMENT.search(_without_dates_and_decimals(text)))


def spot_in(text: str) -> str | None:
    """What a text holds that is one spot on the map: a plus code, or three words with stops between; None if nothing."""
    return SPOT if _PLUS_CODE.search(text) or any(map(_is_three_words, _THREE_WORDS.finditer(text))) else None


def _is_three_words(found: re.Match) -> bool:
    """Whether it is no file's name: of three words at most one is the log's, a place's or a group's."""
    plain = log_words() | place_words() | words_of("group words") | words_of("words of any group")
    words = [word.lower() for word in found.groups()[1:]]
    return bool(found[1]) or (sum(word in plain for word in words) < 2 and all(map(is_english, words)))


_FINDERS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (EMAIL, _has_email),
    (HANDLE, _has_handle),
    (WEB, _has_web),
    (INSURANCE, _has_insurance_number),
    (DOCUMENT, _has_document),
    (NHS, _has_nhs_number),
    (PHONE, _has_phone),
    (HOME_OFFICE, _has_home_office_reference),
    (OFFICER, _has_officer),
    (VEHICLE, _has_plate),
    (ADDRESS, _has_address),
)
