"""Handovers counted in groups: the numbers that promises and lines are made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from predictive_scoring.contract.ledger.facts import table
from predictive_scoring.records import LedgerLine

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_COUNTS = """
    count(*) AS mqls,
    count(*) FILTER (contact = 'in_time') AS in_time,
    count(*) FILTER (contact = 'late') AS late,
    count(*) FILTER (contact = 'overdue') AS overdue,
    count(*) FILTER (contact = 'running') AS running,
    count(*) FILTER (verdict = 'sql') AS sqls,
    count(*) FILTER (verdict = 'rejected') AS rejected,
    count(*) FILTER (in_horizon) AS in_horizon,
    count(*) FILTER (pending) AS pending,
    count(*) FILTER (verdict = 'rejected' AND reason_held) AS reasons_held,
    count(*) FILTER (criteria_met) AS criteria_met,
    count(criteria_met) AS criteria_known,
    CAST(sum(activities) AS BIGINT) AS activities,
    CAST(sum(documented) AS BIGINT) AS documented,
    CAST(sum(undisclosed) AS BIGINT) AS undisclosed
"""


@dataclass(frozen=True)
class Tally:
    """Counts of handovers, or of what belongs to them; the names are those of ``judged``.

    ``reasons_held`` are rejections with a reason, ``undisclosed`` activities of which nobody knows
    whether they were written down.
    """

    mqls: int = 0
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    running: int = 0
    sqls: int = 0
    rejected: int = 0
    in_horizon: int = 0
    pending: int = 0
    reasons_held: int = 0
    criteria_met: int = 0
    criteria_known: int = 0
    activities: int = 0
    documented: int = 0
    undisclosed: int = 0


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together; nothing where there is none."""
    counts = [astuple(Tally()), *map(astuple, tallies)]
    return Tally(*(sum(column) for column in zip(*counts, strict=True)))


def tallies(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> dict[tuple[str, str], Tally]:
    """The judged rows counted by (market, version)."""
    with table(connection, "ledger_judged", rows):
        found = connection.execute(
            f"SELECT market, version, {_COUNTS} FROM ledger_judged GROUP BY market, version "  # noqa: S608
            "ORDER BY market, version"
        ).fetchall()
    return {(market, version): Tally(*counts) for market, version, *counts in found}


def lines(
    connection: duckdb.DuckDBPyConnection, rows: pa.Table, dimensions: Sequence[str]
) -> tuple[LedgerLine, ...]:
    """A line for each value of each dimension, most MQLs first; ``all`` is one line of all rows."""
    found = []
    with table(connection, "ledger_judged", rows):
        for dimension in dimensions:
            value = "''" if dimension == "all" else dimension
            groups = connection.execute(
                f"SELECT {value}, median(hours) FILTER (contacted_at IS NOT NULL), {_COUNTS} "  # noqa: S608
                "FROM ledger_judged GROUP BY 1 ORDER BY count(*) DESC, 1"
            ).fetchall()
            found += [_line(dimension, v, hours, Tally(*counts)) for v, hours, *counts in groups]
    return tuple(found)


def _line(dimension: str, value: str, median_hours: float | None, of: Tally) -> LedgerLine:
    return LedgerLine(
        dimension,
        value,
        mqls=of.mqls,
        in_time=of.in_time,
        late=of.late,
        overdue=of.overdue,
        running=of.running,
        median_hours=math.nan if median_hours is None else median_hours,
        sqls=of.sqls,
        rejected=of.rejected,
        waiting=of.mqls - of.sqls - of.rejected,
        activities=of.activities,
        documented=of.documented,
    )
