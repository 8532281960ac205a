"""Gradient-boosted trees (LightGBM) with native categories; forward folds choose how many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np

from predictive_scoring.model import BoosterModel, Fill, filled
from predictive_scoring.training.folds import Column, FoldData, Side, Tuned

if TYPE_CHECKING:
    from predictive_scoring.config import TrainingSettings
    from predictive_scoring.records import FloatArray

PATIENCE = 50
"""Trees without a better mean loss on the folds after which no more are grown."""


class Boosting:
    """Trees grown on the matrix as it is: NaN is missing, codes are categories.

    A number or flag that was never missing in training counts as its training median when it is:
    LightGBM reads it as 0, whatever 0 means there ("Handle Missing Values" in its documentation).

    The same arguments give the same text, byte for byte: histograms by row, every random choice
    from the seed (LightGBM's documentation of ``deterministic``). One thread: on data of this size
    a second gains little, and threads that wait for each other cost tenfold on a busy machine.
    """

    name = "lightgbm"

    def tune(self, folds: tuple[FoldData, ...], settings: TrainingSettings, seed: int, /) -> Tuned:
        """The number of trees with the least mean loss over the folds, grown side by side."""
        folds = tuple(map(_filled, folds))
        boosters = [_with_evaluation(fold, settings, seed) for fold in folds]
        curve: list[float] = []
        while len(curve) < settings.trees and len(curve) - _best(curve) <= PATIENCE:
            curve.append(float(np.mean([_grow(booster) for booster in boosters])))
        trees = _best(curve)
        return Tuned(
            choice=float(trees),
            log_odds=tuple(
                _raw(booster, fold.evaluation.matrix, trees)
                for booster, fold in zip(boosters, folds, strict=True)
            ),
            note=f"{trees} trees of at most {settings.leaves} leaves",
        )

    def fit(
        self,
        side: Side,
        columns: tuple[Column, ...],
        choice: float,
        settings: TrainingSettings,
        seed: int,
        /,
    ) -> BoosterModel:
        """``choice`` trees on all rows, as the booster's own text."""
        parameters = _parameters(len(side.outcome), settings, seed)
        booster = lgb.Booster(parameters, _dataset(side, columns, parameters))
        for _ in range(int(choice)):
            booster.update()
        return BoosterModel(booster.model_to_string(), _fills(side, columns))


def booster_log_odds(model: BoosterModel, matrix: FloatArray) -> FloatArray:
    """The booster's raw prediction for each row of an encoded matrix, shape (rows,)."""
    return _raw(lgb.Booster(model_str=model.text), filled(matrix, model.fills), -1)


def _parameters(rows: int, settings: TrainingSettings, seed: int) -> dict[str, object]:
    """LightGBM's parameters: the fewer rows, the less of them a single leaf may rest on.

    Leaves hold half a percent of the rows (20 to 200), so that a leaf sees a few positives at
    the base rates of lead conversion; a category splits on its own from as many rows on.
    """
    leaf = int(np.clip(rows // 200, 20, 200))
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_leaves": settings.leaves,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": leaf,
        "min_data_per_group": leaf,
        "lambda_l2": 5.0,
        "feature_fraction": 0.8,
        "cat_smooth": 20.0,
        "cat_l2": 10.0,
        "max_cat_threshold": 16,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
    }


def _fills(side: Side, columns: tuple[Column, ...]) -> tuple[Fill, ...]:
    """The median (the lower of two) of each number and flag that is never missing."""
    return tuple(
        Fill(j, float(np.nan_to_num(np.quantile(values, 0.5, method="lower"))))
        for j, (column, values) in enumerate(zip(columns, side.matrix.T, strict=True))
        if column.kind != "category" and not np.isnan(values).any()
    )


def _filled(fold: FoldData) -> FoldData:
    """The fold with its evaluation side read as a model of its training side would read it."""
    matrix = filled(fold.evaluation.matrix, _fills(fold.train, fold.columns))
    return replace(fold, evaluation=replace(fold.evaluation, matrix=matrix))


def _dataset(side: Side, columns: tuple[Column, ...], parameters: dict[str, object]) -> lgb.Dataset:
    categories = [j for j, column in enumerate(columns) if column.kind == "category"]
    return lgb.Dataset(
        side.matrix,
        label=side.outcome,
        weight=side.weight,
        categorical_feature=categories,
        params=parameters,
    )


def _with_evaluation(fold: FoldData, settings: TrainingSettings, seed: int) -> lgb.Booster:
    parameters = _parameters(len(fold.train.outcome), settings, seed)
    train = _dataset(fold.train, fold.columns, parameters)
    booster = lgb.Booster(parameters, train)
    evaluation = fold.evaluation
    booster.add_valid(
        train.create_valid(evaluation.matrix, evaluation.outcome, evaluation.weight), "fold"
    )
    return booster


def _grow(booster: lgb.Booster) -> float:
    """Grow one tree more; give the fold's log loss with it."""
    booster.update()
    return float(booster.eval_valid()[0][2])


def _best(curve: list[float]) -> int:
    """The number of trees with the least loss, the fewest where equal; 0 before any."""
    return int(np.argmin(curve)) + 1 if curve else 0


def _raw(booster: lgb.Booster, matrix: FloatArray, trees: int) -> FloatArray:
    return np.asarray(
        booster.predict(matrix, raw_score=True, num_iteration=trees, num_threads=1), np.float64
    )
