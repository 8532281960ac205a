import lightgbm
import numpy as np
import pytest

from predictive_scoring.errors import BundleError, DataError
from predictive_scoring.explain.contributions import LIMIT, MARKET_OFFSET, explainer, probability
from predictive_scoring.model import (
    BaseRateModel,
    BoosterModel,
    Calibration,
    Fill,
    LinearModel,
    ModelBundle,
    Term,
)
from predictive_scoring.records import FeatureColumn, FeatureSpec

SPEC = FeatureSpec(
    (
        FeatureColumn("a", "number", "fit", "profile"),
        FeatureColumn("b", "number", "fit", "profile"),
    )
)
LINEAR = LinearModel(-1.0, (Term(coefficient=2.0, center=1.0, scale=4.0), Term(missing=0.5)))


def bundle(predictor, calibration=None):
    return ModelBundle(predictor, SPEC, {}, calibration or Calibration(), 90)


def test_a_linear_term_contributes_its_value():
    found = explainer(bundle(LINEAR)).explain(
        np.array([[3.0, np.nan], [1.0, 7.0]]), np.array(["", ""])
    )

    assert found.base == -1.0
    np.testing.assert_array_equal(found.values, [[1.0, 0.5], [0.0, 0.0]])


def test_a_linear_term_contributes_what_it_adds_beyond_its_mean():
    number, category = LINEAR.terms[0], Term(levels=(0.0, 1.0), mean=0.25)
    model = LinearModel(-1.0, (number, category))
    found = explainer(bundle(model)).explain(np.array([[3.0, 1.0], [1.0, 0.0]]), np.array(["", ""]))

    assert found.base == -0.75
    np.testing.assert_array_equal(found.values, [[1.0, 0.75], [0.0, -0.25]])
    np.testing.assert_array_equal(found.log_odds, [1.0, -1.0])  # as without means


def test_missing_where_training_saw_none_contributes_what_the_fill_does():
    random = np.random.default_rng(0)
    matrix = random.normal(5, 1, (500, 2))
    outcome = (random.random(500) < np.where(matrix[:, 0] > 5, 0.8, 0.2)) * 1.0
    settings = {"objective": "binary", "verbosity": -1, "num_threads": 1, "seed": 1}
    text = lightgbm.train(settings, lightgbm.Dataset(matrix, outcome), 5).model_to_string()
    rows = np.array([[np.nan, 5.0], [6.0, 5.0], [0.0, 5.0]])

    found = explainer(bundle(BoosterModel(text, (Fill(0, 6.0),)))).explain(
        rows, np.array(["", "", ""])
    )

    np.testing.assert_array_equal(found.values[0], found.values[1])
    assert found.values[0, 0] > 0 > found.values[2, 0]
    assert np.isnan(rows[0, 0])  # what was observed is still missing


def test_calibration_scales_each_part_and_moves_the_base():
    calibration = Calibration(slope=0.5, intercept=0.25)

    found = explainer(bundle(LINEAR, calibration)).explain(
        np.array([[3.0, np.nan]]), np.array([""])
    )

    assert found.base == -0.25
    np.testing.assert_array_equal(found.values, [[0.5, 0.25]])


def test_the_market_has_a_column_of_its_own_where_there_are_offsets():
    calibration = Calibration(offsets={"DE": -0.2, "FR": 0.1})
    markets = np.array(["FR", "DE", "JP", "", None], dtype=object)

    explained = explainer(bundle(BaseRateModel(-2.0), calibration))
    found = explained.explain(np.zeros((5, 2)), markets)

    assert explained.columns[-1] == MARKET_OFFSET
    assert found.names == ("a", "b", "market_offset")
    np.testing.assert_array_equal(found.values[:, 2], [0.1, -0.2, 0.0, 0.0, 0.0])
    assert explainer(bundle(BaseRateModel(-2.0))).names == ("a", "b")


def test_no_score_is_shown_as_certain():
    steep = LinearModel(1.0, (Term(coefficient=10.0), Term(coefficient=5.0)))

    found = explainer(bundle(steep)).explain(
        np.array([[100.0, 1.0], [-100.0, 0.0], [0.1, 0.0]]), np.array(["", "", ""])
    )

    np.testing.assert_allclose(found.log_odds, [LIMIT, -LIMIT, 2.0])
    np.testing.assert_allclose(found.values[0, 0] / found.values[0, 1], 200.0)
    np.testing.assert_array_equal(found.values[2], [1.0, 0.0])


def test_a_base_beyond_the_limit_is_held_too():
    found = explainer(bundle(BaseRateModel(-400.0))).explain(np.zeros((2, 2)), np.array(["", ""]))

    assert found.base == -LIMIT
    np.testing.assert_array_equal(found.log_odds, [-LIMIT, -LIMIT])


def test_a_score_that_is_no_number_is_refused():
    steep = LinearModel(0.0, (Term(coefficient=1e10), Term()))

    with np.errstate(over="ignore"), pytest.raises(DataError, match="no finite number"):
        explainer(bundle(steep)).explain(np.array([[1e308, 0.0]]), np.array([""]))


def test_a_predictor_that_does_not_fit_its_spec_is_refused():
    with pytest.raises(BundleError, match="reads 1 columns"):
        explainer(bundle(LinearModel(0.0, (Term(),))))


def test_a_damaged_booster_is_refused():
    with pytest.raises(BundleError, match="cannot be read"):
        explainer(bundle(BoosterModel("tree\nversion=v4\n")))


def test_probability_is_the_logistic_function():
    np.testing.assert_allclose(probability(np.array([-800.0, 0.0, np.log(3.0)])), [0, 0.5, 0.75])
