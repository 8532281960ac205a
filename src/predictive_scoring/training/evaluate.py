"""Judge shown probabilities on the newest period, with intervals from resampling clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import expit

from predictive_scoring.records import Evaluation, GainsPoint, Metric
from predictive_scoring.training import calibration_error
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
_RESAMPLED = tuple(name for name in METRICS if name != "ece")
_TOP = np.array([0.1])


def evaluate(
    log_odds: FloatArray,
    outcome: FloatArray,
    lead_id: NDArray[np.object_],
    cluster: NDArray[np.object_],
    settings: TrainingSettings,
    seed: int,
    *,
    reliability: tuple[ReliabilityBin, ...] = (),
    markets: tuple[MarketReliability, ...] = (),
) -> Evaluation:
    """The metrics of ``METRICS`` and the gains curve of calibrated ``log_odds``, shape (n,).

    Intervals are 2.5 and 97.5 % percentiles over ``settings.bootstrap`` resamples of clusters
    (``clusters``: accounts, leads without one), each with all its rows, the same for the same
    seed; that of the ECE is ``error_interval``'s. A metric that is not defined is nan: the slope
    of constant predictions, the ranking of one outcome only. ``reliability`` and ``markets`` are
    passed through into the result.
    """
    rows = _Rows(log_odds, outcome, cluster)
    values = rows.figures(np.ones(len(outcome)))
    drawn, gaps = rows.resampled(settings.bootstrap, seed, values)
    figures = list(zip(values.tolist(), *_percentiles(drawn), strict=True))
    metrics = {n: Metric(n, *f) for n, f in zip(_RESAMPLED, figures, strict=False)}
    metrics["ece"] = rows.calibration_error(gaps)
    gains = tuple(
        GainsPoint(share, value, value / share, lower, upper)
        for share, (value, lower, upper) in zip(
            SHARES.tolist(), figures[len(_RESAMPLED) :], strict=True
        )
    )
    return Evaluation(
        rows=len(outcome),
        leads=len(set(lead_id)),
        positives=int(outcome.sum()),
        metrics=tuple(metrics[name] for name in METRICS),
        reliability=reliability,
        gains=gains,
        markets=markets,
    )


class _Rows:
    """The evaluated rows in descending order of score, ready for many weightings."""

    def __init__(
        self, log_odds: FloatArray, outcome: FloatArray, cluster: NDArray[np.object_]
    ) -> None:
        self.ranking = rank.Ranking.of(log_odds, outcome)
        order = self.ranking.order
        self.log_odds, self.outcome = log_odds[order], self.ranking.outcome
        self.cluster: IndexArray = pd.factorize(cluster[order])[0].astype(np.int64)
        self.probability: FloatArray = expit(self.log_odds)
        self.losses = log_losses(self.log_odds, self.outcome)
        self.residual = self.outcome - self.probability
        self.squares = self.residual**2
        self.bins = calibration_error.MassBins.of(self.ranking.starts, self.cluster)

    def figures(self, weight: FloatArray, slope_near: float = 1.0) -> FloatArray:
        """The metrics in the order of ``METRICS``, but for the ECE; then captured at ``SHARES``."""
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
            dot(weight, outcome) / total,
            dot(weight, probability) / total,
            rank.captured(*curve, _TOP)[0] / _TOP[0],
        )
        return np.array([*figures, *rank.captured(*curve, SHARES)])

    def resampled(
        self, resamples: int, seed: int, values: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """The figures and the calibration bins' gaps of each resample of the clusters.

        ``values`` are the figures of the rows themselves: where the search for the slope starts.
        """
        random = np.random.default_rng(seed)
        slope = values[_RESAMPLED.index("calibration_slope")]
        figures, gaps = [], []
        for _ in range(resamples):
            weight = _resample(random, self.cluster)
            figures.append(self.figures(weight, slope_near=slope))
            gaps.append(self.bins.gaps(self.residual, weight))
        return np.stack(figures), np.stack(gaps)

    def calibration_error(self, drawn: FloatArray) -> Metric:
        """The ECE with its interval from the bins' gaps in each resample."""
        bins = self.bins
        value = calibration_error.expected_calibration_error(bins, self.residual)
        gaps = bins.gaps(self.residual, np.ones(len(self.residual)))
        low, high = calibration_error.error_interval(bins.share, gaps, drawn)
        return Metric("ece", value, min(low, value), max(high, value))


def _percentiles(drawn: FloatArray) -> tuple[list[float], list[float]]:
    """The 95 % percentile interval of each figure; resamples where it is nan do not count."""
    low, high = np.full((2, drawn.shape[1]), np.nan)
    some = ~np.isnan(drawn).all(axis=0)
    low[some], high[some] = np.nanpercentile(drawn[:, some], [2.5, 97.5], axis=0)
    return low.tolist(), high.tolist()


def _resample(random: np.random.Generator, cluster: IndexArray) -> FloatArray:
    """How often each row's cluster was drawn, shape (n,)."""
    clusters = int(cluster.max()) + 1
    times = np.bincount(random.integers(0, clusters, clusters), minlength=clusters)
    return times[cluster].astype(np.float64)
