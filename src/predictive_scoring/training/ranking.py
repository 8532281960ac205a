"""How well scores put future SQLs first; weighted, so that resampling leads is reweighting rows.

All functions take rows in descending order of score (``Ranking.of``) and a weight per row in
that order, shape (n,). Rows of equal score are never told apart: a figure is what any order of
them gives on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.training.sums import dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.records import FloatArray

    IndexArray = NDArray[np.int64]


@dataclass(frozen=True)
class Ranking:
    """Rows from the highest score down, in runs of equal scores.

    ``order`` are the rows' numbers, ``ends`` the last row of each run, ``starts`` for each row
    the first row of its run.
    """

    order: IndexArray
    outcome: FloatArray
    ends: IndexArray
    starts: IndexArray

    @classmethod
    def of(cls, score: FloatArray, outcome: FloatArray) -> Ranking:
        """Sort once, for many weightings."""
        order = np.argsort(-score, kind="stable")
        changes = np.flatnonzero(np.diff(score[order]))
        ends = np.append(changes, len(score) - 1)
        lengths = np.diff(ends, prepend=-1)
        return cls(order, outcome[order], ends, np.repeat(ends - lengths + 1, lengths))


def cumulated(ranking: Ranking, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weight of positives and of all rows down to the end of each run of equal scores."""
    positives = np.cumsum(weight * ranking.outcome)[ranking.ends]
    rows = np.cumsum(weight)[ranking.ends]
    return positives, rows


def roc_auc(positives: FloatArray, rows: FloatArray) -> float:
    """Probability that a positive outranks a negative, ties half; nan with one outcome only."""
    negatives = rows - positives
    if positives[-1] <= 0 or negatives[-1] <= 0:
        return float("nan")
    area = np.trapezoid(np.append(0.0, positives), np.append(0.0, negatives))
    return float(area / (positives[-1] * negatives[-1]))


def average_precision(positives: FloatArray, rows: FloatArray) -> float:
    """Mean precision over the positives, by steps in recall; nan without positives."""
    if positives[-1] <= 0:
        return float("nan")
    found = np.diff(positives, prepend=0.0)
    precision = np.divide(positives, rows, out=np.zeros_like(rows), where=rows > 0)
    return dot(found, precision) / float(positives[-1])


def captured(positives: FloatArray, rows: FloatArray, shares: FloatArray) -> FloatArray:
    """Share of all positives among the best ``shares`` of rows; nan without positives.

    A run of equal scores that a share cuts counts in proportion.
    """
    if positives[-1] <= 0:
        return np.full(len(shares), np.nan)
    curve: FloatArray = np.interp(
        shares * rows[-1], np.append(0.0, rows), np.append(0.0, positives / positives[-1])
    )
    return curve
