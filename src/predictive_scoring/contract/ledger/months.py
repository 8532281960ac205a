"""The last twelve months up to a window, for its trend."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from predictive_scoring.contract.calendar import day_start
from predictive_scoring.contract.ledger.facts import naive
from predictive_scoring.contract.ledger.judged import instants
from predictive_scoring.contract.ledger.tally import lines
from predictive_scoring.contract.windows import month_after
from predictive_scoring.records import LedgerLine, Window

if TYPE_CHECKING:
    import duckdb

_MONTHS = 12


def twelve_months(window: Window) -> tuple[date, ...]:
    """The first days of the last twelve months, that of the window's last day included."""
    return tuple(month_after(window.last, n) for n in range(1 - _MONTHS, 1))


def month_lines(
    connection: duckdb.DuckDBPyConnection, rows: pa.Table, months: tuple[date, ...], zone: str
) -> tuple[LedgerLine, ...]:
    """A line for each month, in order, from the first one that has a handover.

    ``rows`` are judged; those before the first month are left out. Months are those of the zone.
    """
    starts = np.array([naive(day_start(m, zone)) for m in months], dtype="datetime64[us]")
    place = np.searchsorted(starts, instants(rows, "handed_over_at"), side="right") - 1
    names = [f"{month:%Y-%m}" for month in months]
    rows = rows.append_column("month", pa.array(names).take(pa.array(np.maximum(place, 0))))
    found = {
        ln.value: ln for ln in lines(connection, rows.filter(pa.array(place >= 0)), ("month",))
    }
    if not found:
        return ()
    later = names[names.index(min(found)) :]
    return tuple(found.get(name, _empty(name)) for name in later)


def _empty(month: str) -> LedgerLine:
    return LedgerLine("month", month, 0, 0, 0, 0, 0, math.nan, 0, 0, 0, 0, 0)
