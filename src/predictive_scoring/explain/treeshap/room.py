"""What a thread works in while it explains, made once and used again."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictive_scoring.explain.treeshap.lanes import ALIGNMENT, NARROW, ROWS, WIDE
from predictive_scoring.explain.treeshap.program import Program


class Room(NamedTuple):
    """What a thread works in, for one block of ROWS rows."""

    codes: NDArray[Any]  # (columns * ROWS): ranks of numbers
    missing: NDArray[np.uint64]  # (columns): masks of the rows with NaN
    zeros: NDArray[np.uint64]  # (columns): masks of the rows with 0
    holders: NDArray[np.uint64]  # (edges): masks of the rows that have a category
    left: NDArray[np.uint64]  # (1 + nodes of a tree): all rows, masks of the rows that go left
    met: NDArray[np.uint64]  # likewise: of those that satisfy what is above on the feature
    path: NDArray[np.float64]  # blocks of (ROWS, points): products of the factors above
    below: NDArray[np.float64]  # likewise: sums of what is below
    sums: NDArray[np.float64]  # (features * ROWS): contributions
    like: tuple[int, ...]  # as long as lanes are wide; the kernel is compiled for each width


def make_room(program: Program, features: int) -> Room:
    """Room for a program whose matrix has so many columns."""
    columns, nodes = len(program.columns.feature), int(np.diff(program.first_node).max())
    block = ROWS * int(program.points.max())
    widest = int(np.diff(program.columns.first).max())
    return Room(
        codes=_aligned(columns * ROWS, np.min_scalar_type(widest + 1)),
        missing=np.zeros(columns, np.uint64),
        zeros=np.zeros(columns, np.uint64),
        holders=np.zeros(len(program.columns.edges), np.uint64),
        left=np.zeros(1 + nodes, np.uint64),
        met=np.zeros(1 + nodes, np.uint64),
        path=_aligned((int(program.splits.path.max()) + 3) * block, np.float64),
        below=_aligned((int(program.splits.below.max()) + 2) * block, np.float64),
        sums=_aligned(features * ROWS, np.float64),
        like=(0,) * WIDE,
    )


def for_rows(room: Room, rows: int) -> Room:
    """The same room, for the width that suits so many rows."""
    return room._replace(like=(0,) * (NARROW if rows <= NARROW else WIDE))


def _aligned(size: int, dtype: Any) -> NDArray[Any]:
    wide = size * np.dtype(dtype).itemsize
    spare = np.zeros(wide + ALIGNMENT, dtype=np.uint8)
    begin = -spare.ctypes.data % ALIGNMENT
    return spare[begin : begin + wide].view(dtype)
