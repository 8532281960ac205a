"""Judge shown probabilities on the newest period, with intervals from resampling leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit

from predictive_scoring.records import Evaluation, GainsPoint, Metric
from predictive_scoring.training import ranking as rank
from predictive_scoring.training import truthfulness as truth
from predictive_scoring.training.folds import log_losses
from predictive_scoring.training.sums import dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.config import TrainingSettings
    from predictive_scoring.records import FloatArray, MarketReliability, ReliabilityBin

    IndexArray = NDArray[np.int64]

METRICS = (
    "log_loss",
    "brier",
    "roc_auc",
    "average_precision",
    "calibration_slope",
    "calibration_intercept",
    "ece",
    "base_rate",
    "mean_prediction",
    "lift_at_10",
)
SHARES = np.arange(1, 21) / 20
"""Shares of the leads at which gains are reported."""
_TOP = np.array([0.1])


def evaluate(
    log_odds: FloatArray,
    outcome: FloatArray,
    lead_id: NDArray[np.object_],
    settings: TrainingSettings,
    seed: int,
    *,
    reliability: tuple[ReliabilityBin, ...] = (),
    markets: tuple[MarketReliability, ...] = (),
) -> Evaluation:
    """The metrics of ``METRICS`` and the gains curve of calibrated ``log_odds``, shape (n,).

    Intervals are 2.5 and 97.5 % percentiles over ``settings.bootstrap`` resamples of leads, each
    with all its snapshots, the same for the same seed. A metric that is not defined is nan: the
    slope of constant predictions, the ranking of one outcome only. ``reliability`` and
    ``markets`` are passed through into the result.
    """
    rows = _Rows(log_odds, outcome, lead_id)
    values = rows.figures(np.ones(len(outcome)))
    slope = values[METRICS.index("calibration_slope")]
    low, high = _interval(
        lambda weight: rows.figures(weight, slope_near=slope), rows.lead, settings.bootstrap, seed
    )
    figures = list(zip(values.tolist(), low.tolist(), high.tolist(), strict=True))
    metrics = tuple(Metric(n, *f) for n, f in zip(METRICS, figures, strict=False))
    gains = tuple(
        GainsPoint(share, value, value / share, lower, upper)
        for share, (value, lower, upper) in zip(
            SHARES.tolist(), figures[len(METRICS) :], strict=True
        )
    )
    return Evaluation(
        rows=len(outcome),
        leads=int(rows.lead.max()) + 1,
        positives=int(outcome.sum()),
        metrics=metrics,
        reliability=reliability,
        gains=gains,
        markets=markets,
    )


class _Rows:
    """The evaluated rows in descending order of score, ready for many weightings."""

    def __init__(
        self, log_odds: FloatArray, outcome: FloatArray, lead_id: NDArray[np.object_]
    ) -> None:
        self.ranking = rank.Ranking.of(log_odds, outcome)
        order = self.ranking.order
        self.log_odds, self.outcome = log_odds[order], self.ranking.outcome
        self.lead: IndexArray = pd.factorize(lead_id[order])[0].astype(np.int64)
        self.probability: FloatArray = expit(self.log_odds)
        self.losses = log_losses(self.log_odds, self.outcome)
        self.squares = (self.probability - self.outcome) ** 2
        self.bins = truth.MassBins.of(self.ranking.starts, self.lead)

    def figures(self, weight: FloatArray, slope_near: float = 1.0) -> FloatArray:
        """The metrics in the order of ``METRICS``, then captured at ``SHARES``."""
        log_odds, outcome, probability = self.log_odds, self.outcome, self.probability
        curve = rank.cumulated(self.ranking, weight)
        total = weight.sum()
        start = slope_near if abs(slope_near) < 5 else 1.0
        figures = (
            dot(weight, self.losses) / total,
            dot(weight, self.squares) / total,
            rank.roc_auc(*curve),
            rank.average_precision(*curve),
            truth.calibration_slope(log_odds, outcome, weight, start),
            truth.calibration_intercept(log_odds, outcome, weight),
            truth.expected_calibration_error(self.bins, probability, outcome, weight),
            dot(weight, outcome) / total,
            dot(weight, probability) / total,
            rank.captured(*curve, _TOP)[0] / _TOP[0],
        )
        return np.array([*figures, *rank.captured(*curve, SHARES)])


def _interval(
    figures: Callable[[FloatArray], FloatArray], lead: IndexArray, resamples: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """The 95 % percentile interval of each figure; resamples where it is nan do not count."""
    random = np.random.default_rng(seed)
    leads = int(lead.max()) + 1
    drawn = np.stack([figures(_resample(random, lead, leads)) for _ in range(resamples)])
    low, high = np.full((2, drawn.shape[1]), np.nan)
    some = ~np.isnan(drawn).all(axis=0)
    low[some], high[some] = np.nanpercentile(drawn[:, some], [2.5, 97.5], axis=0)
    return low, high


def _resample(random: np.random.Generator, lead: IndexArray, leads: int) -> FloatArray:
    """How often each row's lead was drawn, shape (n,)."""
    times = np.bincount(random.integers(0, leads, leads), minlength=leads)
    return times[lead].astype(np.float64)
