"""Promise 7: a published rate is broken in at most 1 - confidence of all worlds.

The short form of benchmarks/guarantee.py: small worlds of every kind, whose truth is known.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from predictive_scoring.config.contract import ContractSettings, Version
from predictive_scoring.contract.thresholds import solve
from predictive_scoring.contract.thresholds.evidence import Evidence
from predictive_scoring.demo.worlds import (
    KINDS,
    draw,
    rate_to_promise,
    true_rate,
    world_of,
)
from predictive_scoring.records import ContractThresholds, Looks

CONFIDENCE = 0.95
LEADS, POPULATION = 2500, 15_000


def is_broken(kind: str, number: int, seen: Callable[[Looks], Looks] = lambda looks: looks) -> bool:
    """Whether a world's published rate is not true of its other leads."""
    rng = np.random.default_rng([KINDS.index(kind), number])
    world, leads = world_of(kind, rng)
    world = replace(world, looks=min(world.looks, 5))
    truth = draw(world, POPULATION, seed=number)
    rate = rate_to_promise(world, truth, rng)
    history = draw(world, min(leads, LEADS), seed=number + 1_000_000).looks
    solved = promised(rate, seen(history))
    if solved.everywhere.threshold is None:
        return False
    line = {str(m): solved.of(str(m)).threshold for m in set(truth.looks.market)}
    applied = np.array([line[m] for m in truth.looks.market], dtype=np.float64)
    return not world.skilled or true_rate(truth, applied)[0] < rate


def promised(rate: float, history: Looks) -> ContractThresholds:
    version = Version.model_validate(
        {"from": "2026-01-01", "sql_rate": rate, "confidence": CONFIDENCE}
    )
    return solve(history, ContractSettings(), version)


def at_most(worlds: int) -> int:
    """So many are exceeded with a chance of 1 in 1,000 where each breaks with 5 %."""
    return int(binom.ppf(0.999, worlds, 1 - CONFIDENCE))


def test_a_published_guarantee_is_kept() -> None:
    broken = [is_broken(kind, number) for number in range(14) for kind in KINDS]
    assert sum(broken) <= at_most(len(broken))


def test_the_lowest_threshold_that_looks_good_enough_would_break_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the test above can tell: the rate seen in the history, taken at its word."""

    def at_its_word(self: Evidence, rate: float, _confidence: float) -> float:
        return 0.0 if self.rate >= rate else 1.0

    monkeypatch.setattr(Evidence, "p_value", at_its_word)
    broken = [is_broken(kind, number) for number in range(4) for kind in KINDS]
    assert sum(broken) > at_most(len(broken))


def test_people_of_one_account_do_not_prove_too_much() -> None:
    """Where the model knows nothing, every promise is broken: the first test decides."""

    def all_strangers(looks: Looks) -> Looks:
        return replace(looks, account=looks.lead)

    kind, worlds = "no skill, accounts", 50
    assert sum(is_broken(kind, n) for n in range(worlds)) <= at_most(worlds)
    assert sum(is_broken(kind, n, all_strangers) for n in range(worlds)) > at_most(worlds)
