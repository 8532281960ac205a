"""What training and calibration found, with intervals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A figure with its bootstrap interval (over accounts, or leads without one; 95 %)."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Candidate:
    """One rung of the ladder on the forward folds: mean log loss (nats) and its standard error."""

    name: str
    log_loss: float
    standard_error: float
    fold_losses: tuple[float, ...]
    chosen: bool
    note: str = ""


@dataclass(frozen=True)
class Period:
    """One side of a split: rows, leads, positives, and the positions it spans."""

    name: str
    rows: int
    leads: int
    positives: int
    first: int
    last: int


@dataclass(frozen=True)
class SplitReport:
    """What each side of the forward split holds and what was removed to keep it honest."""

    periods: tuple[Period, ...]
    purged: int  # rows whose horizon reaches into the period evaluated on
    grouped: int  # rows of leads or accounts that stand on the other side
    forward_folds: bool = True  # False: the history is too short, folds are by account or lead


@dataclass(frozen=True)
class ReliabilityBin:
    """An equal-mass bin of predictions: mean prediction against observed rate, 95 % interval."""

    predicted: float
    observed: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class GainsPoint:
    """Taking the best ``share`` of leads finds ``captured`` of all SQLs, ``lift`` over chance."""

    share: float
    captured: float
    lift: float
    low: float
    high: float  # interval of ``captured``


@dataclass(frozen=True)
class MarketReliability:
    """Mean prediction against observed rate in one market, with the rate's 95 % interval."""

    market: str
    rows: int
    positives: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Evaluation:
    """The chosen model on the newest period, which neither training nor calibration saw."""

    rows: int
    leads: int
    positives: int
    metrics: tuple[Metric, ...]
    reliability: tuple[ReliabilityBin, ...]
    gains: tuple[GainsPoint, ...]
    markets: tuple[MarketReliability, ...] = ()

    def metric(self, name: str) -> Metric:
        """The metric of that name; raises KeyError."""
        return {m.name: m for m in self.metrics}[name]
