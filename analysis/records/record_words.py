"""One recorded raid as a sentence: the same words before it is saved, on its card, and beside its likely double."""

from collections.abc import Mapping
from datetime import timedelta

from analysis.words import day_in_words
from data.schema import OUTCOME_VALUES, POLICE_VALUES, RESPONSE_VALUES, SETTING_VALUES, UNKNOWN

PRECISION_WORDS = {
    "locality": "in the locality {}",
    "district": "somewhere in the postcode district {}",
    "borough": "somewhere in {}",
    UNKNOWN: "at a place that is not known",
}


def record_in_words(record: Mapping, place: str) -> str:
    """
    All that is kept of one raid, as a sentence or two.

    Parameters
    ----------
    record
        The columns of `incidents`; numbers that are not stated are None.
    place
        The name of its place, as `data.places.named.named` labels it.

    Examples
    --------
    >>> from datetime import datetime
    >>> record_in_words(
    ...     {"started_earliest": datetime(2022, 6, 14, 7), "started_latest": datetime(2022, 6, 14, 7),
    ...      "date_precision": "hour", "location_precision": "locality", "setting": "workplace",
    ...      "outcome": "people detained", "people_detained": 2, "people_released": None, "crowd_size": 40,
    ...      "duration_minutes": None, "police_present": "yes", "community_response": "unknown"},
    ...     "SE15 5 (Southwark)",
    ... )
    'In the hour from 07:00 on 14 June 2022, in the locality SE15 5 (Southwark), at a workplace: people were detained. 2 detained; a crowd of 40; police were there.'
    """
    where = PRECISION_WORDS[record["location_precision"]].format(place)
    setting, outcome = SETTING_VALUES[record["setting"]].said, OUTCOME_VALUES[record["outcome"]].said
    told = f"{start_in_words(record)}, {where}, {setting}: {outcome}."
    more = details_in_words(record)
    return f"{told} {more[0].upper()}{more[1:]}." if more else told


def start_in_words(record: Mapping) -> str:
    """
    When a raid may have started, as the beginning of a sentence.

    >>> from datetime import datetime
    >>> start_in_words({"started_earliest": datetime(2022, 6, 14, 6), "started_latest": datetime(2022, 6, 14, 11), "date_precision": "day"})
    'Between 06:00 and 12:00 on 14 June 2022'
    >>> start_in_words({"started_earliest": datetime(2022, 6, 14, 23), "started_latest": datetime(2022, 6, 15), "date_precision": "day"})
    'Between 23:00 on 14 June 2022 and 01:00 the next day'
    """
    first, last = record["started_earliest"], record["started_latest"]
    if first == last:
        return f"In the hour from {first:%H:%M} on {day_in_words(first.date())}"
    if first.date() == last.date():
        day = day_in_words(first.date())
        if (first.hour, last.hour) == (0, 23):
            return f"On {day}"
        return f"Between {first:%H:%M} and {last.hour + 1:02d}:00 on {day}"
    if last - first < timedelta(days=1):
        return (
            f"Between {first:%H:%M} on {day_in_words(first.date())} and {last.hour + 1:02d}:00 the next day"
        )
    if (first.day, (last + timedelta(days=1)).day) == (1, 1) and first.hour == 0:
        if (first.year, first.month) == (last.year, last.month):
            return f"In {first:%B %Y}"
        if first.year == last.year and (first.month, last.month) == (1, 12):
            return f"In {first.year}"
    return f"Between {day_in_words(first.date())} and {day_in_words(last.date())}"


def details_in_words(record: Mapping) -> str:
    """
    Numbers, duration, police and response, as far as they are stated; '' where nothing is.

    >>> details_in_words({"people_detained": 0, "people_released": 3, "crowd_size": None, "duration_minutes": 95,
    ...                   "police_present": "no", "community_response": "yes"})
    '0 detained; 3 let go; it took 95 minutes; police were not there; people responded'
    """
    stated = []
    for name, words in (
        ("people_detained", "{} detained"),
        ("people_released", "{} let go"),
        ("crowd_size", "a crowd of {}"),
    ):
        if record[name] is not None:
            stated.append(words.format(f"{record[name]:,}"))
    if record["duration_minutes"] is not None:
        stated.append(f"it took {record['duration_minutes']:,} minutes")
    stated.append(POLICE_VALUES[record["police_present"]].said)
    stated.append(RESPONSE_VALUES[record["community_response"]].said)
    return "; ".join(filter(None, stated))
