"""What a model says of the period its training did not see: what the contract rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from predictive_scoring.errors import BundleError

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config, Version
    from predictive_scoring.model import ModelBundle
    from predictive_scoring.records import (
        BoolArray,
        Extract,
        FloatArray,
        IntArray,
        Looks,
        Snapshots,
        TextArray,
    )

START = "forward_from"
"""The bundle's fact: the position at which the forward period begins."""
_ROWS = 100_000
_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Forward:
    """The looks of the forward period, and from when (or from which row) they are."""

    looks: Looks
    start: int


def forward_looks(
    extract: Extract, bundle: ModelBundle, config: Config, version: Version
) -> Forward:
    """Look at every lead of the forward period as the scorer would have, with what came of it.

    By now more of the period is mature than when the model was trained: all that is, counts.
    Raises BundleError for a model that does not say where its forward period begins.
    """
    import numpy as np
    import pyarrow as pa

    from predictive_scoring import contract, features
    from predictive_scoring.records import Looks

    start = _start(bundle)
    shuffled = config.flat and config.sources.leads.order == "nothing"
    snapshots = features.forward_snapshots(extract, config, None if shuffled else start)
    columns = features.as_known(extract, contract.criteria_columns(version.mql))
    spec = replace(bundle.spec, columns=(*bundle.spec.columns, *columns))
    batches = [
        _part(batch, bundle, version)
        for batch in features.scoring_batches(extract, spec, snapshots, config, _ROWS)
    ]
    table = pa.Table.from_batches(batches) if batches else _part_schema().empty_table()
    table = table.sort_by([("lead_id", "ascending"), ("position", "ascending")])
    lead_id, account_id = (_texts(table[name]) for name in ("lead_id", "account_id"))
    position = table["position"].to_numpy()
    counted: BoolArray = position >= start
    if shuffled:
        position, counted = _shuffled(account_id, lead_id, start)
    looks = Looks(
        lead=np.unique(lead_id, return_inverse=True)[1],
        account=_accounts(account_id, lead_id),
        market=_texts(table["market"]),
        position=position,
        probability=table["probability"].to_numpy(),
        outcome=table["outcome"].to_numpy(),
        eligible=table["eligible"].to_numpy(),
        counted=counted,
        days=_days(extract, snapshots, start),
    )
    return Forward(looks, start)


def _start(bundle: ModelBundle) -> int:
    start = bundle.facts.get(START)
    if not isinstance(start, int):
        raise BundleError(
            "the model does not say where its forward period begins",
            "a model trained by this release",
            "train again: predictive-scoring train --config ...",
        )
    return start


def _part_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema(
        [
            ("lead_id", pa.string()), ("account_id", pa.string()), ("market", pa.string()),
            ("position", pa.int64()), ("probability", pa.float64()), ("outcome", pa.float64()),
            ("eligible", pa.bool_()),
        ]
    )  # fmt: skip


def _part(batch: pa.RecordBatch, bundle: ModelBundle, version: Version) -> pa.RecordBatch:
    """A batch's keys, what the model says, what came of it (NaN = not known), and criteria."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from scipy.special import expit

    from predictive_scoring import calibration, contract, training
    from predictive_scoring.model import encode
    from predictive_scoring.records import Label

    raw = training.log_odds(bundle.predictor, encode(batch, bundle.spec, bundle.vocabularies))
    market = _texts(batch.column("market"))
    shown = calibration.apply(bundle.calibration, raw, market)
    label = _texts(batch.column("label"))
    outcome: FloatArray = np.select(
        [label == Label.POSITIVE.value, label == Label.NEGATIVE.value], [1.0, 0.0], np.nan
    )
    columns = {
        **{name: batch.column(name) for name in ("lead_id", "account_id", "market", "position")},
        "probability": expit(shown),
        "outcome": outcome,
        "eligible": contract.facts(batch, version.mql).all_met,
    }
    arrays = [pc.cast(pa.array(columns[f.name]), f.type) for f in _part_schema()]
    return pa.RecordBatch.from_arrays(arrays, schema=_part_schema())


def _accounts(account_id: TextArray, lead_id: TextArray) -> IntArray:
    import numpy as np

    from predictive_scoring import training

    codes: IntArray = np.unique(training.cluster_names(account_id, lead_id), return_inverse=True)[1]
    return codes


def _shuffled(account_id: TextArray, lead_id: TextArray, start: int) -> tuple[IntArray, BoolArray]:
    """Where the leads have no order: which of them were drawn for the evaluation."""
    from predictive_scoring import training

    position = training.hash_positions(training.cluster_names(account_id, lead_id))
    return position, position >= start


def _days(extract: Extract, snapshots: Snapshots, start: int) -> float | None:
    """From the forward period's beginning to the last instant whose outcome is known by now."""
    if snapshots.ordered_by != "time" or extract.extract_at is None:
        return None
    end = extract.extract_at.timestamp() * 1_000_000 - snapshots.horizon
    return max(0.0, (end - start) / _DAY)


def _texts(values: pa.ChunkedArray | pa.Array) -> TextArray:
    import pyarrow.compute as pc

    texts: TextArray = pc.fill_null(values, "").to_numpy(zero_copy_only=False)
    return texts.astype(object)
