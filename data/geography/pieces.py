"""
London cut into its finest pieces, and the pieces joined into localities.

A piece is the part of one borough nearer to a street postcode of one sector than to any other of that borough: Voronoi
cells, dissolved by sector and clipped to the borough's land. Every other area is a union of pieces, so all of them
share their edges. Metres throughout, EPSG:27700.

Street postcodes are the live ones less those of delivery offices. A delivery office has the postcodes of boxes and of
large users of many districts on one spot (1,167 on one in Camden); they are no streets and nobody lives there.
"""

from collections import defaultdict

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

# The finest place that is ever stored holds at least this many street postcodes (roughly 1,500 addresses).
SMALLEST_LOCALITY = 100
# A spot with this many live postcodes is a delivery office. London has 123, with 5 % of its live postcodes; the next
# largest spots are towers and office blocks.
DELIVERY_OFFICE = 20
# A part of a sector that lies apart and holds fewer spots than this goes to the sector around it.
SPECK = 10
# Lines are cut at each other on a grid this fine (metres), so that neighbours agree on every corner.
CENTIMETRE = 0.01


def cut_pieces(postcodes: pd.DataFrame, boroughs: pd.Series) -> pd.DataFrame:
    """
    The pieces of London.

    Parameters
    ----------
    postcodes
        Live postcodes of London: `sector`, `district`, `borough_code`, `easting`, `northing`.
    boroughs
        Outlines by ONS code, a valid coverage.

    Returns
    -------
    pieces
        One row per sector and borough that share live postcodes: `sector`, `district`, `borough_code`,
        `live_postcodes`, `street_postcodes`, `easting`, `northing` (of its middle postcode) and `geometry`, empty
        where the piece has no spot of its own (a sector that is only boxes).
    """
    spot = ["borough_code", "easting", "northing"]
    on_spot = postcodes.groupby(spot)["sector"].transform("size")
    postcodes = postcodes.assign(is_street=on_spot < DELIVERY_OFFICE)
    pieces = postcodes.groupby(["borough_code", "district", "sector"], as_index=False).agg(
        live_postcodes=("is_street", "size"),
        street_postcodes=("is_street", "sum"),
        easting=("easting", "median"),
        northing=("northing", "median"),
    )
    spots = _one_sector_per_spot(postcodes[postcodes["is_street"]])
    lines = [shapely.boundary(boroughs.to_numpy())]
    for code, of_borough in spots.groupby("borough_code"):
        lines.append(_sector_lines(of_borough, boroughs[code]))
    # Cut all lines where they meet, so that a sector's edge ends in a corner of the borough across the line too.
    faces = shapely.get_parts(
        shapely.polygonize([shapely.unary_union(np.concatenate(lines), grid_size=CENTIMETRE)])
    )
    owners = _face_owners(faces, spots, boroughs)
    _give_away_specks(owners, faces, spots)
    geometry = {
        key: shapely.coverage_union_all(faces[rows])
        for key, rows in owners.groupby(["borough_code", "sector"]).indices.items()
    }
    pieces["geometry"] = [
        geometry.get(key, shapely.Polygon())
        for key in zip(pieces["borough_code"], pieces["sector"], strict=True)
    ]
    return pieces


def _one_sector_per_spot(postcodes: pd.DataFrame) -> pd.DataFrame:
    """One row per borough and spot, with the sector that has most postcodes there; the first by name if equal."""
    spot = ["borough_code", "easting", "northing"]
    counted = postcodes.groupby([*spot, "sector"], as_index=False).size()
    counted = counted.sort_values([*spot, "size", "sector"], ascending=[True, True, True, False, True])
    return counted.drop_duplicates(spot)


def _sector_lines(spots: pd.DataFrame, borough: shapely.Geometry) -> np.ndarray:
    """The lines inside one borough where the nearest spot's sector changes."""
    points = shapely.multipoints(spots[["easting", "northing"]].to_numpy(float))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=borough, ordered=True))
    sectors = [shapely.coverage_union_all(cells[rows]) for rows in spots.groupby("sector").indices.values()]
    return shapely.intersection(shapely.boundary(sectors), borough)


def _face_owners(faces: np.ndarray, spots: pd.DataFrame, boroughs: pd.Series) -> pd.DataFrame:
    """Borough and sector of each face; a face outside every borough (an island of elsewhere) has neither."""
    inside = shapely.point_on_surface(faces)
    face, borough = shapely.STRtree(boroughs.to_numpy()).query(inside, predicate="within")
    owners = pd.DataFrame({"borough_code": None, "sector": None}, index=range(len(faces)), dtype=object)
    owners.loc[face, "borough_code"] = boroughs.index.to_numpy()[borough]
    xy = shapely.get_coordinates(inside)
    for code, rows in owners.groupby("borough_code").indices.items():
        of_borough = spots[spots["borough_code"] == code]
        _, nearest = cKDTree(of_borough[["easting", "northing"]]).query(xy[rows])
        owners.loc[rows, "sector"] = of_borough["sector"].to_numpy()[nearest]
    return owners


def _give_away_specks(owners: pd.DataFrame, faces: np.ndarray, spots: pd.DataFrame) -> None:
    """
    Let each sector keep its main face in a borough, and others unless they hold only a few spots, in place.

    A shop with the postcode of its head office makes a speck in another sector; a map of them is hard to read.
    """
    points = shapely.points(spots[["easting", "northing"]].to_numpy(float))
    spot, face = shapely.STRtree(faces).query(points, predicate="within")
    is_own = owners["sector"].to_numpy()[face] == spots["sector"].to_numpy()[spot]
    held = np.bincount(face[is_own], minlength=len(faces))
    areas = shapely.area(faces)
    main = pd.DataFrame({**owners, "held": held, "area": areas}).sort_values(
        ["held", "area"], ascending=False
    )
    is_main = ~main.duplicated(["borough_code", "sector"]).sort_index().to_numpy()
    borders = _shared_edges(faces)
    neighbours = defaultdict(list)
    for one, other in borders:
        neighbours[one].append(other)
    boroughs = owners["borough_code"].to_numpy()
    # The smallest first: a speck within a speck goes with it.
    for row in np.argsort(areas, kind="stable"):
        near = [other for other in neighbours[row] if boroughs[other] == boroughs[row]]
        if near and held[row] < SPECK and not is_main[row]:
            longest = max(near, key=lambda other, row=row: (borders[row, other], other))
            owners.loc[row, "sector"] = owners.loc[longest, "sector"]


def join_localities(pieces: pd.DataFrame) -> pd.DataFrame:
    """
    Pieces joined until each locality holds `SMALLEST_LOCALITY` street postcodes.

    First with neighbours of the same district in the same borough, then with any neighbour in the borough; the
    neighbour that shares the longest edge, else the nearest.

    Returns
    -------
    localities
        One row per piece, in the order of `pieces`: `locality_code`, `label` (a sector, or a district that the
        locality holds as far as it lies in the borough), `postcode_district` (most of its street postcodes), `contents`
        (its sectors, or whole districts, in words).
    """
    groups = np.arange(len(pieces))
    shapes = _shapes(pieces)
    borders = _shared_edges(pieces["geometry"].to_numpy())
    for region in (["borough_code", "district"], ["borough_code"]):
        for rows in pieces.groupby(region).indices.values():
            _join_small(groups, rows, pieces, shapes, borders)
    return _named(pieces, groups)


def _shapes(pieces: pd.DataFrame) -> np.ndarray:
    """Each piece's outline, or its middle postcode where it has none: what distances are measured from."""
    points = shapely.points(pieces[["easting", "northing"]].to_numpy(float))
    outlines = pieces["geometry"].to_numpy()
    return np.where(shapely.is_empty(outlines), points, outlines)


def _shared_edges(outlines: np.ndarray) -> dict[tuple[int, int], float]:
    """Length of the edge that two pieces share, by the rows of both."""
    left, right = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    left, right = left[left != right], right[left != right]
    lengths = shapely.length(shapely.intersection(outlines[left], outlines[right]))
    return {
        (int(a), int(b)): float(length)
        for a, b, length in zip(left, right, lengths, strict=True)
        if length > CENTIMETRE
    }


def _join_small(groups, rows, pieces, shapes, borders) -> None:
    """Join groups among `rows` in place until each is large enough and has an outline, or only one is left."""
    counts = pieces["street_postcodes"].to_numpy()
    has_outline = ~shapely.is_empty(pieces["geometry"].to_numpy())
    while True:
        members = defaultdict(list)
        for row in rows:
            members[groups[row]].append(row)
        small = [
            (counts[own].sum(), group)
            for group, own in members.items()
            if counts[own].sum() < SMALLEST_LOCALITY or not has_outline[own].any()
        ]
        if not small or len(members) == 1:
            return
        _, group = min(small)
        others = [other for other in members if other != group]

        def closeness(other, own=members[group], members=members):
            shared = sum(borders.get((a, b), 0.0) for a in own for b in members[other])
            distance = shapely.distance(shapes[own][:, None], shapes[members[other]]).min()
            return (-shared, distance, other)

        best = min(others, key=closeness)
        for row in members[group]:
            groups[row] = best


def _named(pieces: pd.DataFrame, groups: np.ndarray) -> pd.DataFrame:
    """Code, label, district and contents of each piece's locality."""
    named = pd.DataFrame(
        index=pieces.index, columns=["locality_code", "label", "postcode_district", "contents"], dtype=object
    )
    # Boxes alone are no part of a place's name.
    outlined = pieces[~shapely.is_empty(pieces["geometry"].to_numpy())]
    sectors_in = outlined.groupby(["borough_code", "district"])["sector"].nunique()
    for group, own in outlined.groupby(groups[outlined.index]):
        borough = own["borough_code"].iloc[0]
        own = own.sort_values(["street_postcodes", "sector"], ascending=[False, True])
        by_district = own.groupby("district")["street_postcodes"].sum()
        district = by_district.sort_values(kind="stable").index[-1]
        contents = []
        for held, sectors in own.groupby("district")["sector"]:
            is_whole = 1 < len(sectors) == sectors_in[borough, held]
            contents += [held] if is_whole else list(sectors)
        largest = own.loc[own["district"] == district, "sector"].iloc[0]
        label = district if district in contents else largest
        contents.sort(key=lambda part, label=label: (part != label, part))
        code = f"{borough}-{label.replace(' ', '-')}"
        named.loc[pieces.index[groups == group]] = [code, label, district, ", ".join(contents)]
    return named


def share_residents(pieces: pd.DataFrame, residents: pd.Series) -> np.ndarray:
    """
    The residents of each piece: its borough's, shared out by street postcodes.

    `residents` is by borough code. Whole persons, which sum to the borough's; the largest remainders are rounded up.
    """
    shared = np.zeros(len(pieces), dtype=np.int64)
    for code, rows in pieces.groupby("borough_code").indices.items():
        postcodes = pieces["street_postcodes"].to_numpy()[rows]
        exact = residents[code] * postcodes / postcodes.sum()
        whole = np.floor(exact).astype(np.int64)
        left_over = int(residents[code] - whole.sum())
        whole[np.argsort(whole - exact, kind="stable")[:left_over]] += 1
        shared[rows] = whole
    return shared
