"""How many MQLs a month a threshold gives, with an interval for a single month to come.

Months vary for three reasons: arrivals are random (Poisson), they come in waves (the dispersion of
the weekly counts, at least 1), and the mean itself is estimated from so many days. The predictive
distribution is a negative binomial with these three variances; for a dispersion of 1 it is the
gamma-Poisson with Jeffreys' prior. A trend or a season is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import nbinom

from predictive_scoring.contract.intervals import lower_bound, upper_bound

if TYPE_CHECKING:
    from predictive_scoring.contract.thresholds.crossings import Crossings
    from predictive_scoring.records import IntArray

MONTH = 365.25 / 12  # days
_TAIL = 0.025


@dataclass(frozen=True)
class Volume:
    """MQLs a month, or the share of leads without instants; ``low`` to ``high`` holds 95 %."""

    mean: float
    low: float
    high: float


def expected_volume(crossings: Crossings, rows: IntArray) -> Volume:
    """The volume that the first crossings ``rows`` show."""
    count, level = len(rows), 1 - _TAIL
    if crossings.days is None:
        leads = max(crossings.leads, 1)
        low, high = lower_bound(count, leads, level), upper_bound(count, leads, level)
        return Volume(count / leads, low, high)
    months = crossings.days / MONTH
    mean = (count + 0.5) / months
    variance = _dispersion(crossings, rows) * mean * (1 + 1 / months)
    share = mean / variance
    low, high = nbinom.ppf([_TAIL, level], mean * share / (1 - share), share)
    return Volume(count / months, float(low), float(high))


def _dispersion(crossings: Crossings, rows: IntArray) -> float:
    """Variance over mean of the full weeks' counts, at least 1; 1 with fewer than two weeks."""
    week = crossings.week[rows]
    counts = np.bincount(week[week >= 0], minlength=crossings.weeks)
    if crossings.weeks < 2 or not counts.any():
        return 1.0
    return max(1.0, float(counts.var(ddof=1) / counts.mean()))
