import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from predictive_scoring.training.truthfulness import calibration_intercept, calibration_slope


def draw(seed, n=4000, base=-2.5, shift=0.0, slope=1.0, spread=1.0):
    random = np.random.default_rng(seed)
    log_odds = random.normal(base, spread, n)
    truth = expit(base + shift + slope * (log_odds - base))
    return log_odds, np.where(random.random(n) < truth, 1.0, 0.0), truth


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
