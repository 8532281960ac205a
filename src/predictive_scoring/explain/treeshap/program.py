"""A forest compiled to flat arrays, in the order in which the kernel walks them.

For a leaf of value v whose path has the features U, the contribution of feature j is
``v (o_j - p_j) ∫₀¹ Π_{k in U, k ≠ j} (t o_k + (1 - t) p_k) dt``: o_k is 1 where the row satisfies
all conditions on k and 0 elsewhere, p_k is the product of the cover fractions at them. The
integrand is a polynomial of degree ``|U| - 1`` in t, so Gauss-Legendre with ``⌈|U| / 2⌉`` points is
exact.

All leaves share the points, so one walk of a tree is enough: on the way down, ``path`` holds the
product of the factors above a node at every point; on the way up, ``below`` holds the sum over the
leaves below it of value times the factors between. At a node that splits on j with fraction p to
the left, the difference of the two sides' ``below`` times ``path`` is what j adds for each unit of
``o - p``. The two sides' factors add up to the parent's, so that one product serves both.

Where the path has met j before, with product r of fractions so far, and the row has satisfied it,
the factor so far, ``F = t + (1 - t) r``, is divided out: the node's own factor is ``(t o + (1 - t)
r p) / F``, and what it adds weighs ``r / F²``. Where the row has not satisfied it, the factor is p,
and nothing is added.

Sources: Lundberg et al., From local explanations to global understanding with explainable AI for
trees (2020), for path-dependent SHAP; the integral is Owen's multilinear extension (1972).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictive_scoring.explain.treeshap.forest import MISSING_NONE, MISSING_ZERO, Forest, Tree
from predictive_scoring.explain.treeshap.walk import Walk, walk


class Columns(NamedTuple):
    """The coded columns: one for each feature and kind of split that the forest has.

    A number is coded as how many of its ``edges`` (thresholds, ascending) lie below it; of a
    category, the edges are those that stand in any set.
    """

    feature: NDArray[np.int32]  # of the matrix
    categorical: NDArray[np.bool_]
    first: NDArray[np.int64]  # column i has the edges first[i] to first[i + 1]
    edges: NDArray[np.float64]


class Comparisons(NamedTuple):
    """Nodes that compare a number, tree by tree: rows go left up to a threshold.

    Where one child is a leaf, it counts as the right one; ``mirrored`` says that it was the left.
    """

    place: NDArray[np.uint32]  # the node's in the tree's walk, from 1
    column: NDArray[np.int32]
    edge: NDArray[np.int32]  # left: codes up to this
    missing_left: NDArray[np.int8]  # -1 (all bits of a mask) where NaN goes left, else 0
    zero_other: NDArray[np.int8]  # -1 where 0 goes where the comparison would not send it
    mirrored: NDArray[np.int8]  # -1 where it is


class Memberships(NamedTuple):
    """Nodes that ask for a category, likewise: rows go left whose category is in a set."""

    place: NDArray[np.uint32]
    begin: NDArray[np.int32]  # in the program's members
    end: NDArray[np.int32]
    mirrored: NDArray[np.int8]


class Splits(NamedTuple):
    """What each inner node adds, in the order of the walk, tree by tree."""

    before: NDArray[np.int32]  # as in Walk
    feature: NDArray[np.int32]
    fraction: NDArray[np.float64]  # of the training rows, to the left
    path: NDArray[np.int32]  # as in Walk
    below: NDArray[np.int32]
    left_value: NDArray[np.float64]  # where the child is a leaf
    right_value: NDArray[np.float64]
    again: NDArray[np.int32]  # where its factors begin if the path has met the feature, or -1


class Sizes(NamedTuple):
    """The most there is of each, for the room to work in."""

    features: int
    edges: int  # of a column
    nodes: int  # of a tree
    points: int
    path: int  # blocks
    below: int


class Program(NamedTuple):
    """Everything the kernel reads."""

    sizes: Sizes

    columns: Columns
    comparisons: Comparisons
    memberships: Memberships
    members: NDArray[np.int32]  # of the category sets: edges
    splits: Splits
    first_comparison: NDArray[np.uint64]  # of each tree; one more than there are trees
    first_membership: NDArray[np.uint64]
    first_node: NDArray[np.uint64]
    first_step: NDArray[np.uint64]
    step: NDArray[np.uint8]
    step_node: NDArray[np.uint32]  # within the tree
    points: NDArray[np.int64]  # of each tree
    abscissae: NDArray[np.float64]  # row q: of the rule with q points
    weights: NDArray[np.float64]
    again_left: NDArray[np.float64]  # node by node, point by point: factors of rows that go left
    again_right: NDArray[np.float64]  # of rows that go right
    again_weight: NDArray[np.float64]  # what is added counts so much


def compile_forest(forest: Forest) -> Program:
    """The program of the trees with a split, of which there is at least one.

    Trees of one leaf are part of the base alone.
    """
    trees = [tree for tree in forest.trees if len(tree.feature)]
    walks = [walk(tree) for tree in trees]
    columns = _columns(trees)
    coding = _Coding(columns)
    points = np.array([(w.features + 1) // 2 for w in walks], dtype=np.int64)
    abscissae, weights = _rules(set(points.tolist()))
    again = [_again(w, abscissae[q, :q]) for w, q in zip(walks, points, strict=True)]
    starts = _firsts([len(a[0]) for a in again])[:-1]
    comparisons = [_comparisons(t, w, coding) for t, w in zip(trees, walks, strict=True)]
    memberships = [_memberships(t, w, coding) for t, w in zip(trees, walks, strict=True)]
    splits = [_splits(*of) for of in zip(trees, walks, points, starts, strict=True)]
    return Program(
        sizes=Sizes(
            features=forest.features,
            edges=int(np.diff(columns.first).max()),
            nodes=max(len(w.node) for w in walks),
            points=int(points.max()),
            path=max(int(w.path.max()) for w in walks) + 3,
            below=max(int(w.below.max()) for w in walks) + 2,
        ),
        columns=columns,
        comparisons=Comparisons(*map(np.concatenate, zip(*comparisons, strict=True))),
        memberships=Memberships(*map(np.concatenate, zip(*memberships, strict=True))),
        members=np.concatenate(coding.members).astype(np.int32),
        splits=Splits(*map(np.concatenate, zip(*splits, strict=True))),
        first_comparison=_firsts([len(c.place) for c in comparisons]).astype(np.uint64),
        first_membership=_firsts([len(m.place) for m in memberships]).astype(np.uint64),
        first_node=_firsts([len(w.node) for w in walks]).astype(np.uint64),
        first_step=_firsts([len(w.step) for w in walks]).astype(np.uint64),
        step=np.concatenate([w.step for w in walks]),
        step_node=np.concatenate([w.step_node for w in walks]),
        points=points,
        abscissae=abscissae,
        weights=weights,
        again_left=np.concatenate([a[0] for a in again]),
        again_right=np.concatenate([a[1] for a in again]),
        again_weight=np.concatenate([a[2] for a in again]),
    )


def _columns(trees: list[Tree]) -> Columns:
    """Every (feature, kind) that is split on, with what its values are compared to."""
    edges: dict[tuple[bool, int], list[Any]] = {}
    for tree in trees:
        for kind, feature, at in zip(tree.categorical, tree.feature, tree.threshold, strict=True):
            found = tree.sets[int(at)] if kind else at
            # A column of empty sets has an edge all the same, which no value equals.
            edges.setdefault((bool(kind), int(feature)), [[-1.0]] if kind else []).append(found)
    keys = sorted(edges)
    distinct = [np.unique(np.hstack(edges[key])).astype(np.float64) for key in keys]
    return Columns(
        feature=np.array([feature for _, feature in keys], dtype=np.int32),
        categorical=np.array([kind for kind, _ in keys], dtype=np.bool_),
        first=_firsts([len(e) for e in distinct]),
        edges=np.concatenate(distinct),
    )


class _Coding:
    """What values are compared to: columns by kind and feature, their edges, category sets."""

    def __init__(self, columns: Columns) -> None:
        kinds = zip(columns.categorical.tolist(), columns.feature.tolist(), strict=True)
        self.column = {key: i for i, key in enumerate(kinds)}
        self.members: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
        self._size = 1
        self._first = columns.first.tolist()
        self._edges = [columns.edges[a:b].tolist() for a, b in pairwise(self._first)]

    def rank(self, column: int, threshold: float) -> int:
        """How many of the column's edges lie below one of them."""
        return bisect_left(self._edges[column], threshold)

    def keep(self, column: int, categories: NDArray[np.int64]) -> tuple[int, int]:
        """Add a set of categories to the members; return where it begins and ends."""
        edges = self._first[column] + np.searchsorted(self._edges[column], categories)
        begin = self._size
        self.members.append(edges)
        self._size += len(edges)
        return begin, self._size


def _comparisons(tree: Tree, walked: Walk, coding: _Coding) -> Comparisons:
    at = np.flatnonzero(~tree.categorical[walked.node])  # in the walk
    node = walked.node[at]
    column = [coding.column[False, feature] for feature in tree.feature[node].tolist()]
    threshold = tree.threshold[node]
    edge = [coding.rank(c, t) for c, t in zip(column, threshold.tolist(), strict=True)]
    missing, default, zero_left = tree.missing[node], tree.default_left[node], threshold >= 0
    # Where a column never had missing values, LightGBM reads one as 0.
    missing_left = np.where(missing == MISSING_NONE, zero_left, default)
    zero_other = (missing == MISSING_ZERO) & (default != zero_left)
    return Comparisons(
        place=(at + 1).astype(np.uint32),
        column=np.array(column, dtype=np.int32),
        edge=np.array(edge, dtype=np.int32),
        missing_left=-missing_left.astype(np.int8),
        zero_other=-zero_other.astype(np.int8),
        mirrored=-walked.mirrored[at].astype(np.int8),
    )


def _memberships(tree: Tree, walked: Walk, coding: _Coding) -> Memberships:
    at = np.flatnonzero(tree.categorical[walked.node])
    node = walked.node[at]
    features, numbers = tree.feature[node].tolist(), tree.threshold[node].astype(np.int64).tolist()
    kept = [
        coding.keep(coding.column[True, feature], tree.sets[number])
        for feature, number in zip(features, numbers, strict=True)
    ]
    begin, end = np.array(kept, dtype=np.int32).reshape(-1, 2).T
    return Memberships(
        place=(at + 1).astype(np.uint32),
        begin=begin,
        end=end,
        mirrored=-walked.mirrored[at].astype(np.int8),
    )


def _splits(tree: Tree, walked: Walk, points: int, start: int) -> Splits:
    children = np.stack([tree.left, tree.right])[:, walked.node]
    left, right = np.where(walked.mirrored, children[::-1], children)
    again = walked.again
    return Splits(
        before=walked.before,
        feature=tree.feature[walked.node].astype(np.int32),
        fraction=walked.fraction,
        path=walked.path,
        below=walked.below,
        left_value=_value(tree, left),
        right_value=_value(tree, right),
        again=np.where(again, start + points * (np.cumsum(again) - 1), -1).astype(np.int32),
    )


def _value(tree: Tree, child: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(child < 0, tree.leaf_value[np.maximum(~child, 0)], 0.0)


def _again(walked: Walk, t: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Of the nodes whose feature the path has met, by node and point: left, right, weight."""
    again = walked.again
    p, r = walked.fraction[again, None], walked.rest[again, None]
    so_far = t + (1 - t) * r
    right = (1 - t) * r * p
    return ((t + right) / so_far).ravel(), (right / so_far).ravel(), (r / so_far**2).ravel()


def _rules(points: set[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre on [0, 1]: row q has the abscissae and the weights of the rule of q points."""
    abscissae, weights = np.zeros((2, max(points) + 1, max(points)))
    for q in points:
        x, weight = np.polynomial.legendre.leggauss(q)
        abscissae[q, :q], weights[q, :q] = (x + 1) / 2, weight / 2
    return abscissae, weights


def _firsts(lengths: list[int]) -> NDArray[np.int64]:
    return np.array([0, *np.cumsum(lengths, dtype=np.int64)], dtype=np.int64)
