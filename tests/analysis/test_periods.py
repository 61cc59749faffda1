from datetime import date

import pytest

from analysis.filters import preset_periods


def test_the_last_twelve_months_end_with_the_last_record():
    period = preset_periods(date(2014, 1, 1), date(2022, 12, 31))["last-12-months"]
    assert (period.date_from, period.date_to) == (date(2022, 1, 1), date(2022, 12, 31))


def test_twelve_months_before_a_leap_day_start_on_the_first_of_march():
    period = preset_periods(date(2014, 1, 1), date(2024, 2, 29))["last-12-months"]
    assert period.date_from == date(2023, 3, 1)


@pytest.mark.parametrize(
    ("name", "first"), [("last-3-years", date(2020, 1, 1)), ("last-5-years", date(2018, 1, 1))]
)
def test_the_last_years_end_with_the_last_record(name, first):
    period = preset_periods(date(2014, 1, 1), date(2022, 12, 31))[name]
    assert (period.date_from, period.date_to) == (first, date(2022, 12, 31))


def test_the_last_months_and_years_come_before_all_dates_and_single_years():
    names = list(preset_periods(date(2014, 1, 1), date(2022, 12, 31)))
    assert names[:4] == ["last-12-months", "last-3-years", "last-5-years", "all"]


def test_every_year_of_the_records_is_on_offer_newest_first():
    years = [name for name in preset_periods(date(2007, 10, 11), date(2009, 3, 1)) if name.isdigit()]
    assert years == ["2009", "2008", "2007"]


def test_an_empty_store_offers_all_dates_only():
    assert list(preset_periods(None, None)) == ["all"]
