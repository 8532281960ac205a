"""Intervals of a share: Wilson's for reading, Clopper and Pearson's for promising."""

from __future__ import annotations

import math

from scipy.special import betaincinv

from predictive_scoring.records import Rate

_Z = 1.959963984540054  # the normal quantile of 97.5 %


def wilson(count: int, of: int) -> Rate:
    """``count`` of ``of`` with the 95 % score interval (Wilson 1927); NaN bounds for 0 of 0."""
    if not of:
        return Rate(count, of, math.nan, math.nan)
    share, z2 = count / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return Rate(count, of, max(0.0, middle - half), min(1.0, middle + half))


def lower_bound(count: float, of: float, confidence: float) -> float:
    """The exact one-sided lower bound of a binomial share (Clopper and Pearson 1934).

    A true share below it shows so many successes in at most 1 - ``confidence`` of all cases.
    Counts need not be whole: effective sample sizes are not.
    """
    return float(betaincinv(count, of - count + 1, 1 - confidence)) if count > 0 else 0.0


def upper_bound(count: float, of: float, confidence: float) -> float:
    """The exact one-sided upper bound of a binomial share."""
    return float(betaincinv(count + 1, of - count, confidence)) if count < of else 1.0
