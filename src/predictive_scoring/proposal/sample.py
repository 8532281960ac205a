"""A sample of one file's rows: its first ones, and some of its last."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from predictive_scoring.proposal.dialect import Dialect, Unreadable, parse, reading, sniff, tail
from predictive_scoring.proposal.files import is_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

HEAD_ROWS = 50_000
Native = Literal["", "number", "flag", "instant", "instant_with_zone", "nested"]
"""What a Parquet file itself says of a column; "" for text and for everything in a CSV file."""


@dataclass(frozen=True)
class RawColumn:
    """A column's name and how often each of its cells' texts occurs in the sample."""

    name: str
    cells: Mapping[str, int]
    native: Native = ""


@dataclass(frozen=True)
class Sample:
    """What was looked at in one file. ``dialect`` is None for Parquet."""

    file: Path
    columns: tuple[RawColumn, ...]
    rows: int
    whole: bool
    dialect: Dialect | None
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(c.name for c in self.columns)


def take_sample(file: Path) -> Sample:
    """Look at the first 50,000 rows of a file and some of its last.

    Raises Unreadable, with the reason, for a file without rows or that cannot be read.
    """
    sample = _from_parquet(file) if is_parquet(file) else _from_csv(file)
    if not sample.rows:
        raise Unreadable("has no rows below its header")
    return sample


def _from_csv(file: Path) -> Sample:
    dialect = sniff(file)
    header, rows, whole = _head(file, dialect)
    if _is_data(header, rows):
        raise Unreadable(
            f"has no header: its first line is data ({', '.join(header)[:60]}); add a line of names"
        )
    twice = sorted(name for name, count in Counter(header).items() if name and count > 1)
    if twice:
        raise Unreadable(f"names {', '.join(map(ascii, twice))[:80]} more than once; rename them")
    notes = list(dialect.notes)
    if not whole and dialect.encoding != "utf-16":
        rows += _tail_rows(file, dialect, len(header))
    ragged = sum(len(row) != len(header) for row in rows)
    if ragged:
        notes.append(f"{ragged} of {len(rows)} rows have other than {len(header)} cells")
    fitting = [row for row in rows if len(row) == len(header)]
    columns = tuple(
        RawColumn(name, Counter(row[i] for row in fitting))
        for i, name in enumerate(header)
        if header.count(name) == 1
    )
    return Sample(file, columns, len(fitting), whole, dialect, tuple(notes))


def _head(file: Path, dialect: Dialect) -> tuple[list[str], list[list[str]], bool]:
    """Header, first rows, and whether these are all."""
    with reading(file) as stream:
        text = io.TextIOWrapper(stream, encoding=dialect.codec, newline="", errors="replace")
        records = parse(text, dialect.delimiter, dialect.quote)
        full = (record for record in records if record)
        header = next(full, [])
        rows = list(islice(full, HEAD_ROWS))
        return header, rows, next(full, None) is None


def _tail_rows(file: Path, dialect: Dialect, width: int) -> list[list[str]]:
    """Rows of the file's end; the first, cut through by the start of the piece, is dropped."""
    text = tail(file).decode(dialect.codec, errors="replace")
    records = list(parse(io.StringIO(text, newline=""), dialect.delimiter, dialect.quote))
    return [record for record in records[1:] if len(record) == width]


def _is_data(header: list[str], rows: list[list[str]]) -> bool:
    """Whether the first line has numbers or dates where the lines below it have them too."""
    below = rows[:200]
    for i, cell in enumerate(header):
        column = [row[i] for row in below if i < len(row) and row[i]]
        if _is_figure(cell) and column and sum(map(_is_figure, column)) > len(column) / 2:
            return True
    return False


def _is_figure(cell: str) -> bool:
    bare = cell.strip().strip("+-")
    return bare[:1].isdigit() and not any(c.isalpha() for c in bare.replace("T", "").rstrip("Z"))


def _from_parquet(file: Path) -> Sample:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as parquet:
            schema = parquet.schema_arrow
            tables = list(_batches(parquet))
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(f"cannot be read ({str(error)[:120]})") from error
    cells: dict[str, Counter[str]] = {name: Counter() for name in schema.names}
    for table in tables:
        for name in cells:
            cells[name].update(map(_text, table.column(name).to_pylist()))
    columns = tuple(
        RawColumn(name, cells[name], _native(schema.field(name).type)) for name in schema.names
    )
    rows = sum(table.num_rows for table in tables)
    return Sample(file, columns, rows, rows == parquet.metadata.num_rows, None)


def _batches(parquet: pq.ParquetFile) -> Iterator[pa.RecordBatch | pa.Table]:
    seen = 0
    for batch in parquet.iter_batches(batch_size=HEAD_ROWS):
        yield batch
        seen += batch.num_rows
        if seen >= HEAD_ROWS:
            break
    last = parquet.num_row_groups - 1
    if last > 0 and seen < parquet.metadata.num_rows - parquet.metadata.row_group(last).num_rows:
        yield parquet.read_row_group(last).slice(0, HEAD_ROWS)


def _native(kind: pa.DataType) -> Native:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        return _native(kind.value_type)
    if types.is_nested(kind):
        return "nested"
    if types.is_boolean(kind):
        return "flag"
    if types.is_timestamp(kind):
        return "instant_with_zone" if kind.tz else "instant"
    if types.is_date(kind):
        return "instant"
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return "number"
    return ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
