"""Leads → MQL → SQL → won of each value of a dimension, and the days between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import NumericValue, Table, TimestampValue

_MICROSECONDS_PER_DAY = 86_400e6


@dataclass(frozen=True)
class Funnel:
    """One value's leads: how many got how far, and the median days it took (NaN: nobody did).

    ``mql_sql`` are the MQLs that became SQLs after their handover, ``sql_won`` the SQLs that were
    won after; ``known`` leads have a known outcome, ``success`` of them within the horizon.
    """

    value: str
    leads: int = 0
    open: int = 0
    mql: int = 0
    sql: int = 0
    won: int = 0
    mql_sql: int = 0
    sql_won: int = 0
    known: int = 0
    success: int = 0
    days_to_mql: float = math.nan
    days_to_sql: float = math.nan
    days_to_won: float = math.nan


def funnels(cohort: Table, value: str) -> tuple[Funnel, ...]:
    """One for each value of the cohort's column ``value``."""
    rows = cohort
    # A flat company's SQLs have no instant: they are taken to have come after their handover.
    sql_after = ibis.coalesce(rows["sql_at"] >= rows["mql_at"], rows["sql"] & rows["mql"])
    won_after = rows["won_at"] >= rows["sql_at"]
    sums = {
        "open": rows["open"],
        "mql": rows["mql"],
        "sql": rows["sql"],
        "won": rows["won"],
        "mql_sql": sql_after,
        "sql_won": won_after,
        "known": rows["known"],
        "success": rows["known"] & rows["success"],
    }
    found = rows.group_by(value=rows[value]).aggregate(
        leads=rows.count(),
        **{name: ibis.coalesce(met.sum(), 0) for name, met in sums.items()},
        days_to_mql=_median_days(rows["created_at"], rows["mql_at"]),
        days_to_sql=_median_days(rows["mql_at"], rows["sql_at"]),
        days_to_won=_median_days(rows["sql_at"], rows["won_at"]),
    )
    return tuple(Funnel(**row) for row in found.to_pyarrow().to_pylist())


def _median_days(start: TimestampValue, end: TimestampValue) -> NumericValue:
    """Of those where the end is not before the start; NaN where there are none."""
    days = end.delta(start, unit="microsecond") / _MICROSECONDS_PER_DAY
    return ibis.coalesce(days.median(where=end >= start), math.nan)
