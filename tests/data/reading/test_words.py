import pyarrow as pa
import pytest

from data.identifiers.names import first_names, log_words, names_person
from data.reading import headings
from data.reading.answers import distinct
from data.reading.headings import normalise
from data.reading.words import CLOSED_LISTS, DEFAULTS, NAMES, SYNONYMS, read_words


def read(field, *words, by_hand=None):
    positions, unknown = read_words(field, distinct(pa.array(words)), by_hand or {}, DEFAULTS[field])
    return [CLOSED_LISTS[field][position] for position in positions], unknown


@pytest.mark.parametrize("field", CLOSED_LISTS)
def test_the_lists_own_words_always_work(field):
    allowed = CLOSED_LISTS[field]
    assert read(field, *allowed, *(word.upper() for word in allowed)) == ([*allowed, *allowed], {})


@pytest.mark.parametrize("field", SYNONYMS)
def test_no_synonym_stands_for_two_values(field):
    words = [
        normalise(word)
        for table in (SYNONYMS[field], NAMES.get(field, {}))
        for value in table.values()
        for word in dict.fromkeys(map(normalise, value))
    ]
    assert len(words) == len(set(words))
    assert set(NAMES.get(field, ())) <= set(CLOSED_LISTS[field])
    assert set(SYNONYMS[field]) <= set(CLOSED_LISTS[field])


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Arrested", "people detained"),
        ("arrest made", "people detained"),
        ("Arrest", "people detained"),
        ("2 arrested", "people detained"),
        ("three people detained", "people detained"),
        ("Let go", "released after community response"),
        ("de-arrested after crowd", "released after community response"),
        ("Officers left", "prevented"),
        ("raid prevented", "prevented"),
        ("no arrest(s)", "no arrests"),
        ("Nobody taken", "no arrests"),
        ("0 arrested", "no arrests"),
        ("A no further action disposal", "no arrests"),
        ("", "unknown"),
        ("n/a", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_words_for_outcomes(word, outcome):
    assert read("outcome", word) == ([outcome], {})


@pytest.mark.parametrize(
    "word", ["may have been arrested", "Community resolution", "arrested or not", "arrest?", "Let go??"]
)
def test_a_word_outside_the_list_becomes_unknown_and_is_counted(word):
    assert read("outcome", word, "arrested", word) == (["unknown", "people detained", "unknown"], {word: 2})


def test_a_word_can_be_mapped_by_hand_even_against_its_synonym():
    by_hand = {"stop and account": "no arrests", "released": "people detained"}
    assert read("outcome", "Stop and account!", "released", by_hand=by_hand) == (
        ["no arrests", "people detained"],
        {},
    )


def test_a_word_with_a_question_mark_is_in_doubt_unless_mapped_by_hand():
    assert read("confidence", "high?", "?") == (["medium"] * 2, {"high?": 1})
    assert read("outcome", "seen off?", by_hand={"seen off": "prevented"}) == (["prevented"], {})


def test_yes_and_no_in_many_hands():
    assert read("police_present", "Y", "TRUE", "✓", "1", "no", "0", "", "?", "two vans")[0] == [
        *("yes",) * 4,
        *("no",) * 2,
        *("unknown",) * 3,
    ]


WRITTEN = {
    ("setting", "workplace"): (
        "Lidl", "Tesco Express", "Sainsbury's", "Sainsbury’s", "KFC", "McDonald's", "McDonalds", "Nando's", "William Hill",
        "Chicken shop", "kebab shop", "Betting shop", "Somali cafe", "Bangladeshi restaurant", "B&Q",
    ),
    ("setting", "street"): ("Deliveroo", "UberEats", "Delivery riders"),
    ("setting", "transport"): ("Thameslink", "Elizabeth line", "the Overground", "Gatwick", "Heathrow"),
    ("setting", "other"): ("IRC", "Immigration Removal Centre"),
    ("outcome", "people detained"): ("taken to Colnbrook", "Taken to Yarl's Wood", "taken to Brook House"),
    ("outcome", "no arrests"): ("NFA'd", "NFA’d"),
    ("police_present", "yes"): ("TSG", "PCSOs", "Kent police", "City police", "Sí", "sim", "evet", "tak", "ja", "po"),
    ("police_present", "no"): ("não", "nie", "hayır", "HAYIR", "nu", "non"),
    ("community_response", "yes"): ("sí", "oui", "da"),
    ("source_kind", "group report"): ("WhatsApp", "SMS", "Signal group"),
    ("source_kind", "press"): ("BBC", "The Guardian", "Novara Media", "Camden New Journal", "South London Press"),
    ("source_kind", "campaign"): ("IG", "TikTok", "Bluesky", "LARN", "UVW", "Anti-Raids Network", "Right to Remain"),
}  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRITTEN)
def test_words_of_many_hands(field, value):
    for word in WRITTEN[field, value]:
        assert read(field, word) == ([value], {}), word


@pytest.mark.parametrize(
    ("field", "word"), [("police_present", "TfL officers"), ("police_present", "HMRC"), ("setting", "the")]
)
def test_a_word_that_says_something_else_stays_unknown(field, word):
    assert read(field, word) == (["unknown"], {word: 1})


# Words of every day that somebody somewhere is called.
ALSO_FIRST_NAMES = {
    "are", "boro", "charity", "come", "else", "fair", "line", "lon", "london", "long", "made", "min", "nail", "nil", "one",
    "raid", "rail", "take", "the", "tram", "van", "you",
}  # fmt: skip


def test_no_word_of_the_tables_hides_a_first_name():
    texts = [word for field in SYNONYMS.values() for words in field.values() for word in words]
    texts += [word for words in headings.SYNONYMS.values() for word in words]
    tokens = {token for text in texts for token in normalise(text).split()}
    assert tokens & first_names() == ALSO_FIRST_NAMES


def test_names_that_are_read_stay_names():
    for token in ("william", "hill", "victoria", "elizabeth", "kent", "tak", "novara", "brook"):
        assert token not in log_words()
    for text in ("William Novara", "Elizabeth Tak"):
        assert names_person(text)


def test_lists_without_unknown_fall_back_on_their_default():
    assert read("source_kind", "", "my cousin") == (["group report"] * 2, {"my cousin": 1})
    assert read("confidence", "", "quite") == (["medium"] * 2, {"quite": 1})
