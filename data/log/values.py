"""The columns of a record that belong together, and their values: as the log compares them, and as the trail keeps them."""

import uuid
from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pandas as pd

from data.places.named import NamedPlace
from data.schema import INCIDENTS, Column

TIME_COLUMNS = ("started_earliest", "started_latest", "date_precision")
PLACE_COLUMNS = ("locality_code", "borough_code", "postcode_district", "location_precision")
# What a person may correct. Which import a record came with, and whether it was checked, is not theirs to write.
EDITABLE = tuple(
    name for name in INCIDENTS.column_names() if name not in ("incident_id", "import_id", "review")
)
COLUMNS = {column.name: column for column in INCIDENTS.columns}


def place_in(record: Mapping) -> NamedPlace:
    """Where a record was, as its columns say."""
    return NamedPlace(*(record[name] for name in PLACE_COLUMNS))


def plain_value(value: object) -> object:
    """A value as the log compares it: ids as text, whole numbers as int, times without a zone."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, float) and np.isnan(value):
        return None
    return str(value) if isinstance(value, str) else value


def as_text(value: object) -> str | None:
    """A value as the trail keeps it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def from_text(column: Column, text: str | None) -> object:
    """A value of the trail as the record holds it."""
    if text is None or column.type in ("VARCHAR", "UUID"):
        return text
    return datetime.fromisoformat(text) if column.type == "TIMESTAMP" else int(text)
