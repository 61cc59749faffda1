from datetime import date

from analysis.filters import Filters
from pages.shared.downloads import file_name


def test_the_file_name_says_the_filters():
    filters = Filters(date_from=date(2014, 1, 1), date_to=date(2014, 12, 31), outcomes=("no arrests",))
    name = file_name("Official visits by borough", filters)
    assert name == "official-visits-by-borough_2014-01-01-to-2014-12-31-no-arrests.csv"
    assert file_name("Official visits", Filters()) == "official-visits_all.csv"
