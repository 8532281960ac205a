"""Features as Arrow: a table to train on, batches to score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.features.build import build
from predictive_scoring.features.elapsed import create, drop, store, table
from predictive_scoring.features.instants import md5_number_lower
from predictive_scoring.features.naming import KEYS
from predictive_scoring.records import Label, TrainingTable

if TYPE_CHECKING:
    from ibis.expr.types import Table
    from numpy.typing import NDArray

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, FeatureSpec, Snapshots

_PART_ROWS = 200_000
"""Snapshots whose features are computed at a time: what bounds the memory of the aggregation."""


def training_table(
    extract: Extract, spec: FeatureSpec, snapshots: Snapshots, config: Config
) -> TrainingTable:
    """The positive and negative snapshots with their features, sorted by (position, lead_id)."""
    rows = table(extract, snapshots.table)
    known = rows.filter(rows["label"].isin([Label.POSITIVE.value, Label.NEGATIVE.value]))
    name = _computed(extract, spec, snapshots, config, known)
    features = table(extract, name).order_by("position", "lead_id").to_pyarrow()
    drop(extract, name)
    return TrainingTable(
        spec=spec,
        features=_missing_as_nan(features.select(spec.names)).combine_chunks(),
        outcome=pc.equal(features["label"], Label.POSITIVE.value).cast(pa.float64()).to_numpy(),
        lead_id=_texts(features["lead_id"]),
        account_id=_texts(features["account_id"]),
        market=_texts(features["market"]),
        position=features["position"].to_numpy().astype(np.int64),
        planned_until=features["planned_until"].to_numpy().astype(np.int64),
        horizon=snapshots.horizon,
        ordered_by=snapshots.ordered_by,
    )


def scoring_batches(
    extract: Extract, spec: FeatureSpec, snapshots: Snapshots, config: Config, chunk: int
) -> Iterator[pa.RecordBatch]:
    """Keys and features of every snapshot, ordered by lead_id, at most ``chunk`` rows at a time.

    The features are first computed into a table of the workspace, in parts, then read in ranges
    of lead_id: memory grows with ``chunk``, not with the number of leads. The connection may be
    used for other things between two batches.
    """
    name = _computed(extract, spec, snapshots, config, table(extract, snapshots.table))
    try:
        for first, last in _ranges(extract, name, chunk):
            rows = table(extract, name)
            batch = rows.filter(rows["lead_id"].between(first, last)).order_by("lead_id")
            found = _missing_as_nan(batch.select(*_columns(spec)).to_pyarrow())
            yield from found.combine_chunks().to_batches(max_chunksize=chunk)
    finally:
        drop(extract, name)


def _columns(spec: FeatureSpec) -> tuple[str, ...]:
    return (*KEYS, *(name for name in spec.names if name not in KEYS))


def _computed(
    extract: Extract, spec: FeatureSpec, snapshots: Snapshots, config: Config, rows: Table
) -> str:
    """Store the features of ``rows`` as a table, a part at a time; return its name.

    The people of an account fall into the same part, so that accounts are summed up once.
    """
    name, part = f"features_of_{snapshots.table}", f"part_of_{snapshots.table}"
    whom = md5_number_lower(ibis.coalesce(rows["account_id"], rows["lead_id"]))
    parts = max(1, -(-int(rows.count().to_pyarrow().as_py()) // _PART_ROWS))
    store(extract, part, rows.limit(0))
    features = build(extract, spec, replace(snapshots, table=part), config)
    query = ibis.to_sql(features, dialect="duckdb")  # the same for every part
    create(extract, name, query)
    for number in range(parts):
        store(extract, part, rows.filter(whom % parts == number) if parts > 1 else rows)
        extract.connection.execute(f'INSERT INTO "{name}" {query}')
    drop(extract, part)
    return name


def _ranges(extract: Extract, name: str, chunk: int) -> Sequence[tuple[str, str]]:
    """First and last lead_id of each chunk."""
    rows = table(extract, name).select("lead_id")
    number = ibis.row_number().over(ibis.window(order_by="lead_id"))
    numbered = rows.mutate(chunk=number // chunk)
    found = (
        numbered.group_by("chunk")
        .aggregate(first=numbered["lead_id"].min(), last=numbered["lead_id"].max())
        .order_by("chunk")
        .to_pyarrow()
    )
    return list(zip(found["first"].to_pylist(), found["last"].to_pylist(), strict=True))


def _missing_as_nan(features: pa.Table) -> pa.Table:
    """Missing numbers are NaN, missing strings null, whatever engine computed them."""
    for i, field in enumerate(features.schema):
        if pa.types.is_float64(field.type):
            values = pc.fill_null(features.column(i), float("nan"))
            features = features.set_column(i, field.name, values)
    return features


def _texts(values: pa.ChunkedArray) -> NDArray[np.object_]:
    texts: NDArray[np.object_] = pc.fill_null(values, "").to_numpy(zero_copy_only=False)
    return texts.astype(object)
