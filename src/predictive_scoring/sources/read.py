"""The inputs of a table, by the kind of place they lie in."""

from collections.abc import Iterator
from pathlib import Path

from predictive_scoring.config import TableSource
from predictive_scoring.config.secrets import masked
from predictive_scoring.sources.csv_file import csv_columns, read_csv
from predictive_scoring.sources.database import database_columns, read_database
from predictive_scoring.sources.duckdb_file import duckdb_columns, read_duckdb
from predictive_scoring.sources.files import FoundFile, find_files
from predictive_scoring.sources.parquet_file import parquet_columns, read_parquet
from predictive_scoring.sources.parts import FoundColumn, Part, Target


def read_parts(source: TableSource, base: Path, target: Target) -> tuple[Part, ...]:
    """The source's files, sorted by name, or its table, staged or ready to be selected from.

    Raises DataError where one is missing or cannot be read.
    """
    if source.kind == "database":
        return (read_database(source.url or "", source.table or "", base, target),)
    files = find_files(source.file or "", base)
    if source.kind == "duckdb":
        return (read_duckdb(files[0], source.table or "", target),)
    parts: list[Part] = []
    for file in files:
        parts.append(_read(source, file, target, sum(p.records for p in parts)))
    return tuple(parts)


def inspect_columns(source: TableSource, base: Path) -> tuple[FoundColumn, ...]:
    """The columns of the source's table, or of its first file, from the header or schema alone.

    ``type`` is the input's own name for it. Raises DataError where there is nothing to read.
    """
    return next(iter(columns_by_file(source, base)))[1]


def columns_by_file(
    source: TableSource, base: Path
) -> Iterator[tuple[str, tuple[FoundColumn, ...]]]:
    """Each file's name and columns, or the database table's; raises DataError as above."""
    table = source.table or ""
    if source.kind == "database":
        url = source.url or ""
        yield f"{masked(url)} ({table})", database_columns(url, table, base)
        return
    for file in find_files(source.file or "", base):
        if source.kind == "duckdb":
            yield f"{file.shown} ({table})", duckdb_columns(file, table)
        elif source.kind == "csv":
            yield file.shown, csv_columns(file, source.csv)
        else:
            yield file.shown, parquet_columns(file)


def _read(source: TableSource, file: FoundFile, target: Target, first: int) -> Part:
    if source.kind == "csv":
        return read_csv(file, source.csv, target, first)
    return read_parquet(file, target, first)
