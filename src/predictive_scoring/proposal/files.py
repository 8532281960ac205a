"""Which files of a folder could hold a company's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from predictive_scoring.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CSV_SUFFIXES = (".csv", ".csv.gz", ".tsv", ".txt")
PARQUET_SUFFIXES = (".parquet", ".pq")
_OTHER_DATA = (".xlsx", ".xls", ".ods", ".json", ".jsonl", ".zip", ".xml", ".avro", ".tsv.gz")


@dataclass(frozen=True)
class FoundFiles:
    """The files that may be read, in the order of their names, and why others were passed over."""

    files: tuple[Path, ...]
    unknown: tuple[str, ...]


def find_files(folder: Path) -> FoundFiles:
    """CSV and Parquet files of a folder and of its direct subfolders, or the one file given.

    Hidden files are passed over. Raises DataError when there is no such folder or file.
    """
    if not folder.exists():
        raise DataError(
            f"{folder}: no such folder",
            "a folder with the company's CSV or Parquet files, or one such file",
            "give its path: predictive-scoring init DIR",
        )
    if folder.is_file():
        return FoundFiles((folder,), ())
    unknown: list[str] = []
    entries = list(_entries(folder, unknown))
    files = tuple(p for p in entries if _kind_by_suffix(p))
    unknown += [
        f"file {p.name!r}: not a CSV or Parquet file; export it as CSV to have it read"
        for p in entries
        if p.name.lower().endswith(_OTHER_DATA)
    ]
    return FoundFiles(files, tuple(unknown))


def is_parquet(file: Path) -> bool:
    """Whether the file's name says that it is Parquet."""
    return file.name.lower().endswith(PARQUET_SUFFIXES)


def _kind_by_suffix(file: Path) -> bool:
    return file.name.lower().endswith(CSV_SUFFIXES + PARQUET_SUFFIXES)


def _entries(folder: Path, unknown: list[str], depth: int = 1) -> Iterator[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        unknown.append(f"folder {folder.name!r}: {error.strerror or error}")
        return
    for entry in inside:
        if entry.name.startswith("."):
            continue
        if entry.is_file():
            yield entry
        elif depth and entry.is_dir():
            yield from _entries(entry, unknown, depth - 1)
