import lightgbm
import numpy as np
import pytest


@pytest.fixture(scope="session")
def rows():
    """Shape (700, 6): three numbers, one of them often missing, one often 0, two categories."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(700, 6))
    rows[:, 1] = np.where(rng.random(700) < 0.3, np.nan, rows[:, 1])
    rows[:, 2] = rng.poisson(1.0, 700)
    rows[:, 4] = rng.integers(0, 9, 700)
    rows[:, 5] = rng.integers(0, 90, 700)
    return rows


@pytest.fixture(scope="session")
def booster(rows):
    """30 trees of 20 leaves: repeated features, missing values, both kinds of splits."""
    rng = np.random.default_rng(4)
    signal = rows[:, 0] * (rows[:, 2] > 0) + np.isnan(rows[:, 1]) + np.sin(rows[:, 5])
    outcome = signal + rng.normal(size=len(rows)) > 0.5
    parameters = {"objective": "binary", "num_leaves": 20, "min_data_in_leaf": 5, "verbose": -1,
                  "num_threads": 1, "min_data_per_group": 5, "cat_smooth": 1}  # fmt: skip
    return lightgbm.train(
        parameters, lightgbm.Dataset(rows, outcome, categorical_feature=[4, 5]), 30
    )


@pytest.fixture(scope="session")
def text(booster):
    return booster.model_to_string()
