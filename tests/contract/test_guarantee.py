"""Promise 7: a published rate is broken in at most 1 - confidence of all worlds.

The short form of benchmarks/guarantee.py: small worlds of every kind, whose truth is known.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from predictive_scoring.config.contract import ContractSettings, Version
from predictive_scoring.contract.thresholds import solve
from predictive_scoring.contract.thresholds.evidence import Evidence
from predictive_scoring.demo.worlds import (
    KINDS,
    World,
    draw,
    rate_to_promise,
    true_rate,
    world_of,
)
from predictive_scoring.records import ContractThresholds, Looks

CONFIDENCE = 0.95
LEADS, POPULATION = 2500, 15_000


def is_broken(kind: str, number: int) -> bool:
    """Whether a world's published rate is not true of its other leads."""
    rng = np.random.default_rng([KINDS.index(kind), number])
    world, leads = world_of(kind, rng)
    world = replace(world, looks=min(world.looks, 5))
    truth = draw(world, POPULATION, seed=number)
    rate = rate_to_promise(world, truth, rng)
    history = draw(world, min(leads, LEADS), seed=number + 1_000_000).looks
    solved = promised(rate, history)
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
    broken = [is_broken(kind, number) for number in range(10) for kind in KINDS]
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
    """Where the model knows nothing, every promise is broken; accounts of 20 do alike."""
    world = World(
        base=0.2, fit=0, noise=1.5, slope=0.1, shift=1.0, looks=1, account_size=20, account_spread=2
    )
    rate = rate_to_promise(world, draw(world, 100, seed=0), np.random.default_rng(0))
    as_they_are = as_strangers = 0
    for number in range(60):
        history = draw(world, 1500, seed=number).looks
        as_they_are += promised(rate, history).everywhere.threshold is not None
        history = replace(history, account=history.lead)
        as_strangers += promised(rate, history).everywhere.threshold is not None
    assert as_they_are <= at_most(60) < as_strangers
