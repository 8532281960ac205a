"""Small worlds whose true precision is known: what the threshold's guarantee is measured in.

A lead's chance to become an SQL within the horizon is logistic(base + fit + market + account), the
same at each look while it is open (a constant weekly hazard), so it is exact. A model sees the fit
with noise, knows half of each market's effect and nothing of the account's; its probabilities may
be distorted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from predictive_scoring.records import Looks

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray, IntArray

HORIZON_WEEKS = 13
DAY = 86_400 * 1_000_000
KINDS = (
    "calibrated",
    "overconfident",
    "underconfident",
    "noisy",
    "accounts",
    "markets",
    "no skill",
    "no skill, accounts",
)
START = 1_767_225_600_000_000  # the forward period's first instant, 2026-01-01, in microseconds


@dataclass(frozen=True)
class World:
    """What is true of a company and of its model.

    ``base`` is the chance of a lead of average fit. ``fit``, ``noise``, ``market_spread`` and
    ``account_spread`` are standard deviations in log-odds; ``shift`` and ``slope`` distort the
    calibrated log-odds; ``worked`` is the share of leads with a known outcome, ``account_size`` the
    mean number of leads an account has, ``looks`` the greatest number of weekly looks at a lead.
    """

    base: float = 0.1
    fit: float = 1.2
    noise: float = 0.8
    shift: float = 0.0
    slope: float = 1.0
    account_size: float = 1.0
    account_spread: float = 0.0
    markets: int = 0
    market_spread: float = 0.0
    looks: int = 6
    worked: float = 0.9
    eligible: float = 0.9
    days: float = 182.0
    seed: int = 0  # of what is the company's own: its markets' effects and sizes

    @property
    def skilled(self) -> bool:
        """Whether the model's scores tell leads apart at all."""
        return self.fit > 0 or self.market_spread > 0


@dataclass(frozen=True)
class Sample:
    """Leads drawn from a world: what the solver sees, and the true ``chance`` of each look (n,)."""

    looks: Looks
    chance: FloatArray


def draw(world: World, leads: int, seed: int) -> Sample:
    """Draw leads; the same world, number and seed give the same sample."""
    rng = np.random.default_rng(seed)
    account = _accounts(world, leads, rng)
    market, known_effect, hidden_effect = _markets(world, leads, rng)
    fit = rng.normal(0, world.fit, leads)
    hidden = rng.normal(0, world.account_spread, leads)[account] + hidden_effect
    chance = expit(logit(world.base) + fit + known_effect + hidden)
    hazard = 1 - (1 - chance) ** (1 / HORIZON_WEEKS)
    sql_week = rng.geometric(np.maximum(hazard, 1e-12))
    worked = rng.random(leads) < world.worked
    able_from = np.where(rng.random(leads) < world.eligible, 0, rng.integers(1, 8, leads))
    warm_up = world.looks * 7
    created = rng.uniform(-warm_up, world.days, leads)

    week = np.tile(np.arange(world.looks), leads)
    lead = np.repeat(np.arange(leads), world.looks)
    instant = created[lead] + 7 * week
    seen = (sql_week[lead] > week) & (instant < world.days)
    lead, week, instant = lead[seen], week[seen], instant[seen]
    outcome = (sql_week[lead] <= week + HORIZON_WEEKS).astype(np.float64)
    looks = Looks(
        lead=lead,
        account=account[lead],
        market=market[lead],
        position=START + (instant * DAY).astype(np.int64),
        probability=_scores(world, fit[lead], known_effect[lead], lead, rng),
        outcome=np.where(worked[lead], outcome, np.nan),
        eligible=week >= able_from[lead],
        counted=instant >= 0,
        days=world.days,
    )
    return Sample(looks, chance[lead])


def world_of(kind: str, rng: np.random.Generator) -> tuple[World, int]:
    """Make up a world of one of the ``KINDS``; its history has 300 to 20,000 leads."""

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    leads = int(np.exp(between(np.log(300), np.log(20_000))))
    world = World(
        base=float(np.exp(between(np.log(0.03), np.log(0.3)))),
        fit=between(0.6, 2),
        noise=between(0.2, 1.5),
        looks=int(rng.integers(1, 13)),
        worked=between(0.6, 1),
        eligible=between(0.6, 1),
        seed=int(rng.integers(2**31)),
    )
    crowd = {"account_size": between(2, 10), "account_spread": between(0.7, 2)}
    changes: dict[str, dict[str, Any]] = {
        "calibrated": {},
        "overconfident": {"slope": between(1.2, 2), "shift": between(0.2, 0.8)},
        "underconfident": {"slope": between(0.5, 0.9), "shift": between(-1, -0.3)},
        "noisy": {"noise": 3.0},
        "accounts": crowd,
        "markets": {"markets": int(rng.integers(2, 9)), "market_spread": between(0.2, 0.8)},
        "no skill": {"fit": 0.0, "noise": 1.5, "slope": between(1, 30)},
        "no skill, accounts": {"fit": 0.0, "noise": 1.5, "slope": between(1, 30), **crowd},
    }
    return replace(world, **changes[kind]), leads


def true_rate(sample: Sample, thresholds: FloatArray | float) -> tuple[float, float]:
    """The true SQL rate of all leads handed over, and how many of the sample they are (a share).

    ``thresholds`` holds for each look (n,) that of its lead's market, NaN where nobody is an MQL.
    """
    looks = sample.looks
    able = np.flatnonzero(looks.eligible & (looks.probability >= thresholds))
    first = able[np.unique(looks.lead[able], return_index=True)[1]]
    handed_over = first[looks.counted[first]]
    share = len(handed_over) / (int(looks.lead.max(initial=0)) + 1)
    return (float(sample.chance[handed_over].mean()) if share else float("nan")), share


def rate_to_promise(world: World, sample: Sample, rng: np.random.Generator) -> float:
    """A rate that some threshold of the world just keeps, or just fails to.

    Without skill it is a hair above what any threshold gives: each promise of it is broken. (A look
    that comes later finds the worse leads still open, so the mean over all leads is the most.)
    """
    if not world.skilled:
        account = norm.ppf((np.arange(10_000) + 0.5) / 10_000) * world.account_spread
        return float(expit(logit(world.base) + account).mean()) * 1.001
    threshold = float(np.quantile(sample.looks.probability, rng.uniform(0.3, 0.97)))
    return min(0.95, true_rate(sample, threshold)[0] * float(rng.uniform(0.97, 1.05)))


def _accounts(world: World, leads: int, rng: np.random.Generator) -> IntArray:
    if world.account_size <= 1:
        return np.arange(leads)
    sizes = rng.geometric(1 / world.account_size, leads)
    return np.repeat(np.arange(leads), sizes)[:leads]


def _markets(
    world: World, leads: int, rng: np.random.Generator
) -> tuple[np.ndarray, FloatArray, FloatArray]:
    """Each lead's market, and its effect in log-odds: the model's part and the hidden part."""
    if not world.markets:
        return np.full(leads, "", dtype=object), np.zeros(leads), np.zeros(leads)
    own = np.random.default_rng(world.seed)
    shares = own.dirichlet(np.full(world.markets, 1.5))
    effects = own.normal(0, world.market_spread, (2, world.markets)) / np.sqrt(2)
    code = rng.choice(world.markets, leads, p=shares)
    names = np.array([f"M{i}" for i in range(world.markets)], dtype=object)
    return names[code], effects[0][code], effects[1][code]


def _scores(
    world: World,
    fit: FloatArray,
    known_effect: FloatArray,
    lead: IntArray,
    rng: np.random.Generator,
) -> FloatArray:
    """The model's probability: the best guess from noisy fit, then distorted."""
    lasting = rng.normal(0, 1, int(lead.max(initial=-1)) + 1)[lead]
    passing = rng.normal(0, 1, len(lead))
    signal = fit + world.noise * (0.8 * lasting + 0.6 * passing)
    trust = world.fit**2 / (world.fit**2 + world.noise**2) if world.fit else 0.3  # in vain
    unseen = trust * world.noise**2 + world.account_spread**2 + world.market_spread**2 / 2
    margin = logit(world.base) + known_effect + trust * signal
    calibrated = margin / np.sqrt(1 + np.pi * unseen / 8)
    return np.asarray(expit(world.shift + world.slope * calibrated))
