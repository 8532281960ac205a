"""How far probabilities are from the truth in equal-mass bins (ECE), with an honest interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import erf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.records import FloatArray

    IndexArray = NDArray[np.int64]

ECE_BINS = 15
_TAIL = 0.025  # of either side of a 95 % interval
_HALVINGS = 40


@dataclass(frozen=True)
class MassBins:
    """Rows in bins of about equal row counts by score, and the clusters within each bin.

    Built from rows in descending order of score; rows of equal score share a bin. ``pair`` codes
    the (bin, cluster) of each row and ``pair_bin`` is the bin of each such pair.
    """

    bin: IndexArray
    pair: IndexArray
    pair_bin: IndexArray

    @classmethod
    def of(cls, tie_starts: IndexArray, cluster: IndexArray, bins: int = ECE_BINS) -> MassBins:
        """``tie_starts`` as in ``Ranking``, ``cluster`` codes in the same order; shape (n,)."""
        of_row = tie_starts * bins // len(tie_starts)
        clusters = int(cluster.max()) + 1
        pair, keys = pd.factorize(of_row * clusters + cluster)
        return cls(of_row, pair.astype(np.int64), (keys // clusters).astype(np.int64))

    @property
    def share(self) -> FloatArray:
        """The share of the rows in each bin, shape (bins,)."""
        shares: FloatArray = np.bincount(self.bin) / len(self.bin)
        return shares

    def gaps(self, residual: FloatArray, weight: FloatArray) -> FloatArray:
        """Mean of outcome - probability in each bin, shape (bins,); 0 in a bin without weight."""
        mass = np.bincount(self.bin, weight)
        gaps: FloatArray = np.bincount(self.bin, weight * residual) / np.where(mass > 0, mass, 1.0)
        return gaps


def expected_calibration_error(bins: MassBins, residual: FloatArray) -> float:
    """Mean |observed rate - mean probability| over equal-mass bins, without its upward bias.

    ``residual`` is outcome - probability, shape (n,). Noise makes the plug-in figure positive
    even for perfect probabilities. As in Kumar, Liang and Ma ("Verified uncertainty calibration",
    NeurIPS 2019, their released estimator) the bias is estimated by drawing each bin's gap again
    from a normal around the gap found and is taken off; the draw's mean is the folded normal's,
    in closed form, so that nothing is simulated. A bin's variance is that over clusters. Floored
    at 0.

    Taking off what noise gives under perfect calibration instead would read lower there, but
    halves real errors of the size of the noise: a flattering figure.
    """
    gap = bins.gaps(residual, np.ones(len(residual)))
    by_cluster = np.bincount(bins.pair, residual - gap[bins.bin])
    rows = np.maximum(np.bincount(bins.bin), 1)
    spread = np.sqrt(np.bincount(bins.pair_bin, by_cluster**2, len(rows))) / rows
    corrected = 2 * np.abs(gap) - _folded_normal_mean(gap, spread)
    return max(0.0, float(bins.share @ corrected))


def error_interval(share: FloatArray, gaps: FloatArray, drawn: FloatArray) -> tuple[float, float]:
    """A 95 % interval of the expected calibration error that holds 0 when 0 is true.

    ``share`` and ``gaps`` are the bins', shape (bins,); ``drawn`` are the gaps of bootstrap
    resamples, shape (resamples, bins). Percentiles of the resampled figure would add the noise
    once more to a figure that has it already, and never reach 0. So a test is inverted (Carpenter,
    "Test inversion bootstrap confidence intervals", JRSS B 1999): an error is in the interval
    when the plug-in figure found is between the 2.5 and 97.5 % points of those that true gaps of
    that size would give with the resamples' noise. How an error spreads over the bins is not
    known: uneven gaps give the greatest figures, so the low end takes the gaps in the proportions
    found, and the high end takes equal ones.
    """
    found = float(share @ np.abs(gaps))
    noise = drawn - gaps
    noise = np.concatenate([noise, -noise])
    if found == 0:
        return 0.0, float(np.quantile(np.abs(noise) @ share, 1 - _TAIL))
    equal = np.where(gaps < 0, -1.0, 1.0)
    low = _least_error(share, gaps / found, noise, found, _TAIL)
    high = _least_error(share, equal, noise, found, 1 - _TAIL)
    return low, max(low, high)


def _least_error(
    share: FloatArray, shape: FloatArray, noise: FloatArray, found: float, level: float
) -> float:
    """The least error at which a figure of ``found`` or more has probability ``level``.

    ``shape`` are true gaps whose error is 1. By halving: the probability rises with the error.
    """

    def likely(error: float) -> bool:
        return float((np.abs(error * shape + noise) @ share >= found).mean()) >= level

    below, above = 0.0, found + float((np.abs(noise) @ share).max())
    if likely(below):
        return below
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        below, above = (below, middle) if likely(middle) else (middle, above)
    return above


def _folded_normal_mean(mean: FloatArray, deviation: FloatArray) -> FloatArray:
    """E|X| of normal X."""
    scaled = np.abs(mean) / np.maximum(deviation, 1e-300)
    tail = np.exp(-0.5 * np.minimum(scaled, 1e3) ** 2)
    expected: FloatArray = deviation * np.sqrt(2 / np.pi) * tail + np.abs(mean) * erf(
        scaled / np.sqrt(2)
    )
    return expected
