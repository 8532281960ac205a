"""Promise 6: base + Σ contributions = log-odds of the probability shown, for every lead."""

import itertools
from functools import cache

import lightgbm
import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.explain import explainer, group_sums, probability
from predictive_scoring.model import (
    BaseRateModel,
    BoosterModel,
    Calibration,
    LinearModel,
    ModelBundle,
    Term,
    Vocabulary,
    encode,
)
from predictive_scoring.records import FeatureColumn, FeatureSpec

SPEC = FeatureSpec(
    (
        FeatureColumn("industry", "category", "fit", "profile"),
        FeatureColumn("employees", "number", "fit", "profile"),
        FeatureColumn("newsletter", "flag", "fit", "profile"),
        FeatureColumn("visits", "number", "engagement", "count", "events", "type", "visit", 7),
        FeatureColumn("quiet", "number", "engagement", "recency", "events"),
    )
)
VOCABULARIES = {"industry": Vocabulary(("food", "water", "retail"))}
CALIBRATIONS = {
    "none": Calibration(),
    "affine": Calibration(slope=0.83, intercept=-0.4),
    "markets": Calibration(slope=1.2, intercept=0.1, offsets={"DE": -0.21, "FR": 0.15}),
    "upside down": Calibration(slope=-0.5, intercept=2.0),
    "nearly certain": Calibration(slope=60.0, intercept=3.0, offsets={"DE": 5.0}),
}


def features(rows: int, seed: int = 1) -> pa.Table:
    rng = np.random.default_rng(seed)
    known = np.array(["food", "water", "retail", "never seen", None], dtype=object)
    numbers = rng.exponential(50, (3, rows))
    numbers[rng.random((3, rows)) < 0.1] = np.nan
    for j, extreme in enumerate((1e308, -1e308, np.inf, -np.inf, 0.0, -0.0, 1e-310)):
        numbers[:, j : j + 1] = extreme
    return pa.table(
        {
            "industry": pa.array(known[rng.integers(0, 5, rows)], pa.string()),
            "employees": numbers[0],
            "newsletter": pa.array(rng.integers(0, 2, rows).astype(float)),
            "visits": numbers[1],
            "quiet": numbers[2],
        }
    )


@cache
def booster() -> lightgbm.Booster:
    matrix = encode(features(2000, seed=2), SPEC, VOCABULARIES)
    rng = np.random.default_rng(3)
    outcome = (rng.random(2000) < np.where(matrix[:, 0] == 1, 0.5, 0.1)).astype(float)
    settings = {"objective": "binary", "num_leaves": 31, "verbosity": -1, "seed": 1}
    return lightgbm.train(settings, lightgbm.Dataset(matrix, outcome, categorical_feature=[0]), 60)


def linear(matrix: np.ndarray) -> tuple[LinearModel, np.ndarray]:
    """A linear model, and its margins worked out row by row from the definition of a term."""
    number = Term(coefficient=0.7, center=40.0, scale=25.0, missing=-0.3, low=0.0, high=400.0)
    terms = (Term(levels=(0.0, 0.4, -0.2, 0.1), missing=0.05), number, number, number, number)
    margins = np.full(len(matrix), -1.5)
    for i, j in itertools.product(range(len(matrix)), range(5)):
        x, term = matrix[i, j], terms[j]
        if np.isnan(x):
            margins[i] += term.missing
        elif term.levels:
            margins[i] += term.levels[int(x)]
        else:
            margins[i] += term.coefficient * (min(max(x, 0.0), 400.0) - 40.0) / 25.0
    return LinearModel(-1.5, terms), margins


def predictor(kind: str, matrix: np.ndarray):
    """The predictor, and its raw margins found without the explainer."""
    if kind == "lightgbm":
        text = booster().model_to_string()
        raw = booster().predict(matrix, raw_score=True) if len(matrix) else np.empty(0)
        return BoosterModel(text), raw
    if kind == "logistic":
        return linear(matrix)
    return BaseRateModel(-2.2), np.full(len(matrix), -2.2)


@pytest.mark.parametrize("calibration", CALIBRATIONS)
@pytest.mark.parametrize("kind", ["lightgbm", "logistic", "base_rate"])
@pytest.mark.parametrize("rows", [400, 7])
def test_additivity(kind, calibration, rows):
    chosen = CALIBRATIONS[calibration]
    matrix = encode(features(rows), SPEC, VOCABULARIES)
    markets = np.array(["DE", "FR", "JP", "", None], dtype=object)[np.arange(rows) % 5]
    model, raw = predictor(kind, matrix)
    bundle = ModelBundle(model, SPEC, VOCABULARIES, chosen, 90)

    explained = explainer(bundle)
    found = explained.explain(matrix, markets)

    shown = probability(found.log_odds)
    assert ((shown > 0) & (shown < 1)).all()
    sums = found.base + found.values.sum(axis=1)
    np.testing.assert_allclose(np.log(shown / (1 - shown)), sums, rtol=0, atol=1e-6)
    offset = np.array([chosen.offsets.get(m or "", 0.0) for m in markets])
    margins = chosen.slope * raw + chosen.intercept + offset
    np.testing.assert_allclose(sums, np.clip(margins, -20, 20), rtol=0, atol=1e-9)
    by_group = found.base + group_sums(found, explained.columns).sum(axis=1)
    np.testing.assert_allclose(by_group, sums, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", ["lightgbm", "logistic", "base_rate"])
def test_additivity_of_no_rows(kind):
    matrix = encode(features(7).slice(0, 0), SPEC, VOCABULARIES)
    bundle = ModelBundle(
        predictor(kind, matrix)[0], SPEC, VOCABULARIES, CALIBRATIONS["markets"], 90
    )

    found = explainer(bundle).explain(matrix, np.empty(0, dtype=object))

    assert found.values.shape == (0, 6)
    assert found.names == (*SPEC.names, "market_offset")
    assert np.isfinite(found.base)


def test_additivity_does_not_depend_on_the_chunk():
    matrix = encode(features(300), SPEC, VOCABULARIES)
    markets = np.array(["DE", "FR", None], dtype=object)[np.arange(300) % 3]
    bundle = ModelBundle(
        BoosterModel(booster().model_to_string()),
        SPEC,
        VOCABULARIES,
        CALIBRATIONS["markets"],
        90,
    )
    explain = explainer(bundle).explain

    whole = explain(matrix, markets)
    halves = [explain(matrix[part], markets[part]) for part in (slice(0, 111), slice(111, None))]

    assert {h.base for h in halves} == {whole.base}
    np.testing.assert_array_equal(np.concatenate([h.values for h in halves]), whole.values)
