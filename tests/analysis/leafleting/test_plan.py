"""Plans on the real postcodes: from a request to walks, each on its sheet."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from shapely import LineString

from analysis.leafleting.plan import PlanRequest, make_plan, plan_tables, replan, walk_codes
from analysis.leafleting.sheets import languages_of, leaflets_by_language, plan_files, say_languages
from analysis.organise.leafleted import blocked_postcodes
from data.errors import InputError
from data.geography.reference import read_london_postcodes
from data.keeping.opening import open_store
from data.organising.languages import load_main_languages
from data.organising.leafleting import record, save_plan

TODAY = date(2026, 11, 23)
REQUEST = PlanRequest(
    (("district", "SE15"),), leaflets=3000, volunteers=6, hours=2, meeting_point=(534_300.0, 176_800.0)
)


@pytest.fixture(scope="module")
def postcodes():
    return read_london_postcodes()


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    return open_store(tmp_path_factory.mktemp("plans") / "raids.duckdb")


@pytest.fixture(scope="module")
def plan(bundled, postcodes):
    return make_plan(bundled.run, postcodes, REQUEST, TODAY)


def make(store, postcodes, **changes):
    return make_plan(store.run, postcodes, replace(REQUEST, **changes), TODAY)


def test_six_people_get_a_sheet_each(plan):
    assert len(plan.walks) == 6
    assert plan.walks["connected"].all()
    assert (plan.walks["doors"] <= 220).all()
    # 12 hours at 100 doors an hour, less the time to get there; never more leaflets than there are.
    assert 1000 < plan.doors <= 1200
    assert plan.walks["doors"].sum() == plan.doors == plan.stops["doors"].sum()
    assert "6 walks with about" in plan.sentences[0]


def test_every_stop_is_in_one_walk_and_in_order(plan):
    assert plan.stops["postcode"].is_unique
    assert plan.stops["postcode"].str.startswith("SE15 ").all()
    for _walk, stops in plan.stops.groupby("walk"):
        assert list(stops["position"]) == list(range(1, len(stops) + 1))
    counted = plan.stops.groupby("walk").agg(doors=("doors", "sum"), stops=("postcode", "size"))
    assert counted["doors"].tolist() == plan.walks["doors"].tolist()
    assert counted["stops"].tolist() == plan.walks["stops"].tolist()


def test_each_walk_starts_at_the_end_nearer_to_the_meeting_point(plan):
    for _walk, stops in plan.stops.groupby("walk"):
        points = stops[["easting", "northing"]].to_numpy()
        first, last = (np.hypot(*(points[end] - REQUEST.meeting_point)) for end in (0, -1))
        assert first <= last


def test_a_whole_district_has_every_postcode_that_has_doors(bundled, postcodes):
    plan = make(bundled, postcodes, leaflets=100_000, volunteers=300)
    live = postcodes[(postcodes["district"] == "SE15") & postcodes["is_live"]]
    left_out = set(live["postcode"]) - set(plan.stops["postcode"].str.replace(" ", ""))
    # Only those of the delivery office, which share one point.
    assert live[live["postcode"].isin(left_out)].groupby(["easting", "northing"]).size().min() > 10
    assert (plan.areas["share_taken"] == 1).all()
    assert plan.share_of_best == 1
    ordinary = plan.walks[~plan.walks["is_block"]]
    assert ((ordinary["doors"] / ordinary["doors"].mean() - 1).abs() <= 0.1).mean() >= 0.98


def test_the_same_request_gives_the_same_files_byte_for_byte(bundled, postcodes, plan):
    again = make_plan(bundled.run, postcodes, REQUEST, TODAY)
    files = [
        plan_files(bundled.run, each, load_main_languages(), "28 November 2026") for each in (plan, again)
    ]
    assert again.plan_id == plan.plan_id
    assert files[0] == files[1]
    assert set(files[0]) == {"walks.pdf", "walks.geojson", "walks.gpx", "stops.csv"}


def test_another_request_is_another_plan_with_other_codes(bundled, postcodes, plan):
    other = make(bundled, postcodes, leaflets=600)
    assert other.plan_id != plan.plan_id
    assert not set(other.walks["code"]) & set(plan.walks["code"])
    assert other.doors <= 600


def test_what_is_given_out_or_done_is_not_planned_again(tmp_path, postcodes):
    store = open_store(tmp_path / "raids.duckdb")
    first = make(store, postcodes)
    save_plan(store, *plan_tables(first))
    record(store, first.walks["code"][0], "assigned", 7)
    record(store, first.walks["code"][1], "done")
    taken = set(first.stops.loc[first.stops["walk"] <= 2, "postcode"])
    assert blocked_postcodes(store.run, TODAY) == taken
    second = make(store, postcodes)
    assert not taken & set(second.stops["postcode"])
    on_purpose = make(store, postcodes, again=True, leaflets=100_000, volunteers=300)
    assigned = set(first.stops.loc[first.stops["walk"] == 1, "postcode"])
    assert taken - assigned <= set(on_purpose.stops["postcode"])
    assert not assigned & set(on_purpose.stops["postcode"])


def test_returned_sheets_correct_the_doors_of_their_sector(tmp_path, postcodes):
    store = open_store(tmp_path / "raids.duckdb")
    first = make(store, postcodes)
    save_plan(store, *plan_tables(first))
    for code, doors in zip(first.walks["code"], first.walks["doors"], strict=True):
        record(store, code, "done", doors_reached=doors // 2)
    second = make(store, postcodes, again=True, leaflets=100_000, volunteers=300)
    before = first.stops.set_index("postcode")["doors"]
    after = second.stops.set_index("postcode")["doors"].reindex(before.index)
    assert after.sum() < 0.85 * before.sum()


def test_a_hand_edit_keeps_the_codes_of_the_walks_it_does_not_touch(plan):
    labels = plan.stops["walk"].to_numpy(copy=True)
    labels[labels == 6] = 5
    edited = replan(plan, labels)
    assert len(edited.walks) == 5
    assert list(edited.walks["code"][:4]) == list(plan.walks["code"][:4])
    assert edited.walks["code"][4] not in set(plan.walks["code"])
    assert edited.plan_id != plan.plan_id
    untouched = edited.stops[edited.stops["walk"] <= 4][["walk", "position", "postcode"]]
    assert untouched.equals(plan.stops[plan.stops["walk"] <= 4][["walk", "position", "postcode"]])


def test_people_may_ask_for_walks_of_different_sizes(bundled, postcodes):
    plan = make(bundled, postcodes, targets=(80, 120, 200), leaflets=5000, hours=6.0)
    assert sorted(plan.walks["doors"]) == pytest.approx([80, 120, 200], rel=0.15)


def test_no_walk_crosses_a_barrier(bundled, postcodes, plan):
    middle = plan.stops["easting"].median() + 0.37
    barrier = LineString([(middle, 170_000), (middle, 190_000)])
    request = replace(REQUEST, leaflets=100_000, volunteers=300)
    cut = make_plan(bundled.run, postcodes, request, TODAY, barriers=[barrier])
    for _walk, stops in cut.stops.groupby("walk"):
        assert len(set(stops["easting"] > middle)) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"areas": ()}, "Say which areas"),
        ({"leaflets": 0}, "number of leaflets"),
        ({"leaflets": 10_000_000}, "number of leaflets"),
        ({"volunteers": 0}, "number of people"),
        ({"hours": 0.0}, "number of hours"),
        ({"areas": (("authority", "E08000035"),)}, "outside London"),
        ({"areas": (("district", "ZZ9"),)}, "no postcode in London"),
        ({"doors_per_walk": 400}, "between 10 and 220"),
        ({"must": ("E09000028-SE15-1",), "leaflets": 20}, "."),
        ({"must": ("nowhere",)}, "."),
        ({"leaflets": 1}, "too few for a single postcode"),
        ({"hours": 0.001}, "too few for a single postcode"),
    ],
)
def test_a_request_that_cannot_be_met_gets_one_sentence(bundled, postcodes, changes, sentence):
    with pytest.raises(InputError, match=sentence):
        make(bundled, postcodes, **changes)


def test_nobody_gets_a_walk_that_takes_longer_than_there_is_time(bundled, postcodes):
    plan = make(bundled, postcodes, areas=(("district", "SW16"),), volunteers=2, hours=1.0)
    assert len(plan.walks) >= 2
    assert (plan.walks["minutes"] <= 66).all()


def test_codes_differ_and_have_no_letters_that_look_alike():
    codes = walk_codes("a plan", 2_000, spoken_for={"KKKKK"})
    assert len(set(codes)) == 2_000
    assert not set("".join(codes)) & set("01IO")
    assert codes[:3] == walk_codes("a plan", 3)


def test_languages_are_those_most_spoken_where_the_doors_are():
    languages = load_main_languages()
    assert languages_of(languages, {"E09000030": 100}, 1) == ["Bengali"]
    both = languages_of(languages, {"E09000030": 1, "E09000002": 99}, 2)
    assert both[0] == "Romanian"
    assert languages_of(languages, {}) == []


def test_leaflets_are_shared_out_by_the_part_of_the_residents_who_speak_a_language(bundled, plan):
    languages = load_main_languages()
    table = leaflets_by_language(bundled.run, plan, languages)
    doors = plan.stops.groupby("borough_code")["doors"].sum()
    # Speakers of Spanish and residents of Southwark and Lewisham, Census 2021.
    share = {"E09000028": 12_998 / 307637, "E09000023": 6_818 / 300553}
    expected = sum(doors.get(code, 0) * part for code, part in share.items())
    found = dict(zip(table["language"], table["leaflets"], strict=True))
    assert abs(found["Spanish"] - expected) <= 2.5
    assert (table["leaflets"] % 5 == 0).all()
    assert table["leaflets"].sum() < plan.doors
    assert f"Spanish {found['Spanish']}" in say_languages(table)


def test_chinese_is_one_language_and_known_in_every_borough_where_it_is_among_the_first():
    languages = load_main_languages()
    london = languages[languages["borough_code"].str.startswith("E09")]
    assert not london["main_language"].str.contains("Cantonese|Mandarin|Mirpuri").any()
    assert london.groupby("borough_code").size().eq(15).all()
    assert (london["main_language"] == "Chinese").sum() == 26


@pytest.mark.parametrize(
    ("level", "code", "changes"),
    [
        ("borough", "E09000003", {"leaflets": 400, "volunteers": 2, "hours": 1}),
        ("district", "N17", {"leaflets": 600, "volunteers": 4, "hours": 2, "doors_per_hour": 60.0}),
        ("district", "BR6", {"leaflets": 900, "volunteers": 3, "hours": 1.5, "doors_per_walk": 200}),
    ],
)
def test_nobody_gets_a_walk_longer_than_the_time_there_is(bundled, postcodes, level, code, changes):
    plan = make(bundled, postcodes, areas=((level, code),), meeting_point=None, **changes)
    request = plan.request
    assert len(plan.walks) >= request.volunteers
    assert (plan.walks["minutes"] <= request.hours * 60).all()
    # All in, as asked: so many doors an hour at most.
    assert (plan.walks["doors"] <= request.hours * request.doors_per_hour).all()
    assert (
        plan.walks["doors"].sum()
        == plan.doors
        == plan.stops["doors"].sum()
        == plan.areas["doors_taken"].sum()
    )
    assert plan.walks["minutes"].sum() <= request.volunteers * request.hours * 60


def test_what_is_left_over_is_said_of_the_plan_that_was_made(bundled, postcodes):
    plan = make(bundled, postcodes, leaflets=2000, volunteers=2, hours=1)
    left = int(2000 * 0.95) - plan.doors
    assert f"The time runs out first: about {left:,} leaflets are left over." in plan.sentences
    assert not any("left over" in note for note in plan.notes)
