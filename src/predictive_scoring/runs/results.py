"""What the runs hand back: plain records; ``cli.views`` draws them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.runs.evidence import surely_worse

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.records import (
        Candidate,
        ContractThresholds,
        Evaluation,
        LeftOut,
        SourceCount,
        SplitReport,
    )
    from predictive_scoring.registry import ModelVersion, Promotion
    from predictive_scoring.runs.evidence import History, Learned


@dataclass(frozen=True)
class RunResult:
    """What every result can do."""

    @property
    def exit_code(self) -> int:
        """Give the command's exit code."""
        return 0

    def as_json(self) -> object:
        """Give the fields as plain data; numbers that are no numbers become null."""
        return plain(self)


@dataclass(frozen=True)
class TrainResult(RunResult):
    """A trained and registered model.

    ``base_rate_log_loss`` is that of knowing the development period's base rate only, on the same
    test period.
    """

    company: str
    version: str
    aliases: tuple[str, ...]
    chosen: str
    leads: int
    labels: Mapping[str, int]
    without_snapshot: Mapping[str, int]
    split: SplitReport
    candidates: tuple[Candidate, ...]
    evaluation: Evaluation
    base_rate_log_loss: float
    thresholds: tuple[ContractThresholds, ...]
    left_out: tuple[LeftOut, ...]
    sources: tuple[SourceCount, ...]
    notes: tuple[str, ...]
    bundle_digest: str
    report: str
    registry: str

    @property
    def exit_code(self) -> int:
        """Give 1, a finding, when the model is surely worse than knowing the base rate only."""
        return int(surely_worse(self.evaluation, self.base_rate_log_loss))

    @classmethod
    def of(
        cls,
        config: Config,
        history: History,
        learned: Learned,
        version: ModelVersion,
        report: Path,
        registry: str,
        notes: tuple[str, ...],
    ) -> TrainResult:
        """Gather what a person wants to know of a training."""
        return cls(
            company=config.company,
            version=version.version,
            aliases=version.aliases,
            chosen=next(c.name for c in learned.selection.candidates if c.chosen),
            leads=history.snapshots.leads,
            labels=history.snapshots.counts,
            without_snapshot=history.snapshots.excluded,
            split=learned.split.report,
            candidates=learned.selection.candidates,
            evaluation=learned.evaluation,
            base_rate_log_loss=learned.base_rate_log_loss,
            thresholds=learned.bundle.thresholds,
            left_out=history.table.spec.left_out,
            sources=history.extract.counts,
            notes=notes,
            bundle_digest=version.bundle_digest,
            report=str(report),
            registry=registry,
        )


@dataclass(frozen=True)
class Conflict:
    """Where score and criteria disagree about leads: there the contract, or the model, is wrong.

    ``leads`` score at or above the threshold and fail the criterion named, or, with ``criterion``
    "", meet all criteria and score below it; ``examples`` are those with the most extreme scores.
    """

    criterion: str
    leads: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ScoreResult(RunResult):
    """A scoring run: leads = scored + Σ excluded.

    ``tiers`` counts the leads by tier; ``handed_over`` of them went to sales with this run.
    """

    run_id: str
    as_of: datetime | None
    model_name: str
    model_version: str
    scored: int
    excluded: Mapping[str, int]
    quarantined: int
    handed_over: int
    unchanged: bool
    tiers: Mapping[str, int]
    conflicts: tuple[Conflict, ...]
    best: tuple[tuple[str, float, str], ...]
    notes: tuple[str, ...]
    store: str
    parquet: str | None


@dataclass(frozen=True)
class CheckResult(RunResult):
    """What `check` found; ``problems`` stop training or scoring."""

    company: str
    shape: str
    sources: tuple[SourceCount, ...]
    quarantined: tuple[tuple[str, str, int], ...]
    features: int
    left_out: tuple[LeftOut, ...]
    labels: Mapping[str, int]
    without_snapshot: Mapping[str, int]
    notes: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Give 3, data unusable, when there is any problem."""
        return 3 if self.problems else 0


@dataclass(frozen=True)
class InitResult(RunResult):
    """A proposed configuration: what was guessed, what could not be known."""

    file: str
    guessed: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class ModelsResult(RunResult):
    """Registered versions, newest first, and every move of the champion, oldest first."""

    name: str
    versions: tuple[ModelVersion, ...]
    promotions: tuple[Promotion, ...]


@dataclass(frozen=True)
class MoveResult(RunResult):
    """The champion moved."""

    name: str
    version: str
    previous: str
    by: str
    reason: str


@dataclass(frozen=True)
class DemoResult(RunResult):
    """The demo: the company's files, then the training and the scoring."""

    leads: int
    seed: int
    data: str
    config: str
    default_config: bool
    training: TrainResult | None
    scoring: ScoreResult | None


def plain(value: object) -> object:
    """Plain data for JSON: records as objects, instants as text, NaN and infinity as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, str | int | bool) or value is None:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return [plain(v) for v in value]
    return str(value)
