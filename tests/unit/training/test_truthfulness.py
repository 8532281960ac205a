import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import foldnorm
from sklearn.linear_model import LogisticRegression

from predictive_scoring.training.ranking import Ranking
from predictive_scoring.training.truthfulness import (
    MassBins,
    _folded_normal_mean,
    calibration_intercept,
    calibration_slope,
    expected_calibration_error,
)


def draw(seed, n=4000, base=-2.5, shift=0.0, slope=1.0, spread=1.0):
    random = np.random.default_rng(seed)
    log_odds = random.normal(base, spread, n)
    truth = expit(base + shift + slope * (log_odds - base))
    return log_odds, np.where(random.random(n) < truth, 1.0, 0.0), truth


def ece(log_odds, outcome, lead=None):
    ranking = Ranking.of(log_odds, outcome)
    lead = np.arange(len(outcome)) if lead is None else lead
    bins = MassBins.of(ranking.starts, lead[ranking.order])
    ordered = expit(log_odds)[ranking.order]
    return expected_calibration_error(bins, ordered, ranking.outcome, np.ones(len(outcome)))


@pytest.mark.parametrize("slope", [0.3, 1.0, 2.5])
def test_slope_is_that_of_an_unpenalised_logistic_regression(slope):
    log_odds, outcome, _ = draw(1, slope=slope, shift=0.4)
    weight = np.random.default_rng(2).uniform(0, 3, len(outcome))
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000)
    oracle.fit(log_odds[:, None], outcome, sample_weight=weight)
    found = calibration_slope(log_odds, outcome, weight)
    assert found == pytest.approx(oracle.coef_[0, 0], rel=1e-5)
    assert calibration_slope(log_odds, outcome, weight, start=3.0) == pytest.approx(found, rel=1e-9)


def test_intercept_makes_the_means_agree():
    log_odds, outcome, _ = draw(1, shift=0.7)
    weight = np.random.default_rng(2).uniform(0, 3, len(outcome))
    shift = calibration_intercept(log_odds, outcome, weight)
    assert np.average(expit(log_odds + shift), weights=weight) == pytest.approx(
        np.average(outcome, weights=weight), abs=1e-9
    )
    assert shift == pytest.approx(0.7, abs=0.2)


def test_far_off_scores_are_still_measured():
    log_odds, outcome, _ = draw(1, base=-20.0, shift=20.0)
    assert calibration_intercept(log_odds, outcome, np.ones(4000)) == pytest.approx(20, abs=0.2)


def test_not_defined():
    ones = np.ones(10)
    assert np.isnan(calibration_slope(ones, np.array([0.0, 1.0] * 5), ones))  # constant
    assert np.isnan(calibration_slope(np.arange(10.0), ones, ones))
    assert np.isnan(calibration_intercept(np.arange(10.0), 0 * ones, ones))


def test_separated_outcomes_have_a_large_finite_slope():
    x = np.linspace(-1, 1, 100)
    assert 10 < calibration_slope(x, np.where(x > 0, 1.0, 0.0), np.ones(100)) < np.inf


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


def test_folded_normal():
    mean, deviation = np.array([0.0, 0.3, -1.0, 2.0]), np.array([1.0, 0.5, 2.0, 1e-3])
    expected = [foldnorm.mean(abs(m) / s, scale=s) for m, s in zip(mean, deviation, strict=True)]
    np.testing.assert_allclose(_folded_normal_mean(mean, deviation), expected)
    np.testing.assert_allclose(_folded_normal_mean(np.array([0.2, 0.0]), np.zeros(2)), [0.2, 0.0])
