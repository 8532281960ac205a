"""The ledger as CSV files: what a spreadsheet opens, and never runs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime

from predictive_scoring.records import Breach, Effort, EffortTable, Ledger, Rate

Guard = Callable[[str], str]


def ledger_files(ledger: Ledger, efforts: Sequence[EffortTable], guard: Guard) -> dict[str, bytes]:
    """Contents by file name: ``ledger.csv``, ``breaches.csv`` and, with efforts, ``efforts.csv``.

    ``guard`` makes somebody else's text a cell that no spreadsheet takes for a formula. Instants
    are ISO 8601 in UTC; what is not known is an empty cell.
    """
    files = {
        "ledger.csv": _csv(
            ledger.rows.column_names,
            (row.values() for row in ledger.rows.to_pylist()),
            guard,
        ),
        "breaches.csv": _csv(
            [f.name for f in fields(Breach)],
            ([getattr(b, f.name) for f in fields(Breach)] for b in ledger.breaches),
            guard,
        ),
    }
    if efforts:
        columns = ["dimension", *_effort_columns()]
        rows = ((table.dimension, *_cells(e)) for table in efforts for e in table.efforts)
        files["efforts.csv"] = _csv(columns, rows, guard)
    return files


def _csv(columns: Sequence[str], rows: Iterable[Iterable[object]], guard: Guard) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value, guard) for value in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: object, guard: Guard) -> object:
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _effort_columns() -> list[str]:
    columns: list[str] = []
    for field in fields(Effort):
        if field.type == "Rate":
            columns += [f"{field.name}_{part}" for part in ("count", "of", "low", "high")]
        elif field.name == "pooled":
            columns += ["pooled_rate", "pooled_low", "pooled_high"]
        else:
            columns.append(field.name)
    return columns


def _cells(effort: Effort) -> list[object]:
    cells: list[object] = []
    for field in fields(Effort):
        value = getattr(effort, field.name)
        if isinstance(value, Rate):
            cells += [value.count, value.of, value.low, value.high]
        elif isinstance(value, tuple):
            cells += value
        else:
            cells.append(value)
    return cells
