"""First crossings: which look hands a lead over, for every threshold at once.

A lead is handed over once, so the unit of volume and of precision is the lead's first eligible look
at or above the threshold. A look is the first for exactly the thresholds in (``below``,
``probability``], where ``below`` is the highest earlier eligible probability of its lead. Each
statistic of all thresholds is then a difference of two suffix sums: O(n log n) for n looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.records import Looks

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray, IntArray

WEEK = 7 * 86_400 * 1_000_000  # microseconds


@dataclass(frozen=True)
class Crossings:
    """The counted looks that raise their lead's eligible probability, by probability ascending.

    Every array has shape (n,). ``below`` is -inf for a lead's first eligible look. ``outcome`` is
    1.0, 0.0 or NaN, at that look. ``account`` has codes from 0, all in use; ``clustered`` says
    whether any account has several leads. ``week`` numbers the full weeks of the period, of which
    there are ``weeks``, -1 outside them. ``leads`` are those with a counted look, crossing or not;
    ``days`` is that of ``Looks``.
    """

    probability: FloatArray
    below: FloatArray
    by_below: IntArray  # the order of rows by ``below``
    outcome: FloatArray
    account: IntArray
    clustered: bool
    week: IntArray
    weeks: int
    leads: int
    days: float | None

    def __len__(self) -> int:
        return len(self.probability)

    def total(self, weight: FloatArray, thresholds: FloatArray) -> FloatArray:
        """The sum of ``weight`` (n,) over the first crossings of each threshold (m,)."""
        below = _at_or_above(self.below[self.by_below], weight[self.by_below], thresholds)
        return _at_or_above(self.probability, weight, thresholds) - below

    def thresholds(self) -> FloatArray:
        """The distinct probabilities, from the highest down: all thresholds that can differ."""
        last_of_its_kind = np.diff(self.probability, append=np.inf) > 0
        return self.probability[last_of_its_kind][::-1]

    def volume(self, thresholds: FloatArray) -> IntArray:
        """How many leads first cross each threshold (m,), their outcome known or not."""
        return self.total(np.ones(len(self)), thresholds).astype(np.int64)

    def at(self, threshold: float) -> IntArray:
        """The rows that are the first crossings of one threshold."""
        start = int(np.searchsorted(self.probability, threshold, side="left"))
        return start + np.flatnonzero(self.below[start:] < threshold)


def first_crossings(looks: Looks, start: int | None = None) -> Crossings:
    """Find the first crossings of all thresholds; ``looks`` are sorted by (lead, position).

    ``start`` is the period's first instant in microseconds; default: the first counted look's.
    """
    able = np.flatnonzero(looks.eligible)
    lead, probability = looks.lead[able], looks.probability[able]
    below = _highest_before(lead, probability)
    kept = (probability > below) & looks.counted[able]
    rows, below = able[kept], below[kept]
    people = _distinct(looks.lead[rows])
    order = np.argsort(looks.probability[rows], kind="stable")
    rows, below = rows[order], below[order]
    account = _dense(looks.account[rows])
    week, weeks = _weeks(looks, rows, start)
    return Crossings(
        probability=looks.probability[rows],
        below=below,
        by_below=np.argsort(below, kind="stable"),
        outcome=looks.outcome[rows],
        account=account,
        clustered=bool(account.max(initial=-1) + 1 < people),
        week=week,
        weeks=weeks,
        leads=_distinct(looks.lead[looks.counted]),
        days=looks.days,
    )


def _distinct(lead: IntArray) -> int:
    """How many leads, rows sorted by lead."""
    return int(np.count_nonzero(np.diff(lead, prepend=-1)))


def _dense(code: IntArray) -> IntArray:
    """The same groups with codes from 0 and none left out."""
    number = np.cumsum(np.bincount(code) > 0) - 1
    return np.asarray(number[code], dtype=np.int64)


def _highest_before(lead: IntArray, probability: FloatArray) -> FloatArray:
    """The highest earlier value of the same lead, -inf where there is none (rows by lead)."""
    highest, step = probability.copy(), 1
    while step < len(lead) and (same := lead[step:] == lead[:-step]).any():
        earlier = np.where(same, highest[:-step], -np.inf)
        highest[step:] = np.maximum(highest[step:], earlier)
        step *= 2
    below = np.full(len(lead), -np.inf)
    below[1:] = np.where(lead[1:] == lead[:-1], highest[:-1], -np.inf)
    return below


def _weeks(looks: Looks, rows: IntArray, start: int | None) -> tuple[IntArray, int]:
    """The full week of the period in which each of ``rows`` is, and how many there are."""
    weeks = int((looks.days or 0) // 7)
    if not weeks or not len(rows):
        return np.full(len(rows), -1), weeks
    first = looks.position[looks.counted].min() if start is None else start
    week = (looks.position[rows] - first) // WEEK
    return np.where(week < weeks, week, -1), weeks


def _at_or_above(values: FloatArray, weight: FloatArray, thresholds: FloatArray) -> FloatArray:
    """The sum of ``weight`` where ``values`` (ascending) are at or above each threshold."""
    sums = np.concatenate([np.cumsum(weight[::-1])[::-1], [0.0]])
    found: FloatArray = sums[np.searchsorted(values, thresholds, side="left")]
    return found
