"""Is a published threshold's rate kept? Simulated worlds whose truth is known.

For each world a history is drawn and solved; what is published is then held against the true
chances of a great many other leads of the same world. A guarantee is broken where their rate is
below it. The same histories are solved in two naive ways: the lowest threshold of the grid whose
rate in the history is high enough ("plug-in"), and the solver without effective sample sizes ("all
independent").

    python benchmarks/guarantee.py --worlds 500
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from predictive_scoring.config.contract import ContractSettings, Version
from predictive_scoring.contract.intervals import wilson
from predictive_scoring.contract.thresholds import solve
from predictive_scoring.contract.thresholds.crossings import first_crossings
from predictive_scoring.contract.thresholds.evidence import evidence
from predictive_scoring.contract.thresholds.testing import grid
from predictive_scoring.demo.worlds import (
    KINDS,
    Sample,
    World,
    draw,
    rate_to_promise,
    true_rate,
    world_of,
)
from predictive_scoring.records import ContractThresholds, Looks

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Outcome:
    """One method in one world; ``loss`` is the share of the omniscient volume that it forgoes.

    ``published`` and ``broken`` are of all MQLs together; ``own`` counts the markets that were
    tested by themselves, ``own_broken`` those of them with a published rate that is not true.
    """

    kind: str
    method: str
    published: bool
    broken: bool
    feasible: bool
    loss: float
    own: int = 0
    own_broken: int = 0


def main() -> None:
    """Simulate, and print a line for each kind of world and method."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=500)
    parser.add_argument("--population", type=int, default=120_000)
    parser.add_argument("--first", type=int, default=0, help="the first world's number")
    given = parser.parse_args()
    began, outcomes = time.perf_counter(), list[Outcome]()
    for number in range(given.first, given.first + given.worlds):
        outcomes += in_world(number, given.population)
    for method in ("solver", "plug-in", "all independent"):
        mine = [o for o in outcomes if o.method == method]
        print(f"\n{method}")
        for kind in KINDS:
            line(kind, [o for o in mine if o.kind == kind])
        line("all kinds", mine)
    print(f"\n{given.worlds} worlds in {time.perf_counter() - began:.0f} s")


def line(name: str, outcomes: list[Outcome]) -> None:
    """Print one line of the table, with the 95 % interval of the share broken."""
    broken = wilson(sum(o.broken for o in outcomes), len(outcomes))
    text = f"{name:20} broken {broken.value:6.1%} ({broken.low:5.1%} to {broken.high:5.1%})"
    text += f" of {len(outcomes):4} worlds, published {mean(o.published for o in outcomes):4.0%}"
    if feasible := [o for o in outcomes if o.feasible]:
        text += f"; feasible {len(feasible):4}: of these infeasible "
        text += f"{mean(not o.published for o in feasible):4.0%}, volume lost "
        text += f"{mean(o.loss for o in feasible):4.0%}"
        if published := [o.loss for o in feasible if o.published]:
            text += f", {mean(published):4.0%} where published"
    if own := sum(o.own for o in outcomes):
        rate = wilson(sum(o.own_broken for o in outcomes), own)
        text += f"; markets by themselves: {rate.value:.1%} ({rate.low:.1%} to {rate.high:.1%})"
        text += f" of {own} broken"
    print(text)


def mean(values: Iterable[float]) -> float:
    """The mean of numbers of which there is at least one."""
    found = list(values)
    return sum(found) / len(found) if found else float("nan")


def in_world(number: int, population: int) -> list[Outcome]:
    """Solve one world with each method."""
    rng = np.random.default_rng(number)
    kind = KINDS[number % len(KINDS)]
    world, leads = world_of(kind, rng)
    truth = draw(world, population, seed=number + 10_000_000)
    history = draw(world, leads, seed=number + 20_000_000).looks
    rate = rate_to_promise(world, truth, rng)
    best = omniscient(truth, rate) if world.skilled else 0.0
    trial = Trial(kind, world, truth, rate, best)
    return [
        by_solver(trial, "solver", history),
        by_plug_in(trial, history),
        by_solver(trial, "all independent", replace(history, account=history.lead)),
    ]


@dataclass(frozen=True)
class Trial:
    """A world, a great many of its leads, the rate promised and the omniscient volume."""

    kind: str
    world: World
    truth: Sample
    rate: float
    best: float

    def outcome(self, method: str, thresholds: np.ndarray | float) -> Outcome:
        """What the looks' thresholds (n,), NaN where nobody is an MQL, are worth in truth."""
        reached, share = true_rate(self.truth, thresholds)
        published = not np.isnan(thresholds).all()
        return Outcome(
            kind=self.kind,
            method=method,
            published=published,
            broken=published and (reached < self.rate or not self.world.skilled),
            feasible=self.best > 0,
            loss=1 - share / self.best if self.best else 0.0,
        )


def by_solver(trial: Trial, method: str, history: Looks) -> Outcome:
    """The product's solver."""
    version = Version.model_validate(
        {"from": "2026-01-01", "sql_rate": trial.rate, "confidence": CONFIDENCE}
    )
    solved = solve(history, ContractSettings(versions=(version,)), version)
    looks = trial.truth.looks
    outcome = trial.outcome(method, applied(solved, looks))
    own = [m for m in solved.markets if m.basis == "own"]
    broken = 0
    for line in own:
        there = np.where(looks.market == line.market, line.threshold or np.nan, np.nan)
        broken += bool(true_rate(trial.truth, there)[0] < trial.rate)
    # The rate of all together is promised where there is a threshold of all together.
    published = solved.everywhere.threshold is not None
    return replace(
        outcome,
        published=published,
        broken=published and outcome.broken,
        own=len(own),
        own_broken=broken,
    )


def applied(solved: ContractThresholds, looks: Looks) -> np.ndarray:
    """Each look's threshold (n,), NaN where nobody of its market is an MQL."""
    names, code = np.unique(looks.market.astype(str), return_inverse=True)
    lines = [solved.of(str(name)).threshold for name in names]
    return np.array(lines, dtype=np.float64)[code]


def by_plug_in(trial: Trial, history: Looks) -> Outcome:
    """The lowest threshold whose rate in the history is high enough."""
    leads = first_crossings(history)
    enough = [
        float(t)
        for t in grid(leads, trial.rate, CONFIDENCE)
        if evidence(leads, leads.at(float(t))).rate >= trial.rate
    ]
    return trial.outcome("plug-in", enough[-1] if enough else float("nan"))


def omniscient(truth: Sample, rate: float) -> float:
    """The greatest volume (a share of the leads) of a threshold that truly holds the rate."""
    leads = first_crossings(replace(truth.looks, outcome=truth.chance))
    thresholds = leads.thresholds()
    mqls = leads.volume(thresholds)
    true = leads.total(leads.outcome, thresholds) / np.maximum(mqls, 1)
    # Fewer than 200 leads of the population tell nothing of the world.
    held = (true >= rate) & (mqls >= 200)
    return float(mqls[held].max(initial=0)) / (int(truth.looks.lead.max()) + 1)


if __name__ == "__main__":
    main()
