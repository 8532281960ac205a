import re

import lightgbm
import numpy as np
import pytest

from predictive_scoring.errors import BundleError
from predictive_scoring.explain.treeshap.forest import read_forest


def test_trees_are_read_as_lightgbm_shows_them(booster, text):
    shown = booster.trees_to_dataframe()
    forest = read_forest(text)
    assert forest.features == 6
    for number, tree in enumerate(forest.trees):
        leaves = shown[(shown["tree_index"] == number) & shown["left_child"].isna()]
        assert sorted(tree.leaf_value) == pytest.approx(sorted(leaves["value"]))
        assert sorted(tree.leaf_count) == sorted(leaves["count"])
    categorical = sum(int(tree.categorical.sum()) for tree in forest.trees)
    assert categorical == (shown["decision_type"] == "==").sum() > 0


def test_category_sets_have_the_categories_that_go_left(booster, text):
    shown = booster.trees_to_dataframe()
    wanted = [
        sorted(int(c) for c in str(cell).split("||"))
        for cell in shown.loc[shown["decision_type"] == "==", "threshold"]
    ]
    found = [s.tolist() for tree in read_forest(text).trees for s in tree.sets]
    assert sorted(found) == sorted(wanted)


def line(text, key):
    return next(found for found in text.splitlines() if found.startswith(f"{key}="))


def altered(text, key, change):
    """The text in which the first line of a key has other values."""
    old = line(text, key)
    return text.replace(old, f"{key}=" + " ".join(change(old.partition("=")[2].split())), 1)


def first(value):
    return lambda values: [value, *values[1:]]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda _: "", "cannot be read"),
        (lambda _: "no model", "cannot be read"),
        (lambda t: t[: len(t) // 2], "is cut off"),
        (lambda t: t.partition("\nTree=7")[0], "is cut off"),
        (lambda t: t.partition("\nTree=7")[0] + "\nend of trees\n", "is cut off"),
        (lambda t: altered(t, "num_tree_per_iteration", first("3")), "has 3 outputs"),
        (lambda t: t.replace("\nobjective", "\naverage_output\nobjective"), "averaged forest"),
        (lambda t: t.replace("is_linear=0", "is_linear=1", 1), "linear trees"),
        (lambda t: altered(t, "num_leaves", first("0")), "tree 0, num_leaves=0"),
        (lambda t: altered(t, "leaf_value", lambda v: v[:-1]), "leaf_value with 19 of 20 values"),
        (lambda t: altered(t, "threshold", first("much")), "much"),
        (lambda t: t.replace("left_child=", "left=", 1), "tree 0, 'left_child'"),
        (lambda t: altered(t, "left_child", first("0")), "children that are no tree"),
        (lambda t: altered(t, "left_child", lambda v: v[::-1]), "children that are no tree"),
        (lambda t: altered(t, "split_feature", first("6")), "a feature beyond the 6"),
        (lambda t: altered(t, "max_feature_idx", first("1")), "a feature beyond the 2"),
        (lambda t: altered(t, "leaf_value", first("nan")), "no number"),
        (lambda t: altered(t, "split_feature", first("1.5")), "split_feature that are no integers"),
        (lambda t: altered(t, "decision_type", first("nan")), "decision_type that are no integers"),
        (lambda t: altered(t, "max_feature_idx", first("9999999999")), "has 10000000000 features"),
        (lambda t: altered(t, "max_feature_idx", first("-5")), "has -4 features"),
        (
            lambda t: altered(altered(t, "internal_count", lambda v: ["inf"] * len(v)),
                              "leaf_count", lambda v: ["inf"] * len(v)),
            "counts of training rows",
        ),
        (lambda t: altered(t, "leaf_count", first("1")), "counts of training rows"),
        (lambda t: altered(t, "cat_boundaries", lambda v: [*v[:-1], "99"]), "cat_boundaries"),
        (lambda t: altered(t, "cat_boundaries", lambda v: v[-1:]), "cat_boundaries"),
        (lambda t: altered(t, "cat_threshold", first("-1")), "tree 0"),
    ],
)  # fmt: skip
def test_damaged_text_is_refused_in_words(text, damage, said):
    damaged = damage(text)
    assert damaged != text
    with pytest.raises(BundleError, match=re.escape(said)):
        read_forest(damaged)


def test_separators_in_a_feature_s_name_are_part_of_it(text):
    named = text.replace("feature_names=Column_0", "feature_names=a\u2028max_feature_idx=2", 1)
    assert named != text
    assert read_forest(named).features == 6


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"objective": "binary", "linear_tree": True}, "linear trees"),
        ({"objective": "multiclass", "num_class": 3}, "has 3 outputs"),
        (
            {"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5},
            "averaged forest",
        ),
    ],
)
def test_models_that_do_not_add_up_are_refused(parameters, said):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 3))
    outcome = (rows[:, 0] > 0) + 0
    data = lightgbm.Dataset(rows, outcome)
    model = lightgbm.train({"verbose": -1, "num_threads": 1, **parameters}, data, 3)
    with pytest.raises(BundleError, match=said):
        read_forest(model.model_to_string())
