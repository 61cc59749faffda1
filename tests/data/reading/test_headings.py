import pytest

from data.reading.headings import SYNONYMS, field_by_synonym, normalise, says_month_first


def test_no_heading_is_a_synonym_of_two_fields_and_all_are_normalised():
    words = [heading for headings in SYNONYMS.values() for heading in headings]
    assert len(words) == len(set(words))
    assert [normalise(word) for word in words] == words


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Date", "date"),
        ("  DATE OF RAID ", "date"),
        ("OCCUR_DATE", "date"),
        ("Date (dd/mm/yyyy)", "date"),
        ("When?", "date"),
        ("StartTime", "time"),
        ("Post-code", "postcode"),
        ("Local Authority", "borough"),
        ("local_authority", "borough"),
        ("Which borough?", "borough"),
        ("LAT", "latitude"),
        ("Lng", "longitude"),
        ("_where_latitude", "latitude"),
        ("location-Longitude", "longitude"),
        ("_where_precision", None),
        ("What happened?", "outcome"),
        ("Número", None),
        ("Duration (mins)", "duration_minutes"),
        ("Duration (hours)", "duration_hours"),
        ("Number arrested (approx)", "people_detained"),
        # A question beside what it asks for, how to answer it, and its number.
        ("Where exactly was the raid?", "place"),
        ("Where (postcode or area)", "place"),
        ("Where was it? (street, no house number)", "place"),
        ("Location (nearest station)", "place"),
        ("Area/Postcode", "place"),
        ("Where? - postcode", "place"),
        ("1. When did it happen?", "date"),
        ("Q3 Where did it happen?", "place"),
        ("Date (e.g. 12/03/2024)", "date"),
        ("Date of incident (approximate if unsure)", "date"),
        ("What time did the raid start?", "time"),
        ("Were there any police at the incident?", "police_present"),
        ("How many people were detained during the raid?", "people_detained"),
        ("Month/Year", "date"),
        ("Date (of report)", None),
        ("Date of the report", None),
        ("Time (minutes)", None),
        ("What was it?", None),
        ("Day/Month", None),
        ("How many officers were there?", None),
        ("Raids", None),
        ("7 day", None),
        # Not the raid's own start or place.
        ("Time end", None),
        ("source_date", None),
        ("Timestamp", None),
        ("Borough (of the officer)", None),
        ("reason", None),
        ("row", None),
        ("", None),
    ],
)
def test_headings_are_matched_exactly_after_normalising(heading, field):
    assert field_by_synonym(heading) == field


NATURAL = {
    "date": ("Day of raid", "Date of the raid", "Which day?", "What day", "Day it happened", "When did it take place?"),
    "time": ("Rough time", "Time (roughly)", "About what time?", "Time they arrived", "What time was it?"),
    "place": ("Where it happened", "Whereabouts", "Where abouts?", "Which area?", "Part of London", "Rough location"),
    "setting": ("What kind of place?", "Sort of place", "Home or workplace?", "Home/work/street"),
    "outcome": ("What was the outcome?", "How it ended", "Result of the raid"),
    "people_detained": ("People taken away", "How many people were taken?", "How many did they take?"),
    "people_released": ("How many were released?", "People freed"),
    "crowd_size": ("How many people came?", "How many turned up", "How big was the crowd?", "How many neighbours"),
    "duration_minutes": ("How long it lasted", "How long (mins)", "How long were they there?", "Length of raid"),
    "duration_hours": ("How long (hours)", "How many hours?"),
    "police_present": ("Any police?", "Were there police", "Cops there?", "Police with them", "Did the police come?"),
    "community_response": ("Neighbours' response", "Neighbours’ response", "Did people resist?", "Any resistance?"),
    "source_kind": ("Who told us", "How do we know?", "Source of info", "Heard from", "How did we hear?"),
    "confidence": ("How sure are you?", "How confident?", "Confidence level", "How reliable is it?"),
}  # fmt: skip


@pytest.mark.parametrize("field", NATURAL)
def test_headings_as_volunteers_write_them(field):
    assert {heading: field_by_synonym(heading) for heading in NATURAL[field]} == dict.fromkeys(
        NATURAL[field], field
    )


def test_accents_do_not_matter():
    assert normalise("Mes_año") == "mes ano"


def test_a_heading_may_say_that_its_dates_run_month_first():
    assert says_month_first("Date (MM/DD/YYYY)")
    assert not says_month_first("Date (DD/MM/YYYY)")


def test_a_heading_of_thirty_kilobytes_of_open_brackets_is_none():
    for piece in ("(", "[(", "(a"):
        assert field_by_synonym(piece * (30_000 // len(piece))) is None
