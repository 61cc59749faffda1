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


def last_official_day() -> ibis.Table:
    """One row: `last`, the last day that any official figure in force covers."""
    return counts.filter(_.superseded_by.isnull()).aggregate(last=_.period_end.max())


def last_incident() -> ibis.Table:
    """One row: `last`, the latest moment up to which incidents are recorded, taking vague dates at their beginning."""
    return incidents.aggregate(last=_.started_earliest.max())


def visits_by_district(filters: Filters, by_year: bool = False) -> ibis.Table:
    """
    Official visits by postcode district, as returned.

    Returns
    -------
    expression
        Columns as `visits_by_borough`; `area_code` is the district, or 'unknown' for one without live postcodes.
    """
    by_district = _figures(filters, "district", by_year)
    districts = areas.filter(_.level == "district").select(district=_.code, district_residents=_.residents)
    placed = by_district.left_join(districts, by_district.area_code == districts.district)
    placed = _with_exposure(
        placed, placed.district.fill_null(UNKNOWN), ibis.literal(1.0), placed.district_residents
    )
    return _sum_by_area(placed, by_year)


def visits_by_borough(filters: Filters, by_year: bool = False) -> ibis.Table:
    """
    Official visits by borough: the sums of `figures_by_borough`.

    Returns
    -------
    expression
        Columns `area_code` (ONS code, an authority's outside London, or 'unknown'), `visits_low`, `visits_high`
        (visits, fractional), `person_days` (residents of the covered part times days covered, empty outside London),
        `first`, `last` (dates). With `by_year` also `year`, the calendar year in which the period starts, and
        `person_days` counts the days inside it.
    """
    return _sum_by_area(figures_by_borough(filters, by_year), by_year)


def figures_by_borough(filters: Filters, by_year: bool = False) -> ibis.Table:
    """
    Each district's visits shared out by its live postcodes, beside the figures that returns give for boroughs themselves.

    A borough's own figure is better than shares of districts, so it takes their place for the periods it holds;
    where a district's period is longer than the borough's, the district stays and the borough's own is left out. So
    nothing is counted twice.

    Returns
    -------
    expression
        One row per figure and borough: `area_code` as in `visits_by_borough`, `from_code` (the district, or the borough
        itself), `period_start`, `period_end`, `visits_low`, `visits_high`, `residents` (of the part they share),
        `person_days`.
    """
    by_district = _figures(filters, "district", by_year)
    parts = area_overlap.filter(_.from_level == "district", _.to_level.isin(("borough", "authority")))
    shares = parts.select(
        from_code=_.from_code, to_code=_.to_code, share=_.share, shared_residents=_.residents
    )
    # A district without live postcodes lies in no borough; what it counts goes to 'unknown', not lost.
    shared = by_district.left_join(shares, by_district.area_code == shares.from_code)
    shared = _with_exposure(
        shared, shared.to_code.fill_null(UNKNOWN), shared.share.fill_null(1.0), shared.shared_residents
    )
    boroughs = areas.filter(_.level == "borough").select(borough=_.code, borough_residents=_.residents)
    own = _figures(filters, "borough", by_year)
    own = own.join(boroughs, own.area_code == boroughs.borough)
    own = _with_exposure(own, own.area_code, ibis.literal(1.0), own.borough_residents)
    replaced = _periods(own, "own")
    shared = shared.anti_join(
        replaced,
        [
            shared.area_code == replaced.own_code,
            shared.period_start >= replaced.own_start,
            shared.period_end <= replaced.own_end,
        ],
    ).view()
    remaining = _periods(shared, "shared")
    own = own.anti_join(
        remaining,
        [
            own.area_code == remaining.shared_code,
            own.period_start <= remaining.shared_end,
            own.period_end >= remaining.shared_start,
        ],
    )
    return shared.union(own)


def residents_covered() -> ibis.Table:
    """
    Residents whom any official figure in force covers, at whatever time, by borough.

    Returns
    -------
    expression
        Columns `area_code`, `residents_covered`: those of the districts, or of the borough itself, that have figures.
    """
    in_force = counts.filter(_.superseded_by.isnull()).select("area_level", "area_code").distinct()
    whole = (
        areas.filter(_.level == "borough")
        .semi_join(in_force.filter(_.area_level == "borough"), [areas.code == in_force.area_code])
        .select(area_code=_.code, residents_covered=_.residents.cast("float64"))
    )
    districts = in_force.filter(_.area_level == "district").select(from_code=_.area_code)
    part = area_overlap.filter(_.from_level == "district", _.to_level == "borough", _.residents.notnull())
    part = part.semi_join(districts, "from_code").group_by(area_code=_.to_code)
    part = part.aggregate(residents_covered=_.residents.sum().cast("float64"))
    return whole.union(part).group_by("area_code").aggregate(residents_covered=_.residents_covered.max())


def _figures(filters: Filters, level: str, by_year: bool) -> ibis.Table:
    """The chosen figures of a level, one row per area and period: several chosen settings are added up first."""
    chosen = filter_counts(counts, filters).filter(_.area_level == level)
    chosen = chosen.group_by("area_code", "period_start", "period_end").aggregate(
        visits_low=_.visits_low.sum().cast("float64"), visits_high=_.visits_high.sum().cast("float64")
    )
    end = chosen.period_end
    if by_year:
        end = ibis.least(end, ibis.date(chosen.period_start.year(), 12, 31))
    return chosen.mutate(covered_days=end.delta(chosen.period_start, unit="day") + 1)


def _with_exposure(
    figures: ibis.Table, area_code: ibis.Value, share: ibis.Value, residents: ibis.Value
) -> ibis.Table:
    figures = figures.select(
        area_code=area_code,
        from_code=figures.area_code,
        period_start=figures.period_start,
        period_end=figures.period_end,
        visits_low=figures.visits_low * share,
        visits_high=figures.visits_high * share,
        residents=residents.cast("float64"),
        person_days=residents.cast("float64") * figures.covered_days,
    )
    # Ibis would take a later join for one more link of the join behind these columns; a view ends that chain.
    return figures.view()


def _periods(figures: ibis.Table, name: str) -> ibis.Table:
    columns = {"code": figures.area_code, "start": figures.period_start, "end": figures.period_end}
    return figures.select(**{f"{name}_{column}": value for column, value in columns.items()}).distinct()


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
