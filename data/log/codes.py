"""The code of a record: whoever logged it has it, and it alone opens the record while it is young and hidden."""

import re

from data.errors import InputError
from data.store.store import Store

CODE_DIGITS = 12
NO_CODE = "No record has this code. Look at it again: twelve letters and figures, such as 7f3a-91c2-04de."


def code_of(incident_id: str) -> str:
    """
    The code of a record, to note down: with it the record can be opened while it is hidden.

    >>> code_of("7f3a91c2-04de-4a11-9d2e-0123456789ab")
    '7f3a-91c2-04de'
    """
    digits = str(incident_id).replace("-", "")[:CODE_DIGITS]
    return "-".join(digits[start : start + 4] for start in range(0, CODE_DIGITS, 4))


def find_by_code(store: Store, code: str, or_deleted: bool = False) -> str:
    """
    The record that a code opens, young ones too; written in any case, with or without dashes.

    Parameters
    ----------
    or_deleted
        Also one that was deleted and that the trail still holds, to have it back.

    Raises
    ------
    InputError
        No record has it.
    """
    digits = re.sub(r"[\s–—-]", "", code).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{CODE_DIGITS}}}", digits):
        raise InputError(NO_CODE)
    found = {
        str(row["incident_id"])
        for table in ("store.main.incidents", *(["changes"] if or_deleted else []))
        for row in store.sql(
            f"SELECT incident_id FROM {table} WHERE starts_with(replace(incident_id::VARCHAR, '-', ''), ?)",  # noqa: S608
            [digits],
        ).to_pylist()
    }
    if len(found) != 1:
        raise InputError(NO_CODE)
    return found.pop()
