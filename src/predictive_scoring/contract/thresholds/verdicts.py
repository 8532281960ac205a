"""What a search's result means for a contract: the verdict, and what could be signed instead."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from predictive_scoring.contract.thresholds.crossings import Crossings
from predictive_scoring.contract.thresholds.evidence import evidence
from predictive_scoring.contract.thresholds.frontier import point_at
from predictive_scoring.contract.thresholds.testing import Search, thresholds_at
from predictive_scoring.contract.thresholds.volume import MONTH, expected_volume
from predictive_scoring.records import FrontierPoint, NearestContract, SolvedThreshold, Verdict


@dataclass(frozen=True)
class Terms:
    """What is promised of one market's MQLs ("" = all of them).

    ``volume`` is MQLs a month, None where none is promised or, without instants, none can be held.
    """

    market: str
    rate: float | None
    volume: float | None
    confidence: float


def settle(terms: Terms, leads: Crossings, search: Search | None) -> SolvedThreshold:
    """The threshold and verdict that rest on ``leads`` alone."""
    threshold = threshold_for(terms, leads, search)
    point = None if threshold is None else point_at(leads, threshold, terms.confidence)
    return judge(terms, threshold, point, leads, search)


def settle_pooled(
    terms: Terms, leads: Crossings, part: Crossings, threshold: float | None
) -> SolvedThreshold:
    """A market with the threshold of all ``leads``: their rate, the volume of its own ``part``.

    Its verdict is no more than what can be said of it alone: that there is no threshold, or that
    its volume is too small.
    """
    point, verdict = None, _verdict(terms, threshold, None)
    if threshold is not None:
        volume = expected_volume(part, part.at(threshold))
        point = point_at(leads, threshold, terms.confidence)
        point = replace(point, volume=volume.mean, volume_low=volume.low, volume_high=volume.high)
        verdict = _verdict(terms, threshold, point)
    pooled = judge(terms, threshold, point, leads, None)
    return replace(
        pooled,
        basis="pooled",
        verdict="nothing promised" if verdict == "kept" else verdict,
        nearest=(),
    )


def judge(
    terms: Terms,
    threshold: float | None,
    point: FrontierPoint | None,
    leads: Crossings,
    search: Search | None,
) -> SolvedThreshold:
    """The verdict on a threshold; the nearest contracts are sought on ``leads``."""
    verdict = _verdict(terms, threshold, point)
    nearest: tuple[NearestContract | None, ...] = ()
    if verdict == "rate out of reach":
        nearest = _without_the_rate(terms, leads, search)
    elif verdict == "too few MQLs" and point is not None:
        nearest = _with_fewer(terms, leads, point)
    return SolvedThreshold(
        market=terms.market,
        basis="own",
        rate=terms.rate,
        confidence=terms.confidence,
        volume=terms.volume,
        threshold=threshold,
        point=point,
        verdict=verdict,
        nearest=tuple(contract for contract in nearest if contract is not None),
    )


def threshold_for(terms: Terms, leads: Crossings, search: Search | None) -> float | None:
    """The threshold that was found; where no rate is promised (None), that of the volume."""
    return _for_volume(terms, leads) if search is None else search.threshold


def _verdict(terms: Terms, threshold: float | None, point: FrontierPoint | None) -> Verdict:
    if terms.rate is None and terms.volume is None:
        return "nothing promised"
    if threshold is None and terms.rate is not None:
        return "rate out of reach"
    # Volumes are counts over months that are not whole: equal to a hair is equal.
    if terms.volume is not None and (point is None or point.volume < terms.volume * (1 - 1e-9)):
        return "too few MQLs"
    return "kept"


def _for_volume(terms: Terms, leads: Crossings) -> float | None:
    """The highest threshold with the promised volume, or that with most MQLs; blind to outcomes.

    None where no volume is promised, or nobody can be an MQL.
    """
    if terms.volume is None or leads.days is None or not len(leads):
        return None
    most = int(leads.volume(leads.thresholds()).max())
    count = min(math.ceil(terms.volume * leads.days / MONTH * (1 - 1e-9)), most)
    return float(thresholds_at(leads, np.array([count]))[0])


def _without_the_rate(
    terms: Terms, leads: Crossings, search: Search | None
) -> tuple[NearestContract | None, ...]:
    """The promised volume at the rate it can be proved to have, and the start of the search."""
    start = None if search is None else search.start
    thresholds = {t for t in (_for_volume(terms, leads), start) if t is not None}
    return tuple(_contract_at(t, terms, leads) for t in sorted(thresholds))


def _with_fewer(
    terms: Terms, leads: Crossings, point: FrontierPoint
) -> tuple[NearestContract | None, ...]:
    """The rate at the volume there is, and the volume at the rate there is."""
    rate, threshold = terms.rate, _for_volume(terms, leads)
    return (
        None if rate is None else NearestContract(point.threshold, rate, point.volume),
        None if threshold is None else _contract_at(threshold, terms, leads),
    )


def _contract_at(threshold: float, terms: Terms, leads: Crossings) -> NearestContract | None:
    """What a threshold chosen without outcomes proves, rounded down to whole per cent.

    Always less than the promised rate, which the test did not grant. None below 1 %.
    """
    rows = leads.at(threshold)
    rate = math.floor(evidence(leads, rows).bound(terms.confidence) * 100 + 1e-9)
    if terms.rate is not None:
        rate = min(rate, math.ceil(terms.rate * 100 - 1e-9) - 1)
    volume = expected_volume(leads, rows).mean
    return NearestContract(threshold, rate / 100, volume) if rate > 0 else None
