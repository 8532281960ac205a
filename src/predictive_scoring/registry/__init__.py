"""Where trained models are kept: bundles of plain files, and MLflow to find them by.

The only part of the program that imports MLflow, and only when a registry is opened.
"""

from predictive_scoring.registry.bundle import (
    bundle_digest,
    read_bundle,
    read_reference,
    write_bundle,
)
from predictive_scoring.registry.revision import Revision
from predictive_scoring.registry.store import Registry
from predictive_scoring.registry.training_run import TrainingRun
from predictive_scoring.registry.versions import CHALLENGER, CHAMPION, ModelVersion, Promotion

__all__ = [
    "CHALLENGER",
    "CHAMPION",
    "ModelVersion",
    "Promotion",
    "Registry",
    "Revision",
    "TrainingRun",
    "bundle_digest",
    "read_bundle",
    "read_reference",
    "write_bundle",
]
