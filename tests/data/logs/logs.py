"""Lists of incidents written by hand."""

import numpy as np
import pyarrow as pa

from data.files.sheet import Sheet


def sheet_of(*rows: list[str], name: str = "") -> Sheet:
    """A sheet of these rows, filled up to the longest; numbered from 1."""
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = [pa.array(cells, pa.string()) for cells in zip(*padded, strict=True)]
    return Sheet(name, columns, np.arange(1, len(rows) + 1))
