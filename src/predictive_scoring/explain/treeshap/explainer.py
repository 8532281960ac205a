"""A LightGBM model's exact contributions, for any number of rows on any number of threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.explain.treeshap.forest import read_forest
from predictive_scoring.explain.treeshap.program import Program, compile_forest

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray

_CHUNKS_EACH = 4  # so that a thread which the system holds up does not hold up the others for long
_LARGEST_CHUNK = 4096  # rows: more would not be faster
_WORTHWHILE = 1_000_000  # rows times nodes: about a millisecond, ten times what a thread costs


@dataclass(frozen=True)
class TreeShap:
    """Path-dependent TreeSHAP of a model: ``base + values(matrix).sum(axis=1)`` is its raw score.

    ``base`` is the mean raw score of the training rows, in log-odds; ``features`` the width of
    the matrix.
    """

    program: Program | None  # None: no tree splits, and nothing about a row matters
    features: int
    base: float

    @classmethod
    def of(cls, text: str) -> TreeShap:
        """Compile a model's text; raises BundleError where it is damaged or not supported."""
        forest = read_forest(text)
        base = float(sum(tree.expected for tree in forest.trees))
        splits = any(len(tree.feature) for tree in forest.trees)
        return cls(compile_forest(forest) if splits else None, forest.features, base)

    def values(self, matrix: FloatArray, threads: int | None = None) -> FloatArray:
        """Contributions, shape (n, features), in log-odds, of a float64 matrix of that shape.

        NaN is missing. Results are the same to the bit whatever the other rows, their order and
        the number of ``threads`` (default: the processors this process may use). Raises ValueError
        for another width.
        """
        # Here and not above: reading a model takes no compiler.
        from predictive_scoring.explain.treeshap.kernel import contribute
        from predictive_scoring.explain.treeshap.lanes import NARROW, WIDE
        from predictive_scoring.explain.treeshap.room import make_room

        if matrix.ndim != 2 or matrix.shape[1] != self.features:
            raise ValueError(f"a matrix of shape {matrix.shape} for {self.features} features")
        threads = _processors() if threads is None else threads
        if threads < 1:
            raise ValueError(f"{threads} threads")
        program = self.program
        if program is None:
            return np.zeros(matrix.shape)
        matrix = np.ascontiguousarray(matrix, dtype=np.float64).view()
        matrix.flags.writeable = False  # whatever it was: the kernel is compiled for one kind
        values = np.empty(matrix.shape)
        chunk = _chunk(len(matrix), threads, len(program.splits.feature))
        like = (0,) * (NARROW if len(matrix) <= NARROW else WIDE)

        def work(first: int) -> None:
            rows = slice(first, first + chunk)
            contribute(program, make_room(program), like, matrix[rows], values[rows])

        starts = range(0, len(matrix), chunk)
        if threads == 1 or len(starts) < 2:
            for first in starts:
                work(first)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, starts))
        return values


def _chunk(rows: int, threads: int, nodes: int) -> int:
    """Rows a thread takes at a time: several chunks each, but none that is not worth a thread."""
    from predictive_scoring.explain.treeshap.lanes import ROWS

    share = max(-(-rows // (threads * _CHUNKS_EACH)), _WORTHWHILE // nodes)
    return min(-(-share // ROWS) * ROWS, _LARGEST_CHUNK) or ROWS


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
