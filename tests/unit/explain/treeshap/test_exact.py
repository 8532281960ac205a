"""Contributions are LightGBM's own `pred_contrib`, to 1e-10, on random models and rows.

`EXACTNESS_MODELS=2000` makes it the long run that the benchmarks ask for.
"""

import os
from dataclasses import dataclass

import lightgbm
import numpy as np
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from predictive_scoring.explain.treeshap import TreeShap

ASKED = os.environ.get("EXACTNESS_MODELS")
MODELS = int(ASKED or 50)
TOLERANCE = 1e-10
ODD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-36, -1e-36, 1e-34, 1e300, -1e300, 2.0**31, 2.0**33]
CATEGORY_ODD = [-1.0, -0.5, 0.5, 1.7, 40.0, 63.0, 64.0, 127.0, 128.0, 1e6]


@dataclass(frozen=True)
class Case:
    """How a random model is trained."""

    seed: int
    rows: int
    numbers: int
    categories: int
    leaves: int
    trees: int
    parameters: dict[str, object]


@st.composite
def cases(draw):
    missing = draw(st.sampled_from(["nan", "zero", "none"]))
    rows = draw(st.sampled_from([12, 80, 400]))
    return Case(
        seed=draw(st.integers(0, 2**32 - 1)),
        rows=rows,
        numbers=draw(st.integers(1, 6)),
        categories=draw(st.integers(0, 3)),
        leaves=draw(st.sampled_from([2, 3, 7, 31, 200])),
        trees=draw(st.integers(1, 12)),
        parameters={
            "zero_as_missing": missing == "zero",
            "use_missing": missing != "none",
            "max_depth": draw(st.sampled_from([-1, -1, 2, 5])),
            "max_bin": draw(st.sampled_from([3, 15, 255, 1000])),
            "min_data_in_leaf": draw(st.sampled_from([1, 2, 5])),
            "max_cat_to_onehot": draw(st.sampled_from([1, 4])),
            "bagging_fraction": draw(st.sampled_from([1.0, 0.6])),
            "feature_fraction": draw(st.sampled_from([1.0, 0.5])),
            "boost_from_average": draw(st.booleans()),
            "extra_trees": draw(st.booleans()),
        },
    )


def table(rng, rows, case):
    """Numbers that are round, skewed or missing; categories with gaps."""
    numbers = rng.normal(size=(rows, case.numbers)) * 10.0 ** rng.integers(-3, 4, case.numbers)
    rounded = rng.random(case.numbers) < 0.6
    numbers[:, rounded] = np.round(numbers[:, rounded])
    numbers[rng.random(numbers.shape) < 0.15] = np.nan
    numbers[rng.random(numbers.shape) < 0.15] = 0
    categories = rng.integers(0, [[5, 30, 200][i] for i in range(case.categories)],
                              (rows, case.categories)).astype(float)  # fmt: skip
    categories[rng.random(categories.shape) < 0.1] = np.nan
    return np.hstack([numbers, categories])


def train(case):
    rng = np.random.default_rng(case.seed)
    known = table(rng, case.rows, case)
    signal = np.nan_to_num(known).sum(axis=1) + 3 * np.nan_to_num(known[:, 0]) * (known[:, -1] > 2)
    outcome = signal + rng.normal(size=len(known)) > np.median(signal)
    return lightgbm.train(
        {
            "objective": "binary", "num_leaves": case.leaves, "learning_rate": 0.3,
            "min_sum_hessian_in_leaf": 0.0, "min_data_per_group": 1, "cat_smooth": 0.1,
            "cat_l2": 0.1, "bagging_freq": 1, "min_data_in_bin": 1, "num_threads": 1,
            "verbose": -1, "seed": 1, **case.parameters,
        },
        lightgbm.Dataset(
            known, outcome, categorical_feature=list(range(case.numbers, known.shape[1])),
            params={"feature_pre_filter": False},
        ),
        case.trees,
    )  # fmt: skip


def unseen(model, case):
    """New rows: the same kind, then thresholds themselves, then what is odd."""
    rng = np.random.default_rng(case.seed + 1)
    rows = table(rng, 150, case)
    splits = model.trees_to_dataframe()
    numeric = splits[splits["decision_type"] == "<="]
    for feature, found in numeric.groupby("split_feature")["threshold"]:
        column = int(str(feature).removeprefix("Column_"))
        rows[40:80, column] = rng.choice(found.astype(float), 40)
    odd = rng.random((70, rows.shape[1])) < 0.5
    rows[80:][odd] = rng.choice(ODD, odd.sum())
    categories = rows[100:, case.numbers :]
    strange = rng.random(categories.shape) < 0.5
    categories[strange] = rng.choice(CATEGORY_ODD, strange.sum())
    return rows


@settings(max_examples=MODELS, deadline=None, suppress_health_check=list(HealthCheck),
          derandomize=ASKED is None)  # fmt: skip
@given(cases())
def test_contributions_are_those_of_lightgbm(case):
    try:
        model = train(case)
    except lightgbm.basic.LightGBMError:  # its own check fails on some extra_trees with categories
        reject()
    rows = unseen(model, case)
    explainer = TreeShap.of(model.model_to_string())
    expected = model.predict(rows, pred_contrib=True)
    found = explainer.values(rows)
    event(f"splits: {explainer.program is not None}")
    assert abs(explainer.base - expected[0, -1]) <= TOLERANCE
    assert np.abs(found - expected[:, :-1]).max() <= TOLERANCE
    margin = model.predict(rows, raw_score=True)
    assert np.abs(explainer.base + found.sum(axis=1) - margin).max() <= TOLERANCE
