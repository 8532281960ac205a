"""What the first crossings of one threshold prove: exact bounds at the effective sample size.

People of one account are alike, so n of them prove less than n strangers. Korn and Graubard (1998,
Survey Methodology 24) keep the exact binomial bound and shrink the sample: by the design effect of
the ratio, estimated between accounts, and by the t quantiles that say how well so few accounts
estimate it. Where every account is one lead the bound is the plain exact one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, stdtrit

from predictive_scoring.contract.intervals import lower_bound, upper_bound

if TYPE_CHECKING:
    from predictive_scoring.contract.thresholds.crossings import Crossings
    from predictive_scoring.records import FloatArray, IntArray

# Below this confidence the ratio of the t quantiles degenerates (0 / 0 at one half); the greater
# confidence shrinks the sample a little more.
_LEAST_LEVEL = 0.75


@dataclass(frozen=True)
class Evidence:
    """``sqls`` of ``mqls`` first crossings with a known outcome.

    ``design_effect`` is the variance of their rate over that of as many independent leads, at least
    1; ``accounts`` is None where every lead is an account of its own.
    """

    sqls: int
    mqls: int
    design_effect: float = 1.0
    accounts: int | None = None

    @property
    def rate(self) -> float:
        """The share of SQLs; NaN without MQLs."""
        return self.sqls / self.mqls if self.mqls else float("nan")

    def p_value(self, rate: float, confidence: float) -> float:
        """The exact chance of so many SQLs if the true rate were ``rate`` (H0: it is lower)."""
        sqls, mqls = self._effective(confidence)
        return float(betainc(sqls, mqls - sqls + 1, rate)) if sqls > 0 else 1.0

    def bound(self, confidence: float) -> float:
        """The one-sided lower bound of the rate: all rates below it are rejected."""
        return lower_bound(*self._effective(confidence), confidence)

    def interval(self) -> tuple[float, float]:
        """The two-sided 95 % interval."""
        effective = self._effective(0.975)
        return lower_bound(*effective, 0.975), upper_bound(*effective, 0.975)

    def _effective(self, confidence: float) -> tuple[float, float]:
        """SQLs and MQLs, shrunk to what as many independent leads would be."""
        if self.accounts is None or self.mqls < 2:
            return self.sqls, self.mqls
        level = max(confidence, _LEAST_LEVEL)
        t_of_leads = stdtrit(self.mqls - 1, level)
        t_of_accounts = stdtrit(max(self.accounts - 1, 1), level)
        shrunk = (t_of_leads / t_of_accounts) ** 2 / self.design_effect
        return self.sqls * shrunk, self.mqls * shrunk


def evidence(crossings: Crossings, rows: IntArray) -> Evidence:
    """What ``rows`` of the crossings prove, those with a known outcome."""
    rows = rows[~np.isnan(crossings.outcome[rows])]
    outcome = crossings.outcome[rows]
    mqls, sqls = len(rows), int(outcome.sum())
    if not crossings.clustered or not mqls:
        return Evidence(sqls, mqls)
    account = crossings.account[rows]
    leads = np.bincount(account).astype(np.float64)
    if leads.max() == 1:
        return Evidence(sqls, mqls)
    there = leads > 0
    successes: FloatArray = np.bincount(account, weights=outcome).astype(np.float64)
    effect = _design_effect(successes[there], leads[there])
    return Evidence(sqls, mqls, effect, int(np.count_nonzero(there)))


def _design_effect(sqls: FloatArray, leads: FloatArray) -> float:
    """Of the rate, from each account's SQLs and leads (linearised ratio estimator)."""
    count, total = len(leads), leads.sum()
    rate = sqls.sum() / total
    if not 0 < rate < 1 or count < 2:  # no spread to be seen: as if each account were one lead
        return float((leads**2).sum() / total)
    between = ((sqls - rate * leads) ** 2).sum() * count / (count - 1)
    return max(1.0, float(between / (total * rate * (1 - rate))))
