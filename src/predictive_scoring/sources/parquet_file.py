"""A Parquet file, copied into the workspace; its footer says how many records there are."""

import glob
from itertools import count

import pyarrow.parquet as pq

from predictive_scoring.sources.files import FoundFile, copy_of, digest_of, unreadable_is_an_error
from predictive_scoring.sources.identifiers import literal
from predictive_scoring.sources.parts import FoundColumn, Part, Target

_COPIES = count()


def read_parquet(file: FoundFile, target: Target, first: int) -> Part:
    """Describe one Parquet file; ``first`` is the number of records in the files before.

    Columns are taken by position, so that no name of the file's becomes SQL. Raises DataError when
    it is damaged or no Parquet file.
    """
    target.progress(f"{target.table}: reading {file.shown}")
    kept, digest = _kept(file, target)
    with unreadable_is_an_error(file.shown):
        records = pq.read_metadata(kept.path).num_rows
        columns = _columns(kept)
    cells = ", ".join(f"c{i}" for i in range(len(columns)))
    # A path with [ or * in it is one file's name here, not a pattern.
    path = literal(glob.escape(str(kept.path)))
    relation = (
        f"(SELECT file_row_number + 1 + {first} AS row_number, file_row_number + 1 AS line, "  # noqa: S608
        f"{cells} FROM read_parquet({path}, hive_partitioning = false) AS source({cells}))"
    )
    return Part(file.shown, columns, relation, first, records, digest)


def _kept(file: FoundFile, target: Target) -> tuple[FoundFile, str]:
    """The file to select from, and its digest.

    It is looked at more than once in a run, so a copy is: what is read is then what was digested,
    whatever becomes of the file. A connection in memory has no place for one.
    """
    folder = target.folder()
    if folder is None:
        return file, digest_of(file)
    kept = FoundFile(folder / f"source-{next(_COPIES)}.parquet", file.shown)
    return kept, copy_of(file, kept.path)


def parquet_columns(file: FoundFile) -> tuple[FoundColumn, ...]:
    """The columns of the footer; raises DataError as ``read_parquet`` does."""
    with unreadable_is_an_error(file.shown):
        return _columns(file)


def _columns(file: FoundFile) -> tuple[FoundColumn, ...]:
    schema = pq.read_schema(file.path)
    return tuple(FoundColumn(field.name, str(field.type)) for field in schema)
