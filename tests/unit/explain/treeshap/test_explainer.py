"""What holds for every model, special shapes of trees, and that errors in the kernel are seen."""

import copy
import re
from dataclasses import replace

import lightgbm
import numpy as np
import pytest

from predictive_scoring.explain.treeshap import TreeShap
from predictive_scoring.explain.treeshap.forest import MISSING_NAN, MISSING_ZERO, read_forest
from predictive_scoring.explain.treeshap.room import make_room
from predictive_scoring.explain.treeshap.walk import walk

TOLERANCE = 1e-10


@pytest.fixture(scope="module")
def explainer(text):
    return TreeShap.of(text)


def difference(explainer, booster, rows):
    """The largest difference to LightGBM, in log-odds."""
    expected = booster.predict(rows, pred_contrib=True, num_threads=1)
    return np.abs(explainer.values(rows) - expected[:, :-1]).max()


def compiled(explainer):
    """Its program, which only a model without splits does not have."""
    assert explainer.program is not None
    return explainer.program


def fit(rows, outcome, trees=1, **parameters):
    parameters = {"objective": "binary", "verbose": -1, "num_threads": 1, "min_data_in_leaf": 1,
                  "min_sum_hessian_in_leaf": 0, "min_data_in_bin": 1, **parameters}  # fmt: skip
    return lightgbm.train(parameters, lightgbm.Dataset(rows, outcome), trees)


# ------------------------------------------------------------ the same whatever stands beside it


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 128, 700])
def test_any_number_of_rows(explainer, rows, size):
    assert np.array_equal(explainer.values(rows[:size]), explainer.values(rows)[:size])


@pytest.mark.parametrize("threads", [1, 2, 3, 16])
def test_threads_change_nothing(explainer, rows, threads):
    many = np.tile(rows, (7, 1))
    found = explainer.values(many, threads=threads)
    assert np.array_equal(found, np.tile(explainer.values(rows, threads=1), (7, 1)))


def test_order_of_rows_changes_nothing(explainer, rows):
    order = np.random.default_rng(0).permutation(len(rows))
    assert np.array_equal(explainer.values(rows[order]), explainer.values(rows)[order])


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda m: np.repeat(m, 2, axis=0)[::2]])
def test_layout_of_the_matrix_changes_nothing(explainer, rows, layout):
    assert np.array_equal(explainer.values(layout(rows)), explainer.values(rows))


def test_another_width_is_an_error(explainer, rows):
    with pytest.raises(ValueError, match=re.escape("(700, 5) for 6 features")):
        explainer.values(rows[:, :5])


def test_a_copy_or_an_explainer_of_another_program_works_for_itself(explainer, rows):
    expected = explainer.values(rows)
    assert np.array_equal(copy.deepcopy(explainer).values(rows), expected)
    bigger = TreeShap.of(chain(1500, 6))
    changed = replace(TreeShap.of(chain(2, 6)), program=bigger.program)
    changed.values(rows)
    assert np.array_equal(changed.values(rows), bigger.values(rows))


def test_a_read_only_matrix_is_read(explainer, rows):
    fixed = rows.copy()
    fixed.flags.writeable = False
    assert np.array_equal(explainer.values(fixed), explainer.values(rows))
    assert rows.flags.writeable


def test_no_threads_are_an_error(explainer, rows):
    with pytest.raises(ValueError, match="0 threads"):
        explainer.values(rows, threads=0)


# ------------------------------------------------------------------------ special shapes of trees


def test_more_thresholds_than_sixteen_bits_count():
    rows = np.random.default_rng(2).normal(size=(200, 1))
    text = chain(70_000, 1)
    explainer = TreeShap.of(text)
    assert make_room(compiled(explainer)).codes.dtype == np.uint32
    booster = lightgbm.Booster(model_str=text)
    margin = booster.predict(rows[:2], raw_score=True)
    values = explainer.values(rows[:2])
    assert np.abs(explainer.base + values.sum(axis=1) - margin).max() <= TOLERANCE


def test_a_model_that_never_splits(rows):
    booster = fit(rows[:50], np.arange(50) % 2, min_data_in_leaf=40)
    explainer = TreeShap.of(booster.model_to_string())
    assert explainer.values(rows).tolist() == np.zeros(rows.shape).tolist()
    assert explainer.base == pytest.approx(booster.predict(rows[:1], raw_score=True)[0], abs=1e-15)


def test_four_thousand_leaves():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(12_000, 8))
    outcome = rows.sum(axis=1) + rng.normal(size=len(rows))
    booster = fit(rows, outcome, objective="regression", num_leaves=4000, max_bin=5000)
    explainer = TreeShap.of(booster.model_to_string())
    assert compiled(explainer).first_node[-1] == 3999
    assert (compiled(explainer).splits.again >= 0).mean() > 0.3
    assert make_room(compiled(explainer)).codes.dtype == np.uint16
    assert difference(explainer, booster, rows[:64]) <= TOLERANCE


def chain(leaves, features):
    """The text of one tree in which every inner node has a leaf: now on the left, now the right."""
    rng = np.random.default_rng(5)
    nodes = np.arange(leaves - 1)
    inner = np.append(nodes[1:], ~(leaves - 1))  # the next node, at the end a leaf
    leaf_left = rng.random(leaves - 1) < 0.5
    rows = np.arange(leaves, 1, -1)
    fields = {
        "num_leaves": [leaves], "num_cat": [0],
        "split_feature": rng.integers(0, features, leaves - 1),
        "threshold": rng.normal(size=leaves - 1),
        "decision_type": rng.choice([0, 2, 4, 6, 8, 10], leaves - 1),
        "left_child": np.where(leaf_left, ~nodes, inner),
        "right_child": np.where(leaf_left, inner, ~nodes),
        "leaf_value": rng.normal(size=leaves), "leaf_count": np.ones(leaves, int),
        "leaf_weight": np.ones(leaves), "split_gain": np.ones(leaves - 1),
        "internal_value": np.zeros(leaves - 1), "internal_weight": rows, "internal_count": rows,
        "is_linear": [0], "shrinkage": [1],
    }  # fmt: skip
    lines = [f"{key}={' '.join(map(str, np.asarray(v).tolist()))}" for key, v in fields.items()]
    tree = "\n".join(["Tree=0", *lines, "", ""])
    names = " ".join(f"c{i}" for i in range(features))
    infos = " ".join(["[-9:9]"] * features)
    return (
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
        f"max_feature_idx={features - 1}\nobjective=regression\nfeature_names={names}\n"
        f"feature_infos={infos}\ntree_sizes={len(tree) + 1}\n\n{tree}\nend of trees\n"
    )


@pytest.mark.parametrize(("leaves", "features"), [(2, 1), (40, 40), (700, 3), (1500, 30)])
def test_a_chain_as_deep_as_it_has_leaves(leaves, features):
    text = chain(leaves, features)
    explainer = TreeShap.of(text)
    assert compiled(explainer).splits.path.max() == leaves - 2
    booster = lightgbm.Booster(model_str=text)
    assert difference(explainer, booster, odd_rows(features)) <= TOLERANCE


def odd_rows(features):
    rows = np.random.default_rng(6).normal(size=(50, features))
    rows[::7] = np.nan
    rows[1::7] = 0
    return rows


def test_a_path_of_ninety_features_on_which_lightgbm_itself_is_not_exact():
    """Beyond some fifty features on a path the algorithm of pred_contrib loses its digits."""
    text = chain(300, 90)
    booster, explainer, rows = lightgbm.Booster(model_str=text), TreeShap.of(text), odd_rows(90)
    margin = booster.predict(rows, raw_score=True)
    values = explainer.values(rows)
    assert np.abs(explainer.base + values.sum(axis=1) - margin).max() <= 1e-12
    theirs = np.asarray(booster.predict(rows, pred_contrib=True))
    assert np.abs(theirs.sum(axis=1) - margin).max() > 1e-7
    for row in range(3):
        assert np.abs(values[row] - by_definition(text, rows[row])).max() <= 1e-12


def by_definition(text, row):
    """The integral for each leaf by itself, with more points than it takes."""
    (tree,) = read_forest(text).trees
    points, weights = np.polynomial.legendre.leggauss(64)
    t, found = (points + 1) / 2, np.zeros(len(row))

    def visit(node, rows, met):
        """``met``: for each feature, whether the row satisfies all, and the share of rows."""
        if node < 0:
            factors = {f: t * o + (1 - t) * p for f, (o, p) in met.items()}
            for f, (o, p) in met.items():
                others = np.prod([v for g, v in factors.items() if g != f] or [1.0 + 0 * t], axis=0)
                found[f] += tree.leaf_value[~node] * (o - p) * (weights / 2 * others).sum()
            return
        feature, left = tree.feature[node], goes_left(tree, node, row)
        for child, goes in ((tree.left[node], left), (tree.right[node], not left)):
            share = tree.count[child] if child >= 0 else tree.leaf_count[~child]
            o, p = met.get(feature, (True, 1.0))
            visit(child, share, {**met, feature: (o and goes, p * share / rows)})

    visit(0, tree.count[0], {})
    return found


def goes_left(tree, node, row):
    value, missing = row[tree.feature[node]], tree.missing[node]
    if np.isnan(value) and missing != MISSING_NAN:
        value = 0.0
    if np.isnan(value) or (missing == MISSING_ZERO and value == 0):
        return tree.default_left[node]
    return value <= tree.threshold[node]


def test_a_path_of_many_features():
    """60 features on a path: 30 points."""
    rows = np.tril(np.ones((61, 60)))
    rows = np.repeat(rows, 3, axis=0)
    outcome = np.repeat(4.0 ** np.arange(61), 3)
    booster = fit(rows, outcome, objective="regression", num_leaves=61, boost_from_average=False)
    explainer = TreeShap.of(booster.model_to_string())
    assert compiled(explainer).points.max() >= 20
    values = np.abs(booster.predict(rows, raw_score=True)).max()
    assert difference(explainer, booster, rows) <= TOLERANCE * values


def test_a_feature_that_is_a_number_in_one_tree_and_a_category_in_another(rows):
    outcome = np.sin(rows[:, 5]) > 0
    data = lightgbm.Dataset(rows, outcome, free_raw_data=False, categorical_feature=[5])
    parameters = {"objective": "binary", "verbose": -1, "num_threads": 1}
    first = lightgbm.train(parameters, data, 2)
    again = lightgbm.Dataset(rows, outcome, free_raw_data=False)
    both = lightgbm.train(parameters, again, 2, init_model=first)
    explainer = TreeShap.of(both.model_to_string())
    assert compiled(explainer).columns.feature.tolist().count(5) == 2
    assert difference(explainer, both, rows) <= TOLERANCE


def two_flags(*fields):
    """The text of one tree over the flags a and b, from the lines that differ."""
    lines = ["Tree=0", *fields, "is_linear=0", "shrinkage=1", "", ""]
    head = ["tree", "version=v4", "num_class=1", "num_tree_per_iteration=1", "label_index=0"]
    head += ["max_feature_idx=1", "objective=regression", "feature_names=a b"]
    head += ["feature_infos=[0:1] [0:1]", "tree_sizes=1", "", ""]
    return "\n".join([*head, *lines, "end of trees", ""])


def test_the_example_of_the_docs_on_correlated_features():
    one = two_flags(
        "num_leaves=2", "num_cat=0", "split_feature=0", "threshold=0.5", "decision_type=2",
        "left_child=-1", "right_child=-2", "leaf_value=0 1", "leaf_count=50 50",
        "internal_count=100",
    )  # fmt: skip
    two = two_flags(
        "num_leaves=4", "num_cat=0", "split_feature=1 0 0", "threshold=0.5 0.5 0.5",
        "decision_type=2 2 2", "left_child=1 -1 -3", "right_child=2 -2 -4",
        "leaf_value=0 1 0 1", "leaf_count=40 10 10 40", "internal_count=100 50 50",
    )  # fmt: skip
    both_flags = np.ones((1, 2))
    for text, values in ((one, [0.5, 0.0]), (two, [0.35, 0.15])):
        explainer = TreeShap.of(text)
        assert explainer.base == 0.5
        assert explainer.values(both_flags)[0] == pytest.approx(values, abs=1e-15)


# --------------------------------------------------------- planted errors are seen in the numbers


def test_the_kernel_is_right_before_errors_are_planted(explainer, booster, rows):
    assert difference(explainer, booster, rows) <= TOLERANCE


@pytest.mark.parametrize(
    ("part", "field", "change"),
    [
        ("comparisons", "missing_left", np.invert),
        ("comparisons", "mirrored", np.invert),
        ("memberships", "mirrored", np.invert),
        ("memberships", "end", lambda end: end - 1),
        ("comparisons", "edge", lambda edge: edge + 1),
        ("splits", "before", np.ones_like),
        ("splits", "before", lambda before: np.where(before > 1, before ^ 1, before)),
        ("splits", "again", lambda again: np.full_like(again, -1)),
        ("splits", "fraction", lambda fraction: 1 - fraction),
    ],
)  # fmt: skip
def test_a_planted_error_is_seen(explainer, booster, rows, part, field, change):
    program = compiled(explainer)
    wrong = getattr(program, part)
    wrong = wrong._replace(**{field: change(getattr(wrong, field))})
    planted = replace(explainer, program=program._replace(**{part: wrong}))
    assert difference(planted, booster, rows) > 1e-4


def test_a_weight_left_out_where_a_feature_is_met_again_is_seen(explainer, booster, rows):
    program = compiled(explainer)
    program = program._replace(again_weight=np.ones_like(program.again_weight))
    assert difference(replace(explainer, program=program), booster, rows) > 1e-4


def test_one_point_too_few_is_seen(explainer, booster, rows, monkeypatch):
    """As many points as half the features on a path, rounded up, and no fewer."""

    def walk_of_fewer(tree):
        walked = walk(tree)
        return replace(walked, features=max(walked.features - 2, 1))

    monkeypatch.setattr("predictive_scoring.explain.treeshap.program.walk", walk_of_fewer)
    fewer = TreeShap.of(booster.model_to_string())
    assert compiled(fewer).points.sum() < compiled(explainer).points.sum()
    assert difference(fewer, booster, rows) > 1e-8


def test_zero_as_missing_goes_where_lightgbm_sends_it(rows):
    known = rows[:, :3].copy()
    known[::3] = 0
    outcome = (known[:, 2] == 0) & (known[:, 0] == 0) | (known[:, 0] > 1)
    booster = fit(known, outcome, trees=5, zero_as_missing=True)
    explainer = TreeShap.of(booster.model_to_string())
    tiny = known.copy()
    tiny[::3] = np.resize([1e-36, -1e-36, 0.0, -0.0, np.nan, 1e-34], tiny[::3].T.shape).T
    assert compiled(explainer).comparisons.zero_other.any()
    assert difference(explainer, booster, tiny) <= TOLERANCE
    program = compiled(explainer)
    zero_other = np.zeros_like(program.comparisons.zero_other)
    comparisons = program.comparisons._replace(zero_other=zero_other)
    planted = replace(explainer, program=program._replace(comparisons=comparisons))
    assert difference(planted, booster, tiny) > 1e-4
