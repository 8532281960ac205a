"""One YAML file per company: what its data look like and what is wanted of them."""

from predictive_scoring.config.company import (
    Config,
    RegistrySettings,
    ScoreSettings,
    TrainingSettings,
)
from predictive_scoring.config.features import FeatureSettings, ProtectedSettings
from predictive_scoring.config.load import load_config
from predictive_scoring.config.outcome import Ages, OutcomeSettings, Quiet, SnapshotSettings
from predictive_scoring.config.tables import (
    ActivitiesSource,
    ChangesSource,
    CsvDialect,
    EventsSource,
    InstantColumn,
    LeadsSource,
    ProfileColumn,
    Sources,
    StagesSource,
    TableSource,
)

__all__ = [
    "ActivitiesSource",
    "Ages",
    "ChangesSource",
    "Config",
    "CsvDialect",
    "EventsSource",
    "FeatureSettings",
    "InstantColumn",
    "LeadsSource",
    "OutcomeSettings",
    "ProfileColumn",
    "ProtectedSettings",
    "Quiet",
    "RegistrySettings",
    "ScoreSettings",
    "SnapshotSettings",
    "Sources",
    "StagesSource",
    "TableSource",
    "TrainingSettings",
    "load_config",
]
