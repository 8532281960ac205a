"""One value's line: counts become rates, rates are held to the bar, money is added."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from predictive_scoring.contract.efforts.credit import Credit
from predictive_scoring.contract.efforts.funnel import Funnel
from predictive_scoring.contract.efforts.leads import NONE
from predictive_scoring.contract.efforts.pooling import Prior, evidence, fit_prior, pooled
from predictive_scoring.contract.intervals import wilson
from predictive_scoring.records import Effort, Evidence, Rate

_UNKNOWN = wilson(0, 0)


@dataclass(frozen=True)
class Standard:
    """What a dimension's values are held to: the rate they are drawn towards, and the bar.

    ``prior`` is None where no outcome is known, ``bar`` NaN where there is none.
    """

    prior: Prior | None
    bar: float

    def drawn(self, rate: Rate) -> tuple[float, float, float]:
        """The rate drawn towards the others', with its interval."""
        return pooled(rate, self.prior) if self.prior else (math.nan, math.nan, math.nan)

    def verdict(self, value: str, rate: Rate) -> Evidence:
        """Whether the value reaches the bar; a missing value is no effort to judge."""
        if self.prior is None or math.isnan(self.bar) or value == NONE:
            return ""
        return evidence(rate, self.drawn(rate), self.prior, self.bar)


@dataclass(frozen=True)
class Money:
    """What a line costs (None: no cost is declared), and what a won deal brings (None: unknown)."""

    cost: float | None
    won_value: float | None


def standard(funnels: Iterable[Funnel], entry_rate: float | None) -> Standard:
    """The standard of these values; without an ``entry_rate`` the bar is half of their rate.

    Leads without a value tell nothing of those that have one.
    """
    rates = [wilson(f.success, f.known) for f in funnels if f.value != NONE]
    known, sqls = sum(r.of for r in rates), sum(r.count for r in rates)
    bar = entry_rate or (sqls / known / 2 if sqls else math.nan)
    return Standard(fit_prior(rates) if known else None, bar)


def line(
    counts: Funnel, credit: Credit | None, money: Money, held_to: Standard, knows_won: bool
) -> Effort:
    """The value's effort. ``credit`` is that of a touch; where there is one, money follows it."""
    known = wilson(counts.success, counts.known)
    sqls, won = (credit.sqls, credit.won) if credit else (counts.sql, counts.won)
    result = None
    if money.cost is not None and money.won_value is not None:
        result = won * money.won_value - money.cost
    return Effort(
        value=counts.value,
        leads=counts.leads,
        open=counts.open,
        mql=wilson(counts.mql, counts.leads),
        sql=wilson(counts.sql, counts.leads),
        won=wilson(counts.won, counts.leads) if knows_won else _UNKNOWN,
        mql_to_sql=wilson(counts.mql_sql, counts.mql),
        sql_to_won=wilson(counts.sql_won, counts.sql) if knows_won else _UNKNOWN,
        known=known,
        pooled=held_to.drawn(known),
        evidence=held_to.verdict(counts.value, known),
        days_to_mql=counts.days_to_mql,
        days_to_sql=counts.days_to_sql,
        days_to_won=counts.days_to_won,
        first_touch=float(credit.first) if credit else None,
        multi_touch=credit.sqls if credit else None,
        cost=money.cost,
        cost_per_sql=money.cost / sqls if money.cost is not None and sqls else None,
        result=result,
    )
