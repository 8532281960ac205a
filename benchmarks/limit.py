"""How far the kernel is from the machine's limit, on one thread: started by `explain.py`.

What the walk of all trees does for one row is counted on paper, from the program: per node and
quadrature point, lanes loaded, stored, and computed with. Coding the rows and deciding the nodes
are in the measured time, but not in the count (integers, a few for 64 rows at once), nor are
constants, which are loaded once for all lanes.

The rates are those of three small loops over the kernel's own lanes, run in turn with it: one only
loads from the first-level cache (and adds up), one only stores there, one computes in registers,
two sums or products for each choice. The three can overlap; the slowest is the least time that the
walk could take.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from predictive_scoring.explain.treeshap import TreeShap
from predictive_scoring.explain.treeshap.lanes import WIDE, choose, every, fma, load, store
from predictive_scoring.explain.treeshap.walk import (
    DOWN_BOTH,
    DOWN_ONE,
    UP_BOTH,
    UP_LEAVES,
    UP_ONE,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from predictive_scoring.explain.treeshap.program import Program
    from predictive_scoring.records import FloatArray

PER_POINT = {
    # loads, stores, products and sums, choices
    DOWN_ONE: (1, 1, 1, 1),
    DOWN_BOTH: (1, 2, 2, 1),
    UP_LEAVES: (1, 1, 2, 1),
    UP_ONE: (2, 1, 3, 1),
    UP_BOTH: (3, 1, 3, 1),
}
UP_PER_NODE = (1, 1, 1, 1)
AGAIN_DOWN, AGAIN_UP, AGAIN_UP_PER_NODE = (0, 0, 0, 1), (0, 0, 1, 1), (0, 0, 0, 1)
LIKE = (0,) * WIDE
KIB = 16
"""What the loops go over: half of a common first-level cache."""


@dataclass(frozen=True)
class Count:
    """Doubles loaded and stored, arithmetic operations and choices, for one row."""

    loads: int
    stores: int
    arithmetic: int
    choices: int


def main() -> None:
    """Measure rates and kernel in turn; print the count, the rates and the share reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="of model.txt and rows.npy")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    explainer = TreeShap.of((given.folder / "model.txt").read_text(encoding="utf-8"))
    assert explainer.program is not None
    rows = np.load(given.folder / "rows.npy")
    counted = count(explainer.program)
    amounts = {
        "load": 8 * counted.loads,
        "store": 8 * counted.stores,
        "compute": counted.arithmetic + counted.choices,
    }
    loops, kernel = rates(), partial(explainer.values, rows, threads=1)
    least: dict[str, list[float]] = {name: [] for name in loops}
    taken, shares = [], []
    for _ in range(given.runs):
        for name, rate in loops.items():
            least[name].append(amounts[name] / rate())
        taken.append(seconds(kernel) / len(rows))
        shares.append(max(times[-1] for times in least.values()) / taken[-1])
    us = {name: statistics.median(times) * 1e6 for name, times in least.items()}
    giga = {name: amounts[name] / us[name] / 1e3 for name in us}
    print(f"  limit, 1 thread, of a row: {statistics.median(taken) * 1e6:.1f} us measured; "
          f"{statistics.median(shares):.0%} ({min(shares):.0%} to {max(shares):.0%}) "
          "of the attainable rate")  # fmt: skip
    print(f"    loaded {amounts['load'] / 1e3:,.0f} kB (at {giga['load']:.0f} GB/s {us['load']:.1f}"
          f" us), stored {amounts['store'] / 1e3:,.0f} kB (at {giga['store']:.0f} GB/s "
          f"{us['store']:.1f} us),")  # fmt: skip
    print(f"    {counted.arithmetic:,} products and sums, {counted.choices:,} choices (at "
          f"{giga['compute']:.0f} G/s {us['compute']:.1f} us); all three can overlap")  # fmt: skip


def count(program: Program) -> Count:
    """What the kernel's ``_walk`` does for one row, as its source says."""
    lengths = np.diff(program.first_step).astype(np.int64)
    nodes = np.repeat(program.first_node[:-1], lengths) + program.step_node
    points, again = np.repeat(program.points, lengths), program.splits.again[nodes] >= 0
    total = np.array([0, int(program.points.sum()), 0, 0])  # a tree begins with its weights
    for step, per_point in PER_POINT.items():
        up = step not in (DOWN_ONE, DOWN_BOTH)
        these = program.step == step
        total += _times(per_point, points[these].sum())
        total += _times(AGAIN_UP if up else AGAIN_DOWN, points[these & again].sum())
        if up:
            total += _times(UP_PER_NODE, these.sum())
            total += _times(AGAIN_UP_PER_NODE, (these & again).sum())
    return Count(*total.tolist())


def _times(cost: tuple[int, ...], number: Any) -> NDArray[np.int64]:
    return np.array(cost, dtype=np.int64) * int(number)


def rates() -> dict[str, Callable[[], float]]:
    """What measures each rate: bytes a second, or operations on doubles a second."""
    lanes = KIB * 1024 // 8 // WIDE
    spare = np.zeros(lanes * WIDE + 8)
    begin = -spare.ctypes.data % 64 // 8  # on a line of the cache
    memory, turns = spare[begin : begin + lanes * WIDE], 200_000
    work = turns * lanes * WIDE
    loops: dict[str, tuple[Callable[[FloatArray, int], None], int]] = {
        "load": (njit(_load), 8 * work),
        "store": (njit(_store), 8 * work),
        "compute": (njit(_compute), turns * 10 * 9 * WIDE),
    }
    for loop, _ in loops.values():
        loop(memory, 1)  # compiles

    def rate(loop: Callable[[FloatArray, int], None], amount: int) -> float:
        return amount / seconds(partial(loop, memory, turns))

    return {name: partial(rate, loop, amount) for name, (loop, amount) in loops.items()}


def _load(memory: FloatArray, turns: int) -> None:
    one = other = every(0.0, LIKE)
    factor = every(0.5, LIKE)
    for _ in range(turns):
        for at in range(0, len(memory), 2 * WIDE):
            one = fma(load(memory, at, LIKE), factor, one)
            other = fma(load(memory, at + WIDE, LIKE), factor, other)
    store(memory, 0, one)
    store(memory, WIDE, other)


def _store(memory: FloatArray, turns: int) -> None:
    for turn in range(turns):
        value = every(float(turn), LIKE)
        for at in range(0, len(memory), WIDE):
            store(memory, at, value)


def _compute(memory: FloatArray, turns: int) -> None:
    a, b, c = load(memory, 0, LIKE), load(memory, WIDE, LIKE), load(memory, 2 * WIDE, LIKE)
    factor, term, mask = every(0.5, LIKE), every(1.0, LIKE), np.uint64(0x5A5A5A5A)
    for _ in range(10 * turns):
        a = choose(mask, fma(a, factor, term) - factor, term)
        b = choose(mask, fma(b, factor, term) - factor, term)
        c = choose(mask, fma(c, factor, term) - factor, term)
    store(memory, 0, a)
    store(memory, WIDE, b)
    store(memory, 2 * WIDE, c)


def seconds(work: Callable[[], object]) -> float:
    """Seconds of one call on the processor: what others do on the machine does not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
