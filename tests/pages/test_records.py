"""The Records page: a raid is logged, corrected, looked at a second time and taken back; what was typed is nowhere after."""

import shutil
from datetime import date, datetime

import pytest

from data.errors import InputError
from data.imports.importer import import_file
from data.log.acts import delete_incident, log_incident
from data.log.entry import IncidentEntry
from data.log.reading import list_to_check, read_incident
from data.log.rows import code_of
from data.store.store import Store
from pages.shared.door import told
from pages.shared.door.roles import Role
from pages.shared.records.log_form import FORM
from pages.shared.records.record_cards import CODE, OWN
from pages.shared.records.record_list import AT_ONCE, OTHER
from tests.pages.conftest import html, open_page, remembered, words

RECORDS = "pages/6_Records.py"
TODAY = date(2024, 5, 15)
OLD_DAY = date(2022, 6, 14)
MESSAGE = (
    "[14/06/2022, 07:12] Sam Okafor: vans at Blue Nile Cafe, 12 Rye Lane SE15 4QL about 7am, they took 2 people, "
    "about 40 of us gathered. Ring 07700 900123"
)
# Whatever of a message or an address could stay behind.
TYPED = ("Okafor", "Blue Nile", "Rye Lane", "07700", "900123", "SE15 4QL", "SE154QL", "4QL", "about 40 of us")


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("data.clock.today", lambda: TODAY)
    # Late enough for every hour of today to have begun.
    monkeypatch.setattr("data.clock.now_in_london", lambda: datetime(2024, 5, 15, 23, 30))


@pytest.fixture
def store(bundled_database, tmp_path, monkeypatch):
    path = shutil.copy(bundled_database, tmp_path / "own.duckdb")
    monkeypatch.setenv("RAIDS_DATABASE", str(path))
    return Store(path)


@pytest.fixture
def logged(store):
    """Records of somebody else, old enough to show: the same raid twice, and another."""
    entries = [
        IncidentEntry(OLD_DAY, 7, 7, "SE15 4QL", setting="workplace", outcome="people detained"),
        IncidentEntry(OLD_DAY, place="SE15", outcome="prevented", crowd_size=40),
        IncidentEntry(date(2023, 2, 3), place="Hackney", outcome="no arrests"),
    ]
    return [log_incident(store, entry).incident_id for entry in entries]


def open_section(section="log"):
    app = open_page(RECORDS, section=section)
    assert not app.exception
    return app


def press(app, label, number=0):
    [button for button in app.button if button.label == label][number].click().run()
    assert not app.exception
    return app


def field(name):
    return FORM + name


def place_box(app):
    return next(box for box in app.text_input if box.label == "Postcode, district, borough or place")


def type_place(app, text):
    place_box(app).set_value(text).run()
    assert not app.exception
    return app


def said(app):
    """What the page says, with nothing escaped."""
    boxes = [element.value for kind in ("success", "warning") for element in app.get(kind)]
    return "\n".join([words(app), *boxes]).replace("\\", "")


def labels(app):
    return [button.label for button in app.button]


def own_records(store):
    table = store.sql("SELECT * FROM store.main.incidents WHERE review = 'to check'")
    return table.to_pylist()


def log_by_hand(app, place="SE15 4QL"):
    type_place(app, place)
    app.pills(key=field("outcome")).set_value("people detained").run()
    return press(app, "Save this record")


def test_day_place_and_outcome_suffice(store):
    app = log_by_hand(open_section())
    (record,) = own_records(store)
    assert (record["outcome"], record["review"], record["confidence"]) == (
        "people detained",
        "to check",
        "low",
    )
    assert record["started_earliest"].date() == record["started_latest"].date() == TODAY
    assert record["location_precision"] == "locality"
    assert record["people_detained"] is None
    code = app.code[0].value
    assert code == code_of(record["incident_id"])
    assert f"Saved under the code {code}. Until 14 June 2024 it shows nowhere but here" in said(app)
    assert dict(app.query_params) == {}


def test_a_record_old_enough_is_said_to_show_at_once(store):
    app = type_place(open_section(), "Hackney")
    app.segmented_control(key=field("day")).set_value("other").run()
    app.date_input(key=field("other-day")).set_value(OLD_DAY).run()
    press(app, "Save this record")
    assert "It is old enough to show at once" in said(app)
    assert own_records(store)[0]["started_latest"].date() == OLD_DAY


def test_the_sentence_before_saving_is_what_is_saved(store):
    app = type_place(open_section(), "SE15 4QL")
    app.segmented_control(key=field("day")).set_value("yesterday").run()
    app.pills(key=field("time")).set_value((6, 11)).run()
    app.pills(key=field("hour")).set_value(7).run()
    app.pills(key=field("outcome")).set_value("released after community response").run()
    app.pills(key=field("setting")).set_value("workplace").run()
    app.number_input(key=field("crowd_size")).set_value(60).run()
    app.segmented_control(key=field("police_present")).set_value("yes").run()
    sentence = (
        "In the hour from 07:00 on 14 May 2024, in the locality SE15 4 (Southwark), at a workplace: people were released "
        "after the community responded. A crowd of 60; police were there."
    )
    assert sum(sentence in body for body in html(app)) == 1
    press(app, "Save this record")
    assert sum(sentence in body for body in html(app)) == 1
    (record,) = own_records(store)
    assert (record["started_earliest"].hour, record["date_precision"], record["crowd_size"]) == (
        7,
        "hour",
        60,
    )


def test_a_part_of_the_day_is_kept_as_its_hours(store):
    app = type_place(open_section(), "N17")
    app.pills(key=field("time")).set_value((18, 23)).run()
    press(app, "Save this record")
    (record,) = own_records(store)
    assert (record["started_earliest"].hour, record["started_latest"].hour) == (18, 23)


def test_an_hour_of_another_part_of_the_day_is_forgotten(store):
    app = type_place(open_section(), "N17")
    app.pills(key=field("time")).set_value((6, 11)).run()
    app.pills(key=field("hour")).set_value(7).run()
    app.pills(key=field("time")).set_value((12, 17)).run()
    press(app, "Save this record")
    assert own_records(store)[0]["started_earliest"].hour == 12


def test_nothing_of_a_form_outlives_saving(store):
    app = type_place(open_section(), "SE15 4QL")
    app.number_input(key=field("crowd_size")).set_value(4321).run()
    press(press(app, "Save this record"), "Log another raid")
    assert app.number_input(key=field("crowd_size")).value is None
    assert app.pills(key=field("outcome")).value == "unknown"
    assert place_box(app).value == ""
    left = remembered(app)
    assert "4321" not in left
    assert not any(text in left for text in TYPED)


def test_a_typed_place_is_turned_into_its_locality_and_forgotten_at_once(store):
    app = type_place(open_section(), "SE15 4QL")
    assert "SE15 4 (Southwark)</strong><br>This locality is all that is kept." in said(app)
    assert not any(text in remembered(app) for text in TYPED)
    press(app, "Change")
    assert "is all that is kept." not in said(app)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Atlantis", "This place is not known"),
        ("12 Rye Lane", "looks like a street address, which is never kept"),
    ],
)
def test_a_place_that_cannot_be_used_gets_one_sentence_and_is_forgotten(store, typed, sentence):
    app = type_place(open_section(), typed)
    assert sentence in said(app)
    assert typed not in said(app) + remembered(app)
    press(app, "Save this record")
    assert "Say where it was" in said(app)
    assert own_records(store) == []
    type_place(app, "Hackney")
    assert "Say where it was" not in said(app)


def test_a_message_fills_the_form_and_is_thrown_away(store):
    app = open_section()
    app.text_area[0].set_value(MESSAGE)
    press(app, "Fill the form from it")
    assert "Read from the message: the day, the time, the place" in said(app)
    assert "SE15 4 (Southwark)" in said(app)
    assert app.date_input(key=field("other-day")).value == OLD_DAY
    assert app.number_input(key=field("people_detained")).value == 2
    assert app.number_input(key=field("crowd_size")).value == 40
    assert app.pills(key=field("outcome")).value == "people detained"
    left = remembered(app) + said(app) + " ".join(html(app))
    assert not any(text in left for text in TYPED)
    press(app, "Save this record")
    (record,) = own_records(store)
    assert (record["started_earliest"].date(), record["people_detained"]) == (OLD_DAY, 2)
    assert not any(text in remembered(app) + str(record) for text in TYPED)


def test_what_a_message_does_not_say_is_named(store):
    app = open_section()
    app.text_area[0].set_value("they took two people from the car wash")
    press(app, "Fill the form from it")
    assert "Not understood or not in it: the day, the place." in said(app)
    assert "car wash" not in remembered(app) + said(app)


def test_after_a_message_without_its_day_the_day_must_be_chosen(store):
    app = open_section()
    assert app.segmented_control(key=field("day")).value == "today"
    app.text_area[0].set_value("Raid in Catford, they took two people at 10am")
    press(app, "Fill the form from it")
    assert app.segmented_control(key=field("day")).value is None
    press(app, "Save this record")
    assert "Say on which day it was." in said(app)
    assert own_records(store) == []
    app.segmented_control(key=field("day")).set_value("yesterday").run()
    press(app, "Save this record")
    (record,) = own_records(store)
    assert (record["started_earliest"].date(), record["started_earliest"].hour) == (date(2024, 5, 14), 10)


def test_last_night_before_midnight_is_yesterday(store):
    app = open_section()
    app.text_area[0].set_value("Last night 11pm Wembley")
    press(app, "Fill the form from it")
    assert app.segmented_control(key=field("day")).value == "yesterday"
    press(app, "Save this record")
    (record,) = own_records(store)
    assert (record["started_earliest"].date(), record["started_earliest"].hour) == (date(2024, 5, 14), 23)


def test_a_message_leaves_what_was_entered_and_it_does_not_say(store):
    app = type_place(open_section(), "N17")
    app.segmented_control(key=field("day")).set_value("yesterday").run()
    app.pills(key=field("time")).set_value((6, 11)).run()
    app.pills(key=field("setting")).set_value("home").run()
    app.number_input(key=field("crowd_size")).set_value(25).run()
    app.text_area[0].set_value("they took two people, police were there")
    press(app, "Fill the form from it")
    assert app.segmented_control(key=field("day")).value == "yesterday"
    assert app.pills(key=field("time")).value == (6, 11)
    assert app.pills(key=field("setting")).value == "home"
    assert app.number_input(key=field("crowd_size")).value == 25
    assert "N17 (Haringey)" in said(app)
    assert app.pills(key=field("outcome")).value == "people detained"
    assert app.number_input(key=field("people_detained")).value == 2
    assert app.segmented_control(key=field("police_present")).value == "yes"


def test_a_message_of_no_raid_fills_nothing(store):
    app = open_section()
    app.pills(key=field("setting")).set_value("home").run()
    app.text_area[0].set_value("No raid today in Deptford, false alarm")
    press(app, "Fill the form from it")
    assert "The message tells of no raid, so nothing is filled in." in said(app)
    assert "Lewisham" not in said(app)
    assert app.segmented_control(key=field("day")).value == "today"
    assert app.pills(key=field("setting")).value == "home"


@pytest.mark.parametrize(
    ("message", "sentence"),
    [("hello there all", "Nothing in the message could be read"), ("  ", "There is no message to read")],
)
def test_a_message_without_a_raid_says_so(store, message, sentence):
    app = open_section()
    app.text_area[0].set_value(message)
    press(app, "Fill the form from it")
    assert sentence in said(app)
    assert "hello" not in remembered(app)


def test_a_new_record_is_taken_back(store):
    app = press(log_by_hand(open_section()), "Undo")
    assert "Taken back: the record is gone." in said(app)
    assert own_records(store) == []
    assert "Save this record" in labels(app)


def test_a_young_record_shows_to_whoever_logged_it_and_to_nobody_else(store):
    app = log_by_hand(open_section())
    assert any("SE15 4 (Southwark), at a kind of place" in body for body in html(app))
    assert store.sql("SELECT count(*) AS n FROM incidents").to_pylist() == [{"n": 139}]
    for section in ("log", "check"):
        other = open_section(section)
        assert "SE15 4" not in said(other)
        assert app.code[0].value not in said(other)


def test_somebody_else_opens_a_young_record_by_its_code(store):
    code = log_by_hand(open_section()).code[0].value
    other = open_section("check")
    other.text_input(key=CODE).set_value(code.upper().replace("-", " ")).run()
    press(other, "Open it")
    assert "in the locality SE15 4 (Southwark)" in said(other)
    assert other.text_input(key=CODE).value == ""
    press(other, "Looks right: high")
    assert "Checked; its confidence is high now." in said(other)
    (record,) = store.sql(
        "SELECT review, confidence FROM store.main.incidents WHERE review = 'checked'"
    ).to_pylist()
    assert record == {"review": "checked", "confidence": "high"}
    press(other, "Undo")
    assert own_records(store)[0]["confidence"] == "low"


@pytest.mark.parametrize("code", ["", "7f3a", "7f3a-91c2-04de", "'; DROP TABLE incidents; --"])
def test_a_wrong_code_gets_one_sentence(store, code):
    app = open_section()
    app.text_input(key=CODE).set_value(code).run()
    press(app, "Open it")
    assert "No record has this code" in said(app)


def test_whoever_logged_a_record_leaves_the_second_look_to_somebody_else(store):
    app = log_by_hand(open_section())
    app.segmented_control(key="control:section").set_value("check").run()
    assert "leave the second look to somebody else" in said(app)
    checks = [button for button in app.button if button.label.startswith("Looks right")]
    assert [button.disabled for button in checks] == [True, True]


def test_an_own_record_is_corrected_and_the_correction_undone(store):
    app = press(log_by_hand(open_section()), "Edit")
    app.pills(key="control:edit-outcome").set_value("prevented").run()
    app.number_input(key="control:edit-crowd_size").set_value(25).run()
    press(app, "Save the changes")
    assert "The changes are saved." in said(app)
    (record,) = own_records(store)
    assert (record["outcome"], record["crowd_size"]) == ("prevented", 25)
    assert (record["location_precision"], record["started_earliest"].date()) == ("locality", TODAY)
    press(app, "Undo", 0)
    assert own_records(store)[0]["outcome"] == "people detained"


def test_an_outcome_that_contradicts_a_number_is_asked_about_and_the_number_taken_out(store):
    app = press(log_by_hand(open_section()), "Edit")
    app.number_input(key="control:edit-people_detained").set_value(2).run()
    assert "Is the number still right?" not in said(app)
    app.pills(key="control:edit-outcome").set_value("no arrests").run()
    assert "It says ‘no arrests’ and 2 people detained. Is the number still right?" in said(app)
    press(app, "Take the number out")
    assert "Is the number still right?" not in said(app)
    press(app, "Save the changes")
    (record,) = own_records(store)
    assert (record["outcome"], record["people_detained"]) == ("no arrests", None)


def test_an_edit_that_changes_nothing_says_so(store):
    app = press(log_by_hand(open_section()), "Edit")
    press(app, "Save the changes")
    assert "Nothing was different" in said(app)


def test_an_edit_is_left_without_a_trace(store):
    app = press(log_by_hand(open_section()), "Edit")
    app.pills(key="control:edit-outcome").set_value("prevented").run()
    press(app, "Leave it as it was")
    assert own_records(store)[0]["outcome"] == "people detained"
    assert "Save the changes" not in labels(app)


def test_the_place_of_a_record_is_corrected(store, logged):
    app = press(open_section("check"), "Edit", 2)
    press(app, "Change")
    place_box(app).set_value("N17 9").run()
    press(app, "Save the changes")
    assert read_incident(store, logged[2])["postcode_district"] == "N17"


def test_a_raid_known_by_its_month_or_year_is_logged_so(store):
    app = open_section()
    app.segmented_control(key=field("day")).set_value("month").run()
    app.selectbox(key=field("year")).set_value(2021).run()
    app.pills(key=field("month")).set_value(3).run()
    # Without its day a raid has no hour.
    assert "What time" not in [control.label for control in app.pills]
    log_by_hand(app)
    assert "In March 2021" in "".join(html(app))
    press(app, "Log another raid")
    app.segmented_control(key=field("day")).set_value("year").run()
    app.selectbox(key=field("year")).set_value(2020).run()
    log_by_hand(app)
    starts = store.sql(
        "SELECT started_earliest AS first, started_latest AS last, date_precision AS known FROM store.main.incidents "
        "WHERE source_kind = 'group report' AND review = 'to check' ORDER BY started_earliest"
    ).to_pylist()
    assert [tuple(start.values()) for start in starts] == [
        (datetime(2020, 1, 1), datetime(2020, 12, 31, 23), "year"),
        (datetime(2021, 3, 1), datetime(2021, 3, 31, 23), "month"),
    ]
    press(app, "Undo")
    assert "Taken back: the record is gone." in said(app)


def test_an_hour_chosen_before_the_day_was_taken_back_is_forgotten(store):
    app = open_section()
    app.pills(key=field("time")).set_value((6, 11)).run()
    app.segmented_control(key=field("day")).set_value("year").run()
    log_by_hand(app)
    assert "In 2024" in "".join(html(app))


def test_a_message_of_a_month_fills_the_month(store):
    app = open_section()
    app.text_area[0].set_value("[14/06/2022, 07:12] Sam: raid in SE15 back in May 2021, they took 2 people")
    press(app, "Fill the form from it")
    assert app.segmented_control(key=field("day")).value == "month"
    assert (app.selectbox(key=field("year")).value, app.pills(key=field("month")).value) == (2021, 5)
    press(app, "Save this record")
    assert "In May 2021" in "".join(html(app))


def test_a_message_of_a_night_fills_hours_that_go_on_after_midnight(store):
    app = open_section()
    app.text_area[0].set_value("raid in SE15 on 14/06/2022, 11pm-1am")
    press(app, "Fill the form from it")
    assert app.pills(key=field("time")).value == (23, 24)
    assert "23:00 to 01:00 the next day" in app.pills(key=field("time")).options
    press(app, "Save this record")
    assert "Between 23:00 on 14 June 2022 and 01:00 the next day" in "".join(html(app))


def test_a_record_known_by_month_keeps_its_month_unless_the_day_is_known_now(store, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("date,borough,outcome\n06/2022,Camden,prevented\n")
    import_file(store, log)
    (found,) = store.sql(
        "SELECT incident_id FROM incidents WHERE date_precision = 'month' AND source_kind = 'group report'"
    ).to_pylist()
    code = str(found["incident_id"])[:13].replace("-", "")
    app = open_section()
    app.text_input(key=CODE).set_value(code).run()
    press(press(app, "Open it"), "Edit")
    app.pills(key="control:edit-outcome").set_value("no arrests").run()
    press(app, "Save the changes")
    record = read_incident(store, found["incident_id"])
    assert (record["date_precision"], record["outcome"]) == ("month", "no arrests")
    press(app, "Edit")
    assert app.segmented_control(key="control:edit-day").value == "month"
    app.segmented_control(key="control:edit-day").set_value("other").run()
    app.date_input(key="control:edit-other-day").set_value(OLD_DAY).run()
    press(app, "Save the changes")
    assert read_incident(store, found["incident_id"])["started_latest"].date() == OLD_DAY


def test_a_record_is_deleted_and_brought_back(store, logged):
    app = press(open_section("check"), "Delete")
    assert "The record is deleted." in said(app)
    assert len(own_records(store)) == 2
    press(app, "Undo")
    assert len(own_records(store)) == 3


def test_a_record_is_deleted_right_after_it_was_logged(store):
    app = press(log_by_hand(open_section()), "Delete")
    assert "The record is deleted." in said(app)
    assert "Save this record" in labels(app)
    assert not app.error
    press(app, "Undo")
    assert len(own_records(store)) == 1


def test_a_record_that_went_meanwhile_gets_one_sentence(store, logged):
    app = open_section("check")
    delete_incident(store, list_to_check(store).iloc[0]["incident_id"])
    press(app, "Delete")
    assert "no longer there" in said(app)


def test_two_records_of_one_raid_become_one_and_come_apart_again(store, logged):
    app = open_section("check")
    assert "They contradict each other in: outcome" in "".join(each.label for each in app.segmented_control)
    kept = next(body for body in html(app) if "What would be kept" in body)
    assert "people were detained. A crowd of 40." in kept
    press(app, "Make one record of them")
    assert "The two records are one now" in said(app)
    assert len(own_records(store)) == 2
    assert "No two records of one day lie near each other" in said(app)
    press(app, "Undo")
    assert len(own_records(store)) == 3


def test_the_second_of_a_pair_may_lead(store, logged):
    app = open_section("check")
    lead = next(each for each in app.segmented_control if "contradict" in each.label)
    lead.set_value(1).run()
    press(app, "Make one record of them")
    (merged,) = [record for record in own_records(store) if record["started_latest"].date() == OLD_DAY]
    assert (merged["outcome"], merged["crowd_size"], merged["location_precision"]) == (
        "prevented",
        40,
        "locality",
    )


def test_a_pair_that_is_not_the_same_is_not_shown_again(store, logged):
    app = press(open_section("check"), "Not the same")
    assert "Make one record of them" not in labels(app)
    assert len(own_records(store)) == 3
    # Nor to anybody else.
    assert "Make one record of them" not in labels(open_section("check"))
    press(app, "Undo")
    assert "Make one record of them" in labels(app)


def test_a_pair_told_apart_is_offered_again_days_later(store, logged):
    assert "Offer again" not in labels(open_section("check"))
    press(open_section("check"), "Not the same")
    app = open_section("check")
    (pair,) = next(box for box in app.selectbox if box.label == "Which two").options
    assert pair.count("(") == 2
    assert str(OLD_DAY.year) in pair
    press(app, "Offer again")
    assert "The pair is offered again." in said(app)
    assert "Make one record of them" in labels(app)
    assert "Offer again" not in labels(app)


def test_the_trail_says_what_changed_and_a_step_of_it_is_taken_back(store, logged):
    app = press(open_section("check"), "Looks right: medium", 2)
    trail = next(body for body in html(app) if "newest first" in body)
    assert "confidence, low → medium" in trail
    assert trail.count("the record came") == 3
    press(app, "Yes, take it back")
    assert "Taken back: all is as it was before." in said(app)
    assert "Checked (taken back since)" in next(body for body in html(app) if "newest first" in body)


def test_empty_lists_say_why(store):
    told_there = said(open_section("check"))
    for sentence in (
        "Nothing waits that is old enough to show",
        "No two records of one day lie near each other",
        "Nothing yet: no record that shows",
    ):
        assert sentence in told_there
    assert "Nothing yet. A record that is too young to show opens by its code." in said(open_section())


def test_a_viewer_reads_and_nothing_else(store, logged, monkeypatch):
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: Role.viewer)
    for section in ("log", "check", "files"):
        app = open_section(section)
        assert "Logging, correcting and importing are for recorders and keepers" in said(app)
        assert labels(app) == []
        assert not app.text_input
        assert not app.get("file_uploader")


def test_a_recorder_logs_and_looks_and_imports_nothing(store, logged, monkeypatch):
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: Role.recorder)
    assert "Save this record" in labels(open_section())
    assert "Looks right: high" in labels(open_section("check"))
    app = open_section("files")
    assert "are for keepers" in said(app)
    assert labels(app) == []
    assert not app.get("file_uploader")
    assert not app.get("download_button")


def test_a_file_that_is_checked_tells_which_columns_are_not_imported(store):
    app = open_section("files")
    log = b"Date,Rough time,Where,Wie viele,reason\n11/06/2022,14:00,Peckham,4,x\n"
    app.file_uploader[0].set_value(("log.csv", log, "text/csv")).run()
    assert not app.exception
    assert "Import 1 row" in labels(app)
    assert "Columns that are not imported: “Wie viele”." in said(app)
    next(box for box in app.selectbox if box.label == "Wie viele").set_value("crowd_size")
    press(app, "Check again with this")
    assert "not imported" not in said(app)


def test_any_import_is_taken_back_as_a_whole(store, tmp_path):
    ids = []
    for number in (1, 2):
        log = tmp_path / f"log{number}.csv"
        log.write_text(f"date,borough,group {number}\n0{number}/06/2022,Camden,x\n")
        ids.append(import_file(store, log).import_id)
    app = open_section("files")
    app.selectbox(key="imported-undo").set_value(str(ids[0])).run()
    press(app, "Yes, take it back")
    assert "Taken back: 1 row of incidents." in said(app)
    table = store.sql("SELECT import_id, undone_at FROM imports WHERE NOT is_bundled").to_pylist()
    assert {str(row["import_id"]): row["undone_at"] is None for row in table} == {
        str(ids[0]): False,
        str(ids[1]): True,
    }


def test_what_happened_last_is_said_until_another_page(store):
    app = press(log_by_hand(open_section()), "Undo")
    assert told.TOLD in app.session_state
    app.segmented_control(key="control:section").set_value("check").run()
    assert "Taken back: the record is gone." in said(app)
    assert OWN in app.session_state


def test_a_refusal_of_the_store_is_one_sentence(store, monkeypatch):
    def refuse(*_):
        raise InputError("The disk is full.")

    monkeypatch.setattr("pages.shared.records.log_form.log_incident", refuse)
    app = log_by_hand(open_section())
    assert "The disk is full." in said(app)
    assert app.pills(key=field("outcome")).value == "people detained"


def test_how_many_are_hidden_is_told_to_who_logs_and_not_to_who_looks(store, monkeypatch):
    log_incident(store, IncidentEntry(TODAY, place="SE15"))
    shown = store.sql("SELECT count(*) AS n FROM incidents")["n"][0].as_py()
    held = store.sql("SELECT count(*) AS n FROM store.main.incidents")["n"][0].as_py()
    assert held > shown
    assert f"{held - shown} more wait" in said(open_section("files"))
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: Role.viewer)
    told_to_viewer = said(open_section())
    assert f"The store holds {shown} incidents" in told_to_viewer
    assert "more wait" not in told_to_viewer


def test_all_records_that_show_are_listed_and_an_imported_one_can_be_opened_and_deleted_and_had_back(store):
    app = open_section("all")
    assert not app.exception
    (table,) = [text for text in html(app) if "<table>" in text]
    assert table.count("<tr>") == 1 + AT_ONCE
    (choice,) = [box for box in app.selectbox if box.label.startswith("Open one")]
    app = choice.select_index(0).run()
    code = choice.options[0].split(" ")[0]
    assert code in table
    (delete,) = [button for button in app.button if button.label == "Delete"]
    app = delete.click().run()
    assert "The record is deleted." in said(app)
    assert code not in next(text for text in html(app) if "<table>" in text)
    (undo,) = [button for button in app.button if button.label == "Undo"]
    app = undo.click().run()
    assert code in next(text for text in html(app) if "<table>" in text)


def test_the_list_obeys_the_filters_and_says_when_nothing_fits(store):
    app = open_page(RECORDS, section="all", borough="E09000012", period="2022")
    (table,) = [text for text in html(app) if "<table>" in text]
    assert table.count("Hackney") == table.count("<tr>") - 1
    nothing = open_page(RECORDS, section="all", **{"from": "1971-01-01"}, to="1971-02-01", period="custom")
    assert "No record that shows fits this choice." in words(nothing)


def test_a_record_is_merged_with_another_by_its_code_and_a_wrong_code_gets_a_sentence(store):
    app = open_section("all")
    (choice,) = [box for box in app.selectbox if box.label.startswith("Open one")]
    other = choice.options[1].split(" ")[0]
    app = choice.select_index(0).run()
    for typed, expected in (("0000-0000-0000", "No record has this code."), (other, "")):
        app.text_input(key=OTHER).set_value(typed)
        (merge,) = [button for button in app.button if button.label == "Make one of the two"]
        app = merge.click().run()
        assert not app.exception
        assert expected in said(app)
    assert other not in next(text for text in html(app) if "<table>" in text)
