"""From a company's history to the model's columns, as of an instant.

``plan`` decides which columns there are, ``training_snapshots`` and ``scoring_snapshots`` decide
at which instants leads are looked at, and ``build`` is the one expression that computes the
columns for either. Nothing later than a snapshot's as-of is ever read (``<=`` everywhere).
"""

from predictive_scoring.features.build import build
from predictive_scoring.features.forward import forward_snapshots
from predictive_scoring.features.given import given_snapshots
from predictive_scoring.features.histories import as_known
from predictive_scoring.features.snapshots import scoring_snapshots, training_snapshots
from predictive_scoring.features.spec import plan
from predictive_scoring.features.tables import scoring_batches, training_table
from predictive_scoring.features.what_if import what_if_batches

__all__ = [
    "as_known",
    "build",
    "forward_snapshots",
    "given_snapshots",
    "plan",
    "scoring_batches",
    "scoring_snapshots",
    "training_snapshots",
    "training_table",
    "what_if_batches",
]
