import numpy as np
import pytest

from predictive_scoring.config import TrainingSettings
from predictive_scoring.model import BaseRateModel
from predictive_scoring.training import LADDER, log_odds
from predictive_scoring.training.candidates import rungs
from predictive_scoring.training.folds import Column, Side


def test_the_ladder_holds_every_candidate_the_configuration_knows():
    assert tuple(rung.name for rung in LADDER) == TrainingSettings().candidates


def test_rungs_come_in_the_ladders_order():
    assert [r.name for r in rungs(("lightgbm", "base_rate"))] == ["base_rate", "lightgbm"]
    with pytest.raises(KeyError, match="oracle"):
        rungs(("oracle",))


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.name)
def test_every_rung_gives_plain_data_that_predicts(rung):
    random = np.random.default_rng(0)
    matrix = np.column_stack([random.normal(size=800), random.integers(0, 3, 800)])
    side = Side(matrix, np.where(random.random(800) < 0.2, 1.0, 0.0), np.ones(800))
    model = rung.fit(side, (Column("number"), Column("category", 3)), 1.0, TrainingSettings(), 1)
    assert model.kind == rung.name
    probability = 1 / (1 + np.exp(-log_odds(model, matrix)))
    assert probability.shape == (800,)
    assert probability.mean() == pytest.approx(side.outcome.mean(), abs=0.005)


def test_base_rate_is_the_same_for_all():
    assert log_odds(BaseRateModel(-1.5), np.zeros((3, 2))).tolist() == [-1.5] * 3
