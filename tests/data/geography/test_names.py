import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geography.bundled import read_authorities, read_spellings
from data.geography.names import authority_code, authority_name, plain

AUTHORITIES = dict(read_authorities()[["name", "code"]].to_numpy().tolist())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("LB Southwark", "E09000028"),
        ("Southwark Council", "E09000028"),
        ("Kensington & Chelsea", "E09000020"),
        ("RBKC", "E09000020"),
        ("K&C", "E09000020"),
        ("Royal Borough of Kensington and Chelsea", "E09000020"),
        ("Barking & Dagenham", "E09000002"),
        ("City", "E09000001"),
        ("City of London", "E09000001"),
        ("The City of London", "E09000001"),
        ("City of London Corporation", "E09000001"),
        ("London Borough of Hackney", "E09000012"),
        ("Richmond", "E09000027"),
        ("Richmond-upon-Thames", "E09000027"),
        ("Kingston", "E09000021"),
        ("Hammersmith", "E09000013"),
        ("H&F", "E09000013"),
        ("City of Westminster", "E09000033"),
        ("Westminster City Council", "E09000033"),
        ("Royal Borough of Greenwich", "E09000011"),
        ("e09000028", "E09000028"),
        ("Glasgow", "S12000049"),
        ("Glasgow City", "S12000049"),
        ("City of Edinburgh", "S12000036"),
        ("Newry Mourne and Down", "N09000010"),
        ("Bristol", "E06000023"),
        ("London", None),
        ("Greater London", None),
        ("", None),
        ("Atlantis", None),
    ],
)
def test_usual_spellings_name_the_authority(written, code):
    assert authority_code(written) == code


def test_no_two_authorities_share_a_plain_name():
    assert len({plain(name) for name in AUTHORITIES}) == len(AUTHORITIES)


def test_spellings_are_as_the_rules_leave_them_and_add_something():
    spellings = read_spellings()
    assert spellings["spelling"].map(plain).tolist() == spellings["spelling"].tolist()
    assert spellings["spelling"].is_unique
    assert set(spellings["code"]) <= set(AUTHORITIES.values())


def test_every_authority_of_the_reported_incidents_is_known(shared):
    path = shared / "reported" / "reported_incidents.csv"
    if not path.exists():
        pytest.skip("needs ../shared/data, the reported incidents")
    with path.open(encoding="utf-8") as lines:
        named = {row["local_authority"] for row in csv.DictReader(lines)} - {""}
    for name in named:
        assert authority_name(authority_code(name)) == name


@given(st.sampled_from(sorted(AUTHORITIES)), st.data())
def test_capitals_spaces_and_titles_do_not_matter(name, data):
    letters = data.draw(st.sampled_from([str, str.upper, str.lower, str.title, str.swapcase]))
    before = data.draw(st.sampled_from(["", "  ", "the "]))
    after = data.draw(st.sampled_from(["", " ", "."]))
    if AUTHORITIES[name].startswith("E09") and name != "City of London":
        before += data.draw(st.sampled_from(["", "London Borough of ", "LB "]))
        after = data.draw(st.sampled_from([" Council", " borough council", ""])) + after
    assert authority_code(before + letters(name) + after) == AUTHORITIES[name]


@given(st.text(max_size=30))
def test_any_text_is_answered(text):
    code = authority_code(text)
    assert code is None or authority_name(code)
