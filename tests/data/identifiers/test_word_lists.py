"""The lists of words say each word once, in the form in which words are looked up."""

from pathlib import Path

import pytest

from data.identifiers import word_lists
from data.identifiers.names import fold
from data.identifiers.word_lists import words_of

FILES = sorted(Path(word_lists.__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_word_is_written_as_it_is_looked_up_and_once_in_its_list(path):
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    titles = [line.strip("[]") for line in lines if line.startswith("[")]
    words = [word.strip() for line in lines if not line.startswith("[") for word in line.split(",")]
    listed = [word for word in words if word]
    assert listed == [fold(word) for word in listed]
    assert len(listed) == sum(len(words_of(title)) for title in titles)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_says_what_it_holds(path):
    assert path.read_text("utf-8").startswith("# ")


def test_a_word_and_a_phrase_are_found_in_their_lists():
    assert "avenue" in words_of("place words")
    assert "becket house" in words_of("known names")
    assert words_of("particles") >= {"de", "van"}
    assert "st" not in words_of("areas of London")


def test_a_line_ends_with_a_word_and_never_inside_one():
    for path in FILES:
        lists = path.read_text("utf-8").split("[", 1)[1].splitlines()[1:]
        words = [line for line in lists if line and not line.startswith(("#", "["))]
        ended = [line for line, after in zip(words, [*words[1:], ""], strict=True) if not line.endswith(",")]
        assert len(ended) == len([line for line in lists if line.startswith("[")]) + 1
