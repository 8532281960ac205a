"""The ladder of models, from the simplest up; each rung learns one kind of ``Predictor``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from predictive_scoring.model import BaseRateModel, LinearModel
from predictive_scoring.training.base_rate import BaseRate
from predictive_scoring.training.boosting import Boosting, booster_log_odds
from predictive_scoring.training.logistic import Logistic, linear_log_odds

if TYPE_CHECKING:
    from predictive_scoring.config import TrainingSettings
    from predictive_scoring.model import Predictor
    from predictive_scoring.records import FloatArray
    from predictive_scoring.training.folds import Column, FoldData, Side, Tuned


class Rung(Protocol):
    """A way to learn: ``tune`` chooses its complexity on forward folds, ``fit`` learns at it.

    ``choice`` is the rung's own measure of complexity (trees, prior variance). The same
    arguments give the same result, to the bit.
    """

    @property
    def name(self) -> str:
        """The name in ``training.candidates``."""

    def tune(self, folds: tuple[FoldData, ...], settings: TrainingSettings, seed: int, /) -> Tuned:
        """The complexity with the least mean log loss, and its log-odds on each fold."""

    def fit(
        self,
        side: Side,
        columns: tuple[Column, ...],
        choice: float,
        settings: TrainingSettings,
        seed: int,
        /,
    ) -> Predictor:
        """Learn from all rows of ``side`` at the complexity ``Tuned.choice``."""


LADDER: tuple[Rung, ...] = (BaseRate(), Logistic(), Boosting())
"""In order of simplicity. A scorecard and naive Bayes belong between the base rate and the
logistic regression, a blend after the last."""


def rungs(names: tuple[str, ...]) -> tuple[Rung, ...]:
    """The named rungs in the ladder's order, whatever the order of ``names``."""
    by_name: Mapping[str, Rung] = {rung.name: rung for rung in LADDER}
    unknown = set(names) - set(by_name)
    if unknown:
        raise KeyError(*sorted(unknown))
    return tuple(rung for rung in LADDER if rung.name in names)


def log_odds(predictor: Predictor, matrix: FloatArray) -> FloatArray:
    """The predictor's raw (uncalibrated) log-odds, shape (rows,)."""
    if isinstance(predictor, BaseRateModel):
        return np.full(len(matrix), predictor.log_odds)
    if isinstance(predictor, LinearModel):
        return linear_log_odds(predictor, matrix)
    return booster_log_odds(predictor, matrix)
