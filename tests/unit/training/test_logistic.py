import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from predictive_scoring.config import TrainingSettings
from predictive_scoring.training.folds import Column, FoldData, Side, log_losses
from predictive_scoring.training.logistic import PENALTIES, Design, Logistic, linear_log_odds

COLUMNS = (Column("number"), Column("category", 4), Column("flag"), Column("number"))


def draw(seed, n=1500, effect=1.0):
    random = np.random.default_rng(seed)
    number = random.lognormal(0, 1, n)
    code = random.integers(0, 4, n) * 1.0
    flag = (random.random(n) < 0.3) * 1.0
    log_odds = effect * (-2 + 0.5 * number + np.array([0, 1, -1, 0.5])[code.astype(int)] + flag)
    outcome = (random.random(n) < 1 / (1 + np.exp(-log_odds))) * 1.0
    code[random.random(n) < 0.1] = np.nan
    number[random.random(n) < 0.2] = np.nan
    matrix = np.column_stack([number, code, flag, np.full(n, 3.0)])
    return Side(matrix, outcome, random.uniform(0.5, 1.5, n).astype(np.float64))


def test_log_odds_are_those_of_scikit_learn():
    side = draw(1)
    model = Logistic().fit(side, COLUMNS, 0.002, TrainingSettings(), 1)
    design = Design.of(side.matrix, COLUMNS)
    oracle = LogisticRegression(
        C=1 / (0.002 * side.weight.sum()), solver="newton-cholesky", tol=1e-7
    )
    oracle.fit(design.rows(side.matrix), side.outcome, sample_weight=side.weight)
    unseen = draw(2)
    expected = oracle.decision_function(design.rows(unseen.matrix))
    np.testing.assert_allclose(linear_log_odds(model, unseen.matrix), expected, atol=1e-9)


def test_the_design_is_what_the_terms_say():
    side = draw(1)
    number = side.matrix[:, 0]
    known = number[~np.isnan(number)]
    low, high = np.percentile(known, [0.5, 99.5])
    clipped = np.clip(known, low, high)
    design = Design.of(side.matrix, COLUMNS)
    rows = design.rows(side.matrix).toarray()
    # number + its missing, four codes + missing, a flag; the constant column has no place.
    assert rows.shape == (1500, 2 + 5 + 1)
    np.testing.assert_allclose(
        rows[~np.isnan(number), 0], (clipped - clipped.mean()) / clipped.std()
    )
    np.testing.assert_array_equal(rows[:, 1], np.isnan(number))
    np.testing.assert_array_equal(rows[:, 2:7].sum(axis=1), 1)
    np.testing.assert_array_equal(rows[:, 6], np.isnan(side.matrix[:, 1]))


def test_a_term_knows_its_mean_over_the_weighted_training_rows():
    side = draw(1)
    model = Logistic().fit(side, COLUMNS, 0.002, TrainingSettings(), 1)
    for term, values in zip(model.terms, side.matrix.T, strict=True):
        mean = np.average(term.log_odds(values), weights=side.weight)
        assert term.mean == pytest.approx(mean, abs=1e-12)
    assert abs(model.terms[1].mean) > 0.01  # categories are not centred by themselves


def test_values_beyond_the_range_of_training_have_no_more_effect():
    side = draw(1)
    model = Logistic().fit(side, COLUMNS, 1e-3, TrainingSettings(), 1)
    rows = np.array([[50.0, 0, 0, 3.0], [5e9, 0, 0, 3.0]])
    assert np.ptp(linear_log_odds(model, rows)) == 0


def test_a_rare_count_is_not_clipped_away():
    random = np.random.default_rng(0)
    rare = (np.arange(3000) % 500 == 0) * 4.0
    outcome = np.where((rare > 0) | (random.random(3000) < 0.1), 1.0, 0.0)
    side = Side(rare[:, None], outcome, np.ones(3000))
    model = Logistic().fit(side, (Column("number"),), 1e-5, TrainingSettings(), 1)
    assert model.terms[0].coefficient > 0
    assert model.terms[0].high == 4.0


def test_missing_where_training_saw_none_counts_as_the_mean():
    random = np.random.default_rng(0)
    x = random.normal(5, 1, 500).astype(np.float64)
    side = Side(x[:, None], np.where(random.random(500) < 0.5, 1.0, 0.0), np.ones(500))
    model = Logistic().fit(side, (Column("number"),), 1e-3, TrainingSettings(), 1)
    assert linear_log_odds(model, np.array([[np.nan]]))[0] == pytest.approx(model.intercept)


def test_folds_choose_the_penalty_with_the_least_loss():
    folds = tuple(FoldData(draw(s), draw(s + 50), COLUMNS) for s in (1, 2, 3))
    tuned = Logistic().tune(folds, TrainingSettings(), 1)

    def loss(penalty):
        losses = []
        for fold in folds:
            model = Logistic().fit(fold.train, COLUMNS, penalty, TrainingSettings(), 1)
            side = fold.evaluation
            each = log_losses(linear_log_odds(model, side.matrix), side.outcome)
            losses.append(np.average(each, weights=side.weight))
        return np.mean(losses)

    assert tuned.choice == min(PENALTIES, key=loss)
    model = Logistic().fit(folds[0].train, COLUMNS, tuned.choice, TrainingSettings(), 1)
    np.testing.assert_allclose(
        tuned.log_odds[0], linear_log_odds(model, folds[0].evaluation.matrix), atol=1e-4
    )


def test_noise_gets_the_strongest_penalty():
    folds = tuple(
        FoldData(draw(s, 200, effect=0.0), draw(s + 50, effect=0.0), COLUMNS) for s in range(4)
    )
    assert Logistic().tune(folds, TrainingSettings(), 1).choice == PENALTIES[0]


def test_separable_outcomes_converge():
    x = np.linspace(-1, 1, 200)
    side = Side(x[:, None], np.where(x > 0, 1.0, 0.0), np.ones(200))
    model = Logistic().fit(side, (Column("number"),), 1e-5, TrainingSettings(), 1)
    assert np.isfinite(model.terms[0].coefficient)
