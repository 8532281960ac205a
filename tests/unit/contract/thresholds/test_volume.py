from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import nbinom

from predictive_scoring.contract.intervals import lower_bound, upper_bound
from predictive_scoring.contract.thresholds.crossings import first_crossings
from predictive_scoring.contract.thresholds.volume import MONTH, expected_volume
from predictive_scoring.records import Looks

DAY = 86_400 * 1_000_000


def arrivals(counts: np.ndarray) -> Looks:
    """One lead for each of so many arrivals a week."""
    week = np.repeat(np.arange(len(counts)), counts)
    n = len(week)
    return Looks(
        lead=np.arange(n),
        account=np.arange(n),
        market=np.array([""] * n, dtype=object),
        position=week * 7 * DAY,
        probability=np.full(n, 0.5),
        outcome=np.full(n, np.nan),
        eligible=np.ones(n, dtype=bool),
        counted=np.ones(n, dtype=bool),
        days=7.0 * len(counts),
    )


def volume_of(counts: np.ndarray):
    leads = first_crossings(arrivals(counts))
    return expected_volume(leads, leads.at(0.5))


def test_even_arrivals_have_the_gamma_poisson_interval() -> None:
    volume = volume_of(np.full(26, 4))
    months = 26 * 7 / MONTH
    assert volume.mean == pytest.approx(104 / months)
    # Jeffreys' posterior Gamma(104.5, months), and a Poisson month on it.
    low, high = nbinom.ppf([0.025, 0.975], 104.5, months / (months + 1))
    assert (volume.low, volume.high) == (low, high)


@pytest.mark.parametrize("shape", [None, 1.0])
def test_the_interval_holds_a_month_to_come(shape: float | None) -> None:
    """Poisson weeks, and weeks that come in waves (gamma-Poisson)."""
    rng = np.random.default_rng(7)

    def week(n: int) -> np.ndarray:
        return rng.poisson(6 if shape is None else rng.gamma(shape, 6 / shape, n), n)

    held = 0
    for _ in range(400):
        volume = volume_of(week(40))
        month = week(5)
        days = MONTH - 28  # four weeks and so much of a fifth
        held += volume.low <= month[:4].sum() + rng.binomial(month[4], days / 7) <= volume.high
    assert 0.91 < held / 400 < 0.99


def test_waves_make_the_interval_wider() -> None:
    even, waves = volume_of(np.full(26, 4)), volume_of(np.tile([0, 8], 13))
    assert even.mean == waves.mean
    assert waves.low < even.low < even.high < waves.high


def test_a_part_of_a_week_at_the_end_is_no_small_week() -> None:
    full = arrivals(np.array([5, 5, 5, 5, 5, 5, 1]))
    leads = first_crossings(replace(full, days=6 * 7 + 1.5))
    assert leads.weeks == 6
    counts = np.bincount(leads.week[leads.week >= 0])
    assert list(counts) == [5] * 6


def test_nobody_yet_is_not_nobody_ever() -> None:
    leads = first_crossings(arrivals(np.full(8, 3)))
    volume = expected_volume(leads, leads.at(0.9))
    assert (volume.mean, volume.low) == (0.0, 0.0)
    assert volume.high >= 1


def test_without_instants_the_volume_is_a_share_of_the_leads(looks) -> None:
    leads = first_crossings(looks([0.9] * 3 + [0.1] * 7, days=None))
    volume = expected_volume(leads, leads.at(0.5))
    assert volume.mean == 0.3
    assert (volume.low, volume.high) == (lower_bound(3, 10, 0.975), upper_bound(3, 10, 0.975))
