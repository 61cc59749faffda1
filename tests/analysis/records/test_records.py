from datetime import datetime

from analysis.filters import Filters
from analysis.records.records import chosen_counts, chosen_ids, chosen_incidents
from tests.conftest import count_row, incident_row, insert

IDS = {"import_id": "00000000-0000-0000-0000-000000000001"}


def test_a_download_has_what_the_filters_choose_and_codes_in_place_of_ids(toy_store):
    with toy_store.write() as connection:
        for day, outcome in ((12, "prevented"), (11, "no arrests")):
            row = incident_row(datetime(2022, 6, day, 12), outcome=outcome)
            insert(
                connection,
                "incidents",
                [row | IDS | {"incident_id": f"00000000-0000-0000-0000-0000000000{day}"}],
            )
    every = chosen_incidents(toy_store.run, Filters())
    assert list(every["outcome"]) == ["no arrests", "prevented"]
    assert not {"incident_id", "import_id"} & set(every.columns)
    assert list(every["code"]) == ["0000-0000-0000", "0000-0000-0000"]
    # Newest first.
    assert chosen_ids(toy_store.run, Filters()) == [
        "00000000-0000-0000-0000-000000000012",
        "00000000-0000-0000-0000-000000000011",
    ]
    assert list(chosen_incidents(toy_store.run, Filters(outcomes=("prevented",)))["outcome"]) == ["prevented"]


def test_a_figure_that_was_replaced_is_not_downloaded(toy_store):
    with toy_store.write() as connection:
        insert(connection, "counts", [count_row("E1", 2021, 5) | IDS, count_row("E1", 2022, 1, 4) | IDS])
        connection.execute("UPDATE counts SET superseded_by = import_id WHERE visits_low = 5")
    assert chosen_counts(toy_store.run, Filters())["visits_high"].tolist() == [4]
