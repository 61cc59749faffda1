"""Taking back: single acts on a small store, and any sequence of acts on one in memory."""

from contextlib import contextmanager
from datetime import datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InputError
from data.log.acts import check_incident, delete_incident, edit_incident, log_incident
from data.log.entry import IncidentEntry
from data.log.merging import merge_incidents
from data.log.reading import read_incident, trail
from data.log.undoing import undo_change, undo_last_change
from data.schema import OUTCOMES, SETTINGS
from data.store.migrations import create_schema
from data.store.settings import Settings
from tests.conftest import examples, insert
from tests.data.log.conftest import HACKNEY, LONG_AGO, SE15, SE15_4, SOUTHWARK, imported, log, table, vars_of


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

    def settings(self):
        return Settings()

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


@settings(max_examples=examples(40))
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
