"""How far probabilities are from the truth as a whole: calibration in the large and slope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from predictive_scoring.training.sums import dot

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray

_NEWTON_STEPS = 40
_LONGEST_STEP = 2.0  # log-odds (per standard deviation): keeps Newton's steps from overshooting


def calibration_intercept(log_odds: FloatArray, outcome: FloatArray, weight: FloatArray) -> float:
    """Calibration in the large: the shift of the log-odds after which means agree.

    The intercept with the slope held at 1 (Van Calster et al., "Calibration: the Achilles heel of
    predictive analytics", BMC Medicine 2019): 0 is right, positive means scores are too low. nan
    with one outcome only.
    """
    if not 0 < dot(weight, outcome) < weight.sum():
        return float("nan")
    shift = 0.0
    for _ in range(_NEWTON_STEPS):
        probability = expit(log_odds + shift)
        slope = dot(weight, probability * (1 - probability))
        step = dot(weight, outcome - probability) / max(slope, 1e-12)
        shift += float(np.clip(step, -_LONGEST_STEP, _LONGEST_STEP))
        if abs(step) < 1e-10:
            break
    return shift


def calibration_slope(
    log_odds: FloatArray, outcome: FloatArray, weight: FloatArray, start: float = 1.0
) -> float:
    """The slope of a logistic regression of the outcome on the log-odds (Cox, Biometrika 1958).

    1 is right; below 1 scores are too extreme. Searched from ``start``. nan with one outcome
    only and for constant log-odds; large, but finite, where the outcomes are separated.
    """
    mean = np.average(log_odds, weights=weight)
    spread = float(np.sqrt(np.average((log_odds - mean) ** 2, weights=weight)))
    if spread < 1e-9 or not 0 < dot(weight, outcome) < weight.sum():
        return float("nan")
    x = (log_odds - mean) / spread
    rate = np.average(outcome, weights=weight)
    beta = np.array([np.log(rate / (1 - rate)), start * spread])
    for _ in range(_NEWTON_STEPS):
        probability = expit(beta[0] + beta[1] * x)
        variance = weight * probability * (1 - probability)
        residual = weight * (outcome - probability)
        gradient = np.array([residual.sum(), dot(residual, x)])
        cross = dot(variance, x)
        hessian = np.array([[variance.sum(), cross], [cross, dot(variance, x * x)]])
        step = np.linalg.solve(hessian + 1e-9 * np.eye(2), gradient)
        beta += np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[1] / spread)
