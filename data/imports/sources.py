"""Where the data come from: what is bundled, what can be fetched, under which licence, of which day."""

import json
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pooch
import pyarrow as pa
import pyarrow.csv
import requests

from data.errors import InputError
from data.store.store import BUNDLED, PROJECT_ROOT

REGISTRY = BUNDLED / "sources.toml"
DOWNLOADS = PROJECT_ROOT / "data" / "local" / "downloads"
CHECKSUMS = "checksums.json"


@dataclass(frozen=True)
class Source:
    """One source. A bundled one has `file` and `sha256`; a fetched one has `base` and `files` (name to SHA-256)."""

    name: str
    title: str
    source: str
    licence: str
    as_of: date | None = None
    file: str = ""
    sha256: str = ""
    base: str = ""
    files: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict:
        """The source as plain values for JSON."""
        plain = asdict(self) | {"as_of": self.as_of.isoformat() if self.as_of else None}
        return {name: value for name, value in plain.items() if value not in ("", {}, None)} | {
            "bundled": bool(self.file)
        }


def list_sources(registry: Path = REGISTRY) -> list[Source]:
    """Every source, bundled ones first."""
    table = tomllib.loads(registry.read_text(encoding="utf-8"))
    return [Source(**entry) for entry in [*table.get("bundled", []), *table.get("fetched", [])]]


def list_incident_pages() -> pa.Table:
    """The pages that report the bundled incidents: source_url, source_date, source_kind, all text, by date."""
    options = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(("source_url", "source_date", "source_kind"), pa.string())
    )
    return pa.csv.read_csv(BUNDLED / "incident_sources.csv", convert_options=options)


def get(name: str, registry: Path = REGISTRY, directory: Path = DOWNLOADS) -> list[Path]:
    """
    Fetch the files of a source, with a progress bar; what is already there and unchanged is not fetched again.

    Returns
    -------
    paths
        The files, in the order of the registry, in a folder named after the source.

    Raises
    ------
    InputError
        No such source, no connection, or a file that is not the one that was recorded.
    """
    fetched = {source.name: source for source in list_sources(registry) if source.files}
    if name not in fetched:
        raise InputError(f"There is nothing to fetch under that name. Choose one of: {', '.join(fetched)}.")
    source = fetched[name]
    folder = directory / name
    folder.mkdir(parents=True, exist_ok=True)
    seen = _read_checksums(folder)
    paths = []
    for file, sha256 in source.files.items():
        path = _fetch(source.base + quote(file), sha256 or seen.get(file), file, folder)
        seen[file] = pooch.file_hash(str(path))
        paths.append(path)
        (folder / CHECKSUMS).write_text(json.dumps(seen, indent=2), encoding="utf-8")
    return paths


def _fetch(address: str, sha256: str | None, file: str, folder: Path) -> Path:
    try:
        return Path(
            pooch.retrieve(
                address,
                known_hash=f"sha256:{sha256}" if sha256 else None,
                fname=file,
                path=folder,
                progressbar=True,
            )
        )
    except ValueError:
        raise InputError(
            f"{file} is not the file that was recorded: its SHA-256 differs. Nothing was kept; ask who publishes it."
        ) from None
    except (requests.RequestException, OSError):
        raise InputError(
            f"{file} could not be fetched. Check the connection to the internet, then try again."
        ) from None


def _read_checksums(folder: Path) -> dict[str, str]:
    recorded = folder / CHECKSUMS
    return json.loads(recorded.read_text(encoding="utf-8")) if recorded.exists() else {}
