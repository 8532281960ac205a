import numpy as np
import pytest

from predictive_scoring.config import TrainingSettings
from predictive_scoring.training.base_rate import BaseRate
from predictive_scoring.training.folds import FoldData, Side


def side(outcome, weight):
    return Side(np.zeros((len(outcome), 1)), np.array(outcome, float), np.array(weight, float))


def test_weighted_rate_with_half_an_outcome_of_either_kind():
    model = BaseRate().fit(side([1, 0, 0], [3, 1, 1]), (), 0.0, TrainingSettings(), 1)
    assert model.log_odds == pytest.approx(np.log(3.5 / 2.5))


def test_finite_when_an_outcome_is_not_seen():
    model = BaseRate().fit(side([0, 0, 0], [1, 1, 1]), (), 0.0, TrainingSettings(), 1)
    assert model.log_odds == pytest.approx(np.log(0.5 / 3.5))


def test_folds_are_predicted_from_their_own_training_side():
    fold = FoldData(side([1, 0], [1, 1]), side([1, 1, 1, 1], [1] * 4), ())
    tuned = BaseRate().tune((fold,), TrainingSettings(), 1)
    assert tuned.log_odds[0].tolist() == [0.0] * 4
