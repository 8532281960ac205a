"""A registry with a database that was created once and copied, since creating takes seconds."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from predictive_scoring.config import Config
from predictive_scoring.model import BaseRateModel, Calibration, ModelBundle
from predictive_scoring.records import Candidate, FeatureSpec, Metric
from predictive_scoring.registry import Registry, TrainingRun, write_bundle

COMPANY = "Société d'Essai & Fils"

Train = Callable[..., TrainingRun]


def config(**more: object) -> Config:
    leads = {"file": "leads.csv", "order": "rows", "profile": {"size": "number", "taux %": "flag"}}
    outcome = {"column": "won", "positive": ["yes"], "negative": ["no"]}
    content = {"company": COMPANY, "sources": {"leads": leads}, "outcome": outcome, **more}
    return Config.model_validate(content)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    Registry.open(None, folder, "template")
    return folder / "mlflow.db"


@pytest.fixture
def models(migrated: Path, tmp_path: Path) -> Path:
    """A models folder whose database has its tables; its name has a space and an accent."""
    folder = tmp_path / "modèles d'essai"
    folder.mkdir()
    shutil.copy(migrated, folder / "mlflow.db")
    return folder


@pytest.fixture
def registry(models: Path) -> Registry:
    return Registry.open(None, models, "essai")


@pytest.fixture
def training(tmp_path: Path) -> Train:
    """Write a new bundle whose base rate is given, and describe its training."""
    written: list[Path] = []

    def run(log_odds: float = -2.0, loss: float = 0.4, **more: object) -> TrainingRun:
        folder = tmp_path / f"bundle-{len(written)}"
        written.append(folder)
        model = ModelBundle(BaseRateModel(log_odds), FeatureSpec(()), {}, Calibration(), 90)
        table = pa.table({"log_odds": [log_odds], "outcome": [1.0], "market": ["DE"]})
        write_bundle(model, folder, table)
        return TrainingRun(
            config=config(**more),
            bundle=folder,
            horizon_days=90,
            data_digest="d" * 64,
            extract_at=datetime(2026, 10, 31, 12, tzinfo=UTC),
            code_version="0.1.0",
            metrics=(
                Metric("log_loss", loss, loss - 0.1, loss + 0.1),
                Metric("auc", 0.8, 0.7, 0.9),
            ),
            candidates=(Candidate("base_rate", 0.5, 0.01, (0.4, 0.6), True, '=a, "note"'),),
            plots={"gains.svg": b"<svg/>", "gains.png": b"\x89PNG"},
            report_html="<!doctype html><p>Verdict é",
            summary="The best tenth held **38 %** of all SQLs.",
        )

    return run
