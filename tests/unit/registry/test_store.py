import logging
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from predictive_scoring.errors import BundleError, NoChampion, StoreError, UsageError
from predictive_scoring.model import BaseRateModel
from predictive_scoring.registry import (
    Registry,
    TrainingRun,
    bundle_digest,
    read_reference,
)
from predictive_scoring.registry import store as store_module

Train = Callable[..., TrainingRun]
COMPANY = "Société d'Essai & Fils"


def base_rate(registry: Registry, which: str) -> float:
    predictor = registry.load(registry.version(which)).predictor
    assert isinstance(predictor, BaseRateModel)
    return predictor.log_odds


def test_importing_the_registry_is_cheap() -> None:
    """No MLflow, no Arrow, no database until they are needed."""
    code = (
        "import sys, predictive_scoring.registry; "
        "print([m for m in ('mlflow', 'pyarrow', 'sqlalchemy', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_new_folder_gets_a_quiet_database(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    handlers = list(logging.getLogger().handlers)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        registry = Registry.open(None, tmp_path / "50%25 #1", "essai")
    assert (tmp_path / "50%25 #1" / "mlflow.db").is_file()
    assert registry.versions() == ()
    assert registry.champion() is None
    assert logging.getLogger().handlers == handlers
    assert capfd.readouterr() == ("", "")


def test_no_champion_says_train_first(registry: Registry, training: Train) -> None:
    with pytest.raises(NoChampion, match="predictive-scoring train --config"):
        registry.require_champion()
    registry.log_run(training())
    with pytest.raises(NoChampion):
        registry.require_champion()


def test_log_run_registers_the_bundle_as_challenger(registry: Registry, training: Train) -> None:
    run = training(-1.5)
    version = registry.log_run(run)
    assert (version.version, version.aliases) == ("1", ("challenger",))
    assert version.bundle_digest == bundle_digest(run.bundle)
    assert version.data_digest == "d" * 64
    assert version.metrics == tuple(sorted(run.metrics, key=lambda m: m.name))
    assert registry.versions() == (version,)
    assert base_rate(registry, "challenger") == -1.5
    reference = read_reference(registry.fetch(version), version.bundle_digest)
    assert reference is not None
    assert reference["market"].to_pylist() == ["DE"]


def test_log_run_leaves_a_findable_experiment(registry: Registry, training: Train) -> None:
    version = registry.log_run(training())
    client = registry.client
    run = client.get_run(version.run_id)
    experiment = client.get_experiment_by_name(COMPANY)
    assert experiment is not None
    assert run.info.experiment_id == experiment.experiment_id
    assert run.info.status == "FINISHED"
    assert COMPANY in experiment.tags["mlflow.note.content"]
    assert "38 %" in run.data.tags["mlflow.note.content"]
    assert "champion" in (client.get_registered_model("essai").description or "")
    assert version.bundle_digest in (client.get_model_version("essai", "1").description or "")
    assert run.data.tags["bundle_digest"] == version.bundle_digest
    assert run.data.tags["extract_at"] == "2026-10-31T12:00:00+00:00"
    assert run.data.metrics["log_loss_low"] == pytest.approx(0.3)
    assert run.data.params["training.folds"] == "4"
    assert run.info.run_name == "train 2026-10-31"
    assert "chosen" not in run.data.tags


def test_log_run_logs_counts_losses_and_the_choice(registry: Registry, training: Train) -> None:
    counts = {"labels_positive": 120, "split_test_rows": 1000}
    version = registry.log_run(replace(training(), counts=counts, chosen="base_rate"))
    run = registry.client.get_run(version.run_id)
    assert run.data.metrics["labels_positive"] == 120
    assert run.data.metrics["split_test_rows"] == 1000
    assert run.data.metrics["candidate_base_rate_log_loss"] == 0.5
    assert run.data.tags["chosen"] == 'base_rate: =a, "note"'
    assert run.info.run_name == "train 2026-10-31 base_rate"
    assert {m.name for m in version.metrics} == {"log_loss", "auc"}


def test_log_run_keeps_the_files(registry: Registry, training: Train, models: Path) -> None:
    version = registry.log_run(training())
    folder = models / "artifacts" / version.run_id / "artifacts"
    files = sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())
    assert files == [
        "bundle/manifest.json",
        "bundle/model.json",
        "bundle/reference.parquet",
        "candidates.csv",
        "plots/gains.png",
        "plots/gains.svg",
        "report.html",
    ]
    assert "Verdict é" in (folder / "report.html").read_text("utf-8")
    assert '"=a, ""note"""' in (folder / "candidates.csv").read_text("utf-8")


def test_log_run_marks_a_failed_run(
    registry: Registry, training: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_module, "log_contents", full)
    with pytest.raises(StoreError, match="No space left"):
        registry.log_run(training())
    experiment = registry.client.get_experiment_by_name(COMPANY)
    assert experiment is not None
    runs = registry.client.search_runs([experiment.experiment_id])
    assert [r.info.status for r in runs] == ["FAILED"]
    assert registry.versions() == ()


def test_log_run_refuses_a_damaged_bundle(registry: Registry, training: Train) -> None:
    run = training()
    (run.bundle / "model.json").write_text("{}")
    with pytest.raises(BundleError):
        registry.log_run(run)
    assert registry.client.get_experiment_by_name(COMPANY) is None


def test_more_parameters_than_mlflow_takes_at_once(registry: Registry, training: Train) -> None:
    keep = {f"column {i}": "because" for i in range(250)}
    version = registry.log_run(training(features={"keep": keep}))
    params = registry.client.get_run(version.run_id).data.params
    assert params["features.keep.column 249"] == "because"
    assert params["sources.leads.profile.taux _25_.type"] == "flag"


def test_promote_moves_the_champion_and_says_who(registry: Registry, training: Train) -> None:
    registry.log_run(training(-1.0))
    first = registry.promote("challenger", "train", "first model")
    assert first.aliases == ("champion",)
    registry.log_run(training(-2.0))
    assert registry.require_champion().version == "1"
    second = registry.promote("2", "Ana", "better on forward log loss")
    assert registry.require_champion() == second
    assert (second.promoted_by, second.promotion_reason, second.previous_champion) == (
        "Ana",
        "better on forward log loss",
        "1",
    )
    assert second.promoted_at.endswith("+00:00")
    assert base_rate(registry, "champion") == -2.0
    assert [v.aliases for v in registry.versions()] == [("champion",), ("challenger",)]
    moves = [(m.action, m.version, m.previous, m.by) for m in registry.promotions()]
    assert moves == [("promote", "1", "", "train"), ("promote", "2", "1", "Ana")]


def test_rollback_goes_back_along_the_champions(registry: Registry, training: Train) -> None:
    for log_odds in (-1.0, -2.0, -3.0):
        registry.log_run(training(log_odds))
    for which in ("1", "2", "3", "1"):
        registry.promote(which, "Ana", "trying")
    seen = [registry.rollback("Ben", "worse in Germany").version for _ in range(3)]
    assert seen == ["3", "2", "1"]
    with pytest.raises(UsageError, match="no predecessor"):
        registry.rollback("Ben")
    tags = registry.client.get_model_version("essai", "3").tags
    assert (tags["rolled_back_by"], tags["rolled_back_reason"]) == (
        "Ben",
        "worse in Germany",
    )
    registry.promote("3", "Ana", "again")
    assert registry.rollback("Ben").version == "1"


def test_the_newest_version_beside_the_champion_is_the_challenger(
    registry: Registry, training: Train
) -> None:
    registry.log_run(training(-1.0))
    registry.promote("1", "train", "first model")
    assert [v.aliases for v in registry.versions()] == [("champion",)]
    registry.log_run(training(-2.0))
    registry.log_run(training(-3.0))
    registry.promote("2", "Ana", "better")
    assert registry.version("challenger").version == "3"
    registry.promote("3", "Ana", "better still")
    assert registry.version("challenger").version == "2"
    registry.rollback("Ben", "sales complained")
    aliases = {v.version: v.aliases for v in registry.versions()}
    assert aliases == {"1": (), "2": ("champion",), "3": ("challenger",)}


def test_rollback_without_any_champion(registry: Registry) -> None:
    with pytest.raises(NoChampion):
        registry.rollback("Ben")


def test_rollback_refuses_a_champion_moved_by_others(registry: Registry, training: Train) -> None:
    for log_odds in (-1.0, -2.0, -3.0):
        registry.log_run(training(log_odds))
    registry.promote("1", "Ana", "first")
    registry.promote("2", "Ana", "second")
    registry.client.set_registered_model_alias("essai", "champion", "3")
    with pytest.raises(UsageError, match="version 3, is on record"):
        registry.rollback("Ben")
    registry.promote("3", "Ana", "it was moved by hand")
    assert registry.rollback("Ben").version == "2"


@pytest.mark.parametrize(
    ("by", "reason"), [("", "why"), ("Ana", "  "), ("Ana", "x" * 1001), (" ", "why")]
)
def test_moving_the_champion_needs_a_name_and_a_reason(
    registry: Registry, training: Train, by: str, reason: str
) -> None:
    registry.log_run(training())
    with pytest.raises(UsageError, match="--reason"):
        registry.promote("1", by, reason)
    with pytest.raises(UsageError, match="--reason"):
        registry.rollback(by, reason)
    assert registry.champion() is None


def test_promote_refuses_what_is_not_there_or_champion_already(
    registry: Registry, training: Train
) -> None:
    registry.log_run(training())
    registry.promote("1", "Ana", "first")
    with pytest.raises(UsageError, match="already"):
        registry.promote("champion", "Ana", "again")
    for which in ("2", "0", "x", "challenger", "-1", ""):
        with pytest.raises(UsageError, match="one of 1, champion"):
            registry.promote(which, "Ana", "no such")


def test_a_damaged_version_is_neither_promoted_nor_loaded(
    registry: Registry, training: Train
) -> None:
    registry.log_run(training(-1.0))
    registry.promote("1", "Ana", "first")
    second = registry.log_run(training(-2.0))
    registry.promote("2", "Ana", "second")
    third = registry.log_run(training(-3.0))
    (registry.fetch(third) / "model.json").write_text("{}")
    with pytest.raises(BundleError, match="changed or cut short"):
        registry.promote("3", "Ana", "third")
    (registry.fetch(registry.version("1")) / "model.json").write_text("{}")
    with pytest.raises(BundleError):
        registry.rollback("Ana")
    assert registry.require_champion().version == second.version


def test_a_bundle_exchanged_as_a_whole_is_refused(registry: Registry, training: Train) -> None:
    one = registry.log_run(training(-1.0))
    other = training(-9.0)
    for file in other.bundle.iterdir():
        (registry.fetch(one) / file.name).write_bytes(file.read_bytes())
    with pytest.raises(BundleError, match=one.bundle_digest):
        registry.load(one)


def test_a_models_folder_can_be_moved(registry: Registry, training: Train, models: Path) -> None:
    registry.log_run(training(-1.25))
    moved = models.rename(models.parent / "elsewhere")
    again = Registry.open(None, moved, "essai")
    assert base_rate(again, "1") == -1.25


def test_files_that_are_gone_are_said_so(registry: Registry, training: Train) -> None:
    version = registry.log_run(training())
    folder = registry.fetch(version)
    folder.rename(folder.with_name("away"))
    with pytest.raises(BundleError, match="are gone"):
        registry.load(version)


def test_models_of_one_folder_do_not_mix(registry: Registry, training: Train, models: Path) -> None:
    registry.log_run(training())
    other = Registry.open(None, models, "o'ther")
    assert other.versions() == ()
    assert other.log_run(training()).version == "1"
    assert len(registry.versions()) == 1


def test_a_deleted_experiment_is_restored(registry: Registry, training: Train) -> None:
    registry.log_run(training())
    experiment = registry.client.get_experiment_by_name(COMPANY)
    assert experiment is not None
    registry.client.delete_experiment(experiment.experiment_id)
    assert registry.log_run(training()).version == "2"


def test_a_file_that_is_no_database_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="not a database") as caught:
        Registry.open(None, tmp_path, "essai")
    assert caught.value.todo


def test_a_foreign_database_is_a_store_error(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('0123456789ab')")
    connection.close()
    with pytest.raises(StoreError, match="0123456789ab"):
        Registry.open(f"sqlite:///{tmp_path / 'other.db'}", tmp_path, "essai")


def test_an_unreachable_database_hides_the_password(tmp_path: Path) -> None:
    uri = "postgresql://ana:hunter2@127.0.0.1:1/mlflow?password=hunter3"
    with pytest.raises(StoreError) as caught:
        Registry.open(uri, tmp_path, "essai")
    assert "127.0.0.1" in str(caught.value)
    assert "hunter" not in str(caught.value)
