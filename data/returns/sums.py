"""The figures of all tables of an official return as rows of the counts table: none twice, no day counted twice."""

from collections import defaultdict

import pyarrow as pa

from data.reading.periods import Period
from data.returns.coverage import name_period
from data.returns.figures import Figure, Reading
from data.returns.grid import Cell
from data.returns.words import districts_in_use
from data.schema import ALL_SETTINGS

COUNTS_SCHEMA = pa.schema(
    [
        ("area_level", pa.string()),
        ("area_code", pa.string()),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("setting", pa.string()),
        ("visits_low", pa.int32()),
        ("visits_high", pa.int32()),
        ("reference", pa.string()),
    ]
)
NAMED_ROWS = 8  # in one sentence

# Area level, area code, days, setting.
Key = tuple[str, str, Period, str]


def sum_figures(reading: Reading) -> pa.Table:
    """One row per area, period and setting; what was left out or understood on the way is added to `reading`."""
    figures = _without_twice(reading)
    sums = _without_overlaps(reading, _sum_up(reading, figures))
    reading.told += [*_told_of_spelling(figures), *_told_of_unused(figures)]
    return _table(sums)


def _table(sums: dict[Key, tuple[int, int, str]]) -> pa.Table:
    rows = [
        (level, code, period.start, period.end, setting, low, high, reference)
        for (level, code, period, setting), (low, high, reference) in sums.items()
    ]
    columns = list(zip(*rows, strict=True)) or [[] for _ in COUNTS_SCHEMA]
    return pa.table(
        [pa.array(values, kind.type) for values, kind in zip(columns, COUNTS_SCHEMA, strict=True)],
        COUNTS_SCHEMA,
    )


def _without_twice(reading: Reading) -> list[Figure]:
    """Figures without those that a return gives twice: the same in two tables is kept once, all else is set aside."""
    groups: dict[tuple, list[Figure]] = defaultdict(list)
    for figure in reading.figures:
        groups[figure.area.level, figure.area.code, figure.period, figure.setting, figure.label].append(
            figure
        )
    dropped: set[int] = set()
    twice: dict[Cell, list[int]] = {}
    again = False
    for same in groups.values():
        if len(same) == 1:
            continue
        if (
            len({figure.table for figure in same}) == len(same)
            and len({(one.low, one.high) for one in same}) == 1
        ):
            dropped |= {id(figure) for figure in same[1:]}
            again = True
            continue
        rows = sorted({figure.cell.row for figure in same})
        for figure in same:
            dropped.add(id(figure))
            twice.setdefault(figure.row.key, rows)
            reading.broken.add((figure.area, figure.period, ALL_SETTINGS))
    for key, rows in twice.items():
        others = [row for row in rows[: NAMED_ROWS + 1] if row != key.row] or rows[:1]
        where = _row_words(set(others))
        reading.reject(
            key, f"Gives the same area and period as {where}. Keep one of them, and import the return again."
        )
    if again:
        reading.told.append("Figures that stand alike in two tables of the return are counted once.")
    return [figure for figure in reading.figures if id(figure) not in dropped]


def _sum_up(reading: Reading, figures: list[Figure]) -> dict[Key, tuple[int, int, str]]:
    """One figure per area, period and setting, and one for all settings together."""
    sums: dict[Key, tuple[int, int, str]] = {}
    for figure in figures:
        if (figure.area, figure.period, figure.setting) in reading.broken and figure.setting != ALL_SETTINGS:
            continue
        key = (figure.area.level, figure.area.code, figure.period, figure.setting)
        low, high, reference = sums.get(key, (0, 0, figure.reference))
        sums[key] = (low + figure.low, high + figure.high, reference)
    broken = {(area.level, area.code, period) for area, period, _ in reading.broken}
    parts: dict[tuple, list[tuple[int, int, str]]] = defaultdict(list)
    for (level, code, period, setting), figure in sums.items():
        if setting != ALL_SETTINGS:
            parts[level, code, period].append(figure)
    for (level, code, period), found in parts.items():
        key = (level, code, period, ALL_SETTINGS)
        if key not in sums and (level, code, period) not in broken:
            sums[key] = (sum(low for low, _, _ in found), sum(high for _, high, _ in found), found[0][2])
    return sums


def _without_overlaps(
    reading: Reading, sums: dict[Key, tuple[int, int, str]]
) -> dict[Key, tuple[int, int, str]]:
    """No day counted twice: of a year and its quarters the quarters stay, of a year and a stray month the year."""
    by_place: dict[tuple, list[Period]] = defaultdict(list)
    for level, code, period, setting in sums:
        by_place[level, code, setting].append(period)
    dropped: set[Key] = set()
    for (level, code, setting), periods in by_place.items():
        for period in sorted(
            periods, key=lambda each: (each.start, each.start.toordinal() - each.end.toordinal())
        ):
            inside = [other for other in periods if other != period and other.meets(period)]
            if (level, code, period, setting) in dropped or not inside:
                continue
            held = [other for other in inside if period.holds(other)]
            days = sum((other.end - other.start).days + 1 for other in held)
            losers = [period] if days == (period.end - period.start).days + 1 else inside
            dropped |= {(level, code, other, setting) for other in losers}
            reading.told += [
                f"The figures for {name_period(other)} overlap others of the return and were left out."
                for other in losers
            ]
    return {key: value for key, value in sums.items() if key not in dropped}


def _told_of_spelling(figures: list[Figure]) -> list[str]:
    respelt = {
        figure.row.key.row for figure in figures if figure.area.is_respelt and figure.area.level == "district"
    }
    if not respelt:
        return []
    return [
        f"Postcode districts written in another way than usual ('E01', 'e 1') were understood in {_row_words(respelt)}."
    ]


def _told_of_unused(figures: list[Figure]) -> list[str]:
    """Districts that no address has, such as EC1 for all of EC1A to EC1Y: kept, but no map can show them."""
    rows: dict[str, int] = {}
    for figure in figures:
        if figure.area.level == "district" and figure.area.code not in districts_in_use():
            rows.setdefault(figure.area.code, figure.row.key.row)
    if not rows:
        return []
    listed = ", ".join(
        f"{code} (row {row})" for code, row in sorted(rows.items(), key=lambda item: item[1])[:12]
    )
    more = f" and {len(rows) - 12} more" if len(rows) > 12 else ""
    return [
        f"Not a postcode district of London in use: {listed}{more}. Kept as the return gives it; no map can show it."
    ]


def _row_words(rows: set[int], most: int = NAMED_ROWS) -> str:
    """'row 5', 'rows 5, 6 and 9', 'rows 5, 6, … and 12 more'."""
    listed = sorted(rows)
    if len(listed) == 1:
        return f"row {listed[0]}"
    if len(listed) > most:
        return f"rows {', '.join(map(str, listed[:most]))} and {len(listed) - most} more"
    return f"rows {', '.join(map(str, listed[:-1]))} and {listed[-1]}"
