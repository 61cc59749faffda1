"""The rules of a release, and its areas from the whole region down: fixed before anything is counted."""

from dataclasses import dataclass

import pandas as pd

from analysis.areas import LONDON

# Raised by one when a rule changes; a release of newer rules is not carried on.
RULES_VERSION = 1
# No part holds fewer incidents.
K = 10
# Counts are rounded to a multiple of it.
ROUNDING = 5
# A year is released once it has ended so many days ago.
DELAY_DAYS = 90
# Areas begin with blocks of three years, and so does time.
YEARS_OF_A_BLOCK = 3
FIRST_YEAR = 2007

# Too few people live there to stand alone: joined to its neighbour under both names.
_JOINED = {"E09000001": "E09000033"}
# The sub-regions of the London Plan 2021.
_SUB_REGIONS = {
    "Central London": "E09000001 E09000007 E09000019 E09000020 E09000022 E09000028 E09000033",
    "East London": "E09000002 E09000004 E09000011 E09000012 E09000016 E09000023 E09000025 E09000026 E09000030 E09000031",
    "North London": "E09000003 E09000010 E09000014",
    "South London": "E09000006 E09000008 E09000021 E09000024 E09000029 E09000032",
    "West London": "E09000005 E09000009 E09000013 E09000015 E09000017 E09000018 E09000027",
}


@dataclass(frozen=True)
class Area:
    """An area of the release: its code and name, the borough codes it holds, and what it may be split into."""

    code: str
    name: str
    members: tuple[str, ...]
    children: tuple["Area", ...] = ()

    def every(self) -> list["Area"]:
        """Itself, and all it may be split into."""
        return [self, *(area for child in self.children for area in child.every())]


def area_tree(boroughs: pd.DataFrame) -> Area:
    """
    The region, its sub-regions where it has such, and its boroughs.

    It depends on names and codes alone, never on what is recorded: a tree made to fit the records would tell of them.

    Parameters
    ----------
    boroughs
        `code`, `name`.
    """
    names = dict(zip(boroughs["code"], boroughs["name"], strict=True))
    joined = {first: into for first, into in _JOINED.items() if {first, into} <= names.keys()}
    leaves = {code: Area(code, name, (code,)) for code, name in sorted(names.items()) if code not in joined}
    for first, into in joined.items():
        leaves[into] = Area(f"{into}+{first}", f"{names[into]} and {names[first]}", (into, first))
    sub_regions = {name: set(codes.split()) for name, codes in _SUB_REGIONS.items()}
    children = tuple(leaves.values())
    if set().union(*sub_regions.values()) == names.keys():
        children = tuple(
            _joined(name, name, [leaf for code, leaf in leaves.items() if code in codes])
            for name, codes in sub_regions.items()
        )
    return _joined(LONDON, "London", list(children))


def _joined(code: str, name: str, children: list[Area]) -> Area:
    members = tuple(member for child in children for member in child.members)
    return Area(code, name, members, tuple(children) if len(children) > 1 else ())
