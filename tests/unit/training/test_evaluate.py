import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from predictive_scoring.config import TrainingSettings
from predictive_scoring.records import MarketReliability, ReliabilityBin
from predictive_scoring.training import evaluate
from predictive_scoring.training.evaluate import METRICS

SETTINGS = TrainingSettings(bootstrap=60)


def draw(seed=1, leads=1000, per_lead=2):
    random = np.random.default_rng(seed)
    log_odds = np.repeat(random.normal(-1.5, 1, leads), per_lead)
    outcome = np.repeat((random.random(leads) < expit(log_odds[::per_lead])) * 1.0, per_lead)
    lead = np.repeat(np.array([f"l{i}" for i in range(leads)], dtype=object), per_lead)
    return log_odds, outcome, lead


def test_metrics_are_those_of_scikit_learn():
    log_odds, outcome, lead = draw()
    evaluation = evaluate(log_odds, outcome, lead, lead, SETTINGS, 1)
    probability = expit(log_odds)
    expected = {
        "log_loss": log_loss(outcome, probability),
        "brier": brier_score_loss(outcome, probability),
        "roc_auc": roc_auc_score(outcome, probability),
        "average_precision": average_precision_score(outcome, probability),
        "base_rate": outcome.mean(),
        "mean_prediction": probability.mean(),
    }
    for name, value in expected.items():
        assert evaluation.metric(name).value == pytest.approx(value), name
    assert tuple(m.name for m in evaluation.metrics) == METRICS
    assert (evaluation.rows, evaluation.leads) == (2000, 1000)
    assert evaluation.positives == int(outcome.sum())


def test_intervals_hold_the_value_and_resample_leads():
    log_odds, outcome, lead = draw()
    settings = TrainingSettings(bootstrap=400)
    evaluation = evaluate(log_odds, outcome, lead, lead, settings, 1)
    for metric in evaluation.metrics:
        assert metric.low <= metric.value < metric.high, metric.name
    rate = evaluation.metric("base_rate")
    theory = 2 * 1.96 * np.sqrt(outcome.mean() * (1 - outcome.mean()) / 1000)  # leads, not rows
    assert rate.high - rate.low == pytest.approx(theory, rel=0.15)


def test_error_of_true_probabilities_has_an_interval_from_nothing():
    errors = []
    for seed in range(30):
        log_odds, outcome, lead = draw(seed, leads=500)
        errors.append(evaluate(log_odds, outcome, lead, lead, SETTINGS, 1).metric("ece"))
    assert sum(error.low == 0 for error in errors) >= 27
    assert all(error.low <= error.value <= error.high for error in errors)


def test_intervals_resample_clusters_and_leads_are_counted_all_the_same():
    """Accounts differ: resampling their leads one by one would give half the true width."""
    random = np.random.default_rng(2)
    account = np.repeat([f"a{i}" for i in range(150)], 8).astype(object)
    lead = np.array([f"l{i}" for i in range(1200)], dtype=object)
    truth = -1.5 + np.repeat(random.normal(0, 2, 150), 8)
    outcome = np.where(random.random(1200) < expit(truth), 1.0, 0.0)
    log_odds = np.full(1200, -1.5)
    settings = TrainingSettings(bootstrap=300)
    by_account = evaluate(log_odds, outcome, lead, account, settings, 1)
    rate = by_account.metric("base_rate")
    theory = 2 * 1.96 * outcome.reshape(150, 8).mean(axis=1).std(ddof=1) / np.sqrt(150)
    assert rate.high - rate.low == pytest.approx(theory, rel=0.15)
    assert by_account.leads == 1200


def test_row_order_does_not_matter():
    log_odds, outcome, lead = draw()
    shuffled = np.random.default_rng(0).permutation(len(outcome))
    one = evaluate(log_odds, outcome, lead, lead, SETTINGS, 1)
    two = evaluate(
        log_odds[shuffled], outcome[shuffled], lead[shuffled], lead[shuffled], SETTINGS, 1
    )
    for a, b in zip(one.metrics, two.metrics, strict=True):
        assert a.value == pytest.approx(b.value)


def test_same_seed_same_intervals():
    log_odds, outcome, lead = draw()
    first = evaluate(log_odds, outcome, lead, lead, SETTINGS, 1)
    assert evaluate(log_odds, outcome, lead, lead, SETTINGS, 1) == first
    assert evaluate(log_odds, outcome, lead, lead, SETTINGS, 2) != first


def test_gains_and_lift():
    log_odds, outcome, lead = draw()
    evaluation = evaluate(log_odds, outcome, lead, lead, SETTINGS, 1)
    assert [g.share for g in evaluation.gains] == [pytest.approx(i / 20) for i in range(1, 21)]
    best = outcome[np.argsort(-log_odds, kind="stable")][:200].sum() / outcome.sum()
    top = evaluation.gains[1]
    assert top.captured == pytest.approx(best)
    assert top.lift == pytest.approx(best / 0.1)
    assert evaluation.metric("lift_at_10").value == pytest.approx(best / 0.1)
    assert top.low < top.captured < top.high
    assert evaluation.gains[-1].captured == 1.0


def test_constant_predictions():
    _, outcome, lead = draw()
    evaluation = evaluate(np.full(len(outcome), -1.5), outcome, lead, lead, SETTINGS, 1)
    slope = evaluation.metric("calibration_slope")
    assert np.isnan([slope.value, slope.low, slope.high]).all()
    assert evaluation.metric("roc_auc").value == 0.5
    assert evaluation.metric("lift_at_10").value == pytest.approx(1.0)


def test_few_positives_some_resamples_without_any():
    log_odds, _, lead = draw(leads=100, per_lead=1)
    outcome = np.zeros(100)
    outcome[:2] = 1.0
    auc = evaluate(log_odds, outcome, lead, lead, SETTINGS, 1).metric("roc_auc")
    assert auc.low <= auc.value <= auc.high


def test_reliability_and_markets_are_passed_on():
    bins = (ReliabilityBin(0.1, 0.1, 0.0, 0.2, 10),)
    markets = (MarketReliability("FR", 10, 1, 0.1, 0.1, 0.0, 0.3),)
    log_odds, outcome, lead = draw()
    evaluation = evaluate(
        log_odds, outcome, lead, lead, SETTINGS, 1, reliability=bins, markets=markets
    )
    assert (evaluation.reliability, evaluation.markets) == (bins, markets)
