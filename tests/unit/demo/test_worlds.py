from dataclasses import replace

import numpy as np
import pytest

from predictive_scoring.demo.worlds import (
    KINDS,
    World,
    draw,
    rate_to_promise,
    true_rate,
    world_of,
)

CROWD = World(account_size=6, account_spread=1.5, markets=4, market_spread=0.5, worked=0.7)


def test_the_true_chance_is_that_of_the_outcomes() -> None:
    sample = draw(CROWD, 40_000, seed=1)
    known = ~np.isnan(sample.looks.outcome)
    assert known.mean() == pytest.approx(0.7, abs=0.02)
    # One look a lead, so that looks are independent given the chances.
    first = known & (np.diff(sample.looks.lead, prepend=-1) > 0)
    chance, outcome = sample.chance[first], sample.looks.outcome[first]
    for low, high in [(0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 1)]:
        group = (chance >= low) & (chance < high)
        error = 4 * np.sqrt(chance[group].mean() / group.sum())
        assert outcome[group].mean() == pytest.approx(chance[group].mean(), abs=error)


@pytest.mark.parametrize("world", [World(), World(noise=3), replace(CROWD, market_spread=0)])
def test_an_undistorted_model_is_calibrated(world: World) -> None:
    sample = draw(world, 60_000, seed=2)
    first = np.diff(sample.looks.lead, prepend=-1) > 0
    score, chance = sample.looks.probability[first], sample.chance[first]
    order = np.array_split(np.argsort(score), 8)
    for group in order:
        assert chance[group].mean() == pytest.approx(score[group].mean(), abs=0.03)


def test_distortion_keeps_the_order() -> None:
    plain, distorted = (
        draw(w, 500, seed=3).looks.probability for w in (World(), World(slope=2, shift=1))
    )
    assert (np.argsort(plain) == np.argsort(distorted)).all()
    assert distorted.mean() != pytest.approx(plain.mean(), abs=0.01)


def test_looks_are_rows_of_the_solver_s_kind() -> None:
    looks = draw(CROWD, 2000, seed=4).looks
    assert (np.diff(looks.lead) >= 0).all()
    later = np.diff(looks.lead) == 0
    assert (np.diff(looks.position)[later] > 0).all()
    assert 0 < looks.counted.mean() < 1
    assert 1 < len(set(looks.account)) < len(set(looks.lead))
    assert set(looks.market) == {"M0", "M1", "M2", "M3"}
    assert np.isfinite(looks.probability).all()


def test_the_same_seed_draws_the_same_leads() -> None:
    a, b, c = (draw(CROWD, 300, seed=seed).looks for seed in (5, 5, 6))
    assert (a.probability == b.probability).all()
    assert len(a) != len(c) or (a.probability != c.probability).any()


def test_markets_belong_to_the_world_and_not_to_the_sample() -> None:
    sizes = [
        np.unique(draw(CROWD, 20_000, seed).looks.market.astype(str), return_counts=True)[1]
        for seed in (7, 8)
    ]
    assert sizes[0] / sizes[0].sum() == pytest.approx(sizes[1] / sizes[1].sum(), abs=0.02)


def test_the_true_rate_is_of_each_lead_s_first_look_at_the_threshold() -> None:
    sample = draw(replace(CROWD, eligible=0.6), 800, seed=9)
    looks = sample.looks
    threshold = np.where(looks.market == "M1", np.nan, 0.15)
    seen, chances = set(), []
    for i in range(len(looks)):
        lead = int(looks.lead[i])
        if lead not in seen and looks.eligible[i] and looks.probability[i] >= threshold[i]:
            seen.add(lead)
            if looks.counted[i]:
                chances.append(sample.chance[i])
    rate, share = true_rate(sample, threshold)
    assert rate == pytest.approx(np.mean(chances))
    assert share == pytest.approx(len(chances) / (looks.lead.max() + 1))
    assert np.isnan(true_rate(sample, np.nan)[0])


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_world_can_be_drawn(kind: str) -> None:
    rng = np.random.default_rng(10)
    world, leads = world_of(kind, rng)
    assert 300 <= leads <= 20_000
    sample = draw(world, 3000, seed=11)
    rate = rate_to_promise(world, sample, rng)
    assert 0 < rate <= 0.95
    assert world.skilled == (not kind.startswith("no skill"))


@pytest.mark.parametrize("kind", ["no skill", "no skill, accounts"])
def test_without_skill_no_threshold_holds_the_rate(kind: str) -> None:
    rng = np.random.default_rng(12)
    world, _ = world_of(kind, rng)
    sample = draw(world, 60_000, seed=13)
    rate = rate_to_promise(world, sample, rng)
    for quantile in (0.0, 0.5, 0.9):
        threshold = float(np.quantile(sample.looks.probability, quantile))
        reached, share = true_rate(sample, threshold)
        error = 3 * sample.chance.std() / np.sqrt(share * 60_000 / world.account_size)
        assert reached < rate + error
        assert reached > 0.8 * rate - error
