import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from predictive_scoring.calibration import Scored, apply
from predictive_scoring.calibration import fit as fit_folds
from predictive_scoring.model import Calibration


def draw(seed, n=20_000, shift=0.0, slope=1.0):
    random = np.random.default_rng(seed)
    raw = random.normal(-2.5, 1.0, n)
    return raw, np.where(random.random(n) < expit(slope * raw + shift), 1.0, 0.0)


def fit(raw, outcome):
    """One model that is fold and shipping model at once: the plain affine fit."""
    return fit_folds([Scored(raw, outcome)], Scored(raw, outcome))


def objective(raw, outcome, slope, intercept):
    """The documented objective, written out."""
    shown = slope * raw + intercept
    shift = intercept + (slope - 1) * raw.mean()
    losses = np.logaddexp(0, np.where(outcome == 1, -shown, shown))
    return losses.sum() + 0.5 * ((slope - 1) ** 2 + (shift / 5) ** 2)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, -1.0), (2.0, 3.0)])
def test_many_leads_give_the_unpenalised_regression(slope, shift):
    raw, outcome = draw(1, slope=slope, shift=shift)
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000)
    oracle.fit(raw[:, None], outcome)
    found = fit(raw, outcome)
    assert found.slope == pytest.approx(oracle.coef_[0, 0], rel=5e-3)
    assert found.intercept == pytest.approx(oracle.intercept_[0], abs=1e-2)
    assert found.offsets == {}


def test_few_leads_stay_near_the_prior_and_at_its_optimum():
    raw, outcome = draw(5, n=25, shift=1.0)
    found = fit(raw, outcome)
    at = objective(raw, outcome, found.slope, found.intercept)
    for slope, intercept in np.random.default_rng(0).normal(0, 0.05, (50, 2)):
        near = objective(raw, outcome, found.slope + slope, found.intercept + intercept)
        assert near > at
    raw, outcome = raw[:1], outcome[:1]
    assert fit(np.append(raw, raw + 1), np.append(outcome, 0.0)).slope == pytest.approx(1, abs=0.5)


def test_separated_outcomes_have_a_finite_slope():
    raw = np.concatenate([np.linspace(-5, -4, 50), np.linspace(-3, -2, 50)])
    found = fit(raw, np.repeat([0.0, 1.0], 50))
    assert 1 < found.slope < 20
    assert abs(found.slope * -3.5 + found.intercept) < 0.5


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_one_outcome_only_stays_finite(value):
    raw, _ = draw(1, n=200)
    found = fit(raw, np.full(200, value))
    assert np.isfinite([found.slope, found.intercept]).all()


def test_far_off_scores_converge():
    raw, outcome = draw(1)
    found = fit(raw * 8 + 60, outcome)
    assert found.slope == pytest.approx(1 / 8, rel=0.1)
    shown = expit(found.slope * (raw * 8 + 60) + found.intercept)
    assert shown.mean() == pytest.approx(outcome.mean(), rel=0.01)


def test_constant_log_odds_only_shift():
    outcome = np.repeat([1.0, 0.0], [200, 800])
    found = fit(np.full(1000, -3.0), outcome)
    assert found.slope == 1.0
    assert expit(-3.0 + found.intercept) == pytest.approx(0.2, abs=1e-3)


def test_scores_in_reverse_give_everyone_the_observed_rate():
    raw, outcome = draw(1, slope=-1.0, shift=-4.0)
    found = fit(raw, outcome)
    assert found.slope == 0.0
    assert expit(found.intercept) == pytest.approx(outcome.mean(), abs=1e-3)


def test_apply_adds_the_markets_offset():
    calibration = Calibration(slope=2.0, intercept=-1.0, offsets={"FR": 0.5})
    market = np.array(["FR", "DE", ""], dtype=object)
    np.testing.assert_array_equal(
        apply(calibration, np.array([1.0, 1.0, 0.0]), market), [1.5, 1.0, -1.0]
    )


def test_same_data_same_calibration_to_the_bit():
    raw, outcome = draw(1, n=50_000)
    assert fit(raw, outcome) == fit(raw.copy(), outcome.copy())


def test_the_folds_own_levels_do_not_touch_the_slope():
    folds = []
    for seed, level in enumerate((-4.0, 0.0, 3.0)):
        raw, outcome = draw(seed, slope=0.5, shift=-1.0)
        folds.append(Scored(raw + level, outcome))
    newest = Scored(*draw(9, slope=0.5, shift=-1.0))
    found = fit_folds(folds, newest)
    assert found.slope == pytest.approx(0.5, abs=0.03)
    assert found.intercept == pytest.approx(-1.0, abs=0.08)


def test_a_base_rate_that_jumped_between_folds_is_counted_once():
    """An early model of 0.1 % met 6 %; the model that ships was fitted after the jump."""
    outcome = np.repeat([1.0, 0.0], [60, 940])
    early = Scored(np.full(1000, -6.9), outcome)
    shipping = Scored(np.full(1000, -2.75), outcome)
    found = fit_folds([early, early], shipping)
    assert expit(-2.75 * found.slope + found.intercept) == pytest.approx(0.06, abs=1e-3)
