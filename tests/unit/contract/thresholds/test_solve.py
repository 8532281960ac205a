from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from predictive_scoring.config.contract import ContractSettings, Version
from predictive_scoring.contract.thresholds import solve, terms_digest
from predictive_scoring.records import ContractThresholds, Looks

MONTHS = 6  # of the history that `looks` makes


def solved(
    history: Looks, tiers: dict[str, float] | None = None, **terms: Any
) -> ContractThresholds:
    version = Version.model_validate({"from": "2026-01-01", **terms})
    contract = ContractSettings.model_validate({"tiers": tiers or {}})
    return solve(history, contract, version)


@pytest.fixture
def company(looks) -> Looks:
    """6,000 leads with a calibrated model: 1,000 a month, a quarter of them SQLs."""
    return drawn(looks, {"": 6000})


def drawn(looks, markets: dict[str, int], lift: dict[str, float] | None = None, **of: Any) -> Looks:
    """Leads by market; in one with a lift the true chance is so many times what the model says."""
    rng = np.random.default_rng(11)
    market = np.repeat(list(markets), list(markets.values()))
    probability = rng.beta(1, 3, len(market))
    factor = np.array([(lift or {}).get(m, 1.0) for m in market])
    outcome = rng.random(len(market)) < np.minimum(probability * factor, 1)
    history: Looks = looks(probability, outcome, market=market.tolist(), **of)
    return history


def seen(history: Looks, threshold: float, market: str | None = None) -> tuple[int, float]:
    at = history.probability >= threshold
    if market is not None:
        at &= history.market == market
    return int(at.sum()), float(history.outcome[at].mean())


def threshold_of(result: ContractThresholds, market: str) -> float:
    threshold = result.of(market).threshold
    assert threshold is not None
    return threshold


def test_the_contract_is_kept(company: Looks) -> None:
    result = solved(company, sql_rate=0.4, mqls_per_month=100)
    line = result.everywhere
    assert (line.verdict, line.basis, line.nearest) == ("kept", "own", ())
    assert line.threshold is not None
    assert line.point is not None
    mqls, rate = seen(company, line.threshold)
    assert (line.point.mqls, line.point.rate) == (mqls, rate)
    assert line.point.bound >= 0.4
    assert line.point.volume == pytest.approx(mqls / MONTHS)
    # A calibrated model's best threshold holds 40 % on average at 0.2; proof costs some volume.
    assert 0.2 < line.threshold < 0.26
    assert (result.leads, result.unit, result.version) == (6000, "month", "2026-01-01")
    assert result.terms == terms_digest(
        ContractSettings(),
        Version.model_validate({"from": "2026-01-01", "sql_rate": 0.4, "mqls_per_month": 100}),
    )
    assert len(result.frontier) == 100


def test_too_few_mqls_names_both_contracts_that_could_be_signed(company: Looks) -> None:
    line = solved(company, sql_rate=0.6, mqls_per_month=600).everywhere
    assert line.verdict == "too few MQLs"
    assert line.point is not None
    fewer, lower = line.nearest
    assert (fewer.threshold, fewer.rate, fewer.volume) == (line.threshold, 0.6, line.point.volume)
    assert fewer.volume < 600
    assert lower.volume == 600
    mqls, rate = seen(company, lower.threshold)
    assert mqls == 600 * MONTHS
    assert lower.rate == round(lower.rate, 2)
    assert rate - 0.04 < lower.rate < rate


def test_a_rate_out_of_reach_has_no_threshold_and_no_compromise(company: Looks) -> None:
    line = solved(company, sql_rate=0.97, mqls_per_month=300).everywhere
    assert (line.threshold, line.point, line.verdict) == (None, None, "rate out of reach")
    at_volume, start = sorted(line.nearest, key=lambda n: -n.volume)
    assert at_volume.volume == 300
    assert at_volume.rate < seen(company, at_volume.threshold)[1]
    assert at_volume.rate < start.rate < 0.97


def test_nearest_contracts_promise_less_than_was_not_proved(looks) -> None:
    """The start fails by bad luck, and a lower threshold would have passed."""
    probability = np.concatenate([np.linspace(0.95, 0.9, 60), np.linspace(0.4, 0.3, 300)])
    outcome = np.concatenate([np.tile([1.0, 0.0], 30), np.ones(300)])
    line = solved(looks(probability, outcome), sql_rate=0.6, mqls_per_month=60).everywhere
    assert line.verdict == "rate out of reach"
    at_volume = next(n for n in line.nearest if n.volume == 60)
    assert seen(looks(probability, outcome), at_volume.threshold)[1] > 0.9
    assert at_volume.rate == 0.59


def test_a_volume_alone_is_reached_at_the_highest_threshold(company: Looks) -> None:
    line = solved(company, mqls_per_month=150).everywhere
    assert (line.rate, line.verdict) == (None, "kept")
    assert line.threshold == np.sort(company.probability)[-150 * MONTHS]
    line = solved(company, mqls_per_month=5000).everywhere
    assert line.verdict == "too few MQLs"
    assert line.threshold == company.probability.min()
    (most,) = line.nearest
    assert most.volume == pytest.approx(1000)
    assert 0.2 < most.rate < 0.25


def test_nothing_promised_has_no_threshold(company: Looks) -> None:
    result = solved(company)
    line = result.everywhere
    assert (line.threshold, line.point, line.verdict) == (None, None, "nothing promised")
    assert result.hot is None
    assert result.frontier


def test_without_instants_the_verdict_is_on_the_rate_alone(looks) -> None:
    history = drawn(looks, {"": 3000}, days=None)
    result = solved(history, sql_rate=0.4, mqls_per_month=10**6)
    line = result.everywhere
    assert (result.unit, result.days, line.volume, line.verdict) == ("share", 0.0, None, "kept")
    assert line.point is not None
    assert line.threshold is not None
    assert line.point.volume == seen(history, line.threshold)[0] / 3000
    assert solved(history, mqls_per_month=5).everywhere.verdict == "nothing promised"


def test_no_eligible_leads_prove_nothing(looks) -> None:
    for history in (looks([0.9] * 9, eligible=[False] * 9), looks([])):
        result = solved(history, sql_rate=0.3, mqls_per_month=5)
        assert result.everywhere.verdict == "rate out of reach"
        assert (result.frontier, result.markets, result.cold) == ((), (), 0.0)
        assert solved(history, mqls_per_month=5).everywhere.verdict == "too few MQLs"


def test_markets_with_enough_leads_are_solved_by_themselves(looks) -> None:
    history = drawn(looks, {"DE": 3000, "FR": 3000, "SE": 25, "": 50}, lift={"FR": 1.4})
    result = solved(history, sql_rate=0.4, mqls_per_month=100)
    lines = {line.market: line for line in result.markets}
    assert list(lines) == ["DE", "FR", "SE"]
    for market in ("DE", "FR"):
        line = lines[market]
        assert (line.basis, line.verdict) == ("own", "kept")
        assert line.threshold is not None
        assert line.point is not None
        assert (line.point.mqls, line.point.rate) == seen(history, line.threshold, market)
    assert threshold_of(result, "FR") < threshold_of(result, "DE")
    pooled = lines["SE"]
    assert pooled.threshold is not None
    assert (pooled.basis, pooled.verdict, pooled.nearest) == ("pooled", "nothing promised", ())
    assert pooled.threshold == result.everywhere.threshold
    assert pooled.point is not None
    assert pooled.point.volume == pytest.approx(seen(history, pooled.threshold, "SE")[0] / MONTHS)


def test_everywhere_is_all_mqls_as_they_are_handed_over(looks) -> None:
    history = drawn(looks, {"DE": 3000, "FR": 3000, "SE": 25, "": 50}, lift={"FR": 1.4})
    result = solved(history, sql_rate=0.4, mqls_per_month=100)
    own = np.array([result.of(m).threshold for m in history.market])
    at = history.probability >= own
    point = result.everywhere.point
    assert point is not None
    assert (point.mqls, point.rate) == (at.sum(), history.outcome[at].mean())
    assert point.volume == pytest.approx(at.sum() / MONTHS)
    assert point.bound >= 0.4


def test_a_market_whose_own_test_fails_has_no_mqls(looks) -> None:
    history = drawn(looks, {"DE": 4000, "JP": 3000}, lift={"JP": 0.4})
    result = solved(history, sql_rate=0.4)
    line = result.of("JP")
    assert (line.basis, line.threshold, line.verdict) == ("own", None, "rate out of reach")
    assert line.nearest
    assert result.of("DE").verdict == "kept"


def test_without_a_common_threshold_there_are_only_the_mqls_of_some_markets(looks) -> None:
    history = drawn(looks, {"DE": 3000, "JP": 3000, "SE": 20}, lift={"JP": 0.2, "SE": 0.2})
    result = solved(history, sql_rate=0.6, mqls_per_month=10)
    line = result.everywhere
    assert (line.threshold, line.verdict) == (None, "rate out of reach")
    assert (result.of("DE").verdict, result.of("SE").verdict) == ("kept", "rate out of reach")
    assert result.of("SE").threshold is None
    assert line.point == result.of("DE").point


@pytest.mark.parametrize("volume", [0.1, 7.3, 33, 149.99, 150.01])
def test_a_volume_that_was_aimed_at_is_reached(company: Looks, volume: float) -> None:
    for days in (91.0, 182.0, 365.0):
        line = solved(replace(company, days=days), mqls_per_month=volume).everywhere
        assert line.verdict == "kept"


def test_a_poor_rest_cannot_live_on_a_good_market_s_rate(looks) -> None:
    """Many small poor markets and a good one: together they hold the rate at one threshold.

    But the good market spends its rate on a lower threshold of its own.
    """
    small = {f"S{i}": 40 for i in range(40)}
    history = drawn(looks, {"FR": 3000, **small}, lift={"FR": 1.6, **dict.fromkeys(small, 0.55)})
    result = solved(history, sql_rate=0.5)
    one_for_all = solved(replace(history, market=np.full(len(history), "", object)), sql_rate=0.5)
    alone, shared = one_for_all.everywhere.threshold, result.everywhere.threshold
    assert result.of("FR").basis == "own"
    assert alone is not None
    assert shared is None or shared > alone
    assert result.everywhere.point is None or result.everywhere.point.bound >= 0.5


def test_a_market_that_is_promised_another_rate_stands_by_itself(looks) -> None:
    history = drawn(looks, {"DE": 4000, "JP": 2500, "KR": 30}, lift={"JP": 0.5, "KR": 0.5})
    result = solved(
        history,
        sql_rate=0.4,
        mqls_per_month=300,
        markets={"JP": {"sql_rate": 0.2, "mqls_per_month": 50}, "KR": {"sql_rate": 0.2}},
    )
    jp, kr = result.of("JP"), result.of("KR")
    assert (jp.basis, jp.rate, jp.volume, jp.verdict) == ("own", 0.2, 50, "kept")
    assert (kr.basis, kr.rate, kr.verdict) == ("pooled", 0.2, "nothing promised")
    assert kr.threshold is not None
    assert result.everywhere.threshold is not None
    assert kr.threshold < result.everywhere.threshold
    point = result.everywhere.point
    assert point is not None
    # The company's rate is of German MQLs, the company's volume of all.
    assert point.bound >= 0.4
    everybody = sum(line.point.volume for line in result.markets if line.point)
    assert point.volume == pytest.approx(everybody)
    assert (point.mqls, point.rate) == seen(history, threshold_of(result, "DE"), "DE")


def test_a_market_s_volume_is_judged_even_where_its_rate_is_not(looks) -> None:
    history = drawn(looks, {"DE": 4000, "SE": 25})
    terms: dict[str, Any] = {"sql_rate": 0.4}
    short = solved(history, **terms, markets={"SE": {"mqls_per_month": 30}}).of("SE")
    assert (short.basis, short.verdict, short.nearest) == ("pooled", "too few MQLs", ())
    enough = solved(history, **terms, markets={"SE": {"mqls_per_month": 1}}).of("SE")
    assert (enough.basis, enough.verdict) == ("pooled", "nothing promised")
    nobody = solved(history, **terms, markets={"XX": {"mqls_per_month": 1}}).of("XX")
    assert nobody.point is not None
    assert (nobody.verdict, nobody.point.volume) == ("too few MQLs", 0.0)


def test_markets_alone_can_be_promised_something(looks) -> None:
    history = drawn(looks, {"DE": 4000, "FR": 3000})
    result = solved(history, markets={"DE": {"sql_rate": 0.4}, "FR": {"mqls_per_month": 50}})
    assert result.everywhere.verdict == "nothing promised"
    assert result.of("DE").verdict == "kept"
    fr = result.of("FR")
    assert fr.point is not None
    assert (fr.basis, fr.verdict, fr.point.volume) == ("own", "kept", 50)


def test_own_or_pooled_does_not_look_at_outcomes(looks) -> None:
    history = drawn(looks, {"DE": 900, "FR": 150, "SE": 60, "JP": 30})
    other = replace(history, outcome=1 - history.outcome)
    bases = [[m.basis for m in solved(h, sql_rate=0.4).markets] for h in (history, other)]
    assert bases[0] == bases[1]
    assert set(bases[0]) == {"own", "pooled"}


def test_hot_is_halfway_unless_the_contract_says_so(company: Looks) -> None:
    halfway, declared = (
        solved(company, sql_rate=0.4),
        solved(company, {"hot_rate": 0.7}, sql_rate=0.4),
    )
    assert halfway.hot == declared.hot
    higher = solved(company, {"hot_rate": 0.75}, sql_rate=0.4)
    assert halfway.hot is not None
    assert higher.hot is not None
    assert higher.hot > halfway.hot > threshold_of(halfway, "") > halfway.cold


def test_a_lead_is_an_mql_once_whatever_its_market_becomes(looks) -> None:
    """A lead that moves from one market to another is handed over where it first crosses."""
    rng = np.random.default_rng(12)
    fit = np.repeat(rng.beta(1, 2, 3000), 2)
    outcome = np.repeat(rng.random(3000) < fit[::2], 2)
    history = looks(fit, outcome, lead=np.repeat(np.arange(3000), 2), market=["DE", "FR"] * 3000)
    point = solved(history, sql_rate=0.5).everywhere.point
    assert point is not None
    assert point.mqls <= 3000
