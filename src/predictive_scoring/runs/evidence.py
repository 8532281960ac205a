"""What a training knows: the history it read, and a model with the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from predictive_scoring.model import ModelBundle
    from predictive_scoring.records import (
        Evaluation,
        Extract,
        FloatArray,
        Snapshots,
        TrainingTable,
    )
    from predictive_scoring.training import Selection, Split


@dataclass(frozen=True)
class History:
    """What training needs of a company, read once; the extract lives as long as its workspace."""

    table: TrainingTable
    snapshots: Snapshots
    extract: Extract


@dataclass(frozen=True)
class Learned:
    """A model and the evidence for it."""

    bundle: ModelBundle
    split: Split
    selection: Selection
    evaluation: Evaluation
    test_log_odds: FloatArray
    base_rate_log_loss: float

    @property
    def worse_than_base_rate(self) -> bool:
        """Whether the model is surely worse than knowing the development's base rate only."""
        return surely_worse(self.evaluation, self.base_rate_log_loss)


def surely_worse(evaluation: Evaluation, log_loss: float) -> bool:
    """Whether a model's log loss lies above ``log_loss`` with all of its interval."""
    return evaluation.metric("log_loss").low > log_loss
