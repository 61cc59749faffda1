import pandas as pd

from analysis.findings import incidents_finding, visits_finding

NONE = float("nan")


def history(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["year", "visits_low", "visits_high", "covered_share", "incidents"])


def test_the_highest_year_is_compared_with_the_latest():
    years = history([(2014, 152, 152, 1.0, 0), (2021, 30, 30, 1.0, 1), (2022, 24, 30, 1.0, 2)])
    assert visits_finding("Eastham", years) == (
        "Most official visits in Eastham were in 2014 (152); in 2022 there were 24 to 30"
    )


def test_a_year_covered_in_part_is_neither_highest_nor_latest():
    years = history([(2017, 50, 50, 1.0, 0), (2018, 40, 40, 1.0, 0), (2019, 90, 90, 0.83, 0)])
    assert visits_finding("Eastham", years) == (
        "Most official visits in Eastham were in 2017 (50); in 2018 there were 40"
    )


def test_nothing_counted_is_said_so():
    years = history([(2014, 0, 0, 1.0, 0), (2015, 0, 0, 1.0, 0)])
    assert visits_finding("Eastham", years) == "No official visit is counted in Eastham from 2014 to 2015"


def test_incidents_are_summed_over_the_years_that_have_any():
    years = history([(2012, NONE, NONE, NONE, 0), (2013, NONE, NONE, NONE, 2), (2022, NONE, NONE, NONE, 1)])
    assert incidents_finding("Eastham", years) == "3 incidents recorded in Eastham from 2013 to 2022"
    assert incidents_finding("Eastham", years[:1]) == "No incident is recorded in Eastham"
