"""The log kept by hand: every act on a small store, and any sequence of acts on one in memory."""

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import data.store
from data.errors import InputError
from data.geography.named_place import is_place
from data.importing.history import list_imports
from data.incident_log import (
    EDITABLE,
    IncidentEntry,
    Place,
    check_incident,
    code_of,
    delete_incident,
    edit_incident,
    entry_columns,
    find_by_code,
    list_to_check,
    log_incident,
    merge_incidents,
    merge_records,
    read_incident,
    trail,
    undo_change,
    undo_last_change,
)
from data.migrations import create_schema
from data.schema import INCIDENTS, LOG_IMPORT_ID, OUTCOMES, SETTINGS, UNKNOWN
from data.settings import save_setting
from tests.conftest import incident_row, insert

TODAY = date(2022, 6, 16)
LONG_AGO = date(2022, 1, 11)
OTHER_IMPORT = "11111111-1111-4111-8111-111111111111"
SE15_4 = Place("E09000028-SE15-4", "E09000028", "SE15", "locality")
SE15 = Place(UNKNOWN, "E09000028", "SE15", "district")
SOUTHWARK = Place(UNKNOWN, "E09000028", UNKNOWN, "borough")
HACKNEY = Place(UNKNOWN, "E09000012", UNKNOWN, "borough")


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch):
    monkeypatch.setattr(data.store, "today", lambda: TODAY)


@pytest.fixture
def store(toy_store):
    return toy_store


def log(store, day=LONG_AGO, place=SE15, **values) -> str:
    return log_incident(store, IncidentEntry(day, **values), place).incident_id


def table(store) -> list[tuple]:
    return sorted(store.cursor().execute("SELECT * FROM store.main.incidents").fetchall(), key=str)


# What is written, and what is not.


def test_a_logged_raid_is_kept_by_the_hour_and_waits_for_a_second_look(store):
    logged = log_incident(
        store, IncidentEntry(LONG_AGO, 7, 7, setting="workplace", people_detained=2, crowd_size=80), SE15_4
    )
    assert read_incident(store, logged.incident_id) == {
        "incident_id": logged.incident_id,
        "started_earliest": datetime(2022, 1, 11, 7),
        "started_latest": datetime(2022, 1, 11, 7),
        "date_precision": "hour",
        "locality_code": "E09000028-SE15-4",
        "borough_code": "E09000028",
        "postcode_district": "SE15",
        "location_precision": "locality",
        "setting": "workplace",
        "outcome": UNKNOWN,
        "people_detained": 2,
        "people_released": None,
        "crowd_size": 80,
        "duration_minutes": None,
        "police_present": UNKNOWN,
        "community_response": UNKNOWN,
        "source_kind": "group report",
        "confidence": "low",
        "import_id": LOG_IMPORT_ID,
        "review": "to check",
    }


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((None, None), (0, 23, "day")),
        ((6, 11), (6, 11, "day")),
        ((7, 7), (7, 7, "hour")),
        ((0, 23), (0, 23, "day")),
    ],
)
def test_the_start_is_as_wide_as_it_is_known(hours, expected):
    columns = entry_columns(IncidentEntry(LONG_AGO, *hours), SE15)
    first, last, precision = expected
    assert (columns["started_earliest"], columns["started_latest"], columns["date_precision"]) == (
        datetime(2022, 1, 11, first),
        datetime(2022, 1, 11, last),
        precision,
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (IncidentEntry(TODAY + timedelta(days=1)), "after today"),
        (IncidentEntry(date(1989, 12, 31)), "before 1990"),
        (IncidentEntry(LONG_AGO, 8, 6), "ends before it begins"),
        (IncidentEntry(LONG_AGO, 24, 24), "from 0 to 23"),
        (IncidentEntry(date(2022, 3, 27), 1, 1), "no such hour"),
        (IncidentEntry(LONG_AGO, setting="nail bar"), "setting takes one of"),
        (IncidentEntry(LONG_AGO, outcome="Two men, 07700 900123"), "outcome takes one of"),
        (IncidentEntry(LONG_AGO, people_detained=-1), "people detained must be"),
        (IncidentEntry(LONG_AGO, people_detained=40_000), "too large"),
        (IncidentEntry(LONG_AGO, crowd_size=2.5), "crowd size must be"),
        (IncidentEntry(LONG_AGO, police_present="maybe"), "police present takes one of"),
        (IncidentEntry(LONG_AGO, source_kind="a friend"), "source kind takes one of"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(store, entry, told):
    before = store.version()
    with pytest.raises(InputError, match=told) as refused:
        log_incident(store, entry, SE15)
    assert "07700" not in str(refused.value)
    assert store.version() == before


def test_the_first_hour_of_a_summer_day_in_london_is_today(store, monkeypatch):
    class AfterMidnight(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2022, 6, 16, 23, 30, tzinfo=tz)

    monkeypatch.setattr("data.incident_log.datetime", AfterMidnight)
    assert log_incident(store, IncidentEntry(date(2022, 6, 17)), SE15)
    with pytest.raises(InputError):
        log_incident(store, IncidentEntry(date(2022, 6, 18)), SE15)


def test_a_day_of_today_is_allowed_and_an_entry_needs_a_place(store):
    assert log_incident(store, IncidentEntry(TODAY, place="SE15 4QL"))
    with pytest.raises(InputError, match="place is missing"):
        log_incident(store, IncidentEntry(TODAY))


# Codes.


def test_a_code_opens_its_record_in_any_writing(store):
    logged = log_incident(store, IncidentEntry(TODAY), SE15)
    assert re.fullmatch("[0-9a-f]{4}(-[0-9a-f]{4}){2}", logged.code)
    for written in (logged.code, logged.code.upper(), logged.code.replace("-", ""), f" {logged.code} "):
        assert find_by_code(store, written) == logged.incident_id


@pytest.mark.parametrize(
    "code", ["", "7f3a-91c2", "0000-0000-0000", "' OR 1=1 --", "zzzz-zzzz-zzzz", "%%%%%%%%%%%%"]
)
def test_a_wrong_code_opens_nothing(store, code):
    log(store)
    with pytest.raises(InputError, match="No record has this code"):
        find_by_code(store, code)


def test_the_code_of_a_deleted_record_brings_it_back_and_opens_nothing_else(store):
    logged = log_incident(store, IncidentEntry(TODAY), SE15)
    delete_incident(store, logged.incident_id)
    with pytest.raises(InputError):
        find_by_code(store, logged.code)
    assert find_by_code(store, logged.code, or_deleted=True) == logged.incident_id


# Edit, check, delete.


def test_an_edit_changes_what_is_given_and_leaves_its_trail(store):
    incident_id = log(store, people_detained=2)
    edit_incident(store, incident_id, {"setting": "home", "people_detained": None, "outcome": UNKNOWN})
    record = read_incident(store, incident_id)
    assert (record["setting"], record["people_detained"]) == ("home", None)
    rows = trail(store, limit=1)
    assert rows[["act", "column_name", "value_before", "value_after"]].values.tolist() == [
        ["edited", "setting", "unknown", "home"],
        ["edited", "people_detained", "2", None],
    ]


def test_an_edit_that_changes_nothing_leaves_none(store):
    incident_id = log(store, setting="home")
    assert edit_incident(store, incident_id, {"setting": "home"}) is None
    assert set(trail(store)["act"]) == {"logged"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"setting": "12 Quux Road"}, "setting takes one of"),
        ({"confidence": "total"}, "confidence takes one of"),
        ({"crowd_size": "many"}, "whole number"),
        ({"crowd_size": True}, "whole number"),
        ({"duration_minutes": 10_000_000}, "too large"),
        ({"locality_code": "E09000028-SE15-4"}, "do not belong together"),
        ({"borough_code": "Quux"}, "do not belong together"),
        ({"postcode_district": "N17"}, "do not belong together"),
        ({"started_earliest": datetime(2022, 1, 11, 7, 12)}, "by the hour"),
        ({"started_earliest": "2022-01-11"}, "by the hour"),
        ({"started_latest": datetime(2022, 1, 12, 5)}, "do not fit"),
        ({"date_precision": "hour"}, "do not fit"),
        ({"started_earliest": datetime(2023, 1, 1), "started_latest": datetime(2023, 1, 1, 23)}, "after today"),
        ({"started_earliest": datetime(1980, 1, 1), "started_latest": datetime(1980, 1, 1, 23)}, "before 1990"),
        ({"incident_id": OTHER_IMPORT}, "cannot be edited"),
        ({"import_id": OTHER_IMPORT}, "cannot be edited"),
        ({"review": "checked"}, "cannot be edited"),
        ({"note": "Zebedee"}, "cannot be edited"),
    ],
)  # fmt: skip
def test_an_edit_holds_to_the_schema(store, changed, told):
    incident_id = log(store)
    before = table(store)
    with pytest.raises(InputError, match=told):
        edit_incident(store, incident_id, changed)
    assert table(store) == before


def test_every_column_but_the_records_own_can_be_edited():
    assert set(INCIDENTS.column_names()) - set(EDITABLE) == {"incident_id", "import_id", "review"}


def test_a_second_look_raises_the_confidence_and_an_edit_asks_for_another(store):
    incident_id = log(store)
    check_incident(store, incident_id, "high")
    record = read_incident(store, incident_id)
    assert (record["review"], record["confidence"]) == ("checked", "high")
    assert check_incident(store, incident_id, "high") is None
    edit_incident(store, incident_id, {"setting": "home"})
    assert read_incident(store, incident_id)["review"] == "to check"
    with pytest.raises(InputError, match="medium or high"):
        check_incident(store, incident_id, "low")


def test_what_is_gone_is_said_to_be_gone(store):
    for act in (
        lambda: read_incident(store, OTHER_IMPORT),
        lambda: edit_incident(store, "no id at all", {"setting": "home"}),
        lambda: check_incident(store, OTHER_IMPORT, "high"),
        lambda: delete_incident(store, OTHER_IMPORT),
        lambda: merge_incidents(store, OTHER_IMPORT, log(store)),
    ):
        with pytest.raises(InputError, match="no longer there"):
            act()


def test_whatever_takes_a_record_out_writes_the_file_anew(store, monkeypatch):
    keep, other, third = log(store), log(store), log(store)
    write, erased = type(store).write, []

    def write_and_remember(store, erase=False):
        erased.append(erase)
        return write(store, erase=erase)

    monkeypatch.setattr(type(store), "write", write_and_remember)
    merge_incidents(store, keep, other)
    delete_incident(store, third)
    undo_last_change(store)
    assert erased == [True, True, True]


def test_the_standing_import_counts_what_is_logged_by_hand(store):
    ids = [log(store), log(store)]
    delete_incident(store, ids[0])
    standing = [row for row in list_imports(store).to_pylist() if str(row["import_id"]) == LOG_IMPORT_ID]
    assert [(row["kind"], row["rows"], row["kept"]) for row in standing] == [("log", 1, 1)]
    undo_last_change(store)
    assert list_imports(store).to_pylist()[0]["kept"] == 2


# Merge.


def test_merging_keeps_the_better_of_each(store):
    keep = log(
        store, place=SOUTHWARK, hour_from=6, hour_to=11, crowd_size=50, people_detained=2, outcome="prevented"
    )
    other = log(
        store, place=SE15_4, hour_from=7, hour_to=7, crowd_size=80, duration_minutes=45, setting="workplace"
    )
    check_incident(store, other, "medium")
    merged = merge_incidents(store, keep, other)
    record = read_incident(store, keep)
    assert merged.conflicts == ()
    assert (
        record
        | {
            "started_earliest": datetime(2022, 1, 11, 7),
            "started_latest": datetime(2022, 1, 11, 7),
            "date_precision": "hour",
            "locality_code": "E09000028-SE15-4",
            "crowd_size": 80,
            "people_detained": 2,
            "duration_minutes": 45,
            "outcome": "prevented",
            "setting": "workplace",
            "confidence": "medium",
            "review": "to check",
        }
        == record
    )
    with pytest.raises(InputError):
        read_incident(store, other)


def test_where_two_contradict_each_other_the_kept_one_stays_and_it_is_said(store):
    keep = log(store, place=SE15, hour_from=7, hour_to=7, setting="home", people_detained=2)
    other = log(store, place=HACKNEY, hour_from=15, hour_to=15, setting="street", people_detained=3)
    before = read_incident(store, keep)
    merged = merge_incidents(store, keep, other)
    assert merged.conflicts == ("started_earliest", "location_precision", "setting", "people_detained")
    assert "contradicted each other in: started earliest, location precision, setting" in merged.sentence
    assert read_incident(store, keep) == before


def test_merging_is_one_step_and_taken_back_at_once(store):
    keep, other = log(store, crowd_size=50), log(store, crowd_size=80)
    before = table(store)
    undone = undo_change(store, merge_incidents(store, keep, other).step)
    assert undone.act == "merged"
    assert set(undone.incident_ids) == {keep, other}
    assert table(store) == before


def test_a_young_record_does_not_show_early_because_an_old_one_took_it_in(store):
    with store.write() as connection:
        insert(
            connection,
            "incidents",
            [imported(1, datetime(2022, 6, 15), source_kind="press", **vars_of(SE15))],
        )
    shown = "00000000-0000-4000-9000-000000000001"
    young = log(store, day=date(2022, 6, 15), place=SE15_4)
    with pytest.raises(InputError, match="Keep the other one"):
        merge_incidents(store, shown, young)
    assert merge_incidents(store, young, shown).conflicts == ()
    assert store.sql("SELECT * FROM incidents").num_rows == 0


def test_a_record_is_not_merged_with_itself(store):
    incident_id = log(store)
    with pytest.raises(InputError, match="one and the same"):
        merge_incidents(store, incident_id, incident_id)


def vars_of(place: Place) -> dict:
    names = ("locality_code", "borough_code", "postcode_district", "location_precision")
    return {name: getattr(place, name) for name in names}


def imported(number: int, start: datetime, **values) -> dict:
    ids = {"incident_id": f"00000000-0000-4000-9000-{number:012}", "import_id": OTHER_IMPORT}
    return ids | incident_row(start) | values


RECORDS = st.builds(
    lambda start, hours, place, numbers, words: (
        incident_row(start, start + timedelta(hours=hours), **vars_of(place), **numbers, **words)
        | {"date_precision": "hour" if hours == 0 else "day"}
    ),
    st.sampled_from([datetime(2022, 1, 11, hour) for hour in (0, 6, 7)]),
    st.sampled_from([0, 5, 16]),
    st.sampled_from([SE15_4, SE15, SOUTHWARK, HACKNEY, Place(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)]),
    st.fixed_dictionaries(
        {"crowd_size": st.sampled_from([None, 50, 80]), "people_detained": st.sampled_from([None, 0, 2])}
    ),
    st.fixed_dictionaries({"setting": st.sampled_from(SETTINGS), "outcome": st.sampled_from(OUTCOMES)}),
)


@given(RECORDS, RECORDS)
def test_merging_never_loses_what_is_stated_nor_makes_up_what_is_not(keep, other):
    merged, conflicts = merge_records(keep, other)
    for name, value in merged.items():
        assert value in (keep[name], other[name])
    for name in ("setting", "outcome", "people_detained"):
        stated = [record[name] for record in (keep, other) if record[name] not in (None, UNKNOWN)]
        assert (merged[name] in stated) == bool(stated)
        assert (name in conflicts) == (len(set(stated)) == 2)
    assert (
        merged["crowd_size"] == max(each["crowd_size"] or -1 for each in (keep, other))
        or merged["crowd_size"] is None
    )
    assert is_place(Place(*(merged[name] for name in vars_of(SE15))))
    assert merge_records(merged, merged) == (merged, ())


# The trail, and who sees it.


def test_the_trail_of_young_records_shows_to_nobody_without_their_ids(store):
    old, young = log(store), log(store, day=TODAY)
    assert set(trail(store)["incident_id"]) == {old}
    assert set(trail(store, also=[young])["incident_id"]) == {old, young}
    assert list(list_to_check(store)["incident_id"]) == [old]
    assert list(list_to_check(store, [young, "rubbish"])["incident_id"]) == [old, young]


def test_the_trail_of_a_record_deleted_young_shows_once_it_would_have(store, monkeypatch):
    young = log(store, day=TODAY)
    delete_incident(store, young)
    assert trail(store).empty
    assert set(trail(store, also=[young])["act"]) == {"logged", "deleted"}
    monkeypatch.setattr(data.store, "today", lambda: TODAY + timedelta(days=29))
    assert trail(store).empty
    monkeypatch.setattr(data.store, "today", lambda: TODAY + timedelta(days=30))
    assert set(trail(store)["act"]) == {"logged", "deleted"}
    save_setting(store, "hidden_days", 60)
    assert trail(store).empty


def test_the_trail_holds_the_hour_and_values_of_the_schema_alone(store):
    incident_id = log(store, people_detained=2, hour_from=6, hour_to=11)
    check_incident(store, incident_id, "high")
    delete_incident(store, incident_id)
    rows = trail(store)
    assert set(rows["column_name"]) <= set(INCIDENTS.column_names())
    assert (rows["happened_at"] == rows["happened_at"].dt.floor("h")).all()
    for text in [*rows["value_before"].dropna(), *rows["value_after"].dropna()]:
        assert re.fullmatch(r"[a-z ]+|\d+|E09\d{6}|SE15|[0-9a-f-]{36}|2022-01-11T\d\d:00:00", text), text


def test_the_trail_is_cut_by_acts_and_the_newest_come_first(store):
    ids = [log(store) for _ in range(3)]
    assert list(trail(store, limit=2)["incident_id"]) == [ids[2], ids[1]]


# Taking back.


def test_taking_back_goes_further_with_each_call(store):
    before = table(store)
    incident_id = log(store)
    edit_incident(store, incident_id, {"setting": "home"})
    assert [undo_last_change(store, incident_id).act for _ in range(2)] == ["edited", "logged"]
    assert table(store) == before
    with pytest.raises(InputError, match="nothing to take back"):
        undo_last_change(store)


def test_taking_back_can_be_taken_back(store):
    incident_id = log(store, crowd_size=80)
    before = table(store)
    undo_last_change(store)
    step = int(trail(store, also=[incident_id])["step"].max())
    undo_change(store, step)
    assert table(store) == before
    with pytest.raises(InputError, match="taken back already"):
        undo_change(store, step)


def test_an_act_on_which_a_later_one_builds_is_not_taken_back_before_it(store):
    incident_id = log(store)
    edit_incident(store, incident_id, {"setting": "home"})
    with pytest.raises(InputError, match="later change first"):
        undo_change(store, 1)
    with pytest.raises(InputError, match="no such change"):
        undo_change(store, 99)


def test_only_the_last_act_of_the_record_named_is_taken_back(store):
    one, other = log(store), log(store)
    assert undo_last_change(store, one).incident_ids == (one,)
    assert read_incident(store, other)


class MemoryStore:
    """A store in memory, so that many sequences of acts can be tried."""

    def __init__(self):
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("ATTACH ':memory:' AS store")
        self._connection.execute("USE store")
        create_schema(self._connection)
        # As readers see it; every record here is old enough to show.
        self._connection.execute("CREATE VIEW memory.main.incidents AS SELECT * FROM store.main.incidents")

    def cursor(self):
        cursor = self._connection.cursor()
        cursor.execute("SET search_path = 'memory.main,store.main'")
        return cursor

    def sql(self, query, parameters=()):
        return self.cursor().execute(query, parameters).to_arrow_table()

    @contextmanager
    def write(self, erase=False):
        self._connection.execute("BEGIN")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


PLACES = st.sampled_from([SE15_4, SE15, SOUTHWARK, HACKNEY])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "setting": st.sampled_from(SETTINGS),
        "outcome": st.sampled_from(OUTCOMES),
        "people_detained": st.sampled_from([None, 0, 1, 5]),
        "crowd_size": st.sampled_from([None, 10, 200]),
        "confidence": st.sampled_from(["low", "medium"]),
        "source_kind": st.sampled_from(["press", "group report"]),
    },
)
WHICH = st.integers(0, 5)
ACTS = st.one_of(
    st.tuples(st.just("log"), st.sampled_from([(None, None), (6, 11), (7, 7)]), PLACES),
    st.tuples(st.just("edit"), WHICH, CHANGES),
    st.tuples(st.just("move"), WHICH, PLACES),
    st.tuples(st.just("delete"), WHICH),
    st.tuples(st.just("check"), WHICH, st.sampled_from(["medium", "high"])),
    st.tuples(st.just("merge"), WHICH, WHICH),
    st.tuples(st.just("undo last")),
    st.tuples(st.just("undo last of"), WHICH),
    st.tuples(st.just("undo"), st.integers(1, 12)),
)


def perform(store, ids: list[str], act: tuple) -> None:
    kind, *rest = act
    known = [ids[number % len(ids)] for number in rest if type(number) is int]
    if kind == "log":
        ids.append(log_incident(store, IncidentEntry(LONG_AGO, *rest[0]), rest[1]).incident_id)
    elif kind == "edit":
        edit_incident(store, known[0], rest[1])
    elif kind == "move":
        edit_incident(store, known[0], vars_of(rest[1]))
    elif kind == "delete":
        delete_incident(store, known[0])
    elif kind == "check":
        check_incident(store, known[0], rest[1])
    elif kind == "merge":
        merge_incidents(store, *known)
    elif kind == "undo last":
        undo_last_change(store)
    elif kind == "undo last of":
        undo_last_change(store, known[0])
    else:
        undo_change(store, rest[0])


@settings(max_examples=40)
@given(st.lists(ACTS, max_size=10))
def test_undoing_everything_backwards_restores_the_table_exactly(acts):
    store = MemoryStore()
    rows = [
        imported(1, datetime(2022, 1, 11, 7), **vars_of(SE15)),
        imported(2, datetime(2022, 1, 11, 6), people_detained=3, **vars_of(SOUTHWARK)),
    ]
    with store.write() as connection:
        insert(connection, "incidents", rows)
    before, ids = table(store), [row["incident_id"] for row in rows]
    for act in acts:
        held = table(store)
        try:
            perform(store, ids, act)
        except InputError:
            assert table(store) == held, "a refused act changed something"
    for _ in range(in_force(store)):
        undo_last_change(store)
    with pytest.raises(InputError, match="nothing to take back"):
        undo_last_change(store)
    assert table(store) == before


def in_force(store) -> int:
    rows = trail(
        store,
        limit=1_000,
        also=[each for (each,) in store.cursor().execute("SELECT incident_id FROM changes").fetchall()],
    )
    return rows[(rows["act"] != "undone") & ~rows["is_undone"].astype(bool)]["step"].nunique()


def test_the_code_says_nothing_but_the_beginning_of_a_random_id():
    assert code_of("7f3a91c2-04de-4a11-9d2e-0123456789ab") == "7f3a-91c2-04de"
