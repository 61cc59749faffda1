from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading.periods import Coverage, Period, find_coverage, find_day, read_period


@pytest.mark.parametrize(
    ("heading", "start", "end"),
    [
        ("2014", "2014-01-01", "2014-12-31"),
        ("2014.0", "2014-01-01", "2014-12-31"),
        ("Year 2022", "2022-01-01", "2022-12-31"),
        ("Q1 2019", "2019-01-01", "2019-03-31"),
        ("2019 Q4", "2019-10-01", "2019-12-31"),
        ("Q1 2019/20", "2019-04-01", "2019-06-30"),
        ("Q4 2019-20", "2020-01-01", "2020-03-31"),
        ("H2 2019", "2019-07-01", "2019-12-31"),
        ("Feb 2020", "2020-02-01", "2020-02-29"),
        ("Jan-19", "2019-01-01", "2019-01-31"),
        ("01/2019", "2019-01-01", "2019-01-31"),
        ("2019-01", "2019-01-01", "2019-01-31"),
        ("2019/20", "2019-04-01", "2020-03-31"),
        ("FY2018/19", "2018-04-01", "2019-03-31"),
        ("2018-2019", "2018-04-01", "2019-03-31"),
        ("2014-2019", "2014-01-01", "2019-12-31"),
        ("Year ending March 2020", "2019-04-01", "2020-03-31"),
        ("2019 (Jan-Sep)", "2019-01-01", "2019-09-30"),
        ("2019 (until end Oct)", "2019-01-01", "2019-10-31"),
        ("2019 (to October)", "2019-01-01", "2019-10-31"),
        ("January to March 2019", "2019-01-01", "2019-03-31"),
        ("October 2018 to March 2019", "2018-10-01", "2019-03-31"),
        ("01/04/2019 - 31/03/2020", "2019-04-01", "2020-03-31"),
    ],
)
def test_a_heading_names_a_period(heading, start, end):
    assert read_period(heading) == Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "N1",
        "Visits",
        "Total 2019",
        "12",
        "31 June 2019",
        "13/2019",
        "2019 by type",
        "2014-2013",
        "Q1",
        "FY 2019",
    ],
)
def test_a_heading_that_names_no_period(heading):
    assert read_period(heading) is None


def test_a_hyphened_month_is_told_by_the_other_headings():
    assert read_period("2011-12") == Period(date(2011, 4, 1), date(2012, 3, 31))
    assert read_period("2011-12", dashed_months=True) == Period(date(2011, 12, 1), date(2011, 12, 31))


@pytest.mark.parametrize(
    ("sentence", "coverage"),
    [
        (
            "Data for calendar year 2019 is from January to September",
            Coverage(date(2019, 1, 1), date(2019, 9, 30), names_its_year=True),
        ),
        ("It covers 1 April 2018 to 31 March 2019.", Coverage(date(2018, 4, 1), date(2019, 3, 31))),
        ("2014 data is from April", Coverage(date(2014, 4, 1), date(2014, 12, 31), names_its_year=True)),
        ("2019/20 is April to December", Coverage(date(2019, 4, 1), date(2019, 12, 31), names_its_year=True)),
        ("2019/20 is January to March", Coverage(date(2020, 1, 1), date(2020, 3, 31), names_its_year=True)),
        ("up to 31 October 2019", Coverage(end=date(2019, 10, 31))),
        ("January to September only", Coverage(months=(1, 9))),
    ],
)
def test_a_footnote_gives_the_days_covered(sentence, coverage):
    assert find_coverage(sentence) == [coverage]


def test_numbers_that_may_change_are_not_the_month_of_may():
    assert find_coverage("As such, numbers may change as information is updated.") == []


def test_days_are_read_as_the_united_kingdom_writes_them():
    assert find_day("on 04/05/2023 from a report") == date(2023, 5, 4)
    assert find_day("on 4th May 2023") == date(2023, 5, 4)
    assert find_day("2023-05-04T00:00:00") == date(2023, 5, 4)
    assert find_day("in May 2023") is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_periods(text):
    period = read_period(text)
    assert period is None or period.start <= period.end
    assert all(isinstance(each, Coverage) for each in find_coverage(text))
    assert isinstance(find_day(text), date | None)


@given(start=st.dates(date(1990, 1, 1), date(2040, 12, 31)), days=st.integers(0, 900))
def test_periods_written_in_full_read_back(start, days):
    end = min(date.fromordinal(start.toordinal() + days), date(2049, 12, 31))
    for text in (
        f"{start:%d/%m/%Y} to {end:%d/%m/%Y}",
        f"{start:%-d %B %Y} - {end:%-d %B %Y}",
        f"{start} to {end}",
    ):
        assert read_period(text) == Period(start, end)
    assert read_period(Period(start, end).words()) == Period(start, end)
