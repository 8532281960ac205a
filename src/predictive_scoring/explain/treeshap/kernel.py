"""The kernel: a block of rows through all trees, rows as vector lanes (method: ``program``).

Nothing here depends on which rows stand in a block together: every row's result comes from the
same operations in the same order.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.explain.treeshap.compiling import compiled
from predictive_scoring.explain.treeshap.lanes import ROWS, at_most, choose, every, fma, load, store
from predictive_scoring.explain.treeshap.walk import DOWN_BOTH, DOWN_ONE, UP_BOTH, UP_LEAVES, UP_ONE

if TYPE_CHECKING:
    from predictive_scoring.explain.treeshap.program import Program
    from predictive_scoring.explain.treeshap.room import Room
    from predictive_scoring.records import FloatArray

_ZERO = float(np.float32(1e-35))
"""LightGBM reads numbers as near to 0 as this as 0."""
_INT_MAX = 2.0**31  # LightGBM reads a category as a 32-bit integer
_ALL = np.uint64(2**64 - 1)
_ONE = np.uint64(1)


@compiled
def contribute(
    program: Program, room: Room, like: tuple[int, ...], matrix: FloatArray, values: FloatArray
) -> None:
    """Write the contributions of every row of ``matrix`` (n, k) to ``values`` (n, k), log-odds.

    Lanes are as wide as ``like`` is long: the kernel is compiled for each such length.
    """
    (count, features), width = values.shape, len(like)
    for first in range(0, count, ROWS):
        rows = min(ROWS, count - first)
        _encode(program.columns, room, matrix, first, rows)
        room.sums[:] = 0
        for tree in range(len(program.points)):
            _decide(program, room, tree)
            _walk(program, room, like, tree, (rows + width - 1) // width)
        for j in range(features):
            for i in range(rows):
                values[first + i, j] = room.sums[j * ROWS + i]


@compiled
def _encode(columns, room, matrix, first, rows):
    """Code a block's rows: numbers as ranks among the edges, categories as masks of their rows."""
    for column in range(len(columns.feature)):
        feature, begin = columns.feature[column], columns.first[column]
        size = columns.first[column + 1] - begin
        if columns.categorical[column]:
            room.holders[begin : begin + size] = 0
            for i in range(rows):
                value = matrix[first + i, feature]
                if -1 < value < _INT_MAX:  # not for NaN
                    value = np.floor(max(value, 0.0))
                    rank = _rank(columns.edges, begin, size, value)
                    if rank < size and columns.edges[begin + rank] == value:
                        room.holders[begin + rank] |= _ONE << np.uint64(i)
        else:
            missing = zeros = np.uint64(0)
            for i in range(rows):
                value = matrix[first + i, feature]
                value = 0.0 if abs(value) <= _ZERO else value
                rank = _rank(columns.edges, begin, size, value)
                # Beyond every edge, so that a missing value is at most none.
                room.codes[column * ROWS + i] = rank if value == value else size
                missing |= np.uint64(value != value) << np.uint64(i)
                zeros |= np.uint64(value == 0) << np.uint64(i)
            room.missing[column], room.zeros[column] = missing, zeros


@partial(compiled, inline="always")
def _rank(edges, begin, size, value):
    """How many edges lie below the value: a binary search without branches."""
    at, left = begin, size
    while left > 1:
        half = left >> 1
        at += half * (edges[at + half - 1] < value)
        left -= half
    return at - begin + (edges[at] < value)


@compiled
def _decide(program, room, tree):
    """Which rows go left at each node of a tree, and which satisfy what was asked before.

    Without branches where there is a choice of masks: they would be guessed wrong.
    """
    compared, asked = program.comparisons, program.memberships
    for at in range(program.first_comparison[tree], program.first_comparison[tree + 1]):
        column = compared.column[at]
        left = at_most(room.codes, column * ROWS, np.int64(compared.edge[at]))
        left |= room.missing[column] & np.uint64(compared.missing_left[at])
        left ^= room.zeros[column] & np.uint64(compared.zero_other[at])
        room.left[compared.place[at]] = left ^ np.uint64(compared.mirrored[at])
    for at in range(program.first_membership[tree], program.first_membership[tree + 1]):
        left = np.uint64(0)
        for member in range(asked.begin[at], asked.end[at]):
            left |= room.holders[program.members[member]]
        room.left[asked.place[at]] = left ^ np.uint64(asked.mirrored[at])
    room.left[0] = room.met[0] = _ALL
    place = 1
    for node in range(program.first_node[tree], program.first_node[tree + 1]):
        before = program.splits.before[node]
        above, right_of_it = before >> 1, np.uint64(before & 1) - _ONE
        room.met[place] = room.met[above] & (room.left[above] ^ right_of_it)
        place += 1


@compiled
def _walk(program, room, like, tree, groups):
    """Add one tree's contributions for so many groups of rows, as wide as lanes."""
    points, width = program.points[tree], len(like)
    for group in range(groups):
        for q in range(points):
            weight = every(program.weights[points, q], like)
            store(room.path, (group * points + q) * width, weight)
    for at in range(program.first_step[tree], program.first_step[tree + 1]):
        step, here = program.step[at], program.step_node[at]
        node = program.first_node[tree] + here
        # Each call is compiled for its own kind of step.
        if step == DOWN_ONE:
            _down(program, room, like, node, here, groups, points, DOWN_ONE)
        elif step == DOWN_BOTH:
            _down(program, room, like, node, here, groups, points, DOWN_BOTH)
        elif step == UP_LEAVES:
            _up(program, room, like, node, here, groups, points, UP_LEAVES)
        elif step == UP_ONE:
            _up(program, room, like, node, here, groups, points, UP_ONE)
        else:
            _up(program, room, like, node, here, groups, points, UP_BOTH)


@partial(compiled, inline="always")
def _factor(program, like, points, q, left, met, fraction, again):
    """A node's factor at one point, of a group of rows."""
    if again < 0:
        t = program.abscissae[points, q]
        other = (1 - t) * fraction
        return choose(left, every(other + t, like), every(other, like))
    one, other = program.again_left[again + q], program.again_right[again + q]
    factor = choose(left, every(one, like), every(other, like))
    return choose(met, factor, every(fraction, like))


@partial(compiled, inline="always")
def _down(program, room, like, node, here, groups, points, step):
    """From a node's product to its children's: the left one's stands behind the right one's."""
    splits, width = program.splits, len(like)
    block = groups * points * width
    again, fraction = splits.again[node], splits.fraction[node]
    for group in range(groups):
        left = room.left[here + 1] >> np.uint64(group * width)
        met = room.met[here + 1] >> np.uint64(group * width)
        place = splits.path[node] * block + group * points * width
        for q in range(points):
            product = load(room.path, place, like)
            part = product * _factor(program, like, points, q, left, met, fraction, again)
            if step == DOWN_BOTH:
                store(room.path, place + block, product - part)
                store(room.path, place + 2 * block, part)
            else:
                store(room.path, place + block, part)
            place += width


@partial(compiled, inline="always")
def _up(program, room, like, node, here, groups, points, step):
    """A node's contributions, and from its children's sums its own."""
    splits, width = program.splits, len(like)
    block = groups * points * width
    again, fraction = splits.again[node], splits.fraction[node]
    left_value = every(splits.left_value[node], like)
    right_value = every(splits.right_value[node], like)
    for group in range(groups):
        left = room.left[here + 1] >> np.uint64(group * width)
        met = room.met[here + 1] >> np.uint64(group * width)
        place = splits.path[node] * block + group * points * width
        below = splits.below[node] * block + group * points * width
        total = every(0.0, like)
        for q in range(points):
            product = load(room.path, place, like)
            if again >= 0:
                product = product * every(program.again_weight[again + q], like)
            one = left_value if step == UP_LEAVES else load(room.below, below, like)
            other = load(room.below, below + block, like) if step == UP_BOTH else right_value
            gap = one - other
            total = fma(product, gap, total)
            factor = _factor(program, like, points, q, left, met, fraction, again)
            store(room.below, below, fma(factor, gap, other))
            place += width
            below += width
        difference = choose(left, every(1 - fraction, like), every(-fraction, like))
        if again >= 0:
            difference = choose(met, difference, every(0.0, like))
        at = splits.feature[node] * ROWS + group * width
        store(room.sums, at, fma(total, difference, load(room.sums, at, like)))
