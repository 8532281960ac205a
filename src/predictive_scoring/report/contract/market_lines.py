"""The markets' thresholds and what they promise, as rows of words."""

from __future__ import annotations

from dataclasses import dataclass

from predictive_scoring.records import ContractThresholds, SolvedThreshold, Unit
from predictive_scoring.report.contract.verdicts import (
    Badge,
    badge,
    nearest,
    promised_rate,
    volumes,
)
from predictive_scoring.report.contract.words import UNKNOWN, Words


@dataclass(frozen=True)
class MarketLine:
    """One market's row: what is promised, what comes of it, and on which leads that rests."""

    market: str
    promise: str
    badge: Badge
    threshold: str
    volume: str
    volume_interval: str
    rate: str
    rate_interval: str
    basis: str
    nearest: str


def market_lines(said: Words, thresholds: ContractThresholds) -> tuple[MarketLine, ...]:
    """A row for each market under the contract."""
    return tuple(_line(said, solved, thresholds.unit) for solved in thresholds.markets)


def _line(said: Words, solved: SolvedThreshold, unit: Unit) -> MarketLine:
    point = solved.point
    own = solved.basis == "own"
    return MarketLine(
        market=said.market(solved.market),
        promise=_asked(said, solved, unit),
        badge=badge(said, solved),
        threshold=UNKNOWN if solved.threshold is None else said.percent(solved.threshold),
        volume=UNKNOWN if point is None else said.amount(point.volume, unit),
        volume_interval=volumes(said, solved, unit),
        rate=UNKNOWN if point is None else said.percent(point.rate, solved.rate),
        rate_interval="" if point is None else said.between(point.low, point.high),
        basis=said.say("its own leads")
        if own
        else said.say("the leads of all markets, which promises nothing for this one alone"),
        nearest=nearest(said, solved, unit),
    )


def _asked(said: Words, solved: SolvedThreshold, unit: Unit) -> str:
    rate = promised_rate(said, solved)
    if solved.volume is None:
        return rate
    volume = said.amount(solved.volume, unit)
    if unit == "share":
        return said.say("%(rate)s at %(volume)s of the leads", rate=rate, volume=volume)
    return said.say("%(rate)s at %(volume)s a month", rate=rate, volume=volume)
