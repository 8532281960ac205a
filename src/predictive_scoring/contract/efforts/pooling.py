"""SQL rates that borrow strength from each other: beta-binomial, empirical Bayes.

Each value's true rate is taken for a draw from a beta distribution, whose two parameters are
estimated from all values (Kleinman 1973, "Proportions with extraneous variance"); the rates are
then drawn towards its mean, the more the fewer leads they rest on (Efron and Morris 1975). The
likelihood alone often says that values do not differ at all, which a handful of them cannot show.
So it is divided by the prior's strength before it is maximised: Morris' adjustment for density
maximisation, with his prior for the strength (Tak, Kelly and Morris 2017, "Rgbp", section 2). As
with Stein's estimator, fewer than four values then borrow next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaincinv, betaln, psi
from threadpoolctl import threadpool_limits

from predictive_scoring.records import Evidence, Rate

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray

_WEAKEST = 0.5
"""Neither parameter is less: Jeffreys' prior, for an honest interval around 0 or all."""
_STRONGEST = 1e6
_TAIL = 0.025


@dataclass(frozen=True)
class Prior:
    """What is known of a value before its own leads: so many SQLs, and so many that are none."""

    sqls: float
    others: float

    @property
    def strength(self) -> float:
        """In leads."""
        return self.sqls + self.others

    @property
    def mean(self) -> float:
        """The rate that others are drawn towards."""
        return self.sqls / self.strength


def fit_prior(rates: Sequence[Rate]) -> Prior:
    """The prior estimated from the values' rates; Jeffreys' where they say nothing."""
    count, of = (np.array(x, dtype=np.float64) for x in zip(*_informative(rates), strict=True))

    def loss(log_parameters: FloatArray) -> tuple[float, FloatArray]:
        """The negative logarithm of likelihood / strength, and its gradient."""
        a, b = np.exp(log_parameters)
        likelihood = betaln(count + a, of - count + b) - betaln(a, b)
        both = psi(a + b) - psi(of + a + b)
        by_a = (psi(count + a) - psi(a) + both).sum() - 1 / (a + b)
        by_b = (psi(of - count + b) - psi(b) + both).sum() - 1 / (a + b)
        return math.log(a + b) - likelihood.sum(), np.array([-a * by_a, -b * by_b])

    bounds = [(math.log(_WEAKEST), math.log(_STRONGEST))] * 2
    mean = (count.sum() + _WEAKEST) / (of.sum() + 2 * _WEAKEST)
    starts = [
        np.clip(np.log([mean * strength, (1 - mean) * strength]), *bounds[0])
        for strength in (2.0, 50.0, 1000.0)
    ]
    with threadpool_limits(limits=1):  # two numbers: threads would only wait for each other
        fits = [minimize(loss, x, jac=True, method="L-BFGS-B", bounds=bounds) for x in starts]
    a, b = np.exp(min(fits, key=lambda fit: float(fit.fun)).x)
    return Prior(float(a), float(b))


def pooled(rate: Rate, prior: Prior) -> tuple[float, float, float]:
    """The posterior mean of one value's rate and its 95 % credible interval."""
    a, b = prior.sqls + rate.count, prior.others + rate.of - rate.count
    low, high = betaincinv(a, b, [_TAIL, 1 - _TAIL])
    return a / (a + b), float(low), float(high)


def evidence(rate: Rate, drawn: tuple[float, float, float], prior: Prior, bar: float) -> Evidence:
    """Whether a value's rate is at or above the bar.

    The pooled interval decides where the value's own leads weigh as much as those it borrows; below
    that its own interval must say the same, since what others did is no evidence by itself.
    """
    lows, highs = [drawn[1]], [drawn[2]]
    if rate.of < prior.strength:
        lows.append(rate.low)
        highs.append(rate.high)
    if all(low >= bar for low in lows):
        return "enough"
    return "below the bar" if all(high < bar for high in highs) else "not yet"


def _informative(rates: Sequence[Rate]) -> list[tuple[int, int]]:
    return [(rate.count, rate.of) for rate in rates if rate.of] or [(0, 0)]
