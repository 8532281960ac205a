"""From the looks of the forward period to the thresholds that keep a contract.

What is promised for what:

* A market with enough leads of its own (``basis`` own) has its own test at the contract's
  confidence: its MQLs hold its rate. Whether it has enough is decided by the power that the model's
  probabilities give its best start, never by outcomes. Where its test fails nobody there is an MQL.
* Every other market takes the threshold of all markets at its rate (``basis`` pooled). That
  threshold holds the rate on all leads together; for the market alone nothing is promised.
* Everywhere: all MQLs together, each by its market's threshold, hold the company's rate. The
  threshold must prove it twice: on all leads as the one threshold, and on the MQLs as they are
  handed over, where some markets have their own. Were it tested on all leads alone, good markets
  could lend their rate to poor ones and then spend it on a lower threshold of their own. A market
  that is promised another rate stands by itself and is left out of this second test.
* A volume is promised as an average month. Without instants (one look a lead) no volume per month
  can be held, so none is taken as promised and the verdict is on the rate alone.

All of it is for leads like those of the forward period, and for outcomes that are not missing
because of what they would have been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from predictive_scoring.config.contract import ContractSettings, Version
from predictive_scoring.contract.thresholds.crossings import Crossings, first_crossings
from predictive_scoring.contract.thresholds.frontier import frontier_of, point_of
from predictive_scoring.contract.thresholds.markets import (
    THROUGH,
    crossings_by_market,
    handed_over,
)
from predictive_scoring.contract.thresholds.terms import terms_digest
from predictive_scoring.contract.thresholds.testing import Search, lowest_proved
from predictive_scoring.contract.thresholds.tiers import cold_threshold, hot_threshold
from predictive_scoring.contract.thresholds.verdicts import (
    Terms,
    judge,
    settle,
    settle_pooled,
    threshold_for,
)
from predictive_scoring.contract.thresholds.volume import expected_volume
from predictive_scoring.records import ContractThresholds, FrontierPoint, Looks, SolvedThreshold

# A market is solved by itself when its test has this chance to succeed, if the model is right.
POWER = 0.8


def solve(looks: Looks, contract: ContractSettings, version: Version) -> ContractThresholds:
    """Find the thresholds that keep one version of the contract, and the verdicts.

    ``looks`` are of leads that neither training nor calibration saw, with mature outcomes.
    """
    leads = first_crossings(looks)
    by_market = crossings_by_market(looks, version.markets)
    own = _own_markets(by_market, version, looks.days)
    policy = _policy(looks, leads, own, version)
    search = _search(leads, policy, version)
    terms = _terms(version, "", looks.days)
    threshold = threshold_for(terms, leads, search)
    others = {name: part for name, part in by_market.items() if name not in own}
    markets = {**own, **_pooled_markets(leads, others, threshold, version, looks.days)}
    point = _point_of_all(looks, policy, threshold, markets, version)
    everywhere = judge(terms, threshold, point, leads, search)
    proved = [s.threshold for s in (everywhere, *markets.values()) if s.threshold is not None]
    mql = min(proved, default=None)
    return ContractThresholds(
        version=version.since.isoformat(),
        terms=terms_digest(contract, version),
        unit="share" if looks.days is None else "month",
        leads=leads.leads,
        days=looks.days or 0.0,
        everywhere=everywhere,
        markets=tuple(markets[name] for name in sorted(markets)),
        hot=hot_threshold(leads, _hot_rate(contract, version), version.confidence, mql),
        cold=cold_threshold(looks, contract.tiers.cold_share, mql),
        frontier=frontier_of(leads, version.confidence),
    )


def _terms(version: Version, market: str, days: float | None) -> Terms:
    of = version.of(market)
    volume = None if days is None else of.mqls_per_month
    return Terms(market, of.sql_rate, volume, version.confidence)


def _hot_rate(contract: ContractSettings, version: Version) -> float | None:
    if contract.tiers.hot_rate is not None or version.sql_rate is None:
        return contract.tiers.hot_rate
    return (1 + version.sql_rate) / 2


def _apart(version: Version) -> set[str]:
    """The markets that are promised another rate than the company's."""
    return {m for m in version.markets if version.of(m).sql_rate != version.sql_rate}


def _own_markets(
    by_market: Mapping[str, Crossings], version: Version, days: float | None
) -> dict[str, SolvedThreshold]:
    """The markets that are solved by themselves."""
    solved = {}
    for market, leads in by_market.items():
        terms, search = _terms(version, market, days), None
        if terms.rate is not None:
            search = lowest_proved(leads, terms.rate, terms.confidence)
        if search.power >= POWER if search is not None else terms.volume is not None:
            solved[market] = settle(terms, leads, search)
    return solved


def _policy(
    looks: Looks, leads: Crossings, own: Mapping[str, SolvedThreshold], version: Version
) -> Crossings:
    """The leads the company's rate is promised of, as they are handed over."""
    if not own and not _apart(version):
        return leads
    return handed_over(looks, {m: s.threshold for m, s in own.items()}, _apart(version))


def _search(leads: Crossings, policy: Crossings, version: Version) -> Search | None:
    """The threshold of all markets that have none of their own."""
    if version.sql_rate is None:
        return None
    both = (leads,) if policy is leads else (leads, policy)
    return lowest_proved(leads, version.sql_rate, version.confidence, both)


def _pooled_markets(
    leads: Crossings,
    others: Mapping[str, Crossings],
    threshold: float | None,
    version: Version,
    days: float | None,
) -> dict[str, SolvedThreshold]:
    """The markets that take the threshold of all markets at their rate."""
    thresholds: dict[float | None, float | None] = {version.sql_rate: threshold, None: threshold}
    solved = {}
    for market, part in others.items():
        terms = _terms(version, market, days)
        if terms.rate is not None and terms.rate not in thresholds:
            search = lowest_proved(leads, terms.rate, terms.confidence)
            thresholds[terms.rate] = search.threshold
        solved[market] = settle_pooled(terms, leads, part, thresholds[terms.rate])
    return solved


def _point_of_all(
    looks: Looks,
    policy: Crossings,
    threshold: float | None,
    markets: Mapping[str, SolvedThreshold],
    version: Version,
) -> FrontierPoint | None:
    """All MQLs together: the rate of those the company's rate is promised of, the volume of all.

    Where there is no common threshold, the lowest of a market's own; None without MQLs.
    """
    thresholds = {market: solved.threshold for market, solved in markets.items()}
    at = THROUGH if threshold is None else threshold
    everybody = handed_over(looks, thresholds) if _apart(version) else policy
    rows = everybody.at(at)
    if not len(rows):
        return None
    shown = min(t for t in thresholds.values() if t is not None) if threshold is None else threshold
    point = point_of(policy, policy.at(at), shown, version.confidence)
    volume = expected_volume(everybody, rows)
    return replace(point, volume=volume.mean, volume_low=volume.low, volume_high=volume.high)
