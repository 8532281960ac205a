"""Partial pooling against integration by hand, Efron and Morris' batters, and simulated worlds."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln

from predictive_scoring.contract.efforts.funnel import Funnel
from predictive_scoring.contract.efforts.lines import standard
from predictive_scoring.contract.efforts.pooling import Prior, evidence, fit_prior, pooled
from predictive_scoring.contract.intervals import wilson

# Efron and Morris 1975, table 1: hits of 18 batters in their first 45 at bats of 1970, and their
# averages over the rest of the season.
HITS = (18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7)
SEASON = (
    0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269, 0.230, 0.264, 0.256, 0.303,
    0.264, 0.226, 0.285, 0.316, 0.200,
)  # fmt: skip

rates = st.integers(0, 400).flatmap(lambda of: st.integers(0, of).map(lambda c: wilson(c, of)))


def test_a_posterior_is_prior_times_likelihood() -> None:
    prior, rate = Prior(1.7, 9.1), wilson(3, 14)

    def density(p: float) -> float:
        return float(p ** (0.7 + 3) * (1 - p) ** (8.1 + 11))

    whole = quad(density, 0, 1)[0]
    mean, low, high = pooled(rate, prior)
    assert mean == pytest.approx(quad(lambda p: p * density(p), 0, 1)[0] / whole)
    assert quad(density, 0, low)[0] / whole == pytest.approx(0.025)
    assert quad(density, high, 1)[0] / whole == pytest.approx(0.025)


@pytest.mark.parametrize(
    "counts",
    [
        ((5, 50), (20, 60), (2, 80), (9, 30), (14, 90)),
        ((10, 100), (11, 100), (9, 100), (10, 100), (10, 100), (11, 100)),
        ((0, 14), (0, 30), (0, 5), (0, 8)),
        ((1, 1), (0, 3)),
    ],
)
def test_no_prior_is_more_likely_than_the_one_found(counts: Any) -> None:
    found = fit_prior([wilson(c, of) for c, of in counts])

    def adjusted(a: float, b: float) -> float:
        return float(sum(betaln(a + c, b + of - c) - betaln(a, b) for c, of in counts)) - math.log(
            a + b
        )

    grid = np.exp(np.linspace(math.log(0.5), math.log(3000), 80))
    best = max(adjusted(a, b) for a, b in product(grid, grid))
    assert adjusted(found.sqls, found.others) >= best - 1e-6


def test_batters_are_foretold_better_than_by_their_own_averages() -> None:
    own = [wilson(h, 45) for h in HITS]
    prior = fit_prior(own)
    assert prior.mean == pytest.approx(sum(HITS) / (18 * 45), abs=0.002)
    drawn = [pooled(rate, prior)[0] for rate in own]
    error = sum((d - s) ** 2 for d, s in zip(drawn, SEASON, strict=True))
    raw = sum((rate.value - s) ** 2 for rate, s in zip(own, SEASON, strict=True))
    assert raw == pytest.approx(0.077, abs=0.002)  # as they report
    assert error < raw / 2.5


def test_one_value_alone_borrows_next_to_nothing() -> None:
    assert fit_prior([wilson(0, 14)]).strength < 1.5  # leads; Jeffreys' prior is worth one
    assert fit_prior([wilson(30, 100)]).strength < 1.5


def test_intervals_hold_the_truth_in_simulated_worlds() -> None:
    rng = np.random.default_rng(4)
    held = []
    for strength, _ in product((10, 100), range(50)):
        truth = rng.beta(0.1 * strength, 0.9 * strength, 6)
        leads = rng.choice([5, 14, 50, 200, 1000], 6)
        own = [
            wilson(int(c), int(of)) for c, of in zip(rng.binomial(leads, truth), leads, strict=True)
        ]
        prior = fit_prior(own)
        intervals = [pooled(rate, prior)[1:] for rate in own]
        held += [low <= t <= high for (low, high), t in zip(intervals, truth, strict=True)]
    assert np.mean(held) > 0.92  # plain maximum likelihood holds it in about 0.6


@settings(max_examples=40, deadline=None)
@given(st.lists(rates, min_size=1, max_size=6))
def test_a_pooled_rate_lies_between_its_own_and_the_common_one(found: Any) -> None:
    prior = fit_prior(found)
    for rate in found:
        mean, low, high = pooled(rate, prior)
        ends = sorted((rate.value if rate.of else prior.mean, prior.mean))
        assert ends[0] - 1e-12 <= mean <= ends[1] + 1e-12
        assert 0 <= low <= mean <= high <= 1


@given(st.floats(0.5, 50), st.floats(0.5, 50), st.integers(0, 20), st.integers(1, 20))
def test_more_leads_of_the_same_rate_draw_less(a: float, b: float, sqls: int, lost: int) -> None:
    few, many = wilson(sqls, sqls + lost), wilson(3 * sqls, 3 * (sqls + lost))
    prior = Prior(a, b)
    own = few.value
    assert abs(pooled(many, prior)[0] - own) <= abs(pooled(few, prior)[0] - own) + 1e-12


def verdict(count: int, of: int, prior: Prior, bar: float) -> str:
    rate = wilson(count, of)
    return evidence(rate, pooled(rate, prior), prior, bar)


def test_the_interval_is_held_to_the_bar() -> None:
    weak = Prior(1, 9)
    assert verdict(60, 400, weak, 0.1) == "enough"  # 15 %, from 12 % on
    assert verdict(40, 400, weak, 0.1) == "not yet"
    assert verdict(10, 400, weak, 0.1) == "below the bar"


def test_what_others_did_is_no_evidence_by_itself() -> None:
    strong = Prior(100, 900)  # 8 % to 12 %, without a lead of one's own
    assert verdict(0, 0, strong, 0.05) == "not yet"
    assert verdict(0, 0, strong, 0.5) == "not yet"
    assert verdict(2, 14, strong, 0.05) == "not yet"  # 4 % to 40 % by itself
    assert verdict(20, 60, strong, 0.05) == "enough"  # 23 % to 46 % by itself
    assert verdict(0, 60, strong, 0.5) == "below the bar"


def test_the_bar_is_half_the_rate_of_all_with_a_value_or_as_declared() -> None:
    found = [
        Funnel("FR", known=80, success=20),
        Funnel("DE", known=20, success=0),
        Funnel("(none)", known=100, success=100),
    ]
    held_to = standard(found, None)
    assert held_to.bar == 0.1
    assert held_to.prior == fit_prior([wilson(20, 80), wilson(0, 20)])
    assert standard(found, 0.3).bar == 0.3
    assert held_to.verdict("FR", wilson(20, 80)) == "enough"
    assert held_to.verdict("(none)", wilson(100, 100)) == ""


def test_without_an_sql_there_is_no_bar() -> None:
    held_to = standard([Funnel("FR", known=80)], None)
    assert math.isnan(held_to.bar)
    assert held_to.verdict("FR", wilson(0, 80)) == ""
    nothing = standard([Funnel("FR", leads=5)], 0.3)
    assert nothing.verdict("FR", wilson(0, 0)) == ""
    assert all(math.isnan(x) for x in nothing.drawn(wilson(0, 0)))


def test_a_table_holds_its_values_to_its_bar(company: Any) -> None:
    (table,) = company.tables("market")
    assert table.bar == pytest.approx(2 / 5 / 2)
    fr = {e.value: e for e in table.efforts}["FR"]
    assert fr.pooled == pooled(wilson(2, 4), fit_prior([wilson(2, 4), wilson(0, 1)]))
    assert fr.evidence == "not yet"
