"""A release as tables for others: CSV files, and a Frictionless data package that says what stands in them."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pandas as pd

from analysis.export import to_csv
from data.errors import InputError
from publish.release import Release

DESCRIPTOR = "datapackage.json"
_DAYS = [("from", "date", "first day of the time"), ("to", "date", "last day of the time")]
_AREA = [
    ("area", "string", "code of the area; several codes with + between stand for areas joined"),
    ("name", "string", "its name"),
]
_ABOUT = ("about", "integer", "recorded incidents, rounded to 5; never of fewer than 10")
# Each table of a release: what it holds, and its columns with their type and meaning.
TABLES = {
    "region_by_time": (
        "Incidents recorded by local groups in the whole region, by time",
        [*_DAYS, *_AREA, _ABOUT],
    ),
    "areas": ("Incidents recorded by local groups, by area and time", [*_DAYS, *_AREA, _ABOUT]),
    "breakdowns": (
        "Incidents recorded by local groups in the whole region, by one thing at a time",
        [
            *_DAYS,
            ("by", "string", "what they are told apart by"),
            ("value", "string", "which of these"),
            _ABOUT,
        ],
    ),
    "official": (
        "Visits by Immigration Enforcement as the Home Office's returns give them: public already",
        [
            ("level", "string", "kind of area: district or borough"),
            ("area", "string", "postcode district, or code of the borough"),
            ("from", "date", "first day covered"),
            ("to", "date", "last day covered"),
            ("low", "integer", "fewest visits the return allows"),
            ("high", "integer", "most visits the return allows"),
            ("reference", "string", "reference of the return"),
        ],
    ),
    "reported": (
        "Raids that public reports tell of, by borough and year: public already",
        [*_AREA, ("year", "year", "year of the raid"), ("incidents", "integer", "raids reported")],
    ),
}


def file_of(table: str) -> str:
    """The name of a table's file: 'region-by-time.csv'."""
    return f"{table.replace('_', '-')}.csv"


def package_files(release: Release) -> dict[str, str]:
    """The files of a data package: a CSV of each table, with its headings even where it is empty, and the descriptor."""
    files = {
        file_of(name): to_csv(
            pd.DataFrame(release.tables[name], columns=[column for column, _, _ in columns])
        )
        for name, (_, columns) in TABLES.items()
    }
    return files | {DESCRIPTOR: json.dumps(_descriptor(release, files), ensure_ascii=False, indent=1)}


def write_package(release: Release, path: Path) -> None:
    """
    Write the data package of a release as one zip file, whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in package_files(release).items():
            # No time of day in it: the same release is the same file.
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(packed.getvalue())
        os.replace(part, path)
    except OSError:
        raise InputError(
            "The package cannot be written there. Name a file in a folder of your own."
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _descriptor(release: Release, files: dict[str, str]) -> dict:
    manifest = release.manifest
    return {
        "profile": "tabular-data-package",
        "name": f"raid-records-release-{manifest['number']}",
        "title": f"Immigration raids, {manifest['region']['name']}: release {manifest['number']}",
        "version": str(manifest["number"]),
        "created": f"{manifest['made_on']}T00:00:00Z",
        "release": manifest,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": file_of(name).removesuffix(".csv"),
                "title": title,
                "path": file_of(name),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(files[file_of(name)].encode()),
                "hash": f"sha256:{hashlib.sha256(files[file_of(name)].encode()).hexdigest()}",
                "schema": {
                    "fields": [
                        {"name": column, "type": kind, "description": meaning}
                        for column, kind, meaning in columns
                    ]
                },
            }
            for name, (title, columns) in TABLES.items()
        ],
    }
