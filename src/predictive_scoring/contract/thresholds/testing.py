"""Learn then test: the lowest threshold that is proved to hold a rate.

Fixed-sequence testing (Angelopoulos, Bates, Candès, Jordan and Lei 2021, "Learn then Test", section
2.2; Maurer 1995): thresholds are tested one after the other at the full level, H0 "fewer than the
rate become SQLs", until one is not rejected. If the grid and its order do not depend on outcomes,
the chance that any rejected threshold breaks the rate is at most 1 - confidence. So the grid is one
of volumes, and the start is where the model's own probabilities promise the greatest power; from
there it goes down to ever more leads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

from predictive_scoring.contract.thresholds.evidence import evidence

if TYPE_CHECKING:
    from predictive_scoring.contract.thresholds.crossings import Crossings
    from predictive_scoring.records import FloatArray, IntArray

# Each threshold of the grid has about 5 % more MQLs than the one above it. Measured between 2 % and
# 40 % (benchmarks/guarantee.py): finer steps stop early by chance, coarser ones step over the best.
STEP = 1.05


@dataclass(frozen=True)
class Search:
    """``threshold`` is the lowest proved, None where the first test failed.

    ``start`` is the first one tested (None: not even all leads becoming SQLs would prove the rate),
    ``power`` the chance that the model gives that test; neither looks at outcomes.
    """

    threshold: float | None
    start: float | None
    power: float


def lowest_proved(
    leads: Crossings, rate: float, confidence: float, tested: tuple[Crossings, ...] = ()
) -> Search:
    """Find the lowest threshold whose precision is at least ``rate`` at ``confidence``.

    ``leads`` give the grid and its start; each threshold must hold the rate of all ``tested``
    (default: of ``leads``).
    """
    thresholds = grid(leads, rate, confidence)
    if not len(thresholds):
        return Search(None, None, 0.0)
    start, power = best_start(leads, thresholds, rate, confidence)
    lowest = None
    for threshold in thresholds[start:]:
        found = (evidence(each, each.at(threshold)) for each in tested or (leads,))
        if any(e.p_value(rate, confidence) > 1 - confidence for e in found):
            break
        lowest = float(threshold)
    return Search(lowest, float(thresholds[start]), power)


def grid(crossings: Crossings, rate: float, confidence: float) -> FloatArray:
    """Thresholds to test, from the highest down, by their number of MQLs in even proportions.

    The highest has as many as could prove the rate if all of them became SQLs.
    """
    least = math.ceil(math.log(1 - confidence) / math.log(rate))
    most = int(crossings.volume(crossings.thresholds()).max(initial=0))
    if most < least:
        return np.empty(0)
    steps = math.ceil(math.log(most / least) / math.log(STEP))
    return thresholds_at(crossings, np.floor(np.geomspace(least, most, steps + 1) + 1e-6))


def thresholds_at(crossings: Crossings, volumes: FloatArray | IntArray) -> FloatArray:
    """The highest thresholds with at least so many MQLs each, from the highest down.

    Volumes that no threshold reaches are left out. Below some threshold the volume may fall again,
    as leads then cross before the period; such thresholds are no use and never taken.
    """
    thresholds = crossings.thresholds()
    reached = np.maximum.accumulate(crossings.volume(thresholds))
    index = np.unique(np.searchsorted(reached, volumes, side="left"))
    return thresholds[index[index < len(thresholds)]]


def best_start(
    crossings: Crossings, thresholds: FloatArray, rate: float, confidence: float
) -> tuple[int, float]:
    """The threshold whose test the model's probabilities give the greatest power, and that power.

    The smallest type II error decides: it still tells powers apart that are all nearly 1.
    """
    known = ~np.isnan(crossings.outcome)
    mqls = np.round(crossings.total(known.astype(np.float64), thresholds))
    expected = crossings.total(np.where(known, crossings.probability, 0.0), thresholds)
    precision = np.clip(expected / np.maximum(mqls, 1), 0, 1)
    too_few = binom.isf(1 - confidence, mqls, rate)  # so many SQLs or fewer prove nothing
    missed = np.where(mqls > 0, binom.cdf(too_few, mqls, precision), 1.0)
    start = int(np.argmin(missed))
    return start, float(1 - missed[start])
