"""A file that was put in by hand, on disk only for as long as it is being read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.runtime.uploaded_file_manager import UploadedFile

# What importing can read; a wrong ending is refused by the browser before anything is sent.
FILE_TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "ods"]


@contextmanager
def private_copy(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a file under its own name, in a folder that only this user can read and that is gone at once."""
    with TemporaryDirectory(prefix="raids-") as folder:
        path = Path(folder) / (Path(upload.name).name or "upload")
        path.write_bytes(upload.getbuffer())
        yield path
