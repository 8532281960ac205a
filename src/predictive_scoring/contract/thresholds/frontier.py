"""The frontier of rate against volume, and the best leads for a given capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.contract.thresholds.crossings import Crossings, first_crossings
from predictive_scoring.contract.thresholds.evidence import evidence
from predictive_scoring.contract.thresholds.testing import thresholds_at
from predictive_scoring.contract.thresholds.volume import expected_volume
from predictive_scoring.errors import TooLittleData, UsageError
from predictive_scoring.records import FrontierPoint, Looks

if TYPE_CHECKING:
    from predictive_scoring.records import IntArray

POINTS = 100


def frontier(looks: Looks, confidence: float) -> tuple[FrontierPoint, ...]:
    """About 100 thresholds in even steps of volume, from the highest down.

    Each point's bound and interval hold for it by itself. Empty where no eligible lead was looked
    at.
    """
    return frontier_of(first_crossings(looks), confidence)


def frontier_of(crossings: Crossings, confidence: float) -> tuple[FrontierPoint, ...]:
    """The same from the first crossings."""
    if not len(crossings):
        return ()
    most = crossings.volume(crossings.thresholds()).max()
    volumes = np.unique(np.ceil(np.linspace(0, most, POINTS + 1)[1:]))
    thresholds = thresholds_at(crossings, volumes)
    return tuple(point_at(crossings, float(t), confidence) for t in thresholds)


def at_capacity(looks: Looks, per_week: float, confidence: float) -> FrontierPoint:
    """The lowest threshold that gives sales at most ``per_week`` leads in an average week.

    Where several leads with one and the same highest probability already exceed it, that
    probability. Raises ``UsageError`` where the history has no instants, or the capacity is none,
    and ``TooLittleData`` where no eligible lead was looked at.
    """
    if looks.days is None:
        raise UsageError(
            "a capacity per week, and a history without instants",
            "a history that says when each lead was created",
            "name the column with the date in `tables`, or choose a rate from the frontier",
        )
    if not 0 < per_week < np.inf:
        raise UsageError(
            f"a capacity of {per_week:g} leads a week", "more than 0", "give a greater number"
        )
    crossings = first_crossings(looks)
    if not len(crossings):
        raise TooLittleData(
            "no eligible lead in the forward period",
            "leads that meet the contract's MQL criteria",
            "check the criteria `contract.versions.mql` against the data",
        )
    thresholds = crossings.thresholds()
    reached = np.maximum.accumulate(crossings.volume(thresholds))
    within = reached[reached <= per_week * looks.days / 7]
    index = np.searchsorted(reached, within.max(initial=reached[0]))
    return point_at(crossings, float(thresholds[index]), confidence)


def point_at(crossings: Crossings, threshold: float, confidence: float) -> FrontierPoint:
    """What one threshold gives."""
    return point_of(crossings, crossings.at(threshold), threshold, confidence)


def point_of(
    crossings: Crossings, rows: IntArray, threshold: float, confidence: float
) -> FrontierPoint:
    """What handing over ``rows`` of the crossings gives."""
    found, volume = evidence(crossings, rows), expected_volume(crossings, rows)
    low, high = found.interval()
    return FrontierPoint(
        threshold=threshold,
        mqls=found.mqls,
        sqls=found.sqls,
        rate=found.rate if found.mqls else 0.0,
        bound=found.bound(confidence),
        low=low,
        high=high,
        volume=volume.mean,
        volume_low=volume.low,
        volume_high=volume.high,
    )
