"""What a report is drawn from: finished records, nothing to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from predictive_scoring.model import Calibration
from predictive_scoring.records import (
    Candidate,
    ContractThresholds,
    Evaluation,
    FeatureSpec,
    Snapshots,
    SourceCount,
    SplitReport,
)

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray


@dataclass(frozen=True)
class ReportInputs:
    """One training's result.

    ``created`` is UTC. ``success`` is what the outcome is called, in the singular ("SQL").
    ``predictions`` are the evaluated snapshots' probabilities, shape (rows,), for the histogram.
    ``importance`` holds, strongest first, (feature, mean absolute contribution in log-odds);
    ``group_importance`` the same by group. ``facts`` are versions, digests and seeds.
    ``thresholds`` are those of the contract, None where there is none.
    """

    company: str
    created: datetime
    horizon_days: int
    evaluation: Evaluation
    candidates: tuple[Candidate, ...]
    split: SplitReport
    snapshots: Snapshots
    counts: tuple[SourceCount, ...]
    spec: FeatureSpec
    calibration: Calibration
    importance: tuple[tuple[str, float], ...]
    facts: Mapping[str, str | int | float]
    group_importance: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    success: str = "SQL"
    predictions: FloatArray | None = None
    thresholds: ContractThresholds | None = None
