"""Contributions a second: ours, and every public library that computes the same ones.

Each repetition runs all candidates once and gives one ratio of each; printed are medians and
ranges. All are in float64 and use all processors, unless their line says otherwise. The slow ones
are timed on fewer rows: their rate does not depend on it, as `--whole` shows, which runs every
candidate on all rows once (an hour).

`shap.TreeExplainer` hands LightGBM models to `pred_contrib`, with or without categorical splits.
Its own C code runs on the trees that it has read all the same, as soon as they are declared to be
no library's; it is timed without its check of additivity, and only where no split is categorical:
it reads those wrongly.

XGBoost and woodelf (package `woodelf_explainer`, with `treelite`) are measured where they are
installed; the project does not depend on them. XGBoost explains a model of its own with as many
trees and leaves. FastTreeSHAP is missing: its last release does not import under NumPy 2.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from predictive_scoring.explain.treeshap import TreeShap

if TYPE_CHECKING:  # at run time where they are used: the first use is of a process without them
    import lightgbm
    from numpy.typing import NDArray

    from predictive_scoring.records import FloatArray

LEVELS, CATEGORICAL = 30, (30, 31, 32, 33)
BATCHES = (1, 10, 100, 1_000, 10_000, 100_000)
SHORTEST = 0.05  # seconds: quicker calls are repeated for so long
TOLERANCE = 1e-10
LIMIT = Path(__file__).with_name("limit.py")

Explain = Callable[["FloatArray"], "FloatArray"]


@dataclass(frozen=True)
class Candidate:
    """A way to contributions, of shape (n, features); ``None`` where it is not installed.

    ``rows`` are enough to know its rate; None where the rate depends on their number.
    """

    name: str
    explain: Explain | None
    rows: int | None = None

    def seconds(self, matrix: FloatArray) -> float:
        """Seconds of one call."""
        assert self.explain is not None
        calls, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < SHORTEST or not calls:
            self.explain(matrix)
            calls += 1
        return passed / calls


def main() -> None:
    """Measure each model against the others and the machine; batches and first use of the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--models", nargs="+", default=["300x31", "1000x63"], metavar="TREESxLEAVES"
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--whole", action="store_true", help="all rows for everyone, once")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child)
        return
    warnings.filterwarnings("ignore", "LightGBM binary classifier with TreeExplainer")
    rows, _ = simulate(given.rows, seed=2)
    for number, size in enumerate(given.models):
        trees, leaves = map(int, size.split("x"))
        mixed, numbers = train(trees, leaves, CATEGORICAL), train(trees, leaves, ())
        first = candidates(mixed, trees)
        second = [*candidates(numbers, trees), *others(numbers, trees, leaves)]
        print(f"{trees} trees, {leaves} leaves, {rows.shape[1]} features")
        for title, model, run in (("with categories", mixed, first), ("numbers", numbers, second)):
            print(f"  {title}: ", end="")
            off = check(model, run, rows)
            timed = [Candidate(c.name, c.explain) for c in run] if given.whole else run
            speed(timed, off, rows, 1 if given.whole else given.runs)
        if given.whole:
            continue
        if not number:
            batches(second, rows, given.runs)
        with tempfile.TemporaryDirectory() as folder:
            mixed.save_model(Path(folder) / "model.txt")
            np.save(Path(folder) / "rows.npy", rows[:20_000])
            if not number:
                first_use(Path(folder))
            subprocess.run([sys.executable, LIMIT, folder], check=True)


def simulate(count: int, seed: int) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Rows of 40 features and their outcomes: measures, counts, categories, often missing ones."""
    rng = np.random.default_rng(seed)
    waits = rng.exponential(10.0, (count, 6))
    rows = np.hstack([
        rng.normal(size=(count, 15)),
        rng.poisson(2.0, (count, 15)),
        rng.integers(0, LEVELS, (count, len(CATEGORICAL))),
        np.where(rng.random(waits.shape) < 0.2, np.nan, waits),
    ])  # fmt: skip
    margin = (
        rows[:, 0] * rows[:, 1] - 0.3 * rows[:, 2] + 0.5 * rows[:, 15] - 2
        + 0.3 * rows[:, 16] * rows[:, 3] + np.sin(rows[:, 30]) + (rows[:, 31] % 3 == 0)
        + 0.1 * np.nan_to_num(rows[:, 34], nan=3.0)
    )  # fmt: skip
    return rows, rng.random(count) < 1 / (1 + np.exp(-margin))


def train(trees: int, leaves: int, categorical: tuple[int, ...]) -> lightgbm.Booster:
    """A model of LightGBM's, of 60,000 rows."""
    import lightgbm

    parameters = {"objective": "binary", "num_leaves": leaves, "learning_rate": 0.05,
                  "min_data_in_leaf": 20, "seed": 1, "verbose": -1}  # fmt: skip
    known, outcome = simulate(60_000, seed=1)
    table = lightgbm.Dataset(known, outcome, categorical_feature=list(categorical))
    return lightgbm.train(parameters, table, trees)


def candidates(model: lightgbm.Booster, trees: int) -> list[Candidate]:
    """Ours first, then what stands in the project's own requirements."""
    few, of_shap = 300_000 // trees, tree_explainer(model).shap_values
    return [
        Candidate("ours", TreeShap.of(model.model_to_string()).values),
        Candidate("LightGBM pred_contrib", lambda rows: contributions(model, rows)[:, :-1], few),
        Candidate("shap.TreeExplainer (pred_contrib)", of_shap, few),
    ]


def contributions(model: lightgbm.Booster, rows: FloatArray) -> FloatArray:
    """LightGBM's own, with the base as the last column."""
    return np.asarray(model.predict(rows, pred_contrib=True))


def tree_explainer(model: lightgbm.Booster) -> Any:
    """The explainer of shap."""
    import shap

    return shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")


def others(model: lightgbm.Booster, trees: int, leaves: int) -> list[Candidate]:
    """What cannot explain categorical splits, or has to be installed first."""
    few, own = 300_000 // trees, tree_explainer(model)
    own.model.model_type = "internal"
    in_c = partial(own.shap_values, check_additivity=False)
    xgboost, woodelf = "XGBoost pred_contribs, own model, float32", "woodelf, 1 thread, float32"
    return [
        Candidate("shap.TreeExplainer, own C code, 1 thread", in_c, few),
        Candidate(xgboost, of_xgboost(trees, leaves) if find_spec("xgboost") else None, few),
        Candidate(woodelf, of_woodelf(model) if find_spec("woodelf") else None),
    ]


def of_xgboost(trees: int, leaves: int) -> Explain:
    """Contributions of XGBoost's own model of the same size."""
    xgboost = import_module("xgboost")
    parameters = {"objective": "binary:logistic", "tree_method": "hist", "eta": 0.05, "seed": 1,
                  "grow_policy": "lossguide", "max_leaves": leaves, "max_depth": 0}  # fmt: skip
    known, outcome = simulate(60_000, seed=1)
    model = xgboost.train(parameters, xgboost.DMatrix(known, outcome), trees)

    def explain(rows: FloatArray) -> FloatArray:
        found: FloatArray = model.predict(xgboost.DMatrix(rows), pred_contribs=True)[:, :-1]
        return found

    return explain


def of_woodelf(model: lightgbm.Booster) -> Explain:
    """Contributions of a model without categorical splits."""
    import pandas as pd

    explainer = import_module("woodelf").WoodelfExplainer(
        model, feature_perturbation="tree_path_dependent"
    )

    def explain(rows: FloatArray) -> FloatArray:
        frame = pd.DataFrame(rows, columns=model.feature_name())
        found: FloatArray = explainer.shap_values(frame, verbose=False)
        return found

    return explain


def check(model: lightgbm.Booster, found: list[Candidate], rows: FloatArray) -> dict[str, float]:
    """Each one's largest difference to `pred_contrib`; stop unless ours is none and adds up."""
    few = rows[:300]
    expected = contributions(model, few)[:, :-1]
    same = [c for c in found if c.explain and "own model" not in c.name]
    off = {c.name: float(np.abs(c.explain(few) - expected).max()) for c in same if c.explain}
    explainer = TreeShap.of(model.model_to_string())
    margin = np.asarray(model.predict(rows, raw_score=True))
    gap = np.abs(explainer.base + explainer.values(rows).sum(axis=1) - margin).max()
    print(f"base and contributions add up to the raw score within {gap:.0e}")
    assert max(off["ours"], gap) <= TOLERANCE, (off, gap)
    return off


def speed(found: list[Candidate], off: dict[str, float], rows: FloatArray, runs: int) -> None:
    """Print a line per candidate: its rows a second, and how many times as fast ours is."""
    rates: dict[str, list[float]] = {c.name: [] for c in found}
    for _ in range(runs):
        for c in found:
            if c.explain:
                part = rows[: c.rows]
                rates[c.name].append(len(part) / c.seconds(part))
    for c in found:
        if not c.explain:
            print(f"    {c.name:42} not installed")
            continue
        ratios = [ours / its for ours, its in zip(rates["ours"], rates[c.name], strict=True)]
        print(f"    {c.name:40} {len(rows[: c.rows]):>8,} rows "
              f"{statistics.median(rates[c.name]):>9,.0f} a second, "
              f"{f'off by {off[c.name]:.0e}' if c.name in off else '':13}"
              f"{'' if c.name == 'ours' else f' ours {spread(ratios)}'}")  # fmt: skip


def batches(found: list[Candidate], rows: FloatArray, runs: int) -> None:
    """Print a line per batch size: milliseconds of a call of each, ours against the best other."""
    present = [c for c in found if c.explain]
    print("  by batch, milliseconds of a call (~: by the rate on fewer rows), the numbers model")
    for size in [size for size in BATCHES if size <= len(rows)]:
        found[0].seconds(rows[:size])  # so that nothing is compiled below
        times: dict[str, list[float]] = {c.name: [] for c in present}
        for _ in range(runs):
            for c in present:
                part = rows[: min(size, c.rows or size)]
                times[c.name].append(c.seconds(part) * size / len(part))
        middle = {name: statistics.median(seconds) for name, seconds in times.items()}
        best = min((name for name in middle if name != "ours"), key=middle.__getitem__)
        ratios = [its / ours for ours, its in zip(times["ours"], times[best], strict=True)]
        print(f"    {size:>7,} rows: ours {spread(ratios)} against {short(best)}")
        calls = (
            f"{short(c.name)} {'~' * (size > (c.rows or size))}{middle[c.name] * 1e3:,.2f}"
            for c in present
        )
        print("                 ", "; ".join(calls))


def short(name: str) -> str:
    """A candidate's name without what is said about it."""
    return name.replace(", own C code", " in C").split(" (")[0].split(", ")[0]


def spread(ratios: list[float]) -> str:
    """The median and the range."""
    return f"× {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"


def first_use(folder: Path) -> None:
    """Print what a process costs that finds no compiled kernel, and what the next one does."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache")}
    for name in ("nothing compiled yet", "compiled and kept"):
        done = subprocess.run(
            [sys.executable, __file__, "--child", folder],
            check=True, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        s = json.loads(done.stdout)
        print(f"  first use, {name}: import {s['import']:.2f} s, model {s['read']:.2f} s, "
              f"64 rows {s['first']:.2f} s, again {s['next'] * 1e3:.1f} ms, "
              f"one row {s['one']:.2f} s")  # fmt: skip


def child(folder: Path) -> None:
    """Explain a few rows in a process that has done nothing before; print seconds."""
    text = (folder / "model.txt").read_text(encoding="utf-8")
    rows = np.load(folder / "rows.npy")[:64]
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = work()
        seconds[name] = time.perf_counter() - began
        return result

    timed("import", lambda: import_module("predictive_scoring.explain.treeshap.kernel"))
    explainer: TreeShap = timed("read", lambda: TreeShap.of(text))
    timed("first", lambda: explainer.values(rows))
    timed("next", lambda: explainer.values(rows))
    timed("one", lambda: explainer.values(rows[:1]))  # narrow lanes are a kernel of their own
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
