"""Hot, MQL, nurture, cold: how leads are sorted besides the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from predictive_scoring.contract.thresholds.testing import lowest_proved
from predictive_scoring.records import ContractThresholds, Looks

if TYPE_CHECKING:
    from predictive_scoring.contract.thresholds.crossings import Crossings
    from predictive_scoring.records import BoolArray, FloatArray, TextArray

_NAMES = np.array(["cold", "nurture", "mql", "hot"], dtype=object)


def hot_threshold(
    leads: Crossings, rate: float | None, confidence: float, mql: float | None
) -> float | None:
    """The lowest probability proved to hold the hot ``rate`` on all leads, at least that of an MQL.

    None where no rate is asked for or none is proved, or where nobody is an MQL.
    """
    if rate is None or mql is None:
        return None
    proved = lowest_proved(leads, rate, confidence).threshold
    return None if proved is None else max(proved, mql)


def cold_threshold(looks: Looks, share: float, mql: float | None) -> float:
    """The highest probability below which leads held at most ``share`` of the SQLs.

    A lead counts once, with its highest probability in the period and whether it became an SQL
    after any look of the period. Never above ``mql``, the lowest MQL threshold; 0 with no SQL.
    """
    counted = np.flatnonzero(looks.counted)
    if not len(counted):
        return 0.0
    lead = looks.lead[counted]
    starts = np.flatnonzero(np.diff(lead, prepend=-1))
    best = np.maximum.reduceat(looks.probability[counted], starts)
    sql = np.maximum.reduceat(looks.outcome[counted] == 1, starts)
    of_sqls = np.sort(best[sql])
    if not len(of_sqls):
        return 0.0
    cold = float(of_sqls[int(share * len(of_sqls) + 1e-9)])
    return cold if mql is None else min(cold, mql)


def tier_of(
    probability: FloatArray,
    market: TextArray,
    criteria_met: BoolArray,
    was_mql: BoolArray,
    thresholds: ContractThresholds,
    points: float,
) -> tuple[FloatArray, TextArray]:
    """Each lead's threshold (NaN: nobody of its market is an MQL) and tier; all of shape (n,).

    An MQL has a probability at or above its market's threshold and meets the criteria; one that
    ``was_mql`` stays one, while it meets them, until it is more than ``points`` percentage points
    below. A hot lead is an MQL of at least the threshold and ``hot``. Of the others those below
    ``cold`` are cold, the rest are nurtured.
    """
    code, names = pd.factorize(market)
    lines = [thresholds.of(str(name)).threshold for name in names] + [
        thresholds.everywhere.threshold  # of a market that is None, which has code -1
    ]
    threshold = np.array(lines, dtype=np.float64)[code]
    above = probability >= threshold
    # Subtracted from the threshold and not added to the score, so that 0 points change nothing.
    stays = was_mql & (probability >= threshold - points / 100)
    mql = criteria_met & (above | stays)
    hot = mql & above & (probability >= (np.inf if thresholds.hot is None else thresholds.hot))
    tier = np.where(mql, np.where(hot, 3, 2), np.where(probability < thresholds.cold, 0, 1))
    return threshold, _NAMES[tier]
