import pytest

from data.errors import InputError
from data.files.encodings import guess_encoding, to_utf8

TEXTS = [
    "name,note\nCafé Zoë,£5 – it’s “fine”\n",
    "place,note\nPeckham,fine of £200\n",
    "shop\nMüller's shop, naïve, façade\n",
    "note\nSeñor Ñandú, ¿qué?, año\n",
    "note\nit’s a raid\n",
    "note\nFußgängerübergang ÄÖÜ STRAßE\n",
    "name\nJosé García,São Paulo,Ångström,Øre\n",
]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_encoding_in_which_the_text_makes_sense_is_found(text: str, encoding: str):
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("this encoding lacks some of these signs")
    guessed, errors = guess_encoding(data)
    if (text, encoding) == (TEXTS[1], "mac_roman"):
        assert guessed == "cp1252"  # the pound sign has the same byte in both
    assert b"".join(to_utf8([data], guessed, errors)).decode() == text


def test_a_windows_line_pasted_into_utf8_text_is_read_too():
    data = "Café, Łódź, naïve\n".encode() + "£5 at the café\n".encode("cp1252")
    encoding, errors = guess_encoding(data)
    assert b"".join(to_utf8([data], encoding, errors)).decode() == "Café, Łódź, naïve\n£5 at the café\n"


def test_pieces_may_be_cut_inside_a_character():
    data = "Café £5".encode("utf-16-le")
    pieces = [data[at : at + 3] for at in range(0, len(data), 3)]
    assert b"".join(to_utf8(pieces, "utf-16-le", "strict")).decode() == "Café £5"


def test_text_that_is_not_in_its_stated_encoding_is_refused():
    with pytest.raises(InputError, match="UTF-16-LE text but is damaged"):
        list(to_utf8([b"a\x00b"], "utf-16-le", "strict"))
