"""The real data sets beside the checkout: their configurations, and exact reasons on them."""

import json
from pathlib import Path

import lightgbm
import numpy as np
import pyarrow.compute as pc
import pytest

from predictive_scoring import features, sources
from predictive_scoring.config import load_config
from predictive_scoring.explain.treeshap import TreeShap
from predictive_scoring.model import Vocabulary, encode
from predictive_scoring.runs.wiring import workspace

CONFIGS = Path(__file__).resolve().parents[2] / "configs"

pytestmark = pytest.mark.real_data


@pytest.mark.parametrize(
    ("name", "shape", "leads"), [("bank", "flat", 41_188), ("olist", "relational", 8_000)]
)
def test_check_passes(cli, shared_data, name, shape, leads):
    assert shared_data.is_dir()
    result = cli("check", "--config", CONFIGS / f"{name}.yaml", "--json").json()
    assert result["problems"] == []
    assert result["shape"] == shape
    counts = {count["table"]: count for count in result["sources"]}
    assert counts["leads"]["records"] == leads
    assert all(
        c["records"] == c["loaded"] + c["quarantined"] + c["set_aside"] for c in counts.values()
    )
    assert result["labels"]["positive"] > 100
    assert "duration" not in json.dumps(result["labels"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bank", "bpic2012", "olist", "google-merch"])
def test_contributions_are_those_of_lightgbm(shared_data, name):
    """A model of the set's own columns, explained on its own rows, as LightGBM explains it."""
    assert shared_data.is_dir()
    matrix, outcome, categories = encoded(load_config(CONFIGS / f"{name}.yaml"))
    parameters = {"objective": "binary", "num_leaves": 31, "verbose": -1, "num_threads": 1}
    data = lightgbm.Dataset(matrix, outcome, categorical_feature=categories)
    booster = lightgbm.train(parameters, data, 60)
    rows = matrix[:: max(1, len(matrix) // 2000)]
    explainer = TreeShap.of(booster.model_to_string())
    values = explainer.values(rows)
    assert np.abs(values).sum() > 0
    theirs = np.asarray(booster.predict(rows, pred_contrib=True))
    assert np.abs(values - theirs[:, :-1]).max() <= 1e-10
    margin = booster.predict(rows, raw_score=True)
    assert np.abs(explainer.base + values.sum(axis=1) - margin).max() <= 1e-10


def encoded(config):
    """The matrix of all training snapshots, their outcomes, and which columns are categories."""
    with workspace() as connection:
        extract = sources.load(config, connection)
        spec = features.plan(extract, config)
        snapshots = features.training_snapshots(extract, config)
        table = features.training_table(extract, spec, snapshots, config)
    vocabularies = {
        c.name: Vocabulary(tuple(sorted(pc.unique(table.features[c.name].drop_null()).to_pylist())))
        for c in spec.columns
        if c.kind == "category"
    }
    categories = [i for i, c in enumerate(spec.columns) if c.kind == "category"]
    return encode(table.features, spec, vocabularies), table.outcome, categories
