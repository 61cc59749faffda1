"""A large list of incidents as messy as real ones: the same rows for the same seed."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from data.geography.bundled import read_authorities
from data.geography.projection import to_degrees
from data.geography.reference import ensure_reference

HEADINGS = (
    "Date of raid",
    "Time",
    "Postcode",
    "Borough",
    "Latitude",
    "Longitude",
    "Type of place",
    "What happened",
    "Number arrested",
    "Crowd size",
    "Police present",
    "Notes",
)
FIRST_DAY, DAYS = date(2012, 1, 1), 5_000

SETTINGS = (
    "home",
    "House",
    "restaurant",
    "CAR WASH",
    "nail bar",
    "street",
    "Bus stop",
    "market",
    "",
    "on a boat",
)
OUTCOMES = (
    "people detained", "Arrested", "arrests made", "released after community response", "Let go", "prevented",
    "Officers left", "no arrests", "Nobody taken", "", "unknown", "went quiet after a while",
)  # fmt: skip
COUNTS = ("", "", "1", "2", "3.0", "two", "5+", "about 4", "several", "10-15")
BAD_COUNTS = ("-3", "no idea how many", "2.5")
CROWDS = ("", "", "", "20", "c. 200", "~50", "over 100", "1,000")
POLICE = ("yes", "Y", "no", "N", "", "unknown", "TRUE")
TIMES = (
    "",
    "",
    "morning",
    "Evening",
    "noon",
    "after 2pm",
    "2-4pm",
    "early morning",
    "lunchtime",
    "around 3pm",
    "before 9",
)
BAD_TIMES = ("25:00", "school run")
NOTES = (
    "seen by two of us",
    "see, the log",
    'they said "routine"',
    "",
    "",
    "van outside; left later",
    "café on the corner",
)

DATE_FORMS = (
    ("%d/%m/%Y", 0.30),
    ("%Y-%m-%d", 0.15),
    ("%d.%m.%y", 0.05),
    ("%d %b %y", 0.07),
    ("%A %d %B %Y", 0.05),
    ("%a %d/%m/%y", 0.04),
    ("%B %Y", 0.03),
    ("%Y", 0.02),
)
MOMENT_SHARE = 0.25
BAD_DATES = ("31/02/2019", "last week", "", "01/01/2099", "Sunday 3 March 2018")


def write_messy(path: Path, rows: int, seed: int = 1) -> Path:
    """
    Write a CSV of `rows` incidents in London under the twelve `HEADINGS`.

    Dates in eleven forms (a quarter are moments with seconds and a zone), times in words and figures, places as
    postcode, sector, district, borough in several spellings, or coordinates of six decimals, or two of them together;
    words inside and outside the closed lists. About four rows in a hundred cannot be used.
    """
    random = np.random.default_rng(seed)
    columns = [
        _dates(random, rows),
        _times(random, rows),
        *_places(random, rows),
        _choice(random, SETTINGS, rows),
        _choice(random, OUTCOMES, rows),
        _with_bad(random, _choice(random, COUNTS, rows), BAD_COUNTS, 0.005),
        _choice(random, CROWDS, rows),
        _choice(random, POLICE, rows),
        _choice(random, NOTES, rows),
    ]
    pa.csv.write_csv(pa.table(dict(zip(HEADINGS, columns, strict=True))), path)
    return path


def _choice(random: np.random.Generator, values: tuple[str, ...], rows: int) -> pa.Array:
    return pa.array(values).take(pa.array(random.integers(0, len(values), rows)))


def _where(mask: np.ndarray, chosen: pa.Array, otherwise: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(mask), chosen, otherwise)


def _with_bad(random: np.random.Generator, column: pa.Array, bad: tuple[str, ...], share: float) -> pa.Array:
    rows = len(column)
    return _where(random.random(rows) < share, _choice(random, bad, rows), column)


def _dates(random: np.random.Generator, rows: int) -> pa.Array:
    days = [FIRST_DAY + timedelta(day) for day in range(DAYS)]
    forms = [(form, share) for form, share in DATE_FORMS if share]
    written = [day.strftime(form) for form, _ in forms for day in days]
    # A spreadsheet's own number for the day, as it comes out when a column is not formatted.
    written += [str((day - date(1899, 12, 30)).days) for day in days]
    shares = np.array([share for _, share in forms])
    shares = np.append(shares, 1 - MOMENT_SHARE - shares.sum())
    form = random.choice(len(shares), rows, p=shares / shares.sum())
    day = random.integers(0, DAYS, rows)
    plain = pa.array(written).take(pa.array(form * DAYS + day))
    seconds = np.datetime64(FIRST_DAY, "s") + random.integers(0, DAYS * 86_400, rows).astype("timedelta64[s]")
    moments = pc.binary_join_element_wise(pc.strftime(pa.array(seconds), "%Y-%m-%dT%H:%M:%S"), "+00:00", "")
    column = _where(random.random(rows) < MOMENT_SHARE, moments, plain)
    return _with_bad(random, column, BAD_DATES, 0.02)


def _times(random: np.random.Generator, rows: int) -> pa.Array:
    minutes = random.integers(0, 24 * 60, rows)
    clock = pc.strftime(
        pa.array(np.datetime64("2020-01-01T00:00:00", "s") + minutes.astype("timedelta64[m]")), "%H:%M"
    )
    column = _where(
        random.random(rows) < 0.3, pc.utf8_slice_codeunits(clock, 0, 5), _choice(random, TIMES, rows)
    )
    return _with_bad(random, column, BAD_TIMES, 0.005)


def _places(random: np.random.Generator, rows: int) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Postcode, borough, latitude and longitude: in each row one or two of them say where."""
    table = pq.read_table(ensure_reference()).combine_chunks()
    in_london = pc.and_(pc.starts_with(table["authority_code"], "E09"), table["is_live"])
    table = table.filter(pc.and_(in_london, pc.is_valid(table["easting"])))
    chosen = table.take(pa.array(random.integers(0, len(table), rows))).combine_chunks()
    kind = random.random(rows)
    empty = pa.repeat("", rows)

    postcode = chosen["postcode"].combine_chunks()
    spaced = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(postcode, 0, -3), pc.utf8_slice_codeunits(postcode, -3, None), " "
    )
    spelled = _where(random.random(rows) < 0.3, pc.utf8_lower(postcode), spaced)
    coarse = _where(
        random.random(rows) < 0.5, chosen["sector"].combine_chunks(), chosen["district"].combine_chunks()
    )
    codes = _where(kind < 0.25, spelled, _where(kind < 0.5, coarse, empty))
    codes = _where(random.random(rows) < 0.003, pa.repeat("ZZ99 9ZZ", rows), codes)

    authorities = read_authorities()
    names = pa.array(authorities["name"].tolist(), pa.string())
    position = pc.index_in(
        chosen["authority_code"].combine_chunks(), pa.array(authorities["code"].tolist(), pa.string())
    )
    official = names.take(position)
    loud = pc.utf8_upper(pc.replace_substring(official, " and ", " & "))
    long = pc.binary_join_element_wise("London Borough of", official, " ")
    style = random.random(rows)
    names_written = _where(style < 0.5, official, _where(style < 0.8, loud, long))
    boroughs = _where((kind > 0.15) & (kind < 0.25) | (kind >= 0.5) & (kind < 0.7), names_written, empty)

    longitude, latitude = to_degrees(
        chosen["easting"].to_numpy() + random.uniform(-20, 20, rows),
        chosen["northing"].to_numpy() + random.uniform(-20, 20, rows),
    )
    has_point = pa.array(kind >= 0.7)
    latitudes, longitudes = (
        pc.if_else(has_point, pc.cast(pa.array(degrees.round(6)), pa.string()), "")
        for degrees in (latitude, longitude)
    )
    longitudes = _with_bad(random, longitudes, ("north of the park",), 0.001)
    return codes, boroughs, latitudes, longitudes
