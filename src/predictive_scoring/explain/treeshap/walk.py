"""The order in which the kernel walks a tree, and where its intermediate results stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.explain.treeshap.forest import Tree

DOWN_ONE, DOWN_BOTH, UP_LEAVES, UP_ONE, UP_BOTH = range(5)
"""Steps. Down: the path's product, for one child or both. Up: a node's contribution and the sum
below it, where both children are leaves, where the right one is, where none is."""


@dataclass(frozen=True)
class Walk:
    """A tree's inner nodes in the order of the walk, all of shape (m,), and its steps.

    ``mirrored``: left and right change places, so that a single leaf is always on the right;
    everything else is meant after that. ``fraction`` of the training rows go left; ``before`` is
    2 * (1 + the nearest node above with the same feature) + (1 when below its left side), or 1
    where there is none; ``rest`` is the product of the fractions of all such nodes. ``path`` and
    ``below`` number the blocks of memory for the product above a node and the sum below it: a
    child's product stands behind its parent's, a sum takes the place of its left child's.
    """

    node: NDArray[np.int64]  # in the tree's own numbers
    mirrored: NDArray[np.bool_]
    fraction: NDArray[np.float64]
    before: NDArray[np.int32]
    rest: NDArray[np.float64]
    path: NDArray[np.int32]
    below: NDArray[np.int32]
    step: NDArray[np.uint8]
    step_node: NDArray[np.uint32]
    features: int
    """The most features on a path."""

    @property
    def again(self) -> NDArray[np.bool_]:
        """Whether the path has met a node's feature before."""
        return self.before > 1


def walk(tree: Tree) -> Walk:
    """Plan the walk of a tree with at least one split, depth first, without recursion."""
    feature, left, right = tree.feature.tolist(), tree.left.tolist(), tree.right.tolist()
    # Leaf ~c is found at -1 - ~c = c from the end, inner node c from the beginning.
    cover = [*tree.count.tolist(), *tree.leaf_count[::-1].tolist()]
    nodes: list[tuple[int, bool, float, int, float, int, int]] = []
    steps: list[tuple[int, int]] = []
    features = 0
    todo: list[tuple[int, dict[int, tuple[int, float]], int, int]] = [(0, {}, 0, 0)]
    while todo:
        node, met, path, below = todo.pop()
        if node < 0:  # both children are done
            steps.append((below, ~node))
            continue
        one, other = left[node], right[node]
        mirrored = one < 0 <= other
        if mirrored:
            one, other = other, one
        number, of = len(nodes), feature[node]
        before, rest = met.get(of, (1, 1.0))
        fraction = cover[one] / cover[node]
        nodes.append((node, mirrored, fraction, before, rest, path, below))
        features = max(features, len(met | {of: (0, 0.0)}))
        if one < 0:
            steps.append((UP_LEAVES, number))
            continue
        both = other >= 0
        steps.append((DOWN_BOTH if both else DOWN_ONE, number))
        todo.append((~number, met, 0, UP_BOTH if both else UP_ONE))
        if both:
            beyond = met | {of: (_side(number, left=False), rest * cover[other] / cover[node])}
            todo.append((other, beyond, path + 1, below + 1))
        within = met | {of: (_side(number, left=True), rest * fraction)}
        todo.append((one, within, path + 1 + both, below))
    order, mirrors, fractions, befores, rests, paths, belows = zip(*nodes, strict=True)
    step, step_node = np.array(steps).T
    return Walk(
        node=np.array(order, np.int64),
        mirrored=np.array(mirrors, np.bool_),
        fraction=np.array(fractions, np.float64),
        before=np.array(befores, np.int32),
        rest=np.array(rests, np.float64),
        path=np.array(paths, np.int32),
        below=np.array(belows, np.int32),
        step=step.astype(np.uint8),
        step_node=step_node.astype(np.uint32),
        features=features,
    )


def _side(node: int, *, left: bool) -> int:
    """One side of a node in one number, as ``before`` has it."""
    return 2 * (node + 1) + left
