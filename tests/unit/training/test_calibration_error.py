import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import foldnorm

from predictive_scoring.training.calibration_error import (
    MassBins,
    _folded_normal_mean,
    error_interval,
    expected_calibration_error,
)
from predictive_scoring.training.ranking import Ranking


def draw(seed, n=4000, base=-2.5, shift=0.0, slope=1.0):
    random = np.random.default_rng(seed)
    log_odds = random.normal(base, 1.0, n)
    truth = expit(base + shift + slope * (log_odds - base))
    return log_odds, np.where(random.random(n) < truth, 1.0, 0.0), truth


def binned(log_odds, outcome, cluster=None):
    ranking = Ranking.of(log_odds, outcome)
    cluster = np.arange(len(outcome)) if cluster is None else cluster
    bins = MassBins.of(ranking.starts, cluster[ranking.order])
    return bins, (outcome - expit(log_odds))[ranking.order]


def ece(log_odds, outcome, cluster=None):
    return expected_calibration_error(*binned(log_odds, outcome, cluster))


def test_ece_of_true_probabilities_is_far_below_the_plug_in():
    corrected, plug_in = [], []
    for seed in range(30):
        log_odds, outcome, _ = draw(seed, n=3000)
        order = np.argsort(log_odds)
        gaps = (outcome - expit(log_odds))[order].reshape(15, -1).mean(axis=1)
        plug_in.append(np.abs(gaps).mean())
        corrected.append(ece(log_odds, outcome))
    assert np.mean(corrected) < 0.65 * np.mean(plug_in)


def test_ece_of_wrong_probabilities_is_the_true_error():
    errors = []
    for seed in range(30):
        log_odds, outcome, truth = draw(seed, base=-1.0, shift=0.3)
        errors.append(ece(log_odds, outcome) / np.abs(truth - expit(log_odds)).mean())
    assert np.mean(errors) == pytest.approx(1.0, abs=0.05)


def test_ece_takes_snapshots_of_a_lead_as_one_piece_of_evidence():
    log_odds, outcome, _ = draw(3, n=3000)
    repeated = ece(np.repeat(log_odds, 4), np.repeat(outcome, 4), np.repeat(np.arange(3000), 4))
    assert repeated == pytest.approx(ece(log_odds, outcome), abs=1e-9)


def test_ece_of_constant_predictions_is_one_bin():
    outcome = np.repeat([0.0, 1.0], [800, 200])
    assert ece(np.full(1000, np.log(0.25)), outcome) == 0.0
    assert ece(np.full(1000, 0.0), outcome) == pytest.approx(0.3, abs=1e-3)


def test_gaps_are_weighted_means_of_each_bin():
    bins = MassBins.of(np.arange(6), np.arange(6), bins=3)
    residual, weight = np.array([1.0, 0, 3, 5, 2, 2]), np.array([1.0, 3, 1, 1, 0, 0])
    assert bins.share.tolist() == pytest.approx([1 / 3] * 3)
    assert bins.gaps(residual, weight).tolist() == [0.25, 4.0, 0.0]


def interval(seed, *, resamples=100, **company):
    """The interval, and the true error, in the bins of scores drawn anew."""
    log_odds, outcome, truth = draw(seed, n=1000, **company)
    bins, residual = binned(log_odds, outcome)
    random = np.random.default_rng(seed)
    times = random.multinomial(1000, np.full(1000, 1e-3), resamples) * 1.0
    drawn = np.stack([bins.gaps(residual, weight) for weight in times])
    true = np.abs(truth - expit(log_odds)).mean()
    return *error_interval(bins.share, bins.gaps(residual, np.ones(1000)), drawn), true


@pytest.mark.parametrize(
    "company", [{}, {"base": -1.0}, {"shift": 0.3}, {"base": -1.0, "shift": 0.3}, {"slope": 0.6}]
)
def test_interval_holds_the_true_error(company):
    # 95 % intervals: more than 15 misses of 150 happen once in 200 by chance alone.
    found = [interval(seed, **company) for seed in range(150)]
    assert sum(low <= true <= high for low, high, true in found) >= 135


def test_interval_is_no_wider_than_the_noise():
    low, high, true = np.mean([interval(s, base=-1.0, shift=0.3) for s in range(20)], axis=0)
    assert 0 < low < true < high < 2 * true
    perfect = np.mean([interval(s, base=-1.0) for s in range(20)], axis=0)
    assert perfect[1] < 0.07  # noise alone makes the plug-in figure 0.04


def test_interval_ends_are_where_the_figure_found_is_at_a_tail():
    """One bin, normal noise: the folded normal's own confidence limits."""
    noise = np.random.default_rng(0).normal(0, 1, (20_000, 1))
    low, high = error_interval(np.ones(1), np.array([-3.0]), noise - 3.0)
    for error, tail in ((low, "sf"), (high, "cdf")):
        assert getattr(foldnorm, tail)(3.0, error) == pytest.approx(0.025, abs=0.004)


def test_interval_of_gaps_that_are_nothing():
    assert error_interval(np.ones(1), np.zeros(1), np.zeros((9, 1))) == (0.0, 0.0)
    low, high = error_interval(np.ones(1), np.zeros(1), np.linspace(-1, 1, 101)[:, None])
    assert low == 0.0
    assert high == pytest.approx(0.975, abs=0.02)


def test_folded_normal():
    mean, deviation = np.array([0.0, 0.3, -1.0, 2.0]), np.array([1.0, 0.5, 2.0, 1e-3])
    expected = [foldnorm.mean(abs(m) / s, scale=s) for m, s in zip(mean, deviation, strict=True)]
    np.testing.assert_allclose(_folded_normal_mean(mean, deviation), expected)
    np.testing.assert_allclose(_folded_normal_mean(np.array([0.2, 0.0]), np.zeros(2)), [0.2, 0.0])
