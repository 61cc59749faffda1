import pytest

from data.errors import InputError
from data.organising.groups import (
    STARTER,
    Cover,
    add_area,
    import_groups,
    list_groups,
    read_groups,
    remove_area,
    save_groups,
)
from data.store.store import create_store
from tests.conftest import area_row, insert


@pytest.fixture
def store(tmp_path):
    def fill(connection):
        insert(connection, "areas", [area_row("borough", "E09000012", "Hackney", "unknown", 1)])

    return create_store(tmp_path / "raids.duckdb", fill)


def write(tmp_path, text):
    path = tmp_path / "groups.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_starter_names_the_networks_groups_by_area_only():
    covers = read_groups(STARTER)
    by_group = {cover.name: {c.area_code for c in covers if c.name == cover.name} for cover in covers}
    assert len(by_group) == 11
    assert by_group["Southwark and Lambeth Anti Raids"] == {"E09000028", "E09000022"}
    outside = {cover.area_code for cover in covers if cover.area_level == "authority"}
    assert outside == {"S12000036", "E08000039", "E08000035"}


def test_an_area_may_be_a_borough_a_district_a_locality_or_an_authority(tmp_path):
    path = write(tmp_path, "Group,Covers\nA,LB Hackney\nA,se15\nB,E09000012\nB,e09000012-E8-1; Leeds\n,\n")
    assert read_groups(path) == [
        Cover("A", "borough", "E09000012"),
        Cover("A", "district", "SE15"),
        Cover("B", "borough", "E09000012"),
        Cover("B", "locality", "E09000012-E8-1"),
        Cover("B", "authority", "E08000035"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,area\nA,Atlantis\n", "Row 2, column B: the area is no borough"),
        ("name,area\nA,Hackney\n,Camden\n", "Row 3: the name of the group is empty"),
        ("name,area\nring 020 7946 0000,Hackney\n", "Row 2: the name of the group holds a number"),
        ("name,area\na@example.org,Hackney\n", "Row 2: the name of the group holds"),
        (f"name,area\n{'x' * 61},Hackney\n", "longer than 60"),
        ("name,area\nA,\nB,Hackney\n", "Row 2, column B"),
        ("name,area\nA,Southwark,Hackney\nB,Hackney\n", "Row 2 has more cells"),
        ("name,area\n＠somebody,Hackney\n", "holds a number, an e-mail"),
        ("name,area\nt.me/abc,Hackney\n", "holds a number, an e-mail"),
        ("name,area\npeckham.london,Hackney\n", "holds a number, an e-mail"),
        ("name,area\n077_00_900_123,Hackney\n", "holds a number, an e-mail"),
        ("name,area\n\u200b,Hackney\n", "Row 2: the name of the group is empty"),
        ("group\nA\n", "No row of headings"),
        ("name,area\n", "names no group"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_without_its_contents(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        read_groups(write(tmp_path, text))
    assert not {"Atlantis", "7946", "example"} & set(str(refused.value).replace("@", " ").split())


@pytest.mark.parametrize(
    "name",
    [
        "Jane Okafor", "Omar with the blue door", "Mr Khan at no fourteen, back door", "SE15 4QN", "E1 6AN house with red gate",
        "janedoe92 on ig", "t dot me slash jane", "call oh seven seven hundred nine hundred", "o77oo 9oo123", "fourteen rye lane",
        "14a, Rye", "07.7.0.0 abc 900 x 123", "AB12CDE", "jane dot doe at proton dot me", "Maria Gonzalez and Omar",
        "Hackney group (Aisha Okonkwo)", "Newham Watch - Rafiqul Talukder", "Peckham people (Zeynep)", "Aisha & Rafiqul group",
        "Aisha Okonkwo group", "Mohammed Ali local",
    ],
)  # fmt: skip
def test_a_person_a_number_or_an_address_is_no_groups_name(store, name):
    with pytest.raises(InputError, match=r"^The name of the group (holds|looks like it holds) ") as refused:
        add_area(store, name, "Hackney")
    assert name not in str(refused.value)
    assert list_groups(store).empty


@pytest.mark.parametrize(
    "name",
    [
        "Haringey Anti-Raids", "SOAS Detainee Support", "Lewisham Migrant and Refugee Network", "Peckham", "SE15 Anti Raids",
        "North East London Migrant Action", "Rosa Parks Solidarity", "Seven Sisters Watch", "Sisters Uncut", "Nine Elms Network",
        "Kenmure Street", "Ridley Road", "Latin American Women's Aid", "Southall Black Sisters", "Bail for Immigration Detainees", "Group 2",
        "Camden CopWatch", "Brent Says No", "UVW Riders", "Grenfell United", "Polska Solidarność",
    ],
)  # fmt: skip
def test_a_groups_own_name_is_kept(store, name):
    assert add_area(store, name, "Hackney").name == name


def test_an_import_replaces_the_groups_it_names_and_no_others(store, tmp_path):
    save_groups(store, [Cover("A", "borough", "E09000012"), Cover("B", "district", "E8")])
    import_groups(store, write(tmp_path, "name,area\nA,E9\nA,E9\n"))
    listed = list_groups(store)
    assert listed[["name", "area_code"]].to_numpy().tolist() == [["A", "E9"], ["B", "E8"]]


def test_an_area_is_listed_by_its_name(store):
    save_groups(store, [Cover("A", "borough", "E09000012")])
    assert list(list_groups(store)["area_name"]) == ["Hackney"]


def test_an_area_is_added_once_and_taken_away_again(store):
    cover = add_area(store, " A  group ", "hackney")
    assert cover == Cover("A group", "borough", "E09000012")
    add_area(store, "A group", "LB Hackney")
    assert len(list_groups(store)) == 1
    remove_area(store, cover)
    assert list_groups(store).empty


@pytest.mark.parametrize(
    ("name", "area", "sentence"),
    [("A", "Atlantis", "no such area"), ("", "Hackney", "name of the group is empty")],
)
def test_an_area_that_cannot_be_added_is_refused(store, name, area, sentence):
    with pytest.raises(InputError, match=sentence):
        add_area(store, name, area)
    assert list_groups(store).empty
