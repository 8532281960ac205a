import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from predictive_scoring.training.ranking import (
    Ranking,
    average_precision,
    captured,
    cumulated,
    roc_auc,
)


@st.composite
def scored(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(4, 200))
    score = random.normal(size=n).round(draw(st.integers(0, 4)))  # ties
    outcome = (random.random(n) < 0.4) * 1.0
    outcome[:2] = 0.0, 1.0
    weight = random.choice([random.uniform(0.1, 3, n), np.ones(n), random.integers(1, 4, n)])
    return score, outcome, weight


@given(scored())
@settings(max_examples=150, deadline=None)
def test_same_as_scikit_learn(case):
    score, outcome, weight = case
    ranking = Ranking.of(score, outcome)
    curve = cumulated(ranking, weight[ranking.order])
    assert roc_auc(*curve) == pytest.approx(roc_auc_score(outcome, score, sample_weight=weight))
    assert average_precision(*curve) == pytest.approx(
        average_precision_score(outcome, score, sample_weight=weight)
    )


def test_rows_of_weight_nothing_do_not_count():
    score, outcome = np.array([3.0, 2, 1, 0]), np.array([0.0, 1, 0, 1])
    weight = np.array([0.0, 1, 1, 1])
    curve = cumulated(Ranking.of(score, outcome), weight)
    assert roc_auc(*curve) == 0.5
    assert average_precision(*curve) == pytest.approx((1 + 2 / 3) / 2)


def test_captured_splits_equal_scores_in_proportion():
    score = np.array([2.0, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    outcome = np.array([1.0, 1, 1, 0, 0, 0, 0, 0, 0, 1])
    curve = cumulated(Ranking.of(score, outcome), np.ones(10))
    shares = np.array([0.1, 0.3, 0.5, 1.0])
    np.testing.assert_allclose(captured(*curve, shares), [0.25, 0.5, 0.75, 1.0])


def test_one_outcome_only_is_not_defined():
    ranking = Ranking.of(np.array([1.0, 2.0]), np.zeros(2))
    curve = cumulated(ranking, np.ones(2))
    assert np.isnan(roc_auc(*curve))
    assert np.isnan(average_precision(*curve))
    assert np.isnan(captured(*curve, np.array([0.5]))).all()
