"""A table as CSV that a spreadsheet opens without taking a cell for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from predictive_scoring.sinks.spreadsheet import guard

if TYPE_CHECKING:
    import pyarrow as pa


def table_csv(table: pa.Table) -> bytes:
    """The table's rows under its columns' names, UTF-8; what is null is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.column_names)
    columns = [column.to_pylist() for column in table.columns]
    for row in zip(*columns, strict=True):
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()
