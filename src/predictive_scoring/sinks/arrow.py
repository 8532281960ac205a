"""A batch of scores as one Arrow table, column for column what the store keeps; no Python rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.errors import StoreError
from predictive_scoring.records import Tier

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray, ScoreBatch, ScoreRun

_TIERS: tuple[str, ...] = get_args(Tier)
_CRITERIA = pa.list_(
    pa.struct([("name", pa.string()), ("met", pa.bool_()), ("observed", pa.string())])
)


def to_table(batch: ScoreBatch, run: ScoreRun) -> pa.Table:
    """The batch as a table; raises StoreError when it is not one of this run's."""
    _check(batch, run)
    return pa.table(
        {
            "lead_id": batch.lead_id.cast(pa.string()),
            "account_id": batch.account_id.cast(pa.string()),
            "market": batch.market.cast(pa.string()),
            "as_of": _utc(batch.as_of),
            "probability": batch.probability,
            "log_odds": batch.contributions.log_odds,
            "base": np.full(len(batch), batch.contributions.base),
            "group_contributions": _group_map(batch.groups, run.group_names),
            "reasons": batch.reasons,
            "contributions": _lists(batch.contributions.values),
            "sentences": _sentence_map(batch.sentences, len(batch)),
            "threshold": pa.array(batch.threshold, pa.float64(), from_pandas=True),  # NaN: null
            "tier": batch.tier.cast(pa.string()),
            "criteria_met": batch.criteria_met,
            "criteria": batch.criteria.cast(_CRITERIA),
        }
    )


def _check(batch: ScoreBatch, run: ScoreRun) -> None:
    n, names = len(batch), batch.contributions.names
    shapes = [batch.contributions.values.shape, batch.groups.shape, batch.probability.shape]
    contract = (batch.threshold, batch.tier, batch.criteria, batch.criteria_met)
    shapes += [(len(part),) for part in contract]
    expected = [(n, len(run.feature_names)), (n, len(run.group_names)), *5 * [(n,)]]
    if (
        names != run.feature_names
        or shapes != expected
        or set(batch.sentences) != set(run.languages)
    ):
        raise StoreError(
            f"a batch of {n} leads with contributions, groups, probabilities and parts of the "
            f"contract of {shapes}, "
            f"in {', '.join(batch.sentences) or 'no language'}",
            f"{expected}, features and languages as run {run.run_id} declares them",
            "this is a fault of the program: report it with this message",
        )
    inside = (batch.probability >= 0) & (batch.probability <= 1)  # False for NaN
    tiers = int(pc.sum(_is_tier(batch.tier)).as_py() or 0)
    if not inside.all() or batch.lead_id.null_count or tiers < n:
        raise StoreError(
            f"{n - int(inside.sum())} probabilities outside 0 to 1, "
            f"{batch.lead_id.null_count} leads without lead_id, {n - tiers} of an unknown tier",
            f"a probability and an identifier for every lead, a tier of {', '.join(_TIERS)}",
            "this is a fault of the program: report it with this message",
        )


def _is_tier(tier: pa.Array) -> pa.BooleanArray:
    """Whether each is a tier or null."""
    return pc.is_in(tier.cast(pa.string()), value_set=pa.array([*_TIERS, None], pa.string()))


def _utc(as_of: pa.Array) -> pa.Array:
    """Microseconds in UTC without a zone, as the store keeps instants."""
    if pa.types.is_null(as_of.type) or as_of.type.tz is None:
        return as_of.cast(pa.timestamp("us"))
    return as_of.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))


def _lists(values: FloatArray) -> pa.ListArray:
    n, k = values.shape
    return pa.ListArray.from_arrays(_steps(n, k), pa.array(np.ascontiguousarray(values).ravel()))


def _group_map(groups: FloatArray, names: Sequence[str]) -> pa.MapArray:
    n, k = groups.shape
    keys = pa.array(list(names), pa.string()).take(pa.array(np.tile(np.arange(k), n)))
    items = pa.array(np.ascontiguousarray(groups).ravel())
    return pa.MapArray.from_arrays(_steps(n, k), keys, items)


def _sentence_map(sentences: Mapping[str, pa.ListArray], n: int) -> pa.MapArray:
    """All languages' lists of one row side by side, keyed by language."""
    k = len(sentences)
    keys = pa.array(list(sentences), pa.string()).take(pa.array(np.tile(np.arange(k), n)))
    none = pa.array([], pa.list_(pa.string()))
    stacked = pa.concat_arrays([none, *sentences.values()])
    order = (np.arange(n)[:, None] + n * np.arange(k)[None, :]).ravel()
    return pa.MapArray.from_arrays(_steps(n, k), keys, stacked.take(pa.array(order)))


def _steps(n: int, k: int) -> pa.Array:
    return pa.array(np.arange(0, (n + 1) * k, k) if k else np.zeros(n + 1), pa.int32())
