"""One YAML file per company: what its data look like and what is wanted of them."""

from predictive_scoring.config.company import (
    Config,
    RegistrySettings,
    ScoreSettings,
    TrainingSettings,
)
from predictive_scoring.config.contract import (
    Commitments,
    Contact,
    ContractSettings,
    Cost,
    FirstContact,
    Team,
    Version,
)
from predictive_scoring.config.features import FeatureSettings, ProtectedSettings
from predictive_scoring.config.load import load_config
from predictive_scoring.config.nurture import Action, NurtureSettings, Track, Trial
from predictive_scoring.config.outcome import Ages, OutcomeSettings, Quiet, SnapshotSettings
from predictive_scoring.config.rules import Criterion
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
    "Action",
    "ActivitiesSource",
    "Ages",
    "ChangesSource",
    "Commitments",
    "Config",
    "Contact",
    "ContractSettings",
    "Cost",
    "Criterion",
    "CsvDialect",
    "EventsSource",
    "FeatureSettings",
    "FirstContact",
    "InstantColumn",
    "LeadsSource",
    "NurtureSettings",
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
    "Team",
    "Track",
    "TrainingSettings",
    "Trial",
    "Version",
    "load_config",
]
