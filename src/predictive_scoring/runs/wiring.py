"""From a configuration to concrete parts: a workspace, an extract, a registry."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import UsageError

if TYPE_CHECKING:
    import duckdb

    from predictive_scoring.config import Config
    from predictive_scoring.registry import Registry

Progress = Callable[[str, float | None], None]
"""Told the phase a run is in and, where known, which share (0 to 1) of it is done."""

WORKSPACE_MEMORY = "750MB"
"""What DuckDB may hold in memory; beyond it, it spills to the workspace's folder on disk."""


def silent(phase: str, share: float | None = None) -> None:
    """Progress that nobody wants to see."""


def reading(progress: Progress) -> Callable[[str], None]:
    """Hear what a source says ("leads: 10,000 records of leads.csv") as one phase a table."""
    return lambda what: progress(f"reading {what.partition(':')[0]}", None)


@contextmanager
def workspace() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty DuckDB database on disk, gone when the run ends; its clock is UTC."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="predictive-scoring-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": WORKSPACE_MEMORY,
            "temp_directory": str(Path(folder) / "spill"),
            "storage_compatibility_version": "latest",  # only this run reads it
        }
        connection = duckdb.connect(str(Path(folder) / "workspace.duckdb"), config=settings)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            # Jupyter without ipywidgets has no bar to switch off, and refuses the setting.
            with suppress(duckdb.InvalidInputException):
                connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


def slug(company: str) -> str:
    """A company's name as letters, digits and hyphens, for names of models and files."""
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "company"


def write_page(content: str | bytes, file: Path) -> Path:
    """Write a page for people; raises UsageError when it cannot be written there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror})",
            "a folder that can be written to",
            "correct `reports` in the configuration, or name another file",
        ) from None
    return file


def open_registry(config: Config) -> Registry:
    """The registry that the configuration names."""
    from predictive_scoring.registry import Registry

    name = config.registry.name or slug(config.company)
    return Registry.open(config.registry.uri, config.path(config.models), name)
