"""How far probabilities are from the truth: calibration in the large, slope, and ECE; weighted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import erf, expit

from predictive_scoring.training.sums import dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.records import FloatArray

    IndexArray = NDArray[np.int64]

ECE_BINS = 15
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


@dataclass(frozen=True)
class MassBins:
    """Rows in bins of about equal row counts by score; leads are clusters within a bin.

    Built from rows in descending order of score; rows of equal score share a bin. ``pair`` codes
    the (bin, lead) of each row and ``pair_bin`` is the bin of each such pair.
    """

    bin: IndexArray
    pair: IndexArray
    pair_bin: IndexArray

    @classmethod
    def of(cls, tie_starts: IndexArray, lead: IndexArray, bins: int = ECE_BINS) -> MassBins:
        """``tie_starts`` as in ``Ranking``, ``lead`` codes in the same order; both shape (n,)."""
        of_row = tie_starts * bins // len(tie_starts)
        leads = int(lead.max()) + 1
        pair, keys = pd.factorize(of_row * leads + lead)
        return cls(of_row, pair.astype(np.int64), (keys // leads).astype(np.int64))


def expected_calibration_error(
    bins: MassBins, probability: FloatArray, outcome: FloatArray, weight: FloatArray
) -> float:
    """Mean |observed rate - mean probability| over equal-mass bins, without its upward bias.

    Noise makes the plug-in figure positive even for perfect probabilities. As in Kumar, Liang
    and Ma ("Verified uncertainty calibration", NeurIPS 2019, their released estimator) the bias
    is estimated by drawing each bin's gap again from a normal around the gap found and is taken
    off; the draw's mean is the folded normal's, in closed form, so that nothing is simulated. A
    bin's variance is that over leads. Floored at 0.

    Taking off what noise gives under perfect calibration instead would read lower there, but
    halves real errors of the size of the noise: a flattering figure.
    """
    count = len(np.bincount(bins.bin))
    residual = outcome - probability
    mass = np.bincount(bins.bin, weight, count)
    safe = np.where(mass > 0, mass, 1.0)
    gap = np.bincount(bins.bin, weight * residual, count) / safe
    by_lead = np.bincount(bins.pair, weight * (residual - gap[bins.bin]))
    spread = np.sqrt(np.bincount(bins.pair_bin, by_lead**2, count)) / safe
    corrected = 2 * np.abs(gap) - _folded_normal_mean(gap, spread)
    return max(0.0, float(mass @ corrected / mass.sum()))


def _folded_normal_mean(mean: FloatArray, deviation: FloatArray) -> FloatArray:
    """E|X| of normal X."""
    scaled = np.abs(mean) / np.maximum(deviation, 1e-300)
    tail = np.exp(-0.5 * np.minimum(scaled, 1e3) ** 2)
    expected: FloatArray = deviation * np.sqrt(2 / np.pi) * tail + np.abs(mean) * erf(
        scaled / np.sqrt(2)
    )
    return expected
