"""Bringing a version's files to a local folder."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

from predictive_scoring.errors import BundleError
from predictive_scoring.registry.bundle import bundle_digest
from predictive_scoring.registry.connect import reaching
from predictive_scoring.registry.training_run import BUNDLE
from predictive_scoring.registry.versions import ModelVersion


def fetch(version: ModelVersion, models_folder: Path, uri: str) -> Path:
    """Return a local folder with the version's bundle, downloaded where it is remote.

    Nothing is checked here: reading the bundle does that. Raises BundleError when the files are
    gone, StoreError when the server does not give them.
    """
    parsed = urlparse(version.source)
    if parsed.scheme != "file":
        return _download(version, models_folder / "fetched", uri)
    registered = Path(url2pathname(parsed.path))
    moved = models_folder / "artifacts" / version.run_id / "artifacts" / BUNDLE
    for folder in (moved, registered):  # a models folder may have been moved or copied as a whole
        if folder.is_dir():
            return folder
    raise BundleError(
        f"the files of version {version.version} are gone: {registered}",
        "the folder that its training wrote",
        "restore it, roll back (predictive-scoring models rollback), or train again",
    )


def _download(version: ModelVersion, cache: Path, uri: str) -> Path:
    """Download once, and again when what was kept is damaged; named after its digest."""
    from mlflow.artifacts import download_artifacts

    folder = cache / version.bundle_digest
    if _intact(folder):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    with reaching(uri):
        cache.mkdir(parents=True, exist_ok=True)
        partial = tempfile.mkdtemp(dir=cache)
        try:
            got = download_artifacts(
                artifact_uri=version.source, dst_path=partial, tracking_uri=uri
            )
            with contextlib.suppress(OSError):  # another run was quicker
                Path(got).rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


def _intact(folder: Path) -> bool:
    try:
        return bundle_digest(folder) == folder.name
    except BundleError:
        return False
