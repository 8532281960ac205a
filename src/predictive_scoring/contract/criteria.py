"""A contract's criteria as facts: met, not met or not known, with the value that says so.

Criteria are asked of the same feature expression as the model's columns, so a fact as of an instant
knows nothing later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.config.mentions import ANY
from predictive_scoring.records import FeatureColumn

if TYPE_CHECKING:
    from predictive_scoring.config import Criterion
    from predictive_scoring.records import BoolArray, FloatArray, Group, Kind

FACT = pa.struct([("name", pa.string()), ("met", pa.bool_()), ("observed", pa.string())])
"""A criterion of one lead; ``met`` and ``observed`` are null where it is not known."""

_PREFIX = "criterion:"  # no feature's name has a colon


@dataclass(frozen=True)
class Facts:
    """The criteria of n leads: a list of ``FACT`` for each, and whether all are met, shape (n,)."""

    lists: pa.ListArray
    all_met: BoolArray


def criteria_columns(criteria: Sequence[Criterion]) -> tuple[FeatureColumn, ...]:
    """The columns that the criteria are read from; those that a person judges have none."""
    return tuple(c for i, rule in enumerate(criteria) if not rule.judged for c in _columns(i, rule))


def facts(batch: pa.RecordBatch, criteria: Sequence[Criterion]) -> Facts:
    """The facts of a batch that has the ``criteria_columns``, in the order of the criteria.

    Criteria for a person to judge are left out. What is not known is not met.
    """
    rules = [(i, rule) for i, rule in enumerate(criteria) if not rule.judged]
    rows = batch.num_rows
    met, observed = [], []
    for i, rule in rules:
        fact, text = _fact(batch, i, rule)
        met.append(fact)
        observed.append(text)
    names = [rule.name for _, rule in rules]
    all_met = np.ones(rows, dtype=bool)
    for fact in met:
        all_met &= pc.fill_null(fact, False).to_numpy(zero_copy_only=False)
    return Facts(_lists(names, met, observed, rows), all_met)


def _columns(number: int, rule: Criterion) -> list[FeatureColumn]:
    name = f"{_PREFIX}{number}"
    if rule.column is not None:
        kind: Kind = "category" if rule.values else "number" if rule.flag is None else "flag"
        source = "leads" if rule.column in ("market", "language") else "profile"
        return [FeatureColumn(name, kind, "fit", "profile", source, rule.column)]
    if rule.activities:
        source, dimensions = "activities", {"kind": rule.activities}
    else:
        source, dimensions = "events", {
            "type": rule.events, "channel": rule.channels, "campaign": rule.campaigns,
            "topic": rule.topics,
        }  # fmt: skip
    choices = [
        [(dimension, value) for value in dict.fromkeys(values)]
        for dimension, values in dimensions.items()
        if values and ANY not in values
    ]
    return [
        _count(f"{name}:{place}", source, conditions, rule.within or 0)
        for place, conditions in enumerate(product(*choices))
    ]


def _count(
    name: str, source: str, conditions: tuple[tuple[str, str], ...], window: int
) -> FeatureColumn:
    """How many rows of the source have these values; no two such counts share a row."""
    (dimension, value), *also = conditions or [("", "")]
    group: Group = "sales" if source == "activities" else "engagement"
    return FeatureColumn(
        name, "number", group, "count", source, dimension, value, window, tuple(also)
    )


def _fact(batch: pa.RecordBatch, number: int, rule: Criterion) -> tuple[pa.Array, pa.Array]:
    """Whether each row meets the rule (null = not known), and the value, as text."""
    columns = [batch.column(c.name) for c in _columns(number, rule)]
    if rule.values:
        met = pc.is_in(columns[0], value_set=pa.array(rule.values, pa.string()))
        return pc.if_else(columns[0].is_valid(), met, None), columns[0]
    value = np.sum([_floats(c) for c in columns], axis=0)
    known = ~np.isnan(value)
    if rule.flag is not None:
        texts = pc.if_else(pa.array(value == 1.0), "true", "false")
        return pa.array((value == 1.0) == rule.flag, mask=~known), _known(texts, known)
    at_least = rule.at_least
    if rule.column is None and at_least is None and rule.at_most is None:
        at_least = 1
    met_all = np.ones(len(value), dtype=bool)
    if at_least is not None:
        met_all &= value >= at_least
    if rule.at_most is not None:
        met_all &= value <= rule.at_most
    return pa.array(met_all, mask=~known), _known(_numbers(value), known)


def _numbers(value: FloatArray) -> pa.Array:
    """Numbers as text, whole ones without decimals."""
    texts = pc.cast(pa.array(value), pa.string())
    return pc.replace_substring_regex(texts, r"\.0$", "")


def _known(texts: pa.Array, known: BoolArray) -> pa.Array:
    return pc.if_else(pa.array(known), texts, None)


def _floats(values: pa.Array) -> FloatArray:
    floats: FloatArray = values.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return floats


def _lists(
    names: list[str], met: list[pa.Array], observed: list[pa.Array], rows: int
) -> pa.ListArray:
    """The facts of each row side by side."""
    k = len(names)
    order = pa.array((np.arange(rows)[:, None] + rows * np.arange(k)[None, :]).ravel(), pa.int64())
    stacked = [
        pa.concat_arrays([pa.array([], kind), *(part.cast(kind) for part in parts)]).take(order)
        for kind, parts in ((pa.bool_(), met), (pa.string(), observed))
    ]
    labels = pa.array(names, pa.string()).take(pa.array(np.tile(np.arange(k), rows), pa.int64()))
    facts = pa.StructArray.from_arrays([labels, *stacked], fields=list(FACT))
    offsets = pa.array(np.arange(0, (rows + 1) * k, k) if k else np.zeros(rows + 1), pa.int32())
    return pa.ListArray.from_arrays(offsets, facts)
