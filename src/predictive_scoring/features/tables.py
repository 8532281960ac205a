"""Features as Arrow: a table to train on, batches to score."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.features.build import build
from predictive_scoring.features.elapsed import create, drop, drop_view, table, view
from predictive_scoring.features.naming import KEYS
from predictive_scoring.records import Label, TrainingTable

if TYPE_CHECKING:
    from ibis.expr.types import Table
    from numpy.typing import NDArray

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, FeatureSpec, Snapshots

_KEY = ("lead_id", "as_of")
_PART_ROWS = 250_000
"""Snapshots whose features are computed at a time: what bounds the memory of the aggregation."""


def training_table(
    extract: Extract, spec: FeatureSpec, snapshots: Snapshots, config: Config
) -> TrainingTable:
    """The positive and negative snapshots with their features, sorted by (position, lead_id)."""
    rows = table(extract, snapshots.table)
    known = rows.filter(rows["label"].isin([Label.POSITIVE.value, Label.NEGATIVE.value]))
    features = pa.concat_tables(_parts(extract, spec, snapshots, config, known))
    features = features.sort_by([("position", "ascending"), ("lead_id", "ascending")])
    return TrainingTable(
        spec=spec,
        features=features.select(spec.names).combine_chunks(),
        outcome=pc.equal(features["label"], Label.POSITIVE.value).cast(pa.float64()).to_numpy(),
        lead_id=_texts(features["lead_id"]),
        account_id=_texts(features["account_id"]),
        market=_texts(features["market"]),
        position=features["position"].to_numpy().astype(np.int64),
        planned_until=features["planned_until"].to_numpy().astype(np.int64),
        horizon=snapshots.horizon,
        ordered_by=snapshots.ordered_by,
        weight=np.ones(features.num_rows),
    )


def scoring_batches(
    extract: Extract, spec: FeatureSpec, snapshots: Snapshots, config: Config, chunk: int
) -> Generator[pa.RecordBatch, None, None]:
    """Keys and features of every snapshot, ordered by lead_id, at most ``chunk`` rows at a time.

    They are computed for a range of leads at a time, so that memory does not grow with the number
    of leads. The connection may be used for other things between two batches.
    """
    rows = table(extract, snapshots.table)
    for part in _parts(extract, spec, snapshots, config, rows):
        yield from part.combine_chunks().to_batches(max_chunksize=chunk)


def _parts(
    extract: Extract, spec: FeatureSpec, snapshots: Snapshots, config: Config, rows: Table
) -> Iterator[pa.Table]:
    """Keys and features of ``rows``, a range of leads at a time, ordered by lead_id and as-of.

    What is read of whole accounts comes first, a range of accounts at a time: the people of an
    account, whose identifiers lie anywhere, are summed up once.
    """
    part, rollups = f"part_of_{snapshots.table}", f"rollups_of_{snapshots.table}"
    sliced = replace(snapshots, table=part)
    of_leads, of_accounts = (
        replace(spec, columns=tuple(c for c in spec.columns if (c.source == "accounts") is whole))
        for whole in (False, True)
    )
    view(extract, part, rows.limit(0))
    try:
        features = build(extract, of_leads, sliced, config)
        if of_accounts.columns:
            query = _sql(build(extract, of_accounts, sliced, config))
            create(extract, rollups, query)  # empty, like the view
            for _ in _slices(extract, rows, "account_id", part):
                extract.connection.execute(f'INSERT INTO "{rollups}" {query}')
            found = table(extract, rollups).select(*_KEY, *of_accounts.names)
            features = features.left_join(found, _KEY)
        query = _sql(_missing_as_nan(features.select(*_columns(spec))).order_by(*_KEY))
        for _ in _slices(extract, rows, "lead_id", part):
            yield extract.connection.execute(query).to_arrow_table()
    finally:
        drop_view(extract, part)
        drop(extract, rollups)


def _columns(spec: FeatureSpec) -> tuple[str, ...]:
    return (*KEYS, *(name for name in spec.names if name not in KEYS))


def _missing_as_nan(features: Table) -> Table:
    """Missing numbers are NaN, missing strings null, whatever engine computed them."""
    numbers = [name for name, kind in features.schema().items() if kind.is_floating()]
    return features.mutate(**{n: ibis.coalesce(features[n], float("nan")) for n in numbers})


def _sql(rows: Table) -> str:
    return str(ibis.to_sql(rows, dialect="duckdb"))


def _slices(extract: Extract, rows: Table, column: str, name: str) -> Iterator[None]:
    """Show ``rows`` as the view ``name``, a range of a text column at a time, in its order."""
    for first, last in _ranges(rows, column):
        view(extract, name, rows.filter(rows[column].between(first, last)))
        yield


def _ranges(rows: Table, column: str) -> Sequence[tuple[str, str]]:
    """First and last value of each range of about ``_PART_ROWS`` rows; an empty one if no rows.

    Rows without a value are in no range.
    """
    rows = rows.select(column).filter(rows[column].notnull())
    number = ibis.rank().over(ibis.window(order_by=column))  # equal values share a number
    numbered = rows.mutate(part=number // _PART_ROWS)
    found = (
        numbered.group_by("part")
        .aggregate(first=numbered[column].min(), last=numbered[column].max())
        .order_by("part")
        .to_pyarrow()
    )
    return list(zip(found["first"].to_pylist(), found["last"].to_pylist(), strict=True)) or [
        ("", "")
    ]


def _texts(values: pa.ChunkedArray) -> NDArray[np.object_]:
    texts: NDArray[np.object_] = pc.fill_null(values, "").to_numpy(zero_copy_only=False)
    return texts.astype(object)
