"""Which touches have a part in an SQL: the first one, or all before it in equal shares."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import ibis

from predictive_scoring.contract.efforts.leads import NONE, instant, table

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from predictive_scoring.contract.efforts.dimensions import Dimension
    from predictive_scoring.records import Extract

_TOUCHES = "efforts_touches"


@dataclass(frozen=True)
class Credit:
    """What one value is credited with.

    ``first`` are the SQLs that it touched first of all. An SQL's (a won deal's) one point is
    divided equally among the values that touched the lead before: ``sqls`` and ``won`` are the
    sums of these shares. What happened at or after the SQL has no part in it.
    """

    first: int = 0
    sqls: float = 0.0
    won: float = 0.0


@contextmanager
def touches(
    extract: Extract, cohort: Table, dimension: Dimension, until: datetime
) -> Iterator[Table]:
    """Keep the cohort's touches as a table while the block runs; the events are read once.

    Columns: key, value, at (the lead's first touch of that value), is_first (of all values; the
    lesser value where two come at the same instant).
    """
    events = table(extract, "events")
    rows = events.select("lead_id", at=events["occurred_at"], value=events[dimension.column])
    rows = rows.filter(rows["value"].notnull(), rows["at"] <= instant(until))
    rows = rows.join(cohort.select("lead_id", "key"), "lead_id")
    each = rows.group_by("key", "value").aggregate(at=rows["at"].min())
    order = ibis.window(group_by="key", order_by=["at", "value"])
    each = each.mutate(is_first=ibis.row_number().over(order) == 0)
    query = ibis.to_sql(each, dialect="duckdb")
    try:
        extract.connection.execute(f'CREATE OR REPLACE TABLE "{_TOUCHES}" AS {query}')
        yield table(extract, _TOUCHES)
    finally:
        extract.connection.execute(f'DROP TABLE IF EXISTS "{_TOUCHES}"')


def by_first_touch(cohort: Table, touched: Table) -> Table:
    """The cohort with the column ``value``: the value that touched the lead first."""
    first = touched.filter(touched["is_first"]).select("key", "value")
    rows = cohort.left_join(first, "key").drop("key_right")
    return rows.mutate(value=ibis.coalesce(rows["value"], NONE))


def credit_by_value(cohort: Table, touched: Table) -> Mapping[str, Credit]:
    """The credit of every value that touched the cohort, earned or not."""
    parts: dict[str, list[dict[str, int]]] = defaultdict(list)
    for row in _counted(cohort, touched).to_pyarrow().to_pylist():
        parts[row["value"]].append(row)
    return {value: _added_up(rows) for value, rows in parts.items()}


def _counted(cohort: Table, touched: Table) -> Table:
    """Credited leads by value and by the number of values (``among``) that share the credit."""
    rows = touched.join(cohort.select("key", "sql", "won", "credited_until"), "key")
    won = ibis.coalesce(rows["won"], False)
    part = (rows["sql"] | won) & (rows["at"] < rows["credited_until"])
    rows = rows.mutate(
        first=part & rows["sql"] & rows["is_first"], sqls=part & rows["sql"], won=part & won,
        among=part.sum().over(ibis.window(group_by="key")),
    )  # fmt: skip
    return rows.group_by("value", "among").aggregate(
        first=rows["first"].sum(), sqls=rows["sqls"].sum(), won=rows["won"].sum()
    )


def _added_up(rows: list[dict[str, int]]) -> Credit:
    shared = [row for row in rows if row["among"]]
    return Credit(
        first=sum(row["first"] for row in shared),
        # fsum: the same to the last bit, in whatever order the rows come
        sqls=math.fsum(row["sqls"] / row["among"] for row in shared),
        won=math.fsum(row["won"] / row["among"] for row in shared),
    )
