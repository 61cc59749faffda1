"""A file that was put in by hand: it stays in memory, so that what it holds never reaches a disk."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class UploadedTable:
    """A file's name and bytes, with `name` and `open` as a path has them."""

    name: str
    data: bytes = field(repr=False)

    def open(self) -> BinaryIO:
        """The bytes from the start."""
        return io.BytesIO(self.data)


# Whatever importing reads: a file on disk, or one in memory.
TableFile = Path | UploadedTable
