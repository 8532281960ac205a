from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from predictive_scoring.errors import BundleError, StoreError
from predictive_scoring.registry import Registry, TrainingRun, bundle_digest
from predictive_scoring.registry.fetch import fetch

Train = Callable[..., TrainingRun]


def test_a_remote_bundle_is_downloaded_once(
    registry: Registry, training: Train, models: Path
) -> None:
    version = registry.log_run(training())
    remote = replace(version, source=f"runs:/{version.run_id}/bundle")
    folder = fetch(remote, models, registry.uri)
    assert folder == models / "fetched" / version.bundle_digest
    assert bundle_digest(folder) == version.bundle_digest
    assert [f.name for f in folder.parent.iterdir()] == [version.bundle_digest]
    gone = replace(remote, source="runs:/gone/bundle")
    assert fetch(gone, models, registry.uri) == folder


def test_a_remote_bundle_that_is_not_given_is_an_error(
    registry: Registry, training: Train, models: Path
) -> None:
    version = registry.log_run(training())
    with pytest.raises(StoreError):
        fetch(replace(version, source="runs:/gone/bundle"), models, registry.uri)
    assert list((models / "fetched").iterdir()) == []


def test_a_damaged_copy_is_downloaded_again(
    registry: Registry, training: Train, models: Path
) -> None:
    version = registry.log_run(training())
    remote = replace(version, source=f"runs:/{version.run_id}/bundle")
    (fetch(remote, models, registry.uri) / "model.json").write_text("{}")
    assert registry.load(remote) == registry.load(version)


def test_a_remote_bundle_that_is_damaged_is_refused(registry: Registry, training: Train) -> None:
    version = registry.log_run(training())
    (registry.fetch(version) / "model.json").write_text("{}")
    with pytest.raises(BundleError):
        registry.load(replace(version, source=f"runs:/{version.run_id}/bundle"))
