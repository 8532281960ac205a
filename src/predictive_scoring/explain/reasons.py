"""The strongest reasons of each row, chosen for all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.explain.contributions import MARKET_OFFSET, probability
from predictive_scoring.records import Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.records import Contributions, FeatureColumn, FloatArray

REASON_TYPE = pa.struct(
    [
        ("feature", pa.string()),
        ("observed", pa.string()),
        ("contribution", pa.float64()),
        ("points", pa.float64()),
    ]
)


@dataclass(frozen=True)
class TopReasons:
    """The reasons of all rows, one after another, each row's strongest first.

    Row i has the reasons from ``offsets[i]`` to ``offsets[i + 1]``; ``row`` and ``column`` say to
    which row and to which of the explainer's columns a reason belongs; ``contribution`` is in
    log-odds, ``points`` in percentage points of probability.
    """

    offsets: NDArray[np.int32]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    contribution: FloatArray
    points: FloatArray

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The reasons by column, within a column in the order of rows."""
        # Sixteen bits (a model has fewer columns than that) are sorted by radix.
        return np.argsort(self.column.astype(np.uint16), kind="stable")


def top_reasons(contributions: Contributions, count: int) -> TopReasons:
    """At most ``count`` reasons of each row, by size of contribution; none that is zero.

    Points are the probability shown minus the probability without the contribution, times 100. Of
    two equal contributions the earlier column comes first.
    """
    values = contributions.values
    n, k = values.shape
    remaining, everyone = np.abs(values), np.arange(n)
    chosen = np.empty((n, min(count, k)), dtype=np.int64)
    kept = np.empty(chosen.shape, dtype=np.bool_)
    for place in range(min(count, k)):  # a few looks at each row cost less than sorting it
        strongest = remaining.argmax(axis=1)  # the first of equals
        chosen[:, place] = strongest
        kept[:, place] = remaining[everyone, strongest] > 0
        remaining[everyone, strongest] = 0
    row, column = np.nonzero(kept)[0], chosen[kept]
    offsets = np.concatenate([[0], kept.sum(axis=1).cumsum()]).astype(np.int32)
    contribution = values[row, column]
    margin = contributions.log_odds[row]
    points = 100 * (probability(margin) - probability(margin - contribution))
    return TopReasons(offsets, row, column, contribution, points)


def observed_table(
    features: pa.Table | pa.RecordBatch, markets: NDArray[Any], columns: Sequence[FeatureColumn]
) -> pa.Table:
    """The values as the leads have them, one column per explainer's column; missing is null.

    ``features`` has the spec's columns (flags as 0/1); ``markets`` are the observed values of
    MARKET_OFFSET.
    """
    arrays = [
        _market_values(markets) if c == MARKET_OFFSET else _observed(features.column(c.name), c)
        for c in columns
    ]
    return pa.table(arrays, names=[c.name for c in columns])


def reason_lists(
    top: TopReasons, observed: pa.Table, columns: Sequence[FeatureColumn]
) -> pa.ListArray:
    """A list of REASON_TYPE for each row; observed values as text, null when missing."""
    names = pa.array([c.name for c in columns], pa.string())
    texts = by_column(top, observed, lambda values, _: values.cast(pa.string()))
    structs = pa.StructArray.from_arrays(
        [names.take(pa.array(top.column)), texts, pa.array(top.contribution), pa.array(top.points)],
        fields=list(REASON_TYPE),
    )
    return pa.ListArray.from_arrays(pa.array(top.offsets), structs)


def reasons_of_row(
    top: TopReasons, row: int, observed: pa.Table, columns: Sequence[FeatureColumn]
) -> tuple[Reason, ...]:
    """One row's reasons as records, strongest first."""
    return tuple(
        Reason(
            columns[top.column[i]],
            observed.column(int(top.column[i]))[row].as_py(),
            float(top.contribution[i]),
            float(top.points[i]),
        )
        for i in range(top.offsets[row], top.offsets[row + 1])
    )


def by_column(
    top: TopReasons, observed: pa.Table, text_of: Callable[[pa.Array, int], pa.Array]
) -> pa.StringArray:
    """One text per reason, made column by column.

    ``text_of(values, j)`` is called once for each column j that is among the reasons, with the
    observed values of its reasons.
    """
    order = top.order
    bounds = np.searchsorted(top.column[order], np.arange(observed.num_columns + 1))
    parts: list[pa.Array] = [pa.array([], pa.string())]
    for j in range(observed.num_columns):
        mine = order[bounds[j] : bounds[j + 1]]
        if len(mine):
            values = observed.column(j).take(pa.array(top.row[mine]))
            parts.append(text_of(_one(values), j))
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(parts).take(pa.array(back))


def _observed(values: pa.Array | pa.ChunkedArray, column: FeatureColumn) -> pa.Array:
    values = _one(values)
    if column.kind == "category":
        return values.cast(pa.string())
    numbers = values.cast(pa.float64())
    numbers = pc.if_else(pc.is_nan(numbers), None, numbers)
    return pc.not_equal(numbers, 0.0) if column.kind == "flag" else numbers


def _market_values(markets: NDArray[Any]) -> pa.Array:
    values = pa.array(markets, pa.string())
    return pc.if_else(pc.equal(values, ""), None, values)


def _one(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
