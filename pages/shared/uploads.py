"""A file that was put in by hand: in memory where records may be in it, else on disk only for as long as it is being read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.runtime.uploaded_file_manager import UploadedFile

from data.files.uploaded import UploadedTable

# What importing can read; a wrong ending is refused by the browser before anything is sent.
FILE_TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "ods"]


def uploaded_table(upload: UploadedFile) -> UploadedTable:
    """The upload under its own name, for importing to read from memory: what a log holds never reaches a disk."""
    return UploadedTable(Path(upload.name).name or "upload", upload.getvalue())


@contextmanager
def private_copy(upload: UploadedFile) -> Iterator[Path]:
    """
    The upload as a file under its own name, in a folder that only this user can read and that is gone at once.

    For streets and barriers alone, which the geographic readers take from disk: no record is in them.
    """
    with TemporaryDirectory(prefix="raids-") as folder:
        path = Path(folder) / (Path(upload.name).name or "upload")
        path.write_bytes(upload.getbuffer())
        yield path
