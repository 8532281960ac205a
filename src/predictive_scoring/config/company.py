"""The whole configuration of one company."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from predictive_scoring.config.base import Section, Zone
from predictive_scoring.config.contract import ContractSettings
from predictive_scoring.config.features import FeatureSettings, ProtectedSettings
from predictive_scoring.config.mentions import undeclared
from predictive_scoring.config.nurture import NurtureSettings
from predictive_scoring.config.outcome import OutcomeSettings, SnapshotSettings
from predictive_scoring.config.tables import Sources


class TrainingSettings(Section):
    """How models are fitted and compared."""

    folds: Annotated[int, Field(ge=2, le=20)] = 4
    """Forward folds on which the candidates are compared."""
    test_share: Annotated[float, Field(gt=0, lt=0.6)] = 0.2
    """The newest share of the snapshots, kept for the evaluation alone."""
    candidates: tuple[Literal["base_rate", "logistic", "lightgbm"], ...] = (
        "base_rate",
        "logistic",
        "lightgbm",
    )
    """The kinds of model that are compared; at least one."""
    leaves: Annotated[int, Field(ge=2, le=4000)] = 15
    trees: Annotated[int, Field(ge=1, le=10000)] = 400
    """At most so many trees; the forward folds choose how many."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.05
    bootstrap: Annotated[int, Field(ge=50, le=10000)] = 300
    """Resamples of the accounts (leads where there are none) behind each interval."""
    minimum_outcomes: Annotated[int, Field(ge=2)] = 20
    """At least so many leads of either outcome are needed to train."""

    @field_validator("candidates")
    @classmethod
    def _is_not_empty(cls, candidates: tuple[str, ...]) -> tuple[str, ...]:
        if not candidates:
            raise ValueError("at least one of base_rate, logistic and lightgbm")
        return candidates


class RegistrySettings(Section):
    """Where models are kept."""

    uri: str | None = None
    """An MLflow tracking URI; default: SQLite under `models`."""
    name: str | None = None
    """The registered model's name, without `/`, `\\`, `:` and `..`; default: the company's, as a
    slug."""

    @field_validator("name")
    @classmethod
    def _is_no_path(cls, name: str | None) -> str | None:
        if name is not None and (not name.strip(" .") or re.search(r"[/\\:]|\.\.", name)):
            raise ValueError("a name without `/`, `\\`, `:` and `..`, and not empty")
        return name


class ScoreSettings(Section):
    """What a scoring run writes."""

    include: Literal["open", "all"] = "open"
    """`all`: leads whose outcome is known are scored too (a flat export without open leads)."""
    reasons: Annotated[int, Field(ge=1, le=20)] = 5
    """So many of the strongest reasons are written for each lead."""
    languages: tuple[Literal["en", "fr"], ...] = ("en", "fr")
    """The languages in which reasons are written."""
    chunk: Annotated[int, Field(ge=1000, le=1_000_000)] = 20_000
    """Leads held in memory at a time."""
    labels: dict[Literal["en", "fr"], dict[str, str]] = {}
    """The company's own words in reasons, by language: names of columns, event types, topics,
    channels, campaigns, sales activities and category values, each with what it is called. A name
    `column=value` is for that column's value only. What has no label keeps the built-in name, or
    the one in the data."""


class Config(Section):
    """One company's configuration."""

    company: Annotated[str, Field(min_length=1, max_length=200)]
    """The company's name, as it stands in reports."""
    time_zone: Zone | None = None
    """The zone of instants written without an offset; without it such instants are refused."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 20261101
    """Everything drawn at random starts from it: same data and seed, same model to the byte."""
    extract_at: AwareDatetime | None = None
    """When the data were extracted; default: the newest instant found in them that is not after
    today (said aloud)."""
    models: str = "models"
    """The folder of the local registry, relative to this file."""
    scores: str = "models/scores.duckdb"
    """The score store, relative to this file."""
    reports: str = "models/reports"
    """The folder reports are written to, relative to this file."""
    sources: Sources
    outcome: OutcomeSettings = OutcomeSettings()
    snapshots: SnapshotSettings = SnapshotSettings()
    features: FeatureSettings = FeatureSettings()
    protected: ProtectedSettings = ProtectedSettings()
    training: TrainingSettings = TrainingSettings()
    registry: RegistrySettings = RegistrySettings()
    score: ScoreSettings = ScoreSettings()
    contract: ContractSettings = ContractSettings()
    nurture: NurtureSettings = NurtureSettings()
    base: Path = Path()
    """Where relative paths start; the loader sets it to the configuration file's folder."""

    @model_validator(mode="after")
    def _outcome_is_somewhere(self) -> Self:
        if self.flat == (self.sources.stages is not None):
            raise ValueError(
                "an outcome from one place: `outcome.column` (flat) or `sources.stages`"
            )
        leads = self.sources.leads
        if not self.flat and leads.created_at is None and leads.created_from is None:
            raise ValueError("`sources.leads.created_at`: a relational company needs instants")
        if leads.order == "time" and leads.created_at is None and leads.created_from is None:
            raise ValueError(
                "`sources.leads.order`: rows or nothing, since there is no `created_at`"
            )
        return self

    @model_validator(mode="after")
    def _mentions_what_there_is(self) -> Self:
        if found := list(undeclared(self.contract, self.nurture, self.sources, self.protected)):
            raise PydanticCustomError(
                "undeclared",
                "{said}",
                {"said": "; ".join(f"{p.key}: {p.expected}" for p in found), "problems": found},
            )
        return self

    @property
    def flat(self) -> bool:
        """Whether the outcome is a column of the leads table."""
        return self.outcome.column is not None

    def path(self, relative: str) -> Path:
        """A path of this file's, made absolute."""
        return (self.base / relative).resolve()
