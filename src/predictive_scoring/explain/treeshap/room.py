"""What a thread works in while it explains a block of rows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictive_scoring.explain.treeshap.lanes import ALIGNMENT, ROWS
from predictive_scoring.explain.treeshap.program import Program


class Room(NamedTuple):
    """Memory of one thread, for one block of ROWS rows."""

    codes: NDArray[Any]  # (columns * ROWS): ranks of numbers
    missing: NDArray[np.uint64]  # (columns): masks of the rows with NaN
    zeros: NDArray[np.uint64]  # (columns): masks of the rows with 0
    holders: NDArray[np.uint64]  # (edges): masks of the rows that have a category
    left: NDArray[np.uint64]  # (1 + nodes of a tree): all rows, masks of the rows that go left
    met: NDArray[np.uint64]  # likewise: of those that satisfy what is above on the feature
    path: NDArray[np.float64]  # blocks of (ROWS, points): products of the factors above
    below: NDArray[np.float64]  # likewise: sums of what is below
    sums: NDArray[np.float64]  # (features * ROWS): contributions


def make_room(program: Program) -> Room:
    """Room for a program; what is in it means nothing yet."""
    sizes, columns, block = program.sizes, len(program.columns.feature), ROWS * program.sizes.points
    return Room(
        # A third width would be a third kernel to compile, and gains nothing that can be measured.
        codes=_aligned(columns * ROWS, np.uint16 if sizes.edges < 2**16 - 1 else np.uint32),
        missing=np.empty(columns, np.uint64),
        zeros=np.empty(columns, np.uint64),
        holders=np.empty(len(program.columns.edges), np.uint64),
        left=np.empty(1 + sizes.nodes, np.uint64),
        met=np.empty(1 + sizes.nodes, np.uint64),
        path=_aligned(sizes.path * block, np.float64),
        below=_aligned(sizes.below * block, np.float64),
        sums=_aligned(sizes.features * ROWS, np.float64),
    )


def _aligned(size: int, dtype: Any) -> NDArray[Any]:
    wide = size * np.dtype(dtype).itemsize
    spare = np.empty(wide + ALIGNMENT, dtype=np.uint8)
    begin = -spare.ctypes.data % ALIGNMENT
    return spare[begin : begin + wide].view(dtype)
