"""What identifies a person, a home or a workplace is seen in every shape that is listed; what does not is let through."""

import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geography.bundled import read_authorities, read_places, read_spellings
from data.identifiers.identifiers import (
    ADDRESS,
    DOCUMENT,
    EMAIL,
    HANDLE,
    HOME_OFFICE,
    INSURANCE,
    KINDS,
    NAME,
    NHS,
    OFFICER,
    PHONE,
    VEHICLE,
    WEB,
    identifier_in,
    identifier_in_place,
    identifier_in_word,
    identifiers_in,
    tidy,
)
from data.identifiers.shapes import SPOT
from data.reading import headings, words
from data.schema import OUTCOMES, SETTINGS

SEEN = {
    PHONE: (
        "07700 900123", "+44 7700 900123", "0044 7700 900123", "(020) 7946 0018", "020.7946.0018", "０７７００ ９００１２３",
        "0 7 7 0 0 9 0 0 1 2 3", "07700-900-123", "+44(0)1632 960 001", "call 07700900123 now", "7700900123", "٠٧٧٠٠٩٠٠١٢٣",
        "+48 601 234 567", "07\u200b700 900\u200b123", "44 7700 900123", "tel: 7946 0018", "[07700] 900123",
    ),
    EMAIL: (
        "a.b@x.org", "name at host dot uk", "name (at) host (dot) co (dot) uk", "jo[at]mail.com", "ana @ mail . com",
        "rosa at proton.me", "name AT host DOT org DOT uk", "ｒｏｓａ＠ｍａｉｌ．ｏｒｇ",
    ),
    HANDLE: ("@rosa_k", "t.me/xyz", "insta: rosa", "telegram rosak_99", "telegram okonkwo", "IG: rosa.k", "twitter.com/rosa", "wechat id janeok", "line id janeok",
        "signal username janeok"),
    WEB: (
        "https://x.org", "www.foo.org", "foo.org.uk/bar", "wa.me/447700900123", "chat.whatsapp.com/AbCdEf", "foo[.]org",
        "http : // x.org", "example dot com", "bit.ly/3xYz",
    ),
    VEHICLE: (
        "AB12 CDE", "ab12cde", "A123 BCD", "ABC 123D", "ABC 123", "AIZ 1234", "reg KX 07", "van reg LB19 XYZ", "ab12 cde",
        "ABC-123D", "white van AB12CDE", "F878JUN",
    ),
    INSURANCE: ("QQ123456C", "AB 12 34 56 C", "ab123456c", "AB-12-34-56-D", "NINO: AB123456"),
    HOME_OFFICE: (
        "A1234567", "A1234567/001", "HO/1234/55", "GWF012345678", "UAN 1212-0001-0101-2345", "CID 1234567", "BRP ZU1234567",
        "port reference EDD/08/12345", "ZU1234567", "Home Office ref: B123456", "1212-0001-0101-2345", "port ref ABC/1234567",
    ),
    NHS: ("943 476 5919", "9434765919", "943-476-5919", "NHS 943 476 5919"),
    ADDRESS: (
        "Flat 3", "14 Rye Lane", "221b Baker St", "flat 3a, 12 Rye Lane SE15", "Unit 7 Peckham Arches", "12-14 High Street",
        "No 5 Mare Street", "Flat B", "Marlowe Court flat twelve", "flat twenty-one", "Rye Ln no14", "14, Rye Lane", "1024 High Road", "14 Marlowe House", "Rye Lane 14", "42 Green Lanes",
    ),
    OFFICER: (
        "PC 1234", "PC Smith", "Sgt Jones", "officer Okafor", "CIO Davies", "shoulder number 1234", "collar no. MS 345",
        "warrant 234567", "Officer 4471", "PC J. Smith", "Inspector Khan", "pc smith", "PC1234", "Immigration Officer Green",
        "CIO O'Connor", "badge number 55312",
    ),
    NAME: (
        "Aisha Okonkwo", "Okonkwo, Aisha", "Mr Khan", "J. Smith", "Nguyen Thi Lan", "Mark Young", "MARIA SANTOS", "maria santos",
        "Ahmed's house", "Maitê da Mata", "seen with Elena Popescu", "Dr Patel", "Olu Adeyemi, SE15",
        "Li Na", "Wu Li", "Khan T", "Patel R.", "王伟", "陳大文", "김민수", "नेहा शर्मा", "নাজমা বেগম", "さくら たなか", "محمد علي", "Иван Петров",
    ),
    DOCUMENT: (
        "passport no 533401372", "Passport: AB1234567", "PESEL 85010112345", "CNP 1850101123456", "ID card AB1234567",
        "sort code 20-00-00", "acct 55779911", "account number 55779911", "IBAN GB29NWBK60161331926819",
        "GB29 NWBK 6016 1331 9268 19", "driving licence MORGA657054SM9IJ",
    ),
    SPOT: ("filled.count.soap", "///filled.count.soap", "plus code FW9M+VH", "9C3XFW9M+VH", "fw9m+vh"),
}  # fmt: skip

BENIGN = (
    "2022-06-11", "11/06/2022 14:30", "2022-06-11T14:30:00+00:00", "14:30", "2pm", "11 June 2022", "SE15 4QN", "SE15", "se15 4qn",
    "N17, E5 and SE15", "51.507351", "-0.127758", "51.507351, -0.127758", "530000", "179000.5", "TQ 345 768", "TQ 34567 76890",
    "FOI 55886", "FOI2022/12345", "2 people arrested", "200+", "c. 200", "10-15", "1,000", "12.06.2022", "01-02-2022 10:30",
    "01.02.2022 10.30", "officers left", "no officers", "Officer present", "police officers", "Old Kent Road", "On or near Rye Lane",
    "near Rye Lane", "Rye Lane, SE15", "bus 36 Rye Lane", "route 12 Walworth Road", "Zone 2 High Street", "E09000012", "E01000001",
    "E09000012-SE15", "12 May", "JUN 22", "12 officers on Rye Lane", "2 arrests at Rye Lane", "3 vans Rye Lane", "10 minutes", "2h30",
    "outside Rye Lane station", "Dr Johnson Avenue", "St John's Road", "A406", "A1 (M)", "M25", "Peckham Rye station", "King's Cross",
    "SE15 4 Rye Lane", "platform 2", "Heathrow Terminal 5", "signal box", "whatsapp group", "facebook page", "20220611143000",
    "may have been arrested", "went away at 3.30 pm", "12/6 at 2pm", "Thu 16 Jun 2022", "20220611", "2012 London Road", "44592.6042",
    "2019/20", "1990-2000", "9am-5pm", "about 14 people outside Rye Lane", "5 van raid", "2 x vans, 12 officers", "London E8 3RL",
    "W1A 1AA", "EC1A 1BB", "M1 1AE", "GIR 0AA", "0.1277583322", "hand car wash", "Mare St, E8", "immigration officers", "ICE van",
    "shoulder to shoulder", "no warrant", "flat", "block of flats", "hotel room", "house 1 of 2", "Constable Crescent", "Amber Hill",
    "Column B", "Plan B", "Block C", "Zone 2 A", "account of 12 raids", "card stop 3", "visa checks 2024", "raid.log.2024", "raid.log.final",
    "MS Forms export", "MS Teams call", "PC World Old Kent Rd", "PC repair shop", "Dr Martens", "Fort William (High Street)",
    "Bridge of Don (Ellon Road)", "Kirkby Stephen", "house one of two", "flat two people", "To Do", "plates of food",
    "Column A: There is no such day in the calendar; correct the date.", "Khat or Cannabis warning", "SE15 bus", "X_COORD_CD",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SEEN.items() for text in texts])
def test_every_listed_shape_is_seen(kind, text):
    assert identifier_in(text) == kind
    # A place may be one spot: it is turned into its locality, and not kept.
    assert identifier_in_place(text) == (None if kind == SPOT else kind)
    assert identifier_in_word(text)


def test_all_kinds_are_tried():
    assert set(SEEN) == {*KINDS, SPOT}


@pytest.mark.parametrize("text", BENIGN)
def test_dates_figures_places_and_plain_words_are_none(text):
    assert identifier_in(text) is None
    assert identifier_in_place(text) is None


def all_texts(tree):
    return [tree] if isinstance(tree, str) else [text for branch in (tree.values() if isinstance(tree, dict) else tree) for text in all_texts(branch)]  # fmt: skip


LISTED = sorted({*all_texts(words.SYNONYMS), *all_texts(words.CLOSED_LISTS), *all_texts(headings.SYNONYMS)})


@pytest.mark.parametrize("written", [str, str.title, str.upper, str.capitalize])
def test_no_listed_word_or_heading_is_taken_for_an_identifier(written):
    texts = [written(text) for text in LISTED]
    for find in (identifier_in, identifier_in_place, identifier_in_word):
        assert [text for text in texts if find(text)] == []


def test_no_place_borough_or_authority_is_taken_for_an_identifier():
    names = [*read_places()["name"], *read_authorities()["name"], *read_spellings()["spelling"]]
    for find in (identifier_in, identifier_in_place, identifier_in_word):
        assert [name for name in names if find(name)] == []
        assert [
            name for name in names if find(f"near {name}, SE15 4NF") and find is not identifier_in_word
        ] == []


def test_the_police_name_the_street_and_no_person():
    assert identifier_in_place("On or near Nigel Marsh") is None
    assert identifier_in_place("Nigel Marshall") == NAME


def test_a_word_of_no_list_is_a_name_only_where_it_looks_like_one():
    assert identifier_in_word("Okonkwo") == identifier_in_word("babatunji makinde") == NAME
    for plain in ("went quiet after a while", "on a boat", "arested", "detenidos", "Community resolution"):
        assert identifier_in_word(plain) is None


@pytest.mark.parametrize(
    "text",
    [
        "TSG", "PCSO present", "HMRC", "KFC", "Lidl", "Nando's", "Elizabeth line", "Tinsley House", "taken to Colnbrook",
        "Somali cafe", "Kent police", "BBC", "William Hill", "sent to Dungavel", "Novara", "Al Jazeera", "openDemocracy", "Reddit",
    ],
)  # fmt: skip
def test_agencies_shops_and_places_of_detention_are_nobody(text):
    assert identifier_in_word(text) is None


@pytest.mark.parametrize(
    "text",
    ["Travelodge Docklands", "Dixy Chicken", "Beirut Express", "Polski Sklep", "The Prince Albert", "Sam's Chicken", "Saravana Bhavan"],
)  # fmt: skip
def test_kitchens_pubs_and_shops_are_places(text):
    assert identifier_in_place(text) is None


@pytest.mark.parametrize("text", ["Submission ID", "Respondent ID", "Observer ID", "Participant UID"])
def test_the_number_of_a_thing_is_no_initials(text):
    assert identifier_in(text) is None


@pytest.mark.parametrize("text", ["Aisha", "OMAR", "Zeynep", "spoke to Ferney", "NGUYEN", "Wilmer Cardona"])
def test_a_name_alone_in_a_cell_for_a_word_is_one(text):
    assert identifier_in_word(text) == NAME


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("oh seven seven hundred nine hundred", PHONE), ("zero seven seven zero zero nine", PHONE), ("o77oo 9oo123", PHONE),
        ("O7700-9OO123", PHONE), ("07700 nine double oh one two three", PHONE), ("fourteen rye lane", ADDRESS),
        ("number twenty-one, Mare Street", ADDRESS), ("14a, Rye", ADDRESS), ("t dot me slash jane", HANDLE),
        ("janedoe92 on ig", HANDLE), ("okonkwo on telegram", HANDLE), ("collar four two one", OFFICER),
        ("AB 123 456 C", INSURANCE), ("AB|12|34|56|C", INSURANCE), ("AB_12_34_56_C", INSURANCE), ("M 8959 866", HOME_OFFICE),
        ("RP099 566C", INSURANCE), ("case 9923678", HOME_OFFICE), ("WE.71.EAY", VEHICLE), ("R W 2 2 M V C", VEHICLE),
        ("07313-100.000", PHONE), ("079|0012|3456", PHONE), ("jane arroba example punto com", EMAIL), ("Rye Lane nr 324", ADDRESS), ("#353 Seven Sisters Road", ADDRESS),
    ],
)  # fmt: skip
def test_figures_and_signs_in_words_hide_nothing(text, kind):
    assert identifier_in(text) == kind
    assert identifier_in(text.upper()) == kind


@pytest.mark.parametrize(
    "text",
    [
        "two or three officers", "one, two, three vans", "Seven Sisters Road", "near Three Colts Lane", "On or near Three Colt Street", "Ten Acre Lane",
        "two people outside Rye Lane", "Forty Lane", "One Tree Hill", "three went on foot", "heard on signal", "4 on Rye Lane",
        "no one at the door", "Nine Elms Lane", "seen on twitter", "SE15 on signal",
    ],
)  # fmt: skip
def test_counts_in_words_are_none(text):
    assert identifier_in(text) is identifier_in_place(text) is None


SEPARATORS = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u2009", "\u2011", " \u200b"])
DIGITS = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])


@given(st.integers(300_000_000, 999_999_999), SEPARATORS, SEPARATORS, DIGITS, st.text("abc ,;", max_size=5))
def test_a_mobile_number_is_seen_however_its_figures_are_set(number, first, second, digits, before):
    plain = f"07{number}"
    written = f"{plain[:5]}{first}{plain[5:8]}{second}{plain[8:]}"
    hidden = "".join(digits[int(sign)] if sign.isdigit() and sign.isascii() else sign for sign in written)
    assert identifier_in(f"{before} {hidden}") is not None


@given(
    st.sampled_from([text for texts in SEEN.values() for text in texts if text.isascii()]), st.integers(0, 30)
)
def test_signs_that_show_nothing_hide_nothing(text, at):
    hidden = text[:at] + "\u200b\u2060\u00ad" + text[at:]
    assert identifier_in(hidden) == identifier_in(text)


@given(
    st.sampled_from([text for texts in SEEN.values() for text in texts if text.isascii() and "/" not in text])
)
def test_full_width_letters_hide_nothing(text):
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    assert unicodedata.normalize("NFKC", wide) == text
    assert identifier_in(wide) == identifier_in(text)


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1))
FORMS = (
    "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%d %b %y", "%A %d %B %Y", "%a %d/%m/%y", "%B %Y", "%Y", "%Y-%m-%dT%H:%M:%S+00:00", "%d/%m/%Y %H:%M",
    "%H:%M", "%I:%M %p", "%d %B %Y, %H:%M", "%Y%m%d", "%d-%m-%Y %H:%M:%S", "%b %d %H:%M:%S %Y",
)  # fmt: skip


@given(MOMENTS, st.sampled_from(FORMS))
def test_no_date_or_time_is_taken_for_an_identifier(moment, form):
    assert identifier_in(moment.strftime(form)) is None


@given(st.floats(-8, 61, allow_nan=False), st.integers(0, 7))
def test_no_coordinate_is_taken_for_an_identifier(degrees, places):
    assert identifier_in(f"{degrees:.{places}f}") is None


@given(st.integers(0, 999_999))
def test_no_small_number_is_taken_for_an_identifier(number):
    assert identifier_in(str(number)) is identifier_in(f"{number:,}") is None


POSTCODES = st.from_regex(r"\A(E|N|NW|SE|SW|W|EC|WC|BR|CR|HA|TW)[1-9][0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}\Z")


@given(POSTCODES, st.booleans())
def test_no_postcode_is_taken_for_an_identifier(postcode, is_small):
    assert identifier_in(postcode.lower() if is_small else postcode) is None


@given(st.text(max_size=3_000))
def test_any_text_at_all_is_looked_at(text):
    assert identifier_in(text) in (None, *KINDS, SPOT)
    assert identifier_in_word(text) in (None, *KINDS, SPOT)


def test_many_texts_are_looked_at_as_one_by_one():
    texts = [*BENIGN, *(text for texts in SEEN.values() for text in texts), "", " ", "é", "张伟"]
    assert identifiers_in(texts) == [identifier_in(text) for text in texts]
    assert identifiers_in([]) == []


def test_an_identifier_far_down_a_long_text_is_seen():
    assert identifier_in("they came and went again " * 400 + "07700 900123") == PHONE


def test_tidying_leaves_plain_text_as_it_is():
    assert tidy("SE15 4QN") == "SE15 4QN"
    assert tidy("１２–３\u200b４\u00a0５") == "12-34 5"


def test_the_schemas_own_words_are_none():
    last_month = date.today() - timedelta(30)
    for word in (*SETTINGS, *OUTCOMES, last_month.isoformat()):
        assert identifier_in_word(word) is None


@pytest.mark.parametrize("between", [" " * 20_000, "\n" * 20_000, " \t" * 10_000])
def test_long_runs_of_blanks_hide_nothing(between):
    assert identifier_in(f"call{between}07700 900123") == PHONE
    assert identifier_in(f"a{between}b") is None
    assert identifier_in("a.b" * 5_000 + between + "rosa@example.org") == EMAIL
