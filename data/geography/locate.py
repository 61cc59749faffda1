"""Turns what a record says of a place into the finest place that may be stored: a locality, a district or a borough."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from data.geography.bundled import read_localities, read_pieces
from data.geography.cells import NOWHERE
from data.geography.lookup import place_codes, read_lookup
from data.geography.names import authority_code
from data.geography.projection import to_degrees, to_grid
from data.geography.reference import ensure_reference, lookup_path
from data.schema import UNKNOWN

Key = TypeVar("Key")
# A sector or district lies in one place if this share of its live postcodes does; single strays are mistakes.
WHOLLY = 0.995
# A point farther than this from every live postcode (metres) is not in the United Kingdom.
FARTHEST_METRES = 5_000
# West, south, east and north of the United Kingdom and the islands, in degrees.
_KINGDOM = (-8.7, 49.0, 2.0, 61.0)
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_SECTOR = re.compile(rf"({_DISTRICT.pattern})\s*([0-9])")


@dataclass(frozen=True)
class Place:
    """Where an incident happened, as the store names it; 'unknown' for what is not known."""

    locality_code: str
    borough_code: str
    postcode_district: str
    location_precision: str


# Somewhere in the United Kingdom, with nothing that the store could name.
SOMEWHERE = Place(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)


class Places:
    """
    Every way to say where, looked up.

    `table` lists the places that postcodes and points come to: London's localities, then the local authorities
    outside London. The vectorised methods return rows of it, or -1 where there is none.
    """

    def __init__(self, reference: Path | None = None):
        self._lookup = read_lookup(lookup_path(reference or ensure_reference()))
        localities = read_localities()
        self.table = [Place(*row, "locality") for row in localities.iloc[:, :3].itertuples(index=False)]
        self.table += [_in_borough(code) for code in place_codes()[len(localities) :]]
        self._pairs = set(zip(localities["postcode_district"], localities["borough_code"], strict=True))
        self._districts_of_london = set(read_pieces()["district"])

    def postcodes(self, values: list[str]) -> list[Place | None]:
        """
        Places of full postcodes, live or terminated, anywhere in the United Kingdom; None where there is no such one.

        `values` are in capitals without spaces. In London a postcode comes to a locality of its own borough.
        """
        rows = self.postcode_rows(pa.array(values, pa.string())).tolist()
        return [None if row == NOWHERE else self.table[row] for row in rows]

    def postcode_rows(self, values: pa.Array | pa.ChunkedArray) -> np.ndarray:
        """As `postcodes`, for an array of text; rows of `table`."""
        return self._lookup.postcode_rows(values)

    def points(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        """
        Places of points in degrees (EPSG:4326), as rows of `table`.

        A point on London's land comes to its locality; any other, such as one on the river, to the place of the
        nearest live postcode within `FARTHEST_METRES`; -1 where there is none, so outside the United Kingdom.
        """
        longitude, latitude = np.asarray(longitude, float), np.asarray(latitude, float)
        rows = self._lookup.point_rows(longitude, latitude)
        west, south, east, north = _KINGDOM
        is_near = (longitude > west) & (longitude < east) & (latitude > south) & (latitude < north)
        rest = np.flatnonzero((rows == NOWHERE) & is_near)
        if len(rest):
            metres = to_grid(longitude[rest], latitude[rest])
            rows[rest] = self._lookup.nearest_rows(*metres, FARTHEST_METRES)
        return rows

    def grid(self, easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
        """As `points`, for points in metres on the national grid (EPSG:27700)."""
        longitude, latitude = to_degrees(np.asarray(easting, float), np.asarray(northing, float))
        return self.points(longitude, latitude)

    def sector(self, text: str) -> Place | None:
        """
        Place of a postcode sector such as 'SE15 4'; None where there is no such sector.

        Its locality if `WHOLLY` in one, else its district, with the borough if wholly in one.
        """
        match = _SECTOR.fullmatch(text.strip().upper())
        if match and match[0] in self._districts:
            # 'SE15' is the district, not the sector 'SE1 5' without its space.
            return None
        held = self._sectors.get(f"{match[1]} {match[2]}") if match else None
        return self._resolve(match[1], held, is_locality_known=True) if held else None

    def district(self, text: str) -> Place | None:
        """Place of a postcode district such as 'SE15', with the borough if `WHOLLY` in one; None if there is none."""
        district = text.strip().upper()
        held = self._districts.get(district)
        return self._resolve(district, held, is_locality_known=False) if held else None

    def borough(self, text: str) -> Place | None:
        """Place of a borough or other local authority, by code, name or usual spelling; None if there is none."""
        code = authority_code(text)
        return _in_borough(code) if code else None

    def _resolve(self, district: str, held: dict[int, int], is_locality_known: bool) -> Place:
        """The place of a sector or district that has `held[row]` postcodes in each row of `table`."""
        boroughs: dict[str, int] = {}
        for row, count in held.items():
            code = self.table[row].borough_code
            boroughs[code] = boroughs.get(code, 0) + count
        row, borough = _wholly(held), _wholly(boroughs)
        if is_locality_known and row is not None:
            return self.table[row]
        if district not in self._districts_of_london or (borough and (district, borough) not in self._pairs):
            # District and borough together would name a smaller place than any locality: the borough alone.
            return _in_borough(borough) if borough else SOMEWHERE
        return Place(UNKNOWN, borough or UNKNOWN, district, "district")

    @cached_property
    def _sectors(self) -> dict[str, dict[int, int]]:
        """Postcodes of each sector by row of `table`: the live ones, or all where none is live."""
        return self._held(self._lookup.sector)

    @cached_property
    def _districts(self) -> dict[str, dict[int, int]]:
        """
        As `_sectors`, by district.

        Without the one that was divided, such as W1 into W1A to W1W: what is left of its own postcodes is not the
        district that people still call by its name.
        """
        area = np.array([sector.split(" ")[0] for sector in self._lookup.sector])
        live = set(area[self._lookup.sector_live > 0])
        divided = {district[:-1] for district in live if district[-1].isalpha()} - live
        return {district: held for district, held in self._held(area).items() if district not in divided}

    def _held(self, area: np.ndarray) -> dict[str, dict[int, int]]:
        """Postcodes of each area by row of `table`, where `area` is that of each row of the lookup's sectors."""
        lookup = self._lookup
        counts = pd.DataFrame(
            {"area": area, "row": lookup.sector_row, "live": lookup.sector_live, "all": lookup.sector_all}
        )
        counts = counts[counts["row"] != NOWHERE].groupby(["area", "row"], as_index=False).sum()
        is_used = counts.groupby("area")["live"].transform("sum") > 0
        counts["held"] = counts["live"].where(is_used, counts["all"])
        held: dict[str, dict[int, int]] = {}
        columns = counts.loc[counts["held"] > 0, ["area", "row", "held"]].to_dict("list")
        for code, row, count in zip(*columns.values(), strict=True):
            held.setdefault(code, {})[row] = count
        return held


@cache
def load_places() -> Places:
    """The places of this machine's reference, made first if it is not there yet."""
    return Places()


def find_area(text: str) -> tuple[str, str] | None:
    """
    The level and code of an area as a person writes it; None if there is none.

    A borough or other authority by code, name or usual spelling, a postcode district of London, or a locality's code.
    """
    text = text.strip()
    if authority := authority_code(text):
        return "borough" if authority.startswith("E09") else "authority", authority
    places, code = load_places(), text.upper()
    if any(place.locality_code == code for place in places.table):
        return "locality", code
    district = places.district(code)
    # A district outside London comes to its authority alone, which is not what was written.
    return ("district", code) if district and district.postcode_district == code else None


def _in_borough(code: str) -> Place:
    return Place(UNKNOWN, code, UNKNOWN, "borough")


def _wholly(counts: dict[Key, int]) -> Key | None:
    """The key that has `WHOLLY` of the counts, if one has."""
    largest = max(counts, key=counts.__getitem__)
    return largest if counts[largest] >= WHOLLY * sum(counts.values()) else None
