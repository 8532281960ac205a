"""Predicted against observed: reliability in equal-mass bins and by market, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from predictive_scoring.records import MarketReliability, ReliabilityBin

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.records import FloatArray

PLOT_BINS = 10
_Z = 1.959963984540054  # 97.5 % quantile of the standard normal


def reliability_bins(
    probability: FloatArray,
    outcome: FloatArray,
    cluster: NDArray[np.object_],
    bins: int = PLOT_BINS,
) -> tuple[ReliabilityBin, ...]:
    """Bins of about equal row counts from the lowest probability up; arrays of shape (n,).

    ``cluster`` names what each row is one piece of evidence with: its account, or its lead. Rows
    of equal probability share a bin, so there may be fewer bins than asked for. Intervals as in
    ``wilson_interval``.
    """
    ascending = np.sort(probability)
    tie_start = np.searchsorted(ascending, probability, side="left")
    of_row = tie_start * bins // max(len(probability), 1)
    return tuple(
        _bin(probability[inside], outcome[inside], cluster[inside])
        for inside in (of_row == number for number in np.unique(of_row))
    )


def market_reliability(
    probability: FloatArray,
    outcome: FloatArray,
    cluster: NDArray[np.object_],
    market: NDArray[np.object_],
) -> tuple[MarketReliability, ...]:
    """Mean prediction and observed rate of each market, in name order; () where none is known.

    Rows without a market stand under "". ``cluster`` and intervals as in ``reliability_bins``.
    """
    names = sorted(set(market))
    if names in ([], [""]):
        return ()
    return tuple(
        _market(name, probability[inside], outcome[inside], cluster[inside])
        for name, inside in ((name, market == name) for name in names)
    )


def wilson_interval(outcome: FloatArray, cluster: NDArray[np.object_]) -> tuple[float, float]:
    """95 % interval of a rate (Wilson, JASA 1927) at the number of rows the clusters are worth.

    Snapshots of one lead, and leads of one account, are alike and count less than as many that
    have nothing to do with each other: rows are divided by the design effect, the variance of the
    rate over clusters against that over independent rows (Korn and Graubard, "Analysis of Health
    Surveys", 1999, section 3.2). Where all outcomes are the same that variance is not known and
    the number of clusters is taken.
    """
    rows, rate = len(outcome), float(outcome.mean())
    size = _effective_rows(outcome, cluster)
    shrink = 1 + _Z**2 / size
    center = (rate + _Z**2 / (2 * size)) / shrink
    half = _Z / shrink * np.sqrt(rate * (1 - rate) / size + _Z**2 / (4 * size**2))
    low = 0.0 if rate == 0 else max(0.0, float(center - half))
    high = 1.0 if outcome.sum() == rows else min(1.0, float(center + half))
    return low, high


def _effective_rows(outcome: FloatArray, cluster: NDArray[np.object_]) -> float:
    rows, rate = len(outcome), float(outcome.mean())
    codes = pd.factorize(cluster)[0]
    clusters = int(codes.max()) + 1
    if clusters == 1 or rate in (0.0, 1.0):
        return float(clusters)
    sums = np.bincount(codes, outcome - rate)
    between = clusters / (clusters - 1) * float(sums @ sums) / rows**2
    return rows / max(1.0, between / (rate * (1 - rate) / rows))


def _bin(
    probability: FloatArray, outcome: FloatArray, cluster: NDArray[np.object_]
) -> ReliabilityBin:
    low, high = wilson_interval(outcome, cluster)
    return ReliabilityBin(
        predicted=float(probability.mean()),
        observed=float(outcome.mean()),
        low=low,
        high=high,
        count=len(outcome),
    )


def _market(
    name: str, probability: FloatArray, outcome: FloatArray, cluster: NDArray[np.object_]
) -> MarketReliability:
    low, high = wilson_interval(outcome, cluster)
    return MarketReliability(
        market=name,
        rows=len(outcome),
        positives=int(outcome.sum()),
        predicted=float(probability.mean()),
        observed=float(outcome.mean()),
        low=low,
        high=high,
    )
