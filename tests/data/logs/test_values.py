"""Values of a log that are answered with yes or no, or that are not understood: they cost the value, never the raid."""

import pytest

from tests.data.logs.test_incidents import parse

UNKNOWN, TAKEN, NONE_TAKEN = "unknown", "people detained", "no arrests"


def read_row(**cells):
    """The record of one raid, and the notes on its table."""
    batch = parse(["Date", "Borough", *cells], ["14/03/2023", "Southwark", *cells.values()])
    [record] = batch.incidents.to_pylist()
    return record, batch.notes


@pytest.mark.parametrize("yes", ["Yes", "Y", "yes.", "X", "✓", "TRUE", "True", "yeah", "Yes - several", "y "])
def test_a_yes_in_a_column_of_arrests_says_that_people_were_detained_and_not_how_many(yes):
    record, notes = read_row(Arrested=yes)
    assert (record["outcome"], record["people_detained"], notes) == (TAKEN, None, [])


@pytest.mark.parametrize("some", ["several", "a few", "Many", "lots", "a whole family", "several (all men)"])
def test_a_word_for_some_in_a_column_of_arrests_says_that_people_were_detained(some):
    record, notes = read_row(Arrested=some)
    assert (record["outcome"], record["people_detained"], notes) == (TAKEN, None, [])


@pytest.mark.parametrize(("cell", "number"), [("2 (1 F)", 2), ("3 (2 men, 1 woman)", 3)])
def test_who_was_among_the_people_taken_is_left_out(cell, number):
    record, _ = read_row(Arrested=cell)
    assert record["people_detained"] == number


@pytest.mark.parametrize(
    "no", ["No", "N", "no", "✗", "FALSE", "nope", "No - all had papers", "none", "nobody", "0"]
)
def test_a_no_in_a_column_of_arrests_says_that_nobody_was_detained(no):
    record, notes = read_row(Arrested=no)
    assert (record["outcome"], record["people_detained"], notes) == (NONE_TAKEN, 0, [])


@pytest.mark.parametrize(
    ("cell", "number"), [("Yes - 2", 2), ("Yes (3 men)", 3), ("yes, two people", 2), ("Y: 4", 4)]
)
def test_a_yes_with_its_number_gives_the_number(cell, number):
    record, _ = read_row(Arrested=cell)
    assert (record["outcome"], record["people_detained"]) == (TAKEN, number)


@pytest.mark.parametrize("cell", ["yes?", "no?", "Yes/No", "not sure", "maybe", "no idea", "?"])
def test_an_answer_in_doubt_says_nothing(cell):
    record, _ = read_row(Arrested=cell, Police=cell, Response=cell)
    assert (record["outcome"], record["people_detained"]) == (UNKNOWN, None)
    assert (record["police_present"], record["community_response"]) == (UNKNOWN, UNKNOWN)


def test_a_yes_in_the_column_of_the_crowd_says_that_people_responded():
    record, notes = read_row(Crowd="Yes")
    assert (record["crowd_size"], record["community_response"], notes) == (None, "yes", [])


@pytest.mark.parametrize(
    ("cell", "police"),
    [
        ("Yes - 6 officers", "yes"), ("Yes, two vans of them", "yes"), ("yes (Met)", "yes"), ("Y - TSG", "yes"), ("Yes 2 vans", "yes"),
        ("No - only immigration", "no"), ("No, they refused to attend", "no"), ("no; just officers", "no"), ("N - immigration only", "no"),
        ("Yes - but they refused to attend", UNKNOWN), ("No - police came later", UNKNOWN), ("Yes I think", UNKNOWN),
        ("Yes and no", UNKNOWN), ("police refused to attend", "no"), ("two police vans", "yes"), ("4", "yes"), ("0", "no"),
        ("not that we saw", UNKNOWN),
    ],
)  # fmt: skip
def test_a_yes_or_no_with_a_detail_behind_it_is_read(cell, police):
    assert read_row(Police=cell)[0]["police_present"] == police


@pytest.mark.parametrize(
    ("cell", "response"),
    [
        ("Yes, people filmed", "yes"), ("Yes - people filmed and gathered", "yes"), ("Yes (about 20 neighbours)", "yes"),
        ("No - nobody was around", "no"), ("No, too late to respond", "no"), ("neighbours came out", "yes"), ("30", "yes"),
        ("residents were stopped", UNKNOWN), ("Yes - nobody came", UNKNOWN),
    ],
)  # fmt: skip
def test_a_response_with_a_detail_behind_it_is_read(cell, response):
    assert read_row(Response=cell)[0]["community_response"] == response


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ({"Arrests": "2"}, TAKEN),
        ({"Arrests": "0"}, NONE_TAKEN),
        ({"Arrests": ""}, UNKNOWN),
        ({"Arrests": "2", "Outcome": ""}, TAKEN),
        ({"Arrests": "2", "Outcome": "community resolution"}, TAKEN),
        # A word that is not understood may have said that the raid was prevented.
        ({"Arrests": "0", "Outcome": "community resolution"}, UNKNOWN),
        ({"Arrests": "0", "Outcome": "prevented"}, "prevented"),
        ({"Arrests": "2", "Outcome": "no arrests"}, NONE_TAKEN),
        ({"Arrests": "0", "Crowd": "50"}, UNKNOWN),
        ({"Arrests": "0", "Response": "yes"}, UNKNOWN),
        ({"Arrests": "0", "Response": "no"}, NONE_TAKEN),
        ({"Arrests": "2", "Released": "2"}, UNKNOWN),
        ({"Arrests": "3", "Released": "1"}, TAKEN),
        ({"Arrests": "0", "Released": "1"}, UNKNOWN),
    ],
)
def test_an_outcome_that_only_the_numbers_tell_is_read_from_them(cells, outcome):
    assert read_row(**cells)[0]["outcome"] == outcome


@pytest.mark.parametrize("cell", ["umpteen", "-7", "2.5", "2001", "x1", "two thirds"])
def test_a_number_that_is_not_understood_costs_the_number_and_not_the_raid(cell):
    batch = parse(["Date", "Borough", "Arrests"], ["14/03/2023", "Brent", "2"], ["14/03/2023", "Brent", cell])
    assert batch.rejects == []
    assert batch.incidents["people_detained"].to_pylist() == [2, None]
    [note] = batch.notes
    assert note.startswith("Column C: ")
    assert note.endswith("Kept without it: row 3.")
    assert cell not in note


def test_two_numbers_of_one_row_that_are_not_understood_are_both_told():
    _, notes = read_row(Arrests="umpteen", Crowd="lots and lots and lots")
    assert [note[:9] for note in notes] == ["Column C:", "Column D:"]


def test_a_telephone_number_among_the_numbers_still_sets_its_row_aside():
    batch = parse(
        ["Date", "Borough", "Arrests"],
        ["14/03/2023", "Brent", "2"],
        ["14/03/2023", "Brent", "ask on 07700 900123"],
    )
    [reject] = batch.rejects
    assert (reject.row, reject.column) == (3, "people_detained")
    assert "a phone number" in reject.reason


def test_cells_of_thirty_kilobytes_are_passed_over():
    headings = [
        "Outcome",
        "Setting",
        "Police",
        "Response",
        "Source",
        "Confidence",
        "Arrests",
        "Crowd",
        "Duration",
    ]
    rows = [
        ["14/03/2023", "Brent", *[piece * (30_000 // len(piece))] * len(headings)]
        for piece in ("took two ", "((((", "yes - ")
    ]
    batch = parse(["Date", "Borough", *headings], ["14/03/2023", "Brent", *[""] * len(headings)], *rows)
    assert (batch.rows, batch.incidents["outcome"].to_pylist()) == (4, ["unknown"] * batch.incidents.num_rows)
