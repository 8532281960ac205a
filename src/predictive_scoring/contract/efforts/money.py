"""What efforts cost within a window, and what is left of what they brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from predictive_scoring.contract.efforts.dimensions import TEAM, Dimension
from predictive_scoring.records import note

if TYPE_CHECKING:
    from predictive_scoring.config import ContractSettings, Cost


@dataclass(frozen=True)
class Spending:
    """A dimension's costs by value, in the contract's currency, and what they leave out."""

    by_value: Mapping[str, float]
    notes: tuple[str, ...] = ()


def spending(
    contract: ContractSettings,
    dimension: Dimension,
    there: Mapping[str, Dimension],
    scope: Mapping[str, str],
    days: tuple[date, date],
) -> Spending:
    """The costs by this dimension that fall on ``days`` (first and last, both included).

    An amount is spread evenly over its own days. A window narrowed to a ``scope`` bears the costs
    by that very dimension alone: what others cost for it nobody declared.
    """
    own: dict[str, float] = {}
    elsewhere: dict[str, float] = {}
    for cost in contract.costs:
        amount = _within(cost, days)
        if amount is None:
            continue
        mine = dimension.is_of(there.get(cost.by))
        place, key = (own, cost.value) if mine else (elsewhere, cost.by)
        place[key] = place.get(key, 0.0) + amount
    notes = [
        note(
            "costs by %(by)s (%(amount)s) are not in figures by %(dimension)s",
            by=by,
            amount=_money(amount, contract),
            dimension=dimension.name,
        )
        for by, amount in elsewhere.items()
    ]
    narrowed = {
        name: value
        for name, value in scope.items()
        if name == TEAM or not dimension.is_of(there.get(name))
    }
    if narrowed and own:
        notes.append(
            note(
                "costs by %(by)s (%(amount)s) are not counted: they are of all leads, not of "
                "%(scope)s alone",
                by=dimension.name,
                amount=_money(sum(own.values()), contract),
                scope=_named(narrowed),
            )
        )
        own = {}
    asked = [value for name, value in scope.items() if name not in narrowed]
    return Spending({v: c for v, c in own.items() if not asked or v in asked}, tuple(notes))


def _within(cost: Cost, days: tuple[date, date]) -> float | None:
    """The part of a cost that falls on the days, None where none does."""
    first, last = max(cost.since, days[0]), min(cost.until, days[1])
    counted, whole = (last - first).days + 1, (cost.until - cost.since).days + 1
    return cost.amount * counted / whole if counted > 0 else None


def _money(amount: float, contract: ContractSettings) -> str:
    return f"{amount:,.2f} {contract.currency}"


def _named(scope: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in scope.items())
