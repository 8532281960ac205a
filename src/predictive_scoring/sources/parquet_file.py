"""A Parquet file, selected from where it lies; its footer says how many records there are."""

import glob

import pyarrow.parquet as pq

from predictive_scoring.sources.files import FoundFile, digest_of, unreadable_is_an_error
from predictive_scoring.sources.identifiers import literal
from predictive_scoring.sources.parts import FoundColumn, Part, Target


def read_parquet(file: FoundFile, target: Target, first: int) -> Part:
    """Describe one Parquet file; ``first`` is the number of records in the files before.

    Columns are taken by position, so that no name of the file's becomes SQL. Raises DataError when
    it is damaged or no Parquet file.
    """
    target.progress(f"{target.table}: reading {file.shown}")
    with unreadable_is_an_error(file.shown):
        records = pq.read_metadata(file.path).num_rows
        columns = _columns(file)
    cells = ", ".join(f"c{i}" for i in range(len(columns)))
    # A path with [ or * in it is one file's name here, not a pattern.
    path = literal(glob.escape(str(file.path)))
    relation = (
        f"(SELECT file_row_number + 1 + {first} AS row_number, file_row_number + 1 AS line, "  # noqa: S608
        f"{cells} FROM read_parquet({path}, hive_partitioning = false) AS source({cells}))"
    )
    return Part(file.shown, columns, relation, first, records, digest_of(file))


def parquet_columns(file: FoundFile) -> tuple[FoundColumn, ...]:
    """The columns of the footer; raises DataError as ``read_parquet`` does."""
    with unreadable_is_an_error(file.shown):
        return _columns(file)


def _columns(file: FoundFile) -> tuple[FoundColumn, ...]:
    schema = pq.read_schema(file.path)
    return tuple(FoundColumn(field.name, str(field.type)) for field in schema)
