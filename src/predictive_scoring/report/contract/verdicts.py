"""What the thresholds promise, in words that marketing and sales both read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from predictive_scoring.records import (
    ContractThresholds,
    FrontierPoint,
    NearestContract,
    SolvedThreshold,
    Unit,
)
from predictive_scoring.report.contract.words import UNKNOWN, Words
from predictive_scoring.report.words import Statement


@dataclass(frozen=True)
class Badge:
    """A state by a word and a sign, and ``kind`` (good, poor, open, none) for its colour."""

    kind: str
    sign: str
    word: str


@dataclass(frozen=True)
class TierStep:
    """A tier and the probabilities it spans."""

    kind: str
    name: str
    span: str


def badge(said: Words, solved: SolvedThreshold) -> Badge:
    """Whether the contract is kept."""
    if solved.verdict == "kept":
        return Badge("good", "\N{CHECK MARK}", said.say("kept"))
    if solved.verdict == "too few MQLs":
        return Badge("poor", "\N{BALLOT X}", said.say("infeasible: too few MQLs"))
    if solved.verdict == "rate out of reach":
        return Badge("poor", "\N{BALLOT X}", said.say("infeasible: the rate is out of reach"))
    if solved.rate is None:
        return Badge("none", UNKNOWN, said.say("no rate promised"))
    return Badge("none", UNKNOWN, said.say("nothing promised for it alone"))


def statements(said: Words, thresholds: ContractThresholds, success: str) -> tuple[Statement, ...]:
    """The verdict, the threshold and the volume for all markets together."""
    solved = thresholds.everywhere
    mark = badge(said, solved)
    found = [Statement(f"{mark.sign} {mark.word}", _promise(said, solved, success))]
    if solved.threshold is not None:
        found.append(Statement(*_threshold(said, solved, success)))
    if solved.point is not None:
        found.append(Statement(*_volume(said, solved, solved.point, thresholds.unit)))
    return tuple(found)


def nearest(said: Words, solved: SolvedThreshold, unit: Unit) -> str:
    """The contracts that could be signed instead: 30 % at 62 a month, or 100 a month at 24 %."""
    return said.either([_nearest(said, solved, n, unit) for n in solved.nearest])


def tiers(said: Words, thresholds: ContractThresholds) -> tuple[TierStep, ...]:
    """The tiers from cold to hot, by probability, for all markets together."""
    cold, mql, hot = thresholds.cold, thresholds.everywhere.threshold, thresholds.hot
    below = said.say("below %(share)s", share=said.percent(cold))
    upper = [p for p in (mql, hot) if p is not None]
    steps = [TierStep("cold", said.say("cold"), below)]
    bounds = [cold, *upper]
    names = [("nurture", said.say("to nurture"))]
    names += [("mql", said.say("MQL"))] if mql is not None else []
    names += [("hot", said.say("hot"))] if hot is not None else []
    for number, (kind, name) in enumerate(names):
        low = said.percent(bounds[number])
        if number + 1 < len(bounds):
            high = said.percent(bounds[number + 1])
            span = said.say("%(low)s to %(high)s", low=low, high=high)
        else:
            span = said.say("from %(share)s", share=low)
        steps.append(TierStep(kind, name, span))
    return tuple(steps)


def in_one_line(said: Words, thresholds: ContractThresholds) -> list[str]:
    """The thresholds now in force, in sentences for the contract's page."""
    solved = thresholds.everywhere
    found = [
        said.count(
            "As last found from %(n)s lead:", "As last found from %(n)s leads:", thresholds.leads
        )
    ]
    if solved.threshold is None:
        found.append(said.say("no threshold keeps this contract."))
    elif solved.point is not None:
        found.append(
            said.say(
                "%(threshold)s for all markets, which gives %(volume)s (%(interval)s).",
                threshold=said.percent(solved.threshold),
                volume=said.volume(solved.point.volume, thresholds.unit),
                interval=volumes(said, solved, thresholds.unit),
            )
        )
    else:
        found.append(
            said.say("%(threshold)s for all markets.", threshold=said.percent(solved.threshold))
        )
    own = [m for m in thresholds.markets if m.basis == "own" and m.threshold is not None]
    if own:
        listed = said.listed(
            [f"{said.market(m.market)} {said.percent(m.threshold or 0.0)}" for m in own]
        )
        found.append(said.say("By itself: %(markets)s.", markets=listed))
    if solved.nearest:
        could = nearest(said, solved, thresholds.unit)
        found.append(
            said.say("The promise cannot be kept as it is; %(nearest)s could.", nearest=could)
        )
    return found


def promised_rate(said: Words, solved: SolvedThreshold) -> str:
    """The rate under the contract; an en dash where there is none."""
    return UNKNOWN if solved.rate is None else said.promised(solved.rate)


def round_down(x: float, digits: int) -> float:
    """Round down: what could be signed must not be more than what could be kept."""
    steps = 10.0**digits
    return math.floor(x * steps + 1e-6) / steps


def _promise(said: Words, solved: SolvedThreshold, success: str) -> str:
    values = {
        "rate": promised_rate(said, solved),
        "confidence": said.promised(solved.confidence),
        "success": success,
    }
    if solved.verdict == "kept":
        return said.say(
            "At least %(rate)s of the leads handed over become %(success)ss: certain at a "
            "confidence of %(confidence)s, from leads that the model had not seen.",
            **values,
        )
    if solved.verdict == "too few MQLs":
        return said.say(
            "The promised rate, %(rate)s at a confidence of %(confidence)s, can be held, but "
            "only for fewer leads than were promised.",
            **values,
        )
    if solved.verdict == "rate out of reach":
        return said.say(
            "At no threshold is it certain, at a confidence of %(confidence)s, that %(rate)s "
            "become %(success)ss. Nobody is an MQL until another contract is signed.",
            **values,
        )
    return said.say("The contract promises no rate, so there is no threshold to find.")


def _threshold(said: Words, solved: SolvedThreshold, success: str) -> tuple[str, str]:
    headline = said.say("from %(threshold)s on", threshold=said.percent(solved.threshold or 0.0))
    meaning = said.say("A lead with this probability, who meets the criteria, is an MQL.")
    if (point := solved.point) is None:
        return headline, meaning
    seen = said.count(
        "Of %(n)s such lead %(rate)s became %(success)ss (%(interval)s).",
        "Of %(n)s such leads %(rate)s became %(success)ss (%(interval)s).",
        point.mqls,
        rate=said.percent(point.rate, solved.rate),
        interval=said.between(point.low, point.high),
        success=success,
    )
    return headline, f"{meaning} {seen}"


def _volume(
    said: Words, solved: SolvedThreshold, point: FrontierPoint, unit: Unit
) -> tuple[str, str]:
    headline = said.volume(point.volume, unit)
    interval = volumes(said, solved, unit)
    if unit == "month":
        text = said.say("To be expected; single months: %(interval)s.", interval=interval)
    else:
        text = said.say("To be expected; between: %(interval)s.", interval=interval)
    if solved.volume is None:
        return headline, text
    asked = said.say("Promised: %(volume)s.", volume=said.amount(solved.volume, unit))
    return headline, f"{text} {asked}"


def volumes(said: Words, solved: SolvedThreshold, unit: Unit) -> str:
    """The volume's interval, "" where it is not known."""
    point = solved.point
    if point is None or not math.isfinite(point.volume_low):
        return ""
    low, high = said.amount(point.volume_low, unit), said.amount(point.volume_high, unit)
    return said.say("%(low)s to %(high)s", low=low, high=high)


def _nearest(said: Words, solved: SolvedThreshold, near: NearestContract, unit: Unit) -> str:
    rate = said.promised(round_down(near.rate, 3))
    digits = 3 if unit == "share" else 1 if near.volume < 10 else 0
    volume = said.amount(round_down(near.volume, digits), unit)
    same_volume = solved.volume is not None and math.isclose(near.volume, solved.volume)
    if unit == "share":
        return said.say("%(rate)s at %(volume)s of the leads", rate=rate, volume=volume)
    if same_volume:
        return said.say("%(volume)s a month at %(rate)s", rate=rate, volume=volume)
    return said.say("%(rate)s at %(volume)s a month", rate=rate, volume=volume)
