"""Calibrated means calibrated: on forward data, in companies whose base rate and effects drift."""

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import expit

from predictive_scoring.calibration import Scored, apply, fit
from predictive_scoring.config import TrainingSettings
from predictive_scoring.model import encode
from predictive_scoring.records import FeatureColumn, FeatureSpec, TrainingTable
from predictive_scoring.training import compare, evaluate, forward_split, log_odds

DAY = 86_400_000_000
SETTINGS = TrainingSettings(candidates=("logistic",), bootstrap=100)
SPEC = FeatureSpec(tuple(FeatureColumn(f"x{j}", "number", "fit", "profile") for j in range(6)))


def company(seed, leads=6000):
    """Two years in which the base rate falls (log-odds -0.3 a year) and effects fade by a tenth."""
    random = np.random.default_rng(seed)
    days = np.sort(random.uniform(0, 730, leads))
    x = random.normal(size=(leads, 6))
    years = days / 365
    truth = -1.2 - 0.3 * years + (1 - 0.05 * years) * (1.0 * x[:, 0] + 0.7 * x[:, 1])
    return TrainingTable(
        spec=SPEC,
        features=pa.table({f"x{j}": x[:, j] for j in range(6)}),
        outcome=(random.random(leads) < expit(truth)) * 1.0,
        lead_id=np.array([f"l{i}" for i in range(leads)], dtype=object),
        account_id=np.array([""] * leads, dtype=object),
        market=np.array([""] * leads, dtype=object),
        position=(days * DAY).astype(np.int64),
        planned_until=(days * DAY).astype(np.int64),
        horizon=30 * DAY,
        ordered_by="time",
        weight=np.ones(leads),
    )


def overconfident(raw):
    """What an overfitted model would say: too extreme, and too high."""
    return 2.0 * raw + 1.0


def fit_shipped(table, split, selection, distort):
    """Calibrate as the training run does: folds for the slope, the newest block for the level."""
    blocks = [block for _, block in split.folds]
    forward = selection.forward_log_odds
    folds = [Scored(distort(raw), table.outcome[b]) for raw, b in zip(forward, blocks, strict=True)]
    matrix = encode(table.features.take(blocks[-1]), table.spec, selection.vocabularies)
    newest = distort(log_odds(selection.predictor, matrix))
    return fit(folds, Scored(newest, table.outcome[blocks[-1]]))


def slopes(seed):
    """Raw and calibrated slope of an overconfident model, with intervals, on the newest period."""
    table = company(seed)
    split = forward_split(table, SETTINGS)
    selection = compare(table, split, SETTINGS, seed, rare=20)
    calibration = fit_shipped(table, split, selection, overconfident)
    test = split.test
    lead = table.lead_id[test]
    matrix = encode(table.features.take(test), table.spec, selection.vocabularies)
    raw = overconfident(log_odds(selection.predictor, matrix))
    shown = apply(calibration, raw, table.market[test])
    return [
        evaluate(scores, table.outcome[test], lead, lead, SETTINGS, seed).metric(
            "calibration_slope"
        )
        for scores in (raw, shown)
    ]


@pytest.fixture(scope="module")
def measured():
    return [slopes(seed) for seed in range(8)]


def covered(metrics):
    return sum(metric.low <= 1 <= metric.high for metric in metrics)


def test_calibration_slope_of_forward_predictions_is_one(measured):
    # 95 % intervals: more than 2 misses of 8 happen once in 170 by chance alone.
    assert covered(shown for _, shown in measured) >= 6
    assert np.mean([shown.value for _, shown in measured]) == pytest.approx(1.0, abs=0.1)


def test_calibration_is_what_does_it(measured):
    assert covered(raw for raw, _ in measured) == 0
