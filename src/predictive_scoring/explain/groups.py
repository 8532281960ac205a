"""Contributions summed by group: a fit score and an engagement score from the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from predictive_scoring.records import Contributions, FeatureColumn, FloatArray, Group


def group_names(columns: Sequence[FeatureColumn]) -> tuple[Group, ...]:
    """The groups of the explainer's columns, in the order of first appearance."""
    return tuple(dict.fromkeys(c.group for c in columns))


def group_sums(contributions: Contributions, columns: Sequence[FeatureColumn]) -> FloatArray:
    """Shape (n, number of groups), in log-odds, in the order of ``group_names``.

    ``base + group_sums.sum(axis=1)`` is the log-odds of the probability shown.
    """
    groups = group_names(columns)
    member = np.array([[c.group == group for group in groups] for c in columns], dtype=np.float64)
    return np.asarray(contributions.values @ member.reshape(len(columns), len(groups)))
