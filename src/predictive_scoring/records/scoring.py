"""Scores with their reasons, on the way from the model to the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from predictive_scoring.records.features import FeatureColumn

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.records.arrays import BoolArray, FloatArray


@dataclass(frozen=True)
class Contributions:
    """Exact additive reasons: ``base + values.sum(axis=1) = log_odds`` of the probability shown.

    ``values`` has shape (n, number of ``names``), in log-odds; ``names`` are the spec's columns,
    then ``market_offset`` where the calibration has one.
    """

    base: float
    values: FloatArray
    names: tuple[str, ...]

    @cached_property
    def log_odds(self) -> FloatArray:
        """Shape (n,)."""
        margins: FloatArray = self.base + self.values.sum(axis=1)
        return margins


@dataclass(frozen=True)
class Reason:
    """One feature's part in one lead's score.

    ``points`` is the probability shown minus the probability without this contribution, × 100.
    ``observed`` is the value as the lead has it, None when missing.
    """

    column: FeatureColumn
    observed: float | str | bool | None
    contribution: float
    points: float


@dataclass(frozen=True)
class ScoreRun:
    """One run of the scorer.

    ``run_id`` is derived from model, data, configuration and as-of: the same run, the same id.
    """

    run_id: str
    model_name: str
    model_version: str
    bundle_digest: str
    data_digest: str
    as_of: datetime | None  # None: a company without any instant
    feature_names: tuple[str, ...]  # the order of the contributions written
    group_names: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class RunSummary:
    """What a scoring run did: leads = scored + Σ excluded.

    ``handed_over`` of them became MQLs that sales had not been given before.
    """

    run_id: str
    scored: int
    excluded: Mapping[str, int]
    quarantined: int
    unchanged: bool  # the same run was already stored: nothing was written
    store: str
    handed_over: int = 0


@dataclass(frozen=True)
class ScoreBatch:
    """The scores of one chunk of leads, n rows, ready for a sink.

    ``lead_id``, ``account_id`` and ``market`` are string arrays (null where there is none),
    ``as_of`` timestamps in UTC (null in a flat company without dates). ``groups`` has shape
    (n, number of the run's ``group_names``), in log-odds. ``reasons`` lists, strongest first,
    structs (feature, observed, contribution in log-odds, points); ``sentences`` has the same
    reasons in words, a list of strings per row, by language.

    ``threshold`` is the contract's, a probability (NaN: none), ``tier`` one of ``Tier`` (null:
    none). ``criteria`` lists the contract's criteria, structs (name, met, observed as text),
    ``met`` null where it is not known; ``criteria_met`` says whether all are, shape (n,).
    """

    lead_id: pa.Array
    account_id: pa.Array
    market: pa.Array
    as_of: pa.Array
    probability: FloatArray
    contributions: Contributions
    groups: FloatArray
    reasons: pa.ListArray
    sentences: Mapping[str, pa.ListArray]
    threshold: FloatArray
    tier: pa.Array
    criteria: pa.ListArray
    criteria_met: BoolArray

    def __len__(self) -> int:
        return len(self.lead_id)
