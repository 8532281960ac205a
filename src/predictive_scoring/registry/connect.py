"""Reaching MLflow: quietly, without telemetry, and with an error one can act on."""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.config.secrets import masked, without_secrets
from predictive_scoring.errors import StoreError

if TYPE_CHECKING:
    from mlflow import MlflowClient

_DATABASE = re.compile(r"(sqlite|postgresql|mysql|mssql)(\+\w+)?:")
_ENVIRONMENT = {  # read by MLflow when it is imported or called; the user's own settings win
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",  # seconds, not minutes
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


def default_uri(models_folder: Path) -> str:
    """Return the URI of the SQLite database in the folder, with special characters escaped."""
    from sqlalchemy.engine import URL

    return URL.create("sqlite", database=str(models_folder / "mlflow.db")).render_as_string()


def is_database(uri: str) -> bool:
    """Tell whether MLflow's tables are reached directly, not through a server."""
    return _DATABASE.match(uri) is not None


def connect(uri: str) -> MlflowClient:
    """Open the tracking store and model registry at ``uri``, creating a database's tables.

    A new database takes some seconds. Raises StoreError when it cannot be reached.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with _quiet(), reaching(uri):
        if is_database(uri):
            _probe(uri)
        from mlflow import MlflowClient

        logging.getLogger("mlflow").setLevel(logging.WARNING)
        client = MlflowClient(tracking_uri=uri, registry_uri=uri)
        client.search_experiments(max_results=1)
        return client


@contextmanager
def reaching(uri: str) -> Iterator[None]:
    """Turn what MLflow, the database or the disk answers into a StoreError."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise _unreachable(uri, str(error)) from None
    except Exception as error:
        # By name, so that MLflow (seconds to import) is not needed to say that a disk is full.
        if type(error).__module__.partition(".")[0] not in ("mlflow", "alembic"):
            raise
        raise _unreachable(uri, str(error)) from None


def _unreachable(uri: str, answer: str) -> StoreError:
    first = without_secrets(answer.strip().partition("\n")[0], uri)
    return StoreError(
        f"the model registry {masked(uri)}: {first[:500]}",
        "an MLflow database or server that answers",
        "correct `registry.uri` (or `models`) in the configuration, or see to the server",
    )


def _probe(uri: str) -> None:
    """Touch the database's tables once: MLflow would try for minutes when it cannot."""
    from sqlalchemy import create_engine, inspect
    from sqlalchemy.pool import NullPool

    engine = create_engine(uri, poolclass=NullPool)
    try:
        inspect(engine).get_table_names()
    finally:
        engine.dispose()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep MLflow's and Alembic's notes and deprecations, which say nothing to our users, away."""
    logger = logging.getLogger("alembic")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        disabled = logging.root.manager.disable
        logging.disable(max(disabled, logging.INFO))
        try:
            yield
        finally:
            logging.disable(disabled)
            logger.setLevel(level)
