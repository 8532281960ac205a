"""Slope and intercept in log-odds, learned on forward predictions.

Platt ("Probabilistic outputs for support vector machines", 1999) and Cox (Biometrika 1958), with
weak Gaussian priors in place of Platt's smoothed targets.

The folds' models are not the model that ships: each was fitted at another time, to another base
rate. What they share with it is how far they spread the leads; their level is their own. So the
slope is common to all folds while each keeps a shift of its own, and the level is that of the model
that ships, on the newest outcomes known. (Adding a fold's shift to another model counts a change of
the base rate twice: on one real funnel it turned 2 % into 52 %.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit

from predictive_scoring.model import Calibration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.records import FloatArray

SLOPE_DEVIATION = 1.0
"""Standard deviation of the prior around slope 1."""
SHIFT_DEVIATION = 5.0
"""Standard deviation, in log-odds, of the prior on the shift of the mean lead."""
_SLOPE_PRIOR, _SHIFT_PRIOR = SLOPE_DEVIATION**-2, SHIFT_DEVIATION**-2  # precisions
_STEEPEST = 20.0
_STEPS = 100
_NEGLIGIBLE = 1e-10
_NO_SLOPE = 1e-4


@dataclass(frozen=True)
class Scored:
    """Rows that one model scored, shape (n,): its raw log-odds, finite, and outcomes 0.0 or 1.0."""

    log_odds: FloatArray
    outcome: FloatArray

    @property
    def mean(self) -> float:
        """The mean log-odds."""
        return float(np.add.reduce(self.log_odds) / len(self.log_odds))

    def spread(self, slope: float) -> FloatArray:
        """The log-odds stretched by ``slope`` about their mean."""
        return self.mean + slope * (self.log_odds - self.mean)


def fit(folds: Sequence[Scored], newest: Scored) -> Calibration:
    """The slope of the folds' forward predictions and the level of the model that ships.

    ``folds`` are scored by the folds' models, which had seen none of their rows; ``newest`` by the
    model to calibrate, on the newest rows whose outcome is known. It was fitted to those too, so
    that the shift found there is if anything too small; a single number cannot overfit them.

    Slope ~ N(1, 1) and every shift ~ N(0, 5) a priori: a handful of leads moves the scores little,
    and outcomes that the scores separate give a finite slope. Constant log-odds (the base rate's)
    keep slope 1. Where the best slope is not positive the forward scores rank no better than
    chance, or in reverse: then the slope is 0 and every lead gets the observed rate. A negative
    slope is never used: it would turn every reason around. There are no market offsets.
    """
    slope = _common_slope(folds)
    level = newest.spread(slope)
    shift = _shift(level, newest.outcome)
    return Calibration(slope=slope, intercept=(1.0 - slope) * newest.mean + shift)


def apply(
    calibration: Calibration, log_odds: FloatArray, market: NDArray[np.object_]
) -> FloatArray:
    """The log-odds shown, shape (n,); a market without an offset of its own has 0."""
    offset = np.array([calibration.offsets.get(name, 0.0) for name in market], dtype=np.float64)
    shown: FloatArray = calibration.slope * log_odds + calibration.intercept + offset
    return shown


def _common_slope(folds: Sequence[Scored]) -> float:
    """The slope with the least penalised loss when every fold has the shift that suits it best."""
    varied = [fold for fold in folds if np.ptp(fold.log_odds) > 1e-9]
    if not varied:
        return 1.0

    def loss(slope: float) -> float:
        return 0.5 * _SLOPE_PRIOR * (slope - 1.0) ** 2 + sum(
            _loss(level, fold.outcome, _shift(level, fold.outcome))
            for fold, level in ((fold, fold.spread(slope)) for fold in varied)
        )

    found = minimize_scalar(
        loss, bounds=(0.0, _STEEPEST), method="bounded", options={"xatol": 1e-7}
    )
    return float(found.x) if found.x > _NO_SLOPE else 0.0


def _loss(log_odds: FloatArray, outcome: FloatArray, shift: float) -> float:
    """The log loss added up, and the prior's price of the shift."""
    signed = np.where(outcome == 1, -1.0, 1.0)
    losses = np.logaddexp(0.0, signed * (log_odds + shift))
    return float(np.add.reduce(losses)) + 0.5 * _SHIFT_PRIOR * shift**2


def _shift(log_odds: FloatArray, outcome: FloatArray) -> float:
    """The most likely shift of all rows, by Newton's method, each step halved until it improves."""
    shift, current = 0.0, _loss(log_odds, outcome, 0.0)
    for _ in range(_STEPS):
        probability = expit(log_odds + shift)
        gradient = float(np.add.reduce(outcome - probability)) - _SHIFT_PRIOR * shift
        bend = float(np.add.reduce(probability * (1 - probability))) + _SHIFT_PRIOR
        step = gradient / bend
        while (proposed := _loss(log_odds, outcome, shift + step)) > current:
            step /= 2
            if abs(step) < _NEGLIGIBLE:
                return shift
        shift, current = shift + step, proposed
        if abs(step) < _NEGLIGIBLE:
            break
    return shift
