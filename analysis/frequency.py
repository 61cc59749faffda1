"""How many: incidents and official visits by area, as expressions over the store's tables."""

import ibis
from ibis import _

from analysis.filters import Filters, filter_counts, filter_incidents
from analysis.tables import area_overlap, areas, counts, incidents
from data.schema import UNKNOWN

# The column of `incidents` that names its area, by level.
AREA_COLUMNS = {"borough": "borough_code", "district": "postcode_district", "locality": "locality_code"}


def incidents_by_area(filters: Filters, level: str) -> ibis.Table:
    """
    Incidents by area and outcome.

    Returns
    -------
    expression
        Columns `area_code` ('unknown' for those not placed so finely), `outcome`, `incidents` (count).
    """
    chosen = filter_incidents(incidents, filters)
    keys = {"area_code": chosen[AREA_COLUMNS[level]], "outcome": chosen.outcome}
    return chosen.group_by(**keys).aggregate(incidents=_.count())


def unplaced_by_borough(filters: Filters, level: str) -> ibis.Table:
    """
    Incidents not placed so finely as the level, by borough or authority.

    Returns
    -------
    expression
        Columns `borough_code`, `incidents` (count).
    """
    chosen = filter_incidents(incidents, filters)
    unplaced = chosen.filter(chosen[AREA_COLUMNS[level]] == UNKNOWN)
    return unplaced.group_by("borough_code").aggregate(incidents=_.count())


def incident_period() -> ibis.Table:
    """One row: `first` and `last` moment in which a recorded incident may have started, all records."""
    return incidents.aggregate(first=_.started_earliest.min(), last=_.started_latest.max())


def visits_by_district(filters: Filters, by_year: bool = False) -> ibis.Table:
    """
    Official visits by postcode district, as returned.

    Returns
    -------
    expression
        Columns as `visits_by_borough`; `area_code` is the district, or 'unknown' for one without live postcodes.
    """
    by_district = _district_counts(filters)
    districts = areas.filter(_.level == "district").select(district=_.code, district_residents=_.residents)
    placed = by_district.left_join(districts, by_district.area_code == districts.district)
    placed = placed.select(
        area_code=placed.district.fill_null(UNKNOWN),
        period_start=placed.period_start,
        period_end=placed.period_end,
        visits_low=placed.visits_low.cast("float64"),
        visits_high=placed.visits_high.cast("float64"),
        person_days=placed.district_residents.cast("float64") * placed.covered_days,
    )
    return _sum_by_area(placed, by_year)


def visits_by_borough(filters: Filters, by_year: bool = False) -> ibis.Table:
    """
    Official visits by borough: each district's visits shared out by its live postcodes, beside the figures that
    returns give for boroughs themselves.

    A borough's own figure counts only where no district figure covers the same borough and time, so that nothing
    is counted twice.

    Returns
    -------
    expression
        Columns `area_code` (ONS code, an authority's outside London, or 'unknown'), `visits_low`, `visits_high`
        (visits, fractional), `person_days` (residents of the covered part times days covered, empty outside London),
        `first`, `last` (dates); with `by_year` also `year`, the calendar year in which the period starts.
    """
    by_district = _district_counts(filters)
    parts = area_overlap.filter(_.from_level == "district", _.to_level.isin(("borough", "authority")))
    shares = parts.select(
        from_code=_.from_code, to_code=_.to_code, share=_.share, shared_residents=_.residents
    )
    # A district without live postcodes lies in no borough; what it counts goes to 'unknown', not lost.
    shared = by_district.left_join(shares, by_district.area_code == shares.from_code)
    share = shared.share.fill_null(1.0)
    shared = shared.select(
        area_code=shared.to_code.fill_null(UNKNOWN),
        period_start=shared.period_start,
        period_end=shared.period_end,
        visits_low=shared.visits_low * share,
        visits_high=shared.visits_high * share,
        person_days=(shared.shared_residents.cast("float64") * shared.covered_days),
    )
    boroughs = areas.filter(_.level == "borough").select(borough=_.code, borough_residents=_.residents)
    own = filter_counts(counts, filters).filter(_.area_level == "borough")
    own = own.join(boroughs, own.area_code == boroughs.borough)
    own = own.select(
        area_code=own.area_code,
        period_start=own.period_start,
        period_end=own.period_end,
        visits_low=own.visits_low.cast("float64"),
        visits_high=own.visits_high.cast("float64"),
        person_days=own.borough_residents.cast("float64") * _covered_days(own),
    )
    covered = shared.select(
        covered_code=shared.area_code, covered_start=shared.period_start, covered_end=shared.period_end
    ).distinct()
    own = own.anti_join(
        covered,
        [
            own.area_code == covered.covered_code,
            own.period_start <= covered.covered_end,
            own.period_end >= covered.covered_start,
        ],
    )
    return _sum_by_area(shared.union(own), by_year)


def _district_counts(filters: Filters) -> ibis.Table:
    chosen = filter_counts(counts, filters).filter(_.area_level == "district")
    return chosen.mutate(covered_days=_covered_days(chosen))


def _sum_by_area(visits: ibis.Table, by_year: bool) -> ibis.Table:
    keys = {"area_code": visits.area_code}
    if by_year:
        keys["year"] = visits.period_start.year()
    return visits.group_by(**keys).aggregate(
        visits_low=_.visits_low.sum(),
        visits_high=_.visits_high.sum(),
        person_days=_.person_days.sum(),
        first=_.period_start.min(),
        last=_.period_end.max(),
    )


def _covered_days(table: ibis.Table) -> ibis.Value:
    return table.period_end.delta(table.period_start, unit="day") + 1
