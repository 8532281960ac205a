"""What nurturing changed, measured by leads that a lot left out of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import chdtrc

from predictive_scoring.nurture.trial import trial_rows
from predictive_scoring.records import Balance, Rate, TrialGroup, Uplift, UpliftVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, FloatArray

_DIMENSIONS: tuple[Literal["market", "source", "month"], ...] = ("market", "source", "month")
_LEAST_EXPECTED = 5  # in each cell of a chi-square table (Cochran 1954)
_MIXED_EXPECTED = 10  # accounts of both groups, to tell that there is none by no accident


def uplift(extract: Extract, config: Config) -> Uplift | None:
    """SQLs among all treated leads against all controls (intention to treat); None: no trial.

    Counted are leads whose horizon since creation is over (flat companies: whose outcome is known);
    a success is the outcome's stage within it, and who was never worked is no success, in either
    group. The interval is Newcombe's hybrid score interval (1998, Statistics in Medicine 17,
    method 10). Raises UsageError for groups that the column's type cannot hold, DataError where the
    data have no instant.
    """
    if config.nurture.trial is None:
        return None
    rows = trial_rows(extract, config, config.nurture.trial)
    treated, control = _group(rows[rows["treated"]]), _group(rows[~rows["treated"]])
    difference, low, high = newcombe(treated.sqls, control.sqls)
    counted = rows[rows["state"] == "counted"]
    by_account = _by_account(counted)
    return Uplift(
        treated, control, difference, low, high, _verdict(low, high),
        balance=tuple(_balance(counted, "accounts" if by_account else "leads")),
        by_account=by_account,
        moved=int(rows["moved"].sum()),
        horizon_days=config.outcome.horizon,
    )  # fmt: skip


def newcombe(treated: Rate, control: Rate) -> tuple[float, float, float]:
    """The difference of two independent shares with its 95 % interval; NaN where one is of 0."""
    difference = treated.value - control.value
    low = difference - math.hypot(treated.value - treated.low, control.high - control.value)
    high = difference + math.hypot(treated.high - treated.value, control.value - control.low)
    return difference, low, high


def _verdict(low: float, high: float) -> UpliftVerdict:
    if math.isnan(low):
        return "too early"
    return "measured gain" if low > 0 else "measured harm" if high < 0 else "no effect seen"


def _group(rows: pd.DataFrame) -> TrialGroup:
    counted = rows[rows["state"] == "counted"]
    leads = rows.groupby("state")["leads"].sum()
    return TrialGroup(
        sqls=Rate.wilson(int(counted["sqls"].sum()), int(counted["leads"].sum())),
        unworked=int(counted["unworked"].sum()),
        immature=int(leads.get("immature", 0)),
        unknown=int(leads.get("unknown", 0)),
    )


def _by_account(counted: pd.DataFrame) -> bool:
    """Whether no account has leads of both groups, although a lot among leads would mix many.

    An account of several leads is mixed with a probability of at least 2 p (1 - p).
    """
    share = counted.loc[counted["treated"], "leads"].sum() / max(counted["leads"].sum(), 1)
    expected = counted["shared"].sum() * 2 * share * (1 - share)
    return bool(expected >= _MIXED_EXPECTED and counted["mixed"].sum() == 0)


def _balance(counted: pd.DataFrame, unit: str) -> Iterator[Balance]:
    """Pearson's chi-square test of the groups' shares over each dimension's values."""
    for dimension in _DIMENSIONS:
        cells = counted.pivot_table(
            unit, "treated", dimension, aggfunc="sum", fill_value=0, observed=True
        )
        table = _pooled(cells.to_numpy(np.float64))
        if min(table.shape, default=0) >= 2:
            expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
            statistic = ((table - expected) ** 2 / expected).sum()
            yield Balance(dimension, float(chdtrc(table.shape[1] - 1, statistic)))


def _pooled(table: FloatArray) -> FloatArray:
    """Columns of whom too few are expected in a cell, as one; without it if that is too few too."""
    smallest = table.sum(axis=1).min() / max(table.sum(), 1.0)
    enough = table.sum(axis=0) * smallest >= _LEAST_EXPECTED
    rest = table[:, ~enough].sum(axis=1, keepdims=True)
    kept = table[:, enough]
    return np.hstack([kept, rest]) if rest.sum() * smallest >= _LEAST_EXPECTED else kept
