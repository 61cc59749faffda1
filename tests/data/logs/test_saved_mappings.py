import pytest

from data.errors import InputError
from data.imports.importer import import_file
from data.logs.mapping import Mapping
from data.logs.saved_mappings import list_mappings, load_mapping, save_mapping

OURS = Mapping(columns={"Wann": "date", "Wo": "borough"}, words={"outcome": {"nicked": "people detained"}})


def test_a_saved_mapping_comes_back_the_same(toy_store):
    save_mapping(toy_store, " our log ", OURS)
    assert list_mappings(toy_store) == ["our log"]
    assert load_mapping(toy_store, "our log") == OURS


def test_saving_again_replaces(toy_store):
    save_mapping(toy_store, "our log", Mapping())
    save_mapping(toy_store, "our log", OURS)
    assert list_mappings(toy_store) == ["our log"]
    assert load_mapping(toy_store, "our log") == OURS


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
    save_mapping(toy_store, "our log", OURS)
    with pytest.raises(InputError, match="Saved mappings: our log"):
        load_mapping(toy_store, "their log")


def test_a_name_is_needed(toy_store):
    with pytest.raises(InputError, match="needs a name"):
        save_mapping(toy_store, "  ", OURS)


def test_headings_that_are_not_imported_are_not_kept(toy_store):
    columns = {"Wann": "date", "the cook with the limp": "ignore", "x" * 200: "ignore"}
    save_mapping(toy_store, "our log", Mapping(columns=columns))
    assert load_mapping(toy_store, "our log") == Mapping(columns={"Wann": "date"})


LONG = "the woman with the green coat who sells flowers at the corner"
VALUES = (
    "SE15 4QN",
    "2026-05-01",
    "11 June 2022",
    "14:30",
    "51.47, -0.06",
    "530000",
    "TQ 345 768",
    "Aisha Okonkwo",
)


@pytest.mark.parametrize("text", [LONG, "x" * 41, "a b c d e f g", *VALUES])
def test_what_is_long_or_a_value_is_not_kept(toy_store, text):
    for name, mapping in (
        (text, OURS),
        ("our log", Mapping(columns={text: "date"})),
        ("our log", Mapping(words={"outcome": {text: "prevented"}})),
    ):
        with pytest.raises(InputError) as refused:
            save_mapping(toy_store, name, mapping)
        assert text not in str(refused.value)
    assert list_mappings(toy_store) == []


@pytest.mark.parametrize(
    ("heading", "field"),
    [("SE15", "district"), ("Southwark", "borough"), ("no arrests", "outcome"), ("home", "setting"), ("2026-05-01", "date")],
)  # fmt: skip
def test_a_first_record_taken_for_headings_is_not_kept(toy_store, heading, field):
    with pytest.raises(InputError, match="seems to have no headings"):
        save_mapping(toy_store, "our log", Mapping(columns={heading: field, "Wann": "time"}))
    assert list_mappings(toy_store) == []


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
    assert import_file(toy_store, path, OURS).kept == 1
    assert toy_store.sql("SELECT outcome FROM incidents")["outcome"].to_pylist() == ["people detained"]
