"""A CSV file staged in DuckDB, every cell as text, and counted by a second reader."""

import pyarrow as pa

from predictive_scoring.config import CsvDialect
from predictive_scoring.sources.csv_count import count_records
from predictive_scoring.sources.csv_records import Batch, CsvRecords
from predictive_scoring.sources.csv_text import decodes, open_text
from predictive_scoring.sources.files import (
    FoundFile,
    digest_of,
    refuse_other_formats,
    unreadable_is_an_error,
)
from predictive_scoring.sources.parts import FoundColumn, Part, Target

_BATCH = 10_000


def read_csv(file: FoundFile, dialect: CsvDialect, target: Target, first: int) -> Part:
    """Stage one CSV file; what cannot be read goes to the quarantine.

    ``first`` is the number of records in the files before. Raises DataError when the file is no
    readable CSV text or has no usable header.
    """
    refuse_other_formats(file, dialect.encoding)
    stage = target.stage()
    refused = 0
    with unreadable_is_an_error(file.shown), open_text(file, dialect) as stream:
        records = CsvRecords(stream, dialect, file.shown)
        width = len(records.header)
        target.create_stage(stage, width)
        for batch in records.batches(_BATCH):
            target.add_to_stage(stage, _arrow(records, batch, first))
            if batch.refused:
                target.quarantine(file.shown, batch.refused)
            refused += len(batch.refused)
            target.progress(f"{target.table}: {records.ordinal:,} records of {file.shown}")
    with unreadable_is_an_error(file.shown), open_text(file, dialect) as stream:
        counted = count_records(stream, dialect, width) - 1
    columns = tuple(FoundColumn(name, "VARCHAR") for name in records.header)
    return Part(file.shown, columns, stage, first, counted, digest_of(file), refused)


def csv_columns(file: FoundFile, dialect: CsvDialect) -> tuple[FoundColumn, ...]:
    """The header's columns; raises DataError as ``read_csv`` does."""
    refuse_other_formats(file, dialect.encoding)
    with unreadable_is_an_error(file.shown), open_text(file, dialect) as stream:
        header = CsvRecords(stream, dialect, file.shown).header
    return tuple(FoundColumn(name, "VARCHAR") for name in header)


def _arrow(records: CsvRecords, batch: Batch, first: int) -> list[pa.Array]:
    """The good records as Arrow columns; those with undecodable bytes join the refused ones."""
    try:
        return _arrays(batch, first, len(records.header))
    except UnicodeEncodeError:
        every = zip(batch.rows, batch.lines, batch.ordinals, strict=True)
    fine = Batch(refused=batch.refused)
    for row, line, ordinal in every:
        if decodes(row):
            fine.rows.append(row)
            fine.lines.append(line)
            fine.ordinals.append(ordinal)
        else:
            fine.refused.append(records.undecodable(ordinal, line, row))
    return _arrays(fine, first, len(records.header))


def _arrays(batch: Batch, first: int, width: int) -> list[pa.Array]:
    columns = list(zip(*batch.rows, strict=True)) or [()] * width
    return [
        pa.array([first + ordinal for ordinal in batch.ordinals], pa.int64()),
        pa.array(batch.lines, pa.int64()),
        *(pa.array(cells, pa.string()) for cells in columns),
    ]
