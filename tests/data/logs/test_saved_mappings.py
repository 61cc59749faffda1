from datetime import datetime

import pytest

from data import clock
from data.errors import InputError
from data.imports.importer import import_file
from data.logs.mapping import Mapping
from data.logs.saved_mappings import list_mappings, load_mapping, save_mapping
from data.store.store import create_store

OURS = Mapping(columns={"Wann": "date", "Wo": "borough"}, words={"outcome": {"nicked": "people detained"}})


@pytest.fixture(autouse=True)
def third_of_june(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 3, 12))


def test_a_format_is_named_by_its_fields_and_its_day(toy_store):
    assert save_mapping(toy_store, OURS) == "date, borough, outcome, 3 June 2026"
    assert list_mappings(toy_store) == ["date, borough, outcome, 3 June 2026"]


@pytest.mark.parametrize("name", ["date, borough, outcome, 3 June 2026", "1"])
def test_a_saved_format_knows_its_headings_and_words(toy_store, name):
    save_mapping(toy_store, OURS)
    saved = load_mapping(toy_store, name)
    assert [saved.field_of(heading) for heading in ("wann", " WO ", "Aisha", "Start date")] == [
        "date",
        "borough",
        None,
        None,
    ]
    assert saved.words_of("outcome", ["Nicked", "2 nicked", "nicked; nicked", "Aisha"]) == {
        "nicked": "people detained"
    }
    assert saved.date_order == "day first"


def test_no_word_of_it_is_kept(toy_store):
    told = Mapping(
        columns={"王伟": "date", "the cook with the limp": "ignore"},
        words={"outcome": {"Khan T": "prevented"}},
    )
    save_mapping(toy_store, told)
    held = toy_store.path.read_bytes()
    assert not any(word.encode() in held for word in ("王伟", "limp", "Khan", "khan"))
    assert load_mapping(toy_store, "1").field_of("王伟") == "date"
    assert "Khan" not in repr(load_mapping(toy_store, "1"))


def test_another_store_hashes_the_same_words_otherwise(toy_store, tmp_path):
    other = create_store(tmp_path / "other.duckdb")
    digests = []
    for store in (toy_store, other):
        save_mapping(store, OURS)
        digests.append(set(load_mapping(store, "1").column_digests))
    assert not digests[0] & digests[1]


def test_saving_the_same_headings_again_replaces_and_others_are_numbered(toy_store):
    save_mapping(toy_store, Mapping(columns={"Wann": "date", "Wo": "district"}))
    save_mapping(toy_store, OURS)
    again = save_mapping(toy_store, Mapping(columns={"Cuando": "date", "Donde": "borough"}, words=OURS.words))
    assert list_mappings(toy_store) == [
        "date, borough, outcome, 3 June 2026",
        "date, borough, outcome, 3 June 2026, no. 2",
    ]
    assert load_mapping(toy_store, again).field_of("Donde") == "borough"


def test_a_saved_format_is_corrected_and_keeps_what_it_knew(toy_store):
    save_mapping(toy_store, OURS)
    said = Mapping(columns={"Wo": "district"}, words={"outcome": {"seen off": "prevented"}})
    corrected = load_mapping(toy_store, "1").corrected(said)
    assert (corrected.field_of("Wann"), corrected.field_of("Wo")) == ("date", "district")
    save_mapping(toy_store, corrected)
    assert len(list_mappings(toy_store)) == 1
    words = load_mapping(toy_store, "1").words_of("outcome", ["nicked", "seen off"])
    assert words == {"nicked": "people detained", "seen off": "prevented"}


def test_a_format_of_nothing_is_not_saved(toy_store):
    with pytest.raises(InputError, match="nothing to save"):
        save_mapping(toy_store, Mapping(columns={"Notes": "ignore"}))
    assert list_mappings(toy_store) == []


def test_a_mapping_may_come_from_a_file(toy_store, tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text(OURS.model_dump_json())
    assert load_mapping(toy_store, str(path)) == OURS


@pytest.mark.parametrize(
    "contents", ["", "{", '{"columns": {"a": "no such field"}}', '{"colours": {}}', "[]"]
)
def test_a_file_that_is_no_mapping_is_one_sentence(toy_store, tmp_path, contents):
    path = tmp_path / "mapping.json"
    path.write_text(contents)
    with pytest.raises(InputError, match=r"mapping\.json is not a mapping"):
        load_mapping(toy_store, str(path))


def test_an_unknown_name_lists_what_there_is(toy_store):
    save_mapping(toy_store, OURS)
    with pytest.raises(InputError, match="Saved mappings, by number: 1: date, borough, outcome, 3 June 2026"):
        load_mapping(toy_store, "their log")


@pytest.mark.parametrize("contents", ["", "{", '{"columns": {"a": "no such field"}}', "[]"])
def test_a_saved_mapping_that_cannot_be_read_is_one_sentence(toy_store, contents):
    with toy_store.write() as connection:
        connection.execute("INSERT INTO mappings VALUES ('our log', ?, now()::TIMESTAMP)", [contents])
    with pytest.raises(InputError, match=r"^The saved mapping of that name cannot be read\. "):
        load_mapping(toy_store, "our log")


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ('{"columns": {}, "Aisha Okonkwo 07700 900123": {}}', "an unknown key (number 2): Extra inputs"),
        ('{"Aisha Okonkwo": 1, "columns": {"Wann": "Okonkwo"}}', "columns: "),
        ('{"columns": {"Aisha Okonkwo": 5}}', "columns: "),
        ('{"date_order": "Aisha"}', "date_order: "),
        ('["Aisha"]', "the file: "),
        ('{"Aisha', "the file: "),
    ],
)
def test_a_file_that_is_no_mapping_is_told_without_what_it_holds(toy_store, tmp_path, contents, told):
    path = tmp_path / "mapping.json"
    path.write_text(contents)
    with pytest.raises(InputError) as refused:
        load_mapping(toy_store, str(path))
    assert str(refused.value).startswith(f"mapping.json is not a mapping: {told}")
    assert not any(word in str(refused.value) for word in ("Aisha", "Okonkwo", "07700"))


def test_a_log_is_read_through_its_mapping(toy_store, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("Wann,Wo,Outcome\n11/06/2022,Southwark,nicked\n")
    with pytest.raises(InputError):
        import_file(toy_store, path)
    save_mapping(toy_store, OURS)
    assert import_file(toy_store, path, load_mapping(toy_store, "1")).kept == 1
    assert toy_store.sql("SELECT outcome FROM incidents")["outcome"].to_pylist() == ["people detained"]
