from collections import Counter

import pytest

from data.errors import InputError
from data.organising.groups import (
    NO_NAMES,
    STARTER,
    Cover,
    add_area,
    add_cover,
    import_groups,
    kind_in,
    list_groups,
    read_groups,
    remove_area,
    save_groups,
)
from data.schema import GROUP_KIND_VALUES, PUBLIC_GROUP_VALUES
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
    found = read_groups(STARTER)
    areas = Counter(cover.public_name for cover in found.covers)
    assert set(areas) == set(PUBLIC_GROUP_VALUES)
    assert (len(found.covers), areas["Southwark and Lambeth Anti Raids"], found.notes) == (15, 2, [])
    outside = {cover.area_code for cover in found.covers if cover.area_level == "authority"}
    assert outside == {"S12000036", "E08000039", "E08000035"}
    assert {cover.kind for cover in found.covers} == {"anti-raids group"}


def test_an_area_may_be_a_borough_a_district_a_locality_or_an_authority(tmp_path):
    path = write(
        tmp_path,
        "Kind of group,Covers\ncopwatch,LB Hackney\nCop Watch,se15\nfaith group,e09000012-E8-1; Leeds\n,\n",
    )
    assert read_groups(path).covers == [
        Cover("copwatch", "borough", "E09000012"),
        Cover("copwatch", "district", "SE15"),
        Cover("faith group", "locality", "E09000012-E8-1"),
        Cover("faith group", "authority", "E08000035"),
    ]


# Words that groups use for themselves, and one name each of made-up groups.
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("anti-raids group", "anti-raids group"), ("Grupo Antiredadas", "anti-raids group"), ("SE15 Anti Raids", "anti-raids group"),
        ("Renters’ union", "renters union"), ("Haringey tenants' union", "renters union"), ("Camden CopWatch", "copwatch"),
        ("Trades Council", "trades council"), ("Hackney Trades Union Council", "trades council"), ("a trade union", "trade union"),
        ("St Mary's Church", "faith group"), ("Lewisham Migrant and Refugee Network", "migrant group"),
        ("Rosa Parks Solidarity", "solidarity network"), ("mutual aid", "mutual aid group"), ("Law Centre", "law centre"),
        ("students' union", "school group"), ("other", "other group"), ("Peckham", None), ("Jane Okafor", None), ("", None),
    ],
)  # fmt: skip
def test_the_words_of_a_group_say_its_kind(text, kind):
    assert kind_in(text) == kind


def test_every_kind_is_understood_as_itself():
    assert all(kind_in(kind) == kind for kind in GROUP_KIND_VALUES if kind != "unknown")


PERSONS = (
    "Jane Okafor",
    "王伟",
    "नेहा शर्मा",
    "filled.count.soap",
    "FW9M+VH Peckham",
    "van LB2I XYZ",
    "wechat id janeok",
    "Support Amina Yusuf",
)


@pytest.mark.parametrize("name", PERSONS)
def test_a_name_is_left_out_whatever_it_holds_and_its_area_stays(store, tmp_path, name):
    found = import_groups(store, write(tmp_path, f"name,area\n{name} anti raids,Hackney\n{name},E8\n"))
    assert found.covers == [
        Cover("anti-raids group", "borough", "E09000012"),
        Cover("unknown", "district", "E8"),
    ]
    assert found.notes[0] == NO_NAMES
    assert found.notes[1].startswith(
        "What kind of group is not understood in row 3; the area is kept. Kinds: anti-raids group, "
    )
    assert name.encode() not in store.path.read_bytes()
    assert not any(name in note for note in found.notes)


def test_a_kind_that_is_not_on_the_list_costs_the_kind_alone(tmp_path):
    found = read_groups(write(tmp_path, "kind,area\nJane Okafor,Hackney\n"))
    assert found.covers == [Cover("unknown", "borough", "E09000012")]
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kind,area\ncopwatch,Atlantis\n", "Row 2, column B: the area is no borough"),
        ("kind,area\ncopwatch,\nfaith,Hackney\n", "Row 2, column B"),
        ("kind,area\ncopwatch,Southwark,Hackney\nfaith,Hackney\n", "Row 2 has more cells"),
        ("kind\ncopwatch\n", "No row of headings"),
        ("area\nHackney\n", "No row of headings"),
        ("kind,area\n", "no group with an area"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_without_its_contents(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        read_groups(write(tmp_path, text))
    assert "Atlantis" not in str(refused.value)


def test_an_import_adds_what_is_new_and_nothing_twice(store, tmp_path):
    path = write(tmp_path, "kind,area\ncopwatch,E9\ncopwatch,E9\nfaith,E8\n")
    import_groups(store, path)
    import_groups(store, path)
    listed = list_groups(store)
    assert listed[["name", "area_code"]].to_numpy().tolist() == [["Copwatch", "E9"], ["Faith group", "E8"]]


def test_a_group_with_a_public_name_is_replaced_with_all_its_areas(store, tmp_path):
    save_groups(store, [Cover("anti-raids group", "borough", "E09000012", "Hackney Anti Raids")])
    import_groups(store, write(tmp_path, "name,area\nhackney anti-raids,E8; E9\n"))
    listed = list_groups(store)
    assert listed[["name", "area_code"]].to_numpy().tolist() == [
        ["Hackney Anti Raids", "E8"],
        ["Hackney Anti Raids", "E9"],
    ]


def test_an_area_is_listed_by_its_name(store):
    save_groups(store, [Cover("copwatch", "borough", "E09000012")])
    assert list(list_groups(store)["area_name"]) == ["Hackney"]


def test_an_area_is_added_once_taken_away_and_put_back(store):
    cover = add_area(store, "copwatch", " hackney")
    assert cover == Cover("copwatch", "borough", "E09000012")
    add_area(store, "copwatch", "LB Hackney")
    assert len(list_groups(store)) == 1
    remove_area(store, cover)
    assert list_groups(store).empty
    add_cover(store, cover)
    assert list(list_groups(store)["kind"]) == ["copwatch"]


@pytest.mark.parametrize(
    ("kind", "area", "sentence"),
    [("copwatch", "Atlantis", "no such area"), ("Jane Okafor", "Hackney", "no such kind of group")],
)
def test_an_area_that_cannot_be_added_is_refused(store, kind, area, sentence):
    with pytest.raises(InputError, match=sentence):
        add_area(store, kind, area)
    assert list_groups(store).empty
