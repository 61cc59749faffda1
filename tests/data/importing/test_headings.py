import pytest

from data.importing.headings import SYNONYMS, field_by_synonym, normalise, says_month_first


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
        ("What happened?", "outcome"),
        ("Número", None),
        ("Duration (mins)", "duration_minutes"),
        ("Duration (hours)", "duration_hours"),
        ("Number arrested (approx)", "people_detained"),
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


def test_accents_do_not_matter():
    assert normalise("Mes_año") == "mes ano"


def test_a_heading_may_say_that_its_dates_run_month_first():
    assert says_month_first("Date (MM/DD/YYYY)")
    assert not says_month_first("Date (DD/MM/YYYY)")
