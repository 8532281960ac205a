"""Slope and intercept in log-odds, learned on forward predictions.

Platt ("Probabilistic outputs for support vector machines", 1999) and Cox (Biometrika 1958), with
weak Gaussian priors in place of Platt's smoothed targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
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
_STEPS = 100
_NEGLIGIBLE = 1e-10


def fit(log_odds: FloatArray, outcome: FloatArray, weight: FloatArray | None = None) -> Calibration:
    """The most likely slope and intercept under weak Gaussian priors; no market offsets.

    ``log_odds`` are raw forward predictions, finite, and ``outcome`` 0.0 or 1.0, both of shape
    (n,). The model is ``raw + shift + (slope - 1) * (raw - mean raw)`` with slope ~ N(1, 1) and
    shift ~ N(0, 5): a handful of leads moves the scores little, and outcomes that the scores
    separate give a finite slope.

    Constant log-odds (the base rate's) keep slope 1 and only shift. Where the best slope is not
    positive the forward scores rank no better than chance, or in reverse: then the slope is 0 and
    the intercept the log-odds of the observed rate, the honest probability for every lead. A
    negative slope is never used: it would turn every reason around.
    """
    weight = np.ones(len(outcome)) if weight is None else weight
    mean = float(np.average(log_odds, weights=weight))
    deviation = log_odds - mean
    if np.ptp(log_odds) < 1e-9:
        shift, _ = _most_likely(log_odds, np.zeros_like(deviation), outcome, weight)
        return Calibration(slope=1.0, intercept=shift)
    shift, change = _most_likely(log_odds, deviation, outcome, weight)
    slope = 1.0 + change
    if slope <= 0:
        level = np.full(len(outcome), mean)
        shift, _ = _most_likely(level, np.zeros_like(deviation), outcome, weight)
        return Calibration(slope=0.0, intercept=mean + shift)
    return Calibration(slope=slope, intercept=shift - change * mean)


def apply(
    calibration: Calibration, log_odds: FloatArray, market: NDArray[np.object_]
) -> FloatArray:
    """The log-odds shown, shape (n,); a market without an offset of its own has 0."""
    offset = np.array([calibration.offsets.get(name, 0.0) for name in market], dtype=np.float64)
    shown: FloatArray = calibration.slope * log_odds + calibration.intercept + offset
    return shown


def _most_likely(
    raw: FloatArray, deviation: FloatArray, outcome: FloatArray, weight: FloatArray
) -> tuple[float, float]:
    """Shift and change of slope by Newton's method, each step halved until the fit improves."""
    signed = np.where(outcome == 1, -1.0, 1.0)

    def loss(shift: float, change: float) -> float:
        losses = np.logaddexp(0.0, signed * (raw + shift + change * deviation))
        return _dot(weight, losses) + 0.5 * (_SHIFT_PRIOR * shift**2 + _SLOPE_PRIOR * change**2)

    shift, change = 0.0, 0.0
    current = loss(shift, change)
    for _ in range(_STEPS):
        probability = expit(raw + shift + change * deviation)
        residual = weight * (outcome - probability)
        variance = weight * probability * (1 - probability)
        cross = _dot(variance, deviation)
        bend = _dot(variance, deviation * deviation) + _SLOPE_PRIOR
        step = np.linalg.solve(
            np.array([[variance.sum() + _SHIFT_PRIOR, cross], [cross, bend]]),
            np.array(
                [
                    residual.sum() - _SHIFT_PRIOR * shift,
                    _dot(residual, deviation) - _SLOPE_PRIOR * change,
                ]
            ),
        )
        while (proposed := loss(shift + step[0], change + step[1])) > current:
            step /= 2
            if np.abs(step).max() < _NEGLIGIBLE:
                return shift, change
        shift, change, current = shift + float(step[0]), change + float(step[1]), proposed
        if np.abs(step).max() < _NEGLIGIBLE:
            break
    return shift, change


def _dot(left: FloatArray, right: FloatArray) -> float:
    """``left @ right``, added up on one thread: the same bundle whatever the cores."""
    return float(np.einsum("i,i->", left, right))
