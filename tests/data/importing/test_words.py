import pyarrow as pa
import pytest

from data.importing.distinct import distinct
from data.importing.headings import normalise
from data.importing.words import CLOSED_LISTS, DEFAULTS, SYNONYMS, read_words


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
        normalise(word) for value in SYNONYMS[field].values() for word in dict.fromkeys(map(normalise, value))
    ]
    assert len(words) == len(set(words))
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


def test_lists_without_unknown_fall_back_on_their_default():
    assert read("source_kind", "", "my cousin") == (["group report"] * 2, {"my cousin": 1})
    assert read("confidence", "", "quite") == (["medium"] * 2, {"quite": 1})
