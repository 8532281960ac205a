import subprocess
import sys

import lightgbm as lgb
import numpy as np
import pytest

from predictive_scoring.config import TrainingSettings
from predictive_scoring.model import Fill
from predictive_scoring.training.boosting import PATIENCE, Boosting, booster_log_odds
from predictive_scoring.training.folds import Column, FoldData, Side, mean_log_loss

COLUMNS = (Column("number"), Column("category", 30))
SETTINGS = TrainingSettings(trees=60)


def draw(seed, n=2000, effect=1.0):
    random = np.random.default_rng(seed)
    number, code = random.normal(size=n), random.integers(0, 30, n) * 1.0
    log_odds = effect * (np.abs(number) * 1.5 + np.where(code % 3 == 0, 1.5, -1.0)) - 1
    outcome = (random.random(n) < 1 / (1 + np.exp(-log_odds))) * 1.0
    matrix = np.column_stack([number, code])
    matrix[random.random(n) < 0.1, 1] = np.nan
    return Side(matrix, outcome, np.ones(n))


def test_log_odds_are_the_boosters_raw_prediction():
    side = draw(1)
    model = Boosting().fit(side, COLUMNS, 25, SETTINGS, 3)
    booster = lgb.Booster(model_str=model.text)
    assert booster.num_trees() == 25
    np.testing.assert_array_equal(
        booster_log_odds(model, side.matrix), booster.predict(side.matrix, raw_score=True)
    )
    assert np.ptp(booster_log_odds(model, side.matrix)) > 1


def test_codes_are_categories():
    text = Boosting().fit(draw(1), COLUMNS, 5, SETTINGS, 3).text
    assert "num_cat=0" not in text.split("Tree=0")[1].split("Tree=1")[0]
    only_numbers = (Column("number"), Column("number"))
    assert "num_cat=1" not in Boosting().fit(draw(1), only_numbers, 5, SETTINGS, 3).text


def test_missing_where_training_saw_none_counts_as_the_median():
    random = np.random.default_rng(0)
    number, flag = random.normal(5, 1, 2000), (random.random(2000) < 0.9) * 1.0
    sometimes = np.where(random.random(2000) < 0.1, np.nan, number)
    rate = 1 / (1 + np.exp(2 - 2 * (number > 4.5) - flag))
    matrix = np.column_stack([number, flag, sometimes])
    outcome = np.where(random.random(2000) < rate, 1.0, 0.0)
    side = Side(matrix.astype(np.float64), outcome, np.ones(2000))
    columns = (Column("number"), Column("flag"), Column("number"))
    model = Boosting().fit(side, columns, 30, SETTINGS, 3)
    median = np.quantile(number, 0.5, method="lower")
    assert model.fills == (Fill(0, median), Fill(1, 1.0))
    rows = np.array([[np.nan, np.nan, 5.0], [median, 1.0, 5.0], [0.0, 0.0, 5.0]])
    filled, expected, zero = booster_log_odds(model, rows)
    assert filled == expected
    assert abs(filled - zero) > 0.5


def test_folds_are_judged_as_the_model_would_score_them():
    train, evaluation = draw(1), draw(2)
    absent = np.arange(2000) % 3 == 0
    evaluation.matrix[absent, 0] = np.nan  # never in training
    tuned = Boosting().tune((FoldData(train, evaluation, COLUMNS),), SETTINGS, 3)
    model = Boosting().fit(train, COLUMNS, tuned.choice, SETTINGS, 3)
    np.testing.assert_array_equal(tuned.log_odds[0], booster_log_odds(model, evaluation.matrix))
    assert np.isnan(evaluation.matrix[absent, 0]).all()


def test_same_data_and_seed_give_the_same_text_to_the_byte():
    side = draw(1)
    first = Boosting().fit(side, COLUMNS, 20, SETTINGS, 3).text
    assert Boosting().fit(side, COLUMNS, 20, SETTINGS, 3).text == first
    assert Boosting().fit(side, COLUMNS, 20, SETTINGS, 4).text != first


PROGRAM = """
import sys, hashlib, numpy as np
from predictive_scoring.config import TrainingSettings
from predictive_scoring.training.boosting import Boosting
from predictive_scoring.training.folds import Column, Side
random = np.random.default_rng(5)
matrix = np.column_stack([random.normal(size=3000), random.integers(0, 9, 3000)])
side = Side(matrix, (random.random(3000) < 0.3) * 1.0, np.ones(3000))
columns = (Column("number"), Column("category", 9))
text = Boosting().fit(side, columns, 20, TrainingSettings(), 3).text
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_a_fresh_process_gives_the_same_text_to_the_byte():
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert len(runs[0]) == 65
    assert runs[0] == runs[1]


def test_folds_choose_how_many_trees():
    folds = tuple(FoldData(draw(s, 600), draw(s + 50), COLUMNS) for s in (1, 2))
    settings = TrainingSettings(trees=300, learning_rate=0.2)
    tuned = Boosting().tune(folds, settings, 3)
    trees = int(tuned.choice)
    assert 1 < trees < 300 - PATIENCE

    def loss(count):
        return np.mean(
            [
                mean_log_loss(
                    booster_log_odds(
                        Boosting().fit(f.train, COLUMNS, count, settings, 3), f.evaluation.matrix
                    ),
                    f.evaluation,
                )
                for f in folds
            ]
        )

    assert loss(trees) < min(loss(trees - 1), loss(trees + 1), loss(1), loss(300))
    model = Boosting().fit(folds[0].train, COLUMNS, trees, settings, 3)
    np.testing.assert_allclose(
        tuned.log_odds[0], booster_log_odds(model, folds[0].evaluation.matrix), atol=1e-12
    )


def test_never_more_trees_than_allowed():
    folds = (FoldData(draw(1), draw(2), COLUMNS),)
    assert Boosting().tune(folds, TrainingSettings(trees=3), 3).choice == 3


def test_noise_gets_hardly_any_tree():
    folds = tuple(FoldData(draw(s, effect=0.0), draw(s + 9, effect=0.0), COLUMNS) for s in range(3))
    tuned = Boosting().tune(folds, TrainingSettings(), 3)
    assert tuned.choice <= 5


def test_few_rows_do_not_break_it():
    side = draw(1, n=45)
    model = Boosting().fit(side, COLUMNS, 3, SETTINGS, 3)
    assert booster_log_odds(model, side.matrix) == pytest.approx(
        booster_log_odds(model, side.matrix)[0], abs=2
    )
