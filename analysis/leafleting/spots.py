"""Spots: places where leaflets are handed out rather than posted, such as a row of shops, a market or a station."""

import re
from dataclasses import dataclass

from data.errors import InputError
from data.geography.search import find_place

SPOT_KINDS = ("shop row", "market", "station", "place of worship", "other")
MOST_LEAFLETS = 10_000
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")


@dataclass(frozen=True)
class Spot:
    """A spot: its `kind` (one of `SPOT_KINDS`), its `place` as people call it, and the leaflets to take there."""

    kind: str
    place: str
    leaflets: int


def read_spot(kind: str, place: str, leaflets: int) -> Spot:
    """
    A spot from what a person typed.

    Parameters
    ----------
    place
        A postcode or the name of a place in London; it stays as the map of places calls it.

    Raises
    ------
    InputError
        No such place is known, or the leaflets are out of bounds.
    """
    if not 1 <= leaflets <= MOST_LEAFLETS:
        raise InputError(f"A spot takes between 1 and {MOST_LEAFLETS:,} leaflets.")
    matches = find_place(place) if place.strip() else []
    if not matches:
        raise InputError(
            "No London postcode or place of that name is known here. Try the postcode of a shop there."
        )
    code = "".join(place.upper().split())
    # A full postcode is found as its locality; here it is a street corner to go to.
    return Spot(kind, f"{code[:-3]} {code[-3:]}" if _POSTCODE.fullmatch(code) else matches[0].name, leaflets)
