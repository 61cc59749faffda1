from datetime import date

import pytest

from data.returns.headings import heading_marks
from data.returns.notes import NoteLine, read_notes, split_mark


def notes_of(*texts, name="return.csv", above=False):
    lines = []
    for row, text in enumerate(texts, start=1):
        mark, words = split_mark([text])
        lines.append(NoteLine(row, words, mark, 0, above))
    return read_notes(lines, name)[0]


@pytest.mark.parametrize(
    ("line", "reference"),
    [
        ("FOI 55886", "FOI 55886"),
        ("CASE 55886", "FOI 55886"),
        ("56325 (Annex)", "FOI 56325"),
        ("Our ref: 64002", "FOI 64002"),
        ("FOI reference number: 76110", "FOI 76110"),
        ("FOI2023/00123", "FOI 2023/00123"),
        ("Visits in 2019", "unknown"),
        ("FOI 2022", "unknown"),
    ],
)
def test_the_reference_of_a_banner(line, reference):
    assert notes_of(line, above=True).reference == reference


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("55886 xxx Appendix A.xlsx", "FOI 55886"),
        ("FOI 2022 immigration raids - FOI 76110.csv", "FOI 76110"),
        ("57894 PDF scrape_2019RaidsENW.txt", "FOI 57894"),
        ("visits 2019.csv", "unknown"),
        ("export 20191016.csv", "unknown"),
    ],
)
def test_the_reference_of_a_file_name(name, reference):
    assert notes_of(name=name).reference == reference


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Data extracted on 16/10/2019", date(2019, 10, 16)),
        ("Data extracted on 04/05/2023 from OAR1 PRAU On Demand report.", date(2023, 5, 4)),
        ("Extraction date: 2019-10-16", date(2019, 10, 16)),
        ("Figures correct as at 4 May 2023", date(2023, 5, 4)),
        ("Data extracted from one system up to November 2018 and another from November 2018 onwards", None),
    ],
)
def test_the_day_of_extraction(line, day):
    notes = notes_of(line)
    assert notes.extracted_on == day
    assert notes.coverages == []


def test_signs_are_explained_in_either_order():
    assert notes_of("* denotes fewer than five visits").symbols == {"*": (1, 4)}
    assert notes_of("Figures below 5 have been replaced with *").symbols == {"*": (1, 4)}
    assert notes_of("* = fewer than 5, - = nil").symbols == {"*": (1, 4), "-": (0, 0)}
    assert notes_of("[c] = confidential, between 1 and 4").symbols == {"[c]": (1, 4)}
    assert notes_of("[c] replaces every figure between one and four").symbols == {"[c]": (1, 4)}
    assert notes_of("Figures marked [c] are between 1 and 4").symbols == {"[c]": (1, 4)}
    assert notes_of("c: suppressed").symbols == {"c": None}
    assert notes_of("* January to September only").symbols == {}


def test_marks_of_headings_and_notes_are_the_same_marks():
    assert heading_marks("2019*") == ("2019", ["*"])
    assert heading_marks("2019 [2]") == ("2019", ["2"])
    assert heading_marks("2019 [note 12]") == ("2019", ["12"])
    assert heading_marks("2019p") == ("2019", ["p"])
    assert heading_marks("2019²") == ("2019", ["2"])
    assert heading_marks("20192") == ("2019", ["2"])
    assert split_mark(["[note 2] January to September"]) == ("2", "January to September")
    assert split_mark(["2", "January to September"]) == ("2", "January to September")
    assert split_mark(["(2) January to September"]) == ("2", "January to September")


def test_the_words_of_the_request_are_not_the_days_of_the_answer():
    assert notes_of("Please send figures for January 2014 to October 2019", above=True).coverages == []
    assert len(notes_of("Table 1 - visits, January 2014 to October 2019", above=True).coverages) == 1
