"""The code of a record opens it, in any writing, and nothing else."""

import re

import pytest

from data.errors import InputError
from data.log.acts import delete_incident, log_incident
from data.log.entry import IncidentEntry
from data.log.rows import code_of, find_by_code
from tests.data.log.conftest import (
    SE15,
    TODAY,
    log,
)


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


def test_the_code_says_nothing_but_the_beginning_of_a_random_id():
    assert code_of("7f3a91c2-04de-4a11-9d2e-0123456789ab") == "7f3a-91c2-04de"
