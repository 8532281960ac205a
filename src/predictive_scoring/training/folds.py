"""What a rung of the ladder gets to see: encoded folds, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from predictive_scoring.records import FloatArray, Kind


@dataclass(frozen=True)
class Column:
    """One matrix column: its kind, and for a category how many codes it has, (other) included."""

    kind: Kind
    codes: int = 0


@dataclass(frozen=True)
class Side:
    """Rows encoded by ``model.encode`` with the training side's vocabularies.

    ``matrix`` has shape (rows, columns); ``outcome`` is 0.0 or 1.0 and ``weight`` positive, both
    of shape (rows,).
    """

    matrix: FloatArray
    outcome: FloatArray
    weight: FloatArray


@dataclass(frozen=True)
class FoldData:
    """One forward fold; ``columns`` are those of its own training side's vocabularies."""

    train: Side
    evaluation: Side
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Tuned:
    """A rung's complexity, chosen on the forward folds, and its log-odds on each fold's rows."""

    choice: float
    log_odds: tuple[FloatArray, ...]
    note: str


def log_losses(log_odds: FloatArray, outcome: FloatArray) -> FloatArray:
    """Log loss of each row in nats, shape (rows,): exact far out, where probabilities round."""
    losses: FloatArray = np.logaddexp(0.0, np.where(outcome == 1, -log_odds, log_odds))
    return losses


def mean_log_loss(log_odds: FloatArray, side: Side) -> float:
    """The weighted mean log loss in nats."""
    return float(np.average(log_losses(log_odds, side.outcome), weights=side.weight))
