"""The raw model's exact contributions: one small kernel per kind of predictor.

A kernel turns the model's matrix into additive parts of the *raw* margin (log-odds before the
calibration): ``base + values(matrix).sum(axis=1) = raw margin`` of every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, assert_never

import numpy as np

from predictive_scoring.errors import BundleError
from predictive_scoring.model import BaseRateModel, BoosterModel, LinearModel, filled

if TYPE_CHECKING:
    from predictive_scoring.explain.treeshap import TreeShap
    from predictive_scoring.model import Fill, ModelBundle
    from predictive_scoring.records import FloatArray


class Kernel(Protocol):
    """The raw margin of a predictor, taken apart."""

    @property
    def base(self) -> float:
        """The part that is the same for every row, in log-odds."""

    def values(self, matrix: FloatArray) -> FloatArray:
        """The columns' parts, shape (n, k) for a matrix of shape (n, k), n ≥ 1, in log-odds."""


def kernel_of(bundle: ModelBundle) -> Kernel:
    """The kernel of a bundle's predictor; raises BundleError when it does not fit its spec."""
    predictor, width = bundle.predictor, len(bundle.spec.columns)
    if isinstance(predictor, BoosterModel):
        return TreeKernel.of(predictor, width)
    if isinstance(predictor, LinearModel):
        _check_width(len(predictor.terms), width)
        return LinearKernel(predictor)
    if isinstance(predictor, BaseRateModel):
        return ConstantKernel(predictor.log_odds)
    assert_never(predictor)


@dataclass(frozen=True)
class TreeKernel:
    """Path-dependent TreeSHAP of a LightGBM booster (see ``treeshap``)."""

    shap: TreeShap
    fills: tuple[Fill, ...]

    @classmethod
    def of(cls, model: BoosterModel, width: int) -> TreeKernel:
        """The kernel of a booster; raises BundleError when its text cannot be read."""
        from predictive_scoring.explain.treeshap import TreeShap

        shap = TreeShap.of(model.text)
        _check_width(shap.features, width)
        return cls(shap, model.fills)

    @property
    def base(self) -> float:
        """The mean raw margin of the training rows."""
        return self.shap.base

    def values(self, matrix: FloatArray) -> FloatArray:
        """Shape (n, k)."""
        return self.shap.values(filled(matrix, self.fills))


@dataclass(frozen=True)
class LinearKernel:
    """The terms of a linear model, each by what it adds beyond its mean over the training rows.

    So its base is the mean raw margin of the training rows, weighted as the training weighed them
    (a tree's counts each row once).
    """

    model: LinearModel

    @property
    def base(self) -> float:
        """The intercept and the terms' means."""
        return self.model.intercept + sum(term.mean for term in self.model.terms)

    def values(self, matrix: FloatArray) -> FloatArray:
        """Shape (n, k)."""
        parts = np.empty(matrix.shape, dtype=np.float64)
        for j, term in enumerate(self.model.terms):
            parts[:, j] = term.log_odds(matrix[:, j]) - term.mean
        return parts


@dataclass(frozen=True)
class ConstantKernel:
    """The base rate: nothing about a lead changes its score."""

    base: float

    def values(self, matrix: FloatArray) -> FloatArray:
        """Zeros, shape (n, k)."""
        return np.zeros(matrix.shape, dtype=np.float64)


def _check_width(found: int, expected: int) -> None:
    if found != expected:
        raise BundleError(
            f"the predictor reads {found} columns",
            f"the {expected} columns of the bundle's feature spec",
            "restore the bundle from the registry, or train again",
        )
