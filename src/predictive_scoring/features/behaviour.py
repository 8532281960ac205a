"""What happened before the as-of: counts, active days, recency, trends and sums of one table.

Marketing events and sales activities are read by the same code. The table is joined to the
snapshots, and every column is a conditional aggregate over that join; active days, which are
counted differently, have a narrower join of their own: keeping one for both would cost more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from predictive_scoring.features.elapsed import days_before, days_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ibis.expr.types import BooleanValue, Table, Value

    from predictive_scoring.records import FeatureColumn

_KEY = ("lead_id", "as_of")
_MICRO = 1_000_000
_BITS = 63  # of a signed 64-bit number, without its sign
_LARGEST_VALUE = 1e12  # so that sums of millionths stay within 64 bits


# Two functions of that name in DuckDB and in Spark alike, which Ibis does not know in both.


@ibis.udf.agg.builtin  # type: ignore[untyped-decorator]
def bit_or(bits: int) -> dt.int64:
    """Which bits are set in any row."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def bit_count(bits: int) -> dt.int64:
    """How many bits are set."""


def behaviour_features(snapshots: Table, rows: Table, columns: Sequence[FeatureColumn]) -> Table:
    """One row per (lead_id, as_of) with anything at or before the as-of, and the columns."""
    seen = _seen(snapshots, rows, columns)
    simple = [c for c in columns if c.measure != "days"]
    sums = {c.name: _aggregate(seen, c) for c in simple}
    found = seen.group_by(*_KEY).aggregate(**sums)
    recency = {
        c.name: days_between(found["as_of"], found[c.name])
        for c in simple
        if c.measure == "recency"
    }
    found = found.mutate(**recency)
    days = [c for c in columns if c.measure == "days"]
    if not days:
        return found
    return found.inner_join(_active_days(_seen(snapshots, rows, days), days), _KEY)


def _seen(snapshots: Table, rows: Table, columns: Iterable[FeatureColumn]) -> Table:
    """Each row of the table beside each snapshot that may know it, with the windows' beginnings."""
    windows = {c.window for c in columns if c.window}
    windows |= {2 * c.window for c in columns if c.measure == "trend"}
    starts = {f"since_{w}": days_before(snapshots["as_of"], w) for w in sorted(windows)}
    keyed = snapshots.select(*_KEY, **starts)
    dimensions = {dimension for c in columns for dimension, _ in conditions(c)}
    dimensions |= {"value" for c in columns if c.measure == "value"}
    needed = rows.select("lead_id", "occurred_at", *sorted(dimensions))
    joined = keyed.join(needed, "lead_id")
    return joined.filter(joined["occurred_at"] <= joined["as_of"])


def _aggregate(seen: Table, column: FeatureColumn) -> Value:
    of_kind: BooleanValue | None = None
    for dimension, value in conditions(column):
        of_kind = _all(of_kind, seen[dimension] == value)
    if column.measure == "count":
        return seen.count(where=_all(of_kind, _within(seen, column.window)))
    if column.measure == "recency":
        return seen["occurred_at"].max(where=of_kind)
    if column.measure == "trend":
        # The window minus the one before it: twice the window's count minus both windows'.
        now, both = (
            seen.count(where=_all(of_kind, _within(seen, days)))
            for days in (column.window, 2 * column.window)
        )
        return now * 2 - both
    # Whole millionths: a sum of floats would depend on the order in which threads add them.
    value = seen["value"].cast("float64")
    usable = ibis.ifelse(value.abs() < _LARGEST_VALUE, value, ibis.null("float64"))
    millionths = (usable * float(_MICRO)).round().cast("int64")
    total = millionths.sum(where=_within(seen, column.window))
    return total.cast("float64") / ibis.literal(float(_MICRO))


def conditions(column: FeatureColumn) -> tuple[tuple[str, str], ...]:
    """The dimensions and values a row must have to count."""
    first = ((column.dimension, column.value),) if column.dimension else ()
    return (*first, *column.also)


def _active_days(seen: Table, columns: Sequence[FeatureColumn]) -> Table:
    """Distinct UTC days with anything seen: days are bits, so that few rows stand for many days."""
    day = seen["occurred_at"].date().epoch_days()
    rows = seen.mutate(block=day // _BITS)
    place = (day - rows["block"] * _BITS).cast("int32")  # Spark shifts by nothing longer
    rows = rows.mutate(bit=ibis.literal(2 ** (_BITS - 1)) >> place)
    days = rows.group_by(*_KEY, "block").aggregate(
        **{c.name: bit_or(rows["bit"], where=_within(rows, c.window)) for c in columns}
    )
    return days.group_by(*_KEY).aggregate(
        **{c.name: bit_count(days[c.name]).sum() for c in columns}
    )


def _within(seen: Table, window: int) -> BooleanValue | None:
    return seen["occurred_at"] >= seen[f"since_{window}"] if window else None


def _all(first: BooleanValue | None, second: BooleanValue | None) -> BooleanValue | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second
