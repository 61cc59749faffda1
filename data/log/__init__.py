"""
The group's own log, kept by hand: log a raid, correct, check, merge and delete records, and take any of it back.

Each act is one step of the trail: which column changed from what to what. The trail holds codes, numbers, hours and
words of closed lists, as the records do; who did it is kept nowhere. A record is opened by its code while it is young
and hidden: whoever logged it has the code, and it stands in no list.
"""

from data.geography.named_place import NamedPlace as Place
from data.geography.named_place import place_of
from data.log.acts import Logged, check_incident, delete_incident, edit_incident, log_incident
from data.log.apart import list_told_apart, offer_again, tell_apart
from data.log.codes import code_of, find_by_code
from data.log.entry import IncidentEntry, entry_columns
from data.log.merging import Merged, merge_incidents, merge_records
from data.log.reading import list_to_check, read_incident, trail
from data.log.undoing import Change, undo_change, undo_last_change
from data.log.values import EDITABLE, PLACE_COLUMNS, TIME_COLUMNS

__all__ = [
    "EDITABLE",
    "PLACE_COLUMNS",
    "TIME_COLUMNS",
    "Change",
    "IncidentEntry",
    "Logged",
    "Merged",
    "Place",
    "check_incident",
    "code_of",
    "delete_incident",
    "edit_incident",
    "entry_columns",
    "find_by_code",
    "list_to_check",
    "list_told_apart",
    "log_incident",
    "merge_incidents",
    "merge_records",
    "offer_again",
    "place_of",
    "read_incident",
    "tell_apart",
    "trail",
    "undo_change",
    "undo_last_change",
]
