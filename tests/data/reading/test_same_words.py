"""
The same words at every door: a cell of an imported table, a pasted message, and what is typed into a form or a command.

`same_words.csv` holds one text a row, its field and its meaning. "open" means that nothing is read; several meanings that
are all right stand with " | " between. Where a door has to differ, a second row with the same text names the door, its own
meaning there and the reason.
"""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from commands.record_options import read_day, read_hours, read_value
from data import clock
from data.errors import InputError
from data.geography.locate import load_places
from data.log.entry import place_in
from data.logs.incidents import parse_incidents
from data.message.draft import read_message
from data.places.named import named, place_of
from data.schema import UNKNOWN
from tests.data.logs.logs import sheet_of

DOORS = ("cell", "message", "typed")
TODAY = date(2024, 6, 20)  # a Thursday
RAID_DAY = date(2024, 6, 13)
OPEN = "open"

# Field of the table -> heading of a column, and what a message says around the text.
HEADINGS = {
    "outcome": "Outcome",
    "setting": "Setting",
    "police_present": "Police",
    "community_response": "Response",
    "people": "Number detained",
    "released": "People released",
    "crowd": "Crowd",
    "duration": "Duration",
    "hours": "Time",
    "day": "Date",
    "place": "Place",
}
CARRIERS = {
    "outcome": "Immigration raid in SE15 on 13/06/2024. {text}.",
    "setting": "Immigration raid in SE15 on 13/06/2024. Setting: {text}\nNo photos please",
    "police_present": "Immigration raid in SE15 on 13/06/2024.\nPolice: {text}\nNo photos please",
    "community_response": "Immigration raid in SE15 on 13/06/2024.\nResponse: {text}\nNo photos please",
    "people": "Immigration raid in SE15 on 13/06/2024.\nDetained: {text}\nNo photos please",
    "released": "Immigration raid in SE15 on 13/06/2024.\nReleased: {text}\nNo photos please",
    "crowd": "Immigration raid in SE15 on 13/06/2024.\nCrowd: {text}\nNo photos please",
    "duration": "Immigration raid in SE15 on 13/06/2024, it lasted {text}.",
    "hours": "Immigration raid in SE15 on 13/06/2024, {text}.",
    "day": "Immigration raid in SE15, {text}.",
    "place": "Immigration raid in {text} on 13/06/2024.",
}
NUMBERS = {
    "people": "people_detained",
    "released": "people_released",
    "crowd": "crowd_size",
    "duration": "duration_minutes",
}

with (Path(__file__).parent / "same_words.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


def meanings():
    """Field, text and door, each with the meanings that are right there."""
    differs = {(row["field"], row["text"], row["door"]): row["meaning"] for row in ROWS if row["door"]}
    for row in ROWS:
        if not row["door"]:
            for door in DOORS:
                told = differs.get((row["field"], row["text"], door), row["meaning"])
                yield row["field"], row["text"], door, told.split(" | ")


@cache
def imported(field):
    """Text -> the record that an import makes of a row with it; None where the row is set aside."""
    texts = [row["text"] for row in ROWS if row["field"] == field and not row["door"]]
    headings = ["Date", "Place", "Reason of the test", HEADINGS[field]]
    if field in ("day", "place"):
        headings[headings.index(HEADINGS[field])] = "Notes"
    rows = [["13/06/2024", "SE15", str(number), text] for number, text in enumerate(texts)]
    batch = parse_incidents([sheet_of(headings, *rows)], load_places(), today=TODAY)
    refused = {reject.row for reject in batch.rejects}
    kept = iter(batch.incidents.to_pylist())
    return {text: None if row in refused else next(kept) for row, text in enumerate(texts, start=2)}


def through_cell(field, text):
    record = imported(field)[text]
    if record is None:
        return "set aside"
    if field in NUMBERS:
        return record[NUMBERS[field]]
    if field in ("hours", "day"):
        return _span(record["started_earliest"], record["started_latest"], field)
    return named(place_in(record)).label if field == "place" else record[field]


def _span(first, last, field):
    if field == "hours":
        return _hours(first.hour, first.hour + (last - first) // timedelta(hours=1))
    is_month = (first.year, first.month) == (last.year, last.month)
    return _day(first.date(), "day" if first.date() == last.date() else "month" if is_month else "year")


def _hours(first, last):
    if first is None or (first, last) == (0, 23):
        return None
    return f"{first:02}-{last % 24:02}{' over midnight' if last > 23 else ''}"


def _day(day, precision):
    return day and day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]


def through_message(field, text):
    draft = read_message(CARRIERS[field].format(text=text), TODAY)
    if field in NUMBERS:
        return getattr(draft, NUMBERS[field])
    if field == "hours":
        return _hours(draft.hour_from, draft.hour_to)
    if field == "day":
        return _day(draft.day, draft.date_precision)
    return draft.place_text if field == "place" else getattr(draft, field)


def through_typing(field, text):
    try:
        if field == "hours":
            return _hours(*read_hours(text))
        if field == "day":
            return _day(*read_day(text))
        if field == "place":
            return place_of(text).label
        return read_value(NUMBERS.get(field, field), text)
    except InputError:
        # The person is asked again, so nothing is taken for anything.
        return None


THROUGH = {"cell": through_cell, "message": through_message, "typed": through_typing}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("field", HEADINGS)
def test_the_same_words_mean_the_same_at_every_door(field, door, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    wrong = []
    for of_field, text, at_door, right in meanings():
        if (of_field, at_door) == (field, door):
            found = THROUGH[door](field, text)
            told = OPEN if found in (None, "", UNKNOWN) else str(found)
            if told not in right:
                wrong.append(f"{text!r} means {' or '.join(right)} and was read as {told}")
    assert wrong == []


def test_a_door_that_differs_says_why():
    for row in ROWS:
        assert bool(row["door"]) == bool(row["because"].strip()), row["text"]
        assert row["door"] in ("", *DOORS), row["text"]


def test_no_text_stands_twice():
    keys = [(row["field"], row["text"], row["door"]) for row in ROWS]
    assert len(keys) == len(set(keys))
