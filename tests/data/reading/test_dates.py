from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading import dates
from data.reading.answers import Problem
from data.reading.dates import EPOCH, PartialDate, check_bounds, parse_date

TODAY = date(2026, 11, 23)


def day(year, month, number):
    return date(year, month, number).toordinal() - EPOCH


def read(text, order="day first"):
    found = parse_date(text, order)
    if isinstance(found, Problem):
        return found.reason
    return date.fromordinal(found.first + EPOCH), date.fromordinal(found.last + EPOCH), found.precision


@pytest.mark.parametrize(
    "text",
    [
        "11/06/2022",
        "11/6/2022",
        "11 / 06 / 2022",
        "11–06–2022",
        "11 - 06 - 2022",
        "2022 - 06 - 11",
        "11/06/22",
        "11.6.22",
        "11-06-2022",
        "11 06 2022",
        "11 Jun 22",
        "11-Jun-2022",
        "11Jun2022",
        "11 JUNE 2022",
        "11 june 2022.",
        "11th June 2022",
        "the 11th of June, 2022",
        "June 11, 2022",
        "June 11th 2022",
        "2022-06-11",
        "2022/6/11",
        "2022.06.11",
        "2022 June 11",
        "20220611",
        "Saturday 11 June 2022",
        "Saturday, 11th June 2022",
        "Sat 11/06/22",
        "Sat. 11/06/2022",
        "11/06/2022 (Saturday)",
        "11 June 2022, Sat",
        "44723",
    ],
)
def test_a_day_is_read_in_every_form(text):
    assert read(text) == (date(2022, 6, 11), date(2022, 6, 11), "day")


@pytest.mark.parametrize(
    "text",
    [
        "June 2022",
        "june, 2022",
        "Jun-22",
        "Jun/22",
        "June '22",
        "06/2022",
        "6-2022",
        "2022-06",
        "2022/06",
        "2022 June",
        "early June 2022",
        "mid-June 2022",
        "end of June 2022",
        "beginning June 2022",
        "early/mid June 2022",
        "1st week of June 2022",
        "last weekend in June 2022",
        "c. June 2022",
        "circa June 2022",
        "~June 2022",
        "June 2022?",
        "June-ish 2022",
        "June 2022 approx.",
        "maybe June 2022",
        "some time in June 2022",
        "June 2022 (exact date unknown)",
        "June 2022 - day unknown",
        "?? June 2022",
        "??/06/2022",
        "xx/06/2022",
        "00/06/2022",
        "2022-06-00",
        "2022-06-??",
    ],
)
def test_a_month_is_read_as_all_its_days(text):
    assert read(text) == (date(2022, 6, 1), date(2022, 6, 30), "month")


def test_only_a_date_known_to_the_day_has_a_day():
    assert parse_date("11 June 2022").day == date(2022, 6, 11)
    assert parse_date("June 2022").day is None


@pytest.mark.parametrize(
    "text",
    [
        "11 June 2022?",
        "11? June 2022",
        "11th? June 2022",
        "around 11 June 2022",
        "on or around Sat 11 June 2022",
        "c. 11/6/2022",
        "~11/06/2022",
        "11/06/2022 (approx)",
        "11 June 2022 or thereabouts",
        "maybe 11 June 2022",
        "Sun 11 June 2022?",
        "w/c 06/06/2022",
        "week of 6 June 2022",
        "week ending 11/06/2022",
        "weekend of 11 June 2022",
        "11-12 June 2022",
        "11 and 12 June 2022",
        "11th or 12th of June 2022",
        "weekend of 11-12 June 2022",
    ],
)
def test_a_day_that_may_be_another_one_is_known_by_its_month(text):
    assert read(text) == (date(2022, 6, 1), date(2022, 6, 30), "month")
    assert parse_date(text).is_in_doubt


def test_a_week_of_two_months_is_known_by_its_year_and_one_of_two_years_not_at_all():
    assert read("week commencing 30 May 2022") == (date(2022, 1, 1), date(2022, 12, 31), "year")
    assert read("w/c 27/12/2021") == dates.SEVERAL_YEARS


def test_a_doubt_behind_the_time_is_none_of_the_day():
    found = parse_date("11 June 2022 6am?")
    assert (found.precision, found.is_in_doubt, found.time) == ("day", False, "6am?")


@pytest.mark.parametrize(
    "text",
    ["2022", "in 2022", "2022?", "c. 2022", "late 2022", "mid-2022", "end of 2022", "summer 2022", "the summer of 2022", "Summer '22",
     "early spring 2022", "Q3 2022", "2022 Q3", "first half of 2022", "Christmas 2022", "some time in 2022", "back in 2022",
     "2022 (month unknown)", "??/??/2022", "00/00/2022", "2022-00-00", "11/??/2022", "May/June 2022", "June or July 2022"],
)  # fmt: skip
def test_a_year_is_read_as_all_its_days(text):
    assert read(text) == (date(2022, 1, 1), date(2022, 12, 31), "year")


def test_the_last_day_of_a_month_is_known_in_leap_years_and_december():
    assert read("February 2024") == (date(2024, 2, 1), date(2024, 2, 29), "month")
    assert read("12/2023") == (date(2023, 12, 1), date(2023, 12, 31), "month")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", dates.EMPTY),
        ("  ", dates.EMPTY),
        ("unknown", dates.EMPTY),
        ("last week", dates.NOT_UNDERSTOOD),
        ("winter 2022", dates.SEVERAL_YEARS),
        ("2022 or 2023", dates.SEVERAL_YEARS),
        ("before June 2022", dates.BOUND_ONLY),
        ("some time after 11/06/2022", dates.BOUND_ONLY),
        ("pre-2022", dates.BOUND_ONLY),
        ("the night before 11 June 2022", dates.BOUND_ONLY),
        ("posted 11/06/2022", dates.BESIDE_NOT_UNDERSTOOD),
        ("11/06/2022 or later", dates.BESIDE_NOT_UNDERSTOOD),
        ("Hackney", dates.NOT_UNDERSTOOD),
        ("31/02/2022", dates.NO_SUCH_DAY),
        ("30 Feb 2022", dates.NO_SUCH_DAY),
        ("2022-13-01", dates.NO_SUCH_DAY),
        ("2022-00", dates.NO_SUCH_DAY),
        ("13/14/2022", dates.NO_SUCH_DAY),
        ("11 June", dates.NO_YEAR),
        ("June 22", dates.NO_YEAR),
        ("11/06", dates.NO_YEAR),
        ("Sunday 11 June 2022", dates.WRONG_WEEKDAY),
        ("Fri 11/06/22", dates.WRONG_WEEKDAY),
        ("2021/22", dates.SEVERAL_YEARS),
        ("2021-22", dates.SEVERAL_YEARS),
        ("2021/2022", dates.SEVERAL_YEARS),
        ("2011/12", dates.SEVERAL_YEARS),
        ("30 June - 2 July 2022", dates.SEVERAL_DAYS),
        ("11/06/2022 - 12/06/2022", dates.SEVERAL_DAYS),
        ("June 2022 or July 2022", dates.SEVERAL_DAYS),
        ("06/13/2022", dates.MONTH_FIRST_ONLY),
    ],
)
def test_what_is_no_date_gets_its_reason(text, reason):
    assert read(text) == reason


def test_two_digit_years_turn_at_seventy():
    assert read("1/2/69")[0] == date(2069, 2, 1)
    assert read("1/2/70")[0] == date(1970, 2, 1)


def test_month_first_is_read_when_it_is_asked_for():
    assert read("06/11/2022", "month first") == (date(2022, 6, 11), date(2022, 6, 11), "day")
    assert read("25/12/2022", "month first") == dates.DAY_FIRST_ONLY
    assert read("2022-06-11", "month first")[0] == date(2022, 6, 11)


@pytest.mark.parametrize(
    ("text", "reading"),
    [("05/06/2022", "either"), ("13/06/2022", "day first"), ("06/06/2022", ""), ("5 June 2022", "")],
)
def test_a_date_says_whether_it_hangs_on_the_order(text, reading):
    assert parse_date(text).reading == reading


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("11/06/2022 2pm", "2pm"),
        ("2022-06-11T14:30:00Z", "14:30:00z"),
        ("11 June 2022, morning", "morning"),
        ("11 June 2022 at 2pm", "2pm"),
        ("2pm 11/06/2022", "2pm"),
        ("evening of 11 June 2022", "evening"),
        ("44723.5", "12:00"),
        ("44723.999999", "23:59"),
    ],
)
def test_what_stands_beside_a_date_is_kept_as_its_time(text, beside):
    found = parse_date(text)
    assert (found.first, found.time) == (day(2022, 6, 11), beside)


def test_dates_beyond_today_and_before_1990_are_out_of_bounds():
    assert check_bounds(parse_date("24 November 2026"), TODAY).reason == dates.AFTER_TODAY
    assert check_bounds(parse_date("23 November 2026"), TODAY) is None
    assert check_bounds(parse_date("November 2026"), TODAY) is None
    assert check_bounds(parse_date("December 2026"), TODAY).reason == dates.AFTER_TODAY
    assert check_bounds(parse_date("31 December 1989"), TODAY).reason == dates.TOO_EARLY


FORMS = [
    "%d/%m/%Y",
    "%d.%m.%y",
    "%d-%m-%Y",
    "%d %b %y",
    "%d %B %Y",
    "%A %d %B %Y",
    "%a %d/%m/%y",
    "%B %d, %Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d%b%Y",
]


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(FORMS))
def test_any_day_written_in_any_form_reads_back_the_same(written, form):
    found = parse_date(written.strftime(form))
    assert (found.first, found.last, found.precision) == (written.toordinal() - EPOCH,) * 2 + ("day",)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_any_day_as_a_spreadsheet_number_reads_back_the_same(written):
    assert parse_date(str((written - date(1899, 12, 30)).days)).first == written.toordinal() - EPOCH


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(["%B %Y", "%b-%y", "%m/%Y", "%Y-%m"]))
def test_any_month_written_in_any_form_reads_back_the_same(written, form):
    first = written.replace(day=1)
    following = (first + timedelta(31)).replace(day=1)
    found = parse_date(written.strftime(form))
    assert (found.first, found.last + 1) == (first.toordinal() - EPOCH, following.toordinal() - EPOCH)


@given(st.text(max_size=120))
def test_any_text_gives_a_date_or_a_problem_that_does_not_repeat_it(text):
    found = parse_date(text)
    assert isinstance(found, PartialDate) or found.reason in {
        value for value in vars(dates).values() if isinstance(value, str)
    }


def test_a_cell_of_prose_is_refused_without_searching_it():
    for text in ("," * 1_000_000, " 1" * 500_000, "(" * 1_000_000, "11 June 2022 " * 100_000):
        assert parse_date(text).reason == dates.NOT_UNDERSTOOD
