import pytest

from data.errors import InputError
from data.importing.importer import import_file
from data.importing.mapping import Mapping
from data.importing.saved_mappings import list_mappings, load_mapping, save_mapping

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


def test_a_log_is_read_through_its_mapping(toy_store, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("Wann,Wo,Outcome\n11/06/2022,Southwark,nicked\n")
    with pytest.raises(InputError):
        import_file(toy_store, path)
    assert import_file(toy_store, path, OURS).kept == 1
    assert toy_store.sql("SELECT outcome FROM incidents")["outcome"].to_pylist() == ["people detained"]
