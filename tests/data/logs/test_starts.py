from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.logs import starts
from data.logs.starts import parse_hour, read_starts, split_moments
from data.reading import dates, times
from data.reading.answers import RowProblems
from data.schema import DATE_PRECISIONS

TODAY = date(2026, 11, 23)


def read(date_order="day first", **columns):
    """
    Each row as 'first hour to last hour, precision', or the reason it cannot be used.

    Where its time was lost, the start with the column at fault and the reason.
    """
    columns = {field: pa.chunked_array([cells]) for field, cells in columns.items()}
    n_rows = len(next(iter(columns.values())))
    problems, lost = RowProblems(n_rows), RowProblems(n_rows)
    found = read_starts(columns, date_order, TODAY, problems, lost)
    told = []
    for row in range(n_rows):
        if problems.found[row]:
            told.append(problems.kinds[problems.found[row]])
            continue
        first, last = (np.datetime64(int(hours[row]), "h") for hours in (found.earliest, found.latest))
        start = f"{first} to {last}, {DATE_PRECISIONS[found.precision[row]]}"
        told.append((start, *lost.kinds[lost.found[row]]) if lost.found[row] else start)
    return told


@pytest.mark.parametrize(
    ("day", "time", "start"),
    [
        ("11/06/2022", "12.08", "2022-06-11T12 to 2022-06-11T12, hour"),
        ("11/06/2022", "2pm", "2022-06-11T14 to 2022-06-11T14, hour"),
        ("11/06/2022", "noon", "2022-06-11T12 to 2022-06-11T12, hour"),
        ("11/06/2022", "after 2pm", "2022-06-11T14 to 2022-06-11T23, day"),
        ("11/06/2022", "morning", "2022-06-11T06 to 2022-06-11T11, day"),
        ("11/06/2022", "2-4pm", "2022-06-11T14 to 2022-06-11T15, day"),
        ("11/06/2022", "at 3", "2022-06-11T03 to 2022-06-11T15, day"),
        ("11/06/2022", "", "2022-06-11T00 to 2022-06-11T23, day"),
        ("June 2022", "", "2022-06-01T00 to 2022-06-30T23, month"),
        ("2022", "", "2022-01-01T00 to 2022-12-31T23, year"),
        # The hour says nothing where the day is not known.
        ("June 2022", "14:30", "2022-06-01T00 to 2022-06-30T23, month"),
        # The time column says more than a midnight that a program put beside the date.
        ("2022-06-11T00:00:00", "14:30", "2022-06-11T14 to 2022-06-11T14, hour"),
        ("2022-06-11 14:10", "around 2pm", "2022-06-11T13 to 2022-06-11T14, day"),
    ],
)
def test_date_and_time_columns_make_an_interval(day, time, start):
    assert read(date=[day], time=[time]) == [start]


@pytest.mark.parametrize(
    ("cell", "start"),
    [
        ("11/06/2022 in the shop", "2022-06-11T00 to 2022-06-11T23, day"),
        ("June 2022 in the shop", "2022-06-01T00 to 2022-06-30T23, month"),
    ],
)
def test_what_is_no_time_beside_a_date_is_not_called_a_time_and_the_date_stays(cell, start):
    assert read(date=[cell]) == [(start, "date", dates.BESIDE_NOT_UNDERSTOOD)]


@pytest.mark.parametrize(
    ("cell", "start"),
    [
        ("Sat Jun 11 12:08:00 2022", "2022-06-11T12"),
        ("Jun 11 12:08:00 2022", "2022-06-11T12"),
        ("11 / 06 / 2022 12:08", "2022-06-11T12"),
        ("11–06–2022 – 12:08", "2022-06-11T12"),
        ("2022-06-11T12:08", "2022-06-11T12"),
        ("2022-06-11 12:08:33", "2022-06-11T12"),
        ("2022-06-11T12:08:33+00:00", "2022-06-11T13"),
        ("2022-06-11T12:08:33.123Z", "2022-06-11T13"),
        ("2022-06-11T12:08:33+01:00", "2022-06-11T12"),
        ("2022-06-11T12:08:33-05:00", "2022-06-11T18"),
        ("2022-01-11T12:08:33Z", "2022-01-11T12"),
        ("2022-06-11 12:08 BST", "2022-06-11T12"),
        ("2022-06-11 12:08 GMT", "2022-06-11T13"),
        ("2018-08-31T23:13:35+00:00", "2018-09-01T00"),
        ("2022-12-31T23:30:00-01:00", "2023-01-01T00"),
        # On the night the clock goes back 01:30 comes twice, as the same hour on the clock.
        ("2022-10-30T00:30:00Z", "2022-10-30T01"),
        ("2022-10-30T01:30:00Z", "2022-10-30T01"),
        ("2022-10-30 01:30", "2022-10-30T01"),
        ("11/06/2022 9:05", "2022-06-11T09"),
        ("11/06/2022, 14:30", "2022-06-11T14"),
        ("14:30 11/06/2022", "2022-06-11T14"),
        ("Saturday 11 June 2022 at 2:30pm", "2022-06-11T14"),
        ("11/06/2022 2pm", "2022-06-11T14"),
        ("44723.5", "2022-06-11T12"),
    ],
)
def test_a_moment_in_one_cell_is_london_time(cell, start):
    assert read(date=[cell, "2022-06-11 23:59"])[0] == f"{start} to {start}, hour"


def test_an_interval_beside_the_date_is_kept():
    assert read(date=["11 June 2022, between 2:30pm and 4pm"]) == ["2022-06-11T14 to 2022-06-11T15, day"]


def test_midnights_that_a_program_added_are_no_times():
    assert read(date=["2022-06-11T00:00:00", "2022-06-12T00:00:00"]) == [
        "2022-06-11T00 to 2022-06-11T23, day",
        "2022-06-12T00 to 2022-06-12T23, day",
    ]


DAY_OF_11_JUNE = "2022-06-11T00 to 2022-06-11T23, day"


@pytest.mark.parametrize("midnight", ["00:00", "00:00:00", "0:00", "0", "12:00 AM", "0000", "0.0"])
def test_midnights_among_other_times_are_no_times_and_told(midnight):
    assert read(date=["11/06/2022", "12/06/2022"], time=[midnight, "14:30"])[0] == (
        DAY_OF_11_JUNE,
        "time",
        starts.FILLER_MIDNIGHT,
    )


def test_midnights_beside_dates_with_other_times_are_no_times_and_told():
    assert read(date=["2022-06-11 00:00", "2022-06-12 14:30"])[0] == (
        DAY_OF_11_JUNE,
        "date",
        starts.FILLER_MIDNIGHT,
    )


def test_midnights_are_times_where_as_many_others_lie_around_midnight():
    midnight = "2022-06-11T00 to 2022-06-11T00, hour"
    assert read(date=["2022-06-11 00:00", "2022-06-12 00:20", "2022-06-12 14:30"])[0] == midnight
    assert read(date=["2022-06-11 00:00", "2022-06-12 22:00"])[0] == midnight
    for other in ("21:59", "03:00"):
        assert read(date=["2022-06-11 00:00", f"2022-06-12 {other}"])[0][0] == DAY_OF_11_JUNE


def test_a_midnight_that_is_written_as_one_and_one_with_a_zone_are_times():
    assert read(date=["11/06/2022"] * 2, time=["12am", "9am"])[0] == "2022-06-11T00 to 2022-06-11T00, hour"
    assert read(date=["2022-06-11T00:00:00+00:00", "2022-06-12T09:00:00+00:00"])[0] == (
        "2022-06-11T01 to 2022-06-11T01, hour"
    )


def test_a_midnight_beside_the_date_is_not_missed_where_the_time_column_says_more():
    assert read(date=["2022-06-11 00:00", "2022-06-12 08:00"], time=["14:30", ""]) == [
        "2022-06-11T14 to 2022-06-11T14, hour",
        "2022-06-12T08 to 2022-06-12T08, hour",
    ]


def test_an_hour_that_the_clock_skipped_is_lost_but_an_interval_around_it_is_not():
    assert read(date=["27/03/2022"] * 3, time=["01:30", "02:30", "early hours"]) == [
        ("2022-03-27T00 to 2022-03-27T23, day", "time", starts.CLOCK_SKIPPED),
        "2022-03-27T02 to 2022-03-27T02, hour",
        "2022-03-27T00 to 2022-03-27T05, day",
    ]


def test_problems_name_the_column_at_fault_and_a_wrong_time_costs_the_time_alone():
    assert read(date=["", "1/1/2099", "1/1/1989", "1/1/2022"], time=["", "", "", "25:00"]) == [
        ("date", dates.EMPTY),
        ("date", dates.AFTER_TODAY),
        ("date", dates.TOO_EARLY),
        ("2022-01-01T00 to 2022-01-01T23, day", "time", times.NO_SUCH_TIME),
    ]


def test_times_that_contradict_each_other_leave_the_day():
    assert read(date=["2022-06-11 14:30"], time=["9am"]) == [
        ("2022-06-11T00 to 2022-06-11T23, day", "time", starts.TIMES_DIFFER)
    ]


def test_a_time_column_that_is_not_understood_leaves_the_time_beside_the_date():
    assert read(date=["2022-06-11 14:30"], time=["school run"]) == [
        ("2022-06-11T14 to 2022-06-11T14, hour", "time", times.NOT_UNDERSTOOD)
    ]


def test_dates_that_fit_month_first_only_make_the_others_of_their_column_doubtful():
    assert read(date=["05/06/2022", "12/25/2022", "2022-06-11", "06/06/2022"]) == [
        ("date", dates.EITHER_WAY),
        ("date", dates.MONTH_FIRST_ONLY),
        "2022-06-11T00 to 2022-06-11T23, day",
        "2022-06-06T00 to 2022-06-06T23, day",
    ]


def test_one_slip_does_not_make_a_day_first_column_doubtful():
    assert read(date=["05/06/2022", "12/25/2022", "25/12/2022"])[0] == "2022-06-05T00 to 2022-06-05T23, day"


def test_month_first_is_read_when_the_mapping_says_so():
    assert read("month first", date=["05/06/2022", "12/25/2022"]) == [
        "2022-05-06T00 to 2022-05-06T23, day",
        "2022-12-25T00 to 2022-12-25T23, day",
    ]


def test_year_month_day_and_hour_in_columns_of_their_own():
    assert read(
        year=["2013", "2013", "2013.0", "2013", "", "2013"],
        month=["10", "October", "10", "", "5", "2"],
        day=["16", "16", "", "", "4", "30"],
        hour=["21", "9.0", "", "7", "", ""],
    ) == [
        "2013-10-16T21 to 2013-10-16T21, hour",
        "2013-10-16T09 to 2013-10-16T09, hour",
        "2013-10-01T00 to 2013-10-31T23, month",
        "2013-01-01T00 to 2013-12-31T23, year",
        ("year", dates.NO_YEAR),
        ("year", dates.NO_SUCH_DAY),
    ]


def test_a_day_without_its_month_is_not_taken_for_a_month_but_known_by_its_year():
    assert read(year=["2013"], month=[""], day=["6"]) == ["2013-01-01T00 to 2013-12-31T23, year"]


def test_a_day_in_doubt_leaves_the_month_and_is_told():
    month = "2022-06-01T00 to 2022-06-30T23, month"
    assert read(date=["11 June 2022?", "June 2022?"]) == [(month, "date", dates.DAY_IN_DOUBT), month]


def test_a_month_column_alone_holds_whole_months():
    assert read(month=["2022-06", "June 2021"]) == [
        "2022-06-01T00 to 2022-06-30T23, month",
        "2021-06-01T00 to 2021-06-30T23, month",
    ]


def test_a_bare_number_in_a_column_of_hours_counts_from_0_to_23():
    assert [parse_hour(text).first // 60 for text in ("3", "12", "15", "0", "3pm")] == [3, 12, 15, 0, 15]


def test_cells_are_split_without_changing_which_row_holds_what():
    cells = ["2022-06-11T12:08:33Z", "June 2022", "1/6/2022 9:05", "2022-06-12T12:08:59Z", "14:30", ""]
    days, moments = split_moments(pa.array(cells))
    assert [days.texts[number] for number in days.index] == [
        "2022-06-11", "June 2022", "1/6/2022", "2022-06-12", "14:30", "",
    ]  # fmt: skip
    assert [moments.texts[number] for number in moments.index] == ["12:08Z", "", "9:05", "12:08Z", "", ""]


@given(
    st.lists(
        st.sampled_from(
            ["2022-06-11T12:08", "11/06/2022", "June 2022", "x", "", "1 May 2022 7:15pm", "1/5/2022 7pm"]
        )
    )
)
def test_a_row_reads_the_same_whatever_stands_around_it(cells):
    anchor = "2022-01-01 10:10"
    alone = [read(date=[cell, anchor])[0] for cell in cells]
    assert read(date=[*cells, anchor])[:-1] == alone
