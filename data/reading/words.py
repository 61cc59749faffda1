"""Words of a file turned into the closed lists of the schema, by an exact table of synonyms."""

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np

from data.reading.distinct import Distinct, is_blank
from data.reading.headings import normalise
from data.schema import CONFIDENCES, OUTCOMES, SETTINGS, SOURCE_KINDS, UNKNOWN, YES_NO_UNKNOWN

CLOSED_LISTS: dict[str, tuple[str, ...]] = {
    "setting": SETTINGS,
    "outcome": OUTCOMES,
    "police_present": YES_NO_UNKNOWN,
    "community_response": YES_NO_UNKNOWN,
    "source_kind": SOURCE_KINDS,
    "confidence": CONFIDENCES,
}

_YES_NO = {
    "yes": ("y", "true", "t", "1", "x", "si", "oui", "present", "definitely", "yeah", "yep", "yes they did"),
    "no": ("n", "false", "f", "0", "none", "absent", "not present", "nope", "nobody", "no one", "nil"),
}  # fmt: skip

# Field -> value of the closed list -> words read as it, after `normalise`. Exact: "arrested" is here, "may have been
# arrested" is not, and becomes unknown. A word that could mean two values is left out on purpose.
SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "setting": {
        "home": (
            "house", "flat", "residential", "residence", "residential address", "home address", "private home",
            "private address", "domestic", "dwelling", "private residence", "house or flat", "private dwelling", "hmo",
            "housing", "hostel", "asylum accommodation", "accommodation", "hotel room", "home raid", "house raid",
        ),
        "workplace": (
            "work", "work place", "business", "business premises", "commercial", "commercial premises", "restaurant",
            "takeaway", "take away", "cafe", "coffee shop", "shop", "off licence", "convenience store", "supermarket",
            "store", "nail bar", "nail salon", "barber", "barbers", "barber shop", "barbershop", "hairdresser",
            "hairdressers", "salon", "car wash", "carwash", "hand car wash", "factory", "warehouse", "building site",
            "construction site", "construction", "care home", "office", "offices", "hotel", "pub", "bar", "kitchen",
            "bakery", "butcher", "butchers", "garage", "farm", "place of work", "employment", "worksite", "work site",
            "cleaning company", "licensed premises", "workplace raid", "food business", "retail", "catering",
            "chicken shop", "kebab shop", "betting shop", "bookies", "corner shop", "newsagent", "newsagents", "grocery",
            "grocers", "phone shop", "vape shop", "launderette", "laundrette", "dry cleaners", "massage parlour",
        ),
        "street": (
            "on street", "on the street", "in the street", "public place", "road", "pavement", "street stop",
            "street check", "stop on street", "outdoors", "outside", "public highway", "park", "estate", "car park",
            "delivery rider", "delivery riders", "courier", "couriers",
        ),
        "transport": (
            "station", "train station", "railway station", "tube", "tube station", "underground",
            "underground station", "overground", "bus", "bus stop", "bus station", "train", "rail", "railway", "dlr",
            "tram", "tram stop", "coach", "coach station", "public transport", "transport hub", "airport", "port",
            "transport network",
        ),
        "market": ("street market", "market stall", "market stalls", "market place", "marketplace", "covered market"),
        "reporting centre": (
            "reporting center", "home office reporting centre", "reporting", "reporting center home office",
            "immigration reporting centre", "lunar house", "eaton house", "becket house", "signing",
            "signing on", "signing centre", "home office building",
        ),
        "other": (
            "others", "something else", "elsewhere", "place of worship", "mosque", "church", "temple", "gurdwara",
            "school", "college", "university", "hospital", "gp surgery", "register office", "registry office",
            "wedding", "court", "community centre", "educational", "religious", "medical",
        ),
    },
    "outcome": {
        "people detained": (
            "detained", "person detained", "someone detained", "somebody detained", "people arrested", "arrested",
            "arrest", "arrests", "arrest made", "arrests made", "arrest s", "person arrested", "someone arrested",
            "1 detained", "one detained", "1 arrested", "one arrested", "one person detained",
            "one person arrested", "taken", "people taken", "someone taken", "taken away", "detention", "detentions",
            "people were detained", "people were arrested", "detained people", "arrested people", "successful raid",
            "taken to detention", "taken to a detention centre",
        ),
        "released after community response": (
            "released", "let go", "people released", "person released", "released after protest",
            "released after resistance", "released after community resistance", "released after crowd",
            "dearrested after crowd", "de arrested after crowd", "de arrested", "dearrested", "de arrest", "freed",
            "people freed", "people let go", "released by crowd", "freed by crowd", "released after intervention",
            "released after community intervention", "van blocked and people released", "released to crowd",
            "detained then released after community response", "let go after protest", "let go after crowd",
        ),
        "prevented": (
            "stopped", "raid stopped", "raid prevented", "prevented raid", "raid was stopped", "raid was prevented",
            "officers left", "officers left empty handed", "left empty handed", "they left", "vans left", "van left",
            "enforcement left", "immigration left", "chased off", "chased away", "seen off", "turned away", "blocked",
            "raid blocked", "abandoned", "raid abandoned", "called off", "raid called off", "resisted successfully",
            "successfully resisted", "officers turned away", "officers gave up", "prevented by community", "thwarted",
        ),
        "no arrests": (
            "no arrest", "no arrest s", "no one arrested", "nobody arrested", "noone arrested", "none arrested",
            "no one detained", "nobody detained", "noone detained", "none detained", "no one taken",
            "nobody taken", "noone taken", "none taken", "no detentions", "no detention", "no people detained",
            "nobody was taken", "nobody was arrested", "nobody was detained", "no one was taken",
            "no one was arrested", "no one was detained", "not arrested", "not detained", "no arrests made",
            "no arrest made", "0 arrests", "zero arrests", "0 arrested", "0 detained", "nothing found", "nil",
            "no action", "no further action", "nfa", "a no further action disposal", "nothing found no further action",
            "nfad",
        ),
    },
    "police_present": {
        "yes": (
            *_YES_NO["yes"], "police", "police present", "met", "met police", "metropolitan police", "police there",
            "with police", "police attended", "btp", "british transport police", "police were there",
            "tsg", "pcso", "pcsos",
        ),
        "no": (*_YES_NO["no"], "no police", "without police", "police not present", "immigration only"),
    },
    "community_response": {
        "yes": (
            *_YES_NO["yes"], "resisted", "resistance", "protest", "protested", "intervened", "intervention", "crowd",
            "monitored", "people intervened", "blocked", "people protested", "witnesses", "filmed",
        ),
        "no": (*_YES_NO["no"], "no response", "no resistance", "no protest", "no crowd", "no intervention"),
    },
    "source_kind": {
        "group report": (
            "group", "own", "own log", "our group", "our log", "our own", "local group", "group log", "member", "members",
            "volunteer", "volunteers", "witness", "eyewitness", "eye witness", "bystander", "phone line", "hotline",
            "whatsapp", "signal", "first hand", "firsthand", "in person", "called in", "text", "phone call", "report",
            "whats app", "whatsapp group", "whats app group", "signal group", "sms", "text message", "texts",
        ),
        "press": (
            "newspaper", "newspapers", "news", "media", "local press", "national press", "local paper", "paper", "tv",
            "news site", "news website", "article", "news article", "radio", "journalist", "newspaper article",
            "local news", "press report",
        ),
        "campaign": (
            "campaign group", "campaign site", "activist", "activists", "activist site", "social media", "twitter", "x",
            "facebook", "instagram", "blog", "ngo", "charity", "campaigners", "leaflet", "network",
        ),
        "government": (
            "gov", "govt", "home office", "police", "council", "official", "foi", "freedom of information",
            "local authority", "immigration enforcement", "press release", "gov uk", "court", "licensing",
            "metropolitan police service", "metropolitan police", "city of london police", "british transport police",
        ),
        "parliament": (
            "hansard", "mp", "mps", "house of commons", "house of lords", "parliamentary question",
            "written question", "committee",
        ),
    },
    "confidence": {
        "high": (
            "certain", "sure", "very sure", "confirmed", "verified", "definite", "h", "yes", "strong", "very high",
            "well sourced", "100", "100 percent", "true",
        ),
        "medium": ("med", "mid", "m", "moderate", "fairly sure", "likely", "probable", "probably", "average", "fair"),
        "low": (
            "unsure", "not sure", "unconfirmed", "not confirmed", "unverified", "not verified", "rumour", "rumor", "l",
            "possible", "possibly", "weak", "very low", "doubtful", "uncertain", "no", "false", "hearsay", "maybe",
        ),
    },
}  # fmt: skip

# As SYNONYMS, for what is or may be somebody's name too: firms, papers, groups, places, and words of other languages. Kept
# apart, since every word in SYNONYMS is taken for one of the log's, and never again for a name.
_CUISINES = (
    "afghan", "african", "albanian", "bangladeshi", "brazilian", "caribbean", "chinese", "colombian", "eritrean",
    "ethiopian", "ghanaian", "indian", "italian", "japanese", "korean", "kurdish", "latin american", "lebanese", "nigerian",
    "pakistani", "persian", "polish", "portuguese", "romanian", "somali", "sri lankan", "syrian", "thai", "turkish",
    "vietnamese",
)  # fmt: skip
_LINES = (
    "bakerloo", "central", "circle", "district", "elizabeth", "hammersmith and city", "jubilee", "metropolitan",
    "northern", "piccadilly", "victoria",
)  # fmt: skip
_REMOVAL_CENTRES = (
    "colnbrook", "harmondsworth", "yarls wood", "brook house", "tinsley house", "heathrow irc", "gatwick irc", "derwentside",
    "dungavel", "campsfield", "an irc", "irc", "immigration removal centre", "an immigration removal centre",
)  # fmt: skip
_YES_NO_ELSEWHERE = {
    "yes": ("sim", "tak", "evet", "da", "haa", "haan", "ja", "po"),
    "no": ("nao", "nie", "hayir", "nu", "non", "nej", "nee", "nein", "nahi", "nahin"),
}
NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "setting": {
        "workplace": (
            "lidl", "aldi", "asda", "tesco", "tesco express", "tesco metro", "sainsburys", "sainsburys local", "morrisons",
            "waitrose", "iceland", "co op", "coop", "kfc", "mcdonalds", "mc donalds", "nandos", "burger king", "greggs",
            "pret", "starbucks", "costa", "wickes", "b and q", "screwfix", "primark", "amazon warehouse", "william hill",
            "ladbrokes", "paddy power", "betfred",
            *(f"{cuisine} {kind}" for cuisine in _CUISINES for kind in ("restaurant", "cafe", "shop", "takeaway")),
        ),
        "street": ("deliveroo", "uber eats", "ubereats", "just eat", "deliveroo riders", "deliveroo rider"),
        "transport": (
            "thameslink", "london overground", "gatwick", "gatwick airport", "heathrow", "heathrow airport",
            "luton airport", "stansted", "stansted airport", "city airport", "london city airport",
            "victoria coach station", *(f"{line} line" for line in _LINES),
        ),
        "other": ("irc", "immigration removal centre", "removal centre", "detention centre"),
    },
    "outcome": {"people detained": tuple(f"taken to {centre}" for centre in _REMOVAL_CENTRES)},
    "police_present": _YES_NO_ELSEWHERE | {
        "yes": (
            *_YES_NO_ELSEWHERE["yes"], "kent police", "essex police", "surrey police", "hertfordshire police",
            "thames valley police", "city police", "city of london police",
        ),
    },
    "community_response": _YES_NO_ELSEWHERE,
    "source_kind": {
        "press": (
            "bbc", "bbc news", "bbc london", "guardian", "observer", "independent", "mirror", "daily mirror", "daily mail",
            "telegraph", "metro", "reuters", "al jazeera", "big issue", "itv", "itv news", "itv london", "sky news",
            "channel 4", "channel 4 news", "lbc", "novara", "novara media", "open democracy", "opendemocracy",
            "morning star", "socialist worker", "byline times", "evening standard", "london standard", "my london",
            "mylondon", "london centric", "south london press", "news shopper", "camden new journal", "ham and high",
            "islington tribune", "islington gazette", "hackney gazette", "hackney citizen", "southwark news",
            "newham recorder", "east london advertiser", "inside croydon", "croydon advertiser", "brixton blog",
            "brixton buzz", "peckham peculiar", "waltham forest echo", "enfield dispatch", "haringey community press",
        ),
        "campaign": (
            "ig", "insta", "tik tok", "tiktok", "telegram", "bluesky", "blue sky", "mastodon", "reddit", "nextdoor", "fb",
            "you tube", "youtube", "tweet", "facebook post", "facebook group", "instagram post", "insta post", "larn",
            "anti raids", "anti raids network", "london anti raids network", "uvw", "united voices of the world", "iwgb",
            "irmo", "jcwi", "soas detainee support", "bid", "bail for immigration detainees", "migrants organise",
            "right to remain", "detention action", "medical justice", "lgsmigrants", "no borders", "lawrs", "netpol",
            "docs not cops", "movement for justice",
        ),
    },
}  # fmt: skip

# The value where the file has no such column or leaves the cell empty. `source_kind` and `confidence` have no
# "unknown": a log is a group's own and of middling confidence unless it says otherwise.
DEFAULTS = {
    "setting": UNKNOWN,
    "outcome": UNKNOWN,
    "police_present": UNKNOWN,
    "community_response": UNKNOWN,
    "source_kind": "group report",
    "confidence": "medium",
}


def _lookup_table(field: str) -> dict[str, str]:
    # The list's own words always work, whatever the synonyms say.
    return _by_word(SYNONYMS[field]) | {normalise(value): value for value in CLOSED_LISTS[field]}


def _by_word(synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {normalise(word): value for value, words in synonyms.items() for word in words}


# "2 arrested" is "arrested"; "0 arrested" stands in the table.
_LEADING_NUMBER = re.compile(
    r"^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many|some)"
    r" (?:people |persons |person |men |man |women |woman |workers |worker |were |was )*"
)
# "arrest?" asks; it reads as its word only where a mapping says so.
DOUBT = "?"
_TICKS = {"✓": "yes", "✔": "yes", "☑": "yes", "✗": "no", "✘": "no", "☒": "no"}

LOOKUP = {field: _lookup_table(field) for field in CLOSED_LISTS}
_WITH_NAMES = {field: _by_word(NAMES.get(field, {})) | table for field, table in LOOKUP.items()}


def read_words(
    field: str, cells: Distinct, by_hand: Mapping[str, str], default: str
) -> tuple[np.ndarray, Counter[str]]:
    """
    The values of one closed list for every row, and the words that are not in it.

    Parameters
    ----------
    field
        A key of `CLOSED_LISTS`.
    cells
        The column.
    by_hand
        Normalised word -> value, from a mapping; goes before the synonyms.
    default
        For empty cells and for words nobody knows.

    Returns
    -------
    values
        int32, one per row: position in `CLOSED_LISTS[field]`.
    unknown_words
        Word -> rows that hold it. Contents of the file: to be kept in memory only.
    """
    allowed = CLOSED_LISTS[field]
    table = _WITH_NAMES[field] | dict(by_hand)
    rows = cells.rows_per_text()
    values = np.empty(len(cells.texts), np.int32)
    unknown_words: Counter[str] = Counter()
    for number, text in enumerate(cells.texts):
        value = _value_of(text, by_hand if DOUBT in text else table)
        if value is None:
            value = default
            if not is_blank(text) and rows[number]:
                unknown_words[text] += int(rows[number])
        values[number] = allowed.index(value)
    return cells.spread(values), unknown_words


def _value_of(text: str, table: Mapping[str, str]) -> str | None:
    word = normalise(_TICKS.get(text, text))
    forms = (word, word.removeprefix("the "), _LEADING_NUMBER.sub("", word))
    return next((table[form] for form in forms if form in table), None)
