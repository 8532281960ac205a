"""The lowest rung: everyone gets the rate seen in training. What the others must beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from predictive_scoring.model import BaseRateModel
from predictive_scoring.training.folds import Column, FoldData, Side, Tuned
from predictive_scoring.training.sums import dot

if TYPE_CHECKING:
    from predictive_scoring.config import TrainingSettings


class BaseRate:
    """The log-odds of the training rate, half an outcome of either kind added.

    The halves (Jeffreys' prior) keep the log-odds finite where one outcome is not seen.
    """

    name = "base_rate"

    def tune(
        self, folds: tuple[FoldData, ...], _settings: TrainingSettings, _seed: int, /
    ) -> Tuned:
        """Nothing to choose: each fold is predicted from its own training side."""
        predicted = tuple(
            np.full(len(fold.evaluation.outcome), _rate_log_odds(fold.train)) for fold in folds
        )
        return Tuned(choice=0.0, log_odds=predicted, note="the same probability for every lead")

    def fit(
        self,
        side: Side,
        _columns: tuple[Column, ...],
        _choice: float,
        _settings: TrainingSettings,
        _seed: int,
        /,
    ) -> BaseRateModel:
        """The weighted rate as log-odds."""
        return BaseRateModel(_rate_log_odds(side))


def _rate_log_odds(side: Side) -> float:
    positive = dot(side.weight, side.outcome) + 0.5
    negative = dot(side.weight, 1 - side.outcome) + 0.5
    return float(np.log(positive / negative))
