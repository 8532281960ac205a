"""LightGBM's own model text as arrays, checked so far that nothing later has to be.

The text is the format of ``Booster.save_model`` (version v4, unchanged since LightGBM 3). What
contributions do not need (gains, weights, parameters) is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.errors import BundleError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CATEGORICAL, _DEFAULT_LEFT, _MISSING_SHIFT = 1, 2, 2
_MOST_FEATURES = 1_000_000
MISSING_NONE, MISSING_ZERO, MISSING_NAN = 0, 1, 2


@dataclass(frozen=True)
class Tree:
    """One tree: m internal nodes, m + 1 leaves. A child ``c < 0`` is the leaf ``~c``.

    ``threshold`` of a categorical node is the number of its category set; ``missing`` is one of
    the MISSING constants; counts are training rows; ``value`` is in log-odds.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    categorical: NDArray[np.bool_]
    default_left: NDArray[np.bool_]
    missing: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    count: NDArray[np.float64]
    leaf_value: NDArray[np.float64]
    leaf_count: NDArray[np.float64]
    sets: tuple[NDArray[np.int64], ...]
    """The categories, ascending, that go left at the nodes with a set."""

    @property
    def expected(self) -> float:
        """The mean of the leaves over the training rows, as LightGBM computes it."""
        if not len(self.feature):
            return float(self.leaf_value[0])
        share = self.leaf_count / self.count[0]
        return float(np.cumsum(share * self.leaf_value)[-1])


@dataclass(frozen=True)
class Forest:
    """An additive model of one output; ``features`` is the width of its matrix."""

    features: int
    trees: tuple[Tree, ...]


def read_forest(text: str) -> Forest:
    """The trees of a model's text; raises BundleError for what is damaged or not additive."""
    head, *blocks = text.partition("\nend of trees\n")[0].split("\nTree=")
    header = _fields(head)
    try:
        outputs = int(header["num_tree_per_iteration"])
        features = int(header["max_feature_idx"]) + 1
        whole = "\nend of trees\n" in text and len(header["tree_sizes"].split()) == len(blocks)
    except (KeyError, ValueError) as error:
        raise _refused(f"cannot be read: its header, {error}", "a LightGBM model") from None
    if not whole:
        raise _refused("is cut off", "all the trees its header announces")
    if not 0 < features <= _MOST_FEATURES:
        raise _refused(f"has {features} features", f"1 to {_MOST_FEATURES}")
    if outputs != 1:
        raise _refused(f"has {outputs} outputs", "a model of one probability")
    if "average_output" in head.split("\n"):
        raise _refused("is of an averaged forest (boosting: rf)", "trees that add up")
    return Forest(features, tuple(_tree(block, i, features) for i, block in enumerate(blocks)))


def _tree(block: str, number: int, features: int) -> Tree:
    fields = _fields(block)
    if fields.get("is_linear", "0") != "0":
        raise _refused("has linear trees (linear_tree: true)", "constant leaves")
    try:
        tree = _parsed(fields)
    except (KeyError, ValueError, OverflowError) as error:
        raise _refused(f"cannot be read: tree {number}, {error}", "a LightGBM model") from None
    if problem := _problem(tree, features):
        raise _refused(f"cannot be right: tree {number} has {problem}", "what LightGBM wrote")
    return tree


def _fields(block: str) -> Mapping[str, str]:
    # At line feeds only: a feature's name may hold any other separator.
    pairs = (line.partition("=") for line in block.split("\n"))
    return {key: value for key, equals, value in pairs if equals}


def _parsed(fields: Mapping[str, str]) -> Tree:
    leaves = int(fields["num_leaves"])
    if leaves < 1:
        raise ValueError(f"num_leaves={leaves}")
    nodes = leaves - 1

    def integers(key: str, size: int) -> NDArray[np.int64]:
        found = _array(fields, key, size)
        if not (np.trunc(found) == found).all() or (np.abs(found) >= 2**31).any():
            raise ValueError(f"{key} that are no integers")
        return found.astype(np.int64)

    kind = integers("decision_type", nodes)
    return Tree(
        feature=integers("split_feature", nodes),
        threshold=_array(fields, "threshold", nodes),
        categorical=(kind & _CATEGORICAL) > 0,
        default_left=(kind & _DEFAULT_LEFT) > 0,
        missing=(kind >> _MISSING_SHIFT) & 3,
        left=integers("left_child", nodes),
        right=integers("right_child", nodes),
        count=_array(fields, "internal_count", nodes),
        leaf_value=_array(fields, "leaf_value", leaves),
        leaf_count=_array(fields, "leaf_count", leaves) if nodes else np.ones(1),
        sets=tuple(_sets(fields)),
    )


def _array(fields: Mapping[str, str], key: str, size: int) -> NDArray[np.float64]:
    """Numbers of a line; a tree of one leaf has empty lines or none."""
    if not size:
        return np.empty(0)
    found = np.array(fields[key].split(), dtype=np.float64)
    if len(found) != size:
        raise ValueError(f"{key} with {len(found)} of {size} values")
    return found


def _sets(fields: Mapping[str, str]) -> Iterator[NDArray[np.int64]]:
    bounds = [int(b) for b in fields.get("cat_boundaries", "").split()]
    words = np.array([int(w) for w in fields.get("cat_threshold", "").split()], dtype="<u4")
    if bounds != sorted(bounds) or (bounds and (bounds[0] != 0 or bounds[-1] != len(words))):
        raise ValueError(f"cat_boundaries do not fit {len(words)} words")
    for first, last in pairwise(bounds):
        bits = np.unpackbits(words[first:last].view(np.uint8), bitorder="little")
        yield np.flatnonzero(bits)


def _problem(tree: Tree, features: int) -> str:
    """What is wrong where the nodes are not one tree whose counts add up, or ""."""
    nodes = len(tree.feature)
    children = np.concatenate([tree.left, tree.right])
    numbered = np.sort(children), [*range(-nodes - 1, 0), *range(1, nodes)]
    # LightGBM numbers a node after its parent, which rules out circles.
    after = (children < 0) | (children > np.tile(np.arange(nodes), 2))
    if nodes and not (np.array_equal(*numbered) and after.all()):
        return "children that are no tree"
    if not ((tree.feature >= 0) & (tree.feature < features)).all():
        return f"a feature beyond the {features} of the header"
    if not np.isin(tree.threshold[tree.categorical], np.arange(len(tree.sets))).all():
        return "a category set that is not there"
    if np.isnan(tree.threshold).any() or not np.isfinite(tree.leaf_value).all():
        return "a threshold or leaf that is no number"
    cover = np.concatenate([tree.count, tree.leaf_count[::-1]])  # cover[~leaf] is from the end
    whole = cover[tree.left] + cover[tree.right]
    counted = np.isfinite(cover).all() and (tree.count > 0).all() and (cover >= 0).all()
    if not (counted and np.array_equal(whole, tree.count)):
        return "counts of training rows that do not add up"
    return ""


def _refused(found: str, expected: str) -> BundleError:
    return BundleError(f"the booster's text {found}", expected, "train again with `train`")
