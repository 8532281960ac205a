"""Logistic regression with an L2 penalty whose strength the forward folds choose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from predictive_scoring.model import LinearModel, Term
from predictive_scoring.training.folds import Column, FoldData, Side, Tuned, mean_log_loss

if TYPE_CHECKING:
    from predictive_scoring.config import TrainingSettings
    from predictive_scoring.records import FloatArray

PENALTIES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)
"""Half the square of the coefficients costs so much against the mean log loss; strongest first.

Per row, as in Friedman, Hastie and Tibshirani ("Regularization paths for generalized linear
models", J. Stat. Softw. 2010), not in all: the final fit has more rows than the folds', and is
to be shrunk as much as those that calibration sees.
"""
CLIPPED = (0.5, 99.5)
"""Percentiles of the training values beyond which a number has no more effect."""


class Logistic:
    """Standardised, clipped numbers; one coefficient per category; one per column for missing."""

    name = "logistic"

    def tune(
        self, folds: tuple[FoldData, ...], _settings: TrainingSettings, _seed: int, /
    ) -> Tuned:
        """The penalty with the least mean log loss; the stronger one where equal."""
        paths = [_path(fold) for fold in folds]  # by fold, then by penalty
        losses = [
            [mean_log_loss(log_odds, fold.evaluation) for log_odds in path]
            for fold, path in zip(folds, paths, strict=True)
        ]
        best = int(np.argmin(np.mean(losses, axis=0)))
        return Tuned(
            choice=PENALTIES[best],
            log_odds=tuple(path[best] for path in paths),
            note=f"penalty {PENALTIES[best]:g}",
        )

    def fit(
        self,
        side: Side,
        columns: tuple[Column, ...],
        choice: float,
        _settings: TrainingSettings,
        _seed: int,
        /,
    ) -> LinearModel:
        """The penalised fit as plain terms, one per column."""
        design = Design.of(side.matrix, columns)
        regression, rows = _regression(choice, side), design.rows(side.matrix)
        _fit(regression, rows, side)
        means = rows.T @ side.weight / side.weight.sum()
        return design.model(float(regression.intercept_[0]), regression.coef_[0], means)


def linear_log_odds(model: LinearModel, matrix: FloatArray) -> FloatArray:
    """The model's log-odds for each row of an encoded matrix, shape (rows,)."""
    total = np.full(len(matrix), model.intercept)
    for term, values in zip(model.terms, matrix.T, strict=True):
        total += term.log_odds(values)
    return total


@dataclass(frozen=True)
class _Encoding:
    """How one column enters the design; ``width`` columns of it, the last for missing values."""

    codes: int  # 0 for numbers and flags
    missing: bool
    low: float = float("-inf")
    high: float = float("inf")
    center: float = 0.0
    scale: float = 1.0
    constant: bool = False  # no value column

    @property
    def values(self) -> int:
        return self.codes or int(not self.constant)

    @property
    def width(self) -> int:
        return self.values + int(self.missing)


@dataclass(frozen=True)
class Design:
    """The design learned on training rows, applicable to any rows of the same columns."""

    encodings: tuple[_Encoding, ...]

    @classmethod
    def of(cls, matrix: FloatArray, columns: tuple[Column, ...]) -> Design:
        """Learn clipping, centre and scale of each column; shape (rows, len(columns))."""
        return cls(tuple(map(_encoding, matrix.T, columns)))

    def rows(self, matrix: FloatArray) -> sparse.csr_array:
        """The sparse design matrix; products with it add up in a fixed order."""
        blocks = [
            _block(encoding, values)
            for encoding, values in zip(self.encodings, matrix.T, strict=True)
        ]
        return sparse.hstack(blocks, format="csr")

    def model(self, intercept: float, coefficients: FloatArray, means: FloatArray) -> LinearModel:
        """The coefficients and means of the design's columns as terms of the matrix's columns."""
        ends = np.cumsum([encoding.width for encoding in self.encodings])[:-1]
        parts = zip(np.split(coefficients, ends), np.split(means, ends), strict=True)
        terms = [
            replace(_term(encoding, own), mean=float(np.sum(own * mean)))
            for encoding, (own, mean) in zip(self.encodings, parts, strict=True)
        ]
        return LinearModel(intercept, tuple(terms))


def _encoding(values: FloatArray, column: Column) -> _Encoding:
    known = values[~np.isnan(values)]
    missing = len(known) < len(values)
    if column.kind == "category":
        return _Encoding(codes=column.codes, missing=missing)
    if len(known) == 0 or known.min() == known.max():
        return _Encoding(codes=0, missing=missing, constant=True)
    low, high = np.percentile(known, CLIPPED)
    if low == high:  # a rare count: clipping would take all of it
        low, high = known.min(), known.max()
    clipped = np.clip(known, low, high)
    return _Encoding(
        codes=0,
        missing=missing,
        low=float(low),
        high=float(high),
        center=float(clipped.mean()),
        scale=float(clipped.std()),
    )


def _block(encoding: _Encoding, values: FloatArray) -> sparse.csr_array:
    rows = np.arange(len(values))
    missing = np.isnan(values)
    known = ~missing
    if encoding.codes:
        at, filled = values[known].astype(np.int64), np.ones(known.sum())
    elif encoding.constant:
        known, at, filled = np.zeros_like(missing), np.empty(0, np.int64), np.empty(0)
    else:
        clipped = np.clip(values[known], encoding.low, encoding.high)
        filled = (clipped - encoding.center) / encoding.scale
        at = np.zeros(len(filled), np.int64)
    absent = rows[missing] if encoding.missing else rows[:0]
    row = np.concatenate([rows[known], absent])
    column = np.concatenate([at, np.full(len(absent), encoding.values)])
    data = np.concatenate([filled, np.ones(len(absent))])
    return sparse.csr_array((data, (row, column)), shape=(len(values), encoding.width))


def _term(encoding: _Encoding, coefficients: FloatArray) -> Term:
    missing = float(coefficients[-1]) if encoding.missing else 0.0
    if encoding.codes:
        return Term(missing=missing, levels=tuple(map(float, coefficients[: encoding.codes])))
    if encoding.constant:
        return Term(missing=missing)
    return Term(
        coefficient=float(coefficients[0]),
        center=encoding.center,
        scale=encoding.scale,
        missing=missing,
        low=encoding.low,
        high=encoding.high,
    )


def _regression(penalty: float, side: Side) -> LogisticRegression:
    return LogisticRegression(
        C=_inverse_strength(penalty, side),
        solver="newton-cholesky",
        tol=1e-7,
        max_iter=200,
        warm_start=True,
    )


def _fit(regression: LogisticRegression, design: sparse.csr_array, side: Side) -> None:
    """Fit on one thread: sums in one order, and no waiting for cores (see ``sums``)."""
    with threadpool_limits(limits=1):
        regression.fit(design, side.outcome, sample_weight=side.weight)


def _inverse_strength(penalty: float, side: Side) -> float:
    """scikit-learn's C, which weighs the summed log loss against half the squares."""
    return 1 / (penalty * float(side.weight.sum()))


def _path(fold: FoldData) -> list[FloatArray]:
    """Log-odds on the fold's evaluated rows at each penalty, each fit started at the last."""
    design = Design.of(fold.train.matrix, fold.columns)
    train, evaluated = design.rows(fold.train.matrix), design.rows(fold.evaluation.matrix)
    regression = _regression(PENALTIES[0], fold.train)
    path = []
    for penalty in PENALTIES:
        regression.set_params(C=_inverse_strength(penalty, fold.train))
        _fit(regression, train, fold.train)
        path.append(regression.decision_function(evaluated))
    return path
